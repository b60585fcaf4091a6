"""SQL reads the tables of a run, and nothing else on the machine."""

from __future__ import annotations

import sys

import pyarrow as pa
import pytest

from pipeline.cli import main
from pipeline.errors import UsageError
from pipeline.sheetfile import as_file
from pipeline.tablecolumns import TABLES
from pipeline.tables import load_table
from pipeline.wordviews import queries
from pipeline.wordviews.queries import as_parquet, describe_tables, query, run_query
from pipeline.wordviews.screen import render_rows, render_tables
from pipeline.wordviews.sheets import rows_sheet

pytest.importorskip("duckdb")

SECRET = pa.table({"a": [1]})


def test_a_query_counts_what_the_tables_hold(sample_run):
    found = query(
        sample_run,
        "SELECT goal_id, count(*) AS n, sum(reviewed) AS s FROM opinions GROUP BY goal_id",
    )
    opinions = load_table("opinions", sample_run / "tables")
    assert dict(zip(found["goal_id"], found["n"], strict=True)) == (
        opinions["goal_id"].value_counts().to_dict()
    )
    assert found["s"].dtype == "int64"  # and not a decimal of 38 digits


def test_rows_come_in_the_order_of_the_table_every_time(sample_run):
    made = [query(sample_run, "SELECT opinion_id FROM opinions") for _ in range(2)]
    own = load_table("opinions", sample_run / "tables")["opinion_id"].tolist()
    assert [found["opinion_id"].tolist() for found in made] == [own, own]


def test_every_table_can_be_asked_for_by_its_name(sample_run):
    assert set(query(sample_run, "SHOW TABLES")["name"]) == set(TABLES)


def test_what_people_wrote_is_there_only_when_it_is_asked_for(sample_run):
    assert "raw_text" not in query(sample_run, "SELECT * FROM answers").columns
    with pytest.raises(UsageError, match="raw_text"):
        query(sample_run, "SELECT raw_text FROM answers")
    raw = query(sample_run, "SELECT raw_text FROM answers", raw=True)["raw_text"]
    assert raw.tolist() == load_table("answers", sample_run / "tables")["raw_text"].tolist()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('{run}/manifest.json')",
        "SELECT * FROM read_blob('{run}/report.html')",
        "SELECT * FROM read_parquet('{run}/tables/answers.parquet')",
        "SELECT * FROM parquet_metadata('{run}/tables/answers.parquet')",
        "SELECT * FROM sniff_csv('{run}/tables/answers.csv')",
        "SELECT * FROM '{run}/tables/answers.parquet'",
        "SELECT * FROM glob('{run}/*')",
        "SELECT * FROM query('SELECT * FROM glob(''{run}/*'')')",
        "SELECT getenv('HOME')",
        "SELECT * FROM SECRET",
        "WITH x AS (SELECT * FROM read_text('{run}/study.toml')) SELECT * FROM x",
    ],
)
def test_no_file_and_nothing_of_this_program_can_be_read(sample_run, sql):
    with pytest.raises(UsageError, match="実行できません"):
        query(sample_run, sql.format(run=sample_run))


@pytest.mark.parametrize(
    "sql",
    [
        "ATTACH '{out}'",
        "COPY opinions TO '{out}'",
        "COPY (SELECT 1) TO '{out}'",
        "EXPORT DATABASE '{out}'",
        "EXPLAIN ANALYZE COPY opinions TO '{out}'",
        "SET enable_external_access = true",
        "RESET enable_external_access",
        "PRAGMA enable_logging",
        "INSTALL httpfs",
        "LOAD httpfs",
        "CREATE TABLE x AS SELECT 1",
        "DROP VIEW opinions",
        "INSERT INTO opinions SELECT * FROM opinions",
        "CALL enable_logging(storage = 'file', storage_path = '{out}')",
        "CREATE SECRET (TYPE S3)",
        "SELECT 1; COPY opinions TO '{out}'",
        "",
        "-- nothing",
    ],
)
def test_nothing_but_one_reading_statement_is_run(sample_run, tmp_path, sql):
    out = tmp_path / "out"
    with pytest.raises(UsageError):
        query(sample_run, sql.format(out=out))
    assert not list(tmp_path.iterdir())


def test_settings_are_locked_even_for_functions(sample_run):
    found = query(
        sample_run,
        "SELECT current_setting('enable_external_access') AS a, current_setting('threads') AS b,"
        " current_setting('lock_configuration') AS c, current_setting('temp_directory') AS d",
    )
    assert found.iloc[0].tolist() == [False, 1, True, ""]


def test_a_mistake_is_answered_with_the_names_that_there_are(sample_run):
    with pytest.raises(UsageError, match="Binder Error") as caught:
        query(sample_run, "SELECT titel FROM issues")
    assert "もしかして: title" in caught.value.remedy
    with pytest.raises(UsageError, match="Catalog Error") as caught:
        query(sample_run, "SELECT * FROM opinion")
    assert "もしかして: opinions" in caught.value.remedy


def test_what_does_not_fit_into_memory_stops_with_advice(sample_run, monkeypatch):
    monkeypatch.setitem(queries._CONFIG, "memory_limit", "50MB")
    sql = "SELECT list(a.text || b.text || c.text) FROM opinions a, opinions b, opinions c"
    with pytest.raises(UsageError, match="メモリー"):
        query(sample_run, sql)


def test_without_duckdb_the_command_says_how_to_get_it(sample_run, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    assert main(["sql", str(sample_run), "SELECT 1"]) == 2
    assert "-m pip install --require-hashes -r requirements-notebooks.lock" in (
        capsys.readouterr().err
    )


def test_every_column_of_every_table_is_listed_with_its_meaning(sample_run, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    made = describe_tables(sample_run)
    declared = {(name, own) for name, table in TABLES.items() for own in table.columns}
    listed = set(zip(made["table"], made["column"], strict=True))
    assert declared - listed == {("answers", "raw_text")}
    assert {("answers", "attr_年代")} <= listed - declared
    assert main(["sql", str(sample_run)]) == 0
    assert capsys.readouterr().out.splitlines() == render_tables(made, 120)


def test_the_screen_shows_some_rows_and_says_how_many_there_are(sample_run):
    found = run_query(sample_run, "SELECT text, text FROM opinions")
    lines = render_rows(found, 100, 3)
    assert "行のうち3行" in lines[-1]


def test_a_file_holds_all_rows_and_no_formula(sample_run, tmp_path, capsys):
    sql = "SELECT '=1+1' AS a, NULL AS b, [1, 2] AS c, 1.5 AS d FROM opinions"
    n = len(load_table("opinions", sample_run / "tables"))
    for name in ("a.csv", "a.xlsx", "a.parquet"):
        path = tmp_path / name
        assert main(["sql", str(sample_run), sql, "--output", str(path)]) == 0
        assert main(["sql", str(sample_run), sql, "--output", str(path)]) == 2
    said = capsys.readouterr()
    assert "件数は伏せていません。外に出さないでください。" in said.err
    lines = (tmp_path / "a.csv").read_text("utf-8-sig").splitlines()
    assert lines[:2] == ["a,b,c,d", '\'=1+1,,"[1, 2]",1.5']
    assert len(lines) == n + 1


def test_raw_text_is_not_written_into_the_folder_that_is_handed_on(sample_run, tmp_path, capsys):
    call = ["sql", str(sample_run), "SELECT raw_text FROM answers", "--raw", "--limit", "1"]
    assert main([*call, "--output", str(sample_run / "raw.csv")]) == 2
    assert not (sample_run / "raw.csv").exists()
    assert main([*call, "--output", str(tmp_path / "raw.csv")]) == 0
    assert "部外秘" in capsys.readouterr().err


def test_an_answer_larger_than_the_memory_stops_while_it_is_read(sample_run, monkeypatch):
    monkeypatch.setattr(queries, "MOST_BYTES", 1_000_000)
    with pytest.raises(UsageError, match="メモリー"):
        query(sample_run, "SELECT * FROM range(1000000000000)")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("sum(9223372036854775807) FROM range(3)", "2.76701e+19"),
        ("'inf'::DOUBLE", "inf"),
        ("INTERVAL 3 DAY", "3 days"),
        ("DATE 'infinity'", "infinity"),
        ("TIMESTAMP '2024-04-01 09:30:00'", "2024-04-01 09:30:00"),
        ("'\\xFF'::BLOB", "\\xFF"),
        ("union_value(k := 1)", "1"),
    ],
)
def test_a_value_of_any_type_is_shown_and_written(sample_run, value, shown):
    made = run_query(sample_run, f"SELECT {value}")
    assert render_rows(made, 100)[-1] == shown
    assert query(sample_run, f"SELECT {value}").shape == (1, 1)
    assert as_parquet(made)
    for ending in (".csv", ".xlsx"):
        assert as_file(rows_sheet(made), ending)


def test_columns_keep_their_names_and_rows_their_order_beside_a_date(sample_run):
    made = run_query(
        sample_run,
        "SELECT x AS a, x AS a, DATE '2024-04-01' AS \"日\" FROM range(5) t(x) ORDER BY -x",
    )
    assert made.column_names == ["a", "a", "日"]
    assert made.column(0).to_pylist() == [4, 3, 2, 1, 0]
