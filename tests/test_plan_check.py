"""What is worth a look in a plan, its rules and its examples: found, counted, said in Japanese."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.plan import find_plan
from pipeline.plan_check.check import PlanCheck, check_plan
from pipeline.plan_check.clashes import OFTEN
from pipeline.plan_check.entries import MOST_WORDS
from pipeline.plan_check.gaps import STRONG_VOTES
from pipeline.plan_check.report import MOST_ENTRIES, render
from pipeline.tokens import default_tokenizer

ROOT = Path(__file__).parents[1]

PLAN = """id = "aoba"
title = "あおば町の計画"

[[goals]]
id = "1"
name = "つながり"

[[goals.measures]]
id = "1-1"
name = "近所"
sdgs = [11]

[[goals.measures]]
id = "1-2"
name = "居場所"

[[goals]]
id = "2"
name = "知らせる"

[[goals.measures]]
id = "2-1"
name = "広報"
sdgs = [16]
"""


@pytest.fixture
def look(tmp_path, monkeypatch, shipped_concepts):
    """Check the small plan with rules and examples that are given as text."""
    # The dictionary takes a second to read, and every test needs the same.
    monkeypatch.setattr("pipeline.plan_check.check.load_dictionary", lambda *_: shipped_concepts)

    def checked(rules: str = "", examples: list[str] | None = None, plan: str = PLAN) -> PlanCheck:
        path = tmp_path / "aoba.toml"
        path.write_text(plan, "utf-8")
        if rules:
            path.with_suffix(".rules.toml").write_text(rules, "utf-8")
        if examples is not None:
            lines = ["text,goal,goal_2,measure", *examples]
            path.with_suffix(".examples.csv").write_text("\n".join(lines) + "\n", "utf-8")
        return check_plan(path, default_tokenizer())

    return checked


def rule(goal: str, *terms: str, **more: object) -> str:
    keys = {"goal": goal, "terms": list(terms), **more}
    lines = [f"{key} = {value!r}".replace("'", '"') for key, value in keys.items()]
    return "[[rules]]\n" + "\n".join(lines) + "\n"


def clashing(check: PlanCheck) -> list[tuple[int, int, list[str]]]:
    return [(own.one, own.other, [one.text for one, _ in own.terms]) for own in check.clashes]


# --- what is missing ---


def test_goals_and_measures_without_a_rule_or_an_example_are_named(look):
    check = look(rule("1", "近所", measure="1-1"), ["近所の人,1,,1-1", "広報が届かない,2,,"])
    found = [(own.id, own.no_rules, own.no_examples) for own in check.gaps]
    assert found == [("0", True, True), ("1-2", True, True), ("2", True, False)]
    said = "\n".join(render(check))
    assert "施策1-2「居場所」: 規則も例文もありません" in said
    assert "基本目標2「知らせる」: 規則がありません" in said
    assert "どの目標でもない話（目標の番号 0）: 規則も例文もありません" in said


def test_the_only_measure_of_a_goal_needs_no_rule_of_its_own(look):
    rules = rule("0", "道路") + rule("1", "近所", measure="1-1") + rule("2", "広報")
    check = look(rules + rule("1", "居場所", measure="1-2"))
    assert check.gaps == ()


def test_a_second_goal_of_an_example_counts_as_an_example_of_it(look):
    check = look(examples=["道が狭い,0,,", "会報で近所を知る,1,2,1-1", "居場所,1,,1-2"])
    assert check.gaps == ()


def test_a_plan_without_rules_and_examples_is_told_so_once(look):
    check = look()
    said = render(check)
    assert check.gaps == ()
    assert sum("まだありません" in line for line in said) == 2
    assert any(
        line.endswith("ちがう目標の規則に、同じ言葉があるもの: 調べていません") for line in said
    )


def test_measures_without_sdgs_are_listed(look):
    assert [own.id for own in look().without_sdgs] == ["1-2"]


# --- rules that clash as they are written ---


def test_the_same_term_in_rules_of_different_goals_clashes_with_its_lines(look):
    check = look(rule("1", "広報", "町内会") + rule("2", "チラシ", "広報", weight=2.5))
    assert clashing(check) == [(0, 1, ["広報"])]
    assert [own.line for own in check.clashes[0].terms[0]] == [3, 6]
    said = "\n".join(render(check))
    assert "・「広報」（たいてい両方に当たる）" in said
    assert "目標1の規則「広報」（3行目、重み1）" in said
    assert "目標2の規則「チラシ」（6行目、重み2.5）" in said


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("遊ぶ", "遊べる"),
        ("なり手がいない", "成り手の居ない"),
        ("=広報", "広報"),
        ("#移動・交通", "#公共交通"),
    ],
)
def test_terms_that_find_the_same_clash_however_they_are_written(one, other, look):
    assert clashing(look(rule("1", one) + rule("2", other))) == [(0, 1, [one])]


def test_rules_of_one_goal_do_not_clash(look):
    assert look(rule("1", "広報") + rule("1", "広報", weight=2)).clashes == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"not": ["バス"]}, {}),  # barred from the term itself
        ({"near": ["通院"]}, {"not": ["通院"]}),  # what one needs bars the other
        ({"near": ["通院"]}, {"near": ["観光"]}),  # nothing in common
        ({"with": ["通院", "買い物"]}, {"with": ["観光"]}),
    ],
)
def test_rules_whose_conditions_do_not_overlap_do_not_clash(one, other, look):
    rules = rule("1", "バスが来ない", **one) + rule("2", "バスが来ない", **other)
    assert look(rules).clashes == ()


@pytest.mark.parametrize(
    ("one", "other", "always"),
    [
        ({}, {}, True),
        ({}, {"not": ["電車"]}, True),
        ({}, {"near": ["通院"]}, False),
        ({"near": ["通院"]}, {"near": ["観光", "通院"]}, False),
        ({"near": ["通院", "買い物"]}, {"not": ["通院"]}, False),
    ],
)
def test_rules_whose_conditions_overlap_clash_always_or_at_times(one, other, always, look):
    (clash,) = look(rule("1", "バス", **one) + rule("2", "バス", **other)).clashes
    assert clash.always == always


def test_rules_that_clash_always_and_weigh_alike_come_first(look):
    rules = (
        rule("1", "バス", "広報", "会報") + rule("2", "バス", near=["通院"])
        + rule("2", "広報", weight=3) + rule("0", "会報", weight=1.5)
    )  # fmt: skip
    assert [own.other for own in look(rules).clashes] == [3, 2, 1]


def test_a_term_of_a_list_is_named_with_the_list_and_its_line_there(look):
    lists = '[lists]\n"乗り物" = [\n  "電車",\n  "バス",\n]\n"店" = ["バス停の店"]\n\n'
    check = look(lists + rule("1", "@乗り物") + rule("2", "バス"))
    ((one, other),) = check.clashes[0].terms
    assert (one.list_name, one.line, other.list_name, other.line) == ("乗り物", 4, "", 13)
    assert "目標1の規則「@乗り物」（並び「乗り物」の4行目、重み1）" in "\n".join(render(check))


def test_rules_whose_lines_are_not_known_are_named_without_them(look):
    check = look('rules = [{ goal = "1", terms = ["会"] }, { goal = "2", terms = ["会"] }]')
    assert "目標1の規則「会」（重み1）" in "\n".join(render(check))


# --- what is counted in texts ---


def test_rules_that_often_meet_on_the_same_words_are_counted_with_the_goals_stated(look):
    examples = [
        "町内会の知らせが遅い,2,,",
        "町内会の知らせは助かる,1,,",
        "町内会の知らせがない,2,,",
        "町内会が好き。知らせもほしい,1,,",
    ]
    rules = rule("1", "町内会") + rule("2", "町内会", name="会") + rule("2", "知らせ")
    (meeting,) = look(rules, examples).meetings
    assert (meeting.n_texts, meeting.words) == (4, ("町内会",))
    assert meeting.goals == (("1", 2), ("2", 2))
    said = "\n".join(render(look(rules, examples)))
    assert "・4文 「町内会」" in said
    assert "例文に書かれた目標: 目標1 2、目標2 2" in said


def test_rules_on_neighbouring_words_do_not_meet(look):
    examples = [f"町内会の知らせ、{number}回,1,," for number in range(OFTEN)]
    assert look(rule("1", "町内会") + rule("2", "知らせ"), examples).meetings == ()


def test_rules_that_meet_seldom_are_left_out(look):
    rules = rule("1", "町内会") + rule("2", "町内会")
    examples = [f"町内会は{number}番,1,," for number in range(OFTEN - 1)]
    assert look(rules, examples).meetings == ()


def test_terms_that_never_occur_are_listed_by_rule_and_by_list(look):
    lists = '[lists]\n"乗り物" = ["電車", "ロープウェイ"]\n\n'
    rules = rule("1", "広報", "回覧板", "@乗り物", near=["雪"], **{"not": ["象"]})
    check = look(lists + rules, ["電車の広報,1,,1-1"])
    found = [(own.rule, own.list_name, [t.text for t in own.terms]) for own in check.unseen]
    assert found == [(0, "", ["回覧板", "雪"]), (None, "乗り物", ["ロープウェイ"])]
    said = "\n".join(render(check))
    assert "目標1の規則「広報」: 3語のうち2語\n      「回覧板」（6行目）「雪」（7行目）" in said
    assert "並び「乗り物」: 2語のうち1語" in said


def test_a_concept_occurs_where_the_dictionary_finds_it(look):
    rules = rule("1", "#公共交通") + rule("2", "#除雪・雪道")
    (unseen,) = look(rules, ["バスが来ない,1,,"]).unseen
    assert [own.text for own in unseen.terms] == ["#除雪・雪道"]


def test_rules_that_never_fire_are_listed_with_the_reason(look):
    rules = rule("1", "広報", near=["雪"]) + rule("2", "回覧板") + rule("2", "広報")
    check = look(rules, ["広報が遅い,2,,", "広報を読む,2,,"])
    assert [(own.rule, own.n_texts) for own in check.silent] == [(0, 2), (1, 0)]
    said = "\n".join(render(check))
    assert "言葉は出てきますが（いちばん多い言葉で2文）、条件に合わないか" in said
    assert "言葉が一度も出てきません" in said


def test_a_rule_whose_list_is_empty_is_silent_and_breaks_nothing(look):
    check = look('[lists]\n"空" = []\n\n' + rule("1", "@空"), ["広報,2,,"])
    assert [(own.rule, own.n_texts) for own in check.silent] == [(0, 0)]
    assert render(check)


def test_a_term_that_shrinks_to_one_word_is_counted_as_found_and_as_meant(look):
    rules = rule("1", "聞くだけ", "=読むだけ", "話を聞く", "会", near=["一緒に"])
    check = look(rules, ["話を聞いてほしい,1,,", "聞くだけで終わる,1,,", "一緒に行く,1,,"])
    found = [(own.term.text, own.word, own.n_found, own.n_meant) for own in check.shrunk]
    assert found == [("聞くだけ", "聞く", 2, 1), ("一緒に", "一緒", 1, 1)]
    said = "\n".join(render(check))
    assert "「聞くだけ」 → 「聞く」: 例文 2文に当たる（書いたとおりなら 1文）" in said
    assert "の terms（3行目）" in said


def test_an_example_whose_rules_speak_strongly_for_another_goal_is_listed(look):
    rules = rule("1", "町内会", weight=STRONG_VOTES) + rule("2", "広報", weight=2)
    examples = [
        "広報は町内会で,2,,",  # 3 against 2
        '"町内会の\n会費",2,,',  # 3 against 0, on two lines
        "町内会,1,,",
        "町内会と回覧板,2,1,",  # the second goal is stated, too
        "広報だけ,1,,",  # 2 are not strong
    ]
    check = look(rules, examples)
    found = [(own.example, own.goal, own.votes, own.own_votes) for own in check.contradictions]
    assert found == [(1, "1", 3.0, 0.0), (0, "1", 3.0, 2.0)]
    said = "\n".join(render(check))
    assert "・4行目 町内会の 会費" in said
    assert "例文は目標2（規則 2.0票）、規則は目標1（3.0票、「町内会」）" in said


# --- how it is shown ---


def test_long_lists_are_cut_with_a_count_and_shown_whole_when_asked(look):
    names = [chr(ord("ア") + 2 * number) * 3 for number in range(MOST_ENTRIES + 3)]
    rules = "".join(rule("1", name, name=f"規則{name}") for name in names)
    check = look(rules, ["近所,1,,"])
    short, whole = render(check), render(check, everything=True)
    assert sum("の規則「規則" in line for line in short) == 2 * MOST_ENTRIES
    assert short.count("  （ほか 3個。--all を付けると全部出ます）") == 1
    assert sum("の規則「規則" in line for line in whole) == 2 * len(names)
    assert not any("ほか" in line for line in whole)


def test_many_words_of_one_entry_are_cut_with_a_count(look):
    words = [chr(ord("ア") + 2 * number) * 3 for number in range(MOST_WORDS + 2)]
    check = look(rule("1", *words), ["近所,1,,"])
    assert any(line.endswith("ほか2語") for line in render(check))
    assert any(words[-1] in line for line in render(check, everything=True))


def test_the_order_of_the_examples_changes_nothing_but_their_lines(look):
    rules = rule("1", "町内会", weight=4) + rule("2", "町内会", weight=1) + rule("2", "象")
    examples = [f"町内会の{word},2,," for word in ("会", "役", "人", "道")]
    forward, backward = look(rules, examples), look(rules, examples[::-1])
    assert forward.meetings == backward.meetings
    assert forward.unseen == backward.unseen
    assert len(forward.contradictions) == len(backward.contradictions) == 4


def test_the_hash_seed_changes_nothing():
    def shown(seed: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", "pipeline", "plan", "check", "otaru-7", "--all"],
            cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
        ).stdout  # fmt: skip

    assert shown("1") == shown("2")


# --- where the texts come from ---


def test_terms_are_looked_for_in_the_distinct_opinions_of_a_run(sample_run, tmp_path):
    path = tmp_path / "aoba.toml"
    path.write_text(PLAN, "utf-8")
    rules = rule("1", "町内会") + rule("2", "ロープウェイ", "町内会")
    path.with_suffix(".rules.toml").write_text(rules, "utf-8")
    check = check_plan(path, default_tokenizer(), sample_run)
    by_report = check_plan(path, default_tokenizer(), sample_run / "report.html")
    assert check.source == "run"
    assert check.n_texts > 100
    assert [[own.text for own in unseen.terms] for unseen in check.unseen] == [["ロープウェイ"]]
    (meeting,) = check.meetings
    assert meeting.n_texts >= OFTEN
    assert meeting.goals == ()
    assert check == by_report
    assert any(line.startswith("言葉を探した文: 結果のフォルダーの意見") for line in render(check))


def test_a_folder_that_is_no_run_is_refused_before_anything_else(tmp_path):
    with pytest.raises(InputError, match="kadai run が作ったフォルダー"):
        check_plan(tmp_path / "none.toml", default_tokenizer(), tmp_path)


def test_the_plan_that_comes_with_kadai_is_looked_over_in_seconds():
    began = time.process_time()
    check = check_plan(find_plan("nishitokyo-4", Path()), default_tokenizer())
    render(check, everything=True)
    assert time.process_time() - began < 20
    assert check.n_texts > 5000
    assert check.gaps == ()
