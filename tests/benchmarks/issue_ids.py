"""How well issues keep their numbers when answers come and go: shares, purity, upper bound.

A wave of a real survey is grouped, some of its respondents are replaced, and it is grouped
again; so are the same answers under other parameters. Nothing is written but scratch files.

Run from the repository: ``python tests/benchmarks/issue_ids.py [--quick] [--seeds N]
[--waves NAME …] [--changes NAME …] [--why] [--check]``. Whole waves, five seeds: about
twenty minutes.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from pipeline import identity  # noqa: E402 — the path comes first
from pipeline.analysis import analyse, run_study  # noqa: E402
from pipeline.answers import read_answers  # noqa: E402
from pipeline.concept_dictionary import load_concepts  # noqa: E402
from pipeline.concepts import choose_topic, find_concepts  # noqa: E402
from pipeline.decision_input import read_decisions  # noqa: E402
from pipeline.documents import read  # noqa: E402
from pipeline.documents.headers import read_table  # noqa: E402
from pipeline.duplicates import first_of_same  # noqa: E402
from pipeline.features import read_stopwords  # noqa: E402
from pipeline.follow import memory_of  # noqa: E402
from pipeline.grouping import Knowledge, group_opinions  # noqa: E402
from pipeline.infer import infer_study  # noqa: E402
from pipeline.opinions import make_opinions  # noqa: E402
from pipeline.plan import find_plan, load_plan  # noqa: E402
from pipeline.progress import Watch  # noqa: E402
from pipeline.remember import Occasion, number_issues  # noqa: E402
from pipeline.resources import dictionaries_folder  # noqa: E402
from pipeline.study import Parameters  # noqa: E402
from pipeline.tokens import default_tokenizer  # noqa: E402
from pipeline.wordvectors import FILE_NAME, load_word_vectors  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pipeline.concepts import Topic
    from pipeline.grouping import Memory
    from pipeline.study import Study
    from pipeline.tokens import Token

DATA = ROOT.parent / "shared" / "data"
FUKUI = DATA / "fukui"
SABAE = [DATA / "sabae" / name for name in ("vision2023_adults.xlsx", "vision2023_all.csv")]
"""180 and 939 respondents; the second file has the first one's rows, too."""

GOAL = 0.9
"""Share of the opinions that should keep their number when a fifth of them is replaced."""

THRESHOLDS = (0.0, 0.3, 0.4, 0.5, 0.6)
"""Values of :data:`pipeline.identity.KEPT_SHARE` that are compared."""

SEEDS = 5
MANY_LISTED = 12

Row = tuple[str, ...]


@dataclass(frozen=True)
class Survey:
    """Rows of a file of answers, and the rows of headers above them.

    Attributes
    ----------
    study
        What ``kadai run`` finds in the file by itself.
    """

    name: str
    study: Study
    above: list[Row]
    rows: list[Row]


@dataclass(frozen=True)
class Grouped:
    """A run up to its issues.

    Attributes
    ----------
    issue_of
        Opinion → issue; empty where it is in none.
    text_of
        Opinion → its text, people masked.
    heading_of
        Opinion → heading of the concept dictionary that its words speak of.
    issues
        ``issue_id, title, headings``, the largest issue first.
    """

    issue_of: dict[str, str]
    text_of: dict[str, str]
    heading_of: dict[str, str]
    issues: pd.DataFrame

    @property
    def headings(self) -> dict[str, tuple[str, ...]]:
        """Issue → headings that it stands for; none where it comes from the data alone."""
        names = [tuple(filter(None, own.split("、"))) for own in self.issues["headings"]]
        return dict(zip(self.issues["issue_id"], names, strict=True))

    @property
    def memory(self) -> Memory:
        """What a later run knows of this one by the key ``previous``."""
        opinions = pd.DataFrame(
            {"text": self.text_of.values(), "machine_issue_id": self.issue_of.values()}
        )
        occasion = Occasion("benchmark", "", "before")
        return memory_of(number_issues((), opinions, self.issues, occasion).rows)


class Grouper:
    """Groups surveys; every distinct text is analysed once for all of them."""

    def __init__(self) -> None:
        folder = dictionaries_folder()
        self._tokenizer = default_tokenizer()
        self._dictionary = load_concepts(folder / "concepts.toml", self._tokenizer.tokenize)
        self._knowledge = Knowledge(
            stopwords=read_stopwords(folder / "stopwords.txt"),
            word_vectors=load_word_vectors(folder / FILE_NAME),
        )
        self._known: dict[str, tuple[tuple[Token, ...], Topic]] = {}

    def group(
        self,
        survey: Survey,
        parameters: Parameters | None = None,
        memory: Memory | None = None,
    ) -> Grouped:
        """The stages of :func:`pipeline.analysis.analyse` up to the issues."""
        with tempfile.TemporaryDirectory() as scratch:
            said = make_opinions(read_answers(*write_survey(survey, Path(scratch))).answers)
        opinions = said.table
        ids = opinions["opinion_id"].tolist()
        tokens, topics = zip(*map(self._analysed, said.analysed), strict=True)
        opinions["stands_for"] = first_of_same(ids, opinions["text"].tolist(), tokens)
        made = group_opinions(
            opinions, tokens, topics, self._knowledge, parameters or Parameters(), memory
        )
        issues = [made.issues.issue_of[made.row_of[own]] for own in ids]
        table = made.issues.table[["issue_id", "title", "headings"]]
        headings = dict(zip(table["issue_id"], table["headings"].str.split("、"), strict=True))
        heading_of = {}
        for own, issue in zip(ids, issues, strict=True):
            topic = made.distinct.topics[made.row_of[own]]
            split = topic.facet and topic.facet in headings.get(issue, ())
            heading_of[own] = topic.facet if split else "".join(topic.path[-1:])
        return Grouped(
            issue_of=dict(zip(ids, issues, strict=True)),
            text_of=dict(zip(ids, opinions["text"], strict=True)),
            heading_of=heading_of,
            issues=table,
        )

    def _analysed(self, text: str) -> tuple[tuple[Token, ...], Topic]:
        if text not in self._known:
            tokens = self._tokenizer.tokenize(text)
            hits = find_concepts(tokens, self._dictionary)
            topic = choose_topic(tokens, hits, self._dictionary, self._knowledge.stopwords)
            self._known[text] = (tokens, topic)
        return self._known[text]


def load_survey(path: Path) -> Survey:
    """A file of answers, as ``kadai run`` reads it by itself."""
    study, _ = infer_study([path])
    grid = read(path).grids[0]
    answers = read_table(grid)
    above = [
        row
        for number, row in zip(grid.numbers, grid.rows, strict=True)
        if number < answers.numbers[0]
    ]
    return Survey(path.stem, study, above, list(answers.rows))


def write_survey(survey: Survey, folder: Path) -> tuple[Study, Path]:
    """A file in a folder, and the study that reads it: columns as found in the survey itself."""
    path = folder / f"{survey.name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([*survey.above, *survey.rows])
    source = survey.study.sources[0].model_copy(update={"file": path.name, "sheet": None})
    return survey.study.model_copy(update={"sources": (source,)}), folder


def with_rows(survey: Survey, rows: Sequence[Row]) -> Survey:
    """The survey with other rows, as wide as its headers."""
    width = max(map(len, survey.above))
    shaped = [(*row, *("",) * width)[:width] for row in rows]
    return Survey(survey.name, survey.study, survey.above, shaped)


def replaced(survey: Survey, donor: Survey, share: float, seed: int) -> Survey:
    """A share of the rows replaced by rows of another wave; questions stand at like places."""
    rng = random.Random(seed)
    n = round(share * len(survey.rows))
    gone = set(rng.sample(range(len(survey.rows)), n))
    kept = [row for place, row in enumerate(survey.rows) if place not in gone]
    return with_rows(survey, [*kept, *rng.sample(donor.rows, n)])


def added(survey: Survey, donor: Survey, share: float, seed: int) -> Survey:
    """Rows of another wave added, as many as a share of the survey's own."""
    new = random.Random(seed).sample(donor.rows, round(share * len(survey.rows)))
    return with_rows(survey, [*survey.rows, *new])


def turned_over(survey: Survey, gone: float, new: float, seed: int) -> tuple[Survey, Survey]:
    """Before and after: a share held back before is there after; of the others a share is gone."""
    rows = random.Random(seed).sample(survey.rows, len(survey.rows))
    held = round(new * len(rows))
    before = rows[held:]
    after = [*before[round(gone * len(before)) :], *rows[:held]]
    return with_rows(survey, before), with_rows(survey, after)


def numbered(memory: Memory, after: Grouped, kept_share: float | None = None) -> dict[str, str]:
    """Opinion → issue of a run, numbered anew with some memory and threshold.

    The groups stay as they are; :func:`pipeline.grouping.group_opinions` numbers them alike.
    """
    now = identity.members_of(
        after.text_of.values(), [own or "alone" for own in after.issue_of.values()]
    )
    alone = now.pop("alone", None)
    names = after.issues["issue_id"].tolist()
    share = identity.KEPT_SHARE if kept_share is None else kept_share
    with mock.patch.object(identity, "KEPT_SHARE", share):
        ids = identity.keep_ids([now[own] for own in names], memory.issue_of, memory.highest, alone)
    new = dict(zip(names, ids, strict=True))
    return {own: new.get(issue, "") for own, issue in after.issue_of.items()}


@dataclass(frozen=True)
class Score:
    """What became of the opinions that stayed and were in an issue before.

    Attributes
    ----------
    stayed
        How many there are.
    kept
        Share that keeps its number.
    kept_inside
        The same among those that are in an issue now, too.
    issues_kept
        Share of the first run's issues whose number is still there.
    purity
        Of the stayed opinions that are now under a number of the first run, the share
        that was under that number before.
    least_pure
        The same of the number for which it is lowest.
    alone, moved, lost
        Shares that are in no issue now; that are elsewhere while their number is still
        there; whose number is gone.
    """

    stayed: int
    kept: float
    kept_inside: float
    issues_kept: float
    purity: float
    least_pure: float
    alone: float
    moved: float
    lost: float


def score(before: Mapping[str, str], after: Mapping[str, str]) -> Score:
    """Compare the numbers of two runs, opinion by opinion."""
    stayed = [own for own, issue in before.items() if issue and own in after]
    old = set(before.values()) - {""}
    there = old & set(after.values())
    kept = sum(before[own] == after[own] for own in stayed)
    alone = sum(not after[own] for own in stayed)
    moved = sum(after[own] not in {"", before[own]} and before[own] in there for own in stayed)
    total: Counter[str] = Counter()
    same: Counter[str] = Counter()
    for own, issue in after.items():
        if issue in there and own in before:
            total[issue] += 1
            same[issue] += before[own] == issue
    n = max(1, len(stayed))
    return Score(
        stayed=len(stayed),
        kept=kept / n,
        kept_inside=kept / max(1, len(stayed) - alone),
        issues_kept=len(there) / max(1, len(old)),
        purity=same.total() / max(1, total.total()),
        least_pure=min((same[own] / total[own] for own in total), default=0.0),
        alone=alone / n,
        moved=moved / n,
        lost=(len(stayed) - kept - alone - moved) / n,
    )


def best_share(before: Mapping[str, str], after: Mapping[str, str]) -> float:
    """Largest share that any one-to-one numbering of the second run's issues could keep."""
    stayed = [(before[own], after[own]) for own in before if before[own] and own in after]
    rows = sorted({old for old, _ in stayed})
    columns = sorted({new for _, new in stayed} - {""})
    both = np.zeros((len(rows), len(columns)), dtype=np.int64)
    place = {name: number for number, name in enumerate(rows)}
    target = {name: number for number, name in enumerate(columns)}
    for old, new in stayed:
        if new:
            both[place[old], target[new]] += 1
    return float(both[linear_sum_assignment(both, maximize=True)].sum() / max(1, len(stayed)))


@dataclass(frozen=True)
class Trial:
    """A run, and a later one with memory of it and without."""

    before: Grouped
    alone: Grouped
    again: Grouped

    def figures(self) -> list[dict[str, object]]:
        """Scores without memory, with numbers remembered only, with all for every threshold."""
        memory = self.before.memory
        assert numbered(memory, self.again) == self.again.issue_of
        readings = [
            ("none", self.alone, self.alone.issue_of),
            ("numbers", self.alone, numbered(memory, self.alone)),
            *((f"{own:.1f}", self.again, numbered(memory, self.again, own)) for own in THRESHOLDS),
        ]
        return [
            {
                "memory": name,
                **vars(score(self.before.issue_of, numbers)),
                "best": best_share(self.before.issue_of, groups.issue_of),
                "issues": len(groups.issues),
            }
            for name, groups, numbers in readings
        ]


Change = tuple[str, int, "Callable[[], Trial]"]
"""What is changed, its seed, and what tries it."""


def changes_of(
    survey: Survey, others: Sequence[Survey], grouper: Grouper, seeds: int
) -> Iterator[Change]:
    """Everything that is changed about a wave."""
    first: list[Grouped] = []

    def change(after: Survey, parameters: Parameters | None = None) -> Callable[[], Trial]:
        def trial() -> Trial:
            first[:] = first or [grouper.group(survey)]
            return Trial(
                first[0],
                grouper.group(after, parameters),
                grouper.group(after, parameters, first[0].memory),
            )

        return trial

    yield "max_issues 60", 0, change(survey, Parameters(max_issues=60))
    yield "--issues 40", 0, change(survey, Parameters(issues=40))
    yield "--issues 100", 0, change(survey, Parameters(issues=100))
    for seed in range(seeds):
        donor = others[seed % len(others)]
        yield "20 % replaced", seed, change(replaced(survey, donor, 0.2, seed))
        yield "50 % replaced", seed, change(replaced(survey, donor, 0.5, seed))
        yield "10 % added", seed, change(added(survey, donor, 0.1, seed))


def sabae_changes(survey: Survey, grouper: Grouper, seeds: int) -> Iterator[Change]:
    """A fifth of the respondents gone and a tenth new, of the same survey."""

    def change(seed: int) -> Callable[[], Trial]:
        def trial() -> Trial:
            before, after = turned_over(survey, 0.2, 0.1, seed)
            first = grouper.group(before)
            return Trial(first, grouper.group(after), grouper.group(after, None, first.memory))

        return trial

    for seed in range(seeds):
        yield "20 % gone, 10 % new", seed, change(seed)


def next_waves(waves: Sequence[Survey], grouper: Grouper) -> pd.DataFrame:
    """Numbers where every answer is new: each wave after each other one.

    Of the opinions under a heading that an issue of the first wave had: shares under that
    issue's number, under another old number, under a new one; then the share of opinions
    whose wording is remembered, and how many of the old numbers are used again.
    """
    rows = []
    for wave in waves:
        before = grouper.group(wave)
        memory = before.memory
        issue_of = {name: own for own, names in before.headings.items() for name in names}
        for other in waves:
            if other is wave:
                continue
            after = grouper.group(other, None, memory)
            pairs = [
                (issue_of[after.heading_of[own]], new)
                for own, new in after.issue_of.items()
                if after.headings.get(new) and after.heading_of[own] in issue_of
            ]
            same = sum(old == new for old, new in pairs) / len(pairs)
            fresh = sum(new not in before.headings for _, new in pairs) / len(pairs)
            keys = [identity.wording_key(text) for text in after.text_of.values()]
            rows.append(
                {
                    "first": wave.name,
                    "then": other.name,
                    "opinions": len(keys),
                    "wording known": sum(key in memory.issue_of for key in keys) / len(keys),
                    "same number": same,
                    "another old": 1 - same - fresh,
                    "new number": fresh,
                    "old numbers": len(set(before.headings) & set(after.headings)),
                }
            )
    return pd.DataFrame(rows)


def explain(before: Grouped, after: Grouped) -> list[str]:
    """Old issues that lose most opinions, and where these went."""
    numbers, names, were = after.issue_of, after.headings, before.headings
    lost: Counter[str] = Counter()
    stayed: Counter[str] = Counter()
    where: dict[str, Counter[str]] = {}
    for own, old in before.issue_of.items():
        if old and own in numbers:
            stayed[old] += 1
            if numbers[own] != old:
                lost[old] += 1
                what = f"「{before.heading_of[own]}」→{numbers[own] or 'none'}"
                where.setdefault(old, Counter())[what] += 1
    lines = []
    for old, count in lost.most_common(MANY_LISTED):
        was = "、".join(were[old]) or "(data)"
        now = "、".join(names.get(old, ())) or ("(data)" if old in names else "gone")
        went = "  ".join(f"{what} {n}" for what, n in where[old].most_common(5))
        lines.append(f"  {old} {count}/{stayed[old]}  {was}  NOW {now}\n      {went}")
    return lines


LOST = ("before", "now", "number", "share")


def losses(before: Grouped, after: Grouped) -> list[tuple[str, str, str, float]]:
    """Opinions that lose their number, by what their two issues are made from.

    Returns
    -------
    list of tuples
        What the issue was made from, what it is made from now, whether its number is
        still there, and how many there are as a share of those that stayed.
    """
    were, names = before.headings, after.headings
    stayed = [own for own, old in before.issue_of.items() if old and own in after.issue_of]
    found: Counter[tuple[str, str, str]] = Counter()
    for own in stayed:
        old, new = before.issue_of[own], after.issue_of[own]
        if new != old:
            was = "headings" if were[old] else "data"
            now = ("headings" if names[new] else "data") if new else "no issue"
            found[was, now, "still there" if old in names else "gone"] += 1
    return [(*what, count / len(stayed)) for what, count in found.items()]


def check(survey: Survey, donor: Survey, grouper: Grouper) -> bool:
    """Whether ``previous`` in a study gives the numbers that are measured here."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        study, _ = write_survey(survey, folder)
        target = run_study(study, folder, folder / "first")
        after = replaced(survey, donor, 0.2, 0)
        study, _ = write_survey(after, folder)
        study = study.model_copy(update={"previous": target.name})
        decided = read_decisions(study, folder, load_plan(find_plan(study.plan, folder)))
        table = analyse(study, folder, Watch(), decided).tables["opinions"]
    whole = dict(zip(table["opinion_id"], table["machine_issue_id"], strict=True))
    return whole == grouper.group(after, None, grouper.group(survey).memory).issue_of


SHOWN = [
    "stayed", "kept", "kept_inside", "best", "issues_kept", "purity", "least_pure",
    "alone", "moved", "lost", "issues",
]  # fmt: skip


def summary(figures: pd.DataFrame, by: Sequence[str]) -> str:
    """Means over the seeds, and the lowest share kept."""
    grouped = figures.groupby(list(by), sort=False)
    table = grouped[SHOWN].mean()
    table.insert(2, "lowest", grouped["kept"].min())
    table.insert(0, "runs", grouped.size())
    table["stayed"] = table["stayed"].round().astype(int)
    table["issues"] = table["issues"].round(1)
    table["least_pure"] = grouped["least_pure"].min()
    return table.round(3).to_string()


def report(figures: pd.DataFrame, lost: pd.DataFrame) -> None:
    """Print all tables."""
    own = f"{identity.KEPT_SHARE:.1f}"
    pd.set_option("display.width", 200)
    print(f"\n== with memory, KEPT_SHARE {own}: means over seeds")
    print(summary(figures[figures["memory"] == own], ["change", "wave"]))
    for name, called in (("numbers", "numbers remembered, joins not"), ("none", "without memory")):
        print(f"\n== {called}")
        print(summary(figures[figures["memory"] == name], ["change", "wave"]))
    print("\n== KEPT_SHARE, means over waves and seeds (0.0: no threshold)")
    print(summary(figures, ["change", "memory"]))
    print("\n== what is lost with memory, as a share of the opinions that stayed; means")
    n_runs = figures[figures["memory"] == own].groupby("change", sort=False).size()
    shares = lost.pivot_table(
        index=["before", "now", "number"], columns="change", values="share", aggfunc="sum"
    )
    print((shares / n_runs).reindex(columns=n_runs.index).fillna(0.0).round(4).to_string())
    print(f"\n== goal: {GOAL:.0%} of the opinions that stayed, 20 % replaced")
    wanted = figures[(figures["memory"] == own) & (figures["change"] == "20 % replaced")]
    for wave, group in wanted.groupby("wave", sort=False):
        met = (group["kept"] >= GOAL).sum()
        print(f"{wave}: {group['kept'].mean():.3f} kept, {met} of {len(group)} runs reach it")


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one wave, one seed")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--waves", nargs="*", help="names of files; all by default")
    parser.add_argument("--changes", nargs="*", help="beginnings of changes; all by default")
    parser.add_argument("--figures", type=Path, help="CSV file for the figures of every run")
    parser.add_argument("--why", action="store_true", help="list where opinions went")
    parser.add_argument("--check", action="store_true", help="compare with whole runs, too")
    return parser.parse_args()


def chosen(
    given: argparse.Namespace, waves: Sequence[Survey], grouper: Grouper
) -> Iterator[tuple[str, Change]]:
    """Every change to try, with the name of its wave."""
    seeds = 1 if given.quick else given.seeds
    names = set(given.waves or [wave.name for wave in waves[: 1 if given.quick else None]])
    if not given.waves and not given.quick:
        names |= {path.stem for path in SABAE}
    jobs = [
        (wave.name, change)
        for wave in waves
        if wave.name in names
        for change in changes_of(wave, [own for own in waves if own is not wave], grouper, seeds)
    ]
    for path in SABAE:
        if path.stem in names and path.is_file():
            jobs += [
                (path.stem, change) for change in sabae_changes(load_survey(path), grouper, seeds)
            ]
    beginnings = tuple(given.changes or [""])
    return ((wave, change) for wave, change in jobs if change[0].startswith(beginnings))


def main() -> None:
    """Measure, and print."""
    given = arguments()
    if not FUKUI.is_dir():
        print(f"skipped: {FUKUI} is not there")
        return
    started = time.perf_counter()
    grouper = Grouper()
    waves = [load_survey(path) for path in sorted(FUKUI.glob("*.csv"))]
    rows: list[dict[str, object]] = []
    lost: list[dict[str, object]] = []
    for wave, (change, seed, runs) in chosen(given, waves, grouper):
        trial = runs()
        before, after = trial.before, trial.again
        where = {"wave": wave, "change": change, "seed": seed}
        rows += [{**where, **own} for own in trial.figures()]
        lost += [{**where, **dict(zip(LOST, own, strict=True))} for own in losses(before, after)]
        kept = score(before.issue_of, after.issue_of).kept
        print(f"{wave}  {change}  seed {seed}  kept {kept:.3f}", flush=True)
        if given.why:
            print("\n".join(explain(before, after)), flush=True)
    if not rows:
        print("nothing chosen")
        return
    report(pd.DataFrame(rows), pd.DataFrame(lost, columns=["wave", "change", "seed", *LOST]))
    if not given.waves and not given.changes:
        print("\n== every answer new: another wave, with memory of the first")
        found = next_waves(waves[: 2 if given.quick else None], grouper)
        print(found.round(3).to_string(index=False))
    if given.figures:
        pd.DataFrame(rows).to_csv(given.figures, index=False)
    if given.check:
        same = check(waves[0], waves[1], grouper)
        print(f"\nwhole runs with the key `previous` give the same numbers: {same}")
    print(f"\n{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
