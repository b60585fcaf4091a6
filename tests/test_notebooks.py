"""Notebooks run from top to bottom on a finished run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.py"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_is_short(path, sample_run, monkeypatch):
    monkeypatch.setenv("KADAI_RUN", str(sample_run))
    text = path.read_text("utf-8")
    assert len(re.findall(r"^# %%", text, re.MULTILINE)) <= 15
    assert not re.search(r"^\s*(def|class) ", text, re.MULTILINE)
    exec(compile(text, path.name, "exec"), {"__name__": "notebook"})
