"""Words that mean the same: Sudachi's groups of synonyms, and neighbours among word vectors.

References
----------
K. Takaoka et al.: Sudachi: a Japanese tokenizer for business. LREC 2018; its dictionary of
synonyms numbers groups of words.
T. Mikolov et al.: Distributed representations of words and phrases and their
compositionality. NIPS 2013.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np

from pipeline.vocabulary.candidate import SYNONYM, Candidate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from numpy.typing import NDArray

    from pipeline.vocabulary.material import Material
    from pipeline.vocabulary.used import Used
    from pipeline.wordvectors import WordVectors

LEAST_IN_GROUP: Final = 0.4
"""Cosine below which two words of one group mean different things here: センター, 中央."""

LEAST_NEAR: Final = 0.72
"""Cosine from which nearest neighbours are mostly synonyms; below come 病院 and 医療."""

_IN_GROUP: Final = "Sudachi の同義語の組にあります。"
_NEAR: Final = "使われ方が似ています。同じ意味とはかぎりません。"


def find_synonyms(
    material: Material,
    used: Sequence[Used],
    vectors: WordVectors,
    known: Collection[frozenset[str]] = (),
) -> list[Candidate]:
    """Pairs of words; the one that fewer people use would be counted as the other.

    Parameters
    ----------
    known
        Pairs that are proposed already, as variants of one writing.
    """
    near = _cosines(used, vectors)
    grouped = {
        pair
        for pair in combinations(range(len(used)), 2)
        if used[pair[0]].groups & used[pair[1]].groups
    }
    found = []
    for one, other in sorted(grouped | set(_mutual(near, used))):
        first, second = used[one], used[other]
        in_group = (one, other) in grouped
        cosine = float(near[one, other])
        # A word that the table does not have is left to Sudachi's judgement.
        unseen = not (vectors.rows.keys() >= {first.word, second.word})
        if frozenset((first.word, second.word)) in known or (
            in_group and cosine < LEAST_IN_GROUP and not unseen
        ):
            continue
        rare, usual = sorted(
            (first, second), key=lambda own: (own.counts.people, own.counts, own.word)
        )
        statistic = "" if unseen else f"意味の近さ {cosine:.2f}"
        found.append(
            Candidate(
                SYNONYM,
                rare.word,
                rare.reading,
                usual.word,
                "",
                rare.counts,
                round((1.0 if in_group else 0.0) + cosine, 6),
                "、".join(own for own in ("同義語の組" if in_group else "", statistic) if own),
                f"{_IN_GROUP if in_group else _NEAR}"
                f"「{usual.word}」は{usual.counts.people:,}人が書いています。",
                tuple(material.contexts(rare.surface, rare.places)),
            )
        )
    return found


def _cosines(used: Sequence[Used], vectors: WordVectors) -> NDArray[np.float64]:
    """Cosine of every two words; 0 where the table does not have one of them."""
    rows = np.zeros((len(used), vectors.dimensions))
    for place, own in enumerate(used):
        row = vectors.rows.get(own.word)
        if row is not None:
            rows[place] = vectors.vectors[row] * vectors.scales[row]
    length = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    rows /= np.where(length > 0.0, length, 1.0)[:, None]
    # Not the linear algebra library's product: its last digits depend on the machine.
    cosines: NDArray[np.float64] = np.round(np.einsum("ik,jk->ij", rows, rows), 6)
    np.fill_diagonal(cosines, 0.0)
    return cosines


def _mutual(near: NDArray[np.float64], used: Sequence[Used]) -> Iterator[tuple[int, int]]:
    """Words that are each other's nearest; not where one is a part of the other: 駅, 駅前."""
    if not len(near):
        return
    nearest = near.argmax(axis=1).tolist()
    for one, other in enumerate(nearest):
        if nearest[other] != one or one >= other or near[one, other] < LEAST_NEAR:
            continue
        if not (used[one].word in used[other].word or used[other].word in used[one].word):
            yield one, other
