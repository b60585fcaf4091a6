"""Findings: what Kadai takes the planner's files for, in words that can be contradicted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.documents.attributes import ADDRESSED, attribute_columns
from pipeline.documents.headers import resolve
from pipeline.documents.notes import ends_sentence
from pipeline.study import KIND_LABELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.documents import Document
    from pipeline.documents.columns import ColumnGuess, ColumnRole
    from pipeline.documents.headers import Table
    from pipeline.study import Source, SourceKind

_UNUSED: dict[ColumnRole, str] = {
    "text": "自由記述（使いません）",
    "respondent": "回答者番号（使いません）",
    "attribute": "単一選択（使いません）",
    "addressed": "該当箇所（使いません）",
    "multiple_choice": "複数選択（使いません）",
    "timestamp": "日時（使いません）",
    "number": "数値（使いません）",
    "empty": "空の列（使いません）",
    "other": "その他（使いません）",
}
_WORTH_A_LOOK: tuple[ColumnRole, ...] = ("text", "respondent", "addressed")
"""Columns that are worth a look where they are not used."""

_GIVEN = "調査ファイルで指定されています。"


@dataclass(frozen=True)
class Finding:
    """One thing that was read from the files and what it was taken for.

    Attributes
    ----------
    file, sheet
        Where.
    subject
        文字コード, 種別, シート, 見出し行, 記録, or the name of a column.
    taken_for
        自由記述, 回答者番号, 属性「年齢」, 複数選択（使いません） and so on.
    reason
        Why, one Japanese sentence.
    doubt
        Whether a person should check it.
    """

    file: str
    sheet: str | None
    subject: str
    taken_for: str
    reason: str
    doubt: bool = False


def document_findings(document: Document, *, given_encoding: bool = False) -> list[Finding]:
    """Describe a file as a whole: encoding, sheets left out, entries of notes."""
    findings = []
    if document.encoding is not None:
        reason = _GIVEN if given_encoding else "この文字コードで誤りなく読めました。"
        findings.append(Finding(document.file, None, "文字コード", document.encoding, reason))
    findings += [
        Finding(document.file, sheet, "シート", "読みません", reason, doubt="非表示" in reason)
        for sheet, reason in document.skipped
    ]
    if not document.grids:
        roles = [entry.role for entry in document.entries]
        n_speakers = len({entry.speaker for entry in document.entries} - {""})
        taken_for = (
            f"発言・意見 {roles.count('statement')}件、見出し {roles.count('heading')}件、"
            f"会議の記録事項 {roles.count('meta')}件"
        )
        reason = f"発言者は {n_speakers}人見つかりました。"
        doubt = "statement" not in roles
        findings.append(Finding(document.file, None, "記録", taken_for, reason, doubt))
    return findings


def kind_finding(file: str, kind: SourceKind, reason: str, *, doubt: bool = False) -> Finding:
    """Describe the kind of a source."""
    return Finding(file, None, "種別", KIND_LABELS[kind], reason, doubt)


def sheet_finding(
    table: Table, guesses: Sequence[ColumnGuess], *, read: bool, given: bool = False
) -> Finding:
    """Describe one sheet of several: whether it is read, and why."""
    n_text = sum(guess.role == "text" for guess in guesses)
    if read:
        reason = _GIVEN if given else f"自由記述の列が{n_text}つあります。"
        return Finding(table.file, table.sheet, "シート", "読みます", reason)
    reason = "自由記述の列がありません。"
    if n_text:
        reason = "文章らしい列はありますが、回答の表はほかのシートと見られます。"
    return Finding(table.file, table.sheet, "シート", "読みません", reason, doubt=True)


def column_findings(table: Table, guesses: Sequence[ColumnGuess]) -> list[Finding]:
    """Describe the header and every column of a table, as inferred."""
    return [
        _header_finding(table),
        *(
            Finding(
                table.file,
                table.sheet,
                guess.column.name,
                _inferred(guess),
                guess.reason,
                guess.doubt,
            )
            for guess in guesses
        ),
    ]


def given_findings(
    table: Table, guesses: Sequence[ColumnGuess], given: Source, completed: Source
) -> list[Finding]:
    """Describe the header and every column of a table, as a study gives and leaves open.

    Parameters
    ----------
    table, guesses
        The table and what its columns would be taken for.
    given, completed
        The source as written, and with everything filled in.
    """
    uses: dict[int, list[tuple[str, bool]]] = {}
    for name in completed.text:
        for column in resolve(table, name, many=True):
            uses.setdefault(column.index, []).append(("自由記述", bool(given.text)))
    if completed.respondent:
        column = resolve(table, completed.respondent)[0]
        uses.setdefault(column.index, []).append(("回答者番号", bool(given.respondent)))
    addressed = None
    if completed.addresses_column:
        addressed = resolve(table, completed.addresses_column)[0]
        uses.setdefault(addressed.index, []).append((ADDRESSED, bool(given.addresses_column)))
    by_pair = given.pairs and given.pairs == completed.pairs
    for name, column in attribute_columns(table, completed).items():
        if column == addressed and name not in completed.attributes:
            continue  # kept beside, as it was written
        by_person = bool(given.attributes if name in completed.attributes else by_pair)
        uses.setdefault(column.index, []).append((f"属性「{name}」", by_person))
    findings = [_header_finding(table, given=given.header_row is not None)]
    for guess in guesses:
        used = uses.get(guess.column.index)
        taken_for = "、".join(what for what, _ in used) if used else _UNUSED[guess.role]
        by_person = bool(used) and all(is_given for _, is_given in used or [])
        findings.append(
            Finding(
                table.file,
                table.sheet,
                guess.column.name,
                taken_for,
                _GIVEN if by_person else guess.reason,
                guess.doubt and not by_person if used else guess.role in _WORTH_A_LOOK,
            )
        )
    return findings


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
        reason, doubt = _GIVEN, False
    elif bare and n_sentences:
        reason, doubt = "最初の行ですが、見出しではなく回答かもしれません。", True
    elif len(table.header_rows) > 1:
        reason = "2行にわたる見出しです。下の行が設問文か細目になっています。"
        doubt = table.doubt
        if doubt:
            reason += (
                "下の行が回答であれば、調査ファイルの header_row に上の行の番号を書いてください。"
            )
    elif table.above:
        reason = f"その上の{len(table.above)}個のセルは表題や注記と見ました。"
        doubt = table.doubt
        if doubt:
            reason += "回答であれば、調査ファイルの header_row に見出し行の番号を書いてください。"
    else:
        reason, doubt = "列の名前が並ぶ最初の行です。", False
    return Finding(table.file, table.sheet, "見出し行", f"{rows}行目", reason, doubt)


def _inferred(guess: ColumnGuess) -> str:
    if guess.role == "text":
        return f"自由記述（「{guess.pair}」の補足）" if guess.pair else "自由記述"
    if guess.role == "respondent":
        return "回答者番号"
    if guess.role == "addressed":
        return ADDRESSED
    if guess.attribute:
        kinds = {"multiple_choice": "複数選択", "number": "数値"}
        label = f"属性「{guess.attribute}」"
        return f"{kinds[guess.role]}、{label}" if guess.role in kinds else label
    return _UNUSED[guess.role]
