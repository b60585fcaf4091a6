"""A run beside a person's labels: figures worked out by hand, and what goes wrong."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from pipeline.agreement.evaluation import evaluate
from pipeline.agreement.labels import match_labels, read_labels
from pipeline.agreement.report import render, save_figures, save_rows
from pipeline.cli import main
from pipeline.errors import InputError, UsageError
from pipeline.plan import find_plan, load_plan

# The run: バス and 電車 in I001, 公園 in I002, 犬 and 猫 alone.
# 公園's answer holds two opinions, the longer one in I002; 雪 was set aside.
OPINIONS = [
    ("O1", "A1", "バスが少ない", "", "I001"),
    ("O2", "A2", "電車が遠い", "", "I001"),
    ("O3", "A3", "公園の遊具が古くて危ない", "", "I002"),
    ("O4", "A3", "バスもない", "", "I001"),
    ("O5", "A4", "犬がうるさい", "", ""),
    ("O6", "A5", "猫がいる", "", ""),
]
ANSWERS = [
    ("A1", "バスが少ない。"),
    ("A2", "電車が遠い"),
    ("A3", "公園の遊具が古くて危ない。バスもない。"),
    ("A4", "犬がうるさい"),
    ("A5", "猫がいる"),
    ("A6", "特になし"),
]
BY_TEXT = "ご意見,分類\nバスが少ない！,交通\n電車が遠い,交通\n公園の遊具が古くて危ない,公園\n犬がうるさい,動物\n猫がいる,動物\n"


def tables(opinions=OPINIONS, answers=ANSWERS):
    made = pd.DataFrame(
        opinions, columns=["opinion_id", "answer_id", "text", "duplicate_of", "issue_id"]
    )
    made["start"] = 0
    made["end"] = made["text"].str.len()
    return made, pd.DataFrame(answers, columns=["answer_id", "raw_text"])


ISSUES = pd.DataFrame({"issue_id": ["I001", "I002"], "title": ["バスが少ない", "遊具が古い"]})


@pytest.fixture
def compare(tmp_path):
    """Write a file of labels and compare it with the run."""

    def write_and_compare(text, run=None, name="labels.csv", encoding="utf-8", **columns):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        opinions, answers = run or tables()
        return evaluate(
            opinions, ISSUES, match_labels(read_labels(path), opinions, answers, **columns)
        )

    return write_and_compare


def test_the_figures_are_those_worked_out_by_hand(compare):
    (found,) = compare(BY_TEXT).groups
    # Person {バス, 電車} {公園} {犬, 猫}; run {バス, 電車} {公園} {犬} {猫}: of ten pairs one
    # is together in the run, two with the person, one with both.
    assert (found.n_rows, found.n_labels, found.n_issues) == (5, 3, 2)
    assert found.alone == pytest.approx(2 / 5)
    assert (found.precision, found.recall) == (1.0, 0.5)
    assert found.f1 == pytest.approx(2 / 3)
    expected = 1 * 2 / 10
    assert found.ari == pytest.approx((1 - expected) / ((1 + 2) / 2 - expected))
    assert found.homogeneity == pytest.approx(1.0)
    assert found.completeness == pytest.approx(found.v_measure / (2 - found.v_measure))


def test_names_of_labels_and_issues_do_not_matter(compare):
    other = BY_TEXT.replace("交通", "I002").replace("公園\n", "x\n")
    assert compare(other).groups == compare(BY_TEXT).groups


def test_opinions_that_stand_alone_are_not_one_group(compare):
    (found,) = compare("text,a\n犬がうるさい,動物\n猫がいる,動物\n").groups
    assert (found.n_issues, found.alone, found.recall) == (0, 1.0, 0.0)
    assert found.precision is None
    assert "  -" in "\n".join(render(compare("text,a\n犬がうるさい,動物\n猫がいる,動物\n")))


def test_the_same_wording_alone_is_one_group(compare):
    run = tables([*OPINIONS, ("O7", "A7", "犬がうるさい！", "O5", "")])
    (found,) = compare("opinion_id,a\nO5,犬\nO7,犬\nO6,猫\n", run).groups
    assert found.ari == 1.0


def test_rows_are_matched_by_opinion_id_before_anything_else(compare):
    made = compare("answer_id,opinion_id,text,分類\nA1,O4,犬がうるさい,a\nA1,O3,x,b\n")
    assert made.labels.by_id
    assert list(made.rows["opinion_id"]) == ["O4", "O3"]
    assert list(made.rows["title"]) == ["バスが少ない", "遊具が古い"]


def test_an_answer_counts_with_its_longest_opinion(compare):
    by_id = compare("answer_id,分類\nA3,公園\nA1,交通\n")
    by_text = compare("text,分類\n公園の遊具が古くて危ない。バスもない。,公園\nバスが少ない,交通\n")
    for made in (by_id, by_text):
        assert list(made.rows["opinion_id"]) == ["O3", "O1"]
        assert any("回答 1行は、いちばん長い意見" in line for line in render(made))


def test_a_column_of_ids_may_have_any_name(compare):
    made = compare("番号,分類\nA1,交通\nO3,公園\n", id_column="番号")
    assert list(made.rows["opinion_id"]) == ["O1", "O3"]


def test_a_named_text_column_goes_before_ids(compare):
    made = compare("opinion_id,text,a\nO6,犬がうるさい,x\nO6,電車が遠い,y\n", text_column="text")
    assert list(made.rows["opinion_id"]) == ["O5", "O2"]


def test_texts_that_are_masked_in_the_run_are_found_by_the_answer(compare):
    run = tables(
        [*OPINIONS, ("O7", "A7", "［電話番号］へ", "", "I002")],
        [*ANSWERS, ("A7", "042-000-0000へ")],
    )
    made = compare("text,a\n042-000-0000へ,x\nバスが少ない,y\n", run)
    assert list(made.rows["opinion_id"]) == ["O7", "O1"]
    assert made.rows["text"][0] == "［電話番号］へ"


def test_label_columns_are_found_and_titles_ids_and_columns_of_kadai_are_none(compare):
    made = compare(
        "id,ご意見,issue_a,issue_b,title_a,kind,attr_年齢,空\n"
        "1,バスが少ない,x,y,長い題,request,30,\n2,猫がいる,z,y,長い題,other,40,\n"
    )
    assert made.labels.matched_by == "ご意見"
    assert made.labels.columns == ("issue_a", "issue_b")


def test_the_text_is_no_label_where_rows_are_matched_by_id(compare):
    made = compare("answer_id,自由記述,分類\nA1,バスが少ない,x\nA2,電車が遠い,y\nA5,x,y\n")
    assert made.labels.columns == ("分類",)


def test_rows_that_are_not_found_are_listed_with_the_reason_and_left_out(compare):
    made = compare(BY_TEXT + "特になし,なし\nない文面,交通\n,交通\n注釈だけ,\n")
    assert made.groups == compare(BY_TEXT).groups
    lines = render(made)
    place = lines.index("突き合わせられなかった行: 3行（分類のある 8行のうち）")
    assert lines[place + 1 :] == [
        "  7行目: 特になしなど、取り上げなかった回答です。",
        "  8行目: 結果の中に見つかりません。",
        "  9行目: 突き合わせる列が空です。",
    ]


def test_at_most_ten_rows_are_listed_and_all_are_counted(compare):
    lines = render(compare(BY_TEXT + "".join(f"ない文面{n},交通\n" for n in range(25))))
    assert sum("行目: " in line for line in lines) == 10
    assert lines[-1] == "  ほか 15行"
    assert any("25行（分類のある 30行のうち）" in line for line in lines)


def test_two_people_are_compared_with_each_other_where_both_gave_a_label(compare):
    made = compare(
        "text,a,b\nバスが少ない,x,1\n電車が遠い,x,1\n犬がうるさい,y,2\n猫がいる,y,\n公園の遊具が古くて危ない,,3\n"
    )
    (pair,) = made.between_people
    assert (pair.one, pair.other, pair.n_rows, pair.ari) == ("a", "b", 3, 1.0)
    assert [one.n_rows for one in made.groups] == [4, 4]
    assert any("「a」と「b」の ARI 1.000（3行）" in line for line in render(made))


def test_the_order_of_rows_and_tables_does_not_matter(compare):
    head, *rows = BY_TEXT.splitlines(keepends=True)
    turned = tables(OPINIONS[::-1], ANSWERS[::-1])
    one, other = compare(BY_TEXT), compare(head + "".join(rows[::-1]), turned)
    assert one.groups[0].ari == pytest.approx(other.groups[0].ari)
    columns = ["opinion_id", "issue_id", "title", "text", "分類"]
    assert one.rows[columns].to_numpy().tolist() == other.rows[columns].to_numpy().tolist()[::-1]


def test_columns_of_the_printed_table_stand_under_each_other(compare):
    lines = render(compare(BY_TEXT.replace("ご意見,分類", "ご意見,とても長い分類の名前")))[:12]
    assert len({sum(1 + (character > "⺀") for character in line) for line in lines}) == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932", "utf-16"])
def test_labels_may_be_in_any_encoding(compare, encoding):
    assert compare(BY_TEXT, encoding=encoding).groups == compare(BY_TEXT).groups


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["ファイルが空です"]),
        ("ご意見,分類\n", ["見出しの下に行がありません", "1行目"]),
        (
            "ご意見,分類\nちがう文,a\n別の文,b\n",
            ["結果にある文面の列が見つかりません", "opinion_id"],
        ),
        ("ご意見,分類\nバスが少ない,\n猫がいる,\n", ["人の分類の列が見つかりません", "--label"]),
        ("ご意見,分類\nバスが少ない,a\n猫がいる,\n", ["1行しかありません", "1行目", "「分類」"]),
        ('ご意見,分類\n"バスが少ない,a\n猫がいる,b\n', ["引用符", "2行目"]),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_place_and_remedy(compare, text, words):
    with pytest.raises(InputError) as caught:
        compare(text)
    shown = str(caught.value)
    assert all(word in shown for word in [*words, "ファイル「labels.csv」", "対処: "])


def test_a_column_that_is_not_there_is_refused_and_near_ones_are_named(compare):
    with pytest.raises(InputError, match="「分類B」という見出しの列がありません") as caught:
        compare(BY_TEXT, label_columns=("分類B",))
    assert "近い見出し: 「分類」" in str(caught.value)


def test_the_column_that_rows_are_matched_by_cannot_be_labels(compare):
    with pytest.raises(UsageError, match="突き合わせに使う列"):
        compare(BY_TEXT, label_columns=("ご意見",))


def test_notes_without_a_table_are_refused(compare):
    with pytest.raises(InputError, match="表がありません"):
        compare("バスが少ない\n", name="labels.txt")


def test_the_rows_are_written_for_excel_and_nothing_is_overwritten(compare, tmp_path):
    made = compare(BY_TEXT + "ない文面,交通\n")
    path = tmp_path / "rows.csv"
    save_rows(made, path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, first, *_, last = csv.reader(file)
    assert head == ["row", "opinion_id", "issue_id", "title", "text", "problem", "分類"]
    assert first == ["2", "O1", "I001", "バスが少ない", "バスが少ない", "", "交通"]
    assert last == ["7", "", "", "", "", "結果の中に見つかりません。", "交通"]
    with pytest.raises(UsageError, match="もうあります"):
        save_rows(made, path)
    with pytest.raises(InputError, match="結果を書き込めません"):
        save_rows(made, tmp_path / "ない" / "rows.csv")


# The same opinions with what the machine said of them. 公園's answer speaks to goal 1 in its
# longer and to 4 in its shorter opinion; 犬 has no goal; 猫's was changed by a person.
SAID = {
    "O1": ("4", "4", 0.9, "4-3", "request", "machine"),
    "O2": ("4", "4", 0.6, "4-3", "problem", "machine"),
    "O3": ("1", "1", 0.5, "1-2", "problem", "machine"),
    "O4": ("4", "4", 0.8, "4-3", "problem", "machine"),
    "O5": ("", "", 0.3, "", "problem", ""),
    "O6": ("5", "1", 0.4, "5-1", "other", "田中"),
}
PLAN = load_plan(find_plan("nishitokyo-4", Path()))
GOALS = (
    "ご意見,目標\nバスが少ない！,4\n電車が遠い,4\n公園の遊具が古くて危ない。バスもない。,1\n"
    "犬がうるさい,なし\n猫がいる,0\n特になし,0\n"
)


@pytest.fixture
def judge(tmp_path):
    """Write a file of labels and compare it with the run and its goals."""

    def write_and_compare(text, *, forced=None, reviewed=False, plan=PLAN, **columns):
        path = tmp_path / "labels.csv"
        path.write_text(text, "utf-8")
        opinions, answers = tables()
        names = (
            *("goal_id", "machine_goal_id", "goal_confidence"),
            *("measure_id", "kind", "assigned_by"),
        )
        said = pd.DataFrame([SAID[own] for own in opinions["opinion_id"]], columns=list(names))
        labels = match_labels(
            read_labels(path), opinions, answers, label_columns=tuple(forced or ()), **columns
        )
        return evaluate(opinions.join(said), ISSUES, labels, plan, forced=forced, reviewed=reviewed)

    return write_and_compare


def test_a_column_of_goals_is_compared_as_goals_and_the_output_says_so(judge):
    made = judge(GOALS)
    assert made.groups == ()
    (found,) = made.named
    # Right: バス, 電車, 公園, 犬, 特になし; the machine gave 猫 goal 1.
    assert (found.what, found.scores.n_rows) == ("goal", 6)
    assert found.scores.accuracy.value == pytest.approx(5 / 6)
    assert found.scores.macro_f1.value == pytest.approx((4 / 5 + 2 / 3 + 1) / 3)
    assert (found.links.n_links, found.links.accuracy) == (4, pytest.approx(3 / 4))
    lines = render(made)
    assert lines[0] == "目標 列を基本目標として比べました。"
    assert any(line.startswith("macro-F1（95%区間）") and "0.822" in line for line in lines)
    assert any(line.startswith("4 包括的な相談支援体制") for line in lines)
    assert not any("ARI" in line or "どの課題にも" in line for line in lines)


def test_an_answer_that_was_set_aside_counts_as_none_of_the_goals_and_is_not_lost(judge):
    lines = render(judge(GOALS + "ない文面,4\n"))
    assert any("取り上げなかった回答 1行は、機械の目標を「なし」" in line for line in lines)
    assert lines[-2:] == [
        "突き合わせられなかった行: 1行（分類のある 7行のうち）",
        "  8行目: 結果の中に見つかりません。",
    ]


def test_an_answer_of_several_opinions_has_the_goal_that_most_of_it_speaks_to(judge):
    made = judge(GOALS)
    assert list(made.rows["machine_goal_id"]) == ["4", "4", "1", "0", "1", "0"]
    assert any("分かれた回答 1行の目標は、確信度×文字数" in line for line in render(made))
    by_opinion = judge("opinion_id,目標\nO4,4\nO3,1\n")
    assert by_opinion.named[0].scores.accuracy.value == 1.0


def test_any_of_several_accepted_goals_is_right(judge):
    made = judge("text,a,b\nバスが少ない,1,1|4\n電車が遠い,5,5；6\n猫がいる,1,0、1\n")
    strict, lenient = made.named
    assert strict.scores.accuracy.value == pytest.approx(1 / 3)
    assert lenient.scores.accuracy.value == pytest.approx(2 / 3)
    assert made.between_people == ()
    assert "どれか1つと同じなら正解" in render(made)[1]


def test_goals_kinds_measures_and_groups_of_one_file_are_each_compared_as_what_they_are(judge):
    made = judge(
        "text,issue_a,goal,goal_second,measure,kind\nバスが少ない,交通,4,1,4-3,要望\n"
        "電車が遠い,交通,4,,4-1,request\n犬がうるさい,動物,0,,,問題\n猫がいる,動物,1,,1-1,その他\n"
    )
    assert [one.label for one in made.groups] == ["issue_a"]
    assert [(one.label, one.what) for one in made.named] == [
        ("goal", "goal"),
        ("measure", "measure"),
        ("kind", "kind"),
    ]
    goal, measure, kind = made.named
    assert goal.scores.accuracy.value == 1.0
    # 猫's measure in the table is under the person's goal, and nothing that the machine said.
    assert (measure.scores.n_rows, measure.n_under_goal) == (3, 3)
    assert measure.right_under_goal == pytest.approx(1 / 3)
    assert kind.scores.accuracy.value == pytest.approx(3 / 4)
    assert render(made)[:4] == [
        "issue_a 列を課題のまとまりとして比べました。",
        "goal 列を基本目標として比べました。",
        "measure 列を施策として比べました。",
        "kind 列を種類として比べました。",
    ]


def test_what_a_column_holds_can_be_said_and_then_only_that_column_is_compared(judge):
    text = "text,a,b\nバスが少ない,4,x\n電車が遠い,4,x\n犬がうるさい,1,y\n"
    assert [one.what for one in judge(text).columns] == ["goal", "group"]
    made = judge(text, forced={"a": "group"})
    assert [(one.label, one.n_labels) for one in made.groups] == [("a", 2)]
    assert made.named == ()
    assert judge(text, forced={"a": "goal"}).groups == ()


def test_a_label_that_is_no_goal_is_named_with_its_place_where_goals_were_asked_for(judge):
    with pytest.raises(InputError, match="「交通」を基本目標として読めません") as caught:
        judge("text,a\nバスが少ない,4\n電車が遠い,交通\n", forced={"a": "goal"})
    shown = str(caught.value)
    assert all(part in shown for part in ["labels.csv", "3行目", "「a」", "対処: ", "なしは 0"])


def test_a_column_that_is_nearly_goals_is_compared_as_groups_and_the_reader_is_told(judge):
    made = judge(GOALS.replace("猫がいる,0", "猫がいる,9"))
    assert made.columns[0].what == "group"
    expected = "目標 列は基本目標のようですが、1行が読めないので（6行目「9」など）、まとまりとして比べました。"
    assert expected in render(made)


def test_without_a_plan_numbers_are_names_of_groups(judge):
    assert judge(GOALS, plan=None).columns[0].what == "group"


def test_empty_goals_are_none_where_nobody_wrote_none_and_that_is_told(judge):
    made = judge("text,a\nバスが少ない,4\n電車が遠い,4\n犬がうるさい,\n")
    assert made.named[0].scores.n_rows == 3
    assert "空のセルは「なし」と読みました。" in render(made)[0]
    partly = judge("text,a\nバスが少ない,4\n電車が遠い,\n犬がうるさい,0\n")
    assert partly.named[0].scores.n_rows == 2


def test_decisions_of_people_are_compared_only_where_they_are_asked_for(judge):
    text = "text,goal\nバスが少ない,4\n電車が遠い,4\n猫がいる,5\n"
    machine, people = judge(text), judge(text, reviewed=True)
    assert machine.named[0].scores.accuracy.value == pytest.approx(2 / 3)
    assert people.named[0].scores.accuracy.value == 1.0
    assert people.named[0].links.calibration_error is None
    assert any("人の判断のあとのもの（goal_id）" in line for line in render(people))
    assert list(people.rows["goal_id"]) == ["4", "4", "5"]


def test_two_people_are_compared_by_name_where_both_gave_a_goal(judge):
    made = judge(
        "text,a,b\nバスが少ない,4,4\n電車が遠い,4,1\n犬がうるさい,0,なし\n猫がいる,0,\n"
        "公園の遊具が古くて危ない。バスもない。,1,基本目標1\n"
    )
    (pair,) = made.between_people
    assert (pair.what, pair.n_rows, pair.same) == ("goal", 4, pytest.approx(3 / 4))
    # a: 4 4 0 1, b: 4 1 0 1: by chance (2 + 1 + 2) / 16.
    assert pair.kappa == pytest.approx((3 / 4 - 5 / 16) / (1 - 5 / 16))
    # Eight labels: 4 three times, 1 three times, 0 twice.
    assert pair.alpha == pytest.approx(1 - 7 * 2 / (64 - 9 - 9 - 4))
    assert any(
        "「a」と「b」の基本目標は κ 0.636、α 0.667、同じ行 75.0%（4行）" in line
        for line in render(made)
    )


def test_goals_do_not_depend_on_the_order_of_rows(judge):
    head, *rows = GOALS.splitlines(keepends=True)
    assert judge(GOALS).named == judge(head + "".join(rows[::-1])).named


def test_columns_of_the_goal_tables_stand_under_each_other(judge):
    lines = render(judge(GOALS))
    start = lines.index("") + 1
    tables_of_lines = [lines[start : start + 13], lines[start + 14 : start + 22]]
    for table in tables_of_lines:
        widths = {sum(1 + (character > "⺀") for character in line) for line in table}
        assert len(widths) == 1


def test_kind_is_kadais_own_where_the_rows_are_a_copy_of_its_opinions(judge):
    copied = "opinion_id,kind,goal\nO1,request,4\nO2,problem,4\n"
    assert judge(copied).labels.columns == ("goal",)
    assert judge(copied, forced={"kind": "kind"}).named[0].scores.accuracy.value == 1.0


def test_the_rows_tell_goal_confidence_and_whether_they_agree(judge, tmp_path):
    made = judge(
        "text,目標,kind\nバスが少ない,4,要望\n犬がうるさい,1,\nない文面,4,要望\n猫がいる,1,問題\n"
    )
    save_rows(made, tmp_path / "rows.csv")
    with (tmp_path / "rows.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["machine_goal_id"] for row in rows] == ["4", "0", "", "1"]
    assert [row["goal_confidence"] for row in rows] == ["0.9", "", "", "0.4"]
    assert [row["machine_kind"] for row in rows] == ["request", "problem", "", "other"]
    assert [row["right_目標"] for row in rows] == ["○", "×", "", "○"]
    assert [row["right_kind"] for row in rows] == ["○", "", "", "×"]


def test_the_figures_are_written_for_programs_without_any_text_of_residents(judge, tmp_path):
    made = judge(GOALS)
    save_figures(made, tmp_path / "figures.json")
    text = (tmp_path / "figures.json").read_text("utf-8")
    (goal,) = json.loads(text)["goals"]
    assert goal["scores"]["accuracy"]["value"] == pytest.approx(5 / 6, abs=1e-6)
    assert goal["scores"]["by_value"][4]["value"] == "4"
    assert "バス" not in text
    with pytest.raises(UsageError, match="もうあります"):
        save_figures(made, tmp_path / "figures.json")


def test_the_command_compares_the_goals_of_a_run_with_themselves_perfectly(
    sample_run, tmp_path, capsys
):
    opinions = pd.read_csv(sample_run / "tables" / "opinions.csv", dtype=str).fillna("")
    path = tmp_path / "labels.csv"
    opinions[["opinion_id"]].assign(目標=opinions["machine_goal_id"], 種別=opinions["kind"]).to_csv(
        path, index=False
    )
    call = ["evaluate", str(sample_run), str(path)]
    assert main([*call, "--json", str(tmp_path / "figures.json")]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("目標 列を基本目標として比べました。空のセルは「なし」")
    figures = json.loads((tmp_path / "figures.json").read_text("utf-8"))
    for found in (*figures["goals"], *figures["kinds"]):
        assert found["scores"]["accuracy"] == {"value": 1.0, "low": 1.0, "high": 1.0}
        assert found["scores"]["kappa"] == found["scores"]["alpha"] == 1.0
    assert main([*call, "--goal", "目標", "--reviewed"]) == 0
    assert "種別" not in capsys.readouterr().out
    assert main([*call, "--goal", "目標", "--label", "目標"]) == 2
    assert "基本目標にも" in capsys.readouterr().err


def test_a_plan_that_was_changed_or_lost_after_the_run_is_told(sample_run, tmp_path, capsys):
    folder = tmp_path / "run"
    shutil.copytree(sample_run, folder)
    study = (folder / "study.toml").read_text("utf-8")
    plan = find_plan("nishitokyo-4", Path()).read_text("utf-8")
    (folder / "plan.toml").write_text(plan.replace("地域人材の育成", "人を育てる"), "utf-8")
    (folder / "study.toml").write_text(
        study.replace('plan = "nishitokyo-4"', 'plan = "plan.toml"'), "utf-8"
    )
    opinions = pd.read_csv(folder / "tables" / "opinions.csv", dtype=str).fillna("")
    path = tmp_path / "labels.csv"
    opinions[["opinion_id"]].assign(目標=opinions["machine_goal_id"]).to_csv(path, index=False)
    assert main(["evaluate", str(folder), str(path)]) == 0
    shown = capsys.readouterr().out
    assert "2 人を育てる" in shown
    assert "計画ファイルが、結果を作ったときから変わっています" in shown
    (folder / "plan.toml").unlink()
    assert main(["evaluate", str(folder), str(path)]) == 0
    assert "計画を読めないので、基本目標と施策は比べていません" in capsys.readouterr().out
    assert main(["evaluate", str(folder), str(path), "--goal", "目標"]) == 3


def test_the_command_compares_a_finished_run_with_itself_perfectly(sample_run, tmp_path, capsys):
    opinions = pd.read_csv(sample_run / "tables" / "opinions.csv", dtype=str).fillna("")
    inside = opinions[opinions["issue_id"] != ""]
    path = tmp_path / "labels.csv"
    inside[["opinion_id", "text"]].assign(分類=inside["issue_id"]).to_csv(path, index=False)
    call = ["evaluate", str(sample_run), str(path), "--output", str(tmp_path / "rows.csv")]
    assert main(call) == 0
    shown = capsys.readouterr()
    assert [line.split()[-1] for line in shown.out.splitlines() if line.startswith("ARI")] == [
        "1.000"
    ]
    assert "突き合わせる列（番号）: opinion_id" in shown.err
    assert "人の分類の列: 分類" in shown.err
    assert (tmp_path / "rows.csv").is_file()
    assert main(call) == 2
    assert "もうあります" in capsys.readouterr().err


def test_the_command_ends_with_3_where_there_is_no_run_or_no_file(sample_run, tmp_path, capsys):
    path = tmp_path / "labels.csv"
    path.write_text(BY_TEXT, "utf-8")
    for call in ([str(tmp_path), str(path)], [str(sample_run), str(tmp_path / "ない.csv")]):
        assert main(["evaluate", *call]) == 3
        shown = capsys.readouterr().err
        assert shown.startswith("エラー: ")
        assert "対処: " in shown
    assert main(["evaluate", str(sample_run)]) == 2
