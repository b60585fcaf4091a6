"""The table of answers as everything but that table itself may see it.

``tables/answers`` is the one confidential table. Report, workbook, papers, comparison and
audit read it through :func:`deidentify`: the raw text is gone, and what else may name a
person (a heading of minutes, the speaker, the name of a file, an attribute) is masked.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from pipeline.privacy import find_numbers, find_personal, mask
from pipeline.privacy.declared import PUBLIC, parse_public
from pipeline.tables import ATTRIBUTE_PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import pandas as pd

_NAMED: Final = ("question", "file", "locator")
_NUMBER: Final = re.compile(r"(?:r[0-9a-f]{10}|[A-Za-z]{0,3}[0-9]{1,20})(?:-[0-9]{1,4})?")


def deidentify(answers: pd.DataFrame, public: Collection[str] = ()) -> pd.DataFrame:
    """Answers without what points at a person.

    Parameters
    ----------
    answers
        The table of that name, or some of its columns.
    public
        Strings that reviewers declared as not personal.

    Returns
    -------
    DataFrame
        The same rows without ``raw_text``. Respondents stay told apart: by their own number,
        speakers and everything that may be a name as 発言者1, 発言者2, …
    """
    kept = answers.drop(columns="raw_text", errors="ignore")
    masked = {
        name: _each(kept[name], lambda text: mask(text, find_personal(text, public)))
        for name in kept.columns
        if name in _NAMED or name.startswith(ATTRIBUTE_PREFIX)
    }
    if "respondent_id" in kept:
        masked["respondent_id"] = _told_apart(kept["respondent_id"])
    return kept.assign(**masked)


def declared_public(applied: pd.DataFrame) -> frozenset[str]:
    """Strings that reviewers declared as not personal.

    Parameters
    ----------
    applied
        ``field, value, stands`` of the table ``applied_decisions``.
    """
    standing = applied[(applied["field"] == PUBLIC) & (applied["stands"] == 1)]
    return frozenset(word for value in standing["value"] for word in parse_public(value))


def _each(column: pd.Series[str], change: Callable[[str], str]) -> pd.Series[str]:
    """Change every distinct value of a column once."""
    return column.map({text: change(text) for text in column.unique()})


def _told_apart(column: pd.Series[str]) -> pd.Series[str]:
    """Respondents by number where they have one; speakers and other names are only counted."""
    shown: dict[str, str] = {}
    named: Counter[str] = Counter()
    for own in sorted(column.unique()):
        source, _, who = own.partition("-")
        if not own or (_NUMBER.fullmatch(who) and not find_numbers(who)):
            shown[own] = own
            continue
        named[source] += 1
        shown[own] = f"{source}-発言者{named[source]}"
    return column.map(shown)
