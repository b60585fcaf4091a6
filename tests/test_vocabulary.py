"""Candidates for the dictionaries: what is found in a run, and what is left out."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents.excel import read_sheets
from pipeline.features import read_stopwords
from pipeline.resources import dictionaries_folder
from pipeline.user_dictionary import read_synonyms, read_user_words
from pipeline.vocabulary import suggest
from pipeline.vocabulary.candidate import COMPOUND, SYNONYM, UNKNOWN, VARIANT
from pipeline.vocabulary.compounds import find_compounds
from pipeline.vocabulary.material import material_of
from pipeline.vocabulary.meanings import find_synonyms
from pipeline.vocabulary.sheet import CONFIDENTIAL, TAKEN, render, workbook
from pipeline.vocabulary.suggest import find_candidates
from pipeline.vocabulary.unknown import find_unknown, reading_of
from pipeline.vocabulary.used import nouns_of
from pipeline.vocabulary.variants import find_variants, is_one_letter_off, rough_sound
from pipeline.wordvectors import FILE_NAME, load_word_vectors

STOPWORDS = read_stopwords(dictionaries_folder() / "stopwords.txt")

VOICES = [
    [
        "里へ行くつつじバスが少ない",
        "つつじバスに乗りたい",
        "つつじバスは便利",
        "つつじの花",
    ],
    ["ゾムゾム広場がほしい", "ゾムゾムで遊んだ", "ゾムゾムは遠い"],
    ["自動車が多い", "自動車がこわい", "自動車で通う"],
    ["車が多い", "車がこわい", "車で通う", "車がない"],
    ["ヴェラロッカの店", "ヴェラロッカは遠い"],
    ["山田市長さんの話", "山田市長に会った", "山田市長がいい"],
    ["［氏名］さんと［電話番号］へ", "［氏名］さんと会う", "［氏名］さんがいい"],
]


def material(voices, order=1):
    texts = [text for group in voices for text in group][::order]
    numbers = {text: number for number, text in enumerate(sorted(texts))}
    ids = [f"O{numbers[own]:03d}" for own in texts]
    opinions = pd.DataFrame(
        {"opinion_id": ids, "answer_id": ids, "text": texts, "duplicate_of": [""] * len(ids)}
    )
    people = [f"P{own}" for own in ids]
    return material_of(opinions, pd.DataFrame({"answer_id": ids, "respondent_id": people}))


@pytest.fixture(scope="module")
def made():
    return find_candidates(material(VOICES))


@pytest.fixture(scope="module")
def vectors():
    return load_word_vectors(dictionaries_folder() / FILE_NAME)


def test_a_word_of_no_dictionary_is_found(made):
    found = [own for own in made.candidates if own.kind == UNKNOWN]
    assert [own.line for own in found] == ["ゾムゾム,ゾムゾム,ゾムゾム,名詞"]
    assert found[0].counts == (3, 3, 3)
    assert all("ゾムゾム" in own for own in found[0].contexts)


def test_a_number_in_kanji_is_no_word():
    voices = [["十三名が出席", "四月十三日の夜", "平成十三年の話", "二十一億円", "二十一億の"]]
    found = find_unknown(material(voices), STOPWORDS)
    assert [own.word for own in found] == []


def test_five_words_that_always_stand_in_a_longer_compound_are_no_candidate():
    longest = "都有財産利活用推進会議"
    voices = [[f"{longest}に出た", f"{longest}を開く", f"{longest}はいつ", "財産は大事"]]
    found = [own.word for own in find_compounds(material(voices), STOPWORDS)]
    assert not [own for own in found if own in longest]


def test_a_word_that_two_people_wrote_is_not_shown(made):
    said = "\n".join(f"{own.line} {own.why} {own.contexts}" for own in made.candidates)
    assert "ヴェラロッカ" not in said


def test_words_that_are_cut_apart_are_put_together(made):
    found = {own.word: own for own in made.candidates if own.kind == COMPOUND}
    assert found["つつじバス"].reading == "ツツジバス"
    assert found["つつじバス"].file == "user.csv"
    assert "「つつじ」「バス」" in found["つつじバス"].why


def test_it_is_said_where_the_concept_dictionary_reads_a_part_of_a_compound(made):
    found = next(own for own in made.candidates if own.word == "つつじバス")
    assert "概念辞書は「バス」を見て話題を決めています" in found.why
    assert found.read_parts == ("バス",)
    assert "概念辞書の「バス」を含む" in "\n".join(render(made, 200))


def test_compounds_that_the_concept_dictionary_reads_in_part_come_last(made):
    read = [bool(own.read_parts) for own in made.candidates if own.kind == COMPOUND]
    assert read == sorted(read)


def test_a_compound_that_the_concept_dictionary_knows_is_no_candidate():
    voices = [["商業施設がない", "商業施設がほしい", "商業施設は遠い", "商業の町"]]
    assert [own.word for own in find_compounds(material(voices), STOPWORDS)] == ["商業施設"]
    assert not [own for own in find_candidates(material(voices)).candidates if own.kind == COMPOUND]


def test_compounds_that_are_read_alike_get_one_form():
    ways = ["へ行く", "に入る", "は遠い", "がいい"]
    voices = [["あわら温泉" + own for own in ways], ["芦原温泉" + own for own in ways[:3]]]
    found = find_compounds(material(voices), STOPWORDS)
    assert {own.line for own in found} == {
        "あわら温泉,アワラオンセン,あわら温泉,地名",
        "芦原温泉,アワラオンセン,あわら温泉,地名",
    }


def test_no_name_of_a_person_and_nothing_masked_is_shown(made):
    said = "\n".join(f"{own.line} {own.contexts}" for own in made.candidates)
    assert "山田" not in said
    assert "氏名" not in said
    assert "電話" not in said


def test_a_surname_before_a_facility_names_a_place():
    voices = [["山田公園は広い", "山田公園に行く", "山田公園がいい"]]
    assert [own.word for own in find_compounds(material(voices), STOPWORDS)] == ["山田公園"]


def test_what_stands_before_a_form_of_address_is_taken_for_a_name():
    voices = [["ゾムゾムさんがいい", "ゾムゾムさんと話す", "ゾムゾムさんへ"]]
    assert find_unknown(material(voices), STOPWORDS) == []


def test_synonyms_of_sudachi_are_merged_into_the_word_that_more_people_use(made):
    found = [own for own in made.candidates if own.kind == SYNONYM]
    assert ("自動車", "車", "synonyms.csv") in {
        (own.word, own.normalized, own.file) for own in found
    }
    assert all("同義語の組" in own.statistic or "意味の近さ" in own.statistic for own in found)


def test_a_group_of_synonyms_whose_words_are_far_apart_gives_nothing(vectors):
    voices = [["付近が暗い", "付近の道", "付近に無い"], ["周囲が暗い", "周囲の道", "周囲に無い"]]
    read = material(voices)
    assert not find_synonyms(read, nouns_of(read, STOPWORDS), vectors)


@pytest.mark.parametrize(
    ("rare", "usual"),
    [
        ("ゾムゾムー", "ゾムゾム"),  # a long vowel
        ("ゾムゾッム", "ゾムゾム"),
        ("コミュニケーシン", "コミュニケーション"),  # a slip
        ("ススメ", "すすめ"),
    ],
)
def test_another_writing_of_a_word_is_found(rare, usual):
    endings = ["がある", "はない", "をする", "が好き"]
    voices = [[rare + own for own in endings[:3]], [usual + own for own in endings]]
    read = material(voices)
    found = find_variants(read, nouns_of(read, STOPWORDS))
    assert [(own.kind, own.line) for own in found] == [(VARIANT, f"{rare},{usual}")]


@pytest.mark.parametrize("pair", [("機会", "機械"), ("公園", "講演"), ("センター", "セクター")])
def test_words_that_only_sound_or_look_alike_are_no_variants(pair):
    endings = ["がある", "はない", "をする"]
    read = material([[word + own for own in endings] for word in pair])
    assert find_variants(read, nouns_of(read, STOPWORDS)) == []


def test_the_order_of_the_rows_changes_nothing(made):
    assert find_candidates(material(VOICES, order=-1)) == made


def test_everything_may_be_ticked_together(made):
    known = read_synonyms(dictionaries_folder() / "synonyms.csv")
    words = {own[0] for own in read_user_words(dictionaries_folder() / "user.csv")}
    pairs = [(own.word, own.normalized) for own in made.candidates if own.file == "synonyms.csv"]
    merged = known | dict(pairs)
    assert len(merged) == len(known) + len(pairs)
    assert not set(merged) & set(merged.values())
    assert not words & {own.word for own in made.candidates if own.file == "user.csv"}


def test_people_are_counted_once_and_an_unknown_one_by_the_answer():
    opinions = pd.DataFrame(
        {
            "opinion_id": ["O1", "O2", "O3", "O4"],
            "answer_id": ["A1", "A1", "A2", "A3"],
            "text": ["道が狭い", "道が暗い", "道が狭い", "道が狭い"],
            "duplicate_of": ["", "", "O1", "O1"],
        }
    )
    answers = pd.DataFrame({"answer_id": ["A1", "A2", "A3"], "respondent_id": ["P1", "P1", ""]})
    read = material_of(opinions, answers)
    assert read.count(range(len(read.texts))) == (4, 2, 2)


def test_the_table_of_a_run_has_its_columns_and_only_dictionaries_lines(sample_run):
    table = suggest(sample_run)
    assert list(table.columns) == [
        "kind", "word", "reading", "normalized", "part", "file", "line", "n_opinions",
        "n_wordings", "n_people", "score", "statistic", "context_1", "context_2", "why",
    ]  # fmt: skip
    assert (table["n_people"] >= 3).all()
    assert set(table["file"]) <= {"user.csv", "synonyms.csv"}
    assert len(table)


def test_the_sheet_is_marked_and_the_same_every_time(made, tmp_path):
    content = workbook(made)
    assert content == workbook(made)
    (tmp_path / "a.xlsx").write_bytes(content)
    sheets = read_sheets(tmp_path / "a.xlsx")
    rows = sheets["候補"].rows
    assert rows[0][0] == CONFIDENTIAL
    assert rows[1][0] == TAKEN
    rarely = [row[2] for row in sheets["ふつうは足さない"].rows[2:]]
    assert len(rows) - 2 + len(rarely) == len(made.candidates)
    assert rarely == [own.word for own in made.candidates if own.read_parts]
    assert "書き方" in sheets


def test_what_hides_a_term_of_the_concept_dictionary_stands_apart_on_the_screen(made):
    usual, rarely = "\n".join(render(made, 100)).split("ふつうは足さない複合語")
    for own in made.candidates:
        assert own.line in (rarely if own.read_parts else usual)


def test_a_terminal_shows_the_lines_that_would_be_added(made):
    said = "\n".join(render(made, 100))
    assert CONFIDENTIAL in said
    assert "ゾムゾム,ゾムゾム,ゾムゾム,名詞" in said
    assert "辞書に足す候補は見つかりませんでした" in "\n".join(
        render(made._replace(candidates=()), 100)
    )


LETTERS = st.text("アイウカキクサーッャ", min_size=1, max_size=6)


@given(LETTERS, LETTERS)
def test_one_letter_off_is_one_edit_either_way(one, other):
    assert (
        is_one_letter_off(one, other) == is_one_letter_off(other, one) == (_edits(one, other) == 1)
    )


def _edits(one, other):
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        before, row = row, [place]
        for at, own in enumerate(other, start=1):
            row.append(min(row[-1] + 1, before[at] + 1, before[at - 1] + (letter != own)))
    return row[-1]


@given(LETTERS)
def test_a_rough_sound_has_no_rougher_one(word):
    assert rough_sound(rough_sound(word)) == rough_sound(word)


@given(st.text("アイabＡ漢ゆー・ガYZ", max_size=8))
def test_a_reading_is_katakana_or_nothing(word):
    assert all("ァ" <= own <= "ヺ" or own == "ー" for own in reading_of(word))
