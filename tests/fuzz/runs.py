"""Whole runs on small damaged files: a run folder that obeys the law of rows, or nothing."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

from pipeline import tables
from pipeline.analysis import run_study
from pipeline.errors import KadaiError
from pipeline.infer import infer_study
from pipeline.study import Source, Study
from tests.fuzz.seeds import seeds
from tests.fuzz.targets import TARGETS, LostError
from tests.row_law import broken

if TYPE_CHECKING:
    from pathlib import Path

_KINDS: Final = ("delimited", "xlsx", "ods", "text", "docx")
_NAME: Final = "input"


def run_case(number: int, folder: Path) -> str:
    """Run the whole story on one damaged file: ``read`` or ``refused``."""
    rng = random.Random(f"run:{number}")
    kind = rng.choice(_KINDS)
    suffix, content = rng.choice(seeds()[kind])
    for _ in range(rng.choice((0, 1, 1, 2))):
        content = rng.choice(TARGETS[kind].mutators)(content, rng)
    path = folder / f"{_NAME}{suffix}"
    path.write_bytes(content)
    target = folder / "run"
    before = {own.name for own in folder.iterdir()}
    try:
        if rng.random() < 0.5:
            study, _ = infer_study([path])
        else:
            study = Study(title="調査", sources=(Source(file=path.name, kind="survey"),))
        run_study(study, folder, target)
    except KadaiError as error:
        if {own.name for own in folder.iterdir()} != before:
            raise LostError("something was left behind") from error
        return "refused"
    if {own.name for own in folder.iterdir()} != {*before, target.name}:
        raise LostError("something was left behind")
    made = {
        name: tables.load_table(name, target / "tables")
        for name in ("answers", "opinions", "set_aside")
    }
    if problems := list(broken(made["answers"], made["opinions"], made["set_aside"])):
        raise LostError(problems[0])
    return "read"
