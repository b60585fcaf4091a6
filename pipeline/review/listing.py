"""Which opinions and pieces the workbook lists where there are more than anybody can read.

Whoever reviews needs what stands for an issue, what people decided or hid, and what the
machine is least sure of; and a fair sample of the rest, so that a share that is found wrong
there holds for all. The sample is chosen by a hash of the id: not by what was said, not by
the order of rows, and the same every time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pipeline.decisions import MEMBERS
from pipeline.hashchoice import smallest_hashes
from pipeline.review.order import place_opinions, rank_issues

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

MOST_OPINIONS: Final = 20_000
"""Opinions that are listed: a choice, not a measurement. Who settles one in ten seconds needs
55 hours for as many."""

MOST_PIECES: Final = 20_000
"""Pieces that were set aside and are listed, for the same reason."""

DOUBTFUL: Final = 0.5
"""Share of the rows left for them that the most doubtful wordings get; the rest is a sample."""


class Listed(NamedTuple):
    """Opinions as their sheet lists them.

    Attributes
    ----------
    opinions
        Rows of the table with ``place`` (:func:`~pipeline.review.order.place_opinions`) and
        ``said`` (opinions of that wording, itself among them), by issue in the order of the
        sheet of issues, then by place and id.
    note
        What is listed and what is not, for the reader; empty where all are.
    """

    opinions: pd.DataFrame
    note: str


def list_opinions(tables: Mapping[str, pd.DataFrame], most: int = MOST_OPINIONS) -> Listed:
    """Choose the opinions that the workbook lists, and put them in their order.

    What stands for an issue and what a person decided, hid or brought back is always there.
    Of the rows that are left, half go to the wordings that the machine is least sure of and
    half to a sample of the others; a wording is listed once before any is listed twice.

    Parameters
    ----------
    tables
        ``opinions, issues, applied_decisions``.
    most
        Opinions that are listed where there are more.
    """
    issues, opinions = tables["issues"], tables["opinions"]
    place, said = place_opinions(opinions)
    kept, note = np.ones(len(opinions), dtype=bool), ""
    if len(opinions) > most:
        kept = _told(tables).to_numpy(dtype=bool, copy=True)
        n_told = int(kept.sum())
        room = max(most - n_told, 0)
        first = _first_of_wording(opinions["opinion_id"], place)
        doubtful = np.flatnonzero(first & ~kept)
        doubtful = doubtful[np.argsort(place[doubtful], kind="stable")][: int(DOUBTFUL * room)]
        kept[doubtful] = True
        sample = _by_hash(opinions["opinion_id"], ~kept, first, room - len(doubtful))
        kept[sample] = True
        note = (
            f"意見{len(opinions):,}件のうち{int(kept.sum()):,}件を載せています。"
            f"課題の代表的な声と、人が判断した・伏せた・戻した意見{n_told:,}件（すべて）、"
            f"機械の自信がないもの{len(doubtful):,}件（「確認の順」から、同じ文面は1件）、"
            f"内容を見ずに選んだもの{len(sample):,}件（意見番号のハッシュ値の順）です。"
            "載せていない意見は、これまでの判断か機械の案のとおりになります。すべての意見は tables/opinions.csv にあります。"
        )
    order = rank_issues(issues) | {"": len(issues) + 1}
    listed = opinions[kept].assign(place=place[kept], said=said[kept])
    listed = listed.assign(issue_place=listed["issue_id"].map(order))
    return Listed(listed.sort_values(["issue_place", "place", "opinion_id"]), note)


def list_pieces(set_aside: pd.DataFrame, most: int = MOST_PIECES) -> tuple[pd.DataFrame, str]:
    """Choose the pieces that the workbook lists; and what is not listed, as for opinions.

    Of every reason as large a share as of all, each at least once: a rule that sets aside
    what it should not is found by its reason.

    Parameters
    ----------
    set_aside
        The table of that name.
    """
    if len(set_aside) <= most:
        return set_aside, ""
    answers = set_aside["answer_id"].drop_duplicates()
    places = smallest_hashes(answers.tolist(), len(answers))
    hashed = dict(zip(answers.iloc[places], range(len(answers)), strict=True))
    ranked = set_aside.assign(hashed=set_aside["answer_id"].map(hashed)).sort_values(
        ["hashed", "start", "end"], kind="stable"
    )
    by_reason = ranked.groupby(["stage", "reason"], sort=True)
    number = by_reason.cumcount()
    size = by_reason["hashed"].transform("size")
    # Place of a piece among all if every reason were spread evenly; its first always counts.
    even = ((number + 0.5) / size).where(number > 0, 0.0)
    kept = even.sort_values(kind="stable").index[:most]
    note = (
        f"取り上げなかった部分{len(set_aside):,}件のうち{most:,}件を載せています。"
        "理由ごとに同じ割合で、内容を見ずに選びました（回答番号のハッシュ値の順）。"
        "すべては tables/set_aside.csv にあります。"
    )
    return set_aside.loc[set_aside.index.isin(kept)], note


def _told(tables: Mapping[str, pd.DataFrame]) -> pd.Series[bool]:
    """Opinions that stand for an issue, and those on which a person said something."""
    opinions, decided = tables["opinions"], tables["applied_decisions"]
    voices = " ".join(tables["issues"]["representative_opinion_ids"]).split()
    own = decided.loc[(decided["stands"] == 1) & (decided["field"] != MEMBERS), "applied_to"]
    named = opinions["opinion_id"].isin([*voices, *own.tolist()])
    # Copies of what was hidden are hidden, too: the wording is listed once.
    touched = (opinions["hidden"] == 1) | (opinions["comment"] != "")
    return named | (touched & (opinions["duplicate_of"] == "")) | (opinions["restored"] == 1)


def _first_of_wording(opinion_ids: pd.Series[str], place: NDArray[np.int64]) -> NDArray[np.bool_]:
    """The opinion of lowest id of every place."""
    rows = np.arange(len(place), dtype=np.int64)
    if not opinion_ids.is_monotonic_increasing:
        rows = rows[opinion_ids.argsort(kind="stable").to_numpy()]
    row_of = np.full(place.max(initial=0) + 1, -1)
    row_of[place[rows[::-1]]] = rows[::-1]  # of several the last that is put stays
    first = np.zeros(len(place), dtype=bool)
    first[row_of[row_of >= 0]] = True
    return first


def _by_hash(
    opinion_ids: pd.Series[str], free: NDArray[np.bool_], first: NDArray[np.bool_], most: int
) -> NDArray[np.int64]:
    """Rows of the smallest hashes; further opinions of a wording only after all wordings."""
    chosen: list[int] = []
    for group in (free & first, free & ~first):
        rows = np.flatnonzero(group)
        ids = opinion_ids.iloc[rows].tolist()
        chosen += rows[smallest_hashes(ids, most - len(chosen))].tolist()
    return np.array(sorted(chosen), dtype=np.int64)
