"""The whole way on the sample study: every promise of a run folder."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from pipeline import tables
from pipeline.analysis import analyse, run_study
from pipeline.decisions import Decision
from pipeline.formulas import unguard_formula
from pipeline.nonanswers import reason_for_silence
from pipeline.plan import find_plan, load_plan
from pipeline.privacy import find_personal, mask
from pipeline.progress import Watch
from pipeline.study import Source, Study, load_study

SAMPLE = Path(__file__).parents[1] / "inputs" / "sample"


@pytest.fixture(scope="module")
def made(sample_run):
    return {name: tables.load_table(name, sample_run / "tables") for name in tables.SCHEMAS}


def test_a_run_folder_holds_every_file_of_the_contract(sample_run):
    names = {path.name for path in sample_run.iterdir()}
    assert names == {
        "manifest.json", "timings.json", "study.toml", "review.xlsx", "report.html", "tables",
    }  # fmt: skip
    stems = sorted(path.name for path in (sample_run / "tables").iterdir())
    assert stems == sorted(
        f"{name}.{kind}" for name in tables.SCHEMAS for kind in ("csv", "parquet")
    )


def test_csv_tables_begin_with_a_byte_order_mark_and_hold_the_declared_columns(sample_run):
    for name, schema in tables.SCHEMAS.items():
        data = (sample_run / "tables" / f"{name}.csv").read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        header = data.decode("utf-8-sig").split("\n", 1)[0].strip().split(",")
        assert header[: len(schema.names)] == schema.names


def test_every_answer_is_in_an_opinion_or_set_aside(made):
    answers = set(made["answers"]["answer_id"])
    assert answers == set(made["opinions"]["answer_id"]) | set(made["set_aside"]["answer_id"])


def test_opinions_are_slices_of_their_answers(made):
    raw = made["answers"].set_index("answer_id")["raw_text"]
    for row in made["opinions"].itertuples():
        slice_ = raw[row.answer_id][row.start : row.end]
        assert row.text == mask(slice_, find_personal(slice_))


def test_ids_are_unique_and_begin_with_a_letter(made):
    keys = {"answers": "answer_id", "opinions": "opinion_id", "issues": "issue_id"}
    for name, key in keys.items():
        ids = made[name][key]
        assert ids.is_unique
        assert ids.is_monotonic_increasing
        assert ids.str.match(r"[A-Z]").all()


def test_goals_and_measures_are_the_plans_own(made):
    plan = load_plan(find_plan("nishitokyo-4", Path()))
    goals = {goal.id for goal in plan.goals} | {""}
    measures = {measure.id for goal in plan.goals for measure in goal.measures} | {""}
    for name in ("opinions", "issues"):
        assert set(made[name]["goal_id"]) <= goals
        assert set(made[name]["measure_id"]) <= measures
        below = made[name][made[name]["measure_id"] != ""]
        assert (below["measure_id"].str[0] == below["goal_id"]).all()


def test_all_six_goals_are_spoken_to_in_the_sample(made):
    assert set(made["opinions"]["goal_id"]) == {"", "1", "2", "3", "4", "5", "6"}


def test_every_goal_given_has_evidence_that_can_be_read_in_the_text(made):
    raw = made["answers"].set_index("answer_id")["raw_text"]
    answer_of = made["opinions"].set_index("opinion_id")["answer_id"]
    links = made["goal_links"].set_index(["target_id", "goal_id"])["evidence"]
    given = made["opinions"][made["opinions"]["goal_id"] != ""]
    assert len(given) > 100
    for row in given.itertuples():
        words = json.loads(links[row.opinion_id, row.goal_id])
        assert words
        for word in words:
            text = raw[answer_of[row.opinion_id]]
            assert "".join(text[word["start"] : word["end"]].split()) == word["word"]
            assert word["weight"] > 0


def test_sizes_of_issues_are_those_of_their_opinions(made):
    who = made["answers"].set_index("answer_id")["respondent_id"]
    opinions = made["opinions"].assign(who=made["opinions"]["answer_id"].map(who))
    assert len(made["issues"]) > 10
    for issue in made["issues"].itertuples():
        own = opinions[opinions["issue_id"] == issue.issue_id]
        assert issue.n_opinions == len(own)
        assert issue.n_respondents == own.loc[own["who"] != "", "who"].nunique()
        assert issue.n_distinct == (own["duplicate_of"] == "").sum()
        assert set(issue.representative_opinion_ids.split()) <= set(own["opinion_id"])


def test_an_issue_without_a_goal_is_as_sure_as_its_opinions_are_of_having_none(made):
    silent = made["issues"][made["issues"]["goal_id"] == ""]
    assert len(silent) > 10
    for issue in silent.itertuples():
        own = made["opinions"][made["opinions"]["issue_id"] == issue.issue_id]
        none = own.loc[own["goal_id"] == "", "goal_confidence"]
        assert issue.goal_confidence == pytest.approx(none.sum() / len(own), abs=1e-5)


def test_decisions_stand_in_a_table_of_the_run_and_the_last_one_counts(tmp_path):
    (tmp_path / "a.csv").write_text("番号,ご意見\n1,道が暗い\n2,街灯がほしい\n", "utf-8")
    source = Source(file="a.csv", kind="survey", text=("ご意見",))
    study = Study(title="t", sources=(source,))
    first = analyse(study, tmp_path, Watch()).tables
    assert first["applied_decisions"].empty
    target = first["opinions"]["opinion_id"][0]
    columns = ",".join(Decision._fields)
    rows = [f"D{n},{target},goal_id,0,{goal},山田,,,,道が暗い" for n, goal in ((1, 4), (2, 1))]
    (tmp_path / "decisions.csv").write_text("\n".join([columns, *rows, ""]), "utf-8")
    decided = study.model_copy(update={"decisions": "decisions.csv"})
    made = analyse(decided, tmp_path, Watch()).tables
    assert made["applied_decisions"]["stands"].tolist() == [0, 1]
    assert made["opinions"]["goal_id"][0] == "1"


def test_sizes_of_groups_are_those_of_their_issues(made):
    issues = made["issues"]
    assert len(made["groups"]) >= 3
    for group in made["groups"].itertuples():
        own = issues[issues["group_id"] == group.group_id]
        assert group.n_issues == len(own)
        assert group.n_opinions == own["n_opinions"].sum()
        assert 0 < group.n_respondents <= own["n_respondents"].sum()


def test_titles_are_told_apart_and_stand_in_the_opinions_or_the_dictionary(made):
    issues, opinions = made["issues"], made["opinions"]
    assert issues["title"].is_unique
    for issue in issues[issues["headings"] != ""].itertuples():
        own = opinions.loc[opinions["issue_id"] == issue.issue_id, "text"]
        said = own.str.contains(issue.title, regex=False).any()
        names = issue.title.removesuffix(" ほか").split("／")
        assert said or set(names) <= set(issue.headings.split("、")), issue.title


def test_no_non_answer_becomes_an_issue(made):
    assert not made["issues"]["title"].map(reason_for_silence).any()


def test_repeated_opinions_name_the_one_that_stands_for_them(made):
    opinions = made["opinions"]
    repeats = opinions[opinions["duplicate_of"] != ""]
    assert len(repeats) > 5
    firsts = opinions.set_index("opinion_id")["duplicate_of"]
    assert (firsts[repeats["duplicate_of"]] == "").all()


def test_telephone_numbers_and_mail_leave_only_the_confidential_table(sample_run):
    confidential = (sample_run / "tables" / "answers.csv").read_text("utf-8-sig")
    assert "000-0000-0000" in confidential
    others = [sample_run / "report.html", *(sample_run / "tables").glob("*.csv")]
    for path in others:
        if path.name != "answers.csv":
            text = path.read_text("utf-8-sig")
            assert "000-0000-0000" not in text
            assert "@example" not in text


def test_no_raw_leaves_the_raw_text_out(tmp_path):
    (tmp_path / "a.csv").write_text("番号,ご意見\n1,道が暗い\n2,街灯がほしい\n", "utf-8")
    study = Study(title="t", sources=(Source(file="a.csv", kind="survey", text=("ご意見",)),))
    target = run_study(study, tmp_path, tmp_path / "run", keep_raw=False)
    answers = tables.load_table("answers", target / "tables")
    assert (answers["raw_text"] == "").all()
    assert set(tables.load_table("opinions", target / "tables")["text"]) == {
        "道が暗い",
        "街灯がほしい",
    }


def test_a_study_of_non_answers_only_gives_a_run_without_issues(tmp_path):
    (tmp_path / "a.csv").write_text("番号,ご意見\n1,特になし\n2,なし\n3,ー\n", "utf-8")
    study = Study(title="t", sources=(Source(file="a.csv", kind="survey", text=("ご意見",)),))
    target = run_study(study, tmp_path, tmp_path / "run")
    assert len(tables.load_table("issues", target / "tables")) == 0
    assert len(tables.load_table("set_aside", target / "tables")) == 3


@pytest.mark.parametrize("wanted", [5, 12, 30])
def test_the_number_of_issues_can_be_set(wanted):
    study = load_study(SAMPLE / "study.toml")
    parameters = study.parameters.model_copy(update={"issues": wanted})
    study = study.model_copy(update={"parameters": parameters})
    analysis = analyse(study, SAMPLE, Watch())
    assert len(analysis.tables["issues"]) == wanted


def test_the_sample_agrees_with_the_golden_summary(made, golden):
    issues = made["issues"]
    lines = [
        f"{row.issue_id}\t{row.title}\t{row.n_opinions}\t{row.goal_id or '-'}"
        for row in issues.itertuples()
    ]
    golden("sample_issues.tsv", "\n".join(lines) + "\n")


def test_parquet_and_csv_hold_the_same(sample_run):
    for name in tables.SCHEMAS:
        csv = pd.read_csv(
            sample_run / "tables" / f"{name}.csv",
            dtype=str,
            keep_default_na=False,
            encoding="utf-8-sig",
        )
        parquet = pd.read_parquet(sample_run / "tables" / f"{name}.parquet")
        assert list(csv.columns) == list(parquet.columns)
        assert len(csv) == len(parquet)
        text = [column for column in csv if parquet[column].dtype == "str"]
        assert (csv[text].map(unguard_formula).to_numpy() == parquet[text].to_numpy()).all()
