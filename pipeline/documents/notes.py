"""Lines of meeting notes → entries: headings, record keeping, speakers, statements."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from pipeline.documents.facilitators import leads
from pipeline.documents.model import NoteEntry
from pipeline.documents.speakers import split_speaker

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.documents.model import Role

LineStyle = Literal["plain", "heading", "bullet", "record"]

_META_WORDS = (
    r"(?:開催)?日\s*時|年月日|開催日|実施日|時\s*間|(?:開催)?場\s*所|会\s*場|出席(?:者|委員)?(?:数|氏名)?"
    r"|欠席(?:者|委員)?|参加(?:者|人数)(?:数)?|参集者|人\s*数|対\s*象(?:者)?|記録(?:者)?|書\s*記|司\s*会(?:者)?"
    r"|進\s*行|主\s*催|共\s*催|文\s*責|作成(?:者|日)|担当(?:課|者)?|傍聴(?:者|人)?(?:数)?"
    r"|(?:配布|配付)?資\s*料|ファシリテーター?|事務局出席者|開会|閉会|公開区分"
)
_META = re.compile(
    rf"^[\s・○●■□◆\-*]*(?:[(（]?\d+[)）.．]?\s*)?(?:{_META_WORDS})"
    r"(?:\s*[：:]|　+[^\sがを]|[ ]{2,}[^\sがを])"
)
_DATED = re.compile(r"[：:]?\s*(?:令和|平成|[0-9０-９]{1,4}\s*[年月/])")
_META_ALONE = re.compile(
    r"^(?:以\s*上|開\s*会|閉\s*会|休\s*憩|[（(]?(?:終了|閉会|開会|休憩|再開)[)）]?)$"
)
_META_LABEL = re.compile(rf"^(?:{_META_WORDS})$")
_RECORDED = (
    r"(?:(?:出席|欠席|参加|傍聴|参集)(?:者|委員)|(?:委員|構成員)?名簿|配[布付]資料"
    r"|(?:会議|懇談会|本日の)?次\s*第|議\s*事\s*日\s*程|開催(?:概要|日時|日|場所))"
)
_RECORD_SECTION = re.compile(
    rf"{_RECORDED}(?:[・、及びと\s]+{_RECORDED})*(?:名簿|一覧|氏名|等|表)*\s*(?:[（(][^）)]*[）)])?"
)
_SEPARATOR = re.compile(r"^[\s\-‐―ー—－─━=＝_＿*＊~〜～#・.．…◇◆○●☆★※|+]+$")
_MARKDOWN_HEADING = re.compile(r"^#{1,6}\s+(?P<text>.+?)\s*#*$")
_BRACKETED = re.compile(r"^[【＜〈<《≪]\s*(?P<text>[^】＞〉>》≫]{1,40})\s*[】＞〉>》≫]$")
_CHAPTER = re.compile(
    r"^第\s*[0-9０-９一二三四五六七八九十]+\s*(?:章|節|部|回|分科会|グループ|班)"
    r"[\s　]*(?P<text>.*)$"
)
_NUMBERED = re.compile(
    r"^(?:(?P<dot>[0-9０-９]{1,2}(?:[.．、]|(?=　))(?![0-9０-９]))"
    r"|(?P<paren>[(（][0-9０-９]{1,2}[)）]|[0-9０-９]{1,2}[)）])"
    r"|(?P<kanji>[一二三四五六七八九十]{1,3}[、.．])|(?P<circle>[①-⑳]))\s*(?P<text>\S.*)$",
    re.DOTALL,
)
_SQUARE = re.compile(r"^(?P<mark>[■□◆◇▼▲★☆])\s*(?P<text>\S.*)$", re.DOTALL)
_BULLET = re.compile(
    r"^(?:[・･•●○◯〇◦‣⁃▪*＊→⇒➢✓]|[-‐−–―](?=[\s　]|[ぁ-んァ-ヶ一-龠]))"
    r"[\s　]*(?P<text>\S.*)$",
    re.DOTALL,
)
_SENTENCE_END = re.compile(
    r"[。！？!?]$|(?:です|ます|ません|ました|ない|ほしい|欲しい|たい|しい|だ|である|した|する"
    r"|いる|ある|る|った|んだ|よい|良い|いい|ください|下さい|べき)$"
)
_LONGEST_HEADING = 40
_HEAD = 400  # characters; whatever begins a line begins within them
_TAIL = 40  # characters; whatever ends a sentence stands within them
_BY_TURNS = 2  # speakers besides the facilitator, where notes are written turn by turn


@dataclass(frozen=True)
class Line:
    """One line (or paragraph) of notes and what its file says about its style.

    ``record`` is what no one said: the heading of every page, a page number.
    """

    locator: str
    text: str
    style: LineStyle = "plain"


@dataclass(frozen=True)
class _Marked:
    """A line, the mark it begins with, and its text without the mark."""

    line: Line
    mark: str
    text: str


def read_entries(lines: Iterable[Line]) -> tuple[NoteEntry, ...]:
    """Turn lines of notes into entries.

    Parameters
    ----------
    lines
        Lines in their order. Blank ones tell nothing and are left out of the result.

    Returns
    -------
    tuple of NoteEntry
        One a line that says something (a line of signs alone draws a rule); a
        speaker holds until the next speaker or heading. What follows a facilitator
        is the facilitator's only where others speak under their names, too, and
        never in a list: it may be what the residents answered.
    """
    kept = [line for line in lines if line.text.strip()]
    marked = [_mark(line) for line in kept if not _SEPARATOR.match(line.text.strip())]
    by_turns = _is_by_turns(marked)
    entries: list[NoteEntry] = []
    heading = speaker = ""
    recording = False
    for position, item in enumerate(marked):
        role: Role = _role(marked, position)
        if role == "heading":
            heading, speaker = " ".join(item.text.split()), ""
            recording = bool(_RECORD_SECTION.fullmatch(heading))
            entries.append(NoteEntry(item.line.locator, heading, "", item.text, role))
            continue
        said_by, text = ("", item.text) if role == "meta" else _turn(item)
        if said_by:
            speaker, recording = said_by, False
        elif role == "statement" and (item.mark or not by_turns) and leads(speaker, text):
            speaker = ""
        if not text:
            # The name alone on a line: the turn follows.
            entries.append(NoteEntry(item.line.locator, heading, said_by, item.text, "meta"))
            continue
        if recording and role == "statement" and not _SENTENCE_END.search(text):
            role = "meta"
        own = speaker if role == "statement" else ""
        entries.append(spoken(NoteEntry(item.line.locator, heading, own, text, role)))
    return tuple(entries)


def spoken(entry: NoteEntry) -> NoteEntry:
    """Tell a resident's statement from one that leads the meeting."""
    if entry.role == "statement" and leads(entry.speaker, entry.text):
        return replace(entry, role="facilitator")
    return entry


def is_marked(text: str) -> bool:
    """Whether a line begins an entry of its own: bullet, number, heading, label or speaker."""
    stripped = text.strip()
    return bool(
        _mark(Line("", stripped)).mark or _is_record(stripped) or split_speaker(stripped)[0]
    )


def is_record_label(text: str) -> bool:
    """Whether a cell is the label of a record such as 日時 or 出席者."""
    return bool(_META_LABEL.match(text.strip().rstrip("：:")))


def ends_sentence(text: str) -> bool:
    """Whether a line ends as a sentence does, with or without 。."""
    return bool(_SENTENCE_END.search(text.rstrip()[-_TAIL:]))


def _is_by_turns(marked: Sequence[_Marked]) -> bool:
    """Whether several others speak under their names, so that every turn has its own."""
    speakers = {said_by for item in marked if (said_by := _turn(item)[0])}
    return sum(not leads(speaker, speaker) for speaker in speakers) >= _BY_TURNS


def _mark(line: Line) -> _Marked:
    whole = line.text.strip()
    text, rest = whole[:_HEAD], whole[_HEAD:]
    if line.style == "record":
        return _Marked(line, "", whole)
    if (heading := whole if line.style == "heading" else _heading(whole)) is not None:
        return _Marked(line, "heading", heading)
    if found := _SQUARE.match(text):
        return _Marked(line, found["mark"], found["text"] + rest)
    if found := _NUMBERED.match(text):
        return _Marked(line, _number_style(found), found["text"] + rest)
    if (found := _BULLET.match(text)) and not split_speaker(text)[0]:
        return _Marked(line, "bullet", found["text"] + rest)
    return _Marked(line, "bullet" if line.style == "bullet" else "", whole)


def _heading(text: str) -> str | None:
    """Text of a line that can be nothing but a heading."""
    if len(text) > _HEAD:
        return None
    for pattern in (_MARKDOWN_HEADING, _BRACKETED):
        if found := pattern.match(text):
            return found["text"].strip()
    short = len(text) <= _LONGEST_HEADING and not ends_sentence(text)
    return text if short and _CHAPTER.match(text) else None


def _is_record(text: str) -> bool:
    """Whether a line keeps record of the meeting: date, place, who was there."""
    if len(text) <= _HEAD and _META_ALONE.match(text):
        return True
    # 「司会：山田」 is a record, 「司会：始めます。」 a turn of speech; so is 「会場：遠かった。」.
    found = _META.match(text[:_HEAD])
    if found is None:
        return False
    return bool(_DATED.match(text[found.end() - 1 :])) or not ends_sentence(text)


def _number_style(found: re.Match[str]) -> str:
    return next(name for name in ("dot", "paren", "kanji", "circle") if found[name])


def _role(marked: Sequence[_Marked], position: int) -> Role:
    item = marked[position]
    text = item.line.text.strip()
    if item.line.style == "record":
        return "meta"
    if item.mark == "heading":
        return "statement" if split_speaker(f"【{item.text}】")[0] else "heading"
    if _is_record(text):
        return "meta"
    if item.mark in {"", "bullet"}:
        first = position == 0 and not item.mark and len(marked) > 1
        return "heading" if first and _is_title(item) else "statement"
    # ■ and 「1.」 stand before headings and before the items of a list alike:
    # items stand next to their like, headings have something under them.
    neighbours = [*marked[max(0, position - 1) : position], *marked[position + 1 : position + 2]]
    alone = all(other.mark != item.mark for other in neighbours)
    short = len(item.text) <= _LONGEST_HEADING and not ends_sentence(item.text)
    last = position == len(marked) - 1
    return "heading" if alone and short and not last else "statement"


def _is_title(item: _Marked) -> bool:
    short = len(item.text) <= _LONGEST_HEADING and "\n" not in item.text
    return short and not ends_sentence(item.text) and not split_speaker(item.text)[0]


def _turn(item: _Marked) -> tuple[str, str]:
    if item.mark == "heading":
        speaker, text = split_speaker(f"【{item.text}】")
    elif item.mark in {"", "bullet"}:
        speaker, text = split_speaker(item.line.text.strip())
        if not speaker:
            speaker, text = split_speaker(item.text)
    else:
        speaker, text = split_speaker(item.text)
    return (speaker, text) if speaker else ("", item.text)


def with_locator(entries: Iterable[NoteEntry], locator: str) -> tuple[NoteEntry, ...]:
    """Entries of one cell, all at the place of the cell."""
    return tuple(replace(entry, locator=locator) for entry in entries)
