"""Dictionaries in TOML: what is wrong in one is told with its line."""

from __future__ import annotations

import pytest

from pipeline.errors import InputError
from pipeline.tomlfile import Problem, faulty, read_toml, table_lines


def test_text_and_values_are_given_without_the_byte_order_mark(tmp_path):
    path = tmp_path / "a.toml"
    path.write_bytes(b'\xef\xbb\xbfa = 1\r\nb = "\xe9\x81\x93"\r\n')
    assert read_toml(path, "規則ファイル") == ('a = 1\nb = "道"\n', {"a": 1, "b": "道"})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "規則ファイルを読めません（見つかりません）"),
        (b"a = 1\nb = \n", "2行目"),
        (b"a = 1\na = 2\n", "2行目"),
        ('a = "道"'.encode("cp932"), "規則ファイルを読めません"),
        (b"a = [1,\n", "規則ファイルを読めません"),
    ],
    ids=["missing", "no value", "doubled key", "not UTF-8", "not closed"],
)
def test_a_file_that_cannot_be_read_is_named_with_what_to_do(tmp_path, content, message):
    path = tmp_path / "a.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        read_toml(path, "規則ファイル")
    assert "a.toml" in str(caught.value)
    assert "UTF-8" in str(caught.value)


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(InputError, match="規則ファイルを読めません"):
        read_toml(tmp_path, "規則ファイル")


def test_every_table_is_found_at_its_line():
    text = "# [[rules]]\n[[rules]]\na = 1\n\n  [[ rules ]] # note\n[[rules_2]]\n[[rules]]\n"
    assert table_lines(text, "rules", [{}, {}, {}]) == [2, 5, 7]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("rules = [{a = 1}, {a = 2}]\n", [{}, {}]),
        ('x = """\n[[rules]]\n"""\n[[rules]]\n', [{}]),
        ('[["rules"]]\n', [{}]),
    ],
    ids=["inline", "inside a string", "quoted"],
)
def test_no_line_is_better_than_a_wrong_one(text, values):
    assert table_lines(text, "rules", values) == [None] * len(values)


@pytest.mark.parametrize("values", [None, 3, "道", {}, []])
def test_what_is_no_list_of_tables_has_no_lines(values):
    assert table_lines("", "rules", values) == []


def test_all_problems_stand_in_one_error_that_points_to_the_first():
    problems = [Problem(3, "名前がありません"), Problem(None, "lists: 空です")]
    error = faulty("a.toml", "規則ファイル", problems, "直してください。")
    lines = str(error).splitlines()
    assert lines[0].startswith("規則ファイルの内容に誤りがあります。")
    assert lines[1:3] == ["  - 3行目 名前がありません", "  - lists: 空です"]
    assert "「a.toml」 3行目" in lines[3]
    assert "直してください。" in lines[4]
