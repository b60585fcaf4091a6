"""The run that a command looks at where none is named."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.errors import UsageError


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
