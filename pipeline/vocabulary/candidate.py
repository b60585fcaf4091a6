"""A candidate for a dictionary: what is proposed, and what speaks for it."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from pipeline.vocabulary.material import Counts

UNKNOWN: Final = "未知語"
COMPOUND: Final = "複合語"
VARIANT: Final = "表記ゆれ"
SYNONYM: Final = "同義語"
KINDS: Final = (UNKNOWN, COMPOUND, VARIANT, SYNONYM)

WORDS_FILE: Final = "user.csv"
SYNONYMS_FILE: Final = "synonyms.csv"

NOUN: Final = "名詞"
PLACE: Final = "地名"


class Candidate(NamedTuple):
    """Something that a dictionary could know.

    Attributes
    ----------
    kind
        One of :data:`KINDS`; the first two are for ``user.csv``, the others for
        ``synonyms.csv``.
    word
        見出し, or the word that is merged into another.
    reading
        Katakana; empty where it is not known.
    normalized
        正規形, or まとめ先.
    part
        種類; empty for ``synonyms.csv``.
    counts
        How often the word was said.
    score
        The statistic as a number; higher speaks more, comparable within a kind.
    statistic, why
        The same in Japanese, and why it is proposed.
    contexts
        Up to two short masked stretches of opinions.
    read_parts
        Terms of the concept dictionary that stand inside a compound: as one word it would no
        longer be read by them.
    """

    kind: str
    word: str
    reading: str
    normalized: str
    part: str
    counts: Counts
    score: float
    statistic: str
    why: str
    contexts: tuple[str, ...] = ()
    read_parts: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """The dictionary that it is for."""
        return WORDS_FILE if self.kind in {UNKNOWN, COMPOUND} else SYNONYMS_FILE

    @property
    def line(self) -> str:
        """The line that would be added to it."""
        own = (self.word, self.reading, self.normalized, self.part)
        return as_line(own if self.file == WORDS_FILE else (self.word, self.normalized))


def as_line(cells: tuple[str, ...]) -> str:
    """Cells as a line of CSV, without its end."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(cells)
    return buffer.getvalue()
