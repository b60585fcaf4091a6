"""A comparison as lines for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.comparison.change import tabulate_changes
from pipeline.comparison.counting import PEOPLE
from pipeline.report.comparison import SMALL_TITLE, compare_view
from pipeline.textlayout import shorten, table, wrap
from pipeline.wording import CHANGES, KEPT, REJECTED

if TYPE_CHECKING:
    from pipeline.comparison.change import Comparison
    from pipeline.comparison.waves import Waves
    from pipeline.report.comparison import ChangeRow
    from pipeline.report.comparison import Comparison as View

KEPT_LISTED: Final = 10
"""Issues without a change that are listed."""

_TITLE_SHOWN: Final = 40
_LEAST: Final = {1: 16}


def render(waves: Waves, width: int) -> list[str]:
    """Lines of a comparison for a terminal that is so wide."""
    found: list[str] = []
    if len(waves.steps) > 1:
        for number, step in enumerate(waves.steps):
            names = waves.names[number : number + 2]
            found += [f"■ {names[0]} → {names[1]}", *_counts(step), *_rows(step, width, 0)]
            found += [f"  注意: {line}" for line in waves.step_remarks[number]]
            found.append("")
        found.append(f"■ 最初から最後まで: {waves.names[0]} → {waves.names[-1]}")
    else:
        found.append(f"■ {waves.names[0]} → {waves.names[-1]}")
    found += [*_counts(waves.overall), *_rows(waves.overall, width, KEPT_LISTED)]
    found += [f"  注意: {line}" for line in waves.remarks]
    return [*found, "", *_notes(waves)]


def _counts(comparison: Comparison) -> list[str]:
    kinds = [own.kind for own in comparison.changes]
    told = "、".join(f"{kind} {kinds.count(kind)}件" for kind in CHANGES if kind in kinds)
    return [f"  課題の変化: {told or 'なし'}"]


def _rows(comparison: Comparison, width: int, n_kept: int) -> list[str]:
    view = compare_view(tabulate_changes(comparison), "", "", ())
    shown = [*view.claimed, *view.kept[:n_kept]]
    small = _small(view, width)
    if not shown:
        return ["  変わったといえる課題はありません。", *small]
    header = ("変化", "課題", "前", "後", "差（95%区間）", "補正p値")
    rows = [header, *(_cells(row) for row in shown)]
    lines = table(rows, width, _LEAST, [row.note for row in shown])
    left = len(view.kept) + len(view.others) - len(view.kept[:n_kept]) - len(view.small)
    more = [f"  ほか {left:,}件は、--output か --report で見られます。"] if left else []
    under = [*small, *more]
    # Set apart, lest it reads as a note on the last issue of the table.
    return [*lines, *([""] if under else []), *under]


def _small(view: View, width: int) -> list[str]:
    """Issues that one wave alone seems to have: named, for a planner may know more of them."""
    if not view.small:
        return []
    told = "、".join(
        f"{shorten(row.shown_title, _TITLE_SHOWN)}（{row.change}、{row.people}）"
        for row in view.small
    )
    more = view.n_small - len(view.small)
    end = f"、ほか {more:,}件" if more else ""
    text = f"{SMALL_TITLE}: {told}{end}"
    return [f"  {line}" for line in wrap(text, width - 2)]


def _cells(row: ChangeRow) -> tuple[str, ...]:
    return (
        row.change,
        shorten(row.shown_title, _TITLE_SHOWN) + (f"（{REJECTED}）" if row.is_rejected else ""),
        row.before.words,
        row.now.words,
        row.difference if row.is_by_word else f"{row.difference}（{row.interval}）",
        row.p_value,
    )


def _notes(waves: Waves) -> list[str]:
    bases = "、".join(
        f"{name} {own.n_people if waves.unit == PEOPLE else own.n_opinions:,}{waves.unit}"
        for name, own in zip(waves.names, waves.profiles, strict=True)
    )
    what = (
        "意見のある回答者のうち、述べた人" if waves.unit == PEOPLE else "意見のうち、その課題の意見"
    )
    return [
        f"・割合は、{what}の割合です（全体: {bases}）。市民全体の割合ではありません。",
        (
            "・差は「後−前」のポイントです。2つの割合の検定を課題の数だけ行い、p値を"
            "ベンジャミニ・ホッホベルク法で補正しました。0.05 未満を変化としています。"
        ),
        f"・「{KEPT}」は、同じだったという意味ではなく、変化を示せないという意味です。",
        "・課題の組み合わせは中身の近さから機械が決めています。"
        + ("" if waves.shares_voices else "回答した人は前後で別の人です。"),
    ]
