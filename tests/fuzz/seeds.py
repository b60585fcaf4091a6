"""Valid files of every kind that Kadai reads: what the fuzzer starts from."""

from __future__ import annotations

import datetime as dt
import functools
import tempfile
from pathlib import Path
from typing import Final

from pipeline.decision_log import added_to
from pipeline.decisions import Decision
from pipeline.review.workbook import write_workbook
from tests.goals_fixture import PLAN
from tests.matrix_fixture import (
    NOTE_FORMATS,
    TABLE_FORMATS,
    Cells,
    Error,
    Formula,
    Para,
    Sheet,
    encodable,
    write_pdf_pages,
)
from tests.report_fixture import make_manifest, make_plan, make_study, make_tables

_QUESTION: Final = "ご意見・ご要望を自由にお書きください"

PLAIN: Final = Sheet(
    (
        ("番号", "年齢", "お住まいの地区", "満足度", _QUESTION),
        (1, "30代", "北町", 4, "バスの本数が少ない。駅まで遠いです。"),
        (2, "40代", "南町", 2, "特になし"),
        (3, "70歳以上", "北町", 5, "①公園の草が伸びている\n②街灯が暗い"),
        (4, "20代", "西町", 1, '「"安心"なまち」になってほしい, と思います; はい'),
        (5, "30代", "南町", None, ""),
        (6, "50代", "東町", 3, "近所の人と話す機会がない。居場所がほしい！"),
    )
)
TITLED: Final = Sheet(
    (
        ("市民アンケート 集計表", None, None),
        (None, None, None),
        ("受付日時", "基本情報", None),
        (None, "性別", "問1 困っていること（自由記述）"),
        (dt.date(2025, 4, 1), "女性", "病院が遠い。"),
        (dt.date(2025, 4, 2), "男性", Error("#N/A")),
        (dt.date(2025, 4, 3), "回答しない", Formula("=A1", "道が狭くて歩きにくい。")),
        (dt.datetime.fromisoformat("2025-04-04T10:30:00"), True, 12.5),
        ("合計", 4, None),
    ),
    "集計",
    hidden_rows=(5,),
    merged=((2, 1, 2, 2),),
)
FORM: Final = Sheet(
    (
        ("タイムスタンプ", "利用したもの（複数選択）", "その他、ご意見があればお書きください"),
        ("2025/04/01 10:00:00", "バス, 図書館", "本を増やしてほしい"),
        ("2025/04/01 11:00:00", "公園;バス", "=1+1"),
        ("2025/04/02 09:00:00", "図書館", "わからない"),
    ),
    "フォームの回答 1",
)
HIDDEN: Final = Sheet((("控え",), ("見えない回答",)), "控え", hidden=True)

NOTES: Final = (
    Para("北地区 地域懇談会 記録", "heading"),
    Para("日時：令和7年4月1日"),
    Para("場所：北公民館"),
    Para("移動について", "heading"),
    Para("坂が多くて買い物に行けない。"),
    Para("バスの本数が少ない", "bullet"),
    Para("歩道が狭い", "bullet"),
    Para("田中委員：空き家が増えて心配です。"),
    Para("司会：ほかにご意見はありますか。"),
    Cells(
        (("発言者", "意見"), ("参加者Ａ", "祭りを続けたい。"), ("参加者Ｂ", "集まる場所がない。"))
    ),
    Para("1. 学校の行事に参加したい"),
    Para("2. 防災訓練をしてほしい"),
    Para("以上"),
)

STUDY: Final = """# 調査
title = "市民アンケート"
plan = "nishitokyo-4"

[[sources]]
id = "S"
kind = "survey"
file = "回答.csv"
text = ["ご意見"]
respondent = "番号"
attributes = { 年代 = "年齢", "圏域" = "地区" }
pairs = { "ご意見" = "満足度" }
header_row = 1
encoding = "cp932"

[[sources]]
id = "N"
kind = "district_meeting"
file = "../notes/記録.docx"
addresses = "1"

[parameters]
issues = 12
goal_error = 0.2
"""


def _decision(number: int, target: str, field: str, value: str) -> Decision:
    return Decision(
        f"D{number:04d}", target, field, "", value, "山田", "2025-04-01T10:00:00+09:00",
        "会議で決めた", "abc123def0", "バスが少ない",
    )  # fmt: skip


DECISIONS: Final = (
    _decision(1, "OABCDEF123456-01", "goal_id", "1"),
    _decision(2, "I001", "title", "バスの本数"),
    _decision(3, "AABCDEF123456@0-4", "restore", "1"),
    _decision(4, "I002", "comment", "確かめる,\n次回"),
)


@functools.cache
def seeds() -> dict[str, tuple[tuple[str, bytes], ...]]:
    """Kind → suffix and content of its seeds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return {kind: tuple(found) for kind, found in _made(folder).items()}


def _made(folder: Path) -> dict[str, list[tuple[str, bytes]]]:
    found: dict[str, list[tuple[str, bytes]]] = {}
    path = folder / "seed"
    for own in TABLE_FORMATS.values():
        office = "sheets" in own.can
        kind = own.suffix[1:] if office else "delimited"
        books = ((PLAIN,), (TITLED, FORM), (FORM, HIDDEN)) if office else ((PLAIN,), (FORM,))
        for book in books:
            if not encodable([text for sheet in book for text in sheet.texts()], own.encoding):
                continue
            if "formulas" not in own.can and TITLED in book:
                book = (_without_formulas(TITLED), FORM)  # noqa: PLW2901 - nothing else is meant
            own.write(path, book)
            found.setdefault(kind, []).append((own.suffix, path.read_bytes()))
    for own in NOTE_FORMATS.values():
        own.write(path, NOTES)
        kind = own.suffix[1:] if own.suffix in {".docx", ".pdf"} else "text"
        found.setdefault(kind, []).append((own.suffix, path.read_bytes()))
    write_pdf_pages(
        path, [[(60, 60, "バスが少ない。"), (320, 60, "坂が多い。")], [(60, 60, "以上")]]
    )
    found["pdf"].append((".pdf", path.read_bytes()))
    tables = make_tables(n_opinions=8)
    write_workbook(path, tables, make_plan(), make_study(), make_manifest(tables))
    found["review"] = [(".xlsx", path.read_bytes())]
    found["study"] = [(".toml", STUDY.encode())]
    found["plan"] = [(".toml", PLAN.encode())]
    found["decisions"] = [(".csv", added_to(b"", DECISIONS))]
    return found


def _without_formulas(sheet: Sheet) -> Sheet:
    rows = tuple(
        tuple(cell.value if isinstance(cell, Formula) else cell for cell in row)
        for row in sheet.rows
    )
    return Sheet(rows, sheet.name, hidden_rows=sheet.hidden_rows)
