"""Public comments and what the town makes of them (意見の反映), part by part of the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.lookups import goal_labels, measure_labels, parts_of_plan
from pipeline.report.charts import n_people
from pipeline.wording import RESPONSES

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.plan import Plan

PUBLIC_COMMENT = "public_comment"

NO_PART = "計画のどの部分とも決められない意見"


class PartRow(NamedTuple):
    """Comments on one part of the plan.

    Attributes
    ----------
    part
        Goal or measure; empty where comments are on none.
    n_named
        Opinions whose writer named that part; the others were linked to it by their words.
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
    """All public comments: one row a part of the plan in the plan's order, and their sum."""

    rows: tuple[PartRow, ...]
    whole: PartRow

    @property
    def heads(self) -> tuple[str, ...]:
        """What the columns of answers are called."""
        return RESPONSES


def build_consultation(opinions: pd.DataFrame, plan: Plan) -> Consultation | None:
    """Count public comments by the part of the plan that they are about.

    Parameters
    ----------
    opinions
        Of :func:`pipeline.lookups.with_answers`.

    Returns
    -------
    Consultation or None
        ``None`` where there is no public comment.
    """
    own = opinions[opinions["source_kind"] == PUBLIC_COMMENT]
    if own.empty:
        return None
    own = own.assign(part=parts_of_plan(own, plan))
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
    )


def _row(part: str, label: str, rows: pd.DataFrame) -> PartRow:
    sizes = rows["response"].value_counts()
    return PartRow(
        part=part,
        label=label,
        n_opinions=len(rows),
        n_people=n_people(rows),
        n_named=int((rows["addressed_id"] != "").sum()),
        answers=tuple(int(sizes.get(own, 0)) for own in RESPONSES),
    )
