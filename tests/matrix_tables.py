"""What is odd about tables of answers, and what has to come out of each: see test_matrix.py."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Final

from tests.matrix_fixture import Cell, Error, Formula, Sheet

QUESTION: Final = "ご意見・ご要望を自由にお書きください"
HEAD: Final = ("番号", "年齢", QUESTION)
BUS: Final = "バスの本数が少ないです。"
ROAD: Final = "歩道が狭くて歩きにくい。"
PARK: Final = "公園の草が伸びている。"

Expected = tuple[tuple[str | None, str], ...]
"""Respondent (without the source's id; ``None``: made from the row) and text."""


@dataclass(frozen=True)
class Oddity:
    """Sheets of one kind of oddness, and the answers that they hold.

    Attributes
    ----------
    needs
        What a format must be able to hold (:class:`tests.matrix_fixture.TableFormat`).
    text, respondent
        Columns as a study names them. ``respondent`` ``None``: none.
    optional
        Texts that may be answers or not.
    only_delimited
        What is odd is the text of the file; ``raw`` makes it from the sheet's text.
    inferred
        Whether Kadai has to find the columns without a study, too.
    """

    sheets: tuple[Sheet, ...]
    expected: Expected
    needs: frozenset[str] = frozenset()
    text: tuple[str, ...] = (QUESTION,)
    respondent: str | None = "番号"
    optional: frozenset[str] = frozenset()
    sheet: str | None = None
    inferred: bool = True
    attributes: dict[str, str] = field(default_factory=dict)


def _rows(*rows: tuple[Cell, ...]) -> tuple[Sheet, ...]:
    return (Sheet(rows),)


def _at(hour: int, minute: int = 0) -> dt.datetime:
    """A time as a form notes it, without a zone."""
    return dt.datetime.fromisoformat(f"2025-04-01T{hour:02d}:{minute:02d}:00")


def _texts(*texts: str, **more: object) -> Oddity:
    """One row a text, nothing else."""
    rows = [(str(number), "30代", text) for number, text in enumerate(texts, start=1)]
    expected = tuple((row[0], row[2]) for row in rows if row[2].strip())
    return Oddity((Sheet((HEAD, *rows)),), expected, **more)  # type: ignore[arg-type]


_PLAIN: Final = ((HEAD), ("1", "30代", BUS), ("2", "40代", ROAD))
_MORE: Final = (("4", "30代", PARK), ("5", "40代", ROAD))
_TWO: Final = (("1", BUS), ("2", ROAD))

TABLE_ODDITIES: Final[dict[str, Oddity]] = {
    "nothing odd": Oddity((Sheet(_PLAIN),), _TWO),
    "only one row": _texts(BUS),
    "title rows": Oddity(
        _rows(("令和7年度 市民アンケート",), ("対象：市民1,000人",), (), *_PLAIN), _TWO
    ),
    "blank first column": Oddity(_rows(*((None, *row) for row in _PLAIN)), _TWO),
    "blank rows before the header": Oddity(_rows((), (), *_PLAIN), _TWO),
    "blank rows inside": Oddity(
        _rows(_PLAIN[0], _PLAIN[1], (), (None, " ", "　"), _PLAIN[2]), _TWO
    ),
    "blank rows at the end": Oddity(_rows(*_PLAIN, *[(None, None, "")] * 30), _TWO),
    "totals row": Oddity(_rows(*_PLAIN, ("合計", "2人", None)), _TWO),
    "header over merged cells": Oddity(
        (
            Sheet(
                (
                    ("番号", "基本情報", None, QUESTION),
                    (None, "性別", "年齢", None),
                    ("1", "女性", "30代", BUS),
                    ("2", "男性", "40代", ROAD),
                ),
                merged=((0, 1, 0, 2), (0, 0, 1, 0), (0, 3, 1, 3)),
            ),
        ),
        _TWO,
        frozenset({"merged"}),
    ),
    "title over merged cells": Oddity(
        (Sheet((("市民アンケート 自由記述一覧", None, None), *_PLAIN), merged=((0, 0, 0, 2),)),),
        _TWO,
        frozenset({"merged"}),
    ),
    "two header rows with codes": Oddity(
        _rows(
            ("番号", "1:single", "2:text"),
            (None, "問1 年齢はどれですか", f"問2 {QUESTION}"),
            *_PLAIN[1:],
        ),
        _TWO,
        text=(f"問2 {QUESTION}",),
    ),
    "headers that stand twice": Oddity(
        _rows(
            (
                "番号",
                "問1 満足度",
                "その理由をお書きください",
                "問2 定住意向",
                "その理由をお書きください",
            ),
            ("1", "満足", BUS, "住む", ROAD),
            ("2", "不満", PARK, "移る", ""),
        ),
        (("1", BUS), ("1", ROAD), ("2", PARK)),
        text=("その理由をお書きください",),
    ),
    "no header over a filled column": Oddity(
        _rows(
            ("番号", "年齢", None),
            *(
                (str(number), "30代", f"{number}丁目の道が狭くて歩きにくいです。")
                for number in range(1, 13)
            ),
        ),
        tuple(
            (str(number), f"{number}丁目の道が狭くて歩きにくいです。") for number in range(1, 13)
        ),
        text=("列C（見出しなし）",),
    ),
    "line break in a header": Oddity(
        _rows(("番号", "年齢", "ご意見・ご要望を\n自由にお書きください"), *_PLAIN[1:]),
        _TWO,
        text=("ご意見・ご要望を 自由にお書きください",),
    ),
    "hidden row": Oddity((Sheet(_PLAIN, hidden_rows=(1,)),), _TWO, frozenset({"hidden"})),
    "hidden column": Oddity((Sheet(_PLAIN, hidden_columns=(2,)),), _TWO, frozenset({"hidden"})),
    "hidden sheet": Oddity(
        (Sheet((HEAD, ("9", "20代", PARK)), "控え", hidden=True), Sheet(_PLAIN)),
        _TWO,
        frozenset({"hidden", "sheets"}),
    ),
    "hidden sheet that is asked for": Oddity(
        (Sheet((HEAD, ("9", "20代", PARK)), "控え", hidden=True), Sheet(_PLAIN)),
        (("9", PARK),),
        frozenset({"hidden", "sheets"}),
        sheet="控え",
        inferred=False,
    ),
    "several sheets": Oddity(
        (Sheet(_PLAIN, "一回目"), Sheet((HEAD, ("3", "20代", PARK)), "二回目")),
        (*_TWO, ("3", PARK)),
        frozenset({"sheets"}),
    ),
    "empty sheet before": Oddity((Sheet((), "空"), Sheet(_PLAIN)), _TWO, frozenset({"sheets"})),
    "numbers as ids": Oddity(
        _rows(HEAD, (1, 30, BUS), (2.0, 40, ROAD)), _TWO, frozenset({"typed"})
    ),
    "long numbers as ids": Oddity(
        _rows(HEAD, ("12345678901234567890", "30代", BUS), ("12345678901234567891", "40代", ROAD)),
        (("12345678901234567890", BUS), ("12345678901234567891", ROAD)),
    ),
    "leading zeros in ids": Oddity(
        _rows(HEAD, ("0001", "30代", BUS), ("0010", "40代", ROAD)), (("0001", BUS), ("0010", ROAD))
    ),
    "dates as ids": Oddity(
        _rows(HEAD, (dt.date(2025, 4, 1), "30代", BUS), (dt.date(2025, 4, 2), "40代", ROAD)),
        (("2025-04-01", BUS), ("2025-04-02", ROAD)),
        frozenset({"typed"}),
        inferred=False,  # a column of dates is taken for the time of the answer
    ),
    "an id on two rows": Oddity(
        _rows(
            ("回答番号", *HEAD[1:]),
            ("1", "30代", BUS),
            ("1", "30代", ROAD),
            ("2", "40代", PARK),
            ("2", "40代", BUS),
        ),
        (("1", BUS), ("1", ROAD), ("2", PARK), ("2", BUS)),
        respondent="回答番号",
    ),
    "no ids": Oddity(
        _rows(("年齢", QUESTION), ("30代", BUS), ("40代", ROAD)),
        ((None, BUS), (None, ROAD)),
        respondent=None,
    ),
    "rows that are alike": Oddity(
        _rows(("年齢", QUESTION), ("30代", BUS), ("30代", BUS)),
        ((None, BUS), (None, BUS)),
        respondent=None,
    ),
    "numbers as answers": Oddity(
        _rows(HEAD, ("1", "30代", 100), ("2", "40代", BUS), ("3", "20代", 0.1), *_MORE),
        (("1", "100"), ("2", BUS), ("3", "0.1"), ("4", PARK), ("5", ROAD)),
        frozenset({"typed"}),
    ),
    "error cells": Oddity(
        _rows(HEAD, ("1", "30代", BUS), ("2", Error("#REF!"), Error("#N/A")), ("3", "40代", ROAD)),
        (("1", BUS), ("3", ROAD)),
        frozenset({"errors"}),
        optional=frozenset({"#N/A"}),
    ),
    "formulas with a stored value": Oddity(
        _rows(HEAD, ("1", "30代", Formula("=A1", BUS)), ("2", "40代", ROAD)),
        _TWO,
        frozenset({"formulas"}),
    ),
    "comments on cells": Oddity(
        (Sheet(_PLAIN, comments={(1, 2): "要確認"}),), _TWO, frozenset({"comments"})
    ),
    "ragged rows": Oddity(
        _rows(("番号", QUESTION, "年齢"), ("1", BUS), ("2", ROAD, "40代"), ("3",)),
        _TWO,
        frozenset({"ragged"}),
    ),
    "wide table": Oddity(
        _rows(
            *(
                (*row, *[f"列{number}" if not place else None for number in range(200)])
                for place, row in enumerate(_PLAIN)
            )
        ),
        _TWO,
    ),
    "line breaks in cells": _texts("一つ目の意見\n二つ目の意見", "\n前後に改行\n"),
    "quotation marks": _texts('"安心"なまちに', 'まちの"顔"が', '"', '""'),
    "separators in text": _texts("バス,電車,徒歩", "道;橋|川", "「遠い」、「狭い」，「暗い」"),
    "tabs in text": _texts("左\t右"),
    "formulas as text": _texts("=1+1", "+81 の電話", "-5度の朝", "@市役所", "'引用"),
    "nothing to say": _texts("特になし", "なし", "わからない", "同上", BUS),
    "NA and None": _texts("NA", "None", "null", "NaN", "#N/A", "true"),
    "blanks of all kinds": Oddity(
        _rows(
            HEAD,
            ("1", "30代", "　"),
            ("2", "30代", "\u00a0 "),
            ("3", "30代", "\n"),
            ("4", "30代", f"　{BUS} "),
            ("5", "30代", ROAD),
        ),
        (("4", f"　{BUS} "), ("5", ROAD)),
    ),
    "zero-width characters": _texts("道が\u200b狭い", "公園\u2060が\ufeff遠い", f"\u200e{BUS}"),
    "very long cell": _texts("駅まで遠い。" * 5461, BUS),
    "emoji": _texts(
        "公園が好き😀", "👨‍👩‍👧‍👦の家族", "葛\U000e0100飾と葛飾", "☺️です", "𠮷野さんの店"
    ),
    "letters beyond the standard": _texts("①㈱髙﨑", "～－ー−", "Ⅲ地区の㎡", "纊褜鍈"),
    "wave dash and minus": _texts("〜と−と‖と¢"),
    "half-width kana": _texts("ﾊﾞｽが少ない", "ｶﾞｿﾘﾝ代"),
    "full-width digits": _texts("１２３号線が混む", "ＡＢＣ"),
    "decomposed kana": _texts("が\u3099ぎ", "ハ\u309aン屋"),
    "control characters": _texts("道\x01が\x1f狭い", "\x0b縦\x0c頁", needs=frozenset({"control"})),
    "bidirectional controls": _texts("\u202e逆さま\u202c", "\u2066囲み\u2069"),
    "line separators": _texts("一行\u2028二行\u2029三行"),
    "next line control": _texts("一行\x85二行", needs=frozenset({"control"})),
    "markup": _texts("<b>太字</b>&amp;", "]]><!--", "</script><script>", "&#12354;", "_x000D_です"),
    "Google Forms": Oddity(
        _rows(
            ("タイムスタンプ", "年齢", "利用したもの（複数選択可）", QUESTION),
            ("2025/04/01 10:00:00", "30代", "バス, 図書館", BUS),
            ("2025/04/01 11:00:00", "40代", "バス, 公園", ROAD),
            ("2025/04/02 09:00:00", "30代", "図書館, 公園", "特になし"),
        ),
        ((None, BUS), (None, ROAD), (None, "特になし")),
        respondent=None,
    ),
    "Microsoft Forms": Oddity(
        _rows(
            ("ID", "開始時刻", "完了時刻", "メール", "名前", "年齢", QUESTION),
            (
                1,
                _at(10),
                _at(10, 5),
                "anonymous",
                None,
                "30代",
                BUS,
            ),
            (
                2,
                _at(11),
                _at(11, 5),
                "anonymous",
                None,
                "40代",
                ROAD,
            ),
        ),
        _TWO,
        frozenset({"typed"}),
        respondent="ID",
    ),
    "LoGo-like form": Oddity(
        _rows(
            ("受付番号", "受付日時", "問1 利用：バス", "問1 利用：電車", f"問2 {QUESTION}"),
            ("10001", "2025-04-01 10:00:00", "○", "", BUS),
            ("10002", "2025-04-01 11:00:00", "", "○", ROAD),
        ),
        (("10001", BUS), ("10002", ROAD)),
        text=(f"問2 {QUESTION}",),
        respondent="受付番号",
    ),
    "names and mail addresses": Oddity(
        _rows(
            ("番号", "お名前", "メールアドレス", QUESTION),
            ("1", "架空 太郎", "taro@example.jp", BUS),
            ("2", "架空 花子", "hanako@example.jp", ROAD),
        ),
        _TWO,
    ),
    "a column of the office": Oddity(
        _rows(
            ("番号", QUESTION, "市の考え方"),
            ("1", BUS, "検討いたします。"),
            ("2", ROAD, "道路課に伝えます。"),
        ),
        _TWO,
    ),
}
"""What is odd → the sheets and what they say."""
