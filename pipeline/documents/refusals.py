"""Why a workbook is not read, in words that say what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.errors import InputError, Location

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.documents.container import Kind

_SAVE_AS_XLSX = "Excel で開き、「名前を付けて保存」で「Excel ブック（.xlsx）」にしてください。"
_SAVED_AGAIN = "Excel で開けるか確かめ、開けたら .xlsx で保存し直してください。"


def no_workbook(path: Path, kind: Kind) -> InputError:
    """Say what the file is instead, as exactly as its content tells."""
    said: dict[Kind, tuple[str, str]] = {
        "html": ("中身は Web ページ（HTML）です。", _SAVE_AS_XLSX),
        "spreadsheet_xml": (
            "中身は XML 形式の表（XML スプレッドシート 2003）です。",
            _SAVE_AS_XLSX,
        ),
        "xlsb": ("バイナリ形式のブック（.xlsb）は読めません。", _SAVE_AS_XLSX),
        "docx": ("中身は Word 文書です。", "名前の終わりを .docx に変えてください。"),
        "doc": (
            "中身は古い形式の Word 文書です。",
            "Word で開き、「名前を付けて保存」で「Word 文書（.docx）」にしてください。",
        ),
        "empty": (
            "ファイルが空で、読めません。",
            "正しいファイルか、保存できているかを確かめてください。",
        ),
        "compound": (
            "パスワードが付いているか、壊れている Excel ファイルです。",
            "Excel で開き、パスワードを外して .xlsx で保存し直してください。",
        ),
    }
    if kind == "encrypted":
        return locked(path)
    if kind not in said:
        return damaged(path)
    message, remedy = said[kind]
    return InputError(message, at=Location(file=path.name), remedy=remedy)


def locked(path: Path) -> InputError:
    """Say that a workbook has a password."""
    return InputError(
        "パスワードが付いています。",
        at=Location(file=path.name),
        remedy="Excel で開き、パスワードを外して保存し直してください。",
    )


def damaged(path: Path) -> InputError:
    """Say that a workbook is damaged, or none at all."""
    return InputError(
        "Excel ファイルとして読めません。壊れているか、別の形式のファイルです。",
        at=Location(file=path.name),
        remedy=_SAVED_AGAIN,
    )


def nothing_visible(path: Path, wanted: str | None, hidden: Sequence[str]) -> InputError:
    """Say that no sheet can be read, and which hidden ones hold something."""
    if hidden:
        names = "、".join(f"「{name}」" for name in hidden)
        return InputError(
            f"文字の入ったシートは、非表示のもの（{names}）だけです。",
            at=Location(file=path.name),
            remedy="Excel で「再表示」して保存し直すか、調査ファイルの sheet にその名前を書いてください。",
        )
    return InputError(
        "文字の入った、表示されているワークシートがありません。",
        at=Location(file=path.name, sheet=wanted),
        remedy="Excel で開き、回答のあるシートが空や非表示でないかを確かめてください。",
    )


def no_such_sheet(path: Path, sheet: str, names: Sequence[str]) -> InputError:
    """Say that a sheet is not there, and which ones are."""
    return InputError(
        f"シート「{sheet}」がありません（あるシート: {'、'.join(names)}）。",
        at=Location(file=path.name, sheet=sheet),
        remedy="調査ファイルの sheet を、あるシートの名前に直してください。",
    )
