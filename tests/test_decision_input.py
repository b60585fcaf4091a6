"""What a run is told of earlier ones: the study's file, and the issues of the run before."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pipeline import tables as table_shapes
from pipeline.decision_input import BEFORE, read_decisions
from pipeline.decision_log import added_to
from pipeline.decisions import MEMBERS, Decision, as_examples, parse_decisions
from pipeline.errors import InputError
from pipeline.follow import follow, memory_of
from pipeline.identity import members_of
from pipeline.manifest import _SECTIONS, FORMAT
from pipeline.opinions import text_key
from pipeline.privacy import Hidden, write_hidden
from pipeline.regroup import Changes
from tests.report_fixture import make_plan, make_study, make_tables

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

PLAN = make_plan()
OWN = Decision(
    "D001", "O00000", "goal_id", "0", "2", "山田", "2026-05-01T10:00:00+09:00", "", "r0", "声"
)


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return make_tables()


@pytest.fixture
def before(tables: dict[str, pd.DataFrame], tmp_path: Path) -> Path:
    """Folder of a study, with what is needed of the folder of its run ``first``."""
    run = tmp_path / "first"
    for name in ("opinions", "machine_issues"):
        table_shapes.save_table(name, tables[name], run / "tables")
    manifest = {**dict.fromkeys(_SECTIONS), "format": FORMAT, "run_id": "abc123def0"}
    (run / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    (tmp_path / "判断.csv").write_bytes(added_to(b"", [OWN]))
    return tmp_path


def read(folder: Path, **named: str) -> bytes | None:
    return read_decisions(make_study().model_copy(update=named), folder, PLAN)


def test_a_study_that_names_nothing_has_no_decisions(before: Path) -> None:
    assert read(before) is None


def test_the_file_of_a_study_is_read_byte_for_byte(before: Path) -> None:
    odd = added_to(b"", [OWN]).replace(b"\r\n", b"\n") + b"\n\n"
    (before / "判断.csv").write_bytes(odd)
    assert read(before, decisions="判断.csv") == odd


def test_a_voice_in_which_a_word_is_hidden_now_is_masked_in_what_a_run_keeps(
    before: Path,
) -> None:
    text = "角の商店のおかみが困っている"
    first = OWN._replace(decision_id="D-first", text=text)
    value = write_hidden(Hidden(((0, 4),), text_key(text)))
    hiding = OWN._replace(
        decision_id="D-hide", field="personal", value_seen="", value=value,
        text="［個人情報］のおかみが困っている",
    )  # fmt: skip
    (before / "判断.csv").write_bytes(added_to(b"", [first, hiding]))
    kept = read(before, decisions="判断.csv") or b""
    assert "角の商店" not in kept.decode()
    assert [own.text for own in parse_decisions(kept, PLAN)] == [hiding.text] * 2
    (before / "判断.csv").write_bytes(kept)
    assert read(before, decisions="判断.csv") == kept


def test_the_run_before_tells_what_its_issues_were_made_of(
    before: Path, tables: dict[str, pd.DataFrame]
) -> None:
    rows = parse_decisions(read(before, previous="first") or b"", PLAN)
    opinions, machine = tables["opinions"], tables["machine_issues"]
    members = members_of(opinions["text"], opinions["machine_issue_id"])
    titles = dict(zip(machine["issue_id"], machine["title"], strict=True))
    assert [own.target_id for own in rows] == list(members)
    for own in rows:
        assert (own.field, own.reviewer, own.run_id) == (MEMBERS, BEFORE, "abc123def0")
        assert set(own.value.split()) == set(members[own.target_id])
        assert own.text == titles[own.target_id]


def test_the_run_before_is_no_judgement_and_teaches_nothing(
    before: Path, tables: dict[str, pd.DataFrame]
) -> None:
    rows = parse_decisions(read(before, previous="first") or b"", PLAN)
    assert as_examples(rows) == ()
    machine = tables["opinions"].assign(issue_id=tables["opinions"]["machine_issue_id"])
    titles = dict.fromkeys(sorted({*machine["issue_id"]} - {""}), "題")
    found = follow(rows, machine, titles)
    assert found.changes() == Changes({}, {})
    assert not any(found.why)
    assert set(memory_of(rows).issue_of.values()) == {own.target_id for own in rows}


def test_behind_the_file_stand_the_issues_of_the_run_before(before: Path) -> None:
    content = read(before, decisions="判断.csv", previous="first") or b""
    own = (before / "判断.csv").read_bytes()
    assert content.startswith(own)
    first, *others = parse_decisions(content, PLAN)
    assert first == OWN
    assert {own.field for own in others} == {MEMBERS}


def test_what_the_file_knows_of_that_run_is_not_added_again(before: Path) -> None:
    content = read(before, decisions="判断.csv", previous="first") or b""
    (before / "判断.csv").write_bytes(content)
    assert read(before, decisions="判断.csv", previous="first") == content


def test_a_file_that_went_on_from_the_run_before_can_be_read_with_it(before: Path) -> None:
    """It was copied from a run folder and added to; the study still names the run before."""
    content = read(before, decisions="判断.csv", previous="first") or b""
    first = parse_decisions(content, PLAN)[1]
    grown = f"{first.value} K3F9AAAA"
    later = first._replace(decision_id="D002", reviewer="山田", value=grown, run_id="r2")
    (before / "判断.csv").write_bytes(added_to(content, [later]))
    parse_decisions(read(before, decisions="判断.csv", previous="first") or b"", PLAN)


def test_the_file_itself_is_never_written_to(before: Path) -> None:
    path = before / "判断.csv"
    path.chmod(0o444)
    content = path.read_bytes()
    read(before, decisions="判断.csv", previous="first")
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"decisions": "ない.csv"}, r"判断の記録を開けません"),
        ({"previous": "ない"}, r"manifest\.json"),
        ({"decisions": "ない.csv", "previous": "first"}, r"ない\.csv"),
    ],
)
def test_what_is_missing_is_named(before: Path, named: dict[str, str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(before, **named)


def test_a_wrong_decision_is_named_before_the_run_before_is_laid_beside_it(before: Path) -> None:
    (before / "判断.csv").write_bytes(added_to(b"", [OWN._replace(value="9")]))
    with pytest.raises(InputError, match="計画に「9」はありません"):
        read(before, decisions="判断.csv", previous="first")


def test_a_run_before_whose_tables_are_gone_is_named(before: Path) -> None:
    (before / "first" / "tables" / "opinions.parquet").unlink()
    with pytest.raises(InputError, match="opinions"):
        read(before, previous="first")
