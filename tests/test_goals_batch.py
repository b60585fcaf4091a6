"""Many wordings at once: each is judged as if it stood alone, and as the slow ways would have it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from pipeline.concepts import find_concepts
from pipeline.goals import batch
from pipeline.goals.batch import STRONG, judge_texts, moved, score_texts
from pipeline.goals.confidence import probabilities
from pipeline.goals.model import combine
from pipeline.goals.opinions import COLUMNS
from pipeline.goals.space import letter_marks, letters
from pipeline.tokens import default_tokenizer
from tests.goals_fixture import SENTENCES, link

if TYPE_CHECKING:
    from pipeline.goals.batch import Judged
    from pipeline.goals.mapper import GoalMapper

TEXTS = [
    *SENTENCES,
    "道路が狭い。母の介護と仕事の両立がつらい。",
    "ふむふむ",
    "",
    "介護の相談がしにくい。広報も読みにくく、情報が届かない。",
]


def judged(mapper: GoalMapper, *texts: str, asides: list[float] | None = None) -> Judged:
    tokens = default_tokenizer().tokenize_all(texts)
    return judge_texts(tokens, None, asides or [0.0] * len(texts), mapper)


def test_a_wording_is_judged_alone_as_among_others_to_the_last_digit(mapper: GoalMapper) -> None:
    together = judged(mapper, *TEXTS)
    for row, text in enumerate(TEXTS):
        alone = judged(mapper, text)
        assert alone.assigned == {name: [own[row]] for name, own in together.assigned.items()}
        assert alone.links == [own._replace(text=0) for own in together.links if own.text == row]


def test_the_columns_are_those_of_an_assignment(mapper: GoalMapper) -> None:
    found = judged(mapper, *TEXTS)
    assert tuple(found.assigned) == COLUMNS
    assert {len(own) for own in found.assigned.values()} == {len(TEXTS)}
    assert found.lessons == []
    assert {own.text for own in found.links} >= {
        row for row, goal in enumerate(found.assigned["goal_id"]) if goal
    }


def test_no_wordings_are_given_nothing(mapper: GoalMapper) -> None:
    found = judged(mapper)
    assert found.assigned == {name: [] for name in COLUMNS}
    assert found.links == found.lessons == []


def test_tables_of_opinions_are_made_of_the_same(mapper: GoalMapper) -> None:
    found = judged(mapper, *TEXTS)
    tables = link(mapper, *TEXTS, start=7)
    assert tables.assigned.to_dict("list") == found.assigned
    ids = [f"P{number:03}" for number in range(len(TEXTS))]
    expected = {
        (ids[own.text], own.goal_id, own.measure_id, round(own.score, 6), moved(own.evidence, 7))
        for own in found.links
    }
    table = tables.links.assign(score=tables.links["score"].round(6))
    assert set(table.itertuples(index=False, name=None)) == expected
    assert len(table) == len(found.links)


def test_what_was_found_before_need_not_be_looked_for_again(mapper: GoalMapper) -> None:
    tokens = default_tokenizer().tokenize_all(TEXTS)
    hits = [find_concepts(own, mapper.reader.dictionary) for own in tokens]
    asides = [0.5] * len(tokens)
    assert judge_texts(tokens, hits, asides, mapper) == judge_texts(tokens, None, asides, mapper)


def test_scores_are_those_that_the_model_gives_to_sentences_read_with_their_votes(
    mapper: GoalMapper,
) -> None:
    tokens = default_tokenizer().tokenize_all(TEXTS)
    scored = score_texts(tokens, None, [1.5] * len(tokens), mapper)
    for row, own in enumerate(tokens):
        scores = mapper.model.scores(mapper.reader.sentences(own, 1.5))
        first, last = scored.bounds[row], scored.bounds[row + 1]
        assert scores.tobytes() == scored.scores[first:last].tobytes()
        assert combine(scores).tobytes() == scored.combined[row].tobytes()


SCORES = arrays.arrays(
    np.float64,
    st.tuples(st.integers(1, 5), st.integers(2, 9)),
    elements=st.sampled_from([0.0, STRONG, 0.3, 0.3 + 1e-10, 0.3 - 1e-10, 0.3 + 6e-10, 0.7]),
)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(SCORES)
def test_the_best_goal_is_the_first_in_the_ranking(scores: np.ndarray) -> None:
    assert batch._best(scores).tolist() == [batch._ranked(own)[0] for own in scores]


@settings(derandomize=True, max_examples=100, deadline=None)
@given(SCORES)
def test_probabilities_of_many_are_those_of_each(scores: np.ndarray) -> None:
    alone = [probabilities(own) for own in scores]
    assert probabilities(scores).tobytes() == np.array(alone).tobytes()


WORDS = st.text('"\\: ,start123あ\n', max_size=30) | st.just('"start": 5, "end": 6')


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.lists(st.tuples(WORDS, st.integers(0, 99), st.integers(0, 99))), st.integers(0, 999))
def test_places_move_and_words_stay_whatever_they_are(
    parts: list[tuple[str, int, int]], offset: int
) -> None:
    def made(by: int) -> str:
        evidence = [
            {"word": word, "start": start + by, "end": end + by, "weight": 0.5, "rule": word}
            for word, start, end in parts
        ]
        return json.dumps(evidence, ensure_ascii=False)

    assert moved(made(0), offset) == made(offset)


@pytest.mark.parametrize("text", ["", "あ", "居場所", "居場所がほしい居場所が😀"])
def test_columns_of_letters_are_found_as_the_letters_are(text: str) -> None:
    tokens = default_tokenizer().tokenize(text)
    columns = {"居場": 3, "場所が": 0, "ほしい": 7}
    found = [mark for grams in letter_marks(tokens, columns) for mark in grams]
    assert found == [columns.get(own) for own, _, _ in letters(tokens)]
