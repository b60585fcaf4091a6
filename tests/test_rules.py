"""Rule files: what is read, and what a broken one is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import rules as rules_module
from pipeline.concept_dictionary import ConceptDictionary, load_concepts
from pipeline.concepts import find_concepts
from pipeline.errors import InputError
from pipeline.matching import match_rules
from pipeline.plan import NO_GOAL, Plan, find_plan, load_plan
from pipeline.resources import dictionaries_folder
from pipeline.rules import Rules, load_rules
from pipeline.tokens import default_tokenizer

HEAD = 'plan = "nishitokyo-4"\n\n[lists]\n"乗り物" = ["バス", "タクシー"]\n\n'
GOOD = '[[rules]]\ngoal = "1"\nterms = ["町内会"]\n\n'


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan(find_plan("nishitokyo-4", Path()))


@pytest.fixture(scope="module")
def rules(plan: Plan) -> Rules:
    path = find_plan("nishitokyo-4", Path()).with_suffix(".rules.toml")
    return load_rules(path, plan, default_tokenizer().tokenize, concepts())


def concepts() -> ConceptDictionary:
    path = dictionaries_folder() / "concepts.toml"
    return load_concepts(path, default_tokenizer().tokenize)


def load_text(text: str, plan: Plan, folder: Path) -> Rules:
    path = folder / "my.rules.toml"
    path.write_text(text, encoding="utf-8")
    return load_rules(path, plan, default_tokenizer().tokenize)


def test_every_goal_has_rules_and_so_has_none_of_the_goals(plan: Plan, rules: Rules) -> None:
    assert set(rules.goals) == {NO_GOAL, *(goal.id for goal in plan.goals)}


def test_names_of_rules_are_distinct_and_given(rules: Rules) -> None:
    names = [rule.name for rule in rules.rules]
    assert all(names)
    assert len(set(names)) == len(names)


def test_the_codebook_has_an_entry_for_every_measure(plan: Plan, rules: Rules) -> None:
    measures = {measure.id for goal in plan.goals for measure in goal.measures}
    assert measures <= {measure for _, measure, _ in rules.codebook}


def test_lists_stand_for_their_words(plan: Plan, tmp_path: Path) -> None:
    text = HEAD + '[[rules]]\ngoal = "4"\nterms = ["@乗り物"]\n'
    assert {"バス", "タクシー"} <= set(load_text(text, plan, tmp_path).patterns)


def test_a_plan_without_a_rule_file_has_its_own_words_only(plan: Plan, tmp_path: Path) -> None:
    rules = load_rules(tmp_path / "none.rules.toml", plan, default_tokenizer().tokenize)
    assert rules.rules == ()
    assert "居場所" in {word for _, _, words in rules.codebook for word in words}


BROKEN = {
    '[[rules]]\ngoal = "9"\nterms = ["町内会"]\n': "計画にない基本目標「9」",
    '[[rules]]\ngoal = "1"\nmeasure = "4-1"\nterms = ["町内会"]\n': "施策「4-1」はありません",
    '[[rules]]\ngoal = "1"\nterms = []\n': "terms: 1つ以上書いてください",
    '[[rules]]\ngoal = "1"\n': "terms: 必要な項目がありません",
    '[[rules]]\ngoal = "1"\nterms = ["町内会"]\nweigth = 2\n': "weigth: 知らない項目です",
    '[[rules]]\ngoal = "1"\nterms = ["。"]\n': "「。」には数えられる言葉がありません",
    '[[rules]]\ngoal = "1"\nterms = ["@車"]\n': "並び「@車」が [lists] にありません",
    '[[rules]]\ngoal = "1"\nterms = ["会", "会"]\n': "同じ語「会」が2回あります",
    '[[rules]]\ngoal = "1"\nweight = 20\nterms = ["会"]\n': "weight: 10",
}


@pytest.mark.parametrize(("rule", "said"), BROKEN.items())
def test_a_broken_rule_is_named_with_its_line(
    rule: str, said: str, plan: Plan, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as caught:
        load_text(HEAD + GOOD + rule, plan, tmp_path)
    message = str(caught.value)
    assert said in message
    assert "my.rules.toml" in message


def test_a_wrong_value_is_named_with_its_own_line(plan: Plan, tmp_path: Path) -> None:
    rule = (
        '[[rules]]\ngoal = "4"\nname = "外出"\n'
        'terms = [\n  "バス",\n  "@車",\n]\nnear = ["#空飛ぶ車"]\nnot = ["バス停", "バス停"]\n'
    )
    with pytest.raises(InputError) as caught:
        load_text(HEAD + GOOD + rule, plan, tmp_path)
    message = str(caught.value)
    assert "15行目 規則「外出」の terms: 並び「@車」が [lists] にありません" in message
    assert "17行目 規則「外出」の near: 概念「#空飛ぶ車」が概念辞書にありません" in message
    assert "18行目 規則「外出」の not: 同じ語「バス停」が2回あります" in message


def test_all_broken_rules_are_named_at_once(plan: Plan, tmp_path: Path) -> None:
    rule = '[[rules]]\ngoal = "9"\nterms = ["会"]\n'
    with pytest.raises(InputError) as caught:
        load_text(HEAD + rule + GOOD + rule, plan, tmp_path)
    assert "7行目 規則「会」の goal" in str(caught.value)
    assert "14行目 規則「会」の goal" in str(caught.value)


def test_a_mistake_of_toml_is_named_with_its_line(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="6行目"):
        load_text(HEAD + "goal = 1 2\n", plan, tmp_path)


def test_rules_of_another_plan_are_refused(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="「other」の規則です"):
        load_text('plan = "other"\n' + GOOD, plan, tmp_path)


def test_rules_written_in_one_line_are_checked_too(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="計画にない基本目標「9」"):
        load_text('rules = [{ goal = "9", terms = ["会"] }]', plan, tmp_path)
    with pytest.raises(InputError, match="rules"):
        load_text("rules = 3", plan, tmp_path)


def test_a_rule_may_name_a_concept_and_finds_what_stands_below_it(
    plan: Plan, tmp_path: Path
) -> None:
    tokenize = default_tokenizer().tokenize
    dictionary = load_concepts(dictionaries_folder() / "concepts.toml", tokenize)
    path = tmp_path / "my.rules.toml"
    path.write_text('[[rules]]\ngoal = "4"\nterms = ["#福祉"]\n', encoding="utf-8")
    rules = load_rules(path, plan, tokenize, dictionary)
    tokens = tokenize("認知症の母がいる")
    assert [match.rule for match in match_rules(tokens, rules, find_concepts(tokens, dictionary))]
    assert match_rules(tokens, rules) == []


def test_what_is_kept_of_rules_is_what_was_read(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KADAI_CACHE", str(tmp_path))
    tokenize = default_tokenizer().tokenize
    dictionary = load_concepts(dictionaries_folder() / "concepts.toml", tokenize)
    path = find_plan("nishitokyo-4", Path()).with_suffix(".rules.toml")
    # A function of which nothing is known: neither kept nor taken from what is kept.
    read = load_rules(path, plan, lambda text: tokenize(text), dictionary)  # noqa: PLW0108 — on purpose
    assert load_rules(path, plan, tokenize, dictionary) == read
    monkeypatch.setattr(rules_module, "_read", lambda *_: pytest.fail("read again"))
    kept = load_rules(path, plan, tokenize, dictionary)
    assert kept == read
    assert list(kept.patterns) == list(read.patterns)
    assert list(kept.concepts) == list(read.concepts)
