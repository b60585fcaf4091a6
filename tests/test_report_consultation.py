"""Public comments are counted by the part of the plan that they are about, all of them."""

from __future__ import annotations

import pytest

from pipeline.report.consultation import NO_PART, build_consultation
from pipeline.study import PUBLIC_COMMENT
from tests.report_fixture import make_manifest, make_plan, make_tables


@pytest.fixture(scope="module")
def tables():
    return make_tables()


@pytest.fixture(scope="module")
def comments(tables):
    """Rows of the opinions that are public comments."""
    kinds = tables["answers"].set_index("answer_id")["source_kind"]
    opinions = tables["opinions"]
    return opinions.index[opinions["answer_id"].map(kinds) == PUBLIC_COMMENT]


def built(tables, **changed):
    opinions = tables["opinions"].assign(**changed)
    return build_consultation(tables | {"opinions": opinions}, make_plan(), make_manifest(tables))


def test_every_public_comment_stands_in_one_row_and_answers_add_up(tables, comments):
    response = tables["opinions"]["response"].copy()
    response.loc[comments[:3]] = "反映"
    response.loc[comments[3:4]] = "対象外"
    made = built(tables, response=response)
    assert sum(row.n_opinions for row in made.rows) == made.whole.n_opinions == len(comments)
    assert made.whole.answers == (3, 0, 0, 1)
    assert made.whole.n_open == len(comments) - 4
    assert sum(row.n_open for row in made.rows) == made.whole.n_open


def test_what_the_writer_names_goes_before_what_the_words_say(tables):
    (row,) = built(tables, addressed_id="6-2").rows
    assert (row.part, row.n_named) == ("6-2", row.n_opinions)


def test_rows_follow_the_plan_and_comments_on_no_part_come_last(tables):
    made = built(tables)
    parts = [row.part for row in made.rows if row.part]
    assert parts == sorted(parts)
    assert made.rows[-1].label == NO_PART


def test_what_is_only_a_contact_waits_for_no_answer_and_is_said(tables, comments):
    text = tables["opinions"]["text"].copy()
    text.loc[comments[0]] = "連絡先：［メールアドレス］"
    made = built(tables, text=text)
    assert made.n_contacts == 1
    assert made.whole.n_opinions == len(comments) - 1


def test_a_part_that_was_written_and_not_understood_is_counted(tables, comments):
    opinions = tables["opinions"]
    answers = tables["answers"].set_index("answer_id", drop=False)
    answers["attr_該当箇所"] = ""
    unread, read = opinions.loc[comments[0]], opinions.loc[comments[1]]
    answers.loc[unread["answer_id"], "attr_該当箇所"] = "第5章　財源"
    answers.loc[read["answer_id"], "attr_該当箇所"] = "基本目標3"
    addressed = opinions["addressed_id"].where(opinions["answer_id"] != read["answer_id"], "3")
    made = built(tables | {"answers": answers.reset_index(drop=True)}, addressed_id=addressed)
    assert made.n_unread == (opinions["answer_id"] == unread["answer_id"]).sum()
    assert made.whole.n_named == (opinions["answer_id"] == read["answer_id"]).sum()


def test_people_from_whom_no_opinion_was_taken_are_told_apart(tables):
    answers = tables["answers"].copy()
    answers.loc[answers["answer_id"] == "B00000", "source_kind"] = PUBLIC_COMMENT
    made = built(tables | {"answers": answers})
    assert (made.n_silent, made.n_writing) == (1, made.whole.n_people + 1)


def test_without_public_comments_there_is_nothing_to_show(tables):
    answers = tables["answers"].assign(source_kind="survey")
    assert built(tables | {"answers": answers}) is None
