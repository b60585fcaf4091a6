"""Every filled cell ends in opinions or is set aside, to the character, in every format."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline import tables
from pipeline.analysis import run_study
from pipeline.answers import read_answers
from pipeline.errors import KadaiError
from pipeline.infer import infer_study
from pipeline.opinions import make_opinions
from pipeline.study import Source, Study
from tests.matrix_fixture import NOTE_FORMATS, TABLE_FORMATS, Para, Sheet, encodable
from tests.row_law import broken

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

QUESTIONS = ("困っていることを自由に書いてください", "そう思う理由", "その他、ご意見")
ATTRIBUTES = ("年齢", "性別")

# What answers are made of: what people write, and whatever else there is.
_PIECES = (
    "バスが少ない", "道が狭くて歩きにくい", "公園", "ほしい", "特になし", "わからない", "同上", "なし",
    "と思います", "です", "ます", "。", "！", "？", "!?", "、", "・", "…", "「", "」", "（", "）", '"', ",",
    ";", "\n", "\n\n", " ", "　", "\t", "1. ", "2．", "（1）", "(2)", "①", "②", "㈱", "ア．", "イ）", "●", "○",
    "- ", "－", "～", "3.5", "10:30", "https://example.jp/a?b=c", "a@example.jp", "03-1234-5678", "山田さん",
    "から", "けど", "www", "笑", "=1+1", "が\u3099", "ﾊﾞｽ", "𠮷", "😀", "👨‍👩‍👧", "葛\U000e0100", "\u200b",
    "\ufeff", "\u202e", "\u2028", "0", "９", "A", "x", "#N/A", "NA", "１）", "一、", "→", "※", "〒123-4567",
)  # fmt: skip
# XML has neither control characters nor surrogates, and no U+FFFE; a lone carriage return is
# a line feed there.
_ANY = st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufffe\uffff")
_TEXT = st.lists(st.one_of(st.sampled_from(_PIECES), st.text(_ANY, max_size=3)), max_size=12).map(
    "".join
)
_ROWS = st.lists(
    st.tuples(
        st.sampled_from(("20代", "30代", "70歳以上", "")),
        st.sampled_from(("女性", "男性", "")),
        _TEXT,
        _TEXT,
        _TEXT,
    ),
    min_size=1,
    max_size=6,
)
# A mark of the byte order at the head of a line is no text where files were strung together.
_UNMARKED_ROWS = _ROWS.map(
    lambda rows: [tuple(re.sub(r"(^|\n)\ufeff+", r"\1", own) for own in row) for row in rows]
)
_FORMATS = ("csv utf-8 bom", "tsv utf-16le bom", "xlsx", "xls", "ods")


def _sheet(rows: Sequence[tuple[str, ...]]) -> Sheet:
    head = ("回答番号", *ATTRIBUTES, *QUESTIONS)
    return Sheet((head, *((f"R{number}", *row) for number, row in enumerate(rows, start=1))))


def _study(file: str, **more: object) -> Study:
    source = Source(
        file=file, kind="survey", text=QUESTIONS, respondent="回答番号",
        attributes=dict(zip(ATTRIBUTES, ATTRIBUTES, strict=True)), **more,
    )  # fmt: skip
    return Study(title="表", sources=(source,))


def _read(folder: Path, form: str, sheet: Sheet):
    own = TABLE_FORMATS[form]
    path = folder / f"{form.replace(' ', '-')}{own.suffix}"
    own.write(path, (sheet,))
    return read_answers(_study(path.name), folder)


def _content(answers):
    """Everything but where it stands."""
    return answers.drop(columns=["file", "locator"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("law")


@given(rows=_UNMARKED_ROWS)
@example(rows=[("30代", "", "a\tb", "", "\n ")])
@example(rows=[("30代", "", " a  b ", "=1", "\n改行\n")])
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_five_formats_give_the_same_answers_and_opinions(folder, rows) -> None:
    """A mark of the byte order at the head of a cell is lost in .xls, which has others inside."""
    sheet = _sheet(rows)
    read = {form: _read(folder, form, sheet) for form in _FORMATS}
    first = read[_FORMATS[0]].answers
    filled = sorted(cell for row in rows for cell in row[2:] if cell.strip())
    assert sorted(first["raw_text"]) == filled
    for form, own in read.items():
        assert _content(own.answers).equals(_content(first)), form
    said = make_opinions(first)
    other = make_opinions(read["xlsx"].answers)
    assert said.table.equals(other.table)


@given(rows=_ROWS)
@settings(max_examples=150)
def test_every_filled_cell_is_in_opinions_or_set_aside(folder, rows) -> None:
    answers = _read(folder, "csv utf-8", _sheet(rows)).answers
    assert len(answers) == sum(bool(cell.strip()) for row in rows for cell in row[2:])
    said = make_opinions(answers)
    assert list(broken(answers, said.table, said.set_aside)) == []
    raw = dict(zip(answers["answer_id"], answers["raw_text"], strict=True))
    for own, start, end, analysed in zip(
        said.table["answer_id"], said.table["start"], said.table["end"], said.analysed, strict=True
    ):
        assert len(analysed) == len(raw[own][start:end])


@given(rows=_UNMARKED_ROWS, seed=st.integers(0, 1000))
@settings(max_examples=40)
def test_the_order_of_the_rows_changes_nothing(folder, rows, seed) -> None:
    numbered = [(f"R{number}", *row) for number, row in enumerate(rows, start=1)]
    shuffled = random.Random(seed).sample(numbered, len(numbered))
    head = ("回答番号", *ATTRIBUTES, *QUESTIONS)
    one = _read(folder, "csv utf-8", Sheet((head, *numbered)))
    other = _read(folder, "xlsx", Sheet((head, *shuffled)))
    assert _content(one.answers).equals(_content(other.answers))


_LINES = ("坂が多くて買い物に行けない", "バスの本数が少ないです", "空き家が増えて心配です", "道が暗い",
          "店が遠くて困ります", "祭りを続けたい", "学校の行事に出たい", "橋がほしい")  # fmt: skip
_BLOCKS = st.lists(
    st.tuples(
        st.sampled_from(
            ("", "", "田中委員：", "参加者Ａ：", "司会：", "日時：", "1. ", "（2）", "①", "■ ")
        ),
        st.sampled_from(("", "。", "！")),
        st.sampled_from(("plain", "bullet", "heading")),
    ),
    min_size=1,
    max_size=len(_LINES),
)


@given(blocks=_BLOCKS, form=st.sampled_from([own for own in NOTE_FORMATS if own != "pdf"]))
@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow])
def test_every_paragraph_of_notes_is_in_one_answer(folder, blocks, form) -> None:
    paras = tuple(
        Para(f"{before}{line}{after}", style)
        for line, (before, after, style) in zip(_LINES, blocks, strict=False)
    )
    own = NOTE_FORMATS[form]
    if not encodable([para.text for para in paras], own.encoding):
        return
    path = folder / f"懇談会{own.suffix}"
    own.write(path, paras)
    study, _ = infer_study([path])
    result = read_answers(study, path.parent)
    texts = list(result.answers["raw_text"])
    for line, _ in zip(_LINES, blocks, strict=False):
        assert sum(text.count(line) for text in texts) == 1, (line, texts)
    aside = frozenset(result.set_aside["answer_id"])
    said = make_opinions(result.answers, aside)
    assert not aside & set(said.table["answer_id"])
    spoken = result.answers[~result.answers["answer_id"].isin(aside)]
    assert list(broken(spoken, said.table, said.set_aside)) == []


def _check_run(target: Path) -> None:
    made = {
        name: tables.load_table(name, target / "tables")
        for name in ("answers", "opinions", "set_aside")
    }
    assert list(broken(made["answers"], made["opinions"], made["set_aside"])) == []


def test_the_sample_run_obeys_the_law(sample_run) -> None:
    _check_run(sample_run)


@pytest.mark.parametrize("seed", range(6))
def test_a_small_run_obeys_the_law_or_is_refused(seed, tmp_path) -> None:
    rng = random.Random(seed)
    rows = [
        ("30代", rng.choice(("女性", "男性", "")), *(
            "".join(rng.choices(_PIECES, k=rng.randrange(8))) for _ in QUESTIONS
        ))
        for _ in range(rng.choice((0, 1, 2, 5, 12)))
    ]  # fmt: skip
    form = rng.choice(("csv utf-8", "xlsx", "ods"))
    own = TABLE_FORMATS[form]
    path = tmp_path / f"回答{own.suffix}"
    own.write(path, (_sheet(rows),))
    target = tmp_path / "run"
    remedy = ""
    try:
        run_study(_study(path.name), tmp_path, target)
    except KadaiError as error:
        remedy = error.remedy
    left = sorted(own.name for own in tmp_path.iterdir())
    if remedy:
        assert left == [path.name]
        return
    assert left == sorted([path.name, "run"])
    _check_run(target)
