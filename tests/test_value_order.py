"""Values stand in the order in which a reader expects them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.value_order import (
    NO_ANSWER,
    REST,
    is_banded,
    is_ordered,
    order_values,
    spelling,
)

SCALES = (
    ["満足している", "やや満足", "どちらともいえない", "やや不満足", "不満である"],
    ["とてもそう思う", "そう思う", "ややそう思う", "あまりそうは思わない", "そうは思わない", "全くそうは思わない"],
    ["とてもよい", "まあよい", "ふつう", "あまりよくない", "よくない"],
    ["よく知っている", "少し知っている", "ほとんど知らない", "まったく知らない"],
    ["よくある", "ときどきある", "ほとんどない", "ない"],
    ["ゆとりがある", "ややゆとりがある", "ふつう", "やや苦しい", "大変苦しい"],
)  # fmt: skip


def _sizes(values: list[str]) -> dict[str, int]:
    return {value: number % 3 + 1 for number, value in enumerate(values)}


def test_bands_stand_in_the_order_of_their_numbers_whatever_the_digits() -> None:
    bands = ["18歳未満", "18～29歳", "３０～３９歳", "75歳以上", "１００歳以上"]
    assert order_values(_sizes(bands[::-1])) == bands
    money = ["200円以下", "500円", "1,000円未満", "1,000円以上"]
    assert order_values(_sizes(money[::-1])) == money


@pytest.mark.parametrize("scale", SCALES)
@given(chance=st.randoms(use_true_random=False))
def test_the_steps_of_a_scale_stand_from_yes_to_no_whatever_their_sizes(scale, chance) -> None:
    mixed = [*scale, "わからない", NO_ANSWER]
    chance.shuffle(mixed)
    assert order_values(_sizes(mixed)) == [*scale, "わからない", NO_ANSWER]
    assert is_ordered(mixed)


def test_words_that_are_no_steps_of_one_scale_stand_by_size() -> None:
    assert not is_ordered(["男性", "女性", "回答しない"])
    # Two of the same step, and one that is none: no order is made up.
    assert order_values({"不満": 1, "不満である": 3, "満足": 2}) == ["不満である", "満足", "不満"]
    assert order_values({"満足": 1, "不満": 2, "不満が多い": 3})[0] == "不満が多い"


def test_other_values_stand_by_size_and_those_that_say_nothing_last() -> None:
    sizes = {NO_ANSWER: 9, "西": 4, REST: 8, "東": 4, "その他": 7, "中央": 5}
    assert order_values(sizes) == ["中央", "東", "西", "その他", REST, NO_ANSWER]


def test_two_values_that_are_yes_and_no_are_a_scale_already() -> None:
    assert order_values({"ない": 9, "ある": 3}) == ["ある", "ない"]


def test_bands_are_two_or_more_values_with_numbers_whatever_says_nothing() -> None:
    assert is_banded(["30代", "40代"])
    assert is_banded(["30代", "４０代", NO_ANSWER, "その他"])
    assert not is_banded(["30代", NO_ANSWER])
    assert not is_banded(["30代", "40代", "学生"])
    assert not is_banded([NO_ANSWER, "その他"])


def test_width_and_number_of_spaces_make_no_other_spelling() -> None:
    assert spelling(" １８　 ～ 29歳　") == spelling("18 ~ 29歳") == "18 ~ 29歳"
