"""The manifest holds what a result depends on, and nothing else."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from pipeline import tables
from pipeline.errors import InputError, KadaiError
from pipeline.manifest import Provenance, count_ledger, hash_file, load_manifest
from pipeline.study import Source, Study


@pytest.fixture
def manifest(sample_run):
    return load_manifest(sample_run)


def test_inputs_dictionaries_versions_and_tables_are_hashed(manifest, sample_run):
    assert len(manifest["inputs"]) == 6
    assert {one["file"] for one in manifest["dictionaries"]} == {
        "user.csv", "synonyms.csv", "stopwords.txt", "names.csv", "concepts.toml", "word_vectors.npz",
        "sdgs.toml", "plans/nishitokyo-4.toml", "plans/nishitokyo-4.rules.toml",
        "plans/nishitokyo-4.examples.csv",
    }  # fmt: skip
    assert manifest["versions"]["sudachipy"] == "0.7.0"
    for name, one in manifest["tables"].items():
        assert one["sha256"] == hash_file(sample_run / "tables" / name)
    for name, one in manifest["outputs"].items():
        assert one["sha256"] == hash_file(sample_run / name)


def test_no_path_and_no_time_stands_in_it(manifest, sample_run):
    text = json.dumps(manifest, ensure_ascii=False)
    assert str(sample_run.parent) not in text
    assert "inputs/sample" not in text
    assert "finished_at" not in text


def test_the_ledger_adds_up(manifest):
    ledger = manifest["ledger"]
    assert ledger["answers"] == ledger["answers_with_opinions"] + ledger["answers_set_aside"]


def test_a_lost_answer_stops_the_run():
    made = {name: tables.empty(name) for name in ("opinions", "set_aside")}
    made["answers"] = pd.DataFrame({"answer_id": ["A1"]})
    with pytest.raises(KadaiError, match="1件の回答の行き先が分かりません"):
        count_ledger(made)


def test_the_run_id_changes_with_every_input_and_parameter(tmp_path):
    (tmp_path / "a.csv").write_text("番号,ご意見\n1,道が暗い\n", "utf-8")
    study = Study(title="t", sources=(Source(file="a.csv", kind="survey"),))
    first = Provenance.of(study, tmp_path, None, keep_raw=True).run_id
    assert first == Provenance.of(study, tmp_path, None, keep_raw=True).run_id
    assert first != Provenance.of(study, tmp_path, None, keep_raw=False).run_id
    assert first != Provenance.of(study, tmp_path, b"", keep_raw=True).run_id
    fewer = study.model_copy(
        update={"parameters": study.parameters.model_copy(update={"issues": 3})}
    )
    assert first != Provenance.of(fewer, tmp_path, None, keep_raw=True).run_id
    (tmp_path / "a.csv").write_text("番号,ご意見\n1,道が暗い。\n", "utf-8")
    assert first != Provenance.of(study, tmp_path, None, keep_raw=True).run_id


def test_a_missing_input_is_named(tmp_path):
    study = Study(title="t", sources=(Source(file="ない.csv", kind="survey"),))
    with pytest.raises(InputError, match=r"ない\.csv"):
        Provenance.of(study, tmp_path, None, keep_raw=True)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 99}'])
def test_a_damaged_or_foreign_manifest_is_refused(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text, "utf-8")
    with pytest.raises(InputError):
        load_manifest(tmp_path)
