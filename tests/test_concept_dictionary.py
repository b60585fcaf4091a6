"""The concept dictionary: what a planner may write, the line of what is wrong, what is shipped."""

from __future__ import annotations

from collections import Counter

import pytest

from pipeline import concept_dictionary
from pipeline.concept_dictionary import HINT, load_concepts, split_term
from pipeline.concepts import choose_topic, find_concepts
from pipeline.errors import InputError
from pipeline.matching import WordSequence
from pipeline.resources import dictionaries_folder
from pipeline.tokens import default_tokenizer

GOOD = """\
[lists]
"不足" = ["少ない", "足りない"]

[[concepts]]
name = "移動"

[[concepts]]
name = "公共交通"
under = "移動"
terms = ["バス", "駅 + @不足 - 駐車場"]
hints = ["通学"]
not = ["観光バス"]

[[concepts]]
name = "乗り場"
under = "公共交通"
terms = ["バス停"]
"""

FEW_ABROAD = frozenset(["東京", "大阪", "日本", "中国", "ベトナム", "ブラジル", "韓国", "富士"])
"""Names in terms that mean no town of residents: where the young go, where neighbours come from."""

NO_PLACES = frozenset(
    ["プラ", "ケンタッキー", "丸亀", "ココス", "ヨドバシ", "門前町", "地区", "センター", "十人"]
)
"""What the tokenizer takes for a place and is none."""


def load(tmp_path, text):
    path = tmp_path / "concepts.toml"
    path.write_text(text, encoding="utf-8")
    return load_concepts(path, default_tokenizer().tokenize)


def wrong(tmp_path, text):
    """Problems as they are listed, with their lines."""
    with pytest.raises(InputError) as caught:
        load(tmp_path, text)
    assert "概念辞書" in str(caught.value)
    return [line[4:] for line in str(caught.value).splitlines() if line.startswith("  - ")]


def test_concepts_terms_lists_and_levels_are_read_as_written(tmp_path):
    found = load(tmp_path, GOOD)
    assert found.paths == (("移動",), ("移動", "公共交通"), ("移動", "公共交通", "乗り場"))
    assert [(term.concept, term.text, term.weight) for term in found.terms] == [
        (1, "バス", 1.0), (1, "駅 + @不足 - 駐車場", 1.0), (1, "通学", HINT), (2, "バス停", 1.0),
    ]  # fmt: skip
    station = found.terms[1]
    assert [len(part) for part in station.parts] == [1, 2]
    assert len(station.barred) == 2  # its own and the concept's


def test_a_sequence_is_kept_once_and_found_by_its_first_word(tmp_path):
    found = load(tmp_path, GOOD)
    assert len(set(found.sequences)) == len(found.sequences)
    for number, sequence in enumerate(found.sequences):
        assert number in found.starts[sequence.words[0]]
    bus = found.sequences.index(WordSequence(("バス",), exact=False))
    assert [found.terms[number].text for number in found.terms_with[bus]] == ["バス"]


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("駅", ["駅"], []),
        ("駅 + 遠い - 車", ["駅", "遠い"], ["車"]),
        ("駅 ＋ 遠い － 車", ["駅", "遠い"], ["車"]),
        ("駅　+　遠い　-　車", ["駅", "遠い"], ["車"]),
        ("Wi-Fi", ["Wi-Fi"], []),
        ("道 - 車 - 雪", ["道"], ["車", "雪"]),
    ],
)
def test_plus_and_minus_are_read_as_a_japanese_keyboard_writes_them(text, wanted, unwanted):
    assert split_term(text) == (wanted, unwanted)


TOP = '[[concepts]]\nname = "上"\n'


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        pytest.param(
            '[[concepts]]\nname = "道"\nunder = "ない"\nterms = ["ない"]\n',
            ["3行目 上の概念「ない」がありません"],
            id="unknown under",
        ),
        pytest.param(
            '[[concepts]]\nname = "甲"\nunder = "乙"\nterms = ["道"]\n\n'
            '[[concepts]]\nname = "乙"\nunder = "甲"\nterms = ["川", "甲"]\n',
            ["3行目 上の概念をたどると自分に戻ります", "8行目 上の概念をたどると自分に戻ります"],
            id="circle",
        ),
        pytest.param(
            TOP + '[[concepts]]\nname = "二"\nunder = "上"\nterms = ["道"]\n'
            '[[concepts]]\nname = "三"\nunder = "二"\nterms = ["川"]\n'
            '[[concepts]]\nname = "四"\nunder = "三"\nterms = ["山"]\n',
            ["13行目 「四」は4段目です。3段までにしてください"],
            id="four levels",
        ),
        pytest.param(
            TOP + '[[concepts]]\nname = "道"\nunder = "上"\nterms = ["道路"]\n\n'
            '[[concepts]]\nname = "道"\nunder = "上"\nterms = ["道"]\n',
            ["9行目 「道」が2回あります（3行目）"],
            id="doubled name",
        ),
        pytest.param(
            TOP + '[[concepts]]\nname = "道"\nunder = "上"\nterms = ["道", "歩道"]\n'
            '[[concepts]]\nname = "歩き"\nunder = "上"\nterms = [\n  "歩く",\n  "歩道",\n]\n',
            ["12行目 「歩道」は「道」にもあります"],
            id="term in two concepts",
        ),
        pytest.param(
            TOP + '[[concepts]]\nname = "道"\nunder = "上"\nterms = ["道"]\nhints = ["道"]\n',
            ["7行目 「道」は「道」にもあります"],
            id="term and hint of one concept",
        ),
        pytest.param(
            TOP + '[[concepts]]\nname = "道"\nunder = "上"\nterms = [\n  "道",\n  "道+暗い",\n]\n',
            ["8行目 「道+暗い」の + と - の前後に空白を入れてください"],
            id="plus without spaces",
        ),
        pytest.param(
            TOP + '[[concepts]]\nname = "道"\nunder = "上"\nterms = ["道 -車"]\n',
            ["6行目 「道 -車」の + と - の前後に空白を入れてください"],
            id="minus without a space",
        ),
        pytest.param(
            TOP + '[[concepts]]\nname = "道"\nunder = "上"\nterms = ["道", "道 + @暗い"]\n',
            ["6行目 並び「@暗い」が [lists] にありません"],
            id="unknown list",
        ),
        pytest.param(
            TOP + '[[concepts]]\nname = "道"\nunder = "上"\nterms = ["道", ""]\n',
            ["6行目 「」には数えられる言葉がありません"],
            id="empty term",
        ),
        pytest.param(
            TOP + '[[concepts]]\nname = "道"\nunder = "上"\nterms = ["道 + ！"]\n',
            ["6行目 「！」には数えられる言葉がありません"],
            id="term without a word",
        ),
        pytest.param(
            TOP + '[[concepts]]\nname = "道"\nunder = "上"\n',
            ["4行目 「道」に terms がありません"],
            id="heading without terms",
        ),
        pytest.param(
            TOP + '[[concepts]]\nname = "道"\nunder = "上"\nterms = ["道"]\nnot = ["車 - 雪"]\n',
            ["7行目 not: - は使えません"],
            id="minus in not",
        ),
        pytest.param(
            '[lists]\n"空" = []\n"暗い" = ["夜+道", "、"]\n' + TOP,
            [
                "lists.暗い: 「、」には数えられる言葉がありません",
                "lists.暗い: 「夜+道」に + - @ は使えません",
                "lists.空: 言葉を1つ以上書いてください",
            ],
            id="lists",
        ),
        pytest.param(
            TOP + '\n[[concepts]]\nname = "道"\nunder = "上"\nterm = ["道"]\n',
            ["4行目 concepts.2番目.term: 知らない項目です（つづりを確かめてください）（書かれている値: ['道']）"],
            id="unknown key",
        ),
        pytest.param(
            TOP + f'\n[[concepts]]\nname = "{"道" * 41}"\n',
            [f"4行目 concepts.2番目.name: 長すぎます。短くしてください（書かれている値: {'道' * 41}）"],
            id="long name",
        ),
        pytest.param(
            "", ["concepts: 必要な項目がありません"], id="empty file"
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(tmp_path, text, problems):
    assert wrong(tmp_path, text) == problems


def test_the_line_is_that_of_the_key_and_not_of_the_same_word_elsewhere(tmp_path):
    """A term that is called like the concept above does not draw the error to its own line."""
    text = '[[concepts]]\nname = "道"\nunder = "無い"\nterms = ["道", "無い"]\nhints = ["無い"]\n'
    assert wrong(tmp_path, text) == [
        "3行目 上の概念「無い」がありません",
        "5行目 「無い」は「道」にもあります",
    ]


def test_all_problems_are_listed_at_once_in_the_order_of_the_file(tmp_path):
    text = TOP + '[[concepts]]\nname = "道"\nunder = "下"\nterms = ["道+川", "@無"]\n'
    assert [line.split(" ")[0] for line in wrong(tmp_path, text)] == ["5行目", "6行目", "6行目"]


def test_a_word_may_hint_at_several_concepts_but_is_the_term_of_one(tmp_path):
    text = TOP + '[[concepts]]\nname = "道"\nunder = "上"\nterms = ["道"]\nhints = ["町"]\n'
    more = '[[concepts]]\nname = "川"\nunder = "上"\nterms = ["川"]\nhints = ["町", "道"]\n'
    assert len(load(tmp_path, text + more).terms) == 5


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'[[concepts]]\nname = "\xe9\x81\x93"\nterms = [\n', "4行目|概念辞書を読めません"),
        ("[[concepts]]\nname = 道\n".encode(), "2行目"),
        ('name = "道"'.encode("cp932"), "概念辞書を読めません"),
    ],
    ids=["not closed", "not quoted", "not UTF-8"],
)
def test_a_file_that_is_no_toml_is_refused_in_japanese(tmp_path, content, message):
    path = tmp_path / "concepts.toml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        load_concepts(path, default_tokenizer().tokenize)


def test_the_shipped_dictionary_is_large_and_has_three_levels(shipped_concepts):
    levels = Counter(len(path) for path in shipped_concepts.paths)
    assert set(levels) == {1, 2, 3}
    assert levels[2] >= 150
    assert levels[2] + levels[3] >= 200


def test_the_shipped_dictionary_names_no_town(shipped_concepts):
    """It has to serve every municipality; only what no resident lives in may be named."""
    tokenize = default_tokenizer().tokenize
    towns = {
        (token.surface, term.text)
        for term in shipped_concepts.terms
        for token in tokenize(term.text)
        if token.pos.startswith("名詞-固有名詞-地名")
        and token.surface not in FEW_ABROAD | NO_PLACES
    }
    assert towns == set()


def test_every_heading_can_be_reached_by_its_own_words(shipped_concepts):
    """No concept is so hidden by others that nothing a resident writes leads to it."""
    tokenize = default_tokenizer().tokenize
    reached, found = set(), set()
    for term in shipped_concepts.terms:
        if shipped_concepts.paths[term.concept] in reached or "@" in term.text:
            continue
        tokens = tokenize("、".join(part.removeprefix("=") for part in split_term(term.text)[0]))
        hits = find_concepts(tokens, shipped_concepts)
        topic = choose_topic(tokens, hits, shipped_concepts, frozenset())
        reached.add((*topic.path, topic.facet) if topic.facet else topic.path)
        found.update(shipped_concepts.paths[hit.concept] for hit in hits)
    headings = {path[:2] for path in shipped_concepts.paths if len(path) > 1}
    assert headings - {path[:2] for path in reached} == set()
    assert {path for path in shipped_concepts.paths if len(path) > 1} - found == set()


def test_what_is_kept_of_a_dictionary_is_what_was_read(tmp_path, monkeypatch):
    monkeypatch.setenv("KADAI_CACHE", str(tmp_path / "cache"))
    whole = default_tokenizer().tokenize
    for path in (dictionaries_folder() / "concepts.toml", tmp_path / "concepts.toml"):
        if not path.is_file():
            path.write_text(GOOD, encoding="utf-8")
        # A function of which nothing is known: neither kept nor taken from what is kept.
        read = load_concepts(path, lambda text: whole(text))  # noqa: PLW0108 — on purpose
        assert load_concepts(path, whole) == read
        monkeypatch.setattr(concept_dictionary, "_read", lambda *_: pytest.fail("read again"))
        assert load_concepts(path, whole) == read
        monkeypatch.undo()
        monkeypatch.setenv("KADAI_CACHE", str(tmp_path / "cache"))
    assert len(list((tmp_path / "cache" / "concepts").iterdir())) == 2


def test_a_wrong_dictionary_is_wrong_every_time(tmp_path, monkeypatch):
    monkeypatch.setenv("KADAI_CACHE", str(tmp_path / "cache"))
    load(tmp_path, GOOD)
    broken = GOOD.replace('under = "移動"', 'under = "移る"')
    assert wrong(tmp_path, broken) == wrong(tmp_path, broken) != []
