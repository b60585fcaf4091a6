"""The benchmark of scale measures what it says: corpora, memory, figures, picture, paper."""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks.scale import results
from tests.benchmarks.scale.corpus import COLUMN, Resampler, read_texts, write_survey
from tests.benchmarks.scale.paper import collision, paper, rates
from tests.benchmarks.scale.picture import draw
from tests.benchmarks.scale.processes import run_watched
from tests.benchmarks.scale.results import Pair, Results, exponent, summaries
from tests.benchmarks.scale.tables import markdown

ANSWERS = [
    "公園の遊具を増やしてほしい。",
    "夜の道が暗いので、街灯を明るくしてください。",
    "バスの本数が少なくて、病院に通うのが大変です。",
    "ええ、まあ。",
]


def pair(corpus="distinct", size=10_000, run=0, raw=1.0, seconds=8.0, cpu=12.0):
    kadai = {"seconds": seconds, "cpu_seconds": cpu, "peak_mb": 500.0, "largest_mb": 400.0}
    return Pair(
        corpus=corpus,
        size=size,
        run=run,
        raw={"seconds": raw, "cpu_seconds": raw, "n_texts": size, "characters": 25 * size},
        kadai=kadai | {"n_processes": 3, "n_looks": 80},
        stages={"回答を読む": seconds / 2},
        counts={"opinions": size, "megabytes": size / 1000},
    )


def test_equal_seeds_give_equal_answers_none_of_them_twice():
    made = list(Resampler(ANSWERS).distinct(40))
    assert made == list(Resampler(ANSWERS).distinct(40))
    assert len(set(made)) == 40


def test_nothing_but_words_changes_and_an_answer_without_one_is_not_drawn():
    maker = Resampler(ANSWERS)
    assert maker.drawable == [0, 1, 2]
    assert [maker.changed(number, 0.0) for number in range(4)] == ANSWERS
    assert all(maker.changed(1, 1.0).endswith("ください。") for _ in range(10))


def test_a_copy_heavy_survey_has_every_wording_and_many_copies():
    made = list(Resampler(ANSWERS).copies(200))
    assert len(made) == 200
    assert len(set(made)) == 12


def test_a_survey_gives_its_texts_back(tmp_path):
    texts = ["一行目\n二行目", "「かぎ」, 読点"]
    write_survey(tmp_path / "own.csv", texts)
    assert read_texts(tmp_path / "own.csv") == texts
    assert COLUMN in (tmp_path / "own.toml").read_text("utf-8")


@pytest.mark.skipif(
    not Path("/proc/self/smaps_rollup").exists(), reason="memory is read from /proc"
)
def test_memory_is_that_of_all_processes_together(tmp_path):
    hold = "import sys, time; held = bytearray(60_000_000); time.sleep(0.6)"
    code = (
        "import subprocess, sys\n"
        f"held = [subprocess.Popen([sys.executable, '-c', {hold!r}]) for _ in range(2)]\n"
        "[one.wait() for one in held]\n"
    )
    cost = run_watched([sys.executable, "-c", code], tmp_path / "log.txt")
    assert cost.n_processes == 3
    assert cost.peak_mb > 2 * 57
    assert 57 < cost.largest_mb < cost.peak_mb
    assert cost.seconds > 0.6 > cost.cpu_seconds


@pytest.mark.skipif(
    not Path("/proc/self/smaps_rollup").exists(), reason="memory is read from /proc"
)
def test_a_failing_command_is_no_measurement(tmp_path):
    with pytest.raises(RuntimeError, match="exit 3"):
        run_watched([sys.executable, "-c", "raise SystemExit(3)"], tmp_path / "log.txt")


def test_measurements_go_on_where_they_stopped_unless_the_code_has_changed(tmp_path, monkeypatch):
    Results(tmp_path / "r.json").add(pair())
    again = Results(tmp_path / "r.json")
    assert again.has("distinct", 10_000, 0)
    assert not again.has("distinct", 10_000, 1)
    monkeypatch.setattr(results, "_code", lambda: "other")
    assert Results(tmp_path / "r.json").pairs == []
    (kept,) = tmp_path.glob("r-*.json")
    assert len(json.loads(kept.read_text("utf-8"))["pairs"]) == 1


def test_ratios_are_taken_pair_by_pair():
    runs = [pair(run=0, raw=1, seconds=8), pair(run=1, raw=2, seconds=12), pair(run=2, seconds=9)]
    (found,) = summaries(runs)
    assert found.ratio == (8.0, 6.0, 9.0)
    assert found.seconds == (9.0, 8.0, 12.0)


def test_ten_times_the_answers_in_ten_times_the_seconds_is_an_exponent_of_one():
    found = summaries([pair(), pair(size=100_000, seconds=80, raw=20), pair(size=1000)])
    assert exponent(found) == pytest.approx((1.0, 1.301), abs=1e-3)
    assert exponent(found[:1]) is None


@given(st.floats(0, 50), st.floats(0, 50))
def test_serial_and_shared_work_are_told_apart_by_two_clocks(serial, shared):
    more = 1_000_000 - 10_000
    before = summaries([pair(seconds=3, cpu=4)])[0]
    after = summaries(
        [pair(size=1_000_000, seconds=3 + serial + shared / 2, cpu=4 + serial + shared)]
    )[0]
    found = rates(before, after, (1.0, 2.0), 2)
    assert found.serial * more == pytest.approx(serial, abs=1e-6)
    assert found.parallel * more == pytest.approx(shared, abs=1e-6)


def test_a_slow_clock_makes_no_negative_work():
    before, after = (summaries([own])[0] for own in (pair(), pair(size=20_000, seconds=90, cpu=20)))
    found = rates(before, after, (1.0, 2.0), 2)
    assert found.parallel == 0
    assert found.serial == found.cpu


def test_the_picture_is_drawn_of_any_sizes_and_says_its_times():
    some = [pair(size=1000, seconds=3.2), pair(seconds=130), pair("copies", seconds=40)]
    for runs in (some[:1], some):
        drawn = draw(summaries(runs))
        ET.fromstring(drawn)
        assert "3.2秒" in drawn
    assert "2分10秒" in drawn


def test_the_table_says_what_was_aimed_at_and_missed():
    text = markdown(summaries([pair(seconds=9), pair("copies", seconds=2)]), results.about())
    assert "| ratio to the floor, 10,000 | 8.00 | 9.00 | **missed** |" in text
    assert "| copy-heavy by distinct, 10,000 | 0.33 | 0.22 | reached |" in text


def test_the_paper_leaves_open_what_was_not_measured_and_fills_what_was():
    runs = [pair(), pair(size=1_000_000, seconds=200, cpu=300, raw=35)]
    empty, full = paper([], results.about()), paper(runs, results.about())
    assert "Not measured yet" in empty
    assert "… core hours" in empty
    assert "Not measured yet" not in full
    assert "… core hours" not in full
    assert "Provisional" not in full
    assert "Provisional" in paper(
        [runs[0], replace(runs[1], size=100_000, counts={"opinions": 100_000, "megabytes": 9.0})],
        results.about(),
    )


def test_sixty_bits_are_enough_for_a_million_ids_and_not_for_a_billion():
    assert collision(1_000_000) < 1e-6
    assert collision(1_000_000_000) > 0.3


def test_the_command_says_its_options():
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.scale", "--help"],
        capture_output=True, text=True, check=True, cwd=results.ROOT,
    )  # fmt: skip
    assert "--sizes" in done.stdout
