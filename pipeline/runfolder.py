"""A run folder appears whole or not at all, and never takes a reviewer's work away."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import time
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipeline import tables
from pipeline.deidentify import declared_public, deidentify
from pipeline.engine.local import Local
from pipeline.errors import InputError, KadaiError, Location, UsageError
from pipeline.manifest import DECISIONS, PREVIOUS, dump_manifest, hash_file
from pipeline.newfile import save_new
from pipeline.plainfile import is_device_name, is_link
from pipeline.privatefolder import private_folder
from pipeline.report import write_report
from pipeline.review.workbook import write_workbook
from pipeline.study import Study, dump_study

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from pipeline.engine import Engine
    from pipeline.plan import Plan
    from pipeline.progress import Watch

WORKBOOK: Final = "review.xlsx"
REPORT: Final = "report.html"
MANIFEST: Final = "manifest.json"
STUDY: Final = "study.toml"
TIMINGS: Final = "timings.json"

CONFIDENTIAL: Final = "answers"
"""Table that only who made the run may open, where the system knows such rights."""

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

PLACE: Final = "decisions_place"
"""Key of the timings file under which the place of further decisions is noted."""


def new_run_folder(output: Path | None, title: str, run_id: str) -> Path:
    """Where a run will stand.

    Raises
    ------
    UsageError
        The folder that was asked for holds something else than a run.
    """
    if output is None:
        here = Path.cwd()
        # A study corrected inside a run folder makes its run beside that folder, not in it.
        base = here.parent if (here / MANIFEST).is_file() else here / "outputs"
        return base / f"{_file_name(title)}-{run_id[:8]}"
    output = output.absolute()
    if is_link(output):
        # Whoever put the link there would choose where residents' words are written.
        raise UsageError(
            f"出力先「{output.name}」は、ほかの場所へのリンクです。",
            remedy="リンク先のフォルダーか、新しい名前を指定してください。",
        )
    if output.exists() and not output.is_dir():
        raise UsageError(
            f"出力先「{output.name}」はファイルです。",
            remedy="フォルダーの名前を指定してください。",
        )
    if output.is_dir() and any(output.iterdir()) and not (output / MANIFEST).is_file():
        raise UsageError(
            f"出力先「{output.name}」には Kadai の結果ではないファイルがあります。",
            remedy="空のフォルダーか、新しい名前を指定してください。",
        )
    other = _recorded(output / MANIFEST, "study", "title")
    if other and other != title:
        raise UsageError(
            f"出力先「{output.name}」には、別の調査「{other}」の結果があります。",
            remedy="別のフォルダーの名前を指定するか、いらない結果ならフォルダーごと削除してください。",
        )
    return output


def save_run(
    target: Path,
    study: Study,
    study_folder: Path,
    made: Mapping[str, pd.DataFrame],
    plan: Plan,
    manifest: dict[str, Any],
    watch: Watch,
    decisions: bytes | None = None,
    decisions_place: Path | None = None,
    previous: bytes | None = None,
    engine: Engine | None = None,
) -> Path:
    """Write everything beside the target, then put it there in one step.

    Parameters
    ----------
    decisions
        What was decided, as the run applied it; kept beside the result.
    decisions_place
        File that further decisions on this run belong to.
    previous
        What is known of the run before; kept beside the result.
    engine
        Writes the workbook beside the tables and the report; here, one after the other,
        by default.

    Raises
    ------
    InputError
        The place cannot be written to; nothing is left behind.
    """
    engine = engine or Local()
    with _scratch_beside(target) as scratch, contextlib.ExitStack() as stack:
        _bring_back(target, scratch)
        public = declared_public(made["applied_decisions"])
        shown = {**made, "answers": deidentify(made["answers"], public)}
        with watch.stage("確認用のブックを書く"):
            workbook = engine.call(write_workbook, scratch / WORKBOOK, shown, plan, study, manifest)
            # Before the scratch is removed: a workbook written into it then would be left.
            stack.callback(workbook.stop)
        with watch.stage("表を書く"):
            for name in tables.SCHEMAS:
                for path in tables.save_table(name, made[name], scratch / "tables"):
                    if name == CONFIDENTIAL:
                        path.chmod(0o600)
                    manifest["tables"][path.name] = {
                        "sha256": hash_file(path),
                        "rows": len(made[name]),
                    }
        with watch.stage("報告書を書く"):  # it names the hashes of the tables
            write_report(scratch / REPORT, shown, plan, study, manifest)
        with watch.stage("確認用のブックを書く"):
            workbook.result()
        for name in (WORKBOOK, REPORT):
            manifest["outputs"][name] = {"sha256": hash_file(scratch / name)}
        (scratch / MANIFEST).write_text(dump_manifest(manifest), encoding="utf-8", newline="\n")
        if decisions is not None:
            (scratch / DECISIONS).write_bytes(decisions)
        if previous is not None:
            (scratch / PREVIOUS).write_bytes(previous)
        kept = _seen_from(study, study_folder, target).model_copy(
            update={
                "decisions": DECISIONS if decisions is not None else None,
                "previous": PREVIOUS if previous is not None else None,
            }
        )
        (scratch / STUDY).write_text(dump_study(kept), encoding="utf-8", newline="\n")
        (scratch / TIMINGS).write_text(
            json.dumps(
                {
                    "about": "この実行だけの記録です。再現の確認には使いません。",
                    "finished_at": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
                    "seconds": watch.seconds,
                    "study_sha256": hash_file(scratch / STUDY),
                    PLACE: _relative(decisions_place, target) if decisions_place else "",
                },
                ensure_ascii=False,
                indent=2,
            )
            + "\n",
            encoding="utf-8",
            newline="\n",
        )
        _put(scratch, target)
    return target


def write_study(study: Study, study_folder: Path, path: Path) -> None:
    """Write a study file whose paths hold from where it is written.

    Raises
    ------
    UsageError
        There is a file of that name already; a planner may have corrected it.
    """
    text = dump_study(_seen_from(study, study_folder, path.absolute().parent))
    save_new(path, text.encode())


def decisions_place(run: Path) -> Path | None:
    """File that decisions on a run belong to, as it was noted when the run was made."""
    noted = _recorded(run / TIMINGS, PLACE)
    return Path(os.path.normpath(run / noted)) if noted else None


def run_folder_of(path: Path) -> Path:
    """Run folder that is named, also where somebody named the report in it."""
    is_report = path.name == REPORT and (path.parent / MANIFEST).is_file()
    return path.parent if is_report else path


def newest_run(here: Path) -> Path | None:
    """Run that is meant where none is named: `here` itself, or the last one below ``outputs``."""
    if (here / MANIFEST).is_file():
        return here
    outputs = here / "outputs"
    found = [
        path
        for path in sorted(outputs.rglob(MANIFEST))
        if not any(part.startswith(".") for part in path.relative_to(outputs).parts)
    ]
    return max(found, key=lambda path: path.stat().st_mtime_ns).parent if found else None


def _seen_from(study: Study, study_folder: Path, target: Path) -> Study:
    """The study with paths that hold from inside another folder."""
    sources = tuple(
        source.model_copy(update={"file": _relative(study_folder / source.file, target)})
        for source in study.sources
    )
    plan = study.plan
    if plan.endswith(".toml"):
        plan = _relative(study_folder / plan, target)
    decisions = _relative(study_folder / study.decisions, target) if study.decisions else None
    previous = _relative(study_folder / study.previous, target) if study.previous else None
    return study.model_copy(
        update={"sources": sources, "plan": plan, "decisions": decisions, "previous": previous}
    )


def _relative(path: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path.absolute(), folder.absolute())).as_posix()
    except ValueError:  # another drive
        return path.absolute().as_posix()


@contextlib.contextmanager
def _scratch_beside(target: Path) -> Iterator[Path]:
    """A folder on the target's own disk that is gone afterwards, whatever happens.

    It stands in one that nobody else may enter, because it holds what residents wrote.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with private_folder(target.parent) as room:
            scratch = room / "run"
            scratch.mkdir()  # with the rights that new folders have here
            yield scratch
    except OSError as error:
        raise _cannot_write(target.parent) from error


def _put(scratch: Path, target: Path) -> None:
    """Swap the new folder in; what people made or changed in the old one comes along."""
    if not target.exists():
        scratch.rename(target)
        return
    for path in _made_by_people(target):
        room = scratch / path.parent.relative_to(target)
        copy = room / _free_name(room, path.name)
        # A link stays a link: what it leads to is not copied into the run.
        if path.is_dir() and not is_link(path):
            shutil.copytree(path, copy, symlinks=True, ignore=_pipes)
        else:
            shutil.copy2(path, copy, follow_symlinks=False)
    old = _aside(target)
    target.rename(old)
    try:
        scratch.rename(target)
    except BaseException:  # also an interrupt: the older run must not be left hidden
        old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _aside(target: Path) -> Path:
    """Where an older run waits while the new one is put in its place."""
    return target.with_name(f".{target.name}.kadai-old")


def _bring_back(target: Path, scratch: Path) -> None:
    """Put an older run back that was left aside: the computer stopped at that very moment."""
    old = _aside(target)
    if not old.is_dir():
        return
    if target.is_dir() and any(target.iterdir()):  # the new one stood already
        gone = old.rename(scratch.parent / "old")
        shutil.rmtree(gone, ignore_errors=True)
        return
    if target.is_dir():
        target.rmdir()
    old.rename(target)


def _made_by_people(folder: Path) -> list[Path]:
    """Entries of an older run folder that are not, or no longer, as Kadai wrote them."""
    written = {
        name: _recorded(folder / MANIFEST, "outputs", name, "sha256") for name in (WORKBOOK, REPORT)
    }
    written[STUDY] = _recorded(folder / TIMINGS, "study_sha256")
    written[DECISIONS] = _recorded(folder / MANIFEST, "decisions", 0, "sha256")
    written[PREVIOUS] = _recorded(folder / MANIFEST, "previous", "sha256")
    found = [
        path
        for path in _entries(folder)
        if path.name not in {MANIFEST, TIMINGS, "tables"} and not path.name.startswith("~$")
    ]
    for path in _entries(folder / "tables"):
        written[path.name] = _recorded(folder / MANIFEST, "tables", path.name, "sha256")
        found.append(path)
    return [
        path
        for path in found
        if not (path.is_file() and hash_file(path) == written.get(path.name, ""))
    ]


def _entries(folder: Path) -> list[Path]:
    """What stands in a folder, by name, without pipes and devices."""
    if not folder.is_dir():
        return []
    pipes = _pipes(str(folder), [path.name for path in folder.iterdir()])
    return sorted(path for path in folder.iterdir() if path.name not in pipes)


def _pipes(folder: str, names: list[str]) -> set[str]:
    """Names of what is no file, folder or link: copying it would never end."""
    paths = {name: Path(folder, name) for name in names}
    return {
        name
        for name, path in paths.items()
        if not (is_link(path) or path.is_dir() or path.is_file())
    }


def _recorded(path: Path, *keys: str | int) -> str:
    """A value in a JSON file of the folder, or nothing where it is not there."""
    if not path.is_file():  # a pipe would be waited for
        return ""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        for key in keys:
            value = value[key]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return ""
    return str(value)


def _free_name(folder: Path, name: str) -> str:
    """``review.xlsx`` → ``review-記入済み1.xlsx``; a name that is free stays."""
    if not (folder / name).exists():
        return name
    stem, suffix = Path(name).stem, Path(name).suffix
    changed = "記入済み" if name == WORKBOOK else "変更済み"
    number = 1
    while (folder / f"{stem}-{changed}{number}{suffix}").exists():
        number += 1
    return f"{stem}-{changed}{number}{suffix}"


def _file_name(title: str) -> str:
    """Title as a folder name that Windows, macOS and Linux allow."""
    seen = "".join(" " if unicodedata.category(one) in _UNSEEN else one for one in title)
    name = re.sub(r'[<>:"/\\|?*\s]+', "_", seen).strip("._ ")[:40].strip("._ ")
    return f"_{name}" if is_device_name(name) else name or "study"


def _cannot_write(folder: Path) -> KadaiError:
    return InputError(
        "結果を書き込めません。",
        at=Location(file=str(folder)),
        remedy="フォルダーに書き込む権限とディスクの空きを確かめ、"
        "結果のファイルを Excel などで開いていれば閉じてください。",
    )
