"""Text of a Word element: what a reader of the page sees, tracked changes accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from docx.oxml.ns import qn

from pipeline.documents.signs import NO_LETTER, is_sign, sign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.oxml.xmlchemy import BaseOxmlElement

TEXT_BOX: Final = qn("w:txbxContent")
FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
ELSEWHERE: Final = {TEXT_BOX, FALLBACK, qn("w:moveFrom"), qn("w:del")}
"""What is read elsewhere (text boxes), a second time (their fallback), or no longer there."""
TRANSPARENT: Final = {
    qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml"), qn("w:moveTo"),
    qn("w:smartTag"),
}  # fmt: skip
"""What may stand between a body and its paragraphs, a table and its rows."""

_BREAKS: Final = {
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:tab"): "\t",
    qn("w:ptab"): "\t",
    qn("w:noBreakHyphen"): "-",
}
_MATH_TEXT: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_TEXTS: Final = {qn("w:t"), _MATH_TEXT}


def text_of(element: BaseOxmlElement) -> str:
    """Text of a paragraph or run.

    Insertions are read, deletions are not; text boxes are read by themselves;
    readings (ruby) and the instructions of fields are no text.
    """
    parts: list[str] = []

    def walk(node: BaseOxmlElement) -> None:
        for child in node:
            if child.tag in _TEXTS:
                parts.append(child.text or "")
            elif child.tag in _BREAKS and node.tag == qn("w:r"):
                parts.append(_BREAKS[child.tag])
            elif child.tag == qn("w:sym"):
                parts.append(_sign(child))
            elif child.tag not in ELSEWHERE and child.tag not in {qn("w:rt"), qn("w:pPr")}:
                walk(child)

    walk(element)
    return "".join(parts)


def paragraphs_of(element: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """Paragraphs of a cell, a text box or a note; text boxes and tables inside come apart."""
    for child in element:
        if child.tag == qn("w:p"):
            yield child
        elif child.tag not in ELSEWHERE and child.tag != qn("w:tbl"):
            yield from paragraphs_of(child)


def joined_paragraphs(paragraphs: Iterator[BaseOxmlElement]) -> Iterator[str]:
    """Texts of paragraphs; where the mark between two was deleted, they are one."""
    open_text = ""
    for paragraph in paragraphs:
        text = open_text + text_of(paragraph)
        open_text = ""
        if mark_is_deleted(paragraph):
            open_text = text
        else:
            yield text
    if open_text:
        yield open_text


def mark_is_deleted(paragraph: BaseOxmlElement) -> bool:
    """Whether a tracked change joins a paragraph with the next one."""
    path = f"{qn('w:pPr')}/{qn('w:rPr')}"
    properties = paragraph.find(path)
    if properties is None:
        return False
    return any(properties.find(tag) is not None for tag in (qn("w:del"), qn("w:moveFrom")))


def inside(element: BaseOxmlElement, tag: str) -> Iterator[BaseOxmlElement]:
    """Rows of a table or cells of a row, also those inside content controls."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in TRANSPARENT:
            yield from inside(child, tag)


def _sign(element: BaseOxmlElement) -> str:
    try:
        code = int(element.get(qn("w:char"), ""), 16)
    except ValueError:
        return NO_LETTER
    if is_sign(code):
        return sign(code)
    return chr(code) if 0x20 <= code < 0xD800 else NO_LETTER
