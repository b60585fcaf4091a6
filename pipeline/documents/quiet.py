"""Keep a library in another language from writing to the planner's screen."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_STANDARD_ERROR = 2


@contextmanager
def quiet() -> Iterator[None]:
    """Send to nowhere what is written to standard error past Python.

    The reader of workbooks is written in Rust, which prints a report of its own before a
    damaged file becomes an error of ours. On Windows that report goes another way.
    """
    try:
        kept = os.dup(_STANDARD_ERROR)
    except OSError:  # there is no standard error: a program without a console
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, _STANDARD_ERROR)
        yield
    finally:
        os.dup2(kept, _STANDARD_ERROR)
        os.close(nowhere)
        os.close(kept)
