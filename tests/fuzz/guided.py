"""Fuzzing led by coverage: ``python -m tests.fuzz.guided TARGET -max_total_time=300``.

Needs atheris (``pip install atheris==3.0.0``), which has wheels for Linux only and is
therefore in no lock; options behind the target are libFuzzer's. What is pure Python is led
by coverage; readers inside calamine, lxml and zlib are reached by ``tests.fuzz`` instead.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

try:
    import atheris
except ImportError:
    sys.exit("atheris が入っていません: pip install atheris==3.0.0（Linux のみ）")

with atheris.instrument_imports(include=["pipeline"]):
    from pipeline.claims import split_claims
    from pipeline.documents.delimited import read_delimited
    from pipeline.documents.encoding import decode
    from pipeline.documents.headers import read_table
    from pipeline.documents.plaintext import read_plaintext
    from pipeline.errors import KadaiError
    from pipeline.study import load_study

from tests.fuzz.seeds import seeds
from tests.fuzz.targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Callable


def _delimited(data: bytes) -> None:
    read_table(read_delimited(decode(data, "a.csv")[0], "a.csv").grid)


def _text(data: bytes) -> None:
    read_plaintext(decode(data, "a.txt")[0])


def _claims(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    place = 0
    for start, end in split_claims(text):
        assert place <= start < end <= len(text)
        place = end


def _study(data: bytes) -> None:
    path = Path(_FOLDER) / "study.toml"
    path.write_bytes(data)
    load_study(path)


_FOLDER = tempfile.mkdtemp()
_ENTRIES: dict[str, tuple[Callable[[bytes], None], str]] = {
    "delimited": (_delimited, "delimited"),
    "text": (_text, "text"),
    "claims": (_claims, "text"),
    "study": (_study, "study"),
}


def main() -> None:
    """Fuzz one target until libFuzzer is told to stop, or something is found."""
    if len(sys.argv) < 2 or sys.argv[1] not in _ENTRIES:
        sys.exit(f"usage: python -m tests.fuzz.guided {{{','.join(_ENTRIES)}}} [libFuzzer options]")
    read, kind = _ENTRIES[sys.argv.pop(1)]
    assert kind in TARGETS
    corpus = Path(_FOLDER) / "corpus"
    corpus.mkdir()
    for number, (_, content) in enumerate(seeds()[kind]):
        (corpus / f"seed{number}").write_bytes(content)

    def one(data: bytes) -> None:
        with contextlib.suppress(KadaiError):
            read(data)

    atheris.Setup([*sys.argv, str(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
