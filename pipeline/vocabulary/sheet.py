"""Candidates as lines for a terminal, and as a sheet to tick."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.sheetfile import Column, Sheet, as_workbook
from pipeline.textlayout import table
from pipeline.user_dictionary import KINDS as PARTS
from pipeline.vocabulary.candidate import (
    COMPOUND,
    KINDS,
    SYNONYM,
    SYNONYMS_FILE,
    UNKNOWN,
    VARIANT,
    WORDS_FILE,
)
from pipeline.vocabulary.material import LEAST_PEOPLE

if TYPE_CHECKING:
    from pipeline.vocabulary.candidate import Candidate
    from pipeline.vocabulary.suggest import Suggestions

CONFIDENTIAL: Final = "取扱注意・外に出さない"

TAKEN: Final = "採用"
WORD: Final = "語"
KIND: Final = "種類"
TARGET: Final = "まとめ先"
CANDIDATES: Final = "候補"
RARELY: Final = "ふつうは足さない"
"""Compounds that hide a term of the concept dictionary. All of them ticked, the issues of a
survey of 1,530 opinions were less like a person's (adjusted Rand index .84 → .77); all others,
no change."""

SHOWN: Final = 8
"""Candidates of one kind in a terminal; the sheet has all."""

_COLUMNS: Final = (
    Column(TAKEN, 7, "entry"), Column("候補", 9), Column(WORD, 22), Column("読み", 24, "entry"),
    Column("正規形", 20, "entry"), Column(KIND, 9, "entry"), Column(TARGET, 18, "entry"),
    Column("意見", 7, "count"), Column("文面", 7, "count"), Column("人", 7, "count"),
    Column("根拠", 24), Column("なぜ", 44), Column("例1", 34), Column("例2", 34),
)  # fmt: skip

_HEADINGS: Final = {
    UNKNOWN: "辞書にない語",
    COMPOUND: "切れている複合語",
    VARIANT: "表記ゆれ",
    SYNONYM: "同じ意味かもしれない語",
}

_GUIDE: Final = (
    (TAKEN, "辞書に足すものに ○ を付けます。付けないものは、何も変わりません。"),
    ("読み", "カタカナで書きます。機械の案なので、ちがっていれば直します。空なら書きます。"),
    ("正規形", "そろえた書き方です。同じものの別の書き方があれば、よく使うほうにします。"),
    (KIND, f"{'、'.join(PARTS)} のどれかです。地名は、意見をまとめるときに軽く扱われます。"),
    (TARGET, "どの語として数えるかです。まとめ先のある行は synonyms.csv に、ない行は user.csv に入ります。"),
    ("意見・文面・人", f"その語のある意見、ちがう文面、書いた人の数です。{LEAST_PEOPLE}人以上が書いた語だけです。"),
    (RARELY, "このシートの語は、概念辞書の言葉を含みます。1語にすると話題を見失うことがあるので、ふつうは付けません。"),
    ("例1・例2", "伏せたあとの文です。それでも、だれのことか分かることがあります。外に出さないでください。"),
    ("次にすること", "保存して閉じ、kadai dictionary add にこのファイルを指定します。変わる意見を見てから --write を付けます。"),
)  # fmt: skip


def render(made: Suggestions, width: int) -> list[str]:
    """Short lines for a terminal, a table for every kind."""
    lines = [f"【{CONFIDENTIAL}】"]
    if not made.candidates:
        lines.append("辞書に足す候補は見つかりませんでした。")
    usual, rarely = _parted(made)
    parts = [(_HEADINGS[kind], [one for one in usual if one.kind == kind]) for kind in KINDS]
    for heading, own in (*parts, (f"{RARELY}複合語（概念辞書の言葉を含む）", rarely)):
        if not own:
            continue
        lines += ["", f"{heading} {len(own):,}件（{own[0].file} へ）"]
        head = ("足す行", "人", "意見", "根拠")
        rows = [
            (one.line, f"{one.counts.people:,}", f"{one.counts.opinions:,}", _statistic(one))
            for one in own[:SHOWN]
        ]
        lines += table([head, *rows], width, {0: 20, 3: 16})
        if len(own) > SHOWN:
            lines.append(f"ほかに {len(own) - SHOWN:,}件")
    if made.n_read < made.n_texts:
        lines.append(
            f"意見が多いので、ちがう文 {made.n_texts:,}件のうち {made.n_read:,}件を選んで数えました。"
        )
    return lines


def workbook(made: Suggestions) -> bytes:
    """Workbook with all candidates, and how to fill it in."""
    usual, rarely = _parted(made)
    sheets = [Sheet(CANDIDATES, _COLUMNS, [_row(own) for own in usual], CONFIDENTIAL)]
    if rarely:
        sheets.append(Sheet(RARELY, _COLUMNS, [_row(own) for own in rarely], CONFIDENTIAL))
    guide = (Column("列", 18), Column("書き方", 90))
    return as_workbook(CONFIDENTIAL, [*sheets, Sheet("書き方", guide, _GUIDE, CONFIDENTIAL)])


def _parted(made: Suggestions) -> tuple[list[Candidate], list[Candidate]]:
    """Candidates, and those that hide a term of the concept dictionary."""
    usual = [own for own in made.candidates if not own.read_parts]
    return usual, [own for own in made.candidates if own.read_parts]


def _statistic(own: Candidate) -> str:
    read = "".join(f"「{one}」" for one in own.read_parts)
    return f"{own.statistic}。概念辞書の{read}を含む" if read else own.statistic


def _row(own: Candidate) -> tuple[object, ...]:
    is_word = own.file == WORDS_FILE
    return (
        "",
        own.kind,
        own.word,
        own.reading if is_word else "",
        own.normalized if is_word else "",
        own.part if is_word else "",
        own.normalized if own.file == SYNONYMS_FILE else "",
        *own.counts,
        _statistic(own),
        own.why,
        *(*own.contexts, "", "")[:2],
    )
