"""Where the files that come with Kadai are, and where it may keep a cache."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def dictionaries_folder() -> Path:
    """Folder of the dictionaries: inside an installed wheel, else the repository's."""
    installed = Path(__file__).parent / "dictionaries"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "dictionaries"


def cache_folder() -> Path:
    """Folder for what can be made again; ``KADAI_CACHE`` overrides the user's own."""
    named = os.environ.get("KADAI_CACHE")
    return Path(named) if named else Path(platformdirs.user_cache_dir("kadai", appauthor=False))
