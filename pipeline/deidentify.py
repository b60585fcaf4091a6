"""The table of answers as everything but that table itself may see it.

``tables/answers`` is the one confidential table. Report, workbook, papers, comparison and
audit read it through :func:`deidentify`: the raw text is gone, and what else may name a
person (a heading of minutes, the speaker, the name of a file, an attribute) is masked.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.privacy import find_numbers, find_personal, mask
from pipeline.privacy.declared import PUBLIC, parse_public
from pipeline.tables import ATTRIBUTE_PREFIX

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import pandas as pd

    from pipeline.privacy import PersonalSpan

_NAMED: Final = ("question", "file", "locator")
_NUMBER: Final = re.compile(r"(?:r[0-9a-f]{10}|[A-Za-z]{0,3}[0-9]{1,20})(?:-[0-9]{1,4})?")


# A number without a hyphen is none of a telephone before its tenth digit, nor any other.
_PLAIN_NUMBER: Final = "^[^-]*-(?:[A-Za-z]{0,3}[0-9]{1,9}|r[0-9a-f]{10})$"
_NO_LETTER: Final = "^[^-]*-r[0-9]{10}$"

# 「12行目 「ご意見」」, 「Sheet1!B12」: what a row number says is no matter of its digits, which
# touch nothing that a number of a person could be made of.
_PLACE: Final = re.compile(r"(|.*![A-Z]{1,3})([1-9][0-9]{0,6})(|行目.*)", re.DOTALL)
_DIGITS: Final = (*(digit * 7 for digit in "123456789"), "1000000", "1234567", "8080808")
"""Row numbers with which that is made sure of for every form of a place."""


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
        name: _masked(kept[name], public)
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


def _masked(column: pd.Series[str], public: Collection[str]) -> pd.Series[str]:
    """Mask every distinct value of a column; places that differ by their number only, once."""
    texts: list[str] = column.unique().tolist()
    parts = [_PLACE.fullmatch(text) for text in texts]
    forms = Counter((own[1], len(own[2]), own[3]) for own in parts if own)
    known = {
        form: _spans_of_form(*form, public) for form, count in forms.items() if count > len(_DIGITS)
    }
    changed: dict[str, str] = {}
    for text, own in zip(texts, parts, strict=True):
        spans = known.get((own[1], len(own[2]), own[3])) if own else None
        if spans is None:
            spans = find_personal(text, public)
        if spans:
            changed[text] = mask(text, spans)
    return _replaced(column, changed)


def _spans_of_form(
    before: str, length: int, after: str, public: Collection[str]
) -> list[PersonalSpan] | None:
    """What is personal in a place whatever its number is; ``None`` where that decides."""
    found = [find_personal(f"{before}{digits[:length]}{after}", public) for digits in _DIGITS]
    # A public string with digits may hold the number and what is beside it.
    told = not found[0] or not any(sign.isdecimal() for word in public for sign in word)
    return found[0] if told and all(own == found[0] for own in found) else None


def _replaced(column: pd.Series[str], changed: dict[str, str]) -> pd.Series[str]:
    if not changed:
        return column.astype("str")
    return column.map(lambda text: changed.get(text, text)).astype("str")


def _told_apart(column: pd.Series[str]) -> pd.Series[str]:
    """Respondents by number where they have one; speakers and other names are only counted."""
    ids = pa.array(column, pa.large_string())
    plain = pc.and_not(
        pc.match_substring_regex(ids, _PLAIN_NUMBER), pc.match_substring_regex(ids, _NO_LETTER)
    )
    others = ids.filter(pc.invert(plain)).unique().to_pylist()
    return _replaced(column, _counted(others))


def _counted(ids: Iterable[str]) -> dict[str, str]:
    shown: dict[str, str] = {}
    named: Counter[str] = Counter()
    for own in sorted(ids):
        source, _, who = own.partition("-")
        if not own or (_NUMBER.fullmatch(who) and not find_numbers(who)):
            continue
        named[source] += 1
        shown[own] = f"{source}-発言者{named[source]}"
    return shown
