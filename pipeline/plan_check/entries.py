"""One remark on a plan as Japanese lines: what, and where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.plan import NO_GOAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.plan_check.check import PlanCheck
    from pipeline.plan_check.clashes import Clash, Meeting
    from pipeline.plan_check.gaps import Contradiction, Gap
    from pipeline.plan_check.terms import Shrunk, Silent, Unseen
    from pipeline.plan_check.written import WrittenTerm

MOST_WORDS: Final = 6
"""Words that are shown of one remark when not everything is asked for."""

_FEW_WORDS: Final = 3
_LONGEST_TEXT: Final = 40


def describe_gap(gap: Gap) -> tuple[str, ...]:
    """What a goal or a measure lacks."""
    kind = "施策" if gap.is_measure else "基本目標"
    name = f"{kind}{gap.id}「{gap.name}」"
    if gap.id == NO_GOAL:
        name = "どの目標でもない話（目標の番号 0）"
    if gap.no_rules and gap.no_examples:
        return (f"{name}: 規則も例文もありません",)
    return (f"{name}: {'規則' if gap.no_rules else '例文'}がありません",)


def describe_clash(check: PlanCheck, clash: Clash, most: int | None) -> tuple[str, ...]:
    """Terms that two rules share, and the rules."""
    words = [
        _quoted(one.text)
        if one.text == other.text
        else f"{_quoted(one.text)}と{_quoted(other.text)}"
        for one, other in clash.terms
    ]
    how = "たいてい両方に当たる" if clash.always else "条件しだいで両方に当たる"
    one, other = clash.terms[0]
    return (
        f"{_listed(words, most)}（{how}）",
        _rule(check, clash.one, _place(one)),
        _rule(check, clash.other, _place(other)),
    )


def describe_meeting(check: PlanCheck, meeting: Meeting) -> tuple[str, ...]:
    """Words on which two rules meet, the rules, and what the examples state."""
    words = _listed([_quoted(word) for word in meeting.words], _FEW_WORDS)
    goals = "、".join(f"{_goal(goal)} {n:,}" for goal, n in meeting.goals)
    return (
        f"{meeting.n_texts:,}文 {words}",
        _rule(check, meeting.one, _at(check.rules.lines[meeting.one])),
        _rule(check, meeting.other, _at(check.rules.lines[meeting.other])),
        *([f"例文に書かれた目標: {goals}"] if goals else []),
    )


def describe_unseen(check: PlanCheck, unseen: Unseen, most: int | None) -> tuple[str, ...]:
    """Terms of a rule or a list that are never found."""
    home = f"並び「{unseen.list_name}」" if unseen.rule is None else _named(check, unseen.rule)
    words = [f"{_quoted(own.text)}{_bracketed(_at(own.line))}" for own in unseen.terms]
    return (
        f"{home}: {unseen.n_terms:,}語のうち{len(unseen.terms):,}語",
        _listed(words, most),
    )


def describe_silent(check: PlanCheck, silent: Silent) -> tuple[str, ...]:
    """A rule that is never met, and why."""
    why = "言葉が一度も出てきません"
    if silent.n_texts:
        why = (
            f"言葉は出てきますが（いちばん多い言葉で{silent.n_texts:,}文）、条件に合わないか、"
            "ほかの目標の長い言葉の一部です"
        )
    return (_rule(check, silent.rule, _at(check.rules.lines[silent.rule])), why)


def describe_shrunk(check: PlanCheck, shrunk: Shrunk, where: str) -> tuple[str, ...]:
    """A term, what is left of it, and how much more it finds."""
    counted = f"{where} {shrunk.n_found:,}文に当たる（書いたとおりなら {shrunk.n_meant:,}文）"
    words = f"{_quoted(shrunk.term.text)} → {_quoted(shrunk.word)}"
    return (
        f"{words}: {counted}" if check.source else words,
        f"{_named(check, shrunk.term.rule)}の {shrunk.term.role}{_bracketed(_place(shrunk.term))}",
    )


def describe_contradiction(check: PlanCheck, own: Contradiction) -> tuple[str, ...]:
    """An example, and what its rules say instead."""
    example = check.examples[own.example]
    text = " ".join(example.text.split())
    text = text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"
    stated = "と".join(_goal(goal) for goal in (example.goal, example.second) if goal)
    words = _listed([_quoted(word) for word in own.words], _FEW_WORDS)
    against = f"規則は{_goal(own.goal)}（{own.votes:.1f}票、{words}）"
    return (
        f"{_at(check.example_lines[own.example])} {text}",
        f"例文は{stated}（規則 {own.own_votes:.1f}票）、{against}",
    )


def _rule(check: PlanCheck, place: int, at: str) -> str:
    """A rule as a planner finds it: goal, name, line, weight."""
    weight = f"重み{check.rules.rules[place].weight:g}"
    return _named(check, place) + _bracketed("、".join(part for part in (at, weight) if part))


def _named(check: PlanCheck, place: int) -> str:
    rule = check.rules.rules[place]
    return f"{_goal(rule.goal)}の規則「{rule.label}」"


def _goal(goal_id: str) -> str:
    return "目標なし" if goal_id == NO_GOAL else f"目標{goal_id}"


def _listed(words: Sequence[str], most: int | None) -> str:
    left = len(words) - most if most else 0
    return "".join(words[:most]) + (f"ほか{left:,}語" if left > 0 else "")


def _place(term: WrittenTerm) -> str:
    home = f"並び「{term.list_name}」" if term.list_name else ""
    return "の".join(part for part in (home, _at(term.line)) if part)


def _at(line: int | None) -> str:
    return f"{line:,}行目" if line else ""


def _bracketed(text: str) -> str:
    return f"（{text}）" if text else ""


def _quoted(text: str) -> str:
    return f"「{text}」"
