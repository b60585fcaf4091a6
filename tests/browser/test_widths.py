"""From a phone to a wall: the page is never scrolled sideways, and needs no script."""

from __future__ import annotations

import pytest

WIDTHS = (320, 768, 1280, 2560)
VOICES = ".voice, .voices > li"
PARTS = "main > section"


def test_no_width_makes_the_page_scroll_sideways(visit, report):
    opened = visit(report)
    found = {}
    for is_open in (False, True):
        opened.ask("unfold", is_open)
        for width in WIDTHS:
            opened.page.set_viewport_size({"width": width, "height": 900})
            found[width, is_open] = opened.ask("overflowing")
    assert found == {key: [] for key in found}


@pytest.mark.parametrize("name", ["sample", "hostile"])
def test_letters_twice_as_large_stay_on_the_page(visit, report_file, name):
    opened = visit(report_file(name), viewport={"width": 1280, "height": 900})
    opened.ask("unfold", True)
    opened.page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert opened.ask("overflowing") == []


@pytest.mark.parametrize("name", ["sample", "sabae"])
def test_every_part_and_voice_is_there_without_script(visit, report_file, name):
    without = visit(report_file(name), java_script_enabled=False)
    without.ask("unfold", True)
    in_file = without.page.evaluate("which => document.querySelectorAll(which).length", VOICES)
    parts = without.page.evaluate("which => document.querySelectorAll(which).length", PARTS)
    assert without.ask("seen", VOICES) == in_file > 0
    assert without.ask("seen", PARTS) == parts > 0
    assert without.complaints == []
