"""Goal links: sentences of our own, evidence, abstention, issues, and labelled opinions."""

from __future__ import annotations

import json
import runpy
import time
from pathlib import Path

import pandas as pd
import pytest

from pipeline.goals import COLUMNS, confidence, link_issues, link_opinions
from pipeline.plan import Plan, find_plan, load_plan
from pipeline.rules import Rules, load_rules
from pipeline.tables import SCHEMAS
from pipeline.tokens import default_tokenizer

GOLD = Path(__file__).parents[2] / "shared" / "data" / "goals" / "gold_dev.csv"
BENCHMARK = Path(__file__).parent / "benchmarks" / "goals_gold.py"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan(find_plan("nishitokyo-4", Path()))


@pytest.fixture(scope="module")
def rules(plan: Plan) -> Rules:
    path = find_plan("nishitokyo-4", Path()).with_suffix(".rules.toml")
    return load_rules(path, plan, default_tokenizer().tokenize)


def opinions_of(*texts: str, start: int = 0) -> pd.DataFrame:
    ids = [f"P{number:03}" for number in range(len(texts))]
    return pd.DataFrame(
        {"opinion_id": ids, "start": start, "text": list(texts), "question": "", "kind": ""},
        index=range(100, 100 + len(texts)),
    )


def link(
    plan: Plan, rules: Rules, *texts: str, start: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    tokens = default_tokenizer().tokenize_all(texts)
    return link_opinions(opinions_of(*texts, start=start), tokens, plan, rules)


SENTENCES = {
    "となりに住む人の顔も知らず、あいさつもない": "1",
    "年配の方も学生も気軽に集まれる居場所がほしいです": "1",
    "地震のとき、避難所で助け合えるか心配だ": "1",
    "盆踊りが中止になってさびしい": "1",
    "町内会の役員をやる人がいない": "2",
    "ボランティアを始めたいがきっかけがない": "2",
    "活動している団体は会員の高齢化で続けられない": "2",
    "市はもっと市民の声を聞いてほしい": "3",
    "行政とNPOが連携して取り組むべきだ": "3",
    "地域の課題を話し合う場をつくってほしい": "3",
    "母の介護と仕事の両立がつらい": "4",
    "保育園に入れず困っています": "4",
    "免許を返納したら通院の足がありません": "4",
    "どこに相談すればよいか窓口を一本化してほしい": "4",
    "車いすでは段差があって通れない": "4",
    "広報が届くのが遅くて申し込みに間に合わない": "5",
    "ホームページが見づらい": "5",
    "防災無線が聞こえません": "5",
    "窓口の職員の態度が悪い": "6",
    "募金が何に使われているのか、会費の使い方を説明してほしい": "6",
    "個人情報の扱いが心配です": "6",
    "歩道がでこぼこで歩きにくい": "",
    "大きなショッピングモールがほしい": "",
    "公園にもっと遊具を置いてほしい": "",
    "自然が豊かで空気がおいしい": "",
    "除雪をもっと早くしてほしい": "",
    "特になし": "",
    "": "",
}


@pytest.mark.parametrize(("text", "goal"), SENTENCES.items())
def test_plain_sentences_find_their_goal(text: str, goal: str, plan: Plan, rules: Rules) -> None:
    assigned, _ = link(plan, rules, text)
    assert assigned["goal_id"].iloc[0] == goal


def test_columns_index_and_who_assigned(plan: Plan, rules: Rules) -> None:
    assigned, _ = link(plan, rules, "町内会の行事", "道路が狭い")
    assert tuple(assigned.columns) == COLUMNS
    assert list(assigned.index) == [100, 101]
    assert list(assigned["assigned_by"]) == ["machine", ""]
    assert (assigned["goal_id"] == assigned["machine_goal_id"]).all()
    assert assigned["goal_confidence"].between(0, 1).all()


def test_an_opinion_on_two_goals_has_a_second(plan: Plan, rules: Rules) -> None:
    assigned, links = link(plan, rules, "介護の相談がしにくい。広報も読みにくく、情報が届かない。")
    assert {assigned["goal_id"].iloc[0], assigned["goal_id_2"].iloc[0]} == {"4", "5"}
    assert set(links["goal_id"]) == {"4", "5"}


def test_the_measure_stands_under_its_goal(plan: Plan, rules: Rules) -> None:
    texts = ("避難訓練に参加した", "集まれる居場所がほしい", "相談窓口がほしい", "寄付がしたい")
    assigned, _ = link(plan, rules, *texts)
    assert list(assigned["measure_id"]) == ["1-3", "1-2", "4-1", "6-1"]


def test_evidence_points_into_the_raw_text(plan: Plan, rules: Rules) -> None:
    before, text = "特にありません。", "町内会の役員のなり手がいません。情報も届かない。"
    raw = before + text
    _, links = link(plan, rules, text, start=len(before))
    assert list(links.columns) == SCHEMAS["goal_links"].names
    for evidence in links["evidence"]:
        parts = json.loads(evidence)
        assert parts
        for part in parts:
            assert raw[part["start"] : part["end"]] == part["word"]
            assert part["source"] in {"rule", "similarity"}
            assert part["weight"] > 0
        assert parts == sorted(parts, key=lambda part: (part["start"], part["end"]))


def test_every_goal_given_has_a_link(plan: Plan, rules: Rules) -> None:
    assigned, links = link(plan, rules, *SENTENCES)
    pairs = set(zip(links["target_id"], links["goal_id"], strict=True))
    ids = opinions_of(*SENTENCES)["opinion_id"]
    for opinion, goal in zip(ids, assigned["goal_id"], strict=True):
        assert not goal or (opinion, goal) in pairs


def test_order_of_opinions_changes_nothing(plan: Plan, rules: Rules) -> None:
    texts = list(SENTENCES)
    forward, _ = link(plan, rules, *texts)
    backward, _ = link(plan, rules, *texts[::-1])
    assert forward.to_numpy().tolist() == backward.to_numpy().tolist()[::-1]


def test_confidence_rises_with_the_margin() -> None:
    values = [confidence(margin / 4) for margin in range(-20, 40)]
    assert values == sorted(values)
    assert 0 < values[0] < 0.05
    assert 0.95 < values[-1] < 1


def test_a_plan_without_rules_links_by_its_words_and_is_less_sure(
    plan: Plan, rules: Rules, tmp_path: Path
) -> None:
    bare = load_rules(tmp_path / "none.toml", plan, default_tokenizer().tokenize)
    text = "居場所づくりを推進してほしい"
    alone, links = link(plan, bare, text)
    ruled, _ = link(plan, rules, text)
    assert alone["goal_id"].iloc[0] == "1"
    assert alone["goal_confidence"].iloc[0] < ruled["goal_confidence"].iloc[0]
    assert json.loads(links["evidence"].iloc[0])[0]["source"] == "similarity"


def test_no_opinions_give_empty_tables(plan: Plan, rules: Rules) -> None:
    assigned, links = link(plan, rules)
    assert assigned.empty
    assert links.empty
    assert tuple(assigned.columns) == COLUMNS


def issue_tables(
    plan: Plan, rules: Rules, members: dict[str, list[str]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    texts = [text for group in members.values() for text in group]
    opinions = opinions_of(*texts)
    assigned, links = link(plan, rules, *texts)
    opinions = opinions.join(assigned)
    opinions["issue_id"] = [issue for issue, group in members.items() for _ in group]
    return link_issues(pd.DataFrame({"issue_id": [*members, "K9"]}), opinions, links)


def test_an_issue_has_the_goal_of_at_least_half_of_its_opinions(plan: Plan, rules: Rules) -> None:
    assigned, links = issue_tables(
        plan,
        rules,
        {
            "K1": ["保育園に入れない", "介護がつらい", "道路が狭い", "店が少ない"],
            "K2": ["保育園に入れない", "道路が狭い", "店が少ない"],
            "K3": ["保育園に入れない", "広報が届かない"],
        },
    )
    assert list(assigned["goal_id"]) == ["4", "", "4", ""]
    assert list(assigned["goal_id_2"]) == ["", "", "5", ""]
    assert assigned["goal_score"].tolist() == pytest.approx([0.5, 1 / 3, 0.5, 0])
    assert list(assigned["measure_id"]) == ["4-3", "", "4-3", ""]
    assert list(assigned["assigned_by"]) == ["machine", "", "machine", ""]
    assert assigned["goal_confidence"].between(0, 1).all()
    words = json.loads(links[links["target_id"] == "K1"]["evidence"].iloc[0])
    assert {"保育園", "介護"} <= {part["word"] for part in words}
    assert all(part["start"] is None and part["n"] >= 1 for part in words)


def test_ten_thousand_opinions_take_seconds_not_minutes(plan: Plan, rules: Rules) -> None:
    texts = [f"{text}（{number}）" for number in range(400) for text in list(SENTENCES)[:25]]
    tokens = default_tokenizer().tokenize_all(texts)
    began = time.process_time()
    link_opinions(opinions_of(*texts), tokens, plan, rules)
    assert time.process_time() - began < 10


@pytest.mark.skipif(not GOLD.is_file(), reason="the labelled opinions are not here")
def test_labelled_opinions_find_their_goals() -> None:
    benchmark = runpy.run_path(str(BENCHMARK))
    scored = benchmark["score_gold"](benchmark["read_gold"]())
    assert benchmark["macro_f1"](scored) >= 0.75
    assert (scored["truth"] == scored["predicted"]).mean() >= 0.8
