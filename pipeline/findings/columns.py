"""Findings on the header, the rows and every column of a table."""

from __future__ import annotations

from itertools import filterfalse
from typing import TYPE_CHECKING, Final

from pipeline.documents.attributes import ADDRESSED, attribute_columns
from pipeline.documents.cells import column_letters
from pipeline.documents.demographics import without_notes
from pipeline.documents.notes import ends_sentence
from pipeline.documents.table import fold, resolve
from pipeline.findings.facts import column_facts, masked
from pipeline.findings.files import remark_finding
from pipeline.findings.model import GIVEN, Finding
from pipeline.findings.settling import settle, settle_header

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.documents.columnguess import ColumnGuess, ColumnRole
    from pipeline.documents.table import Table
    from pipeline.study import Source

TEXT: Final = "自由記述"

_UNUSED: dict[ColumnRole, str] = {
    "text": TEXT,
    "respondent": "回答者番号",
    "attribute": "単一選択",
    "addressed": ADDRESSED,
    "multiple_choice": "複数選択",
    "timestamp": "日時",
    "number": "数値",
    "empty": "空の列",
    "other": "その他",
}
_WORTH_A_LOOK: tuple[ColumnRole, ...] = ("text", "respondent", "addressed")
"""Columns that are worth a look where they are not used."""

_NO_RECORDS: Final = {"header_again": "見出しの繰り返し", "total": "合計などの行"}
_SHOWN_ROWS: Final = 5
_SHOWN_TITLE: Final = 20


def column_findings(table: Table, guesses: Sequence[ColumnGuess]) -> list[Finding]:
    """Describe the header, the rows and every column of a table, as inferred."""
    texts = [guess.column.index for guess in guesses if guess.role == "text"]
    found = [_header_finding(table), *_row_findings(table, texts)]
    letters = {guess.column.name: column_letters(guess.column.index) for guess in guesses}
    for guess in guesses:
        taken_for, use = _inferred(guess, letters.get(guess.pair or "", ""))
        remedy, lines = settle(guess, used=_is_used(guess)) if guess.doubt else ("", ())
        found.append(
            Finding(
                table.file,
                table.sheet,
                guess.column.name,
                taken_for,
                guess.reason,
                guess.doubt,
                column_facts(table, guess, use),
                remedy,
                lines,
            )
        )
    return found


def given_findings(
    table: Table, guesses: Sequence[ColumnGuess], given: Source, completed: Source
) -> list[Finding]:
    """Describe the header, the rows and every column, as a study gives and leaves open.

    Parameters
    ----------
    table, guesses
        The table and what its columns would be taken for.
    given, completed
        The source as written, and with everything filled in.
    """
    uses = _uses(table, given, completed)
    texts = [place for place, used in uses.items() if any(what == TEXT for what, *_ in used)]
    given_header = given.header_row is not None
    found = [_header_finding(table, given=given_header), *_row_findings(table, texts)]
    for guess in guesses:
        used = uses.get(guess.column.index, [])
        by_person = bool(used) and all(is_given for *_, is_given in used)
        left_out = not used and guess.role in _WORTH_A_LOOK
        doubt = left_out or (bool(used) and guess.doubt and not by_person)
        kind = _UNUSED[guess.role]
        taken_for = "、".join(what for what, *_ in used) if used else f"{kind}（使いません）"
        use = "、".join(short for _, short, _ in used) if used else f"使わない（{kind}）"
        decided = left_out and bool(given.text)
        remedy, lines = settle(guess, used=bool(used), decided=decided) if doubt else ("", ())
        found.append(
            Finding(
                table.file,
                table.sheet,
                guess.column.name,
                taken_for,
                GIVEN if by_person else guess.reason,
                doubt,
                column_facts(table, guess, use),
                remedy,
                lines,
                passes=decided,
            )
        )
    return found


def _uses(table: Table, given: Source, completed: Source) -> dict[int, list[tuple[str, str, bool]]]:
    """Column → what it is used for, the same in a word, and whether the study says so."""
    uses: dict[int, list[tuple[str, str, bool]]] = {}

    def note(place: int, what: str, short: str, *, by_person: bool) -> None:
        uses.setdefault(place, []).append((what, short, by_person))

    closed = {
        column.index: column_letters(resolve(table, header)[0].index)
        for name, header in completed.pairs.items()
        for column in resolve(table, name, many=True)
    }
    for name in completed.text:
        for column in resolve(table, name, many=True):
            short = _explaining(closed[column.index]) if column.index in closed else TEXT
            note(column.index, TEXT, short, by_person=bool(given.text))
    if completed.respondent:
        column = resolve(table, completed.respondent)[0]
        note(column.index, "回答者番号", "回答者番号", by_person=bool(given.respondent))
    addressed = None
    if completed.addresses_column:
        addressed = resolve(table, completed.addresses_column)[0]
        by_person = bool(given.addresses_column)
        note(addressed.index, ADDRESSED, ADDRESSED, by_person=by_person)
    by_pair = given.pairs and given.pairs == completed.pairs
    for name, column in attribute_columns(table, completed).items():
        if column == addressed and name not in completed.attributes:
            continue  # kept beside, as it was written
        by_person = bool(given.attributes if name in completed.attributes else by_pair)
        label = f"属性「{name}」"
        short = "属性" if name == without_notes(fold(column.name)) else label
        note(column.index, label, short, by_person=by_person)
    return uses


def _explaining(letter: str) -> str:
    return f"{TEXT}（{letter}の補足）"


def _header_finding(table: Table, *, given: bool = False) -> Finding:
    rows = "・".join(str(number) for number in table.header_rows)
    n_sentences = sum(column.name.endswith("。") for column in table.columns)
    bare = len(table.columns) == 1 and ends_sentence(table.columns[0].name)
    if table.joined:
        reason = (
            f"コンマで切れていた{len(table.joined)}行（{table.joined[0]}行目など）の回答を、"
            "最後の列につなぎ直しました。"
        )
        doubt = True
    elif given:
        reason, doubt = GIVEN, False
    elif bare and n_sentences:
        reason, doubt = "最初の行ですが、見出しではなく回答かもしれません。", True
    elif len(table.header_rows) > 1:
        n_rows = len(table.header_rows)
        reason = f"{n_rows}行にわたる見出しです。下の行が設問文か細目になっています。"
        doubt = table.doubt
    elif table.above:
        title = masked(table.above[0])
        title = title if len(title) <= _SHOWN_TITLE else f"{title[:_SHOWN_TITLE]}…"
        reason = f"その上の{len(table.above)}個のセル（「{title}」など）は表題や注記と見ました。"
        doubt = table.doubt
    else:
        reason, doubt = "列の名前が並ぶ最初の行です。", False
    remedy, lines = settle_header(table) if doubt else ("", ())
    return Finding(
        table.file, table.sheet, "見出し行", f"{rows}行目", reason, doubt,
        remedy=remedy, lines=lines,
    )  # fmt: skip


def _row_findings(table: Table, texts: Sequence[int]) -> list[Finding]:
    """Say which rows are read, which are blank, which are no answers, and what was remarked."""
    found = [_row_finding(table, texts)]
    for kind in dict.fromkeys(table.aside.values()):
        numbers = [number for number, own in table.aside.items() if own == kind]
        found.append(
            Finding(
                table.file,
                table.sheet,
                "行",
                f"{_listed(numbers)}は{_NO_RECORDS.get(kind, kind)}",
                "回答として数えず、文章があれば対象外に入れます。",
                doubt=True,
                remedy="回答だったときは、kadai run のあと、確認用ブックの「対象外」シートで戻せます。",
                passes=True,
            )
        )
    return found + [remark_finding(table.file, own, {table.sheet}) for own in table.remarks]


def _row_finding(table: Table, texts: Sequence[int]) -> Finding:
    if not table.numbers:
        return Finding(
            table.file, table.sheet, "行", "0行", "見出しの下に行がありません。", doubt=True
        )
    first, last = table.header_rows[-1] + 1, table.numbers[-1]
    blank: Sequence[int] = ()
    if len(table.numbers) < last + 1 - first:
        blank = sorted(set(range(first, last + 1)).difference(table.numbers))
    said = "空の行はありません。"
    if blank:
        said = f"空の行が{len(blank):,}行（{_listed(blank)}）あり、飛ばします。"
    cells = [table.values(column) for column in table.columns if column.index in texts]
    silent = len([*filterfalse(str.strip, map("".join, zip(*cells, strict=True)))])
    if silent:
        said += f"{silent:,}行は自由記述がどれも空です。"
    n_read = len(table.rows) - len(table.aside)
    span = f"{table.numbers[0]}～{last}行目の{n_read:,}行"
    return Finding(table.file, table.sheet, "行", span, said)


def _listed(numbers: Sequence[int]) -> str:
    shown = "・".join(str(number) for number in numbers[:_SHOWN_ROWS])
    return f"{shown}行目" + ("など" if numbers[_SHOWN_ROWS:] else "")


def _is_used(guess: ColumnGuess) -> bool:
    return guess.role in _WORTH_A_LOOK or guess.attribute is not None


def _inferred(guess: ColumnGuess, closed: str) -> tuple[str, str]:
    """What a column is taken for, and the same in a word or two.

    `closed` is the letter of the question that it explains.
    """
    if guess.role == "text":
        pair = f"（「{guess.pair}」の補足）" if guess.pair else ""
        return f"{TEXT}{pair}", _explaining(closed) if closed else TEXT
    kind = _UNUSED[guess.role]
    if guess.role in {"respondent", "addressed"}:
        return kind, kind
    if guess.attribute:
        label = f"属性「{guess.attribute}」"
        same = guess.attribute == without_notes(fold(guess.column.name))
        short = "属性" if same else label
        if guess.role in {"multiple_choice", "number"}:
            return f"{kind}、{label}", f"{short}（{kind}）"
        return label, short
    return f"{kind}（使いません）", f"使わない（{kind}）"
