"""Issues to goal links: the goal of an issue is that of its opinions.

An issue whose opinions speak to different goals is marked as one to split: a goal
that half of its voices do not speak to would send the others to the wrong measure.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

import pandas as pd

from pipeline.goals.opinions import COLUMNS, Assignment, links_table
from pipeline.plan import NO_GOAL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ISSUE_SHARE: Final = 0.5
ISSUE_SECOND_SHARE: Final = 0.3
"""Share of an issue's opinions that must speak to its goal, and to a second one."""

SPLIT_SHARE: Final = 0.3
"""Share of an issue's opinions from which a second goal means that it should be split."""

BY_OPINIONS: Final = "意見の判断"
"""Who gave an issue its goal where its opinions were decided and not itself."""

_ROUNDING: Final = 1e-9  # three thirds are one

FURTHER_COLUMNS: Final = ("goal_share", "goal_counts", "to_split")
"""Columns that only issues have, see :func:`link_issues`."""


def link_issues(
    issues: pd.DataFrame, opinions: pd.DataFrame, links: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give every issue the goal of its opinions.

    An opinion gives one vote: all of it to its goal, or two thirds and one third
    where it speaks to a second goal too. An issue has a goal when at least half
    (:data:`ISSUE_SHARE`) of its opinions' votes speak to it, and a second one from
    three tenths (:data:`ISSUE_SECOND_SHARE`). Its confidence is the share times the
    mean confidence of the opinions that speak to it; without a goal, the same of the
    opinions that have none.

    Parameters
    ----------
    issues
        ``issue_id``.
    opinions
        ``opinion_id``, ``issue_id`` and the columns of :func:`link_opinions`.
    links
        The opinions' goal links.

    Returns
    -------
    assigned : DataFrame
        Index of `issues`, columns :data:`~pipeline.goals.opinions.COLUMNS`; ``goal_score`` is the
        share. Further ``goal_share``, the share of the opinions whose first goal is that
        of the issue (0 without one), ``goal_counts``, the opinions under each goal, most
        first (``1:10 6:8 0:5``; 0 for none), and ``to_split``, 1 where two goals have
        :data:`SPLIT_SHARE` of the opinions each.
    issue_links : DataFrame
        Table ``goal_links``; evidence is the most frequent words, with ``n`` the
        number of opinions that have them.
    """
    said = _Said(opinions, links)
    rows: list[Assignment] = []
    made: list[dict[str, object]] = []
    for issue_id in issues["issue_id"]:
        shares = said.shares(issue_id)
        ranked = sorted(shares, key=lambda goal: (-round(shares[goal], 9), goal))
        row = _issue_row(said, issue_id, ranked, shares)
        rows.append(row)
        chosen = (row.goal_id, row.goal_id_2)
        for goal in ranked:
            if goal not in chosen and shares[goal] < ISSUE_SECOND_SHARE - _ROUNDING:
                continue
            made.append(
                {
                    "target_id": issue_id,
                    "goal_id": goal,
                    "measure_id": said.measure(issue_id, goal),
                    "score": shares[goal],
                    "evidence": _summary(said.evidence(issue_id, goal)),
                }
            )
    assigned = pd.DataFrame(rows, columns=list(COLUMNS), index=issues.index)
    named = assigned.assign(issue_id=issues["issue_id"])
    return count_goals(named, opinions).drop(columns="issue_id"), links_table(made)


class _Said:
    """What the opinions of every issue speak to, counted at once."""

    def __init__(self, opinions: pd.DataFrame, links: pd.DataFrame) -> None:
        grouped = opinions.groupby(["issue_id", "goal_id"], sort=True)
        alone = opinions[opinions["goal_id_2"] == ""]
        second = opinions[opinions["goal_id_2"] != ""]
        self._sizes = Counter(opinions["issue_id"].tolist())
        self._first = _counted(opinions, "issue_id", "goal_id")
        self._alone = _counted(alone, "issue_id", "goal_id")
        self._second = _counted(second, "issue_id", "goal_id_2")
        means = grouped["goal_confidence"].mean()
        self._sure = dict(zip(means.index.tolist(), means.tolist(), strict=True))
        issue_of = pd.Series(
            opinions["issue_id"].to_numpy(), index=pd.Index(opinions["opinion_id"])
        )
        own = links.assign(issue_id=issue_of.reindex(links["target_id"]).to_numpy())
        own = own[own["issue_id"].notna()]
        self._measures: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        named = own[own["measure_id"] != ""]
        for (issue, goal, measure), count in _counted(
            named, "issue_id", "goal_id", "measure_id"
        ).items():
            self._measures[issue, goal][measure] = count
        self._evidence = own.groupby(["issue_id", "goal_id"])["evidence"]
        self._with_evidence = set(self._evidence.groups) if len(own) else set()

    def shares(self, issue_id: str) -> dict[str, float]:
        """Goal → share of an issue's opinions' votes; opinions without a goal count too."""
        size = self._sizes[issue_id]
        votes: dict[str, float] = defaultdict(float)
        for (issue, goal), count in self._first.items():
            if issue == issue_id and goal:
                alone = self._alone[issue, goal]
                votes[goal] += alone + (count - alone) * 2 / 3
        for (issue, goal), count in self._second.items():
            if issue == issue_id:
                votes[goal] += count / 3
        return {goal: votes[goal] / size for goal in sorted(votes)}

    def n_first(self, issue_id: str, goal: str) -> int:
        """Opinions whose first goal this is, or that have none."""
        return self._first[issue_id, goal]

    def confidence(self, issue_id: str, goal: str) -> float:
        """Mean confidence of the opinions whose first goal this is."""
        return float(self._sure.get((issue_id, goal), 0.0))

    def sure(self, issue_id: str, goal: str) -> float:
        """Share of the opinions whose first goal this is (or that have none), times how sure."""
        size = self._sizes[issue_id]
        share = self.n_first(issue_id, goal) / size if size else 0.0
        return share * self.confidence(issue_id, goal)

    def measure(self, issue_id: str, goal: str) -> str:
        """Measure that most of the opinions under the goal have."""
        counts = self._measures.get((issue_id, goal), Counter())
        return min(counts, key=lambda measure: (-counts[measure], measure)) if counts else ""

    def evidence(self, issue_id: str, goal: str) -> list[str]:
        """What speaks for the goal in every opinion of an issue."""
        key = (issue_id, goal)
        return self._evidence.get_group(key).tolist() if key in self._with_evidence else []


def beside(corrected: pd.DataFrame, proposed: pd.DataFrame) -> pd.DataFrame:
    """Goals of issues whose opinions were decided, with what the machine proposed beside.

    Parameters
    ----------
    corrected, proposed
        What :func:`link_issues` makes of the opinions with and without decisions.

    Returns
    -------
    DataFrame
        ``machine_goal_id`` and ``goal_confidence`` are the machine's; ``assigned_by`` is
        :data:`BY_OPINIONS` where the decided opinions gave the issue another goal.
    """
    changed = (corrected["goal_id"] != proposed["goal_id"]) & (corrected["goal_id"] != "")
    return corrected.assign(
        machine_goal_id=proposed["machine_goal_id"],
        goal_confidence=proposed["goal_confidence"],
        assigned_by=corrected["assigned_by"].where(~changed, BY_OPINIONS),
    )


def all_links(*tables: pd.DataFrame) -> pd.DataFrame:
    """Links of opinions and issues; of several between the same two the first."""
    joined = pd.concat(tables, ignore_index=True)
    return joined.drop_duplicates(["target_id", "goal_id"], ignore_index=True)


def count_goals(issues: pd.DataFrame, opinions: pd.DataFrame) -> pd.DataFrame:
    """Count the goals of every issue's opinions, also anew after decisions.

    Parameters
    ----------
    issues
        ``issue_id, goal_id``.
    opinions
        ``issue_id, goal_id``.

    Returns
    -------
    DataFrame
        `issues` with the columns :data:`FURTHER_COLUMNS`.
    """
    members = dict(iter(opinions.groupby("issue_id", sort=True)["goal_id"]))
    nobody = opinions["goal_id"].iloc[:0]
    spreads = [
        _spread(members.get(own, nobody), goal)
        for own, goal in zip(issues["issue_id"], issues["goal_id"], strict=True)
    ]
    further = pd.DataFrame(spreads, columns=list(FURTHER_COLUMNS), index=issues.index)
    return issues.assign(**{name: further[name] for name in FURTHER_COLUMNS})


def _spread(goals: pd.Series[str], goal_id: str) -> tuple[float, str, int]:
    """How the first goals of an issue's opinions are spread."""
    counts = Counter(goals)
    ranked = sorted(counts, key=lambda goal: (-counts[goal], goal))
    shown = " ".join(f"{goal or NO_GOAL}:{counts[goal]}" for goal in ranked)
    large = [goal for goal in ranked if goal and counts[goal] >= SPLIT_SHARE * len(goals)]
    share = counts[goal_id] / len(goals) if goal_id else 0.0
    return share, shown, int(len(large) > 1)


def _counted(table: pd.DataFrame, *columns: str) -> Counter[tuple[str, ...]]:
    """How many rows have each combination of values."""
    sizes = table.groupby(list(columns), sort=True).size()
    return Counter(dict(zip(sizes.index.tolist(), sizes.tolist(), strict=True)))


def _issue_row(
    said: _Said, issue_id: str, ranked: Sequence[str], shares: Mapping[str, float]
) -> Assignment:
    """Weigh the shares of one issue."""
    best = ranked[0] if ranked else ""
    if not best or shares[best] < ISSUE_SHARE - _ROUNDING:
        score = shares[best] if best else 0.0
        return Assignment(goal_score=score, goal_confidence=said.sure(issue_id, ""))
    second = ranked[1] if len(ranked) > 1 else ""
    if second and shares[second] < ISSUE_SECOND_SHARE - _ROUNDING:
        second = ""
    sure = shares[best] * said.confidence(issue_id, best)
    measure = said.measure(issue_id, best)
    return Assignment(best, best, shares[best], sure, second, measure, "machine")


def _summary(evidence: Sequence[str], n_words: int = 10) -> str:
    """Evidence of an issue: the words that stand in most of its opinions."""
    n_having: Counter[tuple[str, str, str]] = Counter()
    weight: dict[tuple[str, str, str], float] = defaultdict(float)
    for own in evidence:
        parts = json.loads(own)
        for key in {(part["word"], part["source"], part["rule"]) for part in parts}:
            n_having[key] += 1
        for part in parts:
            weight[part["word"], part["source"], part["rule"]] += part["weight"]
    ranked = sorted(n_having, key=lambda key: (-n_having[key], -round(weight[key], 6), key))
    return json.dumps(
        [
            {
                "word": key[0],
                "start": None,
                "end": None,
                "weight": round(weight[key], 4),
                "source": key[1],
                "rule": key[2],
                "n": n_having[key],
            }
            for key in ranked[:n_words]
        ],
        ensure_ascii=False,
    )
