"""The words and figures that a planner reads, the same in the report and the workbook."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass

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

NO_GOAL = "どの基本目標にも当てはまらない"

NONE_SHOWN = "―"

_STAGES: dict[str, str] = {
    "answers": "読み込み",
    "opinions": "意見の切り出し",
}

# XML 1.0 knows none of these, HTML only some; half of a surrogate pair is no character at all.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class EvidenceWord:
    """One reason for a goal: a word that matched, and how it was found.

    Attributes
    ----------
    source
        ``rule`` (a coding rule names the word), ``similarity`` (the word is near
        to the plan's wording), or empty where the link does not say.
    weight
        How much it counted, summed over all places where it stands.
    """

    word: str
    source: str
    weight: float

    @property
    def source_label(self) -> str:
        """How it was found, in Japanese."""
        return {"rule": "規則", "similarity": "近い言葉"}.get(self.source, "")


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


def stability_word(value: float) -> str:
    """Stability (安定度) in a word: 安定, やや不安定, 不安定.

    References
    ----------
    Hennig (2007), Cluster-wise assessment of cluster stability, CSDA 52(1): a mean
    Jaccard similarity of 0.75 and more is a valid, stable cluster; below 0.5 it
    dissolves.
    """
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


def evidence_words(evidence: str) -> tuple[EvidenceWord, ...]:
    """Read the evidence of a goal link: each word once, what counted most first.

    Parameters
    ----------
    evidence
        JSON list of objects with ``word``, ``weight`` and ``source``, or of plain
        words. Whatever cannot be understood is passed over: a report must not
        fail for want of a reason.
    """
    try:
        found = json.loads(evidence) if evidence else []
    except json.JSONDecodeError:
        return ()
    weights: dict[str, float] = {}
    sources: dict[str, str] = {}
    for item in found if isinstance(found, list) else [found]:
        entry = item if isinstance(item, dict) else {"word": item}
        word = entry.get("word") or entry.get("concept") or ""
        if not isinstance(word, str) or not word.strip():
            continue
        weight = entry.get("weight", 0.0)
        number = float(weight) if isinstance(weight, int | float) else 0.0
        name, source = clean(word.strip()), str(entry.get("source") or "")
        weights[name] = weights.get(name, 0.0) + (number if math.isfinite(number) else 0.0)
        # What a rule names stays a rule's, however near the word is to the plan besides.
        sources[name] = "rule" if "rule" in {source, sources.get(name)} else source
    # Summing in another order must not change the order of words.
    ranked = sorted(weights, key=lambda name: (-round(weights[name], 6), name))
    return tuple(EvidenceWord(name, sources[name], weights[name]) for name in ranked)
