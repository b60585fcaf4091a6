"""Answers carry what was written, who wrote it and where it stands; ids depend on nothing else."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import tables
from pipeline.answers import AnswersResult, read_answers
from pipeline.errors import InputError
from pipeline.infer import infer_study
from pipeline.study import Source, Study

DATA = Path(__file__).parents[2] / "shared" / "data"

HEADER = ["番号", "年代", "問1 満足度", "理由", "問2 定住", "理由", "ご意見"]
ROWS = [
    ["1", "30代", "5", "店が近い", "はい", "静か", "坂が多い\nバスがほしい"],
    ["2", "60代", "2", "", "いいえ", "病院が遠い", " 街灯を増やして "],
    ["3", "40代", "5", "店が近い", "はい", "　", "NA"],
    ["3", "40代", "5", "店が近い", "はい", "", "特になし"],
    ["", "30代", "1", "坂が多い", "はい", "", "特になし"],
    ["", "30代", "1", "坂が多い", "はい", "", "特になし"],
]


def write_csv(path: Path, rows: list[list[str]], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, lineterminator="\r\n").writerows([HEADER, *rows])
    return path


def write_xlsx(path: Path, rows: list[list[str]]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("回答")
        for place, row in enumerate([HEADER, *rows]):
            for column, cell in enumerate(row):
                if cell.isdigit():
                    sheet.write_number(place, column, int(cell))
                else:
                    sheet.write_string(place, column, cell)
    return path


def answers_of(path: Path, **source: object) -> AnswersResult:
    values = {
        "file": path.name,
        "kind": "survey",
        "text": ["理由", "ご意見"],
        "respondent": "番号",
        "attributes": {"年代": "年代"},
        **source,
    }
    study = Study(title="調査", sources=(Source.model_validate(values),))
    return read_answers(study, path.parent)


def content(result: AnswersResult) -> pd.DataFrame:
    """Everything but where an answer stands."""
    return result.answers.drop(columns=["file", "locator"])


def test_one_row_for_each_filled_cell_of_every_text_column(tmp_path: Path) -> None:
    answers = answers_of(write_csv(tmp_path / "a.csv", ROWS)).answers
    assert len(answers) == 13
    assert set(answers["question"]) == {"問1 満足度 ― 理由", "問2 定住 ― 理由", "ご意見"}
    assert list(answers.columns) == [*tables.SCHEMAS["answers"].names, "attr_年代"]
    assert answers["answer_id"].str.fullmatch("A[0-9A-HJKMNP-TV-Z]{12}").all()
    assert answers["answer_id"].is_unique


def test_what_an_answer_says_of_the_part_that_it_addresses_is_kept_as_written(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "番号,該当箇所,ご意見,ほかに\n1, 基本目標４ ,窓口を一つに,足の確保\n2,,文章が長い,\n",
        "utf-8",
    )
    values = {"file": path.name, "kind": "public_comment", "text": ["ご意見", "ほかに"]}
    about = Source.model_validate({**values, "addresses_column": "該当箇所"})
    read = read_answers(Study(title="意見", sources=(about,)), tmp_path)
    texts = dict(zip(read.answers["answer_id"], read.answers["raw_text"], strict=True))
    said = {texts[own]: words for own, words in read.addressed.items()}
    assert said == {"窓口を一つに": "基本目標４", "足の確保": "基本目標４"}
    assert set(read.answers["attr_該当箇所"]) == {"基本目標４", ""}
    # The same ids as without: what is addressed is no part of what was said.
    whole = Source.model_validate({**values, "addresses": "4-2"})
    other = read_answers(Study(title="意見", sources=(whole,)), tmp_path)
    assert other.answers["answer_id"].tolist() == read.answers["answer_id"].tolist()
    assert other.addressed == dict.fromkeys(other.answers["answer_id"], "4-2")


def test_notes_address_what_their_source_does(tmp_path: Path) -> None:
    (tmp_path / "記録.txt").write_text("・坂が多い\n・店が遠い\n", encoding="utf-8")
    source = Source(file="記録.txt", kind="district_meeting", addresses="4")
    read = read_answers(Study(title="記録", sources=(source,)), tmp_path)
    assert set(read.addressed.values()) == {"4"}
    assert len(read.addressed) == len(read.answers)


def test_a_column_that_is_an_attribute_already_is_kept_once(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("該当箇所,ご意見\n4,窓口を一つに\n", "utf-8")
    source = Source(
        file=path.name, kind="public_comment", text=("ご意見",), attributes={"章": "該当箇所"},
        addresses_column="該当箇所",
    )  # fmt: skip
    read = read_answers(Study(title="意見", sources=(source,)), tmp_path)
    assert [own for own in read.answers if own.startswith("attr_")] == ["attr_章"]


def test_texts_are_verbatim_and_na_is_an_answer(tmp_path: Path) -> None:
    texts = set(answers_of(write_csv(tmp_path / "a.csv", ROWS)).answers["raw_text"])
    assert {"坂が多い\nバスがほしい", " 街灯を増やして ", "NA"} <= texts


def test_respondents_have_their_number_or_one_made_of_their_row(tmp_path: Path) -> None:
    answers = answers_of(write_csv(tmp_path / "a.csv", ROWS)).answers
    ids = sorted(set(answers["respondent_id"]))
    assert ids[:3] == ["S-1", "S-2", "S-3"]
    assert len(ids) == 5
    assert ids[4] == f"{ids[3]}-2"
    assert ids[3].startswith("S-r")
    assert len(ids[3]) == len("S-r") + 10


def test_locators_lead_back_to_the_cell(tmp_path: Path) -> None:
    from_csv = answers_of(write_csv(tmp_path / "a.csv", ROWS)).answers
    from_xlsx = answers_of(write_xlsx(tmp_path / "a.xlsx", ROWS)).answers
    assert from_csv.set_index("raw_text")["locator"]["NA"] == "4行目 「ご意見」"
    assert from_xlsx.set_index("raw_text")["locator"]["NA"] == "回答!G4"


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_order_of_rows_changes_nothing_but_locators(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    folder = tmp_path_factory.mktemp("shuffled")
    rows = ROWS.copy()
    random.Random(seed).shuffle(rows)
    shuffled = content(answers_of(write_csv(folder / "a.csv", rows)))
    pd.testing.assert_frame_equal(shuffled, content(answers_of(write_csv(folder / "b.csv", ROWS))))


def test_like_answers_of_one_respondent_keep_their_own_attributes(tmp_path: Path) -> None:
    rows = [["7", age, "", "", "", "", "同じ意見"] for age in ("30代", "40代", "20代")]
    forward = content(answers_of(write_csv(tmp_path / "a.csv", rows)))
    backward = content(answers_of(write_csv(tmp_path / "b.csv", rows[::-1])))
    assert len(forward) == 3
    pd.testing.assert_frame_equal(forward, backward)


def test_the_form_of_the_file_changes_nothing_but_locators(tmp_path: Path) -> None:
    utf8 = content(answers_of(write_csv(tmp_path / "a.csv", ROWS)))
    pd.testing.assert_frame_equal(
        utf8, content(answers_of(write_csv(tmp_path / "b.csv", ROWS, "cp932")))
    )
    pd.testing.assert_frame_equal(utf8, content(answers_of(write_xlsx(tmp_path / "c.xlsx", ROWS))))


NOTES = "地区懇談会\n\n日時：令和5年10月3日\n■ 移動について\n○甲野委員　坂が多い。\n\n・店が遠い\n"


def test_notes_become_answers_and_what_is_no_opinion_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "懇談会.txt"
    path.write_text(NOTES, encoding="utf-8")
    study, _ = infer_study([path])
    result = read_answers(study, tmp_path)
    said = result.answers.set_index("raw_text")
    assert said.loc["坂が多い。", "respondent_id"] == "S1-甲野委員"
    assert said.loc["坂が多い。", "question"] == "移動について"
    assert said.loc["坂が多い。", "locator"] == "5行目"
    assert dict(zip(result.set_aside["text"], result.set_aside["reason"], strict=True)) == {
        "地区懇談会": "見出し",
        "移動について": "見出し",
        "日時：令和5年10月3日": "会議の記録事項",
    }
    assert set(result.set_aside["answer_id"]) <= set(result.answers["answer_id"])
    assert len(result.answers) == 5


def test_who_speaks_as_anyone_is_nobody_in_particular(tmp_path: Path) -> None:
    path = tmp_path / "懇談会.txt"
    path.write_text(
        "参加者：坂が多い。\n住民Ａ：店が遠い。\n事務局：検討します。\n", encoding="utf-8"
    )
    study, _ = infer_study([path])
    said = read_answers(study, tmp_path).answers.set_index("raw_text")["respondent_id"]
    assert said.to_dict() == {
        "坂が多い。": "",
        "店が遠い。": "S1-住民Ａ",
        "検討します。": "S1-事務局",
    }


def test_the_closed_question_of_a_pair_is_an_attribute(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", ROWS)
    answers = answers_of(path, pairs={"ご意見": "問2 定住"}).answers
    assert list(answers.columns)[-2:] == ["attr_年代", "attr_問2 定住"]
    assert set(answers["attr_問2 定住"]) == {"はい", "いいえ"}
    named = answers_of(path, attributes={"定住": "問2 定住"}, pairs={"ご意見": "問2 定住"}).answers
    assert [name for name in named.columns if name.startswith("attr_")] == ["attr_定住"]


@pytest.mark.parametrize("pairs", [{"ご意見": "問9 満足度"}, {"ご感想": "問2 定住"}])
def test_an_unknown_column_in_a_pair_is_refused(tmp_path: Path, pairs: dict[str, str]) -> None:
    with pytest.raises(InputError, match="という見出しの列がありません"):
        answers_of(write_csv(tmp_path / "a.csv", ROWS), pairs=pairs)


def test_an_answer_with_a_bare_comma_is_one_answer(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("番号,意見\n1,坂が多い\n2,店が遠く,困る\n3,道\x00が暗い\n", encoding="utf-8")
    study, _ = infer_study([path])
    texts = set(read_answers(study, tmp_path).answers["raw_text"])
    assert texts == {"坂が多い", "店が遠く,困る", "道 が暗い"}


def test_attributes_of_all_sources_stand_in_the_order_of_the_study(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", ROWS)
    (tmp_path / "b.txt").write_text("坂が多い。\n", encoding="utf-8")
    common = {"kind": "survey", "file": "a.csv", "text": ["ご意見"]}
    study = Study(
        title="調査",
        sources=(
            Source.model_validate({"id": "B", "kind": "district_meeting", "file": "b.txt"}),
            Source.model_validate({"id": "A", **common, "attributes": {"定住": "問2 定住"}}),
            Source.model_validate(
                {"id": "C", **common, "attributes": {"年代": "年代", "定住": "問2 定住"}}
            ),
        ),
    )
    answers = read_answers(study, tmp_path).answers
    assert list(answers.columns)[-2:] == ["attr_定住", "attr_年代"]
    assert set(answers.loc[answers["source_id"] == "A", "attr_年代"]) == {""}


def test_a_missing_column_is_refused_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        answers_of(write_csv(tmp_path / "a.csv", ROWS), respondent="会員番号")
    assert "a.csv" in str(caught.value)
    assert caught.value.at is not None
    assert caught.value.at.column == "会員番号"


def test_a_study_with_no_answers_gives_an_empty_table(tmp_path: Path) -> None:
    answers = answers_of(write_csv(tmp_path / "a.csv", [])).answers
    assert answers.empty
    assert "attr_年代" in answers.columns


def test_an_absolute_path_is_not_written_into_the_answers(tmp_path: Path) -> None:
    study, _ = infer_study([write_csv(tmp_path / "a.csv", ROWS)])
    assert set(read_answers(study, tmp_path).answers["file"]) == {"a.csv"}


def test_the_same_real_survey_as_csv_and_as_workbook_gives_the_same_texts() -> None:
    paths = [DATA / "sabae" / f"vision2023_adults.{suffix}" for suffix in ("csv", "xlsx")]
    if not all(path.exists() for path in paths):
        pytest.skip("実データ sabae/vision2023_adults がないため")
    read = [read_answers(infer_study([path])[0], path.parent).answers for path in paths]
    pairs = [sorted(zip(one["respondent_id"], one["raw_text"], strict=True)) for one in read]
    assert pairs[0] == pairs[1]
    assert len(read[0]) == 946


def test_every_answer_of_a_real_survey_is_read() -> None:
    path = DATA / "sabae" / "vision2023_all.csv"
    if not path.exists():
        pytest.skip("実データ sabae/vision2023_all.csv がないため")
    answers = read_answers(infer_study([path])[0], path.parent).answers
    assert len(answers) == 4469
    assert answers["question"].nunique() == 9
    assert answers["respondent_id"].nunique() == 940
    assert answers["answer_id"].is_unique


def test_an_id_tells_neither_the_respondent_nor_who_is_named(tmp_path: Path) -> None:
    """Whoever guesses numbers or telephone numbers cannot check the guess against an id."""
    rows = [["1", "30代", "5", "", "はい", "", "電話は090-1234-5678です"]]
    others = [["77", "60代", "5", "", "はい", "", "電話は090-8765-4321です"]]
    ids = [
        answers_of(write_csv(tmp_path / name, own)).answers["answer_id"].tolist()
        for name, own in (("a.csv", rows), ("b.csv", others))
    ]
    assert ids[0] == ids[1]


def test_like_answers_of_many_people_have_ids_of_their_own(tmp_path: Path) -> None:
    rows = [[str(n), "30代", "5", "店が近い", "はい", "", ""] for n in range(1, 30)]
    forward = answers_of(write_csv(tmp_path / "a.csv", rows)).answers
    backward = answers_of(write_csv(tmp_path / "b.csv", rows[::-1])).answers
    assert forward["answer_id"].is_unique
    own = ["answer_id", "respondent_id"]
    assert forward[own].to_dict("records") == backward[own].to_dict("records")
