"""Names, addresses and numbers in sentences as residents write them."""

from __future__ import annotations

import csv
import hashlib
import json
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.privacy import LABELS, PersonalSpan, blank, find_personal, lexicon, mask
from pipeline.privacy.digits import is_card_number, is_my_number
from pipeline.privacy.latin import in_kana
from pipeline.privacy.lexicon import is_family, words_of
from pipeline.resources import dictionaries_folder

WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x30, 0x3A)})


def labelled(half: str) -> list[tuple[str, list[PersonalSpan]]]:
    """Sentences of ``privacy_sentences.csv``; which half a sentence is in, its hash says."""
    path = Path(__file__).parent / "data" / "privacy_sentences.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            (row["text"], [PersonalSpan(*span) for span in json.loads(row["spans"])])
            for row in csv.DictReader(file)
        ]
    odd = half == "test"
    return [own for own in rows if int(hashlib.sha256(own[0].encode()).hexdigest(), 16) % 2 == odd]


def recall_and_precision(half: str) -> dict[str, tuple[float, float]]:
    """A stretch counts as found where one of its label covers it."""
    found, missed, wrong = Counter(), Counter(), Counter()
    for text, wanted in labelled(half):
        spans = find_personal(text)
        for own in wanted:
            covered = any(
                one.label == own.label and one.start <= own.start and own.end <= one.end
                for one in spans
            )
            (found if covered else missed)[own.label] += 1
        for one in spans:
            meets = any(one.start < own.end and own.start < one.end for own in wanted)
            wrong[one.label] += not meets
    return {
        label: (
            found[label] / (found[label] + missed[label]),
            found[label] / (found[label] + wrong[label]),
        )
        for label in found.keys() | missed.keys()
    }


@pytest.mark.parametrize("half", ["dev", "test"])
def test_nine_names_in_ten_are_found_and_nine_in_ten_found_are_names(half: str) -> None:
    recall, precision = recall_and_precision(half)["氏名"]
    assert recall >= 0.90
    assert precision >= 0.90


@pytest.mark.parametrize("half", ["dev", "test"])
def test_numbers_addresses_and_mail_are_all_found(half: str) -> None:
    figures = recall_and_precision(half)
    assert {label: own for label, own in figures.items() if label != "氏名" and own[0] < 0.99} == {}
    assert {label: own for label, own in figures.items() if label != "氏名" and own[1] < 0.90} == {}


def test_the_labelled_sentences_are_many_and_their_labels_known() -> None:
    rows = labelled("dev") + labelled("test")
    assert len(rows) >= 350
    assert sum(any(own.label == "氏名" for own in wanted) for _, wanted in rows) >= 150
    assert sum(not wanted for _, wanted in rows) >= 150
    assert {own.label for _, wanted in rows for own in wanted} <= set(LABELS)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("高橋町の高橋さんが田中児童公園で転んだ", "高橋町の［氏名］さんが田中児童公園で転んだ"),
        ("髙橋　花子と渡邊先生", "［氏名］と［氏名］先生"),
        ("担当の小林が不在", "担当の［氏名］が不在"),
        ("三浦、本田両名が役員", "［氏名］、［氏名］両名が役員"),
        ("やまださんとハナコちゃん", "［氏名］さんと［氏名］ちゃん"),
        ("グエン・ヴァン・アンさん", "［氏名］さん"),
        ("のぞみ様に話し、窓口はひろし様でした", "［氏名］様に話し、窓口は［氏名］様でした"),
        ("Mr. Johnsonとハツ江さん", "Mr. ［氏名］と［氏名］さん"),
        ("佐藤さんが来た。佐藤は元気だ", "［氏名］さんが来た。［氏名］は元気だ"),
        ("お願いします\n田口", "お願いします\n［氏名］"),
        ("大森（070-1234-5678）まで", "［氏名］（［電話番号］）まで"),
        ("住所は青葉市北町3-5-12 青葉ハイツ203です", "住所は［住所］です"),
        ("市のページ https://www.city.aoba.lg.jp/a は見やすい", None),
        ("書いた人の名前は出さないでください", None),
        ("森林と山口県と上野駅", None),
        ("よく見かける様になった。住める様な町、使える様だ", None),
        ("お母さん、皆さん、神様、お客様、子どもさん", None),
        ("徳川家康とアンパンマン", None),
        ("1-2-3の順、3丁目の公園、5-6人", None),
    ],
)
def test_what_stands_beside_a_word_tells_whether_it_is_a_name(
    text: str, masked: str | None
) -> None:
    assert mask(text, find_personal(text)) == (masked or text)


def test_what_a_reviewer_declares_public_stays() -> None:
    text = "佐藤さんの店と佐藤さんの家"
    assert mask(text, find_personal(text, ["佐藤さんの店"])) == "佐藤さんの店と［氏名］さんの家"
    assert find_personal(text, ["佐藤", ""]) == []


def test_a_my_number_is_known_by_its_check_digit_or_its_word() -> None:
    assert [own.label for own in find_personal("番号1234 5678 9018です")] == ["マイナンバー"]
    assert find_personal("番号1234 5678 9012です") == []
    assert [own.label for own in find_personal("個人番号 123456789012")] == ["マイナンバー"]


@given(st.text("0123456789", min_size=11, max_size=11))
def test_one_check_digit_in_ten_makes_a_my_number(digits: str) -> None:
    assert sum(is_my_number(f"{digits}{last}") for last in range(10)) == 1


@given(st.text("0123456789", min_size=15, max_size=15))
def test_one_last_digit_in_ten_makes_a_card_number(digits: str) -> None:
    same = len(set(digits)) == 1
    assert same or sum(is_card_number(f"{digits}{last}") for last in range(10)) == 1


def test_hepburn_letters_are_read() -> None:
    assert in_kana("Shimizu") == "しみず"
    assert in_kana("Hattori") == "はっとり"
    assert in_kana("Smith") == ""


def test_words_that_planners_add_count() -> None:
    assert "公園" in words_of("施設")
    assert is_family("やまもと")


PIECES = st.lists(
    st.sampled_from(
        [text for text, _ in labelled("dev")]
        + ["佐藤", "さん", "山田", "花子", "太郎", "は", "の", "、", "。", "\n", " ", "　", "（", "）", "市長", "です"]
        + ["090-1234-5678", "青葉市", "北町", "3-5-12", "様", "グエン", "林", "東", "［氏名］", "Taro", "担当の", "："]
    ),
    max_size=7,
).map("".join)  # fmt: skip


@settings(derandomize=True, max_examples=300, deadline=None)
@given(PIECES)
def test_what_is_masked_or_blanked_holds_no_more(text: str) -> None:
    spans = find_personal(text)
    masked = mask(text, spans)
    assert find_personal(masked) == []
    assert find_personal(blank(text, spans)) == []


@settings(derandomize=True, max_examples=200, deadline=None)
@given(PIECES)
def test_stretches_lie_in_the_text_in_their_order(text: str) -> None:
    spans = find_personal(text)
    edges = [edge for own in spans for edge in (own.start, own.end)]
    assert edges == sorted(edges)
    assert all(0 <= own.start < own.end <= len(text) for own in spans)
    assert {own.label for own in spans} <= set(LABELS)
    assert find_personal(text) == spans


@pytest.mark.parametrize("text", [text for text, wanted in labelled("dev") if wanted])
def test_full_width_digits_are_the_same_digits(text: str) -> None:
    if "http" in text or "@" in text or ".com/" in text:
        return
    assert find_personal(text.translate(WIDE)) == find_personal(text)


@pytest.mark.parametrize(
    "unit",
    ["町", "町1-", "1番地", "佐藤さん", "佐藤", "アさん", "あ", "佐藤、", "Ta Ro ", "大字", "電話", "の", "口座", "090-1234-5678、佐藤"],
)  # fmt: skip
def test_a_long_line_costs_no_more_than_its_length(unit: str) -> None:
    def once(text: str) -> float:
        started = time.process_time()
        find_personal(text)
        return time.process_time() - started

    def seconds(length: int) -> float:
        text = (unit * length)[:length]
        return min(once(text) for _ in range(3))  # a collection of garbage may fall into one

    seconds(1_000)
    assert seconds(20_000) < 0.3 + 10 * max(seconds(5_000), 0.02)


@pytest.mark.parametrize(
    "text",
    [
        "\ud800佐藤さん",
        "\0佐藤さん",
        "㍿" * 2_000 + "佐藤さん",
        "𠮷田さん",
        "あ" * 5_000 + "佐藤さん",
    ],
)
def test_strange_characters_hide_no_name(text: str) -> None:
    spans = find_personal(text)
    assert [own.label for own in spans] == ["氏名"]
    assert mask(text, spans).endswith("［氏名］さん")


def test_a_wrong_line_in_the_list_of_words_is_named(tmp_path, monkeypatch) -> None:
    (tmp_path / "names.csv").write_text("語,種類\nさん,敬称\n公園,場所\n", encoding="utf-8")
    monkeypatch.setattr(lexicon, "dictionaries_folder", lambda: tmp_path)
    with pytest.raises(InputError) as raised:
        lexicon._words.__wrapped__()
    assert raised.value.at is not None
    assert (raised.value.at.file, raised.value.at.row) == ("names.csv", 3)


def test_a_word_stands_once_in_the_list_under_a_kind() -> None:
    lines = (dictionaries_folder() / "names.csv").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line and not line.startswith("#")]
    assert [line for line, count in Counter(rows).items() if count > 1] == []
