"""What stands in a run, word by word, with everything that Sudachi knows of each word."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import sudachipy
from sudachipy import Dictionary, SplitMode

from pipeline import tables
from pipeline.hashchoice import smallest_hashes
from pipeline.manifest import load_manifest
from pipeline.normalize import mend_characters
from pipeline.privacy import blank_labels
from pipeline.resources import dictionaries_folder
from pipeline.runfolder import run_folder_of
from pipeline.user_dictionary import built_dictionary, read_synonyms
from pipeline.wording import clean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    import pandas as pd
    from sudachipy import Morpheme

MOST_TEXTS: Final = 50_000
"""Distinct texts that are read; of more, a part that their hashes choose."""

LEAST_PEOPLE: Final = 3
"""People who use a word before it is named: what fewer wrote could be somebody's name."""

AROUND: Final = 14
"""Letters before and behind a word in a context."""

LEAST_AROUND: Final = 6
"""Letters beside a word from which a text shows how it is used."""

_LONGEST: Final = 1_000
"""Characters given to Sudachi at once: they cannot outgrow its limit."""

_OPINION: Final = ("text", "opinion_id", "duplicate_of", "answer_id")


class Word(NamedTuple):
    """A word as it is written, and what Sudachi knows of it.

    Attributes
    ----------
    word
        Normalized form, synonyms merged: what Kadai counts.
    pos
        Part of speech, four levels.
    groups
        Numbers of Sudachi's groups of synonyms.
    """

    surface: str
    word: str
    reading: str
    pos: tuple[str, ...]
    is_unknown: bool
    groups: tuple[int, ...]


class Counts(NamedTuple):
    """How often something was said: opinions, distinct wordings, people."""

    opinions: int
    wordings: int
    people: int


@dataclass(frozen=True)
class Material:
    """The opinions of a run as words; texts that are the same stand once.

    Attributes
    ----------
    texts
        Distinct masked texts, sorted.
    words
        Of every text its words, end to end; white space and marks among them.
    ids, firsts, persons
        Of every text the opinions with it, the opinions that stand for them, and who wrote
        them. An answer of somebody unknown counts as a person of its own.
    n_texts
        Distinct texts of the run, read or not.
    """

    texts: tuple[str, ...]
    words: tuple[tuple[Word, ...], ...]
    ids: tuple[tuple[str, ...], ...]
    firsts: tuple[frozenset[str], ...]
    persons: tuple[frozenset[str], ...]
    n_texts: int

    def count(self, places: Collection[int]) -> Counts:
        """Who said what stands in some texts."""
        chosen = sorted(set(places))
        return Counts(
            sum(len(self.ids[own]) for own in chosen),
            len(frozenset[str]().union(*(self.firsts[own] for own in chosen))),
            len(frozenset[str]().union(*(self.persons[own] for own in chosen))),
        )

    def contexts(self, surface: str, places: Collection[int], most: int = 2) -> list[str]:
        """Short masked stretches around a word, each of other people.

        Texts that say something beside the word come first, of these the shortest.
        """
        least = len(surface) + LEAST_AROUND
        lengths = {own: len(self.texts[own]) for own in places}
        found: list[str] = []
        seen: set[str] = set()
        for own in sorted(lengths, key=lambda own: (lengths[own] < least, lengths[own], own)):
            at = blank_labels(self.texts[own]).find(surface)
            if at < 0 or self.persons[own] & seen:
                continue
            seen |= self.persons[own]
            found.append(_around(self.texts[own], at, at + len(surface)))
            if len(found) == most:
                break
        return found


def load_material(run: Path) -> Material:
    """Read the opinions of a run and let Sudachi read their words.

    Raises
    ------
    InputError
        The folder is no run, its tables are damaged, or a dictionary cannot be read.
    """
    run = run_folder_of(run)
    load_manifest(run)  # tells where this is no run folder
    opinions = tables.load_columns("opinions", _OPINION, run / "tables")
    answers = tables.load_columns("answers", ("answer_id", "respondent_id"), run / "tables")
    return material_of(opinions, answers)


def material_of(opinions: pd.DataFrame, answers: pd.DataFrame) -> Material:
    """The same of tables that are loaded."""
    known = zip(answers["answer_id"], answers["respondent_id"], strict=True)
    person_of = {answer: f"P {person}" if person else f"A {answer}" for answer, person in known}
    alike: defaultdict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for text, own, first, answer in zip(*(opinions[name] for name in _OPINION), strict=True):
        alike[text].append((own, first or own, person_of.get(answer, f"A {answer}")))
    names = sorted(alike)
    chosen = sorted(smallest_hashes(names, MOST_TEXTS)) if len(names) > MOST_TEXTS else None
    texts = names if chosen is None else [names[own] for own in chosen]
    reader = WordReader()
    rows = [sorted(alike[text]) for text in texts]
    return Material(
        texts=tuple(texts),
        words=tuple(reader.read(text) for text in texts),
        ids=tuple(tuple(own[0] for own in row) for row in rows),
        firsts=tuple(frozenset(own[1] for own in row) for row in rows),
        persons=tuple(frozenset(own[2] for own in row) for row in rows),
        n_texts=len(names),
    )


class WordReader:
    """Sudachi with the project's dictionaries and all fields; one text after the other."""

    def __init__(self) -> None:
        folder = dictionaries_folder()
        built = built_dictionary(folder / "user.csv")
        config = sudachipy.Config(system="core", user=[str(built)] if built else [])
        tokenizer = Dictionary(config=config).tokenizer(mode=SplitMode.A)
        self._tokenize = tokenizer.tokenize
        self._synonyms = read_synonyms(folder / "synonyms.csv")
        self._known: dict[tuple[int, str], Word] = {}

    def read(self, text: str) -> tuple[Word, ...]:
        """Words of a text, end to end; what was masked is no word."""
        plain = mend_characters(blank_labels(text))
        return tuple(
            self._word(own, piece[own.begin() : own.end()])
            for piece in _pieces(plain)
            for own in self._tokenize(piece)
        )

    def _word(self, own: Morpheme, surface: str) -> Word:
        if own.is_oov():
            return self._new(own, surface)
        key = own.word_id(), surface
        if key not in self._known:
            self._known[key] = self._new(own, surface)
        return self._known[key]

    def _new(self, own: Morpheme, surface: str) -> Word:
        form = own.normalized_form()
        return Word(
            surface,
            self._synonyms.get(form, form),
            own.reading_form(),
            own.part_of_speech()[:4],
            own.is_oov(),
            tuple(own.synonym_group_ids()),
        )


def is_person(word: Word) -> bool:
    """Whether Sudachi takes a word for the name of a person."""
    return word.pos[2] == "人名"


def is_noun(word: Word) -> bool:
    """Whether a word is a common or proper noun, but of no person."""
    return word.pos[0] == "名詞" and word.pos[1] in {"普通名詞", "固有名詞"} and not is_person(word)


def _around(text: str, start: int, end: int) -> str:
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    opened = "…" if start > AROUND else ""
    closed = "…" if end + AROUND < len(text) else ""
    return " ".join(clean(f"{opened}{before}{text[start:end]}{after}{closed}").split())


def _pieces(text: str) -> Iterator[str]:
    for start in range(0, len(text), _LONGEST):
        yield text[start : start + _LONGEST]
