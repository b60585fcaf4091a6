"""Values of too few people are taken together with those that a reader would put beside them.

Nobody is left out: the number of those who were would follow from other tables of the
report. Which values are joined is told by their name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.value_order import (
    NO_ANSWER,
    REST,
    REST_OR_NO_ANSWER,
    is_ordered,
    order_values,
    silence,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Group(NamedTuple):
    """One column of a table: its name, and the values that it takes together."""

    name: str
    members: tuple[str, ...]


def group_values(sizes: Mapping[str, int], threshold: int) -> list[Group]:
    """Columns in their order, each of ``threshold`` people or more if all together are.

    Parameters
    ----------
    sizes
        Value → people.

    Notes
    -----
    Bands and steps of a scale join a neighbour, the one with fewer people, of two equals
    the lower: 「16～17歳・22～29歳」, of three and more 「16～17歳から30～39歳」. Other values
    become 「そのほか」. What says nothing (回答しない, 無回答) joins what says nothing, and
    only where even that is too small the smallest of the others: 「30代 ほか」.
    """
    order = order_values(sizes)
    telling = [value for value in order if not silence(value)]
    silent = [value for value in order if silence(value)]
    has_neighbours = is_ordered(telling)
    steps: list[tuple[str, ...]] = [(value,) for value in telling]
    if has_neighbours:
        steps = _join_neighbours(steps, sizes, threshold)
    groups = [Group(_name(step), step) for step in steps if _people(step, sizes) >= threshold]
    rest = _take_up(
        [value for step in steps if _people(step, sizes) < threshold for value in step],
        silent,
        sizes,
        threshold,
    )
    left = [Group(value, (value,)) for value in silent if value not in rest]
    if groups and 0 < _people(rest, sizes) < threshold:
        least = min(range(len(groups)), key=lambda at: (_people(groups[at].members, sizes), at))
        name, members = groups[least]
        groups[least] = Group(f"{name} ほか", (*members, *rest))
    elif rest:
        left.append(Group(REST_OR_NO_ANSWER if NO_ANSWER in rest else REST, tuple(rest)))
    return [*(groups if has_neighbours else _by_size(groups, sizes)), *_by_size(left, sizes)]


def _take_up(
    small: Sequence[str], silent: Sequence[str], sizes: Mapping[str, int], threshold: int
) -> list[str]:
    """What is too small, and of what says nothing as much as it takes to be enough."""
    rest = [*small, *(value for value in silent if sizes[value] < threshold)]
    if rest:  # nothing but this may bear the name of the rest
        rest += [own for own in (REST, REST_OR_NO_ANSWER) if own in silent and own not in rest]
    for value in sorted(silent, key=lambda own: (-silence(own), sizes[own], own)):
        if value not in rest and 0 < _people(rest, sizes) < threshold:
            rest.append(value)
    return rest


def _join_neighbours(
    steps: Sequence[tuple[str, ...]], sizes: Mapping[str, int], threshold: int
) -> list[tuple[str, ...]]:
    """The smallest step first, until all are large enough or one is left."""
    joined = list(steps)
    while len(joined) > 1:
        people = [_people(step, sizes) for step in joined]
        least = people.index(min(people))
        if people[least] >= threshold:
            break
        sides = [at for at in (least - 1, least + 1) if 0 <= at < len(joined)]
        beside = min(sides, key=lambda at: (people[at], at))
        low, high = sorted((least, beside))
        joined[low : high + 1] = [joined[low] + joined[high]]
    return joined


def _name(step: Sequence[str]) -> str:
    return "・".join(step) if len(step) <= 2 else f"{step[0]}から{step[-1]}"


def _people(values: Iterable[str], sizes: Mapping[str, int]) -> int:
    return sum(sizes[value] for value in values)


def _by_size(groups: Sequence[Group], sizes: Mapping[str, int]) -> list[Group]:
    named = {group.name: group for group in groups}
    order = order_values({group.name: _people(group.members, sizes) for group in groups})
    return [named[name] for name in order]
