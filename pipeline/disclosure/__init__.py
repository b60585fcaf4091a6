"""Which counts of people may be published, and which words may stand beside a voice.

The one place that decides: ``suppress`` for one table, ``suppress_pair`` for the issues and
the goals of the same people, ``safe_labels`` for single voices, ``audit`` to attack them all.
"""

from pipeline.disclosure.audit import (
    THRESHOLD,
    Constraint,
    Interval,
    additive,
    audit,
    known,
    leaks,
    tighten,
    withheld,
)
from pipeline.disclosure.labels import Mention, safe_labels
from pipeline.disclosure.pair import pair_constraints, suppress_pair
from pipeline.disclosure.rule import suppress

__all__ = [
    "THRESHOLD",
    "Constraint",
    "Interval",
    "Mention",
    "additive",
    "audit",
    "known",
    "leaks",
    "pair_constraints",
    "safe_labels",
    "suppress",
    "suppress_pair",
    "tighten",
    "withheld",
]
