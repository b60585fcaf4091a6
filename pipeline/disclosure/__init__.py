"""Which counts of people may be published, and which words may stand beside a voice.

The one place that decides: ``Policy`` says how many people a count needs (``sensitive`` what
needs more), ``suppress`` hides what one table must, ``suppress_pair`` what the issues and the
goals of the same people must, ``suppress_beside`` what another table beside them must,
``safe_labels`` speaks for single voices, ``audit`` attacks them all.
"""

from pipeline.disclosure.audit import (
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
from pipeline.disclosure.labels import Coded, Mention, Voices, label_voices, safe_labels
from pipeline.disclosure.links import known_pair, pair_constraints
from pipeline.disclosure.pair import LEAST_PEOPLE, suppress_beside, suppress_pair
from pipeline.disclosure.policy import DEFAULT_POLICY, Policy, policy_of
from pipeline.disclosure.rule import hide_both_ways, suppress
from pipeline.study import SENSITIVE_THRESHOLD, THRESHOLD

__all__ = [
    "DEFAULT_POLICY",
    "LEAST_PEOPLE",
    "SENSITIVE_THRESHOLD",
    "THRESHOLD",
    "Coded",
    "Constraint",
    "DisclosureError",
    "Interval",
    "Mention",
    "Policy",
    "Voices",
    "additive",
    "audit",
    "hide_both_ways",
    "known",
    "known_pair",
    "label_voices",
    "leaks",
    "pair_constraints",
    "policy_of",
    "safe_labels",
    "suppress",
    "suppress_beside",
    "suppress_pair",
    "tighten",
    "withheld",
]
