"""``SCALING.md`` from the results: ``python -m tests.benchmarks.scale.paper``."""

from __future__ import annotations

import argparse
import json
from math import expm1
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from jinja2 import Environment, StrictUndefined

from tests.benchmarks.scale.picture import draw
from tests.benchmarks.scale.results import HERE, ROOT, Pair, Summary, about, summaries
from tests.benchmarks.scale.tables import markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

PICTURE: Final = "docs/images/scaling.svg"
LEAST: Final = 10_000
"""Answers of the smaller of the two surveys whose difference is looked at."""

MANY: Final = 100_000_000
CORES: Final = (2, 16, 64, 256, 1024)
CLUSTER: Final = 256
_MACHINE: Final = 16  # cores of one machine of the cluster
_KEY: Final = 16  # bytes of a hash and a count
_ID_BITS: Final = 60
_OFFICE: Final = 16e9  # bytes of memory of an office computer
_DISK: Final = 200e6  # bytes a second that one disk takes
_UNKNOWN: Final = "…"


class Rates(NamedTuple):
    """What one more opinion costs, between two surveys.

    Attributes
    ----------
    raw, wall, cpu
        Seconds of SudachiPy on one core, of Kadai by the clock, of its processors.
    memory, disk
        Bytes.
    processors
        Cores that were used at most.
    """

    raw: float
    wall: float
    cpu: float
    memory: float
    disk: float
    processors: int

    @property
    def parallel(self) -> float:
        """Processor seconds that all cores share: from wall = s + p/N and cpu = s + p."""
        shared = (self.cpu - self.wall) * self.processors / max(1, self.processors - 1)
        return min(self.cpu, max(0.0, shared))

    @property
    def serial(self) -> float:
        """Seconds of one process while the other cores wait."""
        return self.cpu - self.parallel

    def hours(self, cores: int) -> float:
        """For :data:`MANY` opinions."""
        return MANY * (self.serial + self.parallel / cores) / 3600


def rates(
    before: Summary, after: Summary, megabytes: tuple[float, float], processors: int
) -> Rates:
    """Difference of two surveys, for every opinion that one has more."""
    more = after.n_opinions - before.n_opinions
    return Rates(
        raw=(after.raw.median - before.raw.median) / more,
        wall=(after.seconds.median - before.seconds.median) / more,
        cpu=(after.cpu.median - before.cpu.median) / more,
        memory=(after.peak_mb.median - before.peak_mb.median) * 2**20 / more,
        disk=(megabytes[1] - megabytes[0]) * 1e6 / more,
        processors=processors,
    )


def write_paper(pairs: Sequence[Pair], machine: dict[str, Any], folder: Path = ROOT) -> None:
    """Write ``SCALING.md`` and its picture."""
    found = summaries(list(pairs))
    if any(own.corpus == "distinct" for own in found):
        (folder / PICTURE).write_text(draw(found), encoding="utf-8")
    (folder / "SCALING.md").write_text(paper(pairs, machine), encoding="utf-8")


def paper(pairs: Sequence[Pair], machine: dict[str, Any]) -> str:
    """Text of ``SCALING.md``; figures that cannot be known yet are “…”."""
    found = summaries(list(pairs))
    distinct = [own for own in found if own.corpus == "distinct" and own.size >= LEAST]
    known = None
    if len(distinct) >= 2:
        before, after = distinct[-2:]
        sizes = tuple(
            next(
                pair.counts["megabytes"]
                for pair in pairs
                if (pair.corpus, pair.size) == (own.corpus, own.size)
            )
            for own in (before, after)
        )
        known = rates(before, after, (sizes[0], sizes[1]), machine["processors"])
    template = Path(__file__).with_name("SCALING.md.j2").read_text(encoding="utf-8")
    disk_gb = known.disk * MANY / 1e9 if known else None
    text = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)
    return text.from_string(template).render(
        given=_given(distinct, machine) if known else None,
        least=LEAST,
        picture=PICTURE,
        table=markdown(found, machine).strip() if found else "",
        v=_values(known, found),
        scaled=[
            (
                cores,
                _number(known.hours(cores) if known else None),
                _number(MANY * known.cpu / cores / 3600 if known else None),
            )
            for cores in CORES
        ],
        keys_gb=_number(MANY * _KEY / 1e9),
        wordings_gb=_number(MANY * _KEY / 1e9),
        wordings_copies_gb=_number(MANY * _KEY * 0.06 / 1e9),
        collision=_share(collision(MANY)),
        collision_billion=_share(collision(10 * MANY)),
        disk_gb=_number(disk_gb),
        text_gb=_number(_text_bytes(pairs) * MANY / 1e9 if pairs else None),
        writer_min=_number(disk_gb * 1e9 / _DISK / 60 if disk_gb else None),
        cluster={
            "cores": CLUSTER,
            "machines": CLUSTER // _MACHINE,
            "hours": _number(MANY * known.cpu / CLUSTER / 3600 if known else None),
            "keys_mb": _number(2 * MANY * _KEY / (CLUSTER // _MACHINE) / 1e6),
            "shuffle_gb": _number(
                (2 * MANY * _KEY + MANY * _text_bytes(pairs)) / 1e9 if pairs else None
            ),
        },
    )


def collision(count: int) -> float:
    """Chance that any two of so many ids are alike (the birthday problem)."""
    return -expm1(-(count**2) / 2 / 2**_ID_BITS)


def _given(distinct: Sequence[Summary], machine: dict[str, Any]) -> dict[str, Any]:
    before, after = distinct[-2:]
    return {
        "before": f"{before.size:,}",
        "n": f"{after.size:,}",
        "provisional": after.size < 1_000_000,
        "code": machine["code"],
        "machine": f"{machine['processors']} cores, {machine['memory_mb'] / 1024:.0f} GB, "
        f"Python {machine['python']}",
    }


def _values(known: Rates | None, found: Sequence[Summary]) -> dict[str, str]:
    """Figures of the first table."""
    values: dict[str, float | None] = {}
    for name in ("raw", "cpu", "wall", "parallel", "serial"):
        own = getattr(known, name) if known else None
        values[f"{name}_us"] = own * 1e6 if own is not None else None
        values[f"{name}_h"] = own * MANY / 3600 if own is not None else None
    for name in ("memory", "disk"):
        own = getattr(known, name) if known else None
        values[f"{name}_b"] = own
        values[f"{name}_gb"] = own * MANY / 1e9 if own is not None else None
    shown = {name: _number(value) for name, value in values.items()}
    end = _number(_OFFICE / known.memory) if known and known.memory > 0 else _UNKNOWN
    return shown | {"memory_end": end, "copies": _copies(found)}


def _copies(found: Sequence[Summary]) -> str:
    """Seconds of the largest copy-heavy survey by those of the distinct one as large."""
    seconds = {(own.corpus, own.size): own.seconds.median for own in found}
    both = [
        size for corpus, size in seconds if corpus == "copies" and ("distinct", size) in seconds
    ]
    if not both:
        return _UNKNOWN
    size = max(both)
    return _share(seconds["copies", size] / seconds["distinct", size])


def _text_bytes(pairs: Sequence[Pair]) -> float:
    """Bytes of one answer in a CSV: three a character, and its number and attributes."""
    largest = max(pairs, key=lambda pair: pair.size)
    return 3 * largest.raw["characters"] / largest.raw["n_texts"] + 40


def _number(value: float | None) -> str:
    """Two digits that count, no more: these are estimates."""
    if value is None:
        return _UNKNOWN
    return f"{float(f'{value:.2g}'):,.{0 if abs(value) >= 9.5 else 2}f}"


def _share(value: float) -> str:
    return f"{value * 100:.2g} %"


def main() -> None:
    """Write it from the results of a folder."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.scale.paper")
    parser.add_argument("--folder", type=Path, default=HERE, help="where results.json is")
    parser.add_argument("--into", type=Path, default=ROOT)
    told = parser.parse_args()
    file = told.folder / "results.json"
    held: dict[str, Any] = {"about": about(), "pairs": []}
    if file.is_file():
        held = json.loads(file.read_text(encoding="utf-8"))
    write_paper([Pair(**own) for own in held["pairs"]], held["about"], told.into)


if __name__ == "__main__":
    main()
