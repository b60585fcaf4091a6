"""What Kadai knows of words before it reads any text: the files in ``dictionaries/``, opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.concept_dictionary import load_concepts
from pipeline.features import read_stopwords
from pipeline.resources import dictionaries_folder
from pipeline.wordvectors import FILE_NAME, load_word_vectors

if TYPE_CHECKING:
    from pipeline.concept_dictionary import ConceptDictionary
    from pipeline.tokens import Tokenizer
    from pipeline.wordvectors import WordVectors

CONCEPTS_FILE: Final = "concepts.toml"
STOPWORDS_FILE: Final = "stopwords.txt"
FILES: Final = (STOPWORDS_FILE, CONCEPTS_FILE, FILE_NAME)
"""Files that a lexicon is made of, beside those of the tokenizer."""


@dataclass(frozen=True)
class Lexicon:
    """Concept dictionary, word vectors and words that carry no topic."""

    dictionary: ConceptDictionary
    word_vectors: WordVectors
    stopwords: frozenset[str]


def load_lexicon(tokenizer: Tokenizer) -> Lexicon:
    """Open all of it; the terms of the concept dictionary are read by a tokenizer.

    Raises
    ------
    InputError
        A dictionary cannot be read or checked.
    """
    vectors = load_word_vectors(dictionaries_folder() / FILE_NAME)
    return Lexicon(load_dictionary(tokenizer), vectors, load_stopwords())


def load_dictionary(tokenizer: Tokenizer) -> ConceptDictionary:
    """Open the concept dictionary alone.

    Raises
    ------
    InputError
        As in :func:`pipeline.concept_dictionary.load_concepts`.
    """
    return load_concepts(dictionaries_folder() / CONCEPTS_FILE, tokenizer.tokenize)


def load_stopwords() -> frozenset[str]:
    """Open the words that carry no topic alone.

    Raises
    ------
    InputError
        As in :func:`pipeline.features.read_stopwords`.
    """
    return read_stopwords(dictionaries_folder() / STOPWORDS_FILE)
