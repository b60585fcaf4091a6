"""Terms of a rule file as they were written: with their lines, lists taken apart."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.matching import Role, WordSequence, term_words
from pipeline.tomlfile import read_toml, table_lines, value_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pipeline.concept_dictionary import ConceptDictionary
    from pipeline.matching import Tokenize
    from pipeline.rules import Rule, Rules

_TABLE: Final = re.compile(r"\s*\[")
_KEY: Final = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([\w-]+))\s*=""")


class WrittenTerm(NamedTuple):
    """One term of a rule, or of a list that the rule names.

    Attributes
    ----------
    rule
        Place of the rule among the rules.
    role
        Key of the rule under which it stands.
    text
        As written: バス, =人が優しい, #公共交通.
    list_name
        Name of the list that it comes from; empty for a term of the rule's own.
    line
        Of the term, in the rule or in the list; ``None`` where it is not known.
    keys
        What it finds: one sequence of words, or the numbers of concepts. Two terms with a
        key in common find the same.
    """

    rule: int
    role: Role
    text: str
    list_name: str
    line: int | None
    keys: frozenset[WordSequence | int]


@dataclass(frozen=True)
class WrittenRules:
    """A rule file as written.

    Attributes
    ----------
    rules
        In the order of the file.
    lines
        Line in which each rule begins, where it is known.
    terms
        Of each rule, with those of its lists.
    """

    rules: tuple[Rule, ...]
    lines: tuple[int | None, ...]
    terms: tuple[tuple[WrittenTerm, ...], ...]

    def of(self, rule: int, role: Role) -> tuple[WrittenTerm, ...]:
        """Terms of a rule under one key."""
        return tuple(term for term in self.terms[rule] if term.role == role)

    def everything(self) -> Iterator[WrittenTerm]:
        """Terms of all rules."""
        for own in self.terms:
            yield from own


def read_written(
    path: Path, rules: Rules, tokenize: Tokenize, dictionary: ConceptDictionary
) -> WrittenRules:
    """Read again, with lines, a rule file that :func:`pipeline.rules.load_rules` has accepted.

    Parameters
    ----------
    path
        The rule file. Where it does not exist, there are no rules.
    rules
        What was read from it.
    """
    if not rules.rules:
        return WrittenRules((), (), ())
    text, values = read_toml(path, "規則ファイル")
    lines = text.splitlines()
    starts = table_lines(text, "rules", values["rules"])
    lists: Mapping[str, Sequence[str]] = values.get("lists", {})
    keys_of = functools.cache(lambda term: _keys(term, tokenize, dictionary))
    line_in_list = functools.cache(lambda name, word: _list_line(lines, name, word))

    def terms_of(place: int, rule: Rule) -> Iterator[WrittenTerm]:
        for role, written in rule.conditions:
            for own in written:
                if not own.startswith("@"):
                    line = value_line(lines, starts, place, role, own)
                    yield WrittenTerm(place, role, own, "", line, keys_of(own))
                    continue
                name = own[1:]
                for word in lists[name]:
                    line = line_in_list(name, word)
                    yield WrittenTerm(place, role, word, name, line, keys_of(word))

    terms = tuple(tuple(terms_of(place, rule)) for place, rule in enumerate(rules.rules))
    return WrittenRules(rules.rules, tuple(starts), terms)


def sequence_of(term: str, tokenize: Tokenize) -> WordSequence:
    """What a term in words asks for; of a single word, all of them are exact."""
    words, exact = term_words(term, tokenize)
    return WordSequence(words, exact and len(words) > 1)


def _keys(
    term: str, tokenize: Tokenize, dictionary: ConceptDictionary
) -> frozenset[WordSequence | int]:
    if term.startswith("#"):
        paths = enumerate(dictionary.paths)
        return frozenset(number for number, path in paths if term[1:] in path)
    return frozenset([sequence_of(term, tokenize)])


def _list_line(lines: Sequence[str], name: str, word: str) -> int | None:
    """Line on which a list names a word, or on which the list begins."""
    begun: int | None = None
    inside = False
    for number, line in enumerate(lines, start=1):
        if begun is None and _TABLE.match(line):
            inside = line.strip().startswith("[lists]")
        if inside and (key := _KEY.match(line)):
            if begun is not None:
                return begun
            begun = number if name in key.groups() else None
        if begun is not None:
            if any(own in line[line.find("=") + 1 :] for own in (f'"{word}"', f"'{word}'")):
                return number
            if number > begun and line.startswith("[["):
                return begun
    return begun
