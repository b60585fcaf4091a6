"""Answers become opinions: every one is carried on or set aside, word for word."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from pipeline.opinions import STAGE, Opinions, make_opinions
from pipeline.privacy import find_personal, mask

PIECES = [
    "歩道が狭い。", "広場がほしい", "特になし", "わからない。", "同上", "\n", "・", "①", "。", "…", "？", " ",
    "電話は03-1234-5678です。", "t@example.jp", "「役員がいない。」と聞く", "1.", "本", "あ",
]  # fmt: skip
CELLS = st.lists(st.sampled_from(PIECES), max_size=8).map("".join) | st.text(max_size=20)


def answers(*texts: str, question: str = "ご意見") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "answer_id": [f"A{number:03d}" for number in range(1, len(texts) + 1)],
            "question": question,
            "source_kind": "survey",
            "respondent_id": [f"S:{number}" for number in range(1, len(texts) + 1)],
            "raw_text": texts,
        },
        dtype="str",
    )


def aside(made: Opinions) -> list[tuple[str, int, int, str]]:
    names = ["answer_id", "start", "end", "text"]
    return list(made.set_aside[names].itertuples(index=False, name=None))


@settings(derandomize=True, max_examples=80, deadline=None)
@given(st.lists(CELLS, max_size=6))
def test_every_answer_is_among_the_opinions_or_set_aside(texts: list[str]) -> None:
    table = answers(*texts)
    made = make_opinions(table)
    assert set(made.table["answer_id"]) | set(made.set_aside["answer_id"]) == set(
        table["answer_id"]
    )
    assert (made.set_aside["stage"] == STAGE).all()
    assert (made.set_aside["reason"] != "").all()


@settings(derandomize=True, max_examples=80, deadline=None)
@given(st.lists(CELLS, max_size=6))
def test_spans_give_back_what_was_written(texts: list[str]) -> None:
    made = make_opinions(answers(*texts))
    raw = dict(zip(answers(*texts)["answer_id"], texts, strict=True))
    for row, analysed in zip(made.table.itertuples(), made.analysed, strict=True):
        written = raw[row.answer_id][row.start : row.end]
        assert row.text == mask(written, find_personal(written))
        assert len(analysed) == len(written)
    for answer_id, start, end, text in aside(made):
        written = raw[answer_id][start:end]
        assert text == mask(written, find_personal(written))


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.lists(CELLS, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_the_answers_does_not_matter(texts: list[str], random: object) -> None:
    table = answers(*texts)
    order = list(range(len(texts)))
    random.shuffle(order)
    one, other = make_opinions(table), make_opinions(table.iloc[order])
    assert_frame_equal(one.table, other.table)
    assert_frame_equal(one.set_aside, other.set_aside)
    assert one.analysed == other.analysed


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.lists(CELLS, max_size=6))
def test_opinion_ids_are_unique_sorted_and_no_date_to_excel(texts: list[str]) -> None:
    ids = make_opinions(answers(*texts)).table["opinion_id"].tolist()
    assert len(set(ids)) == len(ids)
    assert ids == sorted(ids)
    assert all(re.fullmatch(r"O\d+-\d{2,}", own) for own in ids)


def test_an_answer_of_many_sentences_keeps_their_order() -> None:
    made = make_opinions(answers("道が狭い。" * 120))
    assert len(made.table) == 120
    assert made.table["start"].is_monotonic_increasing


def test_an_answer_that_says_nothing_is_set_aside_as_a_whole() -> None:
    made = make_opinions(answers("特になし。わからない。"))
    assert made.table.empty
    assert aside(made) == [("A001", 0, 11, "特になし。わからない。")]


@pytest.mark.parametrize("cell", ["。", "…", "？？？", "－", "　", "", "🙂"])
def test_a_cell_of_symbols_is_set_aside_with_its_reason(cell: str) -> None:
    made = make_opinions(answers(cell))
    assert made.table.empty
    assert made.set_aside["reason"].tolist() == ["記号だけの回答"]
    assert made.set_aside["end"].tolist() == [len(cell)]


def test_beside_a_real_claim_only_the_empty_one_is_set_aside() -> None:
    made = make_opinions(answers("歩道が狭い。他は特になし。"))
    assert made.table["text"].tolist() == ["歩道が狭い。"]
    assert aside(made) == [("A001", 6, 13, "他は特になし。")]


def test_people_are_masked_for_readers_and_blanked_for_the_analysis() -> None:
    made = make_opinions(answers("区長（03-1234-5678）に相談したい"))
    assert made.table["text"].tolist() == ["区長（［電話番号］）に相談したい"]
    assert made.analysed == ["区長（。。。。。。。。。。。。）に相談したい"]


def test_people_are_masked_in_what_is_set_aside() -> None:
    made = make_opinions(answers("同上\n03-1234-5678", "〒123-4567"))
    shown = "".join([*made.set_aside["text"], *made.table["text"]])
    assert not re.search("[0-9]{3}", shown)


def test_answers_that_were_left_out_when_they_were_read_stay_out() -> None:
    made = make_opinions(answers("歩道が狭い", "広場がほしい"), frozenset(["A001"]))
    assert made.table["answer_id"].tolist() == ["A002"]
    assert made.set_aside.empty


def test_the_bar_moves_once_an_answer() -> None:
    steps = []
    make_opinions(answers("道", "特になし", "。"), advance=lambda: steps.append(1))
    assert len(steps) == 3


def test_no_answers_make_an_empty_table_of_the_same_columns() -> None:
    made = make_opinions(answers())
    assert list(made.table) == list(make_opinions(answers("道が狭い")).table)
    assert made.table.empty
    assert made.set_aside.empty
