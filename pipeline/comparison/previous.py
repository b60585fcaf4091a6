"""The run before this one, as a run keeps it: its profile in a file of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.comparison.change import common_unit, compare_runs, tabulate_changes
from pipeline.comparison.notes import remarks
from pipeline.comparison.profile import dump_profile, load_profile
from pipeline.comparison.profiling import make_profile, profile_run
from pipeline.csvfile import read_bytes
from pipeline.errors import InputError, Location
from pipeline.manifest import PREVIOUS, load_manifest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from pipeline.study import Study


def read_previous(study: Study, folder: Path) -> bytes | None:
    """Profile of the run before, as a study names it: its folder, or the profile that was kept.

    Parameters
    ----------
    study, folder
        The study and the folder that its paths are relative to.

    Returns
    -------
    bytes or None
        Content of ``previous.json``; ``None`` where no run before is named.

    Raises
    ------
    InputError
        It is no run, or no profile.
    """
    if study.previous is None:
        return None
    place = folder / study.previous
    check_previous(place, "調査ファイルの previous")
    if not place.is_file():
        return dump_profile(profile_run(place))
    content = read_bytes(place, "前回の結果の要約")
    return dump_profile(load_profile(content, place.name))


def check_previous(place: Path, named_by: str) -> None:
    """Say before any work whether a run before can be read.

    Parameters
    ----------
    place
        Folder of the run, or the profile that was kept of it.
    named_by
        Option or key that names it, for messages.

    Raises
    ------
    InputError
        It is not there, no run, or of another version.
    """
    shown = f"{named_by} で指定した前回の結果「{place.name or place}」"
    remedy = (
        "前回 kadai run が作ったフォルダー（manifest.json のあるもの）を指定してください。"
        f"前回と比べないときは、{named_by} の指定を外してください。"
    )
    if not place.exists():
        raise InputError(f"{shown}が見つかりません。", at=Location(file=str(place)), remedy=remedy)
    if not (place.suffix == ".json" or (place / "manifest.json").is_file()):
        raise InputError(
            f"{shown}は、Kadai の結果のフォルダーではありません。",
            at=Location(file=str(place)),
            remedy=remedy,
        )
    try:
        if place.is_file():
            load_profile(read_bytes(place, "前回の結果の要約"), place.name)
        else:
            load_manifest(place)
    except InputError as error:
        raise InputError(
            f"{shown}を使えません。{error.problem}", at=error.at, remedy=error.remedy
        ) from error


def compare_with(
    content: bytes | None, tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Compare a run with the one before.

    Parameters
    ----------
    content
        What :func:`read_previous` gives.
    tables, manifest
        Of this run; see :func:`pipeline.comparison.profiling.make_profile`.

    Returns
    -------
    tuple
        Table ``comparison``, and what the manifest says beside the file's hash; both
        empty without a run before.
    """
    if content is None:
        return tabulate_changes(None), {}
    old, new = load_profile(content, PREVIOUS), make_profile(tables, manifest)
    unit = common_unit((old, new))
    about = {
        "run_id": old.run_id,
        "title": old.title,
        "n_answers": old.n_answers,
        "remarks": list(remarks(old, new, unit)),
    }
    return tabulate_changes(compare_runs(old, new, unit)), about
