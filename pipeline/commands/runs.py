"""Which run a command looks at. Only click is imported at first."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.errors import UsageError


def named_run(name: str | Path) -> Path:
    """Run folder that is named, also where somebody dragged the report in it here.

    Whether a run is in it is found out when it is read.
    """
    from pipeline.runfolder import run_folder_of

    return run_folder_of(Path(name))


def newest_run() -> Path:
    """Folder of the newest run from here, which is named on standard error.

    Raises
    ------
    UsageError
        There is none.
    """
    from pipeline.runfolder import newest_run as find_newest

    found = find_newest(Path.cwd())
    if found is None:
        raise UsageError(
            "結果のフォルダーが見つかりません。",
            remedy="結果のフォルダーも指定してください（kadai run が最後の行に表示した場所です）。",
        )
    click.echo(f"結果のフォルダー: {found}", err=True)
    return found
