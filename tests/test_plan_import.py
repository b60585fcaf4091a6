"""A plan read out of its text: the fictitious one of Aoba, others in other styles, the real one."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.plan import find_plan, load_plan
from pipeline.plan_import.chapter import (
    ImportedPlan,
    dump_imported,
    import_plan,
    render_unplaced,
)
from pipeline.plan_import.marks import Style, read_mark, split_status
from pipeline.plan_import.noise import SourceLine
from pipeline.plan_import.outline import outline
from pipeline.plan_import.text import mend_line

DATA = Path(__file__).parent / "data"
CHAPTER = Path(__file__).parents[2] / "shared" / "plan" / "nishitokyo-4-chapter8.txt"
beside_the_plan = pytest.mark.skipif(not CHAPTER.is_file(), reason="the plan's chapter is not here")


@pytest.fixture(scope="module")
def aoba() -> ImportedPlan:
    return import_plan(DATA / "aoba_plan.txt", plan_id="aoba")


@pytest.fixture
def read(tmp_path):
    """Import a plan that a test writes."""

    def write_and_read(text: str) -> ImportedPlan:
        path = tmp_path / "plan.txt"
        path.write_text(text, encoding="utf-8")
        return import_plan(path)

    return write_and_read


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_the_plan_of_aoba_is_read_as_a_person_wrote_it_down(aoba):
    assert aoba.plan == load_plan(DATA / "aoba_plan.toml")


def test_what_stands_outside_the_goals_of_aoba_is_listed_with_page_line_and_reason(aoba):
    found = {(one.page, one.line, one.text, one.reason) for one in aoba.unplaced}
    assert (1, 3, "（１）計画の見方", "基本目標より前") in found
    assert (1, 11, "- 12 -", "ページ番号") in found
    assert (2, 12, "きほんもくひょう こえ あ ちいき", "ふりがな") in found
    assert {one.text for one in aoba.unplaced if one.reason == "注記"} == {
        "※この計画は、毎年ふり返ります。"
    }
    assert {one.text for one in aoba.unplaced if one.reason == "基本目標より後の章"} == {
        "第４章 計画の進め方",
        "評価の委員会を年に二回開きます。",
    }
    assert len(aoba.unplaced) == 15


def test_a_status_of_the_towns_own_is_kept_and_mentioned(aoba):
    (action,) = [a for a in aoba.plan.measure("2-1").actions if a.id == "2-1-2"]
    assert action.status == "試行"
    assert aoba.doubts == ("基本目標2に見慣れない区分「試行」があります（1件）。",)


def test_every_line_of_aoba_is_in_the_plan_or_a_label_or_listed(aoba):
    style = Style("基本目標", "施策")
    listed = {(one.line, one.text) for one in aoba.unplaced}
    written = squeezed(dump_imported(aoba, {}).split("# 計画に入れられなかった行")[0])
    source = (DATA / "aoba_plan.txt").read_text("utf-8").replace("\f", "").split("\n")
    for number, raw in enumerate(source, start=1):
        line = mend_line(raw)
        mark = read_mark(line, style)
        while mark and mark.kind == "section" and mark.text:
            line = mark.text
            mark = read_mark(line, style)
        if not line or (number, line) in listed or (mark and mark.kind == "section"):
            continue
        body = re.sub(r"[（(]\w*・?\w*[）)]?$", "", split_status(mark.text if mark else line)[0])
        for piece in re.split(r"\s*[〜～]", body):
            assert squeezed(piece) in written, (number, line)


TOWN_OF_ANOTHER_STYLE = """目次
基本方針Ⅰ　つながる地域 …………… 22
第３章　計画の体系
基本方針Ⅰ　つながる地域
取組１　集いの場づくり
基本方針Ⅱ　学び合う地域
取組１　福祉の学び
\f第４章　計画の内容
基本方針Ⅰ　つながる地域
【現状と課題】
○一人暮らしの高齢者が増えています。
○集いの場が偏っており、歩いて行けないという声がありま
す。
【目指す姿】
○誰もが歩いて行ける所に集いの場があります。
取組１　集いの場づくり
身近な場所で集える場を増やします。
社協が取り組むこと
○【新規】空き家を使った集いの場を支援します。
○【拡充】集いの場を運営する人の交流会を、年に四回に増や
し、悩みを話し合える場にします。
住民が取り組むこと
○【継続】集いの場に誘い合って参加します。
22
\f第４章　計画の内容
基本方針Ⅱ　学び合う地域
【現状と課題】
○福祉を学ぶ機会が限られています。
【目指す姿】
○大人も子どもも福祉を学んでいます。
取組１　福祉の学び
学校と地域をつなぎます。
関連するSDGs　4、17
○【見直し】出前講座の内容を改めます。
23
\f第４章　計画の内容
24
"""


def test_a_town_with_other_names_for_its_parts_is_read_too(read):
    imported = read(TOWN_OF_ANOTHER_STYLE)
    first, second = imported.plan.goals
    assert (first.name, second.name) == ("つながる地域", "学び合う地域")
    assert first.problems == (
        "一人暮らしの高齢者が増えています。",
        "集いの場が偏っており、歩いて行けないという声があります。",
    )
    assert first.outlook == ("誰もが歩いて行ける所に集いの場があります。",)
    assert first.measures[0].contents == ("身近な場所で集える場を増やします。",)
    assert [(action.status, action.text) for action in first.measures[0].actions] == [
        ("新規", "空き家を使った集いの場を支援します。"),
        (
            "拡充",
            "集いの場を運営する人の交流会を、年に四回に増やし、悩みを話し合える場にします。",
        ),
        ("継続", "集いの場に誘い合って参加します。"),
    ]
    assert second.measures[0].sdgs == (4, 17)
    assert second.measures[0].actions[0].status == "見直し"


def test_a_table_of_contents_and_a_chart_of_the_plan_are_no_goals(read):
    imported = read(TOWN_OF_ANOTHER_STYLE)
    reasons = [one.reason for one in imported.unplaced]
    assert reasons.count("目次や体系図") == 4
    assert reasons.count("目次") == 1
    assert reasons.count("各ページの見出し") == 3
    assert imported.doubts == ("計画の題が見つかりません。「plan」としました。",)


def test_a_plan_without_statuses_and_labels_has_its_lists_as_actions(read):
    imported = read(
        "みどり市地域福祉活動計画\n目標１ 支え合う町\n課題\n・担い手の高齢化\n５年後の町の姿\n"
        "世代を超えて\n声をかけ合う町\n1-1 担い手づくり\n・養成講座の開催\n・若者の\n参加促進\n"
        "1-2 広報\n・広報紙の発行（年４回）\n"
    )
    (goal,) = imported.plan.goals
    assert imported.plan.title == "みどり市地域福祉活動計画"
    assert goal.problems == ("担い手の高齢化",)
    assert goal.outlook == ("世代を超えて声をかけ合う町",)
    assert [action.text for action in goal.measures[0].actions] == [
        "養成講座の開催",
        "若者の参加促進",
    ]
    assert [action.text for action in goal.measures[1].actions] == ["広報紙の発行（年４回）"]
    assert all(action.status == "" for one in goal.measures for action in one.actions)


BROKEN_PLAN = """基本目標１：つながり合う町
■現状と課題
孤立する人が増えています。
重点施策(1) 見守り
①見守り協力員の養成（新規）
②見守り会議の開催（継続）
 ・年に３回開く
④買い物支援
重点施策(3) 居場所
①サロンへの助成（継続）
基本目標３：安心できる町
▼そのほかの話
重点施策(1) 防災
①名簿の活用（拡充）
基本目標３に関連するその他の取り組み
・広報紙の発行（継続）
"""


def test_what_looks_incomplete_is_said_in_japanese(read):
    doubts = read(BROKEN_PLAN).doubts
    for said in (
        "基本目標2が見つかりません。",
        "施策1-2が見つかりません。",
        "施策1-1の取り組みの番号が続いていません（1、2、4）。",
        "基本目標3の課題と方向性が見つかりません。",
        "どの基本目標にも姿が見つかりません。",
        "どの施策にも内容が見つかりません。",
        "取り組み1-1-3に区分（新規・継続など）がありません。",
    ):
        assert said in doubts


def test_details_of_an_action_and_unknown_headings_are_listed(read):
    found = {one.text: one.reason for one in read(BROKEN_PLAN).unplaced}
    assert found == {
        "・年に３回開く": "取り組みの細目",
        "▼そのほかの話": "何の見出しか分からない行",
    }


def test_a_text_that_ends_amid_a_sentence_is_pointed_out(read):
    text = "基本目標１ 町\n施策１ 見守り\n内容\n・見守りを広げ\n・あいさつをします\n"
    text += "主な取り組み\n" + "".join(f"{n}．会を開きます（継続）\n" for n in range(1, 7))
    doubts = read(text).doubts
    assert "施策1-1の内容「見守りを広げ」が文の途中で終わっているようです。" in doubts


def test_a_missing_picture_is_pointed_out(read):
    text = "".join(
        f"基本目標{n} 町{n}\n課題です。\n2030年の姿\n{picture}施策１ 見守り\n内容\n・広げます\n"
        "主な取り組み\n１．会を開きます（継続）\n"
        for n, picture in ((1, "輪が広がっています\n"), (2, ""))
    )
    assert "基本目標2の姿が見つかりません。" in read(text).doubts


def test_two_measures_of_one_number_are_both_kept(read):
    imported = read(
        "基本目標１ 町\n施策１ 見守り\n・広げます（新規）\n施策１ 学び\n・開きます（新規）\n"
    )
    assert [one.id for one in imported.plan.goals[0].measures] == ["1-1", "1-2"]
    said = "基本目標1に施策1が2つあります。「学び」を施策2としました。"
    assert said in imported.doubts


def test_a_list_for_the_residents_below_the_one_of_the_council_has_actions_too(read):
    imported = read(
        "基本目標１ 町\n施策１ 見守り\n社協が取り組むこと\n１．会を開きます（新規）\n・年に三回です\n"
        "２．旗を配ります（継続）\n住民が取り組むこと\n・声をかけ合います\n・会に来ます（新規）\n"
    )
    (measure,) = imported.plan.goals[0].measures
    assert [action.text for action in measure.actions] == [
        "会を開きます", "旗を配ります", "声をかけ合います", "会に来ます",
    ]  # fmt: skip
    assert [(one.text, one.reason) for one in imported.unplaced] == [
        ("・年に三回です", "取り組みの細目")
    ]


def test_goals_of_the_united_nations_that_do_not_exist_are_listed(read):
    imported = read(
        "基本目標１ 町\n施策１ 見守り\n関連するSDGs 3、11\nSDGs 99\n・広げます（新規）\n"
    )
    assert imported.plan.goals[0].measures[0].sdgs == (3, 11)
    assert [one.text for one in imported.unplaced] == ["SDGs 99"]


def test_a_status_in_a_column_of_its_own_belongs_to_the_row_before_it(read):
    rows = "".join(
        f"{n}．見守りの会を\n町で開く\n{s}\n" for n, s in [(1, "新規"), (2, "継続"), (3, "拡充")]
    )
    imported = read(f"基本目標１ 町\n施策１ 見守り\n具体的な取り組み\n{rows}")
    actions = imported.plan.goals[0].measures[0].actions
    assert [(one.text, one.status) for one in actions] == [
        ("見守りの会を町で開く", "新規"),
        ("見守りの会を町で開く", "継続"),
        ("見守りの会を町で開く", "拡充"),
    ]


def test_letters_that_cannot_be_read_are_counted(read):
    imported = read(
        "基本目標１ 町\n(cid:12)(cid:13)の話です。\n施策１ 見守り\n・広げます（新規）\n"
    )
    assert "読めない文字のある行が1行あります（2行目）。" in imported.doubts


def test_the_terminal_gets_reason_by_reason_and_the_rest_in_brief(aoba):
    shown = render_unplaced(aoba)
    assert shown[0] == "計画に入れられなかった行: 15行"
    assert "  1ページ 3行目: （１）計画の見方" in shown
    brief = render_unplaced(aoba, brief=True)
    assert "  5ページ 136行目: ※この計画は、毎年ふり返ります。" in brief
    assert "  1ページ 3行目: （１）計画の見方" not in brief
    assert set(brief) - set(shown) == {
        "  1ページ 1行目",
        "  1ページ 3行目 〜 1ページ 9行目",
        "  1ページ 11行目 〜 6ページ 143行目",
        "  6ページ 139行目 〜 6ページ 141行目",
    }


def test_where_everything_has_its_place_the_terminal_says_so(read):
    imported = read("基本目標１ 町\n施策１ 見守り\n・広げます（新規）\n")
    assert render_unplaced(imported) == ["計画に入れられなかった行はありません。"]


def test_the_written_file_is_read_back_equal_and_holds_everything(aoba, tmp_path):
    text = dump_imported(aoba, {"1-1": "提案（確かめてください）: 11（根拠: 町）"})
    path = tmp_path / "aoba.toml"
    path.write_text(text, encoding="utf-8")
    assert load_plan(path) == aoba.plan
    assert all(f": {one.text}" in text for one in aoba.unplaced)
    assert all(doubt in text for doubt in aoba.doubts)
    assert "sdgs = []  # 提案（確かめてください）: 11（根拠: 町）" in text


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("ない.txt", None, "ファイルがありません"),
        ("計画.docx", b"x", "から計画は読めません"),
        ("計画.txt", "福祉の話です。".encode(), "基本目標の見出しが見つかりません"),
        ("計画.txt", "基本目標１ 町 …………… 3".encode(), "基本目標の見出しが見つかりません"),
        ("計画.txt", b"", "ファイルが空です"),
    ],
)
def test_a_file_that_is_no_plan_is_refused_with_what_to_do(name, content, said, tmp_path):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        import_plan(path)
    assert said in str(caught.value)
    assert "対処" in str(caught.value)
    assert name in str(caught.value)


LINES = [
    "基本目標{n} {t}の町", "施策{n} {t}の輪", "内容", "アクションプラン", "2030年の町の姿", "課題",
    "その他の取り組み", "・{t}を広げます", "{n}．{t}を開きます（新規）", "{n}．{t}を増や", "します（継続）",
    "{t}の輪が", "広がっています", "〜{t}しよう〜", "【{t}の話】", "※{t}の注", "{t}です。", "({n}) {t}",
    "内 容 ・{t}をします", "（充実・強化）", "第{n}章 {t}",
]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(LINES), st.integers(1, 4)), max_size=25))
def test_no_line_is_lost_whatever_the_order(tmp_path_factory, drawn):
    kanji = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥東南西北"
    lines = ["基本目標1 春の町"] + [
        line.format(n=n, t=f"夏{kanji[place]}") for place, (line, n) in enumerate(drawn)
    ]
    path = tmp_path_factory.getbasetemp() / "drawn.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    imported = import_plan(path)
    written = dump_imported(imported, {})
    for place, (line, _) in enumerate(drawn):
        assert "{t}" not in line or f"夏{kanji[place]}" in written


@given(st.lists(st.tuples(st.sampled_from(LINES), st.integers(1, 4)), max_size=25))
def test_every_line_is_in_one_part_or_in_the_noise(drawn):
    lines = [
        SourceLine(place, line.format(n=n, t="春"))
        for place, (line, n) in enumerate(drawn, start=1)
    ]
    found = outline(lines, Style("基本目標", "施策"))
    numbers = [line.number for part in found.parts for line in part.lines]
    numbers += [line.number for line, _ in found.noise]
    assert sorted(numbers) == [line.number for line in lines]


@pytest.fixture(scope="module")
def found() -> ImportedPlan:
    return import_plan(CHAPTER, plan_id="nishitokyo-4")


@pytest.fixture(scope="module")
def by_hand():
    return load_plan(find_plan("nishitokyo-4", Path()))


@beside_the_plan
def test_everything_but_summary_and_period_equals_the_file_written_by_hand(found, by_hand):
    bare = [goal.model_copy(update={"summary": ""}) for goal in by_hand.goals]
    assert found.plan == by_hand.model_copy(update={"goals": tuple(bare), "period": ""})


@beside_the_plan
def test_the_figures_are_those_of_the_printed_plan(found):
    measures = [measure for goal in found.plan.goals for measure in goal.measures]
    assert len(found.plan.goals) == 6
    assert len(measures) == 14
    assert sum(len(measure.actions) for measure in measures) == 64
    assert sum(len(goal.other_actions) for goal in found.plan.goals) == 6
    assert [len(goal.outlook) for goal in found.plan.goals] == [3, 2, 2, 2, 2, 1]
    assert [len(goal.problems) for goal in found.plan.goals] == [2] * 6


@beside_the_plan
def test_nothing_is_doubtful_and_only_one_mark_inside_the_goals_has_no_place(found):
    assert found.doubts == ()
    inside = [one for one in found.unplaced if one.line >= 285]
    assert [(one.line, one.text, one.reason) for one in inside] == [(748, "！", "記号だけの行")]


@beside_the_plan
@pytest.mark.parametrize("seed", range(4))
def test_lines_broken_at_other_places_change_nothing(found, seed, tmp_path):
    chance = random.Random(seed)
    lines = []
    for line in CHAPTER.read_text("utf-8").split("\n"):
        cut = chance.randint(8, 40)
        # Word does not begin a line with these, and neither does a PDF made by it.
        if re.match(r"[１-９]．|・", line) and len(line) > cut and line[cut] not in "・ー）、":
            lines += [line[:cut], "", line[cut:]]
        else:
            lines.append(line)
    path = tmp_path / "broken.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert import_plan(path, plan_id="nishitokyo-4").plan == found.plan
