"""Opinions → voices: each wording once, verbatim, the most telling first."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pipeline.evidence_words import evidence_words
from pipeline.lookups import DecidedGoal
from pipeline.wording import clean, confidence, is_person, opinion_kind, source_kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from pipeline.evidence_words import EvidenceWord

SOURCES_NAMED = 2
"""Sources that are named beside a wording that several people wrote."""

QUESTION_SHOWN = 36
"""Characters of a question that are shown beside every voice."""

WORDS_SHOWN = 3
"""Words that are given as reason for the goal of one voice."""

_UNDECIDED = DecidedGoal("", "")


@dataclass(frozen=True)
class Voice:
    """One wording, verbatim (people masked), and how many opinions say the same.

    Attributes
    ----------
    source_kinds
        Kinds of sources that it comes from.
    labels
        Attributes of those who said so, as far as they may be shown.
    goal_id
        Goal that it stands under, by itself; empty for none.
    evidence
        Words that speak for that goal.
    confidence
        Of the program in what it proposes, as word and figure.
    decided_by
        Who decided on its goal; empty where the program did.
    seen_goal_id
        Goal that stood there before the decision.
    machine_kind
        Kind that the program proposes, where a person gave it another one.
    moved_from
        Issue that the program had put it in, where a person moved it.
    restored
        A person brought it back from what was set aside.
    comment
        A reviewer's.
    responses
        What the town answers to those who said so (対応区分), as far as it was decided.
    """

    text: str
    times: int
    kind: str
    source: str
    source_kinds: tuple[str, ...]
    labels: tuple[Label, ...]
    goal_id: str
    evidence: tuple[EvidenceWord, ...]
    confidence: str
    decided_by: str
    seen_goal_id: str
    machine_kind: str
    moved_from: str
    restored: bool
    comment: str
    responses: tuple[str, ...]


@dataclass(frozen=True)
class VoiceList:
    """Voices in the order in which they are shown; ``n_left_out`` wordings are not."""

    voices: tuple[Voice, ...]
    n_left_out: int = 0


class Label(NamedTuple):
    """What may be said of who spoke: a value of an attribute, and its key in the page."""

    key: str
    value: str


class Opinion(NamedTuple):
    """One row of opinions with what its answer says about where it comes from.

    Attributes
    ----------
    seen_goal_id
        Goal that stood there before a person decided on the opinion or its issue.
    evidence
        JSON of its goal link; empty for no goal.
    moved_from
        Issue that the machine had put it in, where a person moved it.
    labels
        Attributes of who spoke, as far as they may be shown.
    addressed
        Number and name of the goal or measure that its writer names; empty for none.
    response
        What the town answers to it (対応区分); empty where nobody decided.
    """

    opinion_id: str
    issue_id: str
    goal_id: str
    text: str
    kind: str
    wording: str
    strength: float
    goal_confidence: float
    source_kind: str
    question: str
    assigned_by: str
    machine_kind: str
    restored: int
    comment: str
    moved_from: str
    seen_goal_id: str
    evidence: str
    labels: tuple[Label, ...] = ()
    addressed: str = ""
    response: str = ""


def opinion_rows(
    joined: pd.DataFrame,
    evidence: Mapping[tuple[str, str], str],
    decided: Mapping[str, DecidedGoal],
    moved_from: Mapping[str, str] | None = None,
    labels: Mapping[str, tuple[Label, ...]] | None = None,
    parts: Mapping[str, str] | None = None,
) -> list[Opinion]:
    """Rows of :func:`pipeline.lookups.with_answers` in the order of their ids.

    Opinions that say the same carry the id of the one that stands for them as ``wording``.

    Parameters
    ----------
    evidence
        Opinion and goal → JSON, see :func:`pipeline.lookups.goal_evidence`.
    decided
        Opinion or issue → the decision on its goal, see
        :func:`pipeline.lookups.decided_goals`.
    moved_from
        Opinion → where it was moved from, see :class:`pipeline.report.changes.Changes`.
    labels
        Opinion → what may be said of who spoke, see :func:`pipeline.report.search.label_voices`.
    parts
        Goal or measure → number and name; the number alone stands for any other.
    """
    wording = joined["duplicate_of"].where(joined["duplicate_of"] != "", joined["opinion_id"])
    columns = [
        joined["opinion_id"],
        joined["issue_id"],
        joined["goal_id"],
        joined["text"],
        joined["kind"],
        wording,
        joined["issue_strength"],
        joined["goal_confidence"],
        joined["source_kind"],
        joined["question"],
        joined["assigned_by"],
        joined["machine_kind"],
        joined["restored"],
        joined["comment"],
    ]
    ids, goal_ids = joined["opinion_id"].tolist(), joined["goal_id"].tolist()
    moved = [(moved_from or {}).get(opinion_id, "") for opinion_id in ids]
    plain = (column.tolist() for column in columns)
    seen = [
        (decided.get(opinion_id) or decided.get(issue_id) or _UNDECIDED).seen
        for opinion_id, issue_id in zip(ids, joined["issue_id"].tolist(), strict=True)
    ]
    given = [evidence.get(key, "") for key in zip(ids, goal_ids, strict=True)]
    said_of = [(labels or {}).get(opinion_id, ()) for opinion_id in ids]
    addressed = [(parts or {}).get(own, own) for own in joined["addressed_id"].tolist()]
    answered = joined["response"].tolist()
    return list(map(Opinion, *plain, moved, seen, given, said_of, addressed, answered))


def by_issue(rows: Iterable[Opinion]) -> dict[str, list[Opinion]]:
    """Opinions of every issue; those in no issue stand under the empty id."""
    found: dict[str, list[Opinion]] = {}
    for row in rows:
        found.setdefault(row.issue_id, []).append(row)
    return found


def choose_voices(
    rows: Sequence[Opinion],
    representatives: Sequence[str] = (),
    limit: int = 0,
    n_wordings: int = 0,
) -> tuple[tuple[Voice, ...], VoiceList]:
    """Choose representative voices, and list all others.

    Parameters
    ----------
    rows
        Opinions of one issue, or opinions in no issue.
    representatives
        Opinion ids, best first; ids that are not among ``rows`` are passed over.
    limit
        Most wordings to show, representatives included; 0 shows all.
    n_wordings
        Wordings that there are, where ``rows`` have only those that may be shown.

    Returns
    -------
    tuple
        Representatives in their order; then the others, nearest to the centre of
        the issue first, ties by id.
    """
    together: dict[str, list[Opinion]] = {}
    for row in rows:
        together.setdefault(row.wording, []).append(row)
    wording_of = {row.opinion_id: row.wording for row in rows}
    # A dict keeps the order and drops a second representative of the same wording.
    chosen = list(dict.fromkeys(wording_of[name] for name in representatives if name in wording_of))
    others = sorted(set(together) - set(chosen), key=lambda key: _nearest_first(together[key]))
    room = max(limit - len(chosen), 0) if limit else len(others)
    return (
        tuple(_voice(together[key]) for key in chosen),
        VoiceList(
            tuple(_voice(together[key]) for key in others[:room]),
            max(n_wordings, len(together)) - len(chosen) - len(others[:room]),
        ),
    )


def _nearest_first(same: Sequence[Opinion]) -> tuple[float, str]:
    strength = max(0.0 if math.isnan(row.strength) else row.strength for row in same)
    return (-strength, same[0].opinion_id)


def _voice(same: Sequence[Opinion]) -> Voice:
    # The one that stands for the others may have been moved to another issue.
    first = next((row for row in same if row.opinion_id == row.wording), same[0])
    sources = list(dict.fromkeys(_source(row) for row in same))
    shown = "、".join(sources[:SOURCES_NAMED]) + (" ほか" if len(sources) > SOURCES_NAMED else "")
    return Voice(
        text=clean(first.text),
        times=len(same),
        kind=opinion_kind(first.kind),
        source=shown,
        source_kinds=tuple(dict.fromkeys(row.source_kind for row in same)),
        labels=tuple(sorted({label for row in same for label in row.labels})),
        goal_id=first.goal_id,
        evidence=evidence_words(first.evidence)[:WORDS_SHOWN],
        confidence=confidence(first.goal_confidence),
        decided_by=clean(first.assigned_by) if is_person(first.assigned_by) else "",
        seen_goal_id=first.seen_goal_id,
        machine_kind=opinion_kind(first.machine_kind) if first.machine_kind != first.kind else "",
        moved_from=first.moved_from,
        restored=any(row.restored for row in same),
        comment=clean(next((row.comment for row in same if row.comment), "")).strip(),
        responses=tuple(dict.fromkeys(row.response for row in same if row.response)),
    )


def short(text: str, limit: int) -> str:
    r"""Text on one line, cut after so many characters.

    Examples
    --------
    >>> short("一つ目\n二つ目", 5)
    '一つ目／二…'
    """
    line = "／".join(own.strip() for own in text.split("\n") if own.strip())
    return line if len(line) <= limit else line[:limit] + "…"


def _source(row: Opinion) -> str:
    label = source_kind(row.source_kind)
    question = clean(row.question).replace("\n", " ")
    if len(question) > QUESTION_SHOWN:
        question = question[:QUESTION_SHOWN] + "…"
    addressed = f"該当箇所：{clean(row.addressed)}" if row.addressed else ""
    return "・".join(part for part in (label, question, addressed) if part)
