"""How far the issues of a run agree with a person's own grouping."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sklearn import metrics

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class GroupAgreement:
    """How well the issues agree with one column of labels.

    Attributes
    ----------
    label
        Name of the column.
    n_rows
        Rows that have a label and an opinion in the run.
    n_labels, n_issues
        Labels and issues among them; what stands alone is in no issue.
    alone
        Share of the rows whose opinion stands alone.
    ari, v_measure, homogeneity, completeness
        Adjusted Rand index (Hubert and Arabie 1985) and V-measure (Rosenberg and
        Hirschberg 2007), which is the normalized mutual information, too.
    precision, recall, f1
        Of pairs of rows that are together; ``None`` where there are none.
    """

    label: str
    n_rows: int
    n_labels: int
    n_issues: int
    alone: float
    ari: float
    v_measure: float
    homogeneity: float
    completeness: float
    precision: float | None
    recall: float | None
    f1: float | None


def compare_groups(
    name: str, people: Sequence[str], run: Sequence[str], issues: Sequence[str]
) -> GroupAgreement:
    """Compare two groupings of the same rows.

    Parameters
    ----------
    name
        Of the label column.
    people, run
        Group of every row; what stands alone in the run has a group of its own.
    issues
        Issue of every row; empty where it stands alone.
    """
    homogeneity, completeness, v_measure = metrics.homogeneity_completeness_v_measure(people, run)
    (_, only_run), (only_people, both) = metrics.cluster.pair_confusion_matrix(people, run).tolist()
    return GroupAgreement(
        label=name,
        n_rows=len(people),
        n_labels=len(set(people)),
        n_issues=len(set(issues) - {""}),
        alone=issues.count("") / len(issues),
        ari=rand_index(people, run),
        v_measure=float(v_measure),
        homogeneity=float(homogeneity),
        completeness=float(completeness),
        precision=_ratio(both, both + only_run),
        recall=_ratio(both, both + only_people),
        f1=_ratio(2 * both, 2 * both + only_run + only_people),
    )


def rand_index(one: Sequence[str], other: Sequence[str]) -> float:
    """Adjusted Rand index of two groupings: 1 where they are the same, 0 as by chance."""
    return float(metrics.adjusted_rand_score(one, other))


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
