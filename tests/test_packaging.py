"""What ``pip install .`` puts on a machine."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The wheel, unpacked where a package manager would put it."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index",
         "--wheel-dir", str(folder), str(ROOT)],
        check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = folder.glob("kadai_pipeline-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_dictionaries_templates_and_the_command_are_inside_the_wheel(installed):
    for name in (
        "pipeline/dictionaries/user.csv",
        "pipeline/dictionaries/stopwords.txt",
        "pipeline/dictionaries/concepts.toml",
        "pipeline/dictionaries/word_vectors.npz",
        "pipeline/dictionaries/plans/nishitokyo-4.toml",
        "pipeline/dictionaries/plans/nishitokyo-4.rules.toml",
        "pipeline/report/templates/report.html.j2",
        "pipeline/report/templates/style.css",
        "pipeline/py.typed",
    ):
        assert (installed / name).is_file(), name
    (points,) = installed.glob("*.dist-info/entry_points.txt")
    assert "kadai = pipeline.__main__:start" in points.read_text()
    assert not list(installed.rglob("tests"))


def test_an_installed_kadai_makes_the_same_run_as_the_repository(installed, tmp_path, sample_run):
    environment = os.environ | {"PYTHONPATH": str(installed), "PYTHONUTF8": "1"}
    subprocess.run(
        [sys.executable, "-P", "-m", "pipeline", "run", str(ROOT / "inputs" / "sample"),
         "--output", "run"],
        check=True, capture_output=True, cwd=tmp_path, env=environment,
    )  # fmt: skip
    for name in ("manifest.json", "report.html", "review.xlsx"):
        assert (tmp_path / "run" / name).read_bytes() == (sample_run / name).read_bytes()
