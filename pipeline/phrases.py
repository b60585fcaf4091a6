"""Phrases that stand in an opinion and could be its heading: 「遊べる場所が少ない」.

A phrase is a slice of the text: a noun phrase, or one with its predicate up to a
plain sentence end. Negation is part of the predicate, so 「居場所がない」 never
becomes 「居場所」 with another meaning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.features import word_weight

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.tokens import Token

CLAUSE: Final = "clause"
NOUN: Final = "noun"

_NOUN_PARTS: Final = ("名詞", "接尾辞-名詞的", "接頭辞")
_LINKS: Final = frozenset(["が", "の", "は", "も", "を", "に", "へ", "で", "と", "から", "まで", "しか", "や"])
_HEADS: Final = ("動詞", "形容詞", "形状詞")
_TAIL_WORDS: Final = frozenset(
    ["た", "ない", "ず", "たい", "れる", "られる", "せる", "させる", "て", "居る", "呉れる", "貰う",
     "頂く", "下さる", "欲しい", "過ぎる", "易い", "辛い", "難い", "仕舞う", "行く", "来る", "だ",
     "為る", "出来る", "無い", "置く", "良い", "な"]
)  # fmt: skip
_PLAIN_END: Final = ("終止形", "連体形")
_NEGATIONS: Final = frozenset(["ない", "ず", "無い"])
_MOST_NOUNS: Final = 5


class Phrase(NamedTuple):
    """A slice of an opinion.

    Attributes
    ----------
    text
        As written.
    words
        Its content words and the head of its predicate, normalized; a negated
        predicate adds ``ない``.
    kind
        :data:`CLAUSE` (noun phrase and predicate) or :data:`NOUN`.
    """

    text: str
    words: frozenset[str]
    kind: str


def find_phrases(text: str, tokens: Sequence[Token]) -> list[Phrase]:
    """All candidate phrases of one opinion, noun phrases and clauses."""
    found: list[Phrase] = []
    position = 0
    while position < len(tokens):
        end = _noun_phrase(tokens, position)
        if end == position:
            position += 1
            continue
        start = _with_modifier(tokens, position)
        found += _from(text, tokens, start, position, end)
        position = end
    return found


def _from(
    text: str, tokens: Sequence[Token], modified: int, start: int, end: int
) -> list[Phrase]:
    """Phrases that begin with the noun phrase tokens[start:end]."""
    phrases = [_phrase(text, tokens, start, end, NOUN)]
    if modified < start:
        phrases.append(_phrase(text, tokens, modified, end, NOUN))
    # 「道路の整備」: one more noun phrase behind の.
    longer = end
    if end < len(tokens) - 1 and tokens[end].word == "の" and _joined(tokens, end - 1, end + 2):
        longer = _noun_phrase(tokens, end + 1)
        if longer > end + 1:
            phrases.append(_phrase(text, tokens, start, longer, NOUN))
        else:
            longer = end
    ends = {(modified, end), (start, longer)}
    # 「仕事が県外にある」: a second noun phrase between the first and the predicate.
    if end < len(tokens) - 1 and tokens[end].word in {"が", "は", "を", "に", "で", "と"}:
        second = _noun_phrase(tokens, end + 1)
        if second > end + 1 and _joined(tokens, end - 1, second):
            ends |= {(modified, second), (start, second)}
    for first, last in sorted(ends):
        head, close = _predicate(tokens, last)
        if close:
            phrases.append(_phrase(text, tokens, first, close, CLAUSE, head))
    return [phrase for phrase in phrases if phrase.words]


def _phrase(
    text: str, tokens: Sequence[Token], start: int, end: int, kind: str, head: str = ""
) -> Phrase:
    inside = tokens[start:end]
    words = {token.word for token in inside if _says_something(token)} | ({head} if head else set())
    if kind == CLAUSE and any(token.word in _NEGATIONS for token in inside):
        words.add("ない")
    return Phrase(text[inside[0].start : inside[-1].end], frozenset(words), kind)


def _says_something(token: Token) -> bool:
    return word_weight(token.pos) > 0 or token.word in {"欲しい", "良い"}


def _joined(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether tokens[first:last] follow each other without a gap in the text."""
    run = tokens[first:last]
    return all(a.end == b.start for a, b in zip(run, run[1:], strict=False))


def _noun_phrase(tokens: Sequence[Token], start: int) -> int:
    """End of the run of nouns that begins at `start`; `start` itself if there is none."""
    end = start
    while end < len(tokens) and tokens[end].pos.startswith(_NOUN_PARTS):
        if end > start and not _joined(tokens, end - 1, end + 1):
            break
        end += 1
    if end - start > _MOST_NOUNS or end == start:
        return start
    # 「少なさ」 and a lone prefix or suffix are no nouns of their own.
    if tokens[start].pos.startswith("接尾辞") or tokens[end - 1].pos.startswith("接頭辞"):
        return start
    return end


def _with_modifier(tokens: Sequence[Token], start: int) -> int:
    """Start of 「遊べる場所」, where a plain verb or adjective stands before the noun."""
    before = tokens[start - 1] if start else None
    if (
        before is not None
        and before.pos.startswith(("動詞-一般", "形容詞-一般"))
        and before.form.startswith(_PLAIN_END)
        and _joined(tokens, start - 1, start + 1)
    ):
        return start - 1
    return start


def _predicate(tokens: Sequence[Token], start: int) -> tuple[str, int]:
    """Head and end of the plain predicate behind a noun phrase; 0 where there is none."""
    position = start
    if position < len(tokens) and tokens[position].word in _LINKS:
        position += 1
    if position >= len(tokens) or not _joined(tokens, start - 1, position + 1):
        return "", 0
    head = tokens[position]
    linked = position > start
    if not head.pos.startswith(_HEADS) and not (
        linked and head.pos.startswith("名詞-普通名詞-サ変")
    ):
        return "", 0
    first = position
    position += 1
    while (
        position < len(tokens)
        and _joined(tokens, position - 1, position + 1)
        and tokens[position].word in _TAIL_WORDS
    ):
        position += 1
    # Back to the last place where a plain sentence can end.
    while position > first:
        last = tokens[position - 1]
        plain = last.form.startswith(_PLAIN_END) and last.word not in {"だ", "です", "ます", "な"}
        asks = last.word == "下さる" and last.form.startswith("命令形")
        if plain or asks or last.pos.startswith("形状詞"):
            return head.word, position
        position -= 1
    return "", 0
