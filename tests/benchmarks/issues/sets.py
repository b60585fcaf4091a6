"""The labelled sets: rows of people's own grouping, read from beside the repository."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "benchmarks"
SUBSET = 3000
"""Rows of a large set that the slow methods are run on."""


@dataclass(frozen=True)
class Labelled:
    """Texts and what people made of them.

    Attributes
    ----------
    gold
        Coder → label of every text.
    slow
        Whether the methods that need much time are run on it too.
    """

    name: str
    note: str
    texts: list[str]
    gold: dict[str, list[str]]
    slow: bool = True

    @property
    def number(self) -> int:
        """True number of groups: the first coder's."""
        return len(set(next(iter(self.gold.values()))))


def sabae() -> list[Labelled]:
    """Short answers of residents, grouped into issues by two people."""
    rows = _rows("sabae_issues_dev.csv")
    gold = {coder: [row[f"issue_{coder}"] for row in rows] for coder in ("a", "b")}
    note = "residents' answers, issues by two coders (a / b)"
    return [Labelled("sabae", note, _texts(rows), gold)]


def env31() -> list[Labelled]:
    """Public comments under the ministry's own headings, those with five or more."""
    rows = _rows("env_pubcomment2025_official_groups.csv")
    size = Counter(row["label"] for row in rows)
    rows = [row for row in rows if size[row["label"]] >= 5]
    note = "public comments, the ministry's headings with five or more comments"
    return [Labelled("env31", note, _texts(rows), {"": [row["label"] for row in rows]})]


def otaru() -> list[Labelled]:
    """Budget items of one city under the six pillars of its plan.

    Two years repeat items: the first row of each item is taken. One pillar is
    written in two ways (with a numeral behind it in one year); what stands under
    「その他」 has no pillar.
    """
    rows = [
        row
        for row in _rows("otaru_ibaraki_items_plan_goals.csv")
        if row["municipality"] == "小樽市" and not row["label_goal"].startswith("その他")
    ]
    first: dict[str, dict[str, str]] = {}
    for row in rows:
        first.setdefault(row["item"], row)
    rows = list(first.values())
    gold = [row["label_goal"].rstrip("ⅠⅡⅢⅣⅤⅥ") for row in rows]
    return [
        Labelled("otaru", "budget items, six pillars of the city's plan", _texts(rows), {"": gold})
    ]


def ntcir14() -> list[Labelled]:
    """Sentences of assemblies under fourteen topics.

    Only rows that most annotators call relevant: the others were merely found by
    the topic's search words, so that their label says nothing. The subset has the
    smallest hashes of the wording.
    """
    rows = [
        row
        for row in _rows("ntcir14_assembly_utterances_14topics.csv")
        if row["relevant_majority"] == "1"
    ]
    some = sorted(rows, key=lambda row: hashlib.sha256(row["text"].encode()).digest())[:SUBSET]
    note = "assembly sentences that most annotators call relevant, fourteen topics"
    return [
        Labelled(
            f"ntcir14, {len(own)} rows",
            note,
            _texts(own),
            {"": [r["label_topic"] for r in own]},
            slow,
        )
        for own, slow in ((some, True), (rows, False))
    ]


SETS = {maker.__name__: maker for maker in (sabae, env31, otaru, ntcir14)}


def _rows(name: str) -> list[dict[str, str]]:
    path = DATA / name
    if not path.is_file():
        raise FileNotFoundError(f"{name} is not in shared/data/benchmarks beside the repository.")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _texts(rows: list[dict[str, str]]) -> list[str]:
    return [row["text"] for row in rows]
