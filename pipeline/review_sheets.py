"""What stands in the reviewers' workbook: sheets as columns and rows, without any format."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pipeline.lookups import goal_evidence, goal_labels, measure_labels, with_answers
from pipeline.wording import (
    CONFIDENCE_HIGH,
    CONFIDENCE_MIDDLE,
    clean,
    evidence_words,
    opinion_kind,
    source_kind,
    stage,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from pipeline.plan import Plan

DECISIONS = ("採用", "保留", "却下")
NO_GOAL_CHOICE = "なし（どの目標にも当てはまらない）"
VOICES = 3
EVIDENCE = 8

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
    f"目標（機械）の確かさ。{CONFIDENCE_HIGH}以上は高い、{CONFIDENCE_MIDDLE}未満は低い",
    "confidence",
)
_GOAL = Column("目標（機械）", 18, "機械が結びつけた基本目標。空は、当てはまる目標なし")
_EVIDENCE = Column("根拠", 16, "目標（機械）の手がかりになった語")
_GOAL_EDIT = Column(
    "目標（修正）", 20, "目標を直すとき、一覧から選ぶ", editable=True, choices="goals"
)
_MEASURE = Column("施策（機械）", 16, "機械が結びつけた施策")
_MEASURE_EDIT = Column(
    "施策（修正）", 18, "施策を直すとき、一覧から選ぶ", editable=True, choices="measures"
)
_COMMENT = Column("コメント", 20, "気づいたこと、理由など", editable=True)

ISSUE_COLUMNS = (
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


def issue_sheet(tables: Mapping[str, pd.DataFrame], plan: Plan) -> Sheet:
    """課題: one row an issue, the largest first."""
    labels = _labels(plan)
    groups = dict(zip(tables["groups"]["group_id"], tables["groups"]["title"], strict=True))
    texts = dict(zip(tables["opinions"]["opinion_id"], tables["opinions"]["text"], strict=True))
    evidence = goal_evidence(tables["goal_links"])
    rows: list[tuple[Cell, ...]] = []
    for row in _largest_first(tables["issues"]).to_dict("records"):
        goal_id = row["machine_goal_id"]
        voices = [
            texts[name] for name in row["representative_opinion_ids"].split() if name in texts
        ]
        rows.append(
            (
                row["issue_id"],
                groups.get(row["group_id"], ""),
                row["title"],
                row["headings"],
                row["words"],
                row["n_opinions"],
                row["n_distinct"],
                row["n_respondents"],
                row["cohesion"],
                row["stability_word"],
                "\n".join(f"・{voice.strip()}" for voice in voices[:VOICES]),
                "",
                labels[goal_id],
                row["goal_confidence"] if goal_id else math.nan,
                _words(evidence.get((row["issue_id"], goal_id), "")),
                "",
                labels[row["measure_id"]],
                "",
                "",
                "",
            )
        )
    return Sheet("課題", ISSUE_COLUMNS, tuple(rows), frozen=3, lines=9)


def opinion_sheet(tables: Mapping[str, pd.DataFrame], plan: Plan) -> Sheet:
    """意見: one row an opinion, in the order of the issues; those in no issue come last."""
    labels = _labels(plan)
    ordered = _largest_first(tables["issues"])
    titles = dict(zip(ordered["issue_id"], ordered["title"], strict=True)) | {"": ""}
    place = {issue_id: number for number, issue_id in enumerate(titles)}
    evidence = goal_evidence(tables["goal_links"])
    joined = with_answers(tables["opinions"], tables["answers"])
    alike = joined["duplicate_of"].where(joined["duplicate_of"] != "", joined["opinion_id"])
    said = alike.value_counts().to_dict()
    joined = joined.assign(place=joined["issue_id"].map(place)).sort_values(["place", "opinion_id"])
    rows = [
        (
            row["opinion_id"],
            row["issue_id"],
            titles[row["issue_id"]],
            row["text"],
            said[row["duplicate_of"] or row["opinion_id"]],
            opinion_kind(row["kind"]),
            source_kind(row["source_kind"]),
            row["question"],
            labels[row["machine_goal_id"]],
            row["goal_confidence"] if row["machine_goal_id"] else math.nan,
            _words(evidence.get((row["opinion_id"], row["machine_goal_id"]), "")),
            "",
            labels[row["measure_id"]],
            "",
            "",
            "",
        )
        for row in joined.to_dict("records")
    ]
    return Sheet("意見", OPINION_COLUMNS, tuple(rows), frozen=1, lines=6)


def set_aside_sheet(tables: Mapping[str, pd.DataFrame]) -> Sheet:
    """対象外: what was not carried on, with the reason."""
    rows = [
        (
            row["answer_id"],
            row["start"],
            row["end"],
            row["reason"],
            stage(row["stage"]),
            row["text"],
            source_kind(row["source_kind"]),
            row["question"],
        )
        for row in with_answers(tables["set_aside"], tables["answers"]).to_dict("records")
    ]
    return Sheet("対象外", SET_ASIDE_COLUMNS, tuple(rows), frozen=1, lines=4)


def choices(tables: Mapping[str, pd.DataFrame], plan: Plan) -> dict[str, tuple[str, ...]]:
    """Make the lists that yellow cells offer; every entry begins with its id."""
    ordered = tables["issues"]
    issues = zip(ordered["issue_id"], ordered["title"], strict=True)
    return {
        "goals": (*goal_labels(plan).values(), NO_GOAL_CHOICE),
        "measures": tuple(measure_labels(plan).values()),
        "issues": tuple(f"{issue_id} {clean(title)[:60]}" for issue_id, title in issues),
        "decisions": DECISIONS,
    }


def _labels(plan: Plan) -> dict[str, str]:
    return goal_labels(plan) | measure_labels(plan) | {"": ""}


def _largest_first(issues: pd.DataFrame) -> pd.DataFrame:
    return issues.sort_values(["n_opinions", "issue_id"], ascending=[False, True])


def _words(evidence: str) -> str:
    found = dict.fromkeys(word.word for word in evidence_words(evidence))
    return "、".join(list(found)[:EVIDENCE])
