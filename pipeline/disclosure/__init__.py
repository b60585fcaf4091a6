"""Which counts of people may be published, and which words may stand beside a voice.

The one place that decides: ``suppress`` for one table, ``suppress_pair`` for the issues and
the goals of the same people, ``safe_labels`` for single voices, ``audit`` to attack them all.
"""

from pipeline.disclosure.audit import (
    THRESHOLD,
    Constraint,
    DisclosureError,
    Interval,
    additive,
    audit,
    known,
    leaks,
    tighten,
    withheld,
)
from pipeline.disclosure.labels import Mention, safe_labels
from pipeline.disclosure.links import known_pair, pair_constraints
from pipeline.disclosure.pair import LEAST_PEOPLE, suppress_pair
from pipeline.disclosure.rule import suppress

__all__ = [
    "LEAST_PEOPLE",
    "THRESHOLD",
    "Constraint",
    "DisclosureError",
    "Interval",
    "Mention",
    "additive",
    "audit",
    "known",
    "known_pair",
    "leaks",
    "pair_constraints",
    "safe_labels",
    "suppress",
    "suppress_pair",
    "tighten",
    "withheld",
]
