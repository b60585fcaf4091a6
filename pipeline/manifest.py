"""What a run was made from and what it made, so that anyone can make it again.

The manifest holds no time, no machine and no path: the same files, dictionaries,
parameters and versions give the same manifest, to the byte.
"""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipeline.encoders import study_encoder
from pipeline.errors import InputError, KadaiError, Location
from pipeline.goals.examples import examples_path
from pipeline.plainfile import check_plain
from pipeline.plan import find_plan
from pipeline.resources import dictionaries_folder
from pipeline.textcolumns import among
from pipeline.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from pipeline.study import Study

FORMAT: Final = 1
"""Version of the manifest's own form."""

DECISIONS: Final = "decisions.csv"
"""Name of the decisions in a run folder."""

PREVIOUS: Final = "previous.json"
"""Name of what a run folder keeps of the run before (:mod:`pipeline.comparison`)."""

SHARED_DICTIONARIES: Final = (
    "user.csv", "synonyms.csv", "stopwords.txt", "names.csv", "concepts.toml", "word_vectors.npz",
    "sdgs.toml",
)  # fmt: skip

LIBRARIES: Final = (
    "sudachipy", "sudachidict-core", "numpy", "scipy", "scikit-learn", "pandas", "pyarrow",
    "datasketch", "python-calamine", "python-docx", "xlsxwriter", "jinja2",
)  # fmt: skip
"""Libraries whose version can change a result."""


_SECTIONS: Final = frozenset(
    ["format", "kadai_version", "run_id", "study", "inputs", "dictionaries", "decisions",
     "parameters", "versions", "method", "ledger", "tables", "outputs"]
)  # fmt: skip


@dataclass(frozen=True)
class Provenance:
    """What a run is made from.

    Attributes
    ----------
    run_id
        Ten characters of the hash of everything below.
    study
        The study as plain values, files by name only.
    inputs, dictionaries, decisions
        ``file``, ``sha256`` and, for inputs, ``source_id`` and ``bytes``.
    versions
        Python and libraries.
    previous
        ``file`` and ``sha256`` of what is known of the run before; empty without one.
    """

    run_id: str
    study: dict[str, Any]
    inputs: list[dict[str, Any]]
    dictionaries: list[dict[str, str]]
    decisions: list[dict[str, str]]
    parameters: dict[str, Any]
    versions: dict[str, str]
    previous: dict[str, str]

    @classmethod
    def of(
        cls,
        study: Study,
        folder: Path,
        decisions: bytes | None,
        *,
        keep_raw: bool,
        previous: bytes | None = None,
    ) -> Provenance:
        """Hash what a study reads.

        Parameters
        ----------
        decisions
            Content of the file of decisions that is applied.
        previous
            What is known of the run before (:func:`pipeline.comparison.previous.read_previous`).

        Raises
        ------
        InputError
            A file is missing or cannot be opened.
        """
        inputs = []
        for source in study.sources:
            path = folder / source.file
            inputs.append(
                {
                    "source_id": source.id,
                    "file": path.name,
                    "sha256": hash_file(path),
                    "bytes": path.stat().st_size,
                }
            )
        made_from: dict[str, Any] = {
            "study": plain_study(study),
            "inputs": inputs,
            "dictionaries": hash_dictionaries(study, folder),
            "decisions": hash_decisions(decisions),
            "parameters": {**plain_parameters(study), "raw_text": keep_raw},
            "versions": current_versions(),
        }
        if previous is not None:
            made_from["previous"] = hash_previous(previous)
        text = json.dumps(made_from, ensure_ascii=False, sort_keys=True)
        run_id = hashlib.sha256(f"{__version__}\n{text}".encode()).hexdigest()[:10]
        return cls(run_id=run_id, **{"previous": {}, **made_from})


def plain_study(study: Study) -> dict[str, Any]:
    """A study as values that do not depend on where its files are."""
    # Decisions are told by their content alone: a run keeps a copy of its own.
    values = study.model_dump(
        mode="json", exclude={"parameters", "publication", "decisions", "previous"}
    )
    values["plan"] = Path(study.plan).name if study.plan.endswith(".toml") else study.plan
    for source in values["sources"]:
        source["file"] = Path(source["file"]).name
    return values


def plain_parameters(study: Study) -> dict[str, Any]:
    """Parameters of a study and what may be published; a model folder by its name only."""
    values = study.parameters.model_dump()
    published = study.publication.model_dump(mode="json")
    return (
        values
        | {"encoder": Path(values["encoder"]).name if values["encoder"] else None}
        | {f"publication_{name}": value for name, value in published.items()}
    )


def hash_dictionaries(study: Study, folder: Path) -> list[dict[str, str]]:
    """Name and hash of every dictionary that a run of this study reads."""
    shipped = dictionaries_folder()
    plan = find_plan(study.plan, folder)
    paths = [
        *(shipped / name for name in SHARED_DICTIONARIES),
        plan,
        plan.with_suffix(".rules.toml"),
        examples_path(plan),
    ]
    encoder = study_encoder(study.parameters.encoder, folder)
    models = (
        [
            {
                "file": f"encoder {encoder.name} ({encoder.version}, {encoder.prefix})",
                "sha256": encoder.fingerprint,
            }
        ]
        if encoder
        else []
    )
    return models + [
        {
            "file": path.relative_to(shipped).as_posix()
            if path.is_relative_to(shipped)
            else path.name,
            "sha256": hash_file(path),
        }
        for path in paths
        if path.is_file()
    ]


def hash_decisions(content: bytes | None) -> list[dict[str, str]]:
    """Name and hash of the reviewers' decisions that a run applies.

    Parameters
    ----------
    content
        What :func:`pipeline.decision_input.read_decisions` gives.
    """
    if content is None:
        return []
    return [{"file": DECISIONS, "sha256": hashlib.sha256(content).hexdigest()}]


def hash_previous(content: bytes) -> dict[str, str]:
    """Name and hash of what a run keeps of the run before."""
    return {"file": PREVIOUS, "sha256": hashlib.sha256(content).hexdigest()}


def current_versions() -> dict[str, str]:
    """Versions of Python and of the libraries that a result depends on."""
    return {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}


def count_ledger(tables: Mapping[str, pd.DataFrame]) -> dict[str, int]:
    """Where every answer went.

    Raises
    ------
    KadaiError
        An answer is neither in an opinion nor set aside: a mistake in the program.
    """
    answers = tables["answers"]["answer_id"]
    opinions, set_aside = tables["opinions"], tables["set_aside"]
    said = among(answers, opinions["answer_id"])
    aside = among(answers, set_aside["answer_id"]) & ~said
    if lost := answers[~said & ~aside].tolist():
        raise KadaiError(
            f"{len(lost)}件の回答の行き先が分かりません（{'、'.join(sorted(lost)[:5])}）。",
            remedy="プログラムの誤りです。結果は保存していません。入力ファイルとともに開発元へお知らせください。",
        )
    return {
        "answers": len(answers),
        "answers_with_opinions": int(said.sum()),
        "answers_set_aside": int(aside.sum()),
        "opinions": len(opinions),
        "distinct_opinions": int((opinions["duplicate_of"] == "").sum()),
        "set_aside_pieces": len(set_aside),
    }


def build_manifest(
    provenance: Provenance, tables: Mapping[str, pd.DataFrame], method: Mapping[str, object]
) -> dict[str, Any]:
    """Manifest of a run; hashes of the files that it wrote are added when they are written."""
    before = {"previous": dict(provenance.previous)} if provenance.previous else {}
    return before | {
        "format": FORMAT,
        "kadai_version": __version__,
        "run_id": provenance.run_id,
        "study": provenance.study,
        "inputs": provenance.inputs,
        "dictionaries": provenance.dictionaries,
        "decisions": provenance.decisions,
        "parameters": provenance.parameters,
        "versions": provenance.versions,
        "method": dict(sorted(method.items())),
        "ledger": count_ledger(tables),
        "tables": {},
        "outputs": {},
    }


def load_manifest(run: Path) -> dict[str, Any]:
    """Read the manifest of a run folder.

    Raises
    ------
    InputError
        The folder is no run of Kadai, or its manifest is damaged.
    """
    path = run / "manifest.json"
    check_plain(path)
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(
            "結果フォルダーの記録（manifest.json）を読めません。",
            at=Location(file=f"{run.name}/manifest.json"),
            remedy=("" if run.is_dir() else f"「{run.name}」というフォルダーがありません。")
            + "kadai run が作ったフォルダーを指定してください。",
        ) from error
    if isinstance(manifest, dict) and not manifest.keys() >= _SECTIONS:
        raise InputError(
            "結果フォルダーの記録（manifest.json）が欠けています。",
            at=Location(file=f"{run.name}/manifest.json"),
            remedy="kadai run でもう一度結果を作ってください。",
        )
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise InputError(
            "この結果フォルダーは、別の版の Kadai で作られています。",
            at=Location(file=f"{run.name}/manifest.json"),
            remedy="作ったときと同じ版の Kadai を使ってください。",
        )
    return manifest


def dump_manifest(manifest: Mapping[str, Any]) -> str:
    """Manifest as text, the same for the same values."""
    return json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def hash_file(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal.

    Raises
    ------
    InputError
        It cannot be opened.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(
            "ファイルを開けません。",
            at=Location(file=path.name),
            remedy="ファイルの場所と名前を確かめ、Excel などで開いていれば閉じてください。",
        ) from error
