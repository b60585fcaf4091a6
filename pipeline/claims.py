"""One answer to its claims: lines, bullets, sentences, as spans of the raw text.

A claim is a slice; nothing is rewritten. What lies between two claims is white
space, list marks and symbols, never words.
"""

from __future__ import annotations

import math
import re
import unicodedata
from itertools import pairwise
from typing import Final

from pipeline.normalize import PLAIN, fold

Span = tuple[int, int]

_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳❶❷❸❹❺❻❼❽❾❿"
_LIST_MARK: Final = re.compile(
    rf"""[\s　]*(?:
        (?!([●○◯〇△▲□■×])\1)(?![-−－+＋][0-9０-９])                # not ○○小学校, not -5度
        [・･·•‣◦●○◯◎■□◆◇▲△▼▽★☆※→⇒➡►▶✓✔✕＊*+＋‐–—―−－-]+      # symbols
      | [{_CIRCLED}][.．、,)）]?                                   # ① ②
      | [（(][0-9０-９一二三四五六七八九十ァ-ンa-zA-Zａ-ｚＡ-Ｚ]{{1,2}}[）)]  # (1) （ア）
      | [0-9０-９]{{1,2}}[.．、:：)）](?![0-9０-９])                # 1. １）
      | [ァ-ン][.．)）](?=\S)                                      # ア．
    )[\s　]*""",
    re.VERBOSE,
)
_INLINE_MARK: Final = re.compile(f"[{_CIRCLED}]")
_COUNTS: Final = (
    "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "❶❷❸❹❺❻❼❽❾❿",
    "一二三四五六七八九十",
    "アイウエオカキクケコ",
)
_COUNTED: Final = re.compile(
    rf"(?P<before>\(?)(?P<own>[{_CIRCLED}]|[0-9]{{1,2}}|[一二三四五六七八九十ァ-ンa-zA-Z])(?P<after>[.、:)]?)"
)
# 「①費用、②人手の二つ」 counts inside a sentence.
_IN_A_SENTENCE: Final = tuple("、，,・はがをにのとも")
_LINE_BREAK: Final = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
# The look behind keeps a long row of full stops from being tried from each of them.
_END_OF_SENTENCE: Final = re.compile(r"[。．｡！？!?‼⁉]+|(?<!\.)\.+(?![\w.])")
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)[\x21-\x7e]+", re.IGNORECASE)
_QUOTED_ON: Final = re.compile(
    r"[\s　]*(?:と(?!て|こ|き|ても|に)|って|っていう|という|とか|など|なんて|の(?=は|が|を|に|よう)|です|だ|、|，|,)"
)
# A line that ends like this goes on in the next one.
_GOES_ON: Final = re.compile(
    r"(?:[、，,]|[がをにへでやのは]|(?<![こそもる])と|(?:から|まで|より|として|について|という|ため))[\s　]*$"
)
# Standing alone, these belong to what was said before.
_LEFTOVERS: Final = frozenset(
    [
        "から", "ため", "ので", "けど", "です", "ます", "など", "等", "また", "が", "し", "て", "と", "笑", "w",
        "と思います", "と思う", "と考えます", "と考える", "と感じます", "と感じる", "とのこと",
    ]
)  # fmt: skip
# A line that begins like this ends the one before.
_CAME_FROM: Final = re.compile(
    r"[\s　]*(?:ほし[いく]|欲し[いく]|くださ[いる]|下さ[いる]|い(?:ます|ました|ません|る|ない)(?![一-鿿])|ま(?:す|した|せん)|です|でした"
    r"|まで|から|など|という|といった|ため|ので|けど)"
)
_OPENING: Final = "「『（(【〔［[〈《“｢"
_CLOSING: Final = "」』）)】〕］]〉》”｣"
_LONGEST_BRACKET: Final = 300
_WRAPPED_WIDTH: Final = 20
# What follows says at little cost that there is nothing to do: so it is with most answers.
_SOME_WORDS: Final = re.compile(f"[{PLAIN}]{{{max(map(len, _LEFTOVERS)) + 1}}}")
"""What has these is no leftover and no mere symbol: each of them is a letter of its key."""

_MAY_ENCLOSE: Final = re.compile(rf"[{re.escape(_CLOSING)}]|https?://|www\.", re.IGNORECASE)
_ONE_SENTENCE: Final = re.compile(f"[^。．｡！？!?‼⁉.{_CIRCLED}]*+[。．｡！？!?‼⁉]*+")
_LINE_END: Final = 30
"""Characters at the end of a line that say whether it goes on."""


def split_claims(text: str) -> list[Span]:
    """Spans of the claims of an answer, in order.

    Parameters
    ----------
    text
        Raw text of an answer.

    Returns
    -------
    list of (start, end)
        ``text[start:end]`` is a claim without the white space and list mark
        before it; a mark stays where the claim goes on counting from it
        (「①費用、②人手の二つ」). A text of symbols only has none.

    Notes
    -----
    Breaks are: a new line (unless the line clearly goes on, or the whole answer
    was wrapped at a fixed width), a list mark at the head of a line, ① ② …
    anywhere, and the end of a sentence outside brackets (unless a particle takes
    the sentence up: 「変わるの？と思う」).
    """
    claims: list[Span] = []
    for start, end in _logical_lines(text):
        for piece_start, piece_end in _sentences(text, start, end):
            first = _skip_list_mark(text, piece_start, piece_end)
            last = piece_end
            while last > first and text[last - 1].isspace():
                last -= 1
            if _SOME_WORDS.search(text, first, last):
                claims.append((first, last))
                continue
            key = fold(text[first:last])
            if key in _LEFTOVERS and claims:
                claims[-1] = (claims[-1][0], last)
            elif key:
                claims.append((first, last))
    return claims


def _logical_lines(text: str) -> list[Span]:
    """Lines, those joined that were only broken by a margin."""
    if not _LINE_BREAK.search(text):
        return [(0, len(text))] if text else []
    bounds = [0, *(match.end() for match in _LINE_BREAK.finditer(text)), len(text)]
    lines = [(start, end) for start, end in pairwise(bounds) if start < end]
    stripped = [text[start:end].strip() for start, end in lines]
    wrapped = _is_wrapped(stripped)
    margin = _margin(stripped)
    joined: list[Span] = []
    for start, end in lines:
        if joined and text[start:end].strip() and not _LIST_MARK.match(text, start, end):
            before = text[max(joined[-1][0], start - _LINE_END) : start].rstrip()
            ended = bool(re.search(r"[。．｡！？!?」』）)]$", before))
            at_margin = len(before.rsplit("\n", 1)[-1]) >= margin
            goes_on = _GOES_ON.search(before) or _CAME_FROM.match(text, start, end)
            if before and not ended and (wrapped or at_margin or goes_on):
                joined[-1] = (joined[-1][0], end)
                continue
        joined.append((start, end))
    return joined


def _is_wrapped(lines: list[str]) -> bool:
    """Whether lines end at a margin: three or more, all but the last about equally long."""
    body = [len(line) for line in lines[:-1] if line]
    return len(body) >= 2 and min(body) >= _WRAPPED_WIDTH and max(body) - min(body) <= 2


def _margin(lines: list[str]) -> float:
    """Length from which a line without an end was broken by a margin.

    Only where the writer ends sentences with 。: there, a long line without one
    goes on. Elsewhere every line may be a claim of its own.
    """
    if not any("。" in line for line in lines):
        return math.inf
    return max(_WRAPPED_WIDTH, 0.8 * max(len(line) for line in lines))


def _sentences(text: str, start: int, end: int) -> list[Span]:
    if _ONE_SENTENCE.fullmatch(text, start, end):
        return [(start, end)]
    enclosing = _MAY_ENCLOSE.search(text, start, end)
    inside = _inside_brackets(text, start, end) if enclosing else [False] * (end - start)
    cuts = [
        match.start()
        for match in _INLINE_MARK.finditer(text, start, end)
        if not inside[match.start() - start]
        and text[max(start, match.start() - 3) : match.start()].rstrip()[-1:] not in _IN_A_SENTENCE
    ]
    # The full stop of 「1. 」 ends no sentence.
    mark = _LIST_MARK.match(text, start, end)
    for match in _END_OF_SENTENCE.finditer(text, mark.end() if mark else start, end):
        if inside[match.start() - start] or _is_decimal(text, match.start()):
            continue
        asked = match.group()[-1] not in "。．｡."
        if asked and _QUOTED_ON.match(text, match.end(), end):
            continue
        cuts.append(_after_closing(text, match.end(), end))
    edges = [start, *sorted(cut for cut in set(cuts) if start < cut < end), end]
    return list(pairwise(edges))


def _inside_brackets(text: str, start: int, end: int) -> list[bool]:
    """For every character whether it stands in a web address or a bracket that is closed again."""
    inside = [False] * (end - start)
    for match in _ADDRESS.finditer(text, start, end):
        inside[match.start() - start : match.end() - start] = [True] * len(match.group())
    opened: list[tuple[int, int]] = []
    for position in range(start, end):
        if (kind := _OPENING.find(text[position])) >= 0:
            opened.append((kind, position))
        elif (kind := _CLOSING.find(text[position])) >= 0:
            for depth in range(len(opened) - 1, -1, -1):
                first = opened[depth][1]
                if position - first > _LONGEST_BRACKET:
                    break
                if opened[depth][0] == kind:
                    inside[first - start : position - start] = [True] * (position - first)
                    del opened[depth:]
                    break
    return inside


def _is_decimal(text: str, position: int) -> bool:
    return (
        text[position] in ".．"
        and 0 < position < len(text) - 1
        and text[position - 1].isdigit()
        and text[position + 1].isdigit()
    )


def _after_closing(text: str, position: int, end: int) -> int:
    """Closing brackets, faces and marks behind a sentence belong to it."""
    while position < end and (text[position] in _CLOSING or text[position] in "♪☆★…"):
        position += 1
    return position


def _skip_list_mark(text: str, start: int, end: int) -> int:
    match = _LIST_MARK.match(text, start, end)
    first = match.end() if match and fold(text[match.end() : end]) else start
    if match and first > start and _counts_on(match.group().strip(), text[first:end]):
        first = start
    while first < end and text[first].isspace():
        first += 1
    return first


def _counts_on(mark: str, rest: str) -> bool:
    """Whether a claim goes on counting what its list mark began: 「①費用、②人手の二つ」.

    Without its ① such a claim would read as if a word were missing.
    """
    counted = _COUNTED.fullmatch(_narrow(mark))
    following = _next_count(counted["own"]) if counted else ""
    if not counted or not following:
        return False
    around = ("", "") if following in _CIRCLED else (counted["before"], counted["after"])
    wanted = re.escape(following.join(around))
    # 「2.」 of 「2.5」 counts nothing, and with nothing behind it it begins the next claim.
    found = re.search(
        rf"(?<![0-9a-zA-Zァ-ン]){wanted}(?![0-9])(?P<more>.*)", _narrow(rest), re.DOTALL
    )
    return bool(found and fold(found["more"]))


def _narrow(text: str) -> str:
    """Text with narrow figures, letters and brackets, circled ones as they are."""
    return "".join(own if own in _CIRCLED else unicodedata.normalize("NFKC", own) for own in text)


def _next_count(own: str) -> str:
    """What comes next in counting; empty for nothing."""
    if own.isdecimal():
        return str(int(own) + 1)
    for row in _COUNTS:
        if own in row:
            return row[row.index(own) + 1 :][:1]
    return chr(ord(own) + 1) if own.isascii() and own not in "zZ" else ""
