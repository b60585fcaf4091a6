"""Tokens to concepts: what an opinion is about in the words of the concept dictionary.

Every hit is evidence: the term that stands in the opinion, its words and how much
they say. Nothing here is fitted to data: the same words mean the same concept in
any survey, any year and any town.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from pipeline.codebook import all_folded
from pipeline.concept_dictionary import Bars
from pipeline.features import word_weight
from pipeline.matching import NEAR, is_light, sentences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    words = all_folded(tokens)
    found = dictionary.index.find(words, tokens)
    if not found:
        return []
    hits: list[Hit] = []
    candidates: set[int] = set()
    single, joined = dictionary.single_terms, dictionary.joined_terms
    for number, spans in found.items():
        for term, bars in single.get(number, ()):
            if not bars.hold(found):
                hits += [_hit(term, (span,), words, tokens) for span in spans]
        # Most terms with a second part fail for want of it.
        for second, terms in joined.get(number, ()):
            if not second.isdisjoint(found):
                candidates.update(terms)
    for number in sorted(candidates):
        term = dictionary.terms[number]
        if not Bars.of(term).hold(found):
            hits += [_hit(term, spans, words, tokens) for spans in _places(term, found, tokens)]
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
    if not hits:
        return Topic()
    weight: dict[tuple[str, ...], float] = {}
    places: dict[tuple[str, ...], set[int]] = {}
    facets: dict[tuple[str, ...], dict[str, float]] = {}
    for hit in hits:
        path = dictionary.paths[hit.concept]
        heading = path[:HEADING]
        if heading not in weight:
            weight[heading], places[heading], facets[heading] = 0.0, set(), {}
        weight[heading] += hit.weight
        places[heading].update(hit.tokens)
        if len(path) > HEADING:
            facets[heading][path[-1]] = facets[heading].get(path[-1], 0.0) + hit.weight
    if len(weight) > 1:
        heading = _heaviest(hits, weight, places, dictionary)
    known = facets[heading]
    facet = min(known, key=lambda name: (-known[name], name)) if known else ""
    own = places[heading]
    spoken = everything = 0.0
    for place, token in enumerate(tokens):
        says = word_weight(token.pos)
        if says > 0.0 and token.word not in stopwords:
            everything += says
            if place in own:
                spoken += says
    return Topic(heading, facet, round(spoken / everything, 6) if everything else 1.0)


def _heaviest(
    hits: Sequence[Hit],
    weight: Mapping[tuple[str, ...], float],
    places: Mapping[tuple[str, ...], set[int]],
    dictionary: ConceptDictionary,
) -> tuple[str, ...]:
    """Of the headings that are about the heaviest, the one that is named first."""
    said = {dictionary.paths[hit.concept][:HEADING] for hit in hits if hit.weight >= 1.0}
    counted = {heading: own for heading, own in weight.items() if heading in said or not said}
    enough = max(counted.values()) - NEARLY - 1e-9
    heavy = (heading for heading, own in counted.items() if own >= enough)
    return min(heavy, key=lambda heading: (min(places[heading]), heading))


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
    columns = ["opinion_id", "field", "heading", "facet", "term", "spans", "weight", "is_topic"]
    rows = [
        (opinion_id, *row)
        for opinion_id, start, own, found, topic in zip(
            opinion_ids, starts, tokens, hits, topics, strict=True
        )
        for row in hit_rows(own, found, topic, dictionary, start)
    ]
    return pd.DataFrame(rows, columns=columns)


def hit_rows(
    tokens: Sequence[Token],
    hits: Sequence[Hit],
    topic: Topic,
    dictionary: ConceptDictionary,
    offset: int,
) -> list[tuple[object, ...]]:
    """Rows of :func:`tabulate_hits` for one opinion, without its id.

    Parameters
    ----------
    offset
        Where the opinion begins in its answer, in characters.
    """
    rows: list[tuple[object, ...]] = []
    for hit in hits:
        path = dictionary.paths[hit.concept]
        field, heading, facet = (*path, "", "")[:3]
        spans = spans_json(tokens, hit, offset)
        is_topic = int(path[:HEADING] == topic.path)
        rows.append((field, heading, facet, hit.term, spans, hit.weight, is_topic))
    return rows


def spans_json(tokens: Sequence[Token], hit: Hit, offset: int) -> str:
    """Places of a hit's words, ``[[start, end], …]``; words that follow each other are one.

    Parameters
    ----------
    offset
        Where the text of `tokens` begins, in characters; added to every place.
    """
    spans: list[list[int]] = []
    for place in hit.tokens:
        token = tokens[place]
        start, end = token.start + offset, token.end + offset
        if spans and spans[-1][1] == start:
            spans[-1][1] = end
        else:
            spans.append([start, end])
    return str(spans)  # what JSON makes of it


def _hit(
    term: Term, spans: Sequence[tuple[int, int]], words: Sequence[str], tokens: Sequence[Token]
) -> Hit:
    (first, last), *others = spans
    if first == last and not others:
        return Hit(term.concept, term.text, (first,), _weight(term.weight, 1))
    places = sorted({place for first, last in spans for place in range(first, last + 1)})
    own = tuple(place for place in places if not is_light(tokens[place])) or tuple(places)
    return Hit(term.concept, term.text, own, _weight(term.weight, len({words[at] for at in own})))


@functools.cache
def _weight(weight: float, said: int) -> float:
    """What a term counts of which so many words are said."""
    return round(weight * _WORDS_WEIGH[min(said, len(_WORDS_WEIGH)) - 1], 6)


def _places(
    term: Term, found: Mapping[int, list[tuple[int, int]]], tokens: Sequence[Token]
) -> list[list[tuple[int, int]]]:
    """Every place of the first part, each with the nearest places of the others."""
    anchors, *others = (_of(part, found) for part in term.parts)
    if not all(others):
        return []
    sentence = sentences(tokens)
    met = []
    for anchor in anchors:
        spans = [anchor]
        for part in others:
            near = [
                (_gap(spans, other), other)
                for other in part
                if sentence[other[0]] == sentence[anchor[0]]
                and all(other[1] < own[0] or own[1] < other[0] for own in spans)
            ]
            if not near or min(near)[0] > NEAR:
                break
            spans.append(min(near)[1])
        else:
            met.append(spans)
    return met


def _of(part: frozenset[int], found: Mapping[int, list[tuple[int, int]]]) -> list[tuple[int, int]]:
    # A list of a part is often longer than what stands in an opinion.
    numbers = [own for own in found if own in part] if len(part) > len(found) else part
    return sorted({span for number in numbers for span in found.get(number, ())})


def _gap(spans: Sequence[tuple[int, int]], other: tuple[int, int]) -> int:
    return min(max(other[0] - own[1], own[0] - other[1]) for own in spans)


def _longest(hits: Sequence[Hit]) -> list[Hit]:
    """Without hits whose words are a part of another's, each concept and place once."""
    if len(hits) < 2:
        return list(hits)
    kept: list[Hit] = []
    wide: list[tuple[set[int], int]] = []
    covered: set[int] = set()
    named: set[tuple[int, int]] = set()
    for hit in sorted(hits, key=lambda own: (-len(own.tokens), -own.weight, own.tokens, own.term)):
        if len(hit.tokens) == 1:  # after all longer ones
            place = hit.tokens[0]
            if place in covered or (place, hit.concept) in named:
                continue
            named.add((place, hit.concept))
        else:
            inside = set(hit.tokens)
            if any(
                inside < other or (inside == other and hit.concept == concept)
                for other, concept in wide
            ):
                continue
            wide.append((inside, hit.concept))
            covered |= inside
        kept.append(hit)
    return sorted(kept, key=lambda own: (own.tokens, own.concept, own.term))
