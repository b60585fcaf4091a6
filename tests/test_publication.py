"""One place decides what may be published, and everything that is published keeps to it."""

from __future__ import annotations

import re
import tomllib
import zipfile
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest
from lxml import html

from pipeline import tables
from pipeline.answers import read_answers
from pipeline.cli import main
from pipeline.crosstabs import sensitive_issues
from pipeline.disclosure import SENSITIVE_THRESHOLD, THRESHOLD, Policy, policy_of
from pipeline.disclosure.sensitive import HEADINGS, is_of_a_person, is_of_people
from pipeline.errors import InputError
from pipeline.manifest import Provenance, load_manifest
from pipeline.published import publication_findings
from pipeline.report.attributes import SENSITIVE
from pipeline.resources import dictionaries_folder
from pipeline.study import Publication, Study, dump_study, load_study, parse_study
from tests.publication_fixture import AGES, MARKS, PLACES, write_study, write_survey

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from pipeline.findings import Finding


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run of a study with a threshold of 5, its papers, and a comparison with one of 3."""
    place = tmp_path_factory.mktemp("publication")
    write_survey(place / "回答.csv", n_people=200)
    five = write_study(place, "five.toml", "threshold = 5", "three")
    assert (
        main(["run", str(write_study(place, "three.toml")), "--output", str(place / "three")]) == 0
    )
    assert main(["run", str(five), "--output", str(place / "five")]) == 0
    assert main(["papers", str(place / "five"), "--output", str(place / "papers")]) == 0
    page = str(place / "比較.html")
    assert main(["compare", str(place / "three"), str(place / "five"), "--report", page]) == 0
    return place


@pytest.fixture(scope="module")
def page(folder: Path) -> html.HtmlElement:
    return html.document_fromstring((folder / "five" / "report.html").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def made(folder: Path) -> dict[str, pd.DataFrame]:
    names = ("answers", "opinions", "issues")
    return {name: tables.load_table(name, folder / "five" / "tables") for name in names}


def sections(page: html.HtmlElement) -> dict[str, html.HtmlElement]:
    """Attribute → its part of the report."""
    return {own.xpath("string(./h3)"): own for own in page.xpath("//section[@class='attribute']")}


def counts(text: str) -> list[int]:
    return [int(own.replace(",", "")) for own in re.findall(r"([0-9,]+)人", text)]


def test_the_survey_has_what_must_not_be_shown(
    page: html.HtmlElement, made: dict[str, pd.DataFrame]
) -> None:
    assert set(sections(page)) == {"年代", "障害者手帳", "地区"}
    titles = [row.xpath("string(./th)") for row in page.xpath("//table[@class='cross']/tbody/tr")]
    marked = sensitive_issues(made["issues"], Policy(5))
    assert marked
    assert len(marked) < len(made["issues"])
    assert not any(title.endswith(SENSITIVE) for title in titles if "バス" in title)


def test_no_cell_of_the_report_is_below_the_threshold(page: html.HtmlElement) -> None:
    seen = 0
    for name, section in sections(page).items():
        least = 10 if name == "障害者手帳" else 5
        for head in section.xpath(".//thead//th/small"):
            assert min(counts(head.text_content())) >= least
        for row in section.xpath(".//tbody/tr"):
            needed = 10 if row.xpath("string(./th)").endswith(SENSITIVE) else least
            for cell in row.xpath("./td[not(contains(@class, 'total'))]"):
                for number in counts(cell.text_content()):
                    assert number == 0 or number >= needed
                    seen += 1
    assert seen > 20


def test_the_report_says_which_threshold_it_keeps_to(page: html.HtmlElement) -> None:
    whole = page.xpath("string(//section[@id='attributes'])")
    assert "5人に満たない数と、引き算で分かってしまう数" in whole
    assert "10人に満たない数を示しません" in sections(page)["障害者手帳"].text_content()
    assert "3人に満たない" not in page.text_content()
    assert "属性ごとの表では、5人に満たない数と" in page.text_content()


def test_a_voice_carries_no_mark_of_disability_and_no_rare_value(
    page: html.HtmlElement, made: dict[str, pd.DataFrame]
) -> None:
    beside = "".join(own.text_content() for own in page.xpath("//*[@class='origin']"))
    assert not any(mark in beside for mark in MARKS)
    options = "".join(own.text_content() for own in page.xpath("//select//option | //label"))
    assert not any(mark in options for mark in MARKS)
    joined = made["opinions"].merge(made["answers"], on="answer_id")
    for attribute, values in (("年代", AGES), ("地区", PLACES)):
        for value in values:
            if f"（{value}）" in beside:
                own = joined[joined[f"attr_{attribute}"] == value]
                assert own["respondent_id"].nunique() >= 5


def test_labels_beside_voices_cannot_be_counted_to_a_small_number(
    page: html.HtmlElement, made: dict[str, pd.DataFrame]
) -> None:
    people = defaultdict(set)
    joined = made["opinions"].merge(made["answers"], on="answer_id")
    by_text = {row["text"]: row for row in joined.to_dict("records")}
    for voice in page.xpath("//*[@data-attributes]"):
        words = voice.xpath("string(.//bdi[1])")
        origin = voice.xpath("string(.//*[@class='origin'])")
        row = by_text[words]
        for value in (*AGES, *PLACES):
            if f"（{value}" in origin:
                people[row["issue_id"], value].add(row["respondent_id"])
    assert people
    sensitive = sensitive_issues(made["issues"], Policy(5))
    for (issue_id, _), own in people.items():
        assert len(own) >= (10 if issue_id in sensitive else 5)


def test_papers_workbook_and_comparison_hold_no_attribute_at_all(folder: Path) -> None:
    files = [*sorted((folder / "papers").iterdir()), folder / "five" / "review.xlsx",
             folder / "比較.html", folder / "five" / "previous.json"]  # fmt: skip
    assert {file.suffix for file in files} >= {".docx", ".xlsx", ".html", ".json"}
    for file in files:
        for name, content in parts_of(file):
            for value in (*AGES, *MARKS, *PLACES):
                assert value not in content, f"{file.name}/{name}: {value}"


def parts_of(path: Path) -> list[tuple[str, str]]:
    if path.suffix not in {".xlsx", ".docx"}:
        return [("", path.read_text(encoding="utf-8"))]
    with zipfile.ZipFile(path) as archive:
        return [(own, archive.read(own).decode("utf-8", "ignore")) for own in archive.namelist()]


def test_only_the_confidential_table_holds_attributes(folder: Path) -> None:
    for path in sorted((folder / "five" / "tables").glob("*.csv")):
        held = any(mark in path.read_text(encoding="utf-8-sig") for mark in MARKS)
        assert held == (path.name == "answers.csv"), path.name


def test_the_manifest_says_which_thresholds_were_used(folder: Path) -> None:
    for name, least in (("three", 3), ("five", 5)):
        parameters = load_manifest(folder / name)["parameters"]
        assert parameters["publication_threshold"] == least
        assert parameters["publication_sensitive_threshold"] == 10
        assert parameters["publication_sensitive"] == []


@pytest.mark.parametrize(
    "publication",
    [
        "threshold = 4",
        "sensitive_threshold = 11",
        'sensitive = ["地区"]',
        'not_sensitive = ["介護"]',
    ],
)
def test_another_policy_makes_another_run(folder: Path, publication: str) -> None:
    def run_id(study: Study) -> str:
        return Provenance.of(study, folder, None, keep_raw=True).run_id

    plain = load_study(write_study(folder, "plain.toml"))
    other = load_study(write_study(folder, "other.toml", publication))
    assert run_id(plain) != run_id(other)
    assert run_id(plain) == run_id(load_study(write_study(folder, "same.toml", "threshold = 3")))


def test_a_study_file_gives_its_policy_back() -> None:
    source = {"file": "a.csv", "kind": "survey"}
    own = {
        "threshold": 4,
        "sensitive_threshold": 12,
        "sensitive": ["収入"],
        "not_sensitive": ["介護"],
    }
    study = parse_study({"title": "x", "sources": [source], "publication": own}, "study.toml")
    assert policy_of(study.publication) == Policy(4, 12, frozenset({"収入"}), frozenset({"介護"}))
    assert "[publication]" in dump_study(study)
    bare = parse_study({"title": "x", "sources": [source]}, "study.toml")
    assert "publication" not in dump_study(bare)


def test_without_an_entry_three_and_ten_hold() -> None:
    assert policy_of(Publication()) == Policy(THRESHOLD, SENSITIVE_THRESHOLD)
    assert (THRESHOLD, SENSITIVE_THRESHOLD) == (3, 10)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("threshold", 2, "3 以上"),
        ("threshold", 101, "100 以下"),
        ("sensitive_threshold", 2, "3 以上"),
        ("threshold", "5", "整数"),
        ("thresholds", 5, "知らない項目"),
    ],
)
def test_a_policy_that_hides_nothing_is_refused_in_words(
    key: str, value: object, said: str
) -> None:
    source = {"file": "a.csv", "kind": "survey"}
    with pytest.raises(InputError) as caught:
        parse_study({"title": "x", "sources": [source], "publication": {key: value}}, "study.toml")
    assert f"publication.{key}" in str(caught.value)
    assert said in str(caught.value)


def test_nothing_is_both_sensitive_and_not() -> None:
    source = {"file": "a.csv", "kind": "survey"}
    both = {"sensitive": ["収入"], "not_sensitive": ["収入"]}
    with pytest.raises(InputError, match="どちらか1つ"):
        parse_study({"title": "x", "sources": [source], "publication": both}, "study.toml")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("障害者手帳", ()),
        ("障がいの有無", ()),
        ("問5 現在の健康状態はいかがですか", ()),
        ("要介護度", ()),
        ("世帯の状況", ("生活保護を受けている", "そのほか")),
        ("当てはまるもの", ("療育手帳を持っている", "なし")),
        ("持病はありますか", ()),
        ("ＨＩＶについて", ()),
    ],
)
def test_what_tells_of_illness_disability_care_or_need_is_sensitive(
    name: str, values: tuple[str, ...]
) -> None:
    assert is_of_a_person(name, values)
    assert Policy().for_attribute(name, values) == 10
    assert Policy(not_sensitive=frozenset({name})).for_attribute(name, values) == 3


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("年代", ("10代", "20代")),
        ("性別", ("男性", "女性")),
        ("職業", ("医療・福祉", "会社員", "介護職")),
        ("地区", ("健康の森", "病院前", "中央")),
        ("病院への行き方", ("バス", "車")),
    ],
)
def test_where_somebody_lives_or_works_is_not_sensitive(name: str, values: tuple[str, ...]) -> None:
    assert not is_of_a_person(name, values)
    assert Policy().for_attribute(name, values) == 3
    assert Policy(sensitive=frozenset({name})).for_attribute(name, values) == 10


def test_every_sensitive_heading_is_one_of_the_dictionary() -> None:
    text = (dictionaries_folder() / "concepts.toml").read_text(encoding="utf-8")
    assert {own["name"] for own in tomllib.loads(text)["concepts"]} >= HEADINGS


def test_issues_of_disability_and_care_need_more_people_and_those_of_hospitals_do_not() -> None:
    policy = Policy()
    assert policy.for_issue("認知症／孤独・孤立", ["認知症", "孤独・孤立"]) == 10
    assert policy.for_issue("障がいのある人の働く場がない") == 10
    assert policy.for_issue("病院・医療体制", ["病院・医療体制"]) == 3
    assert policy.for_issue("バスの便数", ["公共交通"]) == 3
    assert not is_of_people("", [])


def test_a_planner_may_say_otherwise_of_an_issue() -> None:
    more = Policy(sensitive=frozenset({"公共交通"}))
    assert more.for_issue("バスの便数", ["公共交通"]) == 10
    less = Policy(not_sensitive=frozenset({"認知症"}))
    assert less.for_issue("認知症／孤独・孤立", ["認知症", "孤独・孤立"]) == 3
    assert less.for_issue("認知症／虐待・DV", ["認知症", "虐待・DV"]) == 10


def test_sensitive_things_never_need_fewer_people_than_others() -> None:
    assert Policy(20, 10).for_attribute("障害者手帳") == 20


def findings_of(publication: str, tmp_path: Path) -> list[Finding]:
    write_survey(tmp_path / "回答.csv", n_people=60)
    study = load_study(write_study(tmp_path, "study.toml", publication))
    return publication_findings(study, read_answers(study, tmp_path).answers)


def test_a_planner_is_told_which_attributes_are_taken_as_sensitive(tmp_path: Path) -> None:
    (found,) = findings_of("", tmp_path)
    assert found.subject == "属性「障害者手帳」"
    assert "10人に満たない数を示しません" in found.reason
    assert found.lines == ("[publication]", 'not_sensitive = ["障害者手帳"]')
    assert found.doubt
    assert found.passes


def test_what_a_planner_wrote_is_no_doubt_any_more(tmp_path: Path) -> None:
    assert not findings_of('not_sensitive = ["障害者手帳"]', tmp_path)
    assert not findings_of('sensitive = ["障害者手帳", "認知症"]', tmp_path)


def test_a_name_that_fits_nothing_is_told(tmp_path: Path) -> None:
    found = findings_of('sensitive = ["収入"]', tmp_path)
    assert any("「収入」" in one.subject and not one.passes for one in found)
