"""What voices can be searched by: goal, kind, source, status, attributes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.plan import NO_GOAL as NO_GOAL_ID
from pipeline.report.charts import kinds_in_order
from pipeline.report.voices import Label
from pipeline.wording import ISSUE_STATUSES, NO_GOAL, OPINION_KINDS, clean, source_kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

NOT_JUDGED = "-"
"""Value of the choice for issues that nobody judged, and for voices in no issue."""


@dataclass(frozen=True)
class Choice:
    """One list to choose from.

    Attributes
    ----------
    name
        ``goal``, ``kind``, ``source``, ``status``, or ``attribute`` and its number.
    label
        What a reader calls it.
    options
        Value in the page and its label.
    """

    name: str
    label: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Search:
    """Lists to choose from, and how many of all wordings the page holds.

    Attributes
    ----------
    n_wordings
        Distinct wordings of the run.
    limit
        Most voices of one issue that the page holds; 0 for all.
    """

    choices: tuple[Choice, ...]
    n_wordings: int
    limit: int


def build_search(
    opinions: pd.DataFrame,
    issues: pd.DataFrame,
    labels: Mapping[str, str],
    attributes: tuple[Choice, ...],
    limit: int,
) -> Search:
    """Offer what there is to choose from; a list with one entry is no choice.

    Parameters
    ----------
    opinions
        With ``source_kind``.
    issues
        ``status``.
    labels
        Goal id → label, in the plan's order.
    attributes
        Of :func:`label_voices`.
    limit
        Most voices of one issue; 0 for all.
    """
    kinds = set(opinions["kind"].unique().tolist())
    sources = set(opinions["source_kind"].unique().tolist())
    judged = set(issues["status"])
    choices = (
        Choice("goal", "基本目標", (*labels.items(), (NO_GOAL_ID, NO_GOAL))),
        Choice(
            "kind", "種類", tuple((own, own) for key, own in OPINION_KINDS.items() if key in kinds)
        ),
        Choice(
            "source",
            "情報源",
            tuple((own, source_kind(own)) for own in kinds_in_order(sources)),
        ),
        Choice(
            "status",
            "課題の判定",
            (
                *((own, own) for own in ISSUE_STATUSES if own in judged),
                (NOT_JUDGED, "まだ・課題の外"),
            ),
        ),
        *attributes,
    )
    return Search(
        choices=tuple(own for own in choices if len(own.options) > 1),
        n_wordings=int((opinions["duplicate_of"] == "").sum()),
        limit=limit,
    )


def label_voices(
    safe: Mapping[str, Iterable[tuple[str, str]]], order: Mapping[str, Iterable[str]]
) -> tuple[dict[str, tuple[Label, ...]], tuple[Choice, ...]]:
    """Give what may be said of who spoke a short key for the page.

    Parameters
    ----------
    safe
        Opinion → attribute and value, of :func:`pipeline.disclosure.safe_labels`.
    order
        Attribute → its values in the order of its table.

    Returns
    -------
    tuple
        Opinion → its labels; and one choice an attribute that any voice shows.
    """
    # Few different labels stand beside many voices.
    alike = {tuple(pairs) for pairs in safe.values()}
    present = {pair for pairs in alike for pair in pairs}
    keys: dict[tuple[str, str], Label] = {}
    choices = []
    for number, (attribute, values) in enumerate(order.items()):
        options = []
        for place, value in enumerate(values):
            if (attribute, value) in present:
                key = f"{number}.{place}"
                keys[attribute, value] = Label(key, clean(value))
                options.append((key, clean(value)))
        if options:
            choices.append(Choice(f"attribute{number}", clean(attribute), tuple(options)))
    labels = {pairs: tuple(keys[pair] for pair in pairs if pair in keys) for pairs in alike}
    return {own: labels[tuple(pairs)] for own, pairs in safe.items()}, tuple(choices)
