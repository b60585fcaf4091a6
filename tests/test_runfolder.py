"""A run folder appears whole or not at all, and a reviewer's work stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import runfolder
from pipeline.analysis import run_study
from pipeline.errors import InputError, KadaiError, UsageError
from pipeline.runfolder import new_run_folder, write_study
from pipeline.study import Source, Study, load_study


@pytest.fixture
def study(tmp_path):
    (tmp_path / "a.csv").write_text(
        "番号,ご意見\n1,道が暗い\n2,街灯がほしい\n3,道が狭い\n", "utf-8"
    )
    return Study(title="試し", sources=(Source(file="a.csv", kind="survey", text=("ご意見",)),))


def test_the_default_folder_is_named_after_the_study_and_a_hash(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = new_run_folder(None, "令和7年度 調査: 中央/東", "0123456789")
    assert folder == tmp_path / "outputs" / "令和7年度_調査_中央_東-01234567"


def test_a_folder_with_other_files_is_not_overwritten(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "大切.txt").write_text("x", "utf-8")
    with pytest.raises(UsageError, match="Kadai の結果ではない"):
        new_run_folder(tmp_path / "mine", "t", "0" * 10)


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "out").write_text("x", "utf-8")
    with pytest.raises(UsageError, match="ファイルです"):
        new_run_folder(tmp_path / "out", "t", "0" * 10)


def test_a_failure_while_writing_leaves_nothing_behind(study, tmp_path, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(runfolder, "write_report", full)
    with pytest.raises(InputError, match="書き込めません"):
        run_study(study, tmp_path, tmp_path / "out" / "run")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_failure_while_writing_keeps_the_older_run(study, tmp_path, monkeypatch):
    target = run_study(study, tmp_path, tmp_path / "out" / "run")
    before = {path: path.read_bytes() for path in target.rglob("*") if path.is_file()}
    monkeypatch.setattr(runfolder, "write_workbook", lambda *_: (_ for _ in ()).throw(OSError(28)))
    with pytest.raises(KadaiError):
        run_study(study, tmp_path, target)
    assert {path: path.read_bytes() for path in target.rglob("*") if path.is_file()} == before
    assert [path.name for path in target.parent.iterdir()] == ["run"]


def test_a_workbook_that_was_filled_in_survives_the_next_run(study, tmp_path):
    target = run_study(study, tmp_path, tmp_path / "run")
    fresh = (target / "review.xlsx").read_bytes()
    (target / "review.xlsx").write_bytes(fresh + b"reviewed")
    (target / "委員A.xlsx").write_bytes(b"A")
    for _ in range(2):
        run_study(study, tmp_path, target)
    assert (target / "review.xlsx").read_bytes() == fresh
    assert (target / "review-記入済み1.xlsx").read_bytes() == fresh + b"reviewed"
    assert (target / "委員A.xlsx").read_bytes() == b"A"
    assert len(list(target.glob("*.xlsx"))) == 3


def test_what_people_put_into_a_run_folder_survives_the_next_run(study, tmp_path):
    target = run_study(study, tmp_path, tmp_path / "run")
    (target / "メモ.txt").write_text("委員会で説明する", "utf-8")
    (target / "資料").mkdir()
    (target / "資料" / "図.txt").write_text("x", "utf-8")
    (target / "tables" / "集計.xlsx").write_bytes(b"mine")
    report = (target / "report.html").read_text("utf-8")
    (target / "report.html").write_text(report + "<!-- 書き込み -->", "utf-8")
    own = (target / "study.toml").read_text("utf-8") + "# 直した\n"
    (target / "study.toml").write_text(own, "utf-8")
    for _ in range(2):
        run_study(study, tmp_path, target)
    assert (target / "メモ.txt").read_text("utf-8") == "委員会で説明する"
    assert (target / "資料" / "図.txt").is_file()
    assert (target / "study-変更済み1.toml").read_text("utf-8") == own
    assert "直した" not in (target / "study.toml").read_text("utf-8")
    assert (target / "tables" / "集計.xlsx").read_bytes() == b"mine"
    assert (target / "report.html").read_text("utf-8") == report
    assert "書き込み" in (target / "report-変更済み1.html").read_text("utf-8")


def test_an_interrupt_while_folders_are_swapped_leaves_the_older_run(study, tmp_path, monkeypatch):
    target = run_study(study, tmp_path, tmp_path / "run")
    rename, calls = Path.rename, []

    def interrupted(self, other):
        calls.append(self)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return rename(self, other)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_study(study, tmp_path, target)
    assert (target / "manifest.json").is_file()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".kadai")] == []


def test_the_folder_of_another_study_is_not_overwritten(study, tmp_path):
    target = run_study(study, tmp_path, tmp_path / "run")
    with pytest.raises(UsageError, match="別の調査「試し」"):
        run_study(study.model_copy(update={"title": "べつ"}), tmp_path, target)


def test_a_run_from_inside_a_run_folder_stands_beside_it(study, tmp_path, monkeypatch):
    target = run_study(study, tmp_path, tmp_path / "outputs" / "one")
    monkeypatch.chdir(target)
    assert new_run_folder(None, "二", "0" * 10) == tmp_path / "outputs" / "二-00000000"


def test_the_study_in_a_run_folder_can_be_run_from_there(study, tmp_path):
    target = run_study(study, tmp_path, tmp_path / "out" / "run")
    again = load_study(target / "study.toml")
    assert again.sources[0].file == "../../a.csv"
    second = run_study(again, target, tmp_path / "second")
    assert (second / "manifest.json").read_bytes() == (target / "manifest.json").read_bytes()


def test_a_study_file_is_never_overwritten(study, tmp_path):
    path = tmp_path / "deep" / "study.toml"
    path.parent.mkdir()
    write_study(study, tmp_path, path)
    assert load_study(path).sources[0].file == "../a.csv"
    with pytest.raises(UsageError, match="もうあります"):
        write_study(study, tmp_path, path)


def test_a_folder_that_cannot_be_made_is_told(study, tmp_path):
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(InputError, match="書き込めません"):
        run_study(study, tmp_path, Path(tmp_path / "file" / "run"))
