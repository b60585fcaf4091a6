"""The map: every issue is an island, every opinion a point, and none of it is chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import layout
from pipeline.layout import HEIGHT, NEAR, SHORE, SHORE_END, WIDTH, OpinionMap, lay_out, majorise


def make(sizes: list[int], n_alone: int = 0, seed: int = 0) -> OpinionMap:
    return lay_out(*inputs(sizes, n_alone, seed))


def inputs(
    sizes: list[int], n_alone: int = 0, seed: int = 0
) -> tuple[pd.DataFrame, np.ndarray, list[str]]:
    """Opinions of made-up issues, the vectors of each issue round a direction of its own."""
    chance = np.random.default_rng(seed)
    names = [f"I{number:03d}" for number, size in enumerate(sizes, start=1) for _ in range(size)]
    names += [""] * n_alone
    directions = {name: chance.normal(size=8) for name in sorted(set(names))}
    vectors = np.array([directions[name] + 0.3 * chance.normal(size=8) for name in names])
    vectors = vectors.reshape(len(names), 8)
    vectors /= np.maximum(np.sqrt((vectors**2).sum(axis=1, keepdims=True)), 1e-9)
    opinions = pd.DataFrame(
        {
            "opinion_id": [f"O{number:05d}" for number in range(len(names))],
            "issue_id": names,
            "issue_strength": chance.uniform(size=len(names)).round(2),
        }
    )
    return opinions, np.round(vectors, 5), names


def islands(made: OpinionMap) -> pd.DataFrame:
    return made.layout[made.layout["target_id"].str.startswith("I")].set_index("target_id")


def points(made: OpinionMap) -> pd.DataFrame:
    return made.layout[made.layout["target_id"].str.startswith("O")].set_index("target_id")


@settings(max_examples=20)
@given(st.lists(st.integers(1, 60), max_size=25), st.integers(0, 80), st.integers(0, 5))
def test_islands_lie_in_the_sea_and_none_overlaps_another(
    sizes: list[int], n_alone: int, seed: int
) -> None:
    own = islands(make(sizes, n_alone, seed))
    assert len(own) == len(sizes)
    assert (own["radius"] > 0).all()
    assert (own["x"] - own["radius"] >= 0).all()
    assert (own["x"] + own["radius"] <= WIDTH).all()
    assert (own["y"] - own["radius"] >= 0).all()
    assert (own["y"] + own["radius"] <= HEIGHT).all()
    places = own[["x", "y"]].to_numpy()
    for one in range(len(own)):
        for other in range(one):
            apart = np.hypot(*(places[one] - places[other]))
            assert apart >= own["radius"].iloc[one] + own["radius"].iloc[other] - 0.02


@settings(max_examples=15)
@given(st.lists(st.integers(1, 30), max_size=8), st.integers(0, 300), st.integers(0, 5))
def test_every_opinion_is_a_point_on_its_island_or_on_the_shore(
    sizes: list[int], n_alone: int, seed: int
) -> None:
    opinions, vectors, names = inputs(sizes, n_alone, seed)
    made = lay_out(opinions, vectors, names)
    own, drawn = islands(made), points(made)
    assert sorted(drawn.index) == opinions["opinion_id"].tolist()
    assert (drawn["radius"] == 0).all()
    for opinion_id, issue_id in zip(opinions["opinion_id"], opinions["issue_id"], strict=True):
        x, y = drawn.loc[opinion_id, ["x", "y"]]
        if issue_id:
            centre = own.loc[issue_id]
            assert np.hypot(x - centre["x"], y - centre["y"]) <= centre["radius"]
        else:
            assert 0 <= x <= WIDTH
            assert SHORE <= y <= SHORE_END


@settings(max_examples=20)
@given(st.lists(st.integers(1, 20), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_the_opinions_changes_nothing(sizes: list[int], chance: object) -> None:
    opinions, vectors, names = inputs(sizes, 7)
    order = list(range(len(opinions)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    one = lay_out(opinions, vectors, names)
    other = lay_out(opinions.iloc[order].reset_index(drop=True), vectors, names)
    assert one.fidelity == other.fidelity
    assert one.near.equals(other.near)
    for made in (one, other):
        assert made.layout["target_id"].is_unique
    sort = ["target_id"]
    assert (
        one.layout.sort_values(sort, ignore_index=True)
        .round(6)
        .equals(other.layout.sort_values(sort, ignore_index=True).round(6))
    )


def test_an_island_is_as_large_as_its_number_of_opinions() -> None:
    own = islands(make([40, 10, 10]))
    assert own.loc["I001", "radius"] / own.loc["I002", "radius"] == pytest.approx(2.0, abs=0.01)


def test_the_opinion_nearest_to_the_centre_lies_in_the_middle_ties_by_id() -> None:
    opinions, vectors, names = inputs([5])
    strengths = [0.3, 0.9, 0.9, 0.1, 0.5]
    made = lay_out(opinions.assign(issue_strength=strengths), vectors, names)
    centre = islands(made).loc["I001"]
    away = points(made)
    away = np.hypot(away["x"] - centre["x"], away["y"] - centre["y"]).sort_values()
    assert away.index.tolist() == ["O00001", "O00002", "O00004", "O00000", "O00003"]


def test_the_nearest_issues_are_those_of_the_largest_cosine() -> None:
    vectors = np.array([[1.0, 0.0], [0.96, 0.28], [0.6, 0.8], [0.0, 1.0], [-1.0, 0.0]])
    names = ["I001", "I002", "I003", "I004", "I005"]
    opinions = pd.DataFrame(
        {"opinion_id": [f"O{n}" for n in range(5)], "issue_id": names, "issue_strength": 1.0}
    )
    near = lay_out(opinions, vectors, names).near
    of_first = near[near["issue_id"] == "I001"]
    assert of_first["near_issue_id"].tolist() == ["I002", "I003"]  # 0 and -1 are not near
    assert of_first["similarity"].tolist() == [0.96, 0.6]
    assert near.groupby("issue_id").size().max() <= NEAR
    assert (near["issue_id"] != near["near_issue_id"]).all()


def test_small_islands_keep_the_order_of_distances_that_a_plane_can_hold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(layout, "_LAND", 0.01)
    turns = np.array([0.0, 0.1, 0.25, 0.5, 0.9])
    vectors = np.column_stack([np.cos(turns), np.sin(turns)]).round(5)
    names = [f"I{n:03d}" for n in range(5)]
    opinions = pd.DataFrame(
        {"opinion_id": [f"O{n}" for n in range(5)], "issue_id": names, "issue_strength": 1.0}
    )
    made = lay_out(opinions, vectors, names)
    assert made.fidelity is not None
    assert made.fidelity > 0.9


def test_issues_that_say_the_same_are_still_islands_apart() -> None:
    vectors = np.tile([0.6, 0.8], (6, 1))
    names = [f"I{n:03d}" for n in range(6)]
    opinions = pd.DataFrame(
        {"opinion_id": [f"O{n}" for n in range(6)], "issue_id": names, "issue_strength": 1.0}
    )
    made = lay_out(opinions, vectors, names)
    assert made.fidelity is None  # all are equally near
    own = islands(made)
    assert (own["radius"] > 50).all()


def test_a_run_without_issues_or_without_opinions_has_a_map_too() -> None:
    assert len(make([], 5).layout) == 5
    nothing = make([])
    assert len(nothing.layout) == len(nothing.near) == 0
    assert nothing.fidelity is None


def test_majorisation_lowers_the_stress_and_keeps_what_fits() -> None:
    square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    distances = np.sqrt(((square[:, None] - square[None]) ** 2).sum(axis=2))
    start = square + np.array([[0.3, 0.1], [-0.2, 0.2], [0.1, -0.4], [0.2, 0.2]])
    found = majorise(distances, start, rounds=200)
    reached = np.sqrt(((found[:, None] - found[None]) ** 2).sum(axis=2))
    assert np.allclose(reached, distances, atol=1e-3)
    assert np.array_equal(majorise(distances[:1, :1], start[:1]), start[:1])


def test_many_issues_are_still_placed_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    rounds = []
    push = layout._pushed
    monkeypatch.setattr(layout, "_pushed", lambda *given: rounds.append(1) or push(*given))
    own = islands(make([2] * 200))
    assert len(own) == 200
    assert len(rounds) <= 20
