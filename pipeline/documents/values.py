"""What the values of a column look like: shares, lengths, options, all free of row order."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.documents.cells import is_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# Said by many to any question; they tell nothing about whether a question is open.
_NO_ANSWER = re.compile(
    r"^(?:特に?|とくに|別に)?(?:は|も)?(?:無|な)(?:し|い|いです|しです|かった)?$"
    r"|^(?:特に?|とくに)(?:は|も)?(?:あり|思いつき|ござい)ません$|^ありません$"
    r"|^(?:よく)?(?:わか|分か)(?:らない|りません)$"
    r"|^(?:同上|なんとなく|無回答|未回答|特に|回答しない|n/?a|none|[-－―ー]+)$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^[-+]?\d+(?:,\d{3})*(?:\.\d+)?$")
_DATE = re.compile(
    r"^(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|(?:令和|平成|R|H)\d{1,2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?"
    r"|\d{1,2}/\d{1,2}/(?:\d{4}|\d{2}))(?:[T\s(].*)?$"
)
_ADDRESS = re.compile(r"^(?:https?://\S+|[\w.+-]+@[\w-]+\.[\w.-]+)$")
_CONTACT = re.compile(
    r"^(?:[\w.+-]+@[\w-]+\.[\w.-]+|\+?\(?0\d{1,4}\)?[- ]?\d{1,4}[- ]?\d{3,4}|〒?\d{3}-\d{4}(?:\s.*)?)$"
)
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
    # The error of a formula (#N/A) tells nothing of what people wrote.
    cells = [
        "" if is_error(value) else unicodedata.normalize("NFKC", value).strip() for value in values
    ]
    counts = Counter(cell for cell in cells if cell)
    n_filled = counts.total()
    telling = {cell: count for cell, count in counts.items() if not _NO_ANSWER.match(cell)}
    n_telling = sum(telling.values())
    separator, n_options, n_own = _options(counts)
    return Profile(
        n_rows=len(cells),
        n_filled=n_filled,
        n_distinct=len(counts),
        distinct_share=len(telling) / n_telling if n_telling else 0.0,
        mean_length=_share(telling.items(), len),
        sentences=_share(telling.items(), lambda cell: bool(_SENTENCE.search(cell))),
        numbers=_share(counts.items(), lambda cell: bool(_NUMBER.match(cell))),
        dates=_share(counts.items(), lambda cell: bool(_DATE.match(cell))),
        addresses=_share(counts.items(), lambda cell: bool(_ADDRESS.match(cell))),
        codes=_share(counts.items(), lambda cell: bool(_CODE.match(cell))),
        unique=bool(cells) and n_filled == len(cells) == len(counts),
        ticks=len(counts) == 1
        and n_filled < len(cells)
        and all(_TICK.match(cell) for cell in counts),
        separator=separator,
        n_options=n_options,
        contacts=_share(counts.items(), lambda cell: bool(_CONTACT.match(cell))),
        n_own=n_own if separator else _n_own_choices(telling),
    )


def _share(counted: Iterable[tuple[str, int]], measure: Callable[[str], float]) -> float:
    total = weighted = 0.0
    for cell, count in counted:
        total += count
        weighted += count * measure(cell)
    return weighted / total if total else 0.0


def _n_own_choices(telling: dict[str, int]) -> int:
    """Count the values that only one person gave, in words, where the others chose."""
    return _if_several(
        [cell for cell, count in telling.items() if count == 1 and _SENTENCE.search(cell)]
    )


def _if_several(parts: list[str]) -> int:
    """Count words of somebody's own; a single one without 「その他」 is a rare option."""
    own = [part for part in parts if len(part) >= _OWN_WORDS and not _LISTED.match(part)]
    return len(own) if len(own) > 1 or any(part.startswith("その他") for part in own) else 0


def _options(counts: Counter[str]) -> tuple[str | None, int, int]:
    """Find what joins options: cut there, a few parts come again and again."""
    n_cells = counts.total()
    for separator in _SEPARATORS:
        joined = sum(count for cell, count in counts.items() if separator in cell)
        if joined < max(2, _FEW_JOINED * n_cells):
            continue
        parts: Counter[str] = Counter()
        combinations: Counter[str] = Counter()
        for cell, count in counts.items():
            for part in {part.strip() for part in cell.split(separator)} - {""}:
                parts[part] += count
                combinations[part] += 1
        options = {part for part, count in parts.items() if count >= min(3, n_cells)}
        known = sum(parts[part] for part in options)
        if (
            1 < len(options) <= _MOST_OPTIONS
            and known >= _KNOWN_PARTS * parts.total()
            and parts.total() >= _OPTION_REPEATS * len(options)
            and max(map(len, options)) <= _LONGEST_OPTION
            # 「一度、市を出て、戻りたい」 is one option: its parts never stand elsewhere.
            and sum(combinations[part] > 1 for part in options) >= _COMBINED * len(options)
        ):
            rest = [part for part, count in parts.items() if part not in options and count == 1]
            return separator, len(options), _if_several(rest)
    return None, 0, 0
