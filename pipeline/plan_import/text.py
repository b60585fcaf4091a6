"""Lines of a plan as they come out of a PDF → text as it was printed. Pure functions.

Glyphs that were printed over each other to look bold come out several times in a
row, kanji come out as radicals, and a line may be broken between any two letters.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.normalize import mend_characters

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_REPEATS: Final = 8
"""Times that one glyph is looked for in a row; printing bold takes two to four."""

_LONGEST_LINE: Final = 400  # letters; longer ones are no headings
_HALF_WIDTH: Final = re.compile(r"[\uff61-\uff9f]+")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_OF_NO_WIDTH: Final = re.compile(r"[\xad\u200b-\u200f\u2060\ufeff]")
_WIDE: Final = r"[\u2010-\u27ff\u2e80-\u9fff\uf900-\ufaff\uff01-\uffe6]"
_LOOSE_SPACE: Final = re.compile(rf"(?<={_WIDE}) (?=[!-~])|(?<=[!-~]) (?={_WIDE})")

_SENTENCE_END: Final = re.compile(
    r"(?:ます|です|ました|ません|ましょう|でした|ください|下さい)[」』）)]?$|[。！？!?][」』）)]?$"
)
_OPEN_END: Final = re.compile(r"[、，,・「『（(はがをにのもへとやでてず]$")
# Nouns in hiragana that end as a particle does.
_NOUN_END: Final = re.compile(r"(?:ども|ひと|びと|こと|もの|ふるさと|きずな|あと|そと)$")
# No Japanese line begins with these: what stood before runs on.
_NEVER_FIRST: Final = re.compile(
    r"[、。，．」』）)】〕》〉・ー々をんっゃゅょぁぃぅぇぉァィゥェォッャュョ]"
    r"|(?:ます|まし[たょ]|ません|です|でし|する|した|して|され|させ|られ|れる|れた|せる)"
)
_PARTICLE_FIRST: Final = re.compile(
    r"(?:に(?!ぎ|こ|っ)|の(?!び|ん|ど|ぞ)|が(?!ん|っ)|は(?!じ|ぐ|た|な|つ)|と(?!も|て|な|ど|き|り)"
    r"|で(?!き|あ|か)|も(?!し|の|っ|う)|へ|や(?!っ|さ|り)|から(?!だ)|まで|など|等|より(?!そ))"
)
_WORD_END: Final = re.compile(r"[0-9A-Za-z]$")
_WORD_START: Final = re.compile(r"[0-9A-Za-z]")
_KANA_WORD: Final = r"[ぁ-ゖァ-ヺー]+"
_PAGE_NUMBER: Final = re.compile(r"[-‐–—―ー~〜・|\s]*(?:[pP]\.? ?)?\d{1,3}[-‐–—―ー~〜・|\s]*")
_CONTENTS_LINE: Final = re.compile(r"(?:[.．…‥・･] ?){3,}\s*\d{1,3}$")

_NOTE: Final = re.compile(r"^(?:※|＊|\*|注[)）：:]|(?:図表?|表|資料|出典)\s*[0-9０-９：:])")


class _Piece(NamedTuple):
    """A piece of a line and how often it stands there in a row."""

    text: str
    repeats: int


def mend_line(text: str) -> str:
    """Mend the characters of one line: radicals, half-width kana, white space, repetitions."""
    text = mend_characters(text)
    text = _HALF_WIDTH.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)
    text = _CONTROL.sub(" ", _OF_NO_WIDTH.sub("", text))
    return collapse_repeats(" ".join(text.split()))


def collapse_repeats(line: str) -> str:
    """Keep one of what was printed several times over.

    「参加促参加促参加促参加促進進進進」 becomes 「参加促進」. A line of which every piece
    stands there equally often is mended as a whole; else, in a line that is no
    sentence, only a long piece and what adjoins it. Reduplications of the language
    (いきいき, ひとつひとつ) and rows of digits or marks stay.

    Notes
    -----
    A second call changes nothing.
    """
    if len(line) > _LONGEST_LINE:
        return line
    while (shorter := _collapsed(line)) != line:
        line = shorter
    return line


def join_lines(parts: Iterable[str]) -> str:
    """Join what was broken at a margin; Latin words get a space between them, 「SNS」 does not."""
    joined = ""
    for part in parts:
        before, after = joined.rstrip(), part.strip()
        latin = bool(_WORD_END.search(before) and _WORD_START.match(after))
        abbreviation = before[-1:].isupper() and after[:1].isupper()
        joined = f"{before} {after}" if latin and not abbreviation else before + after
    return joined


def tidy(text: str) -> str:
    """Leave out the space between Japanese and Latin letters; one between words of Japanese stays."""
    return _LOOSE_SPACE.sub("", " ".join(text.split()))


def ends_sentence(text: str) -> bool:
    """Whether a text ends as a sentence of a plan does."""
    return bool(_SENTENCE_END.search(text))


def runs_on(before: str, after: str, *, full: bool) -> bool:
    """Whether `after` continues `before`, though a line ends between them.

    Parameters
    ----------
    full
        The line reaches the margin, so that it may end anywhere.
    """
    if not before or not after:
        return False
    if ends_sentence(before):
        return bool(re.match(r"[、。，」』）)】ー々]|が、|ので|けれど", after))
    if _NEVER_FIRST.match(after) or has_open_bracket(before):
        return True
    if _OPEN_END.search(before) and not _NOUN_END.search(before):
        return True
    return bool(_PARTICLE_FIRST.match(after)) or full


def has_open_bracket(text: str) -> bool:
    """Whether a bracket is open at the end of a text."""
    pairs = (("「", "」"), ("『", "』"), ("（", "）"), ("(", ")"), ("【", "】"))
    return any(text.count(opening) > text.count(closing) for opening, closing in pairs)


def is_page_number(text: str) -> bool:
    """Whether a line is the number of a page: 「45」, 「- 45 -」."""
    return bool(_PAGE_NUMBER.fullmatch(unicodedata.normalize("NFKC", text)))


def is_contents_line(text: str) -> bool:
    """Whether a line belongs to a table of contents: 「基本目標１ …… 45」."""
    return bool(_CONTENTS_LINE.search(text))


def is_note(text: str) -> bool:
    """Whether a line is a note or the caption of a figure: 「※…」, 「図表3」."""
    return bool(_NOTE.match(text))


def is_ruby(text: str, before: str, after: str) -> bool:
    """Whether a line is the reading of kanji that was printed above or amid its neighbours.

    Parameters
    ----------
    before, after
        The lines around it. A line of hiragana alone (「ます」) is mostly the end of the
        line before; only several groups of them over a line with as many kanji are a reading.
    """
    if re.fullmatch(r"[ァ-ヺー]{3,}", text):
        inside = bool(_NEVER_FIRST.match(after) or _PARTICLE_FIRST.match(after))
        return inside and bool(before) and not before.endswith("。")
    groups = text.split()
    if len(groups) < 2 or not all(re.fullmatch(_KANA_WORD, group) for group in groups):
        return False
    n_kanji = len(re.findall(r"[一-龠々]", after)) or len(re.findall(r"[一-龠々]", before))
    return n_kanji <= len("".join(groups)) <= 3 * n_kanji and not ends_sentence(text)


def _collapsed(line: str) -> str:
    for repeats in range(MOST_REPEATS, 1, -1):
        pieces = _pieces(line, repeats)
        whole = all(piece.repeats > 1 or piece.text == " " for piece in pieces)
        if pieces and whole and _is_overprint(pieces, repeats):
            return "".join(piece.text for piece in pieces)
    if ends_sentence(line):
        return line
    found = [
        _mended_runs(_pieces(line, repeats), repeats) for repeats in range(MOST_REPEATS, 1, -1)
    ]
    return min([*found, line], key=len)


def _pieces(line: str, repeats: int) -> list[_Piece]:
    """Cut a line so that as little as possible does not stand `repeats` times in a row."""
    # best[i]: (letters that are not repeated, pieces, length of the first piece, repeated)
    best: list[tuple[int, int, int, int]] = [(0, 0, 0, 0)] * (len(line) + 1)
    for start in range(len(line) - 1, -1, -1):
        alone, n_pieces, _, _ = best[start + 1]
        best[start] = (alone + (line[start] != " "), n_pieces + 1, 1, 1)
        for length in range(1, (len(line) - start) // repeats + 1):
            piece = line[start : start + length]
            if not piece.isspace() and line.startswith(piece * repeats, start):
                alone, n_pieces, _, _ = best[start + length * repeats]
                best[start] = min(best[start], (alone, n_pieces + 1, length, repeats))
    pieces, place = [], 0
    while place < len(line):
        _, _, length, times = best[place]
        pieces.append(_Piece(line[place : place + length], times))
        place += length * times
    return pieces


def _is_overprint(pieces: list[_Piece], repeats: int) -> bool:
    """Whether a line that is repeated throughout was printed so: 「いきいき わくわく」 was not."""
    letters = {letter for piece in pieces for letter in piece.text if letter.isalpha()}
    if len(letters) < 2:
        return False
    lengths = [len(piece.text) for piece in pieces if piece.text != " "]
    if repeats > 2:
        return True
    return max(lengths) >= 4 or (len(lengths) >= 4 and lengths.count(1) * 4 >= len(lengths) * 3)


def _mended_runs(pieces: list[_Piece], repeats: int) -> str:
    """Mend the rows of repeated pieces that hold a long one; leave everything else."""
    longest = 3 if repeats > 2 else 6
    rows: list[list[_Piece]] = []
    for piece in pieces:
        joins = bool(rows) and (piece.repeats > 1) == (rows[-1][-1].repeats > 1)
        if joins:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    mended = []
    for row in rows:
        sure = any(
            piece.repeats > 1
            and len(piece.text) >= longest
            and len({letter for letter in piece.text if letter.isalpha()}) > 1
            for piece in row
        )
        for piece in row:
            # Twice the same letter is ordinary (いい); a letter three times in a row is not.
            own = sure and (repeats > 2 or len(piece.text) >= longest)
            mended.append(piece.text if own else piece.text * piece.repeats)
    return "".join(mended)
