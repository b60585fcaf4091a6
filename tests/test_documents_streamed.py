"""A delimited file that is read in parts gives the rows that reading it as a whole gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.documents import read, streamed
from pipeline.documents.headers import read_table
from pipeline.documents.streamed import iter_tables
from pipeline.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from pipeline.documents.table import Table

_CELLS = st.sampled_from(
    ["", " ", "1", "2024", "男性", "特になし", "道が暗い。", "バス、電車", '"一行目\n二行目"', '"a""b"',
     "回答番号", "意見", "合計", "12", '"町"です', '"コンマ,あり"', "\ufeff印", "終わり\r"]
)  # fmt: skip
_LINES = st.lists(st.lists(_CELLS, max_size=5).map(",".join), max_size=12)
_HEADER = "回答番号,年代,意見"


def whole(path: Path, header_row: int | None = None, encoding: str | None = None) -> Table:
    return read_table(read(path, encoding=encoding).grids[0], header_row)


def shown(tables: list[Table]) -> tuple[object, ...]:
    return (
        tables[0].columns,
        tables[0].header_rows,
        [row for table in tables for row in table.rows],
        [number for table in tables for number in table.numbers],
        {number: why for table in tables for number, why in table.aside.items()},
        [number for table in tables for number in table.joined],
    )


def outcome(tables: Callable[[], Iterable[Table]]) -> tuple[object, ...]:
    """What is read, or what is said instead."""
    try:
        return shown([*tables()])
    except InputError as error:
        return str(error), error.at


@settings(derandomize=True, max_examples=400, deadline=None)
@given(_LINES, st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["utf-8", "utf-8-sig"]))
@example(["1,2,3"] * 9 + ["4,5,6,7"], "\n", "utf-8")
@example(['1,2,"開いたまま', "3,4,5"], "\n", "utf-8")
@example(["", ",,,,", "合計,1,2", _HEADER], "\r\n", "utf-8-sig")
def test_the_rows_are_those_of_the_whole(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], end: str, encoding: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "a.csv"
    path.write_bytes(end.join([_HEADER, *lines, ""]).encode(encoding))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streamed, "_BLOCK", 7)
        expected = outcome(lambda: [whole(path)])
        assert outcome(lambda: iter_tables(path, n_rows=3)) == expected
        assert outcome(lambda: iter_tables(path, n_rows=1000)) == expected


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp", "utf-16", "utf-8-sig", "utf-8"])
def test_every_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    lines = [_HEADER, *(f"{number},70代,歩道が狭い。" for number in range(9))]
    path.write_bytes("\r\n".join(lines).encode(encoding))
    assert shown(list(iter_tables(path, n_rows=2))) == shown([whole(path)])
    named = list(iter_tables(path, n_rows=2, encoding=encoding))
    assert shown(named) == shown([whole(path, encoding=encoding)])


def test_a_column_without_a_header_is_found_far_below_the_rows_that_find_the_header(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streamed, "HEAD_ROWS", 4)
    path = tmp_path / "a.csv"
    rows = [f"{number},70代,歩道が狭い。," for number in range(20)]
    rows[15] += "ここにも"
    path.write_text("\n".join([_HEADER + ",", *rows]), encoding="utf-8")
    tables = list(iter_tables(path, n_rows=6))
    assert shown(tables) == shown([whole(path)])
    assert tables[0].columns[-1].name == "列D（見出しなし）"


def test_a_header_that_is_named_may_stand_below_the_rows_that_are_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streamed, "HEAD_ROWS", 2)
    path = tmp_path / "a.csv"
    rows = [f"{number},70代,歩道が狭い。" for number in range(9)]
    path.write_text("\n".join(["表題"] * 7 + [_HEADER, *rows]), encoding="utf-8")
    assert shown(list(iter_tables(path, header_row=8))) == shown([whole(path, header_row=8)])


def test_the_mark_of_the_separator_is_no_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [f"{number};70代;歩道が狭い、暗い。" for number in range(9)]
    path.write_text("\n".join(["sep=;", _HEADER.replace(",", ";"), *rows]), encoding="utf-8")
    assert shown(list(iter_tables(path, n_rows=4))) == shown([whole(path)])


def test_a_part_that_swallowed_records_is_refused_where_it_begins(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [f"{number},70代,歩道が狭い。" for number in range(30)]
    rows[20] = '20,70代,"歩道'
    rows[26] += '"'
    path.write_text("\n".join([_HEADER, *rows]), encoding="utf-8")
    expected = outcome(lambda: [whole(path)])
    assert isinstance(expected[0], str)
    assert outcome(lambda: iter_tables(path, n_rows=4)) == expected
