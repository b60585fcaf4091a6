"""What a cell of the column 個人情報 asks for, as values of decisions."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from pipeline.opinions import text_key
from pipeline.privacy import (
    LABEL,
    Hidden,
    find_personal,
    joined_hidden,
    mask,
    unmasked,
    write_hidden,
)
from pipeline.privacy.declared import (
    OPENABLE,
    covering,
    inside,
    occurrences,
)
from pipeline.review.values import (
    UnreadableError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.review.privacy_cell import PrivacyCell
    from pipeline.review_import.state import RunState


def public_strings(opinion_id: str, cell: PrivacyCell, state: RunState) -> Iterator[str]:
    """Strings that a cell declares public, as they are written in the answer."""
    raw = state.raw.get(str(state.opinions[opinion_id]["answer_id"]), "")
    if not raw:
        raise UnreadableError(
            "原文を残していない結果（--no-raw）では、公開する言葉を確かめられません。"
            "原文のある結果に取り込んでください"
        )
    spans = find_personal(raw)
    for word in cell.public:
        own = _as_written(raw, word)
        if not own:
            raise UnreadableError(
                f"「{word}」は、この意見の回答の中にありません。回答にあるとおりに書いてください"
            )
        opened = [one for one in spans if inside(one, raw, [own])]
        if shut := sorted({one.label for one in opened} - OPENABLE):
            raise UnreadableError(f"「{word}」は公開にできません（{'、'.join(shut)}）")
        if not opened:
            touched = any(
                one.start < start + len(own) and start < one.end
                for one in spans
                for start in occurrences(raw, own)
            )
            raise UnreadableError(
                f"「{word}」では伏せ字は開きません。伏せた所の全体が入るように書いてください"
                if touched
                else f"「{word}」は、この回答で伏せられていません。伏せたいときは「伏せる：{word}」と書いてください"
            )
        yield own


def _as_written(raw: str, word: str) -> str:
    """Word as an answer has it, full and half width alike; empty where it is not there."""
    if word in raw:
        return word
    folded, places = [], []
    for place, character in enumerate(raw):
        for one in unicodedata.normalize("NFKC", character):
            folded.append(one)
            places.append(place)
    wanted = unicodedata.normalize("NFKC", word)
    start = "".join(folded).find(wanted)
    return raw[places[start] : places[start + len(wanted) - 1] + 1] if start >= 0 else ""


def hidden_strings(target: str, cell: PrivacyCell, state: RunState) -> str:
    """Value that hides words, or all, of an opinion; earlier hiding stays."""
    before = state.hidden_in(target)
    base = state.base_text(target)
    if base is None:
        if not cell.hide_all or before is None:
            is_hidden = bool(state.opinions[target]["hidden"])
            raise UnreadableError(
                "原文を残していない結果（--no-raw）では、"
                + ("伏せた" if is_hidden else "公開した言葉のある")
                + "意見に伏せる言葉を足せません。"
                + (
                    "「全文を伏せる」を選んでください"
                    if before
                    else "原文のある結果に取り込んでください"
                )
            )
        return write_hidden(Hidden((), before.key))
    if cell.hide_all or (before is not None and not before.spans):
        return write_hidden(Hidden((), text_key(base)))
    hidden = before
    for word in cell.hide:
        found = _places(target, base, word, state)
        if not found:
            raise UnreadableError(
                f"「{word}」は、この意見の中にありません。意見にあるとおりに書いてください"
            )
        own = Hidden(tuple(found), text_key(base))
        hidden = joined_hidden(hidden or own, own)
    return write_hidden(hidden) if hidden else ""


def _places(target: str, base: str, word: str, state: RunState) -> list[tuple[int, int]]:
    """Where a word stands in the text that the machine masks, as the reviewer sees the opinion.

    A word that is masked everywhere is hidden nevertheless: it stays so when a later version
    takes it for something else.
    """
    own = state.written(target)
    if own is None:
        return _occurrences(base, word)
    seen = [unmasked(span, own.left) for span in _occurrences(mask(own.text, own.left), word)] or [
        (start, start + len(word)) for start in occurrences(own.text, word)
    ]
    return sorted({covering(span, own.found) for span in seen})


def _occurrences(text: str, word: str) -> list[tuple[int, int]]:
    """Where a word stands in a masked text, the labels of what is masked left out."""
    labels = [match.span() for match in LABEL.finditer(text)]
    found = [match.span() for match in re.finditer(re.escape(word), text)]
    return [
        (start, end)
        for start, end in found
        if not any(start < last and first < end for first, last in labels)
    ]
