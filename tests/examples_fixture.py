"""The desk of a planner: every file that the examples of README.md and GUIDE.md name.

All of it is the fictitious sample, cut short, and tables written here.
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

import openpyxl
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from pipeline.cli import main
from pipeline.tables import load_table

if TYPE_CHECKING:
    from collections.abc import Iterable

SAMPLE: Final = Path(__file__).parents[1] / "inputs" / "sample"
DATA: Final = Path(__file__).parent / "data"

RUN: Final = "結果のフォルダー"
PREVIOUS: Final = "前回"

_N_ANSWERS: Final = 110
_STUDY: Final = """\
title = "みどり野市 市民アンケート（架空の見本）"
[[sources]]
id = "S"
kind = "survey"
file = "市民アンケート.xlsx"
text = ["上記の理由", "問2 地域で困っていること", "問3 社会福祉協議会に期待すること"]
respondent = "回答番号"
attributes = { "年代" = "年齢", "性別" = "性別", "地区" = "お住まいの地区" }
"""
_TOPICS: Final = (
    ("バスの本数が少なくて困る", "バスが一日に三本しかない", "バス停が遠くて乗れない"),
    ("雪かきができない", "除雪が遅くて歩けない", "雪かきを手伝ってほしい"),
)


def lay_out(desk: Path) -> None:
    """Write the files and make two runs, which stand for every finished run."""
    _survey(desk / "市民アンケート.xlsx")
    shutil.copy(SAMPLE / "district_meeting_higashi.docx", desk / "東町懇談会.docx")
    shutil.copy(SAMPLE / "public_comment.csv", desk / "パブコメ.csv")
    shutil.copytree(SAMPLE, desk / "inputs" / "sample")
    (desk / "調査.toml").write_text(_STUDY, "utf-8")
    for wave in (1, 2, 3):
        rows = ((i, f"{_TOPICS[i % 2][i % 3]}。{i * wave}年目です") for i in range(1, 31))
        _table(desk / f"{wave}回目.csv", ("回答番号", "ご意見"), rows)
    shutil.copy(DATA / "aoba_plan.toml", desk / "わたしの市.toml")
    _chapter(desk / "第8章.pdf")

    outputs = desk / "outputs"
    run, previous = outputs / RUN, outputs / PREVIOUS
    for answers, output in (("1回目.csv", previous), ("調査.toml", run)):
        assert main(["run", str(desk / answers), "--output", str(output)]) == 0
    shutil.copytree(run, outputs / "今回")
    shutil.copytree(previous, outputs / "前回の結果")
    shutil.copytree(run, desk / RUN)
    (desk / "保管フォルダー").mkdir()
    shutil.copy(desk / "市民アンケート.xlsx", desk / "保管フォルダー")
    _labels(run, desk / "分類.csv")
    _ticked(desk / "候補.xlsx")
    for row, reviewer in enumerate(("委員A", "委員B", "委員会"), start=2):
        _review(run / "review.xlsx", desk / f"{reviewer}.xlsx", row)
    call = ["review", "import", str(run), str(desk / "委員会.xlsx"), "--reviewer", "策定委員会"]
    assert main(call) == 0
    assert (desk / "decisions.csv").is_file()


def _survey(path: Path) -> None:
    book = openpyxl.load_workbook(SAMPLE / "survey_2025.xlsx")
    sheet = book["回答"]
    sheet.delete_rows(1, 2)  # the lines above the header
    sheet.delete_rows(_N_ANSWERS + 2, sheet.max_row)
    for number, age in enumerate(("30代", "40代", "50代", "60代", "70代", "80歳以上"), start=1):
        # Enough people who say the same words for a picture of words that go together; and
        # the first issue is that of the buses, as in the whole sample.
        park = f"公園の遊具が古くて、子どもが{number}年も遊んでいません。"
        bus = f"バスの本数が{number}年前の半分です。"
        sheet.append((2000 + number, age, "女性", "東町", "やや不満", bus, park, bus, None))
    del book["コード表"]
    book.save(path)


def _table(path: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def _chapter(path: Path) -> None:
    """Chapter of a plan as a PDF whose text can be copied."""
    font = "HeiseiKakuGo-W5"
    pdfmetrics.registerFont(UnicodeCIDFont(font))
    canvas = Canvas(str(path))
    for page in (DATA / "aoba_plan.txt").read_text("utf-8").split("\f"):
        canvas.setFont(font, 10)
        for number, line in enumerate(page.splitlines()):
            canvas.drawString(50, 800 - 14 * number, line)
        canvas.showPage()
    canvas.save()


def _labels(run: Path, path: Path) -> None:
    """How two people sorted the first opinions; mostly as the machine did."""
    opinions = load_table("opinions", run / "tables").head(30)
    rows = [
        (
            one.opinion_id, one.text, one.issue_id, one.issue_id if number % 5 else "ほか",
            one.goal_id or "なし", one.goal_id if number % 4 else "なし", one.measure_id, one.kind,
        )
        for number, one in enumerate(opinions.itertuples())
    ]  # fmt: skip
    header = ("番号", "ご意見", "分類A", "分類B", "目標A", "目標B", "施策", "種類")
    _table(path, header, rows)


def _ticked(path: Path) -> None:
    """Candidates for a dictionary, one of them ticked."""
    book = openpyxl.Workbook()
    book.active.append(("採用", "語", "読み", "正規形", "種類", "まとめ先"))
    book.active.append(("○", "雪掻き", "", "", "", "除雪"))
    book.save(path)


def _review(source: Path, target: Path, row: int) -> None:
    """A workbook in which somebody has renamed one issue."""
    book = openpyxl.load_workbook(source)
    sheet = book["課題"]
    head = [cell.value for cell in sheet[1]]
    sheet.cell(row, head.index("題（修正）") + 1).value = "みんなで決めた題"
    book.save(target)
