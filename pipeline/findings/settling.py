"""How a planner settles a doubt: what to do, and the very lines of the study file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.findings.facts import toml, toml_text

if TYPE_CHECKING:
    from pipeline.documents.columnguess import ColumnGuess
    from pipeline.documents.table import Table

Settled = tuple[str, tuple[str, ...]]


def settle(guess: ColumnGuess, *, used: bool, decided: bool = False) -> Settled:
    """Say what to do where a column is taken for the wrong thing.

    Parameters
    ----------
    used
        Whether the column is read.
    decided
        Whether a person left it out.

    Returns
    -------
    remedy, lines
        One sentence, and what to write into the study file or to strike out of it.
    """
    header = guess.column.name
    stays = "使わないと決めたのなら、このままでかまいません。" if decided else ""
    if guess.role == "respondent":
        line = (toml("respondent", header),)
        if used:
            return "回答者を区別できない列のときは、調査ファイルから次の行を消します。", line
        return (
            f"{stays}回答者の区別に使うときは、調査ファイルの [[sources]] のすぐ下に次の行を書きます。",
            line,
        )
    if guess.role == "addressed":
        line = (toml("addresses_column", header),)
        if used:
            return "計画のどこへの意見かの列でないときは、調査ファイルから次の行を消します。", line
        return (
            f"{stays}該当箇所として読むときは、調査ファイルの [[sources]] のすぐ下に次の行を書きます。",
            line,
        )
    if guess.role == "text" and used:
        return "自由記述でないときは、調査ファイルの text から次の行を消します。", (_item(header),)
    if used and guess.attribute:
        return (
            "属性でないときは attributes から次の行を消し、自由記述なら見出しを text に移します。",
            (f"{toml_text(guess.attribute)} = {toml_text(header)}",),
        )
    if "重複" in guess.reason:
        return (
            "同じ番号の行を同じ人の回答と見てよいときは、調査ファイルの [[sources]] のすぐ下に次の行を書きます。",
            (toml("respondent", header),),
        )
    return f"{stays}自由記述のときは、調査ファイルの text に次の行を足します。", (_item(header),)


def settle_header(table: Table) -> Settled:
    """Say what to do where the header is not the row that was taken for it."""
    if table.joined:
        return (
            'もとのファイルのその行を見て、違うときは、コンマを含む回答を引用符（"）で囲みます。',
            (),
        )
    number = table.header_rows[0]
    if len(table.header_rows) > 1:
        return "下の行が回答のときは、調査ファイルの [[sources]] のすぐ下に次の行を書きます。", (
            f"header_row = {number}",
        )
    if table.above:
        return (
            "その上のセルが見出しや回答のときは、調査ファイルの [[sources]] のすぐ下に、正しい行の番号を書きます。",
            ("header_row = 1",),
        )
    return (
        "回答のときは、表のいちばん上に、見出しの行（「ご意見」など）を足して保存し直します。",
        (),
    )


def _item(header: str) -> str:
    return f"{toml_text(header)},"
