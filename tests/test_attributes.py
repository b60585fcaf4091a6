"""An attribute has one value a person, in an order that a reader expects, or no table."""

from __future__ import annotations

import random

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from pipeline.attributes import find_attributes
from pipeline.disclosure import Policy
from pipeline.value_order import NO_ANSWER, REST_OR_NO_ANSWER


def _answers(values: list[str], source: str = "S", name: str = "年代") -> pd.DataFrame:
    people = [f"{source}-{number}" for number in range(len(values))]
    return pd.DataFrame({"source_id": source, "respondent_id": people, f"attr_{name}": values})


def _find(answers: pd.DataFrame, threshold: int = 3):
    return find_attributes(answers, set(answers["respondent_id"]), Policy(threshold))


@given(st.permutations(["10代", "20代"] * 4 + ["30代", "", ""]))
def test_the_order_of_rows_changes_nothing(values: list[str]) -> None:
    found = _find(_answers(values))[0][0]
    # One of 30代 is too few, and so are those two without an answer.
    assert found.columns == ("10代 ほか", "20代・30代")


def test_spellings_of_one_value_are_one_value() -> None:
    found = _find(_answers(["30代"] * 3 + ["３０代 "] * 2 + ["40代"] * 3))[0][0]
    assert found.columns == ("30代", "40代")


def test_a_person_with_several_values_has_the_one_given_most_often() -> None:
    rows = [("P1", "西"), ("P1", "東"), ("P1", "東"), ("P2", "西"), ("P2", "東"), ("P3", "")]
    rows += [(f"Q{n}", "西") for n in range(3)] + [(f"R{n}", "東") for n in range(3)]
    answers = pd.DataFrame(rows, columns=["respondent_id", "attr_地区"]).assign(source_id="S")
    value_of = _find(answers, threshold=1)[0][0].value_of
    # A tie goes to the value that comes first.
    assert (value_of["P1"], value_of["P2"], value_of["P3"]) == ("東", "東", NO_ANSWER)


def test_only_those_are_counted_whom_their_source_asked() -> None:
    asked, others = _answers(["30代"] * 4 + ["40代"] * 4 + [""] * 3), _answers([""] * 5, "M")
    found = _find(pd.concat([asked, others], ignore_index=True))[0][0]
    assert found.columns == ("30代", "40代", NO_ANSWER)
    assert set(found.value_of) == set(asked["respondent_id"])


def test_values_of_too_few_people_become_one_that_is_large_enough() -> None:
    found = _find(_answers(["東"] * 9 + ["西"] * 4 + ["南"] * 5 + ["北"]))[0][0]
    assert found.columns == ("東", "南", "西 ほか")
    assert sum(value == "西 ほか" for value in found.value_of.values()) == 5


def test_one_person_without_an_answer_does_not_take_the_name_of_a_band_away() -> None:
    found = _find(_answers(["20代"] * 9 + ["30代"] * 5 + [""]))[0][0]
    assert found.columns == ("20代", "30代 ほか")
    beside = _find(_answers(["女性"] * 9 + ["男性"] * 9 + ["回答しない"] * 20 + [""]))[0][0]
    assert beside.columns == ("女性", "男性", REST_OR_NO_ANSWER)


def test_what_is_not_fit_is_named_with_the_reason() -> None:
    several = _answers(["新聞;テレビ", "新聞", "テレビ；ラジオ", "新聞、雑誌"])
    many = _answers([f"{number}丁目" for number in range(13)] * 3)
    one = _answers(["はい"] * 9)
    for answers, reason in ((several, "いくつも選べる"), (many, "13種類"), (one, "一つだけ")):
        fit, unfit = _find(answers)
        assert fit == []
        assert reason in unfit[0][1]


def test_a_thousand_with_its_comma_is_one_value() -> None:
    assert _find(_answers(["1,000円未満"] * 4 + ["1,000円以上"] * 4))[1] == []


def test_of_two_attributes_that_say_the_same_the_first_has_a_table() -> None:
    ages = ["20代", "30代", "40代", "50代"] * 5
    bands = {"20代": "若い", "30代": "若い", "40代": "若くない", "50代": "若くない"}
    answers = _answers(ages).assign(attr_世代=[bands[age] for age in ages])
    fit, unfit = _find(answers)
    assert [own.name for own in fit] == ["年代"]
    assert unfit[0][0] == "世代"
    assert "「年代」" in unfit[0][1]


def test_one_number_in_other_bands_is_one_attribute_and_two_numbers_are_two() -> None:
    chance = random.Random(4)
    ages = [chance.randint(18, 89) for _ in range(200)]
    years = [chance.randint(0, min(age, 40)) for age in ages]
    answers = pd.DataFrame(
        {
            "source_id": "S",
            "respondent_id": [f"P{n}" for n in range(200)],
            "attr_年代": [f"{age // 10 * 10}代" for age in ages],
            "attr_年齢層": [
                "40歳未満" if a < 40 else "40～64歳" if a < 65 else "65歳以上" for a in ages
            ],
            "attr_居住年数": [f"{year // 10 * 10}年以上" for year in years],
        }
    )
    fit, unfit = find_attributes(answers, set(answers["respondent_id"]), Policy())
    assert [one.name for one in fit] == ["年代", "居住年数"]
    assert [name for name, _ in unfit] == ["年齢層"]
