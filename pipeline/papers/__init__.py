"""Papers for a committee (策定委員会), made of the saved tables of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.papers import listing, response, sheet
from pipeline.papers.comments import build_comments, has_comments
from pipeline.papers.contents import build_contents
from pipeline.papers.loading import load_run
from pipeline.papers.saving import Saved, save_papers

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.papers.loading import RunTables

FOLDER: Final = "papers"
"""Where in a run folder the papers are."""


class Papers(NamedTuple):
    """What was written, and what is to be known about it in Japanese; empty for nothing."""

    saved: Saved
    note: str


def write_papers(run: Path, output: Path | None = None) -> Papers:
    """Make the papers of a run.

    Parameters
    ----------
    run
        Its folder, or a file in it.
    output
        Folder for the papers; ``None``: ``papers`` in the run folder.

    Raises
    ------
    InputError
        The folder is no run, or a paper cannot be written; nothing is changed then.
    UsageError
        The output is a file.
    """
    folder = run.parent if run.is_file() else run
    loaded = load_run(folder)
    return Papers(save_papers(make_papers(loaded), output or folder / FOLDER), loaded.note)


def make_papers(run: RunTables) -> dict[str, bytes]:
    """File name → content; the same run gives the same bytes."""
    contents = build_contents(run)
    papers = {sheet.FILE: sheet.write_sheet(contents)}
    if has_comments(run):
        papers[response.FILE] = response.write_response(build_comments(run), contents.about)
    papers[listing.FILE] = listing.write_listing(contents)
    return papers
