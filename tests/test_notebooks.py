"""Notebooks are short, use what is public, run from top to bottom, and draw what can be read."""

from __future__ import annotations

import ast
import csv
import json
import re
import warnings

import matplotlib as mpl
import pytest

import pipeline
from tests.conftest import ROOT, SAMPLE
from tests.goals_fixture import EXAMPLES, write_plan

mpl.use("Agg")

FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.py"))
LIBRARIES = {"numpy", "pandas", "matplotlib"}
EDGE = 0.02
"""Inches beyond the edge of a picture that nobody misses."""

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def settings(sample_run, tmp_path_factory):
    """What stands at the top of the notebooks, for a small run with few examples to learn."""
    from pipeline.analysis import run_study
    from pipeline.study import load_study

    folder = tmp_path_factory.mktemp("notebooks")
    plan = write_plan(folder / "plan", EXAMPLES)
    study = load_study(SAMPLE / "study.toml")
    surveys = tuple(own for own in study.sources if own.kind == "survey")
    smaller = study.model_copy(update={"sources": surveys, "plan": str(plan)})
    run = run_study(smaller, SAMPLE, folder / "run")
    labels = folder / "labels.csv"
    rows = [own for own in _sample_goals() if own["goal"] <= "3"]
    with labels.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["text", "goal"])
        writer.writeheader()
        writer.writerows(rows)
    return {
        "RUN": repr(str(run)),
        "LABELS": repr(str(labels)),
        "WANTED": "12",
        "BEFORE": f"load_run({str(sample_run)!r})",
        "NOW": f"load_run({str(run)!r})",
    }


@each
def test_a_notebook_runs_from_top_to_bottom(path, settings, monkeypatch):
    import matplotlib.pyplot as plt

    shown = []
    monkeypatch.chdir(FOLDER)
    monkeypatch.setattr(plt, "show", lambda: shown.extend(_looked_at(plt)))
    text, changed = _with_settings(path.read_text("utf-8"), settings)
    assert changed, "nothing at its top says which run it reads"
    with mpl.rc_context(), warnings.catch_warnings():
        if "図の文字" not in pipeline.japanese_font():
            warnings.filterwarnings("ignore", "Glyph .* missing")
        _run_cells(path, text)
    assert len(shown) >= 2
    assert not [told for told in shown if told]
    assert not plt.get_fignums(), "a figure is drawn and not shown"


@each
def test_a_notebook_is_short_and_defines_nothing(path):
    cells = _notebook(path.read_text("utf-8")).cells
    assert len(cells) <= 15
    assert "庁内で調べるため" in cells[0].source
    tree = ast.parse(path.read_text("utf-8"))
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, DEFINITIONS)]


@each
def test_a_notebook_imports_what_is_public(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            assert {own.name.partition(".")[0] for own in node.names} <= LIBRARIES
        elif isinstance(node, ast.ImportFrom) and node.module.partition(".")[0] not in LIBRARIES:
            assert node.module == "pipeline"
            assert {own.name for own in node.names} <= set(pipeline.__all__)


@each
def test_jupyterlab_opens_a_notebook_and_saves_it_as_it_was(path):
    import jupytext

    text = path.read_text("utf-8")
    made = _notebook(text)
    assert made.metadata["kernelspec"]["name"] == "python3"
    assert jupytext.writes(made, "py:percent") == text


def test_the_labels_of_the_sample_are_about_the_sample(sample_run):
    found = pipeline.load_run(sample_run).agreement(FOLDER / "sample_goals.csv")
    assert found.n_rows == len(_sample_goals())


def test_the_two_waves_that_stand_for_others_are_files_of_the_sample():
    text = (FOLDER / "04_two_waves.py").read_text("utf-8")
    names = re.findall(r'run\("\.\./inputs/sample/([^"]+)"', text)
    assert len(names) == 2
    assert all((SAMPLE / name).is_file() for name in names)


def test_jupyterlab_opens_them_as_notebooks_and_asks_nothing_of_the_internet():
    settings = FOLDER / ".jupyter"
    server = json.loads((settings / "jupyter_lab_config.json").read_text("utf-8"))["LabApp"]
    assert (server["news_url"], server["extension_manager"]) == (None, "readonly")
    overrides = settings / "labconfig" / "default_setting_overrides.json"
    viewers = json.loads(overrides.read_text("utf-8"))["@jupyterlab/docmanager-extension:plugin"]
    assert viewers == {"defaultViewers": {"python": "Jupytext Notebook"}}
    assert "notebooks/.jupyter" in (ROOT / "Makefile").read_text("utf-8")


def _notebook(text):
    import jupytext

    return jupytext.reads(text, "py:percent")


def _with_settings(text, settings):
    changed = 0
    for name, value in settings.items():
        text, n = re.subn(
            rf"^{name} = .*$", lambda _, line=f"{name} = {value}": line, text, flags=re.MULTILINE
        )
        changed += n
    return text, changed


def _run_cells(path, text):
    """As Jupyter does: what stands last in a cell is shown."""
    names = {"__name__": "__main__"}
    for number, cell in enumerate(_notebook(text).cells):
        if cell.cell_type != "code":
            continue
        tree = ast.parse(cell.source)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, f"{path.name} [{number}]", "exec"), names)
        if last is not None:
            shown = eval(
                compile(ast.Expression(last.value), f"{path.name} [{number}]", "eval"), names
            )
            getattr(shown, "_repr_html_", lambda: "")()


def _looked_at(plt):
    """What is wrong with each open figure; all of them are closed."""
    told = []
    for number in plt.get_fignums():
        figure = plt.figure(number)
        figure.canvas.draw()
        told.append(_unlabelled(figure) + _cut(figure))
        plt.close(figure)
    return told


def _unlabelled(figure):
    drawn = [own for own in figure.axes if own.axison and own.get_label() != "<colorbar>"]
    found = [f"no label: {own}" for own in drawn if not (own.get_xlabel() and own.get_ylabel())]
    titled = [own for own in figure.axes if own.get_title()]
    return found if titled else [*found, "no title"]


def _cut(figure):
    """Whether something that is drawn stands partly outside the picture."""
    box, (width, height) = figure.get_tightbbox(), figure.get_size_inches()
    over = max(-box.x0, -box.y0, box.x1 - width, box.y1 - height)
    titles = [own.get_title() for own in figure.axes]
    return [f"{titles} is cut by {over:.2f} inches: {box}"] if over > EDGE else []


def _sample_goals():
    with (FOLDER / "sample_goals.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
