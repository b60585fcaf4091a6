"""Mending the lines of a plan: what was printed stays, what the PDF added goes."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.plan_import.text import (
    collapse_repeats,
    ends_sentence,
    is_contents_line,
    is_note,
    is_page_number,
    is_ruby,
    join_lines,
    mend_line,
    runs_on,
    tidy,
)

# No letter twice: what is repeated in a test was repeated by the test.
LETTERS = "地域福祉活動計画参加促進新担手困見守居場所声学校施策支合暮町村健康学習防災避難"
distinct = st.lists(
    st.sampled_from(sorted(set(LETTERS))), min_size=2, max_size=20, unique=True
).map("".join)
anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(distinct, st.integers(3, 8))
def test_a_line_printed_several_times_over_is_read_once(text, repeats):
    assert collapse_repeats(text * repeats) == text


@given(distinct, st.integers(3, 8), st.data())
def test_a_line_printed_several_times_over_in_pieces_is_read_once(text, repeats, data):
    cuts = sorted(data.draw(st.sets(st.integers(1, len(text) - 1), max_size=4)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert collapse_repeats("".join(piece * repeats for piece in pieces)) == text


@given(distinct)
def test_a_line_of_four_letters_or_more_printed_twice_is_read_once(text):
    assume(len(text) >= 4)
    assert collapse_repeats(text * 2) == text


@given(distinct)
def test_a_line_without_repetitions_stays(text):
    assert collapse_repeats(text) == text


@given(anything)
def test_mending_twice_is_mending_once(text):
    assert mend_line(mend_line(text)) == mend_line(text)
    assert collapse_repeats(collapse_repeats(text)) == collapse_repeats(text)
    assert tidy(tidy(text)) == tidy(text)


@given(anything)
def test_collapsing_adds_and_reorders_nothing(text):
    rest = iter(text)
    assert all(letter in rest for letter in collapse_repeats(text))


@given(st.text("あいうえおabc漢字、。「」 ", max_size=40), st.data())
def test_joining_what_was_broken_gives_the_text_again(text, data):
    text = "".join(text.split())
    assume(not any(a.isascii() and b.isascii() for a, b in pairwise(text)))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=5)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert join_lines(f"{piece} " for piece in pieces) == text


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("新たな担い手の" * 4 + "参加促" * 4 + "進" * 4, "新たな担い手の参加促進"),
        ("施 策 ① " + "見守りの輪" * 4, "施 策 ① 見守りの輪"),
        ("17." * 4 + "つくる責任" * 4 + "    " + "つかう責任" * 4, "17.つくる責任 つかう責任"),
        ("（２）" * 4 + "ＡＢＣ" * 4 + " " + "の種類" * 4, "（２）ＡＢＣ の種類"),
        ("基本目標１" * 3 + " 支え合い", "基本目標１ 支え合い"),
        ("施施策策①①見見守守りり", "施策①見守り"),
        ("⻄東京市の⼈と⼒を⾒て⽀える", "西東京市の人と力を見て支える"),
        ("NPO､ｺﾐｭﾆﾃｨ", "NPO、コミュニティ"),
        ("居場所\u200bの\x07 　 充実", "居場所の 充実"),
    ],
)
def test_defects_of_a_pdf_are_mended(printed, meant):
    assert mend_line(printed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "いきいき",
        "いきいき わくわく",
        "ひとつひとつの声を聞く",
        "〜キラキラ輝き イキイキと地域で活動しよう〜",
        "ますます元気に",
        "111",
        "2222年",
        "！！！！",
        "いいまち",
        "すももももももものうち",
        "地域の地域による地域のための活動",
    ],
)
def test_what_the_language_repeats_by_itself_stays(text):
    assert mend_line(text) == text


def test_a_sentence_is_only_mended_as_a_whole():
    sentence = "「参加する、参加する、」と言う人が増えます"
    assert collapse_repeats(sentence) == sentence
    assert collapse_repeats(sentence * 4) == sentence


@pytest.mark.parametrize(
    ("before", "after", "full", "joined"),
    [
        ("活動者のネットワークをつくり", "ます", False, True),
        ("活動の参加者を増や", "します（継続）", False, True),
        ("まちづくりに", "取り組みます", False, True),
        ("職員体制", "を強化します", False, True),
        ("福祉に理", "解のある人材を育てます", True, True),
        ("福祉に理", "解のある人材を育てます", False, False),
        ("見守り活動の推進", "あいさつの輪が", False, False),
        ("見守りを広げます", "あいさつの輪が", True, False),
        ("見守りを広げます", "が、人が足りません", False, True),
        ("「手伝って", "ください」と言えます", False, True),
        ("学ぶ子ども", "安心して暮らす人", False, False),
        ("安心できる町", "もしものときに助け合う人", False, False),
        ("", "ます", True, False),
    ],
)
def test_a_line_runs_on_where_no_japanese_line_could_end_or_begin(before, after, full, joined):
    assert runs_on(before, after, full=full) is joined


@pytest.mark.parametrize("text", ["取り組みます", "広がっています。", "しましょう", "安心です！"])
def test_polite_ends_and_full_stops_end_a_sentence(text):
    assert ends_sentence(text)


@pytest.mark.parametrize("text", ["見守りの推進", "増や", "居場所を", ""])
def test_nouns_and_broken_words_end_none(text):
    assert not ends_sentence(text)


@pytest.mark.parametrize("text", ["12", "- 12 -", "１２", "P.12", "― 3 ―"])
def test_numbers_of_pages_are_known(text):
    assert is_page_number(text)


@pytest.mark.parametrize("text", ["2031", "12人", "第3章", ""])
def test_other_numbers_are_none_of_a_page(text):
    assert not is_page_number(text)


def test_lines_of_a_table_of_contents_and_notes_are_known():
    assert is_contents_line("基本目標１ つながり …………… 45")
    assert is_contents_line("基本目標１ つながり ・・・・・ 45")
    assert not is_contents_line("会議を年４回開きます")
    assert is_note("※数は見込みです")
    assert is_note("図表3 相談の数")
    assert not is_note("表にまとめます")


def test_readings_between_the_lines_are_known():
    assert is_ruby("ちいき ふくし", "", "地域福祉の計画")
    assert is_ruby("エスディージーズ", "関連する「SDG s", "」のマークを示し")
    assert not is_ruby("ます", "ネットワークをつくり", "・次の項目")
    assert not is_ruby("やってみたい が かなう", "", "町")
    assert not is_ruby("ボランティア", "", "・次の項目")


def test_spaces_stay_between_japanese_words_and_go_beside_latin_ones():
    assert tidy("組織内 SNS等  の活用") == "組織内SNS等 の活用"
    assert tidy("キラキラ輝き イキイキと") == "キラキラ輝き イキイキと"
    assert tidy("Sustainable Development") == "Sustainable Development"


def test_latin_words_get_their_space_back_when_lines_are_joined():
    assert join_lines(["Sustainable", "Development"]) == "Sustainable Development"
    assert join_lines(["地域の", "SNS", "活用"]) == "地域のSNS活用"
    assert join_lines([]) == ""
