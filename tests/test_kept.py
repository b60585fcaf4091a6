"""What is kept of dictionaries: found again whole, or not at all."""

from __future__ import annotations

import os

import pytest

from pipeline import kept
from pipeline.kept import MOST_KEPT, keep, kept_path, read_kept
from tests.test_goals_mapper import _flipped


@pytest.fixture(autouse=True)
def _own_place(tmp_path, monkeypatch):
    monkeypatch.setenv("KADAI_CACHE", str(tmp_path))


def test_what_was_kept_is_read_again_to_the_byte():
    path = kept_path("things", ["一", b"\x00\xff"])
    assert read_kept(path) is None
    keep(path, b"1\n2\n")
    assert read_kept(path) == b"1\n2\n"


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda whole: whole[:-1],
        lambda whole: whole + b" ",
        lambda whole: whole.partition(b"\n")[2],
        _flipped,
    ],
)
def test_what_was_damaged_counts_as_missing(damage):
    path = kept_path("things", ["一"])
    keep(path, b"x" * 300)
    path.write_bytes(damage(path.read_bytes()))
    assert read_kept(path) is None


def test_whatever_it_is_made_of_changes_its_name():
    first = kept_path("things", ["一", "二"])
    assert kept_path("things", ["一", "二"]) == first
    others = [kept_path("things", own) for own in (["一"], ["一二"], ["二", "一"], [])]
    assert len({first, *others}) == 5


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no links here")
def test_a_link_in_the_place_of_a_kept_file_is_not_read(tmp_path):
    path = kept_path("things", ["一"])
    keep(path, b"1")
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert read_kept(path) is None


def test_the_oldest_of_many_kept_files_are_removed():
    paths = [kept_path("things", [str(number)]) for number in range(MOST_KEPT + 3)]
    for number, path in enumerate(paths):
        keep(path, b"1")
        os.utime(path, (number, number))
    keep(paths[-1], b"2")
    assert {own for own in paths if own.exists()} == set(paths[3:])


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path):
    (tmp_path / "things").write_text("", "utf-8")
    keep(kept_path("things", ["一"]), b"1")
    assert read_kept(kept_path("things", ["一"])) is None


def test_another_program_finds_nothing(monkeypatch):
    first = kept_path("things", ["一"])
    monkeypatch.setattr(kept, "version", lambda name: f"99 of {name}")
    assert kept_path("things", ["一"]) != first
