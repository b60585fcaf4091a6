"""Who decided what, when and from which run: told as a table, written as a file."""

from __future__ import annotations

import csv
import io
import json
import random
import shutil

import click
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from pipeline.audit.history import build_history, find_record, read_history
from pipeline.audit.history_table import FILE_COLUMNS, render_history, save_history
from pipeline.commands.audit import history_command
from pipeline.decision_words import moment_key, replaced
from pipeline.decisions import COLUMNS, Decision
from pipeline.errors import InputError, UsageError
from pipeline.formulas import unguard_formula
from pipeline.opinions import text_key
from pipeline.privacy import Hidden, write_hidden
from pipeline.textlayout import width_of

O1, O2 = "O012MER3NPJV-01", "O07PQSWPG6ZE-02"
SECRET = "山田花子さんの家の前が暗い"


def decision(number: int, target: str, field: str, value: str, **other: str) -> Decision:
    own = Decision(
        decision_id=f"D{number:03d}", target_id=target, field=field, value_seen="", value=value,
        reviewer="田中", decided_at=f"2026-05-{number:02d}T10:00:00+09:00", reason="",
        run_id="a1b2c3d4e5", text="バスの本数が少ない",
    )  # fmt: skip
    return own._replace(**other)


HIDE = write_hidden(Hidden(((0, 6),), text_key(SECRET)))

DECISIONS = (
    decision(1, "I001", "members", "AAAA BBBB", reviewer="前回の結果", decided_at=""),
    decision(2, "I002", "members", "CCCC", reviewer="前回の結果", decided_at=""),
    decision(3, O1, "goal_id", "4", value_seen="0", reason="通院の足の話"),
    decision(4, O1, "goal_id", "0", value_seen="4", reviewer="鈴木", run_id="f6g7"),
    decision(5, "I001", "status", "採用", text="バスの本数が少ない\nバス停が遠い"),
    decision(6, "I001", "title", "=足の確保", value_seen="公共交通", reviewer="鈴木"),
    decision(7, O2, "kind", "request", value_seen="problem"),
    decision(8, O2, "issue_id", "I001", value_seen="0"),
    decision(9, O2, "personal", HIDE, text=SECRET),
    decision(10, O2, "comment", "確認した", text=SECRET),
    decision(11, "I002", "merge_into", "I001", reviewer="山本", text=f"{SECRET}\n街灯がない"),
    decision(12, "I001", "title", "machine", value_seen="=足の確保"),
    decision(13, O1, "measure_id", "", value_seen="4-3"),
)


def write(path, decisions=DECISIONS):
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *decisions])
    return path


@pytest.fixture
def made(shipped_plan):
    return build_history(DECISIONS, shipped_plan)


def rows_of(history):
    return {own.decision_id: own for own in history.entries}


# What is told


def test_every_judgement_is_told_in_the_order_of_the_file_and_nothing_else(made):
    assert [own.decision_id for own in made.entries] == [f"D{n:03d}" for n in range(3, 14)]


def test_values_are_words_goals_have_number_and_name(made, shipped_plan):
    rows = rows_of(made)
    goal = shipped_plan.goal("4")
    assert (rows["D003"].before, rows["D003"].after) == ("なし", f"4 {goal.name}")
    assert (rows["D004"].before, rows["D004"].after) == (f"4 {goal.name}", "なし")
    assert (rows["D007"].before, rows["D007"].after) == ("問題", "要望")
    assert (rows["D008"].before, rows["D008"].after) == ("なし", "I001")
    assert rows["D012"].after == "機械の案にもどす"
    assert rows["D013"].after == "なし"
    assert rows["D003"].decided_at == "2026-05-03 10:00"
    assert rows["D003"].reason == "通院の足の話"


def test_what_a_later_decision_replaced_is_marked(made):
    assert {own.decision_id for own in made.entries if own.replaced} == {"D003", "D006"}


def test_issues_of_two_runs_with_one_number_replace_each_other_only_where_the_file_knows_them():
    first = decision(1, "I009", "status", "採用", run_id="r1")
    second = decision(2, "I009", "status", "却下", run_id="r2")
    members = decision(3, "I009", "members", "AAAA")
    assert replaced([first, second]) == frozenset()
    assert replaced([first, second._replace(run_id="r1")]) == {"D001"}
    assert replaced([members, first, second]) == {"D001"}


def test_decisions_are_counted_for_every_reviewer_and_field(made):
    assert made.by_reviewer == (("田中", 8), ("鈴木", 2), ("山本", 1))
    assert dict(made.by_field)["目標"] == 2
    assert sum(number for _, number in made.by_field) == len(made.entries)
    assert "課題の控え" not in dict(made.by_field)


def test_what_issues_were_made_of_is_counted_by_run_the_latest_row_of_each(shipped_plan):
    later = decision(20, "I001", "members", "AAAA", run_id="f6g7")
    history = build_history([*DECISIONS, later], shipped_plan)
    assert dict(history.kept) == {"a1b2c3d4e5": 1, "f6g7": 1}
    assert "実行 f6g7 の 1件" in render_history(history, 120)[-1]


# What was hidden


def test_hidden_words_are_shown_nowhere(made, tmp_path):
    rows = rows_of(made)
    assert (rows["D009"].before, rows["D009"].after) == ("―", "1か所を伏せる")
    assert rows["D009"].voice == rows["D010"].voice == "［個人情報］の家の前が暗い"
    assert rows["D011"].voice == "［個人情報］の家の前が暗い"
    save_history(made, tmp_path / "h.csv")
    for text in ("\n".join(render_history(made, 200)), (tmp_path / "h.csv").read_text("utf-8-sig")):
        assert "山田" not in text
        assert text_key(SECRET) not in text


@pytest.mark.parametrize("spacing", [f" {SECRET}", SECRET.replace("家の", "家 の")])
def test_a_hidden_voice_that_was_spaced_anew_is_not_shown_at_all(spacing, shipped_plan):
    hidden = decision(1, O2, "personal", write_hidden(Hidden(((1, 7),), text_key(f"　{SECRET}"))))
    for known in (SECRET, "［個人情報］の家の前が暗い"):
        others = [
            decision(2, O2, "comment", "見た", text=spacing),
            decision(3, O1, "goal_id", "4", text=spacing),
            decision(4, "I001", "status", "採用", text=f"{spacing}\n街灯がない"),
        ]
        history = build_history([hidden._replace(text=known), *others], shipped_plan)
        shown = [own.voice for own in history.entries]
        assert shown[1:] == ["", "", "街灯がない"]


def test_what_was_hidden_as_a_whole_hides_no_other_voice(shipped_plan):
    hidden = decision(
        1, O2, "personal", write_hidden(Hidden((), text_key(SECRET))), text="［個人情報］"
    )
    history = build_history([hidden, decision(2, O1, "goal_id", "4")], shipped_plan)
    assert [own.voice for own in history.entries] == ["［個人情報］", "バスの本数が少ない"]


# One target


def test_one_issue_is_told_with_what_was_moved_into_it(shipped_plan):
    history = build_history(DECISIONS, shipped_plan, "ｉ001")
    assert set(rows_of(history)) == {"D005", "D006", "D008", "D011", "D012"}
    assert history.kept == (("a1b2c3d4e5", 1),)


def test_one_opinion_is_told_alone(shipped_plan):
    assert set(rows_of(build_history(DECISIONS, shipped_plan, O1))) == {"D003", "D004", "D013"}


def test_a_target_without_decisions_is_said_with_numbers_like_it(shipped_plan):
    shown = render_history(build_history(DECISIONS, shipped_plan, "O012MER3NPJV-02"), 120)
    assert shown[0] == "「O012MER3NPJV-02」についての判断は、この記録にありません。"
    assert O1 in shown[1]


# Where the file is


def test_a_study_file_its_folder_and_the_file_itself_tell_the_same(tmp_path):
    write(tmp_path / "decisions.csv")
    (tmp_path / "study.toml").write_text(
        'title = "調"\n[[sources]]\nfile = "a.csv"\nkind = "survey"\n', "utf-8"
    )
    found = [find_record(tmp_path / own) for own in ("study.toml", "", "decisions.csv")]
    assert {own.path for own in found} == {tmp_path / "decisions.csv"}
    assert len({read_history(own) for own in found}) == 1


def test_the_studys_own_name_of_the_file_counts(tmp_path):
    (tmp_path / "人").mkdir()
    write(tmp_path / "人" / "判断.csv")
    (tmp_path / "調査.toml").write_text(
        'title = "調"\ndecisions = "人/判断.csv"\n[[sources]]\nfile = "a.csv"\nkind = "survey"\n',
        "utf-8",
    )
    assert find_record(tmp_path / "調査.toml").path == tmp_path / "人" / "判断.csv"


@pytest.fixture
def run_copy(sample_run, tmp_path):
    shutil.copytree(sample_run, tmp_path / "run")
    return tmp_path / "run"


def note_place(run, place):
    timings = json.loads((run / "timings.json").read_text("utf-8"))
    timings["decisions_place"] = place
    (run / "timings.json").write_text(json.dumps(timings), "utf-8")


def test_of_a_run_the_place_of_further_decisions_counts_before_its_copy(run_copy, tmp_path):
    note_place(run_copy, "../判断.csv")
    with pytest.raises(InputError, match="まだありません"):
        find_record(run_copy)
    write(run_copy / "decisions.csv", DECISIONS[:3])
    assert find_record(run_copy).path == run_copy / "decisions.csv"
    write(tmp_path / "判断.csv")
    assert find_record(run_copy).path == tmp_path / "判断.csv"


def test_another_plan_can_be_named(tmp_path):
    path = write(tmp_path / "d.csv", [decision(1, O1, "goal_id", "6", value_seen="0")])
    default, other = find_record(path), find_record(path, "otaru-7")
    assert (default.plan.id, other.plan.id) == ("nishitokyo-4", "otaru-7")
    assert read_history(other).entries[0].after == f"6 {other.plan.goal('6').name}"


@pytest.mark.parametrize("name", ["", "表.xlsx", "ない"])
def test_what_is_no_study_run_or_record_is_wrong_usage(name, tmp_path):
    (tmp_path / "表.xlsx").write_bytes(b"")
    with pytest.raises(UsageError) as caught:
        find_record(tmp_path / name)
    assert "どれかを指定してください" in str(caught.value)


def test_a_record_that_is_not_there_yet_is_named(tmp_path):
    with pytest.raises(InputError, match="まだありません") as caught:
        find_record(tmp_path / "decisions.csv")
    assert "decisions.csv" in str(caught.value)


# Lines and files


def test_the_table_fits_its_terminal_where_it_can(made):
    for width in (130, 160, 200):
        lines = render_history(made, width)
        assert lines[0].split() == [
            "日時", "判断した人", "対象", "項目", "前", "後", "理由", "実行",
        ]  # fmt: skip
        assert (
            max(
                map(
                    width_of,
                    lines[: lines.index("判断 11件（うち 2件は、後の判断で置きかえられたもの）")],
                )
            )
            <= width
        )


def test_a_replaced_decision_says_so_below_its_voice(made):
    lines = render_history(made, 160)
    (place,) = (number for number, line in enumerate(lines) if "2026-05-03 10:00" in line)
    below = "\n".join(lines[place : place + 4])
    assert "「バスの本数が少ない」（後の判断で置きかえ）" in below


def test_a_record_without_judgements_says_so(shipped_plan):
    said, kept = render_history(build_history(DECISIONS[:2], shipped_plan), 100)
    assert said == "人の判断は、まだ1件もありません。"
    assert kept.startswith("このほかに、課題の控えがあります: 実行 a1b2c3d4e5 の 2件。")


def test_csv_and_excel_hold_the_same_rows_and_no_formula(made, tmp_path):
    save_history(made, tmp_path / "h.csv")
    save_history(made, tmp_path / "h.xlsx")
    content = (tmp_path / "h.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    sheet = load_workbook(tmp_path / "h.xlsx").active
    cells = [["" if own.value is None else own.value for own in row] for row in sheet.iter_rows()]
    assert cells == [[unguard_formula(own) for own in row] for row in rows]
    assert tuple(rows[0]) == FILE_COLUMNS
    assert len(rows) == 1 + 11
    assert "'=足の確保" in rows[4]
    assert all(own.data_type != "f" for row in sheet.iter_rows() for own in row)


def test_the_same_decisions_give_the_same_bytes(made, tmp_path):
    for name in ("a.xlsx", "b.xlsx", "a.csv", "b.csv"):
        save_history(made, tmp_path / name)
    for ending in ("xlsx", "csv"):
        assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()


def test_counts_do_not_depend_on_the_order_of_decisions_on_different_things(shipped_plan):
    distinct = [own for own in DECISIONS if own.decision_id not in {"D004", "D012"}]
    mixed = random.Random(5).sample(distinct, len(distinct))
    one, other = (build_history(own, shipped_plan) for own in (distinct, mixed))
    assert (one.by_reviewer, one.by_field, one.kept) == (
        other.by_reviewer, other.by_field, other.kept,
    )  # fmt: skip
    assert rows_of(one) == rows_of(other)


def test_an_existing_file_or_unknown_ending_is_refused(made, tmp_path):
    (tmp_path / "h.csv").write_text("大切", "utf-8")
    with pytest.raises(UsageError, match="もうあります"):
        save_history(made, tmp_path / "h.csv")
    assert (tmp_path / "h.csv").read_text("utf-8") == "大切"
    with pytest.raises(UsageError, match=r"\.csv か \.xlsx ではありません"):
        save_history(made, tmp_path / "h.txt")
    with pytest.raises(InputError, match="フォルダーがありません"):
        save_history(made, tmp_path / "ない" / "h.csv")


def test_moments_are_ordered_whatever_their_offset():
    moments = ["2026-05-01T10:00:00+09:00", "2026-05-01T01:30:00+00:00", "2026-05-01T02:00:00", ""]
    assert sorted(moments, key=moment_key) == [moments[3], *moments[:3]]


# The command


@click.group()
def group():
    """Stand-in for the whole command."""


group.add_command(history_command)


def call(*arguments):
    return CliRunner(env={"COLUMNS": "140"}).invoke(group, ["history", *map(str, arguments)])


def test_the_command_prints_the_table_and_writes_the_file(tmp_path):
    path = write(tmp_path / "decisions.csv")
    done = call(path, "--output", tmp_path / "履歴.xlsx")
    assert done.exit_code == 0, done.exception
    assert "判断 11件（うち 2件は、後の判断で置きかえられたもの）" in done.stdout
    assert "判断した人ごと: 田中 8件、鈴木 2件、山本 1件" in done.stdout
    assert "decisions.csv" in done.stderr
    assert "履歴を書きました" in done.stderr
    assert (tmp_path / "履歴.xlsx").exists()


def test_the_command_refuses_to_overwrite_before_it_prints_anything(tmp_path):
    path = write(tmp_path / "decisions.csv")
    done = call(path, "--output", path)
    assert isinstance(done.exception, UsageError)
    assert done.stdout == ""


def test_the_commands_help_is_japanese():
    shown = call("--help").stdout
    assert "使い方: " in shown
    assert all(name in shown for name in ("--output", "--target", "--plan"))
    assert "Show this message" not in shown
