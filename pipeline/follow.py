"""Decisions of earlier runs pointed at what they speak of in this one.

An opinion's id is made of what was answered, so it lasts; where a respondent's number or
a file changed, its wording is looked for. An issue's number lasts while most of it stays
together (:mod:`pipeline.identity`); a file without ``members`` rows is followed by the
voices of its decisions. What cannot be followed says why, and still teaches.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.decisions import (
    CHECKED,
    GOAL_FIELDS,
    ISSUE_TAKEN_BACK,
    MEMBERS,
    NO_ISSUE,
    WITHDRAWN,
    Decision,
    bare,
    in_force,
    is_issue,
    is_piece,
    lasting_issues,
    made_by,
    parse_split,
    piece_id,
    public_strings,
    standing,
    thing,
    used_numbers,
    write_split,
)
from pipeline.grouping import Memory
from pipeline.identity import (
    highest_number,
    joined_before,
    known_issues,
    remembered,
    wording_key,
)
from pipeline.normalize import fold
from pipeline.opinions import Corrections, text_key
from pipeline.privacy import HIDDEN, Hidden, joined_hidden, parse_hidden
from pipeline.privacy.declared import PUBLIC
from pipeline.regroup import Changes, circles

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Mapping, Sequence

    import pandas as pd

FOLLOWED_SHARE: Final = 0.5
"""Share of the voices of a decision that its issue has to hold still, without a number."""

MOST_LINES: Final = 8
"""Lines that one voice may have."""

_DECIDED_TOGETHER: Final = ((*GOAL_FIELDS, "kind"), ("response",))
"""Of every one of these: who decided any for an opinion left the others as they are."""

COPIED_FIELDS: Final = tuple(field for fields in _DECIDED_TOGETHER for field in fields)
"""What holds for all opinions of one wording when it was decided for one of them."""

NOT_HIDDEN: Final = (
    "伏せたあとに、この意見の伏せ字が変わったので、伏せる所が分かりません。"
    "意見を見て、要れば「個人情報」にもう一度書いてください"
)
"""Why what a reviewer hid cannot be found again."""

NOT_CHECKED: Final = "確認したあとに、この意見の伏せ字が変わりました。もう一度「確認」してください"
"""Why the word that all is masked rightly counts no longer."""

_PLACES_SHOWN: Final = 3


class Followed(NamedTuple):
    """Decisions as they apply to this run.

    Attributes
    ----------
    decisions
        In the order of the file; ``target_id`` is empty where there is nothing to apply
        the decision to.
    why
        Why not, in Japanese; empty where it applies.
    """

    decisions: tuple[Decision, ...]
    why: tuple[str, ...]

    def changes(self) -> Changes:
        """What they change about the issues."""
        counting = in_force(self.decisions)
        moves = {
            target: "" if own.value == NO_ISSUE else own.value
            for (target, field), own in counting.items()
            if field == "issue_id"
        }
        merges = {
            target: own.value
            for (target, field), own in counting.items()
            if field == "merge_into" and own.value
        }
        splits = {
            target: parse_split(own.value) or {}
            for (target, field), own in counting.items()
            if field == "split"
        }
        return Changes(moves, merges, splits)


def corrections_of(decisions: Sequence[Decision]) -> Corrections:
    """What decisions bring back, hide or declare public, before answers are split."""
    restored = set()
    hidden: dict[str, Hidden] = {}
    for (target, field), own in in_force(decisions).items():
        if field == "restore":
            answer, _, span = target.partition("@")
            start, _, end = span.partition("-")
            restored.add((answer, int(start), int(end)))
        elif field == "personal" and (found := parse_hidden(own.value)):
            before = hidden.get(found.key)
            hidden[found.key] = joined_hidden(before, found) if before else found
    return Corrections(frozenset(restored), hidden, public_strings(decisions))


def memory_of(decisions: Sequence[Decision]) -> Memory:
    """Issues that a file of decisions knows, for :func:`pipeline.grouping.group_opinions`."""
    known = remembered(decisions)
    # A file without the rows that keep issues does not say which numbers are taken.
    highest = highest_number(used_numbers(decisions)) if known else 0
    return Memory(known, highest, joined_before(decisions))


def follow(
    decisions: Sequence[Decision],
    opinions: pd.DataFrame,
    titles: Mapping[str, str],
    restored: Mapping[tuple[str, int, int], Sequence[str]] | None = None,
    hidden: Mapping[str, str] | None = None,
) -> Followed:
    """Point decisions at what they speak of in this run.

    Parameters
    ----------
    opinions
        ``opinion_id, issue_id, text`` (people masked), and ``heading``, the topic of each;
        issues as the machine made them.
    titles
        Title of every such issue.
    restored
        Piece that was brought back → its opinions.
    hidden
        Opinion in which something was hidden → digest of what it was before; ``None`` where
        that is not known.
    """
    if not decisions:
        return Followed((), ())
    now = _Now(decisions, opinions, titles, restored or {}, hidden)
    found = _Found(decisions, [now.find(own) for own in decisions])
    made = _made_issues(found.decisions, now)
    found.settle_made(now, made)
    found.settle_targets({*titles, *made}, now)
    found.settle_circles()
    kept = lasting_issues(decisions)
    things = [own._replace(target_id=thing(own, kept)) for own in decisions]
    counting = {own.decision_id for own in standing(things).values()}
    why = [
        reason if own.decision_id in counting and own.value != WITHDRAWN else ""
        for own, reason in zip(decisions, found.why, strict=True)
    ]
    return Followed(tuple(found.decisions), tuple(why))


class _Found:
    """Decisions with the targets that were found for them, to be settled one by one."""

    def __init__(self, decisions: Sequence[Decision], found: Sequence[tuple[str, str]]) -> None:
        self._given = decisions
        self.decisions = [
            own._replace(target_id=target)
            for own, (target, _) in zip(decisions, found, strict=True)
        ]
        self.why = [why for _, why in found]

    def settle_made(self, now: _Now, made: Container[str]) -> None:
        """Decisions on issues that people made: those are there that have an opinion."""
        for number, own in enumerate(self._given):
            if is_issue(own.target_id) and own.target_id in now.made:
                there = own.target_id in made
                self.decisions[number] = own._replace(target_id=own.target_id if there else "")
                gone = "人が作ったこの課題の意見が、いまの回答にありません"
                if own.target_id in now.taken_back:
                    gone = ISSUE_TAKEN_BACK
                self.why[number] = "" if there else gone

    def settle_targets(self, places: Container[str], now: _Now) -> None:
        """Moves, merges and splits lead to issues that are there, or nowhere."""
        for number, own in enumerate(self.decisions):
            if not own.target_id or own.value == WITHDRAWN:
                continue
            if own.field in {"issue_id", "merge_into"}:
                if own.value not in {"", NO_ISSUE} and own.value not in places:
                    called = "移動先" if own.field == "issue_id" else "統合先"
                    where = now.where(own.value)
                    self._drop(
                        number, f"{called}の課題 {own.value} が、この結果にありません{where}"
                    )
            elif own.field == "split":
                parts = parse_split(own.value) or {}
                left = {heading: issue for heading, issue in parts.items() if issue in places}
                if left:
                    self.decisions[number] = own._replace(value=write_split(left))
                elif all(issue in now.taken_back for issue in parts.values()):
                    self._drop(number, ISSUE_TAKEN_BACK)
                else:
                    self._drop(number, "分けた話題の意見が、いまのこの課題にありません")

    def settle_circles(self) -> None:
        """Merges that end where they begin are none."""
        merges = Followed(tuple(self.decisions), ()).changes().merges
        for number, own in enumerate(self.decisions):
            if own.field == "merge_into" and own.target_id in circles(merges):
                self._drop(number, "統合が輪になっています（たがいに統合し合っています）")

    def _drop(self, number: int, reason: str) -> None:
        """Take back a decision, and those that it had taken the place of."""
        target, field = self.decisions[number][1:3]
        for earlier in range(number + 1):
            own = self.decisions[earlier]
            if (own.target_id, own.field) == (target, field):
                self.decisions[earlier] = own._replace(target_id="")
        self.why[number] = reason


def with_same_wording(followed: Sequence[Decision], opinions: pd.DataFrame) -> tuple[Decision, ...]:
    """Let what was decided for an opinion hold for all of the same wording.

    An opinion of which a goal or kind was decided by itself keeps that, and so does one with
    a response of its own.

    Parameters
    ----------
    opinions
        ``opinion_id, stands_for``.
    """
    if not followed:
        return ()
    alike: dict[str, list[str]] = defaultdict(list)
    first = dict(zip(opinions["opinion_id"], opinions["stands_for"], strict=True))
    for own, stands_for in first.items():
        alike[stands_for].append(own)
    counting = standing(followed)
    copies = []
    for fields in _DECIDED_TOGETHER:
        decided = {target for target, field in counting if field in fields}
        copies += [
            own._replace(target_id=other)
            for (target, field), own in counting.items()
            if field in fields and target in first
            for other in alike[first[target]]
            if other not in decided
        ]
    return (*copies, *followed)


class _Now:
    """What this run has, looked up by id, wording and voices."""

    def __init__(
        self,
        decisions: Sequence[Decision],
        opinions: pd.DataFrame,
        titles: Mapping[str, str],
        restored: Mapping[tuple[str, int, int], Sequence[str]],
        hidden: Mapping[str, str] | None,
    ) -> None:
        self.titles = titles
        self.kept = known_issues(decisions)
        named = {own.target_id for own in decisions if own.field == "title"}
        self.made = {own for own in named if is_issue(own)} & made_by(decisions) - self.kept
        last = standing(decisions)
        withdrawn = {place for place, own in last.items() if own.value == WITHDRAWN}
        self.taken_back = {own for own in self.made if (own, "title") in withdrawn}
        self._withdrawn = withdrawn
        self._members = {own.target_id: own.value for own in decisions if own.field == MEMBERS}
        self._restored = {piece_id(*piece): own for piece, own in restored.items()}
        self._is_hidden_known = hidden is not None
        self._hidden = {key: own for own, key in sorted((hidden or {}).items(), reverse=True)}
        self._texts = dict(zip(opinions["opinion_id"], opinions["text"], strict=True))
        topics = opinions["heading"] if "heading" in opinions else [""] * len(opinions)
        self._headings = set(zip(opinions["issue_id"], topics, strict=True))
        self._by_wording: dict[str, str] = {}
        self._issues: dict[str, set[str]] = defaultdict(set)
        self._issue_of: dict[str, Counter[str]] = defaultdict(Counter)
        rows = zip(opinions["opinion_id"], opinions["issue_id"], opinions["text"], strict=True)
        for own, issue, text in sorted(rows):
            self._by_wording.setdefault(fold(text) or text, own)
            self._issues[bare(text)].add(issue)
            self._issue_of[wording_key(text)][issue] += 1

    def filled(self, target: str, field: str, value: str) -> list[str]:
        """Issues into which a decision puts an opinion of this run."""
        if field == "issue_id":
            return [value]
        parts = parse_split(value) or {} if field == "split" else {}
        return [own for heading, own in parts.items() if (target, heading) in self._headings]

    def find(self, decision: Decision) -> tuple[str, str]:
        """Target in this run, or none and why."""
        target = decision.target_id
        if is_issue(target):
            return self._find_issue(decision)
        if is_piece(target):
            own = self._restored.get(target, ())
            if decision.field != "restore" or (target, "restore") in self._withdrawn:
                return target, ""
            gone = "対象外だったこの部分が、いまの回答にありません"
            return (own[0], "") if own else ("", gone)
        if decision.field == PUBLIC:
            return target, ""  # it holds for the whole study, whatever became of the opinion
        value = parse_hidden(decision.value) if decision.field == "personal" else None
        alike = self._find_opinion(decision, value)
        if not alike:
            return "", "この意見が、いまの回答にありません"
        if value and self._is_hidden_known and value.key not in self._hidden:
            return "", NOT_HIDDEN
        is_check = decision.field == CHECKED and decision.value != WITHDRAWN
        if is_check and text_key(self._texts[alike]) != decision.value:
            return "", NOT_CHECKED
        return alike, ""

    def _find_opinion(self, decision: Decision, hidden: Hidden | None) -> str:
        """Opinion of a decision, or one of its wording; empty where there is none."""
        if decision.target_id in self._texts:
            return decision.target_id
        if hidden:
            return self._hidden.get(hidden.key, "")
        if decision.text.strip() == f"［{HIDDEN}］":
            return ""  # all of it was hidden, as of others: they are not alike
        return self._by_wording.get(fold(decision.text) or decision.text, "")

    def _find_issue(self, decision: Decision) -> tuple[str, str]:
        target = decision.target_id
        if target in self.made:
            return "", ""  # known when it is known which opinions were moved there
        if target in self.kept:
            if target in self.titles:
                return target, ""
            return "", f"この課題の意見は、まとまっていません{self.where(target)}"
        if not decision.text.strip():
            return (
                (target, "") if target in self.titles else ("", "この課題が、この結果にありません")
            )
        voices = _voices(decision.text, self._issues)
        counts = Counter(own for voice in voices for own in sorted(self._issues[voice]) if own)
        best = min(counts, key=lambda own: (-counts[own], own), default="")
        if best and counts[best] >= FOLLOWED_SHARE * len(voices):
            return best, ""
        return "", "代表的な声の半分以上が入る課題が、この結果にありません"

    def where(self, issue_id: str) -> str:
        """Where the opinions of an issue went that is no longer there."""
        counts: Counter[str] = Counter()
        for key in self._members.get(issue_id, "").split():
            counts.update(self._issue_of.get(key, {}))
        if not counts:
            return "（その意見は、いまの回答にありません）" if issue_id in self.kept else ""
        ranked = sorted(counts, key=lambda own: (-counts[own], own))
        shown = [
            f"{own}「{self.titles[own]}」に{counts[own]}件" if own else f"課題の外に{counts[own]}件"
            for own in ranked[:_PLACES_SHOWN]
        ]
        more = "など" if len(ranked) > _PLACES_SHOWN else ""
        return f"（いまは {'、'.join(shown)}{more}）"


def _made_issues(followed: Sequence[Decision], now: _Now) -> Collection[str]:
    """Issues that people made and that have an opinion in this run."""
    moved = {
        own
        for (target, field), decision in in_force(followed).items()
        for own in now.filled(target, field, decision.value)
        if own in now.made
    }
    return moved - now.taken_back


def _voices(text: str, known: Container[str]) -> list[str]:
    """Voices of a decision on an issue; lines that are one voice of this run together."""
    lines = [bare(line) for line in text.splitlines() if line.strip()]
    found: list[str] = []
    start = 0
    while start < len(lines):
        ends = range(min(len(lines), start + MOST_LINES), start, -1)
        end = next((end for end in ends if "".join(lines[start:end]) in known), start + 1)
        found.append("".join(lines[start:end]))
        start = end
    return list(dict.fromkeys(found))
