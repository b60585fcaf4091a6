"""A sample by hash is the same as sorting all hashes, in whatever order ids come."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.hashchoice import smallest_hashes
from pipeline.normalize import digest

IDS = st.lists(st.text(max_size=8), unique=True, max_size=60)


@given(IDS, st.integers(0, 70))
def test_the_chosen_are_those_of_the_smallest_digests(ids: list[str], most: int) -> None:
    chosen = [ids[place] for place in smallest_hashes(ids, most)]
    assert chosen == sorted(ids, key=lambda own: (digest(own), own))[:most]


@given(IDS, st.integers(0, 70), st.randoms(use_true_random=False))
def test_the_order_of_ids_changes_nothing(ids: list[str], most: int, chance) -> None:
    mixed = ids[:]
    chance.shuffle(mixed)
    assert [mixed[place] for place in smallest_hashes(mixed, most)] == [
        ids[place] for place in smallest_hashes(ids, most)
    ]
