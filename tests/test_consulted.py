"""Public comments: what belongs together, what is written of the plan, what is only a contact."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.consulted import is_contact, public_comments, written_addresses
from tests.report_fixture import make_plan, make_tables


@pytest.fixture(scope="module")
def tables():
    return make_tables()


def test_every_opinion_of_a_public_comment_is_there_once_and_no_other(tables):
    made = public_comments(tables["opinions"], tables["answers"], make_plan())
    kinds = tables["answers"].set_index("answer_id")["source_kind"]
    of = tables["opinions"]["answer_id"].map(kinds)
    expected = tables["opinions"].loc[of == "public_comment", "opinion_id"]
    assert sorted(made["opinion_id"]) == sorted(expected)


def test_the_order_of_rows_changes_no_part(tables):
    opinions = tables["opinions"].copy()
    ids = tables["answers"].loc[tables["answers"]["source_kind"] == "public_comment", "answer_id"]
    own = opinions["answer_id"].isin(ids)
    opinions.loc[own, "answer_id"] = min(ids)  # one long answer
    opinions["start"] = range(len(opinions))
    made = public_comments(opinions, tables["answers"], make_plan())
    turned = public_comments(opinions.iloc[::-1], tables["answers"].iloc[::-1], make_plan())
    pd.testing.assert_frame_equal(made, turned)
    assert len(set(made["part"])) == 1


def test_runs_of_earlier_versions_address_nothing(tables):
    opinions = tables["opinions"].drop(columns=["response", "addressed_id"])
    made = public_comments(opinions, tables["answers"], make_plan())
    assert not made["is_named"].any()
    assert set(made["response"]) == {""}


def test_the_column_that_the_study_names_is_read_under_its_attribute(tables):
    answers = tables["answers"].assign(attr_章="第9章")
    source = {"id": "S4", "attributes": {"章": "意見の章"}, "addresses_column": "意見の章"}
    found = written_addresses(answers, [source])
    assert set(found.values()) == {"第9章"}
    assert set(found) == set(answers.loc[answers["source_kind"] == "public_comment", "answer_id"])
    assert written_addresses(answers) == {}


@pytest.mark.parametrize(
    "text",
    ["連絡先：［メールアドレス］", "TEL　［電話番号］", "（お問い合わせ先は［URL］です。）", "［個人情報］", "〒［郵便番号］ 住所"],
)  # fmt: skip
def test_a_label_and_a_mask_are_a_contact(text):
    assert is_contact(text)


@pytest.mark.parametrize(
    "text",
    ["連絡先が分かりません", "［電話番号］に何度かけても出ません", "", "氏名 港野 ［電話番号］", "相談窓口を市役所に置く［URL］"],
)  # fmt: skip
def test_whatever_else_is_said_is_an_opinion(text):
    assert not is_contact(text)
