"""Kadai: from what residents write to issues under the goals of a plan.

The package is a chain of stages, each a module named after the table that it
makes; :mod:`pipeline.analysis` tells the whole story. What a program or a notebook uses is
here: :func:`run`, :func:`load_run`, :func:`compare` (:mod:`pipeline.api`), and
:func:`japanese_font` for plots.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from pipeline.version import __version__

if TYPE_CHECKING:
    from pipeline.api import Comparison, Run, compare, japanese_font, load_run, run

__all__ = ["Comparison", "Run", "__version__", "compare", "japanese_font", "load_run", "run"]


def __getattr__(name: str) -> object:
    """Fetch what is public when it is asked for, so that ``kadai --help`` answers at once."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module("pipeline.api"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
