"""A second set of sentences, written by somebody who had not seen how names are found.

Before anything was mended, names were found with a recall of 0.836 and a precision of 0.989;
the set is not blind any more. Half of it (by hash) was never looked at in its single errors.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from pathlib import Path

import pytest

from pipeline.privacy import LABELS, PersonalSpan, find_personal, mask

NAME = "氏名"

Row = tuple[str, list[PersonalSpan]]
Figures = tuple[float, float]


def sentences() -> list[Row]:
    path = Path(__file__).parent / "data" / "privacy_second.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [
            (row["text"], [PersonalSpan(*span) for span in json.loads(row["spans"])])
            for row in csv.DictReader(file)
        ]


def is_held_back(text: str) -> bool:
    """Whether a sentence is in the half whose single errors nobody looked at."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % 2 == 1


def recall_and_precision(rows: list[Row], *, names: bool) -> Figures:
    """A stretch is found where one of its label covers it; numbers and the like are one kind."""
    count: Counter[str] = Counter()
    for text, wanted in rows:
        spans = [own for own in find_personal(text) if (own.label == NAME) == names]
        for own in (one for one in wanted if (one.label == NAME) == names):
            covered = any(
                one.label == own.label and one.start <= own.start and own.end <= one.end
                for one in spans
            )
            count["found" if covered else "missed"] += 1
        for one in spans:
            meets = any(one.start < own.end and own.start < one.end for own in wanted)
            count["right" if meets else "wrong"] += 1
    return (
        count["found"] / (count["found"] + count["missed"]),
        count["right"] / (count["right"] + count["wrong"]),
    )


def test_nine_names_in_ten_of_the_second_set_are_found_and_are_names() -> None:
    recall, precision = recall_and_precision(sentences(), names=True)
    assert recall >= 0.90
    assert precision >= 0.95


def test_the_half_that_nobody_looked_at_keeps_its_figures() -> None:
    rows = [own for own in sentences() if is_held_back(own[0])]
    recall, precision = recall_and_precision(rows, names=True)
    assert recall >= 0.88  # short of the 0.90 that is wanted
    assert precision >= 0.95


def test_numbers_addresses_and_mail_of_the_second_set_are_all_found() -> None:
    recall, precision = recall_and_precision(sentences(), names=False)
    assert recall >= 0.99
    assert precision >= 0.99


def test_the_second_set_is_large_and_holds_known_labels() -> None:
    rows = sentences()
    assert len(rows) >= 200
    assert sum(any(own.label == NAME for own in wanted) for _, wanted in rows) >= 90
    assert sum(not wanted for _, wanted in rows) >= 80
    assert {own.label for _, wanted in rows for own in wanted} <= set(LABELS)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("事務局長田中一郎が説明した", "事務局長［氏名］が説明した"),
        ("総務局長星野經昭君", "総務局長［氏名］君"),
        ("委員　北村ゆくお君", "委員　［氏名］君"),
        ("事務局（稲葉）　資料をご覧ください", "事務局（［氏名］）　資料をご覧ください"),
        ("沢口　送迎だけでは足りないと思います", "［氏名］　送迎だけでは足りないと思います"),
        ("出席者：村井　みどり、津田　文子", "出席者：［氏名］、［氏名］"),
        ("妻（千代子）の介護", "妻（［氏名］）の介護"),
        ("長女結衣が不登校です", "長女［氏名］が不登校です"),
        ("早瀬という職員に聞いた", "［氏名］という職員に聞いた"),
        ("田村、柏木の各委員", "［氏名］、［氏名］の各委員"),
        ("口座の名義 ミムラ ハナエ", "口座の名義 ［氏名］"),
        ("名義ﾐﾑﾗ ﾊﾅｴ", "名義［氏名］"),
        ("郵便番号1230987です", "［郵便番号］です"),
        ("中谷77の3の空き家", "［住所］の空き家"),
        ("赤星国土交通大臣に聞く", "［氏名］国土交通大臣に聞く"),
        ("杉山香川県知事に聞く", "［氏名］香川県知事に聞く"),
        ("根本園長先生になった", "［氏名］園長先生になった"),
    ],
)
def test_minutes_forms_and_families_name_people(text: str, masked: str) -> None:
    assert mask(text, find_personal(text)) == masked


@pytest.mark.parametrize(
    "text",
    [
        "会長期間が長い",
        "市長原発に反対",
        "委員長野県から来た",
        "選手村上空を飛ぶ",
        "委員（福井）から",
        "西山　公園にもっと人が来てほしい",
        "三国　春江、丸岡",
        "夫（会社員）と子ども",
        "長男夫婦が東京にいる",
        "福井という人気の町",
        "希望という人もいる",
        "候補地が決まらない",
        "福井の各委員に聞く",
        "保育園の説明が足りない",
        "資料1-2の家計の表",
        "国道8の2に住んでいる人",
        "昭和50-60に住み始めた",
        "議案12-3の自宅待機",
        "名義変更の用紙",
        "地元校長先生のあいさつ",
        "処分場（片倉）を広げる",
        "旧片倉邸を守る",
        "福井県知事に聞く",
        "大阪府知事と大阪市長",
    ],
)
def test_what_only_looks_like_it_names_nobody(text: str) -> None:
    assert find_personal(text) == []
