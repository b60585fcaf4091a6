"""The same notes in Word, text, Markdown and PDF say the same, and nothing of them is lost."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.documents import read
from tests.notes_fixture import LETTERS, Item, expected, sentences, write

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

FORMATS = (".docx", ".txt", ".md", ".pdf")
WHO = ("住民Ａ", "Ｂ委員", "民生委員", "佐藤さん", "司会", "事務局")
WORDS = (
    "坂が多い", "店が遠い", "バスの便が少ない", "見守りの輪を広げたい", "若い人に声が届かない",
    "集まる場所がほしい", "役員のなり手が見つからない", "雪かきを手伝ってほしい",
    "子どもの遊び場が減った", "書類の書き方がむずかしい", "災害のときが心配だ",
)  # fmt: skip

texts = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map("、".join), min_size=1, max_size=3
).map(lambda said: "".join(f"{one}。" for one in said))
headings = st.sampled_from(("移動について", "居場所づくり", "その他の話題", "これからの取り組み"))
tables = st.lists(st.tuples(st.sampled_from(WHO), texts), min_size=1, max_size=4).map(tuple)
items = st.one_of(
    headings.map(lambda text: Item("heading", text)),
    texts.map(lambda text: Item("bullet", text)),
    texts.map(lambda text: Item("paragraph", text)),
    st.tuples(texts, st.sampled_from(WHO)).map(lambda turn: Item("turn", *turn)),
    tables.map(lambda rows: Item("table", rows=rows)),
)


def _readable(found: list[Item]) -> bool:
    """Two tables in a row are one, and a heading needs something under it.

    On paper, a sentence that ends where its line does ends what its speaker says: nobody can
    tell whether the next line is still by the same.
    """
    pairs = itertools.pairwise(found)
    return (
        found[-1].kind != "heading"
        and not any(
            (one.kind, other.kind) in {("table", "table"), ("heading", "heading")}
            for one, other in pairs
        )
        and not any(_ends_with_a_line(one) for one in found if one.kind == "turn")
    )


def _ends_with_a_line(turn: Item) -> bool:
    said = f"{turn.speaker}：{turn.text}"
    return any(said[end - 1] == "。" for end in range(LETTERS, len(said), LETTERS))


notes = st.lists(items, min_size=1, max_size=14).filter(_readable)


def said(path: Path) -> list[tuple[str, str]]:
    """Headings and sentences of a file, without the header of a table."""
    found: list[tuple[str, str]] = []
    for entry in read(path).entries:
        if entry.role == "heading" and entry.text not in {"発言者", "意見"}:
            found.append(("heading", "".join(entry.text.split())))
        elif entry.role in {"statement", "facilitator"}:
            found += [("", sentence) for sentence in sentences(entry.text)]
    return found


def speakers(path: Path) -> list[tuple[str, str, str]]:
    return [
        (entry.role, entry.speaker, sentence)
        for entry in read(path).entries
        if entry.role in {"statement", "facilitator"}
        for sentence in sentences(entry.text)
    ]


@settings(derandomize=True, max_examples=20)
@given(written=notes)
def test_the_same_notes_in_four_formats_say_the_same(
    tmp_path_factory: pytest.TempPathFactory, written: list[Item]
) -> None:
    folder = tmp_path_factory.mktemp("notes")
    paths = [write(written, folder / f"記録{suffix}") for suffix in FORMATS]
    for path in paths:
        assert said(path) == expected(written), path.suffix
    first, *others = map(speakers, paths)
    for other, path in zip(others, paths[1:], strict=True):
        assert other == first, path.suffix
