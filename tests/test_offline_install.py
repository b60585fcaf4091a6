"""A computer without a network: what the README says to type there installs and runs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_readme import code_blocks, read, section

ROOT = Path(__file__).parents[1]
TITLE = "インターネットにつながらないパソコンに入れるとき"

# No interface but the loopback, which is down: even the own computer cannot be reached.
NO_NETWORK = """
import errno, socket
assert [name for _, name in socket.if_nameindex()] == ["lo"], socket.if_nameindex()
try:
    socket.create_connection(("127.0.0.1", 9), timeout=5)
except OSError as error:
    assert error.errno == errno.ENETUNREACH, error
else:
    raise AssertionError("something answers")
"""


def lines_with(word: str, title: str = TITLE) -> list[str]:
    """Commands of the block of a section of the README in which a word stands."""
    blocks = code_blocks(section(read("README.md"), title), "powershell")
    (block,) = [block for block in blocks if word in block]
    return [as_typed_here(line) for line in block.splitlines()]


def as_typed_here(line: str) -> str:
    """A line for PowerShell, for the shell and the Python of this computer."""
    line = re.sub(r"^py -3\.\d+ ", f"{sys.executable} ", line)
    return line.replace(r".venv\Scripts" + "\\", ".venv/bin/").replace("\\", "/")


def test_lines_for_windows_are_translated_and_nothing_else_is_changed():
    assert as_typed_here("py -3.12 -m venv .venv") == f"{sys.executable} -m venv .venv"
    assert as_typed_here(r".venv\Scripts\kadai run a\b.toml") == ".venv/bin/kadai run a/b.toml"
    assert as_typed_here("pip install --no-index x") == "pip install --no-index x"


def test_what_is_typed_there_differs_in_one_line_and_asks_no_index():
    offline = lines_with("--find-links")
    online = [
        as_typed_here(line)
        for block in code_blocks(section(read("README.md"), "はじめかた（Windows）"), "powershell")
        for line in block.splitlines()
        if "venv .venv" in line or " pip install " in line
    ]
    told = offline[1].replace(" --no-index --find-links wheels", "")
    assert [offline[0], told, offline[2]] == online
    assert all("--no-index" in line for line in offline if " pip install " in line)


@pytest.fixture(scope="module")
def without_network() -> list[str]:
    """A command that runs another where there is no network."""
    if shutil.which("unshare") is None:
        pytest.skip("no program here that runs another without a network: unshare, of util-linux")
    for options in (["--net", "--map-root-user"], ["--net"]):
        tried = subprocess.run(["unshare", *options, "true"], check=False, capture_output=True)
        if not tried.returncode:
            return ["unshare", *options]
    said = tried.stderr.decode("utf-8", "replace").strip()
    return pytest.skip(f"nobody may take the network from a program here: {said}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The folder of Kadai with its wheels, below a name that is not ASCII and has a space."""
    kadai = tmp_path_factory.mktemp("offline") / "田中 花子" / "kadai"
    for name in ("pipeline", "dictionaries", "inputs", "LICENSES"):
        shutil.copytree(ROOT / name, kadai / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, kadai)
    (line,) = lines_with(" pip download ")
    done = subprocess.run(
        line, shell=True, cwd=kadai, check=False, capture_output=True, text=True, errors="replace"
    )
    if done.returncode and re.search(r"(?i)connection|timed out|resolution", done.stderr):
        pytest.skip("the package registry cannot be reached, so that nothing could be gathered")
    assert done.returncode == 0, done.stderr
    yield kadai
    shutil.rmtree(kadai.parent)  # more than a gigabyte


@pytest.mark.slow
@pytest.mark.timeout(900)  # a gigabyte is written and removed: a busy disk takes its time
def test_a_computer_without_a_network_installs_from_the_folder_of_wheels_and_runs(
    without_network, folder, sample_run
):
    (run,) = lines_with("kadai run", "はじめかた（Windows）")
    lines = [*lines_with("--find-links"), f"{run} > printed", ".venv/bin/kadai verify outputs/*"]
    (folder / "no_network.py").write_text(NO_NETWORK)
    script = "\n".join(["set -e", f"{sys.executable} no_network.py", *lines])
    # Nothing of this computer's settings: no other index, no folder of wheels, no proxy, no cache.
    environment = {
        name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ
    }
    environment |= {
        "HOME": str(folder.parent),
        "KADAI_CACHE": str(folder.parent / "cache"),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_COMPILE": "1",  # a tenth of the time; Python compiles what it imports
    }
    done = subprocess.run(
        [*without_network, "sh", "-c", script],
        check=False, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "再現できました。" in done.stdout

    made = Path((folder / "printed").read_text("utf-8").splitlines()[-1])
    for name in ("manifest.json", "report.html", "review.xlsx"):
        assert (made / name).read_bytes() == (sample_run / name).read_bytes(), name

    # Up to Python 3.12 such a file is read in the old encoding of Windows when Python starts.
    links = list((folder / ".venv").rglob("*kadai*.pth"))
    assert links
    assert all(link.read_bytes().isascii() for link in links)
