"""What of a Word document is not read, or should be looked at, with its number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from lxml import etree

from pipeline.documents.model import Remark
from pipeline.documents.wordtext import FALLBACK, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document as WordDocument
    from docx.oxml.xmlchemy import BaseOxmlElement

_SAID: Final = {
    "deleted": ("変更履歴で消された文字が{}か所あります。読んでいません。", True),
    "inserted": (
        "変更履歴で加えられた文字が{}か所あります。加えたあとの文として読みました。",
        False,
    ),
    "hidden": (
        "隠し文字が{}か所あります。読みました。意見でなければ、Word で消してください。",
        True,
    ),
    "comments": (
        "コメント（吹き出し）が{}件あります。確認した人の言葉と見て、読んでいません。",
        True,
    ),
    "pictures": ("画像が{}個あります。画像の中の文字は読んでいません。", True),
    "objects": ("埋め込まれた表やファイルが{}個あります。読んでいません。", True),
    "others": (
        "ほかの文書の差し込みが{}か所あります。読んでいません。Word で開き、.docx で保存し直すと読めます。",
        True,
    ),
    "shapes": (
        "図表（SmartArt・グラフ・ワードアート）が{}個あります。中の文字は読んでいません。",
        True,
    ),
}
"""What is said of each kind of thing, and whether a person should look."""

_DELETED: Final = qn("w:delText")
_PICTURES: Final = {
    "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic",
    "{urn:schemas-microsoft-com:vml}imagedata",
}
_TEXT_ART: Final = "{urn:schemas-microsoft-com:vml}textpath"
_PLACES: Final = {"header": "ヘッダー", "footer": "フッター"}
_SHAPES: Final = ("diagramData", "chart")
_RELATIONSHIPS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_SHOWN: Final = 20  # characters


def word_remarks(document: WordDocument) -> tuple[Remark, ...]:
    """Say what is not read of a document: deletions, comments, headers, pictures and the like."""
    seen = list(_elements(document.element.body))
    tags = [str(element.tag) for element in seen]
    counts = {
        "deleted": sum(bool((one.text or "").strip()) for one in seen if one.tag == _DELETED),
        "inserted": sum(tag in {qn("w:ins"), qn("w:moveTo")} for tag in tags),
        "hidden": sum(map(_is_hidden, seen)),
        "comments": sum(bool(text.strip()) for text in _comments(document)),
        "pictures": sum(tag in _PICTURES for tag in tags),
        "objects": tags.count(qn("w:object")),
        "others": sum(tag in {qn("w:altChunk"), qn("w:subDoc")} for tag in tags),
        "shapes": sum(bool(one.get("string", "").strip()) for one in seen if one.tag == _TEXT_ART)
        + sum(
            any(relation.reltype.endswith(f"/{kind}") for kind in _SHAPES)
            for relation in document.part.rels.values()
        ),
    }
    found = tuple(
        Remark("", text.format(counts[kind]), doubt)
        for kind, (text, doubt) in _SAID.items()
        if counts[kind]
    )
    return (*found, *_page_edges(document))


def _elements(body: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """Elements of the body, without those that only old programs read."""
    walk = etree.iterwalk(body, events=("start",))
    for _, element in walk:
        if element.tag == FALLBACK:
            walk.skip_subtree()
        elif isinstance(element.tag, str):
            yield element


def _is_hidden(element: BaseOxmlElement) -> bool:
    """Whether a run has letters that Word neither shows nor prints."""
    if element.tag != qn("w:r"):
        return False
    hidden = element.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    if hidden is None or hidden.get(qn("w:val"), "1") in {"0", "false", "off"}:
        return False
    return bool(text_of(element).strip())


def _comments(document: WordDocument) -> Iterator[str]:
    for root in _parts(document, RELATIONSHIP_TYPE.COMMENTS):
        for comment in root.iter(qn("w:comment")):
            yield text_of(comment)


def _page_edges(document: WordDocument) -> Iterator[Remark]:
    """Headers and footers: they stand on every page and are no one's voice."""
    for kind, name in _PLACES.items():
        texts = [
            " ".join(text_of(root).split()) for root in _parts(document, f"{_RELATIONSHIPS}{kind}")
        ]
        if shown := next((text for text in texts if text), ""):
            more = "…" if len(shown) > _SHOWN else ""
            yield Remark(
                "", f"{name}の文字（「{shown[:_SHOWN]}{more}」）は読んでいません。", doubt=False
            )


def _parts(document: WordDocument, kind: str) -> Iterator[BaseOxmlElement]:
    for _, relation in sorted(document.part.rels.items()):
        if relation.reltype == kind and not relation.is_external:
            yield parse_xml(relation.target_part.blob)
