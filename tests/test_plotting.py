"""Plots find a Japanese font, or say in Japanese what to install."""

from __future__ import annotations

import sys

import matplotlib as mpl
import pytest
from matplotlib.font_manager import FontManager

import pipeline
from pipeline import plotting
from pipeline.errors import UsageError


@pytest.mark.parametrize(
    ("families", "chosen"),
    [
        (["DejaVu Sans", "Meiryo", "Yu Gothic"], "Yu Gothic"),
        (["Hiragino Sans", "Arial"], "Hiragino Sans"),
        (["Noto Sans CJK JP", "IPAexGothic"], "Noto Sans CJK JP"),
        (["Arial"], ""),
    ],
)
def test_the_font_that_reads_best_is_chosen_whatever_the_order(families, chosen):
    assert plotting.choose_font(families) == chosen
    assert plotting.choose_font(reversed(families)) == chosen


def test_a_font_that_is_there_is_set_and_named(monkeypatch):
    monkeypatch.setattr(plotting, "_find", lambda _: "Meiryo")
    with mpl.rc_context():
        assert pipeline.japanese_font() == "図の文字: Meiryo"
        assert mpl.rcParams["font.family"][0] == "Meiryo"
        assert mpl.rcParams["axes.unicode_minus"] is False


def test_without_a_font_nothing_is_changed_and_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setattr(plotting, "_find", lambda _: "")
    before = mpl.rcParams["font.family"]
    told = pipeline.japanese_font()
    assert mpl.rcParams["font.family"] == before
    assert all(name in told for name in ("Windows", "macOS", "Linux", "Noto Sans CJK JP"))


def test_a_font_that_was_installed_after_the_list_was_made_is_found(monkeypatch):
    manager = FontManager.__new__(FontManager)
    manager.ttflist = []
    found = []
    monkeypatch.setattr(manager, "addfont", found.append, raising=False)
    monkeypatch.setattr(
        "matplotlib.font_manager.findSystemFonts", lambda: ["b.ttf", "a.ttf"], raising=True
    )
    assert plotting._find(manager) == ""
    assert found == ["a.ttf", "b.ttf"]


def test_without_matplotlib_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(UsageError, match="図を描く部品") as caught:
        pipeline.japanese_font()
    assert "matplotlib" in caught.value.remedy
