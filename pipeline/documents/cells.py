"""Values of cells → text as a person reads it, and the names of columns."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

_DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_WHOLE_DIGITS = 15
"""Digits that spreadsheets keep of a number; the rest of a longer one is zeros."""
_ERROR = re.compile(
    r"#(?:N/A|REF!?|VALUE!?|NAME\??|DIV/0!?|NULL!|NUM!|SPILL!?|CALC!?|FIELD!|BLOCKED!|CONNECT!"
    r"|GETTING_DATA|UNKNOWN!)|Err:\d{3}"
)
"""What spreadsheets write where a formula failed."""


def cell_text(value: object) -> str:
    """Write a cell's value as a person reads it.

    Numbers have up to 15 digits as in Excel (224 rather than 224.0), dates are ISO
    text to the second, durations hours, minutes and seconds.
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _number_text(value)
    if isinstance(value, dt.datetime | dt.time) and value.microsecond:
        value = _to_the_second(value)
    if isinstance(value, dt.date | dt.time):  # a datetime is a date as well
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return _duration_text(value)
    return "" if value is None else str(value)


def duration_text(iso: str) -> str:
    """Write an ISO duration such as ``PT30H00M00S`` as ``30:00:00``; other text stays."""
    found = _DURATION.fullmatch(iso)
    return f"{int(found[1]):02}:{found[2]}:{found[3]}" if found else iso


def is_error(text: str) -> bool:
    """Whether a cell holds nothing but the error of a formula, such as ``#N/A``."""
    text = text.strip()
    return text.startswith(("#", "Err:")) and bool(_ERROR.fullmatch(text))


def has_lost_digits(value: object) -> bool:
    """Whether a whole number is longer than the digits that spreadsheets keep."""
    return isinstance(value, int | float) and abs(value) >= 10**_WHOLE_DIGITS


def column_letters(index: int) -> str:
    """Excel's name of a column: 0 → A, 25 → Z, 26 → AA."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Number of a column, from 1: A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def _number_text(value: float) -> str:
    text = f"{value:.{_WHOLE_DIGITS}g}"
    if "e+" in text:
        return f"{Decimal(text):f}"
    if text == "-0":
        return "0"
    return text


def _to_the_second(value: dt.datetime | dt.time) -> dt.datetime | dt.time:
    """Round: a serial number of days cannot hold a second exactly."""
    half = dt.timedelta(microseconds=500_000)
    if isinstance(value, dt.datetime):
        try:
            return (value + half).replace(microsecond=0)
        except OverflowError:
            return value.replace(microsecond=0)
    day = dt.datetime.combine(dt.date(2000, 1, 1), value)
    rounded = day + half
    return (rounded if rounded.date() == day.date() else day).time().replace(microsecond=0)


def _duration_text(value: dt.timedelta) -> str:
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
