"""Styles of the papers: real Word styles, so that a town can give them its own look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

if TYPE_CHECKING:
    from docx.document import Document

FONT: Final = "游ゴシック"
FALLBACKS: Final = "Yu Gothic,ＭＳ ゴシック,MS Gothic,Noto Sans CJK JP"
"""What Word takes where the font is not installed; nothing is embedded."""

BODY: Final = "Normal"
TITLE: Final = "Title"
FOOTER: Final = "Footer"
TABLE: Final = "KadaiTable"
CELL: Final = "表の文字"
HEAD: Final = "表の見出し"
FIGURE: Final = "表の数"
SMALL: Final = "表の小さい文字"
VOICE: Final = "声"
BAND: Final = "表の中の題"
NOTE: Final = "注"
AFTER_TABLE: Final = "表の後ろ"

_INK: Final = RGBColor(0x1F, 0x24, 0x2B)
_SOFT: Final = RGBColor(0x55, 0x5B, 0x63)
_BLUE: Final = RGBColor(0x1B, 0x4A, 0x78)
_KEPT: Final = {"Normal", "Title", "Subtitle", "Heading 1", "Heading 2", "Heading 3", "Footer",
                "Header", "Default Paragraph Font", "Normal Table", "No List"}  # fmt: skip


def set_up_styles(document: Document) -> None:
    """Put our own styles in the place of the template's."""
    styles = document.styles
    for own in list(styles):
        if own.name not in _KEPT:
            own.delete()
            continue
        for link in own.element.findall(qn("w:link")):
            own.element.remove(link)  # to a style that is gone
    _defaults(document)
    _paragraph(styles[BODY], 10.5, line=17, before=2, after=4)
    _paragraph(styles[TITLE], 22, line=32, after=0, bold=True, colour=_BLUE)
    _paragraph(styles["Subtitle"], 12, line=20, after=8, colour=_SOFT)
    _paragraph(styles["Heading 1"], 16, line=24, before=10, after=5, bold=True, colour=_BLUE)
    _paragraph(styles["Heading 2"], 12.5, line=20, before=8, after=3, bold=True, colour=_BLUE)
    _paragraph(styles["Heading 3"], 11, line=18, before=6, after=2, bold=True)
    for name in ("Heading 1", "Heading 2", "Heading 3"):
        styles[name].paragraph_format.keep_with_next = True
        styles[name].next_paragraph_style = styles[BODY]
    _paragraph(_new(document, CELL), 9, line=13.5)
    _paragraph(_new(document, HEAD), 9, line=13.5, bold=True, keep=True)
    _paragraph(_new(document, FIGURE), 9, line=13.5)
    styles[FIGURE].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _paragraph(_new(document, SMALL), 8, line=11.5, colour=_SOFT)
    _paragraph(_new(document, VOICE), 9, line=13.5, before=2)
    _paragraph(_new(document, BAND), 9, line=13.5, bold=True, keep=True, colour=_BLUE)
    _paragraph(_new(document, NOTE), 9, line=14, before=4, after=4, colour=_SOFT)
    _paragraph(_new(document, AFTER_TABLE), 1, line=1)
    foot = styles[FOOTER]
    _paragraph(foot, 8.5, line=13, colour=_SOFT)
    foot.paragraph_format.tab_stops.clear_all()
    foot.paragraph_format.tab_stops.add_tab_stop(Mm(267), WD_TAB_ALIGNMENT.RIGHT)
    styles.element.append(_table_style())


def _new(document: Document, name: str) -> Any:  # noqa: ANN401 - python-docx is not typed
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.element.set(qn("w:styleId"), name)
    style.base_style = document.styles[BODY]
    style.quick_style = True
    return style


def _paragraph(
    style: Any,  # noqa: ANN401 - python-docx is not typed
    size: float,
    *,
    line: float,
    before: float = 0,
    after: float = 0,
    bold: bool = False,
    keep: bool = False,
    colour: RGBColor = _INK,
) -> None:
    """Set a style; sizes and distances in points.

    Lines have an exact height: Yu Gothic would take nearly two lines for one.
    """
    font, shape = style.font, style.paragraph_format
    for border in style.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)
    properties = style.element.get_or_add_rPr()
    for child in list(properties):
        properties.remove(child)
    _set_fonts(properties)
    font.size, font.bold, font.italic, font.color.rgb = Pt(size), bold, False, colour
    shape.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    shape.line_spacing = Pt(line)
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    if keep:
        shape.keep_with_next = True


def _set_fonts(properties: Any) -> None:  # noqa: ANN401 - lxml is not typed
    fonts = OxmlElement("w:rFonts")
    for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{kind}"), FONT)
    properties.insert(0, fonts)


def _defaults(document: Document) -> None:
    """Language and font of all text, and what stands in for the font."""
    default = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for child in list(default):
        default.remove(child)
    _set_fonts(default)
    size, language = OxmlElement("w:sz"), OxmlElement("w:lang")
    size.set(qn("w:val"), "21")
    language.set(qn("w:val"), "ja-JP")
    language.set(qn("w:eastAsia"), "ja-JP")
    default.extend([size, language])
    settings = document.settings.element
    for own in settings.iter(qn("w:compatSetting")):
        if own.get(qn("w:name")) == "compatibilityMode":
            own.set(qn("w:val"), "15")  # as Word writes it today; older ones open "compatible"
    theme = settings.find(qn("w:themeFontLang"))
    theme.set(qn("w:val"), "ja-JP")
    for part in document.part.package.iter_parts():
        if str(part.partname) == "/word/fontTable.xml":
            part._blob = _FONT_TABLE.encode()  # noqa: SLF001 - no public name


def _table_style() -> Any:  # noqa: ANN401 - lxml is not typed
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="8C939B"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    return parse_xml(
        f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="{TABLE}">'
        '<w:name w:val="課題の表"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/>'
        "<w:qFormat/><w:tblPr>"
        f"<w:tblBorders>{sides}</w:tblBorders><w:tblCellMar>"
        '<w:top w:w="45" w:type="dxa"/><w:left w:w="85" w:type="dxa"/>'
        '<w:bottom w:w="45" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        '<w:tblStylePr w:type="firstRow"><w:tcPr>'
        '<w:shd w:val="clear" w:color="auto" w:fill="E3ECF3"/><w:vAlign w:val="center"/>'
        "</w:tcPr></w:tblStylePr></w:style>"
    )


_FONT_TABLE: Final = (
    "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
    f'<w:fonts {nsdecls("w")}><w:font w:name="{FONT}"><w:altName w:val="{FALLBACKS}"/>'
    '<w:charset w:val="80"/><w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font></w:fonts>'
)
