"""JSON schemas: up to date, in Japanese, and fitting the files that come with Kadai."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipeline.schema import FILES, WORDS, build_schema, dump_schema
from pipeline.study import KIND_LABELS, quote_bare_keys

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "dictionaries" / "schema"
PLANS = ROOT / "dictionaries" / "plans"

SHIPPED = [
    *(("rules", path) for path in sorted(PLANS.glob("*.rules.toml"))),
    *(("plan", path) for path in sorted(PLANS.glob("*.toml")) if ".rules" not in path.name),
    ("plan", ROOT / "tests" / "data" / "aoba_plan.toml"),
    ("concepts", ROOT / "dictionaries" / "concepts.toml"),
    ("study", ROOT / "inputs" / "sample" / "study.toml"),
]

WRONG = {
    "plan": 'id = "a"\ntitle = "b"\n[[goals]]\nid = 1\nname = "つながり"\n',
    "rules": '[[rules]]\ngoal = "1"\ntermz = ["バス"]\n',
    "concepts": '[[concepts]]\nunder = "移動・交通"\n',
    "study": 'title = "x"\n[[sources]]\nfile = "a.csv"\nkind = "surveys"\n',
}

TYPES = {"object": dict, "array": list, "string": str, "integer": int, "number": int | float}


def misfits(value: Any, schema: dict[str, Any], whole: dict[str, Any]) -> list[str]:
    """Whatever of a value does not fit: the few words of JSON Schema that the files use."""
    for other in schema.get("allOf", [schema] if "$ref" in schema else []):
        return misfits(value, whole["definitions"][other["$ref"].split("/")[-1]], whole)
    if not isinstance(value, TYPES[schema["type"]]):
        return [f"{value!r} is no {schema['type']}"]
    found = []
    if isinstance(value, dict):
        known, rest = schema.get("properties", {}), schema["additionalProperties"]
        found += [f"{key} is missing" for key in schema.get("required", ()) if key not in value]
        for key, own in value.items():
            inner = known.get(key, rest)
            found += misfits(own, inner, whole) if inner else [f"{key} is unknown"]
    elif isinstance(value, list):
        found += [why for own in value for why in misfits(own, schema["items"], whole)]
        found += ["too short"] * (len(value) < schema.get("minItems", 0))
    elif isinstance(value, str):
        wanted = schema.get("enum", [value]), schema.get("pattern", "")
        found += [value] * (value not in wanted[0] or not re.search(wanted[1], value))
        found += ["empty"] * (len(value) < schema.get("minLength", 0))
    else:
        least, most = schema.get("minimum", value), schema.get("maximum", value)
        found += [str(value)] * (not least <= value <= most)
    return found


def explained(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Every table and every key of a schema."""
    tables = [("", schema), *schema["definitions"].items()]
    return [*tables, *(pair for _, table in tables for pair in table["properties"].items())]


@pytest.mark.parametrize("name", FILES)
def test_the_schema_in_the_dictionaries_is_that_of_the_program(name):
    written = (FOLDER / f"{name}.schema.json").read_text("utf-8")
    assert written == dump_schema(name), "python tools/write_schemas.py"


def test_there_are_no_other_schemas():
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.schema.json" for name in FILES}


@pytest.mark.parametrize("name", FILES)
def test_every_table_and_every_key_is_explained_in_japanese(name):
    for key, own in explained(build_schema(name)):
        for word in ("title", "description"):
            assert re.search(r"[ぁ-んァ-ヶ一-龠]|SDGs", own[word]), (key, word)


def test_nothing_is_explained_that_is_no_key():
    for model, words in WORDS.items():
        keys = {field.alias or key for key, field in model.model_fields.items()}
        assert set(words.keys) == keys


def test_every_kind_of_source_is_offered_with_its_japanese_name():
    kind = build_schema("study")["definitions"]["Source"]["properties"]["kind"]
    assert kind["enum"] == list(KIND_LABELS)
    assert all(label in kind["description"] for label in KIND_LABELS.values())


@pytest.mark.parametrize("name", FILES)
def test_what_toml_cannot_say_is_not_asked_for(name):
    text = dump_schema(name)
    assert "null" not in text
    assert "anyOf" not in text
    assert "$defs" not in text


@pytest.mark.parametrize(("name", "path"), SHIPPED, ids=lambda own: getattr(own, "name", own))
def test_the_files_that_come_with_kadai_fit_their_schema(name, path):
    schema = json.loads((FOLDER / f"{name}.schema.json").read_text("utf-8"))
    assert misfits(tomllib.loads(path.read_text("utf-8")), schema, schema) == []


@pytest.mark.parametrize(("name", "text"), WRONG.items())
def test_a_wrong_file_does_not_fit(name, text):
    schema = build_schema(name)
    assert misfits(tomllib.loads(text), schema, schema) != []


def test_the_line_that_names_a_schema_is_a_comment_for_kadai():
    text = '#:schema schema/study.schema.json\ntitle = "x"\n'
    assert tomllib.loads(quote_bare_keys(text)) == {"title": "x"}
