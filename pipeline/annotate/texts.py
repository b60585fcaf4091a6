"""One answer after the other: its opinions, and of each its words, topic, goal and evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

import pyarrow as pa

from pipeline.actions import ActionLinker
from pipeline.annotate.people import SPANS, spans_of
from pipeline.annotate.tools import Ground, Tools, load_tools
from pipeline.concepts import choose_topic, find_concepts, hit_rows
from pipeline.duplicates import wordings_of
from pipeline.goals.batch import judge_texts, moved
from pipeline.goals.opinions import COLUMNS
from pipeline.issues import wording_hash
from pipeline.normalize import fold
from pipeline.opinions import Corrections, Splitter
from pipeline.privacy import find_personal, mask
from pipeline.tables import SCHEMAS
from pipeline.tokentable import offsets_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.concepts import Hit, Topic
    from pipeline.goals.batch import Judged
    from pipeline.opinions import Piece
    from pipeline.tokentable import Token

UNITS: Final = pa.schema(
    [
        ("unit", pa.int32()),
        ("answer_id", pa.string()),
        ("question", pa.string()),
        ("raw_text", pa.string()),
        ("skipped", pa.bool_()),
        ("spans", SPANS),
    ]
)
"""An answer to be read. Answers of one wording to one question are read once; ``answer_id``
is named only where a person brought back a part of that very answer."""

GOAL_COLUMNS: Final = COLUMNS
_FIRST: Final = {
    "unit": 0,
    "answer_id": "",
    "question": "",
    "raw_text": "道が狭い。",
    "skipped": False,
}
_SHARES: Final = frozenset(["goal_score", "goal_confidence"])
CHILDREN: Final = ("concepts", "goal_links", "action_links", "lessons")
"""Tables of which a piece has any number of rows, as lists beside it."""

_OWNER: Final = {"goal_links": "target_id"}
"""Column that names the opinion; ``opinion_id`` in the others."""


class Annotation(NamedTuple):
    """What a worker has to know to read answers.

    Attributes
    ----------
    ground
        What tools are made from.
    corrections, names
        As in :class:`pipeline.opinions.Splitter`.
    """

    ground: Ground
    corrections: Corrections = Corrections()
    names: frozenset[str] = frozenset()


@dataclass
class Annotator:
    """Tools, and how answers are split.

    Attributes
    ----------
    asides
        Question → votes for none of the goals that it brings along, as far as it was asked.
    """

    tools: Tools
    splitter: Splitter
    linker: ActionLinker
    asides: dict[str, float] = field(default_factory=dict)

    def aside(self, question: str) -> float:
        """Votes for none of the goals that a question brings along."""
        if question not in self.asides:
            # As it is shown: a person whom a heading names says nothing of the plan.
            people = self.splitter.left(question, find_personal(question))
            words = self.tools.tokenizer.tokenize(mask(question, people))
            self.asides[question] = self.tools.mapper.reader.aside(words)
        return self.asides[question]


def prepare(parameters: Annotation) -> Annotator:
    """Open what is needed, once in a process."""
    tools = load_tools(parameters.ground)
    linker = ActionLinker(tools.plan, tools.dictionary, tools.stopwords, tools.tokenizer.tokenize)
    state = Annotator(tools, Splitter(parameters.corrections, parameters.names), linker)
    # Indexes that are made on first use are made now: workers that are forked later share them.
    read_units(state, pa.Table.from_pylist([_FIRST], schema=UNITS))
    return state


def read_units(state: Annotator, chunk: pa.Table) -> pa.Table:
    """Read answers.

    Parameters
    ----------
    chunk
        Rows of :data:`UNITS`.

    Returns
    -------
    Table
        A row a piece (:class:`pipeline.opinions.Piece`), in the order of the units. For
        opinions further what is found out from their words; the tokens as
        :class:`pipeline.tokentable.TokenTable`.
    """
    units: list[int] = []
    pieces: list[Piece] = []
    asides: list[float] = []
    rows = zip(*(chunk[name].to_pylist() for name in UNITS.names), strict=True)
    for unit, answer_id, question, raw, skipped, spans in rows:
        found = state.splitter.pieces(
            answer_id, question, raw, spans_of(spans) if spans else (), skipped=skipped
        )
        units += [unit] * len(found)
        asides += [state.aside(question)] * len(found)
        pieces += found
    tools = state.tools
    tokens = tools.tokenizer.tokenize_table([own.analysed for own in pieces])
    words = list(tokens)
    hits = [find_concepts(own, tools.dictionary) for own in words]
    topics = [
        choose_topic(own, found, tools.dictionary, tools.stopwords)
        for own, found in zip(words, hits, strict=True)
    ]
    judged = judge_texts(words, hits, asides, tools.mapper)
    folded = [fold(own.text) or own.text if own.number else "" for own in pieces]
    wordings = wordings_of(tokens, folded)
    packed = tokens.to_arrow()
    columns = {
        "unit": pa.array(units, type=pa.int32()),
        **_of_pieces(pieces),
        "folded": _texts(folded),
        "wording_hash": pa.array([wording_hash(own) for own in folded], type=pa.uint64()),
        "words_key": wordings.words,
        "core_key": wordings.cores,
        **_of_topics(topics),
        **{
            name: pa.array(own, type=pa.float64() if name in _SHARES else pa.string())
            for name, own in judged.assigned.items()
        },
        "concepts": _lists("concepts", *_concepts(pieces, words, hits, topics, tools)),
        "goal_links": _lists("goal_links", *_links(pieces, judged)),
        "action_links": _lists("action_links", *_actions(words, hits, judged, state.linker)),
        "lessons": _lists("lessons", *_lessons(len(pieces), judged)),
        "types": packed["types"],
        "starts": packed["starts"],
    }
    return pa.table(columns).replace_schema_metadata(packed.schema.metadata)


def _of_pieces(pieces: Sequence[Piece]) -> dict[str, pa.Array]:
    return {
        "start": pa.array([own.start for own in pieces], type=pa.int64()),
        "end": pa.array([own.end for own in pieces], type=pa.int64()),
        "number": _texts(own.number for own in pieces),
        "text": _texts(own.text for own in pieces),
        "kind": _texts(own.kind for own in pieces),
        "reason": _texts(own.reason for own in pieces),
        "hidden": _texts(own.hidden for own in pieces),
        "is_blank": pa.array(
            [bool(own.hidden) and not fold(own.analysed) for own in pieces], type=pa.bool_()
        ),
        "restored": pa.array(
            [list(own.restored[1:]) if own.restored else None for own in pieces],
            type=pa.list_(pa.int32()),
        ),
    }


def _of_topics(topics: Sequence[Topic]) -> dict[str, pa.Array]:
    paths = [(*own.path, "", "")[:2] for own in topics]
    return {
        "field": _texts(own[0] for own in paths),
        "heading": _texts(own[1] for own in paths),
        "facet": _texts(own.facet for own in topics),
        "coverage": pa.array([own.coverage for own in topics], type=pa.float64()),
    }


_Rows = tuple[list[tuple[object, ...]], list[int]]
"""Rows of a table without the opinion's id, and how many every piece has."""


def _concepts(
    pieces: Sequence[Piece],
    words: Sequence[tuple[Token, ...]],
    hits: Sequence[Sequence[Hit]],
    topics: Sequence[Topic],
    tools: Tools,
) -> _Rows:
    rows: list[tuple[object, ...]] = []
    for piece, own, found, topic in zip(pieces, words, hits, topics, strict=True):
        rows += hit_rows(own, found, topic, tools.dictionary, piece.start)
    return rows, [len(own) for own in hits]


def _links(pieces: Sequence[Piece], judged: Judged) -> _Rows:
    counts = [0] * len(pieces)
    rows: list[tuple[object, ...]] = []
    for own in judged.links:
        counts[own.text] += 1
        evidence = moved(own.evidence, pieces[own.text].start)
        rows.append((own.goal_id, own.measure_id, own.score, evidence))
    return rows, counts


def _actions(
    words: Sequence[tuple[Token, ...]],
    hits: Sequence[Sequence[Hit]],
    judged: Judged,
    linker: ActionLinker,
) -> _Rows:
    rows: list[tuple[object, ...]] = []
    counts = []
    goals = zip(judged.assigned["goal_id"], judged.assigned["measure_id"], strict=True)
    for own, found, (goal, measure) in zip(words, hits, goals, strict=True):
        links = linker.links(own, found, str(goal), str(measure)) if goal else []
        rows += [(action, score, "、".join(said)) for action, score, said in links]
        counts.append(len(links))
    return rows, counts


def _lessons(count: int, judged: Judged) -> _Rows:
    counts = [0] * count
    for own in judged.lessons:
        counts[own.text] += 1
    return [own[1:] for own in judged.lessons], counts


def _texts(values: Iterable[str]) -> pa.Array:
    return pa.array(list(values), type=pa.string())


def owner_of(name: str) -> str:
    """Column of a table that names the opinion a row belongs to."""
    return _OWNER.get(name, "opinion_id")


def _lists(name: str, rows: Sequence[tuple[object, ...]], counts: Sequence[int]) -> pa.ListArray:
    """Rows of a table as lists, one list a piece."""
    fields = [field for field in SCHEMAS[name] if field.name != owner_of(name)]
    columns = list(zip(*rows, strict=True)) or [()] * len(fields)
    values = pa.StructArray.from_arrays(
        [pa.array(own, type=field.type) for own, field in zip(columns, fields, strict=True)],
        fields=fields,
    )
    offsets = pa.array(offsets_of(counts), type=pa.int32())
    return pa.ListArray.from_arrays(offsets, values)
