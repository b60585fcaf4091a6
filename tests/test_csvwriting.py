"""CSV files are written in bulk, and byte for byte as pandas writes them cell by cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline import csvwriting
from pipeline.csvwriting import guard_formulas, write_csv
from pipeline.formulas import guard_formula

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

_TEXTS = st.text(
    st.one_of(
        st.sampled_from("'=+-@\t\r\n＝＋－＠\",;あ "),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=8,
)
_SHARES = st.one_of(
    st.none(),
    st.floats(allow_nan=False),
    st.floats(-1e11, 1e11),
    st.floats(0, 1).map(lambda share: round(share, 6)),
)
_ROWS = st.lists(st.tuples(_TEXTS, st.integers(-(2**63), 2**63 - 1), _SHARES, _TEXTS), max_size=9)
_SCHEMA = pa.schema(
    {"id": pa.string(), "n": pa.int64(), "share": pa.float64(), 'a,"b"\r\n': pa.string()}
)


def arrow(rows: list[tuple[str, int, float | None, str]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(_SCHEMA)
    return pa.table([list(own) for own in columns], schema=_SCHEMA)


def by_pandas(table: pa.Table, path: Path) -> bytes:
    frame = table.to_pandas()
    for name in ("id", _SCHEMA.names[-1]):
        frame[name] = frame[name].map(guard_formula)
    frame.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")
    return path.read_bytes()


@settings(derandomize=True, max_examples=300, deadline=None)
@given(_ROWS)
@example([("", 0, -0.0, "\r"), ("'=", -1, 1e15, '"'), ("=", 1, 1e16, ","), ("a", 2, 9.9e-5, "\n")])
@example([("", 0, float("inf"), ""), ("", 0, -5e-324, ""), ("", 0, 1e-4, ""), ("", 0, 1e22, "")])
def test_the_bytes_are_those_of_pandas(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int, float | None, str]]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    table = arrow(rows)
    write_csv(table, folder / "own.csv")
    assert (folder / "own.csv").read_bytes() == by_pandas(table, folder / "pandas.csv")


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.lists(_TEXTS, max_size=6))
def test_a_column_is_guarded_as_its_texts_are_one_by_one(texts: list[str]) -> None:
    guarded = guard_formulas(pa.array(texts, pa.large_string()))
    assert guarded.to_pylist() == [guard_formula(text) for text in texts]


def test_chunks_and_batches_change_no_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = arrow([(f"A{number}", number, number / 7, "a,b" * (number % 2)) for number in range(9)])
    write_csv(table, tmp_path / "whole.csv")
    cut = pa.concat_tables([table.slice(0, 1), table.slice(1, 5), table.slice(6)])
    monkeypatch.setattr(csvwriting, "BATCH_ROWS", 2)
    write_csv(cut, tmp_path / "cut.csv")
    assert (tmp_path / "cut.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_a_lone_carriage_return_is_quoted_and_comes_back(tmp_path: Path) -> None:
    write_csv(arrow([("A1", 1, 0.5, "一行目\r二行目")]), tmp_path / "a.csv")
    assert '"一行目\r二行目"\r\n'.encode() in (tmp_path / "a.csv").read_bytes()
    read = pd.read_csv(tmp_path / "a.csv", encoding="utf-8-sig", dtype=str)
    assert read.iloc[0, 3] == "一行目\r二行目"
