"""Candidates for ``user.csv`` and ``synonyms.csv`` from a finished run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from pipeline.concepts import find_concepts
from pipeline.lexicon import load_lexicon
from pipeline.resources import dictionaries_folder
from pipeline.tokens import default_tokenizer
from pipeline.user_dictionary import read_synonyms, read_user_words
from pipeline.vocabulary.candidate import KINDS, SYNONYMS_FILE, WORDS_FILE, Candidate
from pipeline.vocabulary.compounds import find_compounds
from pipeline.vocabulary.material import Material, load_material
from pipeline.vocabulary.meanings import find_synonyms
from pipeline.vocabulary.unknown import find_unknown
from pipeline.vocabulary.used import nouns_of
from pipeline.vocabulary.variants import find_variants

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.concept_dictionary import ConceptDictionary

MOST_OF_A_KIND: Final = 50
"""Candidates of one kind, at most: more of them nobody reads."""

COLUMNS: Final = (
    "kind", "word", "reading", "normalized", "part", "file", "line", "n_opinions", "n_wordings",
    "n_people", "score", "statistic", "context_1", "context_2", "why",
)  # fmt: skip


class Suggestions(NamedTuple):
    """What a run gives.

    Attributes
    ----------
    candidates
        By kind, the strongest first.
    n_texts, n_read
        Distinct texts of the run, and those that were read.
    """

    candidates: tuple[Candidate, ...]
    n_texts: int
    n_read: int


def suggest(run: Path) -> pd.DataFrame:
    """Candidates as a table; nothing is written.

    Parameters
    ----------
    run
        A run folder.

    Returns
    -------
    DataFrame
        ``kind`` (未知語, 複合語, 表記ゆれ or 同義語), ``word``, ``reading``, ``normalized`` (正規形
        or まとめ先), ``part`` (種類; empty for synonyms), ``file`` and ``line`` (what would be
        added to which dictionary), ``n_opinions``, ``n_wordings``, ``n_people``, ``score`` (higher
        speaks more, comparable within a kind), ``statistic`` and ``why`` in Japanese,
        ``context_1`` and ``context_2`` (masked). By kind, the strongest first; compounds of
        which the concept dictionary reads a part come behind the others.

    Raises
    ------
    InputError
        The folder is no run, its tables are damaged, or a dictionary cannot be read.
    """
    rows = [
        {
            "kind": own.kind,
            "word": own.word,
            "reading": own.reading,
            "normalized": own.normalized,
            "part": own.part,
            "file": own.file,
            "line": own.line,
            "n_opinions": own.counts.opinions,
            "n_wordings": own.counts.wordings,
            "n_people": own.counts.people,
            "score": own.score,
            "statistic": own.statistic,
            "context_1": (*own.contexts, "", "")[0],
            "context_2": (*own.contexts, "", "")[1],
            "why": own.why,
        }
        for own in find_candidates(load_material(run)).candidates
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    types = {name: "int64" if name.startswith("n_") else "str" for name in COLUMNS}
    return table.astype(types | {"score": "float64"})


def find_candidates(material: Material) -> Suggestions:
    """All kinds of candidates, without what the dictionaries know already."""
    lexicon = load_lexicon(default_tokenizer())
    stopwords = lexicon.stopwords
    used = nouns_of(material, stopwords)
    variants = find_variants(material, used)
    pairs = {frozenset((own.word, own.normalized)) for own in variants}
    found = [
        *find_unknown(material, stopwords),
        *_without_known_terms(find_compounds(material, stopwords), lexicon.dictionary),
        *variants,
        *find_synonyms(material, used, lexicon.word_vectors, pairs),
    ]
    ordered = sorted(
        _without_known(found),
        key=lambda own: (
            KINDS.index(own.kind),
            bool(own.read_parts),
            -own.score,
            own.word,
            own.normalized,
        ),
    )
    fitting = _without_chains(ordered)
    chosen = [
        own
        for kind in KINDS
        for own in [one for one in fitting if one.kind == kind][:MOST_OF_A_KIND]
    ]
    return Suggestions(tuple(chosen), material.n_texts, len(material.texts))


def _without_chains(candidates: list[Candidate]) -> list[Candidate]:
    """Candidates of which all may be taken together: no word is merged twice or on and on."""
    merged: set[str] = set()
    ends: set[str] = set()
    kept = []
    for own in candidates:
        if own.file == SYNONYMS_FILE:
            if own.word in merged | ends or own.normalized in merged:
                continue
            merged.add(own.word)
            ends.add(own.normalized)
        kept.append(own)
    return kept


def _without_known(candidates: list[Candidate]) -> list[Candidate]:
    folder = dictionaries_folder()
    words = {own[0] for own in read_user_words(folder / WORDS_FILE)}
    synonyms = read_synonyms(folder / SYNONYMS_FILE)
    known = {WORDS_FILE: words, SYNONYMS_FILE: {*synonyms, *synonyms.values()}}
    # A word that others are merged into already may not be merged itself: that is a chain.
    return [own for own in candidates if own.word not in known[own.file]]


def _without_known_terms(
    compounds: list[Candidate], dictionary: ConceptDictionary
) -> list[Candidate]:
    """Compounds that no term of the concept dictionary names; said where it names a part."""
    kept = []
    for own in compounds:
        known, parts = _terms_in(own.word, dictionary)
        if not known:
            kept.append(own._replace(why=own.why + _warning(parts), read_parts=tuple(parts)))
    return kept


def _terms_in(word: str, dictionary: ConceptDictionary) -> tuple[bool, list[str]]:
    """Whether a term is the whole word, and else the parts of it that are terms."""
    tokens = default_tokenizer().tokenize(word)
    hits = find_concepts(tokens, dictionary)
    if any(len(own.tokens) == len(tokens) for own in hits):
        return True, []
    parts = ["".join(tokens[place].surface for place in own.tokens) for own in hits]
    return False, list(dict.fromkeys(parts))


def _warning(parts: list[str]) -> str:
    if not parts:
        return ""
    named = "".join(f"「{own}」" for own in parts)
    return f"ただし、概念辞書は{named}を見て話題を決めています。1語にすると、この語の{named}は見なくなります。"
