"""Decisions as an auditor reads them: when, what on, which voice, and what became of them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from pipeline.decisions import (
    CHECKED,
    FIELDS,
    MEMBERS,
    NO_ISSUE,
    RESTORED,
    WITHDRAWN,
    bare,
    is_issue,
    lasting_issues,
    parse_split,
    standing,
    thing,
)
from pipeline.lookups import goal_labels, measure_labels
from pipeline.opinions import text_key
from pipeline.plan import NO_GOAL
from pipeline.privacy import HIDDEN, LABEL, LABELS, mask, parse_hidden, with_hidden
from pipeline.wording import NONE_SHOWN, OPINION_KINDS, clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipeline.decisions import Decision
    from pipeline.plan import Plan

REPLACED: Final = "後の判断で置きかえ"

NONE: Final = "なし"
"""No goal, measure or issue."""

_HIDDEN_MARK: Final = f"［{HIDDEN}］"


def field_name(field: str) -> str:
    """What reviewers call a field."""
    return FIELDS.get(field, field)


def shown_value(field: str, value: str, plan: Plan, titles: Mapping[str, str]) -> str:
    """Value of a decision as a reviewer reads it; what was hidden is not said.

    Parameters
    ----------
    titles
        Title of every issue that is known.
    """
    if value == WITHDRAWN:
        return "機械の案にもどす"
    if field in {"issue_id", "merge_into"}:
        if value in {NO_ISSUE, ""}:
            return NONE
        return f"{value} {titles[value]}" if value in titles else value
    names: dict[str, Mapping[str, str]] = {
        "goal_id": {**goal_labels(plan), NO_GOAL: NONE, "": NONE},
        "goal_id_2": {**goal_labels(plan), "": NONE},
        "measure_id": {**measure_labels(plan), "": NONE},
        "kind": OPINION_KINDS,
        "response": {"": NONE},
        "restore": {RESTORED: "意見に戻す"},
        "personal": {value: _shown_hidden(value)},
        CHECKED: {value: "これでよい" if value else ""},
        "split": {value: _shown_split(value)},
    }
    return names.get(field, {}).get(value, value)


def _shown_hidden(value: str) -> str:
    hidden = parse_hidden(value)
    if hidden is None:
        return ""
    return f"{len(hidden.spans)}か所を伏せる" if hidden.spans else "全文を伏せる"


def shown_masks(text: str) -> str:
    """What is masked in a text, by kind and number; empty where nothing is.

    Examples
    --------
    >>> shown_masks("［電話番号］の［氏名］さんと［氏名］さん")
    '氏名2、電話番号1'
    """
    counts = Counter(match[0][1:-1] for match in LABEL.finditer(text))
    return "、".join(f"{label}{counts[label]}" for label in LABELS if counts[label])


def _shown_split(value: str) -> str:
    parts = parse_split(value) or {}
    return "、".join(f"{heading}→{issue}" for heading, issue in parts.items()) or NONE


def shown_moment(decided_at: str) -> str:
    """Day and minute, as it was where the decision was made.

    Examples
    --------
    >>> shown_moment("2026-05-01T10:00:00+09:00"), shown_moment("5月"), shown_moment("")
    ('2026-05-01 10:00', '5月', '―')
    """
    try:
        return datetime.fromisoformat(decided_at).strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return clean(decided_at) or NONE_SHOWN


def moment_key(decided_at: str) -> tuple[str, str]:
    """Key that brings moments into their order, whatever the offset; unreadable ones first.

    Examples
    --------
    >>> moment_key("2026-05-01T10:00:00+09:00") < moment_key("2026-05-01T02:00:00+00:00")
    True
    """
    try:
        moment = datetime.fromisoformat(decided_at)
    except ValueError:
        return "", decided_at
    # Without an offset it must not depend on where this computer stands.
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).isoformat(timespec="microseconds"), decided_at


def before_and_after(decision: Decision, plan: Plan, titles: Mapping[str, str]) -> tuple[str, str]:
    """What a reviewer saw and what he or she put in its place; what was hidden is not said."""
    before, after = (
        clean(shown_value(decision.field, value, plan, titles)).strip() or NONE_SHOWN
        for value in (decision.value_seen, decision.value)
    )
    return before, after


def replaced(decisions: Sequence[Decision]) -> frozenset[str]:
    """Ids of the decisions whose place a later one of the same file took.

    An issue of another run is another issue, whatever its number, unless the file keeps
    what it was made of.

    Parameters
    ----------
    decisions
        In the order of their file.
    """
    kept = lasting_issues(decisions)
    things = [own._replace(target_id=thing(own, kept)) for own in decisions]
    counting = {own.decision_id for own in standing(things).values()}
    return frozenset(own.decision_id for own in decisions if own.field != MEMBERS) - counting


class Voices:
    """Voices of decisions that may be shown: what a reviewer hid is hidden in them, too.

    Parameters
    ----------
    decisions
        All of the file, so that what was hidden is known.

    Notes
    -----
    The file says where words are hidden, by a digest of the wording, never which. A voice
    of a wording in which something is hidden is shown masked where its digest agrees, and
    not at all where it does not (spaces or line ends were changed).
    """

    def __init__(self, decisions: Iterable[Decision]) -> None:
        # What was hidden once stays so here, also where that was taken back.
        found = [
            (own, hidden)
            for own in decisions
            if own.field == "personal" and (hidden := parse_hidden(own.value))
        ]
        self._hidden = {hidden.key: hidden for _, hidden in found}
        self._targets = {own.target_id for own, _ in found}
        self._wordings = [_Wording(own.text) for own, _ in found]
        self._shown = {bare(own.text) for own, _ in found if _HIDDEN_MARK in own.text}

    def of(self, decision: Decision) -> str:
        """Voice that a decision was made for, of an issue the first one; or nothing."""
        lines = decision.text.splitlines() if is_issue(decision.target_id) else [decision.text]
        shown = (self._masked(line.strip(), decision.target_id) for line in lines)
        return next((clean(line) for line in shown if line), "")

    def text(self, decision: Decision) -> str:
        """All voices of a decision, one a line, as far as they may be shown."""
        if not is_issue(decision.target_id):
            return self._masked(decision.text, decision.target_id)
        lines = [self._masked(line, decision.target_id) for line in decision.text.splitlines()]
        return "\n".join(line for line in lines if line)

    def voice(self, voice: str) -> str:
        """One voice as far as it may be shown."""
        return self._masked(voice, "")

    def _masked(self, voice: str, target: str) -> str:
        hidden = self._hidden.get(text_key(voice))
        if hidden is not None:
            return mask(voice, with_hidden([], hidden, len(voice)))
        if bare(voice) in self._shown:
            return voice  # it was masked when it was written
        if target in self._targets or any(own.is_same(voice) for own in self._wordings):
            return ""
        return voice


class _Wording:
    """A wording in which something is hidden, however it is spaced and masked."""

    def __init__(self, text: str) -> None:
        self._lines = {bare(line) for line in (text, *text.splitlines())} - {""}
        self._parts = LABEL.split(bare(text))

    def is_same(self, voice: str) -> bool:
        """Whether a voice is this wording, or one line of it.

        What is masked in either may be anything in the other: what is taken for a name, and
        what people declare public, changes from run to run.
        """
        own = bare(voice)
        return own in self._lines or (any(self._parts) and _meet(self._parts, LABEL.split(own)))


def _meet(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether a text can be written with both of these, anything between the parts of each.

    Examples
    --------
    >>> _meet(["隣の", "さんの犬"], ["隣の田中さんの", ""])
    True
    >>> _meet(["隣の", "さんの犬"], ["隣の田中さんの猫"])
    False
    """
    # Nearly all wordings differ before the first or behind the last stretch that is masked.
    if not (_agree(one[0], other[0]) and _agree(one[-1][::-1], other[-1][::-1])):
        return False
    across = list(_marks(other))
    reached = [True, *(False for _ in across)]
    _run_on(reached, across)
    for mark in _marks(one):
        before, reached = reached, [False] * len(reached)
        for place in range(len(reached)):
            if mark == _ANYTHING:
                reached[place] = before[place] or (place > 0 and reached[place - 1])
            elif place and across[place - 1] in (mark, _ANYTHING):
                reached[place] = before[place - 1] or (
                    across[place - 1] == _ANYTHING and before[place]
                )
        _run_on(reached, across)
    return reached[-1]


_ANYTHING: Final = ""


def _marks(parts: Sequence[str]) -> Iterator[str]:
    """Characters of the parts, :data:`_ANYTHING` between each two."""
    for number, part in enumerate(parts):
        if number:
            yield _ANYTHING
        yield from part


def _run_on(reached: list[bool], across: Sequence[str]) -> None:
    """Let what may be anything be nothing, too."""
    for place, mark in enumerate(across, start=1):
        if mark == _ANYTHING and reached[place - 1]:
            reached[place] = True


def _agree(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
