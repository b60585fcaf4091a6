"""Terms and rules that find nothing, and terms that find more than was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.plan_check.written import sequence_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.matching import Tokenize, WordSequence
    from pipeline.plan_check.measured import Measured
    from pipeline.plan_check.written import WrittenRules, WrittenTerm


class Unseen(NamedTuple):
    """Terms of one rule, or of one list, that stand in none of the texts.

    Attributes
    ----------
    rule
        Place of the rule; ``None`` for a list.
    list_name
        Name of the list; empty for a rule.
    terms
        Those that are never found.
    n_terms
        All that were looked for.
    """

    rule: int | None
    list_name: str
    terms: tuple[WrittenTerm, ...]
    n_terms: int


class Silent(NamedTuple):
    """A rule that is met in none of the texts.

    Attributes
    ----------
    n_texts
        Texts in which its most frequent term stands: without what the rule asks for besides,
        or inside a longer match for another goal.
    """

    rule: int
    n_texts: int


class Shrunk(NamedTuple):
    """A term of which one word is left when its particles are left out.

    Attributes
    ----------
    word
        What is left.
    n_found, n_meant
        Texts in which the word stands, and in which the term stands as written.
    """

    term: WrittenTerm
    word: str
    n_found: int
    n_meant: int


def find_unseen(written: WrittenRules, measured: Measured) -> tuple[Unseen, ...]:
    """Terms that stand in none of the texts, by rule and then by list; most first.

    What stands under ``not`` is left out: it waits for what should not come.
    """
    groups: dict[tuple[int | None, str], dict[str, WrittenTerm]] = {}
    for term in written.everything():
        if term.role != "not":
            home = (None, term.list_name) if term.list_name else (term.rule, "")
            groups.setdefault(home, {}).setdefault(term.text, term)
    found = [
        Unseen(rule, name, unseen, len(terms))
        for (rule, name), terms in groups.items()
        if (unseen := tuple(own for own in terms.values() if not _n_found(own, measured.found)))
    ]
    return tuple(sorted(found, key=_most_first))


def _most_first(unseen: Unseen) -> tuple[bool, int, int, str]:
    return unseen.rule is None, -len(unseen.terms), unseen.rule or 0, unseen.list_name


def find_silent(written: WrittenRules, measured: Measured) -> tuple[Silent, ...]:
    """Rules that are met in none of the texts, in the order of the file."""
    return tuple(
        Silent(
            place,
            max((_n_found(own, measured.found) for own in written.of(place, "terms")), default=0),
        )
        for place in range(len(written.rules))
        if not measured.fired.get(place)
    )


def shrunk_terms(written: WrittenRules, tokenize: Tokenize) -> dict[str, WrittenTerm]:
    """Terms that were written with particles and of which one word is left, each once."""
    found: dict[str, WrittenTerm] = {}
    for term in written.everything():
        if term.text.startswith(("=", "#")) or term.text in found:
            continue
        if len(sequence_of(term.text, tokenize).words) == 1 and (
            len(sequence_of(f"={term.text}", tokenize).words) > 1
        ):
            found[term.text] = term
    return found


def measure_shrunk(
    shrunk: Mapping[str, WrittenTerm], measured: Measured, tokenize: Tokenize
) -> tuple[Shrunk, ...]:
    """How much more each finds than was written; those that find most first."""
    rows = []
    for text, term in shrunk.items():
        left, meant = sequence_of(text, tokenize), sequence_of(f"={text}", tokenize)
        counts = measured.found.get(left, 0), measured.found.get(meant, 0)
        rows.append(Shrunk(term, left.words[0], *counts))
    return tuple(
        sorted(
            rows,
            key=lambda own: (own.n_meant - own.n_found, own.term.line or 0, own.term.text),
        )
    )


def _n_found(term: WrittenTerm, found: Mapping[WordSequence | int, int]) -> int:
    return max((found.get(key, 0) for key in term.keys), default=0)
