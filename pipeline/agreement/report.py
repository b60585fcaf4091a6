"""An evaluation for people to read and for programs: Japanese lines, a CSV, a JSON file."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from pipeline.agreement.tables import aligned, figure, scores_table, values_table
from pipeline.agreement.values import NAMES
from pipeline.newfile import save_new
from pipeline.sheetfile import Column, Sheet, as_csv
from pipeline.tables import DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pipeline.agreement.columns import PeopleAgreement
    from pipeline.agreement.evaluation import Evaluation
    from pipeline.agreement.groups import GroupAgreement
    from pipeline.agreement.values import LabelColumn, What

_LISTED: Final = 10
_NAMED: Final[tuple[What, ...]] = ("goal", "measure", "kind")


def render(evaluation: Evaluation) -> list[str]:
    """Japanese lines: what was compared as what, the figures, then what one has to know."""
    lines = []
    if evaluation.named:
        lines += [_taken_for(column) for column in evaluation.columns]
        lines.append("違うときは、--group、--goal、--measure、--kind で列を指定してください。")
    if evaluation.groups:
        lines += [*_gap(lines), *_groups_table(evaluation.groups)]
    for what in _NAMED:
        found = [one for one in evaluation.named if one.what == what]
        if found:
            figures = [(one.label, one.scores, one.links) for one in found]
            lines += [*_gap(lines), *scores_table(what, figures)]
        for one in found:
            lines += [
                *_gap(lines),
                *values_table(one.label, what, one.scores, evaluation.names[what]),
            ]
    lines += _gap(lines) if evaluation.named else []
    lines += [_people_line(one) for one in evaluation.between_people]
    lines += [*_group_notes(evaluation), *_named_notes(evaluation)]
    lines += _lost_rows(evaluation)
    return lines


def save_rows(evaluation: Evaluation, path: Path) -> None:
    """Write what every row was matched with; texts are the run's, with people masked.

    Raises
    ------
    UsageError, InputError
        As in :func:`pipeline.newfile.save_new`.
    """
    columns = [Column(str(name)) for name in evaluation.rows.columns]
    rows = list(evaluation.rows.itertuples(index=False))
    save_new(path, as_csv(Sheet("", columns, rows)))


def save_figures(evaluation: Evaluation, path: Path) -> None:
    """Write every figure as JSON, for programs; no text of anybody is in it.

    Raises
    ------
    UsageError, InputError
        As in :func:`save_rows`.
    """
    figures = {
        "matched_by": evaluation.labels.matched_by,
        "reviewed": evaluation.reviewed,
        "groups": [asdict(one) for one in evaluation.groups],
        **{
            f"{what}s": [asdict(one) for one in evaluation.named if one.what == what]
            for what in _NAMED
        },
        "between_people": [asdict(one) for one in evaluation.between_people],
    }
    save_new(path, (json.dumps(_rounded(figures), ensure_ascii=False, indent=2) + "\n").encode())


def _gap(lines: Sequence[str]) -> list[str]:
    return [""] if lines else []


def _taken_for(column: LabelColumn) -> str:
    name = "課題のまとまり" if column.what == "group" else NAMES[column.what]
    line = f"{column.name} 列を{name}として比べました。"
    if column.several:
        line += "いくつか書いてあるときは、どれか1つと同じなら正解です。"
    if column.empty_is_none:
        line += "空のセルは「なし」と読みました。"
    return line


def _groups_table(found: Sequence[GroupAgreement]) -> list[str]:
    return aligned(
        [
            ["分類の列", *(one.label for one in found)],
            ["比べた行", *(f"{one.n_rows:,}" for one in found)],
            ["人の分類の数", *(f"{one.n_labels:,}" for one in found)],
            ["課題の数", *(f"{one.n_issues:,}" for one in found)],
            ["どの課題にも入らない行", *(f"{one.alone:.1%}" for one in found)],
            ["ARI（偶然なみは 0、同じなら 1）", *(figure(one.ari) for one in found)],
            ["NMI（V-measure も同じ値）", *(figure(one.v_measure) for one in found)],
            ["均質性（homogeneity）", *(figure(one.homogeneity) for one in found)],
            ["完全性（completeness）", *(figure(one.completeness) for one in found)],
            ["2行の組の適合率（precision）", *(figure(one.precision) for one in found)],
            ["2行の組の再現率（recall）", *(figure(one.recall) for one in found)],
            ["2行の組の F1", *(figure(one.f1) for one in found)],
        ]
    )


def _people_line(pair: PeopleAgreement) -> str:
    columns = f"人どうしの一致: 「{pair.one}」と「{pair.other}」の"
    if pair.what == "group":
        return f"{columns} ARI {figure(pair.ari)}（{pair.n_rows:,}行）"
    return (
        f"{columns}{NAMES[pair.what]}は κ {figure(pair.kappa)}、α {figure(pair.alpha)}、"
        f"同じ行 {pair.same:.1%}（{pair.n_rows:,}行）"
    )


def _group_notes(evaluation: Evaluation) -> Iterator[str]:
    if evaluation.groups:
        yield "どの課題にも入らない意見は、1つずつ別のまとまりと数えました（同じ文面は合わせて1つ）。"
        if split := sum(row.split for row in evaluation.labels.rows if any(row.labels)):
            yield f"いくつかの意見に分かれた回答 {split:,}行は、いちばん長い意見の課題で比べました。"
    for column in evaluation.columns:
        if (doubt := column.doubt) is not None:
            yield (
                f"{column.name} 列は{NAMES[doubt.what]}のようですが、{doubt.n_unread:,}行が"
                f"読めないので（{doubt.row}行目「{doubt.text}」など）、まとまりとして比べました。"
            )


def _named_notes(evaluation: Evaluation) -> Iterator[str]:
    goals = [one for one in evaluation.named if one.what == "goal"]
    if goals and evaluation.reviewed:
        yield "目標は、人の判断のあとのもの（goal_id）です。確信度は機械のものなので出しません。"
    if split := max((one.n_split for one in goals), default=0):
        yield (
            f"いくつかの意見に分かれた回答 {split:,}行の目標は、"
            "確信度×文字数の合計がいちばん大きい目標です。"
        )
    if set_aside := max((one.n_set_aside for one in goals), default=0):
        yield (
            f"特になしなど、取り上げなかった回答 {set_aside:,}行は、"
            "機械の目標を「なし」と数えました。"
        )
    for one in evaluation.named:
        if one.right_under_goal is not None:
            yield (
                f"「{one.label}」の施策は、目標が合った {one.n_under_goal:,}行のうち "
                f"{one.right_under_goal:.1%} が同じでした。"
            )
    if evaluation.plan_note:
        yield evaluation.plan_note


def _lost_rows(evaluation: Evaluation) -> Iterator[str]:
    labelled = [row for row in evaluation.labels.rows if any(row.labels)]
    lost = [
        row for row in labelled if row.problem and not (row.set_aside and not evaluation.groups)
    ]
    yield f"突き合わせられなかった行: {len(lost):,}行（分類のある {len(labelled):,}行のうち）"
    for row in lost[:_LISTED]:
        yield f"  {row.number}行目: {row.problem}"
    if len(lost) > _LISTED:
        yield f"  ほか {len(lost) - _LISTED:,}行"


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, list | tuple) else value
