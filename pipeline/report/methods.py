"""Manifest → how the result was made, in sentences whose every figure is the manifest's.

A manifest of a later version may hold more and an older one less: what is not
there is not claimed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.privacy import find_personal, mask
from pipeline.wording import MASKED_NOTE, clean, count, percent

MEASURED_PLAN = "nishitokyo-4"
"""Plan whose rules and examples the figures of :data:`MEASURED` belong to."""

MEASURED = {"labelled": 310, "linked": 198, "right": 161, "high": 89, "others": 67}
"""Labelled opinions, those that were given a goal, those of them whose goal was right; and the
right ones in a hundred of those with a high confidence and of the others. To be measured again
with ``tests/benchmarks/goals_gold.py`` when rules, examples or model change."""

UNSEEN = {"labelled": 710, "right": 75}
"""The same, in a hundred, on opinions that hardly anybody looked at when the rules were written
(``DECISIONS.md``, 22)."""

_LABELS: dict[str, str] = {
    "issues": "課題の数の指定",
    "max_issues": "課題の数の上限",
    "goal_error": "目標の誤りの上限",
    "raw_text": "回答の原文を結果の表に残す",
    "publication_threshold": "示す人数の下限",
    "publication_sensitive_threshold": "示す人数の下限（配慮のいる項目と課題）",
    "publication_sensitive": "配慮のいるものとして加えた項目と課題",
    "publication_not_sensitive": "配慮のいらないものとした項目と課題",
    "n_distinct": "異なる文面の数",
    "n_fit": "課題を作るのに使った文面の数",
    "n_groups": "できた課題群の数",
    "n_issues": "できた課題の数",
    "n_alone": "どの課題にも入らなかった文面の数",
    "n_topic_known": "辞書から話題の分かった文面の数",
    "n_by_headings": "辞書の見出しで課題になった文面の数",
    "n_issues_by_headings": "辞書の見出しからできた課題の数",
    "encoder": "文章のモデル",
    "dimensions": "文面を比べる数値の列の長さ",
    "silhouette": "課題どうしの分かれ方（-1〜1）",
    "threshold": "まとまりに入れる近さの下限",
    "seed": "乱数の種",
    "python": "Python",
    "sudachipy": "SudachiPy（単語の切り出し）",
    "sudachidict_core": "SudachiDict（単語の辞書）",
    "sudachidict-core": "SudachiDict（単語の辞書）",
    "scikit-learn": "scikit-learn（まとまりの計算）",
}


@dataclass(frozen=True)
class FileRow:
    """One file and its fingerprint; ``note`` is its size or number of rows."""

    file: str
    sha256: str
    note: str


@dataclass(frozen=True)
class Methods:
    """How the result was made, in sentences and in tables."""

    run_id: str
    version: str
    paragraphs: tuple[str, ...]
    confidence: tuple[str, ...]
    parameters: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, str], ...]
    inputs: tuple[FileRow, ...]
    dictionaries: tuple[FileRow, ...]
    results: tuple[FileRow, ...]


def build_methods(
    manifest: Mapping[str, object], fallback: Mapping[str, int], plan_id: str
) -> Methods:
    """Read a manifest for the annex of the report.

    Parameters
    ----------
    manifest
        As saved in ``manifest.json``; unknown keys are passed over.
    fallback
        Row ledger counted from the tables, for what the manifest's lacks.
    plan_id
        Plan that opinions were linked to.
    """
    method = {**_mapping(manifest.get("notes")), **_mapping(manifest.get("method"))}
    versions = _mapping(manifest.get("versions"))
    ledger = {**fallback, **read_ledger(manifest)}
    inputs = _files(manifest.get("inputs"))
    version = clean(str(manifest.get("kadai_version", "")))
    return Methods(
        run_id=clean(str(manifest.get("run_id", ""))),
        version=version,
        paragraphs=(
            *_paragraphs(version, len(inputs), ledger, method, versions),
            *_publication(_mapping(manifest.get("parameters"))),
        ),
        confidence=tuple(_confidence(plan_id)),
        parameters=_pairs({**_mapping(manifest.get("parameters")), **method}),
        versions=_pairs(versions),
        inputs=inputs,
        dictionaries=_files(manifest.get("dictionaries")),
        results=_results(manifest.get("tables")),
    )


def read_ledger(manifest: Mapping[str, object]) -> dict[str, int]:
    """Row ledger of a manifest, as far as it is there."""
    ledger = _mapping(manifest.get("ledger"))
    return {name: value for name, value in ledger.items() if isinstance(value, int)}


def _paragraphs(
    version: str,
    n_files: int,
    ledger: Mapping[str, int],
    method: Mapping[str, object],
    versions: Mapping[str, object],
) -> Iterable[str]:
    files = f"{count(n_files)}個のファイルから" if n_files else ""
    yield (
        f"Kadai {version}".strip() + f" が、{files}回答{count(ledger['answers'])}件を読み込み、"
        f"そのうち{count(ledger['answers_with_opinions'])}件から意見"
        f"{count(ledger['opinions'])}件（異なる文面{count(ledger['distinct_opinions'])}件）を"
        "切り出しました。切り出した意見は書かれたとおりの言葉で、"
        "言い換えや要約はしていません。"
        f"{MASKED_NOTE}"
    )
    if sudachi := versions.get("sudachipy"):
        dictionary = versions.get("sudachidict_core") or versions.get("sudachidict-core")
        name = f"（辞書は SudachiDict {clean(str(dictionary))}）" if dictionary else ""
        yield f"文は SudachiPy {clean(str(sudachi))}{name}で単語に分けました。"
    yield _grouping(ledger["distinct_opinions"], method)
    yield (
        "課題の題は、その課題の意見に実際に出てくる言い回しで、全体を言い表すものがなければ概念辞書の見出しです。"
        "基本目標は、意見を一件ずつ、規則・話題・例文・計画の言葉に照らして結びつけました。"
        "課題の目標は、その意見の半分以上が向いている目標です（2つの目標に向いた意見は、1つ目に3分の2、2つ目に3分の1と数えます）。"
        "どの目標よりも「当てはまらない」見込みが大きいものは、無理に当てはめず"
        "「どの基本目標にも当てはまらない」としました。"
    )


def _publication(parameters: Mapping[str, object]) -> Iterable[str]:
    """Which counts of people are not shown."""
    least = parameters.get("publication_threshold")
    more = parameters.get("publication_sensitive_threshold")
    if isinstance(least, int) and isinstance(more, int):
        yield (
            f"属性ごとの表では、{count(least)}人に満たない数と、引き算で分かってしまう数を示していません。"
            "障害・病気・介護・生活の困りごとなど、とくに配慮のいる項目と課題では、"
            f"{count(max(least, more))}人に満たない数を示していません。"
        )


def _confidence(plan_id: str) -> Iterable[str]:
    """What the confidence means, and how far it can be trusted."""
    yield (
        "確信度は、そこに示した目標（目標がないものは「ない」こと）が正しい見込みで、0から1の数です。"
        "課題の確信度は、その目標に向いた意見の割合に、それらの意見の確信度の平均を掛けたものです。"
        "人が決めたものには、機械の確信度ではなく決めた人を示します。"
    )
    own = plan_id == MEASURED_PLAN
    yield (
        f"{'' if own else 'Kadai に付いている第四次西東京市地域福祉活動計画の規則での値です。'}"
        f"正しい目標の分かっている意見{count(MEASURED['labelled'])}件（手引きに沿って言語モデルが"
        "二度読み、目標を付けた見本）で確かめると、機械が目標を付けた"
        f"{count(MEASURED['linked'])}件のうち{count(MEASURED['right'])}件"
        f"（{percent(MEASURED['right'], MEASURED['linked'])}）が合っていました。"
        f"確信度が「高い」ものでは{MEASURED['high']}%、それ以外では{MEASURED['others']}%です。"
        "確信度と、実際に合っていた割合とのずれは、平均5ポイントほどでした。"
        f"ただし、規則はこの{count(MEASURED['labelled'])}件を見ながら直したものです。"
        f"規則を書くときにほとんど見ていない別の回答{count(UNSEEN['labelled'])}件では、"
        f"合っていたのは{UNSEEN['right']}%でした（確信度とのずれは、こちらも平均5ポイントほど）。"
        "地域や設問が変われば、これより下がることも上がることもあります。"
        + (
            ""
            if own
            else "この計画では測っていません。目標を付けた表があれば kadai evaluate で測れます。"
        )
    )


def _grouping(n_distinct: int, method: Mapping[str, object]) -> str:
    by_headings, known = method.get("n_by_headings"), method.get("n_topic_known")
    fitted = method.get("n_fit")
    if isinstance(by_headings, int) and by_headings:
        return (
            f"異なる文面{count(n_distinct)}件のうち{count(by_headings)}件は、概念辞書の言葉から話題が"
            "分かるので、その見出しで課題にまとめました。小さな見出しは同じ分野のものと一つにしました。"
            "残りは意見どうしの近さでまとめ、どれとも似ていない意見は課題に入れず、別に載せています。"
        )
    how = ""
    if isinstance(known, int):
        how = (
            f"異なる文面{count(n_distinct)}件のうち概念辞書から話題の分かるものは{count(known)}件で、"
            "半分に届かないので、辞書によらず"
        )
    if isinstance(fitted, int) and fitted < n_distinct:
        return how + (
            f"{count(fitted)}件から意見どうしの近さで課題のまとまりを作り、"
            "残りの文面はもっとも近いまとまりに加えました。"
        )
    return how + f"異なる文面{count(n_distinct)}件を、内容の近いものどうし課題にまとめました。"


def _mapping(value: object) -> dict[str, object]:
    return {str(key): item for key, item in value.items()} if isinstance(value, Mapping) else {}


def _pairs(values: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple((_LABELS.get(name, clean(name)), _plain(values[name])) for name in sorted(values))


def _plain(value: object) -> str:
    if value is None:
        return "自動"
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, int | str):
        return clean(str(value))
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list) and all(isinstance(own, str) for own in value):
        return clean("、".join(value)) or "なし"
    return clean(json.dumps(value, ensure_ascii=False, sort_keys=True, default=str))


def _without_people(name: str) -> str:
    """A name of a file, which may be called after whoever filled it in."""
    return mask(name, find_personal(name))


def _files(value: object) -> tuple[FileRow, ...]:
    rows = [_mapping(item) for item in value] if isinstance(value, list | tuple) else []
    return tuple(
        FileRow(
            clean(_without_people(str(row.get("file", "")))),
            clean(str(row.get("sha256", ""))),
            f"{count(size)} バイト" if isinstance(size := row.get("bytes"), int) else "",
        )
        for row in rows
    )


def _results(value: object) -> tuple[FileRow, ...]:
    tables = _mapping(value)
    return tuple(
        FileRow(
            clean(name),
            clean(str(row.get("sha256", ""))),
            f"{count(n_rows)} 行" if isinstance(n_rows := row.get("rows"), int) else "",
        )
        for name, row in ((name, _mapping(tables[name])) for name in sorted(tables))
    )
