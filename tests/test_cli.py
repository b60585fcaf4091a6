"""The command as a planner types it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cli import cli, main
from pipeline.textlayout import width_of

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "inputs" / "sample"


def test_help_is_japanese_and_lists_every_command(capsys):
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert "使い方: kadai" in shown
    assert all(name in shown for name in cli.commands)
    assert "Usage" not in shown
    assert "Options" not in shown


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_explains_itself_in_japanese(name, capsys):
    assert main([name, "--help"]) == 0
    shown = capsys.readouterr().out
    assert f"使い方: kadai {name}" in shown
    assert "Show this message" not in shown


@pytest.mark.parametrize("name", ["run", "evaluate", "crosstab"])
def test_help_fits_into_a_console_of_eighty_columns(name, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert main([name, "--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(width_of, lines)) <= 80
    assert not any("。 " in line for line in lines)  # no space where the source breaks a line


@pytest.mark.parametrize("typed", ["－－limit", "―limit", "ーーlimit", "--ｌｉｍｉｔ", "–limit=5"])
def test_an_option_in_full_width_letters_is_named_with_what_is_meant(typed, capsys):
    assert main(["kwic", "バス", typed, "5"]) == 2
    said = capsys.readouterr().err
    assert f"「{typed}」は、記号か文字が全角です。" in said
    assert "半角で --limit と打ってください" in said


def test_a_word_that_begins_with_a_dash_is_no_option(capsys):
    main(["kwic", "outputs/ない", "ーたぬき"])
    assert "全角です" not in capsys.readouterr().err


def test_every_option_has_a_help_text():
    for command in cli.commands.values():
        for parameter in command.params:
            assert parameter.param_type_name == "argument" or parameter.help


def test_help_imports_nothing_heavy():
    code = "import sys; from pipeline.cli import main; main(['--help']); print(sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, encoding="utf-8",
        env={"PYTHONUTF8": "1", "PATH": ""}, check=True,
    )  # fmt: skip
    for heavy in ("pandas", "numpy", "sudachipy", "sklearn", "pydantic", "jinja2"):
        assert f"'{heavy}'" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["rum"], "コマンドの名前が正しくありません"),
        (["run"], "指定してください"),
        (["run", "--nope"], "オプションはありません"),
        (["run", "a.csv", "--issues", "0"], "--issues の値が正しくありません"),
        (["run", "a.toml", "b.csv"], "1つだけ"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_to_do(arguments, words, capsys):
    assert main(arguments) == 2
    shown = capsys.readouterr().err
    assert shown.startswith("エラー: ")
    assert words in shown
    assert "対処: " in shown


@pytest.mark.parametrize("name", ["ない.csv", "ない.toml"])
def test_a_missing_file_ends_with_3_and_is_named(name, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["run", name]) == 3
    shown = capsys.readouterr().err
    assert name in shown
    assert "対処: " in shown
    assert list(tmp_path.iterdir()) == []


def test_run_prints_the_folder_last_and_tells_its_guesses_on_standard_error(
    tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert main(["run", str(SAMPLE / "survey_2025.xlsx")]) == 0
    shown = capsys.readouterr()
    target = Path(shown.out.strip().splitlines()[-1])
    assert (target / "report.html").is_file()
    assert target.parent == tmp_path / "outputs"
    assert "自由記述" in shown.err
    assert "「お住まいの地区」" not in shown.err  # by the name that it gets
    assert "「地区」" in shown.err
    assert (target / "study.toml").is_file()


def test_the_inferred_study_can_be_run_again_with_the_same_result(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    main(["run", str(SAMPLE / "public_comment.csv"), "--output", "one"])
    assert main(["run", "one/study.toml", "--output", "two"]) == 0
    capsys.readouterr()
    for name in ("manifest.json", "review.xlsx", "report.html"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_check_only_looks_and_can_write_the_study_file(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = SAMPLE / "survey_web_2025_cp932.csv"
    assert main(["check", str(path), "--output", "study.toml"]) == 0
    shown = capsys.readouterr().out
    assert "空でないセル" in shown
    assert [one.name for one in tmp_path.iterdir()] == ["study.toml"]
    assert main(["check", "study.toml"]) == 0


def test_verify_succeeds_on_a_fresh_run(sample_run, capsys):
    assert main(["verify", str(sample_run)]) == 0
    assert "再現できました。" in capsys.readouterr().out


def test_verify_ends_with_5_when_a_table_was_changed(sample_run, tmp_path, capsys):
    import shutil

    shutil.copytree(sample_run, tmp_path / "run")
    path = tmp_path / "run" / "tables" / "groups.csv"
    path.write_bytes(path.read_bytes() + b"G99\n")
    assert main(["verify", str(tmp_path / "run"), "--inputs", str(SAMPLE)]) == 5
    assert "tables/groups.csv" in capsys.readouterr().err


def test_an_unexpected_error_ends_with_1_without_a_traceback(tmp_path, capsys, monkeypatch):
    import pipeline.analysis

    monkeypatch.setattr(pipeline.analysis, "analyse", lambda *_: 1 / 0)
    assert main(["run", str(SAMPLE / "study.toml"), "--output", str(tmp_path / "run")]) == 1
    shown = capsys.readouterr().err
    assert "予期しない誤り" in shown
    assert "Traceback" not in shown
    assert not (tmp_path / "run").exists()


def test_an_interrupted_run_leaves_nothing(tmp_path, capsys, monkeypatch):
    import pipeline.runfolder

    def interrupt(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline.runfolder, "write_report", interrupt)
    assert main(["run", str(SAMPLE / "study.toml"), "--output", str(tmp_path / "out" / "run")]) == 1
    assert "中断しました" in capsys.readouterr().err
    assert list((tmp_path / "out").iterdir()) == []


def test_the_help_of_run_names_every_file_that_can_be_read(capsys):
    from pipeline.documents import READABLE

    assert main(["run", "--help"]) == 0
    shown = capsys.readouterr().out.split()
    listed = {
        suffix
        for word in shown
        for suffix in READABLE
        if suffix in word.split("（")[-1].split("）")
    }
    assert listed == set(READABLE)


def test_what_the_options_of_commands_offer_is_what_the_program_takes():
    """Commands repeat it, because ``--help`` imports nothing else."""
    from pipeline.engine.opening import MOST_PROCESSES
    from pipeline.study import MOST_ISSUES
    from pipeline.wordviews.crossed import ROWS
    from pipeline.wordviews.crosstable import MEASURES
    from pipeline.wordviews.kwic import SORTS

    types = {
        (command, option.name): option.type
        for command in ("run", "kwic", "crosstab")
        for option in cli.commands[command].params
    }
    assert tuple(types["kwic", "sort"].choices) == SORTS
    assert set(types["crosstab", "rows"].choices) == set(ROWS)
    assert set(types["crosstab", "measure"].choices) == set(MEASURES)
    assert types["run", "issues"].max == MOST_ISSUES
    assert types["run", "processes"].max == MOST_PROCESSES


@pytest.mark.parametrize("group", ["plan", "review", "dictionary"])
def test_a_group_alone_shows_its_commands(group, capsys):
    assert main([group]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in cli.commands[group].commands)
