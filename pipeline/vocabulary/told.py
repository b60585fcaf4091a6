"""What adding words does, in lines for a terminal."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from pipeline.textlayout import shorten
from pipeline.vocabulary.candidate import as_line

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from pipeline.vocabulary.effect import Trial

SHOWN: Final = 10
"""Opinions and moves that are shown."""

_NOT_COMPUTED: Final = (
    "課題の分けなおし（新しい課題ができる、なくなる、題が変わる、ほかの意見もつられて移る）は計算していません。kadai run で分かります。",
    "目標は、人の判断から学んだことを使わずに読みなおしました。人が決めた目標は変わりません。",
)


_LARGE: Final = "意見が多いので、話題と目標は、語が変わる意見だけを読みなおしました。"


def render_trial(made: Trial, width: int) -> list[str]:
    """What would be added, and which opinions would change."""
    lines = [f"{own.file} に足す行: {as_line(own.cells)}" for own in made.checked.new]
    lines += [f"{own.file} にもうあります: {as_line(own.cells)}" for own in made.checked.known]
    if not made.checked.new:
        return [*lines, "足すものはありません。"]
    if not made.n_opinions:
        return [
            *lines,
            "結果のフォルダーがないので、どの意見が変わるかは調べていません（--run で指定できます）。",
        ]
    lines.append("")
    worded = made.changed[(made.changed["gone"] != "") | (made.changed["new"] != "")]
    share = len(worded) / made.n_opinions
    lines.append(f"語が変わる意見 {len(worded):,}件（意見 {made.n_opinions:,}件の {share:.1%}）")
    lines += _moves(made.changed, "heading", "heading_after", "話題", "（なし）")
    lines += _moves(made.changed, "goal_id", "goal_id_after", "目標", "保留・なし")
    lines += _issues(made)
    if len(made.changed):
        lines.append("例:")
    for own in made.changed.head(SHOWN).itertuples():
        words = f"［{own.gone}→{own.new}］" if own.gone or own.new else ""
        lines.append(
            f"  {own.opinion_id} {shorten(f'{words}{own.text}'.replace(chr(10), ' '), width - 14)}"
        )
    if len(made.changed) > SHOWN:
        lines.append(f"  ほかに {len(made.changed) - SHOWN:,}件")
    lines += ["", *_NOT_COMPUTED]
    return [*lines, _LARGE] if made.only_worded else lines


def render_written(changed: list[Path]) -> list[str]:
    """Which files were written to, and what follows from it."""
    return [
        *(f"書きました: {path}" for path in changed),
        "次の kadai run から効きます。前の結果を kadai verify すると、この辞書が違うと出ます。",
    ]


def _moves(changed: pd.DataFrame, before: str, after: str, name: str, nothing: str) -> list[str]:
    moved = changed[changed[before] != changed[after]]
    if not len(moved):
        return [f"{name}が変わる意見 0件"]
    pairs = Counter(zip(moved[before], moved[after], strict=True))
    lines = [f"{name}が変わる意見 {len(moved):,}件"]
    ordered = sorted(pairs.items(), key=lambda own: (-own[1], own[0]))
    lines += [f"  {old or nothing} → {new or nothing} {n:,}件" for (old, new), n in ordered[:SHOWN]]
    return lines + (["  …"] if len(ordered) > SHOWN else [])


def _issues(made: Trial) -> list[str]:
    """Where opinions of another topic would go, as far as that is known."""
    moved = made.changed[made.changed["heading"] != made.changed["heading_after"]]
    if not len(moved):
        return []
    known = moved[moved["issue_id_after"] != ""]
    moving = known[known["issue_id_after"] != known["issue_id"]]
    pairs = Counter(zip(moving["issue_id"], moving["issue_id_after"], strict=True))
    lines = [
        f"別の課題へ移りそうな意見 {len(moving):,}件、移る先が分からない意見 {len(moved) - len(known):,}件"
    ]
    for (old, new), n in sorted(pairs.items(), key=lambda own: (-own[1], own[0]))[:SHOWN]:
        names = [
            f"{one}「{made.titles.get(one, '')}」" if one else "課題なし" for one in (old, new)
        ]
        lines.append(f"  {names[0]} → {names[1]} {n:,}件")
    return lines
