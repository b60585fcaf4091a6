"""A file that would exhaust the machine is refused, in words, before it does."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import zipfile
from typing import TYPE_CHECKING, Final

import pytest

from pipeline.comparison.profile import load_profile
from pipeline.csvfile import read_bytes
from pipeline.documents import bifftexts, read
from pipeline.documents.archive import check_archive
from pipeline.documents.compound import Compound
from pipeline.documents.excel import read_sheets
from pipeline.documents.extent import LARGEST_TEXT
from pipeline.documents.unsafefile import UnsafeFileError
from pipeline.documents.xmlscan import DEEPEST
from pipeline.errors import InputError
from pipeline.tomltext import parse_toml
from tests import bombs_fixture as bombs
from tests.bombs_fixture import LAUGHS, document, ods_row, spreadsheet, workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MOST_MEMORY: Final = 1 << 30
MOST_SECONDS: Final = 30
CELL: Final = '<row r="1"><c r="A1"><v>1</v></c></row>'
SHARED: Final = "".join(
    f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 6001)
)
LONG: Final = f"<si><t>{'あ' * 32_767}</t></si>"
CATALOGUE: Final = b"<</Type/Catalog/Pages 2 0 R>>"
PAGE: Final = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>"
PAGES: Final = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"

REFUSED: Final[dict[str, Callable[[Path], Path]]] = {
    "far cell.xlsx": lambda own: workbook(
        own, CELL + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    ),
    "far cell in single quotes.xlsx": lambda own: workbook(
        own, CELL + "<row><c  r = 'ZZ99999'><v>1</v></c></row>"
    ),
    "far cell under a prefix.xlsx": lambda own: workbook(
        own, f'<x:row xmlns:x="{bombs._MAIN}"><x:c r="ZZ99999"><x:v>1</x:v></x:c></x:row>'
    ),
    "far cell without a place.xlsx": lambda own: workbook(
        own, '<row r="1048576">' + "<c/>" * 99 + "<c><v>1</v></c></row>"
    ),
    "cell beyond all rows.xlsx": lambda own: workbook(
        own, CELL + '<row r="4000000000"><c r="A4000000000"><v>1</v></c></row>'
    ),
    "one text in every cell.xlsx": lambda own: workbook(own, SHARED, LONG),
    "many blank cells.xlsx": lambda own: workbook(own, '<row><c r="A1"/></row>' * 2_000_000),
    "many styles.xlsx": lambda own: workbook(
        own, CELL, xl__styles=f"<styleSheet><cellXfs>{'<xf/>' * 4_000_000}</cellXfs></styleSheet>"
    ),
    "billion laughs.xlsx": lambda own: workbook(own, CELL, head=LAUGHS),
    "billion laughs in UTF-16.xlsx": lambda own: bombs.archive(
        own, {"xl/workbook.xml": (LAUGHS + "<x/>").encode("utf-16")}
    ),
    "billion laughs in UTF-7.xlsx": lambda own: bombs.archive(
        own, {"a.xml": '<?xml version="1.0" encoding="UTF-7"?>' + LAUGHS.replace("<", "+ADw-")}
    ),
    "billion laughs.docx": lambda own: document(own, "<w:p/>", LAUGHS),
    "billion laughs.ods": lambda own: spreadsheet(own, ods_row(1, filled=True), LAUGHS),
    "far cell.ods": lambda own: spreadsheet(
        own, ods_row(1, filled=False, times=1_048_575) + ods_row(16_384, filled=True)
    ),
    "cells repeated.ods": lambda own: spreadsheet(
        own, ods_row(16_384, filled=True, times=1_048_576)
    ),
    "nested tables.docx": lambda own: document(
        own, "<w:tbl><w:tr><w:tc>" * 1_000_000 + "</w:tc></w:tr></w:tbl>" * 1_000_000
    ),
    "many paragraphs.docx": lambda own: document(own, "<w:p/>" * 2_500_000),
    "one long text.docx": lambda own: document(own, f"<w:p><w:r><w:t>{'あ' * 4_000_000}"),
}


@pytest.fixture(autouse=True)
def _no_bomb_stays(tmp_path: Path) -> Iterator[None]:
    """Folders of tests are kept for a while; what is in these is large."""
    yield
    for path in tmp_path.iterdir():
        path.unlink()


@pytest.mark.parametrize("name", REFUSED)
def test_a_bomb_is_refused_within_seconds(name: str, tmp_path: Path) -> None:
    path = REFUSED[name](tmp_path / name)
    assert path.stat().st_size < 2_000_000
    began = time.monotonic()
    with pytest.raises(InputError) as caught:
        check_archive(path)
    assert time.monotonic() - began < MOST_SECONDS
    assert name in str(caught.value)
    assert "対処: " in str(caught.value)


@pytest.mark.parametrize("name", ["far cell.xlsx", "far cell.ods", "many paragraphs.docx"])
def test_a_bomb_under_another_name_is_refused_too(name: str, tmp_path: Path) -> None:
    path = REFUSED[name](tmp_path / name)
    with pytest.raises(UnsafeFileError):
        check_archive(path.rename(tmp_path / "a.csv"))


def test_a_workbook_of_a_reviewer_is_looked_at_as_well(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="離れた"):
        read_sheets(REFUSED["far cell.xlsx"](tmp_path / "review.xlsx"))


def test_a_record_without_end_and_a_summary_too_deep_are_refused(tmp_path: Path) -> None:
    with (tmp_path / "decisions.csv").open("wb") as file:
        file.truncate(1 << 36)  # takes no room on the disk
    with pytest.raises(InputError, match="大きすぎます"):
        read_bytes(tmp_path / "decisions.csv", "判断の記録")
    with pytest.raises(InputError):
        load_profile(b'{"format":' + b"[" * 500_000, "previous.json")


ORDINARY: Final[dict[str, Callable[[Path], Path]]] = {
    "far cell that is blank.xlsx": lambda own: workbook(
        own, CELL + '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    ),
    "rows that say no place.xlsx": lambda own: workbook(
        own, "<row><c><v>1</v></c><c><v>2</v></c></row>" * 9000
    ),
    "shared text.xlsx": lambda own: workbook(own, SHARED, f"<si><t>{'はい' * 50}</t></si>"),
    "all rows.ods": lambda own: spreadsheet(
        own, ods_row(3, filled=True) + ods_row(16_384, filled=False, times=1_048_575)
    ),
    "deep.docx": lambda own: document(own, "<w:sdt>" * 200 + "</w:sdt>" * 200),
    "many siblings.docx": lambda own: document(own, "<w:p><w:r/></w:p>" * 40_000),
}


@pytest.mark.parametrize("name", ORDINARY)
def test_what_offices_write_passes(name: str, tmp_path: Path) -> None:
    check_archive(ORDINARY[name](tmp_path / name))


def test_depth_is_seen_wherever_a_tag_is_cut_in_two(tmp_path: Path) -> None:
    for shift in range(7):
        rows = "x" * shift + "<a><b/></a>" * 9000
        check_archive(workbook(tmp_path / f"{shift}.xlsx", rows))
    deep = "<a>" * (DEEPEST + 400)
    with pytest.raises(UnsafeFileError, match="入れ子"):
        check_archive(workbook(tmp_path / "deep.xlsx", deep))


def test_the_real_size_counts_not_what_the_header_says(tmp_path: Path) -> None:
    path = bombs.zeros(tmp_path / "zeros.xlsx", "xl/worksheets/sheet1.xml", 1 << 26)
    assert path.stat().st_size < 100_000
    assert zipfile.ZipFile(path).infolist()[0].file_size == 100
    with pytest.raises(InputError):
        check_archive(path)


@pytest.mark.parametrize(
    ("name", "said"),
    [("../a.xml", "外を指す"), ("/etc/a.xml", "外を指す"), ("C:/a.xml", "外を指す"),
     ("xl\\..\\..\\a.xml", "外を指す")],
)  # fmt: skip
def test_a_part_that_leaves_the_archive_is_refused(name: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(UnsafeFileError, match=said):
        check_archive(bombs.archive(tmp_path / "a.xlsx", {name: "<a/>"}))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    path = bombs.archive(tmp_path / "a.docx", {"word/document.xml": "<a/>"})
    with zipfile.ZipFile(path, "a") as more:
        more.writestr("word/Document.xml", "<b/>")
    with pytest.raises(UnsafeFileError, match="同じ名前"):
        check_archive(path)


def test_parts_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    path = bombs.archive(tmp_path / "a.xlsx", {"a.xml": "<a/>" * 99, "b.xml": "<a/>" * 99})
    data = path.read_bytes()
    second = data.rindex(b"PK\x01\x02")
    path.write_bytes(data[: second + 42] + bytes(4) + data[second + 46 :])
    with pytest.raises(InputError):
        check_archive(path)


def test_a_password_and_damage_are_told_apart(tmp_path: Path) -> None:
    path = bombs.archive(tmp_path / "a.xlsx", {"a.xml": "<a/>"})
    data = bytearray(path.read_bytes())
    entry = data.index(b"PK\x01\x02")
    data[entry + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(InputError, match="パスワード"):
        check_archive(path)
    path.write_bytes(data[:entry])
    with pytest.raises(InputError, match="壊れている"):
        check_archive(path)


def test_texts_of_an_old_workbook_are_counted_as_they_are(tmp_path: Path) -> None:
    long = "".join(f"{number}番の道が暗い。" for number in range(3000))
    path = old_workbook(tmp_path / "a.xls", long[:30_000], 3)
    stream = Compound.from_path(path).read("Workbook")
    records = list(bifftexts._records(stream))
    pieces = [
        stream[place : place + length] for kind, place, length in records if kind in {0xFC, 0x3C}
    ]
    assert len(pieces) > 1
    assert list(bifftexts._lengths(pieces)) == [3, 4, 30_000]
    assert len(read(path).grids[0].rows) == 5


def test_text_that_all_cells_may_hold_is_generous() -> None:
    assert LARGEST_TEXT > 1_048_576 * 150 * 3


@pytest.mark.parametrize(
    "text", [".".join("a" * 60_000) + " = 1", "a=" + "[" * 99_999, "a=" + "9" * 9_999]
)
def test_toml_that_is_a_trap_is_refused_at_once(text: str) -> None:
    began = time.monotonic()
    with pytest.raises(ValueError, match=r"."):
        parse_toml(text)
    assert time.monotonic() - began < 2


# Whole files through the readers, each in a process of its own that is measured.


_MEASURED: Final = """
import json, resource, sys, time
from pathlib import Path
from pipeline.documents import read
from pipeline.errors import InputError
began, said = time.monotonic(), ""
try:
    read(Path(sys.argv[1]))
except InputError as error:
    said = str(error)
status = Path("/proc/self/status")
if status.is_file():  # ru_maxrss of Linux also counts what the parent held when it forked
    lines = status.read_text().splitlines()
    peak = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak *= 1 if sys.platform == "darwin" else 1024
print(json.dumps([said, time.monotonic() - began, peak]))
"""


def old_workbook(path: Path, text: str, n_rows: int) -> Path:
    """Workbook of Excel 97 that keeps one text and names it in every row."""
    xlwt = pytest.importorskip("xlwt")
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    for number, own in enumerate(["ご意見", "道が暗い", *[text] * n_rows]):
        sheet.write(number, 0, own)
    book.save(str(path))
    return path


def written(text: str) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_text(text, "utf-8")
        return path

    return write


WHOLE: Final[dict[str, Callable[[Path], Path]]] = {
    "zeros.xlsx": lambda own: bombs.zeros(own, "xl/worksheets/sheet1.xml", 10 << 30),
    "one text in every cell.xlsx": REFUSED["one text in every cell.xlsx"],
    "nested tables.docx": REFUSED["nested tables.docx"],
    "far cell.ods": REFUSED["far cell.ods"],
    "one text in every cell.xls": lambda own: old_workbook(own, "あ" * 32_767, 60_000),
    "flate bomb.pdf": lambda own: bombs.pdf(
        own, [CATALOGUE, PAGES, PAGE, bombs.flate(bytes(1 << 29))]
    ),
    "page tree in a ring.pdf": lambda own: bombs.pdf(
        own, [CATALOGUE, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"]
    ),
    "many pages.pdf": lambda own: bombs.pdf(
        own,
        [CATALOGUE, b"<</Type/Pages/Count 100000/Kids[%s]>>" % (b"3 0 R " * 100_000), PAGE,
         bombs.flate(b"BT ET")],
    ),
}  # fmt: skip
READ: Final[dict[str, Callable[[Path], Path]]] = {
    "one line.csv": written("ご意見\n" + "あ" * 10_000_000 + "\n"),
    "quotes.csv": written("番号,ご意見\n1,「" + '"' * 1_000_000 + "」\n"),
    "combining.txt": written("か" + "\u3099" * 10_000_000),
    "expanding.txt": written("\ufdfa" * 1_000_000),
    "one line.md": written("- " + "a " * 5_000_000),
}


def measured(path: Path) -> tuple[str, float, int]:
    pytest.importorskip("resource", reason="memory cannot be measured here")
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, str(path)], capture_output=True, text=True, check=True
    )
    said, seconds, peak = json.loads(done.stdout)
    return said, seconds, peak


@pytest.mark.parametrize("name", WHOLE)
def test_a_hostile_file_is_refused_with_little_memory_and_time(name: str, tmp_path: Path) -> None:
    said, seconds, peak = measured(WHOLE[name](tmp_path / name))
    assert "対処: " in said
    assert seconds < MOST_SECONDS
    assert peak < MOST_MEMORY


@pytest.mark.parametrize("name", READ)
def test_a_huge_text_is_read_or_refused_with_little_memory_and_time(
    name: str, tmp_path: Path
) -> None:
    said, seconds, peak = measured(READ[name](tmp_path / name))
    assert not said or "対処: " in said
    assert seconds < MOST_SECONDS
    assert peak < MOST_MEMORY
