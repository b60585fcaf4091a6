"""How well repeated opinions are found, what is merged in real answers, and how time grows.

Run: ``python tests/benchmarks/near_duplicates.py [labelled] [real] [growth]``, all three
by default. Needs the labelled and the real sets beside the repository.
"""

from __future__ import annotations

import csv
import io
import math
import multiprocessing
import random
import sys
import time
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path

import pandas as pd

from pipeline.documents.encoding import decode
from pipeline.duplicates import LONG_TEXT, first_of_same
from pipeline.normalize import fold
from pipeline.opinions import make_opinions
from pipeline.tokens import default_tokenizer

DATA = Path(__file__).parents[3] / "shared" / "data"
LABELLED = DATA / "benchmarks" / "ai_pubcomment_near_duplicates.csv"
FUKUI = sorted((DATA / "fukui").glob("*.csv"))
SABAE = DATA / "sabae" / "vision2023_all.csv"

SEED = 20240501
SAMPLE = 5000
SIZES = (1_000, 10_000, 100_000, 300_000)

# The bulleted texts of one group are the three sentences of three others.
SAME_SENTENCE = {
    ("exact_82", 1): ("exact_142", 1),
    ("exact_82", 2): ("exact_164", 1),
    ("exact_82", 3): ("exact_388", 1),
}
# Three comments that share their first line only, put into one group by their labellers.
MISLABELLED = "exact_5114"


def main() -> None:
    parts = {"labelled": labelled, "real": real, "growth": growth}
    for name in sys.argv[1:] or parts:
        print(f"\n== {name}")
        parts[name]()


def labelled() -> None:
    """Pair precision, recall and F1 of whole texts and of opinions as a run makes them."""
    rows = list(csv.DictReader(io.StringIO(_text(LABELLED))))
    texts = [row["text"] for row in rows]
    groups = [row["label_group"] for row in rows]
    print(f"{'level':10} {'groups':20} {'n':>4} {'precision':>9} {'recall':>7} {'F1':>7}")
    _report("texts", groups, _stands_for(texts), groups)

    made = _opinions(texts)
    gold = []
    for answer, number in zip(made["answer"], made["number"], strict=True):
        own = (groups[answer], number)
        gold.append(SAME_SENTENCE.get(own, own))
    _report("opinions", gold, made["stands_for"].tolist(), [groups[own] for own in made["answer"]])


def real() -> None:
    """Every two different texts that are merged in a sample of real answers."""
    answers = sorted({text for path in [*FUKUI, SABAE] for text in _cells(path)})
    sample = random.Random(SEED).sample(answers, SAMPLE)
    _list_merged("answers", sample, _stands_for(sample))
    made = _opinions(sample)
    _list_merged("opinions", made["text"].tolist(), made["stands_for"].tolist())


def growth() -> None:
    """Seconds, most memory and growth exponent on edited answers of growing number."""
    answers = sorted({text for path in FUKUI for text in _cells(path)})
    for kind, shortest in (("all lengths", 0), (f"{LONG_TEXT} letters or more", LONG_TEXT)):
        base = [text for text in answers if len(fold(text)) >= shortest]
        print(f"{kind}, from {len(base)} real answers, every one edited by up to three words")
        print(f"{'n':>7} {'seconds':>8} {'exponent':>8} {'MB':>6} {'distinct':>8}")
        before: tuple[int, float] | None = None
        for size in SIZES:
            # A process of its own, or the most memory would be that of an earlier one.
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                seconds, megabytes, distinct = pool.apply(_timed, (base, size))
            exponent = math.log(seconds / before[1]) / math.log(size / before[0]) if before else 0.0
            print(f"{size:7} {seconds:8.2f} {exponent:8.2f} {megabytes:6.0f} {distinct:8}")
            before = size, seconds


def _timed(base, size):
    rng = random.Random(SEED)
    tokenizer = default_tokenizer()
    spoken = tokenizer.tokenize_all(base)
    vocabulary = sorted({token.surface for own in spoken for token in own})
    texts, tokens = [], []
    for number in range(size):
        row = number % len(base) if number < len(base) else rng.randrange(len(base))
        text, own = _edited(base[row], spoken[row], vocabulary, rng)
        texts.append(text)
        tokens.append(own)
    ids = [f"O{number:07d}" for number in range(size)]
    at_rest = _megabytes()
    started = time.perf_counter()
    stands_for = first_of_same(ids, texts, tokens)
    seconds = time.perf_counter() - started
    return seconds, _megabytes() - at_rest, len(set(stands_for))


def _edited(text, own, vocabulary, rng):
    """Replace, leave out, or add up to three words; the tokens of the rest stay as they are."""
    words = list(own)
    for _ in range(rng.randrange(4)):
        place = rng.randrange(len(words) + 1)
        edit = rng.random()
        if edit < 1 / 3 and place < len(words) > 1:
            del words[place]
            continue
        word = rng.choice(("ぜひ", "特に", "また", "もっと", rng.choice(vocabulary)))
        added = default_tokenizer().tokenize(word)
        words[place : place + (edit < 2 / 3)] = added
    return ("".join(token.surface for token in words) or text), tuple(words)


def _opinions(texts):
    """Opinions of texts that are answers, as a run makes them, with what stands for each."""
    answers = pd.DataFrame(
        {
            "answer_id": [f"A{number:05d}" for number in range(len(texts))],
            "question": "",
            "source_kind": "survey",
            "respondent_id": "",
            "raw_text": texts,
        }
    )
    said = make_opinions(answers)
    tokens = default_tokenizer().tokenize_all(said.analysed)
    ids, spoken = said.table["opinion_id"].tolist(), said.table["text"].tolist()
    return said.table.assign(
        stands_for=first_of_same(ids, spoken, tokens),
        answer=said.table["answer_id"].str[1:].astype(int),
        number=said.table["opinion_id"].str.rsplit("-").str[-1].astype(int),
    )


def _stands_for(texts):
    ids = [f"O{number:05d}" for number in range(len(texts))]
    return first_of_same(ids, texts, default_tokenizer().tokenize_all(texts))


def _report(level, gold, found, group):
    for name, left_out in (("all", ""), (f"without {MISLABELLED}", MISLABELLED)):
        rows = [row for row, own in enumerate(group) if own != left_out]
        true = Counter(gold[row] for row in rows)
        made = Counter(found[row] for row in rows)
        both = Counter((gold[row], found[row]) for row in rows)
        n_true, n_made, n_both = (
            sum(math.comb(size, 2) for size in sizes.values()) for sizes in (true, made, both)
        )
        precision, recall = n_both / n_made, n_both / n_true
        f1 = 2 * n_both / (n_made + n_true)
        print(f"{level:10} {name:20} {len(rows):4} {precision:9.4f} {recall:7.4f} {f1:7.4f}")


def _list_merged(level, texts, found):
    groups = defaultdict(set)
    for text, own in zip(texts, found, strict=True):
        groups[own].add(text)
    listed = 0
    print(f"-- {level}: {len(texts)}, {len(groups)} of them distinct")
    for own in sorted(groups):
        wordings = {}
        for text in sorted(groups[own]):
            wordings.setdefault(fold(text), " ".join(text.split()))
        for left, right in combinations(wordings.values(), 2):
            listed += 1
            print(f"   {left}\n = {right}")
    print(f"-- {level}: {listed} pairs of different wordings")


def _text(path):
    return decode(path.read_bytes(), path.name)[0].removeprefix("\ufeff")


def _cells(path):
    """Cells of a file that say something: five letters or more."""
    rows = list(csv.reader(io.StringIO(_text(path), newline="")))
    return [cell for row in rows[1:] for cell in row if len(fold(cell)) >= 5]


def _megabytes():
    """Most memory that this process has used."""
    try:
        import resource
    except ImportError:  # Windows counts otherwise
        return math.nan
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    main()
