"""Reviewers hide, open and confirm what is masked, in the workbook, through real runs."""

from __future__ import annotations

import csv
import io
import shutil
import stat
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import tables
from pipeline.cli import main
from pipeline.decision_words import Voices, shown_masks
from pipeline.decisions import (
    CHECKED,
    COLUMNS,
    MEMBERS,
    PUBLIC,
    WITHDRAWN,
    Decision,
    parse_decisions,
)
from pipeline.opinions import text_key
from pipeline.plan import load_plan
from pipeline.privacy import (
    LABELS,
    Hidden,
    PersonalSpan,
    blank,
    find_personal,
    mask,
    unmasked,
    with_hidden,
    write_hidden,
)
from pipeline.privacy.declared import (
    covering,
    parse_public,
    why_not_public,
    write_public,
)
from pipeline.review.columns import MASKED
from pipeline.review.privacy_cell import PrivacyCell, privacy_cell
from pipeline.review.values import PUBLIC_CHOICE, UnreadableError
from tests.masked_fixture import texts_under

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

OFFICE: Final = "042-464-1311"
OWN: Final = "090-1234-5678"
MAIL: Final = "hanako@example.com"
CODE: Final = "188-0011"

# Fictitious people and numbers.
VOICES: Final = {
    "office": f"市役所の{OFFICE}に電話してもつながらない。",
    "office_too": f"夜でも{OFFICE}に相談できるようにしてほしい。",
    "both": f"{OFFICE}の窓口で、ハナタカ商店のおかみが困っていた。",
    "own": f"バスが少ない。返事は{OWN}へください。",
    "mail": f"街灯を増やしてほしい。{MAIL}",
    "code": f"〒{CODE} 公園の遊具が古い。",
    "name": "隣の田中太郎さんの犬がほえる。",
}
PLAIN: Final = (
    "バスの本数が少なくて困る。",
    "街灯が暗くて夜道がこわい。",
    "窓口の説明が分かりにくい。",
    "公園の遊具が古い。",
    "近所の付き合いが減ってさびしい。",
    "介護の相談先が分からない。",
)


def kadai(*arguments: object) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main([str(own) for own in arguments])
    return code, out.getvalue(), err.getvalue()


@dataclass
class Town:
    """A study in a folder of its own, its runs, and the workbook of the last one."""

    folder: Path
    run: Path

    @property
    def opinions(self) -> pd.DataFrame:
        return tables.load_table("opinions", self.run / "tables")

    @property
    def applied(self) -> pd.DataFrame:
        return tables.load_table("applied_decisions", self.run / "tables")

    @property
    def record(self) -> list[dict[str, str]]:
        with (self.folder / "decisions.csv").open(encoding="utf-8-sig", newline="") as file:
            return [row for row in csv.DictReader(file) if row["field"] != MEMBERS]

    def opinion(self, voice: str, part: str = "") -> str:
        """Opinion that was made of a voice, or of the part that holds some words."""
        raw = VOICES[voice]
        answers = tables.load_table("answers", self.run / "tables")
        (answer,) = answers.loc[answers["raw_text"] == raw, "answer_id"]
        own = self.opinions[self.opinions["answer_id"] == answer].to_dict("records")
        return next(str(row["opinion_id"]) for row in own if part in raw[row["start"] : row["end"]])

    def text(self, voice: str, part: str = "") -> str:
        own = self.opinion(voice, part)
        return str(self.opinions.set_index("opinion_id")["text"][own])

    def review(self, *cells: tuple[str, str], column: str = "個人情報") -> tuple[int, str, str]:
        """Write cells of the sheet of opinions and read the workbook back."""
        book = openpyxl.load_workbook(self.run / "review.xlsx")
        sheet = book["意見"]
        head = [cell.value for cell in sheet[1]]
        rows = {row[head.index("意見番号")].value: row for row in sheet.iter_rows(min_row=2)}
        for opinion, text in cells:
            rows[opinion][head.index(column)].value = text
        path = self.folder / "記入.xlsx"
        book.save(path)
        return kadai("review", "import", self.run, path, "--reviewer", "確認太郎")

    def again(self, name: str = "next", *options: str) -> Town:
        """Run the study once more."""
        run = self.folder / name
        code, _, err = kadai("run", self.folder / "study.toml", "--output", run, *options)
        assert code == 0, err
        return Town(self.folder, run)

    def column(self, name: str) -> dict[str, str]:
        sheet = openpyxl.load_workbook(self.run / "review.xlsx")["意見"]
        head = [cell.value for cell in sheet[1]]
        return {
            row[head.index("意見番号")].value: row[head.index(name)].value or ""
            for row in sheet.iter_rows(min_row=2)
        }

    def guide(self) -> str:
        sheet = openpyxl.load_workbook(self.run / "review.xlsx")["手順"]
        return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Town:
    folder = tmp_path_factory.mktemp("town") / "study"
    folder.mkdir()
    with (folder / "answers.csv").open("w", encoding="utf-8", newline="") as file:
        rows = [*VOICES.values(), *PLAIN * 3]
        csv.writer(file).writerows([("番号", "ご意見"), *enumerate(rows, start=1)])
    (folder / "study.toml").write_text(
        'title = "まちの声"\n[[sources]]\nid = "S"\nkind = "survey"\nfile = "answers.csv"\n'
        'text = ["ご意見"]\nrespondent = "番号"\n',
        "utf-8",
    )
    return Town(folder, folder / "first").again("first")


@pytest.fixture(scope="module")
def made_open(made: Town, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """The number of the office was declared public, and the study run again."""
    own = copied(made, tmp_path_factory.mktemp("open"))
    assert OFFICE not in own.text("office")
    code, _, err = own.review((own.opinion("office"), f"公開：{OFFICE}"))
    assert code == 0, err
    assert f"「{OFFICE}」の公開で、意見 3件の 3か所が" in err
    return own.again("opened")


@pytest.fixture(scope="module")
def made_all(made: Town, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """One cell hid a word, opened a number and confirmed the rest; the study was run again."""
    own = copied(made, tmp_path_factory.mktemp("all"))
    cell = f"ハナタカ商店、公開：{OFFICE}\n確認"
    code, _, err = own.review((own.opinion("both", OFFICE), cell))
    assert code == 0, err
    return own.again()


@pytest.fixture(scope="module")
def made_bare(made: Town, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """The study without raw text."""
    return copied(made, tmp_path_factory.mktemp("bare")).again("bare", "--no-raw")


def copied(made: Town, folder: Path) -> Town:
    shutil.copytree(made.folder, folder / "study")
    return Town(folder / "study", folder / "study" / made.run.name)


@pytest.fixture
def town(made: Town, tmp_path: Path) -> Town:
    return copied(made, tmp_path)


@pytest.fixture
def opened(made_open: Town, tmp_path: Path) -> Town:
    """The same in which a number is public."""
    return copied(made_open, tmp_path)


# Opening


def test_a_string_that_is_declared_public_stands_in_every_opinion_again(made_open: Town) -> None:
    (row,) = made_open.record
    assert (row["field"], row["value"], row["reviewer"]) == (PUBLIC, OFFICE, "確認太郎")
    for voice in ("office", "office_too", "both"):
        assert OFFICE in made_open.text(voice, OFFICE)
    assert OWN not in "".join(made_open.opinions["text"])
    assert kadai("verify", made_open.run)[0] == 0


@pytest.mark.parametrize(
    "written",
    ["公開:{}", "公開 ： {}", "戻す：{}", "もどす：{}", "確認、公開：{}", "公開：{}、確認"],
)
def test_it_may_be_written_in_several_ways(town: Town, written: str) -> None:
    code, _, err = town.review((town.opinion("office"), written.format(OFFICE)))
    assert code == 0, err
    assert [row["value"] for row in town.record if row["field"] == PUBLIC] == [OFFICE]


def test_full_and_half_width_are_alike_and_the_record_keeps_what_was_written(town: Town) -> None:
    wide = OFFICE.translate({ord(one): ord(one) + 0xFEE0 for one in "0123456789-"})
    code, _, err = town.review((town.opinion("office"), f"公開：{wide}"))
    assert code == 0, err
    assert town.record[0]["value"] == OFFICE


def test_declaring_the_same_again_adds_nothing(town: Town) -> None:
    cell = (town.opinion("office"), f"公開：{OFFICE}")
    town.review(cell)
    assert town.review(cell)[0] == 0
    assert len(town.record) == 1


def test_two_strings_in_two_steps_add_up(town: Town) -> None:
    opinion = town.opinion("own", OWN)
    other = town.opinion("mail", MAIL)
    town.review((opinion, f"公開：{OWN}"))
    town.review((other, f"公開：{MAIL}"))
    after = town.again()
    assert OWN in after.text("own", OWN)
    assert MAIL in after.text("mail", MAIL)


def test_what_was_taken_back_is_masked_again(opened: Town) -> None:
    (decision,) = [row["decision_id"] for row in opened.record]
    book = openpyxl.load_workbook(opened.run / "review.xlsx")
    sheet = book["引き継ぎ"]
    head = [cell.value for cell in sheet[1]]
    (row,) = [
        own for own in sheet.iter_rows(min_row=2) if own[head.index("判断番号")].value == decision
    ]
    assert row[head.index("後")].value == OFFICE
    row[head.index("取り消し")].value = "取り消す"
    book.save(opened.folder / "取り消し.xlsx")
    code, _, err = kadai(
        "review", "import", opened.run, opened.folder / "取り消し.xlsx", "--reviewer", "確認太郎"
    )
    assert code == 0, err
    assert OFFICE not in "".join(opened.again("third").opinions["text"])


def test_it_holds_where_its_opinion_is_gone(town: Town) -> None:
    town.review((town.opinion("office"), f"公開：{OFFICE}"))
    path = town.folder / "answers.csv"
    kept = [line for line in path.read_text("utf-8").splitlines() if VOICES["office"] not in line]
    path.write_text("\n".join(kept) + "\n", "utf-8")
    after = town.again()
    assert OFFICE in after.text("office_too", OFFICE)
    assert after.applied.set_index("field")["stands"][PUBLIC] == 1


REFUSED: Final = {
    "公開：0": "公開する言葉は2文字以上40文字までです",
    f"公開：{'あ' * 41}": "公開する言葉は2文字以上40文字までです",
    "公開：［電話番号］": "［ ］や区切りの記号は使えません",
    "公開：": "「公開：」に続けて、言葉を書いてください",
    PUBLIC_CHOICE: "「公開：」に続けて、言葉を書いてください",
    "公開：042-464-9999": "この意見の回答の中にありません",
    "公開：市役所": "この回答で伏せられていません",
    "公開：464-1311": "伏せた所の全体が入るように書いてください",
}


@pytest.mark.parametrize(("written", "said"), REFUSED.items())
def test_what_cannot_be_opened_is_refused_with_its_reason(
    town: Town, written: str, said: str
) -> None:
    code, _, err = town.review((town.opinion("office"), written))
    assert code == 4
    assert said in err
    assert not (town.folder / "decisions.csv").exists()


def test_a_postcode_is_nobodys_to_open(town: Town) -> None:
    code, _, err = town.review((town.opinion("code", CODE), f"公開：〒{CODE}"))
    assert code == 4
    assert "公開にできません（郵便番号）" in err


def test_without_raw_text_nothing_can_be_opened(town: Town, made_bare: Town) -> None:
    code, _, err = made_bare.review((town.opinion("office"), f"公開：{OFFICE}"))
    assert code == 4
    assert "--no-raw" in err


# Hiding beside


def test_what_is_hidden_stays_hidden_when_another_word_is_opened(town: Town) -> None:
    opinion = town.opinion("both", OFFICE)
    assert "ハナタカ" in town.text("both", OFFICE)
    town.review((opinion, "3"), column="目標（修正）")  # this row keeps the word
    town.review((opinion, "ハナタカ商店"))
    assert "ハナタカ" in (town.folder / "decisions.csv").read_text("utf-8")
    hidden = town.again("hidden")
    assert "ハナタカ" not in "".join(hidden.opinions["text"])
    code, _, err = hidden.review((hidden.opinion("office"), f"公開：{OFFICE}"))
    assert code == 0, err
    opened = hidden.again("opened")
    assert opened.text("both", OFFICE).startswith(f"{OFFICE}の窓口で、［個人情報］の")
    assert opened.applied.set_index("field")["stands"]["personal"] == 1
    for name, text in texts_under(opened.run):
        if not name.startswith("tables/answers"):
            assert "ハナタカ" not in text, name
    assert kadai("verify", opened.run)[0] == 0


def test_a_word_can_be_hidden_in_an_opinion_in_which_another_was_opened(opened: Town) -> None:
    opinion = opened.opinion("both", OFFICE)
    code, _, err = opened.review((opinion, "ハナタカ商店"))
    assert code == 0, err
    hidden = opened.again("hidden")
    assert hidden.text("both", OFFICE).startswith(f"{OFFICE}の窓口で、［個人情報］の")
    # And when the other one is taken back, though its word stands in the rows since.
    (opening,) = [own for own in opened.record if own["field"] == PUBLIC]
    back = {**opening, "decision_id": "D-back", "value": WITHDRAWN, "value_seen": OFFICE}
    with (opened.folder / "decisions.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(back.values())
    closed = hidden.again("closed")
    assert closed.text("both", OFFICE).startswith("［電話番号］の窓口で、［個人情報］の")
    assert OFFICE not in "".join(closed.applied["text"])


def test_what_was_opened_can_be_hidden_again(opened: Town) -> None:
    code, _, err = opened.review((opened.opinion("office"), OFFICE))
    assert code == 0, err
    hidden = opened.again("hidden")
    assert "市役所の［個人情報］に" in hidden.text("office")
    assert OFFICE in hidden.text("office_too", OFFICE)


def test_hide_open_and_confirm_go_into_one_cell(made_all: Town) -> None:
    assert {row["field"] for row in made_all.record} == {"personal", PUBLIC, CHECKED}
    assert made_all.text("both", OFFICE).startswith(f"{OFFICE}の窓口で、［個人情報］の")
    applied = made_all.applied
    assert set(applied["stands"][applied["field"] != MEMBERS]) == {1}


def test_a_hiding_whose_text_is_masked_otherwise_now_is_told_and_not_taken_for_done(
    town: Town,
) -> None:
    opinion = town.opinion("both", OFFICE)
    town.review((opinion, "ハナタカ商店"))
    path = town.folder / "decisions.csv"
    (row,) = [row for row in town.record if row["field"] == "personal"]
    key = row["value"].partition(";")[2]
    path.write_text(path.read_text("utf-8-sig").replace(key, "0" * len(key)), "utf-8-sig")
    after = town.again()
    told = after.applied[after.applied["field"] == "personal"].iloc[0]
    assert told["stands"] == 0
    assert "「個人情報」にもう一度書いてください" in told["why_not"]


@pytest.mark.parametrize(
    ("comment", "said"),
    [(f"{OWN}の方", "電話番号やメールアドレス"), ("田中太郎さんの件", "伏せている名前や住所")],
)
def test_what_is_masked_is_not_told_in_a_comment(town: Town, comment: str, said: str) -> None:
    code, _, err = town.review((town.opinion("office"), comment), column="コメント")
    assert code == 4
    assert said in err


def test_a_word_that_is_masked_already_may_be_hidden_for_good(town: Town) -> None:
    code, _, err = town.review((town.opinion("name"), "田中太郎"))
    assert code == 0, err
    (made,) = town.record
    assert made["text"].startswith("隣の［個人情報］さんの犬")
    assert "田中" not in "".join(made.values())


# Confirming


def test_the_sheet_says_what_is_masked_and_the_guide_how_far_that_was_looked_at(
    town: Town,
) -> None:
    shown = town.column(MASKED)
    assert shown[town.opinion("office")] == "電話番号1"
    assert not shown[town.opinion("own", "バス")]
    n = sum(bool(own) for own in shown.values())
    assert f"伏せた所のある意見 {n}件のうち、人が確かめたもの 0件" in town.guide()
    code, _, err = town.review((town.opinion("office"), "確認"))
    assert code == 0, err
    assert "伏せ字の確認 1件" in err
    after = town.again()
    assert f"伏せた所のある意見 {n}件のうち、人が確かめたもの 1件" in after.guide()
    assert (
        "伏せ字の確認：これでよい（確認太郎）"
        in after.column("これまでの判断")[town.opinion("office")]
    )
    assert after.applied.set_index("field")["stands"][CHECKED] == 1
    # Who looks at the masks has not judged the goal.
    assert after.opinions.set_index("opinion_id")["reviewed"][town.opinion("office")] == 0


def test_a_confirmation_ends_when_the_masks_change(town: Town) -> None:
    town.review((town.opinion("office_too", OFFICE), "確認"))
    town.review((town.opinion("office"), f"公開：{OFFICE}"))
    assert [own["field"] for own in town.record] == [CHECKED, PUBLIC]
    told = town.again().applied.set_index("field").loc[CHECKED]
    assert told["stands"] == 0
    assert "もう一度「確認」" in told["why_not"]


def test_a_confirmation_from_an_older_workbook_counts_only_for_what_its_writer_saw(
    opened: Town,
) -> None:
    first = Town(opened.folder, opened.folder / "first")
    office, own = first.opinion("office"), first.opinion("own", OWN)
    old = opened.folder / "古い.xlsx"
    book = openpyxl.load_workbook(first.run / "review.xlsx")
    sheet = book["意見"]
    head = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        if row[head.index("意見番号")].value in {office, own}:
            row[head.index("個人情報")].value = "確認"
    book.save(old)
    code, _, err = kadai(
        "review", "import", opened.run, old, "--reviewer", "後から", "--accept-clean"
    )
    assert code == 0, err
    assert "いまとは意見の伏せ字が違います" in err
    assert [row["target_id"] for row in opened.record if row["field"] == CHECKED] == [own]


# The list for the person in charge


def test_every_mask_is_listed_with_its_words_and_place(town: Town) -> None:
    code, out, _ = kadai("privacy", town.run)
    assert code == 0
    lines = [line for line in out.splitlines() if f"【{OFFICE}】" in line]
    assert len(lines) == 3
    assert f"市役所の【{OFFICE}】に電話" in "".join(lines)
    assert "answers.csv" in lines[0]
    assert town.opinion("office") in out
    assert f"【{OWN}】" in out
    assert "電話番号 4" in out


def test_strings_are_counted_most_frequent_first(town: Town) -> None:
    out = kadai("privacy", town.run, "--words")[1].splitlines()
    (first,) = [place for place, line in enumerate(out) if OFFICE in line]
    assert out[first].split() == ["3", "電話番号", OFFICE]
    assert all(
        OFFICE in out[first] or place > first for place, line in enumerate(out) if OWN in line
    )


def test_what_people_hid_and_opened_is_in_the_list(made_all: Town) -> None:
    out = kadai("privacy", made_all.run)[1]
    assert "個人情報  " in out
    assert "【ハナタカ商店】" in out
    assert f"【{OFFICE}】" not in out
    assert f"公開とした言葉: {OFFICE}（確認太郎）" in out
    assert "注意: " not in out


def test_the_list_is_a_workbook_that_says_it_must_not_leave(town: Town) -> None:
    path = town.folder / "伏せた言葉.xlsx"
    before = sorted(own.relative_to(town.run) for own in town.run.rglob("*"))
    code, out, _ = kadai("privacy", town.run, "--output", path)
    assert code == 0
    assert OFFICE not in out
    book = openpyxl.load_workbook(path)
    assert [sheet["A1"].value for sheet in book] == ["取扱注意・外に出さない"] * 2
    assert any(OFFICE in str(row) for row in book["言葉"].iter_rows(values_only=True))
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(own.relative_to(town.run) for own in town.run.rglob("*")) == before
    assert kadai("privacy", town.run, "--output", path)[0] == 2


@pytest.mark.parametrize("name", ["first/一覧.xlsx", "一覧.csv"])
def test_it_is_not_written_into_the_run_or_as_something_else(town: Town, name: str) -> None:
    code, _, err = kadai("privacy", town.run, "--output", town.folder / name)
    assert code == 2
    assert "対処" in err
    assert not (town.folder / name).exists()


def test_without_raw_text_there_is_nothing_to_list(made_bare: Town) -> None:
    code, _, err = kadai("privacy", made_bare.run)
    assert code == 3
    assert "--no-raw" in err


def test_what_is_no_run_is_said_to_be_none(tmp_path: Path) -> None:
    assert kadai("privacy", tmp_path)[0] == 3


def test_an_explanation_says_what_is_masked_and_who_opened_what(made_all: Town) -> None:
    out = kadai("explain", made_all.run, made_all.opinion("both", OFFICE))[1]
    assert "個人情報1（人が個人情報を伏せた所を含む）" in out
    assert f"「{OFFICE}」（確認太郎" in out
    assert "電話番号1" in kadai("explain", made_all.run, made_all.opinion("own", OWN))[1]
    history = kadai("history", made_all.folder / "study.toml")[1]
    assert "公開する言葉" in history
    assert "ハナタカ" not in history


# The record


def row(number: int, field: str, value: str, text: str, target: str = "O1") -> Decision:
    return Decision(
        f"D{number}", target, field, "", value, "山田", "2026-05-01T10:00:00+09:00", "", "r", text
    )


def written(*rows: Decision) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([COLUMNS, *rows])
    return buffer.getvalue().encode()


@pytest.fixture
def plan():
    from pipeline.resources import dictionaries_folder

    return load_plan(dictionaries_folder() / "plans" / "nishitokyo-4.toml")


def test_a_voice_with_a_declared_number_in_it_can_be_read_again(plan) -> None:
    opened = row(1, PUBLIC, OFFICE, "［電話番号］に電話した")
    later = row(2, "goal_id", "1", f"{OFFICE}に電話した")
    assert parse_decisions(written(opened, later), plan) == (opened, later)


@pytest.mark.parametrize("value", ["", "あ", "188-0011", "［氏名］", "あ" * 41])
def test_a_record_with_something_that_cannot_be_public_is_refused(plan, value: str) -> None:
    from pipeline.errors import InputError

    with pytest.raises(InputError, match="value"):
        parse_decisions(written(row(1, PUBLIC, value, "声")), plan)


def test_a_hidden_word_is_shown_in_no_voice_however_that_is_masked_besides() -> None:
    base = "［電話番号］の窓口で、ハナタカ商店のおかみが困っていた"
    start = base.index("ハナタカ")
    hidden = Hidden(((start, start + 6),), text_key(base))
    hiding = row(1, "personal", write_hidden(hidden), base.replace("ハナタカ商店", "［個人情報］"))
    open_voice = base.replace("［電話番号］", OFFICE)
    voices = Voices([hiding])
    assert "ハナタカ" not in voices.voice(base)
    assert voices.voice(open_voice) == ""
    assert voices.voice("窓口が混んでいて困った") == "窓口が混んでいて困った"


# Cells and values


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("確認", PrivacyCell(checked=True)),
        ("確認済み", PrivacyCell(checked=True)),
        ("全文を伏せる", PrivacyCell(hide_all=True)),
        ("山田", PrivacyCell(hide=("山田",))),
        ("公開：田中児童公園、佐藤橋", PrivacyCell(public=("田中児童公園", "佐藤橋"))),
        ("公開：田中児童公園\n山田", PrivacyCell(hide=("山田",), public=("田中児童公園",))),
        ("戻す:佐藤橋、伏せる：山田", PrivacyCell(hide=("山田",), public=("佐藤橋",))),
        ("伏せる：確認", PrivacyCell(hide=("確認",))),
        ("全文、公開：佐藤橋", PrivacyCell(hide_all=True, public=("佐藤橋",))),
    ],
)
def test_a_cell_says_what_to_hide_to_open_and_to_confirm(cell: str, found: PrivacyCell) -> None:
    assert privacy_cell(cell) == found


@given(st.text("公開戻す伏せる確認全文：:、,，\n 山田［］", max_size=30))
def test_every_word_of_a_cell_is_one_of_hide_open_and_confirm(cell: str) -> None:
    try:
        found = privacy_cell(cell)
    except UnreadableError:
        return
    assert found.hide or found.hide_all or found.public or found.checked
    for word in (*found.hide, *found.public):
        assert word in cell
        assert word == word.strip() != ""
    assert not any(map(why_not_public, found.public))


WORDS: Final = st.lists(st.text("田中児童公園042-", min_size=2, max_size=8), min_size=1, max_size=4)


@given(WORDS)
def test_declared_strings_are_read_as_they_were_written(words: list[str]) -> None:
    assert set(parse_public(write_public(words))) == set(words)
    assert write_public(words) == write_public(words[::-1])


@st.composite
def spans_in(draw: st.DrawFn) -> tuple[int, list[PersonalSpan]]:
    length = draw(st.integers(1, 30))
    cuts = sorted(draw(st.sets(st.integers(0, length), max_size=8)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return length, [PersonalSpan(*own, draw(st.sampled_from(LABELS))) for own in pairs]


@given(spans_in(), st.data())
def test_a_stretch_is_found_again_behind_the_masks(made_of, data: st.DataObject) -> None:
    length, spans = made_of
    start, end = sorted(data.draw(st.sets(st.integers(0, length), min_size=2, max_size=2)))
    back = unmasked(covering((start, end), spans), spans)
    assert back[0] <= start
    assert end <= back[1]
    inside = [one for one in spans if one.start < end and start < one.end]
    assert back[0] == min([start, *(one.start for one in inside)])
    assert back[1] == max([end, *(one.end for one in inside)])


@given(spans_in(), st.data())
def test_what_is_hidden_is_hidden_whatever_else_is_opened(made_of, data: st.DataObject) -> None:
    length, found = made_of
    start, end = sorted(data.draw(st.sets(st.integers(0, length), min_size=2, max_size=2)))
    hidden = Hidden((covering((start, end), found),), "K")
    left = [one for one in found if data.draw(st.booleans())]
    shown = blank("あ" * length, with_hidden(left, hidden, length, found))
    assert set(shown[start:end]) == {"。"}


def test_masks_are_counted_by_kind_in_one_order() -> None:
    text = f"{OWN}、{MAIL}、{OFFICE}"
    assert shown_masks(mask(text, find_personal(text))) == "電話番号2、メールアドレス1"
    assert shown_masks("なにもない") == ""
