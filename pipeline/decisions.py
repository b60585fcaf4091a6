"""What reviewers decided: an append-only table, read, checked and handed on to be learnt.

A decision says which value a person saw, which one he or she put in its place, who,
when and why. The file ``decisions.csv`` is only ever added to; of several decisions on
one thing the last one counts. The voices that a decision was made for stand in it (people
masked), so that it still teaches where they are no longer in the files.

Rows with the field ``members`` are no judgements: they keep which wordings made up an
issue when it was reviewed, so that its number stays with them (:mod:`pipeline.identity`).
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.csvfile import parse_rows, read_bytes
from pipeline.formulas import unguard_formula
from pipeline.goals.examples import Example
from pipeline.plan import NO_GOAL
from pipeline.privacy import LABEL, find_personal, mask, parse_hidden
from pipeline.privacy.declared import NAMES, OPENABLE, PUBLIC, parse_public, why_not_public
from pipeline.tomlfile import Problem, faulty
from pipeline.wording import ISSUE_STATUSES, OPINION_KINDS, RESPONSES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pipeline.plan import Plan

GOAL_FIELDS: Final = ("goal_id", "goal_id_2", "measure_id")
"""What is decided about the goal of an opinion or an issue."""

MEMBERS: Final = "members"
"""Field of the rows that keep what an issue was made of."""

CHECKED: Final = "privacy_checked"
"""Field that says that what is masked in an opinion is right and complete."""

PRIVACY_FIELDS: Final = ("personal", PUBLIC, CHECKED)
"""What is decided about what is masked; several people's words on one opinion add up."""

FIELDS: Final[dict[str, str]] = {
    "goal_id": "目標",
    "goal_id_2": "2つ目の目標",
    "measure_id": "施策",
    "issue_id": "課題（移動先）",
    "kind": "種類",
    "personal": "個人情報",
    PUBLIC: "公開する言葉",
    CHECKED: "伏せ字の確認",
    "title": "題",
    "status": "判定",
    "merge_into": "統合先",
    "split": "話題ごとに分ける",
    "restore": "対象外から戻す",
    "response": "対応区分",
    "comment": "コメント",
    MEMBERS: "課題の控え",
}
"""What can be decided, and what reviewers call it."""

OPINION_FIELDS: Final = (*GOAL_FIELDS, "issue_id", "kind", *PRIVACY_FIELDS, "response", "comment")
ISSUE_FIELDS: Final = (
    *GOAL_FIELDS, "title", "status", "merge_into", "split", "response", "comment", MEMBERS,
)  # fmt: skip
PIECE_FIELDS: Final = ("restore", "comment")

WITHDRAWN: Final = "machine"
"""Value of a decision that takes an earlier one back: the machine's value stands again."""

ISSUE_TAKEN_BACK: Final = "人が取り消した課題なので、使っていません"
"""Why a decision on an issue that people made, and took back, is not used."""

NO_ISSUE: Final = "0"
"""Value of a move out of every issue."""

RESTORED: Final = "1"
"""Value that brings back what was set aside."""

MACHINE: Final = "machine"
"""What ``assigned_by`` says where no person decided."""

ISSUE_MARK: Final = "I"
"""What the number of an issue begins with."""

PIECE_MARK: Final = "A"
"""What the number of a piece that was set aside begins with: its answer's."""

LONGEST_TITLE: Final = 100
"""Characters of a title that a person gives."""

_ISSUE_ID: Final = re.compile(r"I[0-9]{3,}")
_PIECE_ID: Final = re.compile(r"A[0-9A-Za-z]+@[0-9]+-[0-9]+")
_DIGEST: Final = re.compile(r"[0-9A-Z]+")
_AS_WRITTEN: Final = frozenset(["title", "comment", "split", PUBLIC])
_NAME: Final = "判断の記録"
_REMEDY: Final = (
    "上の行を直してください。1行目の見出しは変えず、文字コード UTF-8 の CSV として保存します。"
)


class Decision(NamedTuple):
    """One decision of one reviewer.

    Attributes
    ----------
    target_id
        Opinion, issue, or a piece that was set aside (:func:`piece_id`).
    field
        One of :data:`FIELDS`.
    value_seen, value
        Before and after. Goals: ``"0"`` is none of them; second goals and measures: empty
        is none. ``issue_id``: :data:`NO_ISSUE` is no issue. ``personal``: what is to be
        hidden (:func:`pipeline.privacy.write_hidden`). ``public``: strings that are not
        personal (:func:`pipeline.privacy.declared.write_public`). ``privacy_checked``:
        digest of the masked text that was found to be right. ``split``: which topic becomes
        which issue (:func:`write_split`). ``response``: empty is none, also where the
        issue has one. :data:`WITHDRAWN` takes the decision back.
    decided_at
        ISO 8601, with the offset from UTC.
    run_id
        Run that the reviewer had before him or her.
    text
        The voice, or for an issue its representative voices, one a line; people masked.
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
    return parse_decisions(read_bytes(path, _NAME), plan, path.name)


def parse_decisions(data: bytes, plan: Plan, file: str = "decisions.csv") -> tuple[Decision, ...]:
    """Read and check the content of a file of decisions; see :func:`load_decisions`."""
    rows, problems = parse_rows(data, file, _NAME, COLUMNS, _REMEDY)
    found: list[Decision] = []
    seen: dict[str, int] = {}
    for _, row in rows:
        decision = Decision(*map(unguard_formula, row))
        if decision.field not in _AS_WRITTEN:
            decision = decision._replace(value=unicodedata.normalize("NFKC", decision.value))
        found.append(decision)
    # What was declared and taken back stands in the rows that were written meanwhile.
    once = {word for own in found if own.field == PUBLIC for word in parse_public(own.value)}
    for (line, _), decision in zip(rows, found, strict=True):
        problems += [Problem(line, why) for why in wrong(decision, plan, once)]
        if decision.decision_id in seen:
            first = seen[decision.decision_id]
            problems.append(Problem(line, f"decision_id が{first}行目と同じです"))
        seen.setdefault(decision.decision_id, line)
    if problems:
        raise faulty(file, _NAME, problems, _REMEDY)
    public = public_strings(found)
    return tuple(_masked(own, public) for own in found)


def _masked(decision: Decision, public: Collection[str]) -> Decision:
    """Decision with its voices as they are masked now; its file may be older than the rules."""
    text = decision.text
    lines = text.split("\n") if is_issue(decision.target_id) else [text]
    changed = {
        "text": "\n".join(mask(line, find_personal(line, public)) for line in lines),
        "reason": _without_numbers(decision.reason, public),
    }
    if decision.field in {"title", "comment"}:
        changed["value"] = _without_numbers(decision.value, public)
    return decision._replace(**changed)


def _without_numbers(text: str, public: Collection[str]) -> str:
    """Words of a reviewer, who may name people, but not what was public once and is no longer."""
    return mask(text, [own for own in find_personal(text, public) if own.label not in NAMES])


def public_strings(decisions: Sequence[Decision]) -> frozenset[str]:
    """Strings that reviewers declared as not personal and did not take back."""
    return frozenset(
        word
        for (_, field), own in in_force(decisions).items()
        if field == PUBLIC
        for word in parse_public(own.value)
    )


def standing(decisions: Sequence[Decision]) -> dict[tuple[str, str], Decision]:
    """Target and field → the decision that counts, the last one; in the order of these."""
    found: dict[tuple[str, str], Decision] = {}
    for own in decisions:
        found.pop((own.target_id, own.field), None)
        found[own.target_id, own.field] = own
    return found


def in_force(decisions: Sequence[Decision]) -> dict[tuple[str, str], Decision]:
    """What :func:`standing` gives, without what was taken back and without targets."""
    return {
        place: own
        for place, own in standing(decisions).items()
        if own.value != WITHDRAWN and own.target_id
    }


def made_by(decisions: Sequence[Decision]) -> set[str]:
    """Issues that opinions are put into by hand, those that people made among them."""
    moved = {own.value for own in decisions if own.field == "issue_id"}
    parts = [parse_split(own.value) or {} for own in decisions if own.field == "split"]
    return moved.union(*(own.values() for own in parts))


def lasting_issues(decisions: Sequence[Decision]) -> set[str]:
    """Issues whose number means the same in every run: kept by the file, or made by people."""
    return {own.target_id for own in decisions if own.field == MEMBERS} | made_by(decisions)


def is_issue(target_id: str) -> bool:
    """Whether a decision's target is an issue."""
    return target_id.startswith(ISSUE_MARK)


def is_piece(target_id: str) -> bool:
    """Whether a decision's target is a piece that was set aside."""
    return target_id.startswith(PIECE_MARK)


def piece_id(answer_id: str, start: int, end: int) -> str:
    """Id of a piece that was set aside: its answer and its characters.

    Examples
    --------
    >>> piece_id("A1B2", 0, 12)
    'A1B2@0-12'
    """
    return f"{answer_id}@{start}-{end}"


def used_numbers(decisions: Iterable[Decision]) -> Iterable[str]:
    """Issues that a file of decisions speaks of."""
    for own in decisions:
        if is_issue(own.target_id):
            yield own.target_id
        if own.field in {"issue_id", "merge_into"} and is_issue(own.value):
            yield own.value
        if own.field == "split":
            yield from (parse_split(own.value) or {}).values()


def write_split(parts: Mapping[str, str]) -> str:
    """Write which topics of an issue become which issues as one value.

    Examples
    --------
    >>> write_split({"感染症": "I077", "食べ物": "I078"})
    'I077 感染症; I078 食べ物'
    """
    return "; ".join(f"{issue} {heading}" for heading, issue in sorted(parts.items()))


def parse_split(value: str) -> dict[str, str] | None:
    """Topic → issue, as :func:`write_split` wrote it; ``None`` where it is something else."""
    found = {}
    for part in value.split(";"):
        issue, _, heading = part.strip().partition(" ")
        if not _ISSUE_ID.fullmatch(issue) or not heading:
            return None
        found[heading] = issue
    return found


def as_examples(decisions: Sequence[Decision]) -> tuple[Example, ...]:
    """What decisions on goals teach: every voice that one was made for.

    A decision on an issue weighs as much as one on an opinion, shared by its voices. Of
    several decisions on the same words the last one counts, but one that was made for
    these words alone before one on an issue. An issue of another run is another issue,
    whatever its number, unless the file keeps what it was made of.
    """
    kept = lasting_issues(decisions)
    counting = standing([own._replace(target_id=thing(own, kept)) for own in decisions])
    found: dict[str, Example] = {}
    alone: set[str] = set()
    for (target, field), decision in counting.items():
        if field != "goal_id" or decision.value == WITHDRAWN:
            continue
        further = counting.get((target, "goal_id_2"))
        second = further.value if further is not None else ""
        of_issue = is_issue(target)
        lines = decision.text.splitlines() if of_issue else [decision.text]
        voices = [voice for line in lines if (voice := line.strip())]
        if not of_issue:
            alone.update(voices)
        for voice in voices:
            if (of_issue and voice in alone) or not LABEL.sub("", voice):
                continue  # of the latter nothing is left to learn from
            found[voice] = Example(
                text=voice,
                goal=decision.value,
                second=second
                if second not in {NO_GOAL, WITHDRAWN, decision.value} and decision.value != NO_GOAL
                else "",
                source=decision.decision_id,
                weight=1 / len(voices),
            )
    return tuple(found.values())


def thing(decision: Decision, kept: Collection[str]) -> str:
    """Name what was decided on: an opinion, or an issue of one run.

    Parameters
    ----------
    kept
        Issues of which the file keeps what they were made of: they last.
    """
    if not is_issue(decision.target_id) or decision.target_id in kept:
        return decision.target_id
    return f"{decision.target_id} {decision.run_id or bare(decision.text)}"


def bare(text: str) -> str:
    """Text without spaces and the mark that the workbook puts before a voice."""
    return "".join(text.split()).removeprefix("・")


def wrong(decision: Decision, plan: Plan, public: Collection[str] = ()) -> Iterator[str]:
    """What is wrong with a decision, each in a few Japanese words that begin with the column.

    Parameters
    ----------
    public
        Strings that are declared as not personal.
    """
    for key in ("decision_id", "target_id", "reviewer"):
        if not getattr(decision, key):
            yield f"{key}: 空にはできません"
    if decision.reviewer == MACHINE:
        yield f"reviewer: 「{MACHINE}」は機械の印なので、人の名前には使えません"
    written = [("text", decision.text), ("reason", decision.reason)]
    if decision.field in {"title", "comment"}:
        written.append(("value", decision.value))
    for key, text in written:
        # A name is no fault: what is taken for one changes, and the record has to stay readable.
        if any(own.label not in NAMES for own in find_personal(text, public)):
            yield f"{key}: 電話番号やメールアドレスなどがあります。伏せてから書いてください"
    goal_of_issue = is_issue(decision.target_id) and decision.field in GOAL_FIELDS
    if goal_of_issue and not decision.text.strip():
        yield "text: 課題の判断には、その課題の代表的な声が1つ以上要ります（1行に1つ）"
    yield from _wrong_field(decision)
    if decision.value != WITHDRAWN:
        yield from _wrong_value(decision, plan)


def _wrong_field(decision: Decision) -> Iterator[str]:
    fields: tuple[str, ...] = OPINION_FIELDS
    called = "意見"
    if is_issue(decision.target_id):
        fields, called = ISSUE_FIELDS, "課題"
    elif is_piece(decision.target_id):
        fields, called = PIECE_FIELDS, "対象外の部分"
        if not _PIECE_ID.fullmatch(decision.target_id):
            yield "target_id: 対象外の部分は「回答番号@開始-終了」と書いてください"
    if decision.field not in FIELDS:
        yield f"field: 「{decision.field}」は使えません（使えるもの: {'、'.join(fields)}）"
    elif decision.field not in fields:
        yield f"field: 「{decision.field}」は{called}には使えません（使えるもの: {'、'.join(fields)}）"


def _wrong_value(decision: Decision, plan: Plan) -> Iterator[str]:
    goals = {goal.id for goal in plan.goals}
    measures = {measure.id for goal in plan.goals for measure in goal.measures}
    allowed = {
        "goal_id": goals | {NO_GOAL},
        "goal_id_2": goals | {""},
        "measure_id": measures | {""},
        "kind": set(OPINION_KINDS),
        "status": {*ISSUE_STATUSES, ""},
        "response": {*RESPONSES, ""},
        "restore": {RESTORED},
    }.get(decision.field)
    value = decision.value
    if decision.field == "goal_id" and not value:
        yield "value: どの目標でもないときは 0 と書いてください"
    elif allowed is not None and value not in allowed:
        where = "計画に" if decision.field in GOAL_FIELDS else ""
        usable = "、".join(sorted(own for own in allowed if own))
        yield f"value: {where}「{value}」はありません（使えるもの: {usable}）"
    elif decision.field == "issue_id" and value != NO_ISSUE and not _ISSUE_ID.fullmatch(value):
        yield f"value: 「{value}」は課題の番号ではありません（例: I012。どの課題にも入れないときは 0）"
    elif decision.field == "merge_into" and value and not _ISSUE_ID.fullmatch(value):
        yield f"value: 「{value}」は課題の番号ではありません（例: I012）"
    elif decision.field == "merge_into" and value == decision.target_id:
        yield "value: 自分自身には統合できません"
    elif decision.field == "split" and parse_split(value) is None:
        yield f"value: 「{value}」は分け方として読めません（例: I077 感染症; I078 食べ物）"
    elif decision.field == "title" and not 0 < len(value.strip()) <= LONGEST_TITLE:
        yield f"value: 題は1文字以上{LONGEST_TITLE}文字までです"
    else:
        yield from _wrong_privacy(decision.field, value)


def _wrong_privacy(field: str, value: str) -> Iterator[str]:
    if field == "personal" and parse_hidden(value) is None:
        yield f"value: 「{value}」は伏せる場所として読めません"
    elif field == CHECKED and not _DIGEST.fullmatch(value):
        yield f"value: 「{value}」は、確認した文面の印として読めません"
    elif field == PUBLIC:
        yield from _wrong_public(value)


def _wrong_public(value: str) -> Iterator[str]:
    words = parse_public(value)
    if not words:
        yield "value: 公開する言葉がありません"
    for word in words:
        if why := why_not_public(word):
            yield f"value: {why}"
        elif any(own.label not in OPENABLE for own in find_personal(word)):
            yield "value: 郵便番号、マイナンバー、口座番号などは公開にできません"
