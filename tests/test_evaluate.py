"""A run's issues beside a person's grouping: figures worked out by hand, and what goes wrong."""

from __future__ import annotations

import csv

import pandas as pd
import pytest

from pipeline.cli import main
from pipeline.errors import InputError, UsageError
from pipeline.evaluate import evaluate, render, save_rows
from pipeline.labels import match_labels, read_labels

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
    (found,) = compare(BY_TEXT).agreements
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
    assert compare(other).agreements == compare(BY_TEXT).agreements


def test_opinions_that_stand_alone_are_not_one_group(compare):
    (found,) = compare("text,a\n犬がうるさい,動物\n猫がいる,動物\n").agreements
    assert (found.n_issues, found.alone, found.recall) == (0, 1.0, 0.0)
    assert found.precision is None
    assert "  -" in "\n".join(render(compare("text,a\n犬がうるさい,動物\n猫がいる,動物\n")))


def test_the_same_wording_alone_is_one_group(compare):
    run = tables([*OPINIONS, ("O7", "A7", "犬がうるさい！", "O5", "")])
    (found,) = compare("opinion_id,a\nO5,犬\nO7,犬\nO6,猫\n", run).agreements
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
    assert made.agreements == compare(BY_TEXT).agreements
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
    assert made.between_people == (("a", "b", 3, 1.0),)
    assert [one.n_rows for one in made.agreements] == [4, 4]
    assert any("「a」と「b」の ARI 1.000（3行）" in line for line in render(made))


def test_the_order_of_rows_and_tables_does_not_matter(compare):
    head, *rows = BY_TEXT.splitlines(keepends=True)
    turned = tables(OPINIONS[::-1], ANSWERS[::-1])
    one, other = compare(BY_TEXT), compare(head + "".join(rows[::-1]), turned)
    assert one.agreements[0].ari == pytest.approx(other.agreements[0].ari)
    columns = ["opinion_id", "issue_id", "title", "text", "分類"]
    assert one.rows[columns].to_numpy().tolist() == other.rows[columns].to_numpy().tolist()[::-1]


def test_columns_of_the_printed_table_stand_under_each_other(compare):
    lines = render(compare(BY_TEXT.replace("ご意見,分類", "ご意見,とても長い分類の名前")))[:12]
    assert len({sum(1 + (character > "⺀") for character in line) for line in lines}) == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932", "utf-16"])
def test_labels_may_be_in_any_encoding(compare, encoding):
    assert compare(BY_TEXT, encoding=encoding).agreements == compare(BY_TEXT).agreements


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
    with pytest.raises(UsageError, match="すでにあります"):
        save_rows(made, path)
    with pytest.raises(InputError, match="結果を書き込めません"):
        save_rows(made, tmp_path / "ない" / "rows.csv")


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
    assert "すでにあります" in capsys.readouterr().err


def test_the_command_ends_with_3_where_there_is_no_run_or_no_file(sample_run, tmp_path, capsys):
    path = tmp_path / "labels.csv"
    path.write_text(BY_TEXT, "utf-8")
    for call in ([str(tmp_path), str(path)], [str(sample_run), str(tmp_path / "ない.csv")]):
        assert main(["evaluate", *call]) == 3
        shown = capsys.readouterr().err
        assert shown.startswith("エラー: ")
        assert "対処: " in shown
    assert main(["evaluate", str(sample_run)]) == 2
