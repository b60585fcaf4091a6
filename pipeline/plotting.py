"""Letters for plots: find a Japanese font for matplotlib, or say which one to install.

matplotlib comes with the extra ``notebooks`` only; it is imported when a plot is wanted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.font_manager import FontManager

FONTS: Final = (
    *("BIZ UDPGothic", "BIZ UDGothic", "Yu Gothic", "Meiryo", "MS PGothic", "MS Gothic"),  # Windows
    *("Hiragino Sans", "Hiragino Kaku Gothic ProN", "YuGothic"),  # macOS
    *("Noto Sans CJK JP", "Noto Sans JP", "Source Han Sans JP"),
    *("IPAexGothic", "IPAPGothic", "IPAGothic", "TakaoPGothic", "VL PGothic"),
)
"""Families that are looked for, the one that reads best first."""

_LETTERS: Final = "あア課題々①"
_BESIDE: Final = "DejaVu Sans"  # of matplotlib itself, for what the Japanese font lacks

_HINT: Final = (
    "日本語の文字（フォント）が見つかりません。図の日本語が □ になります。次のどれかを入れて、"
    "ノートブックを開き直してください。\n"
    "  Windows: 「設定」→「アプリ」→「オプション機能」→「日本語補助フォント」"
    "（游ゴシックかメイリオ）\n"
    "  macOS: はじめから入っているヒラギノ角ゴシック（Font Book で有効にします）\n"
    "  Linux: Noto Sans CJK JP か IPA ゴシック（例: sudo apt install fonts-noto-cjk）"
)


def japanese_font() -> str:
    """Make plots of matplotlib show Japanese.

    Sets ``font.family`` and ``axes.unicode_minus`` of :data:`matplotlib.rcParams`: one of
    :data:`FONTS`, otherwise any font of this computer that has Japanese letters. Where there
    is none, nothing is changed.

    Returns
    -------
    str
        To be printed: the font, or in Japanese what to install.

    Raises
    ------
    UsageError
        matplotlib is not installed.

    Examples
    --------
    Which font it is depends on the computer:

    >>> from pipeline import japanese_font
    >>> japanese_font()  # doctest: +SKIP
    '図の文字: BIZ UDPGothic'
    """
    try:
        import matplotlib as mpl  # noqa: PLC0415 - of the extra, and slow to import
        from matplotlib.font_manager import fontManager  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        raise UsageError(
            f"図を描く部品（{missing.name}）が入っていません。",
            remedy="Kadai のフォルダーで make notebooks を行うか、次のように入れてください: "
            'python -m pip install "matplotlib>=3.10"',
        ) from missing
    name = _find(fontManager)
    if not name:
        return _HINT
    mpl.rcParams["font.family"] = [name, _BESIDE]
    mpl.rcParams["axes.unicode_minus"] = False
    return f"図の文字: {name}"


def choose_font(families: Iterable[str]) -> str:
    """Give the family that reads best of those that are there; empty where none is known."""
    there = set(families)
    return next((name for name in FONTS if name in there), "")


def _find(manager: FontManager) -> str:
    """Look in matplotlib's list, then for fonts that were installed since it was made."""
    found = choose_font(font.name for font in manager.ttflist)
    return found or _find_anew(manager) or _find_any(manager)


def _find_anew(manager: FontManager) -> str:
    from matplotlib.font_manager import findSystemFonts  # noqa: PLC0415

    listed = {font.fname for font in manager.ttflist}
    for path in sorted(set(findSystemFonts()) - listed):
        try:
            manager.addfont(path)
        except (OSError, RuntimeError, ValueError):  # not every font file can be read
            continue
    return choose_font(font.name for font in manager.ttflist)


def _find_any(manager: FontManager) -> str:
    from matplotlib.font_manager import get_font  # noqa: PLC0415

    for name, path in sorted({(font.name, font.fname) for font in manager.ttflist}):
        try:
            letters = get_font(path).get_charmap()
        except (OSError, RuntimeError, ValueError):
            continue
        if all(ord(letter) in letters for letter in _LETTERS) and not name.startswith("Last"):
            return name
    return ""
