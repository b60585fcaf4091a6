"""Concepts in opinions: which terms are found, and which heading an opinion stands under."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.concept_dictionary import Concept, compile_concepts
from pipeline.concepts import NEAR, Topic, choose_topic, find_concepts, tabulate_hits
from pipeline.tokens import default_tokenizer

CONCEPTS = (
    {"name": "移動"},
    {"name": "公共交通", "under": "移動", "terms": ["バス", "駅 + 遠い"], "hints": ["本数"]},
    {"name": "バス停", "under": "公共交通", "terms": ["バス停", "バスの屋根"]},
    {"name": "道路", "under": "移動", "terms": ["道", "車道 - 自転車"], "not": ["道の駅"]},
    {"name": "公園・遊び"},
    {"name": "公園", "under": "公園・遊び", "terms": ["公園"], "not": ["自然 + 国立"]},
    {"name": "駐車場", "under": "移動", "terms": ["公園の駐車場", "駐車場"]},
    {"name": "防災", "terms": ["地震"], "hints": ["備え"]},
    {"name": "避難", "under": "防災", "terms": ["避難所"], "hints": ["安全", "夜の町", "備え"]},
    {"name": "催し", "under": "公園・遊び", "terms": ["@祭り + 楽しい"]},
)
LISTS = {"祭り": ("祭り", "盆踊り")}


def compiled(concepts=CONCEPTS):
    made = [Concept.model_validate(own) for own in concepts]
    return compile_concepts(made, LISTS, default_tokenizer().tokenize)


@pytest.fixture(scope="module")
def dictionary():
    return compiled()


def terms_in(text, dictionary):
    return [hit.term for hit in find_concepts(default_tokenizer().tokenize(text), dictionary)]


def topic_of(text, dictionary, stopwords=frozenset()):
    tokens = default_tokenizer().tokenize(text)
    return choose_topic(tokens, find_concepts(tokens, dictionary), dictionary, stopwords)


def test_a_longer_match_beats_the_shorter_ones_inside_it(dictionary):
    assert terms_in("公園の駐車場がほしい", dictionary) == ["公園の駐車場"]
    assert terms_in("公園がほしい。駐車場もほしい", dictionary) == ["公園", "駐車場"]
    assert terms_in("バスの屋根と道", dictionary) == ["バスの屋根", "道"]


def test_a_shorter_match_outside_the_longer_one_is_kept(dictionary):
    assert terms_in("公園の駐車場より公園がほしい", dictionary) == ["公園の駐車場", "公園"]


@pytest.mark.parametrize("text", ["駅が遠い", "遠い駅", "うちは駅からとても遠いので困る"])
def test_plus_finds_two_parts_in_any_order(dictionary, text):
    assert terms_in(text, dictionary) == ["駅 + 遠い"]


@pytest.mark.parametrize("text", ["駅がある。店が遠い", "駅がある！遠い", "駅はどこ？遠い"])
def test_plus_does_not_reach_over_the_end_of_a_sentence(dictionary, text):
    assert terms_in(text, dictionary) == []


def test_a_line_that_is_wrapped_is_still_one_sentence(dictionary):
    assert terms_in("うちから駅までは\nとても遠い", dictionary) == ["駅 + 遠い"]


@pytest.mark.parametrize(("between", "found"), [(NEAR - 1, True), (NEAR, False)])
def test_plus_does_not_reach_farther_than_near(dictionary, between, found):
    text = "駅" + "、" * between + "遠い"
    assert terms_in(text, dictionary) == (["駅 + 遠い"] if found else [])


def test_one_of_a_list_is_enough(dictionary):
    assert terms_in("盆踊りが楽しい", dictionary) == ["@祭り + 楽しい"]
    assert terms_in("楽しい祭り", dictionary) == ["@祭り + 楽しい"]
    assert terms_in("盆踊り", dictionary) == []


def test_a_word_behind_minus_anywhere_in_the_opinion_bars_the_term(dictionary):
    assert terms_in("車道が狭い", dictionary) == ["車道 - 自転車"]
    assert terms_in("車道が狭い。自転車で走れない", dictionary) == []


def test_not_bars_the_whole_concept(dictionary):
    assert terms_in("道が狭い", dictionary) == ["道"]
    assert terms_in("道が狭い。車道も狭い。道の駅は楽しい", dictionary) == []


def test_not_with_plus_bars_only_where_both_stand_in_the_opinion(dictionary):
    assert terms_in("公園に自然がほしい", dictionary) == ["公園"]
    assert terms_in("国立の公園", dictionary) == ["公園"]
    assert terms_in("国立の公園。自然がいっぱい", dictionary) == []


def test_hints_decide_only_where_nothing_else_is_said(dictionary):
    assert topic_of("安全な町", dictionary).path == ("防災", "避難")
    assert topic_of("安全な道", dictionary).path == ("移動", "道路")
    # Named first, several of them, or in many words: hints stay hints.
    assert topic_of("安全、備え、夜の町の道", dictionary).path == ("移動", "道路")
    assert topic_of("安全のための備え、夜の町の安全、道", dictionary).path == ("移動", "道路")


def test_hints_of_a_heading_add_to_what_its_terms_say(dictionary):
    text = "道の話。バスの本数、本数、本数"
    assert topic_of(text, dictionary).path == ("移動", "公共交通")


def test_of_headings_that_say_about_as_much_the_first_named_wins(dictionary):
    assert topic_of("公園へ行くバス", dictionary).path == ("公園・遊び", "公園")
    assert topic_of("バスで行く公園", dictionary).path == ("移動", "公共交通")
    # One more word is still about as much; one more hit is not.
    assert topic_of("公園へ行く。駅が遠い", dictionary).path == ("公園・遊び", "公園")
    assert topic_of("公園へ行く。駅が遠い。バス", dictionary).path == ("移動", "公共交通")


def test_a_narrower_concept_is_the_facet_of_its_heading(dictionary):
    assert topic_of("バス停に屋根", dictionary) == Topic(("移動", "公共交通"), "バス停", 0.5)
    assert topic_of("バスがない", dictionary).facet == ""


def test_a_field_that_is_named_without_a_heading_is_a_topic_of_one_level(dictionary):
    assert topic_of("地震が怖い", dictionary).path == ("防災",)


def test_coverage_is_the_share_of_the_content_words(dictionary):
    assert topic_of("公園", dictionary).coverage == 1.0
    assert topic_of("公園の花壇", dictionary).coverage == 0.5
    assert topic_of("公園の花壇", dictionary, frozenset(["花壇"])).coverage == 1.0
    assert topic_of("花壇", dictionary) == Topic()
    assert topic_of("", dictionary) == Topic()


PIECES = [
    "バス", "バス停", "駅", "遠い", "公園", "の", "駐車場", "道", "道の駅", "車道", "自転車", "地震", "避難所",
    "安全", "夜の町", "備え", "本数", "祭り", "楽しい", "が", "。", "、", "\n", "花壇", "とても",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(TEXTS)
def test_hits_are_ordered_lie_in_the_text_and_never_inside_each_other(dictionary, text):
    tokens = default_tokenizer().tokenize(text)
    hits = find_concepts(tokens, dictionary)
    assert [hit.tokens for hit in hits] == sorted(hit.tokens for hit in hits)
    for hit in hits:
        assert list(hit.tokens) == sorted(set(hit.tokens))
        assert hit.tokens
        assert 0 <= hit.tokens[0] <= hit.tokens[-1] < len(tokens)
        assert hit.weight > 0
        assert not any(set(hit.tokens) < set(other.tokens) for other in hits)
    topic = choose_topic(tokens, hits, dictionary, frozenset())
    assert 0.0 <= topic.coverage <= 1.0
    assert bool(topic.path) == bool(hits)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(TEXTS, st.integers(0, 1000))
def test_the_order_of_concepts_and_terms_in_the_file_does_not_matter(dictionary, text, seed):
    chance = random.Random(seed)
    concepts = [
        own | {key: chance.sample(own[key], len(own[key])) for key in ("terms", "hints") if key in own}
        for own in chance.sample(CONCEPTS, len(CONCEPTS))
    ]  # fmt: skip
    other = compiled(concepts)
    tokens = default_tokenizer().tokenize(text)
    named = [
        sorted((hit.tokens, made.paths[hit.concept], hit.term, hit.weight) for hit in hits)
        for made in (dictionary, other)
        for hits in [find_concepts(tokens, made)]
    ]
    assert named[0] == named[1]
    assert topic_of(text, dictionary) == topic_of(text, other)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(TEXTS, st.integers(0, 50))
def test_places_of_the_evidence_are_the_words_of_the_hits(dictionary, text, start):
    tokens = default_tokenizer().tokenize(text)
    hits = find_concepts(tokens, dictionary)
    topic = choose_topic(tokens, hits, dictionary, frozenset())
    table = tabulate_hits(["O1"], [start], [tokens], [hits], [topic], dictionary)
    assert table["opinion_id"].tolist() == ["O1"] * len(hits)
    assert bool(topic.path) == bool(table["is_topic"].sum())
    for hit, spans in zip(hits, table["spans"].map(json.loads), strict=True):
        assert spans == sorted(spans)
        own = [text[first - start : last - start] for first, last in spans]
        assert "".join(own) == "".join(tokens[place].surface for place in hit.tokens)


def test_a_hit_is_written_with_its_field_heading_and_facet(dictionary):
    tokens = default_tokenizer().tokenize("バス停の屋根。公園")
    hits = find_concepts(tokens, dictionary)
    topic = choose_topic(tokens, hits, dictionary, frozenset())
    table = tabulate_hits(["O1"], [10], [tokens], [hits], [topic], dictionary)
    assert table.to_dict("records") == [
        {"opinion_id": "O1", "field": "移動", "heading": "公共交通", "facet": "バス停",
         "term": "バス停", "spans": "[[10, 13]]", "weight": hits[0].weight, "is_topic": 1},
        {"opinion_id": "O1", "field": "公園・遊び", "heading": "公園", "facet": "",
         "term": "公園", "spans": "[[17, 19]]", "weight": 1.0, "is_topic": 0},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("バスの本数を増やしてほしい", "交通"),
        ("町内会の役員のなり手がいない", "役員"),
        ("街灯が少なくて夜道が暗い", "街灯"),
        ("雪が積もって道路が通れない", "雪"),
    ],
)
def test_the_shipped_dictionary_knows_what_residents_write_everywhere(
    shipped_concepts, text, named
):
    found = topic_of(text, shipped_concepts)
    assert len(found.path) == 2
    assert named in "".join((*found.path, found.facet))
