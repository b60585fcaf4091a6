"""A word is found in all its forms, shown in its context, with what stands beside it."""

from __future__ import annotations

import itertools
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli import main
from pipeline.cooccurrence import LEAST_OPINIONS, LEAST_SPEAKERS, LEAST_TOGETHER
from pipeline.errors import UsageError
from pipeline.tables import load_table
from pipeline.textlayout import width_of
from pipeline.tokens import default_tokenizer
from pipeline.wordviews.collocates import SIDES, count_collocates
from pipeline.wordviews.kwic import find_word
from pipeline.wordviews.network import surround
from pipeline.wordviews.places import find_places, longer_words, wanted_word
from pipeline.wordviews.screen import render_collocates, render_kwic, render_network
from pipeline.wordviews.voices import Voices


def places(word: str, *texts: str) -> list[str]:
    """The pieces of some texts in which a word is met."""
    tokens = default_tokenizer().tokenize_table(texts)
    return [
        texts[own.row][own.start : own.end] for own in find_places(wanted_word(word), texts, tokens)
    ]


@pytest.fixture(scope="module")
def voices(sample_run):
    return load_table("opinions", sample_run / "tables")


def test_every_form_of_a_word_is_met():
    assert places("あそぶ", "公園で遊べる。", "もっと遊んでほしい", "遊具がない") == [
        "遊べる",
        "遊ん",
    ]


def test_a_word_is_not_met_in_the_midst_of_another_one_which_is_named():
    texts = ("水道が古い", "道が暗い")
    tokens = default_tokenizer().tokenize_table(texts)
    wanted = wanted_word("道")
    found = find_places(wanted, texts, tokens)
    assert [own.row for own in found] == [1]
    assert longer_words(wanted, tokens, found) == [("水道", 1)]


def test_what_was_masked_is_no_word():
    opinions = pd.DataFrame({"text": ["［電話番号］に電話した", "番号で呼ばれる"]})
    voices = Voices(opinions, {}, {}, {})

    def met(word):
        return [
            (own.row, own.start)
            for own in find_places(wanted_word(word), voices.texts, voices.tokens)
        ]

    assert met("番号") == [(1, 0)]
    assert met("電話") == [(0, 7)]


def test_several_words_are_met_where_they_follow_each_other():
    assert places("公共交通", "公共交通がない", "公共の交通", "公共交通") == ["公共交通"] * 2


def test_a_word_is_met_again_in_the_same_opinion_but_never_twice_in_one_place():
    assert places("店", "店がない。店がほしい") == ["店", "店"]


def test_a_word_may_be_written_in_full_or_half_width():
    assert places("ＮＰＯ", "NPOの支援") == ["NPO"]


def test_nothing_but_a_word_can_be_looked_for():
    with pytest.raises(UsageError, match="探す言葉がありません"):
        wanted_word(" 　")


@given(st.lists(st.sampled_from(["店がない。", "道が暗い。", "水道と店。", " "]), max_size=12))
def test_what_is_met_is_the_word_and_places_never_overlap(parts):
    text = "".join(parts)
    tokens = default_tokenizer().tokenize_table([text])
    found = find_places(wanted_word("店"), [text], tokens)
    assert all(text[own.start : own.end] == "店" for own in found)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))
    assert len(found) == text.count("店")


def test_opinions_wordings_and_people_are_counted_as_a_plain_count_finds_them(sample_run, voices):
    made = find_word(sample_run, "バス")
    answers = load_table("answers", sample_run / "tables")
    tokenize = default_tokenizer().tokenize
    own = voices[[any(one.word == "バス" for one in tokenize(text)) for text in voices["text"]]]
    people = own.merge(answers[["answer_id", "respondent_id"]], on="answer_id")["respondent_id"]
    alike = own["duplicate_of"].where(own["duplicate_of"] != "", own["opinion_id"])
    assert made.n_opinions == len(own)
    assert made.n_distinct == alike.nunique()
    assert made.n_people == people[people != ""].nunique() + (people == "").sum()
    assert made.lines["n_opinions"].sum() == made.n_opinions  # each says it once
    assert made.forms["n"].sum() == made.n_places


def test_every_line_is_a_piece_of_a_masked_opinion(sample_run, voices):
    text_of = dict(zip(voices["opinion_id"], voices["text"], strict=True))
    for row in find_word(sample_run, "公園", width=6).lines.to_dict("records"):
        line = row["before"].removeprefix("…") + row["word"] + row["after"].removesuffix("…")
        assert line in " ".join(text_of[row["opinion_id"]].split())


def test_lines_hold_nothing_of_what_people_are(sample_run):
    columns = find_word(sample_run, "バス").lines.columns
    assert not {"respondent_id", "speaker"} & set(columns)
    assert not any(name.startswith("attr_") for name in columns)


def test_the_same_uses_stand_together_whichever_side_is_asked_for(sample_run):
    after = find_word(sample_run, "バス").lines
    before = find_word(sample_run, "バス", sort="before").lines
    by_issue = find_word(sample_run, "バス", sort="issue").lines
    assert after["after"].is_monotonic_increasing
    assert before["before"].map(lambda own: own[::-1]).is_monotonic_increasing
    assert by_issue["issue_id"].is_monotonic_increasing
    assert sorted(after["opinion_id"]) == sorted(before["opinion_id"])


def test_only_the_issue_or_the_goal_that_is_asked_for_is_searched(sample_run):
    every = find_word(sample_run, "バス").lines
    issue = every["issue_id"].value_counts().index[0]
    some = find_word(sample_run, "バス", issues=[issue.lower()])
    assert set(some.lines["issue_id"]) == {issue}
    none = find_word(sample_run, "バス", goal="0").lines
    assert set(none["goal_id"]) == {""}


def test_an_issue_that_is_not_there_is_answered_with_one_that_is_written_like_it(sample_run):
    with pytest.raises(UsageError) as caught:
        find_word(sample_run, "バス", issues=["I1"])
    assert "I001" in caught.value.remedy


def test_a_word_that_stands_nowhere_is_answered_with_words_that_are_like_it(sample_run):
    with pytest.raises(
        UsageError, match="「町内会費用」は、この結果の意見に出てきません"
    ) as caught:
        find_word(sample_run, "町内会費用")
    assert "町内会" in caught.value.remedy


def test_lines_on_the_screen_are_aligned_and_fit(sample_run):
    made = find_word(sample_run, "バス", width=40)
    lines = render_kwic(made, 80)
    body = lines[lines.index("") + 1 :][: len(made.lines)]
    columns = [
        {width_of(line[: own.start()]) for own in re.finditer("バス", line)} for line in body
    ]
    assert set.intersection(*columns)
    assert all(width_of(line) <= 80 for line in body)


def test_lines_that_are_left_out_are_told(sample_run):
    assert "行のうち2行" in render_kwic(find_word(sample_run, "バス"), 100, 2)[-1]


def test_collocates_add_up_to_the_left_and_to_the_right(sample_run):
    table = count_collocates(sample_run, "バス").table
    left, right = list(SIDES[:5]), list(SIDES[5:])
    assert (table[left].sum(axis=1) == table["n_left"]).all()
    assert (table[right].sum(axis=1) == table["n_right"]).all()
    assert (table["n"] == table["n_left"] + table["n_right"]).all()
    assert table["score"].is_monotonic_decreasing
    assert render_collocates(count_collocates(sample_run, "バス"), 3)[0].startswith("「バス」")


def test_the_words_beside_a_word_are_found_at_their_distance(sample_run):
    (row,) = count_collocates(sample_run, "バス").table.query("word == '本数'").to_dict("records")
    assert row["r1"] == 0
    assert row["r2"] == row["n"] == 3  # バス の 本数


def test_a_word_has_the_links_that_the_table_of_links_has(sample_run):
    words = load_table("words", sample_run / "tables")
    links = load_table("word_links", sample_run / "tables")
    own = links["word_1"].iloc[0]
    made = surround(sample_run, own)
    expected = links[(links["word_1"] == own) | (links["word_2"] == own)]
    beside = made.links[(made.links["word_1"] == own) | (made.links["word_2"] == own)]
    columns = ["word_1", "word_2", "n_opinions", "n_distinct", "n_respondents", "jaccard", "npmi"]
    both = beside.merge(expected, on=["word_1", "word_2"], suffixes=("", "_saved"))
    assert len(both) == len(expected)
    for name in columns[2:5]:
        assert (both[name] == both[f"{name}_saved"]).all()
    assert made.n_opinions == words.set_index("word").loc[own, "n_opinions"]


def test_neighbours_that_too_few_share_are_left_out(sample_run):
    links = surround(sample_run, "公園").links
    assert (links["n_distinct"] >= LEAST_TOGETHER).all()
    assert (links["n_opinions"] >= LEAST_SPEAKERS).all()


def test_a_rare_word_has_no_network_and_is_told_why(sample_run):
    with pytest.raises(UsageError, match=f"{LEAST_OPINIONS}件以上の意見") as caught:
        surround(sample_run, "バスケ")
    assert "kadai kwic" in caught.value.remedy


def test_a_word_without_a_topic_has_no_network(sample_run):
    with pytest.raises(UsageError, match="つながりを数えない言葉"):
        surround(sample_run, "ある")


def test_the_drawing_is_a_picture_in_which_no_text_is_markup(sample_run):
    from lxml import etree

    made = surround(sample_run, "公園")
    tree = etree.fromstring(made.svg().encode())
    assert tree.tag == "{http://www.w3.org/2000/svg}svg"
    texts = tree.findall(".//{*}text")
    assert {own.text for own in texts} >= {made.shown}
    assert len(texts) == len(made.words)
    assert render_network(made, 100)[0].startswith("「公園」")


def test_the_same_run_gives_the_same_lines_every_time(sample_run):
    one, other = (find_word(sample_run, "町内会") for _ in range(2))
    pd.testing.assert_frame_equal(one.lines, other.lines)


def test_the_commands_write_what_they_show_and_never_over_a_file(
    sample_run, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(sample_run)  # no folder is named: the run is here
    for call in (
        ["kwic", "バス", "--output", str(tmp_path / "a.csv")],
        ["kwic", "バス", "--collocates", "--output", str(tmp_path / "b.xlsx")],
        ["network", "公園", "--output", str(tmp_path / "c.svg")],
    ):
        assert main(call) == 0
        assert main(call) == 2
    said = capsys.readouterr()
    assert "外に出さないでください" in said.err
    assert "上書きしません" in said.err
    text = (tmp_path / "a.csv").read_text("utf-8-sig")
    assert text.startswith("意見番号,前,言葉,後,")
    assert len(text.splitlines()) == len(find_word(sample_run, "バス").lines) + 1


def test_too_many_words_are_refused_with_an_example(capsys):
    assert main(["kwic", "結果", "バス", "道"]) == 2
    assert "指定が多すぎます" in capsys.readouterr().err


def test_a_folder_without_a_word_is_not_taken_for_a_word(sample_run, capsys):
    assert main(["network", str(sample_run)]) == 2
    assert "言葉がありません" in capsys.readouterr().err


def test_a_sign_of_three_dots_is_one_place(sample_run):
    found = find_word(sample_run, "…")
    assert (found.lines["word"] != "").all()
    assert found.n_places == len(found.lines)


def test_one_issue_needs_no_list_and_less_than_no_line_is_refused(sample_run):
    one = find_word(sample_run, "バス", issues="I001")
    pd.testing.assert_frame_equal(one.lines, find_word(sample_run, "バス", issues=["I001"]).lines)
    with pytest.raises(UsageError, match="-1"):
        find_word(sample_run, "バス", limit=-1)
