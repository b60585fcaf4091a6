"""Public comments and what the town makes of them (意見の反映), part by part of the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.consulted import public_comments
from pipeline.lookups import goal_labels, measure_labels
from pipeline.report.charts import n_people
from pipeline.study import PUBLIC_COMMENT
from pipeline.wording import RESPONSES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from pipeline.plan import Plan

NO_PART = "計画のどの部分とも決められない意見"


class PartRow(NamedTuple):
    """Comments on one part of the plan.

    Attributes
    ----------
    part
        Goal or measure; empty where comments are on none.
    n_named
        Opinions whose writer named that part; the others stand
        where most of their answer was linked to.
    answers
        Opinions by :data:`~pipeline.wording.RESPONSES`, in that order.
    """

    part: str
    label: str
    n_opinions: int
    n_people: int
    n_named: int
    answers: tuple[int, ...]

    @property
    def n_open(self) -> int:
        """Opinions that nobody has answered yet."""
        return self.n_opinions - sum(self.answers)


class Consultation(NamedTuple):
    """All public comments: one row a part of the plan in the plan's order, and their sum.

    Attributes
    ----------
    n_writing
        Respondents that can be told apart, with those from whom no opinion was taken.
    n_unread
        Opinions whose writer wrote a part that could not be read as one of the plan.
    n_contacts
        Opinions that are nothing but a contact; they are in no row and wait for no answer.
    """

    rows: tuple[PartRow, ...]
    whole: PartRow
    n_writing: int
    n_unread: int
    n_contacts: int

    @property
    def n_silent(self) -> int:
        """People who wrote and from whom no opinion was taken."""
        return self.n_writing - self.whole.n_people

    @property
    def heads(self) -> tuple[str, ...]:
        """What the columns of answers are called."""
        return RESPONSES


def build_consultation(
    tables: Mapping[str, pd.DataFrame], plan: Plan, manifest: Mapping[str, Any]
) -> Consultation | None:
    """Count public comments by the part of the plan that they are about.

    Parameters
    ----------
    tables
        ``answers, opinions``.
    manifest
        Names the columns of the sources.

    Returns
    -------
    Consultation or None
        ``None`` where there is no public comment.
    """
    answers = tables["answers"]
    sources = manifest.get("study", {}).get("sources", ())
    every = public_comments(tables["opinions"], answers, plan, sources)
    own = every[~every["is_contact"]]
    if own.empty:
        return None
    labels = {**measure_labels(plan), "": NO_PART}
    order = []
    for goal_id, label in goal_labels(plan).items():
        labels[goal_id] = f"基本目標{label}"
        order += [goal_id, *(one.id for one in plan.goal(goal_id).measures)]
    present = set(own["part"])
    return Consultation(
        tuple(
            _row(part, labels[part], own[own["part"] == part])
            for part in (*order, "")
            if part in present
        ),
        _row("", "計", own),
        n_writing=n_people(answers[answers["source_kind"] == PUBLIC_COMMENT]),
        n_unread=int(((own["written"] != "") & ~own["is_named"]).sum()),
        n_contacts=int(every["is_contact"].sum()),
    )


def _row(part: str, label: str, rows: pd.DataFrame) -> PartRow:
    sizes = rows["response"].value_counts()
    return PartRow(
        part=part,
        label=label,
        n_opinions=len(rows),
        n_people=n_people(rows),
        n_named=int(rows["is_named"].sum()),
        answers=tuple(int(sizes.get(own, 0)) for own in RESPONSES),
    )
