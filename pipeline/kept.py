"""What is made of dictionaries and takes time to make: kept in the user's cache.

A kept file stands under a hash of everything that it is made of, the program included, so it
is never out of date; and it begins with a hash of its own content, so damage is seen. It is a
convenience only: what is missing, damaged or somebody else's is made anew, and a cache that
cannot be written is no reason to stop.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.resources import cache_folder, is_own
from pipeline.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MOST_KEPT: Final = 12
"""Files of one kind; the oldest are removed. A few plans, a few versions of each."""

_LIBRARIES: Final = ("numpy", "scipy", "sudachipy", "sudachidict-core")


def program_digest() -> str:
    """Hash of the program and of the libraries that its results depend on.

    A weight or a rule of matching that is changed in the program counts, too.
    """
    sources = _sources_digest(Path(__file__).parent)
    return _hash([__version__, _versions(version), sources])


# What runs does not change any more while it runs.
@functools.cache
def _versions(find: Callable[[str], str]) -> list[str]:
    return [find(name) for name in _LIBRARIES]


@functools.cache
def _sources_digest(folder: Path) -> str:
    sources = sorted(folder.rglob("*.py"))
    return _hash(
        [
            (own.relative_to(folder).as_posix(), hashlib.sha256(own.read_bytes()).hexdigest())
            for own in sources
        ]
    )


def kept_path(kind: str, made_of: Sequence[str | bytes], suffix: str = ".json") -> Path:
    """Where something is kept.

    Parameters
    ----------
    kind
        What it is; the name of its folder.
    made_of
        Everything that it is made of beside the program: contents, digests, parameters.
    """
    digests = [
        hashlib.sha256(own if isinstance(own, bytes) else own.encode()).hexdigest()
        for own in made_of
    ]
    return cache_folder() / kind / f"{_hash([program_digest(), digests])[:32]}{suffix}"


def read_kept(path: Path) -> bytes | None:
    """What was kept, or nothing where it is missing, damaged or somebody else's."""
    if not is_own(path):
        return None
    try:
        digest, _, content = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return content if digest == hashlib.sha256(content).hexdigest().encode() else None


def keep(path: Path, content: bytes) -> None:
    """Keep something for the next run; :func:`read_kept` sees whether it is whole."""
    write_kept(path, hashlib.sha256(content).hexdigest().encode() + b"\n" + content)


def write_kept(path: Path, content: bytes) -> None:
    """Write a file of a form that has checks of its own, all of it or nothing."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
        _remove_oldest(path)


def _remove_oldest(newest: Path) -> None:
    others = [own for own in newest.parent.glob(f"*{newest.suffix}") if own != newest]
    others.sort(key=lambda own: (-own.stat().st_mtime_ns, own.name))
    for own in others[MOST_KEPT - 1 :]:
        own.unlink(missing_ok=True)


def _hash(values: object) -> str:
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()
