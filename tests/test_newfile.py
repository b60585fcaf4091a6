"""New files: whole or not at all, and never over one that is there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from pipeline.errors import InputError, UsageError
from pipeline.newfile import check_new, check_outside, save_new

if TYPE_CHECKING:
    from pathlib import Path


def test_a_new_file_holds_all_of_its_content_and_stands_alone(tmp_path: Path) -> None:
    save_new(tmp_path / "変化.html", b"all")
    assert {own.name: own.read_bytes() for own in tmp_path.iterdir()} == {"変化.html": b"all"}
    (tmp_path / "plain").touch()
    assert (tmp_path / "変化.html").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_file_that_appeared_meanwhile_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"theirs")
    with pytest.raises(UsageError, match="上書きしません"):
        save_new(tmp_path / "a.html", b"ours")
    assert [own.read_bytes() for own in tmp_path.iterdir()] == [b"theirs"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, step, full)
        with pytest.raises(InputError, match="書き込めません"):
            save_new(tmp_path / "a.html", b"x" * 5000)
    assert list(tmp_path.iterdir()) == []
    save_new(tmp_path / "a.html", b"again")


def test_a_missing_folder_is_told_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="フォルダーがありません"):
        check_new(tmp_path / "無い" / "a.html", (".html",))


def test_what_is_confidential_goes_into_no_run_folder(tmp_path: Path) -> None:
    for name in ("run", "other"):
        (tmp_path / name / "tables").mkdir(parents=True)
        (tmp_path / name / "manifest.json").write_text("{}", "utf-8")
        for inside in (tmp_path / name / "a.xlsx", tmp_path / name / "tables" / "a.xlsx"):
            with pytest.raises(UsageError, match="結果のフォルダーの中"):
                check_outside(inside, tmp_path / "run", "一覧")
    check_outside(tmp_path / "a.xlsx", tmp_path / "run", "一覧")
