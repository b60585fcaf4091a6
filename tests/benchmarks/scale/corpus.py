"""Surveys of any size: real answers of Fukui and Sabae, resampled with changed words.

An answer that nobody gave is one that somebody gave, in which some nouns, verbs and
adjectives became others of their kind and form, drawn as often as they are used.
Only answers in which a word can change are drawn from, so that answers are as long
in a large survey as in a small one.
"""

from __future__ import annotations

import csv
import hashlib
import json
import random
from typing import TYPE_CHECKING, Final

from pipeline.documents import read
from pipeline.documents.headers import read_table
from pipeline.infer import complete
from pipeline.study import Source, Study
from pipeline.tokens import default_tokenizer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

CHANGED: Final = 0.2
"""Share of the nouns, verbs and adjectives that become another word of their kind."""

TRIES: Final = 5
"""Times that an answer is changed, more of it each time, before another one is taken."""

DISTINCT_OF_COPIES: Final = 0.06
"""Share of the answers of the copy-heavy survey that are not copies of another one."""

COLUMN: Final = "ご意見（自由記述）"

_CHANGEABLE: Final = ("名詞-普通名詞", "動詞-一般", "形容詞-一般", "形状詞-一般")
_AGES: Final = ("10代", "20代", "30代", "40代", "50代", "60代", "70代以上")
_AREAS: Final = ("北部", "中部", "南部", "東部", "西部", "中央")
_SEXES: Final = ("女性", "男性", "無回答")
_SHORTEST: Final = 4


def real_answers(data: Path) -> list[str]:
    """Free-text answers of the surveys at hand, each wording once, in the order of the files."""
    files = [*sorted((data / "fukui").glob("*.csv")), data / "sabae" / "vision2023_all.csv"]
    found: dict[str, None] = {}
    for file in files:
        study = complete(
            Study(title="benchmark", sources=(Source(file=file.name, kind="survey", id="S"),)),
            file.parent,
        )
        for source in study.sources:
            for grid in read(file, sheet=source.sheet).grids:
                table = read_table(grid, source.header_row, source.text)
                columns = [one.index for one in table.columns if one.name in source.text]
                for row in table.rows:
                    for column in columns:
                        text = " ".join(row[column].split())
                        if len(text) >= _SHORTEST:
                            found[text] = None
    return list(found)


class Resampler:
    """Makes answers that nobody gave.

    Parameters
    ----------
    answers
        Real answers.
    seed
        Of the pseudo-random numbers; equal seeds give equal answers.
    """

    def __init__(self, answers: Iterable[str], seed: int = 8) -> None:
        self.random = random.Random(seed)
        words: dict[str, list[str]] = {}
        self._answers: list[tuple[list[str], list[tuple[int, list[str]]]]] = []
        tokenizer = default_tokenizer()
        for answer in answers:
            end, pieces, changeable = 0, [], []
            for token in tokenizer.tokenize(answer):
                if token.start > end:
                    pieces.append(answer[end : token.start])
                if token.pos.startswith(_CHANGEABLE):
                    others = words.setdefault(f"{token.pos} {token.form}", [])
                    others.append(token.surface)
                    changeable.append((len(pieces), others))
                pieces.append(token.surface)
                end = token.end
            pieces.append(answer[end:])
            self._answers.append((pieces, changeable))
        self.drawable = [number for number, own in enumerate(self._answers) if own[1]]

    def changed(self, number: int, share: float = CHANGED) -> str:
        """One of the answers, with this share of its changeable words changed."""
        draw = self.random.random
        pieces, changeable = self._answers[number]
        pieces = pieces.copy()
        for place, others in changeable:
            if draw() < share:
                pieces[place] = others[int(draw() * len(others))]
        return "".join(pieces)

    def distinct(self, count: int) -> Iterator[str]:
        """As many answers, none twice; eight bytes of each are kept in mind."""
        seen: set[int] = set()
        while len(seen) < count:
            number = self.random.choice(self.drawable)
            for attempt in range(TRIES):
                text = self.changed(number, CHANGED * (attempt + 1))
                key = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())
                if key not in seen:
                    seen.add(key)
                    yield text
                    break

    def copies(self, count: int) -> Iterator[str]:
        """As many answers, most of them copies of a few, as campaigns make them."""
        own = list(self.distinct(max(1, round(count * DISTINCT_OF_COPIES))))
        # The most copied are as long as answers are on average: the floor stays the same.
        usual = sum(map(len, own)) / len(own)
        own.sort(key=lambda text: (abs(len(text) - usual), text))
        # Every wording once, the first of them most often (Zipf's law), in any order.
        ranks = [*range(len(own))]
        ranks += [
            int(len(own) ** self.random.random()) - 1 for _ in range(max(0, count - len(own)))
        ]
        self.random.shuffle(ranks)
        return (own[rank] for rank in ranks[:count])


def write_survey(path: Path, texts: Iterable[str], seed: int = 8) -> None:
    """A survey as cities export it: number, age, sex, district, one free answer; and its study."""
    draw = random.Random(seed).choice
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(["回答番号", "年代", "性別", "お住まいの地区", COLUMN])
        for number, text in enumerate(texts, start=1):
            out.writerow([number, draw(_AGES), draw(_SEXES), draw(_AREAS), text])
    path.with_suffix(".toml").write_text(
        f'title = "{path.stem}"\n[[sources]]\nid = "S"\nkind = "survey"\nfile = "{path.name}"\n'
        f'text = ["{COLUMN}"]\nrespondent = "回答番号"\n'
        'attributes = { 年代 = "年代", 性別 = "性別", 地区 = "お住まいの地区" }\n',
        encoding="utf-8",
    )


def read_texts(path: Path) -> list[str]:
    """The free answers of a survey written by :func:`write_survey`."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row[COLUMN] for row in csv.DictReader(file)]


def write_corpora(
    data: Path, folder: Path, sizes: Iterable[int], copies: Iterable[int] = ()
) -> list[Path]:
    """Write the surveys ``distinct-<n>.csv`` and ``copies-<n>.csv`` that are not there yet.

    Returns
    -------
    list of Path
        The files that were written, each with its study ``.toml`` beside it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [
        *((size, "distinct", Resampler.distinct) for size in sizes),
        *((size, "copies", Resampler.copies) for size in copies),
    ]
    about = {"changed": CHANGED, "tries": TRIES, "distinct_of_copies": DISTINCT_OF_COPIES}
    if _read(folder / "corpus.json") != about:
        for old in (*folder.glob("distinct-*"), *folder.glob("copies-*")):
            old.unlink()
    made: list[Path] = []
    answers: list[str] = []
    for size, kind, make in wanted:
        path = folder / f"{kind}-{size}.csv"
        if path.with_suffix(".toml").is_file():  # written last: the survey is whole
            continue
        answers = answers or real_answers(data)
        write_survey(path, make(Resampler(answers), size))
        made.append(path)
    (folder / "corpus.json").write_text(json.dumps(about), encoding="utf-8")
    return made


def _read(path: Path) -> object:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
