"""Which part of the plan a writer names: read with tolerance, never guessed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.addressed import AddressReader, check_addresses, read_addresses, unread_addresses
from pipeline.errors import InputError
from pipeline.plan import Plan, find_plan, load_plan
from pipeline.study import Study, parse_study

PLAN = load_plan(find_plan("nishitokyo-4", Path()))
READER = AddressReader(PLAN)


def study(**keys: str) -> Study:
    source = {"file": "意見.csv", "kind": "public_comment", **keys}
    return parse_study({"title": "意見", "sources": [source]}, "study.toml")


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("4", "4"), ("４", "4"), (" ４－２ ", "4-2"), ("4ー2", "4-2"), ("4.", "4"), ("（4）", "4"),
        ("基本目標4", "4"), ("基本目標４", "4"), ("目標 4", "4"), ("基本目標Ⅳ", "4"),
        ("基本目標④", "4"), ("基本目標四", "4"), ("基本目標（４）", "4"), ("第8章 基本目標３", "3"),
        ("第3章　基本目標1", "1"), ("素案12ページ 基本目標2", "2"), ("基本目標4について", "4"),
        ("施策4-2 権利擁護", "4-2"), ("施策４－２", "4-2"), ("施策4の2", "4-2"), ("4.2", "4-2"),
        ("基本目標4 施策4-2", "4-2"), ("基本目標4の施策2", "4-2"), ("基本目標４　施策（２）", "4-2"),
        ("第8章 4-2", "4-2"), ("アクションプラン 4-2-1", "4-2"), ("4-0-1", "4"),
        ("情報提供体制の充実", "5"), ("「情報提供体制と内容の充実」について", "5-1"),
        ("3 地域の課題解決力", "3"), ("6-2 職員の資質の向上", "6-2"),
        ("基本目標6 職員の資質の向上", "6-2"),
        ("「西東京市スタイル」を支える社会福祉協議会の基盤・運営強化", "6"),
    ],
)  # fmt: skip
def test_a_text_that_names_one_goal_or_measure_is_understood(text: str, own: str) -> None:
    assert READER.read(text) == own


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "全体", "なし", "その他", "第4章　災害", "第5章　財源", "4ページ", "p.4-2", "P 4-2",
        "4-2ページ", "第4章 2行目", "2025-4-2", "4年", "数値目標3", "地域福祉",
        "基本目標1と2", "基本目標1・2", "基本目標1〜3", "1、2", "基本目標1 基本目標2",
        "施策4-1、4-2", "基本目標3 施策4-2", "情報提供体制の充実、地域人材の育成",
        "基本目標9", "施策9-9", "基本目標4 施策9", "施策4", "基本目標 0", "4-2 職員の資質の向上",
        "基本目標十", "資料2-1", "表2-1", "図 3-1", "別紙4-2", "問2-1", "1-1丁目", "2-1 18時", "4.2%",
        "4-1の図",
    ],
)  # fmt: skip
def test_a_text_that_names_none_or_two_or_what_the_plan_lacks_names_nothing(text: str) -> None:
    assert READER.read(text) == ""


@given(st.text(max_size=60))
def test_whatever_is_written_it_names_a_part_of_the_plan_or_nothing(text: str) -> None:
    assert READER.read(text) in {"", *READER.ids}


@given(
    st.sampled_from(READER.ids),
    st.sampled_from(["{}", "　{} ", "基本目標・施策 ({})について", "第8章 {}"]),
)
def test_the_number_of_every_part_is_read_whatever_is_around_it(own: str, around: str) -> None:
    named = f"基本目標{own}" if "-" not in own else f"施策{own}"
    assert READER.read(around.format(named)) == own


def test_two_measures_of_one_name_are_told_apart_by_the_goal_beside_it() -> None:
    plan = Plan.model_validate(
        {
            "id": "p", "title": "計画",
            "goals": [
                {"id": own, "name": f"{own}番目の目標", "measures": [
                    {"id": f"{own}-1", "name": "見守りの充実"}]}
                for own in ("1", "2")
            ],
        },
        strict=False,
    )  # fmt: skip
    reader = AddressReader(plan)
    assert reader.read("見守りの充実") == ""
    assert reader.read("基本目標2 見守りの充実") == "2-1"


def test_answers_without_an_understood_part_are_left_out_and_counted() -> None:
    words = {"A1": "基本目標4", "A2": "全体", "A3": "第4章 災害", "A4": "全体", "A5": "全体 "}
    sources = dict.fromkeys(words, "C") | {"A5": "B"}
    assert read_addresses(words, PLAN) == {"A1": "4"}
    assert unread_addresses(words, sources, PLAN) == [
        ("B", "全体", 1), ("C", "全体", 2), ("C", "第4章 災害", 1),
    ]  # fmt: skip


def test_a_study_that_addresses_what_the_plan_lacks_is_told_key_source_and_numbers() -> None:
    check_addresses(study(addresses="４－２"), PLAN)
    with pytest.raises(InputError) as caught:
        check_addresses(study(addresses="4-9", id="C"), PLAN)
    said = str(caught.value)
    assert 'addresses = "4-9"' in said
    assert "sources の C" in said
    assert "4-1、4-2、4-3" in said
