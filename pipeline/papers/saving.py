"""Papers are put into a folder all together or not at all, and never over a person's work."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.errors import InputError, Location, UsageError
from pipeline.papers.seal import is_untouched

if TYPE_CHECKING:
    from collections.abc import Mapping


class Saved(NamedTuple):
    """Where papers stand now.

    Attributes
    ----------
    kept
        Files that somebody changed and that were left as they are.
    """

    paths: tuple[Path, ...]
    kept: tuple[Path, ...]


def save_papers(papers: Mapping[str, bytes], folder: Path) -> Saved:
    """Write papers.

    A file that is there already is replaced only where it is just as Kadai wrote it;
    otherwise the new one stands beside it under a name of its own.

    Parameters
    ----------
    papers
        Name → content.

    Raises
    ------
    UsageError
        The folder is a file.
    InputError
        Something cannot be written; everything is as it was.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(
            f"出力先「{folder.name}」はファイルです。",
            remedy="フォルダーの名前を指定してください。",
        )
    try:
        there = {name: _place(folder, name) for name in papers}
        # In the folder itself, so that putting a file in its place is one step.
        made_folder = next(
            (one for one in (*reversed(folder.parents), folder) if not one.exists()), None
        )
        folder.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=".kadai-", dir=folder))
    except OSError as error:
        raise _cannot_write(folder, error) from error
    done = False
    try:
        for name, content in papers.items():
            (scratch / name).write_bytes(content)
        _put_all({scratch / name: place for name, place in there.items()}, scratch)
        done = True
    except OSError as error:
        raise _cannot_write(folder, error) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        if not done and made_folder is not None:
            shutil.rmtree(made_folder, ignore_errors=True)
    kept = [folder / name for name, place in there.items() if place.name != name]
    return Saved(tuple(there.values()), tuple(kept))


def _place(folder: Path, name: str) -> Path:
    """The first of ``x.docx``, ``x-新しい版1.docx``, … that is free or that nobody changed."""
    path, number = folder / name, 0
    while path.exists() and not (path.is_file() and is_untouched(path.read_bytes())):
        number += 1
        path = folder / f"{Path(name).stem}-新しい版{number}{Path(name).suffix}"
    return path


def _put_all(moves: Mapping[Path, Path], scratch: Path) -> None:
    """Put every file in its place; when one cannot be put, take the others back."""
    put: list[tuple[Path, Path | None]] = []
    try:
        for number, (new, place) in enumerate(moves.items()):
            if place.exists() and place.read_bytes() == new.read_bytes():
                continue
            older = None
            if place.exists():
                older = scratch / f"older-{number}"
                shutil.copy2(place, older)
            new.replace(place)
            put.append((place, older))
    except BaseException:  # also an interrupt
        for place, older in reversed(put):
            if older is None:
                place.unlink(missing_ok=True)
            else:
                older.replace(place)
        raise


def _cannot_write(folder: Path, error: OSError) -> InputError:
    named = Path(str(error.filename2 or error.filename or folder))
    inside = ".kadai-" not in str(named)
    return InputError(
        "会議資料を書き込めません。",
        at=Location(file=named.name if inside else str(folder)),
        remedy="前の資料を Word や Excel で開いていれば閉じてください。"
        "閉じても書けないときは、フォルダーに書き込む権限とディスクの空きを確かめるか、"
        "--output で別のフォルダーを指定してください。",
    )
