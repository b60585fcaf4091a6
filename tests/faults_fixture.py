"""Kills and errors at the n-th access to the files of a folder, for tests."""

from __future__ import annotations

import builtins
import contextlib
import errno
import io
import os
import signal
import sys
import time
import traceback
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

import pytest

from pipeline import tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

_OPEN: Final = io.open


def quietly_read(path: Path) -> bytes:
    """Content of a file, whatever faults are armed; empty where there is none."""
    with contextlib.suppress(OSError), _OPEN(path, "rb") as file:
        return file.read()
    return b""


class Access(NamedTuple):
    """One access to a file or folder: what is done, and to what."""

    what: str
    path: str

    @property
    def removes(self) -> bool:
        return self.what in {"unlink", "rmdir", "open a folder"}

    @property
    def changes(self) -> bool:
        return not self.removes and self.what not in {"open to read", "read", "stat"}


class Faults:
    """Counts every access to what is in a folder, and strikes at one of them.

    Attributes
    ----------
    root
        Accesses outside of it are not counted.
    at
        Number of the access that is struck, from 1; 0: none.
    strike
        What happens there: it raises, or ends the process.
    lasting
        Every later access that changes something is struck, too, as on a full disk.
    every
        Every later access of any kind is struck, too, as when a network drive is gone.
    log
        Every access so far.
    struck
        Those that were struck.
    """

    def __init__(
        self,
        root: Path,
        at: int = 0,
        strike: Callable[[], None] = lambda: None,
        *,
        lasting: bool = False,
        every: bool = False,
    ) -> None:
        self.root, self.at, self.strike = os.path.abspath(root), at, strike  # noqa: PTH100
        self.lasting, self.every = lasting, every
        self.log: list[Access] = []
        self.struck: list[Access] = []
        self._paths: dict[int, str] = {}

    def inside(self, path: object) -> bool:
        if isinstance(path, int):
            return path in self._paths
        own = os.fsdecode(os.fspath(path))
        return own == self.root or own.startswith(self.root + os.sep)

    def meet(self, what: str, path: object, half: Callable[[], object] | None = None) -> None:
        """Count an access; strike if it is its turn, after half of it was done."""
        own = self._paths.get(path, str(path)) if isinstance(path, int) else str(path)
        access = Access(what, own)
        self.log.append(access)
        number = len(self.log)
        later = number > self.at > 0 and (self.every or (self.lasting and access.changes))
        if number == self.at or later:
            self.struck.append(access)
            if half is not None:
                half()
            self.strike()

    @contextlib.contextmanager
    def armed(self) -> Iterator[Faults]:
        """Watch the file functions of Python, and the writer of Parquet files."""
        with pytest.MonkeyPatch.context() as patch:
            self._watch_opening(patch)
            for what in ("replace", "rename"):
                self._watch(patch, what)
            for what in ("mkdir", "chmod", "unlink", "rmdir", "stat"):
                self._watch(patch, what)
            self._watch_descriptors(patch)
            self._watch_parquet(patch)
            yield self

    def _watch(self, patch: pytest.MonkeyPatch, what: str) -> None:
        done = getattr(os, what)

        def watched(path: Any, *others: Any, **options: Any) -> Any:
            # shutil.rmtree names what is in a folder from inside it.
            below = options.get("dir_fd") is not None and what in {"unlink", "rmdir"}
            if below or (not isinstance(path, int) and self.inside(path)):
                self.meet(what, path)
            return done(path, *others, **options)

        patch.setattr(os, what, watched)

    def _watch_opening(self, patch: pytest.MonkeyPatch) -> None:
        opened, descriptor = io.open, os.open

        def watched(file: Any, mode: str = "r", *others: Any, **options: Any) -> Any:
            if not self.inside(file):
                return opened(file, mode, *others, **options)
            writes = any(letter in mode for letter in "wax+")
            if not isinstance(file, int):
                self.meet("open to write" if writes else "open to read", file)
            name = self._paths.pop(file) if isinstance(file, int) else str(file)
            return _Watched(opened(file, mode, *others, **options), self, name, writes=writes)

        def watched_descriptor(path: Any, flags: int, *others: Any, **options: Any) -> int:
            inside = options.get("dir_fd") is None and self.inside(path)
            writes = bool(flags & (os.O_WRONLY | os.O_RDWR))
            if inside:
                self.meet("open to write" if writes else "open a folder", path)
            found = descriptor(path, flags, *others, **options)
            if inside and writes:
                self._paths[found] = str(path)
            return found

        patch.setattr(io, "open", watched)
        patch.setattr(builtins, "open", watched)
        patch.setattr(os, "open", watched_descriptor)

    def _watch_descriptors(self, patch: pytest.MonkeyPatch) -> None:
        synced = os.fsync

        def watched_sync(file: int) -> None:
            self.meet("fsync", "")
            synced(file)

        patch.setattr(os, "fsync", watched_sync)
        if fcntl is not None:
            locked = fcntl.flock

            def watched_lock(file: int, how: int) -> None:
                if not how & fcntl.LOCK_UN:
                    self.meet("lock", "")
                locked(file, how)

            patch.setattr(fcntl, "flock", watched_lock)

    def _watch_parquet(self, patch: pytest.MonkeyPatch) -> None:
        written = tables.pq.write_table

        def watched(table: Any, where: Any, **options: Any) -> None:
            if not self.inside(where):
                written(table, where, **options)
                return

            def half() -> None:
                written(table, where, **options)
                os.truncate(where, Path(where).stat().st_size // 2)

            self.meet("write", where, half)
            written(table, where, **options)

        patch.setattr(tables.pq, "write_table", watched)


class _Watched:
    """A file whose reading, writing and closing are counted; a struck write is half done."""

    def __init__(self, file: Any, faults: Faults, path: str, *, writes: bool) -> None:
        self._file, self._faults, self._path, self._writes = file, faults, path, writes

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._file)

    def read(self, *arguments: Any) -> Any:
        try:
            self._faults.meet("read", self._path)
        except BaseException:
            self._file.close()
            raise
        return self._file.read(*arguments)

    def write(self, data: Any) -> Any:
        def half() -> None:
            self._file.write(data[: len(data) // 2])
            self._file.flush()

        self._faults.meet("write", self._path, half)
        return self._file.write(data)

    def close(self) -> None:
        try:
            if self._writes and not self._file.closed:
                self._faults.meet("close", self._path)
        finally:
            self._file.close()


def kill() -> None:
    """End this process as a power cut does: nothing is flushed, no ``finally`` runs."""
    os.kill(os.getpid(), signal.SIGKILL)


def _raiser(make: Callable[[], BaseException]) -> Callable[[], None]:
    def strike() -> None:
        raise make()

    return strike


ERRORS: Final[dict[str, Callable[[], None]]] = {
    "full disk": _raiser(lambda: OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))),
    "no permission": _raiser(lambda: PermissionError(errno.EACCES, os.strerror(errno.EACCES))),
    "broken disk": _raiser(lambda: OSError(errno.EIO, os.strerror(errno.EIO))),
    "interrupt": _raiser(KeyboardInterrupt),
    "no memory": _raiser(MemoryError),
}


# Processes


def start(work: Callable[[], int], told: Path) -> int:
    """Do some work in a process of its own, as warm as this one; what it tells goes to a file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads, from Python 3.12 on
        process = os.fork()
    if process:
        return process
    code = 99
    try:
        to = os.open(told, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        os.dup2(to, 1)
        os.dup2(to, 2)
        sys.stdout, sys.stderr = (os.fdopen(own, "w", encoding="utf-8") for own in (1, 2))
        sys.unraisablehook = sys.__unraisablehook__
        code = work()
    except BaseException:  # noqa: BLE001 - the tests of the other process are not run here
        traceback.print_exc()
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def ended(process: int, patience: float = 60.0) -> int:
    """Exit code of a process that was started; minus its signal where it was killed."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        done, status = os.waitpid(process, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.003)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    pytest.fail("a process that was started did not come to an end")
