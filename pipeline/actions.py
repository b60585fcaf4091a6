"""Opinions to lines of the action plan: which line of アクションプラン a voice speaks to.

An opinion is linked only inside the goal that it stands under already, and only where it
shares words with the line that set the line apart from the plan's others. Nothing is fitted
to data; where the shared words are thin, there is no link.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from pipeline.concepts import HEADING, find_concepts
from pipeline.features import content_words
from pipeline.tables import SCHEMAS, conform

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipeline.concept_dictionary import ConceptDictionary
    from pipeline.concepts import Hit
    from pipeline.matching import Tokenize
    from pipeline.plan import Action, Plan
    from pipeline.tokens import Token

LEAST_SCORE: Final = 0.8
"""Least sum of weights in the measure that the opinion stands under: one word that at most
two of sixty lines use, or two that are more common."""

LEAST_ALONE: Final = 1.5
"""Least sum in another measure of the same goal, and for a line that names a service which the
opinion does not name: two telling things."""

LEAST_SHARE: Final = 1 / 3
"""A single common word is enough where it is at least this share of all that the line says."""

LEAST_COMMON: Final = 0.4
"""Least weight of such a word: in a plan of sixty lines at most a dozen use it."""

LEAST_TOPIC: Final = 0.6
"""Share of what a line says from which it is about a heading: other words for it count too."""

TOO_COMMON: Final = 0.2
"""Share of the plan's lines; what stands in more of them sets none apart."""

LONGEST_PASSAGE: Final = 8
"""Words between the ends of a passage that is shown whole."""

# What a town does and whom it is for: every plan is written in these words, and a plan has too
# few lines for their frequency to show it. What a line is about is the rest.
_ADMINISTRATION: Final = """
    事業 実施 検討 推進 充実 強化 継続 拡充 向上 確保 整備 整理 策定 計画 実現 実行 開催 設置 着手
    制度 体制 仕組み 機能 機関 関係 連携 協力 団体 組織 基盤 対応 対象 対策 目的 方法 方針 取り組み
    課題 問題 解決 支援 活動 活用 提供 作成 調整 見直し 新規 各種 分野 環境 社会 地域 地区 市内 市民
    住民 区民 町民 村民 生活 行政 自治体 社会福祉協議会 社会福祉法人 法人 会 場 者 化 力 性 別 作り
    効果 質 量 増加 促進 構築 創出 展開 運営 年代 各 自己 企業 サービス 養成 育成 施策 理解 積極 的
    質的 量的 新た 必要 着実 的確 有効 適切 密接
"""
_NAMING: Final = ("名詞", "形状詞")
_PLAN_WORDS: Final = frozenset(_ADMINISTRATION.split())


class ActionLine(NamedTuple):
    """A line of the action plan; ``measure_id`` is empty where it stands under the goal alone."""

    goal_id: str
    measure_id: str
    action: Action


@dataclass(frozen=True)
class _Content:
    """What a text says: word or heading → the surfaces that say it."""

    words: Mapping[str, str]
    headings: Mapping[tuple[str, ...], _Naming]
    services: frozenset[str]


class _Link(NamedTuple):
    """A line that an opinion may speak to; ``share`` is of what the line says."""

    line: ActionLine
    score: float
    share: float
    words: tuple[str, ...]


class _Naming(NamedTuple):
    """How a text names a heading: facet (or none), words, and the passage as it stands."""

    facet: str
    words: frozenset[str]
    passage: str


def action_lines(plan: Plan) -> Iterator[ActionLine]:
    """All lines of a plan in its order; those under a goal alone after its measures'."""
    for goal in plan.goals:
        for measure in goal.measures:
            for action in measure.actions:
                yield ActionLine(goal.id, measure.id, action)
        for action in goal.other_actions:
            yield ActionLine(goal.id, "", action)


def link_actions(
    plan: Plan,
    opinions: pd.DataFrame,
    tokens: Sequence[Sequence[Token]],
    hits: Sequence[Sequence[Hit]],
    dictionary: ConceptDictionary,
    stopwords: frozenset[str],
    tokenize: Tokenize,
) -> pd.DataFrame:
    """Table ``action_links``: the line that each opinion speaks to, with the words that say so.

    Parameters
    ----------
    opinions
        ``opinion_id, goal_id, measure_id``; what stands under no goal has no link.
    tokens, hits
        Of every opinion, in the order of ``opinions``.

    Returns
    -------
    DataFrame
        ``opinion_id, action_id, score, words``; ``words`` as the opinion has them, by 、.
        An opinion has no row, one, or one for each line of the same wording.

    Notes
    -----
    A word (noun) or heading that stands in *d* of the plan's *n* different lines weighs
    ``1 - log d / log n`` and nothing above ``TOO_COMMON``; words of administration weigh
    nothing. A heading that makes up ``LEAST_TOPIC`` of the line counts where other words say it
    in the opinion, unless both name facets of it that differ. The line with the greatest sum is
    taken, or none where it is of another measure and its words are too thin. Of equal ones that
    is taken of which the shared words are the largest part, then that of the opinion's measure;
    where lines of different wording are equal even then, there is no link.

    References
    ----------
    Spärck Jones (1972), A statistical interpretation of term specificity and its application
    in retrieval, Journal of Documentation 28(1).
    """
    linker = ActionLinker(plan, dictionary, stopwords, tokenize)
    columns = (opinions["opinion_id"], opinions["goal_id"], opinions["measure_id"])
    rows = [
        (opinion_id, action_id, score, "、".join(words))
        for opinion_id, goal_id, measure_id, own, found in zip(*columns, tokens, hits, strict=True)
        if goal_id
        for action_id, score, words in linker.links(own, found, goal_id, measure_id)
    ]
    return conform("action_links", pd.DataFrame(rows, columns=SCHEMAS["action_links"].names))


class ActionLinker:
    """The lines of a plan, read once, and which of them an opinion speaks to.

    Parameters
    ----------
    tokenize
        The same function that makes the opinions' tokens.
    """

    def __init__(
        self,
        plan: Plan,
        dictionary: ConceptDictionary,
        stopwords: frozenset[str],
        tokenize: Tokenize,
    ) -> None:
        lines = [line for line in action_lines(plan) if line.action.text]
        self._reading = _Reading(dictionary, stopwords)
        texts = sorted({line.action.text for line in lines})
        contents = {text: self._reading.of_line(text, tokenize) for text in texts}
        self._weights = _weights(contents)
        self._under: dict[str, _Lines] = {}
        for goal_id in dict.fromkeys(line.goal_id for line in lines):
            own = [line for line in lines if line.goal_id == goal_id]
            self._under[goal_id] = _Lines.of(own, contents, self._weights)

    def links(
        self, tokens: Sequence[Token], hits: Sequence[Hit], goal_id: str, measure_id: str
    ) -> list[tuple[str, float, tuple[str, ...]]]:
        """Lines that one opinion speaks to: id, score, and words as the opinion has them.

        None, one, or one for each line of the same wording; see :func:`link_actions`.
        """
        under = self._under.get(goal_id)
        if under is None or not under.may_share(tokens, hits, self._reading.dictionary):
            return []
        said = self._reading.of(tokens, hits)
        found, elsewhere = [], 0.0
        for number in under.sharing(said):
            line, content, whole = under.lines[number]
            score, by_words, words = _shared(said, content, self._weights, whole)
            if content.services - said.services:
                enough = score >= LEAST_ALONE
            elif line.measure_id in {measure_id, ""}:
                enough = score >= LEAST_SCORE or by_words >= max(LEAST_COMMON, LEAST_SHARE * whole)
            else:
                enough = score >= LEAST_ALONE
                elsewhere = max(elsewhere, score)
            if enough:
                found.append(_Link(line, score, round(score / max(whole, 1.0), 9), words))
        return [
            (link.line.action.id, link.score, link.words)
            for link in _best(found, elsewhere, measure_id)
        ]


@dataclass(frozen=True)
class _Lines:
    """Lines under a goal, and which of them say a word or name a heading that weighs something.

    A line that shares nothing of the kind with an opinion has no score and is not looked at.
    """

    lines: tuple[tuple[ActionLine, _Content, float], ...]
    saying: Mapping[object, tuple[int, ...]]

    @classmethod
    def of(
        cls,
        lines: Sequence[ActionLine],
        contents: Mapping[str, _Content],
        weights: Mapping[object, float],
    ) -> _Lines:
        saying: dict[object, list[int]] = defaultdict(list)
        own = []
        for number, line in enumerate(lines):
            content = contents[line.action.text]
            own.append((line, content, _weight(content.words, weights)))
            for what in (*content.words, *content.headings):
                if what in weights:
                    saying[what].append(number)
        return cls(tuple(own), {what: tuple(numbers) for what, numbers in saying.items()})

    def may_share(
        self, tokens: Sequence[Token], hits: Sequence[Hit], dictionary: ConceptDictionary
    ) -> bool:
        """Whether it is worth reading an opinion."""
        saying = self.saying
        return any(token.word in saying for token in tokens) or any(
            dictionary.paths[hit.concept][:HEADING] in saying for hit in hits
        )

    def sharing(self, said: _Content) -> list[int]:
        """Numbers of the lines that share a word or heading with an opinion, in order."""
        saying = self.saying
        return sorted(
            {
                number
                for what in (*said.words, *said.headings)
                if what in saying
                for number in saying[what]
            }
        )


def tabulate_actions(plan: Plan, links: pd.DataFrame, opinions: pd.DataFrame) -> pd.DataFrame:
    """Table ``actions``: one row a line of the plan, those that nobody speaks to included.

    Parameters
    ----------
    links
        Table ``action_links``.
    opinions
        ``opinion_id, duplicate_of, respondent_id``.
    """
    wording = opinions["duplicate_of"].where(opinions["duplicate_of"] != "", opinions["opinion_id"])
    joined = links.merge(
        opinions.assign(wording=wording)[["opinion_id", "wording", "respondent_id"]],
        on="opinion_id", how="left", validate="many_to_one",
    )  # fmt: skip
    by_action = dict(iter(joined.groupby("action_id", sort=True)))
    nobody = joined.iloc[:0]
    rows = []
    for line in action_lines(plan):
        own = by_action.get(line.action.id, nobody)
        known = own["respondent_id"]
        said = Counter(word for words in own["words"] for word in words.split("、"))
        rows.append(
            {
                "action_id": line.action.id,
                "goal_id": line.goal_id,
                "measure_id": line.measure_id,
                "text": line.action.text,
                "status": line.action.status,
                "n_opinions": len(own),
                "n_distinct": own["wording"].nunique(),
                "n_respondents": known[known != ""].nunique(),
                "words": "、".join(sorted(said, key=lambda word: (-said[word], word))),
            }
        )
    return conform("actions", pd.DataFrame(rows, columns=SCHEMAS["actions"].names))


@dataclass(frozen=True)
class _Reading:
    """How texts are read: the plan's lines and the opinions alike."""

    dictionary: ConceptDictionary
    stopwords: frozenset[str]

    def of_line(self, text: str, tokenize: Tokenize) -> _Content:
        tokens = tokenize(text)
        return self.of(tokens, find_concepts(tokens, self.dictionary))

    def of(self, tokens: Sequence[Token], hits: Sequence[Hit]) -> _Content:
        telling = set(content_words(tokens, self.stopwords)) - _PLAN_WORDS
        words: dict[str, str] = {}
        services = set()
        for token in tokens:
            if token.word not in telling or not token.pos.startswith(_NAMING):
                continue
            if token.pos.startswith("名詞-固有名詞"):
                if token.pos.startswith("名詞-固有名詞-一般"):
                    services.add(token.word)
                else:  # names of places and people are no topic
                    continue
            words.setdefault(token.word, token.surface)
        headings: dict[tuple[str, ...], _Naming] = {}
        for hit in hits:
            own = frozenset(tokens[place].word for place in hit.tokens)
            if own <= _PLAN_WORDS or hit.weight < 1.0:
                continue  # words of administration, and what the dictionary calls a hint
            path = self.dictionary.paths[hit.concept]
            naming = _Naming("".join(path[HEADING:]), own, _passage(tokens, hit))
            headings.setdefault(path[:HEADING], naming)
        return _Content(words, headings, frozenset(services))


def _passage(tokens: Sequence[Token], hit: Hit) -> str:
    """The opinion's own words from the first to the last that meet a term."""
    first, last = min(hit.tokens), max(hit.tokens)
    places = range(first, last + 1) if last - first <= LONGEST_PASSAGE else hit.tokens
    return "".join(tokens[place].surface for place in places).replace("、", "…")


def _weights(contents: Mapping[str, _Content]) -> dict[object, float]:
    """Word or heading → how well it sets a line apart, 0 to 1."""
    usage: Counter[object] = Counter()
    for content in contents.values():
        usage.update([*content.words, *content.headings])
    n = len(contents)
    most = max(2.0, TOO_COMMON * n)  # a short plan may say a thing twice
    return {
        what: (1.0 - math.log(number) / math.log(n)) if n > 1 else 1.0
        for what, number in usage.items()
        if number <= most
    }


def _weight(words: Iterable[str], weights: Mapping[object, float]) -> float:
    return round(math.fsum(weights.get(word, 0.0) for word in words), 9)


def _shared(
    said: _Content, line: _Content, weights: Mapping[object, float], whole: float
) -> tuple[float, float, tuple[str, ...]]:
    """Weights that both texts have, those of words alone, and what the opinion says for them."""
    counted = {word for word in said.words if word in line.words and word in weights}
    found = {said.words[word]: weights[word] for word in sorted(counted)}
    by_words = round(math.fsum(found.values()), 9)
    for heading, naming in sorted(said.headings.items()):
        other = line.headings.get(heading)
        if other is None or heading not in weights or counted & (naming.words | other.words):
            continue
        if _weight(other.words & line.words.keys(), weights) < LEAST_TOPIC * whole:
            continue
        if not (naming.facet and other.facet) or naming.facet == other.facet:
            found.setdefault(naming.passage, weights[heading])
    ranked = sorted(found, key=lambda surface: (-found[surface], surface))
    return round(math.fsum(found.values()), 9), by_words, tuple(ranked)


def _best(found: Sequence[_Link], elsewhere: float, measure_id: str) -> list[_Link]:
    """The best line and those of the same wording.

    None where different ones are as good, or where one of another measure fits better for which
    the shared words are too thin: then the opinion is about that one or about none.
    """
    most = max((elsewhere, *(link.score for link in found)))
    fitting = [link for link in found if link.score == most]
    share = max((link.share for link in fitting), default=0.0)
    best = [link for link in fitting if link.share == share]
    at_home = [link for link in best if measure_id and link.line.measure_id == measure_id]
    best = at_home or best
    return best if len({link.line.action.text for link in best}) == 1 else []
