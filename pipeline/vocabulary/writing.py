"""Lines are added to the dictionaries as a whole, under a lock, or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from pipeline.csvfile import read_bytes
from pipeline.errors import ConflictError, InputError, Location
from pipeline.vocabulary.candidate import as_line
from pipeline.vocabulary.entries import FILES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.vocabulary.entries import Entry

PATIENCE: Final = 20.0
"""Seconds to wait for somebody who adds words at the same moment."""

_LOCK: Final = ".kadai-dictionary.lock"
_MARK: Final = "\ufeff".encode()


def read_dictionaries(folder: Path) -> dict[str, bytes]:
    """Content of the dictionaries that words are added to, by name."""
    return {name: read_bytes(folder / name, "辞書ファイル") for name in FILES}


def added_to(content: bytes, lines: Sequence[str]) -> bytes:
    """Content of a dictionary with further lines at its end; not a byte of it changes.

    The new lines end as the others do.
    """
    if not lines:
        return content
    end = b"\r\n" if b"\r\n" in content else b"\n"
    if content.strip(_MARK) and not content.endswith((b"\n", b"\r")):
        content += end
    return content + b"".join(own.encode() + end for own in lines)


def with_entries(contents: Mapping[str, bytes], entries: Sequence[Entry]) -> dict[str, bytes]:
    """Contents of the dictionaries with some entries at their ends."""
    return {
        name: added_to(own, [as_line(one.cells) for one in entries if one.file == name])
        for name, own in contents.items()
    }


def write_entries(folder: Path, entries: Sequence[Entry], seen: Mapping[str, bytes]) -> list[Path]:
    """Add entries to the dictionaries.

    Parameters
    ----------
    seen
        Contents that the entries were checked against; where a dictionary is no longer as it
        was, somebody else has changed it, and nothing is written.

    Returns
    -------
    list of Path
        The files that were changed.

    Raises
    ------
    ConflictError
        A dictionary was changed meanwhile.
    InputError
        Somebody else is writing, or the folder cannot be written to; everything is as it was.
    """
    with _locked(folder, entries):
        if read_dictionaries(folder) != dict(seen):
            raise ConflictError(
                "調べているあいだに、ほかの人が辞書を直しました。何も書いていません。",
                at=Location(file=str(folder)),
                remedy="もう一度、同じように実行してください。",
            )
        made = with_entries(seen, entries)
        changed = [folder / name for name in FILES if made[name] != seen[name]]
        try:
            _replace_all({path: made[path.name] for path in changed}, seen)
        except OSError as error:
            raise _cannot_write(folder, entries) from error
    return changed


@contextlib.contextmanager
def _locked(folder: Path, entries: Sequence[Entry]) -> Iterator[None]:
    lock = FileLock(folder / _LOCK)
    try:
        lock.acquire(timeout=PATIENCE)
    except Timeout as error:
        raise InputError(
            "ほかの人が、同じ辞書に書き込んでいます。",
            at=Location(file=str(folder)),
            remedy="少し待ってから、もう一度実行してください。まだ何も書き込んでいません。",
        ) from error
    except (OSError, NotImplementedError) as error:
        raise _cannot_write(folder, entries) from error
    try:
        yield
    finally:
        lock.release()


def _replace_all(made: Mapping[Path, bytes], seen: Mapping[str, bytes]) -> None:
    """Put all new contents in place; where one of them fails, the others are put back."""
    with contextlib.ExitStack() as stack:
        scratch = {path: _beside(path, own, stack) for path, own in made.items()}
        back = {path: _beside(path, seen[path.name], stack) for path in made}
        tried: list[Path] = []
        try:
            for path, own in scratch.items():
                tried.append(path)  # an interrupt may come when it is in place already
                own.replace(path.resolve())  # a link stays one
        except BaseException:  # also an interrupt
            for path in tried:
                if path.read_bytes() != seen[path.name]:
                    back[path].replace(path.resolve())
            raise


def _beside(path: Path, content: bytes, stack: contextlib.ExitStack) -> Path:
    """A file with some content beside another, with its rights; gone when the stack ends."""
    path = path.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    scratch = Path(name)
    stack.callback(_remove, scratch)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    scratch.chmod(path.stat().st_mode & 0o777)
    return scratch


def _remove(scratch: Path) -> None:
    # What was written is written, though a scanner of viruses still holds the old content.
    with contextlib.suppress(OSError):
        scratch.unlink(missing_ok=True)


def _cannot_write(folder: Path, entries: Sequence[Entry]) -> InputError:
    lines = "\n".join(f"  {own.file}: {as_line(own.cells)}" for own in entries)
    return InputError(
        f"辞書のフォルダーに書き込めません。何も書いていません。足すはずだった行は次のとおりです。\n{lines}",
        at=Location(file=str(folder)),
        remedy="Excel などで辞書を開いていれば閉じてください。書き込む権限がなければ、Kadai を入れた人"
        "（管理者）に上の行を渡して、ファイルの最後に足してもらってください。",
    )
