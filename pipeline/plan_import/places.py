"""Parts of a plan → its goals with their measures and actions.

A part goes where its heading says; where a heading says nothing of it, its status, its
form and what the rest of the plan looks like decide. The pictures of the future are
often speech bubbles, which a PDF gives somewhere behind the actions of the page.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.normalize import fold
from pipeline.plan_import.draft import ActionDraft, GoalDraft, MeasureDraft, number_doubts
from pipeline.plan_import.marks import sdg_numbers, split_status
from pipeline.plan_import.pictures import split_pictures
from pipeline.plan_import.text import ends_sentence, is_note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.plan_import.outline import Outline, Part

_SLOGAN: Final = re.compile(
    r"^(?P<name>(?:.*?\S)??)\s*+(?P<slogan>(?P<mark>[〜～~―－–]).{2,}(?P=mark))$"
)

BEFORE: Final = "基本目標より前"
AFTER: Final = "基本目標より後の章"

Left = list[tuple["Part", str]]


def place_parts(read: Outline) -> tuple[list[GoalDraft], Left, list[str]]:
    """Goals of a plan, the parts that have no place with the reason, and doubts in Japanese."""
    left: Left = []
    doubts: list[str] = []
    goals = _chosen(_spans(read.parts, left), left, doubts)
    # Where no heading says which lines are actions, every list below a measure is.
    labelled = any(part.section == "actions" for goal in goals for part in goal.parts)
    lists_are_actions = not (labelled or read.has_status)
    for goal in goals:
        _Reader(goal, left, doubts, lists_are_actions=lists_are_actions).read()
        _place_pictures(goal, left)
        doubts += number_doubts(goal)
    numbers = [int(goal.id) for goal in goals]
    missing = sorted(set(range(1, max(numbers))) - set(numbers))
    doubts += [f"基本目標{number}が見つかりません。" for number in missing]
    return goals, left, doubts


def _spans(parts: Sequence[Part], left: Left) -> list[GoalDraft]:
    """Parts from one heading of a goal to the next; a repeated heading goes on with it."""
    spans: list[GoalDraft] = []
    ended = False
    for part in parts:
        ended = part.kind == "chapter" or (ended and part.kind != "goal")
        if part.kind != "goal":
            if ended or not spans:
                left.append((part, AFTER if spans else BEFORE))
            else:
                spans[-1].parts.append(part)
            continue
        found = _SLOGAN.match(part.text)
        name, slogan = (found["name"], found["slogan"]) if found else (part.text, "")
        same = spans and spans[-1].part.number == part.number
        if same and (not name or fold(name) == fold(spans[-1].name)):
            left.append((part, "見出しの繰り返し"))
        else:
            spans.append(GoalDraft(part, name, slogan))
    return spans


def _chosen(spans: Sequence[GoalDraft], left: Left, doubts: list[str]) -> list[GoalDraft]:
    """One span for every goal, the fullest: the others are a table of contents or a chart."""
    kept: list[GoalDraft] = []
    by_id: dict[str, list[GoalDraft]] = {}
    for span in spans:
        by_id.setdefault(span.id, []).append(span)
    for name, own in sorted(by_id.items(), key=lambda item: int(item[0])):
        best = max(own, key=_fullness)
        kept.append(best)
        for other in own:
            if other is not best:
                left += [(part, "目次や体系図") for part in (other.part, *other.parts)]
                if any(split_status(part.text)[1] for part in other.parts):
                    line = other.part.lines[0]
                    doubts.append(
                        f"基本目標{name}の見出しが{line.number}行目にもあり、そこにも取り組みが書かれています。"
                    )
    return kept


def _fullness(span: GoalDraft) -> int:
    return sum(part.kind in {"item", "section"} for part in span.parts)


class _Reader:
    """Gives every part of a goal its place."""

    def __init__(
        self, goal: GoalDraft, left: Left, doubts: list[str], *, lists_are_actions: bool
    ) -> None:
        self.goal = goal
        self.left = left
        self.doubts = doubts
        self.lists_are_actions = lists_are_actions
        self.under: str = "goal"
        self.measure: MeasureDraft | None = None
        self.leading_other: str | None = None
        self.follows_text = False

    def read(self) -> None:
        """Go through the parts in their order."""
        for part in self.goal.parts:
            if part.kind == "text":
                self._text(part)
                continue
            self.follows_text = False  # speech bubbles follow each other without a break
            if part.kind == "measure":
                self._begin_measure(part)
            elif part.kind == "section":
                self._section(part)
            elif part.kind == "item":
                self._item(part)
            else:
                self.under = "unknown"
                self.left.append((part, "何の見出しか分からない行"))

    def _begin_measure(self, part: Part) -> None:
        self.under = "measure"
        name = part.text
        same = [one for one in self.goal.measures if name and fold(one.name) == fold(name)]
        if same:
            # A list of the measures at the head of the goal, or a heading that goes on.
            self.left.append((part, "見出しの繰り返し"))
            self.measure = same[0]
            return
        number = part.number[-1]
        used = [one.number for one in self.goal.measures]
        if len(part.number) > 1 and str(part.number[0]) != self.goal.id:
            self.doubts.append(
                f"施策「{name}」の番号（{'-'.join(map(str, part.number))}）が基本目標{self.goal.id}のものではありません。"
            )
        if number in used:
            free = max(used) + 1
            self.doubts.append(
                f"基本目標{self.goal.id}に施策{number}が2つあります。「{name}」を施策{free}としました。"
            )
            number = free
        self.measure = MeasureDraft(part, number, name)
        self.goal.measures.append(self.measure)

    def _section(self, part: Part) -> None:
        if part.section == "sdgs":
            numbers = sdg_numbers(part.text)
            if self.measure and numbers:
                self.measure.sdgs.update(numbers)
            else:
                self.left.append((part, "施策のものか分からない SDGs"))
            return
        self.under = str(part.section)
        if self.under == "outlook":
            self.goal.has_outlook = True
        if self.under == "actions" and self.measure:
            self.measure.leading = None  # a new list, of the residents' part perhaps
        if self.under == "other":
            self.measure, self.leading_other = None, None
            named = re.search(r"基本目標\s*([0-9０-９]+)", part.text)
            if named and str(int(named[1])) != self.goal.id:
                self.doubts.append(
                    f"「{part.text}」が基本目標{self.goal.id}のところにあります（{part.lines[0].number}行目）。"
                )

    def _item(self, part: Part) -> None:
        text, status = split_status(part.text)
        if self.under == "outlook":
            self.goal.attached.append(part)
        elif self.under in {"problems", "goal"} and not status:
            self.goal.problems.append(part.text)
        elif status or self.under in {"actions", "other"}:
            self._action(part, text, status)
        elif self.measure and self.under == "contents":
            self.measure.contents.append(part.text)
        elif self.measure and self.under == "measure":
            if self.lists_are_actions or self.measure.actions:
                self._action(part, text, status)
            else:
                self.measure.contents.append(part.text)
        else:
            self.left.append((part, "どの見出しの下か分からない項目"))

    def _action(self, part: Part, text: str, status: str) -> None:
        leading = self.measure.leading if self.measure else self.leading_other
        if not status and leading not in {None, "bullet", part.item}:
            self.left.append((part, "取り組みの細目"))
            return
        action = ActionDraft(text, status, part.number[-1] if part.number else 0)
        if self.measure:
            self.measure.actions.append(action)
            self.measure.leading = leading or part.item
        else:
            self.goal.others.append(action)
            self.leading_other = leading or part.item

    def _text(self, part: Part) -> None:
        found = _SLOGAN.match(part.text)
        if is_note(part.text):
            self.left.append((part, "注記"))
        elif self.under == "goal" and found and not found["name"] and not self.goal.slogan:
            self.goal.slogan = part.text
        elif self.under == "outlook":
            self.goal.attached.append(part)
        elif self.under == "problems" or (self.under == "goal" and ends_sentence(part.text)):
            self.goal.problems.append(part.text)
        elif (
            self.measure
            and self.under in {"contents", "measure"}
            and not self.measure.actions
            and (
                ends_sentence(part.text) or (self.under == "contents" and not self.measure.contents)
            )
        ):
            self.measure.contents.append(part.text)
        else:
            if not self.follows_text:
                self.goal.loose.append([])
            self.goal.loose[-1].append(part)
            self.follows_text = True


def _place_pictures(goal: GoalDraft, left: Left) -> None:
    """Pictures stand below their heading, or loose in the goal where nothing stands below it."""
    if goal.attached:
        goal.outlook, rest = split_pictures(goal.attached, detached=False)
        left += [(part, "どの見出しの下か分からない行") for part in rest]
    for group in goal.loose:
        found: list[str] = []
        rest = group
        if goal.has_outlook and not goal.attached:
            found, rest = split_pictures(group, detached=True)
        goal.outlook += found
        left += [(part, "どの見出しの下か分からない行") for part in rest]
