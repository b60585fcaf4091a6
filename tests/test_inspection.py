"""Looks into a finished run: near, together, fitting, resized, right, and learnt from examples."""

from __future__ import annotations

import shutil
import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import silhouette_samples

from pipeline.agreement.named import calibration_bins, calibration_error
from pipeline.errors import InputError, UsageError
from pipeline.goals.examples import Example
from pipeline.inspection.agreement import agreement_of
from pipeline.inspection.learning import chosen_examples, learning_curve
from pipeline.inspection.neighbours import nearest_opinions, similarities
from pipeline.inspection.remade import RunChangedWarning, remake
from pipeline.inspection.resized import regrouped
from pipeline.inspection.silhouettes import silhouettes, silhouettes_of
from pipeline.inspection.together import look_together
from pipeline.inspection.truth import truth_of
from pipeline.opinionvectors import OpinionVectors
from pipeline.tables import load_table, save_table


@pytest.fixture(scope="module")
def made(sample_run):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # it comes out as it was saved
        return remake(sample_run)


@pytest.fixture
def copied(sample_run, tmp_path):
    """A copy of the sample run whose tables a test may change."""
    return shutil.copytree(sample_run, tmp_path / "run")


def changed(run, name, change):
    folder = run / "tables"
    save_table(name, change(load_table(name, folder)), folder)
    return run


def first(made, text):
    return next(own for own, said in made.texts.items() if said == text)


def test_the_issues_of_a_run_come_out_as_they_were_saved(made):
    saved = made.opinions["machine_issue_id"].tolist()
    assert made.grouping.issue_ids.tolist() == saved


def test_a_few_opinions_in_other_issues_are_told(copied):
    def move(opinions):
        return opinions.assign(
            machine_issue_id=["I099", "I099", *opinions["machine_issue_id"].iloc[2:]]
        )

    with pytest.warns(RunChangedWarning, match="のうち 2件は、作り直すとちがう課題"):
        remake(changed(copied, "opinions", move))


def test_a_run_of_another_grouping_is_refused_and_what_changed_is_named(copied):
    manifest = copied / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace('"numpy": "', '"numpy": "0.'), "utf-8")
    changed(copied, "opinions", lambda own: own.assign(machine_issue_id="I001"))
    with pytest.raises(InputError, match="同じように作り直せません") as told:
        remake(copied)
    assert "numpy の版が違います" in str(told.value)
    assert "kadai run" in told.value.remedy


def test_neighbours_come_nearest_first_without_the_opinion_itself(made):
    bus = first(made, "バスの本数が少ない")
    near = nearest_opinions(made, bus, 5)
    assert near.columns.tolist() == ["opinion_id", "similarity", "issue_id", "title", "text"]
    assert len(near) == 5
    assert bus not in near["opinion_id"].tolist()
    assert near["similarity"].is_monotonic_decreasing
    assert "バス" in near["text"].iloc[0]
    every = nearest_opinions(made, bus, 10**6)
    assert len(every) == len(made.grouping.distinct.ids) - 1


def test_two_opinions_are_as_near_from_either_side(made):
    one, other = made.grouping.distinct.ids[:2]
    assert look_together(made, one, other).similarity == look_together(made, other, one).similarity
    near = nearest_opinions(made, one, 10**6).set_index("opinion_id")["similarity"]
    assert look_together(made, one, other).similarity == near[other]


@pytest.mark.parametrize(
    "look", [nearest_opinions, lambda made, own: look_together(made, own, own)]
)
def test_an_opinion_that_the_run_does_not_have_is_refused(made, look):
    with pytest.raises(UsageError, match="「O0」は、この結果にありません"):
        look(made, "O0")


def test_no_neighbours_cannot_be_asked_for(made):
    with pytest.raises(UsageError, match="1 以上"):
        nearest_opinions(made, made.opinions["opinion_id"].iloc[0], 0)


def test_why_two_are_together_names_heading_issue_and_words(made):
    why = look_together(
        made, first(made, "バスの本数が少ない"), first(made, "バスが1日6本しかない")
    )
    assert why.same_issue
    assert not why.by_people
    assert why.headings == ("公共交通",)
    assert why.told.startswith("概念辞書の見出し「公共交通」が同じなので、どちらも課題「公共交通」")
    assert "共通の言葉: バス。" in why.told
    assert why.views["view"].tolist() == ["言葉", "意味", "文字"]
    assert why.similarity == pytest.approx(why.views["similarity"].iloc[:2].mean(), abs=1e-4)
    assert why.words["word"].tolist() == ["バス"]
    assert why.words["share"].sum() == pytest.approx(1.0)


def test_opinions_of_the_same_wording_are_one(made):
    repeated = made.opinions[made.opinions["duplicate_of"] != ""].iloc[0]
    why = look_together(made, repeated["opinion_id"], repeated["duplicate_of"])
    assert why.similarity == pytest.approx(1.0, abs=1e-4)
    assert "同じことを述べた意見" in why.told or "入っていません" in why.told


def test_every_pair_has_a_reason(made):
    ids = made.grouping.distinct.ids[::40]
    told = [look_together(made, one, other).told for one in ids for other in ids]
    assert all(own.endswith("）。") for own in told)
    assert any("を1つにまとめた課題なので" in own for own in told)
    assert any("違い、" in own for own in told)


def test_what_people_moved_is_told(made):
    bus, fare = first(made, "バスの本数が少ない"), first(made, "バスが1日6本しかない")
    other = next(own for own in made.titles if own not in {"", made.issue_of[bus]})
    moved = made.opinions.assign(
        issue_id=made.opinions["issue_id"].where(made.opinions["opinion_id"] != fare, other)
    )
    why = look_together(replace(made, opinions=moved), bus, fare)
    assert not why.same_issue
    assert why.by_people
    assert why.told.startswith("機械は同じ課題にしましたが、人の判断で、")


def test_silhouettes_are_those_of_scikit_learn(made):
    table = silhouettes_of(made)
    ids = [str(own) for own in made.grouping.distinct.ids]
    rows = np.array([ids.index(own) for own in table["opinion_id"]])
    theirs = silhouette_samples(made.vectors.at(rows), table["issue_id"], metric="cosine")
    assert np.abs(table["silhouette"] - theirs).max() < 2e-5
    assert table["opinion_id"].is_monotonic_increasing
    assert not (table["issue_id"] == "").any()


def test_silhouettes_of_another_grouping_are_of_its_issues(made):
    fewer = regrouped(made, 10)
    found = silhouettes_of(made, fewer)
    assert set(found["issue_id"]) <= set(fewer["issue_id"])


def test_a_grouping_that_lacks_an_opinion_or_a_column_is_refused(made):
    fewer = regrouped(made, 10)
    for lacking in (fewer[1:], fewer.drop(columns="issue_id"), fewer[:0], pd.DataFrame()):
        with pytest.raises(UsageError, match="そろっていません"):
            silhouettes_of(made, lacking)


def test_one_group_or_an_opinion_alone_has_no_silhouette():
    vectors = OpinionVectors.of(np.eye(3))
    rows = np.arange(3)
    assert silhouettes(vectors, rows, np.zeros(3, dtype=np.int64), 1).tolist() == [0.0] * 3
    assert silhouettes(vectors, rows, np.array([0, 0, 1]), 2)[2] == 0.0


def test_vectors_that_are_not_kept_change_no_digit(made):
    every = made.vectors
    some = OpinionVectors(
        every.count, every.rows[::3], every.kept[::3], lambda rows: every.kept[rows]
    )
    assert np.array_equal(similarities(some, every.kept[7]), similarities(every, every.kept[7]))


def test_another_number_of_issues_is_made_and_numbers_stay_where_issues_do(made):
    same = regrouped(made, len(made.issues))
    assert same["issue_id"].tolist() == made.opinions["machine_issue_id"].tolist()
    fewer = regrouped(made, 20)
    assert fewer["issue_id"][fewer["issue_id"] != ""].nunique() == 20
    assert fewer["opinion_id"].tolist() == made.opinions["opinion_id"].tolist()
    assert ((fewer["title"] == "") == (fewer["issue_id"] == "")).all()
    kept = set(fewer["issue_id"]) & set(made.issues["issue_id"])
    assert kept - {""}


@pytest.mark.parametrize("number", [0, -1, 1001])
def test_an_impossible_number_of_issues_is_refused(made, number):
    with pytest.raises(UsageError, match="指定できません"):
        regrouped(made, number)


@pytest.fixture(scope="module")
def labels(made, tmp_path_factory):
    """Goals of the machine; every fifth one changed to 1, whatever it was."""
    path = tmp_path_factory.mktemp("labels") / "目標.csv"
    some = made.opinions.iloc[::10].reset_index(drop=True)
    goals = some["machine_goal_id"].where(some.index % 5 != 0, "1").replace("", "0")
    pd.DataFrame({"opinion_id": some["opinion_id"], "goal": goals}).to_csv(path, index=False)
    return path


def test_agreement_counts_what_people_and_the_machine_say(made, sample_run, labels):
    found = agreement_of(sample_run, made.plan, labels)
    people = pd.read_csv(labels, dtype=str)
    machine = made.opinions.set_index("opinion_id")["machine_goal_id"].replace("", "0")
    right = (machine[people["opinion_id"]].to_numpy() == people["goal"]).mean()
    assert found.accuracy == pytest.approx(right)
    assert found.accuracy_low <= found.accuracy <= found.accuracy_high
    assert found.n_rows == len(people)
    confusion = found.confusion
    assert confusion.index.name == "people"
    assert confusion.loc["1"].sum() == (people["goal"] == "1").sum()
    assert confusion["0"].sum() == (machine[people["opinion_id"]] == "0").sum()
    assert found.calibration.columns.tolist() == ["low", "high", "n", "confidence", "right"]
    assert found.calibration["n"].sum() == round(found.coverage * found.n_rows)


def test_without_labels_the_decisions_of_reviewers_are_the_truth(made, copied):
    ids = made.opinions["opinion_id"].iloc[:3].tolist()
    rows = [
        ("D1", ids[0], "goal_id", "4", "1"),
        ("D2", ids[1], "goal_id", "0", "1"),
        ("D3", ids[2], "goal_id", "machine", "1"),
        ("D4", "I001", "goal_id", "2", "1"),
        ("D5", ids[2], "kind", "praise", "1"),
        ("D6", ids[2], "goal_id", "5", "0"),
    ]

    def decide(table):
        named = ["decision_id", "applied_to", "field", "value", "stands"]
        added = pd.DataFrame(rows, columns=named).reindex(columns=table.columns, fill_value="")
        return added.assign(stands=added["stands"].astype(int))

    truth = truth_of(changed(copied, "applied_decisions", decide))
    said = {row.opinion_id: goals for row, goals in zip(truth.rows, truth.accepted, strict=True)}
    assert said == {ids[0]: ("4",), ids[1]: ("0",)}
    found = agreement_of(copied, made.plan)
    assert found.source == "人の判断"
    assert "人が判断した意見だけ" in found.notes[0]


def test_a_run_that_nobody_reviewed_says_what_to_do(made, sample_run):
    with pytest.raises(InputError, match="人の判断が 0件") as told:
        agreement_of(sample_run, made.plan)
    assert "labels" in told.value.remedy


def test_labels_without_goals_are_refused(made, sample_run, tmp_path):
    path = tmp_path / "分類.csv"
    some = made.opinions.iloc[:4]
    pd.DataFrame({"opinion_id": some["opinion_id"], "話題": ["道", "道", "雪", "雪"]}).to_csv(
        path, index=False
    )
    with pytest.raises(InputError, match="基本目標の列が見つかりません"):
        agreement_of(sample_run, made.plan, path)


def test_all_examples_judge_as_the_run_did(made, sample_run, labels):
    curve = learning_curve(sample_run, labels, shares=[0.02, 1, 0])
    assert curve["share"].tolist() == [0, 0.02, 1]
    assert curve["n_examples"].iloc[0] == 0
    assert curve["n_examples"].is_monotonic_increasing
    assert curve["accuracy"].iloc[-1] == agreement_of(sample_run, made.plan, labels).accuracy


EXAMPLES = st.lists(
    st.builds(Example, st.text(min_size=1, max_size=4), st.sampled_from("0146")),
    max_size=30,
    unique_by=lambda own: own.text,
)


@given(EXAMPLES, st.floats(0, 1), st.floats(0, 1))
def test_a_smaller_share_of_examples_is_part_of_a_larger_one_and_has_every_goal(examples, one, two):
    less, more = (chosen_examples(examples, own) for own in sorted((one, two)))
    assert set(less) <= set(more)
    if less:
        assert {examples[own].goal for own in less} == {own.goal for own in examples}
    assert chosen_examples(examples, 1.0) == list(range(len(examples)))


@given(EXAMPLES, st.floats(0, 1), st.randoms(use_true_random=False))
def test_the_order_of_examples_changes_nothing(examples, share, random):
    shuffled = random.sample(examples, len(examples))
    chosen = {examples[own].text for own in chosen_examples(examples, share)}
    assert {shuffled[own].text for own in chosen_examples(shuffled, share)} == chosen


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_bins_hold_every_link_and_add_up_to_the_calibration_error(links):
    sure, right = zip(*links, strict=True)
    bins = calibration_bins(sure, right)
    assert sum(own.n for own in bins) == len(links)
    gaps = sum(own.n * abs(own.right - own.confidence) for own in bins if own.n)
    assert gaps / len(links) == pytest.approx(calibration_error(sure, right), abs=1e-9)
