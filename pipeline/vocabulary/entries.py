"""Entries that somebody wants to add to the dictionaries, and what stands in their way."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.errors import InputError, Location
from pipeline.features import read_stopwords
from pipeline.user_dictionary import (
    SYNONYM_COLUMNS,
    USER_COLUMNS,
    read_synonyms,
    read_user_words,
    synonym_problem,
    word_problem,
)
from pipeline.vocabulary.candidate import SYNONYMS_FILE, WORDS_FILE
from pipeline.wordlists import MOST_NAMED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from pipeline.tokens import Tokenizer

FILES: Final = (WORDS_FILE, SYNONYMS_FILE)


class Entry(NamedTuple):
    """A line for a dictionary, and where somebody asked for it.

    Attributes
    ----------
    file
        ``user.csv`` or ``synonyms.csv``.
    cells
        Its cells, without space around them.
    place
        「シート「候補」 5行目」; empty where it was given on the command line.
    """

    file: str
    cells: tuple[str, ...]
    place: str = ""


class Problem(NamedTuple):
    """Why an entry cannot be added: where it stands, its column, and what is wrong."""

    place: str
    column: str
    text: str

    def __str__(self) -> str:
        column = f"「{self.column}」" if self.column else ""
        before = f"{self.place}{column} " if self.place else f"{column}: " if column else ""
        return f"{before}{self.text}"


@dataclass(frozen=True)
class Checked:
    """Entries that may be added, and those that stand in the dictionaries already."""

    new: tuple[Entry, ...]
    known: tuple[Entry, ...]


def check_entries(entries: Sequence[Entry], folder: Path) -> tuple[Checked, list[Problem]]:
    """Hold entries against the dictionaries and each other.

    Parameters
    ----------
    folder
        Folder of the dictionaries.

    Raises
    ------
    InputError
        A dictionary is broken as it is.
    """
    words: dict[str, tuple[str, ...]] = {
        own[0]: own for own in read_user_words(folder / WORDS_FILE)
    }
    synonyms = read_synonyms(folder / SYNONYMS_FILE)
    stopwords = read_stopwords(folder / "stopwords.txt")
    pairs: dict[str, tuple[str, ...]] = {own: (own, to) for own, to in synonyms.items()}
    present = {WORDS_FILE: words, SYNONYMS_FILE: pairs}
    new: dict[tuple[str, str], Entry] = {}
    known: list[Entry] = []
    problems: list[Problem] = []
    for own in entries:
        file, cells, place = own
        key = file, cells[0]
        if problem := _alone(own, stopwords):
            problems.append(problem)
        elif cells[0] in present[file]:
            before = present[file][cells[0]]
            if before == cells:
                known.append(own)
                continue
            why = f"「{cells[0]}」は、{file} に別の内容（{','.join(before)}）でもうあります"
            problems.append(Problem(place, _columns(file)[0], why))
        elif key in new and new[key].cells != cells:
            other = new[key].place or "ほかの指定"
            why = f"「{cells[0]}」が、{other}にも別の内容であります"
            problems.append(Problem(place, _columns(file)[0], why))
        else:
            new.setdefault(key, own)
    problems += _chains([own for own in new.values() if own.file == SYNONYMS_FILE], synonyms)
    return Checked(tuple(new.values()), tuple(known)), problems


def check_words(
    entries: Iterable[Entry], tokenizer: Tokenizer, counted: Collection[str] = ()
) -> list[Problem]:
    """Whether the changed dictionaries do what the entries say.

    Parameters
    ----------
    tokenizer
        With the entries in its dictionaries.
    counted
        Words that are counted in a run: they exist, whatever Sudachi makes of them alone.
    """
    problems = []
    for file, cells, place in entries:
        if file == WORDS_FILE:
            found = tokenizer.tokenize(cells[0])
            if len(found) != 1:
                cut = "」「".join(own.surface for own in found)
                why = f"足しても1語になりません（「{cut}」に切れます）。英数字やかっこは半角で書いてください"
                problems.append(Problem(place, USER_COLUMNS[0], why))
            elif found[0].word != tokenizer.merged(cells[2]):
                why = (
                    f"足しても「{cells[2]}」としては数えません（「{found[0].word}」のままです）。"
                    "かなは全角、英数字・かっこ・空白は半角で書いてください"
                )
                problems.append(Problem(place, USER_COLUMNS[0], why))
            continue
        target = cells[1]
        for column, own in zip(SYNONYM_COLUMNS, cells, strict=True):
            found = tokenizer.tokenize(own)
            if len(found) != 1:
                if own not in counted:
                    cut = "」「".join(one.surface for one in found)
                    why = f"「{own}」は1語ではありません（「{cut}」に切れます）。先に user.csv に足してください"
                    problems.append(Problem(place, column, why))
            elif found[0].word != target and own not in counted:
                why = f"「{own}」は「{found[0].word}」として数えています。そちらを書いてください"
                problems.append(Problem(place, column, why))
    return problems


def refuse(problems: Sequence[Problem], file: str) -> None:
    """Name all that stands in the way of some entries.

    Parameters
    ----------
    file
        The sheet or file that they were read from; empty for the command line.

    Raises
    ------
    InputError
        Something does.
    """
    if not problems:
        return
    lines = [f"  - {own}" for own in problems[:MOST_NAMED]]
    if left := len(problems) - len(lines):
        lines.append(f"  - ほかに {left:,}か所あります")
    raise InputError(
        "辞書に足せないものがあります。何も書いていません。\n" + "\n".join(lines),
        at=Location(file=file) if file else None,
        remedy="直すか、「採用」の印を消してから、もう一度実行してください。"
        if file
        else "指定を直して、もう一度実行してください。",
    )


def _columns(file: str) -> tuple[str, ...]:
    return USER_COLUMNS if file == WORDS_FILE else SYNONYM_COLUMNS


def _alone(own: Entry, stopwords: Collection[str]) -> Problem | None:
    """What is wrong with an entry by itself, or beside the list of stop words."""
    if own.file == WORDS_FILE:
        surface, reading, normalized, kind = own.cells
        if problem := word_problem(surface, reading, normalized, kind):
            if not reading and problem.startswith("読み"):
                problem = f"「{surface}」の読みが空です。カタカナで書いてください"
            column = next((name for name in ("読み", "種類") if name in problem), USER_COLUMNS[0])
            return Problem(own.place, column, problem)
        if not _says_something(surface):
            why = f"「{surface}」は、記号か数字か、ひらがな1文字です。語として数えられる言葉を書いてください"
            return Problem(own.place, USER_COLUMNS[0], why)
        stop = next((one for one in (normalized, surface) if one in stopwords), "")
        why = f"「{stop}」は stopwords.txt にもあり、無視されます。どちらかにしてください"
        return Problem(own.place, "正規形", why) if stop else None
    word, target = own.cells
    if problem := synonym_problem(word, target):
        return Problem(own.place, SYNONYM_COLUMNS[1 if word else 0], problem)
    for column, one in zip(SYNONYM_COLUMNS, own.cells, strict=True):
        if one in stopwords:
            why = f"「{one}」は stopwords.txt にあり、無視されます。先にどちらかを消してください"
            return Problem(own.place, column, why)
    return None


def _says_something(surface: str) -> bool:
    """Whether a word has a letter and is no single kana: 「。」, 「1」 and 「の」 are no words."""
    if len(surface) == 1:
        return unicodedata.category(surface) == "Lo" and not "ぁ" <= surface <= "ヿ"
    return any(unicodedata.category(own).startswith("L") for own in surface)


def _chains(new: Sequence[Entry], synonyms: dict[str, str]) -> list[Problem]:
    merged = synonyms | {own.cells[0]: own.cells[1] for own in new}
    problems = []
    for _, (word, target), place in new:
        if target in merged:
            why = f"まとめ先「{target}」は、さらに「{merged[target]}」へまとめられます。最後の語を書いてください"
            problems.append(Problem(place, SYNONYM_COLUMNS[1], why))
        elif into := sorted(own for own, to in synonyms.items() if to == word):
            why = f"「{word}」は、「{'」「'.join(into)}」のまとめ先になっています。ほかへはまとめられません"
            problems.append(Problem(place, SYNONYM_COLUMNS[0], why))
    return problems
