"""Every command that README.md and GUIDE.md show is typed as they show it, and works.

An example that names a new file needs that file on the desk: ``tests/examples_fixture.py``.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import shlex
import shutil
from pathlib import Path

import click
import pytest

import pipeline
from pipeline.cli import main
from pipeline.resources import dictionaries_folder
from tests.examples_fixture import RUN, lay_out
from tests.test_readme import called, code_blocks, command_lines, commands, inline_code, read

DOCUMENTS = ("README.md", "GUIDE.md")

# Of the calls of `kadai run`, these are carried out whole. What the others ask for is read and
# checked as ever; then a finished run is copied. What options do to a run is asked elsewhere.
WHOLE = {
    "run 市民アンケート.xlsx 東町懇談会.docx パブコメ.csv",
    "run 調査.toml --previous outputs\\前回",
}

TROUBLE = re.compile("エラー|予期しない|Traceback|Warning")


def is_example(call: str) -> bool:
    """Whether a call in a sentence is meant to be typed; a command's bare name is not.

    Where what a command cannot do without is missing, the sentence speaks of the command.
    """
    _, command, words = called(call)
    if not words or command is None or isinstance(command, click.Group):
        return bool(words)
    context = command.make_context("kadai", [*words], resilient_parsing=True)
    needed = [one.name for one in command.params if one.required]
    return "--help" in words or all(context.params.get(name) for name in needed)


def examples() -> list[str]:
    """Calls of all blocks, and those of tables and sentences that are meant to be typed."""
    found = []
    for name in DOCUMENTS:
        text = read(name)
        blocks = "\n".join(f"```sh\n{one}```" for one in code_blocks(text, "sh", "powershell"))
        found += command_lines(blocks)
        spoken = "\n".join(f"`{one}`" for one in inline_code(text))
        found += [call for call in command_lines(spoken) if is_example(call)]
    return list(dict.fromkeys(found))


@pytest.mark.parametrize(
    ("call", "meant"),
    [
        ("run 調査.toml --no-raw", True),
        ("run", False),
        ("run --help", True),
        ("--help", True),
        ("review import", False),
        ("review", False),
        ("check --strict", False),
        ("sql", False),
        ("explain outputs\\結果のフォルダー I012", True),
    ],
)
def test_a_call_is_an_example_where_nothing_is_missing(call, meant):
    assert is_example(call) == meant


def test_every_command_is_shown_by_an_example_that_is_typed_here():
    assert {called(call)[0] for call in examples()} >= set(commands())


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    lay_out(folder)
    return folder


@pytest.fixture
def at_the_desk(desk, tmp_path, monkeypatch):
    """The current folder is a desk that the example may change."""
    here = tmp_path / "kadai"
    shutil.copytree(desk, here)
    monkeypatch.chdir(here)
    return here


def copy_a_run(study, folder, output, **_):
    """Stand in for ``run_study``."""
    assert all((folder / source.file).is_file() for source in study.sources)
    return shutil.copytree(Path("outputs") / RUN, output or Path("outputs") / "new")


def use_a_copy_of_the_dictionaries(monkeypatch, folder):
    """What an example writes into the dictionaries is written there."""
    copy = shutil.copytree(dictionaries_folder(), folder)
    found = pkgutil.walk_packages(pipeline.__path__, "pipeline.")
    # All are imported before any is changed: what is imported later would keep the change.
    for module in [importlib.import_module(one.name) for one in found]:
        if hasattr(module, "dictionaries_folder"):
            monkeypatch.setattr(module, "dictionaries_folder", lambda: copy)


@pytest.mark.parametrize("call", examples())
def test_what_the_documents_show_works(call, at_the_desk, tmp_path, monkeypatch, capsys):
    shipped = {path: path.read_bytes() for path in dictionaries_folder().glob("*.csv")}
    words = shlex.split(call.replace("\\", "/"))
    if "--output" in words:  # what the command makes is not there yet
        (at_the_desk / words[words.index("--output") + 1]).unlink(missing_ok=True)
    if words[0] == "run" and call not in WHOLE:
        monkeypatch.setattr("pipeline.running.run_study", copy_a_run)
    if "--write" in words:
        use_a_copy_of_the_dictionaries(monkeypatch, tmp_path / "dictionaries")
    assert main(words) == 0, capsys.readouterr().err
    assert not TROUBLE.search(capsys.readouterr().err)
    after = {path: path.read_bytes() for path in dictionaries_folder().glob("*.csv")}
    assert after == shipped


def test_runs_that_are_carried_out_whole_are_examples():
    assert set(examples()) >= WHOLE
