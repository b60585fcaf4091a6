"""Answers to opinions: read in workers, each wording once, and laid out for every answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.annotate.people import SPANS, chunk_size
from pipeline.annotate.texts import (
    CHILDREN,
    GOAL_COLUMNS,
    UNITS,
    Annotation,
    owner_of,
    prepare,
    read_units,
)
from pipeline.duplicates import Wordings
from pipeline.engine import Task
from pipeline.opinions import STAGE, Splitter
from pipeline.privacy import mask
from pipeline.tables import SCHEMAS
from pipeline.textcolumns import among
from pipeline.tokentable import TokenColumns, TokenTable
from pipeline.topics import Topics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from pipeline.engine import Engine
    from pipeline.privacy import PersonalSpan

CHUNK: Final = 8192
"""Answers that a worker reads at once, at most; it changes nothing about what is found."""

_OF_ANSWER: Final = ("answer_id", "source_kind", "respondent_id")
_OF_PIECE: Final = ("start", "end", "text", "kind", "folded", "wording_hash")
_TOKENS: Final = ("types", "starts")


@dataclass(frozen=True)
class Annotated:
    """Opinions, and what is found out of each by itself.

    Attributes
    ----------
    table
        ``opinion_id, answer_id, start, end, text, kind, question, source_kind,
        respondent_id, folded, wording_hash``, sorted by opinion_id; `text` and `question`
        are masked.
    pieces
        What was read, a row a piece of a distinct answer; ``piece`` says which one every
        opinion is.
    piece
        Shape (opinions,).
    tokens, topics
        Of every piece.
    set_aside
        The declared columns of the table of that name.
    restored
        Piece that was brought back (answer, first and last character) → its opinions.
    hidden
        Opinion in which a reviewer hid something → digest of its text before that.
    tables
        Of which every opinion has any number of rows (:data:`CHILDREN`).
    """

    table: pd.DataFrame
    pieces: pa.Table
    piece: NDArray[np.int64]
    tokens: TokenTable
    topics: Topics
    set_aside: pd.DataFrame
    restored: dict[tuple[str, int, int], list[str]]
    hidden: dict[str, str]
    tables: dict[str, pa.Table]

    @property
    def wordings(self) -> Wordings:
        """What every opinion has in common with those that say the same."""
        taken = self.pieces.select(["words_key", "core_key"]).take(pa.array(self.piece))
        return Wordings(taken["words_key"], taken["core_key"])

    @property
    def assigned(self) -> pd.DataFrame:
        """Goal of every opinion as the machine sees it (:class:`Assignment`'s columns)."""
        taken = self.pieces.select(list(GOAL_COLUMNS)).take(pa.array(self.piece))
        frame: pd.DataFrame = taken.to_pandas()
        return frame.set_index(self.table.index)

    def children(self, name: str) -> pd.DataFrame:
        """A table of which every opinion has any number of rows, in the order of opinions."""
        found: pd.DataFrame = self.tables[name].to_pandas()
        return found


def _laid_out(
    name: str, pieces: pa.Table, opinion_ids: pd.Series[str], piece: NDArray[np.int64]
) -> pa.Table:
    """Lists of rows beside pieces as a table of rows with the opinion of each."""
    taken = pieces[name].combine_chunks().take(pa.array(piece))
    counts = pc.fill_null(pc.list_value_length(taken), 0).to_numpy()
    owners = pa.array(opinion_ids).take(pa.array(np.repeat(np.arange(len(piece)), counts)))
    rows = taken.flatten()
    columns = {owner_of(name): owners}
    for place, field in enumerate(rows.type):
        columns[field.name] = rows.field(place)
    return pa.table(columns).select(SCHEMAS[name].names)


def annotate(
    answers: pd.DataFrame,
    skip: frozenset[str],
    personal: Mapping[str, Sequence[PersonalSpan]],
    annotation: Annotation,
    key: str,
    engine: Engine,
    advance: Callable[[int], object] = lambda _: None,
) -> Annotated:
    """Read all answers.

    Parameters
    ----------
    answers
        The table of answers, in the order of their ids.
    skip
        Answers that were set aside when they were read.
    personal
        Text → what points at a person in it; nothing in a text that is not named.
    annotation, key
        What workers have to know, and a digest of it and of the files behind it.
    advance
        Called with the number of answers that are read.
    """
    units, unit_of = _units(answers, skip, personal, annotation)
    task = Task(prepare, read_units, annotation, key)
    tokens, tables = TokenColumns(), []
    for table in engine.map(task, _chunks(units, engine.n_workers), advance):
        tokens.add(TokenTable.from_arrow(table))
        tables.append(_apart(table.drop_columns(list(_TOKENS)).replace_schema_metadata(None)))
        del table
    pieces = pa.concat_tables(tables) if tables else _no_pieces(annotation)
    del tables
    of_unit = pieces["unit"].to_numpy()
    bounds = np.searchsorted(of_unit, np.arange(units.num_rows + 1))
    answer, piece = _expanded(bounds[:-1][unit_of], bounds[1:][unit_of])
    del units, unit_of
    said = pc.equal(pieces["reason"], "").to_numpy(zero_copy_only=False)[piece]
    splitter = Splitter(annotation.corrections, annotation.names)
    questions = {
        own: mask(own, splitter.left(own, personal.get(own, ())))
        for own in answers["question"].unique()
    }
    masked = answers["question"].map(questions)
    table = _opinions(answers.assign(question=masked), pieces, answer[said], piece[said])
    set_aside = _set_aside(answers, pieces, answer[~said], piece[~said])
    restored, hidden = _by_people(table, answers, pieces, answer[said], piece[said])
    pieces = pieces.drop_columns([*_OF_PIECE, "number", "reason", "restored", "hidden"])
    laid_out = {}
    for name in CHILDREN:
        laid_out[name] = _laid_out(name, pieces, table["opinion_id"], piece[said])
        pieces = pieces.drop_columns([name])
    return Annotated(
        table=table,
        pieces=pieces,
        piece=piece[said],
        tokens=tokens.table(),
        topics=_topics(pieces),
        set_aside=set_aside,
        restored=restored,
        hidden=hidden,
        tables=laid_out,
    )


def _apart(table: pa.Table) -> pa.Table:
    """A copy that does not keep the columns that were dropped: a part is one buffer."""
    return table.take(pa.array(np.arange(table.num_rows)))


def _units(
    answers: pd.DataFrame,
    skip: frozenset[str],
    personal: Mapping[str, Sequence[PersonalSpan]],
    annotation: Annotation,
) -> tuple[pa.Table, NDArray[np.int64]]:
    """Distinct answers, and which of them every answer is."""
    questions, _ = pd.factorize(answers["question"])
    texts, _ = pd.factorize(answers["raw_text"])
    skipped = among(answers["answer_id"], skip)
    width = int(questions.max(initial=0)) + 1
    codes = (texts.astype(np.int64) * width + questions) * 2 + skipped
    touched = {own for own, _, _ in annotation.corrections.restored}
    alone = np.flatnonzero(among(answers["answer_id"], touched))
    codes[alone] = -1 - alone
    _, first, unit_of = np.unique(codes, return_index=True, return_inverse=True)
    ids: list[str] = [""] * len(answers)
    for row in alone.tolist():
        ids[row] = str(answers["answer_id"].iloc[row])
    chosen: pd.DataFrame = answers.take(first)
    raw = chosen["raw_text"]
    spans: list[list[dict[str, object]] | None] = [None] * len(raw)
    for row in np.flatnonzero(among(raw, personal)).tolist():
        spans[row] = [own._asdict() for own in personal[raw.iloc[row]]]
    units = pa.table(
        {
            "unit": pa.array(np.arange(len(first)), type=pa.int32()),
            "answer_id": pa.array([ids[row] for row in first.tolist()], type=pa.string()),
            "question": pa.array(chosen["question"], type=pa.string()),
            "raw_text": pa.array(raw, type=pa.string()),
            "skipped": pa.array(skipped[first]),
            "spans": pa.array(spans, type=SPANS),
        },
        schema=UNITS,
    )
    return units, unit_of.ravel()


def _chunks(units: pa.Table, n_workers: int) -> Iterator[pa.Table]:
    size = chunk_size(units.num_rows, n_workers, CHUNK)
    for start in range(0, units.num_rows, size):
        yield units.slice(start, size)


def _no_pieces(annotation: Annotation) -> pa.Table:
    """What no answers give: the columns without a row."""
    empty = read_units(prepare(annotation), UNITS.empty_table())
    return empty.drop_columns(list(_TOKENS)).replace_schema_metadata(None)


def _expanded(
    starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every place from each start to its end, and the number of that start."""
    counts = ends - starts
    before = np.cumsum(counts) - counts
    owner = np.repeat(np.arange(len(starts)), counts)
    return owner, np.arange(len(owner)) - before[owner] + starts[owner]


def _opinions(
    answers: pd.DataFrame, pieces: pa.Table, answer: NDArray[np.int64], piece: NDArray[np.int64]
) -> pd.DataFrame:
    of_answer = {
        name: pa.array(answers[name], type=pa.string()).take(pa.array(answer))
        for name in (*_OF_ANSWER, "question")
    }
    of_piece = pieces.select([*_OF_PIECE, "number"]).take(pa.array(piece))
    opinion_id = pc.binary_join_element_wise(
        pc.binary_join_element_wise("O", pc.utf8_slice_codeunits(of_answer["answer_id"], 1), ""),
        of_piece["number"],
        "-",
    )
    table = pa.table(
        {
            "opinion_id": opinion_id,
            "answer_id": of_answer["answer_id"],
            **{name: of_piece[name] for name in ("start", "end", "text", "kind")},
            **{name: of_answer[name] for name in ("question", "source_kind", "respondent_id")},
            **{name: of_piece[name] for name in ("folded", "wording_hash")},
        }
    )
    frame: pd.DataFrame = table.to_pandas()
    return frame


def _by_people(
    table: pd.DataFrame,
    answers: pd.DataFrame,
    pieces: pa.Table,
    answer: NDArray[np.int64],
    piece: NDArray[np.int64],
) -> tuple[dict[tuple[str, int, int], list[str]], dict[str, str]]:
    """Opinions that a person brought back, and those in which one hid something."""
    back = pieces["restored"].is_valid().to_numpy(zero_copy_only=False)[piece]
    restored: dict[tuple[str, int, int], list[str]] = {}
    for row in np.flatnonzero(back).tolist():
        start, end = pieces["restored"][int(piece[row])].as_py()
        key = (str(answers["answer_id"].iloc[answer[row]]), start, end)
        restored.setdefault(key, []).append(str(table["opinion_id"].iloc[row]))
    keys = pc.not_equal(pieces["hidden"], "").to_numpy(zero_copy_only=False)[piece]
    hidden = {
        str(table["opinion_id"].iloc[row]): pieces["hidden"][int(piece[row])].as_py()
        for row in np.flatnonzero(keys).tolist()
    }
    return restored, hidden


def _set_aside(
    answers: pd.DataFrame, pieces: pa.Table, answer: NDArray[np.int64], piece: NDArray[np.int64]
) -> pd.DataFrame:
    taken: pd.DataFrame = (
        pieces.select(["start", "end", "reason", "text"]).take(pa.array(piece)).to_pandas()
    )
    ids = answers["answer_id"].iloc[answer].to_numpy()
    frame: pd.DataFrame = taken.assign(answer_id=ids, stage=STAGE)[SCHEMAS["set_aside"].names]
    return frame


def _topics(pieces: pa.Table) -> Topics:
    """Topics of all pieces in columns."""
    names = pieces.select(["field", "heading"]).to_pandas()
    joined = names["field"].str.cat(names["heading"], sep="\t")
    path, paths = pd.factorize(joined, sort=True)
    facet, facets = pd.factorize(pieces["facet"].to_pandas(), sort=True)
    return Topics(
        tuple(tuple(part for part in own.split("\t") if part) for own in paths) or ((),),
        tuple(str(own) for own in facets) or ("",),
        path.astype(np.int32),
        facet.astype(np.int32),
        pieces["coverage"].to_numpy(),
    )


__all__ = ["CHILDREN", "Annotated", "annotate"]
