"""Values of too few people join their neighbours, and nobody is left out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.value_groups import group_values
from pipeline.value_order import NO_ANSWER, REST, REST_OR_NO_ANSWER

_VALUES = ["16～17歳", "18～29歳", "30代", "40代", "75歳以上", "回答しない", "その他", NO_ANSWER]
_WORDS = ["東", "西", "南", "北", REST, "その他", NO_ANSWER]


def _names(sizes: dict[str, int]) -> list[str]:
    return [group.name for group in group_values(sizes, 3)]


def test_a_small_band_joins_the_smaller_of_its_neighbours() -> None:
    assert _names({"16～17歳": 2, "22～29歳": 9, "30代": 8}) == ["16～17歳・22～29歳", "30代"]
    assert _names({"20代": 9, "30代": 2, "40代": 5, "50代": 4}) == ["20代", "30代・40代", "50代"]


def test_of_two_equal_neighbours_the_lower_takes_it() -> None:
    assert _names({"20代": 5, "30代": 2, "40代": 5}) == ["20代・30代", "40代"]


def test_three_bands_are_named_by_the_first_and_the_last() -> None:
    assert _names({"20代": 1, "30代": 1, "40代": 1, "50代": 7}) == ["20代から40代", "50代"]


def test_a_small_step_of_a_scale_joins_the_step_beside_it() -> None:
    sizes = {"満足": 5, "やや満足": 30, "やや不満": 9, "不満": 1}
    assert _names(sizes) == ["満足", "やや満足", "やや不満・不満"]


def test_who_says_nothing_joins_no_band_but_others_who_say_nothing() -> None:
    sizes = {"20代": 9, "30代": 3, "回答しない": 2, NO_ANSWER: 1}
    assert _names(sizes) == ["20代", "30代", REST_OR_NO_ANSWER]
    assert _names(sizes | {"回答しない": 9}) == ["20代", "30代", REST_OR_NO_ANSWER]
    assert _names({"20代": 9, "30代": 3, "その他": 2, "回答しない": 1}) == ["20代", "30代", REST]


def test_only_where_even_that_is_too_small_the_smallest_band_takes_it() -> None:
    assert _names({"20代": 9, "30代": 5, NO_ANSWER: 2}) == ["20代", "30代 ほか"]


def test_the_rest_takes_up_first_who_said_least_and_then_the_fewest() -> None:
    few = {"東": 9, "西": 2}
    found = _names(few | {"回答しない": 5, NO_ANSWER: 9})
    assert found == ["東", "回答しない", REST_OR_NO_ANSWER]
    assert _names(few | {"わからない": 9, "回答しない": 5}) == ["東", "わからない", REST]


def test_values_without_an_order_become_the_rest() -> None:
    assert _names({"東": 9, "西": 5, "南": 2, "北": 1}) == ["東", "西", REST]
    assert _names({"東": 9, "西": 4, "南": 5, "北": 1}) == ["東", "南", "西 ほか"]


@given(
    st.one_of(
        st.dictionaries(st.sampled_from(_VALUES), st.integers(1, 9), min_size=1),
        st.dictionaries(st.sampled_from(_WORDS), st.integers(1, 9), min_size=1),
    )
)
def test_nobody_is_left_out_and_every_column_is_large_enough(sizes: dict[str, int]) -> None:
    groups = group_values(sizes, 3)
    assert sorted(value for group in groups for value in group.members) == sorted(sizes)
    assert len({group.name for group in groups}) == len(groups)
    people = [sum(sizes[value] for value in group.members) for group in groups]
    assert min(people) >= 3 or sum(sizes.values()) < 3
    assert groups == group_values(dict(reversed(sizes.items())), 3)
