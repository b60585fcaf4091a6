"""Coverage both ways: the plan's lines with the voices for them, the issues with what to propose."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import Markup, escape

from pipeline.lookups import goal_labels, measure_labels
from pipeline.report.planned import read_actions
from pipeline.treatments import (
    ANSWERED_SHARE,
    CONTINUE,
    LEAST_ANSWERED,
    LEAST_PEOPLE,
    MAJORITY,
    NEW,
    STRENGTHEN,
)
from pipeline.wording import OPINION_KINDS, REJECTED, clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from pipeline.plan import Goal, Plan
    from pipeline.report.planned import ActionRow

FIRST_OUTSIDE: Final = 15
"""Issues outside the plan that are shown before the rest is folded."""

SHADES: Final = 5
"""Shades of the squares, without the one for nothing."""

MOST_DIGITS: Final = 3
"""Of a count that fits into a square as it is."""

_SIDE, _GAP = 30, 4

_LISTS: Final = (
    (
        NEW,
        "新規の候補",
        "声はあるのに、同じ言葉でふれる取り組みが計画に見つからない課題です。言い方のちがう取り組みがないか、確かめてください。",
    ),
    (STRENGTHEN, "充実・強化の候補", "取り組みはあるのに、困りごとや要望がはっきり多い課題です。"),
    (CONTINUE, "継続の候補", "取り組みがあり、困りごとや要望を述べた人が半数を超えない課題です。"),
)


@dataclass(frozen=True)
class MeasureCover:
    """A measure with its lines; ``measure_id`` is empty for lines under the goal alone."""

    measure_id: str
    name: str
    n_opinions: int
    n_people: int
    actions: tuple[ActionRow, ...]
    squares: Markup


@dataclass(frozen=True)
class GoalCover:
    """A goal with its measures, and how many of its lines nobody speaks to."""

    goal_id: str
    name: str
    n_actions: int
    n_silent: int
    measures: tuple[MeasureCover, ...]

    @property
    def silent_measures(self) -> tuple[MeasureCover, ...]:
        """Measures that no opinion stands under."""
        return tuple(one for one in self.measures if one.measure_id and not one.n_opinions)

    @property
    def silent_actions(self) -> tuple[ActionRow, ...]:
        """Lines that no opinion speaks to."""
        return tuple(line for one in self.measures for line in one.actions if not line.n_opinions)


@dataclass(frozen=True)
class Candidate:
    """An issue with what is proposed for it; ``kinds`` are counts of opinions with their names."""

    issue_id: str
    title: str
    status: str
    n_opinions: int
    n_people: int
    kinds: tuple[tuple[str, int], ...]
    goal: str
    measure: str
    actions: tuple[tuple[str, str], ...]
    rule: str


@dataclass(frozen=True)
class CandidateList:
    """Issues of one treatment, those of most people first."""

    treatment: str
    title: str
    meaning: str
    issues: tuple[Candidate, ...]


@dataclass(frozen=True)
class Coverage:
    """Both sides, and the thresholds of the rule.

    Attributes
    ----------
    shades
        Level → the range of counts that it stands for, in words.
    outside
        Issues under no goal that nobody adopted: the first, and the rest.
    divided
        Such issues whose opinions mostly stand under a goal, not under the same one.
    undecided
        Issues under a goal for which nothing is proposed.
    """

    goals: tuple[GoalCover, ...]
    n_measures: int
    n_silent_measures: int
    n_actions: int
    n_silent_actions: int
    n_linked: int
    n_under_goals: int
    shades: tuple[tuple[int, str, Markup], ...]
    lists: tuple[CandidateList, ...]
    outside: tuple[Candidate, ...]
    further_outside: tuple[Candidate, ...]
    divided: tuple[Candidate, ...]
    undecided: tuple[Candidate, ...]
    n_rejected: int
    least_people: int
    least_answered: int
    answered_percent: int
    majority_percent: int


def build_coverage(tables: Mapping[str, pd.DataFrame], plan: Plan) -> Coverage:
    """Set the plan's lines and the issues side by side.

    Parameters
    ----------
    tables
        ``opinions, issues, measures, actions, action_links, treatments``.
    """
    actions, measures = tables["actions"], tables["measures"]
    bounds = shade_bounds(int(actions["n_opinions"].max()) if len(actions) else 0)
    goals = tuple(_goal(goal, actions, measures, bounds) for goal in plan.goals)
    issues = _candidates(tables, plan)
    of_treatment = tables["treatments"].set_index("issue_id")["treatment"].to_dict()
    rejected = {own.issue_id for own in issues if own.status == REJECTED}
    open_ones = [own for own in issues if own.issue_id not in rejected]
    no_goal = [own for own in open_ones if not own.goal and not of_treatment[own.issue_id]]
    linked = tables["opinions"].assign(has=tables["opinions"]["goal_id"] != "")
    share = linked.groupby("issue_id", sort=True)["has"].mean().to_dict()
    outside = [own for own in no_goal if share[own.issue_id] <= MAJORITY]
    return Coverage(
        goals=goals,
        n_measures=len(measures),
        n_silent_measures=int((measures["n_opinions"] == 0).sum()),
        n_actions=len(actions),
        n_silent_actions=int((actions["n_opinions"] == 0).sum()),
        n_linked=int(tables["action_links"]["opinion_id"].nunique()),
        n_under_goals=int((tables["opinions"]["goal_id"] != "").sum()),
        shades=_legend(bounds),
        lists=tuple(
            CandidateList(
                treatment,
                title,
                meaning,
                tuple(own for own in open_ones if of_treatment[own.issue_id] == treatment),
            )
            for treatment, title, meaning in _LISTS
        ),
        outside=tuple(outside[:FIRST_OUTSIDE]),
        further_outside=tuple(outside[FIRST_OUTSIDE:]),
        divided=tuple(own for own in no_goal if share[own.issue_id] > MAJORITY),
        undecided=tuple(own for own in open_ones if own.goal and not of_treatment[own.issue_id]),
        n_rejected=len(rejected),
        least_people=LEAST_PEOPLE,
        least_answered=LEAST_ANSWERED,
        answered_percent=round(100 * ANSWERED_SHARE),
        majority_percent=round(100 * MAJORITY),
    )


def shade_bounds(most: int) -> tuple[int, ...]:
    """Largest count of every shade: equal steps of ratio, so that few voices can be told apart.

    Examples
    --------
    >>> shade_bounds(20)
    (2, 4, 7, 11, 20)
    >>> shade_bounds(0)
    (1, 1, 1, 1, 1)
    """
    most = max(most, 1)
    return tuple(math.ceil(round(most ** (step / SHADES), 9)) for step in range(1, SHADES + 1))


def _level(number: int, bounds: Sequence[int]) -> int:
    if not number:
        return 0
    return next(step for step, bound in enumerate(bounds, start=1) if number <= bound)


def _legend(bounds: Sequence[int]) -> tuple[tuple[int, str, Markup], ...]:
    """Shades that can occur, each with its range in words and a square to show it."""
    shown = [(0, "声なし")]
    least = 1
    for step, bound in enumerate(bounds, start=1):
        if bound >= least:
            shown.append((step, f"{least}件" if bound == least else f"{least}〜{bound}件"))
            least = bound + 1
    return tuple((level, text, _svg([(level, "")], "")) for level, text in shown)


def _goal(
    goal: Goal, actions: pd.DataFrame, measures: pd.DataFrame, bounds: Sequence[int]
) -> GoalCover:
    own = actions[actions["goal_id"] == goal.id]
    lines = read_actions(own)
    rows: dict[str, list[ActionRow]] = {}
    for action_id, measure_id in zip(own["action_id"], own["measure_id"], strict=True):
        rows.setdefault(measure_id, []).append(lines[action_id])
    figures = measures.set_index("measure_id")[["n_opinions", "n_respondents"]].to_dict("index")
    names = [(measure.id, measure.name) for measure in goal.measures]
    if "" in rows:
        names.append(("", "施策の下にない取り組み"))
    covers = []
    for measure_id, name in names:
        # Ids are numbers: 6-1-10 comes after 6-1-9.
        under_it = tuple(sorted(rows.get(measure_id, ()), key=lambda row: _natural(row.action_id)))
        figure = figures.get(measure_id, {})
        covers.append(
            MeasureCover(
                measure_id=measure_id,
                name=clean(name),
                n_opinions=int(figure.get("n_opinions", 0)),
                n_people=int(figure.get("n_respondents", 0)),
                actions=under_it,
                squares=_squares(measure_id or f"{goal.id}（施策なし）", under_it, bounds),
            )
        )
    return GoalCover(
        goal_id=goal.id,
        name=goal.name,
        n_actions=len(lines),
        n_silent=sum(not line.n_opinions for line in lines.values()),
        measures=tuple(covers),
    )


def _natural(own_id: str) -> list[tuple[int, str]]:
    return [(int(part) if part.isdecimal() else 0, part) for part in own_id.split("-")]


def _squares(label: str, rows: Sequence[ActionRow], bounds: Sequence[int]) -> Markup:
    """One square a line, its count in it; the same figures stand in the table."""
    said = "、".join(f"{row.action_id} {row.n_opinions}件" for row in rows)
    return _svg(
        [(_level(row.n_opinions, bounds), str(row.n_opinions)) for row in rows],
        f"{label}の取り組み：{said}",
    )


def _svg(squares: Sequence[tuple[int, str]], title: str) -> Markup:
    if not squares:
        return Markup()
    width = len(squares) * (_SIDE + _GAP)
    role = 'role="img"' if title else 'aria-hidden="true" focusable="false"'
    size = f'viewBox="0 0 {width} {_SIDE + 2}" width="{width}" height="{_SIDE + 2}"'
    parts = [f'<svg class="squares" {role} {size}>']
    if title:
        parts.append(f"<title>{escape(title)}</title>")
    for place, (level, number) in enumerate(squares):
        x = place * (_SIDE + _GAP) + 1
        parts.append(
            f'<rect class="s{level}" x="{x}" y="1" width="{_SIDE}" height="{_SIDE}" rx="2"/>'
        )
        if number:
            # Four digits and more are pressed together, so that they stay in their square.
            tight = f' textLength="{_SIDE - 4}" lengthAdjust="spacingAndGlyphs"'
            at = f'x="{x + _SIDE // 2}" y="{_SIDE // 2 + 6}"{tight if len(number) > MOST_DIGITS else ""}'
            parts.append(f'<text class="t{level}" {at}>{number}</text>')
    parts.append("</svg>")
    return Markup("".join(parts))  # noqa: S704 - numbers, and a title that is escaped


def _candidates(tables: Mapping[str, pd.DataFrame], plan: Plan) -> list[Candidate]:
    """Every issue with its proposal, those of most people first."""
    goals, measures = goal_labels(plan), measure_labels(plan)
    texts = dict(zip(tables["actions"]["action_id"], tables["actions"]["text"], strict=True))
    issues = tables["issues"].merge(
        tables["treatments"].drop(columns="measure_id"), on="issue_id", validate="one_to_one"
    )
    found = [
        Candidate(
            issue_id=row["issue_id"],
            title=clean(row["title"]),
            status=row["status"],
            n_opinions=row["n_opinions"],
            n_people=row["n_respondents"],
            kinds=tuple(
                (name, row[f"n_{kind}"]) for kind, name in OPINION_KINDS.items() if row[f"n_{kind}"]
            ),
            goal=goals.get(row["goal_id"], ""),
            measure=measures.get(row["measure_id"], ""),
            actions=tuple((own, clean(texts[own])) for own in row["action_ids"].split()),
            rule=row["rule"],
        )
        for row in issues.to_dict("records")
    ]
    return sorted(found, key=lambda own: (-own.n_people, -own.n_opinions, own.issue_id))
