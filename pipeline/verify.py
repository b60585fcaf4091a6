"""Make a run again from its manifest and say in words whether it is the same."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from pipeline import tables
from pipeline.analysis import run_study
from pipeline.csvfile import read_bytes
from pipeline.engine import open_engine
from pipeline.errors import InputError, Location, NotReproducedError
from pipeline.manifest import (
    PREVIOUS,
    current_versions,
    dump_manifest,
    hash_decisions,
    hash_dictionaries,
    hash_file,
    load_manifest,
    plain_parameters,
    plain_study,
)
from pipeline.study import Study, load_study
from pipeline.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pipeline.progress import Watch

_KEYS: Final = {name: keys[0] for name, keys in tables.SORT_KEYS.items()}


def verify(folder: Path, inputs: Path | None = None, watch: Watch | None = None) -> list[str]:
    """Check a run folder and make the run again.

    Parameters
    ----------
    folder
        The run folder.
    inputs
        Folder of the input files, where they are no longer where the run found
        them.

    Returns
    -------
    list of str
        What was compared, one Japanese line each.

    Raises
    ------
    NotReproducedError
        Something is not as it was; every difference is named.
    InputError
        The folder is no run, or an input file is not to be found.
    """
    folder = folder.absolute()
    if folder.is_file():
        folder = folder.parent  # somebody named the report in it
    manifest = load_manifest(folder)
    study = _study_of(folder, manifest, inputs)
    changed = [
        *_changed_study(study, manifest),
        *_changed_inputs(study, folder, manifest),
        *_changed_dictionaries(study, folder, manifest),
        *_changed_decisions(study, folder, manifest),
        *_changed_previous(study, folder, manifest),
        *_changed_versions(manifest),
    ]
    damaged = _damaged_files(folder, manifest)
    with tempfile.TemporaryDirectory(prefix="kadai-verify-") as scratch:
        try:
            with open_engine() as engine:  # nothing that an earlier run kept is taken over
                again = run_study(
                    study,
                    folder,
                    Path(scratch) / "run",
                    keep_raw=bool(manifest["parameters"].get("raw_text", True)),
                    watch=watch,
                    engine=engine,
                )
        except InputError as error:
            if not changed:
                raise
            # What was changed is why it cannot be run: say both.
            differences = [f"もう一度実行することもできません。{error.problem}"]
        else:
            differences = _differences(folder, again, damaged)
            if not changed and not differences:
                differences = _other_differences(folder, again, manifest)
    if changed or differences:
        raise NotReproducedError(
            "同じ結果になりませんでした。\n"
            + "\n".join(f"  - {line}" for line in [*changed, *differences]),
            at=Location(file=folder.name),
            remedy="変わったファイルを元に戻すか、kadai run で新しい結果を作ってください。",
        )
    ledger = manifest["ledger"]
    return [
        (
            f"入力 {len(manifest['inputs'])}個、辞書 {len(manifest['dictionaries'])}個、"
            f"版 {len(manifest['versions'])}個は、実行したときと同じです。"
        ),
        (
            f"もう一度実行し、表 {len(manifest['tables'])}個、"
            f"{'・'.join(sorted(manifest['outputs']))} が1バイトも違わないことを確かめました。"
        ),
        (
            f"回答 {ledger['answers']:,}件 = 意見のある回答 {ledger['answers_with_opinions']:,}件"
            f" + 取り上げなかった回答 {ledger['answers_set_aside']:,}件。"
        ),
    ]


def changed_since(study: Study, folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    """What texts are read with and what is other than when a run was made, one line each.

    Parameters
    ----------
    study, folder
        Study of the run, and the run folder.
    """
    return [*_changed_dictionaries(study, folder, manifest), *_changed_versions(manifest)]


def _study_of(folder: Path, manifest: Mapping[str, Any], inputs: Path | None) -> Study:
    """Study of the run, its files found."""
    study = load_study(folder / "study.toml")
    if study.decisions is not None and not (folder / study.decisions).is_file():
        raise NotReproducedError(
            "人の判断の写し（decisions.csv）が結果のフォルダーにないため、もう一度実行できません。",
            at=Location(file=folder.name),
            remedy="写しを元に戻すか、kadai run で新しい結果を作ってください。",
        )
    if study.previous is not None and not (folder / study.previous).is_file():
        raise NotReproducedError(
            f"前回の結果の要約（{PREVIOUS}）が結果のフォルダーにないため、もう一度実行できません。",
            at=Location(file=folder.name),
            remedy="要約を元に戻すか、kadai run で新しい結果を作ってください。",
        )
    sources = []
    for source in study.sources:
        name = Path(source.file).name
        wanted = next(
            (one["sha256"] for one in manifest["inputs"] if one["source_id"] == source.id), "不明"
        )
        found = _moved(name, inputs.absolute(), wanted) if inputs else folder / source.file
        if not found.is_file():
            raise InputError(
                f"入力ファイル「{name}」が見つからないため、もう一度実行できません。",
                at=Location(file=str(found)),
                remedy="入力ファイルのあるフォルダーを --inputs で指定してください"
                f"（SHA-256 が {wanted[:12]}… のファイルです）。",
            )
        # Windows: a path on another drive stays absolute.
        sources.append(source.model_copy(update={"file": str(found)}))
    return study.model_copy(update={"sources": tuple(sources)})


def _moved(name: str, folder: Path, wanted: str) -> Path:
    """File of this name in or below a folder, the one with the wanted content first."""
    found = sorted(path for path in folder.rglob(name) if path.is_file())
    return next((path for path in found if hash_file(path) == wanted), folder / name)


def _changed_study(study: Study, manifest: Mapping[str, Any]) -> list[str]:
    now, then = plain_study(study), manifest["study"]
    parameters = plain_parameters(study)
    changed = [key for key in sorted(now) if now[key] != then.get(key)]
    changed += [key for key in parameters if parameters[key] != manifest["parameters"].get(key)]
    return [f"調査ファイル study.toml の「{key}」が、実行したときと違います。" for key in changed]


def _changed_inputs(study: Study, folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    lines = []
    then = {one["source_id"]: one for one in manifest["inputs"]}
    for source in study.sources:
        recorded = then.get(source.id)
        path = folder / source.file
        if recorded is None:
            lines.append(f"入力ファイル「{path.name}」は、実行したときにはありませんでした。")
        elif hash_file(path) != recorded["sha256"]:
            lines.append(
                f"入力ファイル「{path.name}」の中身が、実行したときと違います"
                f"（{recorded['bytes']:,}バイト → {path.stat().st_size:,}バイト、"
                f"SHA-256 {recorded['sha256'][:12]}… → {hash_file(path)[:12]}…）。"
            )
    return lines


def _changed_dictionaries(study: Study, folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    now = {one["file"]: one["sha256"] for one in hash_dictionaries(study, folder)}
    then = {one["file"]: one["sha256"] for one in manifest["dictionaries"]}
    lines = []
    for name in sorted(now | then):
        if name not in now:
            lines.append(f"辞書「{name}」がありません。")
        elif name not in then:
            lines.append(f"辞書「{name}」は、実行したときにはありませんでした。")
        elif now[name] != then[name]:
            lines.append(
                f"辞書「{name}」の中身が、実行したときと違います"
                f"（SHA-256 {then[name][:12]}… → {now[name][:12]}…）。"
            )
    return lines


def _changed_decisions(study: Study, folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    content = read_bytes(folder / study.decisions, "判断の記録") if study.decisions else None
    if hash_decisions(content) == manifest["decisions"]:
        return []
    return ["人の判断の記録（decisions.csv）が、実行したときと違います。"]


def _changed_previous(study: Study, folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    then = manifest.get("previous", {}).get("sha256", "")
    place = folder / study.previous if study.previous else None
    now = hash_file(place) if place and place.is_file() else ""
    if now == then:
        return []
    return [f"前回の結果の要約（{PREVIOUS}）が、実行したときと違います。"]


def _changed_versions(manifest: Mapping[str, Any]) -> list[str]:
    now = {"kadai": __version__, **current_versions()}
    then = {"kadai": manifest["kadai_version"], **manifest["versions"]}
    return [
        f"{name} の版が違います（実行したとき {then.get(name, 'なし')} → 今 {now.get(name, 'なし')}）。"
        for name in sorted(now | then)
        if now.get(name) != then.get(name)
    ]


def _damaged_files(folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    """Files of the run folder that are not as the manifest says."""
    recorded = {f"tables/{name}": one["sha256"] for name, one in manifest["tables"].items()}
    recorded |= {name: one["sha256"] for name, one in manifest["outputs"].items()}
    return [
        name
        for name, wanted in sorted(recorded.items())
        if not (folder / name).is_file() or hash_file(folder / name) != wanted
    ]


def _differences(folder: Path, again: Path, damaged: Iterable[str]) -> list[str]:
    lines = []
    for name in damaged:
        if not (folder / name).is_file():
            lines.append(f"{name} がありません。")
        elif name == "review.xlsx":
            lines.append(f"{name} は作られたあとに書き換えられています（確認の記入など）。")
        elif name.startswith("tables/"):
            lines.append(
                f"{name} は作られたあとに書き換えられています。{_where(folder, again, name)}"
            )
        else:
            lines.append(f"{name} は作られたあとに書き換えられています。")
    for name in tables.SCHEMAS:
        stored = f"tables/{name}.csv"
        if stored not in lines and (folder / stored).is_file():
            same = (folder / stored).read_bytes() == (again / stored).read_bytes()
            if not same and not any(line.startswith(stored) for line in lines):
                lines.append(
                    f"{stored} が、もう一度実行した結果と違います。{_where(folder, again, stored)}"
                )
    return lines


def _other_differences(folder: Path, again: Path, manifest: Mapping[str, Any]) -> list[str]:
    """What is left to compare where all tables agree: the files made of them."""
    for name in sorted(manifest["outputs"]):
        if hash_file(again / name) != manifest["outputs"][name]["sha256"]:
            return [f"{name} が、もう一度実行した結果と違います。"]
    if dump_manifest(load_manifest(again)) != (folder / "manifest.json").read_text("utf-8"):
        return ["manifest.json が、もう一度実行した結果と違います。"]
    return []


def _where(folder: Path, again: Path, name: str) -> str:
    """First difference between the stored and the new form of a table, in words."""
    try:
        old, new = _read(folder / name), _read(again / name)
    except (ValueError, OSError):
        return "表として読めません。"
    if list(old.columns) != list(new.columns):
        apart = sorted(set(old.columns) ^ set(new.columns)) or list(new.columns)
        return f"列が違います（{'、'.join(apart)}）。"
    key = _KEYS[Path(name).stem]
    place = list(old.columns).index(key)
    columns = [str(column) for column in old.columns]
    pairs = zip(old.itertuples(index=False), new.itertuples(index=False), strict=False)
    for row, (before, now) in enumerate(pairs, start=2):
        for column, stored, made in zip(columns, before, now, strict=True):
            if str(stored) != str(made):
                return (
                    f"最初の違いは {row}行目（{key} {before[place]}）の「{column}」: "
                    f"保存されている値「{_short(str(stored))}」、再実行の値「{_short(str(made))}」。"
                )
    if len(old) != len(new):
        return f"行の数が違います（保存 {len(old):,}行、再実行 {len(new):,}行）。"
    return "値は同じですが、ファイルの書き方が違います。"


def _read(path: Path) -> pd.DataFrame:
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")


def _short(value: str) -> str:
    return value if len(value) <= 40 else value[:40] + "…"
