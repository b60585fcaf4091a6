"""A private place for parts, made when the first one is written, gone with the engine."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Self

from pipeline.privatefolder import private_folder

if TYPE_CHECKING:
    from types import TracebackType


class Scratch:
    """Names of files in a private folder.

    Parameters
    ----------
    place
        Folder that the private one is made in. ``None``: among temporary files.
    """

    def __init__(self, place: Path | None = None) -> None:
        self._place = place
        self._folder: Path | None = None
        self._numbers = count()
        self._stack = ExitStack()

    def folder(self) -> Path:
        """The private folder.

        Raises
        ------
        OSError
            It cannot be made.
        """
        if self._folder is None:
            place = self._place or Path(tempfile.gettempdir())
            self._folder = self._stack.enter_context(private_folder(place.absolute()))
        return self._folder

    def new_file(self) -> Path:
        """A path that no other file has had; the file itself is not made."""
        return self.folder() / f"{next(self._numbers):08}.part"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()
