"""What stands in every table of a run: columns, their types, units and meanings.

A column is declared here once. :mod:`pipeline.tables` makes Arrow schemas of it, which
hold names and types alone, and the reference for analysts (``docs/reference/tables.md``)
is written from it, so that a meaning is never stated twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXT: Final = pa.string()
COUNT: Final = pa.int64()
SHARE: Final = pa.float64()


class Column(NamedTuple):
    """One column.

    Attributes
    ----------
    type
        Of Arrow: :data:`TEXT`, :data:`COUNT` (never missing) or :data:`SHARE` (a number
        with decimals, of six places; may be missing).
    meaning
        In Japanese, as it stands in the reference; also what an empty cell means.
    unit
        Of a number: what is counted, or the range.
    later
        Runs of earlier versions do not have it: it is read as empty there, a count as 0.
    """

    type: pa.DataType
    meaning: str
    unit: str = ""
    later: bool = False


@dataclass(frozen=True)
class Table:
    """One table of a run.

    Attributes
    ----------
    row
        What one row is, in Japanese.
    keys
        Columns that it is sorted by; together they name a row.
    columns
        Name → column, in the order of the file.
    confidential
        Holds what residents wrote as they wrote it.
    """

    row: str
    keys: tuple[str, ...]
    columns: Mapping[str, Column]
    confidential: bool = False

    @property
    def schema(self) -> pa.Schema:
        """Names and types."""
        return pa.schema({name: column.type for name, column in self.columns.items()})


def _text(meaning: str, *, later: bool = False) -> Column:
    return Column(TEXT, meaning, later=later)


def _count(meaning: str, unit: str, *, later: bool = False) -> Column:
    return Column(COUNT, meaning, unit, later)


def _share(meaning: str, unit: str = "0〜1", *, later: bool = False) -> Column:
    return Column(SHARE, meaning, unit, later)


def _flag(meaning: str) -> Column:
    return Column(COUNT, meaning, "0か1")


_DISTINCT: Final = _count("同じ文面を一つと数えた意見の数", "件")
_RESPONDENTS: Final = _count("区別できる回答者の数", "人")

TABLES: Final[Mapping[str, Table]] = {
    "answers": Table(
        "1つのセル、または1つの発言。書かれたまま",
        ("answer_id",),
        {
            "answer_id": _text("回答の番号。中身から作るので、行を並べ替えても変わらない"),
            "source_id": _text("調査ファイルの id（資料の短い名前）"),
            "source_kind": _text("調査ファイルの kind（資料の種類）"),
            "file": _text("読んだファイルの名前"),
            "locator": _text("ファイルの中の場所。シートとセル、行、ページなど"),
            "question": _text("設問の文、または話し合いのテーマ"),
            "respondent_id": _text("回答者の番号。空は、だれか分からない発言"),
            "raw_text": _text("書かれたままの文。--no-raw を付けた実行では空"),
        },
        confidential=True,
    ),
    "opinions": Table(
        "1つの意見（回答を分けた、1つ1つの言いたいこと）",
        ("opinion_id",),
        {
            "opinion_id": _text("意見の番号。回答の番号に、何番目かを付けたもの"),
            "answer_id": _text("もとの回答の番号"),
            "start": _count("raw_text の何文字目から（0から数える）", "文字"),
            "end": _count("raw_text の何文字目の前まで", "文字"),
            "text": _text("raw_text のその部分。個人情報を伏せたもの"),
            "kind": _text(
                "種類。problem（問題）、request（要望）、praise（よい点）、other（その他）"
            ),
            "duplicate_of": _text("同じ文面の、はじめの意見の番号。空は、自分がはじめのもの"),
            "issue_id": _text("入った課題の番号。空は、どの課題にも入らなかった意見"),
            "machine_issue_id": _text("機械の案では、どの課題か"),
            "issue_strength": _share("課題の中心にどれだけ近いか（コサイン類似度）"),
            "goal_id": _text(
                "基本目標の番号。空は、どの目標でもないか、確かでないので人にまかせるもの"
            ),
            "machine_goal_id": _text("機械の案の基本目標。人が決めたあとも残る"),
            "goal_score": _share("目標の得点。規則と例文を合わせたもの", "おおよそ0〜1"),
            "goal_confidence": _share("機械の案（空も案の1つ）が合っている見込み"),
            "goal_id_2": _text("2つ目の目標。2つのことを言う意見に付く。半分ほどは外れる"),
            "measure_id": _text("施策の番号。空は、決まらないもの"),
            "assigned_by": _text(
                "目標を決めたもの。machine は機械、名前は人。空は、目標を付けていない意見"
            ),
            "withheld_goal_id": _text(
                "調査ファイルに goal_error があるとき、確かでないので付けなかった目標"
            ),
            "machine_goal_id_2": _text("機械の案の2つ目の目標"),
            "machine_measure_id": _text("機械の案の施策"),
            "machine_kind": _text("機械の案の種類"),
            "reviewed": _flag(
                "1は、その意見か、その課題について人が何かを決めたもの（対応区分とコメントは数えない）"
            ),
            "hidden": _flag("1は、人が個人情報を伏せたもの"),
            "restored": _flag("1は、取り上げなかったものから人が戻したもの"),
            "comment": _text("確認した人のコメント"),
            "response": _text(
                "対応区分（反映、記載済み、今後の参考、対象外）。意見か、その課題のもの", later=True
            ),
            "addressed_id": _text("書いた人や資料が示した該当箇所。目標か施策の番号", later=True),
        },
    ),
    "issues": Table(
        "1つの課題。人の判断を反映したあとのもの",
        ("issue_id",),
        {
            "issue_id": _text("課題の番号"),
            "group_id": _text("課題群の番号"),
            "title": _text("課題の題。意見の中の言葉か、概念辞書の見出しか、人が付けた題"),
            "words": _text("その課題によく出る語。「、」で区切る"),
            "n_opinions": _count("その課題に入った意見の数", "件"),
            "n_distinct": _DISTINCT,
            "n_respondents": _RESPONDENTS,
            "stability": _share(
                "意見の2割を抜いて20回作り直しても、同じ課題ができるか。空は、人がまとめた課題"
            ),
            "cohesion": _share("意見どうしがどれだけ似ているか（0〜1）"),
            "representative_opinion_ids": _text("代表的な声の意見番号。よいものから、空白で区切る"),
            "goal_id": _text("基本目標の番号。空は、どの目標でもないか、決まらないもの"),
            "machine_goal_id": _text("機械の案の基本目標"),
            "goal_confidence": _share("機械の案（空も案の1つ）が合っている見込み"),
            "goal_id_2": _text("2つ目の目標"),
            "measure_id": _text("施策の番号"),
            "assigned_by": _text(
                "目標を決めたもの。machine は機械、名前は人、"
                "「意見の判断」は意見への判断で変わったもの"
            ),
            "headings": _text(
                "概念辞書の見出し。「、」で区切る。空は、辞書にない話題か人が作った課題"
            ),
            "stability_word": _text(
                "安定、やや不安定、不安定。人がまとめた課題では「人がまとめた」"
            ),
            "goal_share": _share("意見のうち、課題と同じ目標のものの割合"),
            "goal_counts": _text(
                "目標ごとの意見の数、多い順。1:10 0:5 は、目標1が10件、目標なしが5件"
            ),
            "to_split": _flag("1は、2つの目標の意見がどちらも3割以上あり、分けることを考えるもの"),
            "machine_title": _text("機械の案の題。空は、人が作った課題"),
            "machine_goal_id_2": _text("機械の案の2つ目の目標"),
            "machine_measure_id": _text("機械の案の施策"),
            "status": _text("判定（採用、保留、却下）。空は、まだ見ていない課題"),
            "reviewed_by": _text("その課題について最後に決めた人"),
            "n_reviewed": _count("その課題の意見のうち、人が確認したものの数", "件"),
            "comment": _text("確認した人のコメント"),
            "response": _text(
                "その課題のパブリックコメントへの対応区分。空は、まだ決めていない", later=True
            ),
        },
    ),
    "machine_issues": Table(
        "機械が作った1つの課題と、人の判断でどうなったか",
        ("issue_id",),
        {
            "issue_id": _text("課題の番号"),
            "title": _text("機械の付けた題"),
            "words": _text("その課題によく出る語。「、」で区切る"),
            "n_opinions": _count("機械の案で入っていた意見の数", "件"),
            "n_distinct": _DISTINCT,
            "headings": _text("概念辞書の見出し。「、」で区切る"),
            "outcome": _text(
                "kept（そのまま）、changed（意見が移った）、merged（統合された）、emptied（空になった）"
            ),
            "merged_into": _text("統合された先の課題の番号"),
        },
    ),
    "groups": Table(
        "1つの課題群（近い課題を集めたもの）",
        ("group_id",),
        {
            "group_id": _text("課題群の番号"),
            "title": _text("課題群の名前"),
            "words": _text("その課題群によく出る語。「、」で区切る"),
            "n_issues": _count("課題の数", "件"),
            "n_opinions": _count("意見の数", "件"),
            "n_respondents": _RESPONDENTS,
        },
    ),
    "concepts": Table(
        "1つの意見で見つかった、概念辞書の1つの言葉",
        ("opinion_id", "spans", "field", "heading", "facet", "term"),
        {
            "opinion_id": _text("意見の番号"),
            "field": _text("分野（辞書の1段目）"),
            "heading": _text("見出し（2段目）"),
            "facet": _text("細目（3段目）。空は、見出しまで"),
            "term": _text("当たった言葉。辞書に書かれたとおり"),
            "spans": _text("raw_text の中の場所。[[始め, 終わり], …] の形（JSON）"),
            "weight": _share("話題を選ぶときの重み", "0以上"),
            "is_topic": _flag("1は、この見出しがその意見の話題になったもの"),
        },
    ),
    "suggested_concepts": Table(
        "概念辞書にない話題から作られた1つの課題。辞書に加える候補",
        ("issue_id",),
        {
            "issue_id": _text("課題の番号"),
            "name": _text("話題の名前の案"),
            "terms": _text("辞書に加える言葉の案。「、」で区切る"),
            "n_opinions": _count("その課題の意見の数", "件"),
            "example": _text("その課題の声の例。個人情報を伏せたもの"),
        },
    ),
    "goal_links": Table(
        "意見か課題1つと、基本目標1つの結びつき。選ばれなかった目標のうち強いものも",
        ("target_id", "goal_id", "measure_id"),
        {
            "target_id": _text("意見の番号（O…）か、課題の番号（I…）"),
            "goal_id": _text("基本目標の番号。空は、どの目標でもない"),
            "measure_id": _text("施策の番号"),
            "score": _share(
                "目標の得点。意見では規則と例文を合わせたもの、課題では、その目標の意見の割合",
                "おおよそ0〜1",
            ),
            "evidence": _text(
                "根拠（JSON の並び）。word は言葉、start と end は場所、weight は重み、"
                "source は手がかりの種類、rule は規則などの名前、n は課題の中で当てはまる意見の数"
            ),
        },
    ),
    "measures": Table(
        "計画の1つの施策。声のない施策も",
        ("measure_id",),
        {
            "goal_id": _text("基本目標の番号"),
            "measure_id": _text("施策の番号"),
            "name": _text("施策の名前。計画のとおり"),
            "sdgs": _text("計画に書かれた SDGs の番号。「、」で区切る"),
            "sdg_names": _text("その名前。同じ順"),
            "suggested_sdgs": _text("施策の言葉から思いつく SDGs の番号。計画のものではない"),
            "suggestion_evidence": _text("その手がかり（JSON）。sdg、name、words、score"),
            "n_opinions": _count("その施策に結びついた意見の数", "件"),
            "n_distinct": _DISTINCT,
            "n_issues": _count("その施策に結びついた課題の数", "件"),
            "n_respondents": _RESPONDENTS,
        },
    ),
    "action_links": Table(
        "1つの意見がふれた、計画の1つの取り組み",
        ("opinion_id", "action_id"),
        {
            "opinion_id": _text("意見の番号"),
            "action_id": _text("取り組みの番号"),
            "score": _share("共通する言葉の重みの合計", "0以上"),
            "words": _text("手がかりになった、意見の中の言葉。「、」で区切る"),
        },
    ),
    "actions": Table(
        "計画の1つの取り組み（アクションプランの行）。声のない取り組みも",
        ("action_id",),
        {
            "action_id": _text("取り組みの番号"),
            "goal_id": _text("基本目標の番号"),
            "measure_id": _text("施策の番号。空は、目標の下にあり施策に入らない取り組み"),
            "text": _text("取り組みの文。計画のとおり"),
            "status": _text("区分（新規、継続など）。計画のとおり"),
            "n_opinions": _count("その取り組みにふれた意見の数", "件"),
            "n_distinct": _DISTINCT,
            "n_respondents": _RESPONDENTS,
            "words": _text("手がかりになった言葉。多い順に「、」で区切る"),
        },
    ),
    "treatments": Table(
        "1つの課題への、次の計画の提案と、そのわけ",
        ("issue_id",),
        {
            "issue_id": _text("課題の番号"),
            "treatment": _text("新規、充実・強化、継続。空は、提案なし"),
            "rule": _text("そう考えた理由。数を入れた1つの文"),
            "action_ids": _text("その課題の意見がふれた取り組みの番号。多い順に空白で区切る"),
            "measure_id": _text("施策の番号"),
            "n_problem": _count("種類が「問題」の意見の数", "件"),
            "n_request": _count("種類が「要望」の意見の数", "件"),
            "n_praise": _count("種類が「よい点」の意見の数", "件"),
            "n_other": _count("種類が「その他」の意見の数", "件"),
        },
    ),
    "words": Table(
        "多くの意見に出てくる1つの言葉",
        ("word",),
        {
            "word": _text("書き方をそろえた形（正規形）"),
            "shown": _text("いちばん多い書き方"),
            "pos": _text("品詞。名詞、動詞、形容詞、形容動詞"),
            "n_opinions": _count("その言葉を使った意見の数", "件"),
            "n_distinct": _DISTINCT,
            "n_respondents": _RESPONDENTS,
        },
    ),
    "word_links": Table(
        "同じ意見に一緒に出てくる2つの言葉",
        ("word_1", "word_2"),
        {
            "word_1": _text("1つ目の言葉（文字コードの順で先のほう）"),
            "word_2": _text("2つ目の言葉"),
            "n_opinions": _count("両方を使った意見の数", "件"),
            "n_distinct": _DISTINCT,
            "n_respondents": _RESPONDENTS,
            "jaccard": _share("どちらかを使った意見のうち、両方を使ったものの割合（Jaccard 係数）"),
            "npmi": _share("偶然より一緒に出やすいか（正規化した自己相互情報量）", "-1〜1"),
        },
    ),
    "layout": Table(
        "意見の地図の上の、1つの課題（島）か意見（点）。見るための図で、分析には使えない",
        ("target_id",),
        {
            "target_id": _text("課題の番号か、意見の番号"),
            "x": _share("横の位置。右へ大きくなる", "0〜1000"),
            "y": _share("縦の位置。下へ大きくなる", "0〜900"),
            "radius": _share("島の半径。意見は0", "0以上"),
        },
    ),
    "near_issues": Table(
        "1つの課題と、話の近い課題。3つまで",
        ("issue_id", "near_issue_id"),
        {
            "issue_id": _text("課題の番号"),
            "near_issue_id": _text("近い課題の番号"),
            "similarity": _share("課題の中心どうしの近さ（コサイン類似度）"),
        },
    ),
    "lessons": Table(
        "人の判断によって目標が動いた、ほかの意見と、もとになった判断",
        ("opinion_id", "decision_id"),
        {
            "opinion_id": _text("動いた意見の番号"),
            "goal_id_before": _text("規則と例文だけで決めたときの目標"),
            "goal_id_after": _text("判断をいかしたあとの目標"),
            "decision_id": _text("もとになった判断の番号"),
            "effect": _share(
                "新しい目標に加わった票から、前の目標に加わった票を引いたもの", "実数"
            ),
        },
    ),
    "applied_decisions": Table(
        "この実行のときにあった、人の1つの判断",
        ("decision_id",),
        {
            "decision_id": _text("判断の番号"),
            "target_id": _text("どの意見・課題への判断か"),
            "field": _text("何を決めたか"),
            "value_seen": _text("決めたときに出ていた値"),
            "value": _text("決めた値"),
            "reviewer": _text("決めた人"),
            "decided_at": _text("決めた日時"),
            "reason": _text("なぜか"),
            "run_id": _text("決めた人が見ていた実行の番号"),
            "text": _text("そのときの声。1行に1つ。個人情報を伏せたもの"),
            "applied_to": _text("この実行で当てはめた意見か課題の番号。空は、見つからなかったもの"),
            "stands": _flag("0は、当てはめられなかったか、あとの判断に替わったもの"),
            "why_not": _text("当てはめられなかったわけ。空は、当てはめたか、替わったもの"),
        },
    ),
    "comparison": Table(
        "前回か今回の1つの課題と、その変化。前回を指定しない実行では空",
        ("issue_id", "previous_issue_id"),
        {
            "issue_id": _text("今回の課題の番号。空は、今回はない課題"),
            "previous_issue_id": _text("前回の課題の番号。空は、前回はない課題"),
            "title": _text("今回の題"),
            "previous_title": _text("前回の題"),
            "change": _text("新規、拡大、継続、縮小、解消、今回のみ、前回のみ、含まれる"),
            "n_respondents": _count("今回、その課題を述べた数", "unit の列"),
            "n_base": _count("今回の全体の数", "unit の列"),
            "share": _share("今回の割合"),
            "share_low": _share("その95%区間の下"),
            "share_high": _share("その95%区間の上"),
            "previous_n_respondents": _count("前回、その課題を述べた数", "unit の列"),
            "previous_n_base": _count("前回の全体の数", "unit の列"),
            "previous_share": _share("前回の割合"),
            "previous_share_low": _share("その95%区間の下"),
            "previous_share_high": _share("その95%区間の上"),
            "difference": _share("今回の割合から前回の割合を引いたもの", "-1〜1"),
            "difference_low": _share("その95%区間の下", "-1〜1"),
            "difference_high": _share("その95%区間の上", "-1〜1"),
            "p_value": _share("差がないとしたとき、これ以上の差が偶然に出る確率。空は、検定なし"),
            "p_adjusted": _share("課題の数に合わせて補正した p 値"),
            "likeness": _share("前回の課題とどれだけ似ているか"),
            "unit": _text("何を数えたか。人か件"),
            "note": _text("読むときの注意"),
            "status": _text("今回の課題の判定。今回はない課題では、前回の判定", later=True),
        },
    ),
    "set_aside": Table(
        "取り上げなかったもの1つと、その理由",
        ("answer_id", "start", "end"),
        {
            "answer_id": _text("もとの回答の番号"),
            "start": _count("その回答の何文字目から（0から数える）", "文字"),
            "end": _count("その回答の何文字目の前まで", "文字"),
            "stage": _text("どこで分けたか。answers は読み込み、opinions は意見の切り出し"),
            "reason": _text("取り上げなかった理由"),
            "text": _text("その文。個人情報を伏せたもの"),
        },
    ),
}
"""Every table of a run, in the order in which people are told of them."""
