"""What passes most values over changes nothing of what columns are taken for."""

from __future__ import annotations

import random
import re
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.documents import headrows, norecords, values
from pipeline.documents.cells import is_error
from pipeline.documents.values import profile_values

_FORMAL = (values._NUMBER, values._DATE, values._ADDRESS, values._CODE, values._CONTACT)
_LIKE = st.one_of(
    *(st.from_regex(pattern, fullmatch=True) for pattern in (*_FORMAL, values._NO_ANSWER)),
    st.text(
        st.sampled_from("0123456789-+,./年月日RH令和平成〒(): @あ特になし無ー－٣#N/A"), max_size=12
    ),
)
_WORDS = ["", "特になし", "はい", "いいえ", "1", "12", "A;B", "A;C", "B;C", "A;B;C", "バスが少ない。", "その他（夜の音がうるさい）", "#N/A", "＃N/A", "○", "10代、20代", "20代、30代", "30代", "Ａ１"]  # fmt: skip


@settings(derandomize=True, max_examples=400, deadline=None)
@given(_LIKE)
def test_no_number_date_address_code_or_contact_is_passed_over(text: str) -> None:
    cell = unicodedata.normalize("NFKC", text).strip()
    if cell and any(pattern.match(cell) for pattern in _FORMAL):
        assert values._formal({cell: 1}) == [cell]


@settings(derandomize=True, max_examples=400, deadline=None)
@given(_LIKE)
def test_whatever_says_nothing_is_left_out(text: str) -> None:
    cell = unicodedata.normalize("NFKC", text).strip()
    if cell:
        assert (cell in values._telling({cell: 1})) == (not values._NO_ANSWER.match(cell))


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.text(st.sampled_from("#N/A ERr:502REF!＃あ"), max_size=8))
def test_every_error_of_a_formula_is_seen_by_its_beginning(text: str) -> None:
    fold = re.fullmatch(r"\s*(?:#N/A|#REF!?|Err:\d{3})\s*", text)
    assert is_error(text) or not fold


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.lists(_LIKE, max_size=8))
def test_a_column_of_values_is_one_by_its_cells_one_by_one(cells: list[str]) -> None:
    stripped = [cell.strip() for cell in cells if cell.strip()]
    n_values = sum(headrows._is_value(cell) for cell in stripped)
    assert headrows._holds_values(stripped) == (n_values > headrows._MUCH * len(stripped))


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.text(st.sampled_from("総小合計数平均値点件回答者集計totalＴ: ：\u3000㌽"), max_size=6))
def test_no_word_for_a_total_begins_otherwise(text: str) -> None:
    bare = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    assert norecords._bare(text) == bare
    if norecords._TOTAL.fullmatch(bare):
        assert bare[0] in norecords._TOTAL_BEGINS


def test_the_order_of_the_rows_does_not_matter() -> None:
    picked = random.Random(3)
    for _ in range(200):
        column = picked.choices(_WORDS, k=picked.randrange(1, 40))
        assert profile_values(sorted(column)) == profile_values(column)


def test_options_are_counted_no_further_than_there_may_be_any() -> None:
    many = [f"選択{number};選択{number + 1}" for number in range(200)] * 3
    assert profile_values(many).separator is None
    few = [f"選択{number % 9};選択{number % 7 + 9}" for number in range(200)]
    assert profile_values(few).n_options == 16
