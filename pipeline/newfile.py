"""New files: whole or not at all, and never over one that is there."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.errors import InputError, Location, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

_MANIFEST: Final = "manifest.json"
"""What tells a run folder (:data:`pipeline.manifest.MANIFEST`)."""


def check_new(path: Path, endings: Sequence[str]) -> None:
    """Say before the work whether a file can be written under this name.

    Raises
    ------
    UsageError
        There is one already, or its ending is not known.
    InputError
        There is no such folder.
    """
    if path.suffix.lower() not in endings:
        raise UsageError(
            f"書き出すファイルの名前「{path.name}」が {' か '.join(endings)} ではありません。",
            remedy=f"名前の終わりを {' か '.join(endings)} にしてください。",
        )
    if not path.parent.is_dir():
        raise InputError(
            f"「{path.name}」を書き出すフォルダーがありません。",
            at=Location(file=str(path.parent)),
            remedy="先にフォルダーを作るか、あるフォルダーを指定してください。",
        )
    if path.exists():
        raise _taken(path)


def check_outside(path: Path, run: Path, what: str) -> None:
    """Say before the work that what is confidential does not go into any run folder.

    Parameters
    ----------
    what
        What would be written, for the message.

    Raises
    ------
    UsageError
        The file would lie in this run's folder, or in another's: they are handed on.
    """
    place = path.resolve()
    in_another = any((folder / _MANIFEST).is_file() for folder in place.parents)
    if in_another or place.is_relative_to(run.resolve()):
        raise UsageError(
            f"{what}は、結果のフォルダーの中には書き出しません。",
            remedy="結果といっしょに渡してしまわないように、別のフォルダーを指定してください。",
        )


def save_new(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write a file that is not there yet.

    The content is written beside it first. The name is taken only then, so that a full disk
    leaves nothing behind.

    Parameters
    ----------
    private
        Only the person who wrote it may read it (not on Windows, where the folder decides).

    Raises
    ------
    UsageError
        There is one.
    InputError
        The place cannot be written to.
    """
    unfinished: list[Path] = []
    try:
        handle, name = tempfile.mkstemp(prefix=".kadai-", suffix=".part", dir=path.parent)
        scratch = Path(name)
        unfinished.append(scratch)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with path.open("xb"):  # takes the name, or fails where there is one
            unfinished.append(path)
        if not private:  # the scratch file is its owner's alone
            scratch.chmod(path.stat().st_mode & 0o777)  # as any new file of this person
        scratch.replace(path)
        unfinished.clear()
    except FileExistsError as error:
        raise _taken(path) from error
    except OSError as error:
        raise InputError(
            "結果を書き込めません。",
            at=Location(file=str(path)),
            remedy="フォルダーがあるか、書き込む権限とディスクの空きがあるかを確かめてください。",
        ) from error
    finally:
        for own in unfinished:
            with contextlib.suppress(OSError):
                own.unlink(missing_ok=True)


def _taken(path: Path) -> UsageError:
    return UsageError(
        f"「{path.name}」はもうあります。上書きしません。",
        remedy="別の名前を指定するか、いらないファイルなら先に消してください。",
    )
