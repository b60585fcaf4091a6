"""How far a run agrees with columns of labels, and how far these agree with each other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from pipeline.agreement.coders import cohen_kappa, krippendorff_alpha
from pipeline.agreement.groups import GroupAgreement, compare_groups, rand_index
from pipeline.agreement.named import (
    LinkScores,
    Scores,
    resolve_truth,
    score_labels,
    score_links,
)
from pipeline.agreement.values import NONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.agreement.answers import AnswerLabels
    from pipeline.agreement.labels import Row
    from pipeline.agreement.values import LabelColumn, What


@dataclass(frozen=True)
class LabelAgreement:
    """How well goals, measures or kinds agree with one column of labels.

    Attributes
    ----------
    links
        Of goals only.
    n_set_aside
        Rows that the run took for answers that say nothing, and so for none.
    n_split
        Rows whose label was made of several opinions.
    n_under_goal, right_under_goal
        Of measures: the rows whose goal is right, and the share of right measures there.
    """

    label: str
    what: What
    scores: Scores
    links: LinkScores | None
    n_set_aside: int
    n_split: int
    n_under_goal: int = 0
    right_under_goal: float | None = None


@dataclass(frozen=True)
class PeopleAgreement:
    """How far two label columns agree, where both have a label and the run has the row.

    Attributes
    ----------
    ari
        Of groupings.
    same, kappa, alpha
        Of names: share of equal labels, Cohen's κ, Krippendorff's α.
    """

    one: str
    other: str
    what: What
    n_rows: int
    ari: float | None = None
    same: float | None = None
    kappa: float | None = None
    alpha: float | None = None


def compared_rows(column: LabelColumn, rows: Sequence[Row]) -> list[int]:
    """Places of the rows that have a label, and of which the run says something.

    An answer that was set aside has no opinion. That it has no goal is a judgement, too.
    """
    judged_without_opinion = column.what in {"goal", "measure"}
    return [
        place
        for place, row in enumerate(rows)
        if column.accepted[place] and (row.opinion_ids or row.set_aside & judged_without_opinion)
    ]


def compare_issues(
    column: LabelColumn, rows: Sequence[Row], issue_of: Sequence[str], group_of: Sequence[str]
) -> GroupAgreement:
    """Compare issues with a column of groups.

    Parameters
    ----------
    issue_of, group_of
        Issue of every row, empty where it stands alone; the same with a group of its own
        for what stands alone.
    """
    used = compared_rows(column, rows)
    return compare_groups(
        column.name,
        [column.accepted[row][0] for row in used],
        [group_of[row] for row in used],
        [issue_of[row] for row in used],
    )


def compare_labels(
    column: LabelColumn,
    rows: Sequence[Row],
    said: Sequence[AnswerLabels],
    names: Mapping[str, str],
    *,
    reviewed: bool,
) -> LabelAgreement:
    """Compare what was said of every row with a column of goals, measures or kinds.

    Parameters
    ----------
    names
        Labels that can stand there, in their order.
    reviewed
        Whether people decided on goals: then the machine's confidence says nothing of them.
    """
    used = compared_rows(column, rows)
    machine = [said[row].label(column.what) for row in used]
    truth = resolve_truth(machine, [column.accepted[row] for row in used])
    # A plan may have changed since the run.
    values = [*names, *sorted(set(machine) - set(names))]
    goals = [said[row].goal for row in used]
    under_goal = [
        label == given
        for label, given, goal in zip(truth, machine, goals, strict=True)
        if column.what == "measure" and label.startswith(f"{goal}-")
    ]
    sure = None if reviewed else [said[row].confidence for row in used]
    return LabelAgreement(
        label=column.name,
        what=column.what,
        scores=score_labels(truth, machine, values),
        links=score_links(truth, machine, sure, NONE) if column.what == "goal" else None,
        n_set_aside=sum(rows[row].set_aside for row in used),
        n_split=sum(rows[row].split for row in used),
        n_under_goal=len(under_goal),
        right_under_goal=sum(under_goal) / len(under_goal) if under_goal else None,
    )


def compare_people(
    columns: Sequence[LabelColumn], rows: Sequence[Row]
) -> Iterator[PeopleAgreement]:
    """Compare every two columns that hold the same, and one label a row."""
    single = [column for column in columns if not column.several]
    for one, other in combinations(single, 2):
        if one.what != other.what:
            continue
        used = [row for row in compared_rows(one, rows) if other.accepted[row]]
        first, second = ([column.accepted[row][0] for row in used] for column in (one, other))
        pair = PeopleAgreement(one.name, other.name, one.what, len(used))
        if len(used) < 2:
            continue
        if one.what == "group":
            yield replace(pair, ari=rand_index(first, second))
        else:
            yield replace(
                pair,
                same=sum(map(str.__eq__, first, second)) / len(used),
                kappa=cohen_kappa(first, second),
                alpha=krippendorff_alpha(first, second),
            )
