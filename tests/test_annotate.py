"""What is found in a text does not depend on where, with which others or how often it is read."""

from __future__ import annotations

import functools
import random

import pandas as pd
import pytest

from pipeline import tables
from pipeline.actions import link_actions
from pipeline.annotate import Annotated, Annotation, Ground, annotate, find_people, load_tools
from pipeline.annotate import opinions as opinions_module
from pipeline.annotate import people as people_module
from pipeline.annotate.opinions import CHILDREN
from pipeline.concepts import choose_topic, find_concepts, tabulate_hits
from pipeline.engine import open_engine
from pipeline.engine.local import Local
from pipeline.goals.opinions import link_opinions
from pipeline.opinions import Corrections, make_opinions
from pipeline.plan import find_plan
from pipeline.privacy import names_in
from pipeline.resources import dictionaries_folder

TEXTS = [
    "バスの本数が少ない。\n高齢者の買い物の足を確保してほしい。",
    "特になし",
    "バスの本数が少ない。\n高齢者の買い物の足を確保してほしい。",
    "公園の遊具が古い。特になし。",
    "民生委員の山田さんに助けられた。ボランティア講座を増やしてほしい。",
    "山田さんの話が聞きたい",
    "電話は03-1234-5678です。相談窓口がわかりにくい。",
    "",
    "災害のとき避難所まで歩けない人をどうするのか。",
] * 3
QUESTIONS = ["ご意見", "住んでいてよい点"]


@functools.cache
def ground() -> Ground:
    return Ground(str(find_plan("nishitokyo-4", dictionaries_folder())), "shipped")


def answers() -> pd.DataFrame:
    rows = [
        (f"A{number:011d}", QUESTIONS[number % 2], text)
        for number, text in enumerate(TEXTS)
        if text
    ]
    table = pd.DataFrame(rows, columns=["answer_id", "question", "raw_text"])
    table = table.assign(
        source_id="S", source_kind="survey", file="a.csv", locator="", respondent_id="S-1"
    )
    return tables.conform("answers", table)


def read(corrections: Corrections | None = None, skip: frozenset[str] = frozenset()) -> Annotated:
    table = answers()
    texts = list(dict.fromkeys([*table["question"], *table["raw_text"]]))
    personal = find_people(texts, Local())
    annotation = Annotation(ground(), corrections or Corrections(), names_in(personal.items()))
    return annotate(table, skip, personal, annotation, repr(annotation), Local())


def everything(said: Annotated) -> list[object]:
    return [
        said.table.to_dict("list"),
        said.assigned.to_dict("list"),
        *(said.children(name).to_dict("list") for name in CHILDREN),
        list(said.tokens.take(said.piece)),
        list(said.topics.take(said.piece)),
        said.set_aside.to_dict("list"),
        said.restored,
        said.hidden,
    ]


CORRECTIONS = Corrections(
    restored=frozenset([("A00000000001", 0, 4), ("A00000000003", 9, 14)]),
    public=frozenset(["山田"]),
)


@pytest.mark.parametrize("corrections", [None, CORRECTIONS])
@pytest.mark.parametrize("chunk", [1, 3, 1000])
def test_the_size_of_a_chunk_changes_nothing(chunk, corrections, monkeypatch) -> None:
    expected = everything(read(corrections, frozenset(["A00000000000"])))
    monkeypatch.setattr(opinions_module, "CHUNK", chunk)
    monkeypatch.setattr(people_module, "CHUNK", chunk)
    assert everything(read(corrections, frozenset(["A00000000000"]))) == expected


@pytest.mark.parametrize("corrections", [None, CORRECTIONS])
def test_workers_read_as_one_process_does_at_once(corrections) -> None:
    """The plain way: split everything, then tokens, concepts and goals of all opinions."""
    skip = frozenset(["A00000000000"])
    said = read(corrections, skip)
    plain = make_opinions(answers(), skip, corrections)
    pd.testing.assert_frame_equal(said.table[list(plain.table)], plain.table, check_dtype=False)
    columns = list(said.set_aside)
    keys = ["answer_id", "start"]
    assert said.set_aside.sort_values(keys)[columns].to_dict("list") == plain.set_aside.sort_values(
        keys
    )[columns].to_dict("list")
    assert (said.restored, said.hidden) == (plain.restored, plain.hidden)
    tools = load_tools(ground())
    tokens = [tools.tokenizer.tokenize(own) for own in plain.analysed]
    assert list(said.tokens.take(said.piece)) == tokens
    hits = [find_concepts(own, tools.dictionary) for own in tokens]
    topics = [
        choose_topic(own, found, tools.dictionary, tools.stopwords)
        for own, found in zip(tokens, hits, strict=True)
    ]
    assert list(said.topics.take(said.piece)) == topics
    asked = {own: tools.tokenizer.tokenize(own) for own in QUESTIONS}
    linked = link_opinions(plain.table, tokens, tools.mapper, asked, hits)
    pd.testing.assert_frame_equal(said.assigned, linked.assigned, check_dtype=False)
    expected = {
        "goal_links": linked.links,
        "concepts": tabulate_hits(
            plain.table["opinion_id"].tolist(), plain.table["start"].tolist(), tokens, hits,
            topics, tools.dictionary,
        ),
        "action_links": link_actions(
            tools.plan, plain.table.join(linked.assigned), tokens, hits, tools.dictionary,
            tools.stopwords, tools.tokenizer.tokenize,
        ),
    }  # fmt: skip
    for name, table in expected.items():
        pd.testing.assert_frame_equal(
            tables.conform(name, said.children(name)), tables.conform(name, table)
        )


def test_processes_read_what_one_process_reads(monkeypatch) -> None:
    table, expected = answers(), everything(read())
    monkeypatch.setattr(opinions_module, "CHUNK", 4)
    texts = list(dict.fromkeys([*table["question"], *table["raw_text"]]))
    with open_engine("processes", 2) as engine:
        personal = find_people(texts, engine)
        annotation = Annotation(ground(), Corrections(), names_in(personal.items()))
        steps: list[int] = []
        said = annotate(table, frozenset(), personal, annotation, "key", engine, steps.append)
    assert everything(said) == expected
    assert sum(steps) == len({(own, asked) for own, asked in zip(table["raw_text"], table["question"], strict=True)})  # fmt: skip


def test_a_wording_is_read_once_however_often_it_was_given() -> None:
    said = read()
    assert said.pieces.num_rows < len(said.table)
    assert len(set(said.piece.tolist())) < len(said.piece)


def test_no_answers_give_no_opinions() -> None:
    empty = answers().iloc[:0]
    said = annotate(empty, frozenset(), {}, Annotation(ground()), "key", Local())
    assert said.table.empty
    assert said.set_aside.empty
    assert said.assigned.empty
    assert all(said.children(name).empty for name in CHILDREN)


def test_the_order_of_the_texts_changes_nothing_about_who_is_found() -> None:
    texts = sorted({text for text in TEXTS if text})
    expected = find_people(texts, Local())
    random.Random(8).shuffle(texts)
    assert find_people(texts, Local()) == expected
    assert set(expected) == {text for text in texts if "さん" in text or "1234" in text}
