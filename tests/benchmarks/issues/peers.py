"""The peers' recipes, written from their documentation.

A child process in the peers' own environment: ``peers.py METHOD FOLDER``. Reads
``texts.json``, ``words.json`` and ``vectors.npy`` of the folder. Every recipe imports
what it needs and returns the work still to do, so that imports are not timed. Rows
whose vector is zero (no word that another row uses) would be one false group: they are
kept from the recipes that use the vectors and stay alone, as with Kadai.

BERTopic: documented defaults. kouchou-ai (広聴AI): its published description only
(UMAP to two dimensions, k-means, Ward's method on the cluster centres; recommended
numbers: the cube root of the rows, 2 to 10, and its square).
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from measure import ALONE, Labelings, measure, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Work = Callable[[], Labelings]


@dataclass(frozen=True)
class Material:
    """What every recipe is given; `number` is the true number of groups."""

    texts: list[str]
    words: list[list[str]]
    vectors: Any
    number: int
    seed: int


def bertopic_default(given: Material) -> Work:
    """BERTopic as it comes: English, words by its default vectorizer."""
    model = _bertopic(given)
    return lambda: {"": _names(model.fit_transform(given.texts, embeddings=given.vectors)[0])}


def bertopic_japanese(given: Material) -> Work:
    """BERTopic with Japanese words; rows in no topic as they are, or in the nearest one."""
    from sklearn.feature_extraction.text import CountVectorizer

    vectorizer = CountVectorizer(tokenizer=str.split, token_pattern=None, lowercase=False)
    model = _bertopic(given, language="multilingual", vectorizer_model=vectorizer)

    def work() -> Labelings:
        texts = [" ".join(own) for own in given.words]
        topics, _ = model.fit_transform(texts, embeddings=given.vectors)
        nearest = topics
        if -1 in topics and set(topics) != {-1}:
            nearest = model.reduce_outliers(
                texts, topics, strategy="embeddings", embeddings=given.vectors
            )
        return {"": _names(topics), "outliers to the nearest topic": _names(nearest)}

    return work


def kouchou(given: Material) -> Work:
    """kouchou-ai's two levels, and its k-means at the true number on the same map."""
    from sklearn.cluster import AgglomerativeClustering, KMeans
    from umap import UMAP

    upper = max(2, min(10, round(len(given.texts) ** (1 / 3))))

    def work() -> Labelings:
        placed = UMAP(n_components=2, n_neighbors=15, random_state=given.seed).fit_transform(
            given.vectors
        )
        lower = KMeans(upper * upper, random_state=given.seed).fit(placed)
        merged = AgglomerativeClustering(upper, linkage="ward").fit_predict(lower.cluster_centers_)
        true = KMeans(given.number, random_state=given.seed).fit_predict(placed)
        return {
            "upper level": _names(merged[lower.labels_]),
            "lower level": _names(lower.labels_),
            "true number": _names(true),
        }

    return work


def tfidf_kmeans(given: Material) -> Work:
    """k-means on TF-IDF of the words."""
    means, vectorizer = _plain(given)
    return lambda: {"": _names(means.fit_predict(vectorizer.fit_transform(given.words)))}


def lsa_kmeans(given: Material) -> Work:
    """k-means on 100 latent dimensions of TF-IDF."""
    means, vectorizer = _plain(given)
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    def work() -> Labelings:
        matrix = vectorizer.fit_transform(given.words)
        size = min(100, min(matrix.shape) - 1)
        latent = TruncatedSVD(size, random_state=given.seed).fit_transform(matrix)
        return {"": _names(means.fit_predict(normalize(latent)))}

    return work


RECIPES: dict[str, Callable[[Material], Work]] = {
    recipe.__name__: recipe
    for recipe in (bertopic_default, bertopic_japanese, kouchou, tfidf_kmeans, lsa_kmeans)
}

BY_WORDS = {"tfidf_kmeans", "lsa_kmeans"}


def _bertopic(given: Material, **options: object) -> Any:
    """BERTopic with its own map, only with a seed so that a run can be repeated."""
    from bertopic import BERTopic
    from umap import UMAP

    space = UMAP(
        n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=given.seed
    )
    return BERTopic(umap_model=space, **options)


def _plain(given: Material) -> tuple[Any, Any]:
    from sklearn.cluster import KMeans
    from sklearn.feature_extraction.text import TfidfVectorizer

    means = KMeans(given.number, n_init=10, random_state=given.seed)
    return means, TfidfVectorizer(analyzer=list, sublinear_tf=True)


def _names(labels: Iterable[int]) -> list[str]:
    return [ALONE if label == -1 else str(label) for label in labels]


def main() -> None:
    """Run one recipe once."""
    parser = argparse.ArgumentParser()
    parser.add_argument("method", choices=sorted(RECIPES))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--number", type=int, required=True)
    parser.add_argument("--runs", type=int, default=1)
    given = parser.parse_args()
    texts, words = (read(given.folder / f"{what}.json") for what in ("texts", "words"))
    vectors = np.load(given.folder / "vectors.npy")
    rows = (
        np.arange(len(texts)) if given.method in BY_WORDS else np.flatnonzero(vectors.any(axis=1))
    )

    def whole(labels: list[str]) -> list[str]:
        """Labels of all rows, those kept from the recipe alone."""
        label_of = dict(zip(rows.tolist(), labels, strict=True))
        return [label_of.get(row, ALONE) for row in range(len(texts))]

    def run_of(seed: int) -> Work:
        work = RECIPES[given.method](
            Material(
                texts=[texts[row] for row in rows],
                words=[words[row] for row in rows],
                vectors=vectors[rows],
                number=given.number,
                seed=seed,
            )
        )
        return lambda: {reading: whole(labels) for reading, labels in work().items()}

    measure(map(run_of, range(given.runs)), given.folder)


if __name__ == "__main__":
    main()
