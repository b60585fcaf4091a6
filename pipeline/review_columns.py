"""Columns of the reviewers' workbook: their names, widths and what each one means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline.wording import CONFIDENCE_HIGH, CONFIDENCE_MIDDLE

Cell = str | int | float
Kind = Literal["text", "count", "share", "confidence"]


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    Attributes
    ----------
    width
        In characters of half width, as Excel counts.
    choices
        List that a yellow cell offers: ``goals``, ``measures``, ``issues`` or
        ``decisions``; empty: free text.
    editable
        Yellow: begins empty and is a person's to fill.
    meaning
        One line for the 手順 sheet.
    """

    name: str
    width: float
    meaning: str
    kind: Kind = "text"
    editable: bool = False
    choices: str = ""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its rows hold a cell for every column, ``""`` for an empty one.

    Attributes
    ----------
    frozen
        Columns that stay in sight when one moves to the right.
    lines
        Most lines of text that a row shows before it is cut off on the screen.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    frozen: int
    lines: int


_CONFIDENCE = Column(
    "確信度",
    14,
    "「目標（機械）」が正しい見込み。「なし」の行では、なしで正しい見込み。"
    f"{CONFIDENCE_HIGH}以上は高い、{CONFIDENCE_MIDDLE}未満は低い",
    "confidence",
)
_GOAL = Column(
    "目標（機械）", 18, "機械が結びつけた基本目標。「なし」は、当てはまる目標がないという案"
)
_EVIDENCE = Column(
    "根拠",
    44,
    "手がかりの語と理由（規則・話題・判断・例文・計画の言葉）。「→」は、次に近い目標とその手がかり",
)
_DECIDED = Column("これまでの判断", 16, "人が決めた目標と、決めた人。空は、まだ誰も決めていない")
_GOAL_EDIT = Column(
    "目標（修正）", 20, "目標を直すとき、一覧から選ぶ", editable=True, choices="goals"
)
_MEASURE = Column("施策（機械）", 16, "機械が結びつけた施策")
_MEASURE_EDIT = Column(
    "施策（修正）", 18, "施策を直すとき、一覧から選ぶ", editable=True, choices="measures"
)
_COMMENT = Column("コメント", 20, "気づいたこと、理由など", editable=True)

ISSUE_COLUMNS = (
    Column(
        "確認の順",
        6,
        "1から見ると役に立つ順。異なる文面の数×機械の自信のなさ×まとまりの不安定さ",
        "count",
    ),
    Column("課題番号", 7, "課題の番号。変えないでください"),
    Column("課題群", 12, "近い課題を集めたものの名前"),
    Column("題", 22, "機械が付けた題（意見に出てくる言葉か、辞書の見出し）"),
    Column("見出し", 14, "概念辞書の見出し。空は、辞書にない話題"),
    Column("語", 18, "その課題によく出る語"),
    Column("意見数", 7, "その課題に入った意見の数", "count"),
    Column("実意見数（重複を除く）", 9, "同じ文面を一つと数えた意見の数", "count"),
    Column("回答者数", 7, "区別できる回答者の数", "count"),
    Column("まとまり", 7, "意見どうしがどれだけ似ているか（0〜1）", "share"),
    Column("安定度", 8, "安定・やや不安定・不安定（8割の意見で20回まとめ直したとき）"),
    Column("代表的な声", 48, "その課題をよく表す意見、三つまで（書かれたとおり）"),
    Column("題（修正）", 20, "題を直すとき、新しい題を書く", editable=True),
    _GOAL,
    _CONFIDENCE,
    _EVIDENCE,
    Column("意見ごとの目標", 18, "この課題の意見を一件ずつ見たときの、目標ごとの件数"),
    _DECIDED,
    _GOAL_EDIT,
    _MEASURE,
    _MEASURE_EDIT,
    Column(
        "判定",
        8,
        "採用・保留・却下から選ぶ。空は、まだ見ていない",
        editable=True,
        choices="decisions",
    ),
    _COMMENT,
)

OPINION_COLUMNS = (
    Column(
        "確認の順",
        6,
        "全体で1から見ると役に立つ順。同じ文面の数×機械の自信のなさ。同じ文面は同じ番号",
        "count",
    ),
    Column("意見番号", 12, "意見の番号。変えないでください"),
    Column("課題番号", 7, "意見が入った課題。空は、どの課題にも入らなかった意見"),
    Column("課題", 18, "その課題の題"),
    Column(
        "意見", 52, "書かれたとおりの意見（電話番号などは伏せてあります。人名は伏せていません）"
    ),
    Column("同じ文面", 6, "同じ文面と数えた意見の数（自分を含む）", "count"),
    Column("種類", 7, "問題・要望・よい点・その他"),
    Column("情報源", 12, "どこで集めた声か"),
    Column("問い", 16, "答えた設問やテーマ"),
    _GOAL,
    _CONFIDENCE,
    _EVIDENCE,
    _DECIDED,
    _GOAL_EDIT,
    _MEASURE,
    _MEASURE_EDIT,
    Column(
        "課題（移動先）",
        20,
        "ほかの課題へ移すとき、一覧から選ぶ",
        editable=True,
        choices="issues",
    ),
    _COMMENT,
)

MEASURE_COLUMNS = (
    Column("目標", 24, "計画の基本目標"),
    Column("施策番号", 9, "計画の施策の番号"),
    Column("施策", 30, "計画の施策の名前"),
    Column("意見数", 8, "その施策に結びついた意見の数", "count"),
    Column("実意見数（重複を除く）", 9, "同じ文面を一つと数えた意見の数", "count"),
    Column("課題数", 8, "その施策に結びついた課題の数", "count"),
    Column("回答者数", 8, "区別できる回答者の数", "count"),
    Column("SDGs（計画）", 28, "計画に書かれている SDGs の番号と名前。空は、記載なし"),
    Column(
        "SDGs（提案）",
        58,
        "施策の言葉から機械が見当を付けたもの。計画の記載ではない。（）内は手がかりの語",
    ),
    Column(
        "SDGs（修正）",
        20,
        "計画書で確かめた番号を書く。計画ファイルの sdgs に写すと、次から「計画」の列に載る",
        editable=True,
    ),
    _COMMENT,
)

SET_ASIDE_COLUMNS = (
    Column("回答番号", 12, "回答の番号"),
    Column("開始", 8, "回答の何文字目からか（0から数える）", "count"),
    Column("終了", 8, "回答の何文字目までか", "count"),
    Column("理由", 34, "取り上げなかった理由"),
    Column("段階", 16, "どの段階で外したか"),
    Column("文", 70, "外した部分（電話番号などは伏せてあります。人名は伏せていません）"),
    Column("情報源", 16, "どこで集めた声か"),
    Column("問い", 28, "答えた設問やテーマ"),
)
