"""Where papers are put: whole or not at all, and never over what a person wrote."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import docx
import openpyxl
import pytest
from click.testing import CliRunner

from pipeline.analysis import run_study
from pipeline.cli import cli, main
from pipeline.errors import InputError, UsageError
from pipeline.papers import FOLDER, write_papers
from pipeline.papers.listing import FILE as LISTING
from pipeline.papers.response import FILE as RESPONSE
from pipeline.papers.saving import save_papers
from pipeline.papers.seal import PLACEHOLDER, is_untouched, seal
from pipeline.papers.sheet import FILE as SHEET
from pipeline.study import Source, Study
from pipeline.verify import verify


def paper(text: str) -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    document.core_properties.identifier = PLACEHOLDER
    made = io.BytesIO()
    document.save(made)
    return seal(made.getvalue())


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("inputs")
    comments = "番号,ご意見\n1,道が暗いので街灯を増やしてください\n2,相談の窓口が分かりません\n3,特になし\n"
    (folder / "a.csv").write_text(comments, "utf-8")
    return folder


@pytest.fixture(scope="module")
def study():
    source = Source(file="a.csv", kind="public_comment", text=("ご意見",))
    return Study(title="試し", sources=(source,))


@pytest.fixture(scope="module")
def made_once(study, inputs):
    return run_study(study, inputs, inputs / "made")


@pytest.fixture
def run(made_once):
    """A copy, beside the one that was made, so that its inputs are found again."""
    target = made_once.with_name("run")
    shutil.rmtree(target, ignore_errors=True)
    return Path(shutil.copytree(made_once, target))


def names(folder: Path) -> list[str]:
    return sorted(own.name for own in folder.iterdir())


def test_a_sealed_file_knows_that_nobody_changed_it():
    made = paper("一つ")
    assert is_untouched(made)
    assert seal(made.replace(b"x", b"x")) == made
    assert not is_untouched(b"")
    assert not is_untouched(made[:-30])


def test_a_file_that_was_saved_again_is_a_persons():
    document = docx.Document(io.BytesIO(paper("一つ")))
    document.add_paragraph("書き込み")
    made = io.BytesIO()
    document.save(made)
    assert not is_untouched(made.getvalue())


def test_a_paper_of_an_older_run_is_replaced(tmp_path):
    save_papers({SHEET: paper("前")}, tmp_path)
    saved = save_papers({SHEET: paper("後")}, tmp_path)
    assert saved == ((tmp_path / SHEET,), ())
    assert (tmp_path / SHEET).read_bytes() == paper("後")
    assert names(tmp_path) == [SHEET]


def test_what_a_person_wrote_stays_and_the_new_paper_stands_beside_it(tmp_path):
    (tmp_path / SHEET).write_bytes(b"a person's")
    for text in ("一つ", "二つ"):
        saved = save_papers({SHEET: paper(text)}, tmp_path)
        assert saved.paths == (tmp_path / "課題整理シート-新しい版1.docx",)
        assert saved.kept == (tmp_path / SHEET,)
        assert saved.paths[0].read_bytes() == paper(text)
    assert (tmp_path / SHEET).read_bytes() == b"a person's"
    assert len(names(tmp_path)) == 2


def test_a_failure_takes_everything_back(tmp_path, monkeypatch):
    save_papers({SHEET: paper("前")}, tmp_path)
    replace = Path.replace

    def locked(self, target):
        if Path(target).name == LISTING:
            raise PermissionError(13, "used by another process", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", locked)
    with pytest.raises(InputError, match="書き込めません") as caught:
        save_papers({SHEET: paper("後"), RESPONSE: paper("後"), LISTING: paper("後")}, tmp_path)
    assert LISTING in str(caught.value)
    assert "Word" in str(caught.value)
    assert names(tmp_path) == [SHEET]
    assert (tmp_path / SHEET).read_bytes() == paper("前")


def test_a_failure_leaves_no_new_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "write_bytes", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(InputError):
        save_papers({SHEET: b"x"}, tmp_path / "new" / "deep")
    assert names(tmp_path) == []


def test_a_file_is_no_folder_for_papers(tmp_path):
    (tmp_path / "x").write_text("x", "utf-8")
    with pytest.raises(UsageError, match="ファイルです"):
        save_papers({SHEET: b"x"}, tmp_path / "x")


def test_the_command_prints_the_papers_and_nothing_else(run):
    result = CliRunner().invoke(cli, ["papers", str(run)])
    assert result.exit_code == 0
    papers = [str(run / FOLDER / name) for name in (SHEET, RESPONSE, LISTING)]
    assert result.stdout.splitlines() == papers
    assert result.stderr == ""
    assert names(run / FOLDER) == sorted((SHEET, RESPONSE, LISTING))


def test_papers_go_where_they_are_wanted_and_say_what_was_kept(run, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / LISTING).write_bytes(b"a person's")
    (tmp_path / "out" / "other.txt").write_text("x", "utf-8")
    result = CliRunner().invoke(
        cli, ["papers", str(run / "report.html"), "--output", str(tmp_path / "out")]
    )
    assert result.exit_code == 0
    assert "そのまま残しました" in result.stderr
    assert "基本目標別一覧-新しい版1.xlsx" in result.stdout
    assert (tmp_path / "out" / LISTING).read_bytes() == b"a person's"
    assert not (run / FOLDER).exists()


def test_a_folder_that_is_no_run_ends_with_3(tmp_path, capsys):
    assert main(["papers", str(tmp_path)]) == 3
    assert "kadai run が作ったフォルダー" in capsys.readouterr().err
    assert names(tmp_path) == []


def test_a_damaged_table_ends_with_3(run, capsys):
    (run / "tables" / "issues.parquet").write_bytes(b"x")
    assert main(["papers", str(run)]) == 3
    assert "issues.parquet" in capsys.readouterr().err


def test_a_run_of_an_earlier_version_has_papers_too(run):
    import pyarrow.parquet as pq

    path = run / "tables" / "opinions.parquet"
    later = {"response", "addressed_id"}
    table = pq.read_table(path)
    pq.write_table(table.drop_columns([own for own in table.column_names if own in later]), path)
    for name in ("actions", "treatments"):
        (run / "tables" / f"{name}.parquet").unlink(missing_ok=True)
    made = write_papers(run)
    book = openpyxl.load_workbook(made.saved.paths[-1])
    assert "対応案" not in [cell.value for cell in book.worksheets[1][1]]


def test_papers_do_not_disturb_verification_and_outlive_a_new_run(study, run, inputs):
    write_papers(run)
    sheet = run / FOLDER / SHEET
    document = docx.Document(str(sheet))
    document.add_paragraph("委員会のメモ")
    document.save(str(sheet))
    written = sheet.read_bytes()
    verify(run)
    again = run_study(study, inputs, run)
    assert (again / FOLDER / SHEET).read_bytes() == written
    assert len(write_papers(run).saved.kept) == 1
    assert sheet.read_bytes() == written


def test_the_sample_has_all_three_papers_and_they_are_the_same_twice(sample_run, tmp_path):
    one = write_papers(sample_run, tmp_path / "one").saved.paths
    two = write_papers(sample_run, tmp_path / "two").saved.paths
    assert [own.name for own in one] == [SHEET, RESPONSE, LISTING]
    assert [own.read_bytes() for own in one] == [own.read_bytes() for own in two]
    assert write_papers(sample_run, tmp_path / "one").saved.paths == one
