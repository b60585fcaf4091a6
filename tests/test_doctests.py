"""Examples in docstrings give what they say, and every public name has one."""

from __future__ import annotations

import doctest
import functools
import importlib
import inspect
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import pipeline

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(pipeline.__file__).parent
README = PACKAGE.parent / "README.en.md"
OPTIONS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def _modules() -> list[str]:
    """Modules with an example in them, told without importing any."""
    paths = sorted(path for path in PACKAGE.rglob("*.py") if ">>> " in path.read_text("utf-8"))
    parts = [path.relative_to(PACKAGE.parent).with_suffix("").parts for path in paths]
    names = [".".join(own[:-1] if own[-1] == "__init__" else own) for own in parts]
    return [name for name in names if name != "pipeline.api"]  # its examples need a run


def _public() -> Iterator[tuple[str, object]]:
    """Public names of the package, and what they have in them."""
    for name in sorted(set(pipeline.__all__) - {"__version__"}):
        own = getattr(pipeline, name)
        yield name, own
        if inspect.isclass(own):
            for part, value in vars(own).items():
                if not part.startswith("_") and _is_documented(value):
                    yield f"{name}.{part}", value


def _is_documented(value: object) -> bool:
    return inspect.isfunction(value) or isinstance(value, property | functools.cached_property)


def _run(text: str, name: str, names: dict[str, object]) -> None:
    examples = doctest.DocTestParser().get_doctest(text, names, name, name, 0)
    told: list[str] = []
    result = doctest.DocTestRunner(optionflags=OPTIONS).run(examples, out=told.append)
    assert not result.failed, "".join(told)


@pytest.fixture(scope="module")
def place(sample_run, tmp_path_factory):
    """Folder as a reader's: two runs below ``outputs``, that of the sample the newest."""
    from pipeline import run

    here = tmp_path_factory.mktemp("reader")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(here)
        (here / "2024.csv").write_text(
            "ご意見\nバスの本数を増やしてほしい。\n公園の遊具が古い。\nごみの分別がわかりにくい。\n",
            "utf-8",
        )
        run("2024.csv", output="outputs/2024", quiet=True)
    shutil.copytree(sample_run, here / "outputs" / "2025", copy_function=shutil.copy)
    shutil.copy(PACKAGE.parent / "notebooks" / "sample_goals.csv", here / "目標.csv")
    return here


def _stand_in(place, patch):
    """Go to the reader's folder, where the run of the sample is the newest, whatever was run."""
    patch.chdir(place)
    (place / "outputs" / "2025" / "manifest.json").touch()


def _once(patch):
    """Every example reads the run anew, as a reader would; its grouping is made again once."""
    from pipeline.inspection import remade

    patch.setattr(remade, "remake", functools.cache(remade.remake))


@pytest.mark.parametrize("name", _modules())
def test_examples_of_a_module_give_what_they_say(name):
    module = importlib.import_module(name)
    finder = doctest.DocTestFinder(exclude_empty=True)
    for own in finder.find(module, name):
        _run(own.docstring or "", own.name, dict(vars(module)))


def test_every_public_name_has_an_example_that_gives_what_it_says(place, monkeypatch):
    _once(monkeypatch)
    found = {name: inspect.getdoc(value) or "" for name, value in _public()}
    assert [name for name, text in found.items() if ">>> " not in text] == []
    for name, text in found.items():
        _stand_in(place, monkeypatch)
        _run(text, name, {})


def test_the_example_of_the_readme_gives_what_it_says(place, monkeypatch):
    _stand_in(place, monkeypatch)
    text = README.read_text("utf-8")
    assert ">>> " in text
    _run(text, README.name, {})
