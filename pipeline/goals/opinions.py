"""Opinions to goal links: which goal of the plan, why, and how sure.

Coding rules (:mod:`pipeline.rules`) and the examples of the codebook are weighed against
each other, and reviewers' decisions correct both (:mod:`pipeline.goals.model`). Every link
says which words speak for it (:mod:`pipeline.goals.evidence`). Where none of the goals
is the likeliest, or a link would be less certain than was asked for, the pipeline
abstains: ``goal_id`` is empty, and a person decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

import pandas as pd

from pipeline.goals.batch import GoalLink, Lesson, judge_texts, moved
from pipeline.tables import conform

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from pipeline.concepts import Hit
    from pipeline.goals.mapper import GoalMapper
    from pipeline.tokens import Token

_LINKS: Final = ["target_id", "goal_id", "measure_id", "score", "evidence"]
_LESSONS: Final = ["opinion_id", "goal_id_before", "goal_id_after", "decision_id", "effect"]

_Row = TypeVar("_Row", GoalLink, Lesson)


class Assignment(NamedTuple):
    """What an opinion or an issue is given; the columns of the results.

    Attributes
    ----------
    withheld_goal_id
        The likeliest goal of an opinion that is less certain than was asked for
        (``goal_error``); a person is to decide.
    """

    goal_id: str = ""
    machine_goal_id: str = ""
    goal_score: float = 0.0
    goal_confidence: float = 0.0
    goal_id_2: str = ""
    measure_id: str = ""
    assigned_by: str = ""
    withheld_goal_id: str = ""


COLUMNS: Final = Assignment._fields
"""Columns that :func:`link_opinions` and :func:`pipeline.goals.issues.link_issues` fill."""


class OpinionGoals(NamedTuple):
    """What :func:`link_opinions` finds.

    Attributes
    ----------
    assigned
        Index of the opinions, columns :data:`COLUMNS`. ``goal_score`` is the score of the
        best goal. ``goal_confidence`` is the probability that what stands in the row is
        right: this goal, or none (``goal_id`` and ``assigned_by`` empty).
    links
        Table ``goal_links``: a row for the goals given and for strong ones that lost.
    lessons
        Table ``lessons``: the opinions that decisions on others have moved, with the
        decisions that did most.
    """

    assigned: pd.DataFrame
    links: pd.DataFrame
    lessons: pd.DataFrame


def link_opinions(
    opinions: pd.DataFrame,
    tokens: Sequence[Sequence[Token]],
    mapper: GoalMapper,
    questions: Mapping[str, Sequence[Token]] | None = None,
    hits: Sequence[Sequence[Hit]] | None = None,
    decided: Collection[str] = (),
) -> OpinionGoals:
    """Give every opinion its goal, or none, with the evidence.

    Parameters
    ----------
    opinions
        ``opinion_id``, ``start`` (characters into the answer), and ``question`` where
        `questions` are given.
    tokens
        Tokens of every row, offsets relative to its text.
    questions
        Question → its tokens.
    hits
        What the concept dictionary found in every row, where that is known already.
    decided
        Opinions of which a person decided the goal.
    """
    asides = {asked: mapper.reader.aside(own) for asked, own in (questions or {}).items()}
    asked = opinions["question"] if asides else [""] * len(opinions)
    # Opinions of the same wording share their tokens and are judged once.
    number: dict[tuple[int, float, bool], int] = {}
    rows: list[int] = []
    firsts: list[int] = []
    said = list(tokens)
    ids = opinions["opinion_id"].tolist()
    for place, (own, words, question) in enumerate(zip(ids, said, asked, strict=True)):
        key = (id(words), asides.get(question, 0.0), own in decided)
        if key not in number:
            number[key] = len(firsts)
            firsts.append(place)
        rows.append(number[key])
    judged = judge_texts(
        [said[place] for place in firsts],
        [hits[place] for place in firsts] if hits else None,
        [aside for _, aside, _ in number],
        mapper,
        [told for _, _, told in number],
    )
    assigned = pd.DataFrame(
        {name: [values[row] for row in rows] for name, values in judged.assigned.items()},
        index=opinions.index,
        columns=list(COLUMNS),
    )
    starts = [int(start) for start in opinions["start"]]
    links = [
        (ids[place], link.goal_id, link.measure_id, link.score, moved(link.evidence, starts[place]))
        for place, link in _each(rows, judged.links)
    ]
    lessons = [(ids[place], *lesson[1:]) for place, lesson in _each(rows, judged.lessons)]
    return OpinionGoals(
        assigned,
        conform("goal_links", pd.DataFrame(links, columns=_LINKS)),
        conform("lessons", pd.DataFrame(lessons, columns=_LESSONS)),
    )


def _each(rows: Sequence[int], found: Iterable[_Row]) -> Iterator[tuple[int, _Row]]:
    """Opinion after opinion, what was found for its wording."""
    grouped: dict[int, list[_Row]] = {}
    for own in found:
        grouped.setdefault(own.text, []).append(own)
    for place, row in enumerate(rows):
        for own in grouped.get(row, ()):
            yield place, own


def links_table(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Rows as the table ``goal_links``."""
    return conform("goal_links", pd.DataFrame(rows, columns=_LINKS))
