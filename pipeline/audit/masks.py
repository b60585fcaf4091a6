"""What a run masked, for the person in charge: read from the confidential table alone.

Everything here holds what is masked everywhere else. It is for the screen, or for a file
that somebody asks for; nothing of it is kept in the run folder.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pipeline import tables
from pipeline.decision_words import shown_moment
from pipeline.decisions import piece_id
from pipeline.deidentify import declared_public
from pipeline.errors import InputError, Location
from pipeline.manifest import load_manifest
from pipeline.opinions import text_key
from pipeline.privacy import (
    LABELS,
    Hidden,
    clipped,
    find_personal,
    joined_hidden,
    mask,
    names_in,
    parse_hidden,
    with_hidden,
    with_names,
)
from pipeline.privacy.declared import PUBLIC, parse_public

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    import pandas as pd

    from pipeline.privacy import PersonalSpan

AROUND: Final = 12
"""Characters that are shown before and behind what was masked."""

QUESTION: Final = "（問い）"
"""What stands in the place of an opinion's number where a question names somebody."""


class Mask(NamedTuple):
    """One stretch that was masked.

    Attributes
    ----------
    label
        What it was taken for.
    text
        As it was written.
    before, after
        What stands around it.
    target
        Opinion, or piece that was set aside.
    """

    label: str
    text: str
    before: str
    after: str
    file: str
    locator: str
    target: str


class MaskedWord(NamedTuple):
    """A string that was masked, and how often."""

    label: str
    text: str
    n: int


class Declared(NamedTuple):
    """A string that somebody declared as not personal."""

    text: str
    reviewer: str
    decided_at: str


@dataclass(frozen=True)
class Masks:
    """What a run masked.

    Attributes
    ----------
    masks
        By label and string.
    public
        Strings that are not masked because somebody said so.
    n_changed
        Opinions that would be masked otherwise today: the rules are not those of the run.
    """

    masks: tuple[Mask, ...]
    public: tuple[Declared, ...]
    n_changed: int

    @property
    def by_label(self) -> tuple[tuple[str, int], ...]:
        """Label and number, in the order of the labels."""
        counts = Counter(own.label for own in self.masks)
        return tuple((label, counts[label]) for label in LABELS if counts[label])

    @property
    def words(self) -> tuple[MaskedWord, ...]:
        """Distinct strings, most frequent first."""
        counts = Counter((own.label, own.text) for own in self.masks)
        return tuple(
            MaskedWord(label, text, counts[label, text])
            for label, text in sorted(
                counts, key=lambda own: (-counts[own], LABELS.index(own[0]), own[1])
            )
        )


def read_masks(run: Path) -> Masks:
    """Read what a run masked.

    Raises
    ------
    InputError
        The folder is no run, or keeps no raw text.
    """
    manifest = load_manifest(run)
    if not manifest["parameters"].get("raw_text", True):
        raise InputError(
            "この結果には回答の原文がないので（--no-raw）、伏せた言葉は示せません。",
            at=Location(file=run.name),
            remedy="見るときは、--no-raw を付けずに kadai run でもう一度結果を作ってください。",
        )
    names = ("answers", "opinions", "set_aside", "applied_decisions")
    return find_masks({name: tables.load_table(name, run / "tables") for name in names})


def find_masks(made: Mapping[str, pd.DataFrame]) -> Masks:
    """Find what the tables of a run mask.

    Parameters
    ----------
    made
        ``answers`` with raw text, ``opinions``, ``set_aside``, ``applied_decisions``.
    """
    decided = made["applied_decisions"]
    public, hidden = declared_public(decided), _hidden(decided)
    opinions, aside = _by_answer(made["opinions"]), _by_answer(made["set_aside"])
    texts = dict.fromkeys([*made["answers"]["question"], *made["answers"]["raw_text"]])
    known = {str(text): find_personal(str(text)) for text in texts}
    names = names_in(known.items())
    found: list[Mask] = []
    n_changed = 0
    for answer in made["answers"].to_dict("records"):
        raw, own = str(answer["raw_text"]), str(answer["answer_id"])
        plain = known[raw]
        left = with_names(raw, find_personal(raw, public) if public else plain, names, public)
        for row in opinions.get(own, ()):
            start, end = int(row["start"]), int(row["end"])
            text, before = raw[start:end], clipped(plain, start, end)
            spans = clipped(left, start, end)
            if hidden and (more := hidden.get(text_key(mask(text, before)))):
                spans = with_hidden(spans, more, len(text), before)
            n_changed += mask(text, spans) != row["text"]
            found += _masks(raw, start, spans, answer, row["opinion_id"])
        for row in aside.get(own, ()):
            start, end = int(row["start"]), int(row["end"])
            found += _masks(
                raw, start, clipped(left, start, end), answer, piece_id(own, start, end)
            )
    found += _in_questions(made["answers"], public, names)
    order = {label: number for number, label in enumerate(LABELS)}
    found.sort(key=lambda one: (order[one.label], one[1:]))
    return Masks(tuple(found), tuple(_declared(decided)), n_changed)


def _masks(
    raw: str,
    offset: int,
    spans: Iterable[PersonalSpan],
    answer: Mapping[Any, Any],
    target: str,
) -> Iterator[Mask]:
    for span in spans:
        start, end = offset + span.start, offset + span.end
        yield Mask(
            span.label,
            raw[start:end],
            raw[max(0, start - AROUND) : start],
            raw[end : end + AROUND],
            str(answer["file"]),
            str(answer["locator"]),
            target,
        )


def _in_questions(
    answers: pd.DataFrame, public: frozenset[str], names: frozenset[str]
) -> Iterator[Mask]:
    """Names in the questions, once for every file that asks them."""
    asked = answers[["file", "question"]].drop_duplicates().to_dict("records")
    for row in asked:
        question = str(row["question"])
        place = {"file": row["file"], "locator": ""}
        spans = with_names(question, find_personal(question, public), names, public)
        yield from _masks(question, 0, spans, place, QUESTION)


def _by_answer(table: pd.DataFrame) -> dict[str, list[dict[Any, Any]]]:
    found: dict[str, list[dict[Any, Any]]] = {}
    for row in table.to_dict("records"):
        found.setdefault(str(row["answer_id"]), []).append(row)
    return found


def _hidden(decided: pd.DataFrame) -> dict[str, Hidden]:
    """Digest of a wording → what people hid in it."""
    found: dict[str, Hidden] = {}
    counting = decided[(decided["field"] == "personal") & (decided["stands"] == 1)]
    for value in counting["value"]:
        if own := parse_hidden(str(value)):
            before = found.get(own.key)
            found[own.key] = joined_hidden(before, own) if before else own
    return found


def _declared(decided: pd.DataFrame) -> Iterator[Declared]:
    counting = decided[(decided["field"] == PUBLIC) & (decided["stands"] == 1)]
    rows = counting.sort_values(["decided_at", "decision_id"]).to_dict("records")
    for row in rows:
        for word in parse_public(str(row["value"])):
            yield Declared(word, str(row["reviewer"]), shown_moment(str(row["decided_at"])))
