"""Is a path a plain file? Devices, pipes and links to other places are not read.

A study file may come from somebody else, and the names in it decide what Kadai opens:
reading a pipe would wait for ever, ``/dev/zero`` never ends, and on Windows 「CON」 is the
keyboard, in whatever folder.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from pipeline.errors import InputError, Location

LARGEST_TEXT: Final = 1 << 28
"""Bytes of a text file; a million answers of 80 letters."""

LARGEST_SETTINGS: Final = 1 << 24
"""Bytes of a study file, a plan or a dictionary, written by hand."""

_WINDOWS_DEVICES: Final = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"}
)
_DEVICE_PATHS: Final = ("//./", "//?/", "/??/")
_JUNCTION: Final = getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", 0xA0000003)


def is_device_name(name: str) -> bool:
    """Whether Windows takes a file name for a device: 「CON」, 「aux.txt」, 「NUL .csv」."""
    return name.split(".", maxsplit=1)[0].rstrip(" ").casefold() in _WINDOWS_DEVICES


def is_link(path: Path) -> bool:
    """Whether a path is itself a link, or a junction of Windows."""
    try:
        found = path.lstat()
    except (OSError, ValueError):
        return False
    return stat.S_ISLNK(found.st_mode) or getattr(found, "st_reparse_tag", 0) == _JUNCTION


def check_plain(
    path: Path, largest: int = LARGEST_TEXT, *, windows: bool = os.name == "nt"
) -> None:
    """Refuse what is there but is no plain file, and a text that is too large.

    A folder, and a file that is missing or that cannot be looked at, pass: opening them
    says why.

    Parameters
    ----------
    largest
        Bytes.
    windows
        Whether names of devices of Windows are refused.

    Raises
    ------
    InputError
        The path is a device, a pipe or a link to a file of another kind, or the file is
        larger than `largest`.
    """
    plain = path.as_posix().replace("\\", "/")
    if windows and (plain.startswith(_DEVICE_PATHS) or is_device_name(path.name)):
        raise _no_file(path, "装置を指す名前です")
    try:
        found = path.stat()
    except (OSError, ValueError):
        return
    if stat.S_ISDIR(found.st_mode):
        return
    if not stat.S_ISREG(found.st_mode):
        raise _no_file(path, "装置やパイプです")
    if is_link(path) and Path(os.path.realpath(path)).suffix.lower() != path.suffix.lower():
        raise _no_file(path, "別の種類のファイルへのリンクです")
    if found.st_size > largest:
        raise InputError(
            f"ファイルが大きすぎます（{found.st_size:,}バイト。読めるのは {largest:,}バイトまで）。",
            at=Location(file=path.name),
            remedy="正しいファイルかを確かめ、大きなものは分けてください。",
        )


def _no_file(path: Path, what: str) -> InputError:
    return InputError(
        f"ふつうのファイルではないので、読みません（{what}）。",
        at=Location(file=str(path)),
        remedy="回答や設定を保存した、ふつうのファイルを指定してください。",
    )
