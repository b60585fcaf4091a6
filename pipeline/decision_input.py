"""The decisions that a run applies: the study's file, and what the run before it was made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline import tables
from pipeline.csvfile import read_bytes
from pipeline.decision_log import added_to
from pipeline.decisions import parse_decisions
from pipeline.manifest import load_manifest
from pipeline.remember import Occasion, number_issues

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.plan import Plan
    from pipeline.study import Study

BEFORE: Final = "前回の結果"
"""Who stands as reviewer in rows that come from the run before, not from a person."""


def read_decisions(study: Study, folder: Path, plan: Plan) -> bytes | None:
    """Content of the file of decisions that a run of this study applies.

    Parameters
    ----------
    study, folder
        The study and the folder that its paths are relative to.

    Returns
    -------
    bytes or None
        The file's own bytes; behind them, where the study names a run before it, what
        the issues of that run were made of. ``None`` where there is neither.

    Raises
    ------
    InputError
        The file, or the run before, cannot be read.
    """
    content = None
    if study.decisions is not None:
        content = read_bytes(folder / study.decisions, "判断の記録")
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
