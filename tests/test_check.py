"""``kadai check`` shows what was understood, every doubt, and where every cell goes."""

from __future__ import annotations

import csv
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from pipeline.answers import read_answers
from pipeline.cli import main
from pipeline.documents import Document, Grid, NoteEntry
from pipeline.documents.model import Remark
from pipeline.findings import Finding, document_findings
from pipeline.findings.facts import toml
from pipeline.findings.screen import doubt_lines, finding_lines, short_lines
from pipeline.findings.textline import cut, one_line
from pipeline.infer import infer_study
from pipeline.reckoning import reckon, reckoning_findings
from pipeline.reckoning_screen import publication_lines, reckoning_lines
from pipeline.textlayout import width_of

SAMPLE = Path(__file__).parents[1] / "inputs" / "sample"
HEADER = ["番号", "氏名", "年齢", "ご意見をお書きください", "ひとこと", "空欄"]
ROWS = [
    ["1", "架空一郎", "40代", "坂が多くて歩くのがつらいです。", "橋", ""],
    ["2", "架空二子", "50代", "電話は 03-1234-5678 です。バスがほしい。", "駅", ""],
    [],
    ["3", "架空三郎", "40代", "特になし", "", ""],
    ["4", "架空四子", "60代", "", "", ""],
    ["5", "架空五郎", "60代", "公園に明かりを増やしてください。", "", ""],
    ["6", "架空六子", "40代", "店が遠くて困っています。", "", ""],
    ["7", "架空七郎", "50代", "子どもの居場所がほしいです。", "", ""],
    ["8", "架空八子", "40代", "雪かきを手伝ってほしいです。", "", ""],
]
MINUTES = """東町地区懇談会

日時：令和7年5月1日

司会：それでは始めます。

住民Ａ：バスの本数が少なくて困っています。

住民Ｂ：坂が多いので歩くのがつらいです。
"""


def write_csv(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "市民アンケート.csv", [HEADER, *ROWS])


@pytest.fixture
def minutes(tmp_path: Path) -> Path:
    path = tmp_path / "地区懇談会.txt"
    path.write_text(MINUTES, encoding="utf-8")
    return path


def check(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str]:
    code = main(["check", *map(str, arguments)])
    shown = capsys.readouterr()
    return code, shown.out + shown.err


def row_of(shown: str, header: str) -> str:
    (line,) = [one for one in shown.splitlines() if re.match(rf"  . [A-Z]+ +{header}", one)]
    return line


def test_every_column_has_a_line_with_letter_use_filled_cells_and_an_example(survey, capsys):
    code, shown = check(capsys, survey)
    assert code == 0
    assert re.search(r"C +年齢 +属性 +8/8 +40代", shown)
    assert re.search(r"D +ご意見をお書き.* 自由記述 +7/8 +坂が多", shown)
    assert re.search(r"F +空欄 +使わない（空の列） +0/8$", shown, re.MULTILINE)


def test_the_file_is_told_by_format_encoding_header_and_rows(survey, capsys):
    _, shown = check(capsys, survey)
    assert re.search("形式 +コンマで区切った表（.csv）", shown)
    assert re.search("文字コード +UTF-8", shown)
    assert re.search("見出し行 +1行目", shown)
    assert re.search("行 +2～10行目の8行。空の行が1行（4行目）あり、飛ばします。", shown)


def test_an_example_shows_no_name_and_no_telephone_number(survey, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "140")
    _, shown = check(capsys, survey)
    assert "架空" not in shown
    assert "（伏せています）" in row_of(shown, "氏名")
    rows = [HEADER, *([own[0], "", own[2], f"{own[0]}の電話は03-1234-5678です。", "", ""]
                      for own in ROWS if own)]  # fmt: skip
    write_csv(survey, rows)
    _, shown = check(capsys, survey)
    assert "1234" not in shown
    assert "［電話番号］" in row_of(shown, "ご意見")


def test_a_doubt_is_marked_in_its_line_and_numbered_at_the_end_with_the_line_to_write(
    survey, capsys
):
    _, shown = check(capsys, survey)
    assert row_of(shown, "ひとこと").startswith("  ？ E")
    listed = shown.split("■ 確かめてほしいところ（？）")[1]
    assert re.search(r"^  1\. ", listed, re.MULTILINE)
    assert "E列「ひとこと」" in listed
    assert '"ひとこと" = "ひとこと"' in listed


def test_the_lines_that_settle_a_doubt_do_settle_it(tmp_path, capsys):
    path = write_csv(tmp_path / "回答.csv", [HEADER, *ROWS])
    study = tmp_path / "調査.toml"
    assert check(capsys, path, "--output", study, "--strict")[0] == 3
    text = study.read_text("utf-8")
    strike_out = '"ひとこと" = "ひとこと"\n'
    assert strike_out in text
    written = text.replace(strike_out, "").replace('kind = "survey"', 'kind = "district_meeting"')
    study.write_text(written, encoding="utf-8")
    code, shown = check(capsys, study, "--strict")
    assert code == 0, shown
    assert "種別        地区懇談会（調査ファイルの指定）" in shown


def test_a_text_column_that_a_study_leaves_out_is_doubtful_but_decided(survey, capsys):
    rows = [[*own[:4], f"{own[0]}の道は暗いと思う", ""] for own in ROWS if own]
    write_csv(survey, [[*HEADER[:4], "ほかのご意見", "空欄"], *rows])
    study = survey.with_name("調査.toml")
    source = f'file = "{survey.name}"\nkind = "survey"\ntext = ["ご意見をお書きください"]\n'
    study.write_text(f'title = "x"\n[[sources]]\n{source}', encoding="utf-8")
    code, shown = check(capsys, study, "--strict")
    assert code == 0
    assert row_of(shown, "ほかのご意見").startswith("  ？")
    assert "使わないと決めたのなら、このままでかまいません。" in shown
    assert '"ほかのご意見",' in shown


def test_strict_ends_with_3_where_there_is_a_doubt_and_with_0_where_there_is_none(tmp_path, capsys):
    doubtful = write_csv(tmp_path / "メモ.csv", [["番号", "意見"], ["1", "坂が多い。"]])
    code, shown = check(capsys, doubtful, "--strict")
    assert code == 3
    assert "確かめてほしいところ（？）が残っています。" in shown
    assert check(capsys, doubtful)[0] == 0
    plain = [["番号", "意見"], *([str(n), f"{n}丁目の坂がつらいです。"] for n in range(1, 12))]
    clear = write_csv(tmp_path / "市民アンケート.csv", plain)
    code, shown = check(capsys, clear, "--strict")
    assert code == 0
    assert "確かめてほしいところ（？）はありません。" in shown


def test_every_line_of_a_study_that_is_shown_is_toml(survey):
    _, findings = infer_study([survey])
    for one in findings:
        for line in one.lines:
            tomllib.loads(f"x = [{line}]" if line.startswith('"') and "=" not in line else line)


def test_filled_cells_are_read_or_set_aside_and_the_sum_is_said(
    minutes, survey, capsys, monkeypatch
):
    monkeypatch.setenv("COLUMNS", "140")
    code, shown = check(capsys, survey, minutes)
    assert code == 0
    found = re.search(r"空でないセル (\d+) = 読む (\d+)((?: \+ \S+ \d+)*)", shown)
    assert found
    parts = [int(number) for number in re.findall(r" \+ \S+ (\d+)", found[3])]
    assert int(found[1]) == int(found[2]) + sum(parts)
    assert "見出し" in found[3]
    assert "進行役・事務局の発言" in found[3]


def test_what_says_nothing_and_what_will_be_masked_is_foreseen(survey, capsys):
    _, shown = check(capsys, survey)
    assert re.search(r"何も言っていない回答: \d+件（該当なしの回答", shown)
    assert re.search(r"個人情報を伏せる回答: 1件（［電話番号］\s+1件）", shown)


def test_words_of_those_who_lead_a_meeting_are_told_but_do_not_stop_a_script(minutes, capsys):
    code, shown = check(capsys, minutes, "--strict")
    assert code == 0
    assert "進行役や事務局の発言が1件あります" in shown.split("■ 確かめてほしいところ")[1]


def test_notes_are_told_by_role_speakers_and_first_statements(minutes, capsys):
    _, shown = check(capsys, minutes)
    assert re.search(r"記録 +発言・意見 2件、見出し 1件、会議の記録事項 1件", shown)
    assert re.search(r"発言者 +3人。", shown)
    assert "「バスの本数が少なくて困っています。」" in shown


def test_a_surname_of_a_speaker_is_not_shown_where_it_is_found_to_be_one(monkeypatch):
    from pipeline.findings import facts
    from pipeline.privacy import PersonalSpan

    monkeypatch.setattr(facts, "find_personal", lambda _text: [PersonalSpan(0, 2, "氏名")])
    entries = (
        NoteEntry("1行目", "", "架空委員", "坂が多い。", "statement"),
        NoteEntry("2行目", "", "仮名委員", "店が遠い。", "statement"),
    )
    told = {one.subject: one for one in document_findings(Document("x.txt", entries=entries))}
    assert told["発言者"].reason == "［氏名］委員 2人。"


def test_a_speaker_who_is_a_bare_surname_is_not_shown(tmp_path, capsys):
    path = tmp_path / "西町懇談会.txt"
    said = "司会：始めます。\n小林：バスが少なくて困っています。\n住民：道が暗いです。\n"
    path.write_text(said, "utf-8")
    _, shown = check(capsys, path)
    assert "小林" not in shown
    assert "［氏名］、住民" in shown


def test_remarks_of_the_readers_are_shown_and_counted_as_doubts():
    grid = Grid("x.xlsx", "回答", (("意見",),), (1,))
    remarks = (
        Remark("回答", "非表示の行が3行あり、読みました。"),
        Remark("", "一言。", doubt=False),
    )
    findings = document_findings(Document("x.xlsx", grids=(grid,), remarks=remarks))
    shown = "\n".join(finding_lines(findings, 80))
    assert "シート「回答」" in shown
    assert "？ 注意" in shown
    assert "非表示の行が3行あり、読みました。" in shown
    assert "一言。" in shown
    assert "非表示の行が3行" in "\n".join(doubt_lines(findings, 80))
    assert "一言。" not in "\n".join(doubt_lines(findings, 80))


def test_one_doubt_of_many_files_is_one_number():
    findings = [Finding(f"{n}.csv", None, "種別", "市民アンケート", "わけ。", True) for n in "abc"]
    lines = doubt_lines(findings, 80)
    assert lines[0].endswith("1件")
    assert "a.csv、b.csv、c.csv 種別 → 市民アンケート" in lines[1]


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_terminal_but_those_to_copy(survey, minutes, width):
    study, findings = infer_study([survey, minutes])
    read = read_answers(study, survey.parent)
    reckoning = reckon(study, read)
    lines = [*finding_lines(findings, width), *reckoning_lines(study, reckoning, width)]
    lines += short_lines(findings, width)
    assert max(map(width_of, lines)) <= width
    to_copy = {line for one in findings for line in one.lines}
    others = [line for line in doubt_lines(findings, width) if line.strip() not in to_copy]
    assert max(map(width_of, others)) <= width


def test_everything_that_is_shown_can_be_shown_on_a_japanese_windows_console(
    survey, minutes, capsys
):
    _, shown = check(capsys, survey, minutes)
    assert shown.encode("cp932").decode("cp932") == shown


@given(st.text(st.characters(), max_size=40))
def test_a_header_can_do_nothing_to_the_terminal(text: str) -> None:
    shown = one_line(f"見{text}出し")
    assert shown.isprintable() or not shown.encode("utf-8", "ignore").decode().isascii()
    assert not set(shown) & {"\x1b", "\n", "\r", "\u202e", "\u200b", "\x9b"}


@given(st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Mn", "Me"]), max_size=60),
       st.integers(10, 40), st.booleans())  # fmt: skip
def test_what_is_cut_fits_and_keeps_its_beginning(text: str, width: int, tail: bool) -> None:  # noqa: FBT001
    shown = cut(text, width, tail=tail)
    assert width_of(shown) <= width
    assert text.startswith(shown.split("..")[0]) or ".." in text


def test_the_ledger_does_not_depend_on_the_order_of_rows(tmp_path):
    ways = []
    for rows in (ROWS, ROWS[::-1]):
        path = write_csv(tmp_path / "市民アンケート.csv", [HEADER, *rows])
        study, _ = infer_study([path])
        ways.append(reckon(study, read_answers(study, tmp_path)))
    assert ways[0] == ways[1]
    assert reckoning_findings(study, ways[0]) == []


def test_of_many_answers_some_are_read_closely_and_that_is_said(survey, monkeypatch):
    import pipeline.reckoning

    monkeypatch.setattr(pipeline.reckoning, "MOST_READ_CLOSELY", 3)
    study, _ = infer_study([survey])
    reckoning = reckon(study, read_answers(study, survey.parent))
    assert reckoning.n_closely == 3
    assert "抜き出した 3件のうち" in "\n".join(reckoning_lines(study, reckoning, 80))


def test_run_says_in_few_lines_what_it_reads_and_doubts(survey, capsys, monkeypatch, tmp_path):
    import pipeline.running

    monkeypatch.setattr(pipeline.running, "run_study", lambda *_args, **_more: 1 / 0)
    monkeypatch.chdir(tmp_path)
    main(["run", str(survey)])
    shown = capsys.readouterr().err.split("エラー")[0]
    assert re.search("自由記述 +「ご意見をお書きください」", shown)
    assert "確かめてほしいところ（？）" in shown
    assert "例" not in shown


def test_sheets_that_are_left_out_rows_that_are_no_answers_and_titles_are_told(tmp_path, capsys):
    book = Workbook()
    sheet = book.active
    sheet.title = "回答"
    sheet.append(["地域福祉アンケート（架空）"])
    sheet.append(["番号", "ご意見をお書きください"])
    for number in range(1, 13):
        sheet.append([number, f"{number}丁目の坂がつらいです。"])
    sheet.append(["合計", 12])
    hidden = book.create_sheet("控え")
    hidden.append(["番号", "ご意見"])
    hidden.append([1, "道が暗いです。"])
    hidden.sheet_state = "hidden"
    path = tmp_path / "市民アンケート.xlsx"
    book.save(path)
    _, shown = check(capsys, path)
    assert re.search("？ シート +「控え」は読みません。非表示", shown)
    assert 'sheet = "控え"' in shown
    assert re.search("見出し行 +2行目。その上の1個のセル（「地域福祉アンケート", shown)
    assert re.search("？ 行 +15行目は合計などの行。", shown)
    assert re.search(r"B +ご意見をお書きください +自由記述 +12/12", shown)


def test_the_ledger_counts_the_cells_that_the_table_counts(survey, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    _, shown = check(capsys, survey)
    filled = sum(bool(own[3].strip()) for own in ROWS if own)
    assert f" {filled}/8 " in row_of(shown, "ご意見")
    assert f"空でないセル {filled} = 読む {filled}\n" in shown


def test_words_of_an_office_in_a_column_of_speakers_are_set_aside_and_told(tmp_path, capsys):
    said = [["発言者", "発言内容"], ["事務局", "資料1をご説明します。"]]
    said += [[f"{own}委員", "バスの本数が少なくて困っています。"] for own in "ＡＢＣＤＥＦＧＨ"]
    path = write_csv(tmp_path / "地区懇談会.csv", said)
    code, shown = check(capsys, path, "--strict")
    assert code == 0, shown
    assert "進行役・事務局の発言 → 1件を対象外にします" in shown
    assert re.search(r"空でないセル 9 = 読む 8 \+ 進行役・事務局の発言 1", shown)
    assert "（伏せています）" in row_of(shown, "発言者")


def test_attributes_of_which_less_is_published_are_named(survey, capsys):
    _, shown = check(capsys, survey)
    assert "3人に満たないと公表しません（障害・健康などの属性なら10人" in shown
    header = [*HEADER[:2], "障害者手帳の有無", *HEADER[3:]]
    write_csv(survey, [header, *([*own[:2], "ある" if own[0] in "135" else "ない", *own[3:]]
                                 for own in ROWS if own)])  # fmt: skip
    study, _ = infer_study([survey])
    lines = publication_lines(study, read_answers(study, survey.parent).answers, 200)
    assert "障害・健康などの「障害者手帳の有無」は、10人に満たないと公表しません" in lines[0]


def test_a_file_from_another_folder_is_told_where_a_study_names_it(tmp_path, survey, capsys):
    place = tmp_path / "調査"
    place.mkdir()
    source = f'file = "../{survey.name}"\nkind = "survey"\n'
    (place / "study.toml").write_text(f'title = "x"\n[[sources]]\n{source}', encoding="utf-8")
    _, shown = check(capsys, place)
    assert re.search("場所 +調査ファイルのフォルダーの外にあります。", shown)


def test_what_cannot_be_seen_in_a_header_can_be_copied_into_a_study():
    line = toml("respondent", "番\u200b号")
    assert line.isprintable()
    assert tomllib.loads(line) == {"respondent": "番\u200b号"}


def test_the_questions_that_a_text_explains_are_named_by_their_letter(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    _, shown = check(capsys, SAMPLE / "survey_2025.xlsx")
    assert re.search(r"F +上記の理由 +自由記述（Eの補足）", shown)
    _, shown = check(capsys, SAMPLE / "study.toml")
    assert re.search(r"＊ F +上記の理由 +自由記述（Eの補足）", shown)
    assert "＊ 調査ファイルで指定された列" in shown


def test_columns_may_be_called_like_what_is_told_of_a_file(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    header = ["シート", "種別", "形式", "記録", "ご意見をお書きください"]
    rows = [[f"{n}枚目", "郵送", "紙", "済", f"{n}丁目の坂がつらいです。"] for n in range(1, 12)]
    path = write_csv(tmp_path / "市民アンケート.csv", [header, *rows])
    _, shown = check(capsys, path)
    assert [row_of(shown, name)[4] for name in header] == list("ABCDE")
    _, findings = infer_study([path])
    brief = short_lines(findings, 120)
    assert brief[0] == "■ 市民アンケート.csv（市民アンケート）"
    assert not any(line.strip().startswith("記録") for line in brief)
