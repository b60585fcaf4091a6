"""What strangers write stays text: no formula, no code, no way out of a folder."""

from __future__ import annotations

import ast
import contextlib
import importlib
import os
import pkgutil
import re
import signal
import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

import pipeline
from pipeline import resources, user_dictionary
from pipeline.csvfile import read_bytes
from pipeline.decision_log import as_rows
from pipeline.decisions import Decision
from pipeline.documents import read
from pipeline.errors import InputError, UsageError
from pipeline.formulas import guard_formula, unguard_formula
from pipeline.plainfile import check_plain, is_device_name, is_link
from pipeline.privatefolder import private_folder, remove_left
from pipeline.review_import.reading import read_workbook
from pipeline.runfolder import _file_name, new_run_folder, write_study
from pipeline.study import Source, Study, load_study, parse_study, places_apart
from pipeline.tomlfile import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE: Final = Path(pipeline.__file__).parent
posix = pytest.mark.skipif(os.name == "nt", reason="rights and pipes of POSIX")

# Formulas


@given(st.text())
def test_a_guarded_cell_begins_no_formula_and_comes_back(text: str) -> None:
    guarded = guard_formula(text)
    assert not guarded.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    assert unguard_formula(guarded) == text


@pytest.mark.parametrize("text", ["=1+1", "'=1+1", "''-x", "＝cmd", "\t=1", "-5度", "@SUM(1)"])
def test_what_excel_would_run_gets_an_apostrophe(text: str) -> None:
    assert guard_formula(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "道が暗い", "'安心' なまち", " =1", "1+1", "・=1"])
def test_any_other_cell_stays_as_it_is(text: str) -> None:
    assert guard_formula(text) == text


def test_the_record_of_decisions_runs_nothing_in_excel() -> None:
    decision = Decision(*["=cmd|' /C calc'!A0"] * len(Decision._fields))
    assert not re.search(r'(?:^|,)"?[=+\-@]', as_rows([decision]))


# The program


FORBIDDEN: Final = {
    "pickle", "cPickle", "dill", "joblib", "marshal", "shelve", "subprocess", "socket", "ssl",
    "urllib.request", "http", "ftplib", "smtplib", "telnetlib", "requests", "httpx", "aiohttp",
    "ctypes", "code", "pty", "webbrowser",
}  # fmt: skip
OWN_BYTES: Final = {("engine/worker.py", "pickle")}
"""Bytes that this very process made a moment ago: whether an error can travel to another."""
CALLS: Final = {"eval", "exec", "compile", "__import__", "breakpoint", "input"}
METHODS: Final = {"system", "popen", "startfile", "execv", "spawnl", "read_pickle", "to_pickle"}


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield str(path.relative_to(PACKAGE)), ast.parse(path.read_text("utf-8"))


def test_nothing_in_the_package_runs_text_or_talks_to_a_network() -> None:
    found = []
    for name, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                named = {one.name for one in node.names}
            elif isinstance(node, ast.ImportFrom):
                named = {node.module or "", *(f"{node.module}.{one.name}" for one in node.names)}
            else:
                named = set()
            named = {own for own in named if (name, own) not in OWN_BYTES}
            if any(own == bad or own.startswith(f"{bad}.") for own in named for bad in FORBIDDEN):
                found.append((name, node.lineno, sorted(named)))
            if isinstance(node, ast.Call):
                called = node.func
                if isinstance(called, ast.Name) and called.id in CALLS:
                    found.append((name, node.lineno, called.id))
                if isinstance(called, ast.Attribute) and called.attr in METHODS:
                    found.append((name, node.lineno, called.attr))
    assert not found


def test_arrays_are_read_without_pickles() -> None:
    loads = [
        (name, node)
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"np.load", "numpy.load"}
    ]
    assert loads
    for name, node in loads:
        assert any(
            own.arg == "allow_pickle" and ast.unparse(own.value) == "False" for own in node.keywords
        ), name


def test_every_cell_of_a_workbook_is_written_as_text_or_number() -> None:
    """``Worksheet.write`` makes formulas and links of what looks like them."""
    found = [
        (name, node.lineno)
        for name, tree in trees()
        if "xlsxwriter" in (PACKAGE / name).read_text("utf-8")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"write", "write_row", "write_column", "write_formula"}
        and ast.unparse(node.func.value) in {"sheet", "worksheet", "self.sheet", "self._sheet"}
    ]
    assert not found


# Regular expressions


LETTERS: Final = (
    "0", "９", "あ", "ア", "ー", "漢", "a", "A", "(", "（", "「", "」", "[", " ", "　", "\n", "-", "・", "、", "。",
    "=", '"', "'", "<", "@", ".", "/", "_", "さん", "0-", "1、", "あ い", "a.", "a@", "<!---->", "ご自身",
)  # fmt: skip
LONG: Final = 20_000
SHORT: Final = 1_500
MOST_SECONDS: Final = 1.0


def patterns() -> dict[str, re.Pattern[Any]]:
    """Compiled patterns of all modules, those inside tuples and dictionaries, too."""
    found: dict[str, re.Pattern[Any]] = {}

    def collect(name: str, value: object, depth: int = 0) -> None:
        if isinstance(value, re.Pattern):
            found.setdefault(f"{name} {value.pattern!r}", value)
        elif depth < 3 and isinstance(value, list | tuple | set | frozenset):
            for one in value:
                collect(name, one, depth + 1)
        elif depth < 3 and isinstance(value, dict):
            for one in value.values():
                collect(name, one, depth + 1)

    for module in pkgutil.walk_packages(pipeline.__path__, "pipeline."):
        if not module.name.endswith("__main__"):
            for name, value in vars(importlib.import_module(module.name)).items():
                collect(f"{module.name}.{name}", value)
    return found


@contextlib.contextmanager
def at_most(seconds: float) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no alarm here")
def test_no_pattern_explodes_on_letters_that_come_again_and_again() -> None:
    """At one place in linear time; at all places of a text no worse than its square."""
    slow = []
    for name, pattern in patterns().items():
        own = re.findall(r"[^\W\d_]{2,4}", str(pattern.pattern))[:4]
        for letters in (*LETTERS, *own):
            many: Any = (letters * LONG)[:LONG] + "\x00"
            few: Any = (letters * SHORT)[:SHORT] + "\x00"
            if isinstance(pattern.pattern, bytes):
                many, few = many.encode(), few.encode()
            began = time.process_time()
            try:
                with at_most(20 * MOST_SECONDS):
                    pattern.match(many)
                    pattern.fullmatch(many)
                    for _ in pattern.finditer(few):
                        pass
            except TimeoutError:
                slow.append((name[:150], letters))
                break
            if time.process_time() - began > MOST_SECONDS:
                slow.append((name[:150], letters))
                break
    assert not slow


# Files that are named


@posix
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    for name in ("a.csv", "study.toml", "decisions.csv", "review.xlsx"):
        os.mkfifo(tmp_path / name)
    for reader in (
        lambda: read(tmp_path / "a.csv"),
        lambda: load_study(tmp_path / "study.toml"),
        lambda: read_toml(tmp_path / "study.toml", "計画ファイル"),
        lambda: read_bytes(tmp_path / "decisions.csv", "判断の記録"),
        lambda: read_workbook(tmp_path / "review.xlsx"),
    ):
        with pytest.raises(InputError, match="ふつうのファイルではない"):
            reader()


@posix
def test_a_device_or_a_link_to_something_else_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "shadow"
    secret.write_text("root:x", "utf-8")
    for name, target in (("zero.csv", "/dev/zero"), ("secret.csv", secret)):
        (tmp_path / name).symlink_to(target)
        with pytest.raises(InputError, match="ふつうのファイルではない"):
            read(tmp_path / name)
    (tmp_path / "ring.csv").symlink_to(tmp_path / "ring.csv")
    with pytest.raises(InputError):
        read(tmp_path / "ring.csv")


@pytest.mark.parametrize("name", ["CON", "con.csv", "aux.txt", "NUL .csv", "COM1.xlsx", "lpt9"])
def test_names_that_are_devices_of_windows_are_known(name: str) -> None:
    assert is_device_name(name)
    with pytest.raises(InputError, match="装置"):
        check_plain(Path(name), windows=True)


def test_an_ordinary_name_is_no_device() -> None:
    assert not any(map(is_device_name, ["console.csv", "回答.csv", "com.csv", "auxiliary.txt"]))


def test_a_text_without_end_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(1 << 40)  # takes no room on the disk
    with pytest.raises(InputError, match="大きすぎます"):
        read(path)
    path.unlink()  # unless somebody copies it


def test_a_name_with_a_nul_is_refused() -> None:
    for values in ({"file": "a\0.csv", "kind": "survey"}, {"file": "", "kind": "survey"}):
        with pytest.raises(InputError):
            parse_study({"title": "t", "sources": [values]}, "study.toml")


@posix
def test_what_a_study_takes_from_elsewhere_is_known(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    (folder / "sub").mkdir(parents=True)
    for path in (tmp_path / "out.csv", folder / "in.csv", folder / "sub" / "in.csv"):
        path.write_text("x", "utf-8")
    (folder / "link.csv").symlink_to(tmp_path / "out.csv")
    names = ("in.csv", "sub/in.csv", "../out.csv", "link.csv")
    sources = tuple(
        Source(id=f"S{number}", file=name, kind="survey") for number, name in enumerate(names)
    )
    apart = places_apart(Study(title="t", sources=sources), folder)
    assert [source.file for source, _ in apart] == ["../out.csv", "link.csv"]


# Folders that are written to


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("../../etc/passwd", "etc_passwd"), ("CON", "_CON"), ("aux.txt", "_aux.txt"),
        ("C:\\Windows", "C_Windows"), ("...", "study"), ("\u202e令和\u2066", "令和"),
        ("a\ud800b\x00c\u200bd", "a_b_c_d"), ("x" * 99, "x" * 40), ("調査 . ", "調査"),
    ],
)  # fmt: skip
def test_a_title_makes_a_harmless_name_of_a_folder(title: str, name: str) -> None:
    assert _file_name(title) == name


@given(st.text())
def test_no_title_leaves_its_folder(title: str) -> None:
    name = _file_name(title)
    assert name
    assert Path(name).name == name
    assert not name.startswith(".")
    assert name.encode()


@posix
def test_a_run_is_not_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="リンク"):
        new_run_folder(tmp_path / "run", "t", "0" * 10)
    (tmp_path / "study.toml").symlink_to(tmp_path / "planted.toml")
    study = Study(title="t", sources=(Source(file="a.csv", kind="survey"),))
    with pytest.raises(UsageError, match="もうあります"):
        write_study(study, tmp_path, tmp_path / "study.toml")
    assert not (tmp_path / "planted.toml").exists()


def test_a_private_folder_is_gone_afterwards_and_closed_to_others(tmp_path: Path) -> None:
    def stopped() -> None:
        with private_folder(tmp_path) as folder:
            (folder / "answers.csv").write_text("x", "utf-8")
            if os.name != "nt":
                assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_is_removed_and_what_lives_is_not(tmp_path: Path) -> None:
    left, living, unknown = (tmp_path / f".kadai-{name}" for name in ("left", "living", "unknown"))
    for folder in (left, living, unknown):
        folder.mkdir()
        (folder / "answers.csv").write_text("x", "utf-8")
    (left / "lock").touch()
    with FileLock(living / "lock"):
        remove_left(tmp_path)
        assert sorted(tmp_path.iterdir()) == sorted([living, unknown])


@posix
def test_a_link_among_what_was_left_is_not_followed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "lock").touch()
    (tmp_path / ".kadai-x").symlink_to(home)
    remove_left(tmp_path)
    assert (home / "lock").exists()


# The cache


@posix
def test_a_dictionary_that_was_planted_is_not_opened(tmp_path: Path, monkeypatch) -> None:
    theirs, own = tmp_path / "theirs", tmp_path / "own"
    theirs.mkdir()
    (tmp_path / "link").symlink_to(theirs)
    monkeypatch.setattr(user_dictionary, "cache_folders", lambda: (tmp_path / "link", own))
    built = user_dictionary.built_dictionary(resources.dictionaries_folder() / "user.csv")
    assert built is not None
    assert built.parent == own
    assert list(theirs.iterdir()) == []
    good = built.read_bytes()
    built.unlink()
    (theirs / "planted.dic").write_bytes(b"planted")
    built.symlink_to(theirs / "planted.dic")
    again = user_dictionary.built_dictionary(resources.dictionaries_folder() / "user.csv")
    assert again == built
    assert not is_link(built)
    assert len(good) == len(built.read_bytes())
    assert (theirs / "planted.dic").read_bytes() == b"planted"


@posix
def test_others_may_not_write_into_the_cache(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    folder.mkdir()
    folder.chmod(0o777)
    resources.make_own_folder(folder)
    assert not stat.S_IMODE(folder.stat().st_mode) & 0o022
    if os.getuid() == 0:
        os.chown(folder, 12_345, 12_345)
        with pytest.raises(PermissionError):
            resources.make_own_folder(folder)
