"""A word in its context (KWIC) over all opinions of a run, as coders look words up.

Lines are cut out of the masked texts as they stand. A wording that many sent is one line.
What people are (年代, 地区) never stands beside a voice here: only where it was said.

References
----------
Luhn (1960), Key word-in-context index for technical literature, American Documentation 11(4).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from pipeline.errors import UsageError
from pipeline.report.kwic import cut_line
from pipeline.wording import clean
from pipeline.wordviews.places import find_places, longer_words, nothing_found, wanted_word
from pipeline.wordviews.voices import load_voices

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.wordviews.places import Place, Wanted
    from pipeline.wordviews.voices import Voices

CONTEXT: Final = 20
"""Characters on either side of the word."""

SORTS: Final = ("after", "before", "issue")

COLUMNS: Final = (
    "opinion_id", "before", "word", "after", "n_opinions", "issue_id", "title", "goal_id",
)  # fmt: skip

_SPACE: Final = re.compile(r"\s+")


@dataclass(frozen=True, eq=False)
class Kwic:
    """Where a word stands.

    Attributes
    ----------
    word
        As it was asked for.
    normal
        Its normalized form, which all forms share.
    lines
        :data:`COLUMNS`; ``n_opinions`` are those of the same wording.
    forms
        ``form, n``: how it is written, and in how many places.
    inside
        ``form, n``: longer words that hold it and are not counted.
    n_opinions, n_distinct, n_people, n_places
        Opinions with the word, their wordings, those who said them (an answer whose speaker is
        unknown counts as one person), and places.
    """

    word: str
    normal: str
    lines: pd.DataFrame
    forms: pd.DataFrame
    inside: pd.DataFrame
    n_opinions: int
    n_distinct: int
    n_people: int
    n_places: int


@dataclass(frozen=True, eq=False)
class Met:
    """Opinions that are asked about, and where the word stands in them."""

    wanted: Wanted
    voices: Voices
    places: list[Place]

    @property
    def opinions(self) -> pd.DataFrame:
        """Rows that have the word, once each."""
        return self.voices.opinions.loc[sorted({place.row for place in self.places})]


def meet(run: Path, word: str, issues: Sequence[str] = (), goal: str = "") -> Met:
    """Look a word up.

    Raises
    ------
    UsageError
        The word, an issue or the goal is not there; what is written like it is named.
    InputError
        The run cannot be read.
    """
    wanted = wanted_word(word)
    voices = load_voices(run).narrowed(issues, goal)
    places = find_places(wanted, voices.texts, voices.tokens)
    if not places:
        raise nothing_found(wanted, voices.tokens)
    return Met(wanted, voices, places)


def find_word(
    run: Path,
    word: str,
    *,
    width: int = CONTEXT,
    sort: str = "after",
    issues: Sequence[str] = (),
    goal: str = "",
    limit: int | None = None,
) -> Kwic:
    """Show a word where it stands.

    Parameters
    ----------
    run
        Run folder.
    word
        One word or several that follow each other. Every form with the same normalized form is
        met, and the word as it is written.
    width
        Characters on either side.
    sort
        ``after`` or ``before``: by what stands behind the word, or by what stands before it,
        from the word outwards, so that the same uses stand together; ``issue``.
    issues, goal
        Only opinions of these issues, or under this goal (``0``: under none).
    limit
        Lines at most.

    Raises
    ------
    UsageError
        The word, an issue, the goal or the order is not there, or the limit is below 0.
    InputError
        The run cannot be read.
    """
    if sort not in SORTS:
        raise UsageError(
            f"並べかた「{sort}」はありません。",
            remedy=f"{'、'.join(SORTS)} のどれかにしてください。",
        )
    if limit is not None and limit < 0:
        raise UsageError(
            f"行の数 {limit} は指定できません。", remedy="limit に 0 以上の数を指定してください。"
        )
    met = meet(run, word, issues, goal)
    opinions = met.opinions
    texts = met.voices.texts
    written = Counter(
        clean(_SPACE.sub(" ", texts[own.row][own.start : own.end])) for own in met.places
    )
    return Kwic(
        word=met.wanted.written,
        normal="".join(met.wanted.forms),
        lines=_sorted(_lines(met, width), sort)[:limit].reset_index(drop=True),
        forms=_counted(sorted(written.items(), key=lambda own: (-own[1], own[0]))),
        inside=_counted(longer_words(met.wanted, met.voices.tokens, met.places)),
        n_opinions=len(opinions),
        n_distinct=opinions["stands_for"].nunique(),
        n_people=opinions["speaker"].nunique(),
        n_places=len(met.places),
    )


def _lines(met: Met, width: int) -> pd.DataFrame:
    """Every place of the first opinion of every wording."""
    opinions = met.opinions
    first = opinions.drop_duplicates("stands_for")
    same = opinions["stands_for"].value_counts().to_dict()
    of_row = dict(zip(first.index.tolist(), first.to_dict("records"), strict=True))
    rows = []
    for place in met.places:
        own = of_row.get(place.row)
        if own is None:
            continue
        line = cut_line(own["text"], place.start, place.end, width)
        before, word, after = (clean(_SPACE.sub(" ", part)) for part in line)
        title = clean(met.voices.titles.get(own["issue_id"], ""))
        n_same = same[own["stands_for"]]
        rows.append(
            (own["opinion_id"], before, word, after, n_same, own["issue_id"], title, own["goal_id"])
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _sorted(lines: pd.DataFrame, sort: str) -> pd.DataFrame:
    keyed = lines.assign(outwards=[own[::-1] for own in lines["before"]])
    order = {
        "after": ["after", "outwards"],
        "before": ["outwards", "after"],
        "issue": ["issue_id", "after", "outwards"],
    }[sort]
    return keyed.sort_values([*order, "opinion_id"], kind="stable").drop(columns="outwards")


def _counted(pairs: Sequence[tuple[str, int]]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["form", "n"])
