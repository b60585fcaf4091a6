"""Answers to opinions: one row a claim, and the rest set aside with its reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from pipeline.claims import split_claims
from pipeline.kinds import classify_kind
from pipeline.nonanswers import reason_for_silence
from pipeline.normalize import digest
from pipeline.privacy import (
    blank,
    clipped,
    find_personal,
    mask,
    names_in,
    with_hidden,
    with_names,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pipeline.privacy import Hidden, PersonalSpan

STAGE = "opinions"

BROUGHT_BACK = "A"
"""Mark in the id of an opinion that a reviewer brought back: ``O…-A01``."""


@dataclass(frozen=True)
class Corrections:
    """What reviewers decided before an answer is split.

    Attributes
    ----------
    restored
        Pieces that are opinions after all: answer, first and last character.
    hidden
        Digest of an opinion's text as it is masked where nothing is public
        (:func:`text_key`) → what is hidden in it, too.
    public
        Strings that are not personal, whatever they look like: names of places and the like.
    """

    restored: frozenset[tuple[str, int, int]] = frozenset()
    hidden: Mapping[str, Hidden] = field(default_factory=dict)
    public: frozenset[str] = frozenset()


def text_key(text: str) -> str:
    """Digest under which the opinions of one text are found again."""
    return digest(text)


@dataclass(frozen=True)
class Opinions:
    """What an answer table becomes.

    Attributes
    ----------
    table
        ``opinion_id, answer_id, start, end, text, kind, question, source_kind,
        respondent_id``, sorted by opinion_id; `text` and `question` are masked.
    analysed
        For every row the text that may be analysed: as long as the raw slice,
        people blanked.
    set_aside
        The declared columns of the table of that name.
    restored
        Piece that was brought back (answer, first and last character) → its opinions.
    hidden
        Opinion in which a reviewer hid something → digest of its text before that.
    names
        Names that some answer tells to be ones; they are masked in all others, too.
    """

    table: pd.DataFrame
    analysed: list[str]
    set_aside: pd.DataFrame
    restored: dict[tuple[str, int, int], list[str]]
    hidden: dict[str, str]
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Finder:
    """What points at a person in a text, found by the machine and left by reviewers."""

    known: Mapping[str, Sequence[PersonalSpan]]
    public: frozenset[str]
    names: frozenset[str]

    def found(self, text: str) -> Sequence[PersonalSpan]:
        return self.known[text]

    def left(self, text: str) -> Sequence[PersonalSpan]:
        found = self.found(text)
        # To declare a string public only takes masks away: where there is none, there is none.
        own = find_personal(text, self.public) if found and self.public else found
        return with_names(text, own, self.names, self.public)


class _Claim(NamedTuple):
    """A part of an answer; ``mark`` is how it is numbered, empty: by its place."""

    start: int
    end: int
    mark: str = ""
    piece: tuple[str, int, int] | None = None


def make_opinions(
    answers: pd.DataFrame,
    skip: frozenset[str] = frozenset(),
    advance: Callable[[], object] = lambda: None,
    corrections: Corrections | None = None,
    personal: Mapping[str, Sequence[PersonalSpan]] | None = None,
) -> Opinions:
    """Split answers into opinions.

    Parameters
    ----------
    answers
        The table of answers.
    skip
        Answers that were set aside when they were read.
    advance
        Called once an answer, for a progress bar.
    corrections
        What reviewers brought back, hid or declared public.
    personal
        Text → what points at a person in it, where that was looked for already.

    Returns
    -------
    Opinions
        Every answer outside `skip` has at least one row in ``table`` or in
        ``set_aside``. An answer that says nothing at all is set aside as a whole;
        beside real claims, only the claims that say nothing are.
    """
    corrections = corrections or Corrections()
    opinions: list[tuple[object, ...]] = []
    aside: list[tuple[object, ...]] = []
    restored: dict[tuple[str, int, int], list[str]] = {}
    hidden: dict[str, str] = {}
    texts = dict.fromkeys([*answers["question"], *answers["raw_text"]])
    known = {
        own: personal[own] if personal and own in personal else find_personal(own) for own in texts
    }
    names = names_in(known.items())
    finder = _Finder(known, corrections.public, names)
    columns = ["answer_id", "question", "source_kind", "respondent_id", "raw_text"]
    for answer in answers[columns].sort_values("answer_id").itertuples(index=False):
        answer_id, question, source_kind, respondent_id, raw = map(str, answer)
        advance()
        # What is hidden is known by the text as the machine masks it: declaring another word
        # public must not bring it to light again.
        found = finder.found(raw)
        left = finder.left(raw)
        named = with_names(raw, found, names) if corrections.hidden else found
        asked = mask(question, finder.left(question))
        said, silent = _split(answer_id, question, raw, corrections, skipped=answer_id in skip)
        for start, end, reason in silent:
            text = mask(raw[start:end], clipped(left, start, end))
            aside.append((answer_id, start, end, STAGE, reason, text))
        n_numbered = sum(not claim.mark for claim in said)
        digits = max(2, len(str(n_numbered)))  # ids of one answer sort as it was written
        number = 0
        for claim in said:
            number += not claim.mark
            opinion_id = f"O{answer_id[1:]}-{claim.mark or f'{number:0{digits}d}'}"
            text = raw[claim.start : claim.end]
            people, key = _people(
                text,
                clipped(left, claim.start, claim.end),
                (clipped(found, *claim[:2]), clipped(named, *claim[:2])),
                corrections.hidden,
            )
            if key:
                hidden[opinion_id] = key
            if claim.piece is not None:
                restored.setdefault(claim.piece, []).append(opinion_id)
            opinions.append(
                (
                    opinion_id,
                    answer_id,
                    claim.start,
                    claim.end,
                    mask(text, people),
                    classify_kind(text, question),
                    asked,
                    source_kind,
                    respondent_id,
                    blank(text, people),
                )
            )
    frame = pd.DataFrame(
        opinions,
        columns=[
            "opinion_id", "answer_id", "start", "end", "text", "kind",
            "question", "source_kind", "respondent_id", "analysed",
        ],
    )  # fmt: skip
    frame = frame.sort_values("opinion_id", ignore_index=True)
    analysed = frame.pop("analysed").tolist()
    columns = ["answer_id", "start", "end", "stage", "reason", "text"]
    silent_ones = pd.DataFrame(aside, columns=columns)
    return Opinions(frame, analysed, silent_ones, restored, hidden, names)


def _split(
    answer_id: str, question: str, raw: str, corrections: Corrections, *, skipped: bool
) -> tuple[list[_Claim], list[tuple[int, int, str]]]:
    """Claims of an answer, and what says nothing, each with its reason."""
    whole = (answer_id, 0, len(raw))
    parts = split_claims(raw)
    if skipped:
        back = whole in corrections.restored
        return (list(_all_back(parts, whole)) if back else []), []
    claims = [(start, end, reason_for_silence(raw[start:end], question)) for start, end in parts]
    silent = [claim for claim in claims if claim[2]]
    if len(silent) == len(claims):
        if whole in corrections.restored:
            return list(_all_back(parts, whole)), []
        return [], [(0, len(raw), claims[0][2] if claims else reason_for_silence(raw))]
    said: list[_Claim] = []
    aside: list[tuple[int, int, str]] = []
    n_silent = 0
    for start, end, reason in claims:
        n_silent += bool(reason)
        piece = (answer_id, start, end)
        if not reason:
            said.append(_Claim(start, end))
        elif piece in corrections.restored:
            said.append(_Claim(start, end, f"{BROUGHT_BACK}{n_silent:02d}", piece))
        else:
            aside.append((start, end, reason))
    return said, aside


def _all_back(parts: list[tuple[int, int]], whole: tuple[str, int, int]) -> Iterator[_Claim]:
    """Every part of an answer that was brought back as a whole."""
    for number, (start, end) in enumerate(parts or [whole[1:]], start=1):
        yield _Claim(start, end, f"{BROUGHT_BACK}{number:02d}", whole)


def _people(
    text: str,
    people: list[PersonalSpan],
    readings: Sequence[list[PersonalSpan]],
    hidden: Mapping[str, Hidden],
) -> tuple[list[PersonalSpan], str]:
    """What is masked in an opinion, and its digest where a reviewer hid some of it.

    `readings` are what may have been masked when it was hidden: what is found in the answer
    itself, and, of a run that keeps no raw text, the names that other answers tell, too.
    """
    for found in readings if hidden else ():
        key = text_key(mask(text, found))
        if own := hidden.get(key):
            return with_hidden(people, own, len(text), found), key
    return people, ""
