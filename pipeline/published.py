"""What of a study counts as sensitive, told before the run: it is guessed from words."""

from __future__ import annotations

import tomllib
from pathlib import PurePath
from typing import TYPE_CHECKING

from pipeline.disclosure import Policy, policy_of
from pipeline.findings import Finding
from pipeline.findings.facts import toml_text
from pipeline.resources import dictionaries_folder
from pipeline.tables import ATTRIBUTE_PREFIX
from pipeline.wording import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from pipeline.study import Study

SUBJECT = "公表の決まり"
"""Subject of what is written into ``[publication]`` and fits nothing."""


def publication_findings(study: Study, answers: pd.DataFrame) -> list[Finding]:
    """Attributes that are taken as sensitive, and names in ``[publication]`` that fit nothing.

    Parameters
    ----------
    study
        With everything filled in.
    answers
        ``source_id`` and the columns ``attr_…``.
    """
    policy = policy_of(study.publication)
    values = {
        clean(column.removeprefix(ATTRIBUTE_PREFIX)): column
        for column in answers.columns
        if column.startswith(ATTRIBUTE_PREFIX)
    }
    files = {source.id: PurePath(source.file).name for source in study.sources}
    guessed: dict[str, list[str]] = {}
    for name, column in values.items():
        asked = answers[answers[column].str.strip() != ""]
        told = name in policy.sensitive
        if told or not policy.is_sensitive_attribute(name, sorted(set(asked[column].map(clean)))):
            continue
        for file in dict.fromkeys(files[own] for own in sorted(set(asked["source_id"]))):
            guessed.setdefault(file, []).append(name)
    found = [_sensitive(file, names, policy) for file, names in guessed.items()]
    return found + [_unknown(name) for name in _unknown_names(study, values)]


def _sensitive(file: str, names: Sequence[str], policy: Policy) -> Finding:
    return Finding(
        file,
        None,
        f"属性{''.join(f'「{name}」' for name in names)}",
        "配慮のいる項目",
        "障害・病気・介護・生活の困りごとの言葉があります。"
        f"人数の表では、{policy.least(is_sensitive=True)}人に満たない数を示しません"
        f"（ほかの項目では、{policy.threshold}人）。",
        doubt=True,
        remedy="そうでないものがあれば、調査ファイルのいちばん下に次の行を書きます。",
        lines=("[publication]", f"not_sensitive = [{', '.join(map(toml_text, names))}]"),
        passes=True,
    )


def _unknown(name: str) -> Finding:
    return Finding(
        "調査ファイル",
        None,
        f"{SUBJECT}の「{name}」",
        "使いません",
        "この名前の属性も、概念辞書の見出しもありません。",
        doubt=True,
        remedy="課題の題なら、このままでかまいません。属性や見出しなら、名前を直します。",
    )


def _unknown_names(study: Study, attributes: Iterable[str]) -> list[str]:
    named = [*study.publication.sensitive, *study.publication.not_sensitive]
    if not named:
        return []
    text = (dictionaries_folder() / "concepts.toml").read_text(encoding="utf-8")
    known = {*attributes, *(own["name"] for own in tomllib.loads(text)["concepts"])}
    return [name for name in named if name not in known]
