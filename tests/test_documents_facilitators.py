"""Who leads a meeting is no resident: set aside with the reason, told, and never lost."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from pipeline.answers import read_answers
from pipeline.documents import read
from pipeline.documents.facilitators import facilitator_remarks, is_procedure, leads
from pipeline.infer import infer_study
from pipeline.opinions import Corrections, make_opinions
from tests.conftest import REAL

if TYPE_CHECKING:
    from pathlib import Path

REASON = "進行役・事務局の発言"


@pytest.mark.parametrize(
    "speaker",
    [
        "司会", "司会者", "司会Ａ", "進行", "進行役", "ファシリテーター", "事務局", "事務局長", "社協事務局",
        "事務局（山田）", "山田（事務局）", "鈴木書記", "みどり市社会福祉協議会事務局", "記録係",
    ],
)  # fmt: skip
def test_whoever_leads_the_meeting_is_no_resident(speaker: str) -> None:
    assert leads(speaker, "坂が多くて困ります。")


@pytest.mark.parametrize(
    "speaker",
    [
        "", "住民Ａ", "山田委員（社協事務局長）", "西町自治会事務局", "NPO法人みどり事務局", "民生委員",
        "地域福祉コーディネーター", "生活支援コーディネーター", "田中委員（司会）", "座長", "山崎委員長",
        "町内会長", "参加者",
    ],
)  # fmt: skip
def test_whoever_takes_part_keeps_the_voice(speaker: str) -> None:
    assert not leads(speaker, "坂が多くて困ります。")


@pytest.mark.parametrize(
    "speaker", ["山田座長", "会長（山田太郎君）", "副委員長", "田中委員（司会）"]
)
def test_a_chair_leads_only_with_words_of_procedure(speaker: str) -> None:
    assert leads(speaker, "それでは、お諮りいたします。ご異議ありませんか。")
    assert leads(speaker, "ありがとうございました。次に、乙野委員、お願いします。")
    assert not leads(speaker, "ありがとうございました。私も、坂が多くて困っています。")


@pytest.mark.parametrize(
    "text",
    ["議事に入ります。", "はい、どうぞ。", "甲野委員。", "以上で閉会いたします。", "〔拍手〕"],
)
def test_words_of_procedure_are_known(text: str) -> None:
    assert is_procedure(text)


def test_the_number_of_turns_that_lead_is_told_with_who_spoke() -> None:
    (remark,) = facilitator_remarks(["司会", "事務局", "司会"])
    assert "3件" in remark.text
    assert "司会 2件、事務局 1件" in remark.text
    assert remark.doubt
    assert facilitator_remarks([]) == ()


TURNS = "司会：始めます。\n住民Ａ：坂が多い。\n座長：次に、甲野委員、お願いします。\n甲野委員：店が遠い。\n"


@pytest.fixture
def minutes(tmp_path: Path) -> Path:
    path = tmp_path / "懇談会.txt"
    path.write_text(TURNS, encoding="utf-8")
    return path


def test_turns_that_lead_are_set_aside_and_stand_in_the_answers(minutes: Path) -> None:
    study, _ = infer_study([minutes])
    result = read_answers(study, minutes.parent)
    aside = result.set_aside[result.set_aside["reason"] == REASON]
    assert sorted(aside["text"]) == ["始めます。", "次に、甲野委員、お願いします。"]
    assert set(aside["answer_id"]) <= set(result.answers["answer_id"])
    assert len(result.answers) == 4
    assert any("進行役や事務局" in remark.text for remark in read(minutes).remarks)


def test_a_reviewer_can_bring_such_a_turn_back(minutes: Path) -> None:
    study, _ = infer_study([minutes])
    result = read_answers(study, minutes.parent)
    row = result.set_aside[result.set_aside["text"] == "始めます。"].iloc[0]
    piece = (str(row["answer_id"]), int(row["start"]), int(row["end"]))
    skip = frozenset(result.set_aside["answer_id"])
    plain = make_opinions(result.answers, skip)
    back = make_opinions(result.answers, skip, corrections=Corrections(restored=frozenset({piece})))
    assert "始めます。" not in set(plain.table["text"])
    assert "始めます。" in set(back.table["text"])


def test_a_table_that_names_the_speakers_is_treated_alike(tmp_path: Path) -> None:
    path = tmp_path / "議事録.csv"
    rows = [
        ("司会", "始めます。"),
        ("住民Ａ", "坂が多くて買い物に行けません。"),
        ("事務局", "承ります。"),
    ]
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("発言者", "発言内容"), *rows])
    study, _ = infer_study([path])
    result = read_answers(study, tmp_path)
    assert sorted(result.set_aside["text"]) == ["始めます。", "承ります。"]
    assert set(result.set_aside["reason"]) == {REASON}


def test_what_residents_answer_in_a_list_is_not_the_facilitators(tmp_path: Path) -> None:
    path = tmp_path / "記録.txt"
    path.write_text(
        "司会：ご意見をどうぞ。\n・坂が多い\n・店が遠い\nバスがほしい。\n", encoding="utf-8"
    )
    roles = {entry.text: entry.role for entry in read(path).entries}
    assert roles["ご意見をどうぞ。"] == "facilitator"
    assert {roles[text] for text in ("坂が多い", "店が遠い", "バスがほしい。")} == {"statement"}


def test_a_longer_turn_of_the_office_is_one_where_everybody_has_a_turn(tmp_path: Path) -> None:
    path = tmp_path / "記録.txt"
    path.write_text(
        "Ａ委員：坂が多い。\n\n事務局：お答えします。\n\n資料のとおりです。\n\nＢ委員：店が遠い。\n",
        encoding="utf-8",
    )
    roles = [entry.role for entry in read(path).entries]
    assert roles == ["statement", "facilitator", "facilitator", "statement"]


def test_members_of_a_real_committee_keep_their_words() -> None:
    path = REAL / "meetings" / "minutes_tokyo_welfare_committee.csv"
    if not path.is_file():
        pytest.skip("the real data are not here")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        turns = [(row["speaker"], row["text"]) for row in csv.DictReader(stream)]
    leading = [(speaker, text) for speaker, text in turns if leads(speaker, text)]
    assert 100 <= len(leading) <= 200
    chairs = ("委員長", "座長", "議長", "書記")
    assert all(speaker.endswith(chairs) for speaker, _ in leading)
