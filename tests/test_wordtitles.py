"""Titles of issues that the data made: nouns that most voices share, never a guess."""

from __future__ import annotations

from pipeline.titles import Voice, find_candidates
from pipeline.tokens import default_tokenizer
from pipeline.wordtitles import joined_title, noun_title


def voices(*texts: str) -> list[Voice]:
    made = []
    for text in texts:
        tokens = default_tokenizer().tokenize(text)
        words = frozenset(token.word for token in tokens)
        made.append(Voice(text, tokens, 1, words, frozenset()))
    return made


def noun(texts: tuple[str, ...], weights: dict[str, float], least: float = 0.5) -> str:
    own = voices(*texts)
    return noun_title(find_candidates(own), own, weights, least=least)


def test_a_compound_says_more_than_a_lone_noun() -> None:
    texts = ("水質検査の結果", "水質検査を続ける", "水質検査", "検査が遅い")
    assert noun(texts, {"水質": 1.0, "検査": 1.0}) == "水質検査"


def test_what_is_said_beside_a_lone_noun_stands_in_brackets() -> None:
    texts = ("出張で東京", "東京へ出張", "東京が近い", "東京は遠い")
    assert noun(texts, {"東京": 1.0, "出張": 0.5}) == "東京（出張）"


def test_a_noun_of_few_or_a_vague_one_is_no_title() -> None:
    assert noun(("神社", "寺", "道", "川"), {"神社": 1.0}) == ""
    assert noun(("場所が良い", "場所に行く", "場所"), {"場所": 1.0}) == ""


def test_where_no_issue_has_a_heading_a_part_of_the_opinions_is_enough() -> None:
    texts = ("水質検査の結果", "水質検査", "川", "山", "海")
    assert noun(texts, {"水質": 1.0, "検査": 1.0}) == ""
    assert noun(texts, {"水質": 1.0, "検査": 1.0}, least=0.1) == "水質検査"


def test_two_nouns_that_together_stand_in_most_are_joined() -> None:
    own = voices("敦賀に行く", "敦賀が近い", "小浜に住む", "小浜が遠い", "山")
    assert joined_title(own, {"敦賀": 1.0, "小浜": 0.9}) in {"敦賀・小浜", "小浜・敦賀"}


def test_where_nothing_is_shared_the_title_says_so() -> None:
    own = voices("悪い人もいる", "悪いことばかり", "悪くなる", "両方ある")
    weights = {"悪い": 1.0, "両方": 0.3}
    assert joined_title(own, weights, beside_headings=True) == "そのほか（悪い・両方）"
    assert joined_title(own, weights) == "悪い・両方"


def test_a_title_is_not_used_twice() -> None:
    own = voices("悪い人もいる", "悪いことばかり")
    assert joined_title(own, {"悪い": 1.0}, frozenset(["悪い"])) == ""


def test_without_a_characteristic_word_there_is_no_title() -> None:
    assert noun(("神社", "神社"), {}) == ""
    assert joined_title(voices("神社"), {}) == ""
