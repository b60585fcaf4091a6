"""Opinions that say the same in the same words, counted once and shown with their number.

Two opinions are the same when their folded wordings are equal, when their
content words follow each other in the same order (「遊ぶ場所が少ない」「遊べる
場所少ない。」), or when they are long and nearly equal letter by letter (form
letters with small edits).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import HashingVectorizer

from pipeline.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.tokens import Token

LONG_TEXT: Final = 40
"""Folded characters from which small edits are looked for."""

SAME_LETTERS: Final = 0.8
"""Jaccard similarity of letter 4-grams from which long texts are the same."""

_CHUNK: Final = 2000
_NOT_CONTENT: Final = ("助詞", "助動詞", "補助記号", "記号", "空白", "感動詞")
# Particles and auxiliaries that turn the meaning round: 「バスしかない」 is not 「バスがない」.
_DENIALS: Final = frozenset(["ない", "ず", "へん"])
_NEGATIONS: Final = _DENIALS | {"無い", "まい", "しか"}


def first_of_same(
    ids: Sequence[str], texts: Sequence[str], tokens: Sequence[Sequence[Token]]
) -> list[str]:
    """For every opinion the id of the one that stands for it; its own if it stands for itself.

    Parameters
    ----------
    ids, texts, tokens
        Of the same length, one entry an opinion.

    Returns
    -------
    list of str
        The opinion that stands for several is the one with the most frequent
        wording, then the shortest, then the smallest id: the order of the input
        does not matter.
    """
    folded = [fold(text) or text for text in texts]
    frequency = Counter(folded)
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for row, (key, words) in enumerate(zip(folded, tokens, strict=True)):
        groups[_wording(words) or (key,)].append(row)
    for kept, merged in _equal_letters_apart(folded, groups):
        groups[kept] += groups.pop(merged)

    stands_for = [""] * len(ids)
    for rows in groups.values():
        first = min(
            rows, key=lambda row: (-frequency[folded[row]], len(texts[row]), texts[row], ids[row])
        )
        for row in rows:
            stands_for[row] = ids[first]
    return stands_for


def _wording(tokens: Sequence[Token]) -> tuple[str, ...]:
    """Content words and negations in their order."""
    return tuple(
        "ない" if token.word in _DENIALS else token.word
        for before, token in zip([None, *tokens], tokens, strict=False)
        if not token.pos.startswith(_NOT_CONTENT)
        or token.word in _NEGATIONS
        or _forbids(before, token)
    )


def _forbids(before: Token | None, token: Token) -> bool:
    """Whether a token is the な of 「車を止めるな」."""
    return (
        token.word == "な"
        and token.pos == "助詞-終助詞"
        and before is not None
        and before.pos.startswith("動詞")
    )


def _equal_letters_apart(
    folded: Sequence[str], groups: dict[tuple[str, ...], list[int]]
) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Pairs (kept group, group to merge into it) whose long texts are nearly equal."""
    longest_of = {
        key: max((folded[row] for row in rows), key=lambda t: (len(t), t))
        for key, rows in groups.items()
    }
    keys = sorted(key for key, text in longest_of.items() if len(text) >= LONG_TEXT)
    if len(keys) < 2:
        return []
    longest = [longest_of[key] for key in keys]
    negated = np.array([sum(word in _NEGATIONS for word in key) for key in keys])
    vectorizer = HashingVectorizer(
        analyzer="char", ngram_range=(4, 4), norm=None, binary=True, alternate_sign=False,
        n_features=2**22, lowercase=False, dtype=np.float32,
    )  # fmt: skip
    shingles = csr_array(vectorizer.transform(longest))
    sizes = np.asarray(shingles.sum(axis=1)).ravel()
    pairs: list[tuple[int, int]] = []
    for start in range(0, len(keys), _CHUNK):
        block = shingles[start : start + _CHUNK]
        shared = (block @ shingles.T).tocoo()
        rows, columns = shared.coords
        union = sizes[rows + start] + sizes[columns] - shared.data
        near = (shared.data / union >= SAME_LETTERS) & (rows + start < columns)
        # One letter less may be 「できない」 without its 「ない」.
        near &= negated[rows + start] == negated[columns]
        pairs += zip((rows[near] + start).tolist(), columns[near].tolist(), strict=True)
    if not pairs:
        return []
    left, right = zip(*pairs, strict=True)
    graph = csr_array((np.ones(len(pairs)), (left, right)), shape=(len(keys), len(keys)))
    _, labels = connected_components(graph, directed=False)
    kept: dict[int, int] = {}
    merges = []
    for number, label in enumerate(labels.tolist()):
        if label in kept:
            merges.append((keys[kept[label]], keys[number]))
        else:
            kept[label] = number
    return merges
