"""Why two opinions are in one issue, or are not."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pipeline.features import letter_vectors, unit
from pipeline.identity import BETWEEN
from pipeline.normalize import fold
from pipeline.wording import clean

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.inspection.remade import Remade

DIGITS: Final = 6
"""Decimal places of a similarity."""

VIEWS: Final = ("言葉", "意味", "文字", "文")
"""The views of :data:`pipeline.opinionviews.NAMES` as they are shown."""

_WORDS_TOLD: Final = 5


@dataclass(frozen=True, eq=False)
class Together:
    """What two opinions have in common.

    Attributes
    ----------
    similarity
        Cosine, −1 to 1, of the vectors by which issues are centred: the mean of 言葉 and 意味.
    views
        ``view, similarity``: the cosine in every view. 言葉 (words that are used together in
        this survey), 意味 (word vectors), 文字 (runs of letters), 文 (a sentence encoder,
        where the study names one). The last two count for issues from the data alone.
    words
        ``word, weight, other_weight, share``: content words that both use; what each weighs
        in either opinion (all words of an opinion have length 1), and its share, of all of
        these words, in the similarity of 言葉. Words that are used together add to that
        similarity, too, though they are not shared. The largest share first.
    headings
        Headings of the concept dictionary that the words of both hit.
    same_issue
        Whether both are in the same issue now.
    by_people
        Whether that is otherwise than the machine had it.
    told
        All of it in one Japanese sentence.
    """

    similarity: float
    views: pd.DataFrame = field(repr=False)
    words: pd.DataFrame = field(repr=False)
    headings: tuple[str, ...]
    same_issue: bool
    by_people: bool
    told: str


def look_together(made: Remade, opinion_id: str, other_id: str) -> Together:
    """Lay two opinions side by side.

    Raises
    ------
    UsageError
        The run has no such opinion.
    """
    rows = np.array([made.row_of(opinion_id), made.row_of(other_id)], dtype=np.int64)
    placed = made.vectors.at(rows)
    similarity = round(float(placed[0] @ placed[1]), DIGITS) + 0.0
    words = shared_words(made, rows)
    others = made.headings_of.get(other_id, ())
    headings = tuple(own for own in made.headings_of.get(opinion_id, ()) if own in others)
    now = made.issue_of[opinion_id], made.issue_of[other_id]
    machine = made.machine_issue_of[opinion_id], made.machine_issue_of[other_id]
    same, together_before = _is_one(now), _is_one(machine)
    reason = _reason(made, (opinion_id, other_id), rows)
    said = words["word"].tolist()[:_WORDS_TOLD]
    shared = f"共通の言葉: {'、'.join(said)}" if said else "共通の言葉はなし"
    return Together(
        similarity=similarity,
        views=_views(made, rows),
        words=words,
        headings=headings,
        same_issue=same,
        by_people=same != together_before,
        told=f"{reason}（{shared}。近さ {similarity:.2f}）。",
    )


def shared_words(made: Remade, rows: NDArray[np.int64]) -> pd.DataFrame:
    """Content words of two distinct opinions (:attr:`Together.words`)."""
    views, latent = made.views, made.views.latent
    indptr, ids = views.words.of_rows(rows)
    weighed = latent.weigh_ids(indptr, views.columns[ids]).toarray()
    lengths = np.linalg.norm(weighed, axis=1)
    scaled = weighed / np.where(lengths > 0.0, lengths, 1.0)[:, None]
    spread = np.einsum("wd,wd->w", latent.components, latent.components)
    found = []
    one, other = (set(ids[indptr[place] : indptr[place + 1]].tolist()) for place in (0, 1))
    for own in sorted(one & other):
        column = int(views.columns[own])
        known = column >= 0
        part = weighed[0, column] * weighed[1, column] * spread[column] if known else 0.0
        found.append(
            (
                clean(views.words.words[own]),
                round(float(scaled[0, column]), DIGITS) if known else 0.0,
                round(float(scaled[1, column]), DIGITS) if known else 0.0,
                float(part),
            )
        )
    whole = math.fsum(part for *_, part in found) or 1.0
    shares = [(*row[:3], round(row[3] / whole, DIGITS)) for row in found]
    shares.sort(key=lambda row: (-row[3], row[0]))
    return pd.DataFrame(shares, columns=["word", "weight", "other_weight", "share"])


def _views(made: Remade, rows: NDArray[np.int64]) -> pd.DataFrame:
    texts = made.grouping.distinct.texts
    kept = np.searchsorted(made.vectors.rows, rows)
    if made.vectors.is_whole or np.isin(rows, made.vectors.rows).all():
        letters = made.letters[kept]
    else:  # beside those that are kept, so that their letters are known
        beside = np.union1d(made.vectors.rows, rows)
        seen = letter_vectors([fold(texts[row]) for row in beside.tolist()])
        letters = seen[np.searchsorted(beside, rows)]
    pairs = [*made.views.place(rows), letters]
    encoder = made.knowledge.encoder
    if encoder is not None:
        pairs.append(unit(encoder.encode([texts[row] for row in rows.tolist()])))
    return pd.DataFrame(
        {"view": VIEWS[: len(pairs)], "similarity": [_cosine(pair) for pair in pairs]}
    )


def _reason(made: Remade, pair: tuple[str, str], rows: NDArray[np.int64]) -> str:
    """Why they are where they are, without the last full stop."""
    now = tuple(made.issue_of[own] for own in pair)
    machine = tuple(made.machine_issue_of[own] for own in pair)
    one, other = (_named(made, own) for own in now)
    if _is_one(now):
        if rows[0] == rows[1]:
            return f"2つは同じことを述べた意見として数え、どちらも{one}に入っています"
        if not _is_one(machine):
            return f"機械は別の課題にしましたが、人の判断で、どちらも{one}に入っています"
        return f"{_common_ground(made, pair, machine[0])}、どちらも{one}に入っています"
    if _is_one(machine):
        return f"機械は同じ課題にしましたが、人の判断で、{one}と{other}に分かれています"
    names = [made.topic_of(own) for own in pair]
    if all(names) and names[0] != names[1]:
        why = f"概念辞書の見出しが「{names[0]}」と「{names[1]}」で違い、"
    elif all(names):
        why = f"概念辞書の見出し「{names[0]}」は同じですが、"
    else:
        why = ""
    if "" not in now:
        return f"{why}{one}と{other}に分かれています"
    if now == ("", ""):
        return f"{why}どちらも、どの課題にも入っていません"
    alone = "1つ目" if not now[0] else "2つ目"
    return (
        f"{why}{alone}の意見はどの課題にも入らず、もう1つは{one if now[0] else other}に入っています"
    )


def _common_ground(made: Remade, pair: tuple[str, str], machine: str) -> str:
    """What the machine put two opinions together by."""
    table = made.grouping.issues.table.set_index("issue_id")["headings"]
    headings = [own for own in str(table.get(machine, "")).split(BETWEEN) if own]
    names = [made.topic_of(own, headings) for own in pair]
    if not headings or not all(names):
        return "概念辞書の見出しからではなく、言葉の近さから"
    if names[0] == names[1]:
        return f"概念辞書の見出し「{names[0]}」が同じなので"
    return f"概念辞書の見出し「{names[0]}」と「{names[1]}」を1つにまとめた課題なので"


def _named(made: Remade, issue_id: str) -> str:
    return f"課題「{clean(made.titles.get(issue_id, ''))}」（{issue_id}）" if issue_id else ""


def _is_one(issues: tuple[str, ...]) -> bool:
    return issues[0] != "" and issues[0] == issues[1]


def _cosine(pair: NDArray[np.float64]) -> float:
    """Cosine of two rows; 0 where one has no length."""
    lengths = np.linalg.norm(pair, axis=1)
    if not lengths.all():
        return 0.0
    return round(float(pair[0] @ pair[1] / (lengths[0] * lengths[1])), DIGITS) + 0.0
