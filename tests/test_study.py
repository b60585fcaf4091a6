"""The study file: what a planner may write, and what is said where it cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from pipeline.errors import InputError
from pipeline.study import (
    DEFAULT_PLAN,
    KIND_LABELS,
    Parameters,
    Source,
    Study,
    dump_study,
    load_study,
    parse_study,
    quote_bare_keys,
)

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = """\
title = "令和5年度 市民アンケート"
plan = "nishitokyo-4"                # dictionaries/plans/nishitokyo-4.toml, or a path
[[sources]]
id = "S"
kind = "survey"                      # survey | district_meeting | 前計画
file = "answers.csv"
text = ["問12 自由記述"]               # headers of free-text columns
respondent = "回答番号"
attributes = { 年代 = "問1 年齢", 圏域 = "お住まいの地区" }   # our name = their header
"""
SMALLEST = 'title = "調査"\n[[sources]]\nkind = "survey"\nfile = "a.csv"\n'


def load(text: str | bytes, folder: Path) -> Study:
    path = folder / "study.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_study(path)


def test_the_example_of_the_contract_is_read(tmp_path: Path) -> None:
    study = load(EXAMPLE, tmp_path)
    assert study.title == "令和5年度 市民アンケート"
    (source,) = study.sources
    assert source.text == ("問12 自由記述",)
    assert source.respondent == "回答番号"
    assert source.attributes == {"年代": "問1 年齢", "圏域": "お住まいの地区"}


def test_everything_but_title_file_and_kind_may_be_left_out(tmp_path: Path) -> None:
    study = load(SMALLEST, tmp_path)
    assert study.plan == DEFAULT_PLAN
    assert study.parameters == Parameters()
    assert study.sources == (Source(file="a.csv", kind="survey", id="S1"),)


@pytest.mark.parametrize("prefix", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_byte_order_mark_and_line_ends_do_not_matter(
    prefix: bytes, newline: str, tmp_path: Path
) -> None:
    written = prefix + EXAMPLE.replace("\n", newline).encode()
    assert load(written, tmp_path) == load(EXAMPLE, tmp_path)


def test_sources_without_an_id_are_numbered(tmp_path: Path) -> None:
    more = '[[sources]]\nkind = "district_meeting"\nfile = "b.docx"\n'
    assert [source.id for source in load(SMALLEST + more, tmp_path).sources] == ["S1", "S2"]


@pytest.mark.parametrize("kind", sorted(KIND_LABELS))
def test_every_box_of_the_procedure_has_a_kind(kind: str, tmp_path: Path) -> None:
    assert load(SMALLEST.replace("survey", kind), tmp_path).sources[0].kind == kind


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SMALLEST + 'sheat = "1"\n', "sources.1番目.sheat: 知らない項目です"),
        (SMALLEST.replace("survey", "enquete"), "sources.1番目.kind: 次のどれかを書いてください"),
        (SMALLEST.replace('title = "調査"', ""), "title: 必要な項目がありません"),
        (SMALLEST.replace('file = "a.csv"', ""), "sources.1番目.file: 必要な項目がありません"),
        (SMALLEST.replace('"調査"', "5"), "title: 文字列"),
        (SMALLEST.replace('"調査"', '" "'), "title: 空にはできません"),
        (SMALLEST + 'id = "1S"\n', "英字で始まる"),
        (SMALLEST + "header_row = 0\n", "header_row: 1 以上にしてください"),
        (SMALLEST + 'header_row = "2"\n', "header_row: 整数で書いてください"),
        (SMALLEST + 'text = "問1"\n', "text: [ … ] で囲んだ並び"),
        (SMALLEST + 'attributes = "問1"\n', "attributes: { 名前 = 値 }"),
        (SMALLEST + "addresses = 4\n", "addresses: 文字列"),
        (SMALLEST + 'addresses = "4"\naddresses_column = "該当箇所"\n', "どちらか1つだけ"),
        (SMALLEST + "[parameters]\nissues = 0\n", "parameters.issues: 1 以上"),
        (SMALLEST + "[parameters]\nissues = 5000\n", "parameters.issues: 1000 以下"),
        ('title = "調査"\nsources = []\n', "sources: 1つ以上"),
        (SMALLEST + 'id = "S"\n' + SMALLEST.split("\n", 1)[1] + 'id = "S"\n', "重複しています: S"),
        (SMALLEST + "file\n", "TOML"),
    ],
)
def test_a_mistake_is_named_in_japanese(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load(text, tmp_path)
    message = str(caught.value)
    assert said in message
    assert "study.toml" in message
    assert "対処: " in message
    assert caught.value.exit_code == 3


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load('plan = 3\n[[sources]]\nkind = "poll"\n', tmp_path)
    for key in ("title", "plan", "kind", "file"):
        assert key in str(caught.value)


def test_a_file_in_another_encoding_is_refused_with_advice(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="UTF-8"):
        load(EXAMPLE.encode("cp932"), tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.toml"):
        load_study(tmp_path / "nowhere.toml")


def test_a_study_cannot_be_changed(tmp_path: Path) -> None:
    study = load(SMALLEST, tmp_path)
    with pytest.raises(ValidationError):
        study.title = "別の調査"


@pytest.mark.parametrize(
    ("bare", "quoted"),
    [
        ('年代 = "問1"', '"年代" = "問1"'),
        ('{ 年代="a", 性別 = "b" }', '{ "年代"="a", "性別" = "b" }'),
        ('Q1_年齢 = "a"', '"Q1_年齢" = "a"'),
        ('"年代" = "a"', '"年代" = "a"'),
        ('title = "年代 = 20代"', 'title = "年代 = 20代"'),
        ("title = '年代 = 20代'", "title = '年代 = 20代'"),
        ('a = 1 # 年代 = "b"', 'a = 1 # 年代 = "b"'),
        ('title = """\n年代 = 1\n"""', 'title = """\n年代 = 1\n"""'),
        ('title = "a\\"年代 = 1"', 'title = "a\\"年代 = 1"'),
    ],
)
def test_only_bare_japanese_keys_are_quoted(bare: str, quoted: str) -> None:
    assert quote_bare_keys(bare) == quoted
    assert quote_bare_keys(quoted) == quoted


NAME = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029"),
    min_size=1,
    max_size=12,
).filter(lambda text: text == text.strip() != "")
SOURCE = st.builds(
    Source,
    file=NAME,
    kind=st.sampled_from(sorted(KIND_LABELS)),
    id=st.from_regex(r"\A[A-Za-z][A-Za-z0-9_]{0,15}\Z"),
    text=st.lists(NAME, max_size=3).map(tuple),
    respondent=st.none() | NAME,
    attributes=st.dictionaries(NAME, NAME, max_size=3),
    pairs=st.dictionaries(NAME, NAME, max_size=2),
    sheet=st.none() | NAME,
    header_row=st.none() | st.integers(1, 40),
    encoding=st.none() | NAME,
)
STUDY = st.builds(
    Study,
    title=NAME,
    plan=NAME,
    sources=st.lists(SOURCE, min_size=1, max_size=3, unique_by=lambda source: source.id).map(tuple),
    parameters=st.builds(
        Parameters, issues=st.none() | st.integers(1, 1000), max_issues=st.integers(2, 1000)
    ),
)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(STUDY)
def test_a_study_that_is_written_is_read_back_unchanged(
    tmp_path_factory: pytest.TempPathFactory, study: Study
) -> None:
    folder = tmp_path_factory.getbasetemp()
    assert load(dump_study(study), folder) == study


def test_values_that_were_parsed_elsewhere_are_checked_too() -> None:
    with pytest.raises(InputError, match="title"):
        parse_study({"sources": []}, "別のファイル")
