"""What a reviewer saw in a row, as the text that is kept beside what he or she decides."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from pipeline.review.columns import (
    SEEN_RESPONSE,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd


_AS_JSON = json.JSONEncoder(ensure_ascii=False).encode


SEEN_OF_ISSUE: Final = ("goal_id", "goal_id_2", "measure_id", "title", "status", "comment")
SEEN_OF_OPINION: Final = ("goal_id", "goal_id_2", "measure_id", "issue_id", "kind", "comment")


def seen_issue(row: Mapping[Hashable, Any], *, answered: bool = False) -> str:
    """What an issue was when the workbook was made, for the hidden column.

    Parameters
    ----------
    answered
        There is a column for what is answered, so that this is kept, too: at the end and
        with its name, so that workbooks of earlier versions are read alike.
    """
    voices = row["representative_opinion_ids"].split()
    further = [f"{SEEN_RESPONSE}{row['response']}"] if answered else []
    return _AS_JSON([*(row[name] for name in SEEN_OF_ISSUE), *voices, *further])


def seen_opinion(row: Mapping[Hashable, Any], *, answered: bool = False) -> str:
    """What an opinion was when the workbook was made, for the hidden column.

    Parameters
    ----------
    answered
        As for :func:`seen_issue`.
    """
    further = [f"{SEEN_RESPONSE}{row['response']}"] if answered else []
    return _AS_JSON([*(row[name] for name in SEEN_OF_OPINION), *further])


def seen_opinions(own: pd.DataFrame, *, answered: bool) -> list[str]:
    """:func:`seen_opinion` of every row; most rows look like many others."""
    names = (*SEEN_OF_OPINION, "response")
    made: dict[tuple[str, ...], str] = {}
    found = []
    for values in zip(*(own[name].tolist() for name in names), strict=True):
        if values not in made:
            row: dict[Hashable, str] = dict(zip(names, values, strict=True))
            made[values] = seen_opinion(row, answered=answered)
        found.append(made[values])
    return found
