"""A run's workbook written once more, and filled-in workbooks taken into the record."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline import tables
from pipeline.decision_log import added_to, append_decisions, locked
from pipeline.decisions import MACHINE, load_decisions, parse_decisions
from pipeline.deidentify import declared_public, deidentify
from pipeline.errors import ConflictError, InputError, Location, UsageError
from pipeline.manifest import hash_file, load_manifest
from pipeline.plan import find_plan, load_plan
from pipeline.review.workbook import write_workbook
from pipeline.review_import.prepare import Prepared, Reviewed, prepare
from pipeline.review_import.reading import read_workbook
from pipeline.review_import.state import RunState
from pipeline.study import load_study

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from pipeline.plan import Plan
    from pipeline.review_import.reading import Problem
    from pipeline.study import Study

LONGEST_NAME: Final = 40
"""Characters of a reviewer's name."""

_NOT_NAMES: Final = frozenset([MACHINE, "意見の判断", "前回の結果"])
_SHOWN: Final = 200


class SavedRun(NamedTuple):
    """A run folder that was read again."""

    folder: Path
    manifest: dict[str, object]
    study: Study
    plan: Plan
    tables: dict[str, pd.DataFrame]


class Imported(NamedTuple):
    """What was taken into the record.

    Attributes
    ----------
    record
        The file of decisions.
    prepared
        What was added, and what stands against the rest.
    notes
        What the person at the keyboard should know.
    """

    record: Path
    prepared: Prepared
    notes: tuple[str, ...]


def load_run(folder: Path) -> SavedRun:
    """Read a run folder: manifest, study, plan and every table, unchanged since it was made.

    Raises
    ------
    InputError
        The folder is no run, or something in it is damaged.
    """
    folder = folder.absolute()
    manifest = load_manifest(folder)
    study = load_study(folder / "study.toml")
    for name in tables.SCHEMAS:
        stored = f"{name}.parquet"
        path = folder / "tables" / stored
        try:
            wanted = manifest["tables"][stored]["sha256"]
        except (LookupError, TypeError):
            wanted = ""
        if not path.is_file() or hash_file(path) != wanted:
            raise InputError(
                "結果の表がないか、作られたあとに変わっています。",
                at=Location(file=f"{folder.name}/tables/{stored}"),
                remedy="kadai run でもう一度結果を作ってください。判断の記録はそのままで大丈夫です。",
            )
    loaded = {name: tables.load_table(name, folder / "tables") for name in tables.SCHEMAS}
    plan = load_plan(find_plan(study.plan, folder))
    return SavedRun(folder, manifest, study, plan, loaded)


def export_workbook(run: Path, output: Path) -> Path:
    """Write the workbook of a run; the same run gives the same bytes.

    Raises
    ------
    UsageError
        There is another file of that name, which may have been filled in.
    InputError
        The file cannot be written.
    """
    saved = load_run(run)
    scratch = output.with_name(f".{output.name}.part")
    try:
        public = declared_public(saved.tables["applied_decisions"])
        shown = {**saved.tables, "answers": deidentify(saved.tables["answers"], public)}
        write_workbook(scratch, shown, saved.plan, saved.study, saved.manifest)
        if output.exists() and hash_file(output) != hash_file(scratch):
            raise UsageError(
                f"「{output.name}」はもうあります。記入があるかもしれないので、上書きしません。",
                remedy="--output で別の名前を指定してください。",
            )
        scratch.replace(output)
    except OSError as error:
        raise InputError(
            "確認用ブックを書き込めません。",
            at=Location(file=str(output)),
            remedy="Excel で開いていれば閉じ、フォルダーに書き込めるか、ディスクに空きがあるかを確かめてください。",
        ) from error
    finally:
        scratch.unlink(missing_ok=True)
    return output


def import_workbooks(
    run: Path,
    files: Sequence[Path],
    reviewers: Sequence[str],
    record: Path,
    *,
    overrule: bool = False,
    accept_clean: bool = False,
    now: str | None = None,
) -> Imported:
    """Take what reviewers wrote into the record of decisions: all of it, or nothing.

    Parameters
    ----------
    run
        The run that the workbooks were made of, or a later one of the same study.
    files, reviewers
        As many of the one as of the other.
    record
        The file of decisions; made where there is none.
    overrule
        Take these workbooks' values where somebody else decided otherwise meanwhile.
    accept_clean
        Take the rows that nothing stands against, and only tell about the others.
    now
        Time of the decisions, ISO 8601; the clock's by default.

    Raises
    ------
    ConflictError
        Something stands against some rows; nothing was written.
    InputError
        A file cannot be read or written; nothing was written.
    """
    names = [_checked_name(name) for name in reviewers]
    saved = load_run(run)
    books = [read_workbook(path) for path in files]
    reviews = [Reviewed(book, name) for book, name in zip(books, names, strict=True)]
    state = RunState.of(str(saved.manifest["run_id"]), saved.plan, saved.tables)
    decided_at = now or datetime.now().astimezone().isoformat(timespec="seconds")
    if not record.parent.is_dir():
        raise InputError(
            "判断の記録を置くフォルダーがありません。",
            at=Location(file=str(record)),
            remedy="--decisions で、判断の記録（decisions.csv）の場所を指定してください。",
        )
    with locked(record):
        known = load_decisions(record, saved.plan) if record.exists() else ()
        prepared = prepare(reviews, state, saved.tables, known, decided_at, overrule=overrule)
        if prepared.problems and not accept_clean:
            raise _conflict(prepared.problems, len(prepared.judgements), reviews, state.run_id)
        # A row that cannot be read again would lock everybody out of the record.
        parse_decisions(added_to(b"", (*known, *prepared.decisions)), saved.plan, record.name)
        append_decisions(record, prepared.decisions)
    notes = (*_notes(files), *_emptied_note(prepared.emptied), *prepared.notes)
    return Imported(record, prepared, notes)


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name or name in _NOT_NAMES or len(name) > LONGEST_NAME:
        raise UsageError(
            f"確認した人の名前「{name[:LONGEST_NAME]}」は使えません。",
            remedy=f"--reviewer に、記録に残す名前（{LONGEST_NAME}文字まで）を指定してください。",
        )
    return name


def _conflict(
    problems: Sequence[Problem], n_clean: int, reviews: Sequence[Reviewed], run_id: str
) -> ConflictError:
    others = sorted({book.run_id for book, _ in reviews} - {run_id, ""})
    lines = [
        f"このブックは、別の実行（{own}）から作られたものです。いまの結果は {run_id} です。"
        "もとの結果のフォルダーがあれば、それを指定してください。"
        for own in others
    ]
    lines += [f"  - {problem.place}: {problem.text}" for problem in problems[:_SHOWN]]
    if len(problems) > _SHOWN:
        lines.append(f"  - ほか{len(problems) - _SHOWN}件")
    remedy = "上のところをブックで直し、もう一度取り込んでください。"
    if any("食い違っています" in problem.text for problem in problems):
        remedy += (
            "2冊の間の食い違いは、話し合いの結果をどちらかのブックに書くか、"
            "1冊ずつ取り込んで決めてください。"
        )
    if any("と決めています" in problem.text for problem in problems):
        remedy += "あとから決めたほうを生かすときは --overrule を付けます。"
    if n_clean:
        remedy += (
            f"ほかの行（{n_clean}件の判断）だけを先に取り込むときは --accept-clean を付けます"
            "（上に出た行や列の記入は取り込まれません）。"
        )
    return ConflictError(
        f"確かめてほしい記入が{len(problems)}件あります。まだ何も取り込んでいません。\n"
        + "\n".join(lines),
        remedy=remedy,
    )


def _emptied_note(emptied: Sequence[str]) -> list[str]:
    if not emptied:
        return []
    shown = "、".join(emptied[:5]) + (" など" if len(emptied) > 5 else "")
    note = (
        f"前に取り込んだ記入のうち{len(emptied)}件が、いまは空です（{shown}）。"
        "空にしても判断は残ります。取り消すときは、次の結果のブックの「引き継ぎ」シートで"
        "「取り消す」を選んでください。"
    )
    return [note]


def _notes(files: Sequence[Path]) -> list[str]:
    """Warn about workbooks that somebody still has open: what is not saved was not read."""
    notes = []
    for path in files:
        marks = (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#"))
        if any(mark.exists() for mark in marks):
            notes.append(
                f"{path.name} は、まだ開かれているようです。保存していない記入は読めていません。"
                "保存して閉じたら、もう一度取り込んでください（同じ記入は二重になりません）。"
            )
    return notes
