"""TOML text → values, in time that grows with its length, whatever it holds."""

from __future__ import annotations

import re
import tomllib
from typing import Any, Final

# The parser's time grows with the square of the parts of a key: 「a.a.a.…」.
_TRAP: Final = re.compile(r"""(?<![\w\-"'])(?:[\w\-"']++[ \t]*+\.[ \t]*+){50}""")


def parse_toml(text: str) -> dict[str, Any]:
    """Values of a TOML text.

    Raises
    ------
    tomllib.TOMLDecodeError
        It is none, or is nested so deeply, or has keys or numbers so long that it must be
        a trap.
    """
    if found := _TRAP.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise tomllib.TOMLDecodeError(f"Too many parts in one key (at line {line}, column 1)")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except (ValueError, RecursionError) as error:
        raise tomllib.TOMLDecodeError(str(error)) from error
