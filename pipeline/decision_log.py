"""The file of decisions is added to as a whole, under a lock, or not at all.

New rows are written beside the file and put in its place in one step, so that a power
cut, a full disk or a second person at the same moment leaves the old file or the new
one, never half a row.
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from pipeline.decisions import COLUMNS
from pipeline.errors import InputError, Location
from pipeline.formulas import guard_formula

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.decisions import Decision

PATIENCE: Final = 20.0
"""Seconds to wait for somebody who is adding decisions at the same moment."""

_MARK: Final = "\ufeff".encode()


@contextlib.contextmanager
def locked(path: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock on a file of decisions: nobody else adds to it meanwhile.

    The lock is the operating system's; it ends with the process, however that ends.

    Raises
    ------
    InputError
        Somebody else holds it for longer than `patience` seconds, or the folder cannot
        be written to.
    """
    lock = FileLock(path.with_name(f".{path.name}.lock"))
    try:
        lock.acquire(timeout=patience)
    except Timeout as error:
        raise InputError(
            "ほかの人が、同じ判断の記録に書き込んでいます。",
            at=Location(file=path.name),
            remedy="少し待ってから、もう一度実行してください。まだ何も書き込んでいません。",
        ) from error
    except (OSError, NotImplementedError) as error:
        raise _cannot_write(path) from error
    try:
        yield
    finally:
        lock.release()


def as_rows(decisions: Sequence[Decision]) -> str:
    """Decisions as lines of the file, without its header."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerows(map(guard_formula, own) for own in decisions)  # it is opened in Excel, too
    return buffer.getvalue().replace("\0", "\ufffd")  # it would end the file for other programs


def added_to(content: bytes, decisions: Sequence[Decision]) -> bytes:
    """Content of a file of decisions with further ones at its end.

    Parameters
    ----------
    content
        As it is now; empty where there is no file yet. Not a byte of it changes.
    """
    if not content.strip(_MARK + b"\r\n"):
        content = _MARK + (",".join(COLUMNS) + "\r\n").encode()
    elif not content.endswith(b"\n"):
        content += b"\r\n"
    return content + as_rows(decisions).encode()


def append_decisions(path: Path, decisions: Sequence[Decision]) -> None:
    """Add decisions to the file; call it while it is :func:`locked`.

    Raises
    ------
    InputError
        The file cannot be written, for instance because it is open in Excel; it is as
        it was before.
    """
    if not decisions:
        return
    path = path.resolve()  # a link stays one
    scratch = None
    try:
        before = path.read_bytes() if path.exists() else b""
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        scratch = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(added_to(before, decisions))
            file.flush()
            os.fsync(file.fileno())
        scratch.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        scratch.replace(path)
    except OSError as error:
        raise _cannot_write(path) from error
    finally:
        if scratch is not None:
            with contextlib.suppress(OSError):
                scratch.unlink(missing_ok=True)


def _cannot_write(path: Path) -> InputError:
    return InputError(
        "判断の記録に書き込めません。何も書き込んでいません。",
        at=Location(file=str(path)),
        remedy="Excel などで開いていれば閉じ、フォルダーに書き込む権限とディスクの空きを確かめて、"
        "もう一度実行してください。別の場所に置くときは --decisions で指定します。",
    )
