"""What an issue is called: a clause that stands for its opinions, or its heading.

A clause is a slice of an opinion, 「遊べる場所が少ない」. It may head an issue only
if it is true of most opinions of it: they speak of its subject and take its side.
Where none does, the heading of the concept dictionary is true of all.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.keywords import VAGUE, most_frequent
from pipeline.phrases import CLAUSE, Phrase, find_phrases
from pipeline.sides import BAD, GOOD, LACK, NEEDS, WANT, WISH

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.tokens import Token

TRUE_OF: Final = 0.5
"""Share of the opinions that a title has to be true of."""

AGAINST: Final = 0.2
"""Share of the opinions that may take the other side only."""

SAID_SO: Final = 0.25
"""Share that has to take the very side of a clause: who wishes for a shop says that shops are
lacking, but somebody has to say it. The same share has to use a predicate which says more
than good, bad or lacking."""

WORTH_NAMING: Final = 0.2
"""Share of the opinions from which a second heading is named."""

ENOUGH_NAMED: Final = 0.8
"""Share of the opinions from which the headings that are named need no 「ほか」."""

_ONE_HEADING: Final = 0.6
"""Share from which one of several joined headings speaks for the issue."""

_FEW: Final = 10
"""Opinions from which a wording of only one of them is no title for all."""

_LONGEST: Final = 20
_GENERAL: Final[Mapping[str, frozenset[str]]] = {
    "欲しい": frozenset([LACK, WISH]),
    "無い": frozenset([LACK, WISH]),
    "少ない": frozenset([LACK, WISH]),
    "足りる": frozenset([LACK, WISH]),
    "不足": frozenset([LACK, WISH]),
    "悪い": frozenset([LACK, BAD]),
    "不便": frozenset([LACK, BAD]),
    "良い": frozenset([GOOD]),
}
"""Predicates that say only on which side an opinion is, and the sides they are true of."""

_THERE: Final = frozenset(["有る", "居る", "為る", "成る", "出来る"])
"""Predicates that are no point of their own unless denied or wished for."""


@dataclass(frozen=True)
class Voice:
    """What a title has to know of one distinct opinion.

    Attributes
    ----------
    text, tokens, count
        As shown, its words, and how often it was said.
    words
        Normalized forms, ``ない`` where something is denied.
    sides
        Sides that it takes.
    field, heading
        Field and heading of the concept dictionary that it stands under.
    praises
        Whether its kind is praise, the question considered.
    """

    text: str
    tokens: Sequence[Token]
    count: int
    words: frozenset[str]
    sides: frozenset[str]
    field: str = ""
    heading: str = ""
    praises: bool = False


@dataclass(frozen=True)
class Candidate:
    """A phrase that could be the title of an issue.

    Attributes
    ----------
    text
        Its most frequent wording.
    words, kind, subject, head, sides
        As in :class:`~pipeline.phrases.Phrase`.
    said
        Number of opinions with it.
    """

    text: str
    words: frozenset[str]
    kind: str
    subject: str
    head: str
    sides: frozenset[str]
    said: int


def find_candidates(voices: Sequence[Voice]) -> list[Candidate]:
    """Phrases of an issue's opinions, each set of words once."""
    wordings: dict[tuple[frozenset[str], str], Counter[Phrase]] = defaultdict(Counter)
    for voice in voices:
        for phrase in set(find_phrases(voice.text, voice.tokens)):
            if _readable(phrase):
                wordings[phrase.words, phrase.kind][phrase] += voice.count
    found = []
    for (words, kind), counted in wordings.items():
        texts: Counter[str] = Counter()
        for phrase, count in counted.items():
            texts[phrase.text] += count
        text = _uniform(texts)
        own = min((phrase for phrase in counted if phrase.text == text), key=_order)
        found.append(
            Candidate(text, words, kind, own.subject, own.head, own.sides, sum(counted.values()))
        )
    return sorted(found, key=lambda own: (own.text, own.kind, sorted(own.words)))


def title_of_headings(names: Sequence[str], voices: Sequence[Voice]) -> str:
    """The heading of an issue; of several joined ones the largest, two at most.

    Parameters
    ----------
    names
        Headings of the dictionary that are joined in the issue.

    Notes
    -----
    Where even two are not most of the issue, their field stands before them:
    「環境・衛生（雑草・樹木の管理／空き家・空き地 ほか）」.
    """
    said: Counter[str] = Counter()
    for voice in voices:
        said[voice.heading] += voice.count
    order = sorted(names, key=lambda name: (-said[name], names.index(name)))
    total = sum(voice.count for voice in voices)
    named = [order[0]]
    if (
        len(order) > 1
        and said[order[0]] < ENOUGH_NAMED * total
        and said[order[1]] >= WORTH_NAMING * total
    ):
        named.append(order[1])
    covered = sum(said[name] for name in named)
    rest = len(order) > len(named) and covered < ENOUGH_NAMED * total
    title = "／".join(named) + (" ほか" if rest else "")
    fields: Counter[str] = Counter()
    for voice in voices:
        fields[voice.field] += voice.count
    field = most_frequent(fields)
    if rest and field and covered < TRUE_OF * total <= fields[field]:
        return f"{field}（{title}）"
    return title


def clause_for_all(
    candidates: Sequence[Candidate],
    voices: Sequence[Voice],
    names: Sequence[str] = (),
    taken: frozenset[str] = frozenset(),
) -> Candidate | None:
    """The clause that stands best for all opinions of an issue, if one does.

    Parameters
    ----------
    names
        Headings of the issue; a subject that stands in the one that most opinions
        have needs not stand in the opinions.
    taken
        Titles of other issues.
    """
    total = sum(voice.count for voice in voices)
    heading = _main_heading(names, voices, total)
    ranked = []
    for number, own in enumerate(candidates):
        if own.kind != CLAUSE or own.text in taken or not _is_point(own):
            continue
        if own.said < (2 if total >= _FEW else 1):
            continue
        truth = _truth(own, voices, total)
        about = _about(own, voices, total)
        named = _is_named(own.subject, heading)
        if truth >= TRUE_OF and (named or about >= TRUE_OF):
            subject = (1.0 + about) / 2 if named else about
            said = _saying_so(own, voices) / total * (own.said / total) ** 0.25
            score = truth * subject * said * len(own.words) ** 0.5
            ranked.append((-round(score, 9), len(own.text), own.text, number))
    return candidates[min(ranked)[-1]] if ranked else None


def says(own: Candidate, voice: Voice) -> bool:
    """Whether an opinion has the words of a clause and is on its side."""
    return own.words <= voice.words and bool(own.sides & voice.sides)


def _truth(own: Candidate, voices: Sequence[Voice], total: int) -> float:
    """Share of the opinions that a clause is true of; 0 where too many contradict."""
    against = sum(voice.count for voice in voices if _contradicts(own, voice))
    if against > AGAINST * total or _saying_so(own, voices) < SAID_SO * total:
        return 0.0
    if own.head not in _GENERAL:
        shared = sum(voice.count for voice in voices if own.head in voice.words)
        if shared < SAID_SO * total:
            return 0.0
    # 「メリットがない」 is bad, not lacking.
    general = _GENERAL.get(own.head, own.sides)
    meant = general if general & own.sides else own.sides
    agreeing = [own_voice.count for own_voice in voices if own_voice.sides & meant]
    return sum(agreeing) / total


def _saying_so(own: Candidate, voices: Sequence[Voice]) -> int:
    """Number of opinions on the very side that a clause takes."""
    return sum(voice.count for voice in voices if voice.sides & own.sides)


def _contradicts(own: Candidate, voice: Voice) -> bool:
    if GOOD in own.sides:
        return GOOD not in voice.sides and bool(voice.sides & NEEDS)
    praises = voice.sides == frozenset([GOOD]) or (voice.praises and not voice.sides)
    return bool(own.sides & NEEDS) and praises


def _about(own: Candidate, voices: Sequence[Voice], total: int) -> float:
    """Share of the opinions with the words of a clause's subject, or of all of it if it has none."""
    subject = own.words - {own.head, "ない"} or own.words
    return sum(voice.count for voice in voices if subject <= voice.words) / total


def _main_heading(names: Sequence[str], voices: Sequence[Voice], total: int) -> str:
    for name in names:
        if sum(voice.count for voice in voices if voice.heading == name) >= _ONE_HEADING * total:
            return name
    return ""


def _is_named(subject: str, heading: str) -> bool:
    """Whether a noun phrase is named by a heading: 「娯楽施設」 by 「娯楽・レジャー施設」."""
    parts = re.split("[（）・]", heading)
    if len(subject) < 2 or not heading:
        return bool(subject) and subject in parts
    letters = iter(heading)
    return subject in heading or (len(subject) > 2 and all(one in letters for one in subject))


def _is_point(own: Candidate) -> bool:
    """Whether a clause says a thing that a planner could note, and takes a side."""
    if not own.sides or own.text.endswith("た") or own.text[len(own.subject) :].startswith("も"):
        return False
    # 「場所がない」 does not say for what, 「便利さがない」 is 「不便」.
    vague = bool(own.subject) and own.words - {own.head, "ない"} <= VAGUE
    if vague or own.subject.endswith("さ"):
        return False
    return own.head not in _THERE or bool(own.sides & {LACK, WISH, WANT})


def _readable(phrase: Phrase) -> bool:
    brackets = any(mark in "「」『』（）()【】\n" for mark in phrase.text)
    return 2 <= len(phrase.text) <= _LONGEST and not brackets


def _uniform(texts: Counter[str]) -> str:
    """Most frequent wording, one with が or を before one without: 「自然が豊か」."""
    most = max(texts.values())
    whole = [text for text in texts if texts[text] >= 0.1 * most and ("が" in text or "を" in text)]
    return most_frequent(Counter({text: texts[text] for text in whole}) if whole else texts)


def _order(phrase: Phrase) -> tuple[str, str, list[str]]:
    return phrase.subject, phrase.head, sorted(phrase.sides)
