"""What people may write into a yellow cell, and what they are told where it is not known."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.decisions import NO_ISSUE
from pipeline.lookups import goal_labels, measure_labels
from pipeline.plan import NO_GOAL
from pipeline.review.privacy_cell import hidden_words
from pipeline.review.values import (
    HIDE_ALL_CHOICE,
    LONGEST_CHOICE,
    NEW_ISSUE_CHOICE,
    NO_GOAL_CHOICE,
    NO_ISSUE_CHOICE,
    NO_MEASURE_CHOICE,
    RESTORE_CHOICE,
    WITHDRAW_CHOICE,
    UnreadableError,
    fold_cell,
    goal_value,
    is_choice,
    issue_value,
    kind_value,
    measure_value,
    move_value,
    new_title,
    status_value,
)
from pipeline.wording import ISSUE_STATUSES, OPINION_KINDS

if TYPE_CHECKING:
    from pipeline.plan import Plan

TITLES = {"I001": "バスがない", "I002": "道が狭い", "I003": "道が狭い", "I1004": "ＡＢＣの会"}
WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})

NONE_WRITTEN = [
    "なし",
    "無し",
    "ない",
    "0",
    "０",
    "－",
    "-",
    " なし ",
    "なし（どれでもない）",
    "なし どれでもない",
]


# Goals and measures


@pytest.mark.parametrize(
    "written",
    [
        "2", "２", " 2 ", "2 支え合うまち", "２　支え合うまち", "2 なんでも", "支え合うまち", "目標2", "目標２", "目標 2",
        "基本目標2", "基本目標2 支え合うまち", "2（支え合うまち）", "2(支え合うまち)",
    ],
)  # fmt: skip
def test_a_goal_is_named_by_number_or_name_in_any_width(written: str, small_plan: Plan) -> None:
    assert goal_value(written, small_plan) == "2"


@pytest.mark.parametrize("written", [*NONE_WRITTEN, NO_GOAL_CHOICE])
def test_no_goal_can_be_written_in_many_ways(written: str, small_plan: Plan) -> None:
    assert goal_value(written, small_plan) == NO_GOAL


@pytest.mark.parametrize("written", ["9", "目標9", "支え合う", "2.5", "1-1", "？", "なしかも"])
def test_a_goal_that_the_plan_does_not_have_is_told_with_those_that_it_has(
    written: str, small_plan: Plan
) -> None:
    with pytest.raises(UnreadableError) as caught:
        goal_value(written, small_plan)
    assert str(caught.value) == (
        f"目標「{written}」は、この計画にありません（使えるもの: 1、2、3、なし）"
    )


@pytest.mark.parametrize(
    "written", ["1-2", "１－２", "1-2 防災", "防災", "施策1-2", "施策 1-2 防災", "1-2（防災）"]
)
def test_a_measure_is_named_by_number_or_name(written: str, small_plan: Plan) -> None:
    assert measure_value(written, small_plan) == "1-2"


@pytest.mark.parametrize("written", [*NONE_WRITTEN, NO_MEASURE_CHOICE])
def test_no_measure_can_be_written_in_many_ways(written: str, small_plan: Plan) -> None:
    assert measure_value(written, small_plan) == ""


@pytest.mark.parametrize("written", ["1", "9-1", "防"])
def test_a_measure_that_the_plan_does_not_have_is_told(written: str, small_plan: Plan) -> None:
    with pytest.raises(UnreadableError, match=r"施策「.+」は.*使えるもの: 1-1、1-2、2-1、なし"):
        measure_value(written, small_plan)


@pytest.mark.parametrize("hyphen", list("ー−‐–—"))
def test_every_hyphen_that_a_keyboard_gives_may_stand_in_a_measure(
    hyphen: str, small_plan: Plan
) -> None:
    assert measure_value(f"1{hyphen}2", small_plan) == "1-2"


def test_a_measure_that_excel_made_a_date_of_is_told(small_plan: Plan) -> None:
    with pytest.raises(UnreadableError, match="「2026-01-02」は日付に変わっています"):
        measure_value("2026-01-02", small_plan)


@pytest.mark.parametrize("written", ["1つながり", "１．つながりのあるまち", "第1", "1、つながり"])
def test_a_number_and_a_name_may_stand_close_together(written: str, small_plan: Plan) -> None:
    assert goal_value(written, small_plan) == "1"


def test_a_number_with_the_name_of_another_goal_is_told(small_plan: Plan) -> None:
    with pytest.raises(UnreadableError):
        goal_value("1支え合うまち", small_plan)


def test_every_choice_of_a_list_is_understood(small_plan: Plan) -> None:
    for own, label in goal_labels(small_plan).items():
        assert goal_value(label, small_plan) == own
    for own, label in measure_labels(small_plan).items():
        assert measure_value(label, small_plan) == own
    for own, title in TITLES.items():
        assert issue_value(f"{own} {title}", TITLES) == own


def test_a_goal_whose_name_begins_with_the_word_goal_can_be_named(small_plan: Plan) -> None:
    goals = [
        goal.model_copy(update={"name": "目標をもてるまち"}) if goal.id == "2" else goal
        for goal in small_plan.goals
    ]
    plan = small_plan.model_copy(update={"goals": tuple(goals)})
    assert goal_value("目標をもてるまち", plan) == "2"


def test_a_name_that_two_goals_have_names_neither(small_plan: Plan) -> None:
    goals = [goal.model_copy(update={"name": "まち"}) for goal in small_plan.goals]
    plan = small_plan.model_copy(update={"goals": tuple(goals)})
    with pytest.raises(UnreadableError):
        goal_value("まち", plan)
    assert goal_value("2 まち", plan) == "2"


# Kinds and judgements


def test_kinds_are_written_as_the_list_says_or_by_their_code() -> None:
    for code, label in OPINION_KINDS.items():
        assert [kind_value(own) for own in (label, f" {label} ", code)] == [code] * 3


@pytest.mark.parametrize("written", ["苦情", "なし", "0"])
def test_another_kind_is_told_with_those_that_there_are(written: str) -> None:
    with pytest.raises(UnreadableError, match="使えるもの: 問題、要望、よい点、その他"):
        kind_value(written)


def test_judgements_are_the_three_of_the_list() -> None:
    assert [status_value(f"　{own}") for own in ISSUE_STATUSES] == list(ISSUE_STATUSES)
    for written in ("可決", "なし", "採用？", "未"):
        with pytest.raises(
            UnreadableError, match=f"判定「{written}」.*使えるもの: 採用、保留、却下"
        ):
            status_value(written)


# Issues


@pytest.mark.parametrize(
    "written", ["I001", "i001", "Ｉ００１", "I001 バスがない", "I001 もとの題", "I001（バス）", "バスがない", " ﾊﾞｽがない "]
)  # fmt: skip
def test_an_issue_is_named_by_its_number_or_its_title(written: str) -> None:
    assert issue_value(written, TITLES) == "I001"


def test_a_title_in_another_width_names_the_issue() -> None:
    assert issue_value("ABCの会", TITLES) == "I1004"


@pytest.mark.parametrize("written", ["I099", "I099 バスがない", "道が狭い", "I1", "1", "ない題"])
def test_an_issue_that_is_not_there_or_a_title_of_two_is_told(written: str) -> None:
    with pytest.raises(UnreadableError, match="この結果にありません（一覧から選んでください）"):
        issue_value(written, TITLES)


def test_a_long_text_is_told_in_short() -> None:
    with pytest.raises(UnreadableError) as caught:
        issue_value("長" * 5000, TITLES)
    assert f"課題「{'長' * LONGEST_CHOICE}」" in str(caught.value)


@pytest.mark.parametrize("written", [*NONE_WRITTEN, NO_ISSUE_CHOICE])
def test_an_opinion_can_be_moved_to_no_issue(written: str) -> None:
    assert move_value(written, TITLES) == NO_ISSUE


def test_an_opinion_can_be_moved_to_an_issue() -> None:
    assert move_value("i002", TITLES) == "I002"
    with pytest.raises(UnreadableError):
        move_value("I099", TITLES)


@pytest.mark.parametrize(
    "written",
    ["新：雪かき", "新:雪かき", "新 ： 雪かき", "　新：　雪かき　", "新：雪かき\n", "新︓雪かき"],
)
def test_a_new_issue_is_asked_for_with_its_title(written: str) -> None:
    assert new_title(written) == "雪かき"


def test_spaces_and_lines_of_a_new_title_become_one_space() -> None:
    assert new_title("新：雪 \n　かき") == "雪 かき"
    assert new_title("新：２４ｈ：見守り") == "24h:見守り"


@pytest.mark.parametrize(
    "written", ["雪かき", "I001", "なし", "新しい課題", "新", "新雪：多い", ""]
)
def test_anything_else_asks_for_no_new_issue(written: str) -> None:
    assert new_title(written) is None


@pytest.mark.parametrize("written", ["新：", "新： ", "新:"])
def test_a_new_issue_without_a_title_is_told(written: str) -> None:
    with pytest.raises(UnreadableError, match="「新：」に続けて"):
        new_title(written)


def test_the_words_of_the_list_alone_are_no_title() -> None:
    with pytest.raises(UnreadableError, match="題を、「新：」に続けて書いてください"):
        new_title(NEW_ISSUE_CHOICE)


# Words to hide, and cells of one choice


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("山田", ("山田",)),
        ("山田、田中", ("山田", "田中")),
        ("山田,田中，佐藤\n鈴木", ("山田", "田中", "佐藤", "鈴木")),
        (" 山田　", ("山田",)),
        ("山田　太郎", ("山田　太郎",)),
        ("ﾔﾏﾀﾞ", ("ﾔﾏﾀﾞ",)),
        ("全文を伏せる", ()),
        (HIDE_ALL_CHOICE, ()),
        ("あり", ()),
        ("１", ()),
        ("〇", ()),
    ],
)
def test_words_to_hide_are_taken_as_they_are_written(written: str, words: tuple[str, ...]) -> None:
    assert hidden_words(written) == words


@pytest.mark.parametrize("written", ["、", ",", " 、\n"])
def test_a_cell_of_separators_hides_all_rather_than_nothing(written: str) -> None:
    assert hidden_words(written) == ()


@pytest.mark.parametrize("choice", [RESTORE_CHOICE, WITHDRAW_CHOICE])
def test_a_cell_of_one_choice_may_be_ticked_in_several_ways(choice: str) -> None:
    for written in (choice, f" {choice}", "○", "〇", "1", "１", "はい", "レ", "✓"):
        assert is_choice(written, choice)
    for written in ("いいえ", "0", "×", "戻さない", choice * 2):
        with pytest.raises(UnreadableError, match=f"「{choice}」を選ぶか、空のままにします"):
            is_choice(written, choice)


# Whatever is written

WRITTEN = st.text(max_size=12) | st.lists(
    st.sampled_from(
        [
            "目標",
            "施策",
            "新",
            "：",
            "なし",
            "0",
            "1",
            "2",
            "-",
            "（",
            " ",
            "　",
            "I001",
            "支え合うまち",
            "、",
            "\n",
        ]
    ),
    max_size=5,
).map("".join)


@given(WRITTEN)
def test_a_cell_is_understood_or_refused_and_never_anything_else(
    small_plan: Plan, written: str
) -> None:
    for read, known in (
        (lambda: goal_value(written, small_plan), {NO_GOAL, *goal_labels(small_plan)}),
        (lambda: measure_value(written, small_plan), {"", *measure_labels(small_plan)}),
        (lambda: kind_value(written), set(OPINION_KINDS)),
        (lambda: status_value(written), set(ISSUE_STATUSES)),
        (lambda: issue_value(written, TITLES), set(TITLES)),
        (lambda: move_value(written, TITLES), {NO_ISSUE, *TITLES}),
    ):
        try:
            value = read()
        except UnreadableError:
            continue
        assert value in known


@given(WRITTEN)
def test_full_and_half_width_are_understood_alike(small_plan: Plan, written: str) -> None:
    def found(text: str) -> str:
        try:
            return goal_value(text, small_plan)
        except UnreadableError:
            return "refused"

    assert found(written.translate(WIDE)) == found(written)
    assert fold_cell(fold_cell(written)) == fold_cell(written)


@given(WRITTEN)
def test_words_to_hide_are_parts_of_the_cell_without_separators(written: str) -> None:
    for word in hidden_words(written):
        assert word
        assert word in written
        assert word == word.strip()
        assert not set(word) & set("、,，\n")


@given(WRITTEN)
def test_a_new_title_is_one_line_without_space_around_it(written: str) -> None:
    try:
        title = new_title(written)
    except UnreadableError:
        return
    if title is not None:
        assert title == " ".join(title.split())
        assert title == unicodedata.normalize("NFKC", title)
        assert title
