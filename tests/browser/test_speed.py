"""A large report is small enough to send, made at once, and opened at once."""

from __future__ import annotations

import time

from tests.browser.conftest import N_LARGE
from tests.browser.reports import make_large, write_large

OPENED_WITHIN = 3.0  # seconds to the first picture, 20,000 opinions
WRITTEN_WITHIN = 3.0  # seconds, 5,000 opinions
LARGEST_FILE = 3_000_000  # bytes, 5,000 opinions


def _share():
    """Part of a processor that this process gets: others use the machine too."""
    begun, worked = time.perf_counter(), time.process_time()
    while time.process_time() - worked < 0.1:
        pass
    return min(1.0, 0.1 / (time.perf_counter() - begun))


def _seconds(take, limit):
    """Seconds on a quiet machine, of the first of three tries that keeps the limit."""
    tries = []
    while len(tries) < 3 and min(tries, default=limit + 1) > limit:
        share = _share()
        begun = time.perf_counter()
        take()
        taken = time.perf_counter() - begun
        tries.append(taken * (share + _share()) / 2)
    return min(tries)


def test_twenty_thousand_opinions_open_in_three_seconds(visit, report_file):
    path = report_file("large")
    assert N_LARGE == 20_000

    def open_it():
        page = visit(path).page
        page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        assert page.evaluate("performance.getEntriesByType('paint').length") > 0

    assert _seconds(open_it, OPENED_WITHIN) <= OPENED_WITHIN


def test_five_thousand_opinions_are_written_in_three_seconds_and_three_megabytes(tmp_path):
    tables = make_large(5_000)
    path = tmp_path / "report.html"

    def write_it():
        write_large(path, tables)

    assert _seconds(write_it, WRITTEN_WITHIN) <= WRITTEN_WITHIN
    assert path.stat().st_size <= LARGEST_FILE
