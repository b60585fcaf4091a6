"""Lists of words: every broken line is named at once, wherever the file was saved."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.features import read_stopwords
from pipeline.privacy import lexicon
from pipeline.resources import dictionaries_folder
from pipeline.user_dictionary import read_synonyms, read_user_words
from pipeline.wordlists import MOST_NAMED, as_text, check_words, parse_plain, parse_words

COLUMNS = ("語", "まとめ先")
HEADER = "語,まとめ先\n"


def _broken(path, read):
    with pytest.raises(InputError) as caught:
        read(path)
    return str(caught.value)


def test_all_broken_lines_of_the_user_dictionary_are_named_at_once(tmp_path):
    path = tmp_path / "user.csv"
    path.write_text(
        "見出し,読み,正規形,種類\n"
        "居場所,イバショ,居場所,名詞\n"
        "町内会，チョウナイカイ，町内会，名詞\n"
        '"ふれまち,フレマチ,ふれまち,事業名\n'
        "見守り,みまもり,見守り,名詞\n"
        "円卓\0会議,エンタクカイギ,円卓会議,名詞\n"
        "消防団,ショウボウダン,消防団\n"
        "居場所,イバショ,居場所,動物\n",
        "utf-8",
    )
    said = _broken(path, read_user_words)
    for line, what in (
        (3, "全角のコンマ「，」"),
        (4, "引用符"),
        (5, "カタカナではありません"),
        (6, "NUL"),
        (7, "列が3個あります"),
        (8, "種類「動物」は使えません"),
    ):
        assert any(f"- {line}行目" in own and what in own for own in said.splitlines()), what
    assert "2行目 " not in said
    assert "場所: ファイル「user.csv」 3行目" in said


def test_all_broken_lines_of_the_synonyms_are_named_at_once(tmp_path):
    path = tmp_path / "synonyms.csv"
    path.write_text(f"{HEADER}町会,町内会\n町会,自治会\n年寄り,町会\nごみ,\n街,街\n", "utf-8")
    said = _broken(path, read_synonyms)
    assert "3行目 「町会」は2行目にもあります" in said
    assert "4行目 「年寄り」のまとめ先「町会」が、2行目でさらに「町内会」へ" in said
    assert "5行目 語とまとめ先は空にできません" in said
    assert "6行目 「街」は、自分自身をまとめ先にしています" in said


def test_two_words_in_a_line_of_the_stop_words_are_named(tmp_path):
    path = tmp_path / "stopwords.txt"
    path.write_text("事\n物,所\n為 # 説明、ここは何でもよい\n時\t場合\n", "utf-8")
    said = _broken(path, read_stopwords)
    assert "2行目 「,」があります" in said
    assert "4行目 「タブ」があります" in said
    assert "3行目" not in said


def test_all_broken_lines_of_the_words_around_names_are_named(tmp_path, monkeypatch):
    (tmp_path / "names.csv").write_text("さん,敬称\n公園;施設\n公園,場所\n,敬称\n", "utf-8")
    monkeypatch.setattr(lexicon, "dictionaries_folder", lambda: tmp_path)
    said = _broken(None, lambda _: lexicon._words.__wrapped__())
    assert "2行目 列が1個あります" in said
    assert "セミコロン" in said
    assert "3行目 種類「場所」は使えません" in said
    assert "4行目 語が空です" in said


def test_a_file_that_excel_saved_in_the_old_encoding_is_called_so():
    data = f"{HEADER}町会,町内会\n".encode("cp932")
    with pytest.raises(InputError, match="Shift_JIS") as caught:
        as_text(data, "synonyms.csv", "同義語の表")
    assert "CSV UTF-8" in caught.value.remedy


@pytest.mark.parametrize(("data", "said"), [
    (HEADER.encode("utf-16"), "UTF-16"),
    (b"\xff\x00\x81", "UTF-8 ではありません"),
])  # fmt: skip
def test_another_encoding_is_named(data, said):
    with pytest.raises(InputError, match=said):
        as_text(data, "synonyms.csv", "同義語の表")


def test_only_the_first_broken_lines_are_named_and_the_others_are_counted():
    _, problems = parse_words(HEADER + "一つ\n" * (MOST_NAMED + 5), COLUMNS)
    with pytest.raises(InputError) as caught:
        check_words(problems, "synonyms.csv", "同義語の表")
    assert str(caught.value).count("行目 列が1個") == MOST_NAMED
    assert "ほかに 5か所あります" in str(caught.value)


def test_empty_cells_and_quoted_comments_of_excel_are_no_mistakes():
    text = '語,まとめ先,,\n"# 町,会",,,\n町会,町内会,,\n,,,\n'
    lines, problems = parse_words(text, COLUMNS)
    assert not problems
    assert [own.cells for own in lines] == [("町会", "町内会")]


@pytest.mark.parametrize("name", ["user.csv", "synonyms.csv"])
def test_a_list_without_its_header_says_so_once(name):
    columns = ("見出し", "読み", "正規形", "種類") if name == "user.csv" else COLUMNS
    _, problems = parse_words(",".join("あいうえ"[: len(columns)]) + "\n", columns)
    assert [own.text for own in problems] == [f"見出しが「{','.join(columns)}」ではありません"]


CELL = st.text(
    st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp"), blacklist_characters='",#\ufffd'),
    min_size=1,
    max_size=6,
).filter(lambda own: own == own.strip() and not own.startswith("\ufeff"))


@given(st.lists(st.tuples(CELL, CELL), max_size=6), st.sampled_from(["\n", "\r\n", "\r"]))
def test_whatever_is_written_is_read_whatever_the_line_ends(rows, end):
    text = end.join(["語,まとめ先", *(",".join(own) for own in rows)]) + end
    lines, problems = parse_words(text, COLUMNS)
    assert not problems
    assert [own.cells for own in lines] == rows
    assert [own.number for own in lines] == list(range(2, len(rows) + 2))


@given(st.text(max_size=60))
def test_every_line_is_an_entry_or_a_problem_or_nothing(text):
    for lines, problems in (parse_words(text, COLUMNS), parse_plain(text)):
        numbers = [own.number for own in lines] + [own.line for own in problems]
        assert all(1 <= own <= text.count("\n") + text.count("\r") + 1 for own in numbers)


def test_the_dictionaries_that_come_with_kadai_are_whole():
    folder = dictionaries_folder()
    assert read_user_words(folder / "user.csv")
    assert read_synonyms(folder / "synonyms.csv")
    assert read_stopwords(folder / "stopwords.txt")
