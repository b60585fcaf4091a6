"""Why a goal, as a planner reads it: the words of a goal link, each with its reasons."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pipeline.wording import clean, count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# What says most of a word's reason stands first.
_SOURCES: dict[str, str] = {
    "rule": "規則",
    "concept": "話題",
    "decision": "これまでの判断",
    "example": "例文",
    "similarity": "計画の言葉",
}

# These carry the name of something that a planner can look up and change.
_NAMED = {"rule", "concept"}

# Words that were learnt are pieces of a text: 引き and 受け are 引き受け.
_PIECES = {"example", "decision", "similarity"}


@dataclass(frozen=True)
class EvidenceReason:
    """Why a word counted.

    Attributes
    ----------
    source
        ``rule`` (a coding rule names the word), ``concept`` (the concept dictionary knows
        it), ``decision`` and ``example`` (it is like what was decided, or like the
        codebook's examples), ``similarity`` (it is like the plan's wording), or empty
        where the link does not say.
    rule
        Name of the rule or concept.
    weight
        How much the word counted for this reason, summed over all places.
    n
        Opinions of an issue in which it did; 0 in the evidence of one opinion.
    """

    source: str
    rule: str
    weight: float
    n: int = 0

    @property
    def label(self) -> str:
        """The reason in Japanese: 規則「町内会」7件; empty where it is not known."""
        kind = _SOURCES.get(self.source, "")
        named = f"{kind}「{self.rule}」" if self.source in _NAMED and self.rule else kind
        return f"{named}{count(self.n)}件" if named and self.n else named


@dataclass(frozen=True)
class EvidenceWord:
    """A word that counted for a goal.

    Attributes
    ----------
    weight
        How much it counted, together with the words inside it.
    reasons
        Why: of every source the heaviest reason, what says most first.
    """

    word: str
    weight: float
    reasons: tuple[EvidenceReason, ...]

    @property
    def label(self) -> str:
        """All its reasons in Japanese, empty where none is known."""
        return "・".join(label for reason in self.reasons if (label := reason.label))


def evidence_words(evidence: str) -> tuple[EvidenceWord, ...]:
    """Read the evidence of a goal link: each word once, what counted most first.

    Parameters
    ----------
    evidence
        JSON list of objects with ``word``, ``weight``, ``source`` and ``rule``, of an
        opinion also ``start`` and ``end``, of an issue also ``n``; or of plain words.
        Whatever cannot be understood is passed over: a report must not fail for want of
        a reason.

    Notes
    -----
    A word that stands inside another one (講座 in 養成講座) counts for that one, unless it
    speaks in more opinions than the longer one does. Pieces that follow each other are
    one word.
    """
    weights: dict[str, float] = {}
    reasons: dict[str, dict[tuple[str, str], EvidenceReason]] = {}
    for part in _joined(_parts(evidence)):
        weights[part.word] = weights.get(part.word, 0.0) + part.weight
        own = reasons.setdefault(part.word, {})
        before = own.get((part.source, part.rule), EvidenceReason(part.source, part.rule, 0.0))
        own[part.source, part.rule] = EvidenceReason(
            part.source, part.rule, before.weight + part.weight, max(before.n, part.n)
        )
    spread = {word: max(one.n for one in own.values()) for word, own in reasons.items()}
    total = dict.fromkeys(weights, 0.0)
    for word, weight in weights.items():
        total[_whole_word(word, spread)] += weight
    # Summing in another order must not change the order of words.
    ranked = sorted(total, key=lambda word: (-round(total[word], 6), word))
    return tuple(
        EvidenceWord(word, total[word], _best_of_each_source(reasons[word].values()))
        for word in ranked
        if _whole_word(word, spread) == word
    )


def evidence_line(words: Iterable[EvidenceWord]) -> str:
    """Words with their reasons in one line: 「町内会（規則「近所」・例文）、役員」."""
    return "、".join(f"{own.word}（{own.label}）" if own.label else own.word for own in words)


class _Part(NamedTuple):
    word: str
    source: str
    rule: str
    weight: float
    n: int
    start: int
    end: int


def _parts(evidence: str) -> Iterator[_Part]:
    try:
        found = json.loads(evidence) if evidence else []
    except json.JSONDecodeError:
        return
    for item in found if isinstance(found, list) else [found]:
        entry = item if isinstance(item, dict) else {"word": item}
        word = entry.get("word") or entry.get("concept") or ""
        if not isinstance(word, str) or not word.strip():
            continue
        weight = entry.get("weight", 0.0)
        number = float(weight) if isinstance(weight, int | float) else 0.0
        yield _Part(
            word=clean(word.strip()),
            source=str(entry.get("source") or ""),
            rule=clean(str(entry.get("rule") or "")),
            weight=number if math.isfinite(number) else 0.0,
            n=_whole_number(entry.get("n"), 0),
            start=_whole_number(entry.get("start"), -1),
            end=_whole_number(entry.get("end"), -1),
        )


def _whole_number(value: object, otherwise: int) -> int:
    return value if isinstance(value, int) and value >= 0 else otherwise


def _joined(parts: Iterable[_Part]) -> list[_Part]:
    """Pieces that touch and count for the same reason, as one."""
    ordered = sorted(parts, key=lambda part: (part.source, part.rule, part.start, part.end))
    found: list[_Part] = []
    for part in ordered:
        last = found[-1] if found else None
        if (
            last is not None
            and part.source in _PIECES
            and (last.source, last.rule) == (part.source, part.rule)
            and 0 <= last.end == part.start
        ):
            found[-1] = last._replace(
                word=last.word + part.word, weight=last.weight + part.weight, end=part.end
            )
        else:
            found.append(part)
    return found


def _whole_word(word: str, spread: Mapping[str, int]) -> str:
    """The longest word around this one that speaks in as many opinions."""
    around = (own for own in spread if word in own and spread[own] >= spread[word])
    return max(around, key=lambda own: (len(own), own))


def _best_of_each_source(reasons: Iterable[EvidenceReason]) -> tuple[EvidenceReason, ...]:
    best: dict[str, EvidenceReason] = {}
    for reason in sorted(reasons, key=lambda one: (-one.n, -round(one.weight, 6), one.rule)):
        best.setdefault(reason.source, reason)
    order = [*_SOURCES]
    return tuple(
        sorted(
            best.values(),
            key=lambda one: order.index(one.source) if one.source in order else len(order),
        )
    )
