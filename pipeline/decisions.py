"""What reviewers decided: an append-only table, read, checked and handed on to be learnt.

A decision says which value a person saw, which one he or she put in its place, who,
when and why. The file ``decisions.csv`` is only ever added to; of several decisions on
one thing the last one counts. The voices that a goal was decided for stand in the
decision (people masked), so that it still teaches where they are no longer in the files.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.csvfile import read_rows
from pipeline.goals.examples import Example
from pipeline.plan import NO_GOAL
from pipeline.privacy import find_personal
from pipeline.tomlfile import Problem, faulty

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence
    from pathlib import Path

    import pandas as pd

    from pipeline.plan import Plan

FIELDS: Final = ("goal_id", "goal_id_2", "measure_id")
"""What can be decided."""

MACHINE: Final = "machine"
"""What ``assigned_by`` says where no person decided."""

ISSUE_MARK: Final = "I"
"""What the number of an issue begins with."""

FOLLOWED_SHARE: Final = 0.5
"""Share of the voices of a decision that its issue has to hold still."""

MOST_LINES: Final = 8
"""Lines that one voice may have."""

_NAME: Final = "判断の記録"
_REMEDY: Final = (
    "上の行を直してください。1行目の見出しは変えず、文字コード UTF-8 の CSV として保存します。"
)


class Decision(NamedTuple):
    """One decision of one reviewer.

    Attributes
    ----------
    target_id
        Opinion or issue.
    field
        One of :data:`FIELDS`.
    value_seen, value
        Before and after; ``"0"`` is none of the goals, empty no measure or second goal.
    decided_at
        ISO 8601, with the offset from UTC.
    run_id
        Run that the reviewer had before him or her.
    text
        The voice, or for an issue its representative voices, one a line.
    """

    decision_id: str
    target_id: str
    field: str
    value_seen: str
    value: str
    reviewer: str
    decided_at: str
    reason: str
    run_id: str
    text: str


COLUMNS: Final = Decision._fields


def load_decisions(path: Path, plan: Plan) -> tuple[Decision, ...]:
    """Read and check decisions, in the order of the file.

    Raises
    ------
    InputError
        The file cannot be read, or a row is wrong; every wrong row is listed.
    """
    rows, problems = read_rows(path, _NAME, COLUMNS, _REMEDY)
    found: list[Decision] = []
    seen: dict[str, int] = {}
    for line, row in rows:
        decision = Decision(*row)
        decision = decision._replace(value=unicodedata.normalize("NFKC", decision.value))
        problems += [Problem(line, why) for why in _wrong(decision, plan)]
        if decision.decision_id in seen:
            first = seen[decision.decision_id]
            problems.append(Problem(line, f"decision_id が{first}行目と同じです"))
        seen.setdefault(decision.decision_id, line)
        found.append(decision)
    if problems:
        raise faulty(path.name, _NAME, problems, _REMEDY)
    return tuple(found)


def standing(decisions: Sequence[Decision]) -> dict[tuple[str, str], Decision]:
    """Target and field → the decision that counts, the last one; in the order of these."""
    found: dict[tuple[str, str], Decision] = {}
    for own in decisions:
        found.pop((own.target_id, own.field), None)
        found[own.target_id, own.field] = own
    return found


def follow_issues(decisions: Sequence[Decision], opinions: pd.DataFrame) -> tuple[Decision, ...]:
    """Point decisions at what they speak of in this run.

    The number of an issue is its place in one run. A decision on an issue belongs to the
    issue that holds most of the voices that it was made for, at least
    :data:`FOLLOWED_SHARE` of them, whatever its number is now.

    Parameters
    ----------
    opinions
        ``opinion_id, issue_id, text`` (people masked).

    Returns
    -------
    tuple of Decision
        In the same order; ``target_id`` is empty where the run has no such opinion or
        issue. The decision still teaches.
    """
    known = set(opinions["opinion_id"])
    issues: dict[str, set[str]] = defaultdict(set)
    for text, issue in zip(opinions["text"], opinions["issue_id"], strict=True):
        issues[_bare(text)].add(issue)
    followed = []
    for decision in decisions:
        target = decision.target_id if decision.target_id in known else ""
        if decision.target_id.startswith(ISSUE_MARK):
            voices = _voices(decision.text, issues)
            counts = Counter(own for voice in voices for own in sorted(issues[voice]) if own)
            best = min(counts, key=lambda own: (-counts[own], own), default="")
            target = best if best and counts[best] >= FOLLOWED_SHARE * len(voices) else ""
        followed.append(decision._replace(target_id=target))
    return tuple(followed)


def as_examples(decisions: Sequence[Decision]) -> tuple[Example, ...]:
    """What decisions on goals teach: every voice that one was made for.

    A decision on an issue weighs as much as one on an opinion, shared by its voices. Of
    several decisions on the same words the last one counts, but one that was made for
    these words alone before one on an issue. An issue of another run is another issue,
    whatever its number.
    """
    counting = standing([own._replace(target_id=_thing(own)) for own in decisions])
    found: dict[str, Example] = {}
    alone: set[str] = set()
    for (target, field), decision in counting.items():
        if field != "goal_id":
            continue
        further = counting.get((target, "goal_id_2"))
        second = further.value if further is not None else ""
        of_issue = target.startswith(ISSUE_MARK)
        lines = decision.text.splitlines() if of_issue else [decision.text]
        voices = [voice for line in lines if (voice := line.strip())]
        if not of_issue:
            alone.update(voices)
        for voice in voices:
            if of_issue and voice in alone:
                continue
            found[voice] = Example(
                text=voice,
                goal=decision.value,
                second=second
                if NO_GOAL not in {second, decision.value} and second != decision.value
                else "",
                source=decision.decision_id,
                weight=1 / len(voices),
            )
    return tuple(found.values())


def _voices(text: str, known: Container[str]) -> list[str]:
    """Voices of a decision on an issue; lines that are one voice of this run together."""
    lines = [_bare(line) for line in text.splitlines() if line.strip()]
    found: list[str] = []
    start = 0
    while start < len(lines):
        ends = range(min(len(lines), start + MOST_LINES), start, -1)
        end = next((end for end in ends if "".join(lines[start:end]) in known), start + 1)
        found.append("".join(lines[start:end]))
        start = end
    return list(dict.fromkeys(found))


def _thing(decision: Decision) -> str:
    """Name what was decided on: an opinion, or an issue of one run."""
    of_issue = decision.target_id.startswith(ISSUE_MARK)
    run = decision.run_id or _bare(decision.text)
    return f"{decision.target_id} {run}" if of_issue else decision.target_id


def _bare(text: str) -> str:
    """Text without spaces and the mark that the workbook puts before a voice."""
    return "".join(text.split()).removeprefix("・")


def _wrong(decision: Decision, plan: Plan) -> Iterator[str]:
    goals = {goal.id for goal in plan.goals}
    measures = {measure.id for goal in plan.goals for measure in goal.measures}
    allowed = {
        "goal_id": goals | {NO_GOAL},
        "goal_id_2": goals | {""},
        "measure_id": measures | {""},
    }
    for key in ("decision_id", "target_id", "reviewer"):
        if not getattr(decision, key):
            yield f"{key}: 空にはできません"
    if decision.reviewer == MACHINE:
        yield f"reviewer: 「{MACHINE}」は機械の印なので、人の名前には使えません"
    for key, text in (("text", decision.text), ("reason", decision.reason)):
        if find_personal(text):
            yield f"{key}: 電話番号やメールアドレスなどがあります。伏せてから書いてください"
    if decision.target_id.startswith(ISSUE_MARK) and not decision.text.strip():
        yield "text: 課題の判断には、その課題の代表的な声が1つ以上要ります（1行に1つ）"
    if decision.field not in allowed:
        yield f"field: 「{decision.field}」は使えません（使えるもの: {'、'.join(FIELDS)}）"
    elif decision.field == "goal_id" and not decision.value:
        yield "value: どの目標でもないときは 0 と書いてください"
    elif decision.value not in allowed[decision.field]:
        usable = "、".join(sorted(own for own in allowed[decision.field] if own))
        yield f"value: 計画に「{decision.value}」はありません（使えるもの: {usable}）"
