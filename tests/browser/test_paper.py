"""On A4: words that can be selected, nothing folded, headings of tables again, numbered pages."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from typing import NamedTuple

import pytest

FOOT = re.compile(r"\s*(\d+) / (\d+)\s*$")


@pytest.fixture(scope="module", autouse=True)
def _poppler():
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext がありません（apt-get install poppler-utils）")


@pytest.fixture(scope="module")
def printed():
    """Reports that were printed: name → paper."""
    return {}


@pytest.fixture
def print_report(visit, report_file, tmp_path, printed):
    """Print a report once → its pages, its voices, and how many things were folded."""

    def print_it(name):
        if name not in printed:
            page = visit(report_file(name)).page
            n_folded, voices = page.evaluate(
                "[document.querySelectorAll('details:not([open])').length,"
                " [...document.querySelectorAll('.voice blockquote bdi, .voices > li > bdi')]"
                ".map((own) => own.textContent)]"
            )
            page.pdf(path=tmp_path / "report.pdf", format="A4", prefer_css_page_size=True)
            printed[name] = Paper(_read(tmp_path / "report.pdf"), voices, n_folded)
        return printed[name]

    return print_it


class Paper(NamedTuple):
    pages: list[tuple[str, re.Match[str] | None]]
    voices: list[str]
    n_folded: int


def _read(paper):
    """Text of each page, without spaces, and the number at its foot."""
    text = subprocess.run(
        ["pdftotext", "-layout", paper, "-"], check=True, capture_output=True, text=True
    ).stdout
    pages = text.split("\f")[:-1]
    return [(_plain(FOOT.sub("", page)), FOOT.search(page)) for page in pages]


def _plain(text):
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize("name", ["sample", "sabae"])
def test_every_voice_is_on_paper_though_it_was_folded(print_report, name):
    paper = print_report(name)
    text = "".join(page for page, _ in paper.pages)
    assert [voice for voice in paper.voices if _plain(voice) not in text] == []
    assert len(paper.voices) > 20
    assert paper.n_folded > 0


@pytest.mark.parametrize("name", ["sample", "hostile"])
def test_every_page_has_its_number(print_report, name):
    feet = [foot and foot.groups() for _, foot in print_report(name).pages]
    assert feet == [(str(number), str(len(feet))) for number in range(1, len(feet) + 1)]


def test_a_table_over_several_pages_has_its_heading_on_each(visit, report_file, tmp_path):
    page = visit(report_file("large")).page
    heading = page.evaluate(
        """() => {
            const rows = (table) => table.tBodies[0].rows.length;
            const tables = [...document.querySelectorAll('main table:has(thead)')];
            const longest = tables.reduce((one, other) => rows(other) > rows(one) ? other : one);
            document.body.replaceChildren(longest.closest('.scroll') ?? longest);
            return longest.tHead.textContent;
        }"""
    )
    paper = tmp_path / "table.pdf"
    page.pdf(path=paper, format="A4", prefer_css_page_size=True)
    pages = [page for page, _ in _read(paper)]
    assert len(pages) > 3
    # Cells of the heading are broken into lines, so its letters come in another order.
    letters = sorted(_plain(heading))
    top = [sorted(page[: len(letters)]) for page in pages[1:]]
    assert top == [letters] * len(top)
