"""Tokens to concepts: what an opinion is about in the words of the concept dictionary.

Every hit is evidence: the term that stands in the opinion, its words and how much
they say. Nothing here is fitted to data: the same words mean the same concept in
any survey, any year and any town.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from pipeline.features import word_weight
from pipeline.matching import NEAR, forms, sentences, sequence_end

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from pipeline.concept_dictionary import ConceptDictionary, Term
    from pipeline.tokens import Token

_WORDS_WEIGH: Final = (1.0, 1.5, 1.8)
"""What a hit of one, two, three or more words counts: a longer one says more exactly."""

HEADING: Final = 2
"""Level of the dictionary that issues are made of: field, then heading."""

NEARLY: Final = 0.5
"""Weight within which two headings say about as much: one more word of a phrase."""


class Hit(NamedTuple):
    """A term of the dictionary that stands in an opinion.

    Attributes
    ----------
    concept
        Number of the concept in the dictionary.
    term
        As written in the dictionary.
    tokens
        Places of the words that meet it, in order.
    weight
        How much it says, greater than 0.
    """

    concept: int
    term: str
    tokens: tuple[int, ...]
    weight: float


def find_concepts(tokens: Sequence[Token], dictionary: ConceptDictionary) -> list[Hit]:
    """Hits of one opinion, ordered by place.

    A hit whose words all belong to a longer one is dropped: in 「公園の駐車場」
    there is no 公園.
    """
    words, light = forms(tokens)
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for start, word in enumerate(words):
        for number in dictionary.starts.get(word, ()):
            end = sequence_end(dictionary.sequences[number], words, light, start)
            if end >= 0:
                found[number].append((start, end))
    candidates = {term for number in found for term in dictionary.terms_with.get(number, ())}
    sentence = sentences(tokens)
    hits = []
    for number in sorted(candidates):
        term = dictionary.terms[number]
        if not _is_barred(term, found):
            hits += [_hit(term, spans, words, light) for spans in _places(term, found, sentence)]
    return _longest(hits)


@dataclass(frozen=True)
class Topic:
    """What an opinion is about.

    Attributes
    ----------
    path
        Names of the concept from the field down, at most :data:`HEADING` of them;
        empty where the dictionary knows no word of the opinion.
    facet
        The narrower concept below it, if the words say so.
    coverage
        Share of the opinion's content words that speak of it, 0 to 1.
    """

    path: tuple[str, ...] = ()
    facet: str = ""
    coverage: float = 0.0


def choose_topic(
    tokens: Sequence[Token],
    hits: Sequence[Hit],
    dictionary: ConceptDictionary,
    stopwords: frozenset[str],
) -> Topic:
    """Choose the one heading that an opinion stands under.

    Notes
    -----
    The weights of its hits are added up for every heading; headings that are only
    hinted at count where nothing else is said. Of the headings within :data:`NEARLY`
    of the heaviest, the one that is named first is the topic: what residents want
    comes before what they want it for.
    """
    weight: dict[tuple[str, ...], float] = defaultdict(float)
    places: dict[tuple[str, ...], set[int]] = defaultdict(set)
    facets: dict[tuple[str, ...], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for hit in hits:
        path = dictionary.paths[hit.concept]
        heading = path[:HEADING]
        weight[heading] += hit.weight
        places[heading].update(hit.tokens)
        if len(path) > HEADING:
            facets[heading][path[-1]] += hit.weight
    if not weight:
        return Topic()
    said = {dictionary.paths[hit.concept][:HEADING] for hit in hits if hit.weight >= 1.0}
    weight = {heading: own for heading, own in weight.items() if heading in said or not said}
    enough = max(weight.values()) - NEARLY - 1e-9
    heading = min(
        (own for own in weight if weight[own] >= enough), key=lambda own: (min(places[own]), own)
    )
    known = facets[heading]
    facet = min(known, key=lambda name: (-known[name], name)) if known else ""
    says = {
        place: word_weight(token.pos)
        for place, token in enumerate(tokens)
        if token.word not in stopwords and word_weight(token.pos) > 0.0
    }
    spoken = sum(says[place] for place in sorted(places[heading]) if place in says)
    return Topic(heading, facet, round(spoken / sum(says.values()), 6) if says else 1.0)


def tabulate_hits(
    opinion_ids: Sequence[str],
    starts: Sequence[int],
    tokens: Sequence[Sequence[Token]],
    hits: Sequence[Sequence[Hit]],
    topics: Sequence[Topic],
    dictionary: ConceptDictionary,
) -> pd.DataFrame:
    """Every hit with its place, as evidence.

    Parameters
    ----------
    starts
        Where each opinion begins in its answer, in characters.

    Returns
    -------
    DataFrame
        ``opinion_id, field, heading, facet, term, spans, weight, is_topic``; ``spans``
        is JSON, ``[[start, end], …]`` in characters of the answer's raw text.
    """
    rows = []
    for opinion_id, start, own_tokens, own_hits, topic in zip(
        opinion_ids, starts, tokens, hits, topics, strict=True
    ):
        for hit in own_hits:
            path = dictionary.paths[hit.concept]
            field, heading, facet = (*path, "", "")[:3]
            rows.append(
                (opinion_id, field, heading, facet, hit.term, _spans(own_tokens, hit, start),
                 hit.weight, int(path[:HEADING] == topic.path))
            )  # fmt: skip
    names = ["opinion_id", "field", "heading", "facet", "term", "spans", "weight", "is_topic"]
    return pd.DataFrame(rows, columns=names)


def _spans(tokens: Sequence[Token], hit: Hit, offset: int) -> str:
    """Places of a hit's words; words that follow each other are one place."""
    spans: list[list[int]] = []
    for place in hit.tokens:
        start, end = tokens[place].start + offset, tokens[place].end + offset
        if spans and spans[-1][1] == start:
            spans[-1][1] = end
        else:
            spans.append([start, end])
    return json.dumps(spans)


def _hit(
    term: Term, spans: Sequence[tuple[int, int]], words: Sequence[str], light: Sequence[bool]
) -> Hit:
    places = {place for first, last in spans for place in range(first, last + 1)}
    own = tuple(sorted(place for place in places if not light[place])) or tuple(sorted(places))
    said = len({words[place] for place in own})
    return Hit(
        term.concept, term.text, own,
        round(term.weight * _WORDS_WEIGH[min(said, len(_WORDS_WEIGH)) - 1], 6),
    )  # fmt: skip


def _is_barred(term: Term, found: Container[int]) -> bool:
    return any(
        all(any(number in found for number in part) for part in parts) for parts in term.barred
    )


def _places(
    term: Term, found: dict[int, list[tuple[int, int]]], sentence: Sequence[int]
) -> list[list[tuple[int, int]]]:
    """Every place of the first part, each with the nearest places of the others."""
    met = []
    for anchor in _of(term.parts[0], found):
        spans = [anchor]
        for part in term.parts[1:]:
            near = [
                (_gap(spans, other), other)
                for other in _of(part, found)
                if sentence[other[0]] == sentence[anchor[0]]
                and all(other[1] < own[0] or own[1] < other[0] for own in spans)
            ]
            if not near or min(near)[0] > NEAR:
                break
            spans.append(min(near)[1])
        else:
            met.append(spans)
    return met


def _of(part: frozenset[int], found: dict[int, list[tuple[int, int]]]) -> list[tuple[int, int]]:
    return sorted({span for number in part for span in found.get(number, ())})


def _gap(spans: Sequence[tuple[int, int]], other: tuple[int, int]) -> int:
    return min(max(other[0] - own[1], own[0] - other[1]) for own in spans)


def _longest(hits: Sequence[Hit]) -> list[Hit]:
    """Without hits whose words are a part of another's, each concept and place once."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda own: (-len(own.tokens), -own.weight, own.tokens, own.term)):
        inside = set(hit.tokens)
        if not any(
            inside < set(other.tokens)
            or (inside == set(other.tokens) and hit.concept == other.concept)
            for other in kept
        ):
            kept.append(hit)
    return sorted(kept, key=lambda own: (own.tokens, own.concept, own.term))
