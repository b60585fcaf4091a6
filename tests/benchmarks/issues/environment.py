"""The peers' own environment: made once, kept in a cache folder, never the project's."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
PINS = HERE / "peers.txt"


def cache_folder() -> Path:
    """``KADAI_CACHE``, or ``outputs/.benchmarks`` of the repository."""
    named = os.environ.get("KADAI_CACHE")
    return Path(named) if named else ROOT / "outputs" / ".benchmarks"


def peers_python() -> Path:
    """Interpreter of the peers' environment; installs it when the pins are new.

    Raises
    ------
    RuntimeError
        The packages could not be installed.
    """
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    pins = hashlib.sha256(PINS.read_bytes() + version.encode()).hexdigest()[:12]
    folder = cache_folder().resolve() / f"peers-{pins}"
    python = folder / "bin" / "python"
    ready = folder / "ready"
    if ready.exists():
        return python
    print(f"Installing the peers into {folder.name} …", file=sys.stderr)
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    pip = [python, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    done = subprocess.run(
        [*pip, "install", "--no-deps", "-r", PINS], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(
            "The peers could not be installed; --no-peers measures Kadai alone.\n" + done.stderr
        )
    ready.touch()
    return python
