"""What is in the planner's files: a study for files alone, and what a study leaves open.

Nothing is taken for granted in silence: every guess is a :class:`Finding` that a
planner can read and contradict in a study file.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.documents import read
from pipeline.documents.columns import guess_columns
from pipeline.documents.headers import read_table
from pipeline.documents.table import resolve
from pipeline.documents.tablefiles import TABLES, WORKBOOKS, is_delimited
from pipeline.documents.wording import is_speaker
from pipeline.errors import InputError, Location
from pipeline.findings import (
    Finding,
    column_findings,
    document_findings,
    given_findings,
    kind_finding,
    place_finding,
    sheet_finding,
)
from pipeline.study import Source, Study, places_apart

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.documents import Document, Grid
    from pipeline.documents.columnguess import ColumnGuess
    from pipeline.documents.table import Table
    from pipeline.study import SourceKind

__all__ = ["Finding", "complete", "describe_study", "infer_study", "table_grids"]

_KINDS: tuple[tuple[str, SourceKind], ...] = (
    (r"パブリック・?コメント|パブコメ|意見募集|意見公募|pub(?:lic)?.?comment", "public_comment"),
    (r"(?:市|町|村|区|住|県|都|府)民[^、。]{0,20}アンケート", "survey"),
    (r"前計画|前期計画|取(?:り)?組みと成果|previous.?plan", "previous_plan"),
    (
        r"専門職|関係者|医療|介護事業所|介護保険事業|事業所|関係機関|professional",
        "professional_meeting",
    ),
    (
        r"懇談会|ワークショップ|座談会|意見交換会|タウンミーティング|会議録|議事録|meeting|workshop",
        "district_meeting",
    ),
    (r"アンケート|調査|survey|questionnaire", "survey"),
)
_SHOWN_ENTRIES = 5
_SHOWN_STEMS = 3
_ID_STEM = 12


@dataclass(frozen=True)
class _Part:
    """One sheet of a file and what its columns are."""

    table: Table
    guesses: tuple[ColumnGuess, ...]

    def names(self, role: str) -> tuple[str, ...]:
        return tuple(guess.column.name for guess in self.guesses if guess.role == role)

    def surely_has_text(self) -> bool:
        """Whether a column is free text without doubt."""
        return any(guess.role == "text" and not guess.doubt for guess in self.guesses)


def infer_study(paths: Sequence[Path]) -> tuple[Study, list[Finding]]:
    """Make a study of files alone.

    Parameters
    ----------
    paths
        Tables of answers and documents of notes.

    Returns
    -------
    study, findings
        Sources are numbered S1, S2, …; ``file`` is the path as it was given.
        Findings say what everything was taken for, and why.

    Raises
    ------
    InputError
        A file cannot be read, has no free-text column, or is given twice.
    """
    sources: list[Source] = []
    findings: list[Finding] = []
    _refuse_twice(paths)
    for path in paths:
        document = read(path)
        parts = [_part(grid) for grid in document.grids]
        kind, found = _infer_kind(path, document, parts)
        findings += [*document_findings(document), found]
        if not document.grids:
            sources.append(Source(file=str(path), kind=kind, id=f"S{len(sources) + 1}"))
            continue
        chosen = _with_text(path, parts)
        for part in parts:
            if len(parts) > 1:
                findings.append(sheet_finding(part.table, part.guesses, read=part in chosen))
            if part in chosen:
                findings += column_findings(part.table, part.guesses)
        for part in chosen:
            bare = Source(
                file=str(path),
                kind=kind,
                id=f"S{len(sources) + 1}",
                sheet=part.table.sheet if len(parts) > 1 else None,
            )
            sources.append(_filled(bare, part))
    return Study(title=_title(paths), sources=tuple(sources)), findings


def complete(study: Study, folder: Path) -> Study:
    """Fill in what a study leaves open.

    Parameters
    ----------
    study
        A source without ``text`` gets its text columns and, where they are not
        given, respondent, attributes, pairs and addressed parts. A source with ``text`` stays as
        it is. A workbook without ``sheet`` becomes one source for each of its
        sheets that has such columns.
    folder
        Folder that paths in the study are relative to.

    Raises
    ------
    InputError
        A file cannot be read, or has no free-text column.
    """
    taken = {source.id for source in study.sources}
    sources: list[Source] = []
    for source in study.sources:
        for number, filled in enumerate(_complete_source(source, folder), start=1):
            if number == 1:
                sources.append(filled)
                continue
            stem, suffix = source.id[:_ID_STEM], number
            while f"{stem}_{suffix}" in taken:
                suffix += 1
            taken.add(f"{stem}_{suffix}")
            sources.append(filled.model_copy(update={"id": f"{stem}_{suffix}"}))
    return study.model_copy(update={"sources": tuple(sources)})


def describe_study(study: Study, folder: Path) -> list[Finding]:
    """Say what is read and what every column is taken for, given or found.

    Parameters
    ----------
    study
        A study that a person wrote.
    folder
        Folder that paths in the study are relative to.

    Raises
    ------
    InputError
        A file cannot be read, or a column of the study is not there.
    """
    findings: list[Finding] = []
    apart = {source.id: said for source, said in places_apart(study, folder)}
    for source in study.sources:
        path = folder / source.file
        document = read(path, sheet=source.sheet, encoding=source.encoding)
        findings += document_findings(document, given_encoding=source.encoding is not None)
        findings.append(kind_finding(path.name, source.kind, "調査ファイルで指定されています。"))
        if source.id in apart:
            findings.append(place_finding(path.name, apart[source.id]))
        if not document.grids:
            continue
        completed = list(_complete_source(source, folder))
        for grid in document.grids:
            part = _part(grid, source)
            if len(document.grids) > 1:
                used = any(one.sheet in {None, grid.sheet} for one in completed)
                findings.append(
                    sheet_finding(
                        part.table, part.guesses, read=used, given=source.sheet is not None
                    )
                )
            for one in completed:
                if one.sheet in {None, grid.sheet}:
                    findings += given_findings(part.table, part.guesses, source, one)
    return findings


def table_grids(document: Document, source: Source) -> tuple[Grid, ...]:
    """Grids of a document that a completed source reads: its sheet, or the only one."""
    if source.sheet is None:
        return document.grids[:1]
    return tuple(grid for grid in document.grids if grid.sheet == source.sheet)


def _complete_source(source: Source, folder: Path) -> list[Source]:
    path = folder / source.file
    one_table = bool(source.sheet) if path.suffix.lower() in WORKBOOKS else is_delimited(path)
    if source.text and path.suffix.lower() in TABLES and one_table:
        return [source]  # nothing is left open, so that the file need not be read twice
    document = read(path, sheet=source.sheet, encoding=source.encoding)
    if not document.grids:
        _refuse_columns(source, path)
        return [source]
    if source.text:
        chosen = _sheets_with(source, document.grids)
        if len(document.grids) == 1:
            return [source]
        return [source.model_copy(update={"sheet": table.sheet}) for table in chosen]
    parts = [_part(grid, source) for grid in document.grids]
    return [
        _filled(
            source.model_copy(
                update={"sheet": part.table.sheet if len(parts) > 1 else source.sheet}
            ),
            part,
        )
        for part in _with_text(path, parts)
    ]


def _sheets_with(source: Source, grids: Sequence[Grid]) -> list[Table]:
    """Sheets that have every text column of a source; the error of the first if none has."""
    found: list[Table] = []
    errors: list[InputError] = []
    for grid in grids:
        try:
            table = read_table(grid, source.header_row, source.text)
            for name in source.text:
                resolve(table, name, many=True)
            found.append(table)
        except InputError as error:
            errors.append(error)
    if not found:
        raise errors[0]
    return found


def _refuse_twice(paths: Sequence[Path]) -> None:
    """Refuse one file given twice, or its copy: every opinion would count double."""
    seen: dict[str, Path] = {}
    files = [path for path in paths if path.is_file()]  # read() says what is wrong with others
    sizes = Counter(path.stat().st_size for path in files)
    for path in files:
        if sizes[path.stat().st_size] == 1:
            continue
        try:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError:
            continue
        if content in seen:
            raise InputError(
                f"「{seen[content].name}」と同じ内容のファイルが2度指定されています。",
                at=Location(file=path.name),
                remedy="意見が二重に数えられないよう、どちらか1つだけを指定してください。",
            )
        seen[content] = path


def _refuse_columns(source: Source, path: Path) -> None:
    named = (source.text, source.respondent, source.attributes, source.pairs)
    if any((*named, source.addresses_column)):
        raise InputError(
            "文章のファイルには列がないので、text、respondent、attributes、pairs、"
            "addresses_column は使えません。",
            at=Location(file=path.name),
            remedy="調査ファイルのこの sources から、これらの項目を消してください。",
        )


def _part(grid: Grid, source: Source | None = None) -> _Part:
    table = read_table(grid, source.header_row, source.text) if source else read_table(grid)
    return _Part(table, guess_columns(table))


def _with_text(path: Path, parts: Sequence[_Part]) -> list[_Part]:
    chosen = [part for part in parts if part.names("text")]
    # Beside a sheet that surely holds answers, one that only might is a list of codes.
    if certain := [part for part in chosen if part.surely_has_text()]:
        return certain
    if chosen:
        return chosen
    if not any(part.table.rows for part in parts):
        raise InputError(
            "見出しの下に回答がありません。",
            at=Location(file=path.name),
            remedy="回答の入ったファイル（シート）かどうかを確かめてください。",
        )
    names = [guess.column.name for part in parts for guess in part.guesses]
    shown = "、".join(f"「{name}」" for name in names)
    raise InputError(
        "自由記述の列が見つかりません。",
        at=Location(file=path.name),
        remedy=f"列は {shown} です。この中に自由記述があるときは、次のような調査ファイル"
        "（たとえば study.toml）を同じフォルダーに作り、そのファイルを指定してください。\n"
        f'title = "{path.stem}"\n[[sources]]\nkind = "survey"\nfile = "{path.name}"\n'
        'text = ["ここに自由記述の列の見出し"]',
    )


def _filled(source: Source, part: _Part) -> Source:
    respondents = part.names("respondent")
    addressed = part.names("addressed") if source.addresses is None else ()
    attributes = {guess.attribute: guess.column.name for guess in part.guesses if guess.attribute}
    pairs = {guess.column.name: guess.pair for guess in part.guesses if guess.pair}
    return source.model_copy(
        update={
            "text": part.names("text"),
            "respondent": source.respondent or (respondents[0] if respondents else None),
            "attributes": source.attributes or attributes,
            "pairs": source.pairs or pairs,
            "addresses_column": source.addresses_column or (addressed[0] if addressed else None),
        }
    )


def _infer_kind(
    path: Path, document: Document, parts: Sequence[_Part]
) -> tuple[SourceKind, Finding]:
    """Guess the kind from the file's name, then from titles and first lines."""
    titles = [text for part in parts for text in ((*part.table.above, part.table.sheet or ""))]
    opening = [entry.text for entry in document.entries[:_SHOWN_ENTRIES]]
    for where, texts in (("ファイル名", [path.stem]), ("表題や書き出し", titles + opening)):
        words = unicodedata.normalize("NFKC", " ".join(texts))
        for pattern, kind in _KINDS:
            if found := re.search(pattern, words, re.IGNORECASE):
                reason = f"{where}に「{found[0]}」とあります。"
                return kind, kind_finding(path.name, kind, reason)
    if document.entries:
        reason = "表ではなく文章のファイルなので、会議の記録と見られます。"
        return "district_meeting", kind_finding(path.name, "district_meeting", reason, doubt=True)
    respondents = [name for part in parts for name in part.names("respondent")]
    if any(is_speaker(name) for name in respondents):
        reason = "発言者の列があるので、会議の記録と見られます。"
        return "district_meeting", kind_finding(path.name, "district_meeting", reason, doubt=True)
    reason = "種別を表す語がないので、アンケートと見なします。"
    return "survey", kind_finding(path.name, "survey", reason, doubt=True)


def _title(paths: Sequence[Path]) -> str:
    stems = list(dict.fromkeys(path.stem for path in paths))
    more = f" ほか{len(stems) - _SHOWN_STEMS}件" if len(stems) > _SHOWN_STEMS else ""
    return "・".join(stems[:_SHOWN_STEMS]) + more
