"""``python -m pipeline`` is the command ``kadai``."""

import gc
import sys
from typing import Final

from pipeline.cli import main

_BETWEEN_SEARCHES: Final = (100_000, 50, 100)
"""Objects made, and searches of the younger ones, before Python looks for dead cycles.

A run holds millions of small objects, which are no cycles: looking through them as often as
Python does by itself takes an eighth of a run's time and frees nothing.
"""


def start() -> None:
    """Entry point of the installed command."""
    gc.set_threshold(*_BETWEEN_SEARCHES)
    sys.exit(main())


if __name__ == "__main__":
    start()
