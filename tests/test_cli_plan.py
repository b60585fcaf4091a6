"""The commands around the plan file, as a planner types them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.commands.plan import plan
from pipeline.plan import load_plan

ROOT = Path(__file__).parents[1]
AOBA = str(Path(__file__).parent / "data" / "aoba_plan.txt")


def test_the_group_lists_its_commands_in_japanese(capsys):
    assert main(["plan"]) == 0
    shown = capsys.readouterr().out
    assert "使い方: kadai plan" in shown
    assert all(name in shown for name in plan.commands)


@pytest.mark.parametrize("name", sorted(plan.commands))
def test_every_command_and_option_explains_itself_in_japanese(name, capsys):
    assert main(["plan", name, "--help"]) == 0
    shown = capsys.readouterr().out
    assert f"使い方: kadai plan {name}" in shown
    assert "Show this message" not in shown
    for parameter in plan.commands[name].params:
        assert parameter.param_type_name == "argument" or parameter.help


@pytest.mark.parametrize("name", sorted(plan.commands))
def test_help_imports_nothing_heavy(name):
    code = (
        f"import sys; from pipeline.cli import main; main(['plan', '{name}', '--help']);"
        "print(sorted(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, encoding="utf-8",
        env={"PYTHONUTF8": "1", "PATH": ""}, check=True,
    )  # fmt: skip
    for heavy in ("pdfplumber", "pdfminer", "pydantic", "sudachipy", "pandas"):
        assert f"'{heavy}'" not in done.stdout


def test_import_writes_a_plan_that_can_be_loaded_and_says_what_it_left_out(
    tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert main(["plan", "import", AOBA, "--id", "aoba", "--output", "aoba.toml"]) == 0
    shown = capsys.readouterr().out
    assert load_plan(Path("aoba.toml")) == load_plan(Path(AOBA).with_suffix(".toml"))
    assert "計画に入れられなかった行: 15行" in shown
    assert "5ページ 136行目: ※この計画は、毎年ふり返ります。" in shown
    assert "？ 基本目標2に見慣れない区分「試行」があります（1件）。" in shown
    assert "基本目標 3、施策 4、内容 5、施策の取り組み 8、その他の取り組み 2、姿 4" in shown
    assert shown.strip().endswith("計画ファイルを書きました: aoba.toml")
    assert [path.name for path in tmp_path.iterdir()] == ["aoba.toml"]


def test_the_file_holds_what_was_left_out_doubts_and_suggested_goals(tmp_path):
    target = tmp_path / "aoba.toml"
    assert main(["plan", "import", AOBA, "--output", str(target)]) == 0
    text = target.read_text("utf-8")
    assert "#   5ページ 136行目: ※この計画は、毎年ふり返ります。" in text
    assert "#   1ページ 3行目: （１）計画の見方" in text
    assert "#   ・基本目標2に見慣れない区分「試行」があります（1件）。" in text
    assert "sdgs = []  # 提案（確かめてください）: 4（根拠: 学ぶ、学校、" in text
    assert "「aoba_plan.txt」から Kadai が書き出しました。" in text


def test_import_without_output_only_looks(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["plan", "import", AOBA, "--title", "あおばの計画"]) == 0
    shown = capsys.readouterr().out
    assert "基本目標 3、施策 4" in shown
    assert "1ページ 3行目: （１）計画の見方" in shown
    assert list(tmp_path.iterdir()) == []


def test_title_and_id_can_be_given(tmp_path):
    target = tmp_path / "x.toml"
    main(
        ["plan", "import", AOBA, "--id", "a-1", "--title", "あおばの計画", "--output", str(target)]
    )
    found = load_plan(target)
    assert (found.id, found.title) == ("a-1", "あおばの計画")


def test_an_existing_file_is_never_overwritten(tmp_path, capsys):
    target = tmp_path / "plan.toml"
    target.write_text("大切", encoding="utf-8")
    assert main(["plan", "import", AOBA, "--output", str(target)]) == 2
    assert "もうあります。上書きしません。" in capsys.readouterr().err
    assert target.read_text("utf-8") == "大切"


def test_a_name_that_is_no_plan_file_is_refused(tmp_path, capsys):
    assert main(["plan", "import", AOBA, "--output", str(tmp_path / "plan.txt")]) == 2
    assert "「plan.txt」が .toml ではありません" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_plan_that_cannot_be_read_leaves_nothing(tmp_path, capsys):
    source = tmp_path / "x.txt"
    source.write_text("福祉の話です。", encoding="utf-8")
    assert main(["plan", "import", str(source), "--output", str(tmp_path / "x.toml")]) == 3
    assert "基本目標の見出しが見つかりません" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["x.txt"]


def test_a_folder_that_is_not_there_is_told_and_nothing_is_left(tmp_path, capsys):
    assert main(["plan", "import", AOBA, "--output", str(tmp_path / "ない" / "x.toml")]) == 3
    assert "書き出すフォルダーがありません" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_write_that_fails_half_way_leaves_nothing(tmp_path, monkeypatch, capsys):
    def fail(*_args):
        raise OSError

    monkeypatch.setattr(Path, "replace", fail)
    assert main(["plan", "import", AOBA, "--output", str(tmp_path / "x.toml")]) == 3
    assert "結果を書き込めません" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_sdgs_prints_the_plans_own_and_the_suggested_ones(capsys):
    assert main(["plan", "sdgs", "nishitokyo-4"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["施策", "計画の記載", "提案", "根拠の言葉"]
    assert sum(line.startswith(tuple("123456")) for line in lines) == 14
    assert "確かめて" in lines[-1]


def test_sdgs_of_an_unknown_plan_ends_with_3(capsys):
    assert main(["plan", "sdgs", "atlantis"]) == 3
    assert "見つかりません" in capsys.readouterr().err


def test_check_prints_what_is_worth_a_look_and_ends_with_0(capsys):
    assert main(["plan", "check", "otaru-7"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("計画「小樽市総合計画（柱の名前のみの例）」: 基本目標 6、施策 0\n")
    assert "■ 1. 規則や例文のない基本目標・施策: 1件" in shown
    assert "■ 3. 例文の同じ言葉に、ちがう目標の規則がよく当たるもの: 調べていません" in shown
    assert shown.strip().endswith("直すかどうかは、見て決めてください。")


def test_check_takes_a_plan_file_of_ones_own_and_a_run(tmp_path, capsys, sample_run):
    own = tmp_path / "aoba.toml"
    own.write_text(Path(AOBA).with_suffix(".toml").read_text("utf-8"), "utf-8")
    rules = "".join(
        f'[[rules]]\ngoal = "1"\nname = "規則{number}"\nterms = ["{"象" * (number + 2)}"]\n'
        for number in range(12)
    )
    own.with_suffix(".rules.toml").write_text(rules, "utf-8")
    assert main(["plan", "check", str(own), "--run", str(sample_run)]) == 0
    short = capsys.readouterr().out
    assert "言葉を探した文: 結果のフォルダーの意見" in short
    assert "--all を付けると全部出ます" in short
    assert main(["plan", "check", str(own), "--run", str(sample_run), "--all"]) == 0
    whole = capsys.readouterr().out
    assert "--all を付けると全部出ます" not in whole
    assert len(whole) > len(short)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["aoba.rules.toml", "aoba.toml"]


def test_check_of_a_broken_rule_ends_with_3_and_names_the_line(tmp_path, capsys):
    own = tmp_path / "aoba.toml"
    own.write_text(Path(AOBA).with_suffix(".toml").read_text("utf-8"), "utf-8")
    own.with_suffix(".rules.toml").write_text('[[rules]]\ngoal = "9"\nterms = ["会"]\n', "utf-8")
    assert main(["plan", "check", str(own)]) == 3
    shown = capsys.readouterr()
    assert "2行目 規則「会」の goal: 計画にない基本目標「9」です" in shown.err
    assert shown.out == ""


def test_check_of_a_broken_example_ends_with_3_and_names_the_line(tmp_path, capsys):
    own = tmp_path / "aoba.toml"
    own.write_text(Path(AOBA).with_suffix(".toml").read_text("utf-8"), "utf-8")
    text = "text,goal,goal_2,measure\n近所の人,9,,\n"
    own.with_suffix(".examples.csv").write_text(text, "utf-8")
    assert main(["plan", "check", str(own)]) == 3
    assert "2行目 goal: 計画にない基本目標「9」です" in capsys.readouterr().err


def test_check_on_a_folder_that_is_no_run_ends_with_3(tmp_path, capsys):
    assert main(["plan", "check", "otaru-7", "--run", str(tmp_path)]) == 3
    assert "kadai run が作ったフォルダーを指定してください" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["plan", "inport"], "使えるもの: import"), (["plan", "import"], "「ファイル」を指定")],
)
def test_wrong_usage_ends_with_2_and_says_what_to_do(arguments, said, capsys):
    assert main(arguments) == 2
    shown = capsys.readouterr().err
    assert said in shown
    assert "対処: " in shown
