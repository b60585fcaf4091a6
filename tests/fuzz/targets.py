"""What is fuzzed: every reader of a file that somebody else wrote."""

from __future__ import annotations

import functools
import random
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.answers import read_answers
from pipeline.decisions import load_decisions
from pipeline.documents import read
from pipeline.documents.headers import read_table
from pipeline.documents.table import resolve
from pipeline.errors import KadaiError
from pipeline.infer import complete, infer_study, table_grids
from pipeline.opinions import make_opinions
from pipeline.plan import load_plan
from pipeline.review_import.reading import read_workbook
from pipeline.study import dump_study, load_study
from tests.fuzz.mutate import (
    damage_bytes,
    damage_pdf,
    damage_text,
    damage_xls,
    damage_zip,
    splice,
)
from tests.fuzz.seeds import seeds
from tests.goals_fixture import PLAN
from tests.row_law import broken

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.plan import Plan
    from tests.fuzz.mutate import Mutator


_WHOLE: Final = 4
"""Of so many cases one goes on to opinions."""


class LostError(AssertionError):
    """Something that stands in the file is in no answer, opinion or set-aside piece."""


class Target(NamedTuple):
    """A kind of file.

    Attributes
    ----------
    weight
        Share of the cases, relative to the others.
    mutators
        Ways to damage it; the first ones are drawn as often as they are named.
    """

    weight: int
    mutators: tuple[Mutator, ...]
    read: Callable[[Path], object]


class Case(NamedTuple):
    """One damaged file."""

    kind: str
    number: int
    suffix: str
    content: bytes


def read_document(path: Path, *, whole: bool = True) -> None:
    """Read a file as ``kadai run FILE`` does, up to opinions, and check the law of rows.

    Parameters
    ----------
    whole
        Whether opinions are made of the answers, which takes most of the time.
    """
    read(path)
    study, _ = infer_study([path])
    result = read_answers(study, Path())
    n_cells = 0
    for source in complete(study, Path()).sources:
        document = read(Path(source.file), sheet=source.sheet)
        if not document.grids:
            n_cells += len(document.entries)
        for grid in table_grids(document, source):
            table = read_table(grid, source.header_row, source.text)
            columns = {
                column.index for name in source.text for column in resolve(table, name, many=True)
            }
            n_cells += sum(bool(row[own].strip()) for row in table.rows for own in columns)
    if n_cells != len(result.answers):
        raise LostError(f"{n_cells} cells are {len(result.answers)} answers")
    if not whole:
        return
    skip = frozenset(result.set_aside["answer_id"])
    said = make_opinions(result.answers, skip)
    waived = result.answers[result.answers["answer_id"].isin(skip)]
    if set(waived["answer_id"]) & set(said.table["answer_id"]):
        raise LostError("an answer is set aside and an opinion")
    spoken = result.answers[~result.answers["answer_id"].isin(skip)]
    if problems := list(broken(spoken, said.table, said.set_aside)):
        raise LostError(problems[0])


def _read_study(path: Path) -> None:
    study = load_study(path)
    again = path.with_name(f"{path.stem}-again.toml")
    again.write_text(dump_study(study), "utf-8")
    if load_study(again) != study:
        raise LostError("a study that was written is read as another one")


@functools.cache
def _plan(folder: Path) -> Plan:
    path = folder / "small-plan.toml"
    path.write_text(PLAN, "utf-8")
    return load_plan(path)


def _read_decisions(path: Path) -> None:
    load_decisions(path, _plan(path.parent))


TARGETS: Final = {
    "delimited": Target(30, (damage_text, damage_text, damage_bytes), read_document),
    "text": Target(15, (damage_text, damage_text, damage_bytes), read_document),
    "xlsx": Target(14, (*(damage_zip,) * 9, damage_bytes), read_document),
    "xls": Target(8, (damage_xls, damage_xls, damage_bytes), read_document),
    "ods": Target(10, (*(damage_zip,) * 9, damage_bytes), read_document),
    "docx": Target(8, (*(damage_zip,) * 9, damage_bytes), read_document),
    "pdf": Target(5, (damage_pdf,), read_document),
    "study": Target(8, (damage_text, damage_text, damage_bytes), _read_study),
    "plan": Target(6, (damage_text, damage_text, damage_bytes), load_plan),
    "decisions": Target(6, (damage_text, damage_text, damage_bytes), _read_decisions),
    "review": Target(2, (*(damage_zip,) * 9, damage_bytes), read_workbook),
}


def make_case(kind: str, number: int) -> Case:
    """Make the file of a case: the same one for the same kind and number, everywhere."""
    rng = random.Random(f"{kind}:{number}")
    target = TARGETS[kind]
    own = seeds()[kind]
    suffix, content = rng.choice(own)
    if rng.random() < 0.03:
        content = splice(content, [other for _, other in own], rng)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 5))):
        content = rng.choice(target.mutators)(content, rng)
    if rng.random() < 0.02:
        suffix = rng.choice([found for group in seeds().values() for found, _ in group])
    return Case(kind, number, suffix, content)


def read_case(case: Case, folder: Path) -> str:
    """Read a case: ``read`` or ``refused``. Whatever else is raised is a finding."""
    path = folder / f"case{case.suffix}"
    path.write_bytes(case.content)
    reader = TARGETS[case.kind].read
    try:
        if reader is read_document:
            read_document(path, whole=case.number % _WHOLE == 0)
        else:
            reader(path)
    except KadaiError as error:
        if not (error.problem and error.remedy):
            raise LostError(f"an error without a remedy: {error}") from error
        return "refused"
    return "read"
