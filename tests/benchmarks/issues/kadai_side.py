"""Kadai's side: the only file here that knows Kadai's interface.

A child process: ``kadai_side.py share FOLDER`` leaves the vectors and words that
every method is given; ``kadai_side.py group FOLDER`` groups. Texts are read from
``FOLDER/texts.json``.
"""

from __future__ import annotations

import argparse
import functools
import random
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from measure import ALONE, Labelings, measure, read, write

from pipeline.concept_dictionary import ConceptDictionary, load_concepts
from pipeline.concepts import choose_topic, find_concepts
from pipeline.diffusion import common_space
from pipeline.features import content_words, read_stopwords
from pipeline.grouping import Grouping, Knowledge, fit_vectors, group_opinions
from pipeline.opinionviews import all_views
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
    return [issue or ALONE for issue in _grouped(texts, number).issue_ids.tolist()]


def _grouped(texts: Sequence[str], number: int | None = None) -> Grouping:
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
    return group_opinions(opinions, tokens, topics, knowledge, Parameters(issues=number))


def vectors(texts: Sequence[str]) -> NDArray[np.float64]:
    """Vectors that Kadai groups these texts by, the consensus of its views."""
    _, knowledge = _knowledge()
    made = _grouped(texts)
    _, views, _ = fit_vectors(made.distinct, knowledge)
    every = np.arange(len(made.distinct.ids))
    space = common_space(all_views(every, made.distinct, views, knowledge.encoder))
    return space[made.row_of.to_numpy()]


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
