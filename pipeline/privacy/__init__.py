"""Mask what points at a person before a text leaves the confidential table.

``find_personal`` says where it stands, ``mask`` and ``blank`` make the two forms of a text
that the rest of Kadai works with, and ``Hidden`` is what reviewers add.
"""

from pipeline.privacy.finding import find_personal, names_in, with_names
from pipeline.privacy.hidden import (
    Hidden,
    joined_hidden,
    parse_hidden,
    with_hidden,
    write_hidden,
)
from pipeline.privacy.numbers import find_numbers
from pipeline.privacy.spans import (
    HIDDEN,
    LABEL,
    LABELS,
    PersonalSpan,
    blank,
    blank_labels,
    clipped,
    mask,
    unmasked,
)

__all__ = [
    "HIDDEN",
    "LABEL",
    "LABELS",
    "Hidden",
    "PersonalSpan",
    "blank",
    "blank_labels",
    "clipped",
    "find_numbers",
    "find_personal",
    "joined_hidden",
    "mask",
    "names_in",
    "parse_hidden",
    "unmasked",
    "with_hidden",
    "with_names",
    "write_hidden",
]
