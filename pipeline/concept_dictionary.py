"""The concept dictionary: what residents of any municipality talk about, in their words.

``dictionaries/concepts.toml`` is written to be read and changed by a planner::

    [lists]
    "不足" = ["少ない", "ない", "足りない"]

    [[concepts]]
    name = "公共交通"
    under = "移動・交通"
    terms = ["バス", "電車", "車がない + 移動", "駅 - 駐車場"]
    hints = ["交通"]
    not = ["観光バス"]

A part of a term is a word or phrase in plain Japanese, matched as the terms of
coding rules are (:mod:`pipeline.matching`): by normalized forms, particles left
out, light words allowed between; ``=`` asks for exactly these words. ``+`` asks
for two parts near each other in one sentence, in any order, ``-`` for the absence
of one in the whole opinion. ``@name`` stands for a list. ``hints`` are terms that
count little; ``not`` bars the whole concept, ``A + B`` there only where both stand in
the opinion. Concepts stand in up to three levels.
"""

from __future__ import annotations

import functools
import json
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.kept import keep, kept_path, read_kept
from pipeline.matching import WordSequence, index_sequences, term_words
from pipeline.study import explain, without_echoes
from pipeline.tokens import origin_of
from pipeline.tomlfile import Problem, faulty, read_text, read_toml, table_lines, value_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from pipeline.matching import SequenceIndex, Tokenize

DEEPEST: Final = 3
"""Levels: field, issue heading, facet."""

HINT: Final = 0.3
"""What a hint counts beside the 1 of a term."""

# A Japanese keyboard writes these as readily as + and - with plain spaces.
_WIDE: Final = str.maketrans("＋－\u3000", "+- ")
_LEFT_OVER: Final = re.compile(r"\+|(^|\s)-|-(\s|$)")

_NAME: Final = "概念辞書"
_REMEDY: Final = "上の行を直してください。書き方は辞書の始めに書いてあります。"


class Concept(BaseModel):
    """One concept as written.

    Attributes
    ----------
    name, under
        Name, and the name of the broader concept; empty at the top.
    terms, hints
        What says that an opinion is about it, and what only hints at it.
    not_
        What bars the concept from an opinion.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    name: str = Field(min_length=1, max_length=40)
    under: str = ""
    terms: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    not_: tuple[str, ...] = Field(default=(), alias="not")


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    lists: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    concepts: tuple[Concept, ...] = Field(min_length=1)


class Term(NamedTuple):
    """A term ready to be matched.

    Attributes
    ----------
    concept
        Number of its concept.
    text
        As written.
    parts
        For every part the numbers of the sequences of which one has to stand there.
    barred
        Parts that may not stand in the opinion: any of these, all of its own together.
    weight
        1, or :data:`HINT`.
    """

    concept: int
    text: str
    parts: tuple[frozenset[int], ...]
    barred: tuple[tuple[frozenset[int], ...], ...]
    weight: float


class Bars(NamedTuple):
    """What bars a term: one of these sequences, or one of each of the parts together."""

    alone: frozenset[int]
    together: tuple[tuple[frozenset[int], ...], ...]

    @classmethod
    def of(cls, term: Term) -> Bars:
        """Put together what bars a term by itself: one look is enough for all of that."""
        alone = (parts[0] for parts in term.barred if len(parts) == 1)
        return cls(
            frozenset[int]().union(*alone), tuple(own for own in term.barred if len(own) != 1)
        )

    def hold(self, found: Mapping[int, object]) -> bool:
        """Whether what was found in an opinion bars the term from it."""
        return not self.alone.isdisjoint(found) or (
            bool(self.together)
            and any(all(not part.isdisjoint(found) for part in own) for own in self.together)
        )


@dataclass(frozen=True)
class ConceptDictionary:
    """Concepts ready to be matched.

    Attributes
    ----------
    concepts
        In the order of the file.
    terms
        Of all concepts.
    sequences
        What parts of terms are made of, each once; a number is a place in here.
    starts
        First normalized form → numbers of the sequences that begin with it.
    """

    concepts: tuple[Concept, ...]
    terms: tuple[Term, ...]
    sequences: tuple[WordSequence, ...]
    starts: Mapping[str, tuple[int, ...]]

    @functools.cached_property
    def terms_with(self) -> Mapping[int, tuple[int, ...]]:
        """Number of a sequence → numbers of the terms whose first part it can be."""
        found: dict[int, list[int]] = defaultdict(list)
        for number, term in enumerate(self.terms):
            for sequence in sorted(term.parts[0]):
                found[sequence].append(number)
        return {sequence: tuple(numbers) for sequence, numbers in found.items()}

    @functools.cached_property
    def index(self) -> SequenceIndex:
        """The sequences by the words that they begin with."""
        return index_sequences(self.sequences)

    @functools.cached_property
    def single_terms(self) -> Mapping[int, tuple[tuple[Term, Bars], ...]]:
        """Number of a sequence → the terms of one part that it can be."""
        bars: dict[tuple[tuple[frozenset[int], ...], ...], Bars] = {}
        for term in self.terms:
            if term.barred not in bars:
                bars[term.barred] = Bars.of(term)
        found = {
            sequence: tuple(
                (term, bars[term.barred])
                for term in map(self.terms.__getitem__, numbers)
                if len(term.parts) == 1
            )
            for sequence, numbers in self.terms_with.items()
        }
        return {sequence: terms for sequence, terms in found.items() if terms}

    @functools.cached_property
    def joined_terms(self) -> Mapping[int, tuple[tuple[frozenset[int], tuple[int, ...]], ...]]:
        """Number of a sequence → second parts, each with numbers of the terms that begin so."""
        found: dict[int, dict[frozenset[int], list[int]]] = {}
        for sequence, numbers in self.terms_with.items():
            for number in numbers:
                parts = self.terms[number].parts
                if len(parts) > 1:
                    found.setdefault(sequence, {}).setdefault(parts[1], []).append(number)
        return {
            sequence: tuple((second, tuple(own)) for second, own in groups.items())
            for sequence, groups in found.items()
        }

    @functools.cached_property
    def paths(self) -> tuple[tuple[str, ...], ...]:
        """Names from the top down to every concept, itself last."""
        under = {concept.name: concept.under for concept in self.concepts}
        return tuple(_path(concept.name, under) for concept in self.concepts)

    @functools.cached_property
    def lineages(self) -> tuple[tuple[int, ...], ...]:
        """Numbers of the concepts from the top down to every concept, itself last."""
        numbers = {concept.name: number for number, concept in enumerate(self.concepts)}
        return tuple(tuple(numbers[name] for name in path) for path in self.paths)


def load_concepts(path: Path, tokenize: Tokenize) -> ConceptDictionary:
    """Read, check and compile a concept dictionary.

    Parameters
    ----------
    tokenize
        The same function that makes the opinions' tokens.

    Raises
    ------
    InputError
        The file is not TOML, or something in it is wrong; everything wrong is
        listed with its line.

    Notes
    -----
    Ten thousand terms are split into words; what comes of it is kept (:mod:`pipeline.kept`).
    Only what was found right is kept.
    """
    origin = origin_of(tokenize)
    if not origin:  # a function of which nothing is known
        return _read(path, tokenize)
    kept = kept_path("concepts", [read_text(path, _NAME), origin])
    content = read_kept(kept)
    if content is not None:
        return _restored(content)
    dictionary = _read(path, tokenize)
    keep(kept, _in_bytes(dictionary))
    return dictionary


def _read(path: Path, tokenize: Tokenize) -> ConceptDictionary:
    text, values = read_toml(path, _NAME)
    tokenize = functools.cache(tokenize)  # a word stands in many terms
    lines = table_lines(text, "concepts", values.get("concepts"))
    try:
        content = _File.model_validate(values)
    except ValidationError as error:
        problems = [
            Problem(_line_of(detail["loc"], lines), explain(detail))
            for detail in without_echoes(error.errors())
        ]
        raise faulty(path.name, _NAME, problems, _REMEDY) from error
    problems = sorted(
        _Check(content, text.splitlines(), lines, tokenize).problems(),
        key=lambda problem: (problem.line or 0, problem.text),
    )
    if problems:
        raise faulty(path.name, _NAME, problems, _REMEDY)
    return compile_concepts(content.concepts, content.lists, tokenize)


def compile_concepts(
    concepts: Sequence[Concept], lists: Mapping[str, Sequence[str]], tokenize: Tokenize
) -> ConceptDictionary:
    """Make concepts that have been checked ready to be matched."""
    numbers: dict[WordSequence, int] = {}
    sequence_of = functools.cache(lambda part: WordSequence(*term_words(part, tokenize)))

    def numbered(part: str) -> frozenset[int]:
        spelled = (sequence_of(own) for own in _alternatives(part, lists))
        return frozenset(numbers.setdefault(own, len(numbers)) for own in spelled)

    terms = []
    for place, concept in enumerate(concepts):
        never = [tuple(map(numbered, split_term(text)[0])) for text in concept.not_]
        for weight, texts in ((1.0, concept.terms), (HINT, concept.hints)):
            for text in texts:
                wanted, unwanted = split_term(text)
                barred = (*((numbered(part),) for part in unwanted), *never)
                terms.append(Term(place, text, tuple(map(numbered, wanted)), barred, weight))
    return _assembled(tuple(concepts), tuple(terms), tuple(numbers))


def _assembled(
    concepts: tuple[Concept, ...], terms: tuple[Term, ...], sequences: tuple[WordSequence, ...]
) -> ConceptDictionary:
    starts: dict[str, list[int]] = defaultdict(list)
    for number, sequence in enumerate(sequences):
        starts[sequence.words[0]].append(number)
    return ConceptDictionary(
        concepts=concepts,
        terms=terms,
        sequences=sequences,
        starts={word: tuple(found) for word, found in starts.items()},
    )


def _in_bytes(dictionary: ConceptDictionary) -> bytes:
    """Write a dictionary down; parts of terms, and what bars them, each once."""
    parts: dict[frozenset[int], int] = {}
    bars: dict[tuple[frozenset[int], ...], int] = {}
    terms = []
    for term in dictionary.terms:
        own = [parts.setdefault(part, len(parts)) for part in term.parts]
        barred = [bars.setdefault(bar, len(bars)) for bar in term.barred]
        terms.append([term.concept, term.text, own, barred, term.weight])
    written = {
        "concepts": [own.model_dump(by_alias=True) for own in dictionary.concepts],
        "sequences": [[own.words, own.exact] for own in dictionary.sequences],
        "parts": [sorted(part) for part in parts],
        "bars": [[sorted(part) for part in bar] for bar in bars],
        "terms": terms,
    }
    return json.dumps(written, ensure_ascii=False, separators=(",", ":")).encode()


def _restored(content: bytes) -> ConceptDictionary:
    """Dictionary from what :func:`_in_bytes` wrote."""
    written = json.loads(content)
    parts = [frozenset(part) for part in written["parts"]]
    bars = [tuple(map(frozenset[int], bar)) for bar in written["bars"]]
    return _assembled(
        concepts=tuple(map(Concept.model_validate, written["concepts"])),
        terms=tuple(
            Term(
                concept,
                text,
                tuple([parts[own] for own in whole]),
                tuple([bars[own] for own in barred]),
                weight,
            )
            for concept, text, whole, barred, weight in written["terms"]
        ),
        sequences=tuple(WordSequence(tuple(own), exact) for own, exact in written["sequences"]),
    )


def split_term(text: str) -> tuple[list[str], list[str]]:
    """Parts that have to stand in an opinion, and those that may not: 「駅 + 遠い - 車」."""
    wanted, *unwanted = text.translate(_WIDE).split(" - ")
    return [part.strip() for part in wanted.split(" + ")], [part.strip() for part in unwanted]


def _alternatives(part: str, lists: Mapping[str, Sequence[str]]) -> Sequence[str]:
    return lists[part[1:]] if part.startswith("@") else (part,)


def _path(name: str, under: Mapping[str, str]) -> tuple[str, ...]:
    found = [name]
    while under[found[-1]] and len(found) <= len(under):
        found.append(under[found[-1]])
    return tuple(reversed(found))


class _Check(NamedTuple):
    """What the types of the values do not say about a dictionary."""

    content: _File
    lines: list[str]
    starts: list[int | None]
    tokenize: Tokenize

    def problems(self) -> Iterable[Problem]:
        names: dict[str, int] = {}
        for place, concept in enumerate(self.content.concepts):
            if concept.name in names:
                first = self.starts[names[concept.name]]
                where = f"（{first}行目）" if first else ""
                why = f"「{concept.name}」が2回あります{where}"
                yield self._at(place, "name", concept.name, why)
            names.setdefault(concept.name, place)
        yield from self._hierarchy(names)
        yield from self._lists()
        said: dict[str, int] = {}
        for place, concept in enumerate(self.content.concepts):
            yield from self._terms(place, concept, said)
            said |= dict.fromkeys(concept.terms, place)

    def _lists(self) -> Iterable[Problem]:
        for name, words in self.content.lists.items():
            if not words:
                yield Problem(None, f"lists.{name}: 言葉を1つ以上書いてください")
            for word in words:
                if word.startswith("@") or _LEFT_OVER.search(word.translate(_WIDE)):
                    yield Problem(None, f"lists.{name}: 「{word}」に + - @ は使えません")
                elif not term_words(word, self.tokenize)[0]:
                    yield Problem(None, f"lists.{name}: 「{word}」には数えられる言葉がありません")

    def _terms(self, place: int, concept: Concept, said: Mapping[str, int]) -> Iterable[Problem]:
        own: set[str] = set()
        written = [("terms", text) for text in concept.terms]
        written += [("hints", text) for text in concept.hints]
        for key, text in written:
            yield from (self._at(place, key, text, why) for why in self._term(text))
            # A word may hint at several concepts, but it names one.
            if text in own or (text in said and key == "terms"):
                other = self.content.concepts[place if text in own else said[text]].name
                yield self._at(place, key, text, f"「{text}」は「{other}」にもあります")
            own.add(text)
        for text in concept.not_:
            whys = ["- は使えません"] if split_term(text)[1] else self._term(text)
            yield from (self._at(place, "not", text, f"not: {why}") for why in whys)

    def _hierarchy(self, names: Mapping[str, int]) -> Iterable[Problem]:
        under = {concept.name: concept.under for concept in self.content.concepts}
        for place, concept in enumerate(self.content.concepts):
            if concept.under and concept.under not in names:
                why = f"上の概念「{concept.under}」がありません"
                yield self._at(place, "under", concept.under, why)
                continue
            if any(own and own not in names for own in under.values()):
                continue
            depth = len(_path(concept.name, under))
            if depth > len(under):
                yield self._at(place, "under", concept.under, "上の概念をたどると自分に戻ります")
            elif depth > DEEPEST:
                why = f"「{concept.name}」は{depth}段目です。{DEEPEST}段までにしてください"
                yield self._at(place, "under", concept.under, why)
            elif depth > 1 and not concept.terms:
                why = f"「{concept.name}」に terms がありません"
                yield self._at(place, "name", concept.name, why)

    def _term(self, text: str) -> Iterable[str]:
        wanted, unwanted = split_term(text)
        for part in (*wanted, *unwanted):
            if _LEFT_OVER.search(part):
                yield f"「{text}」の + と - の前後に空白を入れてください"
                return
            if part.startswith("@"):
                if part[1:] not in self.content.lists:
                    yield f"並び「{part}」が [lists] にありません"
            elif not term_words(part, self.tokenize)[0]:
                yield f"「{part}」には数えられる言葉がありません"

    def _at(self, place: int, key: str, written: str, why: str) -> Problem:
        """A problem at the line on which concept `place` says `written` under `key`."""
        found = value_line(self.lines, self.starts, place, key, written)
        if found is None:
            return Problem(None, f"{self.content.concepts[place].name}: {why}")
        return Problem(found, why)


def _line_of(place: tuple[int | str, ...], lines: Sequence[int | None]) -> int | None:
    if len(place) > 1 and place[0] == "concepts" and isinstance(place[1], int):
        return lines[place[1]]
    return None
