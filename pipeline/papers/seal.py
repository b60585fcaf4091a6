"""Office files whose bytes are the same for the same content, and that know if they were changed.

Both Word and Excel write a file anew when it is saved. A paper carries a digest of all
its parts among its properties; once somebody has saved it, the digest is gone or does not
fit, and Kadai leaves the file alone.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

PLACEHOLDER: Final = f"kadai-{'0' * 64}"
"""To be put in a property of the file; the digest takes its place."""

_SEAL: Final = re.compile(rb"kadai-[0-9a-f]{64}")
_PROPERTIES: Final = "docProps/"
_FIRST: Final = "[Content_Types].xml"
_DAMAGE: Final = (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError,
                  RuntimeError)  # fmt: skip
# The clock is no part of a run; a zip file knows no earlier day.
_DAY: Final = (1980, 1, 1, 0, 0, 0)


def seal(data: bytes) -> bytes:
    """Write an Office file again, without the time, and with its digest.

    Parameters
    ----------
    data
        A file with :data:`PLACEHOLDER` in one of its properties.

    Examples
    --------
    >>> made = io.BytesIO()
    >>> with zipfile.ZipFile(made, "w") as archive:
    ...     archive.writestr("docProps/core.xml", PLACEHOLDER)
    >>> is_untouched(made.getvalue()), is_untouched(seal(made.getvalue()))
    (False, True)
    """
    parts = _parts(data)
    digest = f"kadai-{_digest(parts)}".encode()
    for name in parts:
        if name.startswith(_PROPERTIES):
            parts[name] = parts[name].replace(PLACEHOLDER.encode(), digest)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(parts, key=lambda own: (own != _FIRST, own)):
            entry = zipfile.ZipInfo(name, _DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # the same on every machine
            archive.writestr(entry, parts[name])
    return made.getvalue()


def is_untouched(data: bytes) -> bool:
    """Whether a file is, to its last part, what :func:`seal` made."""
    try:
        parts = _parts(data)
    except _DAMAGE:
        return False
    found = {
        own
        for name, part in parts.items()
        if name.startswith(_PROPERTIES)
        for own in _SEAL.findall(part)
    }
    return found == {f"kadai-{_digest(parts)}".encode()}


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _digest(parts: Mapping[str, bytes]) -> str:
    made = hashlib.sha256()
    for name in sorted(parts):
        part = parts[name]
        if name.startswith(_PROPERTIES):
            part = _SEAL.sub(PLACEHOLDER.encode(), part)
        made.update(f"{name}\n{len(part)}\n".encode())
        made.update(part)
    return made.hexdigest()
