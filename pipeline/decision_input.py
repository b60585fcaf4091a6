"""The decisions that a run applies: the study's file, and what the run before it was made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline import tables
from pipeline.csvfile import parse_rows, read_bytes
from pipeline.decision_log import added_to
from pipeline.decision_words import Voices
from pipeline.decisions import COLUMNS, Decision, parse_decisions
from pipeline.manifest import load_manifest
from pipeline.privacy import HIDDEN
from pipeline.remember import Occasion, number_issues

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.plan import Plan
    from pipeline.study import Study

BEFORE: Final = "前回の結果"
"""Who stands as reviewer in rows that come from the run before, not from a person."""

_MOST_PASSES: Final = 5


def read_decisions(study: Study, folder: Path, plan: Plan) -> bytes | None:
    """Content of the file of decisions that a run of this study applies.

    Parameters
    ----------
    study, folder
        The study and the folder that its paths are relative to.

    Returns
    -------
    bytes or None
        The file's own bytes, or its rows with their voices masked as they are now
        (:func:`with_masked_voices`); behind them, where the study names a run before it,
        what the issues of that run were made of. ``None`` where there is neither.

    Raises
    ------
    InputError
        The file, or the run before, cannot be read.
    """
    content = None
    if study.decisions is not None:
        content = with_masked_voices(read_bytes(folder / study.decisions, "判断の記録"), plan)
    # A file is what a run kept of the run before: its decisions hold the rows already.
    if study.previous is None or (folder / study.previous).is_file():
        return content
    run = folder / study.previous
    run_id = str(load_manifest(run)["run_id"])
    # The columns that are needed and no others: an earlier Kadai may have had fewer.
    opinions = tables.load_columns("opinions", ("text", "machine_issue_id"), run / "tables")
    machine = tables.load_columns(
        "machine_issues", ("issue_id", "title", "headings"), run / "tables"
    )
    known = parse_decisions(content, plan) if content is not None else ()
    rows = number_issues(known, opinions, machine, Occasion(BEFORE, "", run_id)).rows
    return added_to(content or b"", rows)


def with_masked_voices(content: bytes, plan: Plan) -> bytes:
    """Content of a file of decisions in which no voice says what is masked or hidden now.

    The file itself is only ever added to: what was decided before a word was hidden keeps
    the word. What a run keeps is made of it by this, and stays the same when it is read
    again, so that a run can be made again from what it kept.

    Raises
    ------
    InputError
        A row is wrong.
    """
    shown = parse_decisions(content, plan)  # tells what is wrong
    rows, _ = parse_rows(content, "", "", COLUMNS, "")
    for _ in range(_MOST_PASSES):
        voices = Voices(shown)
        again = tuple(own._replace(text=_shown_text(own, voices)) for own in shown)
        if again == shown:
            break
        shown = again
    written = [Decision(*row) for _, row in rows]
    is_same = [_words(own) for own in shown] == [_words(own) for own in written]
    return content if is_same else added_to(b"", shown)


def _words(own: Decision) -> tuple[str, ...]:
    free = own.field in {"title", "comment"}
    return own.text, own.reason, own.value if free else ""


def _shown_text(own: Decision, voices: Voices) -> str:
    if not own.text.strip():
        return own.text
    return voices.text(own) or f"［{HIDDEN}］"
