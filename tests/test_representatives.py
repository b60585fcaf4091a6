"""The voices that are quoted: whole, unlike each other, from every larger heading."""

from __future__ import annotations

import numpy as np

from pipeline.representatives import REPRESENTATIVES, Quotable, representatives


def quotable(text: str, near: float = 0.5, heading: str = "", *, says_title: bool = False) -> Quotable:  # fmt: skip
    return Quotable(text, 1, near, np.zeros(2), heading, says_title)


def chosen(*voices: Quotable) -> list[str]:
    return [voices[place].text for place in representatives(voices)]


def test_there_are_three_or_as_many_as_there_are() -> None:
    assert len(chosen(*(quotable(text * 9) for text in "あいうえ"))) == REPRESENTATIVES
    assert chosen(quotable("ひとつだけの意見です")) == ["ひとつだけの意見です"]


def test_a_wording_that_is_nearly_anothers_is_not_quoted_twice() -> None:
    voices = (
        quotable("バスの本数が少ない", 0.9),
        quotable("バスの本数が少ない。", 0.9),
        quotable("バスの本数がとても少ない", 0.9),
        quotable("駅まで遠くて困っている", 0.1),
        quotable("タクシーの予約が取れない", 0.1),
    )
    assert len([text for text in chosen(*voices) if text.startswith("バス")]) == 1


def test_every_larger_heading_is_heard() -> None:
    voices = (
        quotable("治安が良くて安心できる", 0.9, "防犯"),
        quotable("夜の道が暗くて怖いです", 0.9, "防犯"),
        quotable("鍵をかけない家が多くある", 0.9, "防犯"),
        quotable("避難所の場所を知らない", 0.1, "防災"),
    )
    assert "避難所の場所を知らない" in chosen(*voices)


def test_a_whole_sentence_comes_before_a_word_or_half_a_sentence() -> None:
    voices = (
        quotable("祭り", 0.6),
        quotable("しかし、祭りの準備は大変です", 0.6),
        quotable("準備の人手が毎年足りない", 0.5),
    )
    assert chosen(*voices)[0] == "準備の人手が毎年足りない"


def test_the_first_says_what_the_title_says() -> None:
    voices = (
        quotable("会費の使い道が分からない", 0.6),
        quotable("町内会の会費が高すぎる", 0.5, says_title=True),
    )
    assert chosen(*voices)[0] == "町内会の会費が高すぎる"
