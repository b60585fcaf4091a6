"""Two or more waves of one survey: step by step, from first to last, and as lines."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.comparison.change import Comparison, common_unit, compare_runs
from pipeline.comparison.notes import remarks
from pipeline.errors import UsageError
from pipeline.wording import GONE, GROWN, KEPT, NEW, REJECTED, SAME_VOICES, SHRUNK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.comparison.judging import Change, Side
    from pipeline.comparison.profile import Profile

LINES: Final = 8
"""Issues that are drawn as lines: more cannot be told apart."""

ENOUGH: Final = 3
"""Changes that can be claimed from which no others are drawn beside them."""

SMALLEST_DRAWN: Final = 10
"""People (in one wave, at least) behind an issue that is drawn without a change to claim."""


class Line(NamedTuple):
    """One issue through all waves.

    Attributes
    ----------
    issue_id
        Of the last wave; of the first where the issue is gone.
    sides
        One a wave; ``None`` where nothing could be counted.
    change
        From the first wave to the last.
    """

    issue_id: str
    title: str
    sides: tuple[Side | None, ...]
    change: Change


class Waves(NamedTuple):
    """Runs in the order of their time, compared.

    Attributes
    ----------
    names
        What each wave is called, told apart.
    steps
        Each wave with the next one.
    overall
        The first with the last; the same as the only step where there are two.
    lines
        Issues with most change, at most :data:`LINES`.
    """

    names: tuple[str, ...]
    profiles: tuple[Profile, ...]
    unit: str
    steps: tuple[Comparison, ...]
    overall: Comparison
    lines: tuple[Line, ...]

    @property
    def remarks(self) -> tuple[str, ...]:
        """What makes the first and the last wave hard to compare."""
        return remarks(self.profiles[0], self.profiles[-1], self.unit)

    @property
    def step_remarks(self) -> tuple[tuple[str, ...], ...]:
        """What makes each wave hard to compare with the next one."""
        return tuple(remarks(old, new, self.unit) for old, new in itertools.pairwise(self.profiles))

    @property
    def shares_voices(self) -> bool:
        """Whether two waves that are compared were made of the same answers."""
        return any(SAME_VOICES in told for told in (self.remarks, *self.step_remarks))


def check_enough(waves: Sequence[object]) -> None:
    """Say before the work that there is nothing to compare with.

    Raises
    ------
    UsageError
        There are not two.
    """
    if len(waves) < 2:
        raise UsageError(
            "比べるものが1つだけです。",
            remedy="前の結果と今の結果のように、古い順に2つ以上指定してください。",
        )


def compare_waves(profiles: Sequence[Profile]) -> Waves:
    """Compare two or more runs.

    Parameters
    ----------
    profiles
        In the order of their time.

    Raises
    ------
    UsageError
        There are not two, or two neighbours are the same run.
    """
    check_enough(profiles)
    pairs = list(itertools.pairwise(profiles))
    for number, (old, new) in enumerate(pairs, start=1):
        if old.run_id == new.run_id:
            raise UsageError(
                f"{number}つ目と{number + 1}つ目は、同じ結果です（実行番号 {new.run_id}）。",
                remedy="前回と今回の、別の結果を、古い順に指定してください。",
            )
    unit = common_unit(profiles)
    steps = tuple(compare_runs(old, new, unit) for old, new in pairs)
    first, last = profiles[0], profiles[-1]
    overall = steps[0] if len(steps) == 1 else compare_runs(first, last, unit)
    from_first = [compare_runs(first, own, unit) for own in profiles[1:-1]]
    to_last = [compare_runs(own, last, unit) for own in profiles[1:-1]]
    lines = tuple(_line(own, from_first, to_last) for own in _most_changed(overall))
    return Waves(_told_apart(profiles), tuple(profiles), unit, steps, overall, lines)


def _most_changed(overall: Comparison) -> list[Change]:
    """Changes that can be claimed; then the largest of those that cannot, if there is room.

    Issues that people rejected are not drawn.
    """
    valid = [own for own in overall.changes if own.status != REJECTED]
    claimed = [own for own in valid if own.kind in {NEW, GROWN, SHRUNK, GONE}]
    others = [
        own
        for own in valid
        if own.kind == KEPT
        and own.issue_id
        and own.previous_issue_id
        and max(side.n for side in (own.old, own.new) if side) >= SMALLEST_DRAWN
    ]
    return [*claimed, *(others if len(claimed) < ENOUGH else [])][:LINES]


def _line(change: Change, from_first: Sequence[Comparison], to_last: Sequence[Comparison]) -> Line:
    """Look an issue up in the waves between: by the last wave, or by the first where it is gone."""
    between: list[Side | None] = []
    for before, after in zip(from_first, to_last, strict=True):
        if change.issue_id:
            found = [own.old for own in after.changes if own.issue_id == change.issue_id]
        else:
            own_id = change.previous_issue_id
            found = [own.new for own in before.changes if own.previous_issue_id == own_id]
        between.append(found[0] if found else None)
    return Line(
        change.issue_id or change.previous_issue_id,
        change.title or change.previous_title,
        (change.old, *between, change.new),
        change,
    )


def _told_apart(profiles: Sequence[Profile]) -> tuple[str, ...]:
    """Titles; numbered where two are the same."""
    titles = [own.title for own in profiles]
    return tuple(
        f"{title}（{number}回目）" if titles.count(title) > 1 else title
        for number, title in enumerate(titles, start=1)
    )
