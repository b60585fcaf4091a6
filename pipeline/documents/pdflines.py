"""Lines of a PDF → lines of notes: edges of pages told apart, wrapped lines joined."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.documents.notes import Line, ends_sentence, is_marked
from pipeline.documents.pdfblocks import Place, follows
from pipeline.documents.plaintext import wrapped_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from pipeline.documents.notes import LineStyle
    from pipeline.documents.pdfblocks import PageBlocks

_PAGE_NUMBER: Final = re.compile(
    r"[\s\-‐−–—―・()（）<>〈〉]*+(?:p\.?|page|ページ|第)?\s*[0-9０-９]{1,4}\s*(?:ページ|頁)?"
    r"(?:\s*[/／]\s*[0-9０-９]{1,4}\s*(?:ページ|頁)?)?[\s\-‐−–—―・()（）<>〈〉]*",
    re.IGNORECASE,
)
_EDGE: Final = 0.1  # share of the height above and below which page numbers stand
_BULLETS: Final = tuple("・●○◯〇■□◆◇•*-")  # short voices of a list repeat, too
_SAME_HEIGHT: Final = 3.0  # points
_SOME: Final = 2  # pages on which the heading of pages stands, at the same height
_LONGEST_EDGE: Final = 60  # letters
_FULL: Final = 1.6  # of the letter size: what line breaking rules leave free
_MARGIN: Final = 3.0
_PITCH: Final = 1.3  # of the letter size: the most that is free between lines of a paragraph
_INDENT: Final = 0.7
_SHORTEST: Final = 8  # of the letter size: the narrowest column in which lines are wrapped
_WIDE: Final = 20
_LARGER: Final = 1.12  # than the letters of the text: a heading
_LONGEST_HEADING: Final = 40
_OPEN_END: Final = re.compile(r"[、，,]$")
_NO_BEGINNING: Final = re.compile(r"[、。，．」』）)ーっゃゅょッャュョぁぃぅぇぉァィゥェォ・々]")
_CLOSED_END: Final = re.compile(r"[。！？!?」』）)]$")


class _Column(NamedTuple):
    """What the lines of a column have in common.

    ``n_full`` lines reach its right edge; ``punctuated``: most of the others end with 。;
    ``wrapped``: most of the full ones end inside a sentence.
    """

    left: float
    right: float
    n_full: int
    punctuated: bool
    wrapped: bool


def edges_of_pages(pages: Sequence[PageBlocks]) -> set[tuple[int, int]]:
    """Page numbers and what stands at the same height of several pages: (page, number)."""
    found: set[tuple[int, int]] = set()
    repeated: dict[tuple[str, int], set[tuple[int, int]]] = defaultdict(set)
    for page in pages:
        places = [block for block in page.blocks if isinstance(block, Place)]
        for place in places:
            piece = place.piece
            if _EDGE * page.height < piece.top and piece.bottom < (1 - _EDGE) * page.height:
                continue
            key = (place.page, place.number)
            if _PAGE_NUMBER.fullmatch(piece.text) and _is_outermost(place, places):
                found.add(key)
            elif len(piece.text) <= _LONGEST_EDGE and not piece.text.startswith(_BULLETS):
                pattern = re.sub(r"[0-9０-９]+", "0", piece.text)
                height = round(piece.top / _SAME_HEIGHT)
                for near in (height - 1, height, height + 1):
                    repeated[pattern, near].add(key)
    for keys in repeated.values():
        if len({page for page, _ in keys}) >= _SOME:
            found |= keys
    return found


def note_lines(
    places: Sequence[Place], pages: Mapping[int, PageBlocks], edges: set[tuple[int, int]]
) -> list[Line]:
    """Lines of notes: one a paragraph, where it begins; edges of pages stand where they are."""
    usual = _usual_size(pages.values())
    written = [place for place in places if (place.page, place.number) not in edges]
    columns = _columns(written)
    by_hand = _wrapped_by_hand(written)
    lines: list[Line] = []
    before: Place | None = None
    target = 0  # the line that the text runs on in, past the edges of pages
    for place in places:
        locator = f"{place.page}ページ {place.number}行目"
        text = place.piece.text
        if (place.page, place.number) in edges:
            lines.append(Line(locator, text, "record"))
            continue
        if before is not None and _runs_on(before, place, columns, pages, by_hand):
            own = lines[target]
            whole = follows(own.text, text)
            lines[target] = Line(own.locator, whole, own.style if _is_short(whole) else "plain")
        else:
            target = len(lines)
            lines.append(Line(locator, text, _style(place, usual)))
        before = place
    return lines


def _is_outermost(place: Place, places: Sequence[Place]) -> bool:
    tops = [other.piece.top for other in places]
    return place.piece.top in {min(tops), max(tops)}


def _usual_size(pages: Iterable[PageBlocks]) -> float:
    sizes: Counter[float] = Counter()
    for page in pages:
        sizes.update(page.sizes)
    return max(sizes, key=lambda size: (sizes[size], -size)) if sizes else 0.0


def _style(place: Place, usual: float) -> LineStyle:
    piece = place.piece
    large = piece.size >= _LARGER * usual
    marked = is_marked(piece.text)
    return "heading" if large and _is_short(piece.text) and not marked else "plain"


def _is_short(text: str) -> bool:
    return len(text) <= _LONGEST_HEADING and not ends_sentence(text)


def _wrapped_by_hand(places: Sequence[Place]) -> set[tuple[int, int]]:
    """Lines that run on as in a text file: about as long as the longest of their block."""
    blocks: list[list[Place]] = []
    for place in places:
        goes_on = (
            blocks
            and _is_under(place, blocks[-1][-1])
            and place.piece.top - blocks[-1][-1].piece.bottom <= _PITCH * place.piece.size
            and not is_marked(place.piece.text)
        )
        if goes_on:
            blocks[-1].append(place)
        else:
            blocks.append([place])
    found: set[tuple[int, int]] = set()
    for block in blocks:
        lines = {Line(str(own.number), own.piece.text): own for own in block}
        found |= {(lines[one].page, lines[one].number) for one in wrapped_lines(list(lines))}
    return found


def _columns(places: Sequence[Place]) -> dict[tuple[int, int], _Column]:
    """Column of every line: those that stand above and below it."""
    found: dict[tuple[int, int], _Column] = {}
    run: list[Place] = []

    def close() -> None:
        if run:
            column = _column(run)
            found.update({(place.page, place.number): column for place in run})
            run.clear()

    for place in places:
        if run and not _is_under(place, run[-1]):
            close()
        run.append(place)
    close()
    return found


def _column(places: Sequence[Place]) -> _Column:
    pieces = [place.piece for place in places]
    right = max(piece.x1 for piece in pieces)
    full = [piece for piece in pieces if piece.x1 >= right - _FULL * piece.size]
    short = [piece for piece in pieces if piece.x1 < right - _FULL * piece.size]
    stopped = sum(piece.text.endswith(("。", "」")) for piece in short)
    open_ends = sum(not ends_sentence(piece.text) for piece in full)
    return _Column(
        left=min(piece.x0 for piece in pieces),
        right=right,
        n_full=len(full),
        punctuated=2 * stopped > len(short),
        wrapped=len(full) > 1 and 2 * open_ends >= len(full),
    )


def _is_under(place: Place, above: Place) -> bool:
    one, other = place.piece, above.piece
    return (
        place.page == above.page
        and one.top > other.top
        and min(one.x1, other.x1) > max(one.x0, other.x0)
    )


def _runs_on(
    before: Place,
    place: Place,
    columns: Mapping[tuple[int, int], _Column],
    pages: Mapping[int, PageBlocks],
    by_hand: AbstractSet[tuple[int, int]],
) -> bool:
    """Whether a line goes on in the next one, because it was full."""
    one, other = before.piece, place.piece
    column, next_column = (columns[own.page, own.number] for own in (before, place))
    beside = next_column is column
    if is_marked(other.text) or abs(one.size - other.size) > (_LARGER - 1) * one.size:
        return False
    if beside and other.top - one.bottom > _PITCH * one.size:
        return False
    indented = other.x0 > next_column.left + _INDENT * other.size and not is_marked(one.text)
    if indented or _CLOSED_END.search(one.text[-1:]):
        return False
    by_sign = _OPEN_END.search(one.text[-1:]) or _NO_BEGINNING.match(other.text)
    if by_sign or (before.page, before.number) in by_hand:
        return True
    width = one.x1 - one.x0
    if one.x1 < column.right - _FULL * one.size or width < _SHORTEST * one.size:
        return False
    page = pages[before.page]
    to_margin = column.right >= page.width - column.left - _MARGIN * one.size
    if column.n_full == 1 and not (to_margin and width >= _WIDE * one.size):
        return False
    # 「…ない」 may be a sentence's end or its middle. Where others end with 。, it is none.
    ends = ends_sentence(one.text)
    return not ends or column.punctuated or (beside and column.wrapped)
