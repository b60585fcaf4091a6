"""The opinions of a run as words are looked up in them: masked texts, and who said them."""

from __future__ import annotations

import difflib
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pipeline.errors import UsageError
from pipeline.identity import issue_number
from pipeline.lookups import goal_labels, measure_labels
from pipeline.manifest import load_manifest
from pipeline.plan import NO_GOAL, find_plan, load_plan
from pipeline.privacy import blank_labels
from pipeline.runfolder import STUDY
from pipeline.study import PREVIOUS_PLAN, load_study
from pipeline.tables import load_columns, load_table
from pipeline.tokens import default_tokenizer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from pipeline.tokentable import TokenTable

_OPINIONS = (
    "opinion_id", "answer_id", "text", "kind", "duplicate_of", "issue_id", "goal_id", "measure_id",
)  # fmt: skip


@dataclass(frozen=True)
class Voices:
    """Opinions of a run and what they belong to.

    Attributes
    ----------
    opinions
        ``opinion_id, answer_id, text, kind, duplicate_of, issue_id, goal_id, measure_id``,
        ``source_kind, respondent_id`` (empty where unknown), ``stands_for`` (the same for all of
        one wording) and ``speaker``: respondent, or answer where nobody knows whose it is.
    titles
        Issue → title.
    goals, measures
        Id → number and name, in the plan's order.
    """

    opinions: pd.DataFrame
    titles: dict[str, str]
    goals: dict[str, str]
    measures: dict[str, str]

    @cached_property
    def texts(self) -> list[str]:
        """Masked texts as words are looked for in them: 「［電話番号］」 is no 電話."""
        return [blank_labels(own) for own in self.opinions["text"]]

    @cached_property
    def tokens(self) -> TokenTable:
        """Words of every opinion."""
        return default_tokenizer().tokenize_table(self.texts)

    def without_plan(self) -> Voices:
        """Without what the last plan says of itself: it is no voice."""
        told = self.opinions["source_kind"] == PREVIOUS_PLAN
        kept = self.opinions[~told].reset_index(drop=True)
        return Voices(kept, self.titles, self.goals, self.measures)

    def narrowed(self, issues: Sequence[str] = (), goal: str = "") -> Voices:
        """Only what stands in some issues, or under a goal (``0``: under none).

        Raises
        ------
        UsageError
            There is no such issue or goal; what is written like it is named.
        """
        kept = self.opinions
        if issues:
            named = [issues] if isinstance(issues, str) else issues
            wanted = [_plain(own) for own in named]
            for own in wanted:
                _check(own, self.titles, "課題", "課題の番号（I…）")
            kept = kept[kept["issue_id"].isin(wanted)]
        if goal:
            own = _plain(goal)
            _check(own, {NO_GOAL: "", **self.goals}, "基本目標", "目標の番号（どれでもなければ 0）")
            kept = kept[kept["goal_id"] == ("" if own == NO_GOAL else own)]
        return Voices(kept.reset_index(drop=True), self.titles, self.goals, self.measures)


def load_voices(run: Path) -> Voices:
    """Read the opinions of a run; the raw text of answers is never looked at.

    Raises
    ------
    InputError
        The folder is no run, or a table or the plan cannot be read.
    """
    load_manifest(run)  # tells where this is no run folder
    folder = run / "tables"
    opinions = load_columns("opinions", _OPINIONS, folder)
    answers = load_columns("answers", ("answer_id", "source_kind", "respondent_id"), folder)
    issues = load_columns("issues", ("issue_id", "title"), folder)
    plan = load_plan(find_plan(load_study(run / STUDY).plan, run))
    goals = goal_labels(plan) | _unlisted(opinions["goal_id"], goal_labels(plan))
    measures = measure_labels(plan) | _unlisted(opinions["measure_id"], measure_labels(plan))
    joined = opinions.merge(answers, on="answer_id", how="left", validate="many_to_one")
    first, people = joined["duplicate_of"], joined["respondent_id"]
    known = people != ""
    joined = joined.assign(
        stands_for=first.where(first != "", joined["opinion_id"]),
        # The letter in front keeps the number of a person apart from that of an answer.
        speaker=("r" + people).where(known, "a" + joined["answer_id"]),
    )
    return Voices(
        joined.sort_values("opinion_id", ignore_index=True),
        dict(zip(issues["issue_id"], issues["title"], strict=True)),
        goals,
        measures,
    )


def frequent_words(run: Path) -> pd.DataFrame:
    """The run's table of words, those of most opinions first."""
    words = load_table("words", run / "tables")
    return words.sort_values(["n_opinions", "word"], ascending=[False, True], ignore_index=True)


def _unlisted(column: pd.Series[str], known: Mapping[str, str]) -> dict[str, str]:
    """Ids that the plan has no more: it may have been changed since the run."""
    return {own: own for own in sorted(set(column) - {*known, ""})}


def _plain(own: str) -> str:
    return unicodedata.normalize("NFKC", own).strip().upper()


def _check(own: str, known: dict[str, str], kind: str, what: str) -> None:
    if own in known:
        return
    digits = own.removeprefix("I")
    padded = issue_number(int(digits)) if digits.isdecimal() else ""
    near = [padded] if padded in known else difflib.get_close_matches(own, sorted(known))
    raise UsageError(
        f"{kind}「{own}」は、この結果にありません。",
        remedy=f"{what}を確かめてください（似た番号: {'、'.join(near)}）。"
        if near
        else f"{what}を指定してください。",
    )
