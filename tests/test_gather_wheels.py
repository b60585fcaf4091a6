"""Lock files, and the folder of wheels that is gathered from them for another computer."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tools.gather_wheels import environment_of, needed, pip_options

ROOT = Path(__file__).parents[1]
LOCKS = sorted(path.name for path in ROOT.glob("requirements*.lock"))
WINDOWS = [("win_amd64", f"3.{minor}") for minor in range(11, 15)]


def wanted(lock: str, platform: str | None = None, version: str | None = None) -> dict[str, str]:
    """Version of every part that a computer needs."""
    lines = needed((ROOT / lock).read_text("utf-8"), environment_of(platform, version))
    parts = [line.split(" ")[0].split("==") for line in lines]
    assert all(len(part) == 2 for part in parts), "a part is not fixed to the digit"
    assert len({name for name, _ in parts}) == len(parts), "two versions of one part"
    return dict(parts)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_part_of_a_lock_file_has_hashes_and_no_address(lock):
    text = (ROOT / lock).read_text("utf-8")
    entries = re.findall(r"(?m)^[a-z0-9].*(?:\n    --hash.*)*", text)
    assert len(entries) > 40
    for entry in entries:
        first, *hashes = entry.split(" \\\n")
        assert "==" in first
        assert hashes
        assert all(re.fullmatch(r" {4}--hash=sha256:[0-9a-f]{64}", own) for own in hashes), first
    assert not re.search(r"://|@|^-", text, re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.parametrize(("platform", "version"), [(None, None), *WINDOWS])
def test_every_lock_file_holds_all_that_kadai_needs_in_the_same_versions(lock, platform, version):
    plain = wanted("requirements.lock", platform, version)
    assert plain.items() <= wanted(lock, platform, version).items()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    direct = {Requirement(own).name for own in project["project"]["dependencies"]}
    assert direct | {"editables", "hatchling"} <= set(plain)


def test_what_another_computer_needs_is_asked_of_that_computer():
    for version, numpy in (("3.11", (2, 4)), ("3.12", (2, 5))):
        parts = wanted("requirements.lock", "win_amd64", version)
        assert "colorama" in parts
        assert tuple(map(int, parts["numpy"].split(".")[:2])) == numpy
    assert "colorama" not in wanted("requirements.lock", "manylinux2014_x86_64", "3.12")


def test_conditions_and_comments_are_gone_and_hashes_stay():
    lock = (
        "a==1 \\\n    --hash=sha256:0a \\\n    --hash=sha256:0b\n    # via\n    #   c\n"
        "b==2 ; sys_platform == 'win32' and platform_machine == 'AMD64' \\\n    --hash=sha256:0c\n"
        "c==3 ; sys_platform == 'darwin' \\\n    --hash=sha256:0d\n"
    )
    assert needed(lock, environment_of("win_amd64", "3.12")) == [
        "a==1 --hash=sha256:0a --hash=sha256:0b",
        "b==2 --hash=sha256:0c",
    ]


@pytest.mark.parametrize(
    ("platform", "machine"),
    [
        ("win_amd64", "AMD64"),
        ("macosx_12_0_arm64", "arm64"),
        ("manylinux_2_28_x86_64", "x86_64"),
        ("manylinux2014_aarch64", "aarch64"),
    ],
)
def test_the_machine_stands_in_the_name_of_the_platform(platform, machine):
    assert environment_of(platform, None)["platform_machine"] == machine


def test_pip_is_told_of_another_computer_and_of_nothing_else():
    assert pip_options([], None) == []
    told = ["--platform", "win_amd64", "--python-version", "3.12"]
    assert pip_options(["win_amd64"], "3.12") == told


@pytest.mark.parametrize(("platform", "version"), [("amiga", None), (None, "312")])
def test_a_name_that_pip_would_not_know_is_refused_in_japanese(platform, version):
    with pytest.raises(SystemExit, match=r"分かりません|書きます"):
        environment_of(platform, version)
