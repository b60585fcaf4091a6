"""What the values of a column look like: shares, lengths, options, all free of row order."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from pipeline.documents.cells import is_error

# Said by many to any question; they tell nothing about whether a question is open.
_NO_ANSWER = re.compile(
    r"^(?:特に?|とくに|別に)?(?:は|も)?(?:無|な)(?:し|い|いです|しです|かった)?$"
    r"|^(?:特に?|とくに)(?:は|も)?(?:あり|思いつき|ござい)ません$|^ありません$"
    r"|^(?:よく)?(?:わか|分か)(?:らない|りません)$"
    r"|^(?:同上|なんとなく|無回答|未回答|特に|回答しない|n/?a|none|[-－―ー]+)$",
    re.IGNORECASE,
)
_LONGEST_NO_ANSWER = 16
_DASHES = "-－―ー"
_NUMBER = re.compile(r"^[-+]?\d+(?:,\d{3})*(?:\.\d+)?$")
_DATE = re.compile(
    r"^(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|(?:令和|平成|R|H)\d{1,2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?"
    r"|\d{1,2}/\d{1,2}/(?:\d{4}|\d{2}))(?:[T\s(].*)?$"
)
_ADDRESS = re.compile(r"^(?:https?://\S+|[\w.+-]+@[\w-]+\.[\w.-]+)$")
_CONTACT = re.compile(
    r"^(?:[\w.+-]+@[\w-]+\.[\w.-]+|\+?\(?0\d{1,4}\)?[- ]?\d{1,4}[- ]?\d{3,4}|〒?\d{3}-\d{4}(?:\s.*)?)$"
)
_FORMAL_BEGINS = frozenset("+-(〒令平RH")
_CODE = re.compile(r"^(?=\D*+\d)[\w./:#-]*+$", re.ASCII)
_TICK = re.compile(r"^(?:[○◯〇●✓✔レ■☑]|TRUE|1)$")
_SENTENCE = re.compile(
    r"[。．！!？?\n]|(?:です|ます|ません|ました|たい|ない|ほしい|欲しい|しい|から|ので|ため|こと"
    r"|ところ|いる|ある|する|した|だ|よい|良い|いい|べき|ください|下さい|かな|よね)$"
    r"|[ぁ-んァ-ヶ一-龠][をがはもにで][ぁ-んァ-ヶ一-龠]"
)
_SEPARATORS = (";", "；", ", ", "、", "，", ",", "\n", "/", "／", "|")
_FEW_JOINED = 0.03
_OPTION_REPEATS = 4
_MOST_OPTIONS = 60
_KNOWN_PARTS = 0.85
_LONGEST_OPTION = 60
_COMBINED = 0.5
_LISTED = re.compile(r"(?:[0-9]{1,2}|[A-Za-zア-ン]|[①-⑳])\s*[.．、:：)）]|[①-⑳]")
_OWN_WORDS = 8  # characters of a part that is no option, and no slip of the pen either


@dataclass(frozen=True)
class Profile:
    """What the values of a column look like.

    Attributes
    ----------
    n_rows, n_filled, n_distinct
        Rows, cells that are not blank, different values among them.
    distinct_share
        Different values per value, answers like 「特になし」 left out; 0 to 1.
    mean_length
        Characters per value, answers like 「特になし」 left out.
    sentences, numbers, dates, addresses, codes
        Share of values that read like a sentence, a number, a date or time, an
        address of the net, a code of Latin letters and digits.
    unique
        Whether every row has a value and no value repeats.
    ticks
        Whether there is nothing but one mark (○, 1) or blank.
    separator, n_options
        What joins several options in a cell, and how many options there are.
    contacts
        Share of values that are a mail address, a telephone number or a postcode.
    n_own
        Values that hold words of somebody's own beside the options that others chose, too.
    """

    n_rows: int
    n_filled: int
    n_distinct: int
    distinct_share: float
    mean_length: float
    sentences: float
    numbers: float
    dates: float
    addresses: float
    codes: float
    unique: bool
    ticks: bool
    separator: str | None
    n_options: int
    contacts: float = 0.0
    n_own: int = 0


def profile_values(values: list[str]) -> Profile:
    """Measure the cells of one column; the order of the rows does not matter."""
    counts = _count(values)
    n_filled = sum(counts.values())
    telling = _telling(counts)
    n_telling = sum(telling.values())
    sentences = list(filter(_SENTENCE.search, telling))
    formal = _formal(counts)
    separator, n_options, n_own = _options(counts)

    def share(pattern: re.Pattern[str]) -> float:
        matching = sum(map(counts.__getitem__, filter(pattern.match, formal)))
        return matching / n_filled if n_filled else 0.0

    return Profile(
        n_rows=len(values),
        n_filled=n_filled,
        n_distinct=len(counts),
        distinct_share=len(telling) / n_telling if n_telling else 0.0,
        mean_length=sum(count * len(cell) for cell, count in telling.items()) / (n_telling or 1),
        sentences=sum(map(telling.__getitem__, sentences)) / (n_telling or 1),
        numbers=share(_NUMBER),
        dates=share(_DATE),
        addresses=share(_ADDRESS),
        codes=share(_CODE),
        unique=bool(values) and n_filled == len(values) == len(counts),
        ticks=len(counts) == 1
        and n_filled < len(values)
        and all(_TICK.match(cell) for cell in counts),
        separator=separator,
        n_options=n_options,
        contacts=share(_CONTACT),
        n_own=n_own
        if separator
        else _if_several([cell for cell in sentences if telling[cell] == 1]),
    )


def _count(values: list[str]) -> dict[str, int]:
    """How often each value stands in a column, without what is blank."""
    counts: dict[str, int] = {}
    normalize = unicodedata.normalize
    # Once for each spelling: most columns hold few.
    for value, count in Counter(values).items():
        cell = value if value.isascii() else normalize("NFKC", value)
        cell = cell.strip()
        # The error of a formula (#N/A) tells nothing of what people wrote.
        if cell and not (cell[0] in "#E" and is_error(value)):
            counts[cell] = counts.get(cell, 0) + count
    return counts


def _telling(counts: dict[str, int]) -> dict[str, int]:
    """Values without those that say nothing, such as 「特になし」; long ones say something."""
    short = [cell for cell in counts if len(cell) <= _LONGEST_NO_ANSWER or cell[0] in _DASHES]
    nothing = set(filter(_NO_ANSWER.match, short))
    if not nothing:
        return counts
    return {cell: count for cell, count in counts.items() if cell not in nothing}


def _formal(counts: dict[str, int]) -> list[str]:
    """Values that may be a number, a date, an address of the net, a code or a contact.

    All of these begin with a sign or a digit or have no Japanese letter, which few
    answers in words do.
    """
    return [
        cell
        for cell in counts
        if cell.isascii()
        or cell[0] in _FORMAL_BEGINS
        or cell[0].isdecimal()
        or "@" in cell
        or "://" in cell
    ]


def _if_several(parts: list[str]) -> int:
    """Count words of somebody's own; a single one without 「その他」 is a rare option."""
    own = [part for part in parts if len(part) >= _OWN_WORDS and not _LISTED.match(part)]
    return len(own) if len(own) > 1 or any(part.startswith("その他") for part in own) else 0


def _options(counts: dict[str, int]) -> tuple[str | None, int, int]:
    """Find what joins options: cut there, a few parts come again and again."""
    n_cells = sum(counts.values())
    enough = max(2, _FEW_JOINED * n_cells)
    everything = "\0".join(counts)
    for separator in _SEPARATORS:
        if separator not in everything:
            continue
        joined = sum([count for cell, count in counts.items() if separator in cell])
        if joined < enough:
            continue
        parts, combinations = _parts(counts, separator, min(3, n_cells))
        options = {part for part, count in parts.items() if count >= min(3, n_cells)}
        n_parts = sum(parts.values())
        known = sum(parts[part] for part in options)
        if (
            1 < len(options) <= _MOST_OPTIONS
            and known >= _KNOWN_PARTS * n_parts
            and n_parts >= _OPTION_REPEATS * len(options)
            and max(map(len, options)) <= _LONGEST_OPTION
            # 「一度、市を出て、戻りたい」 is one option: its parts never stand elsewhere.
            and sum(combinations[part] > 1 for part in options) >= _COMBINED * len(options)
        ):
            rest = [part for part, count in parts.items() if part not in options and count == 1]
            return separator, len(options), _if_several(rest)
    return None, 0, 0


def _parts(
    counts: dict[str, int], separator: str, often: int
) -> tuple[dict[str, int], dict[str, int]]:
    """How often each part stands in values, and in how many different ones.

    Once more parts come often than there are options anywhere, the rest is not looked at.
    """
    parts: dict[str, int] = {}
    combinations: dict[str, int] = {}
    n_often = 0
    for cell, count in counts.items():
        for part in set(map(str.strip, cell.split(separator))):
            if not part:
                continue
            before = parts.get(part, 0)
            parts[part] = before + count
            combinations[part] = combinations.get(part, 0) + 1
            n_often += before < often <= before + count
        if n_often > _MOST_OPTIONS:
            break
    return parts, combinations
