"""Tokens of many texts in nine bytes each: numbers into a vocabulary, and where they stand.

A table reads like a list of tuples of tokens and makes them when it is asked.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, overload

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import ArrayLike, NDArray

_VOCABULARY: Final = b"vocabulary"
"""Key of the metadata of an Arrow table."""


class Token(NamedTuple):
    """One word of a text.

    Attributes
    ----------
    surface
        The characters as written.
    word
        Normalized form, synonyms merged.
    pos
        Part of speech, levels joined by ``-``: ``名詞-普通名詞-一般``.
    form
        Inflected form (``連用形-一般``), empty for words that do not inflect.
    start, end
        Characters into the text.
    """

    surface: str
    word: str
    pos: str
    form: str
    start: int
    end: int


class WordType(NamedTuple):
    """What all tokens of one word in one written form have in common.

    The attributes are those of :class:`Token`.
    """

    surface: str
    word: str
    pos: str
    form: str


@dataclass(frozen=True, eq=False)
class TokenTable(Sequence[tuple[Token, ...]]):
    """Tokens of many texts, one row a text.

    Attributes
    ----------
    types
        The vocabulary; a type may be there that no token has.
    type_ids : int32, one a token
        Place of its type in the vocabulary.
    starts : int32, one a token
        Characters into its text. It ends where its surface ends.
    offsets : int64, one more than rows
        The tokens of row ``i`` are those from ``offsets[i]`` up to ``offsets[i + 1]``.
    """

    types: Sequence[WordType]
    type_ids: NDArray[np.int32]
    starts: NDArray[np.int32]
    offsets: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Iterable[Sequence[Token]]) -> TokenTable:
        """Table of the tokens of some texts, or the table as it is."""
        if isinstance(texts, TokenTable):
            return texts
        numbers: dict[WordType, int] = {}
        ids: list[int] = []
        starts: list[int] = []
        counts: list[int] = []
        for tokens in texts:
            counts.append(len(tokens))
            for surface, word, pos, form, start, _ in tokens:
                ids.append(numbers.setdefault(WordType(surface, word, pos, form), len(numbers)))
                starts.append(start)
        return cls(
            list(numbers), np.array(ids, np.int32), np.array(starts, np.int32), offsets_of(counts)
        )

    @classmethod
    def concat(cls, tables: Sequence[TokenTable]) -> TokenTable:
        """Rows of some tables, one after the other, under one vocabulary."""
        columns = TokenColumns()
        for table in tables:
            columns.add(table)
        return columns.table()

    @classmethod
    def from_arrow(cls, table: pa.Table) -> TokenTable:
        """Table that :meth:`to_arrow` made, or rows of it."""
        types = [WordType(*own) for own in json.loads(table.schema.metadata[_VOCABULARY])]
        ids, starts = (_values(table[name]) for name in ("types", "starts"))
        counts = table["types"].combine_chunks().value_lengths().to_numpy(zero_copy_only=False)
        return cls(types, ids, starts, offsets_of(counts))

    def to_arrow(self) -> pa.Table:
        """Columns ``types`` and ``starts``, lists of int32; the vocabulary as metadata."""
        columns = {
            name: pa.LargeListArray.from_arrays(self.offsets, own)
            for name, own in (("types", self.type_ids), ("starts", self.starts))
        }
        return pa.table(columns, metadata={_VOCABULARY: json.dumps(self.types).encode()})

    def take(self, rows: ArrayLike) -> TokenTable:
        """Some rows in the order that is asked for, under the same vocabulary."""
        wanted = np.asarray(rows, np.int64)
        first = self.offsets[wanted]
        counts = self.offsets[wanted + 1] - first
        offsets = offsets_of(counts)
        places = np.repeat(first - offsets[:-1], counts) + np.arange(offsets[-1])
        return TokenTable(self.types, self.type_ids[places], self.starts[places], offsets)

    def of_row(self, row: int) -> list[int]:
        """Places in the vocabulary of the types of one row."""
        ids: list[int] = self.type_ids[self.offsets[row] : self.offsets[row + 1]].tolist()
        return ids

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @overload
    def __getitem__(self, row: int) -> tuple[Token, ...]: ...
    @overload
    def __getitem__(self, row: slice) -> TokenTable: ...
    def __getitem__(self, row: int | slice) -> tuple[Token, ...] | TokenTable:
        if isinstance(row, slice):
            return self.take(np.arange(len(self))[row])
        row = range(len(self))[row]  # from the end, or out of range
        starts = self.starts[self.offsets[row] : self.offsets[row + 1]].tolist()
        tokens = []
        for number, start in zip(self.of_row(row), starts, strict=True):
            surface, word, pos, form = self.types[number]
            fields = (surface, word, pos, form, start, start + len(surface))
            tokens.append(tuple.__new__(Token, fields))  # half the time of ``Token(...)``
        return tuple(tokens)

    def __iter__(self) -> Iterator[tuple[Token, ...]]:
        return (self[row] for row in range(len(self)))


class TokenColumns:
    """Tables one after the other under one vocabulary, without keeping any of them.

    Examples
    --------
    >>> columns = TokenColumns()
    >>> columns.add(TokenTable.of([(Token("道", "道", "名詞", "", 0, 1),)]))
    >>> len(columns.table())
    1
    """

    def __init__(self) -> None:
        self._numbers: dict[WordType, int] = {}
        self._ids: list[NDArray[np.int32]] = [np.zeros(0, np.int32)]
        self._starts: list[NDArray[np.int32]] = [np.zeros(0, np.int32)]
        self._counts: list[NDArray[np.int64]] = [np.zeros(0, np.int64)]

    def add(self, table: TokenTable) -> None:
        """Take over the rows of a table."""
        numbers = self._numbers
        own = [numbers.setdefault(kind, len(numbers)) for kind in table.types]
        self._ids.append(np.array(own, np.int32)[table.type_ids])
        self._starts.append(table.starts.copy())  # else all that it was read from stays, too
        self._counts.append(np.diff(table.offsets))

    def table(self) -> TokenTable:
        """All rows that were added."""
        return TokenTable(
            list(self._numbers),
            np.concatenate(self._ids),
            np.concatenate(self._starts),
            offsets_of(np.concatenate(self._counts)),
        )


def offsets_of(counts: ArrayLike) -> NDArray[np.int64]:
    """Where rows of so many tokens begin, and where the last one ends."""
    own = np.asarray(counts, np.int64)
    offsets = np.zeros(len(own) + 1, np.int64)
    np.cumsum(own, out=offsets[1:])
    return offsets


def _values(column: pa.ChunkedArray) -> NDArray[np.int32]:
    values: NDArray[np.int32] = column.combine_chunks().flatten().to_numpy(zero_copy_only=False)
    return values
