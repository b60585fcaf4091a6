"""What a reviewer wants hidden besides what was found."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.privacy.spans import HIDDEN, PersonalSpan, unmasked

if TYPE_CHECKING:
    from collections.abc import Sequence

_ALL: Final = "all"
_SPAN: Final = re.compile(r"(\d+)-(\d+)")
_HIDDEN_VALUE: Final = re.compile(rf"(?:{_ALL}|\d+-\d+(?: \d+-\d+)*);(?P<key>[0-9A-Z]+)")


class Hidden(NamedTuple):
    """What a reviewer wants hidden in every opinion of one wording.

    Attributes
    ----------
    spans
        Characters of the masked text of :func:`mask`, nothing declared public in it; empty:
        all of it.
    key
        Digest of that text, so that it is found again without being written down.
    """

    spans: tuple[tuple[int, int], ...]
    key: str


def write_hidden(hidden: Hidden) -> str:
    """Write what is to be hidden as one value.

    Examples
    --------
    >>> write_hidden(Hidden(((0, 2), (8, 10)), "K3F9"))
    '0-2 8-10;K3F9'
    """
    spans = " ".join(f"{start}-{end}" for start, end in hidden.spans) or _ALL
    return f"{spans};{hidden.key}"


def parse_hidden(value: str) -> Hidden | None:
    """Read what :func:`write_hidden` wrote; ``None`` where it is something else."""
    match = _HIDDEN_VALUE.fullmatch(value)
    if match is None:
        return None
    spans = tuple((int(one[1]), int(one[2])) for one in _SPAN.finditer(value.partition(";")[0]))
    in_order = all(start < end for start, end in spans) and all(
        one[1] <= other[0] for one, other in pairwise(spans)
    )
    return Hidden(spans, match["key"]) if in_order else None


def joined_hidden(one: Hidden, other: Hidden) -> Hidden:
    """What two reviewers hid in one wording: all that either did.

    Examples
    --------
    >>> joined_hidden(Hidden(((0, 2),), "K"), Hidden(((1, 3), (5, 6)), "K")).spans
    ((0, 3), (5, 6))
    """
    if not one.spans or not other.spans:
        return Hidden((), one.key)
    found: list[tuple[int, int]] = []
    for start, end in sorted((*one.spans, *other.spans)):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return Hidden(tuple(found), one.key)


def with_hidden(
    spans: Sequence[PersonalSpan],
    hidden: Hidden,
    length: int,
    found: Sequence[PersonalSpan] | None = None,
) -> list[PersonalSpan]:
    """Add what a reviewer hid to what was found; where they meet it is one stretch.

    Parameters
    ----------
    length
        Of the text that `spans` belong to.
    found
        What is found where nothing is declared public: `hidden` speaks of the text that is
        masked so, whatever `spans` are left. `spans` where it is not given.
    """
    found = spans if found is None else found
    wanted = tuple(unmasked(span, found) for span in hidden.spans) or ((0, length),)
    joined = joined_hidden(Hidden(wanted, hidden.key), Hidden(wanted, hidden.key))
    own = [PersonalSpan(start, min(end, length), HIDDEN) for start, end in joined.spans]
    apart = [
        one
        for one in spans
        if not any(one.start < other.end and other.start < one.end for other in own)
    ]
    return sorted([*apart, *(one for one in own if one.start < one.end)])
