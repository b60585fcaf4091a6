"""The words and figures that a planner reads, the same in the report and the workbook."""

from __future__ import annotations

import math
import re

from pipeline.plan import NO_GOAL as NO_GOAL_ID
from pipeline.study import KIND_LABELS

STABLE = 0.75
"""Stability from which an issue is called stable (安定)."""

DISSOLVING = 0.5
"""Stability below which it is called unstable (不安定)."""

CONFIDENCE_HIGH = 0.75
"""From here on a goal is called certain (高い): right in three of four cases or more."""

CONFIDENCE_MIDDLE = 0.5
"""Below this a goal is as likely wrong as right (低い); a person should look at it first."""

OPINION_KINDS: dict[str, str] = {
    "problem": "問題",
    "request": "要望",
    "praise": "よい点",
    "other": "その他",
}

ADOPTED = "採用"
HELD = "保留"
REJECTED = "却下"

ISSUE_STATUSES = (ADOPTED, HELD, REJECTED)
"""What a reviewer may make of an issue (判定)."""

RESPONSES = ("反映", "記載済み", "今後の参考", "対象外")
"""What a municipality answers to a public comment (対応区分): the plan is changed, it says so
already, it is kept for later, it is not the plan's matter."""

NEW, GROWN, KEPT, SHRUNK, GONE = "新規", "拡大", "継続", "縮小", "解消"
ONLY_NOW, ONLY_BEFORE, PART = "今回のみ", "前回のみ", "含まれる"

CHANGES: dict[str, str] = {
    NEW: "前回は似た声がなく、増えたといえる課題",
    GROWN: "前回より述べた人の割合が大きくなったといえる課題",
    SHRUNK: "前回より述べた人の割合が小さくなったといえる課題",
    GONE: "今回は似た声がなく、減ったといえる課題",
    KEPT: "前回も今回もあり、変わったとまではいえない課題（同じだという意味ではありません）",
    ONLY_NOW: "今回だけにまとまった課題。人数が少ないか、語の数しか比べられず、新しいとまではいえません",
    ONLY_BEFORE: "前回だけにまとまった課題。人数が少ないか、語の数しか比べられず、"
    "なくなったとまではいえません",
    PART: "もう一方では、ほかの課題の一部になっている課題。単独では、変わったとまではいえません",
}
"""What may have become of an issue since the run before, and what that means."""

SAME_VOICES = "前回と今回は、同じ回答から作った結果です。回答した人は同じです。"
"""Said where a run is compared with itself, or with another run of the same answers."""

BY_PEOPLE = "人がまとめた"
"""Stability of an issue that reviewers put together: there is nothing to resample."""

NO_GOAL = "どの基本目標にも当てはまらない"

MASKED_NOTE = (
    "名前、番地までの住所、電話番号、メールアドレスなど、人を示すものは、機械が見分けて伏せました。"
    "取りこぼしはあります。配る前に目を通してください。"
)
"""What the report and the papers say about what is masked."""

NONE_SHOWN = "―"

_STAGES: dict[str, str] = {
    "answers": "読み込み",
    "opinions": "意見の切り出し",
}

# XML 1.0 knows none of these, HTML only some; half of a surrogate pair is no character at all.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    r"""Text that every file format can hold: what is no character becomes ``U+FFFD``.

    Line ends become ``\n``; nothing else is changed.

    Examples
    --------
    >>> clean("a\r\nb\x00")
    'a\nb�'
    """
    return _ILLEGAL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def count(number: int) -> str:
    """Count with thousands separated, as ``1,234``."""
    return f"{number:,}"


def percent(part: int, whole: int) -> str:
    """Share of a whole in words that do not promise more than a small count holds.

    Examples
    --------
    >>> percent(1, 3), percent(0, 3), percent(1, 1000), percent(0, 0), percent(999, 1000)
    ('33%', '0%', '1%未満', '―', '99%超')
    """
    if whole == 0:
        return NONE_SHOWN
    if part == 0:
        return "0%"
    if part * 100 < whole:
        return "1%未満"
    if part < whole and part * 1000 >= whole * 995:
        return "99%超"
    return f"{math.floor(100 * part / whole + 0.5)}%"


def share(value: float) -> str:
    """Share between 0 and 1 with two decimals, a dash where there is none."""
    return NONE_SHOWN if math.isnan(value) else f"{value:.2f}"


def confidence_level(value: float) -> str:
    """``high``, ``middle``, ``low``, or ``none`` where no confidence was given."""
    if math.isnan(value):
        return "none"
    if value >= CONFIDENCE_HIGH:
        return "high"
    return "middle" if value >= CONFIDENCE_MIDDLE else "low"


def confidence_word(value: float) -> str:
    """Confidence (確信度) in a word: 高い, 中くらい, 低い."""
    level = confidence_level(value)
    return {"high": "高い", "middle": "中くらい", "low": "低い", "none": NONE_SHOWN}[level]


def confidence(value: float) -> str:
    """Confidence as word and figure; nothing that a program guesses is shown as certain.

    Examples
    --------
    >>> confidence(0.92), confidence(0.4), confidence(0.9999)
    ('高い 0.92', '低い 0.40', '高い 0.99')
    """
    if math.isnan(value):
        return NONE_SHOWN
    return f"{confidence_word(value)} {share(min(value, 0.99))}"


def is_person(assigned_by: str) -> bool:
    """Whether a person and not the program stands in ``assigned_by``."""
    return assigned_by not in {"machine", ""}


def stability_word(value: float) -> str:
    """Stability (安定度) in a word: 安定, やや不安定, 不安定.

    References
    ----------
    Hennig (2007), Cluster-wise assessment of cluster stability, CSDA 52(1): a mean
    Jaccard similarity of 0.75 and more is a valid, stable cluster; below 0.5 it
    dissolves.
    """
    if math.isnan(value):
        return BY_PEOPLE
    if value >= STABLE:
        return "安定"
    return "やや不安定" if value >= DISSOLVING else "不安定"


def source_kind(kind: str) -> str:
    """Name a kind of source as planners do."""
    return KIND_LABELS.get(kind, kind or "出どころ不明")


def opinion_kind(kind: str) -> str:
    """問題, 要望, よい点 or その他."""
    return OPINION_KINDS.get(kind, kind)


def stage(name: str) -> str:
    """Name of a stage as a planner would call it."""
    return _STAGES.get(name, name)


def goal_counts(counts: str) -> str:
    """Opinions under each goal as a planner reads them.

    Examples
    --------
    >>> goal_counts("1:10 6:8 0:5")
    '目標1 10件・目標6 8件・なし 5件'
    """
    parts = [part.split(":") for part in counts.split()]
    return "・".join(
        f"{'なし' if goal == NO_GOAL_ID else f'目標{goal}'} {number}件" for goal, number in parts
    )
