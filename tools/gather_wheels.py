r"""Gather what Kadai needs in a folder, for a computer without a network.

``make wheels`` calls this; on Windows: ``.venv\Scripts\python tools\gather_wheels.py``. pip
alone gathers for the computer that it runs on. For another platform or version of Python it
would still judge the conditions of the lock file ("only on Windows", "before 3.12") by its own
computer, and leave out what the other one needs; here they are judged for the other one.
"""  # noqa: INP001 — a script, not a package

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from packaging.markers import default_environment
from packaging.requirements import Requirement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT: Final = Path(__file__).parents[1]

_SYSTEMS: Final = {
    "win": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
    "macosx": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    "manylinux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
}
_MACHINES: Final = {"win_amd64": "AMD64", "win_arm64": "ARM64", "win32": "x86"}
_VERSION_OF_SYSTEM: Final = re.compile(r"^(?:macosx_|manylinux_?)\d+(?:_\d+)?_")
_HASH: Final = re.compile(r"--hash=\S+")


def environment_of(platform: str | None, version: str | None) -> dict[str, str]:
    """What the conditions of a lock file ask of a computer: this one, or the one that is meant.

    Parameters
    ----------
    platform
        As wheels name it, for example ``win_amd64``; ``None`` for that of this computer.
    version
        Of Python, for example ``3.12``; ``None`` for the one that runs this.
    """
    environment: dict[str, str] = {
        name: str(value) for name, value in default_environment().items()
    }
    if platform is not None:
        system = next((one for one in _SYSTEMS if platform.startswith(one)), None)
        if system is None:
            known = ", ".join(f"{one}…" for one in _SYSTEMS)
            raise SystemExit(f"--platform {platform}: その種類は分かりません（{known}）。")
        machine = _MACHINES.get(platform) or _VERSION_OF_SYSTEM.sub("", platform)
        environment |= {**_SYSTEMS[system], "platform_machine": machine}
    if version is not None:
        if not re.fullmatch(r"3\.\d+", version):
            raise SystemExit(f"--python-version {version}: 3.12 のように書きます。")
        environment |= {"python_version": version, "python_full_version": f"{version}.0"}
    return environment


def needed(lock: str, environment: Mapping[str, str]) -> list[str]:
    """Requirements of a lock file that a computer needs: exact, with hashes, without conditions."""
    found = []
    for entry in re.sub(r"\\\n", " ", re.sub(r"(?m)^\s*#.*\n?", "", lock)).splitlines():
        if not entry.strip():
            continue
        wanted = Requirement(_HASH.sub("", entry))
        if wanted.marker is None or wanted.marker.evaluate(dict(environment)):
            found.append(f"{wanted.name}{wanted.specifier} {' '.join(_HASH.findall(entry))}")
    return found


def pip_options(platforms: Sequence[str], version: str | None) -> list[str]:
    """How pip is told of another computer; nothing for this one."""
    told = [word for platform in platforms for word in ("--platform", platform)]
    return told + (["--python-version", version] if version else [])


def main(arguments: Sequence[str] | None = None) -> int:
    """Download every wheel into the folder; return pip's exit code."""
    parser = argparse.ArgumentParser(description="部品を1つのフォルダーに集めます。")
    parser.add_argument("locks", nargs="*", default=["requirements.lock"], metavar="部品の一覧")
    parser.add_argument("--output", default="wheels", metavar="フォルダー")
    parser.add_argument(
        "--platform", action="append", default=[], metavar="種類",
        help="例: win_amd64。いくつでも。省くと、このパソコン",
    )  # fmt: skip
    parser.add_argument("--python-version", metavar="版", help="例: 3.12。省くと、この Python")
    told = parser.parse_args(arguments)
    environment = environment_of(next(iter(told.platform), None), told.python_version)
    folder = Path(told.output).absolute()
    for name in told.locks:
        with tempfile.TemporaryDirectory() as scratch:
            wanted = Path(scratch) / "requirements.txt"
            lines = needed((ROOT / name).read_text("utf-8"), environment)
            wanted.write_text("\n".join(lines), "utf-8")
            done = subprocess.run(  # noqa: S603 — pip of the Python that runs this
                [sys.executable, "-m", "pip", "download", "--require-hashes", "--no-deps",
                 "--only-binary=:all:", *pip_options(told.platform, told.python_version),
                 "--dest", str(folder), "--requirement", str(wanted)],
                check=False,
            )  # fmt: skip
        if done.returncode:
            return done.returncode
        sys.stdout.write(f"{name}: {len(lines)}個の部品を {folder} に集めました。\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
