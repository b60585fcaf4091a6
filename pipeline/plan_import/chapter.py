"""A plan as it comes out of a PDF → a :class:`~pipeline.plan.Plan`, and what was left over.

The file is read line by line, its characters are mended (:mod:`pipeline.plan_import.text`),
its lines are joined to parts (:mod:`pipeline.plan_import.outline`), and the parts find their
places (:mod:`pipeline.plan_import.places`). What finds none is listed with its line, and whatever looks incomplete is
said (:mod:`pipeline.plan_import.doubts`): a person compares the result with the printed plan.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.documents.encoding import decode
from pipeline.documents.pdf import read_pdf
from pipeline.errors import InputError, Location
from pipeline.plan import Plan
from pipeline.plan_import.doubts import find_doubts
from pipeline.plan_import.dump import dump_plan
from pipeline.plan_import.marks import GOAL_LABELS, find_style
from pipeline.plan_import.noise import SourceLine
from pipeline.plan_import.outline import outline
from pipeline.plan_import.places import AFTER, BEFORE, place_parts
from pipeline.plan_import.text import mend_line

__all__ = [
    "READABLE",
    "ImportedPlan",
    "UnplacedLine",
    "dump_imported",
    "dump_plan",
    "import_plan",
    "render_unplaced",
]

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pipeline.plan_import.outline import Part

READABLE: Final = (".txt", ".md", ".pdf")
"""Suffixes of the files that a plan can be read from."""

_OUTSIDE: Final = (BEFORE, AFTER, "ページ番号", "目次", "各ページの見出し", "章や節の見出し")
_PLAN_TITLE: Final = re.compile(
    r"(?:第\s*[0-9０-９一二三四五六七八九十]+\s*[次期]\s*)?[一-龠ヶケノ々ぁ-んァ-ヺー]{1,12}?[都道府県市区町村]"
    r"(?:地域福祉活動計画|地域福祉計画)"
)


@dataclass(frozen=True)
class UnplacedLine:
    """A line of the source that is in no field of the plan.

    Attributes
    ----------
    line
        Number in the file, or on the page of a PDF; 1 is the first.
    page
        Of a PDF, and of a text with page breaks; else ``None``.
    text
        Its characters mended.
    reason
        Why it has no place, in Japanese.
    """

    line: int
    page: int | None
    text: str
    reason: str


@dataclass(frozen=True)
class ImportedPlan:
    """A plan that was read, for a person to compare with the printed one.

    Attributes
    ----------
    file
        Name of the source.
    unplaced
        Every line that is in no field and is no label, in the order of the source.
    doubts
        What looks incomplete or unsure, in Japanese.
    """

    file: str
    plan: Plan
    unplaced: tuple[UnplacedLine, ...]
    doubts: tuple[str, ...]

    def summary(self) -> str:
        """How much of everything was found, one Japanese line."""
        goals = self.plan.goals
        measures = [measure for goal in goals for measure in goal.measures]
        return (
            f"基本目標 {len(goals)}、施策 {len(measures)}、"
            f"内容 {sum(len(one.contents) for one in measures)}、"
            f"施策の取り組み {sum(len(one.actions) for one in measures)}、"
            f"その他の取り組み {sum(len(goal.other_actions) for goal in goals)}、"
            f"姿 {sum(len(goal.outlook) for goal in goals)}、"
            f"課題と方向性 {sum(len(goal.problems) for goal in goals)}段落"
        )


def import_plan(path: Path, plan_id: str = "", title: str = "") -> ImportedPlan:
    """Read the chapter of a plan that holds its goals.

    Parameters
    ----------
    path
        A text (``.txt``, ``.md``) or a PDF with a text layer.
    plan_id, title
        Of the plan; by default the file's name and the title that the text names most.

    Raises
    ------
    InputError
        The file cannot be read, or has no heading of a goal.
    """
    lines, doubts = _read(path)
    texts = [line.text for line in lines]
    style = find_style(texts)
    read = outline(lines, style) if style else None
    if read is None or not any(part.kind == "goal" for part in read.parts):
        raise InputError(
            "基本目標の見出しが見つかりません。",
            at=Location(file=path.name),
            remedy=f"「{GOAL_LABELS[0]}1 …」のように、番号の付いた見出し（{'、'.join(GOAL_LABELS)}）"
            "のある章を指定してください。見出しが画像になっているときは、文字で書き足してください。",
        )
    goals, left, said = place_parts(read)
    found_title = title or _title(texts)
    plan = Plan(
        id=plan_id or path.stem,
        title=found_title or path.stem,
        goals=tuple(goal.finished() for goal in goals),
    )
    if not found_title:
        doubts.append(f"計画の題が見つかりません。「{plan.title}」としました。")
    return ImportedPlan(
        path.name,
        plan,
        _unplaced(left, read.noise),
        (*doubts, *said, *find_doubts(plan, has_status=read.has_status)),
    )


def dump_imported(imported: ImportedPlan, sdgs_notes: Mapping[str, str]) -> str:
    """Write the plan as TOML; doubts stand at its head, what has no place at its end.

    Parameters
    ----------
    sdgs_notes
        Id of a measure → comment beside its ``sdgs``.
    """
    doubts = imported.doubts or ("なし",)
    return dump_plan(
        imported.plan,
        header=(
            f"「{imported.file}」から Kadai が書き出しました。計画書と見比べて、直してから使ってください。",
            "確かめること:",
            *(f"  ・{doubt}" for doubt in doubts),
        ),
        sdgs_notes=sdgs_notes,
        trailer=render_unplaced(imported),
    )


def render_unplaced(imported: ImportedPlan, *, brief: bool = False) -> list[str]:
    """Japanese lines for the terminal: what is in no field, reason by reason.

    Parameters
    ----------
    brief
        Say of what stands before and behind the goals, and of numbers and headings of
        pages, only how much it is and where.
    """
    if not imported.unplaced:
        return ["計画に入れられなかった行はありません。"]
    reasons = dict.fromkeys(one.reason for one in imported.unplaced)
    order = sorted(reasons, key=lambda reason: reason in _OUTSIDE)
    shown = [f"計画に入れられなかった行: {len(imported.unplaced):,}行"]
    for reason in order:
        own = [one for one in imported.unplaced if one.reason == reason]
        shown.append(f"■ {reason}（{len(own):,}行）")
        if brief and reason in _OUTSIDE:
            ends = dict.fromkeys([_place(own[0]), _place(own[-1])])
            shown.append(f"  {' 〜 '.join(ends)}")
        else:
            shown += [f"  {_place(one)}: {one.text}" for one in own]
    return shown


def _place(one: UnplacedLine) -> str:
    return f"{f'{one.page}ページ ' if one.page else ''}{one.line}行目"


def _read(path: Path) -> tuple[list[SourceLine], list[str]]:
    """Lines of the source, mended, and what is to be said of the file itself."""
    suffix = path.suffix.lower()
    if not path.exists():
        raise InputError(
            "ファイルがありません。",
            at=Location(file=str(path)),
            remedy="ファイルの名前と場所を確かめてください。",
        )
    if not path.is_file() or suffix not in READABLE:
        raise InputError(
            f"この種類のファイル（{suffix or '拡張子なし'}）から計画は読めません。",
            at=Location(file=path.name),
            remedy=f"読めるのは {'、'.join(READABLE)} です。Word の計画書は PDF で保存してください。",
        )
    doubts: list[str] = []
    try:
        if suffix == ".pdf":
            found = read_pdf(path)
            lines = [
                SourceLine(one.number, mend_line(one.text), one.page, one.ruby)
                for one in found.lines
            ]
            if found.blank_pages:
                pages = "、".join(map(str, found.blank_pages))
                doubts.append(f"文字のないページがあります（図か画像のページ）: {pages}ページ")
        else:
            lines = _text_lines(decode(path.read_bytes(), path.name)[0])
    except OSError as error:
        raise InputError(
            "ファイルを開けません。",
            at=Location(file=path.name),
            remedy="ほかのプログラムで開いていれば閉じ、開く権限があるかを確かめてください。",
        ) from error
    odd = [line for line in lines if re.search(r"\(cid:\d+\)|\ufffd", line.text)]
    if odd:
        places = "、".join(
            f"{f'{one.page}ページ ' if one.page else ''}{one.number}行目" for one in odd[:5]
        )
        doubts.append(
            f"読めない文字のある行が{len(odd):,}行あります（{places}{' ほか' if odd[5:] else ''}）。"
        )
    return lines, doubts


def _text_lines(text: str) -> list[SourceLine]:
    """Lines of a text; a form feed begins a page."""
    has_pages = "\f" in text
    lines, page = [], 1
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        for place, piece in enumerate(line.split("\f")):
            page += place > 0
            lines.append(SourceLine(number, mend_line(piece), page if has_pages else None))
    return lines


def _title(texts: Sequence[str]) -> str:
    """Title that the text names most, the longer of equal ones; empty where it names none."""
    counts = Counter(
        re.sub(r"\s", "", found) for text in texts for found in _PLAN_TITLE.findall(text)
    )
    return max(counts, key=lambda title: (counts[title], len(title)), default="")


def _unplaced(
    left: Sequence[tuple[Part, str]], noise: Sequence[tuple[SourceLine, str]]
) -> tuple[UnplacedLine, ...]:
    found = [(line, reason) for part, reason in left for line in part.lines]
    found += noise
    return tuple(
        UnplacedLine(line.number, line.page, line.text, reason)
        for line, reason in sorted(found, key=lambda one: (one[0].page or 0, one[0].number))
    )
