"""The whole way with reviewers' decisions: applied, learnt from, told, kept and verified."""

from __future__ import annotations

import csv
import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline import tables
from pipeline.analysis import analyse, run_study
from pipeline.cli import main
from pipeline.decisions import COLUMNS, Decision, standing
from pipeline.errors import InputError, NotReproducedError
from pipeline.manifest import hash_file, load_manifest
from pipeline.plan import NO_GOAL
from pipeline.progress import Watch
from pipeline.study import load_study
from pipeline.verify import verify

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    Tables = dict[str, pd.DataFrame]

SAMPLE = Path(__file__).parents[1] / "inputs" / "sample"


def write(path: Path, decisions: Iterable[Decision]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *decisions])
    return path


def load(folder: Path) -> Tables:
    return {name: tables.load_table(name, folder / "tables") for name in tables.SCHEMAS}


def decision(target: str, value: str, text: str, field: str = "goal_id", **other: str) -> Decision:
    own = Decision(
        decision_id=f"D-{target}-{field}-{value}", target_id=target, field=field, value_seen="",
        value=value, reviewer="田中", decided_at="2026-05-01T10:00:00+09:00", reason="",
        run_id="", text=text,
    )  # fmt: skip
    return own._replace(**other)


# The sample, with decisions on fifteen opinions and one issue


@pytest.fixture(scope="module")
def before(sample_run: Path) -> Tables:
    return load(sample_run)


@pytest.fixture(scope="module")
def decisions(before: Tables) -> tuple[Decision, ...]:
    """In this city the bus is a matter of goal 4, and so is snow, but for one voice."""
    opinions, issues = before["opinions"], before["issues"]
    first = opinions[opinions["duplicate_of"] == ""]
    texts = dict(zip(first["opinion_id"], first["text"], strict=True))
    bus = first[first["text"].str.contains("バス") & (first["goal_id"] == "")]["opinion_id"][:12]
    snow = issues[issues["title"].str.contains("除雪")].iloc[0]
    own = first[(first["issue_id"] == snow["issue_id"]) & ~first["opinion_id"].isin(bus)]
    alone = own["opinion_id"].iloc[-1]
    given = first[(first["goal_id"] == "5") & (first["measure_id"] != "")]["opinion_id"].tolist()
    voices = "\n".join(texts.get(one, "") for one in snow["representative_opinion_ids"].split())
    found = [
        decision(bus.iloc[0], "1", texts[bus.iloc[0]]),  # thought better of below
        *(decision(one, "4", texts[one]) for one in bus),
        decision(alone, "1", texts[alone], reviewer="鈴木"),
        decision(given[0], NO_GOAL, texts[given[0]]),
        decision(given[1], "6", texts[given[1]]),
        decision(given[1], "6-2", texts[given[1]], "measure_id"),
        decision(given[1], "5", texts[given[1]], "goal_id_2"),
        decision(snow["issue_id"], "4", voices, reviewer="山本", value_seen=NO_GOAL),
    ]
    assert len({one.target_id for one in found}) == 15 + 1
    return tuple(found)


@pytest.fixture(scope="module")
def decided_run(decisions: Sequence[Decision], tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("decided")
    path = write(folder / "いま.csv", decisions)
    study = load_study(SAMPLE / "study.toml").model_copy(update={"decisions": str(path)})
    return run_study(study, SAMPLE, folder / "run")


@pytest.fixture(scope="module")
def after(decided_run: Path) -> Tables:
    return load(decided_run)


def rows_of(table: pd.DataFrame) -> dict[str, dict[str, str]]:
    return {str(row[table.columns[0]]): row for row in table.to_dict("records")}


def test_decided_opinions_have_the_reviewers_goal_and_name(
    after: Tables, decisions: Sequence[Decision]
) -> None:
    opinions = rows_of(after["opinions"])
    for (target, field), own in standing(decisions).items():
        if target in opinions:
            assert opinions[target][field] == own.value.replace(NO_GOAL, "")
            assert opinions[target]["assigned_by"] == own.reviewer


def test_what_the_machine_gave_stays_beside_what_a_person_decided(
    before: Tables, after: Tables, decisions: Sequence[Decision]
) -> None:
    """But for what was learnt, the machine's goal is that of the run without decisions."""
    moved = set(after["lessons"]["opinion_id"])
    machine = rows_of(before["opinions"])
    decided = {own.target_id for own in decisions}
    for name, row in rows_of(after["opinions"]).items():
        if name not in moved:
            assert row["machine_goal_id"] == machine[name]["machine_goal_id"]
        if name not in moved | decided and row["assigned_by"] in {"", "machine"}:
            assert row["goal_id"] == machine[name]["goal_id"]
    apart = after["opinions"][after["opinions"]["goal_id"] != after["opinions"]["machine_goal_id"]]
    assert set(apart["assigned_by"]) <= {"田中", "鈴木", "山本"}
    assert len(apart) > 0


def test_lessons_are_the_opinions_whose_machine_goal_changed_each_with_decisions_that_count(
    before: Tables, after: Tables, decisions: Sequence[Decision]
) -> None:
    then, now = (rows_of(own["opinions"]) for own in (before, after))
    changed = {
        name for name in now if now[name]["machine_goal_id"] != then[name]["machine_goal_id"]
    }
    lessons = after["lessons"]
    assert set(lessons["opinion_id"]) == changed
    counting = {own.decision_id for own in standing(decisions).values() if own.field == "goal_id"}
    assert len(lessons) > 5
    for row in lessons.itertuples():
        assert row.decision_id in counting
        assert row.effect > 0
        assert row.goal_id_before == then[row.opinion_id]["machine_goal_id"]
        assert row.goal_id_after == now[row.opinion_id]["machine_goal_id"]


def test_opinions_that_nobody_decided_were_moved_too(
    after: Tables, decisions: Sequence[Decision]
) -> None:
    others = after["lessons"][
        ~after["lessons"]["opinion_id"].isin([own.target_id for own in decisions])
    ]
    texts = after["opinions"].set_index("opinion_id")["text"]
    assert any("バス" in texts[own] for own in others["opinion_id"])


def test_the_opinions_of_a_decided_issue_follow_it_unless_they_were_decided_themselves(
    after: Tables, decisions: Sequence[Decision]
) -> None:
    (issue,) = (own for own in decisions if own.reviewer == "山本")
    row = rows_of(after["issues"])[issue.target_id]
    assert (row["goal_id"], row["assigned_by"]) == ("4", "山本")
    own = after["opinions"][after["opinions"]["issue_id"] == issue.target_id]
    alone = own["opinion_id"].isin([one.target_id for one in decisions])
    assert set(own[alone]["assigned_by"]) >= {"鈴木"}
    assert own[~alone]["assigned_by"].eq("山本").all()
    assert own[~alone]["goal_id"].eq("4").all()


def test_an_issue_has_the_goal_of_its_decided_opinions(before: Tables, after: Tables) -> None:
    """Nobody decided on the issue of buses, but most of its opinions are decided or moved."""
    (bus,) = before["issues"][before["issues"]["title"] == "公共交通"]["issue_id"]
    then, now = (rows_of(own["issues"])[bus] for own in (before, after))
    assert (then["goal_id"], now["goal_id"]) == ("", "4")
    assert now["assigned_by"] == "machine"


def test_decisions_change_goals_and_nothing_else(before: Tables, after: Tables) -> None:
    untouched = ("answers", "concepts", "set_aside", "groups", "suggested_concepts")
    for name in (*untouched, "words", "word_links", "layout", "near_issues"):
        assert before[name].equals(after[name]), name
    about_goals = {
        "goal_id", "machine_goal_id", "goal_score", "goal_confidence", "goal_id_2", "measure_id",
        "assigned_by", "goal_share", "goal_counts", "to_split", "machine_goal_id_2",
        "machine_measure_id", "reviewed", "n_reviewed", "reviewed_by",
    }  # fmt: skip
    for name in ("opinions", "issues"):
        kept = [column for column in before[name] if column not in about_goals]
        assert before[name][kept].equals(after[name][kept]), name


def test_every_decision_stands_in_the_table_of_what_was_applied(
    after: Tables, decisions: Sequence[Decision]
) -> None:
    applied = rows_of(after["applied_decisions"])
    assert set(applied) == {own.decision_id for own in decisions}
    counting = {own.decision_id for own in standing(decisions).values()}
    assert {name for name, row in applied.items() if row["stands"]} == counting
    assert len(counting) == len(decisions) - 1


def test_measures_and_goals_of_a_decided_run_fit_together(after: Tables) -> None:
    for name in ("opinions", "issues"):
        for row in after[name].itertuples():
            assert not row.measure_id or row.measure_id.startswith(f"{row.goal_id}-")
            assert not row.goal_id_2 or row.goal_id_2 != row.goal_id


def test_the_decisions_are_kept_in_the_run_folder_and_in_the_manifest(
    decided_run: Path, sample_run: Path
) -> None:
    copy = decided_run / "decisions.csv"
    assert copy.read_bytes() == (decided_run.parent / "いま.csv").read_bytes()
    manifest, without = load_manifest(decided_run), load_manifest(sample_run)
    assert manifest["decisions"] == [{"file": "decisions.csv", "sha256": hash_file(copy)}]
    assert manifest["run_id"] != without["run_id"]
    assert manifest["inputs"] == without["inputs"]
    assert manifest["dictionaries"] == without["dictionaries"]
    assert load_study(decided_run / "study.toml").decisions == "decisions.csv"


def test_a_run_without_decisions_keeps_none(sample_run: Path) -> None:
    assert not (sample_run / "decisions.csv").exists()
    assert load_manifest(sample_run)["decisions"] == []
    assert load_study(sample_run / "study.toml").decisions is None
    assert load(sample_run)["lessons"].empty


def test_a_decided_run_can_be_made_again_from_its_folder(decided_run: Path) -> None:
    """The file that the decisions came from is no longer needed."""
    (decided_run.parent / "いま.csv").rename(decided_run.parent / "別.csv")
    try:
        assert any("1バイトも違わない" in line for line in verify(decided_run))
    finally:
        (decided_run.parent / "別.csv").rename(decided_run.parent / "いま.csv")


def test_the_order_of_decisions_on_different_things_changes_no_table(
    after: Tables, decisions: Sequence[Decision], tmp_path: Path
) -> None:
    chance = random.Random(7)
    mixed = [*decisions[:1], *chance.sample(decisions[1:], len(decisions) - 1)]
    study = load_study(SAMPLE / "study.toml")
    path = write(tmp_path / "mixed.csv", mixed)
    made = analyse(study.model_copy(update={"decisions": str(path)}), SAMPLE, Watch()).tables
    for name in tables.SCHEMAS:
        assert made[name].equals(after[name]), name


# A tiny study, to be changed at will

ANSWERS = [
    "バスの本数が少ない", "バスの便を増やしてほしい", "バス停が遠い", "夜のバスがない", "バスの運賃が高い",
    "居場所がほしい", "相談先が分からない", "広報が読みにくい", "町内会の役員がいない", "母の介護がつらい",
]  # fmt: skip


def write_answers(folder: Path, answers: Sequence[str]) -> None:
    rows = "".join(f"{ANSWERS.index(text) + 1},{text}\n" for text in answers)
    (folder / "answers.csv").write_text(f"番号,ご意見\n{rows}", "utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A study with its run, decided; the ids of its opinions are those of a first run."""
    folder = tmp_path_factory.mktemp("tiny")
    write_answers(folder, ANSWERS)
    (folder / "study.toml").write_text(
        'title = "小さな調査"\n[[sources]]\nfile = "answers.csv"\nkind = "survey"\n', "utf-8"
    )
    study = load_study(folder / "study.toml")
    opinions = analyse(study, folder, Watch()).tables["opinions"]
    ids = dict(zip(opinions["text"], opinions["opinion_id"], strict=True))
    found = [decision(ids[text], "4", text) for text in ANSWERS[:4]]
    found.append(decision(ids["広報が読みにくい"], "6", "広報が読みにくい", reviewer="山本"))
    write(folder / "decisions.csv", found)
    decided = study.model_copy(update={"decisions": "decisions.csv"})
    run_study(decided, folder, folder / "run")
    return folder


@pytest.fixture
def tiny(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "tiny")
    return tmp_path / "tiny"


def goals_of(folder: Path) -> dict[str, tuple[str, str]]:
    opinions = tables.load_table("opinions", folder / "tables")
    return {row.text: (row.goal_id, row.assigned_by) for row in opinions.itertuples()}


def test_a_run_whose_decisions_were_changed_is_not_reproduced(tiny: Path) -> None:
    copy = tiny / "run" / "decisions.csv"
    copy.write_text(copy.read_text("utf-8").replace(",6,", ",3,"), "utf-8")
    with pytest.raises(NotReproducedError) as caught:
        verify(tiny / "run")
    message = str(caught.value)
    assert "人の判断の記録（decisions.csv）が、実行したときと違います" in message
    assert "tables/opinions.csv が、もう一度実行した結果と違います" in message


def test_a_run_whose_decisions_are_gone_is_not_reproduced(tiny: Path) -> None:
    (tiny / "run" / "decisions.csv").unlink()
    with pytest.raises((NotReproducedError, InputError), match=r"decisions\.csv"):
        verify(tiny / "run")


def test_a_run_of_the_study_in_a_run_folder_applies_its_decisions(tiny: Path) -> None:
    again = run_study(load_study(tiny / "run" / "study.toml"), tiny / "run", tiny / "again")
    assert goals_of(again) == goals_of(tiny / "run")
    assert goals_of(again)["広報が読みにくい"] == ("6", "山本")
    assert load_manifest(again)["run_id"] == load_manifest(tiny / "run")["run_id"]


def test_the_command_takes_decisions_from_any_folder(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tiny / "elsewhere").mkdir()
    (tiny / "decisions.csv").rename(tiny / "elsewhere" / "判断.csv")
    monkeypatch.chdir(tiny / "elsewhere")
    arguments = ["run", "../study.toml", "--decisions", "判断.csv", "--output", "../other"]
    assert main(arguments) == 0
    assert goals_of(tiny / "other") == goals_of(tiny / "run")
    for name in tables.SCHEMAS:
        one, other = (tiny / own / "tables" / f"{name}.csv" for own in ("run", "other"))
        assert one.read_bytes() == other.read_bytes(), name


def test_shuffled_answers_give_the_same_goals_and_lessons(tiny: Path) -> None:
    write_answers(tiny, random.Random(3).sample(ANSWERS, len(ANSWERS)))
    study = load_study(tiny / "study.toml").model_copy(update={"decisions": "decisions.csv"})
    target = run_study(study, tiny, tiny / "shuffled")
    one, other = load(tiny / "run"), load(target)
    for name in tables.SCHEMAS:
        left, right = one[name], other[name]
        if name == "answers":
            left, right = left.drop(columns="locator"), right.drop(columns="locator")
        assert left.equals(right), name


def test_a_later_decision_takes_the_place_of_an_earlier_one(tiny: Path) -> None:
    rows = (tiny / "decisions.csv").read_text("utf-8")
    last = rows.strip().splitlines()[-1]
    later = last.replace("-6,", "-3,").replace(",6,", ",3,").replace("山本", "鈴木")
    (tiny / "decisions.csv").write_text(f"{rows}{later}\r\n", "utf-8")
    study = load_study(tiny / "study.toml").model_copy(update={"decisions": "decisions.csv"})
    target = run_study(study, tiny, tiny / "later")
    assert goals_of(target)["広報が読みにくい"] == ("3", "鈴木")
    assert goals_of(target)["バスの本数が少ない"] == ("4", "田中")


def test_a_decision_still_teaches_where_its_voice_is_no_longer_in_the_files(tiny: Path) -> None:
    write_answers(tiny, ANSWERS[4:])
    study = load_study(tiny / "study.toml")
    without = analyse(study, tiny, Watch()).tables["opinions"]
    decided = study.model_copy(update={"decisions": "decisions.csv"})
    made = analyse(decided, tiny, Watch()).tables
    fare = made["opinions"]["text"] == "バスの運賃が高い"
    assert without.loc[fare, "goal_id"].tolist() == [""]
    (row,) = made["opinions"][fare].itertuples()
    assert (row.goal_id, row.assigned_by) == ("4", "machine")
    assert len(made["applied_decisions"]) == 5


def test_a_wrong_decision_stops_the_run_and_leaves_nothing(tiny: Path) -> None:
    path = tiny / "decisions.csv"
    path.write_text(path.read_text("utf-8").replace(",6,", ",9,"), "utf-8")
    study = load_study(tiny / "study.toml").model_copy(update={"decisions": "decisions.csv"})
    with pytest.raises(InputError, match="計画に「9」はありません"):
        run_study(study, tiny, tiny / "wrong")
    assert not (tiny / "wrong").exists()
    assert sorted(path.name for path in tiny.iterdir()) == sorted(
        ["answers.csv", "study.toml", "decisions.csv", "run"]
    )


def test_a_missing_file_of_decisions_is_named(tiny: Path) -> None:
    study = load_study(tiny / "study.toml").model_copy(update={"decisions": "ない.csv"})
    with pytest.raises(InputError, match=r"ない\.csv"):
        run_study(study, tiny, tiny / "missing")
