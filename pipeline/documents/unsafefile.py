"""A file that could exhaust the machine or mislead, in words that say what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.documents.cells import column_letters
from pipeline.errors import InputError, Location

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.documents.extent import FarCellError


class UnsafeFileError(InputError):
    """A file is built so that reading it could exhaust the machine, or mislead."""


def too_large(path: Path) -> InputError:
    """Say that a file holds more than can be read, and how to make it smaller."""
    return UnsafeFileError(
        "中身が大きすぎるため、読むのをやめました。",
        at=Location(file=path.name),
        remedy="いらないシート、列、画像を消すか、ファイルを分けて保存し直してください。"
        "表は、CSV（UTF-8）で保存すると小さくなります。",
    )


def far_cell(error: FarCellError, path: Path) -> UnsafeFileError:
    """Say that a filled cell is too far away from all others, and how to find it."""
    return UnsafeFileError(
        "表からとても離れたところに、文字の入ったセルがあります"
        f"（{column_letters(error.columns - 1)}列まで、{error.rows:,}行目まで）。",
        at=Location(file=path.name),
        remedy="どのシートかは、Excel で Ctrl+End を押すと分かります。"
        "離れたセルの文字（空白だけのこともあります）を消して保存し直してください。",
    )


def unsafe(what: str, path: Path) -> UnsafeFileError:
    """Say what in a file could stop the machine."""
    return UnsafeFileError(
        f"{what}パソコンを止めるおそれがあるため、読むのをやめました。",
        at=Location(file=path.name),
        remedy="ファイルの出どころを確かめてください。確かなものなら、Excel や Word で開き、"
        "新しい名前で保存し直してください。",
    )


def unreadable(path: Path) -> InputError:
    """Say that an archive cannot be unpacked."""
    return InputError(
        "ファイルの中身を取り出せません。壊れているか、別の形式のファイルです。",
        at=Location(file=path.name),
        remedy="Excel や Word で開けるか確かめ、開けたら保存し直してください。",
    )
