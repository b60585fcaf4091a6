"""Titles: a clause that is true of most voices, or the heading of the dictionary."""

from __future__ import annotations

import pytest

from pipeline.phrases import CLAUSE, NOUN
from pipeline.sides import sides
from pipeline.titles import Candidate, Voice, clause_for_all, find_candidates, title_of_headings
from pipeline.tokens import default_tokenizer


def voice(text: str, heading: str = "", count: int = 1, *, field: str = "", praises: bool = False) -> Voice:  # fmt: skip
    tokens = default_tokenizer().tokenize(text)
    denied = any(token.word in {"ない", "ず", "無い"} for token in tokens)
    words = frozenset(token.word for token in tokens) | frozenset(["ない"] if denied else [])
    return Voice(text, tokens, count, words, sides(tokens), field, heading, praises)


def clause(voices: list[Voice], *names: str, taken: frozenset[str] = frozenset()) -> str:
    found = clause_for_all(find_candidates(voices), voices, names, taken)
    return found.text if found else ""


def voices(*texts: str, heading: str = "") -> list[Voice]:
    return [voice(text, heading) for text in texts]


def candidates(*texts: str) -> list[Candidate]:
    return find_candidates(voices(*texts))


def test_a_candidate_has_its_most_frequent_wording() -> None:
    found = candidates("バスが少ない", "バスが少ない。", "ﾊﾞｽが少ない", "バスは少ない")
    one = next(own for own in found if own.kind == CLAUSE)
    assert one.text == "バスが少ない"
    assert one.said == 4
    assert (one.subject, one.head) == ("バス", "少ない")


def test_a_candidate_is_written_with_its_particle() -> None:
    found = candidates("自然豊か", "自然豊か", "自然豊か", "自然が豊か")
    assert "自然が豊か" in {own.text for own in found}
    assert "自然豊か" not in {own.text for own in found if own.kind == CLAUSE}


def test_a_noun_phrase_is_no_clause() -> None:
    assert {own.kind for own in candidates("子育て支援")} == {NOUN}


BUS = (
    "バスの本数が少ない",
    "バスの本数が少ない。困る",
    "バスの本数が減って不便",
    "バスの本数を増やして",
)


def test_a_clause_that_is_true_of_most_is_the_title() -> None:
    assert clause(voices(*BUS)) == "バスの本数が少ない"


def test_who_wishes_for_a_thing_agrees_that_it_is_lacking() -> None:
    texts = ("広場が少ない", "広場が少ない", "広場がほしい", "広場を増やして")
    assert clause(voices(*texts)).startswith("広場が")


def test_a_title_is_not_used_twice() -> None:
    taken = frozenset(["バスの本数が少ない"])
    assert clause(voices(*BUS), taken=taken) not in taken


def test_a_side_remark_is_no_title() -> None:
    many = [f"祭りが楽しい{'！' * n}" for n in range(29)]
    assert "駐車場" not in clause(voices(*many, "祭りの駐車場が遠い"))


def test_praise_and_complaint_together_make_no_clause() -> None:
    texts = ("店が少ない", "店が少ない", "店がほしい", "店が便利", "店が楽しい")
    assert clause(voices(*texts, heading="店"), "店") == ""


def test_an_answer_to_a_question_for_praise_is_praise_though_no_word_says_so() -> None:
    lacking = voices("店が少ない", "店が少ない", "店がほしい")
    praised = [voice("近くの店", praises=True), voice("店が3軒", praises=True)]
    assert clause(lacking) == "店が少ない"
    assert clause(lacking + praised) == ""


def test_a_name_that_few_say_does_not_name_a_heading() -> None:
    texts = (
        "スター店がほしい",
        "スター店がほしい",
        "服屋がほしい",
        "本屋がほしい",
        "家具屋がほしい",
        "雑貨屋がほしい",
    )
    assert "スター" not in clause(voices(*texts, heading="専門店"), "専門店")


def test_a_subject_that_the_heading_names_speaks_for_all() -> None:
    texts = (
        "娯楽施設がほしい",
        "娯楽施設がほしい",
        "遊園地がほしい",
        "映画館を作ってほしい",
        "水族館がほしい",
    )
    heading = "娯楽・レジャー施設"
    assert clause(voices(*texts, heading=heading), heading) == "娯楽施設がほしい"
    assert clause(voices(*texts)) == ""


def test_a_predicate_that_says_more_than_lacking_needs_to_be_shared() -> None:
    texts = (
        "道路が狭い",
        "道路が暗い",
        "道路がうるさい",
        "道路が危ない",
        "道路が汚い",
        "道路が遠い",
    )
    assert clause(voices(*texts)) == ""


@pytest.mark.parametrize(
    "text",
    ["イベントが少なかった", "給料も安い", "場所が少ない", "便利さがない", "コンビニがある", "車を運転する"],
)  # fmt: skip
def test_what_a_planner_would_not_note_is_no_title(text: str) -> None:
    """Past, half clauses, vague nouns, what merely is or is done."""
    assert clause(voices(text, text, text)) == ""


def test_a_denial_counts_only_where_it_was_said_not_where_its_words_are() -> None:
    """「車がなくて不便」 has every word of 「不便がない」."""
    texts = (
        "特に不便がない",
        "車がなくて移動が不便",
        "店がなくて移動が不便",
        "バスがなくて移動が不便",
        "夜の移動が不便",
    )
    assert clause(voices(*texts)) == "移動が不便"


@pytest.mark.parametrize(
    "text", ["「バス」が少ない", "とても長い名前の町内会連絡協議会の役員が少ない"]
)
def test_brackets_and_long_wordings_are_no_title(text: str) -> None:
    assert all(len(own.text) <= 20 and "「" not in own.text for own in candidates(text, text))


def test_a_heading_is_its_own_title() -> None:
    assert title_of_headings(["公共交通"], voices("バス", heading="公共交通")) == "公共交通"


def test_of_joined_headings_the_two_largest_are_named() -> None:
    said = [voice("治安", "防犯", 5), voice("地震", "防災", 4), voice("火事", "消防", 1)]
    assert title_of_headings(["消防", "防災", "防犯"], said) == "防犯／防災"


def test_a_heading_that_is_nearly_all_stands_alone() -> None:
    said = [voice("治安", "防犯", 9), voice("地震", "防災", 1)]
    assert title_of_headings(["防災", "防犯"], said) == "防犯"


def test_where_two_headings_are_not_enough_the_title_says_that_there_are_more() -> None:
    said = [voice("治安", "防犯", 4), voice("地震", "防災", 3), voice("火事", "消防", 3)]
    assert title_of_headings(["防犯", "防災", "消防"], said) == "防犯／防災 ほか"


def test_where_two_headings_are_less_than_half_their_field_stands_before_them() -> None:
    names = ["草", "虫", "音", "犬", "墓"]
    said = [voice(name, name, field="環境") for name in names]
    assert title_of_headings(names, said) == "環境（草／虫 ほか）"


def test_nobody_has_no_clause() -> None:
    assert clause_for_all([], voices("バス")) is None
