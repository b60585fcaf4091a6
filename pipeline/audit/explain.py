"""Why something is where it is: an opinion, an issue, or what was set aside.

Everything is read from the saved tables of a run; nothing is computed anew, and the raw
text of answers is never looked at.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline import tables
from pipeline.audit.aside import AsideView, explain_aside
from pipeline.audit.issue import IssueView, explain_issue
from pipeline.audit.opinion import OpinionView, explain_opinion
from pipeline.audit.result import Result
from pipeline.decisions import is_issue, is_piece, piece_id
from pipeline.deidentify import declared_public, deidentify
from pipeline.errors import UsageError
from pipeline.identity import issue_number
from pipeline.manifest import hash_file, load_manifest
from pipeline.plan import find_plan, load_plan
from pipeline.runfolder import STUDY
from pipeline.study import load_study

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pipeline.audit.views import Judged

TABLES: Final = (
    "answers", "opinions", "issues", "machine_issues", "groups", "concepts", "goal_links",
    "lessons", "applied_decisions", "set_aside",
)  # fmt: skip

_ISSUE: Final = re.compile(r"I(\d+)")


@dataclass(frozen=True)
class LostView:
    """Something that people decided on and that this run does not have.

    Attributes
    ----------
    now
        What the decisions were applied to instead.
    why
        Where its opinions went, as far as that is known.
    """

    target_id: str
    now: tuple[str, ...]
    why: str
    decisions: tuple[Judged, ...]


@dataclass(frozen=True)
class Explanation:
    """What is told, and what is to be known about it; empty for nothing."""

    view: OpinionView | IssueView | AsideView | LostView
    note: str = ""


def load_result(run: Path) -> Result:
    """Read the tables of a run, without the raw text of answers, and its plan.

    Raises
    ------
    InputError
        The folder is no run, or a table or the plan cannot be read.
    """
    manifest = load_manifest(run)
    read = {name: tables.load_table(name, run / "tables") for name in TABLES}
    public = declared_public(read["applied_decisions"])
    read["answers"] = deidentify(read["answers"], public)
    path = find_plan(load_study(run / STUDY).plan, run)
    changed = hash_file(path) not in {one["sha256"] for one in manifest["dictionaries"]}
    note = "計画ファイルが、結果を作ったときから変わっています。目標の名前はいまの計画のものです。"
    return Result(read, load_plan(path), note if changed else "")


def explain(result: Result, target: str) -> Explanation:
    """Collect what is known about an opinion, an issue, an answer or a piece of one.

    Parameters
    ----------
    target
        Its id; full and half width, capitals and small letters are alike.

    Raises
    ------
    UsageError
        The run knows no such id; ids that are written like it are named.
    """
    own = unicodedata.normalize("NFKC", target).strip().upper()
    if result.row("opinions", "opinion_id", own):
        return Explanation(explain_opinion(result, own), result.note)
    if result.row("issues", "issue_id", own) or result.row("machine_issues", "issue_id", own):
        return Explanation(explain_issue(result, own), result.note)
    if is_piece(own) and own in {*_answers(result), *_pieces(result)}:
        return Explanation(explain_aside(result, own), result.note)
    if (lost := _lost(result, own)) is not None:
        return Explanation(lost, result.note)
    near = _near(result, own)
    raise UsageError(
        f"「{own}」は、この結果にありません。",
        remedy=f"番号を確かめてください（似た番号: {'、'.join(near)}）。"
        if near
        else "意見（O…）、課題（I…）、対象外の部分や回答（A…）の番号を指定してください。",
    )


def _answers(result: Result) -> Iterable[str]:
    return map(str, result.tables["answers"]["answer_id"])


def _pieces(result: Result) -> Iterable[str]:
    """Pieces that are set aside, and those that were brought back."""
    aside = result.tables["set_aside"]
    for answer_id, start, end in zip(aside["answer_id"], aside["start"], aside["end"], strict=True):
        yield piece_id(answer_id, start, end)
    for own in result.decisions:
        if is_piece(own.decision.target_id) and own.applied_to:
            yield own.decision.target_id


def _lost(result: Result, target: str) -> LostView | None:
    """What people decided on and that is not in this run."""
    own = [one for one in result.decisions if one.decision.target_id == target]
    why = [one.why_not for one in result.members if one.decision.target_id == target]
    if not own and not why:
        return None
    return LostView(
        target_id=target,
        now=tuple(sorted({one.applied_to for one in own} - {""})),
        why=next((one for one in reversed(why) if one), ""),
        decisions=tuple(result.judged(one) for one in own),
    )


def _near(result: Result, target: str) -> list[str]:
    """Ids of the same kind that are written like this one."""
    known: set[str] = set()
    if match := _ISSUE.fullmatch(target):
        padded = issue_number(int(match[1]))
        if padded in result.titles:
            return [padded]
    if is_issue(target):
        known.update(result.titles)
    elif is_piece(target):
        known.update(_pieces(result) if "@" in target else _answers(result))
    else:
        known.update(map(str, result.tables["opinions"]["opinion_id"]))
    return difflib.get_close_matches(target, sorted(known))
