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
    from collections.abc import Iterator, Mapping, Sequence

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


class Piece(NamedTuple):
    """A part of an answer: an opinion, or something that says nothing.

    Attributes
    ----------
    start, end
        Characters of the answer.
    number
        End of the opinion's id, ``01`` or ``A01``; empty where it is none.
    text
        As people read it, masked.
    kind
        :func:`pipeline.kinds.classify_kind`.
    analysed
        As long as the raw slice, people blanked.
    reason
        Why it is set aside; empty for an opinion.
    hidden
        Digest of its text before a reviewer hid something in it.
    restored
        What a person brought back, of which it is a part.
    """

    start: int
    end: int
    number: str
    text: str
    kind: str = ""
    analysed: str = ""
    reason: str = ""
    hidden: str = ""
    restored: tuple[str, int, int] | None = None


class _Claim(NamedTuple):
    """A part of an answer; ``mark`` is how it is numbered, empty: by its place."""

    start: int
    end: int
    mark: str = ""
    piece: tuple[str, int, int] | None = None


@dataclass(frozen=True)
class Splitter:
    """Answers to pieces, one by one.

    Attributes
    ----------
    corrections
        What reviewers brought back, hid or declared public.
    names
        Names that some answer of the study tells to be ones (:func:`pipeline.privacy.names_in`).
    """

    corrections: Corrections = field(default_factory=Corrections)
    names: frozenset[str] = frozenset()

    def left(self, text: str, found: Sequence[PersonalSpan]) -> Sequence[PersonalSpan]:
        """What is masked in a text: what was found in it, told elsewhere, and not public."""
        public = self.corrections.public
        # To declare a string public only takes masks away: where there is none, there is none.
        own = find_personal(text, public) if found and public else found
        return with_names(text, own, self.names, public) if self.names else own

    def pieces(
        self,
        answer_id: str,
        question: str,
        raw: str,
        found: Sequence[PersonalSpan],
        *,
        skipped: bool = False,
    ) -> list[Piece]:
        """Split an answer: opinions in the order of their ids, then what says nothing.

        Parameters
        ----------
        found
            What :func:`pipeline.privacy.find_personal` found in `raw`.
        skipped
            It was set aside as a whole when it was read; only what a person brought back
            is an opinion.
        """
        corrections = self.corrections
        # What is hidden is known by the text as the machine masks it: declaring another word
        # public must not bring it to light again.
        left = self.left(raw, found)
        named = with_names(raw, found, self.names) if corrections.hidden else found
        said, silent = _split(answer_id, question, raw, corrections, skipped=skipped)
        n_numbered = sum(not claim.mark for claim in said)
        digits = max(2, len(str(n_numbered)))  # ids of one answer sort as it was written
        number = 0
        pieces = []
        for start, end, mark, piece in said:
            number += not mark
            text = raw[start:end]
            people: Sequence[PersonalSpan] = ()
            key = ""
            if left or corrections.hidden:
                readings = (clipped(found, start, end), clipped(named, start, end))
                people, key = _people(text, clipped(left, start, end), readings, corrections.hidden)
            pieces.append(
                Piece(
                    start,
                    end,
                    mark or f"{number:0{digits}d}",
                    mask(text, people) if people else text,
                    classify_kind(text, question),
                    blank(text, people) if people else text,
                    "",
                    key,
                    piece,
                )
            )
        pieces.sort(key=_by_number)
        for start, end, reason in silent:
            text = raw[start:end]
            shown = mask(text, clipped(left, start, end)) if left else text
            pieces.append(Piece(start, end, "", shown, reason=reason))
        return pieces


def _by_number(piece: Piece) -> str:
    return piece.number


def make_opinions(
    answers: pd.DataFrame,
    skip: frozenset[str] = frozenset(),
    corrections: Corrections | None = None,
    personal: Mapping[str, Sequence[PersonalSpan]] | None = None,
) -> Opinions:
    """Split answers into opinions, here and at once; a run splits them in its workers.

    Parameters
    ----------
    answers
        The table of answers.
    skip
        Answers that were set aside when they were read.
    corrections
        What reviewers brought back, hid or declared public.
    personal
        Text → what points at a person in it, where that was looked for already; a text that
        is not named holds nothing.

    Returns
    -------
    Opinions
        Every answer outside `skip` has at least one row in ``table`` or in
        ``set_aside``. An answer that says nothing at all is set aside as a whole;
        beside real claims, only the claims that say nothing are.
    """
    texts = dict.fromkeys([*answers["question"], *answers["raw_text"]])
    known = {
        own: find_personal(own) if personal is None else personal.get(own, ()) for own in texts
    }
    splitter = Splitter(corrections or Corrections(), names_in(known.items()))
    opinions: list[tuple[object, ...]] = []
    aside: list[tuple[object, ...]] = []
    restored: dict[tuple[str, int, int], list[str]] = {}
    hidden: dict[str, str] = {}
    analysed: list[str] = []
    columns = ["answer_id", "question", "source_kind", "respondent_id", "raw_text"]
    for answer in answers[columns].sort_values("answer_id").itertuples(index=False):
        answer_id, question, source_kind, respondent_id, raw = map(str, answer)
        asked = mask(question, splitter.left(question, known[question]))
        skipped = answer_id in skip
        for own in splitter.pieces(answer_id, question, raw, known[raw], skipped=skipped):
            if own.reason:
                aside.append((answer_id, own.start, own.end, STAGE, own.reason, own.text))
                continue
            opinion_id = opinion_id_of(answer_id, own.number)
            if own.hidden:
                hidden[opinion_id] = own.hidden
            if own.restored is not None:
                restored.setdefault(own.restored, []).append(opinion_id)
            analysed.append(own.analysed)
            opinions.append(
                (
                    opinion_id,
                    answer_id,
                    own.start,
                    own.end,
                    own.text,
                    own.kind,
                    asked,
                    source_kind,
                    respondent_id,
                )
            )
    frame = pd.DataFrame(
        opinions,
        columns=[
            "opinion_id", "answer_id", "start", "end", "text", "kind",
            "question", "source_kind", "respondent_id",
        ],
    )  # fmt: skip
    columns = ["answer_id", "start", "end", "stage", "reason", "text"]
    silent_ones = pd.DataFrame(aside, columns=columns)
    return Opinions(frame, analysed, silent_ones, restored, hidden, splitter.names)


def opinion_id_of(answer_id: str, number: str) -> str:
    """Id of an opinion from that of its answer and its number there.

    Examples
    --------
    >>> opinion_id_of("A0123456789", "01")
    'O0123456789-01'
    """
    return f"O{answer_id[1:]}-{number}"


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
