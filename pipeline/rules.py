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
    terms = ["バス", "タクシー", "=足がない"]
    with = ["@高齢の人", "免許返納"]
    not = ["観光"]

A term is a word or phrase in plain Japanese. It is split by the same tokenizer
as the opinions and matches the same sequence of normalized forms: 「遊べる」 also
finds 遊ぶ. Particles of a term do not count, and up to :data:`~pipeline.matching.WIDEST_GAP` light
words (particles, adverbs, 「います」「たち」「みんな」…) may stand between two of its
words; ``=`` in front asks for exactly these words, particles included. ``@name``
stands for a list. Goal ``"0"`` collects what speaks for none of the goals.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.codebook import content_words
from pipeline.errors import InputError, Location
from pipeline.matching import Pattern, Role, term_words
from pipeline.study import explain, without_echoes
from pipeline.tomlfile import Problem, faulty, read_toml, table_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from pipeline.matching import Tokenize
    from pipeline.plan import Plan

_NAME: Final = "規則ファイル"

NO_GOAL: Final = "0"
"""Goal of the rules that speak for none of the plan's goals."""


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
    not_: tuple[str, ...] = Field(default=(), alias="not")

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
    codebook
        Content words of the plan and its rules, one entry a goal and measure:
        ``(goal_id, measure_id, words)``; ``measure_id`` is empty for what stands
        at the goal itself.
    """

    rules: tuple[Rule, ...]
    patterns: Mapping[str, tuple[Pattern, ...]]
    codebook: tuple[tuple[str, str, tuple[str, ...]], ...]

    @functools.cached_property
    def goals(self) -> tuple[str, ...]:
        """Goal of every rule."""
        return tuple(rule.goal for rule in self.rules)

    @functools.cached_property
    def asking(self) -> frozenset[int]:
        """Rules that ask for a word of ``with``."""
        return frozenset(number for number, rule in enumerate(self.rules) if rule.with_)


def load_rules(path: Path, plan: Plan, tokenize: Tokenize) -> Rules:
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

    Raises
    ------
    InputError
        The file is not TOML, or a rule is wrong; every wrong rule is listed with
        the line that it begins in.
    """
    if not path.is_file():
        return compile_rules((), {}, plan, tokenize, path.name)
    text, values = read_toml(path, _NAME)
    lines = table_lines(text, "rules", values.get("rules"))
    try:
        content = _RuleFile.model_validate(values)
    except ValidationError as error:
        raise _faulty(
            path.name,
            [
                Problem(_line_of(detail["loc"], lines), explain(detail))
                for detail in without_echoes(error.errors())
            ],
        ) from error
    problems: list[Problem] = []
    if content.plan and content.plan != plan.id:
        problems.append(Problem(1, f"plan: 計画「{plan.id}」ではなく「{content.plan}」の規則です"))
    for line, (number, rule) in zip(lines, enumerate(content.rules, start=1), strict=True):
        problems += [
            Problem(line, f"rules.{number}番目.{problem}")
            for problem in _problems(rule, plan, content.lists, tokenize)
        ]
    if problems:
        raise _faulty(path.name, problems)
    return compile_rules(content.rules, content.lists, plan, tokenize, path.name)


def compile_rules(
    rules: Sequence[Rule],
    lists: Mapping[str, Sequence[str]],
    plan: Plan,
    tokenize: Tokenize,
    file: str = "",
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
    file
        Name for error messages.
    """
    patterns: dict[str, list[Pattern]] = defaultdict(list)
    words: dict[tuple[str, str], list[str]] = defaultdict(list)
    for number, rule in enumerate(rules):
        roles: tuple[tuple[Role, tuple[str, ...]], ...] = (
            ("terms", rule.terms), ("with", rule.with_), ("not", rule.not_),
        )  # fmt: skip
        for role, terms in roles:
            for term in _expanded(terms, lists):
                sequence, exact = term_words(term, tokenize)
                if not sequence:
                    raise InputError(f"語「{term}」に言葉がありません。", at=Location(file=file))
                patterns[sequence[0]].append(Pattern(sequence, exact, number, role))
                if role == "terms":
                    words[rule.goal, rule.measure].extend(content_words(tokenize(term)))
    for goal in plan.goals:
        own = [goal.name, goal.slogan, *goal.outlook, *(a.text for a in goal.other_actions)]
        for text in own:
            words[goal.id, ""].extend(content_words(tokenize(text)))
        for measure in goal.measures:
            for text in (measure.name, *measure.contents, *(a.text for a in measure.actions)):
                words[goal.id, measure.id].extend(content_words(tokenize(text)))
    return Rules(
        rules=tuple(rules),
        patterns={word: tuple(found) for word, found in sorted(patterns.items())},
        codebook=tuple((*key, tuple(found)) for key, found in sorted(words.items())),
    )


def _problems(
    rule: Rule, plan: Plan, lists: Mapping[str, Sequence[str]], tokenize: Tokenize
) -> list[str]:
    """Say what is wrong with a rule beyond the types of its values."""
    goals = {goal.id: {measure.id for measure in goal.measures} for goal in plan.goals}
    problems = []
    if rule.goal != NO_GOAL and rule.goal not in goals:
        known = "、".join([NO_GOAL, *goals])
        problems.append(f"goal: 計画にない基本目標「{rule.goal}」です（使えるもの: {known}）")
    elif rule.measure and rule.measure not in goals.get(rule.goal, ()):
        problems.append(f"measure: 基本目標{rule.goal}に施策「{rule.measure}」はありません")
    for key, terms in (("terms", rule.terms), ("with", rule.with_), ("not", rule.not_)):
        problems += [
            f"{key}: 並び「{term}」が [lists] にありません"
            for term in terms
            if term.startswith("@") and term[1:] not in lists
        ]
        problems += [
            f"{key}: 「{term}」には数えられる言葉がありません"
            for term in _expanded(terms, lists)
            if not term_words(term, tokenize)[0]
        ]
        twice = sorted({term for term in terms if terms.count(term) > 1})
        if twice:
            problems.append(f"{key}: 同じ語が2回あります（{'、'.join(twice)}）")
    return problems


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
    remedy = "上の規則を直してください。行は規則の始まり（[[rules]]）の行です。"
    return faulty(file, _NAME, problems, remedy)
