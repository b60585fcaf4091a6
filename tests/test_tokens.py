"""Tokens: the project's words, synonyms, offsets, and texts that break other tokenizers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.normalize import mend_characters
from pipeline.resources import dictionaries_folder
from pipeline.tokens import Tokenizer, default_tokenizer, read_synonyms, read_user_words

if TYPE_CHECKING:
    from pathlib import Path

USER = dictionaries_folder() / "user.csv"
SYNONYMS = dictionaries_folder() / "synonyms.csv"


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return default_tokenizer()


def test_every_word_of_the_user_dictionary_is_one_token(tokenizer: Tokenizer) -> None:
    synonyms = read_synonyms(SYNONYMS)
    for surface, _, normalized, _ in read_user_words(USER):
        for sentence in (surface, f"この{surface}について"):
            found = [token for token in tokenizer.tokenize(sentence) if token.surface == surface]
            assert len(found) == 1, sentence
            assert found[0].word == synonyms.get(normalized, normalized)


def test_compounds_whose_parts_are_useful_stay_split(tokenizer: Tokenizer) -> None:
    assert [t.surface for t in tokenizer.tokenize("避難所運営")] == ["避難", "所", "運営"]
    assert [t.word for t in tokenizer.tokenize("災害ボランティア")] == ["災害", "ボランティア"]


def test_synonyms_and_spellings_merge(tokenizer: Tokenizer) -> None:
    for words, merged in {
        ("自治会", "町会", "町内会"): "町内会",
        ("お年寄り", "年寄り", "老人", "高齢者"): "高齢者",
        ("まち", "街", "町"): "町",
        ("ごみ", "ゴミ"): "ゴミ",
        ("社協", "社会福祉協議会"): "社会福祉協議会",
        ("障がい", "障碍", "障害"): "障害",
    }.items():
        for word in words:
            assert [token.word for token in tokenizer.tokenize(word)] == [merged], word


def test_synonyms_point_to_words_that_the_tokenizer_makes(tokenizer: Tokenizer) -> None:
    for word, target in read_synonyms(SYNONYMS).items():
        assert [token.word for token in tokenizer.tokenize(word)] == [target], word


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_offsets_point_into_the_text(text: str) -> None:
    mended = mend_characters(text)
    end = 0
    for token in default_tokenizer().tokenize(text):
        assert token.surface == mended[token.start : token.end]
        assert end <= token.start <= token.end <= len(text)
        end = token.end


@given(st.text(alphabet="町内会の役員がいない⻄東京市⽀え合い㍿①ｶﾞ🙂 \n。", max_size=40))
@settings(max_examples=200, deadline=None)
def test_tokens_lose_nothing_but_white_space(text: str) -> None:
    tokens = default_tokenizer().tokenize(text)
    kept = "".join(token.surface for token in tokens)
    assert "".join(kept.split()) == "".join(mend_characters(text).split())


REAL_WORDS = st.lists(
    st.sampled_from(
        [*"町内会の役員がいない。、 \nー〜！!？ﾊﾞｽＡAa1１㍿㌔①（）()゛\u3099", "らーめん", "すごーい", "コーヒーー",
         "バス", "123", "2.5", "ぬぽぷ", "漢字(かな)", "abc", "㌢", "髙齢", "ﷺ", "です", "行けない", "🙂"]
    ),
    max_size=12,
).map("".join)  # fmt: skip


def words_by_sudachi(tokenizer: Tokenizer, text: str) -> list[tuple[object, ...]]:
    """Tokens with every question asked of every word."""
    found = []
    for own in tokenizer._tokenizer.tokenize(mend_characters(text)):
        levels = own.part_of_speech()
        if levels[0] == "空白":
            continue
        word = own.normalized_form()
        pos = "-".join(level for level in levels[:4] if level != "*")
        form = "" if levels[5] == "*" else levels[5]
        surface = mend_characters(text)[own.begin() : own.end()]
        word = tokenizer._synonyms.get(word, word)
        found.append((surface, word, pos, form, own.begin(), own.end()))
    return found


@settings(derandomize=True, max_examples=500, deadline=None)
@given(REAL_WORDS | st.text(max_size=30))
def test_what_is_remembered_of_words_is_what_sudachi_says_of_each(text: str) -> None:
    tokenizer = default_tokenizer()
    assert [tuple(token) for token in tokenizer.tokenize(text)] == words_by_sudachi(tokenizer, text)


@pytest.mark.parametrize(
    "text", ["あいさつをする。" * 3750, "㍿" * 12_000, "ﷺ" * 12_000, "語" * 30_000, "。" * 30_000]
)
def test_long_texts_pass(tokenizer: Tokenizer, text: str) -> None:
    tokens = tokenizer.tokenize(text)
    assert "".join(token.surface for token in tokens) == text


def test_a_long_text_is_cut_after_a_sentence(tokenizer: Tokenizer) -> None:
    sentence = "町内会の役員のなり手がいません。"
    once = [token.word for token in tokenizer.tokenize(sentence)]
    assert [token.word for token in tokenizer.tokenize(sentence * 2000)] == once * 2000


@pytest.mark.parametrize("text", ["\ud800", "a\0b", "😀👨‍👩‍👧", "", "　 \n", "\udfff町内会\0"])
def test_strange_characters_do_not_crash(tokenizer: Tokenizer, text: str) -> None:
    for token in tokenizer.tokenize(text):
        assert 0 <= token.start <= token.end <= len(text)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("町内会,チョウナイカイ,町内会", "列が3個あります"),
        ("町内会,チョウナイカイ,町内会,動物", "種類「動物」は使えません"),
        ("町内会,ちょうないかい,町内会,名詞", "カタカナではありません"),
        (",チョウナイカイ,町内会,名詞", "空にできません"),
        ("居場所,イバショ,居場所,名詞", "2行目にもあります"),
    ],
)
def test_a_bad_line_of_the_user_dictionary_is_named(line: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "user.csv"
    good = "見出し,読み,正規形,種類\n居場所,イバショ,居場所,名詞\n# 説明\n\n"
    path.write_text(f"{good}{line}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_user_words(path)
    assert said in str(caught.value)
    assert "5行目" in str(caught.value)


@pytest.mark.parametrize("line", ["町会,", "町会,町会", "自治会,集まり", "町内会,集い"])
def test_a_bad_line_of_the_synonyms_is_named(line: str, tmp_path: Path) -> None:
    path = tmp_path / "synonyms.csv"
    path.write_text(f"語,まとめ先\n自治会,町内会\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"synonyms.csv」 [23]行目"):
        read_synonyms(path)


def test_a_dictionary_without_its_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "user.csv"
    path.write_text("居場所,イバショ,居場所,名詞\n", encoding="utf-8")
    with pytest.raises(InputError, match="見出し"):
        read_user_words(path)


def test_stop_words_stand_once_and_keep_negation() -> None:
    lines = (dictionaries_folder() / "stopwords.txt").read_text(encoding="utf-8").splitlines()
    words = [line for line in lines if line and not line.startswith("#")]
    assert len(words) == len(set(words))
    assert not {"無い", "ない", "ぬ"} & set(words)
    assert {"事", "為る", "有る", "思う"} <= set(words)
