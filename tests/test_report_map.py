"""The map and the network in the report: all of it can be reached, read and made again."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from pipeline import tables as table_shapes
from pipeline.layout import WIDTH, lay_out
from pipeline.lookups import goal_labels
from pipeline.report import context
from pipeline.report.html import render_report
from pipeline.report.map_labels import label_text
from pipeline.report.network import DRAWN, build_network
from pipeline.report.opinion_map import (
    COLOURS,
    OpinionMap,
    build_map,
    colours,
)
from tests.report_fixture import (
    REJECTED_ISSUE,
    make_manifest,
    make_plan,
    make_study,
    make_tables,
    shaped,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

LABELS = goal_labels(make_plan())
MANIFEST = {"method": {"map_fidelity": 0.62}}

Tables = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def tables() -> Tables:
    return make_tables()


@pytest.fixture(scope="module")
def document(tables: Tables) -> str:
    manifest = make_manifest(tables) | MANIFEST
    return render_report(tables, make_plan(), make_study(), manifest)


@pytest.fixture(scope="module")
def drawn(tables: Tables) -> OpinionMap:
    return build_map(tables, LABELS, MANIFEST)


def section(document: str, name: str) -> str:
    return document.partition(f'<section id="{name}"')[2].partition("</section>")[0]


def picture(document: str, name: str) -> ET.Element:
    """The SVG of a section, read as XML."""
    part = section(document, name)
    found = re.search(rf'<svg class="{name}".*?</svg>', part, re.DOTALL)
    assert found
    return ET.fromstring(found.group())


def places(path: str) -> Iterator[tuple[float, float]]:
    """Points of the path of an island."""
    x = y = 0.0
    for across, down in re.findall(r"m(-?[\d.]+)(?: |(?=-))(-?[\d.]+)h0", path):
        x, y = x + float(across), y + float(down)
        yield x, y


def test_every_issue_is_an_island_that_leads_to_it_largest_first(
    tables: Tables, document: str
) -> None:
    links = picture(document, "map").findall("a")
    issues = tables["issues"].sort_values(["n_opinions", "issue_id"], ascending=[False, True])
    assert [link.get("href") for link in links] == [f"#{own}" for own in issues["issue_id"]]


def test_an_island_says_its_title_its_size_and_its_goal(tables: Tables, document: str) -> None:
    said = {link.get("href"): link for link in picture(document, "map").findall("a")}
    for row in tables["issues"].to_dict("records"):
        link = said[f"#{row['issue_id']}"]
        text = link.get("aria-label") or ""
        assert text == link.findtext("title")
        assert row["title"] in text
        assert f"意見{row['n_opinions']}件" in text
        assert LABELS.get(row["goal_id"], "どの基本目標にも当てはまらない") in text
    rejected = said[f"#{REJECTED_ISSUE}"].get("aria-label") or ""
    assert "取り上げないとした課題" in rejected


def test_every_opinion_is_one_point(tables: Tables, drawn: OpinionMap) -> None:
    paths = [island.points for island in drawn.islands] + [path for _, path in drawn.shore]
    found = [place for path in paths for place in places(path)]
    opinions = tables["opinions"].merge(
        tables["layout"], left_on="opinion_id", right_on="target_id"
    )
    meant = zip(opinions["x"], opinions["y"], strict=True)
    assert sorted((round(x, 1), round(y, 1)) for x, y in found) == sorted(
        (round(10 * x) / 10, round(10 * y) / 10) for x, y in meant
    )
    assert drawn.n_points == drawn.n_opinions == len(opinions)
    assert not drawn.is_sample


def test_colour_is_never_alone(drawn: OpinionMap) -> None:
    for island in drawn.islands:
        assert (island.badge is None) == (island.colour == "g0")
        if island.badge:
            assert island.goal.startswith(f"{island.badge.text} ")


def test_labels_lie_inside_the_picture_and_beside_each_other(drawn: OpinionMap) -> None:
    boxes = []
    for island in drawn.islands:
        assert "".join(line.text for line in island.label)
        wide = max(2 * len(line.text) for line in island.label) * 15 / 2 / 2
        top, bottom = island.label[0].y - 9, island.label[-1].y + 9
        boxes.append((island.x - wide, top, island.x + wide, bottom, island.label))
    titled = [box for box in boxes if not box[4][0].text.isdigit()]
    assert titled
    for number, one in enumerate(titled):
        assert one[0] >= -1
        assert one[2] <= WIDTH + 1
        for other in titled[:number]:
            apart = one[0] >= other[2] or other[0] >= one[2]
            assert apart or one[1] >= other[3] or other[1] >= one[3]


def test_the_nearest_issues_stand_in_a_table(tables: Tables, document: str) -> None:
    text = section(document, "map")
    titles = dict(zip(tables["issues"]["issue_id"], tables["issues"]["title"], strict=True))
    for near in tables["near_issues"].to_dict("records"):
        assert f'<a href="#{near["near_issue_id"]}"><bdi>{titles[near["near_issue_id"]]}' in text
        assert f"（{near['similarity']:.2f}）" in text


def test_the_map_is_said_to_be_a_view_and_how_true_it_is(document: str) -> None:
    text = section(document, "map")
    assert "1つの見方です" in text
    assert "この図から決めたものではありません" in text
    assert "順位相関で0.62です" in text


def test_a_run_that_has_no_figure_for_the_map_says_none(tables: Tables) -> None:
    for manifest in ({}, {"method": {"map_fidelity": None}}):
        assert build_map(tables, LABELS, manifest).fidelity == ""
        assert "順位相関" not in render_report(tables, make_plan(), make_study(), manifest)


def test_a_large_run_draws_a_sample_and_says_so(
    tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = build_map(tables, LABELS, MANIFEST, most=40)
    assert (some.n_points, some.is_sample) == (40, True)
    paths = [island.points for island in some.islands] + [path for _, path in some.shore]
    assert sum(path.count("h0") for path in paths) == 40
    every = build_map(tables, LABELS, MANIFEST)
    assert [one.radius for one in some.islands] == [one.radius for one in every.islands]
    monkeypatch.setattr(context, "LARGE_RUN", 50)
    monkeypatch.setattr(context, "MOST_POINTS", 40)
    shown = section(render_report(tables, make_plan(), make_study(), {}), "map")
    assert "40件を点にしました" in shown


def test_a_plan_of_many_goals_uses_the_colours_again() -> None:
    made = colours({str(number): f"{number} 目標" for number in range(1, 9)})
    assert made["1"] == made["7"] == "g1"
    assert made[""] == "g0"
    assert set(made.values()) == {f"g{number}" for number in range(COLOURS + 1)}


def test_a_label_holds_nothing_that_turns_its_direction_and_is_cut() -> None:
    assert label_text("道路が\u202e暗い\n夜", 9) == "道路が暗い 夜"
    assert label_text("長" * 30, 5) == "長長長長…"


def test_5000_opinions_are_drawn_in_80_kilobytes() -> None:
    chance = np.random.default_rng(2)
    issues = np.where(chance.random(5000) < 0.1, 0, chance.integers(1, 71, 5000))
    names = [f"I{own:03d}" if own else "" for own in issues]
    opinions = pd.DataFrame(
        {
            "opinion_id": [f"O{number:05d}" for number in range(5000)],
            "issue_id": names,
            "issue_strength": chance.random(5000).round(3),
            "goal_id": "",
        }
    )
    vectors = chance.normal(size=(5000, 20))
    layout = lay_out(opinions, vectors / np.sqrt((vectors**2).sum(axis=1))[:, None], names)
    sizes = opinions[opinions["issue_id"] != ""]["issue_id"].value_counts()
    rows = pd.DataFrame({"issue_id": sizes.index, "n_opinions": sizes.to_numpy()})
    issues_table = rows.assign(title="課題", goal_id="", status="")
    given = {
        "opinions": opinions, "issues": issues_table, "layout": layout.layout,
        "near_issues": layout.near,
    }  # fmt: skip
    started = time.process_time()
    drawn = build_map(given, LABELS, {})
    assert time.process_time() - started < 2  # far above what it takes on a free machine
    paths = [island.points for island in drawn.islands] + [path for _, path in drawn.shore]
    assert sum(map(len, paths)) < 80_000


def test_every_word_of_the_network_leads_to_its_row(tables: Tables, document: str) -> None:
    text = section(document, "network")
    nodes = picture(document, "network").findall("a")
    assert len(nodes) == len(tables["words"])
    for node in nodes:
        anchor = (node.get("href") or "").removeprefix("#")
        assert text.count(f'id="{anchor}"') == 1
        word = (node.get("aria-label") or "").partition("：")[0]
        row = text.partition(f'id="{anchor}"')[2]
        assert row.startswith(f"><bdi>{word.replace('<', '&lt;').replace('>', '&gt;')}</bdi>")
        assert node.get("aria-label") == node.findtext("title")


def test_a_word_says_its_opinions_and_its_partners_the_strongest_first(document: str) -> None:
    said = [node.get("aria-label") for node in picture(document, "network").findall("a")]
    assert said[0] == "バス：意見40件。つながる語：便数（0.40）、道路（0.10）"


def test_links_stand_in_a_table_the_strongest_first(tables: Tables) -> None:
    made = build_network(tables)
    assert [row.jaccard for row in made.rows] == ["0.40", "0.30", "0.20", "0.10", "0.05"]
    assert len(made.edges) == len(made.rows)
    assert made.edges[0].width > made.edges[-1].width


def test_the_thresholds_of_the_network_are_said(document: str) -> None:
    text = section(document, "network")
    assert "5件以上の意見に出て、3人以上が使った言葉" in text
    assert "異なる文面3つ以上、3人以上に共通するもの" in text
    assert "多い順に150語まで" in text


def many(n_words: int, seed: int) -> Tables:
    """A network of many words and links, some of them in parts of their own."""
    chance = np.random.default_rng(seed)
    names = [f"語{number:02d}" + "長" * int(chance.integers(0, 8)) for number in range(n_words)]
    counted = {"pos": "名詞", "n_distinct": 5, "n_respondents": 4}
    words = [counted | {"word": own, "shown": own, "n_opinions": 9} for own in names]
    both = {"n_opinions": 6, "n_distinct": 5, "n_respondents": 4, "npmi": 0.5}
    pairs = {tuple(sorted(chance.choice(names, 2, replace=False))) for _ in range(2 * DRAWN)}
    links = [
        both | {"word_1": one, "word_2": two, "jaccard": round(chance.random(), 2)}
        for one, two in sorted(pairs)
    ]
    return {
        "words": shaped("words", pd.DataFrame(words)),
        "word_links": shaped("word_links", pd.DataFrame(links)),
    }


@pytest.mark.parametrize(("n_words", "seed"), [(2, 0), (5, 1), (20, 2), (60, 3), (100, 4)])
def test_no_word_of_the_network_covers_another(n_words: int, seed: int) -> None:
    made = build_network(many(n_words, seed))
    assert 0 < len(made.rows) <= DRAWN
    for number, one in enumerate(made.nodes):
        assert 0 <= one.x <= made.width
        assert 0 <= one.y <= made.height
        for other in made.nodes[:number]:
            wide = (len(one.label) + len(other.label)) * 15 / 4
            tall = max(one.radius + other.radius, 18)
            assert abs(one.x - other.x) >= wide or abs(one.y - other.y) >= tall


def test_the_network_is_the_same_whatever_the_order_of_its_rows() -> None:
    given = many(60, 5)
    shuffled = {name: table.sample(frac=1, random_state=1) for name, table in given.items()}
    assert build_network(given) == build_network(shuffled)


def test_without_issues_or_links_the_sections_say_so() -> None:
    nothing = {name: table_shapes.empty(name) for name in table_shapes.SCHEMAS}
    shown = render_report(nothing, make_plan(), make_study(), {})
    assert "課題がないため、地図はありません" in section(shown, "map")
    assert "図はありません" in section(shown, "network")


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [own / 12.92 if own <= 0.04045 else ((own + 0.055) / 1.055) ** 2.4 for own in parts]
    return sum(weight * own for weight, own in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_colours_of_goals_can_be_seen_on_every_ground(document: str) -> None:
    style = document.partition("<style>")[2].partition("</style>")[0]
    schemes = [
        dict(re.findall(r"(--\w+): (#[0-9a-f]{6})", block))
        for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    ]
    grounds = [scheme for scheme in schemes if "--paper" in scheme and "--track" in scheme]
    marks = [scheme for scheme in schemes if "--g0" in scheme]
    assert len(grounds) == len(marks) == 2
    for ground, mark in zip(grounds, marks, strict=True):
        for name in (f"--g{number}" for number in range(COLOURS + 1)):
            for under in ("--paper", "--surface", "--tint"):
                pair = sorted((_luminance(mark[name]), _luminance(ground[under])))
                assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 3, (name, under)
