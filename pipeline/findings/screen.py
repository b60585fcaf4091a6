"""Findings laid out for a terminal: a table for every sheet, the doubts as a list."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pipeline.findings.model import EXAMPLE, FORMAT, GIVEN, READ, REMARK, SHEET, Finding
from pipeline.findings.textline import cut, harmless, one_line
from pipeline.textlayout import GAP, labelled, pad, width_of, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

DOUBT: Final = "？"
BY_PERSON: Final = "＊"
NO_MARK: Final = "　"

_HEADINGS: Final = ("列", "見出し", "何とみなしたか", "入力", "例")
_FIRST: Final = (FORMAT, "文字コード", "種別", "場所", SHEET, "見出し行", "行")
_LABEL_WIDTH: Final = 15
_LEAST: Final = 10
_MOST_USE: Final = 20
_MOST_HEADER: Final = 44
_MOST_EXAMPLE: Final = 40
_NAMES_SHOWN: Final = 6
_NAME_WIDTH: Final = 30


def finding_lines(findings: Sequence[Finding], width: int) -> list[str]:
    """Lines that say file by file and sheet by sheet what was understood."""
    lines: list[str] = []
    for block in _files(findings):
        lines += ["", f"■ {one_line(block[0].file)}"]
        for sheet, own in _sheets(block):
            if sheet is not None and not all(_is(one, SHEET) for one in own):
                lines += ["", f"{GAP}シート「{one_line(sheet)}」"]
            facts = [one for one in own if one.column is None]
            for one in sorted(facts, key=_place_of_fact):
                lines += _fact(one, width)
            lines += _table([one for one in own if one.column is not None], width)
    return lines[1:]


def doubt_lines(findings: Sequence[Finding], width: int) -> list[str]:
    """Numbered list of what a person should look at; empty where there is nothing."""
    alike: dict[tuple[object, ...], list[Finding]] = {}
    for one in findings:
        if one.doubt:
            about = (one.subject, one.taken_for, one.reason, one.remedy, one.lines)
            alike.setdefault(about, []).append(one)
    if not alike:
        return []
    lines = [f"■ 確かめてほしいところ（{DOUBT}） {len(alike):,}件"]
    digits = len(str(len(alike)))
    for number, doubts in enumerate(alike.values(), start=1):
        head = f"{GAP}{number:>{digits}}. "
        indent = " " * width_of(head)
        room = max(width - len(indent), 20)
        one = doubts[0]
        places = "、".join(dict.fromkeys(_place(own) for own in doubts))
        taken_for = "" if one.taken_for == REMARK else f" → {one_line(one.taken_for)}"
        first, *more = wrap(f"{places} {_subject(one)}{taken_for}", room)
        lines += [head + first, *(indent + line for line in more)]
        for text in filter(None, (one_line(one.reason), one.remedy)):
            lines += [indent + line for line in wrap(text, room)]
        # Whoever copies a line wants it whole, however narrow the window is.
        lines += [f"{indent}{GAP}{harmless(line)}" for line in one.lines]
    return lines


def _place(one: Finding) -> str:
    sheet = f" シート「{one_line(one.sheet)}」" if one.sheet and not _is(one, SHEET) else ""
    return one_line(one.file) + sheet


def _subject(one: Finding) -> str:
    if one.column is not None:
        return f"{one.column.letter}列「{one_line(one.subject)}」"
    named = one.sheet is not None and _is(one, SHEET)
    return f"シート「{one_line(one.sheet or '')}」" if named else one_line(one.subject)


def short_lines(findings: Sequence[Finding], width: int) -> list[str]:
    """Two or three lines a sheet: enough to see on the way that the right columns are read."""
    lines: list[str] = []
    for block in _files(findings):
        kind = "".join(one.taken_for for one in block if _is(one, "種別"))
        lines.append(f"■ {one_line(block[0].file)}（{kind}）")
        for sheet, own in _sheets(block):
            columns = [one for one in own if one.column is not None]
            facts = [(one.subject, one.taken_for) for one in own if _is(one, *_SHORT_FACTS)]
            for word, label in _SHORT:
                names = [_named(one) for one in columns if word in one.taken_for]
                if names:
                    more = f" ほか{len(names) - _NAMES_SHOWN}列" if names[_NAMES_SHOWN:] else ""
                    facts.append((label, "".join(names[:_NAMES_SHOWN]) + more))
            if sheet is not None and facts:
                lines.append(f"{GAP}シート「{one_line(sheet)}」")
            for label, text in facts:
                lines += labelled(label, text, _LABEL_WIDTH, width, GAP)
    return lines


_SHORT_FACTS: Final = ("場所", "記録", "発言者")
_SHORT: Final = (("自由記述", "自由記述"), ("回答者番号", "回答者番号"), ("属性「", "属性"))


def _files(findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    """Findings of one file after the other; the format comes first of each."""
    block: list[Finding] = []
    for one in findings:
        if _is(one, FORMAT) and block:
            yield block
            block = []
        block.append(one)
    if block:
        yield block


def _sheets(block: Sequence[Finding]) -> list[tuple[str | None, list[Finding]]]:
    """What holds of the file, then sheet by sheet in the order of the findings."""
    # Sheets that are left out are told of where the file is, not after all the others.
    told = [
        replace(one, sheet=None, taken_for=f"「{one_line(one.sheet or '')}」は{one.taken_for}")
        if _left_out(one)
        else one
        for one in block
    ]
    grouped: dict[str | None, list[Finding]] = {None: []}
    for one in told:
        grouped.setdefault(one.sheet, []).append(one)
    return list(grouped.items())


def _left_out(one: Finding) -> bool:
    return _is(one, SHEET) and one.taken_for != READ


def _is(one: Finding, *subjects: str) -> bool:
    """Whether a finding is on one of these; a column may bear the same name."""
    return one.column is None and one.subject in subjects


def _place_of_fact(one: Finding) -> int:
    return _FIRST.index(one.subject) if one.subject in _FIRST else len(_FIRST)


def _fact(one: Finding, width: int) -> list[str]:
    mark = DOUBT if one.doubt else NO_MARK
    subject = one_line(one.subject)
    if one.subject == EXAMPLE:
        room = max(width - _LABEL_WIDTH - len(GAP), 20)
        said = cut(f"{one_line(one.taken_for)} {one_line(one.reason)}", room)
    else:
        taken_for = one_line(one.taken_for)
        given = "（調査ファイルの指定）" if one.reason == GIVEN else ""
        because = "" if given or one.subject == FORMAT else f"。{one_line(one.reason)}"
        said = f"{taken_for}{given}{because}"
        if one.taken_for == REMARK:
            said = one_line(one.reason)
    label = f"{mark} {subject}"
    if width_of(label) + len(GAP) > _LABEL_WIDTH:
        said, label = f"{subject}: {said}", mark
    return labelled(label, said, _LABEL_WIDTH, width, GAP)


def _table(columns: Sequence[Finding], width: int) -> list[str]:
    """One line a column, and below it what is doubtful or has to be explained."""
    rows = []
    for one in columns:
        if one.column is None:
            continue
        own = one.column
        filled = f"{own.n_filled}/{own.n_rows}"
        rows.append(
            (own.letter, one_line(one.subject), one_line(own.use), filled, one_line(own.example))
        )
    if not rows:
        return []
    wide = _widths([_HEADINGS, *rows], width)
    lines = ["", f"{GAP}{NO_MARK} {_row(_HEADINGS, wide)}"]
    lines.append(f"{GAP}{NO_MARK} {GAP.join('-' * own for own in wide)}")
    for one, row in zip(columns, rows, strict=True):
        mark = DOUBT if one.doubt else BY_PERSON if one.reason == GIVEN else NO_MARK
        lines.append(f"{GAP}{mark} {_row(row, wide)}".rstrip())
        if note := _note(one):
            indent = " " * (len(GAP) + 3 + wide[0] + len(GAP))
            lines += [indent + line for line in wrap(note, max(width - len(indent), 20))]
    if any(one.reason == GIVEN for one in columns):
        lines.append(f"{GAP}{BY_PERSON} 調査ファイルで指定された列")
    return lines


def _note(one: Finding) -> str:
    if one.doubt:
        return f"{DOUBT} {one_line(one.reason)}"
    return one_line(one.reason) if one.taken_for == "その他（使いません）" else ""


def _widths(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Columns of each cell; header and example share what the others leave."""
    letter, header, use, filled, example = (
        max(width_of(row[place]) for row in rows) for place in range(len(_HEADINGS))
    )
    use = min(use, _MOST_USE)
    room = width - len(GAP) - 3 - letter - use - filled - (len(_HEADINGS) - 1) * len(GAP)
    example = min(example, _MOST_EXAMPLE, max(room * 2 // 5, room - header, _LEAST))
    header = min(header, _MOST_HEADER, max(room - example, _LEAST))
    return [letter, header, use, filled, example]


def _row(row: Sequence[str], wide: Sequence[int]) -> str:
    letter, header, use, filled, example = row
    cells = (
        pad(letter, wide[0]),
        pad(cut(header, wide[1], tail=" ― " in header), wide[1]),
        pad(cut(use, wide[2]), wide[2]),
        " " * (wide[3] - width_of(filled)) + filled,
        cut(example, wide[4]),
    )
    return GAP.join(cells).rstrip()


def _named(one: Finding) -> str:
    if one.column is not None and "属性「" in one.taken_for:
        return f"「{cut(one_line(one.taken_for).split('「', 1)[1].rstrip('」'), _NAME_WIDTH)}」"
    return f"「{cut(one_line(one.subject), _NAME_WIDTH, tail=' ― ' in one.subject)}」"
