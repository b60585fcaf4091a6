"""Write the reference for planners and analysts (``docs/reference/``) from the program.

From the project's folder, with the project's Python::

    python tools/write_reference.py
    python tools/write_reference.py --check    # writes nothing; exit code 1 where it is old

The words around the tables stand in ``tools/reference/*.md.j2``; the tables are made of
the models of the files (:mod:`pipeline.schema`), of the columns of a run
(:mod:`pipeline.tablecolumns`), of the fields of decisions and of the commands.
``tests/test_reference.py`` fails while the pages are older than the program.
"""  # noqa: INP001 — a script, not a package

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
import jinja2

from pipeline import decisions, tables
from pipeline.cli import cli
from pipeline.schema import FILES, build_schema
from pipeline.study import KIND_LABELS
from pipeline.tablecolumns import COUNT, SHARE, TABLES, TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT: Final = Path(__file__).parents[1]
TEMPLATES: Final = ROOT / "tools" / "reference"
REFERENCE: Final = ROOT / "docs" / "reference"

TYPES: Final = {TEXT: "文字", COUNT: "整数", SHARE: "小数"}
_PLAIN: Final = {
    "string": "文字", "integer": "整数", "number": "数", "boolean": "true か false",
    "object": '`{ 名前 = "…" }`',
}  # fmt: skip


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Table of Markdown."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in lines
    )


def keys_of(name: str, part: str = "") -> str:
    """Every key of a file, or of one of its tables: form, default and meaning.

    Parameters
    ----------
    name
        Key of :data:`pipeline.schema.FILES`.
    part
        Name of the model of a table within the file; empty: the file itself.
    """
    schema = build_schema(name)
    own = schema["definitions"][part] if part else schema
    rows = []
    for key, value in own["properties"].items():
        needed = key in own.get("required", ())
        omitted = "省けません" if needed else _default(value)
        rows.append((f"`{key}`", value["title"], _form(value), omitted, value["description"]))
    return table(("項目", "名前", "書くもの", "省いたとき", "意味"), rows)


def _default(value: Mapping[str, Any]) -> str:
    return f"`{value['default']}`" if "default" in value else "―"


def _form(value: Mapping[str, Any]) -> str:
    """What is written behind ``=``."""
    if "allOf" in value or "$ref" in value:
        return "`[…]` の表"
    if value["type"] == "array":
        inner = value["items"]
        return "`[[…]]` の表、いくつも" if "$ref" in inner else f"{_form(inner)}の並び"
    if "enum" in value:
        return "決まった言葉のどれか"
    limits = _limits(value)
    if inner := value.get("additionalProperties"):
        return '`名前 = ["…"]` の並び' if inner.get("type") == "array" else _PLAIN["object"]
    return _PLAIN[value["type"]] + (f"（{limits}）" if limits else "")


def _limits(value: Mapping[str, Any]) -> str:
    least, most = value.get("minimum"), value.get("maximum")
    if "exclusiveMinimum" in value:
        return f"{value['exclusiveMinimum']}より大きく{most}まで"
    if least is not None and most is not None:
        return f"{least}〜{most}"
    if least is not None:
        return f"{least}以上"
    return f"{value['maxLength']}文字まで" if "maxLength" in value else ""


def kinds() -> str:
    """Kinds of sources."""
    return table(
        ("`kind` に書く言葉", "意味"), [(f"`{kind}`", label) for kind, label in KIND_LABELS.items()]
    )


def columns_of(name: str) -> str:
    """Every column of a table of a run."""
    rows = []
    for column, own in TABLES[name].columns.items():
        home = _home(column)
        meaning = own.meaning + (f"（表 [{home}](#{home})）" if home not in {"", name} else "")
        mark = f"`{column}`" + (" ★" if column in TABLES[name].keys else "")
        rows.append((mark, TYPES[own.type], own.unit or "―", meaning))
    return table(("列", "型", "単位・範囲", "意味"), rows)


def _home(column: str) -> str:
    """Table whose rows a column names, as ``issue_id`` those of ``issues``."""
    home = column.removeprefix("previous_").removesuffix("_id") + "s"
    return home if column.endswith("_id") and home in TABLES else ""


def decided() -> str:
    """What can be decided, of what."""
    of = {
        "意見": decisions.OPINION_FIELDS,
        "課題": decisions.ISSUE_FIELDS,
        "取り上げなかった部分": decisions.PIECE_FIELDS,
    }
    return table(
        ("`field`", "ブックの列", "対象"),
        [
            (f"`{field}`", label, "、".join(name for name, own in of.items() if field in own))
            for field, label in decisions.FIELDS.items()
        ],
    )


def commands(group: click.Group = cli, before: str = "kadai") -> Iterator[dict[str, Any]]:
    """Every command with what its own help says of it."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before} {name}")
            continue
        context = click.Context(command, info_name=f"{before} {name}", max_content_width=100)
        records = [
            record
            for parameter in command.params
            if isinstance(parameter, click.Option)
            and (record := parameter.get_help_record(context)) is not None
        ]
        yield {
            "name": f"{before} {name}",
            "usage": " ".join([f"{before} {name}", *command.collect_usage_pieces(context)]),
            "help": _paragraphs(command.help or ""),
            "options": table(
                ("指定", "意味"),
                [
                    (f"`{option}`", words.replace("  [required]", "（省けません）"))
                    for option, words in records
                ],
            ),
        }


def _paragraphs(text: str) -> str:
    """Help of a command, lines of a paragraph joined; blocks that click keeps stay as they are."""
    made = []
    for block in text.strip().split("\n\n"):
        if block.startswith("\b"):
            made.append("```text\n" + block.removeprefix("\b").strip("\n") + "\n```")
        else:
            made.append("".join(line.strip() for line in block.splitlines()))
    return "\n\n".join(made)


def header(path: str) -> str:
    """How a file of the dictionaries is to be read: the comment that it begins with."""
    lines = (ROOT / "dictionaries" / path).read_text("utf-8").splitlines()
    first = next(number for number, line in enumerate(lines) if not line.startswith("#"))
    return "\n".join(line.removeprefix("#").removeprefix(" ") for line in lines[:first]).strip()


def pages() -> dict[str, str]:
    """File name → text of every page."""
    environment = jinja2.Environment(  # noqa: S701 — Markdown, not HTML
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "keys_of": keys_of, "kinds": kinds, "columns_of": columns_of, "decided": decided,
        "commands": commands, "header": header, "tables": TABLES, "prefix": tables.ATTRIBUTE_PREFIX,
        "digits": tables.DIGITS, "files": FILES,
    }  # fmt: skip
    return {
        path.name.removesuffix(".j2"): _tidy(environment.get_template(path.name).render())
        for path in sorted(TEMPLATES.glob("*.md.j2"))
    }


def _tidy(text: str) -> str:
    """One empty line where the template leaves several, one line end at the end."""
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def outdated() -> list[str]:
    """Names of pages that are not what the program would write, and of those too many."""
    made = pages()
    found = {path.name: path.read_text("utf-8") for path in REFERENCE.glob("*.md")}
    return sorted(name for name in made.keys() | found.keys() if made.get(name) != found.get(name))


def main() -> int:
    """Write every page anew, or say which ones are old."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    if parser.parse_args().check:
        old = outdated()
        sys.stderr.writelines(f"docs/reference/{name} is out of date\n" for name in old)
        return 1 if old else 0
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
