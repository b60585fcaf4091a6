"""The reference is what the program says, and every example in it can be read."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path

import pytest

from pipeline import decisions, runfolder
from pipeline.concept_dictionary import load_concepts
from pipeline.documents import READABLE
from pipeline.plan import load_plan
from pipeline.rules import load_rules
from pipeline.schema import FILES, WORDS
from pipeline.study import (
    KIND_LABELS,
    Parameters,
    Publication,
    Source,
    Study,
    load_study,
    parse_study,
    quote_bare_keys,
)
from pipeline.tablecolumns import COUNT, SHARE, TABLES
from pipeline.tables import load_table
from pipeline.tokens import default_tokenizer

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference"


def writer():
    """``tools/write_reference.py``, which is a script and in no package."""
    path = ROOT / "tools" / "write_reference.py"
    spec = importlib.util.spec_from_file_location("write_reference", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def page(name: str) -> str:
    return (REFERENCE / f"{name}.md").read_text("utf-8")


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page(name), re.MULTILINE | re.DOTALL)


def rows(name: str) -> list[str]:
    return re.findall(r"^\| `([\w.]+)`", page(name), re.MULTILINE)


def test_every_page_is_as_new_as_the_program():
    assert writer().outdated() == [], "python tools/write_reference.py"


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_column_has_a_meaning_and_every_number_a_unit(name):
    for column, own in TABLES[name].columns.items():
        assert len(own.meaning) >= 3, column
        assert not own.meaning.endswith("。"), f"{column}: a phrase, as all others"
        assert bool(own.unit) == (own.type in {COUNT, SHARE}), column


@pytest.mark.parametrize("name", sorted(TABLES))
def test_the_keys_of_a_table_name_one_row(sample_run, name):
    made = load_table(name, sample_run / "tables")
    assert not made.duplicated(list(TABLES[name].keys)).any()


@pytest.mark.parametrize("name", sorted(TABLES))
def test_numbers_are_within_the_bounds_that_the_reference_states(sample_run, name):
    made = load_table(name, sample_run / "tables")
    for column, own in TABLES[name].columns.items():
        bounds = re.fullmatch(r"(-?\d+)(?:〜(\d+)|以上)", own.unit)
        if bounds and len(made):
            assert made[column].min() >= float(bounds[1]), column
            assert bounds[2] is None or made[column].max() <= float(bounds[2]), column


def test_the_confidential_table_is_the_one_that_is_kept_from_others():
    assert [name for name, own in TABLES.items() if own.confidential] == [runfolder.CONFIDENTIAL]


@pytest.mark.parametrize("model", [Study, Source, Parameters, Publication])
def test_every_key_of_the_study_file_stands_in_its_example(model):
    example = "\n".join(blocks("study", "toml"))
    for key in model.model_fields:
        assert key in rows("study"), key
        assert re.search(rf"^\[*{key}\b", example, re.MULTILINE), key


@pytest.mark.parametrize("file", ["plan", "rules", "concepts"])
def test_every_key_of_a_file_stands_in_its_example(file):
    example = blocks(file, "toml")[0]
    models = [WORDS[FILES[file]], *(own for model, own in WORDS.items() if _belongs(model, file))]
    for key in (key for words in models for key in words.keys):
        assert re.search(rf"(?:^|[\[.]){key}\b", example, re.MULTILINE), key


def _belongs(model, file: str) -> bool:
    return model.__module__ == FILES[file].__module__ and model is not FILES[file]


def test_every_study_file_in_the_reference_can_be_read():
    examples = blocks("study", "toml")
    assert len(examples) == 3
    for example in examples:
        parse_study(tomllib.loads(quote_bare_keys(example)), "study.md")


def test_defaults_in_the_reference_are_those_of_the_program(tmp_path):
    table = dict(
        re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \| ([^|]+) \|", page("study"), re.MULTILINE)
    )
    path = tmp_path / "s.toml"
    path.write_text(blocks("study", "toml")[0], "utf-8")
    study = load_study(path)
    assert table["plan"] == f"`{study.plan}`"
    assert table["max_issues"] == f"`{study.parameters.max_issues}`"
    assert table["threshold"] == f"`{study.publication.threshold}`"
    assert table["title"] == "省けません"


def test_plan_rules_and_concepts_in_the_reference_can_be_read_together(tmp_path):
    for name in ("plan", "rules", "concepts"):
        (tmp_path / f"{name}.toml").write_text(blocks(name, "toml")[0], "utf-8")
    tokenize = default_tokenizer().tokenize
    plan = load_plan(tmp_path / "plan.toml")
    assert len(load_concepts(tmp_path / "concepts.toml", tokenize).concepts) == 3
    known = load_concepts(ROOT / "dictionaries" / "concepts.toml", tokenize)
    assert len(load_rules(tmp_path / "rules.toml", plan, tokenize, known).rules) == 2


def test_every_kind_of_source_and_every_readable_file_is_in_the_reference():
    text = page("study")
    for kind, label in KIND_LABELS.items():
        assert f"| `{kind}` | {label} |" in text
    table = "\n".join(line for line in text.splitlines() if line.startswith("| `."))
    assert set(re.findall(r"`(\.\w+)`", table)) == set(READABLE)


def test_it_is_said_how_the_value_of_every_decision_is_written():
    text = page("decisions").split("`value` の書き方")[1]
    assert set(decisions.FIELDS) <= set(re.findall(r"`(\w+)`", text))
