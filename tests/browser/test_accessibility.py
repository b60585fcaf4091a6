"""WCAG 2.2 AA and good practice as axe-core tests them, and what it does not: keys and order."""

from __future__ import annotations

import pytest

pytest.importorskip("axe_playwright_python", reason="make test が入れます")

from axe_playwright_python.base import AXE_SCRIPT

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
"""Rules that ask for colours. On the whole of a long page they take a quarter of a minute."""
FOLDED = ["target-size", "scrollable-region-focusable"]
"""Rules whose answer may be another one while things are folded."""
SMALLER = ("sabae", "hostile", "followed", "waves")
"""The large report has no kind of element that the hostile one lacks, the sample none of the next."""


def _violations(page, options):
    """Rule, place and markup of what axe-core objects to."""
    return page.evaluate(
        """async (options) => {
            const { violations } = await axe.run(document, options);
            return violations.flatMap((rule) => rule.nodes.map(
                (node) => `${rule.id}: ${node.target} ${node.html.slice(0, 120)}`
            ));
        }""",
        options | {"resultTypes": ["violations"]},
    )


@pytest.mark.parametrize("name", SMALLER)
def test_axe_finds_nothing_in_a_report_folded_or_open(visit, report_file, name):
    opened = visit(report_file(name))
    opened.page.evaluate(AXE_SCRIPT)
    opened.ask("shorten")
    crowded = _violations(opened.page, {"runOnly": {"type": "rule", "values": FOLDED}})
    opened.ask("unfold", True)
    options = {"runOnly": LEVELS, "rules": {rule: {"enabled": False} for rule in COLOURS}}
    assert crowded + _violations(opened.page, options) == []


def test_axe_finds_every_contrast_enough_in_light_and_dark_folded_or_open(visit, report):
    opened = visit(report)
    opened.page.evaluate(AXE_SCRIPT)
    opened.ask("thin")
    found = {}
    for scheme in ("light", "dark"):
        opened.page.emulate_media(color_scheme=scheme)
        for is_open in (False, True):
            opened.ask("unfold", is_open)
            found[scheme, is_open] = _violations(
                opened.page, {"runOnly": {"type": "rule", "values": COLOURS}}
            )
    assert found == {key: [] for key in found}


def test_headings_tables_references_and_pictures_are_in_order(visit, report):
    assert visit(report).ask("structure") == []


@pytest.mark.parametrize(("name", "width"), [("sample", 1280), ("hostile", 320)])
def test_tab_reaches_everything_that_can_be_used_and_shows_where_it_is(
    visit, report_file, name, width
):
    opened = visit(report_file(name), viewport={"width": width, "height": 800})
    wanted = opened.ask("stops")
    reached, first, faults = {}, None, []
    for _ in range(2 * len(wanted) + 20):
        opened.page.keyboard.press("Tab")
        at = opened.ask("focused")
        if at is None or at["place"] == first:
            break
        first = first or at["place"]
        if not at["marked"]:
            faults.append(f"no mark of focus: {at['place']}")
        if not at["uncovered"]:
            faults.append(f"covered: {at['place']}")
        reached[at["stop"]] = at["place"]
    else:
        faults.append(f"a trap: {at['place']}")
    missed = [place for number, place in enumerate(wanted) if str(number) not in reached]
    assert (missed, faults) == ([], [])


def test_the_first_tab_offers_the_way_past_the_contents(visit, report_file):
    page = visit(report_file("sample")).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_what_is_folded_opens_and_closes_by_key(visit, report_file):
    page = visit(report_file("sample")).page
    page.evaluate("document.querySelector('main details > summary').focus()")
    for key, is_open in (("Enter", True), ("Space", False)):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.parentElement.open") == is_open
