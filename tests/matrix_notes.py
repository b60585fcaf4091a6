"""What is odd about notes of meetings, and which statements have to come out of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.matrix_fixture import Block, Cells, Para, write_pdf_pages

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Said = tuple[tuple[str, str], ...]
"""Speaker (empty: nobody in particular) and statement."""

HILL: Final = "坂が多くて買い物に行けない。"
BUS: Final = "バスの本数が少ないです。"
HOUSE: Final = "空き家が増えて心配です。"


@dataclass(frozen=True)
class NoteOddity:
    """Paragraphs and tables of one kind of oddness, what they say and what is set aside."""

    blocks: tuple[Block, ...]
    expected: Said
    aside: tuple[str, ...] = ()
    printable: bool = True

    def texts(self) -> list[str]:
        """Everything that has to be encoded."""
        return [
            text
            for block in self.blocks
            for text in ([block.text] if isinstance(block, Para) else sum(block.rows, ()))
        ]


def _said(*texts: str) -> Said:
    return tuple(("", text) for text in texts)


def _paras(*texts: str, printable: bool = True) -> NoteOddity:
    return NoteOddity(tuple(Para(text) for text in texts), _said(*texts), printable=printable)


NOTE_ODDITIES: Final[dict[str, NoteOddity]] = {
    "one paragraph": _paras(HILL),
    "paragraphs": _paras(HILL, BUS, HOUSE),
    "bullets": NoteOddity(
        (Para("坂が多い", "bullet"), Para("店が遠い", "bullet")), _said("坂が多い", "店が遠い")
    ),
    "headings": NoteOddity(
        (
            Para("移動について", "heading"),
            Para(HILL),
            Para("住まいについて", "heading"),
            Para(HOUSE),
        ),
        _said(HILL, HOUSE),
        ("移動について", "住まいについて"),
    ),
    "records of the meeting": NoteOddity(
        (Para("日時：令和7年4月1日（火）"), Para("場所：北公民館"), Para(HILL), Para("以上")),
        _said(HILL),
        ("日時：令和7年4月1日（火）", "場所：北公民館", "以上"),
    ),
    "speakers with a colon": NoteOddity(
        (Para(f"田中委員：{HILL}"), Para(f"参加者Ａ：{BUS}"), Para(f"参加者Ｂ：{HOUSE}")),
        (("田中委員", HILL), ("参加者Ａ", BUS), ("参加者Ｂ", HOUSE)),
    ),
    "speakers behind a circle": NoteOddity(
        (Para(f"○田中委員　{HILL}"), Para(f"○鈴木委員　{BUS}")),
        (("田中委員", HILL), ("鈴木委員", BUS)),
    ),
    "speakers in brackets": NoteOddity(
        (Para(f"【Ａ委員】{HILL}"), Para(f"【Ｂ委員】{BUS}")), (("Ａ委員", HILL), ("Ｂ委員", BUS))
    ),
    "a chair who leads": NoteOddity(
        (
            Para("司会：ほかにご意見はありますか。"),
            Para(f"田中委員：{HILL}"),
            Para("事務局：資料1を説明します。"),
        ),
        (("田中委員", HILL),),
        ("ほかにご意見はありますか。", "資料1を説明します。"),
    ),
    "numbered statements": NoteOddity(
        (Para(f"1. {HILL}"), Para(f"2. {BUS}"), Para(f"3. {HOUSE}")), _said(HILL, BUS, HOUSE)
    ),
    "a table of cells": NoteOddity(
        (Para(HILL), Cells(((BUS, HOUSE), ("道が狭いです。", "橋がほしいです。")))),
        _said(HILL, BUS, HOUSE, "道が狭いです。", "橋がほしいです。"),
    ),
    "a table with speakers": NoteOddity(
        (Para(HILL), Cells((("発言者", "意見"), ("参加者Ａ", BUS), ("参加者Ｂ", HOUSE)))),
        (("", HILL), ("参加者Ａ", BUS), ("参加者Ｂ", HOUSE)),
        ("発言者", "意見"),
    ),
    "nothing to say": NoteOddity(
        (Para(HILL), Para("特になし"), Para(BUS)), _said(HILL, "特になし", BUS)
    ),
    "blank paragraphs": NoteOddity(
        (Para(""), Para(HILL), Para("　"), Para(" "), Para(BUS), Para("")), _said(HILL, BUS)
    ),
    "lines of symbols": NoteOddity(
        (Para(HILL), Para("――――――"), Para("＊＊＊"), Para(BUS)), _said(HILL, BUS)
    ),
    "long paragraph": _paras("駅まで遠くて" + "雨の日も雪の日も" * 40 + "大変です。", BUS),
    "quotation marks": _paras('「"安心"なまち」にしてほしい。', "『道』が狭いです。"),
    "separators": _paras("バス,電車;徒歩で通っています。", "道｜橋を直してほしい。"),
    "formulas": _paras("=1+1 と書かれた紙がほしい。", "+81の番号にかけたい。"),
    "markup": _paras("<b>太字</b>にしてほしい。", "&amp;を直してほしい。"),
    "half-width kana": _paras("ﾊﾞｽが少ないです。", "ｶﾞｿﾘﾝ代が高いです。", printable=False),
    "full-width digits": _paras("１２３号線が混みます。", "ＡＢＣ会館がほしい。"),
    "letters beyond the standard": _paras(
        "上の①と㈱の話をしたい。", "髙﨑さんの店がほしい。", printable=False
    ),
    "emoji": _paras("公園が好きです😀。", "👨‍👩‍👧‍👦の家族が多いです。", printable=False),
    "variation selectors": _paras("葛\U000e0100飾の町を歩きたい。", printable=False),
    "decomposed kana": _paras("が\u3099ぎの話をしたい。", printable=False),
    "zero-width characters": _paras("道が\u200b狭いです。", printable=False),
    "bidirectional controls": _paras("\u202e逆さま\u202cに書いてほしい。", printable=False),
}
"""What is odd → what is written, in whatever format."""


class FileOddity(NamedTuple):
    """A document that only one format can hold."""

    write: Callable[[Path], object]
    expected: Said
    aside: tuple[str, ...] = ()


def _word(*paragraphs: str) -> Callable[[Path], object]:
    """Write paragraphs of WordprocessingML."""

    def write(path: Path) -> None:
        document = docx.Document()
        body = document.element.body
        for xml in paragraphs:
            made = xml if xml.startswith(("<w:tbl>", "<w:sdt>")) else f"<w:p>{xml}</w:p>"
            head, _, tail = made.partition(">")
            body.insert(len(body) - 1, parse_xml(f"{head} {nsdecls('w')}>{tail}"))
        document.save(str(path))

    return write


def _run(text: str, properties: str = "") -> str:
    own = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{own}<w:t xml:space="preserve">{text}</w:t></w:r>'


_BY: Final = 'w:id="1" w:author="x" w:date="2025-04-01T00:00:00Z"'
_BOX: Final = (
    '<w:r><w:pict><v:textbox xmlns:v="urn:schemas-microsoft-com:vml"><w:txbxContent>'
    "<w:p><w:r><w:t>{}</w:t></w:r></w:p></w:txbxContent></v:textbox></w:pict></w:r>"
)

DOCX_ODDITIES: Final = {
    "runs that cut a sentence": FileOddity(
        _word(_run("坂が多くて") + _run("買い物に行けない。", "<w:b/>")), _said(HILL)
    ),
    "tracked insertion": FileOddity(
        _word(f"<w:ins {_BY}>{_run(HILL)}</w:ins>", _run(BUS)), _said(HILL, BUS)
    ),
    "tracked deletion": FileOddity(
        _word(f"<w:del {_BY}><w:r><w:delText>消した文。</w:delText></w:r></w:del>{_run(HILL)}"),
        _said(HILL),
    ),
    "moved paragraph": FileOddity(
        _word(
            f"<w:moveFrom {_BY}>{_run(HILL)}</w:moveFrom>",
            f"<w:moveTo {_BY}>{_run(HILL)}</w:moveTo>",
        ),
        _said(HILL),
    ),
    "content control": FileOddity(
        _word(f"<w:sdt><w:sdtContent><w:p>{_run(HILL)}</w:p></w:sdtContent></w:sdt>"), _said(HILL)
    ),
    "content control in a line": FileOddity(
        _word(
            f"{_run('坂が多くて')}<w:sdt><w:sdtContent>{_run('買い物に行けない。')}</w:sdtContent></w:sdt>"
        ),
        _said(HILL),
    ),
    "hyperlink": FileOddity(
        _word(f'<w:hyperlink w:anchor="a">{_run(HILL)}</w:hyperlink>'), _said(HILL)
    ),
    "line break in a paragraph": FileOddity(
        _word(f"{_run('坂が多くて')}<w:r><w:br/></w:r>{_run('買い物に行けない。')}"),
        _said("坂が多くて買い物に行けない。"),
    ),
    "tab": FileOddity(
        _word(f"{_run('坂が')}<w:r><w:tab/></w:r>{_run('多いです。')}"), _said("坂が多いです。")
    ),
    "ruby": FileOddity(
        _word(
            "<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>さか</w:t></w:r></w:rt>"
            f"<w:rubyBase><w:r><w:t>坂</w:t></w:r></w:rubyBase></w:ruby></w:r>{_run('が多いです。')}"
        ),
        _said("坂が多いです。"),
    ),
    "field": FileOddity(
        _word(
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
            f'{_run("3")}<w:r><w:fldChar w:fldCharType="end"/></w:r>{_run("丁目の坂が急です。")}'
        ),
        _said("3丁目の坂が急です。"),
    ),
    "text box": FileOddity(_word(_run(BUS), _BOX.format(HILL)), _said(BUS, HILL)),
    "merged cells": FileOddity(
        _word(
            "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid>"
            f'<w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p>{_run(HILL)}</w:p></w:tc></w:tr>'
            f'<w:tr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr><w:p>{_run(BUS)}</w:p></w:tc>'
            f"<w:tc><w:p>{_run(HOUSE)}</w:p></w:tc></w:tr>"
            "<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>"
            f"<w:tc><w:p>{_run('道が狭いです。')}</w:p></w:tc></w:tr></w:tbl>"
        ),
        _said(HILL, BUS, HOUSE, "道が狭いです。"),
    ),
    "table inside a table": FileOddity(
        _word(
            "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc>"
            f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc><w:p>{_run(HILL)}</w:p></w:tc></w:tr></w:tbl>"
            f"<w:p/></w:tc></w:tr><w:tr><w:tc><w:p>{_run(BUS)}</w:p></w:tc></w:tr></w:tbl>"
        ),
        _said(HILL, BUS),
    ),
    "soft hyphen and no-break hyphen": FileOddity(
        _word(f"{_run('A')}<w:r><w:noBreakHyphen/></w:r>{_run('B線が遅れます。')}"),
        _said("A-B線が遅れます。"),
    ),
}
"""What only Word can hold."""


class TextOddity(NamedTuple):
    """Minutes as they are typed."""

    written: str
    expected: Said
    aside: tuple[str, ...] = ()


TEXT_ODDITIES: Final = {
    "no line end at the end": TextOddity(f"{HILL}\n{BUS}", _said(HILL, BUS)),
    "carriage returns": TextOddity(f"{HILL}\r\n{BUS}\r{HOUSE}\r\n", _said(HILL, BUS, HOUSE)),
    "wrapped lines": TextOddity(
        "駅まで歩くと三十分もかかり、雨の日や雪の日には外に出かけ\n"
        "ることができないので、もう少しだけバスの本数を増やしてほし\n"
        "いと思います。\n\n" + BUS + "\n",
        _said(
            "駅まで歩くと三十分もかかり、雨の日や雪の日には外に出かけ"
            "ることができないので、もう少しだけバスの本数を増やしてほし"
            "いと思います。",
            BUS,
        ),
    ),
    "indented paragraphs": TextOddity(f"　{HILL}\n　{BUS}\n", _said(HILL, BUS)),
    "turns over several lines": TextOddity(
        f"田中委員：{HILL}\n\n{BUS}\n\n鈴木委員：{HOUSE}\n",
        (("田中委員", HILL), ("田中委員", BUS), ("鈴木委員", HOUSE)),
    ),
    "speaker alone on a line": TextOddity(
        f"○田中委員\n{HILL}\n\n○鈴木委員\n{BUS}\n",
        (("田中委員", HILL), ("鈴木委員", BUS)),
        ("○田中委員", "○鈴木委員"),
    ),
    "headings in brackets": TextOddity(
        f"【移動】\n・{HILL}\n【住まい】\n・{HOUSE}\n", _said(HILL, HOUSE), ("移動", "住まい")
    ),
    "rules": TextOddity(f"{HILL}\n----------\n{BUS}\n==========\n", _said(HILL, BUS)),
    "many blank lines": TextOddity(
        "\n" * 500 + HILL + "\n" * 500 + BUS + "\n" * 500, _said(HILL, BUS)
    ),
    "form feeds": TextOddity(f"{HILL}\n\f\n{BUS}\n", _said(HILL, BUS)),
    "a very long line": TextOddity(
        "駅まで遠くて病院に行くのが大変です。" * 3000,
        _said("駅まで遠くて病院に行くのが大変です。" * 3000),
    ),
}
"""What only typed minutes have."""


def _pages(*pages: list[tuple[float, float, str]]) -> Callable[[Path], object]:
    return lambda path: write_pdf_pages(path, pages)


PDF_ODDITIES: Final = {
    "two pages": FileOddity(_pages([(60, 100, HILL)], [(60, 100, BUS)]), _said(HILL, BUS)),
    "a sentence over two lines": FileOddity(
        _pages(
            [
                (
                    60,
                    100,
                    "駅まで歩くと三十分もかかり、雨の日や雪の日には外に出ることができないので、も",
                ),
                (60, 116, "う少しバスの本数を増やしてほしいと思います。"),
                (60, 160, BUS),
            ]
        ),
        _said(
            "駅まで歩くと三十分もかかり、雨の日や雪の日には外に出ることができないので、も"
            "う少しバスの本数を増やしてほしいと思います。",
            BUS,
        ),
    ),
    "an empty page between": FileOddity(
        _pages([(60, 100, HILL)], [], [(60, 100, BUS)]), _said(HILL, BUS)
    ),
}
"""What only PDF has."""
