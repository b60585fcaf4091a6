"""Words in their context are cut out of the voices as they stand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.report.kwic import CONTEXT, CUT, LINES_SHOWN, WORDS_SHOWN, KwicLine, find_lines


def test_a_word_stands_between_what_is_before_and_behind_it():
    assert find_lines(["バス"], ["朝のバスが少ない"]) == (KwicLine("朝の", "バス", "が少ない"),)


def test_long_voices_are_cut_and_marked_as_cut():
    (line,) = find_lines(["バス"], ["あ" * 40 + "バス" + "い" * 40])
    assert line == KwicLine(CUT + "あ" * CONTEXT, "バス", "い" * CONTEXT + CUT)


def test_a_voice_that_is_the_word_alone_shows_no_use():
    assert find_lines(["バス"], ["バス"]) == ()


def test_words_that_are_written_otherwise_are_passed_over():
    assert [line.word for line in find_lines(["子供", "公園"], ["こどもの公園がない"])] == ["公園"]


def test_uses_that_are_the_same_stand_once_and_in_the_order_of_what_follows():
    lines = find_lines(["道"], ["暗い道で転ぶ", "狭い道が怖い", "暗い道で転ぶ"])
    assert [line.after for line in lines] == ["が怖い", "で転ぶ"]


def test_line_breaks_in_a_voice_do_not_break_the_line():
    (line,) = find_lines(["バス"], ["朝の\nバス\nが少ない"])
    assert "\n" not in line.before + line.after


@given(
    st.lists(st.text("あいう", min_size=1, max_size=3), max_size=6),
    st.lists(st.text("あいうえ \n", max_size=60), max_size=8),
)
def test_every_line_is_a_slice_of_a_voice_and_there_are_never_too_many(words, texts):
    lines = find_lines(words, texts)
    assert len(lines) <= WORDS_SHOWN * LINES_SHOWN
    voices = [" ".join(text.split()) for text in texts]
    for line in lines:
        whole = line.before.removeprefix(CUT) + line.word + line.after.removesuffix(CUT)
        assert any(whole in voice for voice in voices)
        assert line.word in words
