"""From what a person names to a finished run: what ``kadai run`` and ``pipeline.run`` share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.analysis import run_study
from pipeline.comparison.previous import check_previous, read_previous
from pipeline.decision_input import read_decisions
from pipeline.engine import MOST_PROCESSES, Reuse, check_engine, open_engine
from pipeline.errors import InputError, Location, UsageError
from pipeline.findings.textline import one_line
from pipeline.infer import complete, describe_study, infer_study
from pipeline.manifest import Provenance, load_manifest
from pipeline.plan import find_plan, load_plan
from pipeline.resources import cache_folder
from pipeline.runfolder import MANIFEST, STUDY, decisions_place, new_run_folder, run_folder_of
from pipeline.study import MOST_ISSUES, load_study

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.findings import Finding
    from pipeline.progress import Watch
    from pipeline.study import Study

MOST_REUSED: Final = 64 << 20
"""Bytes of files from which nothing is kept for the next run, and of all that is kept."""


@dataclass(frozen=True)
class Wishes:
    """What may be asked of a run beside its files.

    Attributes
    ----------
    issues
        Number of issues; the data say it by default.
    output
        The run folder.
    decisions
        File of the reviewers' decisions; the study's own, or the one beside it, by default.
    no_decisions
        Leave the decisions alone.
    previous
        Folder of the run before.
    keep_raw
        Whether the run keeps the answers as they were written.
    reuse
        Whether what texts gave is taken from, and kept for, other runs.
    engine, processes
        See :func:`pipeline.engine.open_engine`.
    """

    issues: int | None = None
    output: Path | None = None
    decisions: Path | None = None
    no_decisions: bool = False
    previous: Path | None = None
    keep_raw: bool = True
    reuse: bool = True
    engine: str | None = None
    processes: int | None = None


@dataclass(frozen=True)
class Prepared:
    """A study that was read and can be run.

    Attributes
    ----------
    study, folder
        The study as it is wished for, and the folder that its paths are relative to.
    findings
        What was found in its files.
    place
        File that decisions on it belong to, whether there are any or not.
    is_found
        Whether the decisions there were taken though the study does not name them.
    """

    study: Study
    folder: Path
    findings: list[Finding]
    place: Path
    is_found: bool


def prepare(
    paths: Sequence[Path], wishes: Wishes | None = None, previous_named: str = "--previous"
) -> Prepared:
    """Read what is named: a study file, a folder with one, or files of answers.

    Parameters
    ----------
    previous_named
        What the run before is asked for with, for messages.

    Raises
    ------
    UsageError
        What is wished for does not go together, or there is no such engine.
    InputError
        A file cannot be read.
    """
    wishes = wishes or Wishes()
    check_engine(wishes.engine)
    if wishes.issues is not None and not 1 <= wishes.issues <= MOST_ISSUES:
        raise UsageError(
            f"課題の数 {wishes.issues} は指定できません。",
            remedy=f"1 から {MOST_ISSUES} までの数を指定するか、省いてください。",
        )
    if wishes.processes is not None and not 1 <= wishes.processes <= MOST_PROCESSES:
        raise UsageError(
            f"プロセスの数 {wishes.processes} は指定できません。",
            remedy=f"1 から {MOST_PROCESSES} までの数を指定するか、省いてください。",
        )
    if wishes.previous is not None:
        check_previous(wishes.previous.absolute(), previous_named)
    study, folder, findings = read_study(paths)
    if wishes.previous is None and study.previous is not None:
        check_previous(folder / study.previous, "調査ファイルの previous")
    if wishes.issues is not None:
        parameters = study.parameters.model_copy(update={"issues": wishes.issues})
        study = study.model_copy(update={"parameters": parameters})
    place = wishes.decisions.absolute() if wishes.decisions else _record_of(study, folder, paths)
    is_found = False
    if wishes.no_decisions:
        study = study.model_copy(update={"decisions": None})
    elif wishes.decisions is not None or (study.decisions is None and place.is_file()):
        study = study.model_copy(update={"decisions": str(place)})
        is_found = True
    if wishes.previous is not None:
        study = study.model_copy(update={"previous": str(wishes.previous.absolute())})
    return Prepared(study, folder, findings, place, is_found)


def carry_out(prepared: Prepared, wishes: Wishes | None = None, watch: Watch | None = None) -> Path:
    """Run what was prepared; gives the run folder.

    Raises
    ------
    InputError
        A file of the study, the plan or a dictionary cannot be read or checked.
    """
    wishes = wishes or Wishes()
    reused = wishes.reuse and wishes.keep_raw
    reuse = _reuse(prepared.study, prepared.folder, wishes.engine) if reused else None
    parts = _place_for_parts(wishes.engine, wishes.output)
    with open_engine(wishes.engine, wishes.processes, parts, reuse=reuse) as engine:
        return run_study(
            prepared.study,
            prepared.folder,
            wishes.output,
            keep_raw=wishes.keep_raw,
            watch=watch,
            place=prepared.place,
            engine=engine,
        )


def finished_run(
    path: Path, say: Callable[[str], object] = lambda _: None, watch: Watch | None = None
) -> Path:
    """Run folder that is named, or that is made of the study or the answers that are named.

    Parameters
    ----------
    path
        Run folder, report in it, study file, folder with one, or a file of answers.
    say
        Called with Japanese lines that tell what is done.

    Raises
    ------
    InputError
        There is no such thing, or it cannot be run.
    """
    path = run_folder_of(path)
    if path.is_dir():
        if (path / MANIFEST).is_file():
            load_manifest(path)
            say(f"結果を読みます: {path}")
            return path
        if not (path / STUDY).is_file():
            raise InputError(
                f"フォルダー「{path.name}」は、Kadai の結果ではありません。",
                at=Location(file=str(path)),
                remedy="kadai run が作ったフォルダー（manifest.json のあるもの）か、"
                "調査ファイル、回答のファイルを指定してください。",
            )
        path = path / STUDY
    if not path.is_file():
        raise InputError(
            f"「{path.name}」が見つかりません。",
            at=Location(file=str(path)),
            remedy="結果のフォルダー、調査ファイル、回答のファイルの場所と名前を確かめてください。",
        )
    prepared = prepare([path])
    for own in prepared.findings:
        if own.doubt and not is_study(path):
            say(one_line(f"？ {own.subject} → {own.taken_for}: {own.reason}"))
    if prepared.is_found:
        say(f"人の判断の記録: {prepared.place}")
    if (known := _same_run(prepared)) is not None:
        say(f"同じ結果がもうあるので、それを使います: {known}")
        return known
    say(f"実行します: {path.name}")
    made = carry_out(prepared, watch=watch)
    say(f"結果: {made}")
    return made


def read_study(paths: Sequence[Path]) -> tuple[Study, Path, list[Finding]]:
    """Study, the folder that its paths are relative to, and what was found.

    Raises
    ------
    UsageError
        There are several study files, or none in a folder that was named.
    InputError
        A file cannot be read.
    """
    found = [_study_in(path) if path.is_dir() else path for path in paths]
    studies = [path for path in found if is_study(path)]
    if studies and len(found) > 1:
        raise UsageError(
            "調査ファイル（.toml）は1つだけ指定してください。",
            remedy="回答のファイルは、調査ファイルの sources に書くか、調査ファイルなしで指定します。",
        )
    if studies:
        study, folder = load_study(studies[0]), studies[0].absolute().parent
        findings = describe_study(study, folder)
        return complete(study, folder), folder, findings
    study, findings = infer_study([path.absolute() for path in found])
    return study, Path.cwd(), findings


def is_study(path: Path) -> bool:
    """Whether a name is that of a study file."""
    return path.suffix.lower() == ".toml"


def _study_in(folder: Path) -> Path:
    """Study file of a folder that was named instead of a file."""
    path = folder / STUDY
    if not path.is_file():
        raise UsageError(
            f"フォルダー「{folder}」に調査ファイル（study.toml）がありません。",
            remedy="回答のファイルを1つずつ指定するか、フォルダーに study.toml を作ってください。",
        )
    return path


def _record_of(study: Study, folder: Path, paths: Sequence[Path]) -> Path:
    """Place where decisions on this study are kept, whether there are any or not."""
    if (folder / MANIFEST).is_file() and (place := decisions_place(folder)):
        return place  # the study of a run: its decisions are a copy
    if study.decisions is not None:
        return (folder / study.decisions).absolute()
    first = paths[0]
    return (folder if first.is_dir() or is_study(first) else first.absolute().parent) / (
        "decisions.csv"
    )


def _same_run(prepared: Prepared) -> Path | None:
    """Run of the very same files that is there already, where a new one would be put."""
    study, folder = prepared.study, prepared.folder
    decisions = read_decisions(study, folder, load_plan(find_plan(study.plan, folder)))
    before = read_previous(study, folder)
    made_from = Provenance.of(study, folder, decisions, keep_raw=True, previous=before)
    target = new_run_folder(None, study.title, made_from.run_id)
    known = (target / MANIFEST).is_file()
    return target if known and load_manifest(target)["run_id"] == made_from.run_id else None


def _place_for_parts(engine: str | None, output: Path | None) -> Path | None:
    """Where workers elsewhere see what they are sent: beside the results; else ``None``."""
    if engine is None or "://" not in engine:
        return None
    place = (output or Path("outputs") / "run").absolute().parent
    return next(folder for folder in (place, *place.parents) if folder.is_dir())


def _reuse(study: Study, folder: Path, engine: str | None) -> Reuse | None:
    """Where what texts gave is kept for the next run; nothing for large studies or elsewhere."""
    paths = {folder / source.file for source in study.sources}
    size = sum(path.stat().st_size for path in paths if path.is_file())
    if size > MOST_REUSED or (engine is not None and "://" in engine):
        return None
    return Reuse(cache_folder() / "reuse", MOST_REUSED)
