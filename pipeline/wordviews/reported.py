"""The report's own tables of an attribute, which a cross table agrees with or stands beside."""

from __future__ import annotations

import difflib
import unicodedata
from typing import TYPE_CHECKING, Final

import numpy as np

from pipeline.attributes import find_attributes
from pipeline.crosstabs import TOO_FEW, TOO_MANY, sensitive_issues, tabulate_attributes
from pipeline.errors import UsageError
from pipeline.tables import ATTRIBUTE_PREFIX, load_table
from pipeline.wording import clean
from pipeline.wordviews.crossed import find_rows
from pipeline.wordviews.crosstable import KINDS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from pipeline.crosstabs import Crosstab
    from pipeline.disclosure import Policy
    from pipeline.wordviews.voices import Voices

KINDS_NAME: Final = "資料の種類"


def find_reported(
    run: Path, answers: pd.DataFrame, name: str, voices: Voices, policy: Policy
) -> tuple[Crosstab, NDArray[np.int64]]:
    """Find the report's tables of an attribute, and the value of every opinion.

    Parameters
    ----------
    answers
        As :func:`pipeline.deidentify.deidentify` gives them.
    name
        Of the attribute, or how it begins.

    Returns
    -------
    tuple
        Tables, and the place of every opinion's value among their columns, or -1.

    Raises
    ------
    UsageError
        There is no such attribute, or it may have no table.
    """
    issues = load_table("issues", run / "tables")
    opinions = voices.opinions
    rejected = sorted(find_rows("issue", run, voices).untested)
    sensitive = sensitive_issues(issues, policy)
    column_of = {
        clean(own.removeprefix(ATTRIBUTE_PREFIX)): own
        for own in answers.columns
        if own.startswith(ATTRIBUTE_PREFIX)
    }
    name = attribute_named(name, list(column_of))

    def tabulated(some: pd.DataFrame) -> tuple[dict[str, Crosstab], dict[str, str]]:
        goal_ids = list(voices.goals)
        made = tabulate_attributes(some, opinions, goal_ids, rejected, policy, sensitive)
        return {own.name: own for own in made.tables}, dict(made.skipped)

    tables, skipped = tabulated(answers)
    if skipped.get(name) == TOO_MANY:  # too many for a report, not for whoever asks for one
        others = [column for own, column in column_of.items() if own != name]
        tables, skipped = tabulated(answers.drop(columns=others))
    if name not in tables:
        raise no_table(name, skipped.get(name, TOO_FEW), tables)
    people = answers.loc[answers["respondent_id"] != "", ["answer_id", "respondent_id"]]
    known = opinions[["answer_id"]].merge(people, on="answer_id", how="left")["respondent_id"]
    fit, _ = find_attributes(answers, set(known.dropna().tolist()), policy)
    attribute = next(own for own in fit if own.name == name)
    code = dict(zip(attribute.people, attribute.codes.tolist(), strict=True))
    column = np.array([code.get(own, -1) for own in known.fillna("").tolist()], dtype=np.int64)
    return tables[name], column


def attribute_named(asked: str, names: Sequence[str]) -> str:
    """Attribute that is meant: its name, or how one name alone begins or ends.

    Raises
    ------
    UsageError
        There is none.
    """
    plain = {unicodedata.normalize("NFKC", own).strip(): own for own in names}
    wanted = unicodedata.normalize("NFKC", asked).strip()
    # Under a heading of several columns a name is long: 「回答者について 年代」.
    close = [
        own
        for key, own in plain.items()
        if wanted and (key.startswith(wanted) or key.endswith(f" {wanted}"))
    ]
    if wanted in plain or len(close) == 1:
        return plain.get(wanted) or close[0]
    near = difflib.get_close_matches(wanted, list(plain), cutoff=0.4)
    known = "、".join([*names, f"{KINDS}（{KINDS_NAME}）"])
    raise UsageError(
        f"属性「{asked}」は、この結果にありません。"
        if wanted
        else "列にする属性が選ばれていません。",
        remedy=f"--columns で選んでください。使えるもの: {known}。"
        + (f"似た名前: {'、'.join(plain[own] for own in near)}。" if near else ""),
    )


def no_table(name: str, reason: str, tables: Collection[str] = ()) -> UsageError:
    """What to say of an attribute that has no table; `tables` are those that have."""
    return UsageError(
        f"「{name}」の表は出せません。{reason}です。",
        remedy=f"ほかの属性を指定してください（表にできるもの: {'、'.join(tables) or 'なし'}）。",
    )
