"""A folder for half-made things that nobody else may enter, gone when it is done with.

A process that is killed cannot tidy up, and what it leaves holds what residents wrote.
The next one in the same place removes it, once the lock shows that its owner is gone.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from pipeline.plainfile import is_link

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX: Final = ".kadai-"
"""Begin of the names of such folders."""

_LOCK: Final = "lock"
_ATTEMPTS: Final = 5


@contextlib.contextmanager
def private_folder(place: Path) -> Iterator[Path]:
    """A new folder in another one, open to its owner only; those that were left are removed.

    Parameters
    ----------
    place
        The folder that it stands in.

    Raises
    ------
    OSError
        It cannot be made.
    """
    remove_left(place)
    folder, lock = _begin(place)
    try:
        yield folder
    finally:
        if lock is not None:
            lock.release()
        shutil.rmtree(folder, ignore_errors=True)


def remove_left(place: Path) -> None:
    """Remove private folders whose owners were killed; what cannot be removed stays."""
    with contextlib.suppress(OSError):
        for folder in sorted(place.glob(f"{PREFIX}*")):
            if _is_ours(folder) and _is_left(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _begin(place: Path) -> tuple[Path, FileLock | None]:
    """Make a folder and hold its lock; ``None`` on a drive that knows no locks.

    Between the two, another process may take the folder for one that was left.
    """
    for _ in range(_ATTEMPTS):
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
        lock = FileLock(folder / _LOCK)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue
        except (OSError, NotImplementedError):
            if folder.is_dir():
                return folder, None
            continue
        if (folder / _LOCK).exists():
            return folder, lock
        lock.release()
    raise OSError(f"no private folder can be made in {place}")


def _is_ours(folder: Path) -> bool:
    if is_link(folder) or not folder.is_dir():
        return False
    return not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()


def _is_left(folder: Path) -> bool:
    """Whether there is a lock that nobody holds; age alone says nothing."""
    path = folder / _LOCK
    if is_link(path) or not path.is_file():
        return False
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except (Timeout, OSError, NotImplementedError):
        return False
    lock.release()
    return True
