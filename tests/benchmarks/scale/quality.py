"""Is a bounded sample enough? ``python -m tests.benchmarks.scale.quality``.

Labelled rows are inflated: some of their nouns, verbs and adjectives become others of
their kind from rows of the same label, so that the label stays. Kadai groups them with
issues made of its usual number of distinct rows and everything else assigned, and with
issues made of all distinct rows, as many as memory allows: average linkage holds every
pair (8 bytes each, some copies), 20,000 rows are about 2 GB a copy, 200,000 would be
160 GB. The large set is therefore held against what fitting on all gives for its first
rows, on those rows, and against its own smaller self.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING, Final

from sklearn.metrics import adjusted_rand_score

from pipeline.grouping import MOST_FITTED
from tests.benchmarks.issues.sets import SETS, Labelled
from tests.benchmarks.scale.corpus import Resampler
from tests.benchmarks.scale.processes import run_watched
from tests.benchmarks.scale.results import HERE, ROOT, about

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

AIM: Final = 0.02
"""Most ARI that assigning may lose."""

_TRIES: Final = 20
_HEAD: Final = (
    "| set | words changed | rows | fitted | scored on the first | ARI | against all fitted "
    "| issues | alone % | s | MB |\n"
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
)


@dataclass(frozen=True)
class Score:
    """One grouping.

    Attributes
    ----------
    fitted
        Distinct rows that issues are made from.
    on
        Rows of the score: the first of them.
    """

    labelled: str
    share: float
    rows: int
    fitted: int
    on: int
    ari: float
    issues: int
    alone: float
    seconds: float
    peak_mb: float


def main() -> None:
    """Inflate, group, score, print."""
    told = _arguments()
    scores: list[Score] = []
    for name in told.sets:
        labelled = next(iter(SETS[name]()))
        for share in told.shares:
            texts, sources = inflate(labelled, told.rows, share)
            gold = [[own[row] for row in sources] for own in labelled.gold.values()]
            runs = [(told.all, told.fitted), (told.all, told.all), (told.rows, told.fitted)]
            for rows, fitted in dict.fromkeys(runs):
                labels, seconds, peak = _group(texts[:rows], fitted)
                for on in sorted({told.all, rows}):
                    score = Score(
                        labelled=name, share=share, rows=rows, fitted=fitted, on=on,
                        ari=mean(_ari(coder[:on], labels[:on]) for coder in gold),
                        issues=len(set(labels) - {""}), alone=labels.count("") / rows,
                        seconds=seconds, peak_mb=peak,
                    )  # fmt: skip
                    scores.append(score)
                    print(score, file=sys.stderr, flush=True)
    text = table(scores)
    told.folder.mkdir(parents=True, exist_ok=True)
    kept = {"about": about(), "scores": [asdict(score) for score in scores]}
    (told.folder / "quality.json").write_text(json.dumps(kept, indent=1), "utf-8")
    (told.folder / "quality.md").write_text(text, "utf-8")
    print(text)


def inflate(
    labelled: Labelled, rows: int, share: float, seed: int = 8
) -> tuple[list[str], list[int]]:
    """Rows made of labelled ones, all different, and the row that each is made of.

    Every labelled row comes as often as every other, in any order. A row that gives no
    more new wordings gives no more rows.
    """
    gold = next(iter(labelled.gold.values()))
    by_label: dict[str, list[int]] = defaultdict(list)
    for row, label in enumerate(gold):
        by_label[label].append(row)
    makers: dict[int, tuple[Resampler, int]] = {}
    for own in by_label.values():
        maker = Resampler([labelled.texts[row] for row in own], seed)
        makers |= {row: (maker, number) for number, row in enumerate(own)}
    made = list(_turns(makers, rows, share))
    random.Random(seed).shuffle(made)
    return [text for text, _ in made], [row for _, row in made]


def _turns(
    makers: Mapping[int, tuple[Resampler, int]], rows: int, share: float
) -> Iterator[tuple[str, int]]:
    """All rows by turns, as they are first, then changed."""
    seen: set[str] = set()
    left, turn = sorted(makers), 0
    while left:
        given = []
        for row in left:
            maker, number = makers[row]
            tries = (maker.changed(number, share if turn else 0.0) for _ in range(_TRIES))
            text = next((text for text in tries if text not in seen), None)
            if text is None:
                continue
            seen.add(text)
            given.append(row)
            yield text, row
            if len(seen) == rows:
                return
        left, turn = given, turn + 1


def _group(texts: list[str], fitted: int) -> tuple[list[str], float, float]:
    """Issue of every row, seconds, and most memory of all processes."""
    with tempfile.TemporaryDirectory() as scratch:
        here = Path(scratch)
        (here / "texts.json").write_text(json.dumps(texts, ensure_ascii=False), "utf-8")
        log = here / "log.txt"
        side = [sys.executable, "-m", "tests.benchmarks.scale.quality_side", str(here)]
        cost = run_watched([*side, "--fitted", str(fitted)], log, ROOT, {"PYTHONPATH": str(ROOT)})
        labels = json.loads((here / "labels.json").read_text("utf-8"))
        seconds = json.loads(log.read_text("utf-8").splitlines()[-1])["seconds"]
    return labels, seconds, cost.peak_mb


def _ari(gold: Sequence[str], labels: Sequence[str]) -> float:
    """Every row of no issue is a group of its own."""
    apart = [label or f"row {row}" for row, label in enumerate(labels)]
    return float(adjusted_rand_score(gold, apart))


def table(scores: Sequence[Score]) -> str:
    """Scores as Markdown; behind assigned ones, what they lose against fitting on all."""
    lines = [_HEAD]
    whole = {(own.labelled, own.share, own.on): own for own in scores if own.fitted >= own.rows}
    for own in scores:
        other = whole.get((own.labelled, own.share, own.on))
        against = ""
        if other and other is not own:
            against = f"{own.ari - other.ari:+.3f}"
            against = f"**{against}**" if own.ari - other.ari < -AIM else against
        lines.append(
            f"| {own.labelled} | {own.share:.0%} | {own.rows:,} | {own.fitted:,} | {own.on:,} "
            f"| {own.ari:.3f} | {against} | {own.issues} | {100 * own.alone:.0f} "
            f"| {own.seconds:.0f} | {own.peak_mb:,.0f} |"
        )
    return "\n".join([*lines, f"\nAim: at most {AIM} lost.\n"])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.scale.quality")
    parser.add_argument("--sets", nargs="+", default=["sabae", "env31", "ntcir14"], choices=SETS)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--all", type=int, default=20_000, help="rows that all are fitted on")
    parser.add_argument("--fitted", type=int, default=MOST_FITTED)
    parser.add_argument("--shares", type=float, nargs="+", default=[0.1, 0.3])
    parser.add_argument("--folder", type=Path, default=HERE)
    return parser.parse_args()


if __name__ == "__main__":
    main()
