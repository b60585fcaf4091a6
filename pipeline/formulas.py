"""A cell of a CSV file that a spreadsheet would run as a formula, made harmless and back.

A resident may write 「=HYPERLINK(…)」 or 「-1+cmd|…」, and Excel runs whatever a cell of a
CSV file begins with, quoted or not. An apostrophe before it makes it text. Excel files
need none: there, each cell says itself that it is text.
"""

from __future__ import annotations

import re
from typing import Final

# A Japanese Excel takes letters of full width for a formula as well. A cell that begins
# with apostrophes and then one of these gets one more, so that every cell comes back.
FORMULA: Final = r"'*[=+\-@\t\r\n＝＋－＠]"
"""How a text begins that a spreadsheet would run; the same for Python and for RE2."""

_FORMULA: Final = re.compile(FORMULA)


def guard_formula(text: str) -> str:
    r"""Put an apostrophe before a text that a spreadsheet would take for a formula.

    References
    ----------
    OWASP, CSV Injection.

    Examples
    --------
    >>> guard_formula("=1+1"), guard_formula("道が暗い")
    ("'=1+1", '道が暗い')
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguard_formula(text: str) -> str:
    """Text as it was before :func:`guard_formula`.

    Examples
    --------
    >>> unguard_formula("'=1+1"), unguard_formula("'安心' なまち")
    ('=1+1', "'安心' なまち")
    """
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
