"""Formats × oddities: whatever a city hall sends, every answer comes out, to the character.

``tests/golden/matrix.txt`` says which combinations there are, and why a format cannot carry
an oddity; none is left out in silence.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from pipeline.answers import read_answers
from pipeline.infer import infer_study
from pipeline.study import Source, Study
from tests.matrix_delimited import DELIMITED_ODDITIES
from tests.matrix_fixture import NOTE_FORMATS, TABLE_FORMATS, encodable
from tests.matrix_notes import DOCX_ODDITIES, NOTE_ODDITIES, PDF_ODDITIES, TEXT_ODDITIES
from tests.matrix_tables import TABLE_ODDITIES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.matrix_fixture import NoteFormat, TableFormat
    from tests.matrix_notes import NoteOddity
    from tests.matrix_tables import Oddity

_WORDS = {
    "sheets": "has one sheet",
    "hidden": "hides nothing",
    "merged": "merges no cells",
    "typed": "holds text only",
    "errors": "has no error cells",
    "formulas": "has no formulas",
    "comments": "has no comments",
    "control": "has no control characters",
    "ragged": "has rows of one length",
}


def _why_not(own: TableFormat, oddity: Oddity) -> str:
    """Why a format cannot carry an oddity; empty where it can."""
    needs = oddity.needs | ({"sheets"} if len(oddity.sheets) > 1 else set())
    missing = sorted(needs - own.can)
    if missing:
        return "、".join(_WORDS[name] for name in missing)
    texts = [text for sheet in oddity.sheets for text in sheet.texts()]
    return "" if encodable(texts, own.encoding) else "lacks the characters"


def _why_not_notes(own: NoteFormat, oddity: NoteOddity) -> str:
    if own.suffix == ".pdf" and not oddity.printable:
        return "the font lacks the characters"
    return "" if encodable(oddity.texts(), own.encoding) else "lacks the characters"


_TABLES = [
    (name, form)
    for name, oddity in TABLE_ODDITIES.items()
    for form, own in TABLE_FORMATS.items()
    if not _why_not(own, oddity)
]
_DELIMITED = [
    (name, form)
    for name, oddity in DELIMITED_ODDITIES.items()
    for form, own in TABLE_FORMATS.items()
    if own.encoding and encodable([oddity.written(",")], own.encoding)
]
_NOTES = [
    (name, form)
    for name, oddity in NOTE_ODDITIES.items()
    for form, own in NOTE_FORMATS.items()
    if not _why_not_notes(own, oddity)
]


def _read(study: Study, folder: Path):
    answers = read_answers(study, folder).answers
    source_ids = {source.id for source in study.sources}
    rows = zip(answers["source_id"], answers["respondent_id"], answers["raw_text"], strict=True)
    assert set(answers["source_id"]) <= source_ids | {f"{own}_2" for own in source_ids}
    return [(person.removeprefix(f"{source}-"), text) for source, person, text in rows]


def _agree(found, expected, optional=frozenset()) -> None:
    """Compare, where a respondent of ``None`` may be anybody but nobody."""
    left = Counter(found)
    for person, text in expected:
        if person is None:
            match = next((own for own in left.elements() if own[1] == text and own[0]), None)
            assert match is not None, (text, found)
            left[match] -= 1
        else:
            assert left[person, text] > 0, ((person, text), found)
            left[person, text] -= 1
    assert {text for _, text in left.elements()} <= optional, list(left.elements())


@pytest.mark.parametrize(("name", "form"), _TABLES)
def test_an_odd_table_gives_every_answer(name: str, form: str, tmp_path: Path) -> None:
    oddity, own = TABLE_ODDITIES[name], TABLE_FORMATS[form]
    path = tmp_path / f"市民アンケート{own.suffix}"
    own.write(path, oddity.sheets)
    given = Source(
        file=path.name, kind="survey", text=oddity.text, respondent=oddity.respondent,
        sheet=oddity.sheet,
    )  # fmt: skip
    _agree(_read(Study(title="表", sources=(given,)), tmp_path), oddity.expected, oddity.optional)
    if oddity.inferred:
        study, _ = infer_study([path])
        _agree(_read(study, tmp_path), oddity.expected, oddity.optional)


@pytest.mark.parametrize(("name", "form"), _DELIMITED)
def test_delimited_text_that_is_badly_written_gives_every_answer(
    name: str, form: str, tmp_path: Path
) -> None:
    oddity, own = DELIMITED_ODDITIES[name], TABLE_FORMATS[form]
    separator = "\t" if form.startswith("tsv") else ";" if "semicolon" in form else ","
    path = tmp_path / f"市民アンケート{own.suffix}"
    mark = {"csv utf-8": b"", "csv utf-16le bom": b"\xff\xfe", "tsv utf-16le bom": b"\xff\xfe",
            "csv utf-16be bom": b"\xfe\xff", "csv utf-8 bom": b"\xef\xbb\xbf"}.get(form, b"")  # fmt: skip
    path.write_bytes(mark + oddity.written(separator).encode(own.encoding or ""))
    study, _ = infer_study([path])
    _agree(_read(study, tmp_path), oddity.expected(separator))


@pytest.mark.parametrize(("name", "form"), _NOTES)
def test_odd_notes_give_every_statement(name: str, form: str, tmp_path: Path) -> None:
    oddity, own = NOTE_ODDITIES[name], NOTE_FORMATS[form]
    path = tmp_path / f"懇談会{own.suffix}"
    own.write(path, oddity.blocks)
    _agree_on_notes(path, oddity)


@pytest.mark.parametrize("name", DOCX_ODDITIES)
def test_an_odd_word_document_gives_every_statement(name: str, tmp_path: Path) -> None:
    oddity = DOCX_ODDITIES[name]
    path = tmp_path / "懇談会.docx"
    oddity.write(path)
    _agree_on_notes(path, oddity)


@pytest.mark.parametrize("name", TEXT_ODDITIES)
@pytest.mark.parametrize("form", [form for form in NOTE_FORMATS if form[:2] in {"tx", "md"}])
def test_odd_minutes_give_every_statement(name: str, form: str, tmp_path: Path) -> None:
    oddity, own = TEXT_ODDITIES[name], NOTE_FORMATS[form]
    path = tmp_path / f"懇談会{own.suffix}"
    path.write_bytes(oddity.written.encode(own.encoding or ""))
    _agree_on_notes(path, oddity)


@pytest.mark.parametrize("name", PDF_ODDITIES)
def test_an_odd_pdf_gives_every_statement(name: str, tmp_path: Path) -> None:
    oddity = PDF_ODDITIES[name]
    path = tmp_path / "懇談会.pdf"
    oddity.write(path)
    _agree_on_notes(path, oddity)


def _agree_on_notes(path: Path, oddity) -> None:
    """Compare statements and what is set aside; white space is the format's affair."""
    study, _ = infer_study([path])
    result = read_answers(study, path.parent)
    aside = set(result.set_aside["answer_id"])
    rows = result.answers
    said = [
        (person.removeprefix("S1-"), _bare(text))
        for own, person, text in zip(
            rows["answer_id"], rows["respondent_id"], rows["raw_text"], strict=True
        )
        if own not in aside
    ]
    assert Counter(said) == Counter((person, _bare(text)) for person, text in oddity.expected)
    waived = [
        _bare(text)
        for own, text in zip(rows["answer_id"], rows["raw_text"], strict=True)
        if own in aside
    ]
    assert Counter(waived) == Counter(map(_bare, oddity.aside))


def _bare(text: str) -> str:
    return "".join(text.split())


def test_what_a_format_cannot_carry_is_known(golden) -> None:
    lines = []
    for name, oddity in TABLE_ODDITIES.items():
        reasons = {form: _why_not(own, oddity) for form, own in TABLE_FORMATS.items()}
        lines += _account(name, reasons)
    for name, odd in DELIMITED_ODDITIES.items():
        lines += _account(
            name,
            {
                form: "is no text"
                if not own.encoding
                else ""
                if encodable([odd.written(",")], own.encoding)
                else "lacks the characters"
                for form, own in TABLE_FORMATS.items()
            },
        )
    for name, odd in NOTE_ODDITIES.items():
        reasons = {form: _why_not_notes(own, odd) for form, own in NOTE_FORMATS.items()}
        lines += _account(name, reasons)
    for kind, oddities in (
        ("docx", DOCX_ODDITIES), ("txt and md", TEXT_ODDITIES), ("pdf", PDF_ODDITIES),
    ):  # fmt: skip
        lines += [f"{name}: {kind} only" for name in oddities]
    golden("matrix.txt", "\n".join(lines) + "\n")


def _account(name: str, reasons: dict[str, str]) -> list[str]:
    carried = sum(not why for why in reasons.values())
    lines = [f"{name}: {carried} of {len(reasons)} formats"]
    for why in sorted({why for why in reasons.values() if why}):
        forms = ", ".join(form for form, own in reasons.items() if own == why)
        lines += [f"    {why}: {forms}"]
    return lines


def test_the_matrix_is_as_large_as_it_should_be() -> None:
    assert len(TABLE_FORMATS) >= 12
    assert len(TABLE_ODDITIES) + len(DELIMITED_ODDITIES) >= 30
    assert len(NOTE_ODDITIES) + len(DOCX_ODDITIES) + len(TEXT_ODDITIES) + len(PDF_ODDITIES) >= 30
