"""Who decided what, when, and from which run: a file of decisions as an auditor reads it.

The file ``decisions.csv`` is only ever added to, so its order is the order in which
decisions were noted: the newest one stands last, and the last one on a thing counts.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.decision_words import Voices, before_and_after, field_name, replaced, shown_moment
from pipeline.decisions import COLUMNS, FIELDS, MEMBERS, load_decisions, standing
from pipeline.errors import InputError, Location, UsageError
from pipeline.manifest import DECISIONS
from pipeline.plan import find_plan, load_plan
from pipeline.runfolder import MANIFEST, STUDY, decisions_place
from pipeline.study import DEFAULT_PLAN, load_study
from pipeline.wording import NONE_SHOWN, clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.decisions import Decision
    from pipeline.plan import Plan

_POINTING: Final = frozenset(["issue_id", "merge_into"])
"""Fields whose values are issues."""


class Entry(NamedTuple):
    """One decision in words.

    Attributes
    ----------
    decided_at
        Day and minute.
    voice
        What the decision was made for; empty where nothing of it can be shown.
    before, after
        Value that the reviewer saw, and the one that he or she put in its place.
    replaced
        A later decision on the same thing took its place.
    """

    decision_id: str
    decided_at: str
    reviewer: str
    target_id: str
    voice: str
    field: str
    before: str
    after: str
    reason: str
    run_id: str
    replaced: bool


@dataclass(frozen=True)
class History:
    """What a file of decisions tells.

    Attributes
    ----------
    entries
        In the order of the file.
    by_reviewer, by_field
        Name and number of decisions, most first; fields in their own order.
    kept
        Run → how many issues the file remembers as that run had them.
    target
        Opinion, issue or piece that was asked for; empty: all.
    near
        Targets of the file that are written like `target`, where nothing was decided on it.
    """

    entries: tuple[Entry, ...]
    by_reviewer: tuple[tuple[str, int], ...]
    by_field: tuple[tuple[str, int], ...]
    kept: tuple[tuple[str, int], ...]
    target: str = ""
    near: tuple[str, ...] = ()


class Record(NamedTuple):
    """A file of decisions and the plan that it is read with."""

    path: Path
    plan: Plan


def _study_in(study: Path) -> Path:
    """Study file that is meant: of a folder the one called so, or the only one."""
    if not study.is_dir() or (study / STUDY).is_file():
        return study / STUDY if study.is_dir() else study
    found = sorted(study.glob("*.toml"))
    return found[0] if len(found) == 1 else study / STUDY


def _is_record(path: Path) -> bool:
    """Whether a CSV file begins as a file of decisions does; one that is missing may be."""
    if not path.is_file():
        return True
    head = ",".join(COLUMNS).encode()
    with path.open("rb") as file:
        return head in file.read(len(head) + 3)


def find_record(study: Path, plan: str = "") -> Record:
    """Find the file of decisions that somebody means.

    Parameters
    ----------
    study
        A study file, a folder with one, a run folder, or a file of decisions.
    plan
        Name or path of the plan; empty: the one of the study.

    Raises
    ------
    UsageError
        It is none of these.
    InputError
        The study or its plan cannot be read, or nothing was decided yet.
    """
    if (study / MANIFEST).is_file():
        noted = decisions_place(study)
        path = noted if noted is not None and noted.is_file() else study / DECISIONS
        named, folder = (plan or load_study(study / STUDY).plan), study
    elif (file := _study_in(study)).suffix.lower() == ".toml":
        if study.is_dir() and not file.is_file() and (study / DECISIONS).is_file():
            plan_of = load_plan(find_plan(plan or DEFAULT_PLAN, Path()))
            return Record(study / DECISIONS, plan_of)
        if study.is_dir() and not file.is_file():
            raise UsageError(
                f"フォルダー「{study}」には、結果も調査ファイル（study.toml）もありません。",
                remedy="調査ファイル、結果のフォルダー、判断の記録（.csv）のどれかを指定してください。",
            )
        read = load_study(file)
        path = file.parent / (read.decisions or DECISIONS)
        named, folder = plan or read.plan, file.parent
    elif study.suffix.lower() == ".csv" and _is_record(study):
        path, named, folder = study, plan or DEFAULT_PLAN, Path()
    elif study.is_file() and (study.parent / DECISIONS).is_file():
        # A file of answers that was run without a study file: what was decided lies beside it.
        path, named, folder = study.parent / DECISIONS, plan or DEFAULT_PLAN, Path()
    else:
        raise UsageError(
            f"「{study}」の判断の記録は読めません。",
            remedy="調査ファイル（.toml）、結果のフォルダー、判断の記録（.csv）のどれかを指定してください。",
        )
    if not path.is_file():
        raise InputError(
            "人の判断の記録が、まだありません。",
            at=Location(file=str(path)),
            remedy="確認用ブック（review.xlsx）の記入を読み込むと作られます。"
            "別の場所にあるときは、その .csv を指定してください。",
        )
    return Record(path, load_plan(find_plan(named, Path() if plan else folder)))


def read_history(record: Record, target: str = "") -> History:
    """Read a file of decisions; see :func:`build_history`.

    Raises
    ------
    InputError
        The file cannot be read, or a row is wrong.
    """
    return build_history(load_decisions(record.path, record.plan), record.plan, target)


def build_history(decisions: Sequence[Decision], plan: Plan, target: str = "") -> History:
    """Put decisions into words.

    Parameters
    ----------
    decisions
        All rows of the file, in its order.
    target
        Only what was decided on this opinion, issue or piece, and for an issue also what
        was moved into it, out of it, or merged with it.
    """
    wanted = unicodedata.normalize("NFKC", target).strip().upper()
    judged = [own for own in decisions if own.field != MEMBERS]
    remembered = [own for own in standing(decisions).values() if own.field == MEMBERS]
    if wanted:
        near = difflib.get_close_matches(wanted, sorted({own.target_id for own in judged}))
        judged = [own for own in judged if _is_about(own, wanted)]
        remembered = [own for own in remembered if own.target_id == wanted]
    later = replaced(decisions)
    voices = Voices(decisions)
    fields = Counter(own.field for own in judged)
    return History(
        entries=tuple(_entry(own, plan, voices, own.decision_id in later) for own in judged),
        by_reviewer=_counted(clean(own.reviewer) for own in judged),
        by_field=tuple((field_name(own), fields[own]) for own in FIELDS if fields[own]),
        kept=_counted(clean(own.run_id) for own in remembered),
        target=wanted,
        near=() if judged or not wanted else tuple(near),
    )


def _entry(own: Decision, plan: Plan, voices: Voices, is_replaced: bool) -> Entry:  # noqa: FBT001
    before, after = before_and_after(own, plan, {})
    return Entry(
        decision_id=clean(own.decision_id),
        decided_at=shown_moment(own.decided_at),
        reviewer=clean(own.reviewer),
        target_id=clean(own.target_id),
        voice=voices.of(own),
        field=field_name(own.field),
        before=before,
        after=after,
        reason=clean(own.reason) or NONE_SHOWN,
        run_id=clean(own.run_id) or NONE_SHOWN,
        replaced=is_replaced,
    )


def _is_about(own: Decision, wanted: str) -> bool:
    pointed = (own.value, own.value_seen) if own.field in _POINTING else ()
    return wanted in (own.target_id, *pointed)


def _counted(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    counts = Counter(names)
    return tuple((own, counts[own]) for own in sorted(counts, key=lambda own: (-counts[own], own)))
