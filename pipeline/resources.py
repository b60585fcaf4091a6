"""Where the files that come with Kadai are, and where it may keep a cache."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

import platformdirs


def dictionaries_folder() -> Path:
    """Folder of the dictionaries: inside an installed wheel, else the repository's."""
    installed = Path(__file__).parent / "dictionaries"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "dictionaries"


def cache_folder() -> Path:
    """Folder for what can be made again; ``KADAI_CACHE`` overrides the user's own."""
    named = os.environ.get("KADAI_CACHE")
    return Path(named) if named else Path(platformdirs.user_cache_dir("kadai", appauthor=False))


def cache_folders() -> tuple[Path, ...]:
    """Where a cache may stand, best first: the cache folder, then one among temporary files."""
    user = f"-{os.getuid()}" if hasattr(os, "getuid") else ""
    return cache_folder(), Path(tempfile.gettempdir()) / f"kadai{user}"


def make_own_folder(folder: Path) -> None:
    """Make a folder that only this user may write to, or check that it is one.

    Raises
    ------
    PermissionError
        It is a link, or somebody else's, or others may write to it: what it holds may not
        be ours.
    OSError
        It cannot be made.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or not _is_ours(found):
        raise PermissionError(f"{folder} belongs to somebody else")
    if hasattr(os, "getuid") and found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        folder.chmod(stat.S_IMODE(found.st_mode) & ~(stat.S_IWGRP | stat.S_IWOTH))


def is_own(path: Path) -> bool:
    """Whether there is such a file, plain and written by this user or an administrator."""
    try:
        found = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and _is_ours(found)


def _is_ours(found: os.stat_result) -> bool:
    # What an administrator made for everybody is as good as one's own.
    return not hasattr(os, "getuid") or found.st_uid in {0, os.getuid()}
