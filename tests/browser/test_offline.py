"""The report speaks to nobody, runs nothing that is not ours, and shows words as words."""

from __future__ import annotations

import base64
import hashlib
import json
import re

from pipeline.wording import clean
from tests.browser.reports import FILE, TITLE, TRAPS


def test_a_report_asks_for_nothing_but_itself_and_complains_of_nothing(visit, report):
    opened = visit(report)
    opened.ask("unfold", True)
    opened.page.keyboard.press("End")
    opened.page.emulate_media(media="print", color_scheme="dark")
    opened.page.emulate_media(media="screen", color_scheme="dark")
    opened.page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    assert opened.requests == [report.as_uri()]
    assert opened.complaints == []


def test_a_report_holds_no_element_attribute_or_address_that_reaches_outside(visit, report):
    assert visit(report).ask("strangers") == []


def test_every_script_is_one_whose_hash_the_policy_names(visit, report):
    opened = visit(report)
    policy = opened.page.get_attribute("meta[http-equiv='Content-Security-Policy']", "content")
    assert "default-src 'none'" in policy
    scripts = policy.partition("script-src")[2].partition(";")[0]
    assert "unsafe" not in scripts
    for script in opened.ask("scripts"):
        if script["type"] == "application/json":
            json.loads(script["text"])
            continue
        digest = base64.b64encode(hashlib.sha256(script["text"].encode()).digest()).decode()
        assert f"'sha256-{digest}'" in scripts


def test_hostile_words_show_as_they_were_written(visit, report_file):
    opened = visit(report_file("hostile"))
    opened.ask("unfold", True)
    shown = opened.ask("text")
    for words in (*TRAPS, TITLE, FILE):
        assert re.sub(r"\s+", "", clean(words)) in shown


def test_the_title_of_the_window_is_text_too(visit, report_file):
    opened = visit(report_file("hostile"))
    assert clean(TITLE) in opened.page.title()
