"""Words to the left and right of a word (コロケーション), by how far they stand from it.

References
----------
Sinclair (1991), Corpus, concordance, collocation, Oxford University Press: a span of five
words on either side. KH Coder sums them up as ``Σ (l_i + r_i) / i``: near words count more
(Higuchi 2016, A two-step approach to quantitative content analysis).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pipeline.features import word_weight
from pipeline.keywords import most_frequent
from pipeline.wording import clean
from pipeline.wordviews.kwic import meet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from pipeline.tokentable import TokenTable
    from pipeline.wordviews.places import Place

SPAN: Final = 5
"""Words on either side."""

SIDES: Final = (
    *(f"l{own}" for own in range(SPAN, 0, -1)), *(f"r{own}" for own in range(1, SPAN + 1)),
)  # fmt: skip
"""Columns of a table, from left to right."""

COLUMNS: Final = (
    "word", "shown", "pos", "n", "n_left", "n_right", *SIDES, "n_opinions", "n_people", "score",
)  # fmt: skip

_MARKS: Final = ("補助記号", "記号", "空白")


@dataclass(frozen=True, eq=False)
class Collocates:
    """Words beside a word.

    Attributes
    ----------
    table
        ``word`` (normalized), ``shown`` (as it is written most often there), ``pos``,
        ``n, n_left, n_right``, ``l5`` … ``l1``, ``r1`` … ``r5`` (places), ``n_opinions,
        n_people, score``; the highest score first. Nothing is left out, as nothing is in the
        lines of :mod:`~pipeline.wordviews.kwic`: not for publication.
    """

    word: str
    table: pd.DataFrame


def count_collocates(
    run: Path, word: str, *, issues: Sequence[str] = (), goal: str = ""
) -> Collocates:
    """Count the content words that stand up to five words before or behind a word.

    Signs are no words. Parameters and errors are those of
    :func:`~pipeline.wordviews.kwic.find_word`.
    """
    met = meet(run, word, issues, goal)
    tokens, opinions = met.voices.tokens, met.voices.opinions
    speakers = opinions["speaker"].tolist()
    counts: dict[tuple[str, str], NDArray[np.int64]] = defaultdict(
        lambda: np.zeros(2 * SPAN, dtype=np.int64)
    )
    rows: dict[tuple[str, str], set[int]] = defaultdict(set)
    shown: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row, beside, side in _beside(tokens, met.places):
        own = tokens.types[beside]
        if word_weight(own.pos) > 0:
            key = (own.word, own.pos.partition("-")[0])
            counts[key][side] += 1
            rows[key].add(row)
            plain = not own.form or own.form.startswith(("終止形", "連体形"))
            shown[key][own.surface if plain else own.word] += 1
    found = [
        (word_, clean(most_frequent(shown[word_, pos])), pos, *_sums(own), *own.tolist(), len(rows[word_, pos]),
         len({speakers[row] for row in rows[word_, pos]}), _score(own))
        for (word_, pos), own in counts.items()
    ]  # fmt: skip
    table = pd.DataFrame(found, columns=list(COLUMNS))
    order = ["score", "n", "word", "pos"]
    table = table.sort_values(order, ascending=[False, False, True, True], ignore_index=True)
    return Collocates(met.wanted.written, table)


def _beside(tokens: TokenTable, places: Sequence[Place]) -> Iterator[tuple[int, int, int]]:
    """Row, type and side (a place in :data:`SIDES`) of every word beside the places."""
    is_word = [not own.pos.startswith(_MARKS) for own in tokens.types]
    for place in places:
        low, high = int(tokens.offsets[place.row]), int(tokens.offsets[place.row + 1])
        ids = tokens.type_ids[low:high].tolist()
        before = [own for own in ids[: place.first - low] if is_word[own]][-SPAN:]
        after = [own for own in ids[place.last - low :] if is_word[own]][:SPAN]
        for step, own in enumerate(reversed(before), start=1):
            yield place.row, own, SPAN - step
        for step, own in enumerate(after):
            yield place.row, own, SPAN + step


def _sums(counts: NDArray[np.int64]) -> tuple[int, int, int]:
    return int(counts.sum()), int(counts[:SPAN].sum()), int(counts[SPAN:].sum())


def _score(counts: NDArray[np.int64]) -> float:
    away = np.array([*range(SPAN, 0, -1), *range(1, SPAN + 1)])
    return round(float((counts / away).sum()), 3)
