"""``python -m pipeline`` is the command ``kadai``."""

import sys

from pipeline.cli import main


def start() -> None:
    """Entry point of the installed command."""
    sys.exit(main())


if __name__ == "__main__":
    start()
