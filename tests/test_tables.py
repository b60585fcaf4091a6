"""Tables: declared once, the same bytes every time, and text that stays text."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from pipeline import arrowcolumns, tables
from pipeline.errors import InputError
from pipeline.formulas import unguard_formula
from pipeline.tablecolumns import COUNT, SHARE, TEXT, Column
from pipeline.tables import (
    SCHEMAS,
    SORT_KEYS,
    conform,
    conform_arrow,
    empty,
    load_columns,
    load_table,
    save_table,
)

if TYPE_CHECKING:
    from pathlib import Path

AWKWARD = [
    "NA",
    "None",
    "",
    "nan",
    "null",
    "1",
    "001",
    "1e5",
    "TRUE",
    "=1+1",
    '"',
    "a,b",
    "改行\nあり",
    "改行\r\nあり",
    "改行\rあり",
    "　",
    "1-2",
]


def answers(texts: list[str], ids: list[str] | None = None, **more: list[str]) -> pd.DataFrame:
    ids = ids or [f"A{number:03d}" for number in range(len(texts))]
    columns = dict.fromkeys(SCHEMAS["answers"].names, "x") | {"answer_id": ids, "raw_text": texts}
    return pd.DataFrame(columns | more)


def set_aside(rows: list[tuple[str, int, int]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["answer_id", "start", "end"])
    return frame.assign(stage="opinions", reason="r", text="t")


def test_text_that_looks_like_something_else_stays_text(tmp_path: Path) -> None:
    save_table("answers", answers(AWKWARD), tmp_path)
    assert load_table("answers", tmp_path)["raw_text"].tolist() == AWKWARD
    read = pd.read_csv(
        tmp_path / "answers.csv", encoding="utf-8-sig", dtype=str, keep_default_na=False
    )
    assert read["raw_text"].map(unguard_formula).tolist() == AWKWARD


@settings(derandomize=True, max_examples=60, deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=9),
        max_size=5,
    )
)
def test_every_text_comes_back_from_both_files(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    save_table("answers", answers(texts), folder)
    assert load_table("answers", folder)["raw_text"].tolist() == texts
    read = pd.read_csv(
        folder / "answers.csv", encoding="utf-8-sig", dtype=str, keep_default_na=False
    )
    assert read["raw_text"].map(unguard_formula).tolist() == texts
    assert not read["raw_text"].str.match(r"[=+\-@\t\r\n＝＋－＠]").any()


def test_saving_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    table = answers(AWKWARD)
    first = [path.read_bytes() for path in save_table("answers", table, tmp_path / "1")]
    shuffled = table.sample(frac=1, random_state=3)
    second = [path.read_bytes() for path in save_table("answers", shuffled, tmp_path / "2")]
    assert first == second
    again = [
        path.read_bytes()
        for path in save_table("answers", load_table("answers", tmp_path / "1"), tmp_path / "3")
    ]
    assert first == again


def test_a_csv_begins_with_the_byte_order_mark_that_excel_needs(tmp_path: Path) -> None:
    csv, _ = save_table("answers", answers(["町"]), tmp_path)
    assert csv.read_bytes().startswith(b"\xef\xbb\xbfanswer_id,")


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_rows_are_sorted_by_their_ids(name: str) -> None:
    assert set(SORT_KEYS[name]) <= set(SCHEMAS[name].names)
    rows = []
    for number in (2, 10, 1):
        row = {}
        for field in SCHEMAS[name]:
            row[field.name] = f"X{number:03d}" if field.type == TEXT else number
        rows.append(row)
    shaped = conform(name, pd.DataFrame(rows))
    assert shaped[SORT_KEYS[name][0]].is_monotonic_increasing
    assert_frame_equal(conform(name, shaped), shaped)


def test_spans_of_an_answer_are_sorted_as_numbers() -> None:
    shaped = conform("set_aside", set_aside([("A2", 0, 3), ("A1", 10, 12), ("A1", 9, 10)]))
    assert shaped["start"].tolist() == [9, 10, 0]


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_columns_stand_in_their_declared_order(name: str) -> None:
    backwards = empty(name)[list(reversed(SCHEMAS[name].names))]
    assert list(conform(name, backwards)) == SCHEMAS[name].names


def test_attributes_follow_in_the_order_of_the_study_as_text() -> None:
    table = answers(["a", "b"], attr_年代=["20代", None], attr_地区=[1, 2])
    shaped = conform("answers", table[["attr_年代", "attr_地区", *SCHEMAS["answers"].names]])
    assert list(shaped)[-2:] == ["attr_年代", "attr_地区"]
    assert shaped["attr_年代"].tolist() == ["20代", ""]
    assert shaped["attr_地区"].tolist() == ["1", "2"]


def test_attributes_survive_the_parquet_file(tmp_path: Path) -> None:
    save_table("answers", answers(["a"], attr_年代=["NA"]), tmp_path)
    assert load_table("answers", tmp_path)["attr_年代"].tolist() == ["NA"]


@pytest.mark.parametrize("column", ["raw_text", "answer_id"])
def test_a_missing_column_is_a_mistake_in_the_program(column: str) -> None:
    with pytest.raises(KeyError, match=column):
        conform("answers", answers(["a"]).drop(columns=column))


def test_a_column_that_is_not_declared_is_refused() -> None:
    with pytest.raises(KeyError, match="note"):
        conform("answers", answers(["a"], note=["b"]))


def test_shares_are_rounded_and_never_minus_zero() -> None:
    row = dict.fromkeys(SCHEMAS["goal_links"].names, "x") | {"score": -1e-9}
    shaped = conform("goal_links", pd.DataFrame([row, row | {"score": 1 / 3, "target_id": "y"}]))
    assert shaped["score"].map(repr).tolist() == ["0.0", "0.333333"]


def test_the_table_that_was_given_is_not_changed() -> None:
    table = answers(["b", "a"], ids=["A2", "A1"])
    before = table.copy(deep=True)
    conform("answers", table)
    assert_frame_equal(table, before)


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_a_table_without_rows_is_saved_and_read_back(name: str, tmp_path: Path) -> None:
    save_table(name, empty(name), tmp_path)
    read = load_table(name, tmp_path)
    assert read.empty
    assert_frame_equal(read, empty(name))


def test_a_missing_or_damaged_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"answers\.parquet"):
        load_table("answers", tmp_path)
    (tmp_path / "answers.parquet").write_bytes(b"PAR1 no table")
    with pytest.raises(InputError, match="kadai run"):
        load_table("answers", tmp_path)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["A1", "A10", "A2", "", "あ", "\uffff", "\U00020000"]),
            st.integers(0, 3),
            st.integers(0, 3),
        ),
        max_size=12,
    )
)
def test_arrow_and_pandas_give_one_shape(rows: list[tuple[str, int, int]]) -> None:
    frame = set_aside(rows).assign(text=[str(place) for place in range(len(rows))])
    frame = frame.astype({"answer_id": "str", "start": "int64", "end": "int64"})
    shaped = conform("set_aside", frame)
    # Python's own order, ties as they stood: the order in which tables were always written.
    places = sorted(range(len(rows)), key=lambda place: rows[place])
    assert shaped["text"].tolist() == [str(place) for place in places]
    given_as = pa.Table.from_pandas(frame, preserve_index=False)
    assert_frame_equal(conform_arrow("set_aside", given_as).to_pandas(), shaped)
    assert conform_arrow("set_aside", given_as).schema == SCHEMAS["set_aside"]


def test_a_table_of_arrow_is_saved_as_one_of_pandas_is(tmp_path: Path) -> None:
    frame = answers(AWKWARD, attr_年代=["20代"] * len(AWKWARD)).iloc[::-1]
    own = pa.Table.from_pandas(frame, preserve_index=False)
    encoded = own.set_column(
        own.column_names.index("raw_text"), "raw_text", own["raw_text"].dictionary_encode()
    )
    cut = pa.concat_tables([own.slice(0, 3), own.slice(3)])
    made = [
        [path.read_bytes() for path in save_table("answers", table, tmp_path)]
        for table in (
            frame,
            frame.astype("object"),
            frame.astype({"source_kind": "category"}),
            own,
            encoded,
            cut,
        )
    ]
    assert all(one == made[0] for one in made)


def test_row_groups_do_not_depend_on_chunks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrowcolumns, "ROW_GROUP", 4)
    whole = pa.Table.from_pandas(answers(AWKWARD), preserve_index=False)
    cut = pa.concat_tables([whole.slice(0, 1), whole.slice(1, 9), whole.slice(10)])
    first = [path.read_bytes() for path in save_table("answers", whole, tmp_path)]
    assert [path.read_bytes() for path in save_table("answers", cut, tmp_path)] == first
    assert pq.ParquetFile(tmp_path / "answers.parquet").num_row_groups == 5
    assert load_table("answers", tmp_path)["raw_text"].tolist() == AWKWARD


def test_columns_of_more_than_two_gigabytes_are_put_in_order_piece_by_piece(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = pa.Table.from_pandas(answers(AWKWARD).iloc[::-1], preserve_index=False)
    usual = conform_arrow("answers", table)
    monkeypatch.setattr(arrowcolumns, "_MOST_BYTES", 0)
    monkeypatch.setattr(arrowcolumns, "ROW_GROUP", 4)
    large = conform_arrow("answers", table)
    assert large.equals(usual)
    assert large["raw_text"].num_chunks > 1


def test_a_count_that_is_missing_is_a_mistake_in_the_program() -> None:
    own = pa.Table.from_pandas(set_aside([("A1", 0, 1)]), preserve_index=False)
    broken = own.set_column(1, "start", pa.nulls(1, pa.int64()))
    with pytest.raises(ValueError, match="count"):
        conform_arrow("set_aside", broken)


def test_what_is_read_can_be_written_to(tmp_path: Path) -> None:
    save_table("set_aside", set_aside([("A1", 0, 1)]), tmp_path)
    read = load_table("set_aside", tmp_path)
    read.loc[0, "start"] = 7
    read.loc[0, "text"] = "別"
    assert read.loc[0, ["start", "text"]].tolist() == [7, "別"]


def test_a_table_of_an_earlier_version_is_read_without_what_came_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_table("set_aside", set_aside([("A1", 0, 1)]), tmp_path)
    own = tables.TABLES["set_aside"]
    later = {
        "note": Column(TEXT, "あとから", later=True),
        "n": Column(COUNT, "あとから", "件", later=True),
        "part": Column(SHARE, "あとから", "0〜1", later=True),
    }
    newer = dataclasses.replace(own, columns={**own.columns, **later})
    monkeypatch.setattr(tables, "TABLES", {"set_aside": newer})
    monkeypatch.setitem(SCHEMAS, "set_aside", newer.schema)
    read = load_table("set_aside", tmp_path)
    assert read.loc[0, ["note", "n"]].tolist() == ["", 0]
    assert read["part"].isna().all()
    some = load_columns("set_aside", ("start", "note", "n"), tmp_path)
    assert some.to_dict("records") == [{"start": 0, "note": "", "n": 0}]
    assert load_columns("set_aside", ("note",), tmp_path)["note"].tolist() == [""]
