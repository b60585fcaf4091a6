"""Sustainable Development Goals: the 17, and which of them a measure seems to serve.

Plans mark the goals of a measure by icons, which no text holds. Words of the measure
suggest some; a suggestion is for the planner to look at and is never written into the
plan's own ``sdgs``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import InputError
from pipeline.matching import WordSequence, forms, sequence_end, term_words
from pipeline.resources import dictionaries_folder
from pipeline.study import explain, without_echoes
from pipeline.textwidth import text_width
from pipeline.tomlfile import Problem, faulty, place_line, read_toml, table_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pipeline.matching import Tokenize
    from pipeline.plan import Measure, Plan

    # First word of a term → the terms that begin with it, each with the number of its goal.
    _Terms = Mapping[str, Sequence[tuple[int, WordSequence]]]

N_SDGS: Final = 17
MOST_SUGGESTED: Final = 5
"""Goals suggested for one measure; plans mark two to five."""

LEAST_SCORE: Final = 2
"""One word of the name or the contents, or two of the actions."""

_IN_NAME: Final = 3
_IN_CONTENTS: Final = 2
_IN_ACTIONS: Final = 1
_NAME: Final = "SDGs の辞書"
_REMEDY: Final = "上の行を直してください。"


class Sdg(BaseModel):
    """One Sustainable Development Goal.

    Attributes
    ----------
    gist
        What it is about, in our own words.
    terms
        Words that suggest it, matched as terms of coding rules are.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    number: int = Field(ge=1, le=N_SDGS)
    name: str = Field(min_length=1)
    gist: str = Field(min_length=1)
    terms: tuple[str, ...] = ()


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    goals: tuple[Sdg, ...]


@dataclass(frozen=True)
class SdgSuggestion:
    """A goal that a measure seems to serve.

    Attributes
    ----------
    words
        Why: words as they stand in the measure, each once, name first.
    score
        3 for every word of the name, 2 of the contents, 1 of the actions.
    """

    measure_id: str
    number: int
    words: tuple[str, ...]
    score: int


def load_sdgs(path: Path | None = None) -> tuple[Sdg, ...]:
    """The 17 goals in their order.

    Parameters
    ----------
    path
        The dictionary that comes with Kadai by default.

    Raises
    ------
    InputError
        The file is not TOML, a goal is wrong, missing or there twice; everything wrong
        is listed with its line.
    """
    path = path or dictionaries_folder() / "sdgs.toml"
    text, values = read_toml(path, _NAME)
    try:
        goals = _File.model_validate(values).goals
    except ValidationError as error:
        problems = [
            Problem(place_line(detail["loc"], text, values), explain(detail))
            for detail in without_echoes(error.errors())
        ]
        raise faulty(path.name, _NAME, problems, _REMEDY) from error
    lines = table_lines(text, "goals", values["goals"])
    problems = []
    for place, (goal, line) in enumerate(zip(goals, lines, strict=True)):
        if goal.number in {other.number for other in goals[:place]}:
            problems.append(Problem(line, f"ゴール {goal.number} が2回あります"))
        twice = sorted({term for term in goal.terms if goal.terms.count(term) > 1})
        if twice:
            problems.append(Problem(line, f"terms: 同じ語が2回あります（{'、'.join(twice)}）"))
    missing = sorted(set(range(1, N_SDGS + 1)) - {goal.number for goal in goals})
    if missing:
        problems.append(Problem(None, f"ゴール {'、'.join(map(str, missing))} がありません"))
    if problems:
        raise faulty(path.name, _NAME, problems, _REMEDY)
    return tuple(sorted(goals, key=lambda goal: goal.number))


def suggest_sdgs(
    plan: Plan, sdgs: Sequence[Sdg], tokenize: Tokenize
) -> dict[str, tuple[SdgSuggestion, ...]]:
    """Goals that every measure of a plan seems to serve, by the words in which it is written.

    Returns
    -------
    dict
        Id of a measure → at most :data:`MOST_SUGGESTED` suggestions by number, those with
        the best score; empty where nothing speaks clearly enough.

    Raises
    ------
    InputError
        A term has no word that can be matched.
    """
    terms: dict[str, list[tuple[int, WordSequence]]] = {}
    for sdg in sdgs:
        for sequence in (_sequence(term, tokenize) for term in sdg.terms):
            terms.setdefault(sequence.words[0], []).append((sdg.number, sequence))
    return {
        measure.id: _suggestions(measure, terms, tokenize)
        for goal in plan.goals
        for measure in goal.measures
    }


def describe(suggestions: Sequence[SdgSuggestion]) -> str:
    """One Japanese line: 「提案（確かめてください）: 1（根拠: 困窮、家計）」; empty for none."""
    if not suggestions:
        return ""
    listed = "、".join(f"{one.number}（根拠: {'、'.join(one.words)}）" for one in suggestions)
    return f"提案（確かめてください）: {listed}"


def render_sdgs(plan: Plan, suggestions: Mapping[str, Sequence[SdgSuggestion]]) -> list[str]:
    """Lines of a table for the terminal: measure, the plan's own goals, suggested ones, why."""
    rows = [("施策", "計画の記載", "提案", "根拠の言葉")]
    for goal in plan.goals:
        for measure in goal.measures:
            own = "、".join(map(str, measure.sdgs)) or "なし"
            first = (f"{measure.id} {measure.name}", own)
            found = suggestions.get(measure.id, ())
            listed = [(str(one.number), "、".join(one.words)) for one in found] or [("なし", "")]
            rows += [
                (*(first if place == 0 else ("", "")), *cells) for place, cells in enumerate(listed)
            ]
    widths = [max(text_width(row[place]) for row in rows) for place in range(3)]
    return [
        "  ".join([*(_padded(cell, w) for cell, w in zip(row[:3], widths, strict=True)), row[3]])
        for row in rows
    ]


def _padded(text: str, width: int) -> str:
    return text + " " * (width - text_width(text))


def _sequence(term: str, tokenize: Tokenize) -> WordSequence:
    words, exact = term_words(term, tokenize)
    if not words:
        raise InputError(
            f"{_NAME}の語「{term}」に言葉がありません。",
            remedy="dictionaries/sdgs.toml の terms から消すか、言葉に直してください。",
        )
    return WordSequence(words, exact)


def _suggestions(measure: Measure, terms: _Terms, tokenize: Tokenize) -> tuple[SdgSuggestion, ...]:
    scores: dict[int, dict[str, int]] = {}
    for text, weight in _texts(measure):
        for number, word in _found(text, terms, tokenize):
            own = scores.setdefault(number, {})
            own[word] = max(own.get(word, 0), weight)
    found = [
        SdgSuggestion(measure.id, number, _longest(words), sum(words.values()))
        for number, words in scores.items()
        if sum(words.values()) >= LEAST_SCORE
    ]
    best = sorted(found, key=lambda one: (-one.score, one.number))[:MOST_SUGGESTED]
    return tuple(sorted(best, key=lambda one: one.number))


def _longest(words: Iterable[str]) -> tuple[str, ...]:
    """Words that are in none of the others: 居場所 says no more than 居場所づくり."""
    words = tuple(words)
    return tuple(word for word in words if not any(word in other != word for other in words))


def _texts(measure: Measure) -> Iterator[tuple[str, int]]:
    yield measure.name, _IN_NAME
    yield from ((text, _IN_CONTENTS) for text in measure.contents)
    yield from ((action.text, _IN_ACTIONS) for action in measure.actions)


def _found(text: str, terms: _Terms, tokenize: Tokenize) -> Iterator[tuple[int, str]]:
    """Goals whose terms stand in a text, with the words as written; overlapping ones are one."""
    tokens = tokenize(text)
    words, light = forms(tokens)
    spans: dict[int, list[tuple[int, int]]] = {}
    for start, word in enumerate(words):
        for number, sequence in terms.get(word, ()):
            last = sequence_end(sequence, words, light, start)
            if last >= 0:
                spans.setdefault(number, []).append((start, last))
    for number, found in spans.items():
        merged: list[tuple[int, int]] = []
        for start, last in sorted(found):
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
            else:
                merged.append((start, last))
        for start, last in merged:
            yield number, text[tokens[start].start : tokens[last].end]
