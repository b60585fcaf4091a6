"""What is found of words, as tables in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from pipeline.report.attributes import SIGNS
from pipeline.sheetfile import Column, Sheet
from pipeline.wordviews.collocates import COLUMNS as BESIDE
from pipeline.wordviews.collocates import SIDES
from pipeline.wordviews.crossed import ROWS
from pipeline.wordviews.crosstable import MEASURES
from pipeline.wordviews.kwic import COLUMNS as LINES
from pipeline.wordviews.network import NEIGHBOURS
from pipeline.wordviews.screen import INTERNAL, UNSUPPRESSED, cell_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from pipeline.wordviews.collocates import Collocates
    from pipeline.wordviews.crosstable import CrossTable
    from pipeline.wordviews.kwic import Kwic
    from pipeline.wordviews.network import WordNetwork

_LINE_COLUMNS: Final = (
    Column("意見番号", 18), Column("前", 50), Column("言葉", 12), Column("後", 50),
    Column("同じ文面の件数", 14, "count"), Column("課題番号", 10), Column("課題", 24),
    Column("基本目標", 10),
)  # fmt: skip
_BESIDE_COLUMNS: Final = (
    Column("言葉（正規形）", 16), Column("書かれた形", 16), Column("品詞", 10),
    Column("計", 8, "count"), Column("左", 8, "count"), Column("右", 8, "count"),
    *(Column(side.upper(), 6, "count") for side in SIDES),
    Column("意見", 8, "count"), Column("人", 8, "count"), Column("スコア", 8, "number"),
)  # fmt: skip
_NEAR_COLUMNS: Final = (
    Column("言葉（正規形）", 16), Column("書かれた形", 16), Column("品詞", 10),
    Column("意見", 8, "count"), Column("一緒の意見", 12, "count"), Column("回答者", 10, "count"),
    Column("Jaccard", 10, "number"), Column("NPMI", 10, "number"),
)  # fmt: skip


def kwic_sheet(made: Kwic) -> Sheet:
    """Lines of a word in its context."""
    return Sheet("用例", _LINE_COLUMNS, _rows(made.lines, LINES), INTERNAL)


def collocates_sheet(made: Collocates) -> Sheet:
    """Words beside a word."""
    return Sheet("左右の言葉", _BESIDE_COLUMNS, _rows(made.table, BESIDE), UNSUPPRESSED)


def network_sheet(made: WordNetwork) -> Sheet:
    """Neighbours of a word."""
    return Sheet("つながる言葉", _NEAR_COLUMNS, _rows(made.neighbours, NEIGHBOURS))


def cross_sheet(made: CrossTable) -> Sheet:
    """Cross table: figures, then shares, then what differs; a hidden cell is empty."""
    unit = MEASURES[made.measure]
    columns = (
        Column("番号", 10), Column(ROWS[made.rows_by], 40), Column(f"計（{unit}）", 10, "count"),
        *(Column(f"{own}（{unit}）", 12, "count") for own in made.columns),
        *(Column(f"{own}（割合）", 12, "share") for own in made.columns),
        *(Column(f"{own}（差）", 8) for own in made.columns),
    )  # fmt: skip
    figures = [
        [None if gone else n for n, gone in zip(*own, strict=True)]
        for own in zip(made.counts.tolist(), made.hidden.tolist(), strict=True)
    ]
    signs = [[SIGNS[one] for one in own] for own in made.signs.tolist()]
    rows = [
        (own, label, total, *figure, *shares, *sign)
        for own, label, total, figure, shares, sign in zip(
            made.ids, made.labels, made.totals.tolist(), figures, made.shares().tolist(), signs,
            strict=True,
        )
    ]  # fmt: skip
    mark = "空欄は、人数が少ないため伏せた数"
    if made.is_internal:
        mark += "。ほかの表から計算できることがあります。そのまま公表しないでください"
    return Sheet("クロス集計", columns, rows, mark)


def rows_sheet(made: pa.Table) -> Sheet:
    """Answer to a query."""
    columns = [
        Column(name, 18, "number" if _is_number(own.type) else "text")
        for name, own in zip(made.column_names, made.columns, strict=True)
    ]
    cells = [
        own.to_pylist() if _is_number(own.type) else [cell_words(one) for one in own.to_pylist()]
        for own in made.columns
    ]
    return Sheet("結果", columns, list(zip(*cells, strict=True)), UNSUPPRESSED)


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _rows(frame: pd.DataFrame, names: Sequence[str]) -> list[tuple[object, ...]]:
    return list(zip(*(frame[name].tolist() for name in names), strict=True))
