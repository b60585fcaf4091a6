"""What a person's column of labels holds: goals, measures, kinds, or names of groups.

Goals are known by what planners write: the plan's number (「4」), its name, both as the
workbook offers them, 「基本目標4」; several of which any is right, as 「1|4」.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from pipeline.normalize import fold
from pipeline.wording import NO_GOAL, OPINION_KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.plan import Plan

What = Literal["group", "goal", "measure", "kind"]

NAMES: Final[dict[What, str]] = {
    "group": "まとまり",
    "goal": "基本目標",
    "measure": "施策",
    "kind": "種類",
}
"""What a planner calls that which a column holds."""

NONE: Final = "0"
"""Label of what belongs to no goal or no measure, as in the rules of a plan."""

NONE_NAME: Final = "なし"

NEARLY_ALL: Final = 0.8
"""Share of readable cells from which a column was probably meant to be read."""

_NONE_WORDS: Final = frozenset(
    {
        fold(word)
        for word in (
            *(NONE, NONE_NAME, "無し", "無", "none", "対象外", "該当なし", "該当無し"),
            *("目標なし", "基本目標なし", "施策なし", "当てはまらない", "当てはまる目標なし"),
            *(NO_GOAL, "どの目標にも当てはまらない", "なし（どの目標にも当てはまらない）"),
        )
    }
)
_DASHES: Final = re.compile(r"[-‐‑‒–—―−ー]+")
_BETWEEN: Final = re.compile(r"[|;、,/\n]")
_TRAILING_ZERO: Final = re.compile(r"(\d+)\.0")
# Excel turns 「4-2」 into the second of April, in the year in which it was typed.
_DATE: Final = re.compile(r"(?:\d{4}-0?|)(\d{1,2})(?:-0?|月)(\d{1,2})(?:日|T00:00:00| 00:00:00|)")
_KIND_WORDS: Final = {
    "problem": ("課題", "問題点", "困りごと"),
    "request": ("要求", "希望", "提案"),
    "praise": ("評価", "良い点", "称賛", "賞賛"),
    "other": (),
}
_OTHER_KIND: Final = "other"


@dataclass(frozen=True)
class Vocabulary:
    """The labels that a column can hold.

    Attributes
    ----------
    names
        Label → name, in the order in which results show them.
    spellings
        Folded wording → label.
    numbered
        Words that may stand before a label (「基本目標4」); empty where labels are no
        numbers of a plan.
    saying_little
        Labels that, alone in a column, do not tell what it holds.
    """

    what: What
    names: Mapping[str, str]
    spellings: Mapping[str, str]
    numbered: tuple[str, ...]
    saying_little: frozenset[str]

    def read(self, cell: str) -> tuple[str, ...] | None:
        """Labels of one cell, none for an empty one; ``None`` where it cannot be read.

        Examples
        --------
        >>> KINDS.read("要望"), KINDS.read("problem|その他"), KINDS.read(""), KINDS.read("道路")
        (('request',), ('problem', 'other'), (), None)
        """
        text = unicodedata.normalize("NFKC", cell).strip()
        if not text:
            return ()
        whole = self._read_one(text)
        if whole is not None:
            return (whole,)
        found = [self._read_one(part) for part in _BETWEEN.split(text) if part.strip()]
        known = tuple(dict.fromkeys(label for label in found if label is not None))
        return known if found and None not in found else None

    def _read_one(self, text: str) -> str | None:
        text = text.strip()
        if (label := self.spellings.get(fold(text))) is not None and fold(text):
            return label
        if not self.numbered:
            return None
        if fold(text) in _NONE_WORDS or _DASHES.fullmatch(text):
            return NONE
        bare = re.sub(rf"^(?:{'|'.join(self.numbered)})\s*", "", text)
        if (zero := _TRAILING_ZERO.fullmatch(bare)) is not None:
            bare = zero[1]
        if self.what == "measure" and (date := _DATE.fullmatch(bare)) is not None:
            bare = f"{int(date[1])}-{int(date[2])}"
        return self._numbered(bare)

    def _numbered(self, text: str) -> str | None:
        """Label of a number of the plan, alone or with the name that belongs to it."""
        plain = re.sub(rf"(?<=\d){_DASHES.pattern}(?=\d)", "-", text)
        for label, name in self.names.items():
            # No digit and no dash may follow: 「1」 is not 「10」 and not 「1-2」.
            found = re.fullmatch(rf"{re.escape(label)}(?![\d-])(.*)", plain, re.DOTALL)
            if found and (not fold(found[1]) or fold(found[1]) == fold(name)):
                return label
        return None


@dataclass(frozen=True)
class LabelColumn:
    """One column of labels, read.

    Attributes
    ----------
    accepted
        Labels of every row, the first one first; empty where there is none. Groups have
        one, as it was written.
    empty_is_none
        Whether empty cells were read as :data:`NONE`.
    doubt
        Row and text of a cell for which alone, or with few others, the column was not
        taken for goals, measures or kinds.
    """

    name: str
    what: What
    accepted: tuple[tuple[str, ...], ...]
    empty_is_none: bool = False
    doubt: Doubt | None = None

    @property
    def several(self) -> bool:
        """Whether some row accepts several labels."""
        return any(len(labels) > 1 for labels in self.accepted)


@dataclass(frozen=True)
class Doubt:
    """Why a column that looks like goals, measures or kinds was compared as groups."""

    what: What
    n_unread: int
    row: int
    text: str


def _kind_vocabulary() -> Vocabulary:
    spellings = {
        fold(word): kind
        for kind, name in OPINION_KINDS.items()
        for word in (kind, name, *_KIND_WORDS[kind])
    }
    return Vocabulary("kind", OPINION_KINDS, spellings, (), frozenset({_OTHER_KIND}))


KINDS: Final = _kind_vocabulary()


def plan_vocabularies(plan: Plan) -> tuple[Vocabulary, Vocabulary]:
    """Goals and measures of a plan, each with :data:`NONE` first."""
    goals = {goal.id: goal.name for goal in plan.goals}
    measures = {measure.id: measure.name for goal in plan.goals for measure in goal.measures}
    return (
        _of_plan("goal", goals, ("基本目標", "目標")),
        _of_plan("measure", measures, ("施策",)),
    )


def read_column(
    name: str, cells: Sequence[str], numbers: Sequence[int], vocabularies: Sequence[Vocabulary]
) -> LabelColumn:
    """Find out what a column holds, and read it.

    It holds goals, measures or kinds if every cell that is not empty can be read as such,
    and some cell says more than 「なし」 or 「その他」. Otherwise its labels are names of groups.

    Parameters
    ----------
    cells, numbers
        Cells and their row numbers in the file.
    """
    filled = [cell for cell in cells if cell.strip()]
    doubt = None
    for vocabulary in vocabularies:
        read = [vocabulary.read(cell) for cell in cells]
        known = [labels for labels in read if labels]
        if not any(set(labels) - vocabulary.saying_little for labels in known):
            continue
        if len(known) == len(filled):
            return _read(name, vocabulary, read)
        if doubt is None and len(known) >= NEARLY_ALL * len(filled):
            first = read.index(None)
            doubt = Doubt(
                vocabulary.what, len(filled) - len(known), numbers[first], cells[first].strip()
            )
    return read_as_groups(name, cells, doubt)


def read_as_groups(name: str, cells: Sequence[str], doubt: Doubt | None = None) -> LabelColumn:
    """Take labels for names of groups, as they are written."""
    groups = tuple((cell.strip(),) if cell.strip() else () for cell in cells)
    return LabelColumn(name, "group", groups, doubt=doubt)


def read_column_as(name: str, cells: Sequence[str], vocabulary: Vocabulary) -> LabelColumn | int:
    """Read a column of which a person said what it holds.

    Returns
    -------
    LabelColumn or int
        The place of the first cell that cannot be read, where there is one.
    """
    read = [vocabulary.read(cell) for cell in cells]
    return read.index(None) if None in read else _read(name, vocabulary, read)


def _read(name: str, vocabulary: Vocabulary, read: Sequence[tuple[str, ...] | None]) -> LabelColumn:
    """Give empty cells their meaning.

    *Rationale.* Kadai itself writes an empty goal where there is none, and so do people who
    copy its columns. Who writes 「0」 or 「なし」 for none has not yet looked at the rows that
    are empty. An empty measure is no statement: under a goal there may be none that fits.
    """
    empty_is_none = vocabulary.what == "goal" and not any(NONE in (one or ()) for one in read)
    blank = (NONE,) if empty_is_none else ()
    return LabelColumn(
        name,
        vocabulary.what,
        tuple(labels or blank for labels in read),
        empty_is_none=empty_is_none and () in read,
    )


def _of_plan(what: What, names: Mapping[str, str], numbered: tuple[str, ...]) -> Vocabulary:
    return Vocabulary(
        what,
        {NONE: NONE_NAME, **names},
        {fold(name): label for label, name in names.items() if fold(name)},
        numbered,
        frozenset({NONE}),
    )
