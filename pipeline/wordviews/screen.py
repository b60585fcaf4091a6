"""What is found of words, as lines for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.report.attributes import SIGNS
from pipeline.report.kwic import CUT
from pipeline.tablecolumns import TABLES
from pipeline.textlayout import GAP, labelled, pad, shorten, table, width_of
from pipeline.wording import NONE_SHOWN, clean, count, percent, share
from pipeline.wordviews.collocates import SIDES
from pipeline.wordviews.crossed import ROWS
from pipeline.wordviews.crosstable import KINDS, MEASURES
from pipeline.wordviews.network import thresholds

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    import pyarrow as pa

    from pipeline.wordviews.collocates import Collocates
    from pipeline.wordviews.crosstable import CrossTable
    from pipeline.wordviews.kwic import Kwic
    from pipeline.wordviews.network import WordNetwork

LINES_SHOWN: Final = 50
"""Rows of a table for which no other number is asked."""

FORMS_SHOWN: Final = 12

LABEL_SHOWN: Final = 24
"""Characters of the label of a row."""

HIDDEN: Final = "＊"

INTERNAL: Final = (
    "声そのものが出ます（人は伏せてあります）。件数は伏せていません。外に出さないでください。"
)

UNSUPPRESSED: Final = "件数は伏せていません。外に出さないでください。"


def render_kwic(
    made: Kwic, width: int, most: int = LINES_SHOWN, context: int | None = None
) -> list[str]:
    """Lines of a word in its context, the word below itself.

    Parameters
    ----------
    context
        Characters on either side, however wide the terminal is.
    """
    normal = f"（{made.normal}）" if made.normal != made.word else ""
    sizes = (
        f"意見{count(made.n_opinions)}件（異なる文面{count(made.n_distinct)}）、"
        f"{count(made.n_people)}人、{count(made.n_places)}か所"
    )
    lines = [f"「{made.word}」{normal}: {sizes}", f"書かれた形: {_forms(made.forms)}"]
    if len(made.inside):
        lines.append(f"数えていない長い言葉: {_forms(made.inside)}")
    shown = made.lines[:most]
    rows = shown.to_dict("records")
    behind = [_behind(row["opinion_id"], row["issue_id"], row["n_opinions"]) for row in rows]
    middle = max((width_of(row["word"]) for row in rows), default=0)
    room = width - middle - 3 * len(GAP) - max(map(width_of, behind), default=0)
    room = 2 * context + 2 if context else max(room // 2, 10)
    lines.append("")
    lines += [
        GAP.join(
            [
                _to_the_right(row["before"], room),
                pad(row["word"], middle),
                pad(_cut(row["after"], room), room),
                place,
            ]
        )
        for row, place in zip(rows, behind, strict=True)
    ]
    return [*lines, *_left_out(len(shown), len(made.lines))]


def render_collocates(made: Collocates, most: int = LINES_SHOWN) -> list[str]:
    """Table of the words beside a word, by place."""
    header = (
        "言葉",
        "品詞",
        "計",
        "左",
        "右",
        *(own.upper() for own in SIDES),
        "意見",
        "人",
        "スコア",
    )
    rows = [
        (
            row["shown"], row["pos"],
            *(count(row[name]) for name in ("n", "n_left", "n_right")),
            *(count(row[side]) if row[side] else "·" for side in SIDES),
            count(row["n_opinions"]), count(row["n_people"]), f"{row['score']:.2f}",
        )
        for row in made.table[:most].to_dict("records")
    ]  # fmt: skip
    # Figures below each other are read more easily than wrapped ones.
    return [
        f"「{made.word}」の左右5語に出てくる言葉（L1 がすぐ左、R1 がすぐ右。助詞と記号は載せません）",
        *table([header, *rows], 1, {}),
        *_left_out(len(rows), len(made.table)),
        "スコアは、出てきた回数を距離で割った合計です（近いほど重い）。",
    ]


def render_cross(made: CrossTable, width: int) -> list[str]:
    """A cross table; what is hidden is ＊."""
    unit = MEASURES[made.measure]
    shares = made.shares()
    rows = [
        (
            shorten(label, LABEL_SHOWN),
            count(total),
            *(
                HIDDEN if hidden else f"{count(n)} {_percent(part)}{SIGNS[sign]}"
                for n, part, hidden, sign in zip(*cells, strict=True)
            ),
        )
        for label, total, *cells in zip(
            made.labels, made.totals.tolist(), made.counts.tolist(), shares.tolist(),
            made.hidden.tolist(), made.signs.tolist(), strict=True,
        )
    ]  # fmt: skip
    base = (
        "すべての意見"
        if made.measure == "opinions" and made.columns_by == KINDS
        else "意見のある人"
    )
    everybody = (base, count(int(made.bases.sum())), *map(count, made.bases.tolist()))
    header = (ROWS[made.rows_by], f"計（{unit}）", *made.columns)
    least = {0: 16} | dict.fromkeys(range(2, len(header)), 8)
    lines = table([header, everybody, *rows], width, least)
    notes = list(made.notes)
    if made.signs.any():
        notes.append(
            "▲は、ほかの人たちより多いといえる所、▽は少ないといえる所です"
            "（フィッシャーの正確検定、検定の数を補正、偽発見率5%）。"
        )
    return [*lines, "", *notes]


def render_network(made: WordNetwork, width: int) -> list[str]:
    """Neighbours of a word, and the links among them."""
    lines = [
        f"「{made.shown}」を使った意見{count(made.n_opinions)}件、回答者{count(made.n_people)}人",
        f"{thresholds()}件数は、その語を使った意見です。",
        "",
    ]
    if made.neighbours.empty:
        return [*lines, "一緒に使われる言葉は、この数に届きません。"]
    rows = [
        (
            row["shown"], row["pos"], count(row["n_opinions"]), count(row["n_together"]),
            count(row["n_people"]), share(row["jaccard"]), share(row["npmi"]),
        )
        for row in made.neighbours.to_dict("records")
    ]  # fmt: skip
    header = ("言葉", "品詞", "意見", "一緒の意見", "回答者", "Jaccard", "NPMI")
    lines += table([header, *rows], width, {0: 10})
    own = (made.links["word_1"] == made.word) | (made.links["word_2"] == made.word)
    shown = dict(zip(made.words["word"], made.words["shown"], strict=True))
    others = [
        f"{shown[row['word_1']]}―{shown[row['word_2']]}（{share(row['jaccard'])}）"
        for row in made.links[~own].to_dict("records")
    ]
    if others:
        lines += ["", f"これらの言葉どうしのつながり（強い順）: {'、'.join(others[:FORMS_SHOWN])}"]
    return lines


def render_rows(made: pa.Table, width: int, most: int = LINES_SHOWN) -> list[str]:
    """Answer to a query."""
    rows = [
        [shorten(clean(cell_words(cell)), 400) for cell in row.values()]
        for row in _with_plain_names(made.slice(0, most)).to_pylist()
    ]
    header = [clean(own) for own in made.column_names]
    least = dict.fromkeys(range(len(header)), 8)
    return [*table([header, *rows], width, least), *_left_out(len(rows), made.num_rows)]


def render_tables(made: pd.DataFrame, width: int) -> list[str]:
    """Tables that there are, and their columns."""
    lines: list[str] = []
    beside = min(max(map(width_of, made["column"]), default=0), 28) + len(GAP)
    for name, columns in made.groupby("table", sort=False):
        lines += ["", f"{name}: {TABLES[str(name)].row}"]
        for own in columns.to_dict("records"):
            told = f"{own['meaning']}（{own['type']}）"
            label = own["column"] if width_of(own["column"]) < beside else f"{own['column']}{GAP}"
            lines += labelled(label, told, beside, width, GAP)
    return lines[1:]


def cell_words(cell: object) -> str:
    """One value as text; what is missing is empty."""
    if cell is None:
        return ""
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)


def _with_plain_names(made: pa.Table) -> pa.Table:
    """Columns by number: a query may give two the same name."""
    return made.rename_columns([str(place) for place in range(made.num_columns)])


def _behind(opinion_id: str, issue_id: str, n_opinions: int) -> str:
    same = f" 同じ文面{count(n_opinions)}件" if n_opinions > 1 else ""
    return f"{opinion_id} {issue_id or NONE_SHOWN}{same}"


def _forms(forms: pd.DataFrame) -> str:
    pairs = list(zip(forms["form"], forms["n"].tolist(), strict=True))
    more = f" ほか{count(len(pairs) - FORMS_SHOWN)}種類" if len(pairs) > FORMS_SHOWN else ""
    return "、".join(f"{form} {count(n)}" for form, n in pairs[:FORMS_SHOWN]) + more


def _left_out(n_shown: int, n_all: int) -> list[str]:
    if n_shown >= n_all:
        return []
    told = f"{count(n_all)}行のうち{count(n_shown)}行を表示しました。"
    return ["", f"{told}--limit で増やせます。--output のファイルには全部が入ります。"]


def _percent(part: float) -> str:
    """Share that is known to six places, as the report words it."""
    return percent(round(part * 1_000_000), 1_000_000)


def _cut(text: str, columns: int) -> str:
    if width_of(text) <= columns:
        return text
    return _begin(text, columns - width_of(CUT)) + CUT


def _to_the_right(text: str, columns: int) -> str:
    if width_of(text) > columns:
        text = CUT + _begin(text[::-1], columns - width_of(CUT))[::-1]
    return " " * (columns - width_of(text)) + text


def _begin(text: Iterable[str], columns: int) -> str:
    kept, used = [], 0
    for letter in text:
        used += width_of(letter)
        if used > columns:
            break
        kept.append(letter)
    return "".join(kept)
