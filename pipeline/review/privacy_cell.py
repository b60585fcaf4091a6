"""A cell of the column 個人情報: what a reviewer hides, declares public, or finds to be right."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from pipeline.privacy.declared import why_not_public
from pipeline.review.values import (
    CHECKED_CHOICE,
    HIDE_ALL_CHOICE,
    PUBLIC_CHOICE,
    UnreadableError,
    fold_cell,
)

_WHOLE_CELL: Final = frozenset([HIDE_ALL_CHOICE, "あり", "全文", "はい", "○", "〇", "1"])
_ALL: Final = frozenset([HIDE_ALL_CHOICE, "全文"])
_CHECKED: Final = frozenset([CHECKED_CHOICE, "確認済", "確認済み", "確認した"])
_ASKED: Final = re.compile(r"(?P<what>公開|戻す|もどす|伏せる)\s*[:：︰﹕](?P<word>.*)", re.DOTALL)
_HIDE: Final = "伏せる"


class PrivacyCell(NamedTuple):
    """What a cell of the column 個人情報 asks for.

    Attributes
    ----------
    hide
        Words to be hidden.
    hide_all
        All of the opinion is to be hidden.
    public
        Strings that are declared as not personal.
    checked
        What is masked is right and complete.
    """

    hide: tuple[str, ...] = ()
    hide_all: bool = False
    public: tuple[str, ...] = ()
    checked: bool = False


class _Part(NamedTuple):
    """One word of a cell; ``what`` is empty where nothing is written before it in its line."""

    what: str
    word: str
    is_told: bool


def privacy_cell(text: str) -> PrivacyCell:
    """Read words to hide, 公開：言葉, 確認, or several of these.

    「公開：」 and 「戻す：」 hold for all words behind them in their line, up to 「伏せる：」.

    Raises
    ------
    UnreadableError
        A word is missing, or can be declared public by nobody.

    Examples
    --------
    >>> privacy_cell("山田、公開：田中児童公園、佐藤橋")
    PrivacyCell(hide=('山田',), hide_all=False, public=('田中児童公園', '佐藤橋'), checked=False)
    """
    if fold_cell(text) in _WHOLE_CELL:
        return PrivacyCell(hide_all=True)
    parts = [part for line in text.split("\n") for part in _parts(line)]
    checks = [own for own in parts if not own.is_told and fold_cell(own.word) in _CHECKED]
    words = [own for own in parts if own not in checks]
    public = dict.fromkeys(own.word for own in words if own.what not in {"", _HIDE})
    hide = dict.fromkeys(own.word for own in words if own.what in {"", _HIDE})
    for word in public:
        if why := why_not_public(word):
            raise UnreadableError(f"「{word}」は公開にできません。{why}")
    return PrivacyCell(
        hide=tuple(word for word in hide if fold_cell(word) not in _ALL),
        # A cell of nothing but separators: rather too much than nothing.
        hide_all=not parts or any(fold_cell(word) in _ALL for word in hide),
        public=tuple(public),
        checked=bool(checks),
    )


def hidden_words(text: str) -> tuple[str, ...]:
    """Words that a cell wants hidden; none where it cannot be read."""
    try:
        return privacy_cell(text).hide
    except UnreadableError:
        return ()


def _parts(line: str) -> list[_Part]:
    found = []
    what = ""
    for part in re.split(r"[、,，]", line):
        word = part.strip()
        asked = _ASKED.fullmatch(word)
        if asked:
            what, word = asked["what"], asked["word"].strip()
            if not word or fold_cell(part) == fold_cell(PUBLIC_CHOICE):
                raise UnreadableError(f"「{what}：」に続けて、言葉を書いてください")
        if word:
            found.append(_Part(what, word, bool(asked)))
    return found
