"""Phrases: slices of an opinion that could head an issue and mean what the opinion means."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.phrases import CLAUSE, NOUN, find_phrases
from pipeline.privacy import blank, find_personal, mask
from pipeline.tokens import default_tokenizer


def phrases(text: str, kind: str = "") -> list[str]:
    found = find_phrases(text, default_tokenizer().tokenize(text))
    return [phrase.text for phrase in found if kind in ("", phrase.kind)]


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("とても暮らしやすいから", "暮らしやすい"),
        ("手続きの紙が分かりにくい。", "分かりにくい"),
        ("歩きづらい道です", "歩きづらい"),
    ],
)
def test_how_easy_something_is_needs_no_noun(text: str, phrase: str) -> None:
    assert phrase in phrases(text, CLAUSE)


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("遊べる場所が少ないです。", "遊べる場所が少ない"),
        ("子どもの居場所がないので困る", "居場所がない"),
        ("バスの本数を増やしてほしい", "バスの本数を増やしてほしい"),
        ("町内会の役員になりたくない", "町内会の役員になりたくない"),
        ("道路がガタガタです", "道路がガタガタ"),
        ("車がないと移動が不便です", "移動が不便"),
        ("老後が不安だ", "老後が不安"),
        ("会費の使い道を公開してください", "会費の使い道を公開してください"),
        ("仕事が県外にある", "仕事が県外にある"),
        ("広報を全戸に周知すべきだ", "全戸に周知すべき"),
        ("近くにスーパーがあるところ", "近くにスーパーがある"),
        ("空き家が増えていくから心配", "空き家が増えていく"),
    ],
)
def test_a_clause_ends_where_a_plain_sentence_can(text: str, clause: str) -> None:
    assert clause in phrases(text, CLAUSE)


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("道路の整備をしてほしい", "道路の整備"),
        ("遊べる場所が少ない", "遊べる場所"),
        ("防災訓練の日", "防災訓練"),
        ("子育て支援", "子育て支援"),
    ],
)
def test_a_noun_phrase_is_whole(text: str, noun: str) -> None:
    assert noun in phrases(text, NOUN)


@pytest.mark.parametrize(
    "text",
    [
        "居場所がない", "バスが少なくない", "相談できない", "役員をやりたくない", "道が広くありません",
        "会費が足りません", "誰も手伝ってくれない", "ごみが落ちていない", "字が読めず困る",
    ],
)  # fmt: skip
def test_no_clause_loses_its_negation(text: str) -> None:
    for phrase in find_phrases(text, default_tokenizer().tokenize(text)):
        if phrase.kind == CLAUSE:
            assert "ない" in phrase.words or "無い" in phrase.words, phrase


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("街が便利だとは思わない", "街が便利"),
        ("道が狭いとは言えない", "道が狭い"),
        ("会費が高いわけではない", "会費が高い"),
        ("車がないと生活できない", "車がない"),
        ("都会にない自然", "都会にない"),
        ("車を運転できない人が困る", "車を運転できない"),
        ("若者の働く場所", "若者の働く"),
        ("子どもが頻繁に使う道", "子どもが頻繁"),
    ],
)
def test_what_is_denied_a_condition_or_a_description_is_no_clause(text: str, wrong: str) -> None:
    assert wrong not in phrases(text)


@pytest.mark.parametrize(
    "text",
    ["ところ買い物が不便", "ことを知りたい", "ままにぎやかな商店街", "ものが多い", "ためになる話"],
)
def test_no_phrase_begins_with_a_noun_that_needs_one_before_it(text: str) -> None:
    for phrase in phrases(text):
        assert not phrase.startswith(("ところ", "こと", "まま", "もの", "ため"))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("県外にあるから", "県外にある"),
        ("町でしたいこと", "町でしたい"),
        ("大事という意見", "大事という"),
        ("広報に周知すべき", "広報に周知す"),
        ("丁寧に対応してくださる", "対応してくださる"),
        ("一度でいい", "一度でいい"),
    ],
)
def test_a_light_verb_needs_its_subject_or_object(text: str, wrong: str) -> None:
    assert wrong not in phrases(text)


PIECES = st.lists(
    st.sampled_from(
        ["バス", "の", "本数", "が", "を", "少ない", "増やして", "ほしい", "ない", "ところ", "こと", "、", "。",
         " ", "\n", "広い", "公園", "で", "遊べる", "する", "と", "思わない", "3", "（", "）", "子ども", "です"]
    ),
    max_size=12,
).map("".join)  # fmt: skip


@settings(derandomize=True, max_examples=300, deadline=None)
@given(PIECES | st.text(max_size=20))
def test_every_phrase_is_a_slice_with_words_of_the_opinion(text: str) -> None:
    tokens = default_tokenizer().tokenize(text)
    known = {token.word for token in tokens} | {"ない"}
    for phrase in find_phrases(text, tokens):
        assert phrase.text in text
        assert phrase.text == phrase.text.strip()
        assert phrase.kind in (CLAUSE, NOUN)
        assert phrase.words
        assert phrase.words <= known


def test_a_masked_person_moves_no_phrase() -> None:
    """Tokens stand on the blanked text, the title has to stand in the masked one."""
    raw = "03-1234-5678の窓口の対応が遅い"
    spans = find_personal(raw)
    shown, analysed = mask(raw, spans), blank(raw, spans)
    found = find_phrases(shown, default_tokenizer().tokenize(analysed))
    assert "窓口の対応が遅い" in [phrase.text for phrase in found]
    assert all(phrase.text in shown for phrase in found)


def test_no_opinion_has_no_phrase() -> None:
    assert find_phrases("", ()) == []
