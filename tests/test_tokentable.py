"""A table of tokens reads like the list that it was made of, and takes ten bytes a token."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.tokens import default_tokenizer
from pipeline.tokentable import Token, TokenTable

TEXTS = st.lists(
    st.sampled_from(
        ["バスが少ない。", "", "ﾊﾞｽが　少ない", "役員の なり手が\nいない", "㍿と町内会", "。", " ", "ABC ab 123", "🙂"]
    )
    | st.text(max_size=12),
    max_size=8,
)  # fmt: skip
WORDS = st.text(max_size=3)


@st.composite
def rows_of_tokens(draw: st.DrawFn) -> list[tuple[Token, ...]]:
    """Tokens as nobody makes them: any characters, also empty ones."""
    rows = []
    for _ in range(draw(st.integers(0, 5))):
        start = 0
        row = []
        for _ in range(draw(st.integers(0, 4))):
            surface = draw(WORDS)
            start += draw(st.integers(0, 2))
            fields = (surface, draw(WORDS), draw(WORDS), draw(WORDS), start, start + len(surface))
            row.append(Token(*fields))
            start += len(surface)
        rows.append(tuple(row))
    return rows


@settings(derandomize=True, max_examples=200)
@given(rows_of_tokens())
def test_a_table_gives_back_what_it_was_made_of(rows: list[tuple[Token, ...]]) -> None:
    table = TokenTable.of(rows)
    assert len(table) == len(rows)
    assert list(table) == rows
    assert [table[row] for row in range(-len(rows), 0)] == rows
    assert len(set(table.types)) == len(table.types)


@settings(derandomize=True, max_examples=100)
@given(rows_of_tokens())
def test_a_table_passes_through_arrow(rows: list[tuple[Token, ...]]) -> None:
    arrow = TokenTable.of(rows).to_arrow()
    assert list(TokenTable.from_arrow(arrow)) == rows
    assert list(TokenTable.from_arrow(arrow.slice(1, 2))) == rows[1:3]


@settings(derandomize=True, max_examples=100)
@given(st.lists(rows_of_tokens(), max_size=4))
def test_tables_are_put_together_under_one_vocabulary(parts: list[list[tuple[Token, ...]]]) -> None:
    together = TokenTable.concat([TokenTable.of(rows) for rows in parts])
    assert list(together) == [row for rows in parts for row in rows]
    assert len(set(together.types)) == len(together.types)


@settings(derandomize=True, max_examples=100)
@given(rows_of_tokens(), st.data())
def test_rows_are_taken_in_any_order(rows: list[tuple[Token, ...]], data: st.DataObject) -> None:
    table = TokenTable.of(rows)
    wanted = data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=6) if rows else st.just([]))
    assert list(table.take(wanted)) == [rows[row] for row in wanted]
    assert list(table[1:]) == rows[1:]
    assert list(table[::-1]) == rows[::-1]


@settings(derandomize=True, max_examples=200, deadline=None)
@given(TEXTS)
def test_texts_become_a_table_of_the_tokens_that_each_has(texts: list[str]) -> None:
    tokenizer = default_tokenizer()
    table = tokenizer.tokenize_table(texts)
    assert list(table) == [tokenizer.tokenize(text) for text in texts]
    assert set(table.type_ids.tolist()) <= set(range(len(table.types)))


def test_a_table_is_small() -> None:
    texts = [f"{place}のバスの本数を増やしてほしいと思います。" for place in "東西南北"] * 50
    table = default_tokenizer().tokenize_table(texts)
    n_bytes = table.type_ids.nbytes + table.starts.nbytes + table.offsets.nbytes
    assert n_bytes <= 10 * len(table.type_ids)


def test_there_is_no_row_behind_the_last() -> None:
    table = TokenTable.of([()])
    assert table[0] == ()
    with pytest.raises(IndexError):
        _ = table[1]
