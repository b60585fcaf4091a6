"""The ledger of a reading: every filled cell of every text column, and what becomes of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.answers import REASONS
from pipeline.findings import Finding
from pipeline.findings.files import BRING_BACK
from pipeline.opinions import make_opinions
from pipeline.privacy import LABEL, LABELS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.answers import AnswersResult
    from pipeline.study import Source, Study

MOST_READ_CLOSELY: Final = 3_000
"""Answers that are split into opinions to foresee what will be set aside; among more of them,
those whose ids come first, which are no more than hashes of what was written."""

NOTES: Final = "（文章の記録）"
"""What stands for the many headings of notes."""

_SPOKEN: Final = "進行役・事務局の発言"


class Place(NamedTuple):
    """A text column of a source, or all of its notes."""

    source_id: str
    question: str


@dataclass(frozen=True)
class Reckoning:
    """Counts of filled cells (and entries of notes).

    Attributes
    ----------
    filled
        Text column → its filled cells, in the order of the study.
    aside
        Text column → reason → cells that are set aside when they are read.
    n_closely
        Answers that were split into opinions to foresee the rest.
    silent
        Reason → those of them that say nothing, as a whole.
    personal
        Label → those of them in which something is masked under it.
    n_personal
        Those of them in which anything is masked.
    """

    filled: Mapping[Place, int]
    aside: Mapping[Place, Mapping[str, int]]
    n_closely: int
    silent: Mapping[str, int]
    personal: Mapping[str, int]
    n_personal: int

    @property
    def n_filled(self) -> int:
        """Filled cells in all."""
        return sum(self.filled.values())

    @property
    def n_read(self) -> int:
        """Filled cells that are not set aside when they are read."""
        return self.n_filled - sum(self.by_reason.values())

    @property
    def by_reason(self) -> dict[str, int]:
        """Reason → cells that are set aside when they are read."""
        counted: Counter[str] = Counter()
        for reasons in self.aside.values():
            counted.update(reasons)
        order = list(REASONS.values())
        known = [reason for reason in order if reason in counted]
        return {own: counted[own] for own in [*known, *sorted(set(counted) - set(order))]}


def file_of(source: Source) -> str:
    """Name of a source's file, without the place where it lies."""
    return PurePath(source.file).name


def reckon(study: Study, read: AnswersResult) -> Reckoning:
    """Count what was read, and foresee what will be said and masked.

    Parameters
    ----------
    study
        A completed study.
    read
        Its answers.
    """
    answers = read.answers
    columns = {source.id: source.text for source in study.sources}
    places = {
        answer_id: Place(source_id, question if columns.get(source_id) else NOTES)
        for answer_id, source_id, question in zip(
            answers["answer_id"], answers["source_id"], answers["question"], strict=True
        )
    }
    ranks = {source.id: number for number, source in enumerate(study.sources)}
    counted = Counter(places.values())

    def rank(own: Place) -> tuple[int, int, str]:
        # Of columns with one header each has a longer name, which ends in the header.
        names = columns.get(own.source_id, ())
        fits = [place for place, name in enumerate(names) if own.question.endswith(name)]
        return ranks[own.source_id], fits[0] if fits else len(names), own.question

    filled = {place: counted[place] for place in sorted(counted, key=rank)}
    aside: dict[Place, Counter[str]] = {place: Counter() for place in filled}
    for answer_id, reason in zip(
        read.set_aside["answer_id"], read.set_aside["reason"], strict=True
    ):
        aside[places[answer_id]][reason] += 1
    said = answers[~answers["answer_id"].isin(read.set_aside["answer_id"])]
    closely = said.sort_values("answer_id").head(MOST_READ_CLOSELY)
    split = make_opinions(closely, personal=read.personal)
    speaking = set(split.table["answer_id"])
    silent = split.set_aside[~split.set_aside["answer_id"].isin(speaking)]
    found: dict[str, set[str]] = {}
    for part in (split.table, split.set_aside):
        for answer_id, text in zip(part["answer_id"], part["text"], strict=True):
            if masks := LABEL.findall(text):
                found.setdefault(answer_id, set()).update(masks)
    labels = Counter(own[1:-1] for masks in found.values() for own in masks)
    return Reckoning(
        filled,
        aside,
        len(closely),
        dict(sorted(Counter(silent["reason"]).items(), key=lambda own: (-own[1], own[0]))),
        {label: labels[label] for label in LABELS if labels[label]},
        len(found),
    )


def reckoning_findings(study: Study, reckoning: Reckoning) -> list[Finding]:
    """What of the ledger a person should look at: words of those who lead a meeting."""
    files = {source.id: file_of(source) for source in study.sources}
    found = []
    for place, reasons in reckoning.aside.items():
        number = reasons.get(_SPOKEN, 0)
        if number and place.question != NOTES:  # of notes their reader tells it
            found.append(
                Finding(
                    files[place.source_id],
                    None,
                    _SPOKEN,
                    f"{number:,}件を対象外にします",
                    "住民の声ではなく、会議を進める人の発言と見ました。",
                    doubt=True,
                    remedy=BRING_BACK,
                    passes=True,
                )
            )
    return found
