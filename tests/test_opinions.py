"""Answers become opinions: every one is carried on or set aside, word for word."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from pipeline.opinions import STAGE, Corrections, Opinions, make_opinions, text_key
from pipeline.privacy import Hidden, find_personal, mask

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


def test_no_answers_make_an_empty_table_of_the_same_columns() -> None:
    made = make_opinions(answers())
    assert list(made.table) == list(make_opinions(answers("道が狭い")).table)
    assert made.table.empty
    assert made.set_aside.empty


# What reviewers brought back

Piece = tuple[str, int, int]


def corrected(
    *texts: str,
    restored: set[Piece] | None = None,
    hidden: dict[str, tuple[tuple[int, int], ...]] | None = None,
    skip: frozenset[str] = frozenset(),
) -> Opinions:
    """Opinions after what reviewers said; hidden stretches by the text that they stand in."""
    keys = {text_key(text): Hidden(spans, text_key(text)) for text, spans in (hidden or {}).items()}
    made = Corrections(frozenset(restored or ()), keys)
    return make_opinions(answers(*texts), skip, corrections=made)


def texts_of(made: Opinions) -> dict[str, str]:
    return dict(zip(made.table["opinion_id"], made.table["text"], strict=True))


def test_a_piece_that_is_brought_back_is_an_opinion_and_shifts_no_id() -> None:
    text = "特になし。歩道が狭い。わからない。広場がほしい。他は特になし。"
    before = make_opinions(answers(text))
    pieces = [own[:3] for own in aside(before)]
    assert len(pieces) == 3
    for number, piece in enumerate(pieces, start=1):
        made = corrected(text, restored={piece})
        assert made.restored == {piece: [f"O001-A{number:02d}"]}
        assert texts_of(made).items() > texts_of(before).items()
        assert texts_of(made)[f"O001-A{number:02d}"] == text[piece[1] : piece[2]]
        assert [own[:3] for own in aside(made)] == [own for own in pieces if own != piece]


def test_a_whole_answer_is_brought_back_with_all_of_its_claims() -> None:
    made = corrected("特になし。わからない。", "歩道が狭い", restored={("A001", 0, 11)})
    assert texts_of(made) == {
        "O001-A01": "特になし。", "O001-A02": "わからない。", "O002-01": "歩道が狭い",
    }  # fmt: skip
    assert made.restored == {("A001", 0, 11): ["O001-A01", "O001-A02"]}
    assert made.set_aside.empty


@pytest.mark.parametrize("cell", ["…", "？？", "🙂"])
def test_an_answer_without_a_claim_is_brought_back_as_it_is(cell: str) -> None:
    made = corrected(cell, restored={("A001", 0, len(cell))})
    assert texts_of(made) == {"O001-A01": cell}
    assert made.set_aside.empty


def test_an_answer_that_was_left_out_when_it_was_read_is_brought_back() -> None:
    skip = frozenset(["A001", "A002"])
    made = corrected("前の計画の話。長い話。", "他の話", restored={("A001", 0, 11)}, skip=skip)
    assert texts_of(made) == {"O001-A01": "前の計画の話。", "O001-A02": "長い話。"}
    assert made.set_aside.empty


@pytest.mark.parametrize("piece", [("A001", 6, 12), ("A001", 0, 13), ("A009", 6, 13)])
def test_a_piece_that_is_cut_another_way_now_is_not_brought_back(piece: Piece) -> None:
    made = corrected("歩道が狭い。他は特になし。", restored={piece})
    assert made.restored == {}
    assert aside(made) == [("A001", 6, 13, "他は特になし。")]


def test_people_are_masked_in_what_is_brought_back() -> None:
    made = corrected("歩道が狭い。\n03-1234-5678", restored={("A001", 7, 19)})
    assert texts_of(made)["O001-A01"] == "［電話番号］"
    assert made.analysed[1] == "。" * 12


@settings(derandomize=True, max_examples=80, deadline=None)
@given(st.lists(CELLS, max_size=5), st.data())
def test_whatever_is_brought_back_the_other_opinions_stay_as_they_are(
    texts: list[str], data: st.DataObject
) -> None:
    before = make_opinions(answers(*texts))
    pieces = [own[:3] for own in aside(before)]
    chosen = data.draw(st.sets(st.sampled_from(pieces))) if pieces else set()
    made = corrected(*texts, restored=chosen)
    assert set(made.restored) == chosen
    assert [own[:3] for own in aside(made)] == [own for own in pieces if own not in chosen]
    back = {own for names in made.restored.values() for own in names}
    same = made.table[~made.table["opinion_id"].isin(back)].reset_index(drop=True)
    assert_frame_equal(same, before.table, check_dtype=False)
    ids = made.table["opinion_id"].tolist()
    assert len(set(ids)) == len(ids)
    assert ids == sorted(ids)
    raw = dict(zip(answers(*texts)["answer_id"], texts, strict=True))
    for row, analysed in zip(made.table.itertuples(), made.analysed, strict=True):
        assert len(analysed) == row.end - row.start
        assert row.text == mask(
            raw[row.answer_id][row.start : row.end],
            find_personal(raw[row.answer_id][row.start : row.end]),
        )


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.lists(CELLS, max_size=5), st.data())
def test_the_id_of_what_is_brought_back_does_not_depend_on_what_else_is(
    texts: list[str], data: st.DataObject
) -> None:
    pieces = [own[:3] for own in aside(make_opinions(answers(*texts)))]
    if not pieces:
        return
    chosen = data.draw(st.sets(st.sampled_from(pieces), min_size=1))
    together = corrected(*texts, restored=chosen).restored
    for piece in chosen:
        assert corrected(*texts, restored={piece}).restored == {piece: together[piece]}


# What reviewers hid


def test_hidden_words_are_neither_shown_nor_analysed() -> None:
    text = "店主さんの家の前が暗い"
    made = corrected(text, hidden={text: ((0, 2), (5, 6))})
    assert made.table["text"].tolist() == ["［個人情報］さんの［個人情報］の前が暗い"]
    assert made.analysed == ["。。さんの。の前が暗い"]
    assert made.hidden == {"O001-01": text_key(text)}


def test_a_text_is_hidden_wherever_it_was_said_and_no_other_text_is() -> None:
    text = "山田が怖い"
    made = corrected(text, "山田が優しい", f"道が暗い。{text}", hidden={text: ((0, 2),)})
    assert texts_of(made) == {
        "O001-01": "［個人情報］が怖い", "O002-01": "山田が優しい", "O003-01": "道が暗い。",
        "O003-02": "［個人情報］が怖い",
    }  # fmt: skip
    assert set(made.hidden) == {"O001-01", "O003-02"}


@pytest.mark.parametrize(
    ("spans", "text", "analysed"),
    [
        (
            ((0, 2),),
            "［個人情報］（［電話番号］）に話した",
            "。。（。。。。。。。。。。。。）に話した",
        ),
        (
            ((10, 12),),
            "区長（［電話番号］）［個人情報］した",
            "区長（。。。。。。。。。。。。）。。した",
        ),
        (((5, 6),), "区長（［個人情報］）に話した", "区長（。。。。。。。。。。。。）に話した"),
        (((2, 11),), "区長［個人情報］話した", "区長。。。。。。。。。。。。。。。話した"),
        ((), "［個人情報］", "。" * 20),
    ],
    ids=["before", "after", "inside", "around", "all"],
)
def test_words_are_hidden_beside_what_is_masked_without_a_reviewer(
    spans: tuple[tuple[int, int], ...], text: str, analysed: str
) -> None:
    raw = "区長（03-1234-5678）に話した"
    made = corrected(raw, hidden={"区長（［電話番号］）に話した": spans})
    assert made.table["text"].tolist() == [text]
    assert made.analysed == [analysed]


def test_words_are_hidden_in_what_is_brought_back() -> None:
    whole = "特になし。"
    made = corrected(whole, restored={("A001", 0, 5)}, hidden={whole: ((0, 2),)})
    assert texts_of(made) == {"O001-A01": "［個人情報］なし。"}
    assert made.hidden == {"O001-A01": text_key(whole)}


def test_without_something_hidden_nothing_is_noted() -> None:
    assert corrected("道が暗い").hidden == {}
    assert corrected("道が暗い", hidden={"ない文": ((0, 1),)}).hidden == {}


NAMES = ("山田", "花子")
SAID = st.lists(
    st.sampled_from(
        [*NAMES, "さんが怖い", "の家", "。", "03-1234-5678", "t@example.jp", "と", "道が暗い"]
    ),
    max_size=6,
).map("".join)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.lists(SAID, max_size=4), st.sets(st.sampled_from(NAMES), min_size=1))
def test_whatever_is_hidden_nothing_is_lost_and_nothing_else_changes(
    texts: list[str], names: set[str]
) -> None:
    before = make_opinions(answers(*texts))
    hidden = {}
    for text in before.table["text"]:
        places = [found.span() for found in re.finditer("|".join(sorted(names)), text)]
        if places:
            hidden[text] = tuple(places)
    made = corrected(*texts, hidden=hidden)
    columns = [own for own in before.table if own != "text"]
    assert_frame_equal(made.table[columns], before.table[columns])
    assert_frame_equal(made.set_aside, before.set_aside)
    assert len(made.analysed) == len(before.analysed)
    for row, analysed, then in zip(
        made.table.itertuples(), made.analysed, before.table["text"], strict=True
    ):
        assert len(analysed) == row.end - row.start
        assert (row.opinion_id in made.hidden) is (then in hidden)
        if then not in hidden:
            assert row.text == then
        for name in names:
            assert name not in row.text
            assert name not in analysed
