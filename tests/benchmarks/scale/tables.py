"""The results as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.benchmarks.scale.results import exponent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.scale.results import Spread, Summary

RATIOS: Final = {10_000: 8.0, 100_000: 4.0, 1_000_000: 3.0}
"""Answers → most seconds of the whole process by seconds of SudachiPy alone."""

MEMORY_MB: Final = {100_000: 1536.0, 1_000_000: 3072.0}
"""Answers → most memory of all processes."""

EXPONENT: Final = 1.05
COPIES: Final = 1 / 3
"""Most seconds of a copy-heavy survey by those of a distinct one of the same size."""

_HEAD: Final = (
    "| survey | answers | opinions | runs | floor s | Kadai s | CPU s | ratio to the floor "
    "| of CPU s | opinions/s | peak MB, all processes | largest process MB |\n"
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
)


def markdown(found: Sequence[Summary], about: dict[str, Any]) -> str:
    """Surveys, stages and targets."""
    packages = ", ".join(f"{name} {number}" for name, number in about["packages"].items())
    head = (
        f"{about['processors']} processors, {about['memory_mb'] / 1024:.0f} GB, "
        f"{about['machine']}, Python {about['python']}, {packages}; code {about['code']}.\n\n"
        "Median (least–most). *Floor*: SudachiPy, mode A, one core, the loop alone, the same "
        "texts, measured right before the run it is compared with. *Kadai*: the whole process, "
        "start-up, workbook and report included. Memory: the sum of Pss over all processes, "
        "looked at every 0.1 s or, so that looking takes at most 2 % of the time, more rarely.\n"
    )
    lines = [_line(own) for own in found]
    return "\n".join([head, _HEAD, *lines, "", stages(found), "", targets(found), ""])


def stages(found: Sequence[Summary]) -> str:
    """Median seconds of every stage, by Kadai's own clock; what is no stage is start-up."""
    names = list(dict.fromkeys(name for own in found for name in own.stages))
    head = "| stage, s | " + " | ".join(f"{own.corpus} {own.size:,}" for own in found) + " |"
    rule = "|---|" + "--:|" * len(found)
    lines = [
        f"| {name} | " + " | ".join(f"{own.stages.get(name, 0.0):.2f}" for own in found) + " |"
        for name in names
    ]
    rest = " | ".join(f"{own.seconds.median - sum(own.stages.values()):.2f}" for own in found)
    return "\n".join([head, rule, *lines, f"| no stage (start, imports, end) | {rest} |"])


def targets(found: Sequence[Summary]) -> str:
    """What was aimed at, and whether it was reached."""
    lines = ["| aim | at most | measured | |", "|---|--:|--:|---|"]
    distinct = {own.size: own for own in found if own.corpus == "distinct"}
    for size, own in distinct.items():
        if size in RATIOS:
            lines.append(_aim(f"ratio to the floor, {size:,}", RATIOS[size], own.ratio.median))
        if size in MEMORY_MB:
            lines.append(_aim(f"peak MB, {size:,}", MEMORY_MB[size], own.peak_mb.most))
    if grown := exponent(list(found)):
        lines.append(_aim(f"growth exponent (floor {grown[1]:.3f})", EXPONENT, grown[0]))
    for own in found:
        if own.corpus == "copies" and own.size in distinct:
            part = own.seconds.median / distinct[own.size].seconds.median
            lines.append(_aim(f"copy-heavy by distinct, {own.size:,}", COPIES, part))
    return "\n".join(lines)


def _aim(what: str, most: float, measured: float) -> str:
    reached = "reached" if measured <= most else "**missed**"
    digits = 0 if most > 100 else 2
    return f"| {what} | {most:,.{digits}f} | {measured:,.{digits}f} | {reached} |"


def _line(own: Summary) -> str:
    cells = [
        own.corpus,
        f"{own.size:,}",
        f"{own.n_opinions:,}",
        str(own.n_runs),
        _spread(own.raw, 2),
        _spread(own.seconds, 1),
        _spread(own.cpu, 1),
        _spread(own.ratio, 1),
        _spread(own.cpu_ratio, 1),
        f"{own.per_second:,.0f}",
        _spread(own.peak_mb, 0),
        _spread(own.largest_mb, 0),
    ]
    return f"| {' | '.join(cells)} |"


def _spread(own: Spread, digits: int) -> str:
    middle, least, most = (f"{value:,.{digits}f}" for value in own)
    return middle if least == most else f"{middle} ({least}–{most})"
