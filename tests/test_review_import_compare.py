"""Two people's workbooks side by side: their agreement as a figure, their differences as a list."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import openpyxl
import pytest

from pipeline.agreement.coders import cohen_kappa, krippendorff_alpha
from pipeline.errors import ConflictError, InputError, UsageError
from pipeline.review_import.compare import (
    Comparison,
    Difference,
    FieldAgreement,
    compare_workbooks,
    plain,
    render,
    save_sheet,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    Cells = Mapping[str, Mapping[str, object]]

ISSUES = {"I001": "バス", "I002": "道", "I003": "雪", "I004": "広報", "I005": "川", "I006": "相談"}
OPINIONS = {f"O{number}": f"{number}番目の意見" for number in range(1, 9)}
PIECES = {"A1": (0, 4), "A2": (3, 9)}

ISSUE_HEAD = ("課題番号", "題", "判定", "目標（修正）", "題（修正）", "統合先", "コメント", "施策（修正）",
              "2つ目の目標（修正）", "控え")  # fmt: skip
OPINION_HEAD = ("意見番号", "意見", "目標（修正）", "課題（移動先）", "種類（修正）", "個人情報", "コメント",
                "施策（修正）", "2つ目の目標（修正）", "控え")  # fmt: skip
PIECE_HEAD = ("回答番号", "開始", "終了", "文", "戻す", "コメント")
CARRIED_HEAD = ("判断番号", "言葉", "取り消し")


@pytest.fixture
def fill(tmp_path: Path) -> Callable[..., Path]:
    """Write a workbook: the machine's goal of everything is 1 and none of the others."""

    def write(name: str, cells: Cells, run_id: str = "r1", *, known: bool = True) -> Path:
        book = openpyxl.Workbook()
        guide = book.active
        assert guide is not None
        guide.title = "手順"
        guide.append(["実行番号", run_id])
        rows: dict[str, tuple[Sequence[str], list[dict[str, object]]]] = {
            "課題": (ISSUE_HEAD, [
                {"課題番号": own, "題": title, "控え": ["1", "", "1-1", title, "", "", "O1"]}
                for own, title in ISSUES.items()
            ]),
            "意見": (OPINION_HEAD, [
                {"意見番号": own, "意見": text, "控え": ["1", "", "", "I001", "problem", ""]}
                for own, text in OPINIONS.items()
            ]),
            "対象外": (PIECE_HEAD, [
                {"回答番号": own, "開始": start, "終了": end, "文": "特になし"}
                for own, (start, end) in PIECES.items()
            ]),
            "引き継ぎ": (CARRIED_HEAD, [{"判断番号": "D001", "言葉": "バス"}]),
        }  # fmt: skip
        for sheet_name, (head, own_rows) in rows.items():
            sheet = book.create_sheet(sheet_name)
            sheet.append(head)
            for row in own_rows:
                if "控え" in row:
                    row["控え"] = json.dumps(row["控え"], ensure_ascii=False) if known else ""
                filled = {**row, **cells.get(str(row[head[0]]), {})}
                sheet.append([filled.get(column) for column in head])
                for cell in sheet[sheet.max_row]:
                    cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
        path = tmp_path / name
        book.save(path)
        return path

    return write


@pytest.fixture
def compared(fill: Callable[..., Path]) -> Callable[[Cells, Cells], Comparison]:
    def compare(one: Cells, other: Cells) -> Comparison:
        return compare_workbooks(fill("甲.xlsx", one), fill("乙.xlsx", other))

    return compare


def figures(made: Comparison) -> dict[tuple[str, str], FieldAgreement]:
    return {(own.sheet, own.field): own for own in made.fields}


# Figures


def test_two_empty_workbooks_have_nothing_to_compare(compared) -> None:
    assert compared({}, {}) == Comparison(("甲.xlsx", "乙.xlsx"), (), (), (0, 0))


def test_agreement_is_counted_over_the_rows_that_both_filled(compared) -> None:
    """An empty cell in such a row says: leave what stands there."""
    one = {
        "O1": {"目標（修正）": 2}, "O2": {"目標（修正）": 3}, "O3": {"目標（修正）": "なし"},
        "O4": {"種類（修正）": "要望"}, "O5": {"目標（修正）": "2 支え合うまち"}, "O6": {"目標（修正）": 2},
    }  # fmt: skip
    other = {
        "O1": {"目標（修正）": "２"}, "O2": {"種類（修正）": "要望"}, "O3": {"目標（修正）": "0"},
        "O4": {"種類（修正）": "よい点"}, "O5": {"目標（修正）": 3}, "O7": {"目標（修正）": 2},
    }  # fmt: skip
    made = compared(one, other)
    goals_one, goals_other = ["2", "3", "なし", "1", "2"], ["2", "1", "なし", "1", "3"]
    kinds_one = ["problem", "problem", "problem", "request", "problem"]
    kinds_other = ["problem", "request", "problem", "praise", "problem"]
    for field, given in (("goal_id", (goals_one, goals_other)), ("kind", (kinds_one, kinds_other))):
        own = figures(made)["意見", field]
        assert (own.n_rows, own.n_same) == (5, 3)
        assert own.kappa == cohen_kappa(*given)
        assert own.alpha == krippendorff_alpha(*given)
        assert own.kappa is not None
        assert -1 <= own.kappa < 1
    assert made.n_alone == (1, 1)


def test_figures_are_those_of_a_computation_by_hand(compared) -> None:
    """κ: 4 of 6 the same, by chance (3·3 + 3·3) / 36 = 1/2; so (2/3 - 1/2) / (1 - 1/2) = 1/3."""
    one = {own: {"判定": "採用" if own in {"I001", "I002", "I003"} else "却下"} for own in ISSUES}
    other = {own: {"判定": "採用" if own in {"I002", "I003", "I004"} else "却下"} for own in ISSUES}
    own = figures(compared(one, other))["課題", "status"]
    assert (own.n_rows, own.n_same) == (6, 4)
    assert own.kappa == pytest.approx(1 / 3)
    assert own.alpha == pytest.approx(1 - 11 * 4 / 72)  # 1 - (12 - 1)·4 / (12² - 6² - 6²)


def test_full_agreement_is_one_and_a_single_label_has_no_figure(compared) -> None:
    cells = {
        "I001": {"判定": "採用", "目標（修正）": 2},
        "I002": {"判定": "採用", "目標（修正）": 3},
    }
    made = figures(compared(cells, cells))
    assert made["課題", "goal_id"][2:] == (2, 2, 1.0, 1.0)
    assert made["課題", "status"][2:] == (2, 2, None, None)
    assert compared(cells, cells).differences == ()


def test_a_judgement_counts_only_where_both_judged(compared) -> None:
    one = {"I001": {"判定": "採用"}, "I002": {"判定": "却下"}, "I003": {"判定": "採用"}}
    other = {"I001": {"判定": "採用"}, "I002": {"目標（修正）": 2}, "I003": {"判定": "保留"}}
    own = figures(compared(one, other))["課題", "status"]
    assert (own.n_rows, own.n_same) == (2, 1)


def test_pieces_count_where_both_brought_them_back(compared) -> None:
    one, other = {"A1": {"戻す": "戻す"}, "A2": {"戻す": "戻す"}}, {"A1": {"戻す": "戻す"}}
    made = compared(one, other)
    assert figures(made)["対象外", "restore"][2:] == (1, 1, None, None)
    assert made.n_alone == (1, 0)


def test_titles_comments_and_what_is_taken_back_have_no_figure(compared) -> None:
    one = {"I001": {"題（修正）": "バスの便", "コメント": "よい"}, "D001": {"取り消し": "取り消す"}}
    other = {"I001": {"題（修正）": "バス停", "コメント": "だめ"}, "D001": {"取り消し": "○"}}
    made = compared(one, other)
    assert not {own.field for own in made.fields} & {"title", "comment", "withdraw"}
    assert [own.field for own in made.differences] == ["title"]


def test_without_the_hidden_column_only_what_was_written_is_compared(
    fill: Callable[..., Path],
) -> None:
    one = fill("甲.xlsx", {"O1": {"目標（修正）": 2}, "O2": {"目標（修正）": 2}}, known=False)
    other = fill("乙.xlsx", {"O1": {"目標（修正）": 3}, "O2": {"目標（修正）": 2}}, known=False)
    made = compare_workbooks(one, other)
    assert [(own.field, own.n_rows, own.n_same) for own in made.fields] == [("goal_id", 2, 1)]


def test_the_order_of_the_two_changes_no_figure(compared) -> None:
    one = {own: {"目標（修正）": number % 3 + 1} for number, own in enumerate(OPINIONS)}
    other = {own: {"目標（修正）": number % 2 + 1} for number, own in enumerate(OPINIONS)}
    first, second = compared(one, other), compared(other, one)
    for field, own in figures(first).items():
        assert own.kappa == pytest.approx(figures(second)[field].kappa)
        assert own.alpha == pytest.approx(figures(second)[field].alpha)


# What a cell says


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("goal_id", "3", "3"),
        ("goal_id", "３　情報の届くまち", "3"),
        ("goal_id", "なし（どの目標にも当てはまらない）", "なし"),
        ("goal_id", "0", "なし"),
        ("measure_id", "１－２ 防災", "1-2"),
        ("issue_id", "I001 バス", "I001"),
        ("issue_id", "新：雪かき", "新:雪かき"),
        ("status", " 採用", "採用"),
        ("kind", "要望", "request"),
        ("kind", "request", "request"),
        ("title", "バスの 便", "バスの 便"),
    ],
)
def test_a_cell_is_compared_by_its_number(field: str, text: str, said: str) -> None:
    assert plain(field, text) == said


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("goal_id", "目標3", "3"),
        ("goal_id", "基本目標3 情報の届くまち", "3 情報の届くまち"),
        ("goal_id", "無し", "なし"),
        ("measure_id", "施策1-2", "1-2"),
        ("issue_id", "i001", "I001 バス"),
        ("issue_id", "新： 雪かき", "新：雪かき"),
        ("restore", "○", "戻す"),
    ],
)
def test_cells_that_are_read_back_alike_are_alike(field: str, one: str, other: str) -> None:
    assert plain(field, one) == plain(field, other)


# Differences


def test_differences_are_listed_with_what_stands_there_and_both_comments(compared) -> None:
    one = {
        "O1": {"目標（修正）": 2, "コメント": "介護の話"}, "O3": {"種類（修正）": "要望"},
        "I002": {"統合先": "I001 バス"},
    }  # fmt: skip
    other = {
        "O1": {"目標（修正）": "3 情報", "コメント": "広報の話"},
        "I002": {"統合先": "I003 雪"},
    }
    assert compared(one, other).differences == (
        Difference("課題", "I002", "道", "merge_into", "", "I001 バス", "I003 雪", "", ""),
        Difference(
            "意見", "O1", "1番目の意見", "goal_id", "1", "2", "3 情報", "介護の話", "広報の話"
        ),
        Difference("意見", "O3", "3番目の意見", "kind", "problem", "要望", "", "", ""),
    )


def test_an_empty_cell_of_a_row_that_was_filled_agrees_with_what_stands_there(compared) -> None:
    """甲 confirmed the goal 1, 乙 only wrote about the kind: both want 1."""
    one = {"O1": {"目標（修正）": 1, "種類（修正）": "要望"}}
    other = {"O1": {"種類（修正）": "要望"}}
    assert compared(one, other).differences == ()


def test_a_row_that_only_one_filled_is_a_difference_in_every_cell(compared) -> None:
    made = compared({"O1": {"目標（修正）": 1, "種類（修正）": "要望"}}, {})
    assert [(own.field, own.one, own.other) for own in made.differences] == [
        ("goal_id", "1", ""), ("kind", "要望", ""),
    ]  # fmt: skip
    assert made.n_alone == (1, 0)


def test_hidden_words_are_laid_side_by_side(compared) -> None:
    made = compared({"O1": {"個人情報": "山田"}}, {"O1": {"個人情報": "山田、田中"}})
    assert [(own.field, own.one, own.other) for own in made.differences] == [
        ("personal", "山田", "山田、田中")
    ]


def test_rows_in_another_order_are_the_same_rows(fill: Callable[..., Path]) -> None:
    cells = {"O1": {"目標（修正）": 2}, "O5": {"目標（修正）": 3}}
    one, other = fill("甲.xlsx", cells), fill("乙.xlsx", cells)
    book = openpyxl.load_workbook(other)
    sheet = book["意見"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    sheet.delete_rows(2, len(rows))
    for row in rows[::-1]:
        sheet.append(row)
    book.save(other)
    made = compare_workbooks(one, other)
    assert made.differences == ()
    assert figures(made)["意見", "goal_id"].n_rows == 2


def test_a_row_that_one_of_them_deleted_does_no_harm(fill: Callable[..., Path]) -> None:
    one, other = (fill(name, {"O1": {"目標（修正）": 2}}) for name in ("甲.xlsx", "乙.xlsx"))
    for path, reader in ((one, other), (other, one)):
        book = openpyxl.load_workbook(path)
        book["意見"].delete_rows(2)
        book.save(path)
        made = compare_workbooks(path, reader)
        assert figures(made) == {}


def test_workbooks_of_different_runs_are_refused(fill: Callable[..., Path]) -> None:
    one, other = fill("甲.xlsx", {}, "r1"), fill("乙.xlsx", {}, "r2")
    with pytest.raises(ConflictError, match="別の実行のものです（r1 と r2）"):
        compare_workbooks(one, other)


def test_what_is_no_workbook_is_refused(fill: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "別.xlsx").write_bytes(b"PK no workbook")
    with pytest.raises(InputError, match=r"別\.xlsx"):
        compare_workbooks(fill("甲.xlsx", {}), tmp_path / "別.xlsx")


# What is shown


def test_agreement_and_differences_are_shown_in_words(compared) -> None:
    one = {"O1": {"目標（修正）": 2}, "O2": {"目標（修正）": 3}, "I001": {"判定": "採用"}}
    other = {
        "O1": {"目標（修正）": 2},
        "O2": {"目標（修正）": "なし"},
        "I001": {"判定": "採用"},
        "I002": {"判定": "却下"},
    }
    lines = render(compared(one, other))
    kappa, alpha = (
        cohen_kappa(["2", "3"], ["2", "なし"]),
        krippendorff_alpha(["2", "3"], ["2", "なし"]),
    )
    assert lines[:2] == ["A: 甲.xlsx", "B: 乙.xlsx"]
    assert f"  意見の目標: 2行のうち1行が一致（50%）、κ {kappa:.2f}、α {alpha:.2f}" in lines
    assert "  課題の判定: 1行のうち1行が一致（100%）、κ ―、α ―" in lines
    assert "片方だけが記入した行: A 0行、B 1行" in lines
    assert lines[-4:] == [
        "食い違い: 1件",
        "  意見 O2「2番目の意見」目標: A 3 / B なし",
        "片方だけの記入: 1件",
        "  課題 I002「道」判定: A （空） / B 却下",
    ]


def test_where_nobody_filled_a_row_that_is_said(compared) -> None:
    lines = render(compared({}, {}))
    assert "2人とも記入した行はありませんでした。" in lines
    assert lines[-2:] == ["食い違い: 0件", "片方だけの記入: 0件"]


def test_long_words_are_shown_in_short(compared) -> None:
    made = compared({"I001": {"題（修正）": "長い題\n" * 30}}, {"I001": {"題（修正）": "別"}})
    assert max(map(len, render(made))) < 120


HOSTILE = "=cmd|' /C calc'!A0"


def test_differences_are_written_as_text_with_room_for_the_result(compared, tmp_path: Path) -> None:
    one = {
        "I001": {"題（修正）": HOSTILE, "コメント": "https://example.jp/"},
        "O1": {"目標（修正）": 2},
    }
    other = {"I001": {"題（修正）": "+81 題", "コメント": "@SUM(A1)"}, "O1": {"目標（修正）": 3}}
    made = compared(one, other)
    save_sheet(made, tmp_path / "食い違い.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "食い違い.xlsx").active
    assert sheet is not None
    head, *rows = sheet.iter_rows()
    names = [cell.value for cell in head]
    assert names[:3] == ["シート", "番号", "題または意見"]
    assert names[-1] == "話し合いの結果"
    assert [[cell.value or "" for cell in row][:-1] for row in rows] == [
        [
            "課題",
            "I001",
            "バス",
            "題",
            "バス",
            HOSTILE,
            "+81 題",
            "https://example.jp/",
            "@SUM(A1)",
        ],
        ["意見", "O1", "1番目の意見", "目標", "1", "2", "3", "", ""],
    ]
    for row in rows:
        assert {cell.data_type for cell in row if cell.value is not None} == {"s"}
        assert not any(cell.hyperlink for cell in row)
        assert row[-1].value is None


def test_a_sheet_without_differences_has_its_header(compared, tmp_path: Path) -> None:
    save_sheet(compared({}, {}), tmp_path / "食い違い.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "食い違い.xlsx").active
    assert sheet is not None
    assert sheet.max_row == 1


def test_a_sheet_that_is_there_is_not_overwritten(compared, tmp_path: Path) -> None:
    """Somebody may have written down in it what was agreed upon."""
    path = tmp_path / "食い違い.xlsx"
    path.write_bytes(b"written into")
    with pytest.raises(UsageError, match="上書きしません"):
        save_sheet(compared({}, {}), path)
    assert path.read_bytes() == b"written into"


def test_a_sheet_that_cannot_be_written_is_told(compared, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="フォルダーがありません"):
        save_sheet(compared({}, {}), tmp_path / "ない" / "食い違い.xlsx")
