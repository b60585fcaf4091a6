"""Words are added to the dictionaries: checked, tried out on a run, and only then written."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from pipeline import lexicon, manifest, plan, verify
from pipeline.cli import cli
from pipeline.concept_dictionary import load_concepts
from pipeline.errors import ConflictError, InputError, UsageError
from pipeline.manifest import load_manifest
from pipeline.resources import dictionaries_folder
from pipeline.study import load_study
from pipeline.tokens import Tokenizer
from pipeline.user_dictionary import (
    SYNONYM_COLUMNS,
    USER_COLUMNS,
    read_synonyms,
    read_user_words,
    synonym_problem,
    word_problem,
)
from pipeline.vocabulary import effect, material, try_words, writing
from pipeline.vocabulary.candidate import SYNONYMS_FILE, WORDS_FILE, as_line
from pipeline.vocabulary.effect import try_entries
from pipeline.vocabulary.entries import Entry, check_entries, check_words, refuse
from pipeline.vocabulary.given import read_entries, word_entry
from pipeline.vocabulary.sheet import workbook
from pipeline.vocabulary.suggest import find_candidates
from pipeline.vocabulary.told import render_trial
from pipeline.vocabulary.writing import added_to, read_dictionaries, write_entries
from pipeline.wordlists import parse_words

WORD = ("草刈り隊", "クサカリタイ", "草刈り隊", "名詞")
PAIR = ("公園", "広場")
ENTRIES = [Entry(WORDS_FILE, WORD), Entry(SYNONYMS_FILE, PAIR)]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of the dictionaries that everything reads and writes."""
    copy = tmp_path / "dictionaries"
    shutil.copytree(dictionaries_folder(), copy)
    for module in (effect, material, manifest, plan):
        monkeypatch.setattr(module, "dictionaries_folder", lambda: copy)
    monkeypatch.setattr("pipeline.resources.dictionaries_folder", lambda: copy)
    return copy


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    """Tokenizer with the entries; a user dictionary takes seconds to build."""
    place = tmp_path_factory.mktemp("changed")
    seen = read_dictionaries(dictionaries_folder())
    for name, content in writing.with_entries(seen, ENTRIES).items():
        (place / name).write_bytes(content)
    return Tokenizer(place / WORDS_FILE, place / SYNONYMS_FILE)


@pytest.fixture(scope="module")
def compiled():
    """The concept dictionary as each tokenizer reads it."""
    known = {}

    def load(path, tokenize):
        if tokenize not in known:
            known[tokenize] = load_concepts(path, tokenize)
        return known[tokenize]

    return load


@pytest.fixture
def _quick(monkeypatch, changed, mapper, compiled):
    """Neither a dictionary is built anew nor the examples of the plan learnt anew."""
    monkeypatch.setattr(effect, "Tokenizer", lambda *_: changed)
    monkeypatch.setattr(lexicon, "load_concepts", compiled)
    monkeypatch.setattr(effect, "load_goal_mapper", lambda *_, **__: mapper)


def call(*arguments):
    return CliRunner().invoke(cli, ["dictionary", "add", *map(str, arguments)])


def problems_of(*entries):
    return [str(own) for own in check_entries(entries, dictionaries_folder())[1]]


# What is refused


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (Entry(WORDS_FILE, ("草刈り隊", "", "草刈り隊", "名詞"), "5行目"), "5行目「読み」 「草刈り隊」の読みが空です"),
        (Entry(WORDS_FILE, ("草刈り隊", "クサ", "草刈り隊", "動物"), "5行目"), "「種類」 種類「動物」は使えません"),
        (Entry(WORDS_FILE, ("草,刈り", "クサ", "草刈り", "名詞")), "「,」は使えません"),
        (Entry(WORDS_FILE, ("公園\u200b", "コウエン", "公園", "名詞")), "見えない文字"),
        (Entry(WORDS_FILE, ("公園\ud800", "コウエン", "公園", "名詞")), "見えない文字"),
        (Entry(WORDS_FILE, ("社協", "シャキョウ", "社協", "組織名")), "別の内容（社協,シャキョウ,社会福祉協議会,組織名）"),
        (Entry(WORDS_FILE, ("。", "マル", "。", "名詞")), "記号か数字か、ひらがな1文字"),
        (Entry(WORDS_FILE, ("の", "ノ", "の", "名詞")), "記号か数字か、ひらがな1文字"),
        (Entry(WORDS_FILE, ("12", "ジュウニ", "12", "名詞")), "記号か数字か、ひらがな1文字"),
        (Entry(WORDS_FILE, ("今後", "コンゴ", "今後", "名詞")), "stopwords.txt にもあり"),
        (Entry(SYNONYMS_FILE, ("町会", "自治会")), "別の内容（町会,町内会）"),
        (Entry(SYNONYMS_FILE, ("区会", "自治会")), "まとめ先「自治会」は、さらに「町内会」へ"),
        (Entry(SYNONYMS_FILE, ("町内会", "組合")), "のまとめ先になっています"),
        (Entry(SYNONYMS_FILE, ("広場", "今後")), "「今後」は stopwords.txt にあり"),
        (Entry(SYNONYMS_FILE, ("広場", "")), "空にできません"),
        (Entry(SYNONYMS_FILE, ("広場", "広場")), "自分自身"),
    ],
)  # fmt: skip
def test_what_cannot_be_added_is_named_with_its_place(entry, said):
    assert any(said in own for own in problems_of(entry))


def test_entries_that_contradict_each_other_are_named():
    said = problems_of(
        Entry(SYNONYMS_FILE, ("広場", "公園"), "3行目"),
        Entry(SYNONYMS_FILE, ("公園", "緑地"), "4行目"),
        Entry(SYNONYMS_FILE, ("広場", "緑地"), "5行目"),
    )
    assert (
        "3行目「まとめ先」 まとめ先「公園」は、さらに「緑地」へまとめられます。最後の語を書いてください"
        in said
    )
    assert "5行目「語」 「広場」が、3行目にも別の内容であります" in said


def test_all_that_is_wrong_is_said_in_one_message():
    _, problems = check_entries(
        [Entry(SYNONYMS_FILE, (f"語{own}", ""), f"{own}行目") for own in range(25)],
        dictionaries_folder(),
    )
    with pytest.raises(InputError, match="ほかに 5か所") as caught:
        refuse(problems, "候補.xlsx")
    assert "ファイル「候補.xlsx」" in str(caught.value)


def test_a_line_that_stands_there_already_is_no_mistake():
    own = Entry(SYNONYMS_FILE, ("町会", "町内会"))
    checked, problems = check_entries([own], dictionaries_folder())
    assert (checked.new, checked.known, problems) == ((), (own,), [])


def test_a_word_that_stays_cut_and_a_word_that_is_counted_as_another_are_named(changed):
    said = [
        str(own)
        for own in check_words(
            [
                Entry(WORDS_FILE, ("ＳＮＳ講座", "エスエヌエスコウザ", "SNS講座", "名詞")),
                Entry(WORDS_FILE, ("ﾂﾂｼﾞﾊﾞｽ", "ツツジバス", "つつじバス", "名詞")),
                Entry(SYNONYMS_FILE, ("子ども", "児童")),
                Entry(SYNONYMS_FILE, ("夏のまつり", "祭")),
                *ENTRIES,
            ],
            changed,
        )
    ]
    assert len(said) == 4
    assert "足しても1語になりません（「ＳＮＳ」「講座」に切れます）" in said[0]
    assert "「つつじバス」としては数えません（「ツツジバス」のままです）" in said[1]
    assert "「子ども」は「子供」として数えています" in said[2]
    assert "「夏のまつり」は1語ではありません" in said[3]


# What is read


def test_ticked_rows_of_the_sheet_are_read_with_their_corrections(sample_run, tmp_path):
    made = find_candidates(material.load_material(sample_run))
    path = tmp_path / "候補.xlsx"
    path.write_bytes(workbook(made))
    book = load_workbook(path)
    rows = list(book["候補"].iter_rows(min_row=3))
    rows[0][0].value, rows[0][6].value = " 〇 ", "通り道"
    rows[1][0].value = "×"
    book.save(path)
    first = made.candidates[0]
    assert read_entries(path) == [
        Entry(SYNONYMS_FILE, (first.word, "通り道"), "シート「候補」 3行目")
    ]


def test_rows_that_are_not_clear_are_all_named(tmp_path):
    path = tmp_path / "候補.csv"
    path.write_text(
        "採用,語,読み,正規形,種類,まとめ先\n"
        "たぶん,広場,,,,公園\n○,,,,,公園\n○,広場,,広場,名詞,公園\n○,広場,,,,\n,緑地,,,,公園\n",
        "utf-8-sig",
    )
    with pytest.raises(InputError) as caught:
        read_entries(path)
    said = str(caught.value)
    assert "2行目「採用」 「たぶん」は読めません" in said
    assert "3行目「語」 語が空です" in said
    assert "4行目「まとめ先」 「まとめ先」と「正規形」「種類」の両方" in said
    assert "5行目「まとめ先」 「まとめ先」か「正規形」のどちらか" in said
    assert "6行目" not in said


def test_a_csv_in_the_form_of_a_dictionary_is_taken_whole(tmp_path):
    (tmp_path / "w.csv").write_text("見出し,読み,正規形,種類\n" + ",".join(WORD), "utf-8")
    (tmp_path / "s.csv").write_text("語,まとめ先\n# 説明\n公園,広場\n", "utf-8-sig")
    assert read_entries(tmp_path / "w.csv") == [Entry(WORDS_FILE, WORD, "2行目")]
    assert read_entries(tmp_path / "s.csv") == [Entry(SYNONYMS_FILE, PAIR, "3行目")]


@pytest.mark.parametrize("content", ["名前,年齢\n山田,3\n", ""])
def test_a_file_without_the_columns_is_refused(tmp_path, content):
    (tmp_path / "x.csv").write_text(content, "utf-8")
    with pytest.raises(InputError, match="候補の表でも"):
        read_entries(tmp_path / "x.csv")
    with pytest.raises(UsageError, match=r"候補の表（\.xlsx）でも CSV でも"):
        read_entries(tmp_path / "x.docx")


def test_a_reading_that_is_left_out_is_sudachis_and_hiragana_becomes_katakana():
    assert word_entry("草刈り隊").cells == ("草刈り隊", "クサカリタイ", "草刈り隊", "名詞")
    assert word_entry("夢広場", "ゆめひろば").cells[1] == "ユメヒロバ"
    assert word_entry("ゆめぱる").cells[1] == "ユメパル"


@pytest.mark.parametrize("mark", ["〇", "ｏ", "✔\ufe0f", "✅", "レ", "丸", True, 1])
def test_whatever_people_tick_with_is_read(tmp_path, mark):
    path = _sheet(tmp_path, [mark, *PAIR], [not mark, "緑地", "広場"], ["×", "緑地", "広場"])
    assert [own.cells for own in read_entries(path)] == [PAIR]


def _sheet(folder, *rows):
    book = Workbook()
    for row in [("採用", "語", "まとめ先"), *rows]:
        book.active.append(row)
    book.save(folder / "候補.xlsx")
    return folder / "候補.xlsx"


def test_a_quotation_mark_that_is_not_closed_is_named(tmp_path):
    (tmp_path / "x.csv").write_text('採用,語,まとめ先\n○,"公園,広場\n', "utf-8")
    with pytest.raises(InputError, match="引用符"):
        read_entries(tmp_path / "x.csv")


# What it does


@pytest.mark.usefixtures("_quick")
def test_opinions_that_get_other_words_are_listed(sample_run):
    table = try_words(sample_run, [WORD], dict([PAIR]))
    assert len(table)
    assert table["opinion_id"].is_monotonic_increasing
    touched = table[table["gone"].str.contains("公園")]
    assert (touched["new"].str.contains("広場")).all()
    assert touched["text"].str.contains("公園").all()
    same = table[table["heading"] == table["heading_after"]]
    assert (same["issue_id"] == same["issue_id_after"]).all()


@pytest.mark.usefixtures("_quick")
def test_of_a_large_run_the_same_words_are_found_and_the_rest_is_said(sample_run, monkeypatch):
    whole = try_entries(ENTRIES, sample_run)
    monkeypatch.setattr(effect, "MOST_TEXTS", 10)
    part = try_entries(ENTRIES, sample_run)
    worded = whole.changed[whole.changed["gone"] != ""].reset_index(drop=True)
    assert part.changed.equals(worded)
    assert "語が変わる意見だけを読みなおしました" in "\n".join(render_trial(part, 80))


@pytest.mark.usefixtures("_quick")
def test_what_is_already_so_changes_nothing(sample_run):
    assert len(try_words(sample_run, [], {"町会": "町内会"})) == 0


# What is written


CONTENT = st.sampled_from(
    [
        b"\xef\xbb\xbf\xe8\xaa\x9e,b\r\n# x\r\nc,d\r\n",
        b"a,b\nc,d",
        b"a,b\n# comment\n\nc,d\n",
        b"",
        b"\xef\xbb\xbf",
    ]
)
LINES = st.lists(st.text(st.characters(blacklist_categories=("Cc", "Cs")), min_size=1), max_size=4)


@given(CONTENT, LINES)
def test_adding_changes_no_byte_that_was_there_and_keeps_the_line_ends(content, lines):
    made = added_to(content, lines)
    assert made.startswith(content)
    assert made.endswith(b"".join(own.encode() + _end(content) for own in lines))
    assert not lines or made.count(b"\n") == content.count(b"\n") + len(lines) + (
        content.strip(b"\xef\xbb\xbf") != b"" and not content.endswith(b"\n")
    )


CELL = st.text(st.sampled_from('町会,"#\\ \n\t、Ａa\ufeff'), max_size=5).map(str.strip)


@given(CELL, CELL)
def test_whatever_may_be_added_is_read_back_as_it_is(word, target):
    for columns, cells, problem in (
        (SYNONYM_COLUMNS, (word, target), synonym_problem(word, target)),
        (USER_COLUMNS, (word, "ア", target, "名詞"), word_problem(word, "ア", target, "名詞")),
    ):
        content = added_to((",".join(columns) + "\r\n").encode(), [as_line(cells)])
        lines, problems = parse_words(content.decode(), columns)
        assert problem or ([own.cells for own in lines], problems) == ([cells], [])


def _end(content):
    return b"\r\n" if b"\r\n" in content else b"\n"


def test_lines_are_written_at_the_end_and_read_again(folder):
    before = read_dictionaries(folder)
    changed_files = write_entries(folder, ENTRIES, before)
    assert [own.name for own in changed_files] == [WORDS_FILE, SYNONYMS_FILE]
    assert read_user_words(folder / WORDS_FILE)[-1] == WORD
    assert read_synonyms(folder / SYNONYMS_FILE)["公園"] == "広場"
    for name, content in before.items():
        assert (folder / name).read_bytes().startswith(content)
    assert not [own for own in folder.iterdir() if own.name.startswith(f".{WORDS_FILE}")]


def test_a_dictionary_that_somebody_changed_meanwhile_is_left_alone(folder):
    before = read_dictionaries(folder)
    path = folder / SYNONYMS_FILE
    path.write_bytes(path.read_bytes() + "図書室,図書館\n".encode())
    after = read_dictionaries(folder)
    with pytest.raises(ConflictError, match="ほかの人が辞書を直しました"):
        write_entries(folder, ENTRIES, before)
    assert read_dictionaries(folder) == after


def test_of_several_who_write_at_once_one_wins_and_nothing_is_half(folder):
    before = read_dictionaries(folder)
    results = []

    def write(number):
        try:
            own = Entry(SYNONYMS_FILE, (f"語{number}", "広場"))
            results.append(write_entries(folder, [own], before))
        except ConflictError as error:
            results.append(error)

    threads = [threading.Thread(target=write, args=(own,)) for own in range(6)]
    for own in threads:
        own.start()
    for own in threads:
        own.join()
    assert sum(isinstance(own, list) for own in results) == 1
    assert len(read_synonyms(folder / SYNONYMS_FILE)) == before[SYNONYMS_FILE].count(b",") - 1 + 1


def test_where_the_second_file_cannot_be_replaced_the_first_is_put_back(folder, monkeypatch):
    before = read_dictionaries(folder)
    replace = Path.replace

    def failing(self, target):
        if Path(target).name == SYNONYMS_FILE:
            raise PermissionError("open in Excel")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(InputError, match="書き込めません") as caught:
        write_entries(folder, ENTRIES, before)
    assert read_dictionaries(folder) == before
    assert "user.csv: 草刈り隊,クサカリタイ,草刈り隊,名詞" in str(caught.value)
    assert not [own for own in folder.iterdir() if own.name.startswith(f".{WORDS_FILE}")]


@pytest.mark.parametrize("name", [WORDS_FILE, SYNONYMS_FILE])
def test_an_interrupt_right_after_a_file_is_in_place_puts_both_back(folder, monkeypatch, name):
    before = read_dictionaries(folder)
    replace = Path.replace

    def interrupted(self, target):
        replace(self, target)
        if Path(target).name == name:
            monkeypatch.setattr(Path, "replace", replace)
            raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_entries(folder, ENTRIES, before)
    assert read_dictionaries(folder) == before


def test_what_is_written_is_said_to_be_written_though_the_old_content_stays_beside(
    folder, monkeypatch
):
    def held(*_, **__):
        raise PermissionError("a scanner of viruses reads it")

    monkeypatch.setattr(Path, "unlink", held)
    assert write_entries(folder, ENTRIES[1:], read_dictionaries(folder))
    assert read_synonyms(folder / SYNONYMS_FILE)["公園"] == "広場"


def test_a_folder_that_may_not_be_written_to_is_named_with_a_remedy(folder, monkeypatch):
    def refused(*_, **__):
        raise PermissionError("read only")

    before = read_dictionaries(folder)
    monkeypatch.setattr(writing.tempfile, "mkstemp", refused)
    with pytest.raises(InputError, match="管理者") as caught:
        write_entries(folder, ENTRIES, before)
    assert str(folder) in str(caught.value)
    assert read_dictionaries(folder) == before


def test_a_link_to_a_dictionary_stays_one(folder, tmp_path):
    real = tmp_path / "shared.csv"
    (folder / SYNONYMS_FILE).rename(real)
    (folder / SYNONYMS_FILE).symlink_to(real)
    write_entries(folder, ENTRIES[1:], read_dictionaries(folder))
    assert (folder / SYNONYMS_FILE).is_symlink()
    assert real.read_bytes().endswith("公園,広場\n".encode())


def test_an_added_word_is_another_dictionary_for_the_manifest_and_for_verify(folder, sample_run):
    study = load_study(sample_run / "study.toml")
    then = load_manifest(sample_run)
    assert verify._changed_dictionaries(study, sample_run, then) == []
    write_entries(folder, ENTRIES[:1], read_dictionaries(folder))
    said = verify._changed_dictionaries(study, sample_run, then)
    assert len(said) == 1
    assert "辞書「user.csv」の中身が、実行したときと違います" in said[0]


def test_every_dictionary_is_in_the_manifest(sample_run):
    known = {own["file"] for own in load_manifest(sample_run)["dictionaries"]}
    present = {own.name for own in dictionaries_folder().iterdir() if own.is_file()}
    assert {own for own in present if not own.startswith(".")} <= known


# The command


@pytest.mark.usefixtures("_quick")
def test_without_write_nothing_is_written_and_that_is_said(folder, sample_run):
    before = read_dictionaries(folder)
    said = call("--synonym", "公園", "--to", "広場", "--run", sample_run)
    assert said.exit_code == 0, said.output
    assert "synonyms.csv に足す行: 公園,広場" in said.output
    assert "語が変わる意見" in said.output
    assert "課題の分けなおし" in said.output
    assert "まだ書いていません" in said.output
    assert read_dictionaries(folder) == before


@pytest.mark.usefixtures("_quick")
def test_with_write_the_file_is_named(folder, sample_run):
    said = call("--synonym", "公園", "--to", "広場", "--run", sample_run, "--write")
    assert f"書きました: {folder / SYNONYMS_FILE}" in said.output
    assert read_synonyms(folder / SYNONYMS_FILE)["公園"] == "広場"
    again = call("--synonym", "公園", "--to", "広場", "--run", sample_run, "--write")
    assert "もうあります" in again.output
    assert "足すものはありません" in again.output


@pytest.mark.usefixtures("_quick")
def test_without_a_run_the_entries_are_checked_all_the_same(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = call("--word", "草刈り隊")
    assert "user.csv に足す行: 草刈り隊,クサカリタイ,草刈り隊,名詞" in said.output
    assert "どの意見が変わるかは調べていません" in said.output


@pytest.mark.parametrize("arguments", [
    (), ("--reading", "クサ"), ("--synonym", "公園"), ("--to", "広場"),
])  # fmt: skip
def test_a_call_that_names_nothing_or_a_half_is_explained(arguments):
    said = call(*arguments)
    assert isinstance(said.exception, UsageError)


def test_the_sheet_is_not_written_into_the_run(sample_run):
    place = sample_run / "候補.xlsx"
    said = CliRunner().invoke(
        cli, ["dictionary", "suggest", str(sample_run), "--output", str(place)]
    )
    assert isinstance(said.exception, UsageError)
    assert not place.exists()


def test_the_sheet_is_its_owners_alone(sample_run, tmp_path):
    place = tmp_path / "候補.xlsx"
    said = CliRunner().invoke(
        cli, ["dictionary", "suggest", str(sample_run), "--output", str(place)]
    )
    assert said.exit_code == 0
    assert "取扱注意" in said.output
    assert os.name == "nt" or place.stat().st_mode & 0o077 == 0
