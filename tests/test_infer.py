"""Files alone become a study; every guess is told; what a person gives stays as given."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from pipeline.errors import InputError
from pipeline.infer import complete, describe_study, infer_study
from pipeline.study import Source, Study, dump_study, parse_study

DATA = Path(__file__).parents[2] / "shared" / "data"

CSV = """番号,年代,お住まいの地区,満足度,上記回答の理由,ご意見をお書きください
1,30代,東,5,店が近いから,坂が多いのでバスがほしい
2,60代,西,2,病院が遠いから,街灯を増やしてほしい
3,40代,東,5,静かだから,特になし
4,30代,北,1,坂が多いから,子どもの遊び場がほしい
"""


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    path = tmp_path / "市民アンケート.csv"
    path.write_text(CSV, encoding="cp932")
    return path


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "回答.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name in ("一般", "高校生"):
            sheet = book.add_worksheet(name)
            for number, line in enumerate(CSV.splitlines()):
                sheet.write_row(number, 0, line.split(","))
        tally = book.add_worksheet("集計")
        tally.write_row(0, 0, ["年代", "人数"])
        tally.write_row(1, 0, ["30代", 2])
        tally.write_row(2, 0, ["60代", 1])
    return path


def test_a_file_becomes_a_study(survey: Path) -> None:
    study, _ = infer_study([survey])
    (source,) = study.sources
    assert study.title == "市民アンケート"
    assert (source.id, source.kind, source.file) == ("S1", "survey", str(survey))
    assert source.text == ("上記回答の理由", "ご意見をお書きください")
    assert source.respondent == "番号"
    assert source.attributes == {"年代": "年代", "地区": "お住まいの地区", "満足度": "満足度"}
    assert source.pairs == {"上記回答の理由": "満足度"}


def test_the_study_that_was_inferred_can_be_written_and_read_back(survey: Path) -> None:
    import tomllib

    study, _ = infer_study([survey])
    assert parse_study(tomllib.loads(dump_study(study)), "study.toml") == study


def test_every_guess_is_told_with_its_reason(survey: Path) -> None:
    _, findings = infer_study([survey])
    told = {finding.subject: finding.taken_for for finding in findings}
    assert told["文字コード"] == "CP932（Shift_JIS）"
    assert told["種別"] == "市民アンケート"
    assert told["見出し行"] == "1行目"
    assert told["番号"] == "回答者番号"
    assert told["お住まいの地区"] == "属性「地区」"
    assert told["ご意見をお書きください"] == "自由記述"
    assert all(finding.reason.endswith("。") for finding in findings)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("R5地区懇談会.txt", "district_meeting"),
        ("保健医療関係者懇談会.txt", "professional_meeting"),
        ("介護事業所アンケート.txt", "professional_meeting"),
        ("パブコメ意見.txt", "public_comment"),
        ("医療と福祉の市民アンケート.txt", "survey"),
        ("メモ.txt", "district_meeting"),
    ],
)
def test_the_kind_is_inferred_from_the_name(tmp_path: Path, name: str, kind: str) -> None:
    path = tmp_path / name
    path.write_text("坂が多い。\n\n店が遠い。\n", encoding="utf-8")
    study, findings = infer_study([path])
    assert study.sources[0].kind == kind
    assert "種別" in {finding.subject for finding in findings}


def test_every_sheet_with_free_text_becomes_a_source(workbook: Path) -> None:
    study, findings = infer_study([workbook])
    assert [(source.id, source.sheet) for source in study.sources] == [
        ("S1", "一般"),
        ("S2", "高校生"),
    ]
    sheets = {
        finding.sheet: finding.taken_for for finding in findings if finding.subject == "シート"
    }
    assert sheets == {"一般": "読みます", "高校生": "読みます", "集計": "読みません"}


def test_a_file_without_free_text_is_refused_with_its_columns_and_a_study_to_write(
    tmp_path: Path,
) -> None:
    path = tmp_path / "集計.csv"
    path.write_text("年代,人数\n30代,12\n60代,25\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        infer_study([path])
    assert "「年代」、「人数」" in caught.value.remedy
    assert "[[sources]]" in caught.value.remedy


def test_a_file_with_headers_only_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "空.csv"
    path.write_text("番号,ご意見\n", encoding="utf-8")
    with pytest.raises(InputError, match="回答がありません"):
        infer_study([path])


COMMENTS = """番号,意見の該当箇所,ご意見
1,第3章　基本目標1,町内会の役員の仕事を減らしてください。
2,基本目標4,相談の窓口を一つにしてください。
3,全体,文章が長くて読めませんでした。
4,施策4-2,地域の足の確保を求めます。
"""


@pytest.mark.parametrize(
    "header",
    ["該当箇所", "意見の該当箇所", "素案の該当個所（章・ページ）", "該当か所を記入してください"],
)
def test_the_column_of_the_addressed_part_is_found_by_its_header(
    tmp_path: Path, header: str
) -> None:
    path = tmp_path / "パブコメ.csv"
    path.write_text(COMMENTS.replace("意見の該当箇所", header), encoding="utf-8")
    study, findings = infer_study([path])
    (source,) = study.sources
    assert source.addresses_column == header
    assert (source.text, source.respondent, source.attributes) == (("ご意見",), "番号", {})
    (finding,) = [own for own in findings if own.subject == header]
    assert (finding.taken_for, finding.doubt) == ("該当箇所", False)
    assert "該当箇所" in finding.reason
    told = {own.subject: own.taken_for for own in describe_study(study, tmp_path)}
    assert told[header] == "該当箇所"


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("該当箇所に○を付けてください", ["○", "", "○", "○"]),
        ("ご意見（該当箇所もお書きください）", ["計画の第3章の基本目標1について、役員の仕事を減らしてください"] * 4),
    ],
)  # fmt: skip
def test_a_question_that_only_speaks_of_a_part_is_not_taken_for_one(
    tmp_path: Path, header: str, values: list[str]
) -> None:
    path = tmp_path / "パブコメ.csv"
    rows = COMMENTS.splitlines()
    added = zip(rows, (header, *values), strict=True)
    lines = (f"{row.replace('意見の該当箇所', '章')},{own}" for row, own in added)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert infer_study([path])[0].sources[0].addresses_column is None


def test_of_two_such_columns_the_first_is_taken_and_the_other_is_told(tmp_path: Path) -> None:
    path = tmp_path / "パブコメ.csv"
    lines = [f"{row},{own}" for row, own in zip(
        COMMENTS.splitlines(), ("該当箇所（ページ）", "3", "4", "", "12"), strict=True
    )]  # fmt: skip
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    study, findings = infer_study([path])
    assert study.sources[0].addresses_column == "意見の該当箇所"
    (other,) = [own for own in findings if own.subject == "該当箇所（ページ）"]
    assert (other.taken_for, other.doubt) == ("その他（使いません）", True)


def test_what_a_study_says_of_the_addressed_part_stays_as_given(tmp_path: Path) -> None:
    path = tmp_path / "パブコメ.csv"
    path.write_text(COMMENTS, encoding="utf-8")
    for keys in ({"addresses": "4"}, {"text": ["ご意見"]}):
        source = Source.model_validate({"file": path.name, "kind": "public_comment", **keys})
        study = Study(title="意見", sources=(source,))
        assert complete(study, tmp_path).sources[0].addresses_column is None
        told = {own.subject: own for own in describe_study(study, tmp_path)}
        assert told["意見の該当箇所"].taken_for == "該当箇所（使いません）"
        assert told["意見の該当箇所"].doubt


def test_a_document_has_no_column_of_the_addressed_part(tmp_path: Path) -> None:
    (tmp_path / "記録.txt").write_text("坂が多い。\n\n店が遠い。\n", encoding="utf-8")
    source = Source(file="記録.txt", kind="district_meeting", addresses_column="該当箇所")
    with pytest.raises(InputError, match="addresses_column は使えません"):
        complete(Study(title="記録", sources=(source,)), tmp_path)


def test_a_file_given_twice_or_its_copy_is_refused(survey: Path) -> None:
    copy = survey.with_name("写し.csv")
    copy.write_bytes(survey.read_bytes())
    for twice in ([survey, survey], [survey, survey.parent / "." / survey.name], [survey, copy]):
        with pytest.raises(InputError, match="2度"):
            infer_study(twice)


def test_answers_that_may_stand_above_the_header_are_told(tmp_path: Path) -> None:
    path = tmp_path / "意見.csv"
    path.write_text(
        "道が暗くて怖い。,,\n番号,年代,ご意見\n1,30代,坂が多い\n2,40代,店が遠い\n", encoding="utf-8"
    )
    told = {finding.subject: finding for finding in infer_study([path])[1]}
    assert told["見出し行"].taken_for == "2行目"
    assert told["見出し行"].doubt
    assert told["見出し行"].lines == ("header_row = 1",)


def study_of(**source: object) -> Study:
    return Study(title="調査", sources=(Source.model_validate({"kind": "survey", **source}),))


def test_a_source_without_text_is_filled_in(survey: Path) -> None:
    study = study_of(file=survey.name, attributes={"世代": "年代"})
    (source,) = complete(study, survey.parent).sources
    assert source.text == ("上記回答の理由", "ご意見をお書きください")
    assert source.respondent == "番号"
    assert source.attributes == {"世代": "年代"}


def test_a_source_with_text_stays_as_it_is(survey: Path) -> None:
    study = study_of(file=survey.name, text=["ご意見をお書きください"])
    assert complete(study, survey.parent) == study


def test_completing_twice_is_completing_once(workbook: Path) -> None:
    once = complete(study_of(file=workbook.name), workbook.parent)
    assert [(source.id, source.sheet) for source in once.sources] == [
        ("S", "一般"),
        ("S_2", "高校生"),
    ]
    assert complete(once, workbook.parent) == once


def test_text_columns_are_looked_for_in_every_sheet(workbook: Path) -> None:
    study = study_of(file=workbook.name, text=["ご意見をお書きください"])
    assert [source.sheet for source in complete(study, workbook.parent).sources] == [
        "一般",
        "高校生",
    ]
    with pytest.raises(InputError, match="ご感想"):
        complete(study_of(file=workbook.name, text=["ご感想"]), workbook.parent)


def test_a_study_is_described_as_given_and_as_found(survey: Path) -> None:
    study = study_of(file=survey.name, text=["ご意見をお書きください"], attributes={"世代": "年代"})
    told = {finding.subject: finding for finding in describe_study(study, survey.parent)}
    assert told["年代"].taken_for == "属性「世代」"
    assert told["年代"].reason == "調査ファイルで指定されています。"
    assert told["番号"].taken_for == "回答者番号（使いません）"
    assert told["上記回答の理由"].taken_for == "自由記述（使いません）"
    assert told["上記回答の理由"].doubt


def test_the_closed_question_of_a_pair_is_described_as_an_attribute(survey: Path) -> None:
    study = study_of(file=survey.name, text=["上記回答の理由"], pairs={"上記回答の理由": "満足度"})
    told = {finding.subject: finding for finding in describe_study(study, survey.parent)}
    assert told["満足度"].taken_for == "属性「満足度」"
    assert told["満足度"].reason == "調査ファイルで指定されています。"


def test_a_document_of_notes_has_no_columns_to_name(tmp_path: Path) -> None:
    (tmp_path / "記録.txt").write_text("坂が多い。\n", encoding="utf-8")
    with pytest.raises(InputError):
        complete(study_of(file="記録.txt", text=["意見"]), tmp_path)


def test_every_real_file_can_be_inferred_and_written_as_a_study() -> None:
    paths = sorted(path for path in DATA.glob("*/*") if path.suffix in {".csv", ".xlsx"})
    if not paths:
        pytest.skip("実データがないため")
    study, findings = infer_study(paths)
    assert len(study.sources) == len(paths)
    assert "title" in dump_study(study)
    assert all(finding.reason for finding in findings)


def test_a_sheet_of_codes_beside_the_answers_is_not_read_and_said_so():
    from pathlib import Path

    sample = Path(__file__).parents[1] / "inputs" / "sample" / "survey_2025.xlsx"
    study, findings = infer_study([sample])
    assert [source.sheet for source in study.sources] == ["回答"]
    (told,) = [one for one in findings if one.subject == "シート" and one.sheet == "コード表"]
    assert told.taken_for == "読みません"
    assert told.doubt
