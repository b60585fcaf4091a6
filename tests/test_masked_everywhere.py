"""What is masked stands in the table of answers and nowhere else."""

from __future__ import annotations

import csv
import io
from contextlib import redirect_stdout

import docx
import pytest

from pipeline import tables
from pipeline.cli import main
from pipeline.deidentify import deidentify
from pipeline.privacy import find_personal
from tests.masked_fixture import texts_under

CONFIDENTIAL = {"tables/answers.csv", "tables/answers.parquet"}

# Fictitious people; names that are part of no other word here.
SECRETS = (
    "栗花落", "小鳥遊", "勅使河原", "東海林", "090-1234-5678", "０４２－４６４－１３１１",
    "tsuyuri@example.com", "188-0011", "田無町9丁目87番65号",
)  # fmt: skip
VOICES = (
    "民生委員の栗花落さんに助けられた。",
    "バスが少ない。連絡は090-1234-5678まで。",
    "小鳥遊様の家の前の街灯が暗い。",
    "メールはtsuyuri@example.comです。バスの本数を増やしてほしい。",
    "電話０４２－４６４－１３１１がつながらない。窓口が不親切だ。",
    "西東京市田無町9丁目87番65号の前の道が狭い。〒188-0011",
    "特になし",
    "担当の勅使河原さんの対応がよかった。",
    # The same people without a title, numbers with what nobody sees in them
    "栗花落が来てくれて助かった。",
    "バスが少ない。連絡は090\u200b-1234\u200b-5678まで。",
)
PLAIN = (
    "バスの本数が少なくて困る",
    "街灯が暗くて夜道がこわい",
    "窓口の説明が分かりにくい",
    "公園の遊具が古い",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two waves, each of a table and of minutes, the second compared with the first."""
    folder = tmp_path_factory.mktemp("masked")
    for wave in ("old", "new"):
        table = folder / f"{wave}.csv"
        with table.open("w", encoding="utf-8", newline="") as file:
            rows = [
                [str(n), ("30代", "60代")[n % 2], "090-1234-5678", text]
                for n, text in enumerate((*VOICES, *PLAIN) * 8, start=1)
            ]
            csv.writer(file).writerows([["回答番号", "年代", "連絡先", "ご意見"], *rows])
        notes = docx.Document()
        notes.add_heading("小鳥遊さん宅での懇談会", 1)
        notes.add_paragraph("出席者：東海林さん、栗花落さん")
        for text in VOICES:
            notes.add_paragraph(f"栗花落さん：{text}")
        notes.save(folder / f"{wave}_懇談会.docx")
        comments = folder / f"{wave}_パブコメ.csv"
        with comments.open("w", encoding="utf-8", newline="") as file:
            rows = [["勅使河原様の窓口について", text] for text in VOICES]
            csv.writer(file).writerows([["該当箇所", "ご意見の内容"], *rows])
        call = ["run", str(table), str(notes_path(folder, wave)), str(comments)]
        previous = ["--previous", str(folder / "old-run")] if wave == "new" else []
        assert main([*call, "--output", str(folder / f"{wave}-run"), *previous]) == 0
    run = folder / "new-run"
    assert main(["papers", str(run)]) == 0
    page = folder / "new-run" / "changes.html"
    assert main(["compare", str(folder / "old-run"), str(run), "--report", str(page)]) == 0
    return run


def notes_path(folder, wave):
    return folder / f"{wave}_懇談会.docx"


def test_every_secret_is_found_in_the_answers(made):
    answers = tables.load_table("answers", made / "tables")
    found = {
        text[span.start : span.end] for text in answers["raw_text"] for span in find_personal(text)
    }
    for secret in SECRETS:
        assert any(secret in own for own in found), secret


def test_no_masked_string_stands_in_any_other_file(made):
    leaks = [
        (name, secret)
        for name, text in texts_under(made)
        if name not in CONFIDENTIAL
        for secret in SECRETS
        if secret in text
    ]
    assert leaks == []


@pytest.mark.parametrize("command", ["explain", "history"])
def test_no_masked_string_is_printed_by_the_audit(made, command):
    opinions = tables.load_table("opinions", made / "tables")
    targets = [[own] for own in opinions["opinion_id"][:40]] if command == "explain" else [[]]
    for target in targets:
        printed = io.StringIO()
        with redirect_stdout(printed):
            main([command, str(made), *target])
        assert not [secret for secret in SECRETS if secret in printed.getvalue()]


def test_without_raw_text_nothing_masked_stands_anywhere(made, tmp_path):
    source = made.parent / "new.csv"
    assert main(["run", str(source), "--output", str(tmp_path / "run"), "--no-raw"]) == 0
    for name, text in texts_under(tmp_path / "run"):
        assert not [secret for secret in SECRETS if secret in text], name


def test_offsets_lead_back_to_the_raw_text(made):
    answers = tables.load_table("answers", made / "tables").set_index("answer_id")["raw_text"]
    opinions = tables.load_table("opinions", made / "tables")
    masked = 0
    for row in opinions.to_dict("records"):
        raw = answers[row["answer_id"]][row["start"] : row["end"]]
        masked += raw != row["text"]
        if "［" not in row["text"]:
            assert raw == row["text"]
    assert masked


def test_speakers_are_told_apart_without_their_names(made):
    answers = tables.load_table("answers", made / "tables")
    shown = deidentify(answers)
    assert "raw_text" not in shown
    assert shown["respondent_id"].nunique() == answers["respondent_id"].nunique()
    assert not shown["respondent_id"].str.contains("栗花落").any()


def test_an_address_in_an_attribute_is_masked_and_a_district_is_not(made):
    answers = tables.load_table("answers", made / "tables").iloc[:2]
    shown = deidentify(answers.assign(attr_地区=["中野", "090-1234-5678"]))
    assert shown["attr_地区"].tolist() == ["中野", "［電話番号］"]
