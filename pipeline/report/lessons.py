"""Opinions that reviewers' decisions have moved, with the decisions that moved them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.lookups import by_person
from pipeline.plan import NO_GOAL as NO_GOAL_ID
from pipeline.report.voices import short
from pipeline.wording import NO_GOAL, clean

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    import pandas as pd

LESSONS_SHOWN = 30
"""Wordings that the report shows; all of them stand in the table ``lessons``."""

VOICE_SHOWN = 60
"""Characters of a decided voice that are shown."""

SHARE_SHOWN = 1 / 3
"""Effect, in shares of that of the decision that did most, from which another one is shown."""


@dataclass(frozen=True)
class Teacher:
    """A decision that moved another opinion; ``voice`` is what was decided, and for which goal."""

    decision_id: str
    reviewer: str
    voice: str
    goal_id: str


@dataclass(frozen=True)
class Lesson:
    """An opinion that decisions on others have moved, and which did most."""

    text: str
    times: int
    before: str
    after: str
    teachers: tuple[Teacher, ...]


@dataclass(frozen=True)
class Lessons:
    """What was learnt from decisions, the opinions that were moved furthest first.

    Attributes
    ----------
    n_opinions, n_decisions
        Opinions that were moved, and decisions that moved them.
    n_left_out
        Wordings that are not shown.
    """

    n_opinions: int
    n_decisions: int
    shown: tuple[Lesson, ...]
    n_left_out: int


def build_lessons(tables: Mapping[str, pd.DataFrame], labels: Mapping[str, str]) -> Lessons:
    """Collect what decisions moved: each wording once, what was moved furthest first.

    What a person decided by itself, or with its issue, is no lesson: it was told.

    Parameters
    ----------
    tables
        ``lessons, applied_decisions, opinions``.
    labels
        Goal id → label.
    """
    lessons = tables["lessons"]
    opinions = tables["opinions"]
    opinions = opinions[opinions["opinion_id"].isin(lessons["opinion_id"])]
    decisions = {row["decision_id"]: row for row in tables["applied_decisions"].to_dict("records")}
    shown = {**labels, "": NO_GOAL}
    texts = dict(zip(opinions["opinion_id"], opinions["text"], strict=True))
    alike = opinions["duplicate_of"].where(opinions["duplicate_of"] != "", opinions["opinion_id"])
    wording = dict(zip(opinions["opinion_id"], alike, strict=True))
    told = set(opinions.loc[by_person(opinions["assigned_by"]), "opinion_id"])
    effects: dict[str, list[dict[Hashable, Any]]] = {}
    for row in lessons.to_dict("records"):
        if row["opinion_id"] not in told:
            effects.setdefault(row["opinion_id"], []).append(row)
    together: dict[tuple[str, str, str], list[str]] = {}
    for opinion_id, rows in effects.items():
        key = (wording.get(opinion_id, ""), rows[0]["goal_id_before"], rows[0]["goal_id_after"])
        together.setdefault(key, []).append(opinion_id)
    furthest = sorted(
        together.values(), key=lambda own: (-max(row["effect"] for row in effects[own[0]]), own[0])
    )
    return Lessons(
        n_opinions=len(effects),
        n_decisions=len({row["decision_id"] for rows in effects.values() for row in rows}),
        shown=tuple(
            Lesson(
                text=clean(texts.get(own[0], "")),
                times=len(own),
                before=shown[effects[own[0]][0]["goal_id_before"]],
                after=shown[effects[own[0]][0]["goal_id_after"]],
                teachers=_teachers(effects[own[0]], decisions),
            )
            for own in furthest[:LESSONS_SHOWN]
        ),
        n_left_out=len(furthest[LESSONS_SHOWN:]),
    )


def _teachers(
    effects: Sequence[Mapping[Hashable, Any]],
    decisions: Mapping[str, Mapping[Hashable, Any]],
) -> tuple[Teacher, ...]:
    """The decisions behind one wording, the one that did most first."""
    ranked = sorted(effects, key=lambda row: (-row["effect"], row["decision_id"]))
    least = SHARE_SHOWN * ranked[0]["effect"]
    return tuple(
        Teacher(
            decision_id=clean(row["decision_id"]),
            reviewer=clean(decided["reviewer"]),
            voice=short(clean(decided["text"]), VOICE_SHOWN),
            goal_id="" if decided["value"] == NO_GOAL_ID else decided["value"],
        )
        for row in ranked
        if row["effect"] >= least and (decided := decisions.get(row["decision_id"]))
    )
