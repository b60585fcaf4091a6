"""Saved tables → what 課題整理シート and 基本目標別一覧 show; every figure is counted here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pipeline.lookups import goal_labels, measure_labels, with_answers
from pipeline.papers.views import (
    About,
    Action,
    Aside,
    Chapter,
    Contents,
    Issue,
    Measure,
    Origin,
    Tally,
    Treatment,
    Voice,
)
from pipeline.study import KIND_LABELS, PREVIOUS_PLAN
from pipeline.treatments import MAJORITY
from pipeline.wording import (
    ADOPTED,
    HELD,
    NO_GOAL,
    OPINION_KINDS,
    REJECTED,
    clean,
    confidence,
    is_person,
    source_kind,
    stage,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from pipeline.papers.loading import RunTables
    from pipeline.plan import Action as PlanAction
    from pipeline.plan import Goal, Plan

REPRESENTATIVES: Final = 3
"""Voices of every issue."""

QUESTION_SHOWN: Final = 16
"""Characters of a question beside a voice."""

_ORDER: Final = (ADOPTED, "", HELD)


def build_contents(run: RunTables) -> Contents:
    """Count and look up everything that the papers about issues show."""
    tables, plan = run.tables, run.plan
    opinions = with_answers(tables["opinions"], tables["answers"])
    treatments = _treatments(tables.get("treatments"), plan)
    issues = _issues(run, opinions, treatments)
    actions = _by_id(tables.get("actions"), "action_id")
    measures = _by_id(tables["measures"], "measure_id")
    chapters = [_chapter(goal, opinions, issues, measures, actions) for goal in plan.goals]
    # A goal that the plan no longer has must not hide what stands under it.
    known = {goal.id for goal in plan.goals}
    named = {*opinions["goal_id"], *tables["issues"]["goal_id"]}
    strange = sorted({str(own) for own in named} - known - {""})
    for goal_id in (*strange, ""):
        tally = _tally(goal_id or NO_GOAL, goal_id, opinions, issues)
        shown = _in_order(one for one in issues if one.goal_id == goal_id)
        chapters.append(Chapter(goal_id, tally.goal, "", tally, (), (), shown))
    return Contents(
        about=_about(run, opinions),
        chapters=tuple(chapters),
        rejected=tuple(one for one in issues if one.status == REJECTED),
        asides=_asides(tables["set_aside"]),
        has_treatments="treatments" in tables,
        has_actions="actions" in tables,
    )


def count_people(joined: pd.DataFrame) -> int:
    """Respondents that can be told apart, of rows with ``respondent_id``."""
    known = joined["respondent_id"]
    return int(known[known != ""].nunique())


def wording_of(opinions: pd.DataFrame) -> pd.Series[str]:
    """The opinion that stands for all of the same wording."""
    return opinions["duplicate_of"].where(opinions["duplicate_of"] != "", opinions["opinion_id"])


def _about(run: RunTables, opinions: pd.DataFrame) -> About:
    answers = run.tables["answers"]
    present = set(answers["source_kind"])
    kinds = [
        *(kind for kind in KIND_LABELS if kind in present),
        *sorted(present - set(KIND_LABELS)),
    ]
    origins = []
    for kind in kinds:
        asked, own = answers[answers["source_kind"] == kind], opinions["source_kind"] == kind
        origins.append(
            Origin(source_kind(kind), len(asked), int(own.sum()), count_people(opinions[own]))
        )
    return About(
        title=clean(run.title),
        plan=clean(run.plan.title),
        period=clean(run.plan.period),
        run_id=clean(str(run.manifest.get("run_id", ""))),
        version=clean(str(run.manifest.get("kadai_version", ""))),
        n_answers=len(answers),
        n_answering=count_people(answers),
        n_people=count_people(opinions),
        n_unknown=int(
            ((opinions["respondent_id"] == "") & (opinions["source_kind"] != PREVIOUS_PLAN)).sum()
        ),
        n_opinions=len(opinions),
        n_distinct=int((opinions["duplicate_of"] == "").sum()),
        n_issues=len(run.tables["issues"]),
        n_alone=int((opinions["issue_id"] == "").sum()),
        n_silent_answers=len(set(answers["answer_id"]) - set(opinions["answer_id"])),
        origins=tuple(origins),
    )


def _issues(
    run: RunTables, opinions: pd.DataFrame, treatments: Mapping[str, Treatment]
) -> list[Issue]:
    """All issues, the largest first, ties by id."""
    labels = {"": "", **goal_labels(run.plan), **measure_labels(run.plan)}
    reasons = _reasons(run.tables["applied_decisions"])
    members = {str(own): rows for own, rows in opinions.groupby("issue_id")}
    made = []
    for row in run.tables["issues"].to_dict("records"):
        own, by_person = row["issue_id"], is_person(row["assigned_by"])
        names = row["representative_opinion_ids"].split()
        made.append(
            Issue(
                issue_id=own,
                title=clean(row["title"]),
                words=clean(row["words"]),
                n_opinions=row["n_opinions"],
                n_distinct=row["n_distinct"],
                n_people=row["n_respondents"],
                goal_id=row["goal_id"],
                goal=clean(labels.get(row["goal_id"], row["goal_id"])),
                second_goal=clean(labels.get(row["goal_id_2"], row["goal_id_2"])),
                measure=clean(labels.get(row["measure_id"], row["measure_id"])),
                stability=row["stability_word"],
                status=row["status"],
                reviewed_by=clean(row["reviewed_by"]),
                confidence="" if by_person else confidence(row["goal_confidence"]),
                decided_by=clean(row["assigned_by"]) if by_person else "",
                to_split=bool(row["to_split"]),
                is_divided=not row["goal_id"] and _is_divided(members.get(own)),
                response=clean(row.get("response", "")),
                reason=reasons.get(own, "") or clean(row["comment"]).strip(),
                kinds=_kinds(members.get(own)),
                voices=_voices(members.get(own), names),
                treatment=treatments.get(own, Treatment()),
            )
        )
    return sorted(made, key=lambda one: (-one.n_opinions, one.issue_id))


def _is_divided(members: pd.DataFrame | None) -> bool:
    """Whether most opinions stand under a goal, as the report tells it."""
    return members is not None and float((members["goal_id"] != "").mean()) > MAJORITY


def _kinds(members: pd.DataFrame | None) -> tuple[tuple[str, int], ...]:
    counts = {} if members is None else members["kind"].value_counts().to_dict()
    return tuple((name, int(counts.get(kind, 0))) for kind, name in OPINION_KINDS.items())


def _voices(members: pd.DataFrame | None, names: Sequence[str]) -> tuple[Voice, ...]:
    """Representatives in their order, each wording once."""
    if members is None:
        return ()
    wording = wording_of(members)
    rows = {str(row["opinion_id"]): row for row in members.to_dict("records")}
    keys = dict(zip(members["opinion_id"], wording, strict=True))
    times = wording.value_counts().to_dict()
    chosen: dict[str, Voice] = {}
    for name in names:
        if name in rows and keys[name] not in chosen:
            row = rows[name]
            source = _source(row["source_kind"], row["question"])
            chosen[keys[name]] = Voice(clean(row["text"]).strip(), times[keys[name]], source)
    return tuple(chosen.values())[:REPRESENTATIVES]


def _source(kind: str, question: str) -> str:
    shown = " ".join(clean(question).split())
    if len(shown) > QUESTION_SHOWN:
        shown = shown[:QUESTION_SHOWN] + "…"
    return f"{source_kind(kind)}・{shown}" if shown else source_kind(kind)


def _reasons(decisions: pd.DataFrame) -> dict[str, str]:
    """Issue → why it was judged as it is."""
    standing = decisions[(decisions["field"] == "status") & (decisions["stands"] == 1)]
    pairs = zip(standing["applied_to"], standing["reason"], strict=True)
    return {own: clean(reason).strip() for own, reason in pairs}


def _treatments(table: pd.DataFrame | None, plan: Plan) -> dict[str, Treatment]:
    if table is None:
        return {}
    texts = {action.id: f"{action.id} {action.text}" for action in _plan_actions(plan)}
    return {
        row["issue_id"]: Treatment(
            clean(row["treatment"]),
            clean(row["rule"]),
            tuple(
                clean(texts.get(own, own))
                for own in row["action_ids"].replace("、", " ").replace(",", " ").split()
            ),
        )
        for row in table.to_dict("records")
    }


def _plan_actions(plan: Plan) -> Iterable[PlanAction]:
    for goal in plan.goals:
        for measure in goal.measures:
            yield from measure.actions
        yield from goal.other_actions


def _by_id(table: pd.DataFrame | None, key: str) -> dict[str, dict[Any, Any]]:
    return {} if table is None else {row[key]: row for row in table.to_dict("records")}


def _chapter(
    goal: Goal,
    opinions: pd.DataFrame,
    issues: Sequence[Issue],
    measures: Mapping[str, Mapping[Any, Any]],
    actions: Mapping[str, Mapping[Any, Any]],
) -> Chapter:
    label = clean(f"{goal.id} {goal.name}")
    under_it = []
    for measure in goal.measures:
        row = measures.get(measure.id, {})
        under_it.append(
            Measure(
                measure_id=measure.id,
                name=clean(measure.name),
                n_opinions=row.get("n_opinions", 0),
                n_issues=row.get("n_issues", 0),
                n_people=row.get("n_respondents", 0),
                actions=tuple(_action(one, actions) for one in measure.actions),
            )
        )
    return Chapter(
        goal_id=goal.id,
        label=label,
        slogan=clean(goal.slogan),
        tally=_tally(label, goal.id, opinions, issues),
        measures=tuple(under_it),
        other_actions=tuple(_action(one, actions) for one in goal.other_actions),
        issues=_in_order(one for one in issues if one.goal_id == goal.id),
    )


def _action(action: PlanAction, counted: Mapping[str, Mapping[Any, Any]]) -> Action:
    row = counted.get(action.id)
    known = (action.id, clean(action.text), clean(action.status))
    if row is None:
        return Action(*known)
    return Action(*known, row["n_opinions"], row["n_respondents"], clean(row["words"]))


def _tally(label: str, goal_id: str, opinions: pd.DataFrame, issues: Sequence[Issue]) -> Tally:
    own = opinions[opinions["goal_id"] == goal_id]
    statuses = [one.status for one in issues if one.goal_id == goal_id]
    return Tally(
        goal=label,
        n_issues=len(statuses),
        n_opinions=len(own),
        n_people=count_people(own),
        n_alone=int((own["issue_id"] == "").sum()),
        adopted=statuses.count(ADOPTED),
        held=statuses.count(HELD),
        rejected=statuses.count(REJECTED),
        unjudged=statuses.count(""),
    )


def _in_order(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Adopted, not judged, held; without the rejected. The order inside each is kept."""
    kept = [one for one in issues if one.status in _ORDER]
    return tuple(sorted(kept, key=lambda one: _ORDER.index(one.status)))


def _asides(set_aside: pd.DataFrame) -> tuple[Aside, ...]:
    made = [
        Aside(stage(str(own)), clean(str(reason)), len(rows), rows["answer_id"].nunique())
        for (own, reason), rows in set_aside.groupby(["stage", "reason"])
    ]
    return tuple(sorted(made, key=lambda one: (-one.n_pieces, one.stage, one.reason)))
