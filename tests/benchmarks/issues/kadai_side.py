"""Kadai's side: the only file here that knows Kadai's interface.

A child process: ``kadai_side.py share FOLDER`` leaves the vectors and words that
every method is given; ``kadai_side.py group FOLDER`` groups. Texts are read from
``FOLDER/texts.json``.
"""

from __future__ import annotations

import argparse
import functools
import random
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from measure import ALONE, Labelings, measure, read, write

from pipeline import grouping
from pipeline.concept_dictionary import ConceptDictionary, load_concepts
from pipeline.concepts import choose_topic, find_concepts
from pipeline.diffusion import common_space
from pipeline.features import content_words, read_stopwords
from pipeline.grouping import Knowledge, group_opinions
from pipeline.normalize import fold
from pipeline.resources import dictionaries_folder
from pipeline.study import Parameters
from pipeline.tokens import default_tokenizer
from pipeline.wordvectors import FILE_NAME, load_word_vectors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipeline.tokens import Token


def group(texts: Sequence[str], number: int | None = None) -> list[str]:
    """Issue of every text, :data:`ALONE` where it is in none.

    Parameters
    ----------
    number
        Issues to make; Kadai's own choice by default.
    """
    tokens = _tokens(texts)
    dictionary, knowledge = _knowledge()
    topics = [
        choose_topic(own, find_concepts(own, dictionary), dictionary, knowledge.stopwords)
        for own in tokens
    ]
    ids = [f"O{place:05d}" for place in range(len(texts))]
    first: dict[str, str] = {}
    for own, text in zip(ids, texts, strict=True):
        first.setdefault(text, own)
    opinions = pd.DataFrame(
        {
            "opinion_id": ids,
            "text": list(texts),
            "kind": "other",
            "stands_for": [first[text] for text in texts],
        }
    )
    made = group_opinions(opinions, tokens, topics, knowledge, Parameters(issues=number))
    return [made.issue_of.get(own, (ALONE, 0.0))[0] for own in ids]


def vectors(texts: Sequence[str]) -> NDArray[np.float64]:
    """Vectors that Kadai groups these texts by, the consensus of its views."""
    _, knowledge = _knowledge()
    one_each = {text: row for row, text in enumerate(texts)}
    distinct = sorted(one_each.values(), key=lambda row: (fold(texts[row]), texts[row]))
    repeats = Counter(texts)
    placed = grouping._Placed(
        texts=[texts[row] for row in distinct],
        tokens=_tokens([texts[row] for row in distinct]),
        topics=[],
        counts=np.array([repeats[texts[row]] for row in distinct], dtype=np.int64),
        knowledge=knowledge,
    )
    _, views, _ = placed.vectors()
    space = common_space(placed.views_of(np.arange(len(distinct)), views))
    place = {texts[row]: number for number, row in enumerate(distinct)}
    return space[[place[text] for text in texts]]


def words(texts: Sequence[str]) -> list[list[str]]:
    """Content words of every text, for the peers that count words."""
    _, knowledge = _knowledge()
    return [content_words(own, knowledge.stopwords) for own in _tokens(texts)]


@functools.cache
def _knowledge() -> tuple[ConceptDictionary, Knowledge]:
    folder = dictionaries_folder()
    knowledge = Knowledge(
        stopwords=read_stopwords(folder / "stopwords.txt"),
        word_vectors=load_word_vectors(folder / FILE_NAME),
    )
    return load_concepts(folder / "concepts.toml", default_tokenizer().tokenize), knowledge


def _tokens(texts: Sequence[str]) -> list[tuple[Token, ...]]:
    tokenizer = default_tokenizer()
    return [tokenizer.tokenize(text) for text in texts]


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["share", "group"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--number", type=int)
    parser.add_argument("--shuffle", type=int, default=0, help="0: rows as they stand")
    given = parser.parse_args()
    texts = read(given.folder / "texts.json")
    if given.what == "share":
        np.save(given.folder / "vectors.npy", vectors(texts))
        write(given.folder / "words.json", words(texts))
        return
    order = list(range(len(texts)))
    if given.shuffle:
        random.Random(given.shuffle).shuffle(order)

    def method() -> Labelings:
        labels = dict(zip(order, group([texts[row] for row in order], given.number), strict=True))
        return {"": [labels[row] for row in range(len(texts))]}

    measure([method], given.folder)


if __name__ == "__main__":
    main()
