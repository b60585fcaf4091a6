"""Findings on a file as a whole and on its sheets."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from pipeline.findings.facts import masked, toml
from pipeline.findings.model import EXAMPLE, FORMAT, GIVEN, READ, REMARK, SHEET, Finding
from pipeline.study import KIND_LABELS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pipeline.documents import Document, NoteEntry
    from pipeline.documents.columnguess import ColumnGuess
    from pipeline.documents.model import Remark, Role
    from pipeline.documents.table import Table
    from pipeline.study import SourceKind

FORMATS: Final = {
    ".xlsx": "Excel ブック",
    ".xlsm": "Excel ブック（マクロ付き）",
    ".xlsb": "Excel ブック（バイナリ）",
    ".xls": "古い形式の Excel ブック",
    ".ods": "OpenDocument の表",
    ".docx": "Word 文書",
    ".docm": "Word 文書（マクロ付き）",
    ".pdf": "PDF",
    ".txt": "文字だけの文書",
    ".md": "文字だけの文書（Markdown）",
}
SEPARATORS: Final = {
    ",": "コンマ",
    "\t": "タブ",
    ";": "セミコロン",
    "|": "縦線",
    "，": "全角コンマ",
    "；": "全角セミコロン",
}
ROLES: Final[dict[Role, str]] = {
    "statement": "発言・意見",
    "heading": "見出し",
    "meta": "会議の記録事項",
    "facilitator": "進行役・事務局の発言",
}
"""What entries of notes are, as :data:`pipeline.answers.REASONS` calls them."""

BRING_BACK: Final = (
    "住民の声が混じっているときは、kadai run のあと、確認用ブックの「対象外」シートで戻せます。"
)
"""What to do where words of those who lead a meeting are a resident's after all."""

_SHOWN_SPEAKERS: Final = 8
_SHOWN_ENTRIES: Final = 3


def document_findings(document: Document, *, given_encoding: bool = False) -> list[Finding]:
    """Describe a file: format, encoding, sheets left out, remarks, entries of notes."""
    file = document.file
    findings = [Finding(file, None, FORMAT, _format_of(document), "この形で読みました。")]
    if document.encoding is not None:
        reason = GIVEN if given_encoding else "この文字コードで誤りなく読めました。"
        findings.append(Finding(file, None, "文字コード", document.encoding, reason))
    for sheet, reason in document.skipped:
        hidden = "非表示" in reason
        findings.append(
            Finding(
                file,
                sheet,
                SHEET,
                "読みません",
                reason,
                hidden,
                remedy="このシートの回答も読むときは、Excel で再表示して保存し直します。"
                "このシートだけを読むときは、調査ファイルの [[sources]] のすぐ下に次の行を書きます。"
                if hidden
                else "",
                lines=(toml("sheet", sheet),) if hidden else (),
            )
        )
    sheets = {grid.sheet for grid in document.grids}
    findings += [remark_finding(file, own, sheets) for own in document.remarks]
    if not document.grids:
        findings += _entry_findings(file, document.entries)
    return findings


def kind_finding(file: str, kind: SourceKind, reason: str, *, doubt: bool = False) -> Finding:
    """Describe the kind of a source."""
    others = [own for own in KIND_LABELS if own != kind]
    wide = max(len(toml("kind", own)) for own in others)
    return Finding(
        file,
        None,
        "種別",
        KIND_LABELS[kind],
        reason,
        doubt,
        remedy="違うときは、調査ファイルの kind の行を、次のどれかに書きかえます。",
        lines=tuple(f"{toml('kind', own):<{wide}}  # {KIND_LABELS[own]}" for own in others),
    )


def place_finding(file: str, said: str) -> Finding:
    """Say that a study takes a file from elsewhere; who got the study from others should know."""
    return Finding(file, None, "場所", said, "読んでよいファイルか、確かめてください。")


def sheet_finding(
    table: Table, guesses: Sequence[ColumnGuess], *, read: bool, given: bool = False
) -> Finding:
    """Describe one sheet of several: whether it is read, and why."""
    n_text = sum(guess.role == "text" for guess in guesses)
    if read:
        reason = GIVEN if given else f"自由記述の列が{n_text}つあります。"
        return Finding(table.file, table.sheet, SHEET, READ, reason)
    reason = "自由記述の列がありません。"
    if n_text:
        reason = "文章らしい列はありますが、回答の表はほかのシートと見られます。"
    return Finding(
        table.file,
        table.sheet,
        SHEET,
        "読みません",
        reason,
        doubt=bool(n_text) or any(own.role == "other" and own.doubt for own in guesses),
        remedy="このシートにも回答があるときは、調査ファイルの終わりに次の行を足し、"
        "kind を種別に合わせます。",
        lines=(
            "[[sources]]",
            toml("file", table.file),
            toml("kind", "survey"),
            toml("sheet", table.sheet or ""),
        ),
    )


def remark_finding(file: str, remark: Remark, sheets: Collection[str | None]) -> Finding:
    """Pass on what a reader remarked of a file or of one of its sheets."""
    at_sheet = remark.place in sheets
    # Whose words are a resident's is judged when opinions are looked through, not before.
    led = remark.text.startswith("進行役")
    return Finding(
        file,
        remark.place if at_sheet else None,
        REMARK if at_sheet else remark.place or REMARK,
        REMARK,
        remark.text,
        remark.doubt,
        remedy=BRING_BACK if led else "",
        passes=led,
    )


def _format_of(document: Document) -> str:
    suffix = PurePath(document.file).suffix.lower()
    if known := FORMATS.get(suffix):
        return f"{known}（{suffix}）"
    if document.grids:
        separator = document.grids[0].separator
        return f"{SEPARATORS.get(separator, f'「{separator}」')}で区切った表（{suffix}）"
    return suffix


def _entry_findings(file: str, entries: Sequence[NoteEntry]) -> list[Finding]:
    """Describe notes: what the entries are, who speaks, how the first statements begin."""
    roles = Counter(entry.role for entry in entries)
    counted = [f"{label} {roles[role]}件" for role, label in ROLES.items() if roles[role]]
    said = [entry for entry in entries if entry.role == "statement"]
    found = [
        Finding(
            file,
            None,
            "記録",
            "、".join(counted),
            "段落、箇条書き、発言、表のセルを1つずつ読みました。",
            doubt=not said,
            remedy="発言が読めていないときは、見出しと発言を別の段落に分けて保存し直します。",
        )
    ]
    speakers = dict.fromkeys(entry.speaker for entry in entries if entry.speaker)
    # A surname is nobody's business on a screen that others see; the role tells enough.
    # Alone, 「小林」 may be a place; whoever spoke is somebody.
    shown = Counter(masked(f"{name}さん").removesuffix("さん") for name in speakers)
    names = [f"{name} {number}人" if number > 1 else name for name, number in shown.items()]
    listed = "、".join(names[:_SHOWN_SPEAKERS]) + ("など" if names[_SHOWN_SPEAKERS:] else "")
    if speakers:
        found.append(Finding(file, None, "発言者", f"{len(speakers)}人", f"{listed}。"))
    else:
        found.append(
            Finding(file, None, "発言者", "なし", "発言した人の名前や役は見つかりません。")
        )
    found += [
        Finding(file, None, EXAMPLE, entry.locator, f"「{masked(entry.text)}」")
        for entry in said[:_SHOWN_ENTRIES]
    ]
    return found
