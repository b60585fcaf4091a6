"""One family of errors: what went wrong, where, and what to do about it.

Every message that a planner can see is Japanese. The command line prints
``str(error)`` and leaves with ``error.exit_code``; nothing else in the package
prints or exits.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Location:
    """Where in the planner's files something stands.

    Parameters
    ----------
    file
        File name as the planner knows it.
    sheet
        Name of the worksheet, for workbooks.
    row
        Row or line number, counted from 1 as Excel and editors do.
    column
        Header of the column, or the key of a setting.
    """

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        parts = [
            f"ファイル「{self.file}」" if self.file else "",
            f"シート「{self.sheet}」" if self.sheet else "",
            f"{self.row}行目" if self.row is not None else "",
            f"「{self.column}」" if self.column else "",
        ]
        return " ".join(part for part in parts if part)


class KadaiError(Exception):
    """Base of all errors that Kadai raises on purpose.

    Parameters
    ----------
    problem
        What went wrong, one Japanese sentence.
    at
        Where it went wrong.
    remedy
        What the planner can do, one or two Japanese sentences.
    """

    exit_code = 1

    def __init__(self, problem: str, *, at: Location | None = None, remedy: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.at = at
        self.remedy = remedy

    def __str__(self) -> str:
        lines = [self.problem]
        if self.at is not None and str(self.at):
            lines.append(f"場所: {self.at}")
        if self.remedy:
            lines.append(f"対処: {self.remedy}")
        return "\n".join(lines)


class UsageError(KadaiError):
    """The command was called in a way that it does not know."""

    exit_code = 2


class InputError(KadaiError):
    """A file of answers, a study file, a plan or a dictionary cannot be read or checked."""

    exit_code = 3


class ConflictError(KadaiError):
    """A decision contradicts another one, or the value that it was made on."""

    exit_code = 4


class NotReproducedError(KadaiError):
    """A run could not be made again with the same result."""

    exit_code = 5
