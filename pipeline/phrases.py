"""Phrases that stand in an opinion and could be its heading: 「遊べる場所が少ない」.

A phrase is a slice of the text: a noun phrase, or one with its predicate up to a
plain sentence end. Negation is part of the predicate, so 「居場所がない」 never
becomes 「居場所」 with another meaning.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.features import word_weight
from pipeline.sides import sides

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.tokens import Token

CLAUSE: Final = "clause"
NOUN: Final = "noun"

_NOUN_PARTS: Final = ("名詞", "接尾辞-名詞的", "接頭辞")
# Not の: 「若者の働く」 only stands before another noun.
_LINKS: Final = frozenset(["が", "は", "も", "を", "に", "へ", "で", "と", "から", "まで", "しか"])
# Nouns that say nothing of their own; grammar, not topics.
_FORMAL: Final = frozenset(
    ["事", "こと", "物", "もの", "所", "ところ", "とこ", "儘", "侭", "まま", "為", "ため", "方", "筈", "訳", "わけ",
     "様", "時", "場合", "他", "其の他", "以外"]
)  # fmt: skip
# Verbs that say nothing without their subject or object, and what they take:
# 「仕事がある」, never 「県外にある」.
_TAKEN_BY: Final = {
    "有る": frozenset(["が", "は", "も"]),
    "無い": frozenset(["", "が", "は", "も", "しか"]),
    "居る": frozenset(["が", "は", "も"]),
    "成る": frozenset(["に"]),
    "為る": frozenset(["", "を"]),
    "出来る": frozenset(["", "が", "も"]),
    "良い": frozenset(["が", "は", "も"]),
    "言う": frozenset[str](),
    "思う": frozenset[str](),
}
_HEADS: Final = ("動詞", "形容詞", "形状詞")
_TAIL_WORDS: Final = frozenset(
    ["た", "ない", "ず", "たい", "れる", "られる", "せる", "させる", "て", "居る", "呉れる", "貰う",
     "頂く", "下さる", "欲しい", "過ぎる", "易い", "辛い", "難い", "仕舞う", "行く", "来る", "だ",
     "為る", "出来る", "無い", "置く", "良い", "な", "べし"]
)  # fmt: skip
_PLAIN_END: Final = ("終止形", "連体形")
_EASE: Final = frozenset(["易い", "辛い", "難い"])
_NEGATIONS: Final = frozenset(["ない", "ず", "無い"])
# Before these, 「と」 quotes what was said; before any other word it makes a condition.
_QUOTING: Final = frozenset(["思う", "言う", "感じる", "考える", "聞く", "の"])
# What may stand between a clause and the word that denies it: 「…とは思わない」「…わけではない」.
_BEFORE_DENIAL: Final = (
    frozenset(["思う", "言う", "感じる", "考える", "限る", "だ", "です", "ます"]) | _FORMAL
)
# 「という募集」「による流出」: these only lead to a noun.
_LEADING: Final = frozenset(["言う", "因る", "寄る", "関する", "思う"])
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
    subject, head, sides
        Of a clause: its noun phrase as written, the head of its predicate, normalized,
        and the sides that its words take (:mod:`pipeline.sides`).
    """

    text: str
    words: frozenset[str]
    kind: str
    subject: str = ""
    head: str = ""
    sides: frozenset[str] = frozenset()


def find_phrases(text: str, tokens: Sequence[Token]) -> list[Phrase]:
    """All candidate phrases of one opinion, noun phrases and clauses.

    Parameters
    ----------
    text
        The opinion as it is shown. People are masked in it, so that offsets of the
        tokens do not hold; a phrase that does not stand in it is left out.
    """
    found: list[Phrase] = []
    position = 0
    while position < len(tokens):
        end = _noun_phrase(tokens, position)
        if end == position:
            found += _ease(tokens, position)
            position += 1
            continue
        start = _with_modifier(tokens, position)
        # 「ところ」 needs what stands before it.
        if start < position or tokens[position].word not in _FORMAL:
            found += _from(tokens, start, position, end)
        position = end
    return [phrase for phrase in found if phrase.text in text]


def _ease(tokens: Sequence[Token], start: int) -> list[Phrase]:
    """「住みやすい」「分かりにくい」: a predicate that needs no noun."""
    if start + 1 >= len(tokens) or not tokens[start].pos.startswith("動詞-一般"):
        return []
    how = tokens[start + 1]
    if how.word not in _EASE or not how.form.startswith(_PLAIN_END):
        return []
    pair = tokens[start : start + 2]
    words = frozenset([tokens[start].word, how.word])
    return [Phrase(_text(pair), words, CLAUSE, "", how.word, sides(pair))]


def _from(tokens: Sequence[Token], modified: int, start: int, end: int) -> list[Phrase]:
    """Phrases that begin with the noun phrase tokens[start:end]."""
    # 「ところ」「一度」 name nothing.
    formal = tokens[end - 1].word in _FORMAL or all(
        token.pos.endswith("副詞可能") for token in tokens[start:end]
    )
    phrases = [] if formal else [_phrase(tokens, start, end, NOUN)]
    if modified < start and not formal:
        phrases.append(_phrase(tokens, modified, end, NOUN))
    # 「道路の整備」: one more noun phrase behind の.
    longer = end
    if end < len(tokens) - 1 and tokens[end].word == "の" and _joined(tokens, end - 1, end + 2):
        longer = _noun_phrase(tokens, end + 1)
        if longer > end + 1 and tokens[longer - 1].word not in _FORMAL:
            phrases.append(_phrase(tokens, start, longer, NOUN))
        else:
            longer = end
    starts = {modified} if formal else {modified, start}
    ends = {(first, last) for first in starts for last in (end, longer)}
    told = 0
    # 「仕事が県外にある」: a second noun phrase between the first and the predicate.
    if end < len(tokens) - 1 and tokens[end].word in {"が", "は", "を", "に", "で", "と"}:
        second = _noun_phrase(tokens, end + 1)
        if second > end + 1 and _joined(tokens, end - 1, second):
            ends |= {(first, second) for first in starts}
            told = second if tokens[end].word in {"が", "は"} else 0
    for first, last in sorted(ends):
        head, close = _predicate(tokens, last, has_subject=last == told)
        if close and _asserted(tokens, close):
            phrases.append(_clause(tokens, first, last, close, head))
    return [phrase for phrase in phrases if phrase.words]


def _phrase(tokens: Sequence[Token], start: int, end: int, kind: str) -> Phrase:
    inside = tokens[start:end]
    words = frozenset(token.word for token in inside if _says_something(token))
    return Phrase(_text(inside), words, kind)


def _clause(tokens: Sequence[Token], start: int, middle: int, end: int, head: str) -> Phrase:
    """The noun phrase tokens[start:middle] with its predicate up to `end`."""
    inside = tokens[start:end]
    words = {token.word for token in inside if _says_something(token)} | {head}
    if any(token.word in _NEGATIONS for token in inside):
        words.add("ない")
    subject = _text(tokens[start:middle])
    return Phrase(_text(inside), frozenset(words), CLAUSE, subject, head, sides(inside))


def _text(tokens: Sequence[Token]) -> str:
    return "".join(token.surface for token in tokens)


def _says_something(token: Token) -> bool:
    return word_weight(token.pos) > 0 or token.word in {"欲しい", "良い"}


def _joined(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether tokens[first:last] follow each other without a gap in the text."""
    run = tokens[first:last]
    return all(a.end == b.start for a, b in pairwise(run))


def _noun_phrase(tokens: Sequence[Token], start: int) -> int:
    """End of the run of nouns that begins at `start`; `start` itself if there is none."""
    end = start
    while end < len(tokens) and tokens[end].pos.startswith(_NOUN_PARTS):
        if end > start and not _joined(tokens, end - 1, end + 1):
            break
        end += 1
        if tokens[end - 1].word in _FORMAL:
            break
    if end - start > _MOST_NOUNS or end == start:
        return start
    # 「反対反対反対」 is a cry, no name.
    if len({token.word for token in tokens[start:end]}) < end - start:
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
        and before.word not in _LEADING
        and _joined(tokens, start - 1, start + 1)
    ):
        return start - 1
    return start


def _predicate(tokens: Sequence[Token], start: int, *, has_subject: bool) -> tuple[str, int]:
    """Head and end of the plain predicate behind a noun phrase; 0 where there is none."""
    position = start
    link = ""
    if position < len(tokens) and tokens[position].word in _LINKS:
        link = tokens[position].word
        position += 1
    if position >= len(tokens) or not _joined(tokens, start - 1, position + 1):
        return "", 0
    head = tokens[position]
    # 「交通が不便」「老後が不安」: nouns that describe, where no further noun follows.
    describes = link in {"が", "は", "も"} and "形状詞可能" in head.pos
    if not head.pos.startswith(_HEADS) and not (
        (link and head.pos.startswith("名詞-普通名詞-サ変")) or describes
    ):
        return "", 0
    if describes and _noun_phrase(tokens, position) > position + 1:
        return "", 0
    placed = has_subject and link == "に" and head.word in {"有る", "無い", "居る"}
    if head.word in _TAKEN_BY and link not in _TAKEN_BY[head.word] and not placed:
        return "", 0
    if link in {"が", "は", "も"} and _made_so(tokens[position : position + 2]):
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
        polite = any(token.word == "下さる" for token in tokens[first : position - 1])
        if (  # the す of 「周知すべき」 ends nothing
            (plain and not polite and last.word != "下さる" and last.surface != "す")
            or asks
            or last.pos.startswith("形状詞")
            or (describes and position == first + 1)
        ):
            return head.word, position
        position -= 1
    return "", 0


def _made_so(pair: Sequence[Token]) -> bool:
    """「多くする」: what is made so stands before を, never before が."""
    return pair[0].pos.startswith("形容詞") and [token.word for token in pair[1:]] == ["為る"]


def _asserted(tokens: Sequence[Token], end: int) -> bool:
    """Whether the clause before `end` is what the opinion says.

    Not where it describes a noun (「都会にない」自然), is a condition (「車がない」と困る)
    or is denied (「街が良い」とは思わない).
    """
    if end >= len(tokens) or not _joined(tokens, end - 1, end + 1):
        return True
    after = tokens[end]
    if after.surface == "に" and tokens[end - 1].pos.startswith("形状詞"):
        return False  # 「頻繁に」
    if after.pos.startswith("名詞") and after.word not in _FORMAL and "助動詞語幹" not in after.pos:
        return False
    # 「と」 quotes or, before anything else, makes a condition.
    quoted = tokens[end + 1].word in _QUOTING if end + 1 < len(tokens) else False
    if after.word in {"ば", "なら"} or (after.word == "と" and not quoted):
        return False
    for token in tokens[end : end + 6]:
        if token.word in _NEGATIONS:
            return False
        if not token.pos.startswith("助詞") and token.word not in _BEFORE_DENIAL:
            break
    return True
