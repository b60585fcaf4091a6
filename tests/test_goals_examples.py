"""Example files: what is read, what a broken one is told, and what comes with Kadai."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from pipeline.errors import InputError
from pipeline.goals.examples import Example, examples_path, load_examples
from pipeline.plan import NO_GOAL, find_plan, load_plan
from pipeline.privacy import find_personal
from pipeline.resources import dictionaries_folder

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.plan import Plan

HEAD = "text,goal,goal_2,measure\n"
GOOD = "近所の人と話さない,1,,1-1\n"

PLANS = sorted(
    path.name.removesuffix(".examples.csv")
    for path in (dictionaries_folder() / "plans").glob("*.examples.csv")
)


def load_text(text: str | bytes, plan: Plan, folder: Path) -> tuple[Example, ...]:
    path = folder / "my.examples.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_examples(path, plan)


def error_of(text: str | bytes, plan: Plan, folder: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_text(text, plan, folder)
    message = str(caught.value)
    assert "例文ファイル" in message
    assert "my.examples.csv" in message
    assert "対処" in message
    return message


def test_examples_are_read_in_the_order_of_the_file(small_plan: Plan, tmp_path: Path) -> None:
    text = HEAD + GOOD + "母の介護がつらい,2,1,2-1\nバスが少ない,0,,\n"
    assert load_text(text, small_plan, tmp_path) == (
        Example("近所の人と話さない", "1", "", "1-1"),
        Example("母の介護がつらい", "2", "1", "2-1"),
        Example("バスが少ない", NO_GOAL),
    )


def test_the_examples_of_a_plan_stand_beside_it(tmp_path: Path) -> None:
    assert examples_path(tmp_path / "our.v2.toml") == tmp_path / "our.v2.examples.csv"


def test_a_plan_without_a_file_of_examples_has_none(small_plan: Plan, tmp_path: Path) -> None:
    assert load_examples(tmp_path / "none.examples.csv", small_plan) == ()


def test_a_file_with_its_header_alone_has_no_examples(small_plan: Plan, tmp_path: Path) -> None:
    assert load_text(HEAD, small_plan, tmp_path) == ()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: b"\xef\xbb\xbf" + text.encode(), id="byte order mark"),
        pytest.param(lambda text: text.replace("\n", "\r\n").encode(), id="lines of Windows"),
        pytest.param(lambda text: text.replace("\n", "\n\n,,,\n", 1).encode(), id="empty rows"),
        pytest.param(lambda text: text.replace(",1,,1-1", " , 1,　,1-1 ").encode(), id="spaces"),
        pytest.param(lambda text: text.removesuffix("\n").encode(), id="no last line break"),
        pytest.param(lambda text: text.replace("近所", '"近所').replace("い,", 'い",').encode(),
                     id="quotation marks"),
    ],
)  # fmt: skip
def test_how_the_file_was_saved_does_not_matter(change, small_plan: Plan, tmp_path: Path) -> None:
    assert load_text(change(HEAD + GOOD), small_plan, tmp_path) == (
        Example("近所の人と話さない", "1", "", "1-1"),
    )


BROKEN = {
    "駅が遠い,9,,\n": "goal: 計画にない基本目標「9」です（使えるもの: 0、1、2、3）",
    "駅が遠い,,,\n": "goal: 計画にない基本目標「」です",
    "駅が遠い,1,,2-1\n": "measure: 基本目標1に施策「2-1」はありません",
    "駅が遠い,0,,1-1\n": "measure: 基本目標0に施策「1-1」はありません",
    "駅が遠い,3,,3-1\n": "measure: 基本目標3に施策「3-1」はありません",
    "駅が遠い,1,9,\n": "goal_2: 「9」は使えません",
    "駅が遠い,1,1,\n": "goal_2: 「1」は使えません",
    "駅が遠い,1,0,\n": "goal_2: 「0」は使えません",
    " ,1,,\n": "text: 例文がありません",
    "駅が遠い,1,\n": "列が3個です（4個にしてください）",
    "駅が遠い,困る,1,,\n": "列が5個です（4個にしてください）",
    "近所の人と話さない,2,,\n": "2行目と同じ例文です",
    " 近所の人と話さない ,1,,1-1\n": "2行目と同じ例文です",
}


@pytest.mark.parametrize(("row", "said"), BROKEN.items())
def test_a_wrong_row_is_named_with_its_line(
    row: str, said: str, small_plan: Plan, tmp_path: Path
) -> None:
    message = error_of(HEAD + GOOD + "\n" + row, small_plan, tmp_path)
    assert f"4行目 {said}" in message


def test_every_wrong_row_is_named_at_once(small_plan: Plan, tmp_path: Path) -> None:
    message = error_of(HEAD + "駅が遠い,9,,\n" + GOOD + GOOD + ",7,1,\n", small_plan, tmp_path)
    for said in ("2行目 goal", "4行目 3行目と同じ", "5行目 text", "5行目 goal: 計画にない"):
        assert said in message


def test_a_row_of_several_lines_is_named_by_its_first(small_plan: Plan, tmp_path: Path) -> None:
    text = HEAD + '"駅が遠い\n店が\nない",9,,\n' + "道が暗い,8,,\n"
    message = error_of(text, small_plan, tmp_path)
    assert "2行目 goal: 計画にない基本目標「9」" in message
    assert "5行目 goal: 計画にない基本目標「8」" in message


@pytest.mark.parametrize("head", ["", "text,goal\n", "goal,text,goal_2,measure\n", GOOD])
def test_another_header_is_refused(head: str, small_plan: Plan, tmp_path: Path) -> None:
    message = error_of(head + GOOD, small_plan, tmp_path)
    assert "1行目 見出しが text,goal,goal_2,measure ではありません" in message


@pytest.mark.parametrize(
    "content",
    [
        pytest.param((HEAD + GOOD).encode("cp932"), id="CP932"),
        pytest.param((HEAD + GOOD).encode("utf-16"), id="UTF-16"),
        pytest.param((HEAD + '"駅が遠い,1,,\n').encode(), id="quotation mark left open"),
    ],
)
def test_what_is_no_csv_in_utf_8_is_refused(
    content: bytes, small_plan: Plan, tmp_path: Path
) -> None:
    message = error_of(content, small_plan, tmp_path)
    assert "UTF-8 ではありません" in message or "CSV として読めません" in message


@pytest.fixture(params=PLANS, scope="module")
def shipped(request: pytest.FixtureRequest, tmp_path_factory) -> tuple[Plan, tuple[Example, ...]]:
    path = find_plan(request.param, tmp_path_factory.getbasetemp())
    plan = load_plan(path)
    return plan, load_examples(examples_path(path), plan)


def test_the_plan_of_nishitokyo_comes_with_examples() -> None:
    assert "nishitokyo-4" in PLANS


def test_the_examples_that_come_with_kadai_speak_for_every_goal_and_for_none(shipped) -> None:
    plan, examples = shipped
    counts = Counter(own.goal for own in examples)
    assert set(counts) == {NO_GOAL, *(goal.id for goal in plan.goals)}
    assert min(counts.values()) >= 50


def test_every_measure_that_has_siblings_has_an_example(shipped) -> None:
    plan, examples = shipped
    named = {own.measure for own in examples}
    for goal in plan.goals:
        if len(goal.measures) > 1:
            assert {measure.id for measure in goal.measures} <= named


def test_no_example_that_comes_with_kadai_stands_there_twice(shipped) -> None:
    _, examples = shipped
    bare = Counter(re.sub(r"[\s。、．，！？!?]", "", own.text) for own in examples)
    assert [text for text, n in bare.items() if n > 1] == []


def test_every_example_that_comes_with_kadai_says_something(shipped) -> None:
    _, examples = shipped
    assert [own.text for own in examples if not re.search(r"[^\W\d]{2}", own.text)] == []


def test_no_example_that_comes_with_kadai_names_a_person_or_an_address(shipped) -> None:
    _, examples = shipped
    assert [own.text for own in examples if find_personal(own.text)] == []


def test_no_labelled_opinion_is_among_the_examples(shipped, real_data: Path) -> None:
    """What is measured must not have been learnt."""
    _, examples = shipped
    gold = pd.read_csv(real_data / "goals" / "gold_dev.csv", dtype=str, keep_default_na=False)
    assert {own.text for own in examples}.isdisjoint(gold["text"].str.strip())
