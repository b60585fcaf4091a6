"""Saved tables → what the report shows; every figure is counted here and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.disclosure import policy_of
from pipeline.lookups import (
    by_person,
    decided_goals,
    goal_evidence,
    goal_labels,
    measure_labels,
    with_answers,
)
from pipeline.report import charts, views
from pipeline.report.attributes import build_attributes
from pipeline.report.changes import find_changes
from pipeline.report.comparison import build_comparison
from pipeline.report.consultation import build_consultation
from pipeline.report.coverage import build_coverage
from pipeline.report.decisions import build_decisions
from pipeline.report.doubts import DOUBTS_SHOWN, find_doubts
from pipeline.report.goal_charts import issue_matrix, source_bars
from pipeline.report.issue_views import build_issues
from pipeline.report.ledger import build_ledger, build_reasons, count_ledger
from pipeline.report.lessons import build_lessons
from pipeline.report.methods import build_methods, read_ledger
from pipeline.report.network import build_network
from pipeline.report.opinion_map import MOST_POINTS, build_map
from pipeline.report.planned import build_measures, read_actions, rows_of
from pipeline.report.previous_plan import build_previous_plan
from pipeline.report.progress import build_progress
from pipeline.report.search import build_search, label_voices
from pipeline.report.told import ALONE, ELSEWHERE, choose_told
from pipeline.report.voices import Opinion, by_issue, choose_voices, opinion_rows
from pipeline.study import PREVIOUS_PLAN
from pipeline.textcolumns import among
from pipeline.wording import (
    CONFIDENCE_HIGH,
    CONFIDENCE_MIDDLE,
    NO_GOAL,
    clean,
    percent,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from pipeline.plan import Goal, Plan
    from pipeline.report.issue import Issue
    from pipeline.report.planned import ActionRow, MeasureRow
    from pipeline.report.told import Told
    from pipeline.study import Study

LARGE_RUN = 3000
"""Distinct opinions above which a report shows some and not all voices."""

VOICES_IN_LARGE_RUN = 30
"""Voices of one issue that are shown then."""

_COUNTED = (
    "opinion_id", "answer_id", "duplicate_of", "issue_id", "machine_issue_id", "issue_strength",
    "goal_id", "goal_confidence", "withheld_goal_id", "measure_id", "kind", "assigned_by",
)  # fmt: skip
"""Columns of opinions that are counted: all but those that only voices need."""

LARGEST_SHOWN = 10
"""Issues on the first screen."""

NAMED_UNDER_GOAL = 3
"""Issues that are named beside every goal there."""


def build_report(
    tables: Mapping[str, pd.DataFrame],
    plan: Plan,
    study: Study,
    manifest: Mapping[str, object],
) -> views.Report:
    """Make plain view data of saved tables; parameters as :func:`~pipeline.report.write_report`."""
    opinions = with_answers(tables["opinions"][list(_COUNTED)], tables["answers"])
    opinions["unsure"] = is_unsure(opinions)
    counted = count_ledger(tables)
    limit = VOICES_IN_LARGE_RUN if counted["distinct_opinions"] > LARGE_RUN else 0
    labels = goal_labels(plan)
    representatives = " ".join(tables["issues"]["representative_opinion_ids"].tolist()).split()
    shown = choose_told(opinions, tables["issues"], representatives, limit)
    voices = tables["opinions"][shown.is_shown]
    links = tables["goal_links"]
    linked = [*voices["opinion_id"].tolist(), *tables["issues"]["issue_id"].tolist()]
    evidence = goal_evidence(links[among(links["target_id"], linked)])
    changes = find_changes(opinions, tables["machine_issues"])
    decided = decided_goals(tables["applied_decisions"])
    attributes = build_attributes(tables, labels, policy_of(study.publication))
    told = label_voices(attributes.safe, attributes.order)
    parts = labels | measure_labels(plan)
    answers = tables["answers"]
    asked = answers[among(answers["answer_id"], voices["answer_id"])]
    every = opinion_rows(
        with_answers(voices, asked), evidence, decided, changes.moved_from, told[0], parts
    )
    rows = by_issue(every)
    issues = build_issues(tables, plan, rows, evidence, changes, limit, shown)
    actions = read_actions(tables["actions"])
    measures = build_measures(plan, tables["measures"], opinions, actions)
    heat = charts.heat(opinions, labels)
    no_goal = [issue for issue in issues if not issue.goal_id and not issue.is_rejected]
    return views.Report(
        title=clean(study.title),
        plan_title=plan.title,
        plan_period=plan.period,
        overview=_overview(tables, opinions, labels, issues),
        search=build_search(opinions, tables["issues"], labels, told[1], limit),
        progress=build_progress(tables, labels),
        coverage=build_coverage(tables, plan),
        heat=heat,
        attributes=attributes,
        source_bars=source_bars(heat),
        matrix=issue_matrix(
            [issue for issue in issues if not issue.is_rejected], shown.by_goal, labels
        ),
        map=build_map(tables, labels, manifest, MOST_POINTS if limit else 0),
        network=build_network(tables),
        goals=tuple(
            _goal(goal, opinions, every, issues, measures, actions, limit, shown)
            for goal in plan.goals
        ),
        states_sdgs=bool((tables["measures"]["sdgs"] != "").any()),
        no_goal_groups=_grouped(no_goal),
        n_no_goal_issues=len(no_goal),
        rejected=tuple(issue for issue in issues if issue.is_rejected),
        alone=_alone(rows.get("", []), labels, limit, shown),
        lessons=build_lessons(tables, labels),
        decisions=build_decisions(tables, plan),
        reasons=build_reasons(tables["set_aside"]),
        ledger=build_ledger(tables, labels, read_ledger(manifest)),
        methods=build_methods(manifest, counted, plan.id),
        confidence_high=CONFIDENCE_HIGH,
        confidence_middle=CONFIDENCE_MIDDLE,
        comparison=build_comparison(tables, manifest),
        consultation=build_consultation(tables, plan, manifest),
        previous_plan=build_previous_plan(tables),
    )


def is_unsure(links: pd.DataFrame) -> pd.Series[bool]:
    """Rows of whose goal, or of having none, the program is not sure and that no person settled.

    Parameters
    ----------
    links
        Opinions or issues: ``goal_confidence, assigned_by``.
    """
    return ~by_person(links["assigned_by"]) & (links["goal_confidence"] < CONFIDENCE_MIDDLE)


def _overview(
    tables: Mapping[str, pd.DataFrame],
    opinions: pd.DataFrame,
    labels: Mapping[str, str],
    issues: Sequence[Issue],
) -> views.Overview:
    total, n_unsure = len(opinions), int(opinions["unsure"].sum())
    n_no_goal = int((opinions["goal_id"] == "").sum())
    n_last_plan = int((opinions["source_kind"] == PREVIOUS_PLAN).sum())
    kept = [issue for issue in issues if not issue.is_rejected]
    doubts = find_doubts(kept)
    rows = []
    for goal_id, label in {**labels, "": NO_GOAL}.items():
        own = opinions[opinions["goal_id"] == goal_id]
        n_people, unsure = charts.n_people(own), int(own["unsure"].sum())
        part = percent(len(own), total)
        under_it = [issue for issue in kept if issue.goal_id == goal_id]
        named = tuple(under_it[:NAMED_UNDER_GOAL])
        rows.append(
            views.GoalRow(goal_id, label, len(own), n_people, unsure, part, len(under_it), named)
        )
    return views.Overview(
        n_answers=len(tables["answers"]),
        n_answering=charts.n_people(tables["answers"]),
        n_people=charts.n_people(opinions),
        n_unknown_speakers=int((opinions["respondent_id"] == "").sum()) - n_last_plan,
        n_last_plan=n_last_plan,
        n_opinions=total,
        n_distinct=int((opinions["duplicate_of"] == "").sum()),
        n_issues=len(issues),
        n_rejected_issues=len(issues) - len(kept),
        n_no_goal=n_no_goal,
        n_withheld=int(((opinions["goal_id"] == "") & (opinions["withheld_goal_id"] != "")).sum()),
        share_no_goal=percent(n_no_goal, total),
        n_unsure=n_unsure,
        share_unsure=percent(n_unsure, total),
        n_unsure_issues=int(is_unsure(tables["issues"]).sum()),
        n_alone=int((opinions["issue_id"] == "").sum()),
        goals=tuple(rows),
        largest=tuple(kept[:LARGEST_SHOWN]),
        doubts=tuple(doubts[:DOUBTS_SHOWN]),
        n_doubts=len(doubts),
    )


def _goal(
    goal: Goal,
    opinions: pd.DataFrame,
    rows: Sequence[Opinion],
    issues: Sequence[Issue],
    measures: Mapping[str, MeasureRow],
    actions: Mapping[str, ActionRow],
    limit: int,
    told: Told,
) -> views.Goal:
    own = opinions[opinions["goal_id"] == goal.id]
    under_it = tuple(
        issue for issue in issues if issue.goal_id == goal.id and not issue.is_rejected
    )
    inside = {issue.issue_id for issue in under_it}
    rejected = {issue.issue_id: issue for issue in issues if issue.is_rejected}
    n_own = int(own["issue_id"].isin(inside).sum())
    elsewhere = [
        row._replace(strength=row.goal_confidence)
        for row in rows
        if row.goal_id == goal.id
        and row.issue_id
        and row.issue_id not in inside
        and row.issue_id not in rejected
    ]
    n_rejected = int(own["issue_id"].isin(rejected).sum())
    n_alone = int((own["issue_id"] == "").sum())
    under_them = tuple(measures[one.id] for one in goal.measures if one.id in measures)
    return views.Goal(
        goal_id=goal.id,
        name=goal.name,
        slogan=goal.slogan,
        summary=goal.summary,
        n_opinions=len(own),
        n_people=charts.n_people(own),
        n_unsure=int(own["unsure"].sum()),
        n_own=n_own,
        n_elsewhere=len(own) - n_own - n_rejected - n_alone,
        n_rejected=n_rejected,
        n_rejected_issues=sum(issue.goal_id == goal.id for issue in rejected.values()),
        n_alone=n_alone,
        n_without_measure=len(own) - sum(measure.n_opinions for measure in under_them),
        problems=goal.problems,
        outlook=goal.outlook,
        measures=under_them,
        other_actions=rows_of(goal.other_actions, actions),
        issues=under_it,
        elsewhere=choose_voices(
            elsewhere, limit=limit, n_wordings=told.n_wordings.get((ELSEWHERE, goal.id), 0)
        )[1],
    )


def _grouped(issues: Sequence[Issue]) -> tuple[views.IssueGroup, ...]:
    """Issues by their group; the group with most opinions first."""
    found: dict[str, list[Issue]] = {}
    for issue in issues:
        found.setdefault(issue.group or "そのほか", []).append(issue)
    groups = [
        views.IssueGroup(title, sum(issue.n_opinions for issue in members), tuple(members))
        for title, members in found.items()
    ]
    return tuple(sorted(groups, key=lambda group: (-group.n_opinions, group.title)))


def _alone(
    rows: Sequence[Opinion], labels: Mapping[str, str], limit: int, told: Told
) -> tuple[views.AloneGroup, ...]:
    groups = []
    for goal_id, label in {**labels, "": NO_GOAL}.items():
        own = [row for row in rows if row.goal_id == goal_id]
        if own:
            n_wordings = told.n_wordings[ALONE, goal_id]
            _, listed = choose_voices(own, limit=limit, n_wordings=n_wordings)
            groups.append(views.AloneGroup(goal_id, label, told.by_goal[""][goal_id], listed))
    return tuple(groups)
