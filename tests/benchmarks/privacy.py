"""How well people are found in sentences, in real answers, and what it costs.

Run: ``python tests/benchmarks/privacy.py [labelled] [gold FILE] [real] [time]``; without
arguments all but ``gold``. A file of gold labels is JSON: a list of ``{"text", "half",
"gold": [[start, end, label], …]}``; labels of real answers stay outside the repository.
``real`` lists everything that is masked in the surveys, to be read by eye.
"""

from __future__ import annotations

import csv
import hashlib
import json
import sys
import time
from collections import Counter
from pathlib import Path

from pipeline.privacy import PersonalSpan, find_personal
from pipeline.privacy.lexicon import split_words

DATA = Path(__file__).parents[3] / "shared" / "data"
SENTENCES = Path(__file__).parents[1] / "data" / "privacy_sentences.csv"
SURVEYS = [DATA / "sabae" / "vision2023_all.csv", *sorted((DATA / "fukui").glob("*.csv"))]
LONG = (100_000, 200_000, 400_000)
HOSTILE = ("0-", "a@", "町1-", "佐藤さん", "090-1234-567-", "あ")


def labelled() -> list[tuple[str, str, list[PersonalSpan]]]:
    """Half, text and spans of every sentence."""
    rows = []
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            odd = int(hashlib.sha256(row["text"].encode()).hexdigest(), 16) % 2
            spans = [PersonalSpan(*span) for span in json.loads(row["spans"])]
            rows.append(("test" if odd else "dev", row["text"], spans))
    return rows


def gold(path: Path) -> list[tuple[str, str, list[PersonalSpan]]]:
    rows = json.loads(path.read_text(encoding="utf-8"))
    return [(own["half"], own["text"], [PersonalSpan(*one) for one in own["gold"]]) for own in rows]


def report(rows: list[tuple[str, str, list[PersonalSpan]]]) -> None:
    """Found, missed and wrongly found, a half and a label a line."""
    for half in sorted({own[0] for own in rows}):
        found, missed, wrong = Counter(), Counter(), Counter()
        for _, text, wanted in (own for own in rows if own[0] == half):
            spans = find_personal(text)
            for own in wanted:
                covered = any(
                    one.label == own.label and one.start <= own.start and own.end <= one.end
                    for one in spans
                )
                (found if covered else missed)[own.label] += 1
            for one in spans:
                wrong[one.label] += not any(
                    one.start < own.end and own.start < one.end for own in wanted
                )
        for label in sorted(found.keys() | missed.keys() | wrong.keys()):
            n = found[label]
            recall = n / (n + missed[label]) if n + missed[label] else float("nan")
            precision = n / (n + wrong[label]) if n + wrong[label] else float("nan")
            print(
                f"{half}\t{label}\tfound {n}\tmissed {missed[label]}\twrong {wrong[label]}"
                f"\trecall {recall:.3f}\tprecision {precision:.3f}"
            )


def real_answers() -> list[str]:
    """Distinct cells of the surveys that may be answers."""
    cells: dict[str, None] = {}
    for path in SURVEYS:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in list(csv.reader(file))[1:]:
                cells.update({cell.strip(): None for cell in row if len(cell.strip()) >= 8})
    return list(cells)


def show_real() -> None:
    answers = real_answers()
    changed = 0
    for text in answers:
        spans = find_personal(text)
        changed += bool(spans)
        for own in spans:
            before, after = text[max(0, own.start - 14) : own.start], text[own.end : own.end + 14]
            line = f"{own.label}\t{before}【{text[own.start : own.end]}】{after}"
            print(line.replace("\n", "/"))
    print(f"{len(answers)} distinct answers, {changed} with something masked")


def show_time() -> None:
    answers = real_answers()[:10_000]
    find_personal("佐藤さん")
    started = time.process_time()
    for text in answers:
        split_words(text)
    split = time.process_time() - started
    started = time.process_time()
    for text in answers:
        find_personal(text)
    whole = time.process_time() - started
    print(f"{len(answers)} answers: words {split:.2f} s, all {whole:.2f} s")
    for unit in HOSTILE:
        seconds = []
        for length in LONG:
            text = (unit * length)[:length]
            started = time.process_time()
            find_personal(text)
            seconds.append(f"{time.process_time() - started:.2f}")
        print(f"{unit!r} × {LONG}: {' '.join(seconds)} s")


def main(arguments: list[str]) -> None:
    wanted = arguments or ["labelled", "real", "time"]
    if "labelled" in wanted:
        report(labelled())
    if "gold" in wanted:
        report(gold(Path(wanted[wanted.index("gold") + 1])))
    if "real" in wanted:
        show_real()
    if "time" in wanted:
        show_time()


if __name__ == "__main__":
    main(sys.argv[1:])
