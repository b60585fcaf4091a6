"""A finished run as the papers need it: saved tables without the raw text, and the plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pipeline import tables
from pipeline.deidentify import declared_public, deidentify
from pipeline.errors import InputError, Location
from pipeline.manifest import hash_file, load_manifest
from pipeline.plan import find_plan, load_plan
from pipeline.runfolder import STUDY
from pipeline.study import load_study

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from pipeline.plan import Plan

TABLES: Final = ("answers", "opinions", "issues", "measures", "applied_decisions", "set_aside")

LATER_TABLES: Final = ("actions", "treatments")
"""Tables that runs of earlier versions do not have."""


@dataclass(frozen=True)
class RunTables:
    """A run as the papers need it.

    Attributes
    ----------
    title
        Of the study.
    tables
        By name; ``answers`` has no ``raw_text``, and of :data:`LATER_TABLES` only those are
        there that the run has.
    note
        What is to be known about the plan, in Japanese; empty for nothing.
    """

    title: str
    manifest: Mapping[str, Any]
    plan: Plan
    tables: Mapping[str, pd.DataFrame]
    note: str = ""


def load_run(run: Path) -> RunTables:
    """Read what a run saved.

    Parameters
    ----------
    run
        Its folder, or a file in it.

    Raises
    ------
    InputError
        The folder is no run, or a table, the study or the plan cannot be read.
    """
    manifest = load_manifest(run)
    study = load_study(run / STUDY)
    path = find_plan(study.plan, run)
    changed = hash_file(path) not in {one["sha256"] for one in manifest["dictionaries"]}
    folder = run / "tables"
    read = {name: _load(name, folder) for name in TABLES}
    read |= {
        name: _load(name, folder) for name in LATER_TABLES if (folder / f"{name}.parquet").is_file()
    }
    public = declared_public(read["applied_decisions"])
    read["answers"] = deidentify(read["answers"], public)
    note = "計画ファイルが、結果を作ったときから変わっています。目標の名前はいまの計画のものです。"
    title = str(manifest["study"].get("title", study.title))
    return RunTables(title, manifest, load_plan(path), read, note if changed else "")


def _load(name: str, folder: Path) -> pd.DataFrame:
    try:
        return tables.load_table(name, folder)
    except KeyError as error:
        raise InputError(
            f"結果の表「{name}」の列が、この版の Kadai のものと違います（{error}）。",
            at=Location(file=f"{folder.name}/{name}.parquet"),
            remedy="kadai run でもう一度結果を作ってから、kadai papers を実行してください。",
        ) from error
