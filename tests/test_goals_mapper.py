"""The mapper: what is read beside a plan, what is kept in the cache, and when it is made anew."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
import pytest

from pipeline import kept as kept_module
from pipeline.errors import InputError
from pipeline.goals import mapper as module
from pipeline.goals.examples import Example
from pipeline.goals.mapper import load_goal_mapper
from pipeline.plan import NO_GOAL, load_plan
from pipeline.tokens import default_tokenizer
from tests.goals_fixture import EXAMPLES, link, write_plan

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.goals.mapper import GoalMapper
    from pipeline.lexicon import Lexicon

TEXTS = ("近所の人と話さない。介護もつらい", "広報が読めない", "バスがない", "ふむふむ", "")
RULES = 'plan = "small"\n\n[[rules]]\ngoal = "3"\nname = "バス"\nterms = ["バス"]\n'
DECISIONS = tuple(Example(f"{name}が来なくて困る", "2", source=name) for name in ("バス", "電車"))


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own, empty."""
    monkeypatch.setenv("KADAI_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    return write_plan(tmp_path / "plan", EXAMPLES)


def load(path: Path, lexicon: Lexicon, decisions: tuple[Example, ...] = ()) -> GoalMapper:
    return load_goal_mapper(path, load_plan(path), default_tokenizer(), lexicon, decisions)


def kept_in(cache: Path) -> list[Path]:
    return sorted((cache / "goals").glob("*")) if cache.is_dir() else []


def bytes_of(mapper: GoalMapper) -> tuple[object, ...]:
    """Everything that a score depends on, and the scores."""
    learnt = mapper.model.codebook
    space = learnt.space
    found = link(mapper, *TEXTS)
    return (
        *(own.tobytes() for own in (learnt.mark_weights, learnt.meaning_weights, space.centre)),
        list(space.idf.items()), list(space.letter_idf.items()), space.constant,
        mapper.model.scores([own for text in TEXTS for own in mapper.reader.sentences(
            default_tokenizer().tokenize(text))]).tobytes(),
        found.assigned.to_csv(), found.links.to_csv(),
    )  # fmt: skip


@pytest.fixture
def never_learns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where something is learnt that should have been in the cache."""

    def refuse(*_: object) -> None:
        pytest.fail("learnt again")

    monkeypatch.setattr(module, "read_examples", refuse)


def test_what_was_kept_is_what_was_learnt_to_the_byte(
    plan_file: Path, lexicon: Lexicon, cache: Path, request: pytest.FixtureRequest
) -> None:
    first = bytes_of(load(plan_file, lexicon))
    (kept,) = kept_in(cache)
    assert kept.suffix == ".npz"
    request.getfixturevalue("never_learns")
    assert bytes_of(load(plan_file, lexicon)) == first
    assert kept_in(cache) == [kept]


def test_the_same_examples_are_kept_in_the_same_bytes(
    plan_file: Path, lexicon: Lexicon, cache: Path
) -> None:
    load(plan_file, lexicon)
    (kept,) = kept_in(cache)
    with np.load(kept, allow_pickle=False) as one:
        first = {name: one[name].tobytes() for name in one.files}
    kept.unlink()
    load(plan_file, lexicon)
    with np.load(kept, allow_pickle=False) as other:
        assert {name: other[name].tobytes() for name in other.files} == first


def _flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return (
        data[:middle] + bytes(255 - own for own in data[middle : middle + 64]) + data[middle + 64 :]
    )


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda _: b"", id="empty"),
        pytest.param(lambda _: b"PK\x03\x04", id="only the beginning of an archive"),
        pytest.param(lambda data: data[: len(data) // 2], id="cut off"),
        pytest.param(lambda data: data[:-10], id="end missing"),
        pytest.param(_flipped, id="bytes changed"),
        pytest.param(lambda _: "壊れたファイル".encode(), id="something else"),
        pytest.param(lambda _: b"\x93NUMPY\x01\x00", id="another kind of array"),
    ],
)
def test_a_damaged_cache_is_made_anew(damage, plan_file: Path, lexicon: Lexicon, cache: Path):
    first = bytes_of(load(plan_file, lexicon))
    (kept,) = kept_in(cache)
    whole = kept.read_bytes()
    kept.write_bytes(damage(whole))
    assert bytes_of(load(plan_file, lexicon)) == first
    assert len(kept.read_bytes()) == len(whole)
    assert kept_in(cache) == [kept]


@pytest.mark.parametrize("name", ["mark_weights", "meaning_weights", "centre", "idf", "words"])
def test_a_cache_whose_parts_do_not_fit_is_made_anew(
    name: str, plan_file: Path, lexicon: Lexicon, cache: Path
) -> None:
    first = bytes_of(load(plan_file, lexicon))
    (kept,) = kept_in(cache)
    with np.load(kept) as whole:
        parts = {own: whole[own] for own in whole.files}
    np.savez_compressed(kept, **{**parts, name: parts[name][:-1]})
    assert bytes_of(load(plan_file, lexicon)) == first
    np.savez_compressed(kept, **{own: part for own, part in parts.items() if own != name})
    assert bytes_of(load(plan_file, lexicon)) == first


def test_a_cache_that_cannot_be_written_is_no_error(
    plan_file: Path, lexicon: Lexicon, cache: Path
) -> None:
    first = bytes_of(load(plan_file, lexicon))
    for kept in kept_in(cache):
        kept.unlink()
    (cache / "goals").rmdir()
    (cache / "goals").write_text("", "utf-8")  # a file stands where the folder should be
    assert bytes_of(load(plan_file, lexicon)) == first
    assert (cache / "goals").is_file()


def test_a_full_disk_is_no_error_and_leaves_no_half_of_a_file(
    plan_file: Path, lexicon: Lexicon, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int, mode: str) -> None:
        os.close(handle)
        raise OSError(28, f"No space left on device ({mode})")

    monkeypatch.setattr(kept_module.os, "fdopen", full)
    assert load(plan_file, lexicon).model.codebook is not None
    assert kept_in(cache) == []


@pytest.mark.parametrize("change", ["examples", "rules", "plan"])
def test_another_file_is_kept_under_another_name(
    change: str, plan_file: Path, lexicon: Lexicon, cache: Path
) -> None:
    load(plan_file, lexicon)
    before = kept_in(cache)
    if change == "examples":
        write_plan(plan_file.parent, (*EXAMPLES, Example("猫が多い", NO_GOAL)))
    elif change == "rules":
        write_plan(plan_file.parent, EXAMPLES, RULES)
    else:
        plan_file.write_text(plan_file.read_text("utf-8").replace("防災", "防犯"), "utf-8")
    load(plan_file, lexicon)
    assert len(kept_in(cache)) == 2
    assert set(before) < set(kept_in(cache))


def test_where_the_plan_stands_does_not_matter_to_the_cache(
    tmp_path: Path, lexicon: Lexicon, cache: Path
) -> None:
    for name in ("a", "b"):
        load(write_plan(tmp_path / name, EXAMPLES), lexicon)
    assert len(kept_in(cache)) == 1


def test_another_version_of_kadai_or_of_a_library_does_not_use_what_an_older_one_kept(
    plan_file: Path, lexicon: Lexicon, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(plan_file, lexicon)
    monkeypatch.setattr(kept_module, "__version__", "99.0")
    load(plan_file, lexicon)
    monkeypatch.setattr(kept_module, "version", lambda name: f"99 of {name}")
    load(plan_file, lexicon)
    assert len(kept_in(cache)) == 3


def test_another_way_of_computing_does_not_use_what_was_kept_before(
    plan_file: Path, lexicon: Lexicon, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(plan_file, lexicon)
    (tmp_path / "model.py").write_text("RIDGE = 2", "utf-8")
    monkeypatch.setattr(kept_module, "__file__", str(tmp_path / "kept.py"))
    load(plan_file, lexicon)
    assert len(kept_in(cache)) == 2


def test_decisions_are_learnt_at_every_run_and_never_kept(
    plan_file: Path, lexicon: Lexicon, cache: Path
) -> None:
    without = load(plan_file, lexicon)
    kept = {own: own.read_bytes() for own in kept_in(cache)}
    taught = load(plan_file, lexicon, DECISIONS)
    assert taught.model.decisions is not None
    assert taught.model.decisions.sources == ("バス", "電車")
    assert bytes_of(load(plan_file, lexicon)) == bytes_of(without)
    assert {own: own.read_bytes() for own in kept_in(cache)} == kept


def test_a_plan_without_examples_keeps_nothing(
    tmp_path: Path, lexicon: Lexicon, cache: Path
) -> None:
    mapper = load(write_plan(tmp_path / "plan"), lexicon)
    assert mapper.model.codebook is None
    assert mapper.model.decisions is None
    assert kept_in(cache) == []


def test_the_goals_of_a_model_are_none_and_those_of_the_plan_in_order(
    plan_file: Path, lexicon: Lexicon, cache: Path
) -> None:
    assert load(plan_file, lexicon).model.goals == (NO_GOAL, "1", "2", "3")
    assert kept_in(cache)


def test_rules_beside_the_plan_are_read(tmp_path: Path, lexicon: Lexicon, cache: Path) -> None:
    mapper = load(write_plan(tmp_path / "plan", rules=RULES), lexicon)
    assert [rule.name for rule in mapper.reader.rules.rules] == ["バス"]
    assert link(mapper, "バスがない").assigned["goal_id"].tolist() == ["3"]
    assert kept_in(cache) == []


@pytest.mark.parametrize(
    ("rules", "examples", "said"),
    [
        (RULES.replace('"3"', '"8"'), EXAMPLES, "small.rules.toml"),
        (RULES, (*EXAMPLES, Example("猫が多い", "8")), "small.examples.csv"),
    ],
)
def test_a_mistake_in_a_file_beside_the_plan_is_named(
    rules: str, examples: tuple[Example, ...], said: str, tmp_path: Path, lexicon: Lexicon
) -> None:
    with pytest.raises(InputError) as caught:
        load(write_plan(tmp_path / "plan", examples, rules), lexicon)
    assert said in str(caught.value)
    assert "計画にない基本目標「8」" in str(caught.value)
