"""What all explanations are made of: headed sections of labelled lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.evidence_words import evidence_line
from pipeline.textlayout import GAP, labelled, shorten, wrap
from pipeline.wording import NO_GOAL, NONE_SHOWN, confidence, is_person, share

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.audit.views import GoalView, GoalWords, Judged, Origin

LABEL_WIDTH: Final = 18

WORDS_SHOWN: Final = 8
"""Words that are given as reason for a goal, what counted most first."""

FEWER_WORDS: Final = 4
"""The same for a goal that was not given."""

VOICE_SHOWN: Final = 40
"""Characters of a voice that stands beside something else."""


class Page:
    """Lines of an explanation as they grow, for a terminal of some width."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.lines: list[str] = []

    def say(self, text: str, indent: str = "") -> None:
        """Add a paragraph."""
        room = max(self.width - len(indent), 20)
        self.lines += [f"{indent}{line}".rstrip() for line in wrap(text, room)]

    def section(self, heading: str, pairs: Iterable[tuple[str, str]]) -> None:
        """Add a heading and labelled values; where there is no value there is no line."""
        self.lines += ["", f"■ {heading}"]
        for label, value in pairs:
            if value:
                self.lines += labelled(label, value, LABEL_WIDTH, self.width, GAP)

    def decisions(self, heading: str, judged: Sequence[Judged]) -> None:
        """Add a section of decisions, the oldest first."""
        self.lines += ["", f"■ {heading}（{len(judged):,}件）"]
        if not judged:
            self.say("人の判断は、まだありません。", GAP)
        for own in judged:
            change = f"{own.field}: {own.before} → {own.after}"
            self.say(f"{own.decided_at} {own.reviewer} {change}{about_what(own)}", GAP)
            if own.reason:
                self.say(f"理由: {own.reason}", 3 * GAP)
            run = own.run_id or NONE_SHOWN
            self.say(f"{own.outcome}（実行 {run}、判断番号 {own.decision_id}）", 3 * GAP)


def origin_pairs(origin: Origin) -> list[tuple[str, str]]:
    """Where an answer stands; the respondent by number alone."""
    return [
        ("ファイル", f"{origin.file}（{origin.kind}）"),
        ("場所", origin.locator),
        ("問い", origin.question),
        ("回答番号", origin.answer_id),
        ("回答者番号", origin.respondent_id or "区別できない"),
    ]


def goal_pairs(goal: GoalView) -> list[tuple[str, str]]:
    """Goal now, the machine's, who gave it, and the words that speak for it."""
    machine = [goal.machine_goal or NO_GOAL]
    machine += [f"2つ目 {goal.machine_goal_2}"] if goal.machine_goal_2 else []
    machine += [f"施策 {goal.machine_measure}"] if goal.machine_measure else []
    pairs = [
        ("いま", goal.goal or NO_GOAL),
        ("2つ目の目標", goal.goal_2),
        ("施策", goal.measure),
        ("機械の案", "、".join(machine)),
        ("確信度", f"{confidence(goal.confidence)}（機械の案が正しい見込み）"),
        ("機械が控えた案", f"{goal.withheld}（確かさが足りない）" if goal.withheld else ""),
        ("決めた人", _giver(goal)),
    ]
    if goal.goal:
        words = evidence_line(goal.why.words[:WORDS_SHOWN]) if goal.why else ""
        pairs.append(("根拠の言葉", words or "この目標を支える言葉は、機械には見つからない"))
    label = "ほかの候補"
    for name, own in goal.others:
        pairs.append((label, f"{name}（点 {share(own.score)}）{_colon(own)}"))
        label = ""
    return pairs


def about_what(own: Judged) -> str:
    """What a decision was made on, where that is not the thing that is explained."""
    return f"〔{own.about} {own.target_id}〕" if own.about else ""


def by_whom(judged: Sequence[Judged]) -> str:
    """Who decided and when, each of several decisions."""
    return "、".join(f"{own.reviewer} {own.decided_at}" for own in judged)


def short_voice(text: str) -> str:
    """A voice as one short line."""
    return f"「{shorten(text, VOICE_SHOWN)}」"


def _giver(goal: GoalView) -> str:
    if not is_person(goal.assigned_by):
        return "機械の案のまま" if goal.assigned_by else "機械は目標を付けず、人もまだ決めていない"
    if not goal.decided:
        return goal.assigned_by
    return goal.decided[0].who + about_what(goal.decided[0])


def _colon(own: GoalWords) -> str:
    words = evidence_line(own.words[:FEWER_WORDS])
    return f": {words}" if words else ""
