"""Coding rules: which words of a resident speak for which goal of a plan.

A rule file stands beside its plan (``nishitokyo-4.rules.toml``) and is written
to be read and changed by a planner::

    plan = "nishitokyo-4"

    [lists]
    "高齢の人" = ["高齢者", "年をとる"]

    [[rules]]
    goal = "4"
    measure = "4-3"
    name = "高齢の人の移動"
    weight = 3
    terms = ["バス", "タクシー", "#公共交通", "=足がない"]
    with = ["@高齢の人", "免許返納"]
    near = ["困る"]
    not = ["観光"]

A term is a word or phrase in plain Japanese. It is split by the same tokenizer
as the opinions and matches the same sequence of normalized forms: 「遊べる」 also
finds 遊ぶ. Particles of a term do not count, and up to :data:`~pipeline.matching.WIDEST_GAP` light
words (particles, adverbs, 「います」「たち」「みんな」…) may stand between two of its
words; ``=`` in front asks for exactly these words, particles included. ``@name``
stands for a list, ``#name`` for whatever the concept dictionary finds under a concept
of that name. ``with`` asks for another word in the same opinion, ``near`` for one close
by in the same sentence, ``not`` for the absence of one. Goal ``"0"`` collects what
speaks for none of the goals.
"""

from __future__ import annotations

import functools
import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.codebook import content_words
from pipeline.kept import keep, kept_path, read_kept
from pipeline.matching import Pattern, index_rules, term_words
from pipeline.plan import NO_GOAL
from pipeline.study import explain, without_echoes
from pipeline.tokens import origin_of
from pipeline.tomlfile import Problem, faulty, read_text, read_toml, table_lines, value_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pipeline.concept_dictionary import ConceptDictionary
    from pipeline.errors import InputError
    from pipeline.matching import Role, RuleIndex, Tokenize
    from pipeline.plan import Plan

_NAME: Final = "規則ファイル"


class Rule(BaseModel):
    """One coding rule.

    Attributes
    ----------
    goal, measure
        What the rule speaks for; ``measure`` may be empty.
    weight
        3 decides alone, 2 is strong, 1 is enough where nothing speaks against
        it, less is a hint.
    terms
        At least one of these must stand in the opinion.
    with_
        One of these must stand in the same opinion too, if any are given.
    near
        One of these must stand close by in the same sentence, if any are given
        (:data:`pipeline.matching.NEAR`).
    not_
        None of these may stand in the same opinion.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    goal: str = Field(pattern=r"^\S+$")
    measure: str = ""
    name: str = ""
    weight: float = Field(default=1.0, gt=0, le=10)
    terms: tuple[str, ...] = Field(min_length=1)
    with_: tuple[str, ...] = Field(default=(), alias="with")
    near: tuple[str, ...] = ()
    not_: tuple[str, ...] = Field(default=(), alias="not")

    @property
    def conditions(self) -> tuple[tuple[Role, tuple[str, ...]], ...]:
        """What the rule asks for, under the names of the file's keys."""
        return (
            ("terms", self.terms), ("with", self.with_), ("near", self.near), ("not", self.not_),
        )  # fmt: skip

    @property
    def label(self) -> str:
        """Name for a reader: the rule's own or its first term."""
        return self.name or self.terms[0]


class _RuleFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    plan: str = ""
    lists: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class Rules:
    """Rules ready to be matched.

    Attributes
    ----------
    patterns
        First normalized form of a term → the terms that begin with it.
    concepts
        Number of a concept → the rules that name it or something above it, and as what.
    codebook
        Content words of the plan and its rules, one entry a goal and measure:
        ``(goal_id, measure_id, words)``; ``measure_id`` is empty for what stands
        at the goal itself.
    """

    rules: tuple[Rule, ...]
    patterns: Mapping[str, tuple[Pattern, ...]]
    concepts: Mapping[int, tuple[tuple[int, Role], ...]]
    codebook: tuple[tuple[str, str, tuple[str, ...]], ...]

    @functools.cached_property
    def goals(self) -> tuple[str, ...]:
        """Goal of every rule."""
        return tuple(rule.goal for rule in self.rules)

    @functools.cached_property
    def asking(self) -> Mapping[Role, frozenset[int]]:
        """Rules that ask for a word of ``with``, and for one of ``near``."""
        numbered = list(enumerate(self.rules))
        return {
            "with": frozenset(number for number, rule in numbered if rule.with_),
            "near": frozenset(number for number, rule in numbered if rule.near),
        }

    @functools.cached_property
    def index(self) -> RuleIndex:
        """What the rules ask for, by what has to stand in an opinion."""
        return index_rules(self.patterns, self.concepts, self.asking)


def load_rules(
    path: Path, plan: Plan, tokenize: Tokenize, dictionary: ConceptDictionary | None = None
) -> Rules:
    """Read, check and compile the rules of a plan.

    Parameters
    ----------
    plan
        The plan whose goals and measures the rules name.
    path
        The rule file. Where it does not exist, the plan has no rules and only its
        own words are known.
    tokenize
        The same function that makes the opinions' tokens.
    dictionary
        The concepts that rules may name.

    Raises
    ------
    InputError
        The file is not TOML, or a rule is wrong; everything wrong is listed with
        its line.

    Notes
    -----
    Terms are split into words; what comes of it is kept, see
    :func:`pipeline.concept_dictionary.load_concepts`.
    """
    if not path.is_file():
        return compile_rules((), {}, plan, tokenize, dictionary)
    origin = origin_of(tokenize)
    if not origin:  # a function of which nothing is known
        return _read(path, plan, tokenize, dictionary)
    # All that rules ask a dictionary for: the names of its concepts, and what is under which.
    names = json.dumps(dictionary.paths if dictionary else None)
    made_of = [read_text(path, _NAME), plan.model_dump_json(), names, origin]
    kept = kept_path("rules", made_of)
    content = read_kept(kept)
    if content is not None:
        return _restored(content)
    rules = _read(path, plan, tokenize, dictionary)
    keep(kept, _in_bytes(rules))
    return rules


def _read(
    path: Path, plan: Plan, tokenize: Tokenize, dictionary: ConceptDictionary | None
) -> Rules:
    text, values = read_toml(path, _NAME)
    tokenize = functools.cache(tokenize)  # a word stands in many rules
    starts = table_lines(text, "rules", values.get("rules"))
    try:
        content = _RuleFile.model_validate(values)
    except ValidationError as error:
        raise _faulty(
            path.name,
            [
                Problem(_line_of(detail["loc"], starts), explain(detail))
                for detail in without_echoes(error.errors())
            ],
        ) from error
    known = _names(dictionary)
    problems: list[Problem] = []
    if content.plan and content.plan != plan.id:
        problems.append(Problem(1, f"plan: 計画「{plan.id}」ではなく「{content.plan}」の規則です"))
    problems += [
        Problem(None, f"lists.{name}: {why}")
        for name, terms in content.lists.items()
        for term in terms
        if (why := _wrong_term(term, {}, known, tokenize))
    ]
    lines = text.splitlines()
    for place, rule in enumerate(content.rules):
        for key, written, why in _wrong(rule, plan, content.lists, known, tokenize):
            line = value_line(lines, starts, place, key, written)
            problems.append(Problem(line, f"規則「{rule.label}」の {key}: {why}"))
    if problems:
        raise _faulty(path.name, problems)
    return compile_rules(content.rules, content.lists, plan, tokenize, dictionary)


def compile_rules(
    rules: Sequence[Rule],
    lists: Mapping[str, Sequence[str]],
    plan: Plan,
    tokenize: Tokenize,
    dictionary: ConceptDictionary | None = None,
) -> Rules:
    """Make rules that have been checked ready to be matched.

    Parameters
    ----------
    rules, plan
        Rules that agree with the plan.
    tokenize
        The same function that makes the opinions' tokens.
    lists
        Terms that ``@name`` stands for.
    dictionary
        The concepts that ``#name`` stands for.
    """
    patterns: dict[str, list[Pattern]] = defaultdict(list)
    concepts: dict[int, list[tuple[int, Role]]] = defaultdict(list)
    words: dict[tuple[str, str], list[str]] = defaultdict(list)
    below = _below(dictionary)
    for number, rule in enumerate(rules):
        for role, terms in rule.conditions:
            for term in _expanded(terms, lists):
                if term.startswith("#"):
                    for concept in below[term[1:]]:
                        concepts[concept].append((number, role))
                    continue
                sequence, exact = term_words(term, tokenize)
                patterns[sequence[0]].append(Pattern(sequence, exact, number, role))
                if role == "terms":
                    words[rule.goal, rule.measure].extend(content_words(tokenize(term)))
    for key, texts in _plan_texts(plan):
        for text in texts:
            words[key].extend(content_words(tokenize(text)))
    return Rules(
        rules=tuple(rules),
        patterns={word: tuple(found) for word, found in sorted(patterns.items())},
        concepts={concept: tuple(found) for concept, found in sorted(concepts.items())},
        codebook=tuple((*key, tuple(found)) for key, found in sorted(words.items())),
    )


def _in_bytes(rules: Rules) -> bytes:
    written = {
        "rules": [rule.model_dump(by_alias=True) for rule in rules.rules],
        "patterns": [
            (own.words, own.exact, own.rule, own.role)
            for found in rules.patterns.values()
            for own in found
        ],
        "concepts": list(rules.concepts.items()),
        "codebook": rules.codebook,
    }
    return json.dumps(written, ensure_ascii=False, separators=(",", ":")).encode()


def _restored(content: bytes) -> Rules:
    """Rules from what :func:`_in_bytes` wrote."""
    written = json.loads(content)
    patterns: dict[str, list[Pattern]] = defaultdict(list)
    for words, exact, rule, role in written["patterns"]:
        patterns[words[0]].append(Pattern(tuple(words), exact, rule, role))
    return Rules(
        rules=tuple(map(Rule.model_validate, written["rules"])),
        patterns={word: tuple(found) for word, found in patterns.items()},
        concepts={concept: tuple(map(tuple, found)) for concept, found in written["concepts"]},
        codebook=tuple((goal, measure, tuple(own)) for goal, measure, own in written["codebook"]),
    )


def _plan_texts(plan: Plan) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    """Goal and measure, and what the plan says of them."""
    for goal in plan.goals:
        others = (action.text for action in goal.other_actions)
        yield (goal.id, ""), (goal.name, goal.slogan, *goal.outlook, *others)
        for measure in goal.measures:
            actions = (action.text for action in measure.actions)
            yield (goal.id, measure.id), (measure.name, *measure.contents, *actions)


def _names(dictionary: ConceptDictionary | None) -> frozenset[str]:
    return frozenset(concept.name for concept in dictionary.concepts) if dictionary else frozenset()


def _below(dictionary: ConceptDictionary | None) -> Mapping[str, Sequence[int]]:
    """Name of a concept → numbers of the concepts that it stands for, its own included."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, path in enumerate(dictionary.paths if dictionary else ()):
        for name in path:
            found[name].append(number)
    return found


def _wrong(
    rule: Rule,
    plan: Plan,
    lists: Mapping[str, Sequence[str]],
    known: frozenset[str],
    tokenize: Tokenize,
) -> Iterator[tuple[str, str, str]]:
    """Key, value and what is wrong with it, beyond the types of the values."""
    goals = {goal.id: {measure.id for measure in goal.measures} for goal in plan.goals}
    if rule.goal != NO_GOAL and rule.goal not in goals:
        usable = "、".join([NO_GOAL, *goals])
        yield (
            "goal", rule.goal,
            f"計画にない基本目標「{rule.goal}」です（使えるもの: {usable}）",
        )  # fmt: skip
    elif rule.measure and rule.measure not in goals.get(rule.goal, ()):
        why = f"基本目標{rule.goal}に施策「{rule.measure}」はありません"
        yield "measure", rule.measure, why
    for key, terms in rule.conditions:
        for place, term in enumerate(terms):
            if why := _wrong_term(term, lists, known, tokenize):
                yield key, term, why
            elif term in terms[:place]:
                yield key, term, f"同じ語「{term}」が2回あります"


def _wrong_term(
    term: str, lists: Mapping[str, Sequence[str]], known: frozenset[str], tokenize: Tokenize
) -> str:
    if term.startswith("@"):
        return "" if term[1:] in lists else f"並び「{term}」が [lists] にありません"
    if term.startswith("#"):
        return "" if term[1:] in known else f"概念「{term}」が概念辞書にありません"
    return "" if term_words(term, tokenize)[0] else f"「{term}」には数えられる言葉がありません"


def _expanded(terms: Iterable[str], lists: Mapping[str, Sequence[str]]) -> list[str]:
    return [
        word
        for term in terms
        for word in (lists.get(term[1:], ()) if term.startswith("@") else (term,))
    ]


def _line_of(place: tuple[int | str, ...], lines: Sequence[int | None]) -> int | None:
    """Line of the rule that a pydantic location points into."""
    if len(place) > 1 and place[0] == "rules" and isinstance(place[1], int):
        return lines[place[1]]
    return None


def _faulty(file: str, problems: Sequence[Problem]) -> InputError:
    remedy = "上の行を直してください。書き方は規則ファイルの始めに書いてあります。"
    return faulty(file, _NAME, problems, remedy)
