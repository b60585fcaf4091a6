"""A made-up survey with a rare age, a mark of disability, and issues of care and of buses.

Nothing here was written by a resident. Everything follows from a seed.
"""

from __future__ import annotations

import csv
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

AGES = ("若草世代", "青葉世代", "紅葉世代", "白雪世代")
MARKS = ("手帳あり", "手帳なし")
PLACES = ("川べり地区", "丘の上地区", "駅うら地区")
"""Values that no resident writes: where they stand, an attribute stands."""

_TOPICS = (
    (("バスの本数が少なくて困る", "バスが一日に三本しかない", "バス停が遠くて乗れない"), 8),
    (("公園の遊具が古い", "公園に木陰がほしい", "公園を広くしてほしい"), 6),
    (("道路に穴があいている", "道路の舗装を直してほしい", "道路がでこぼこで危ない"), 6),
    (("障がい者が働く場所がほしい", "障害のある人への支援が足りない", "障がい者の居場所がない"), 4),
    (("認知症の母のことが心配", "認知症の人が集まれる場がほしい", "認知症になったときが不安"), 2),
    (("ごみの分別が分かりにくい", "ごみの収集日を増やしてほしい", "ごみ出しが大変だ"), 3),
)


def write_survey(path: Path, seed: int = 1, n_people: int = 420) -> Path:
    """Write a table of answers: two columns of text, three attributes."""
    chance = random.Random(seed)
    rows = [["回答番号", "年代", "障害者手帳", "地区", "ご意見", "そのほか"]]
    for number in range(1, n_people + 1):
        texts = []
        for turn in range(2):
            said = chance.choices(_TOPICS, [weight for _, weight in _TOPICS])[0][0]
            texts.append(f"{number * 2 + turn}年住んでいますが、{chance.choice(said)}")
        rows.append(
            [
                str(number),
                chance.choices(AGES, (40, 40, 30, 2))[0],
                chance.choices(MARKS, (25, 75))[0],
                chance.choices(PLACES, (50, 40, 10))[0],
                texts[0],
                texts[1] if chance.random() < 0.5 else "",
            ]
        )
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def write_study(folder: Path, name: str, publication: str = "", previous: str = "") -> Path:
    """Write a study file for the survey beside it."""
    lines = ['title = "架空の調査"', *([f'previous = "{previous}"'] if previous else [])]
    lines += ["[publication]", publication] if publication else []
    lines += [
        "[[sources]]", 'file = "回答.csv"', 'kind = "survey"', 'text = ["ご意見", "そのほか"]',
        'respondent = "回答番号"',
        'attributes = { 年代 = "年代", 障害者手帳 = "障害者手帳", 地区 = "地区" }',
    ]  # fmt: skip
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def people_behind(
    tables: dict[str, pd.DataFrame], attribute: str
) -> dict[tuple[str, str, str], set[str]]:
    """(table, row, value) → people: everything that could be counted by an attribute."""
    joined = tables["opinions"].merge(tables["answers"], on="answer_id")
    found: dict[tuple[str, str, str], set[str]] = {}
    for kind in ("issue_id", "goal_id"):
        for row, value, person in zip(
            joined[kind], joined[f"attr_{attribute}"], joined["respondent_id"], strict=True
        ):
            found.setdefault((kind, row, value), set()).add(person)
    return found
