"""The ledger of a reading laid out for a terminal, and what will not be published of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.disclosure.policy import policy_of
from pipeline.findings.textline import cut, one_line
from pipeline.reckoning import file_of
from pipeline.tables import ATTRIBUTE_PREFIX
from pipeline.textlayout import GAP, pad, width_of, wrap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from pipeline.reckoning import Place, Reckoning
    from pipeline.study import Study

_SHOWN_REASONS: Final = 4


def reckoning_lines(study: Study, reckoning: Reckoning, width: int) -> list[str]:
    """Lines of the ledger for a terminal of this width."""
    rows = [
        (place.question, *(f"{number:,}" for number in _sums(reckoning, place)))
        for place in reckoning.filled
    ]
    total = ("合計", *(f"{number:,}" for number in _totals(reckoning)))
    head = ("", "空でない", "読む", "対象外")
    wide = [max(width_of(row[place]) for row in (head, total, *rows)) for place in (1, 2, 3)]
    longest = max(width_of(row[0]) for row in (total, *rows))
    name = min(longest, max(width - 3 * len(GAP) - sum(wide) - 2 * len(GAP), 20))
    lines = ["■ 空でないセルの行き先（1つも落としません）", _row(head, name, wide)]
    shown = ""
    for place, row in zip(reckoning.filled, rows, strict=True):
        if place.source_id != shown:
            shown = place.source_id
            lines += [GAP + line for line in wrap(_source_of(study, shown), width - len(GAP))]
        lines.append(_row(row, name, wide))
    if len(rows) > 1:
        lines += [f"{2 * GAP}{'-' * (name + sum(wide) + 3 * len(GAP))}", _row(total, name, wide)]
    parts = "".join(f" + {reason} {n:,}" for reason, n in reckoning.by_reason.items())
    said = [f"空でないセル {reckoning.n_filled:,} = 読む {reckoning.n_read:,}{parts}"]
    return [*lines, "", *(GAP + line for text in [*said, *_foreseen(reckoning)]
                          for line in wrap(text, width - len(GAP)))]  # fmt: skip


def publication_lines(study: Study, answers: pd.DataFrame, width: int) -> list[str]:
    """Say below which number of people nothing is published, and of which attributes more.

    Parameters
    ----------
    answers
        With the attributes of their writers, ``attr_<name>``.
    """
    policy = policy_of(study.publication)
    names = [
        column.removeprefix(ATTRIBUTE_PREFIX)
        for column in answers.columns
        if column.startswith(ATTRIBUTE_PREFIX)
        and policy.is_sensitive_attribute(
            column.removeprefix(ATTRIBUTE_PREFIX), sorted(set(answers[column]))
        )
    ]
    if not any(column.startswith(ATTRIBUTE_PREFIX) for column in answers.columns):
        return []
    more = policy.least(is_sensitive=True)
    said = f"属性ごとの数は、{policy.threshold}人に満たないと公表しません"
    if names:
        listed = "".join(f"「{one_line(name)}」" for name in names)
        said += f"。障害・健康などの{listed}は、{more}人に満たないと公表しません"
    else:
        said += f"（障害・健康などの属性なら{more}人。この調査にはありません）"
    said += "。調査ファイルの publication で変えられます。"
    return [GAP + line for line in wrap(said, width - len(GAP))]


def _foreseen(reckoning: Reckoning) -> list[str]:
    """What ``kadai run`` will set aside and mask among the cells that are read."""
    all_of_them = reckoning.n_closely == reckoning.n_read
    among = "読むもの" if all_of_them else f"抜き出した {reckoning.n_closely:,}件"
    silent = sum(reckoning.silent.values())
    said = [f"{among}のうち、何も言っていない回答: {silent:,}件{_listed(reckoning.silent)}"]
    labels = {f"［{label}］": number for label, number in reckoning.personal.items()}
    said.append(f"{among}のうち、個人情報を伏せる回答: {reckoning.n_personal:,}件{_listed(labels)}")
    return said


def _listed(counts: Mapping[str, int]) -> str:
    listed = [f"{name} {number:,}件" for name, number in counts.items()]
    more = "など" if listed[_SHOWN_REASONS:] else ""
    return f"（{'、'.join(listed[:_SHOWN_REASONS])}{more}）" if listed else ""


def _sums(reckoning: Reckoning, place: Place) -> tuple[int, int, int]:
    aside = sum(reckoning.aside[place].values())
    return reckoning.filled[place], reckoning.filled[place] - aside, aside


def _totals(reckoning: Reckoning) -> tuple[int, int, int]:
    return reckoning.n_filled, reckoning.n_read, reckoning.n_filled - reckoning.n_read


def _source_of(study: Study, source_id: str) -> str:
    source = next(own for own in study.sources if own.id == source_id)
    sheet = f" シート「{source.sheet}」" if source.sheet else ""
    return one_line(f"{source_id}: {file_of(source)}{sheet}")


def _row(row: Sequence[str], name: int, wide: Sequence[int]) -> str:
    said = one_line(row[0])
    said = cut(said, name, tail=" ― " in said)
    numbers = [" " * (own - width_of(text)) + text for text, own in zip(row[1:], wide, strict=True)]
    return GAP.join(["", "", pad(said, name), *numbers])
