"""Is a worker the same Kadai as this one? Otherwise it may give other results."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

_LIBRARIES: Final = (
    "sudachipy", "sudachidict-core", "numpy", "scipy", "scikit-learn", "pandas", "pyarrow",
    "datasketch",
)  # fmt: skip

_CODE: Final = "kadai のプログラム"


@cache
def versions() -> Mapping[str, str]:
    """Versions of whatever the result of a chunk depends on, and a digest of our own code."""
    return {
        "kadai": __version__,
        _CODE: _code_digest(),
        "python": ".".join(platform.python_version_tuple()[:2]),
        **{name: _version_of(name) for name in _LIBRARIES},
    }


def differences(others: Mapping[str, str]) -> list[str]:
    """What differs between another process and this one, in words; empty: nothing.

    Parameters
    ----------
    others
        :func:`versions` there.
    """
    return [
        name if name == _CODE else f"{name} {others.get(name, 'なし')}（こちらは {own}）"
        for name, own in versions().items()
        if others.get(name) != own
    ]


def _version_of(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "なし"


def _code_digest() -> str:
    folder = Path(__file__).parent.parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode())
        # A checkout on Windows may end its lines otherwise.
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()
