"""Write the JSON schemas of plan, rule, concept and study files (``dictionaries/schema/``).

From the project's folder, with the project's Python::

    python tools/write_schemas.py

Run it after a key of these files has changed; ``tests/test_schema.py`` fails until then.
The words of the keys are in ``pipeline/schema.py``.
"""  # noqa: INP001 — a script, not a package

from __future__ import annotations

from pathlib import Path

from pipeline.schema import FILES, dump_schema

FOLDER = Path(__file__).parents[1] / "dictionaries" / "schema"


def main() -> None:
    """Write every schema anew."""
    FOLDER.mkdir(exist_ok=True)
    for name in FILES:
        path = FOLDER / f"{name}.schema.json"
        path.write_text(dump_schema(name), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
