"""Opinions and the lines of the action plan that they speak to."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.actions import ActionLinker, action_lines, link_actions, tabulate_actions
from pipeline.concept_dictionary import ConceptDictionary, load_concepts
from pipeline.concepts import find_concepts
from pipeline.features import read_stopwords
from pipeline.plan import Action, Goal, Measure, Plan, find_plan, load_plan
from pipeline.resources import dictionaries_folder
from pipeline.tokens import Tokenizer, default_tokenizer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@functools.cache
def concepts() -> ConceptDictionary:
    return load_concepts(dictionaries_folder() / "concepts.toml", default_tokenizer().tokenize)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return default_tokenizer()


@pytest.fixture(scope="module")
def dictionary() -> ConceptDictionary:
    return concepts()


@pytest.fixture(scope="module")
def plan() -> Plan:
    return Plan(
        id="p",
        title="計画",
        goals=(
            Goal(
                id="1",
                name="つながり",
                measures=(
                    Measure(
                        id="1-1",
                        name="居場所",
                        actions=(
                            Action(
                                id="1-1-1",
                                status="継続",
                                text="地域における居場所づくりを推進します",
                            ),
                            Action(id="1-1-2", text="活動の充実を図ります"),
                            Action(id="1-1-3", text="花壇とベンチを整備します"),
                        ),
                    ),
                    Measure(
                        id="1-2",
                        name="担い手",
                        actions=(
                            Action(id="1-2-1", text="ボランティアの募集に取り組みます"),
                            Action(
                                id="1-2-2",
                                text="ファミリー・サポート・センターの送迎の支援を継続します",
                            ),
                            Action(id="1-2-3", text="寄付の受け付けを広げます"),
                            Action(id="1-2-4", text="花壇とベンチを整備します"),
                        ),
                    ),
                ),
                other_actions=(Action(id="1-0-1", text="防災訓練を実施します"),),
            ),
            Goal(
                id="2",
                name="知らせる",
                measures=(
                    Measure(
                        id="2-1",
                        name="知らせる",
                        actions=(
                            Action(id="2-1-1", text="広報の居場所コーナーを続けます"),
                            Action(id="2-1-2", text="動画の配信を検討します"),
                        ),
                    ),
                ),
            ),
        ),
    )


def link(
    plan: Plan,
    tokenizer: Tokenizer,
    dictionary: ConceptDictionary,
    voices: Sequence[tuple[str, str, str]],
) -> pd.DataFrame:
    """Links of opinions that are given as text, goal and measure."""
    tokens = [tokenizer.tokenize(text) for text, _, _ in voices]
    opinions = pd.DataFrame(
        [(f"O{place}", goal, measure) for place, (_, goal, measure) in enumerate(voices)],
        columns=["opinion_id", "goal_id", "measure_id"],
    )
    hits = [find_concepts(own, dictionary) for own in tokens]
    stopwords = read_stopwords(dictionaries_folder() / "stopwords.txt")
    return link_actions(plan, opinions, tokens, hits, dictionary, stopwords, tokenizer.tokenize)


def test_an_opinion_speaks_to_the_line_of_its_goal_that_shares_a_telling_word(
    plan: Plan, tokenizer: Tokenizer, dictionary: ConceptDictionary
) -> None:
    links = link(plan, tokenizer, dictionary, [("子どもの居場所がほしい", "1", "1-1")])
    assert links[["action_id", "words"]].to_numpy().tolist() == [["1-1-1", "居場所"]]


def test_an_opinion_under_no_goal_or_another_one_speaks_to_no_line(
    plan: Plan, tokenizer: Tokenizer, dictionary: ConceptDictionary
) -> None:
    voices = [("子どもの居場所がほしい", "", ""), ("ボランティアの募集", "2", "2-1")]
    assert link(plan, tokenizer, dictionary, voices).empty


def test_words_of_administration_link_nothing(
    plan: Plan, tokenizer: Tokenizer, dictionary: ConceptDictionary
) -> None:
    assert link(plan, tokenizer, dictionary, [("活動の充実を支援してほしい", "1", "1-1")]).empty


def test_a_line_of_another_measure_takes_two_telling_words_and_one_of_no_measure_a_single_one(
    plan: Plan, tokenizer: Tokenizer, dictionary: ConceptDictionary
) -> None:
    voices = [
        ("寄付をしたい", "1", "1-1"),
        ("寄付の受け付けが遠い", "1", "1-1"),
        ("防災訓練に出た", "1", "1-2"),
    ]
    links = link(plan, tokenizer, dictionary, voices)
    assert links[["opinion_id", "action_id"]].to_numpy().tolist() == [
        ["O1", "1-2-3"],
        ["O2", "1-0-1"],
    ]


def test_where_a_line_of_another_measure_fits_better_the_next_best_is_not_taken(
    plan: Plan, tokenizer: Tokenizer, dictionary: ConceptDictionary
) -> None:
    voices = [("居場所がほしい", "1", "1-1"), ("居場所への寄付", "1", "1-1")]
    assert link(plan, tokenizer, dictionary, voices)["opinion_id"].tolist() == ["O0"]


def test_a_line_that_names_a_service_is_about_that_service(
    plan: Plan, tokenizer: Tokenizer, dictionary: ConceptDictionary
) -> None:
    voices = [
        ("病院への送迎がほしい", "1", "1-2"),
        ("ファミリー・サポート・センターを使った", "1", "1-2"),
    ]
    links = link(plan, tokenizer, dictionary, voices)
    assert links[["opinion_id", "action_id"]].to_numpy().tolist() == [["O1", "1-2-2"]]


def test_lines_of_the_same_wording_are_told_apart_by_the_measure_or_both_are_linked(
    plan: Plan, tokenizer: Tokenizer, dictionary: ConceptDictionary
) -> None:
    voices = [("花壇がきれいだ", "1", "1-2"), ("花壇とベンチがうれしい", "1", "")]
    links = link(plan, tokenizer, dictionary, voices)
    assert links[links["opinion_id"] == "O0"]["action_id"].tolist() == ["1-2-4"]
    assert links[links["opinion_id"] == "O1"]["action_id"].tolist() == ["1-1-3", "1-2-4"]


def test_different_lines_that_fit_equally_well_are_not_chosen_between(
    tokenizer: Tokenizer, dictionary: ConceptDictionary
) -> None:
    twins = (
        Action(id="1-1-1", text="花壇を広げます"),
        Action(id="1-1-2", text="ベンチを広げます"),
    )
    measure = Measure(id="1-1", name="まち", actions=twins)
    own = Plan(id="p", title="計画", goals=(Goal(id="1", name="まち", measures=(measure,)),))
    assert link(own, tokenizer, dictionary, [("花壇とベンチがうれしい", "1", "1-1")]).empty


def test_a_plan_without_action_lines_has_no_links_and_no_rows(
    tokenizer: Tokenizer, dictionary: ConceptDictionary
) -> None:
    bare = Plan(id="p", title="計画", goals=(Goal(id="1", name="つながり"),))
    links = link(bare, tokenizer, dictionary, [("居場所がほしい", "1", "")])
    people = pd.DataFrame(columns=["opinion_id", "duplicate_of", "respondent_id"])
    assert links.empty
    assert tabulate_actions(bare, links, people).empty


def test_every_line_of_the_plan_has_a_row_with_its_people_and_words() -> None:
    plan = load_plan(find_plan("nishitokyo-4", _here()))
    links = pd.DataFrame(
        [("O1", "1-2-2", 1.0, "居場所"), ("O2", "1-2-2", 1.0, "居場所、サロン"), ("O3", "1-2-2", 0.9, "サロン")],
        columns=["opinion_id", "action_id", "score", "words"],
    )  # fmt: skip
    opinions = pd.DataFrame(
        [("O1", "", "R1"), ("O2", "", "R1"), ("O3", "O1", ""), ("O4", "", "R2")],
        columns=["opinion_id", "duplicate_of", "respondent_id"],
    )
    table = tabulate_actions(plan, links, opinions)
    assert len(table) == len(list(action_lines(plan))) == 70
    row = table.set_index("action_id").loc["1-2-2"]
    assert (row["n_opinions"], row["n_distinct"], row["n_respondents"]) == (3, 2, 1)
    assert row["words"] == "サロン、居場所"
    assert table["n_opinions"].sum() == 3
    assert table.set_index("action_id").loc["4-0-1", "measure_id"] == ""


@settings(max_examples=8, deadline=None)
@given(order=st.permutations(range(6)))
def test_the_order_of_opinions_changes_no_link(order: list[int]) -> None:
    tokenizer, dictionary = default_tokenizer(), concepts()
    plan = load_plan(find_plan("nishitokyo-4", _here()))
    voices = [
        ("どこに相談すればよいか分からない", "4", "4-1"),
        ("ボランティアをしたい", "2", "2-1"),
        ("居場所がほしい", "1", "1-2"),
        ("広報が届かない", "5", "5-1"),
        ("近所付き合いが減った", "1", "1-1"),
        ("バスが少ない", "", ""),
    ]
    straight = link(plan, tokenizer, dictionary, voices)
    mixed = link(plan, tokenizer, dictionary, [voices[place] for place in order])
    back = {f"O{new}": f"O{old}" for new, old in enumerate(order)}
    mixed["opinion_id"] = mixed["opinion_id"].map(back)
    again = mixed.sort_values(["opinion_id", "action_id"], ignore_index=True)
    pd.testing.assert_frame_equal(again, straight)


def _here() -> Path:
    return dictionaries_folder()


def test_one_linker_gives_opinion_by_opinion_what_the_table_has(
    plan: Plan, tokenizer: Tokenizer, dictionary: ConceptDictionary
) -> None:
    voices = [
        (line.action.text, line.goal_id, line.measure_id)
        for line in action_lines(plan)
        if line.action.text
    ]
    voices += [(text, "", "") for text, _, _ in voices] + [("ふむふむ", voices[0][1], "")]
    table = link(plan, tokenizer, dictionary, voices)
    stopwords = read_stopwords(dictionaries_folder() / "stopwords.txt")
    linker = ActionLinker(plan, dictionary, stopwords, tokenizer.tokenize)
    found = []
    for place, (text, goal, measure) in enumerate(voices):
        tokens = tokenizer.tokenize(text)
        for action_id, score, words in linker.links(
            tokens, find_concepts(tokens, dictionary), goal, measure
        ):
            found.append((f"O{place}", action_id, round(score, 6), "、".join(words)))
    assert found
    assert list(table.itertuples(index=False, name=None)) == found
