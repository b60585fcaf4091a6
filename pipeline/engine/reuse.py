"""Results of an earlier run of the same work, found by their content.

What is kept holds what residents wrote: it stands in a folder of the user's own. An entry
that is damaged, or that somebody else could have written, is worked out anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from pipeline.engine.parts import parse_part, to_bytes, write_part
from pipeline.engine.sameness import versions
from pipeline.resources import is_own, make_own_folder

if TYPE_CHECKING:
    from pathlib import Path

_SUFFIX: Final = ".parquet"


@dataclass(frozen=True)
class Reuse:
    """A folder of results.

    Parameters
    ----------
    folder
        Where they are; made when the first is saved.
    largest
        Bytes of all results together; the oldest are removed.
    """

    folder: Path
    largest: int = 1 << 30

    def key(self, work: str, chunk: pa.Table) -> str:
        """Digest of the work, of the code and libraries that do it, and of the chunk.

        Parameters
        ----------
        work
            :attr:`pipeline.engine.task.Task.name`.
        """
        digest = hashlib.sha256()
        for part in (work, repr(sorted(versions().items()))):
            digest.update(part.encode())
            digest.update(b"\0")
        digest.update(to_bytes(chunk.combine_chunks()))
        return digest.hexdigest()

    def load(self, key: str) -> pa.Table | None:
        """The result under a key; ``None`` where there is none that is whole and ours."""
        for path in sorted(self._shelf(key).glob(f"{key}-*{_SUFFIX}")):
            with contextlib.suppress(OSError, pa.ArrowException):
                if not is_own(path):
                    continue
                content = path.read_bytes()
                if path.name == _name(key, content):
                    table = parse_part(content)
                    os.utime(path)  # it was of use: others go first
                    return table
            with contextlib.suppress(OSError):
                path.unlink()
        return None

    def save(self, key: str, table: pa.Table) -> None:
        """Keep a result; where nothing can be written, nothing is kept."""
        with contextlib.suppress(OSError):
            make_own_folder(self.folder)
            self._shelf(key).mkdir(exist_ok=True, mode=0o700)
            unnamed = self._shelf(key) / f"{key}.{os.getpid()}"
            write_part(table, unnamed)
            unnamed.replace(self._shelf(key) / _name(key, unnamed.read_bytes()))

    def tidy(self) -> None:
        """Remove the oldest results beyond the limit."""
        found = []
        for path in sorted(self.folder.glob(f"*/*{_SUFFIX}")):
            with contextlib.suppress(OSError):
                stat = path.stat()
                found.append((stat.st_mtime_ns, path, stat.st_size))
        left = sum(size for _, _, size in found)
        for _, path, size in sorted(found):
            if left <= self.largest:
                break
            with contextlib.suppress(OSError):
                path.unlink()
                left -= size

    def _shelf(self, key: str) -> Path:
        return self.folder / key[:2]


def _name(key: str, content: bytes) -> str:
    return f"{key}-{hashlib.sha256(content).hexdigest()[:32]}{_SUFFIX}"
