"""What stands in the reviewers' workbook: sheets of columns and rows, without any format."""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING, Any

from pipeline.decision_words import field_name, shown_masks, shown_moment, shown_value
from pipeline.decisions import FIELDS, ISSUE_TAKEN_BACK, MEMBERS, PRIVACY_FIELDS
from pipeline.lookups import (
    by_person,
    goal_labels,
    measure_labels,
    stated_sdgs,
    suggested_sdgs,
    with_answers,
)
from pipeline.privacy import LABEL
from pipeline.review.columns import (
    ADDRESSED,
    ASIDE_SHEET,
    CARRIED_COLUMNS,
    CARRIED_SHEET,
    COMMENTS,
    GOAL_COLUMNS,
    GOAL_SHEET,
    ISSUE_COLUMNS,
    ISSUE_SHEET,
    MEASURE_COLUMNS,
    MEASURE_SHEET,
    OPINION_COLUMNS,
    OPINION_SHEET,
    SET_ASIDE_COLUMNS,
    Cell,
    Column,
    Sheet,
)
from pipeline.review.judged import Decided, decided_words, label_of, labels_of, title_of, titles_of
from pipeline.review.listing import list_opinions, list_pieces
from pipeline.review.order import rank_issues
from pipeline.review.reasons import Why
from pipeline.review.seen import seen_issue, seen_opinions
from pipeline.review.values import (
    CHECKED_CHOICE,
    HIDE_ALL_CHOICE,
    LONGEST_CHOICE,
    NEW_ISSUE_CHOICE,
    NO_GOAL_CHOICE,
    NO_ISSUE_CHOICE,
    NO_MEASURE_CHOICE,
    NO_RESPONSE_CHOICE,
    PUBLIC_CHOICE,
    RESTORE_CHOICE,
    SPLIT_CHOICE,
    WITHDRAW_CHOICE,
)
from pipeline.study import PUBLIC_COMMENT
from pipeline.textcolumns import among
from pipeline.wording import (
    CONFIDENCE_MIDDLE,
    ISSUE_STATUSES,
    NO_GOAL,
    OPINION_KINDS,
    RESPONSES,
    clean,
    goal_counts,
    opinion_kind,
    source_kind,
    stage,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    import pandas as pd

    from pipeline.plan import Plan
    from pipeline.review.listing import Listed

VOICES = 3

_COUNTED = (
    "opinion_id", "answer_id", "duplicate_of", "goal_id", "goal_confidence", "assigned_by", "reviewed",
)  # fmt: skip
"""Columns of opinions that are counted by goal."""

LABEL_BEGINS = "［"
"""What :data:`pipeline.privacy.LABEL` begins with; to look for it is cheaper."""


def issue_sheet(
    tables: Mapping[str, pd.DataFrame], plan: Plan, listed: Listed | None = None
) -> Sheet:
    """課題: one row an issue, what teaches most first (:mod:`pipeline.review.order`).

    Parameters
    ----------
    listed
        Opinions of the other sheet, to which the numbers of issues lead; by default chosen here.
    """
    labels = labels_of(plan)
    listed = listed or list_opinions(tables)
    groups = dict(zip(tables["groups"]["group_id"], tables["groups"]["title"], strict=True))
    named = " ".join(tables["issues"]["representative_opinion_ids"].tolist()).split()
    texts = _texts(tables["opinions"], named)
    why = Why(tables["goal_links"], tables["issues"]["issue_id"])
    decided = Decided(tables, plan)
    places = rank_issues(tables["issues"])
    has = _has(tables)
    rows: list[tuple[Cell, ...]] = []
    for row in tables["issues"].to_dict("records"):
        voices = [
            texts[name] for name in row["representative_opinion_ids"].split() if name in texts
        ]
        rows.append(
            (
                places[row["issue_id"]],
                row["issue_id"],
                title_of(row),
                "\n".join(f"・{voice.strip()}" for voice in voices[:VOICES]),
                row["n_opinions"],
                labels[row["machine_goal_id"]],
                row["goal_confidence"],
                decided.words(row["issue_id"]),
                "",
                "",
                "",
                "",
                "",
                "",
                "",
                label_of(row["machine_measure_id"], labels),
                "",
                label_of(row["machine_goal_id_2"], labels),
                "",
                _spread(row["goal_counts"], row["to_split"]),
                why.words(row["issue_id"], row["machine_goal_id"], every=bool(row["to_split"])),
                row["words"],
                groups.get(row["group_id"], ""),
                row["headings"],
                row["n_distinct"],
                row["n_respondents"],
                row["cohesion"],
                row["stability_word"],
                seen_issue(row, answered=COMMENTS in has),
            )
        )
    rows.sort()  # by the place, of which there are no two alike
    columns, cells = _needed(ISSUE_COLUMNS, rows, has)
    return Sheet(
        ISSUE_SHEET,
        columns,
        cells,
        frozen=3,
        lines=9,
        printed=_printed(columns),
        jumps=_first_rows(listed),
    )


def _has(tables: Mapping[str, pd.DataFrame]) -> frozenset[str]:
    """What a run has of which some columns speak."""
    comments = bool((tables["answers"]["source_kind"] == PUBLIC_COMMENT).any())
    addressed = bool((tables["opinions"]["addressed_id"] != "").any())
    return frozenset(
        name for name, there in ((COMMENTS, comments), (ADDRESSED, addressed)) if there
    )


def _needed(
    columns: Sequence[Column], rows: Sequence[tuple[Cell, ...]], has: frozenset[str]
) -> tuple[tuple[Column, ...], tuple[tuple[Cell, ...], ...]]:
    """Columns, with their cells, that a run has use for."""
    needed = [not column.needs or column.needs in has for column in columns]
    return (
        tuple(compress(columns, needed)),
        tuple(tuple(compress(row, needed)) for row in rows),
    )


def _printed(columns: Sequence[Column]) -> int:
    """Columns up to the comment: what one needs to read and to write."""
    return [column.field for column in columns].index("comment") + 1


def _first_rows(listed: Listed) -> dict[str, int]:
    """Issue → its first row on the sheet of opinions, counted from 1, below the header."""
    found: dict[str, int] = {}
    for row, own in enumerate(listed.opinions["issue_id"].tolist(), start=3 if listed.note else 2):
        found.setdefault(own, row)
    return found


def _texts(opinions: pd.DataFrame, opinion_ids: list[str]) -> dict[str, str]:
    """Opinion → text, of some opinions."""
    own = opinions[among(opinions["opinion_id"], opinion_ids)]
    return dict(zip(own["opinion_id"].tolist(), own["text"].tolist(), strict=True))


def _topics(concepts: pd.DataFrame, opinion_ids: pd.Series[str]) -> dict[str, str]:
    """Opinion → the topic that it stands under: heading, and facet where there is one."""
    own = (concepts["is_topic"] == 1) & among(concepts["opinion_id"], opinion_ids)
    columns = (concepts.loc[own, name].tolist() for name in ("opinion_id", "heading", "facet"))
    rows = zip(*columns, strict=True)
    found: dict[str, str] = {}
    for opinion_id, heading, facet in rows:
        found.setdefault(opinion_id, f"{heading}／{facet}" if facet else heading)
    return found


def opinion_sheet(
    tables: Mapping[str, pd.DataFrame], plan: Plan, listed: Listed | None = None
) -> Sheet:
    """意見: one row an opinion, by issue in the order of 課題; those in no issue come last.

    Inside an issue what teaches most comes first (:mod:`pipeline.review.order`). Of very many
    opinions some are listed (:mod:`pipeline.review.listing`).
    """
    labels = labels_of(plan)
    listed = listed or list_opinions(tables)
    answers = tables["answers"]
    asked = answers[among(answers["answer_id"], listed.opinions["answer_id"])]
    own = with_answers(listed.opinions, asked)
    ids, texts = own["opinion_id"].tolist(), own["text"].tolist()
    titles = titles_of(tables) | {"": ""}
    topics = _topics(tables["concepts"], own["opinion_id"])
    why = Why(tables["goal_links"], own["opinion_id"])
    proposed = own["machine_goal_id"].where(own["machine_goal_id"] != "", own["withheld_goal_id"])
    has = _has(tables)
    nothing = [""] * len(own)
    columns: tuple[Sequence[Cell], ...] = (
        own["place"].tolist(),
        ids,
        own["issue_id"].tolist(),
        [titles[one] for one in own["issue_id"].tolist()],
        texts,
        [label_of(one, labels) for one in own["addressed_id"].tolist()],
        _proposed(own, labels),
        own["goal_confidence"].tolist(),
        decided_words(own, Decided(tables, plan), labels),
        nothing,
        nothing,
        [topics.get(one, "") for one in ids],
        [opinion_kind(one) for one in own["machine_kind"].tolist()],
        nothing,
        [shown_masks(one) if LABEL_BEGINS in one else "" for one in texts],
        nothing,
        nothing,
        nothing,
        [label_of(one, labels) for one in own["machine_measure_id"].tolist()],
        nothing,
        [label_of(one, labels) for one in own["machine_goal_id_2"].tolist()],
        nothing,
        [why.words(*pair) for pair in zip(ids, proposed.tolist(), strict=True)],
        own["said"].tolist(),
        [source_kind(one) for one in own["source_kind"].tolist()],
        own["question"].tolist(),
        seen_opinions(own, answered=COMMENTS in has),
    )
    shown, cells = _needed(OPINION_COLUMNS, list(zip(*columns, strict=True)), has)
    return Sheet(
        OPINION_SHEET, shown, cells, frozen=2, lines=6, printed=_printed(shown), note=listed.note
    )


def looked_at(tables: Mapping[str, pd.DataFrame]) -> tuple[int, int]:
    """Opinions with something masked whose masks a person has looked at, and all of those.

    Whoever hid, opened or confirmed something in an opinion has looked at every other one
    that reads the same.
    """
    opinions, decided = tables["opinions"], tables["applied_decisions"]
    counting = decided[(decided["stands"] == 1) & decided["field"].isin(PRIVACY_FIELDS)]
    done = opinions["opinion_id"].isin(counting["applied_to"])
    seen = set(opinions.loc[done, "text"])
    texts = opinions["text"]
    likely = texts[texts.str.contains(LABEL_BEGINS, regex=False)].tolist()
    masked = [own for own in likely if LABEL.search(own)]
    return sum(own in seen for own in masked), len(masked)


def goal_sheet(tables: Mapping[str, pd.DataFrame], plan: Plan) -> Sheet:
    """目標別: one row a goal of the plan, and one for what stands under none."""
    issues = tables["issues"]
    opinions = with_answers(tables["opinions"][list(_COUNTED)], tables["answers"])
    by_machine = ~by_person(opinions["assigned_by"])
    unsure = opinions["goal_confidence"].lt(CONFIDENCE_MIDDLE) & by_machine
    alike = opinions["duplicate_of"].where(opinions["duplicate_of"] != "", opinions["opinion_id"])
    rows: list[tuple[Cell, ...]] = []
    for goal_id, label in {**goal_labels(plan), "": NO_GOAL}.items():
        mine = opinions["goal_id"] == goal_id
        own = issues[issues["goal_id"] == goal_id]
        people = opinions.loc[mine, "respondent_id"]
        n, n_reviewed = int(mine.sum()), int(opinions.loc[mine, "reviewed"].sum())
        rows.append(
            (
                label,
                n,
                n / len(opinions) if len(opinions) else 0.0,
                int(alike[mine].nunique()),
                int(people[people != ""].nunique()),
                int((mine & unsure).sum()),
                n_reviewed,
                n_reviewed / n if n else 0.0,
                len(own),
                *(int((own["status"] == status).sum()) for status in (*ISSUE_STATUSES, "")),
            )
        )
    return Sheet(GOAL_SHEET, GOAL_COLUMNS, tuple(rows), frozen=1, lines=2)


def measure_sheet(tables: Mapping[str, pd.DataFrame], plan: Plan) -> Sheet:
    """施策: one row a measure in the plan's order, with the SDGs stated and suggested."""
    labels = labels_of(plan)
    known = {row["measure_id"]: row for row in tables["measures"].to_dict("records")}
    rows = [
        (
            labels[goal.id],
            measure.id,
            measure.name,
            row["n_opinions"],
            row["n_distinct"],
            row["n_issues"],
            row["n_respondents"],
            "\n".join(mark.label for mark in stated_sdgs(row["sdgs"], row["sdg_names"])),
            "\n".join(
                f"{mark.label}（{'、'.join(mark.words)}）"
                for mark in suggested_sdgs(row["suggestion_evidence"])
            ),
        )
        for goal in plan.goals
        for measure in goal.measures
        if (row := known.get(measure.id))
    ]
    return Sheet(MEASURE_SHEET, MEASURE_COLUMNS, tuple(rows), frozen=3, lines=6)


def set_aside_sheet(tables: Mapping[str, pd.DataFrame]) -> Sheet:
    """対象外: what was not carried on, with the reason, and a cell to bring it back."""
    pieces, note = list_pieces(tables["set_aside"])
    answers = tables["answers"]
    own = with_answers(pieces, answers[among(answers["answer_id"], pieces["answer_id"])])
    nothing = [""] * len(own)
    columns: tuple[Sequence[Cell], ...] = (
        own["answer_id"].tolist(),
        own["start"].tolist(),
        own["end"].tolist(),
        own["text"].tolist(),
        own["reason"].tolist(),
        nothing,
        nothing,
        [stage(one) for one in own["stage"].tolist()],
        [source_kind(one) for one in own["source_kind"].tolist()],
        own["question"].tolist(),
    )
    rows = tuple(zip(*columns, strict=True))
    return Sheet(ASIDE_SHEET, SET_ASIDE_COLUMNS, rows, frozen=3, lines=4, note=note)


_APPLIED, _GONE, _UNUSED = "使っている", "引き継げなかった", "使っていない"


def carried_sheet(tables: Mapping[str, pd.DataFrame], plan: Plan) -> Sheet:
    """引き継ぎ: decisions of earlier reviews; what could not be carried on comes first.

    Decisions that a later one replaced are left out: they stand in the record.
    """
    machine = tables["machine_issues"]
    titles = dict(zip(machine["issue_id"], machine["title"], strict=True)) | titles_of(tables)
    decisions = tables["applied_decisions"]
    named = [*decisions["applied_to"].tolist(), *decisions["target_id"].tolist()]
    texts = _texts(tables["opinions"], named)
    rows: list[tuple[tuple[int, str, int, str], tuple[Cell, ...]]] = []
    for row in decisions.to_dict("records"):
        if row["field"] == MEMBERS or not (row["stands"] or row["why_not"]):
            continue
        state = _state(row)
        target = row["applied_to"] or row["target_id"]
        cells = (
            state,
            row["why_not"],
            target,
            titles.get(target) or texts.get(target) or row["text"].replace("\n", "／"),
            field_name(row["field"]),
            shown_value(row["field"], row["value_seen"], plan, titles),
            shown_value(row["field"], row["value"], plan, titles),
            row["reviewer"],
            shown_moment(row["decided_at"]),
            row["reason"],
            "",
            row["decision_id"],
            row["run_id"],
        )
        field = list(FIELDS).index(row["field"]) if row["field"] in FIELDS else len(FIELDS)
        place = (_GONE, _UNUSED, _APPLIED).index(state)
        rows.append(((place, target, field, row["decision_id"]), cells))
    return Sheet(
        CARRIED_SHEET, CARRIED_COLUMNS, tuple(cells for _, cells in sorted(rows)), frozen=1, lines=4
    )


def _state(row: Mapping[Hashable, Any]) -> str:
    """What became of a decision, in a word."""
    if row["stands"]:
        return _APPLIED
    return _UNUSED if row["applied_to"] or row["why_not"] == ISSUE_TAKEN_BACK else _GONE


def choices(tables: Mapping[str, pd.DataFrame], plan: Plan) -> dict[str, tuple[str, ...]]:
    """Make the lists that yellow cells offer; every entry begins with its id."""
    listed = [f"{own} {clean(title)[:LONGEST_CHOICE]}" for own, title in titles_of(tables).items()]
    return {
        "goals": (*goal_labels(plan).values(), NO_GOAL_CHOICE),
        "measures": (*measure_labels(plan).values(), NO_MEASURE_CHOICE),
        "issues": tuple(listed),
        "moves": (*listed, NEW_ISSUE_CHOICE, NO_ISSUE_CHOICE),
        "decisions": ISSUE_STATUSES,
        "kinds": tuple(OPINION_KINDS.values()),
        "personal": (CHECKED_CHOICE, PUBLIC_CHOICE, HIDE_ALL_CHOICE),
        "restore": (RESTORE_CHOICE,),
        "split": (SPLIT_CHOICE,),
        "responses": (*RESPONSES, NO_RESPONSE_CHOICE),
        "withdraw": (WITHDRAW_CHOICE,),
    }


def _proposed(own: pd.DataFrame, labels: Mapping[str, str]) -> list[str]:
    """The machine's goal, or the likeliest one that it leaves to a person."""
    pairs = zip(own["machine_goal_id"].tolist(), own["withheld_goal_id"].tolist(), strict=True)
    return [
        f"（人にまかせる）{labels[withheld]}" if withheld else labels[goal_id]
        for goal_id, withheld in pairs
    ]


def _spread(counts: str, to_split: int) -> str:
    shown = goal_counts(counts)
    return f"{shown}\n→ 目標が分かれています。分けるか確かめてください" if to_split else shown
