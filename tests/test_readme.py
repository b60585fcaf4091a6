"""What the documents say is so: commands, options, keys, exit codes, files, messages."""

from __future__ import annotations

import ast
import csv
import functools
import io
import re
import shlex
import subprocess
from pathlib import Path

import click
import pytest

from pipeline import decisions
from pipeline.cli import cli
from pipeline.concept_dictionary import load_concepts
from pipeline.errors import KadaiError
from pipeline.goals import examples
from pipeline.plan import load_plan
from pipeline.rules import load_rules
from pipeline.schema import FILES
from pipeline.tables import SCHEMAS
from pipeline.tokens import default_tokenizer

ROOT = Path(__file__).parents[1]
DOCUMENTS = ("README.md", "GUIDE.md", "README.en.md", "CONTRIBUTING.md", "inputs/sample/README.md")
REFERENCE = tuple(
    path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "docs/reference").glob("*.md"))
)
PAGES = (*DOCUMENTS, *REFERENCE, "SECURITY.md", "CHANGELOG.md")

# What a run makes or a planner names, and what stands for files of the planner's own.
MADE = {
    "manifest.json", "timings.json", "study.toml", "report.html", "review.xlsx",
    "review-記入済み1.xlsx", "調査.toml", "わたしの市.toml", "わたしの市.rules.toml",
    "わたしの市.examples.csv", "decisions.csv", "answers.csv", "answers.parquet",
    "previous.json",
}  # fmt: skip
MADE |= {f"tables/{name}.csv" for name in SCHEMAS}

# What the Makefile and the README take for granted: pieces, lest this file is found itself.
REGISTRIES = re.compile(
    "py" + r"pi\.org|python" + r"hosted|test\.py" + r"pi|conda\.an" + r"aconda|npm" + r"js\.|"
    r"(?<!no-emit-)(?:extra-)?index" + r"[-_]url",
    re.IGNORECASE,
)
MACHINE_PATHS = re.compile(
    r"(?<![\w.])/(?:ho" + r"me|Us" + r"ers|ro" + r"ot|wo" + r"rk|workspa" + r"ce|mnt)/[\w.]"
    r"|\b[A-Za-z]:\\Us" + r"ers\\\w",
)
LINK = re.compile(r"https?://(?P<host>[A-Za-z0-9][A-Za-z0-9.\-]*)")
HOSTS = re.compile(
    r"^(?:(?:www\.)?github\.com|(?:[\w\-]+\.)*example(?:\.\w+)*|(?:www\.)?w3\.org"
    # Namespaces of Office files are names, not places.
    # The text of the Apache License names its own address, and so does a JSON schema.
    r"|json-schema\.org|www\.apache\.org|schemas\.openxmlformats\.org|schemas\.microsoft\.com|purl\.org"
    r"|purl\.oclc\.org)$"
)


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def code_blocks(text: str, *languages: str) -> list[str]:
    """Fenced blocks of a document, of some languages or of all."""
    found = re.findall(r"^```(\w*)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [body for language, body in found if not languages or language in languages]


def inline_code(text: str) -> list[str]:
    return re.findall(
        r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    )


def command_lines(text: str) -> list[str]:
    """Every call of kadai in fenced blocks and inline code, from behind the program's name."""
    lines = [
        line for block in code_blocks(text, "sh", "powershell", "") for line in block.split("\n")
    ]
    program = re.compile(r"(?:^(?:\S*[\\/])?kadai|-m pipeline)\s+(?P<call>.+)$")
    found = [program.search(line.split(" #")[0].strip()) for line in [*lines, *inline_code(text)]]
    return [one["call"] for one in found if one]


def headings(text: str) -> list[tuple[int, str]]:
    """Level and words of every heading."""
    bare = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return [(len(marks), words) for marks, words in re.findall(r"^(#+) (.+)$", bare, re.MULTILINE)]


def anchor(heading: str) -> str:
    """Name under which a heading can be linked to, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def section(text: str, title: str) -> str:
    """One section of any level, with those below it."""
    level = next((level for level, words in headings(text) if words == title), 0)
    assert level, f"there is no section 「{title}」"
    end = rf"(?=^#{{1,{level}}} |\Z)"
    blocks = r"(?:^```.*?^```\n|(?!^```).)*?"  # a comment in a block is no heading
    mark = "#" * level
    pattern = rf"^{mark} {re.escape(title)}\n({blocks}){end}"
    found = re.search(pattern, text, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def options_of(command) -> set[str]:
    return {name for parameter in command.params for name in parameter.opts}


def called(call: str) -> tuple[str, click.Command | None, list[str]]:
    """Name of the command that a line calls, the command (of a group, too), and the rest."""
    words = shlex.split(call, posix=False)
    command: click.Command | None = cli
    name: list[str] = []
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        name.append(words.pop(0))
        command = command.commands.get(name[-1])
    return " ".join(name), command, words


def commands(group: click.Group = cli, before: str = "") -> dict[str, click.Command]:
    """Every command that does something: those of groups, not the groups."""
    found = {}
    for name, command in group.commands.items():
        inner = isinstance(command, click.Group)
        found |= commands(command, f"{before}{name} ") if inner else {f"{before}{name}": command}
    return found


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_line_names_a_command_and_options_that_exist(name):
    calls = command_lines(read(name))
    assert calls, f"{name} shows no command"
    for call in calls:
        _, command, words = called(call)
        assert command is not None, f"{name}: kadai {call}"
        given = {word.split("=")[0] for word in words if word.startswith("-")}
        assert given <= options_of(command), f"{name}: kadai {call}"


def test_every_command_and_every_option_is_shown_in_the_readme_or_the_guide():
    calls = [
        called(call) for name in ("README.md", "GUIDE.md") for call in command_lines(read(name))
    ]
    assert {name for name, _, _ in calls} >= set(commands())
    shown = {(name, word) for name, _, words in calls for word in words if word.startswith("--")}
    for name, command in commands().items():
        for option in options_of(command) - {"--help", "-h"}:
            if option.startswith("--"):
                assert (name, option) in shown, f"kadai {name} {option}"


@pytest.mark.parametrize(
    ("call", "name", "known"),
    [
        ("plan import 第8章.pdf --id x", "plan import", True),
        ("plan inport 第8章.pdf", "plan inport", False),
        ("run 調査.toml", "run", True),
        ("--help", "", True),
    ],
)
def test_a_call_is_followed_into_its_group(call, name, known):
    found, command, _ = called(call)
    assert (found, command is not None) == (name, known)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_make_target_that_is_shown_exists(name):
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    text = read(name)
    lines = "\n".join([*code_blocks(text, "sh", ""), *inline_code(text)])
    code = re.sub(r" #.*", "", lines)
    assert set(re.findall(r"\bmake ([a-z]+)", code)) <= targets


def mentioned_files(text: str) -> set[str]:
    """Paths in inline code and links that have the form of a file of the repository."""
    links = re.findall(r"(?<!\!)\[[^\]]*\]\(([^)#\s]+)\)", text)
    suffixes = "md|toml|csv|txt|lock|py|cff|html|json|xlsx|docx"
    code = [
        span
        for span in inline_code(text)
        if re.fullmatch(rf"[\w./\-]+\.(?:{suffixes})|[\w.\-]+(?:/[\w.\-]+)*/", span)
    ]
    return {one for one in [*links, *code] if not LINK.match(one)}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_file_that_is_mentioned_as_part_of_the_repository_exists(name):
    text = read(name)
    dictionaries = ROOT / "dictionaries"
    homes = (ROOT / name).parent, ROOT, ROOT / "pipeline", dictionaries, dictionaries / "plans"
    missing = [
        file
        for file in sorted(mentioned_files(text) - MADE)
        if not any((home / file).exists() for home in homes)
    ]
    assert missing == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_picture_exists_and_says_in_words_what_it_shows(name):
    for words, file in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", read(name)):
        assert len(words) >= 10, file
        assert (ROOT / name).parent.joinpath(file).is_file(), file


def anchors(path: Path) -> set[str]:
    return {anchor(words) for _, words in headings(path.read_text("utf-8"))}


@pytest.mark.parametrize("name", PAGES)
def test_every_heading_that_is_linked_to_exists(name):
    here = ROOT / name
    links = re.findall(r"\]\(([^)#\s]*)#([^)]+)\)", read(name))
    missing = [
        f"{file}#{own}"
        for file, own in links
        if not LINK.match(file) and own not in anchors(here.parent / file if file else here)
    ]
    assert missing == []


@pytest.mark.parametrize("name", [name for name in PAGES if name != "CHANGELOG.md"])
def test_a_heading_stands_once_in_its_page(name):
    titles = [anchor(words) for level, words in headings(read(name)) if level > 1]
    assert [title for title in titles if titles.count(title) > 1] == []


def test_every_module_has_its_place_in_the_architecture():
    table = section(read("README.en.md"), "Architecture")
    named = set(re.findall(r"`([\w*]+?)(?:\.py|/)`", table))
    commands = {name for name in named if name.endswith("*")}
    modules = {
        path.stem
        for path in (ROOT / "pipeline").iterdir()
        if not path.name.startswith("_")
        and (path.suffix == ".py" or (path / "__init__.py").is_file())
    }
    missing = {
        name
        for name in modules - named
        if not any(name.startswith(own.rstrip("*")) for own in commands)
    }
    assert missing == set()


def test_the_guide_begins_with_its_contents():
    text = read("GUIDE.md")
    contents = text.split("\n## ")[0]
    listed = re.findall(r"^ *- \[([^\]]+)\]\(#", contents, re.MULTILINE)
    assert listed == [words for level, words in headings(text) if level in {2, 3}]


def test_a_section_ends_where_the_next_of_its_level_begins():
    text = "# A\n\n## B\n\n```toml\n# no heading\n## nor this\n```\n\n### C\n\nc\n\n## D\n"
    assert section(text, "B").strip().endswith("c")
    assert section(text, "C").strip() == "c"
    assert "no heading" in section(text, "B")


@pytest.mark.parametrize(
    ("page", "title", "columns"),
    [
        ("docs/reference/decisions.md", "判断の記録の形", decisions.COLUMNS),
        ("GUIDE.md", "自分の市の計画を使う", examples.COLUMNS),
    ],
)
def test_every_column_of_a_file_that_people_write_is_explained_and_stands_in_its_example(
    page, title, columns
):
    text = section(read(page), title)
    assert set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) >= set(columns)
    rows = list(csv.reader(io.StringIO(code_blocks(text, "csv")[0])))
    assert rows[0] == list(columns)
    assert {len(row) for row in rows} == {len(columns)}


def test_files_of_ones_own_plan_as_the_guide_shows_them_can_be_read(tmp_path):
    text = section(read("GUIDE.md"), "自分の市の計画を使う")
    plan = load_plan(ROOT / "tests" / "data" / "aoba_plan.toml")
    plan = plan.model_copy(update={"id": "watashi-1"})
    rules, sentences = tmp_path / "x.rules.toml", tmp_path / "x.examples.csv"
    rules.write_text(code_blocks(text, "toml")[0], "utf-8")
    sentences.write_text(code_blocks(text, "csv")[0], "utf-8")
    tokenize = default_tokenizer().tokenize
    concepts = load_concepts(ROOT / "dictionaries" / "concepts.toml", tokenize)
    assert len(load_rules(rules, plan, tokenize, concepts).rules) == 2
    assert len(examples.load_examples(sentences, plan)) == 3


def test_decisions_as_the_reference_shows_them_can_be_read(tmp_path):
    path = tmp_path / "decisions.csv"
    path.write_text(code_blocks(read("docs/reference/decisions.md"), "csv")[0], "utf-8")
    plan = load_plan(ROOT / "dictionaries" / "plans" / "nishitokyo-4.toml")
    assert len(decisions.as_examples(decisions.load_decisions(path, plan))) == 2


def test_every_schema_is_named_where_an_editor_looks_for_it():
    named = re.findall(r"`#:schema [\w./]*?(\w+)\.schema\.json`", read("GUIDE.md"))
    assert set(named) == set(FILES)


def error_kinds() -> list[type[KadaiError]]:
    kinds = [KadaiError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    return kinds


def exit_codes() -> set[int]:
    return {0, *(kind.exit_code for kind in error_kinds())}


@pytest.mark.parametrize(
    ("name", "pattern"), [("README.md", r"^\| (\d) \|"), ("README.en.md", r"^Exit codes: (.+)$")]
)
def test_every_exit_code_is_explained(name, pattern):
    found = re.findall(pattern, read(name), re.MULTILINE)
    explained = {int(digit) for one in found for digit in re.findall(r"\b\d\b", one)}
    assert explained == exit_codes()


@functools.cache
def program() -> list[ast.Module]:
    paths = sorted((ROOT / "pipeline").rglob("*.py"))
    return [ast.parse(path.read_text("utf-8")) for path in paths]


def texts_of_the_program() -> str:
    """Every string of the source; what is filled in when it runs becomes ….

    Sentences that Python joins from neighbouring literals are joined here, too.
    """
    return "\n".join(text for tree in program() for text in texts_in(tree))


def texts_in(tree: ast.AST) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [
                str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values
            ]
            found.append("".join(parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value)
    return found


def test_every_message_that_the_readme_explains_is_one_that_kadai_prints():
    messages = [message for own in explained_messages().values() for message in own]
    assert len(messages) > 50
    assert len(set(messages)) == len(messages)
    printed = texts_of_the_program()
    assert [message for message in messages if message not in printed] == []


def explained_messages() -> dict[int, list[str]]:
    """Exit code → messages that the README explains under it."""
    text = section(read("README.md"), "困ったとき")
    return {
        int(words[3]): re.findall(r"^\| `([^`]+)` \|", section(text, words), re.MULTILINE)
        for _, words in headings(text)
        if words.startswith("番号 ")
    }


def messages_by_exit_code() -> dict[str, set[int]]:
    """First text of every error that the program makes → the exit codes it may leave with."""
    codes = {kind.__name__: kind.exit_code for kind in error_kinds()}
    found: dict[str, set[int]] = {}
    for tree in program():
        for node in ast.walk(tree):
            name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            for text in texts_in(node.args[0]) if name in codes and node.args else ():
                found.setdefault(text, set()).add(codes[name])
    return found


def test_every_message_stands_under_the_exit_code_that_kadai_leaves_with():
    made = messages_by_exit_code()
    for code, messages in explained_messages().items():
        for message in messages:
            codes = set().union(*(own for text, own in made.items() if message in text))
            assert not codes or code in codes, f"{message}: {codes}, not {code}"


def test_every_exit_code_but_success_has_its_messages():
    assert {code for code, own in explained_messages().items() if own} == exit_codes() - {0}


def test_every_file_of_a_run_is_explained_and_the_confidential_one_is_marked(sample_run):
    text = section(read("README.md"), "結果のフォルダーの見かた")
    rows = dict(re.findall(r"^\| `([^`]+)` \| ([^|]+) \|", text, re.MULTILINE))
    made = {
        path.relative_to(sample_run).as_posix()
        for path in sample_run.rglob("*")
        if path.is_file() and path.suffix != ".parquet"
    }
    tables = set(
        re.findall(r"^`(tables/\w+\.csv)`", read("docs/reference/tables.md"), re.MULTILINE)
    )
    assert set(rows) | tables == made
    assert {file for file, meaning in rows.items() if "部外秘" in meaning} == {"tables/answers.csv"}


def project_texts() -> list[Path]:
    """Text files that are, or are about to be, in version control."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, capture_output=True, check=True,
        ).stdout.decode("utf-8")  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a clone: git does not know the files of the project")
    paths = [ROOT / name for name in listed.split("\0") if name]
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:8000]]


def findings(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in project_texts():
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1):
            found += [
                f"{path.relative_to(ROOT).as_posix()}:{number}: {match.group()}"
                for match in pattern.finditer(line)
            ]
    return found


def test_no_address_of_a_package_registry_is_in_the_project():
    assert findings(REGISTRIES) == []


def test_no_path_of_somebodys_machine_is_in_the_project():
    assert findings(MACHINE_PATHS) == []


def test_links_lead_only_to_places_that_were_chosen():
    strange = [
        one
        for one in findings(LINK)
        if not HOSTS.match(one.rsplit("//", 1)[1].rstrip("."))
        # Whether a page is a person's depends on its host: examples of masking name real ones.
        and not one.startswith(("tests/data/privacy", "tests/test_privacy"))
    ]
    assert strange == []


def test_the_patterns_find_what_they_are_for():
    assert REGISTRIES.search("https://" + "py" + "pi.org/simple")
    assert REGISTRIES.search("pip install --index" + "-url x")
    assert not REGISTRIES.search("--no-emit-index" + "-url")
    assert MACHINE_PATHS.search("see /ho" + "me/ann/x")
    assert MACHINE_PATHS.search("C:\\Us" + "ers\\ann")
    assert not MACHINE_PATHS.search("notes/home/x and /tmp/x")
    assert not HOSTS.match("example-of-a-registry.net")
