"""Entries from the command line, a notebook, a ticked sheet or a file."""

from __future__ import annotations

import csv
import io
import unicodedata
from typing import TYPE_CHECKING, Final

from pipeline.csvfile import read_bytes
from pipeline.documents.excel import read_sheets
from pipeline.errors import InputError, Location, UsageError
from pipeline.plainfile import check_plain
from pipeline.user_dictionary import SYNONYM_COLUMNS, USER_COLUMNS
from pipeline.vocabulary.candidate import NOUN, SYNONYMS_FILE, WORDS_FILE
from pipeline.vocabulary.entries import Entry, Problem, refuse
from pipeline.vocabulary.material import WordReader
from pipeline.vocabulary.sheet import KIND, TAKEN, TARGET, WORD
from pipeline.vocabulary.unknown import is_reading, reading_of, to_katakana
from pipeline.wording import clean
from pipeline.wordlists import as_text, check_words, parse_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

_YES: Final = frozenset({*"○〇◯●◎⭕oy1✓✔✅☑レv丸", "ok", "yes", "true", "はい", "まる", "採用"})
_NO: Final = frozenset({*"×✕✖xn0-ー―", "no", "false", "いいえ", "不採用"})
_AS_PICTURE: Final = "\ufe0f"
"""Behind a sign: it is drawn in colours, as phones write ✔."""


def given_entries(words: Iterable[str | Sequence[str]], synonyms: Mapping[str, str]) -> list[Entry]:
    """Entries of words and pairs; a word alone is a noun that is read as Sudachi reads it.

    Raises
    ------
    UsageError
        A word has no cells, or more than the dictionary has columns.
    """
    found = []
    for own in words:
        cells = (own,) if isinstance(own, str) else tuple(own)
        if not 1 <= len(cells) <= len(USER_COLUMNS):
            raise UsageError(
                f"語の指定が{len(cells)}個あります。",
                remedy=f"{'、'.join(USER_COLUMNS)} の順に、4つまでで指定してください。",
            )
        found.append(word_entry(*cells))
    return found + [
        Entry(SYNONYMS_FILE, (own.strip(), target.strip())) for own, target in synonyms.items()
    ]


def word_entry(
    word: str, reading: str = "", normalized: str = "", kind: str = "", place: str = ""
) -> Entry:
    """An entry of the user dictionary; what is left out is filled in."""
    word, reading, normalized, kind = (own.strip() for own in (word, reading, normalized, kind))
    kana = to_katakana(unicodedata.normalize("NFKC", reading))
    read = kana or guessed_reading(word)
    return Entry(WORDS_FILE, (word, read, normalized or word, kind or NOUN), place)


def guessed_reading(word: str) -> str:
    """Reading as Sudachi reads the parts; empty where it knows one of them not."""
    readings = [
        own.reading if is_reading(own.reading) else reading_of(own.surface)
        for own in WordReader().read(word)
    ]
    return "".join(readings) if readings and all(readings) else ""


def read_entries(path: Path) -> list[Entry]:
    """Entries that are ticked in a sheet, or all lines of a file in the form of a dictionary.

    Raises
    ------
    InputError
        The file cannot be read, has none of the known headers, or a row is not clear; every
        such row is named.
    UsageError
        Its ending is neither ``.xlsx`` nor ``.csv``.
    """
    ending = path.suffix.lower()
    if ending == ".csv":
        return _of_csv(path)
    if ending not in {".xlsx", ".xlsm"}:
        raise UsageError(
            f"「{path.name}」は、候補の表（.xlsx）でも CSV でもありません。",
            remedy="kadai dictionary suggest が書いた表か、辞書と同じ形の CSV を指定してください。",
        )
    check_plain(path)
    entries: list[Entry] = []
    problems: list[Problem] = []
    known = False
    for name, grid in read_sheets(path).items():
        rows = list(zip(grid.numbers, grid.rows, strict=True))
        found = _ticked(rows, f"シート「{name}」 ")
        if found is not None:
            known = True
            entries += found[0]
            problems += found[1]
    if not known:
        raise _unknown(path)
    refuse(problems, path.name)
    return entries


def _of_csv(path: Path) -> list[Entry]:
    text = as_text(read_bytes(path, "足す言葉の CSV"), path.name, "足す言葉の CSV")
    for file, columns in ((WORDS_FILE, USER_COLUMNS), (SYNONYMS_FILE, SYNONYM_COLUMNS)):
        lines, problems = parse_words(text, columns)
        if not any("見出しが「" in own.text for own in problems):
            check_words(problems, path.name, "足す言葉の CSV")
            # As it is written: in a file, nothing is filled in.
            return [Entry(file, own.cells, f"{own.number}行目") for own in lines]
    try:
        rows = list(enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), start=1))
    except csv.Error as error:
        raise InputError(
            '引用符（"）が閉じていないか、余分にあります。',
            at=Location(file=path.name),
            remedy="表を Excel で開き、「CSV UTF-8（コンマ区切り）」で保存し直してください。",
        ) from error
    found = _ticked(rows, "")
    if found is None:
        raise _unknown(path)
    refuse(found[1], path.name)
    return found[0]


def _ticked(
    rows: Sequence[tuple[int, Sequence[str]]], sheet: str
) -> tuple[list[Entry], list[Problem]] | None:
    """Ticked rows and what is unclear in them; ``None`` where this is no sheet of candidates."""
    places: dict[str, int] = {}
    entries: list[Entry] = []
    problems: list[Problem] = []
    for number, row in rows:
        cells = [clean(own).strip() for own in row]
        if not places:
            if {TAKEN, WORD} <= set(cells):
                places = {name: place for place, name in reversed(list(enumerate(cells))) if name}
            continue
        own = {name: cells[at] if at < len(cells) else "" for name, at in places.items()}
        place = f"{sheet}{number}行目"
        tick = unicodedata.normalize("NFKC", own[TAKEN]).casefold().removesuffix(_AS_PICTURE)
        if not tick or tick in _NO:
            continue
        if tick not in _YES:
            why = f"「{own[TAKEN]}」は読めません。採用するものに ○ を付けてください"
            problems.append(Problem(place, TAKEN, why))
            continue
        entry = _entry(own, place)
        entries += [entry] if isinstance(entry, Entry) else []
        problems += [entry] if isinstance(entry, Problem) else []
    return (entries, problems) if places else None


def _entry(own: Mapping[str, str], place: str) -> Entry | Problem:
    word, target = own[WORD], own.get(TARGET, "")
    reading, normalized, kind = (own.get(name, "") for name in ("読み", "正規形", KIND))
    if not word:
        return Problem(place, WORD, "語が空です")
    if target and (normalized or kind):
        why = "「まとめ先」と「正規形」「種類」の両方に書いてあります。使うほうだけを残してください"
        return Problem(place, TARGET, why)
    if target:
        return Entry(SYNONYMS_FILE, (word, target), place)
    if not normalized and not kind:
        why = "「まとめ先」か「正規形」のどちらかを書いてください"
        return Problem(place, TARGET, why)
    kana = to_katakana(unicodedata.normalize("NFKC", reading))
    return Entry(WORDS_FILE, (word, kana, normalized or word, kind or NOUN), place)


def _unknown(path: Path) -> InputError:
    return InputError(
        "候補の表でも、辞書と同じ形の CSV でもありません。",
        at=Location(file=path.name),
        remedy=f"「{TAKEN}」と「{WORD}」の列のある表か、1行目が {','.join(USER_COLUMNS)} または "
        f"{','.join(SYNONYM_COLUMNS)} の CSV を指定してください。",
    )
