"""The 17 goals, and which of them a measure is said to serve, as a suggestion."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.plan import Action, Goal, Measure, Plan, find_plan, load_plan
from pipeline.sdgs import (
    MOST_SUGGESTED,
    Sdg,
    describe,
    load_sdgs,
    render_sdgs,
    suggest_sdgs,
)
from pipeline.tokens import default_tokenizer


@pytest.fixture(scope="module")
def tokenize():
    return default_tokenizer().tokenize


def plan_of(
    name: str, contents: tuple[str, ...] = (), actions: tuple[str, ...] = (), sdgs=()
) -> Plan:
    measure = Measure(
        id="1-1",
        name=name,
        contents=contents,
        actions=tuple(Action(id=f"1-1-{n}", text=text) for n, text in enumerate(actions, start=1)),
        sdgs=sdgs,
    )
    return Plan(id="x", title="x", goals=(Goal(id="1", name="x", measures=(measure,)),))


def suggested(tokenize, *plan) -> dict[int, tuple[str, ...]]:
    found = suggest_sdgs(plan_of(*plan), load_sdgs(), tokenize)["1-1"]
    return {one.number: one.words for one in found}


def test_the_dictionary_has_the_seventeen_goals_each_with_terms():
    sdgs = load_sdgs()
    assert [one.number for one in sdgs] == list(range(1, 18))
    assert all(one.name and one.gist and len(one.terms) >= 5 for one in sdgs)


def test_every_term_of_the_dictionary_can_be_matched_alone(tokenize):
    for sdg in load_sdgs():
        for term in sdg.terms:
            found = suggest_sdgs(plan_of(term), [sdg], tokenize)["1-1"]
            assert [one.number for one in found] == [sdg.number], term


@pytest.mark.parametrize(
    ("name", "number", "words"),
    [
        ("生活に困窮する人の家計の相談", 1, ("困窮", "家計")),
        ("子ども食堂への応援", 2, ("子ども食堂",)),
        ("福祉教育の推進", 4, ("福祉教育",)),
        ("ひとり親の家庭を支える", 5, ("ひとり親",)),
        ("成年後見制度の利用", 16, ("成年後見",)),
        ("関係機関とのネットワークづくり", 17, ("関係機関", "ネットワーク")),
    ],
)
def test_words_of_a_measures_name_suggest_goals(name, number, words, tokenize):
    assert suggested(tokenize, name)[number] == words


def test_words_are_found_in_other_forms_and_shown_as_they_stand(tokenize):
    found = suggested(tokenize, "輪づくり", ("生活に困っている人の声を聞きます",))
    assert found[1] == ("生活に困っている人",)


def test_one_word_of_one_action_alone_suggests_nothing(tokenize):
    assert 4 not in suggested(tokenize, "輪づくり", (), ("講座を開きます",))
    assert 4 in suggested(tokenize, "輪づくり", (), ("講座を開きます", "学校を訪ねます"))


def test_at_most_five_goals_are_suggested_in_their_order(tokenize):
    name = "貧困と食事と健康と教育と女性と水道と就労と防災と虐待と連携"
    found = suggest_sdgs(plan_of(name), load_sdgs(), tokenize)["1-1"]
    numbers = [one.number for one in found]
    assert len(numbers) == MOST_SUGGESTED
    assert numbers == sorted(numbers)


def test_a_suggestion_never_becomes_the_plans_own(tokenize):
    plan = load_plan(find_plan("nishitokyo-4", Path()))
    before = plan.model_dump()
    found = suggest_sdgs(plan, load_sdgs(), tokenize)
    assert plan.model_dump() == before
    assert all(measure.sdgs == () for goal in plan.goals for measure in goal.measures)
    assert set(found) == {measure.id for goal in plan.goals for measure in goal.measures}


def test_every_word_of_evidence_stands_in_the_measure(tokenize):
    plan = load_plan(find_plan("nishitokyo-4", Path()))
    found = suggest_sdgs(plan, load_sdgs(), tokenize)
    for goal in plan.goals:
        for one in goal.measures:
            text = "\n".join([one.name, *one.contents, *(action.text for action in one.actions)])
            for suggestion in found[one.id]:
                assert suggestion.words
                assert all(word in text for word in suggestion.words)


def test_a_suggestion_is_described_as_one(tokenize):
    found = suggest_sdgs(plan_of("福祉教育の推進"), load_sdgs(), tokenize)["1-1"]
    assert describe(found) == "提案（確かめてください）: 4（根拠: 福祉教育）"
    assert describe(()) == ""


def test_the_table_shows_the_plans_own_beside_the_suggested_ones(tokenize):
    plan = plan_of("福祉教育とフードバンク", sdgs=(4,))
    lines = render_sdgs(plan, suggest_sdgs(plan, load_sdgs(), tokenize))
    assert lines[0].split() == ["施策", "計画の記載", "提案", "根拠の言葉"]
    assert lines[1].split() == ["1-1", "福祉教育とフードバンク", "4", "2", "フードバンク"]
    assert lines[2].split() == ["4", "福祉教育"]
    nothing = plan_of("輪")
    assert render_sdgs(nothing, suggest_sdgs(nothing, load_sdgs(), tokenize))[1].split() == [
        "1-1", "輪", "なし", "なし",
    ]  # fmt: skip


def test_a_term_without_words_is_refused(tokenize):
    with pytest.raises(InputError, match="「・・・」に言葉がありません"):
        suggest_sdgs(plan_of("x"), [Sdg(number=1, name="x", gist="x", terms=("・・・",))], tokenize)


GOAL = '[[goals]]\nnumber = {}\nname = "名"\ngist = "説明"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("".join(GOAL.format(n) for n in range(1, 17)), "ゴール 17 がありません"),
        ("".join(GOAL.format(n) for n in [*range(1, 18), 3]), "69行目 ゴール 3 が2回あります"),
        (GOAL.format(18), "2行目 goals.1番目.number: 17 以下にしてください"),
        (GOAL.format(1) + 'terms = ["町", "町"]', "1行目 terms: 同じ語が2回あります（町）"),
        (GOAL.format(1) + 'colour = "赤"', "5行目 goals.1番目.colour: 知らない項目です"),
        ("goals = ", "SDGs の辞書を読めません"),
    ],
)
def test_a_wrong_dictionary_is_refused_with_the_line(text, said, tmp_path):
    path = tmp_path / "sdgs.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_sdgs(path)
    assert said in str(caught.value)
    assert "sdgs.toml" in str(caught.value)
