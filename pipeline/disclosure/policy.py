"""The policy: how many people a published count stands for at least, asked by whoever publishes.

A town sets it in its study file (``[publication]``, :class:`pipeline.study.Publication`). A
run notes it in its manifest; another policy makes another run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.disclosure.sensitive import is_of_a_person, is_of_people
from pipeline.study import SENSITIVE_THRESHOLD, THRESHOLD

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pipeline.study import Publication


class Policy(NamedTuple):
    """What a town has decided of small numbers.

    Attributes
    ----------
    threshold
        People of a published count, of what is not sensitive.
    sensitive_threshold
        The same for attributes and issues that are; never below ``threshold``.
    sensitive, not_sensitive
        Names of attributes, titles or headings of issues that are so whatever their words say.
    """

    threshold: int = THRESHOLD
    sensitive_threshold: int = SENSITIVE_THRESHOLD
    sensitive: frozenset[str] = frozenset()
    not_sensitive: frozenset[str] = frozenset()

    def is_sensitive_attribute(self, name: str, values: Iterable[str] = ()) -> bool:
        """Whether more people are needed for a count by this attribute.

        Parameters
        ----------
        name
            As the study calls it.
        values
            As people gave them.
        """
        if name in self.sensitive or name in self.not_sensitive:
            return name in self.sensitive
        return is_of_a_person(name, values)

    def is_sensitive_issue(self, title: str, headings: Collection[str] = ()) -> bool:
        """Whether more people are needed for a count of those who speak of this issue.

        Parameters
        ----------
        title
            As people or the machine gave it.
        headings
            Of the concept dictionary, under which the issue stands. One that is sensitive
            makes the issue so.
        """
        if not self.sensitive.isdisjoint({title, *headings}):
            return True
        for name in sorted(self.not_sensitive):  # the title may name several headings
            title = title.replace(name, "")
        return is_of_people(title, [own for own in headings if own not in self.not_sensitive])

    def for_attribute(self, name: str, values: Iterable[str] = ()) -> int:
        """Threshold of an attribute: of all its tables, and of the values that are joined."""
        return self.least(is_sensitive=self.is_sensitive_attribute(name, values))

    def for_issue(self, title: str, headings: Collection[str] = ()) -> int:
        """Threshold of an issue: of its row in every table."""
        return self.least(is_sensitive=self.is_sensitive_issue(title, headings))

    def least(self, *, is_sensitive: bool) -> int:
        """Either threshold."""
        return max(self.threshold, self.sensitive_threshold if is_sensitive else 0)


DEFAULT_POLICY: Final = Policy()
"""Of a study file that says nothing of it."""


def policy_of(publication: Publication) -> Policy:
    """Policy of a study file."""
    return Policy(
        publication.threshold,
        publication.sensitive_threshold,
        frozenset(publication.sensitive),
        frozenset(publication.not_sensitive),
    )
