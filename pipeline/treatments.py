"""What the next plan might do about every issue: a proposal, by a rule that can be checked.

The rule
--------
People are counted, not opinions: respondents, and each answer of an unknown speaker. Somebody *asks* who says a problem or a request at least once. Those who
ask are the clear majority where the lower end of the 95 % Wilson interval of their share is
above :data:`MAJORITY`. An issue is *answered* by the plan where at least :data:`LEAST_ANSWERED`
people, and :data:`ANSWERED_SHARE` of all its people, speak to one of its goal's action lines;
for a plan without action lines, to a measure.

1. Rejected: nothing is proposed.
2. Under no goal: 新規 where people adopted it, else nothing: outside the plan (計画の外) where
   at least half of its opinions speak to no goal, divided between goals where they do.
3. Fewer than :data:`LEAST_PEOPLE` people, and not adopted: nothing.
4. Answered, and those who ask are the clear majority: 充実・強化.
5. Answered, and those who ask are no more than half: 継続. In between, the people are too few
   to tell, and nothing is proposed.
6. Not answered, and they are the clear majority, or people adopted it: 新規.
7. Else nothing: neither an action nor a clear wish.

References
----------
Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA
22(158).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from pipeline.actions import action_lines
from pipeline.statistics import wilson
from pipeline.tables import SCHEMAS, conform
from pipeline.wording import ADOPTED, OPINION_KINDS, REJECTED

if TYPE_CHECKING:
    from pipeline.plan import Plan

NEW: Final = "新規"
STRENGTHEN: Final = "充実・強化"
CONTINUE: Final = "継続"

LEAST_PEOPLE: Final = 5
"""People from whom on an issue that nobody adopted is proposed for: five who all ask are just
a clear majority."""

LEAST_ANSWERED: Final = 2
"""People who have to speak to the plan's actions: one may have used a word by chance."""

ANSWERED_SHARE: Final = 0.1
"""Share of an issue's people who have to; links are few, because they abstain when in doubt."""

MAJORITY: Final = 0.5
"""What the lower end of the interval of those who ask has to exceed."""

_ASKING: Final = ("problem", "request")
_KNOWN: Final = "R"
_UNKNOWN: Final = "W"


@dataclass(frozen=True)
class Weighed:
    """What the rule looks at.

    Attributes
    ----------
    n_people, n_asking, n_answered
        People, those who ask, those who speak to an action (or measure) of its goal.
    n_unknown
        Answers of unknown speakers among them, each counted as one person.
    is_divided
        Under no goal, although most of its opinions stand under one.
    """

    has_goal: bool
    status: str
    n_people: int
    n_asking: int
    n_answered: int
    n_unknown: int = 0
    is_divided: bool = False

    @property
    def lower(self) -> float:
        """Lower end of the 95 % Wilson interval of the share of those who ask."""
        if not self.n_people:
            return 0.0
        low, _ = wilson(self.n_asking, self.n_people)
        return round(float(low), 6)

    @property
    def is_answered(self) -> bool:
        """Whether an action of the plan is spoken to by enough of its people."""
        enough = self.n_answered >= ANSWERED_SHARE * self.n_people
        return self.n_answered >= LEAST_ANSWERED and enough


def tabulate_treatments(
    plan: Plan, issues: pd.DataFrame, opinions: pd.DataFrame, links: pd.DataFrame
) -> pd.DataFrame:
    """Table ``treatments``: one row an issue, with the sentence that led to its proposal.

    Parameters
    ----------
    issues
        ``issue_id, goal_id, measure_id, status``.
    opinions
        ``opinion_id, answer_id, issue_id, goal_id, measure_id, kind, respondent_id``.
    links
        Table ``action_links``.
    """
    lines = {line.action.id: line for line in action_lines(plan)}
    of_opinion: dict[str, list[str]] = {}
    for opinion_id, action_id in zip(links["opinion_id"], links["action_id"], strict=True):
        of_opinion.setdefault(opinion_id, []).append(action_id)
    known = opinions["respondent_id"].astype(str)
    spoken = opinions.assign(
        speaker=(_KNOWN + known).where(known != "", _UNKNOWN + opinions["answer_id"].astype(str)),
    )
    columns = ["opinion_id", "goal_id", "measure_id", "kind", "speaker"]
    voices = {
        issue_id: own[columns].to_dict("records")
        for issue_id, own in spoken.groupby("issue_id", sort=True)
    }
    rows = []
    for issue in issues.to_dict("records"):
        own = voices.get(issue["issue_id"], [])
        goal_id = issue["goal_id"]
        speaking: Counter[str] = Counter()
        answered = set()
        for voice in own:
            here = [
                action_id
                for action_id in of_opinion.get(str(voice["opinion_id"]), ())
                if lines[action_id].goal_id == goal_id
            ]
            speaking.update(here)
            under_measure = not lines and voice["goal_id"] == goal_id and voice["measure_id"]
            if goal_id and (here or under_measure):
                answered.add(voice["speaker"])
        kinds = Counter(str(voice["kind"]) for voice in own)
        speakers = {str(voice["speaker"]) for voice in own}
        weighed = Weighed(
            has_goal=bool(goal_id),
            status=issue["status"],
            n_people=len(speakers),
            n_asking=len({voice["speaker"] for voice in own if voice["kind"] in _ASKING}),
            n_answered=len(answered),
            n_unknown=sum(speaker.startswith(_UNKNOWN) for speaker in speakers),
            is_divided=2 * sum(bool(voice["goal_id"]) for voice in own) > len(own),
        )
        treatment, rule = propose(weighed, by_actions=bool(lines))
        rows.append(
            {
                "issue_id": issue["issue_id"],
                "treatment": treatment,
                "rule": rule,
                "action_ids": " ".join(sorted(speaking, key=lambda own: (-speaking[own], own))),
                "measure_id": issue["measure_id"],
            }
            | {f"n_{kind}": kinds[kind] for kind in OPINION_KINDS}
        )
    return conform("treatments", pd.DataFrame(rows, columns=SCHEMAS["treatments"].names))


def propose(weighed: Weighed, *, by_actions: bool = True) -> tuple[str, str]:
    """Treatment of an issue (empty: none), and why in one Japanese sentence.

    Parameters
    ----------
    by_actions
        Whether the plan has action lines; else its measures are what answers.

    Examples
    --------
    >>> propose(Weighed(True, "", n_people=20, n_asking=18, n_answered=6))[0]
    '充実・強化'
    >>> propose(Weighed(True, "", n_people=20, n_asking=6, n_answered=6))[0]
    '継続'
    >>> propose(Weighed(True, "", n_people=20, n_asking=18, n_answered=0))[0]
    '新規'
    """
    treatment, reason = _proposed(weighed, by_actions=by_actions)
    if weighed.n_unknown and weighed.has_goal:
        reason += f"（だれの声か分からない回答{weighed.n_unknown}件を、1件1人として含みます。）"
    return treatment, reason


def _proposed(own: Weighed, *, by_actions: bool) -> tuple[str, str]:
    adopted = own.status == ADOPTED
    if own.status == REJECTED:
        return "", "人が「却下」としたため、提案しません。"
    if not own.has_goal:
        return _without_goal(own)
    if own.n_people < LEAST_PEOPLE and not adopted:
        return "", f"{own.n_people}人の声で、目安の{LEAST_PEOPLE}人に届かないため、提案しません。"
    what = "取り組みに言葉でふれた人" if by_actions else "施策に結びついた人"
    asking = f"困りごとや要望を述べた人は{own.n_people}人のうち{own.n_asking}人"
    lower = f"割合の下限{own.lower:.0%}".replace("%", "％")
    answered = f"計画の{what}は{own.n_people}人のうち{own.n_answered}人"
    few = f"{answered}にとどまり" if own.n_answered else f"計画の{what}はおらず"
    majority = own.lower > MAJORITY
    if own.is_answered and majority:
        return STRENGTHEN, f"{answered}で、{asking}（{lower}）と、はっきり半数を超えます。"
    if own.is_answered and 2 * own.n_asking > own.n_people:
        undecided = "半数を超えますが、人数が少なく、充実・強化か継続かを決められません。"
        return "", f"{answered}で、{asking}（{lower}）と、{undecided}"
    if own.is_answered:
        return CONTINUE, f"{answered}で、{asking}と、半数を超えません。"
    if majority:
        return NEW, f"{few}、{asking}（{lower}）と、はっきり半数を超えます。"
    if adopted:
        return NEW, f"{few}、人が「採用」としたため、新規の候補です。"
    return "", f"{few}、{asking}（{lower}）と、はっきり半数を超えるとも言えません。"


def _without_goal(own: Weighed) -> tuple[str, str]:
    if own.status == ADOPTED:
        return NEW, "どの基本目標にも当てはまりませんが、人が「採用」としたため、新規の候補です。"
    if own.is_divided:
        return (
            "",
            "意見の目標が分かれていて、課題の目標が決まっていないため、提案しません。",
        )
    return "", f"どの基本目標にも当てはまらず、まだ採用もされていません（{own.n_people}人）。"
