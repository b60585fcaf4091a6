"""Public comments are counted by the part of the plan that they are about, all of them."""

from __future__ import annotations

import pytest

from pipeline.lookups import with_answers
from pipeline.report.consultation import NO_PART, PUBLIC_COMMENT, build_consultation
from tests.report_fixture import make_plan, make_tables


@pytest.fixture(scope="module")
def opinions():
    tables = make_tables()
    return with_answers(tables["opinions"], tables["answers"])


def test_every_public_comment_stands_in_one_row_and_answers_add_up(opinions):
    comments = opinions[opinions["source_kind"] == PUBLIC_COMMENT].index
    answered = opinions.assign(response="")
    answered.loc[comments[:3], "response"] = "反映"
    answered.loc[comments[3:4], "response"] = "対象外"
    made = build_consultation(answered, make_plan())
    assert sum(row.n_opinions for row in made.rows) == made.whole.n_opinions == len(comments)
    assert made.whole.answers == (3, 0, 0, 1)
    assert made.whole.n_open == len(comments) - 4
    assert sum(row.n_open for row in made.rows) == made.whole.n_open


def test_what_the_writer_names_goes_before_what_the_words_say(opinions):
    plan = make_plan()
    named = opinions.assign(addressed_id="6-2")
    (row,) = build_consultation(named, plan).rows
    assert (row.part, row.n_named) == ("6-2", row.n_opinions)


def test_rows_follow_the_plan_and_comments_on_no_part_come_last(opinions):
    made = build_consultation(opinions, make_plan())
    parts = [row.part for row in made.rows if row.part]
    assert parts == sorted(parts)
    assert made.rows[-1].label == NO_PART


def test_without_public_comments_there_is_nothing_to_show(opinions):
    assert build_consultation(opinions.assign(source_kind="survey"), make_plan()) is None
