"""The search finds what stands in the page, by words and by conditions, with keys alone."""

from __future__ import annotations

import re

import pytest


@pytest.fixture
def page(visit, report_file):
    opened = visit(report_file("sample"))
    yield opened.page
    assert opened.complaints == []


def _search(page, words="", **choices):
    page.locator("#search-words").fill(words)
    for name, value in choices.items():
        page.locator(f"#search-{name}").select_option(value)
    page.locator("#search-form button[type=submit]").click()
    said = page.locator("#search-said").inner_text()
    numbers = [int(own.replace(",", "")) for own in re.findall(r"([\d,]+)件", said)]
    return numbers[-1] if numbers else 0


def test_the_form_appears_with_the_script_and_the_hint_goes(page):
    assert page.locator("#search-form").is_visible()
    assert page.locator("#search-plain").is_hidden()


def test_words_find_every_voice_that_holds_them_and_are_marked(page):
    voices = page.locator("[data-kind] bdi:first-of-type").all_text_contents()
    expected = sum("公園" in text for text in voices)
    assert expected > 0
    assert _search(page, "公園") == expected
    shown = page.locator("#search-results li")
    assert shown.count() == min(expected, 30)
    assert set(page.locator("#search-results mark").all_inner_texts()) == {"公園"}


def test_widths_are_the_same_and_hiragana_finds_katakana_but_not_the_other_way_round(page):
    voices = page.locator("[data-kind] bdi:first-of-type").all_text_contents()
    assert _search(page, "バス") == _search(page, "ﾊﾞｽ") == sum("バス" in own for own in voices) > 0
    assert _search(page, "ばす") == sum("バス" in own or "ばす" in own for own in voices)


def test_issues_are_named_by_their_title_where_no_voice_says_it(page):
    title = page.locator(".issue h4 bdi").first.inner_text()
    _search(page, title)
    assert title in page.locator("#search-issues a").all_inner_texts()


def test_several_words_must_all_be_there(page):
    assert _search(page, "バス 便") <= min(_search(page, "バス"), _search(page, "便"))


@pytest.mark.parametrize("name", ["goal", "kind", "source"])
def test_conditions_find_the_voices_that_carry_them_and_together_all_of_them(page, name):
    values = page.locator(f"#search-{name} option").evaluate_all("all => all.map(o => o.value)")
    total = 0
    for value in values[1:]:
        wanted = value if (name, value) != ("goal", "0") else ""
        marked = page.locator(f'[data-{name}="{wanted}"]').count()
        found = _search(page, **{name: value})
        assert found >= marked
        total += found
    assert total >= page.locator("[data-kind]").count()


def test_results_lead_to_their_issue_and_open_it(page):
    _search(page, "道路")
    link = page.locator("#search-results a").first
    target = link.get_attribute("href")[1:]
    link.click()
    issue = page.locator(f"#{target}")
    assert issue.locator(".voice").first.is_visible()


def test_more_results_come_on_demand_and_the_focus_goes_to_the_first_of_them(page):
    found = _search(page, kind="要望")
    assert found > 30
    page.locator("#search-more").click()
    assert page.locator("#search-results li").count() == min(found, 60)
    assert page.evaluate(
        "document.activeElement === document.querySelectorAll('#search-results li')[30]"
    )


def test_nothing_found_is_said_and_clearing_brings_everything_back(page):
    assert _search(page, "この語はどこにもない") == 0
    assert "当てはまる声はありません" in page.locator("#search-said").inner_text()
    page.locator("#search-form button[type=reset]").click()
    page.wait_for_function("document.getElementById('search-said').textContent === ''")
    assert page.locator("#search-results li").count() == 0


def test_it_works_with_keys_alone(page):
    page.locator("#search-words").focus()
    page.keyboard.type("公園")
    page.keyboard.press("Enter")
    page.wait_for_selector("#search-results li")
    assert page.locator("#search-said").get_attribute("role") == "status"


def test_a_link_into_a_folded_issue_opens_it(page):
    folded = page.locator("details.issue").first
    name = folded.get_attribute("id")
    page.evaluate(f"location.hash = '#{name}'")
    page.wait_for_function(f"document.getElementById('{name}').open")


def test_hostile_words_are_searched_as_text(visit, report_file):
    opened = visit(report_file("hostile"))
    opened.page.locator("#search-words").fill("<script>alert(1)</script>")
    opened.page.locator("#search-form button[type=submit]").click()
    first = opened.page.locator("#search-results li bdi").first
    assert "<script>alert(1)</script>" in first.inner_text()
    assert opened.page.locator("#search-results script").count() == 0
    assert opened.complaints == []
