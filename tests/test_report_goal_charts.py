"""The charts of goals draw the figures of their tables, no others."""

from __future__ import annotations

import math

import pytest

from pipeline.lookups import goal_labels, with_answers
from pipeline.report.charts import heat
from pipeline.report.context import build_report
from pipeline.report.goal_charts import ISSUES_DRAWN, WIDTH, source_bars
from tests.report_fixture import make_manifest, make_plan, make_study, make_tables


@pytest.fixture(scope="module")
def tables():
    return make_tables()


@pytest.fixture(scope="module")
def report(tables):
    return build_report(tables, make_plan(), make_study(), make_manifest(tables))


def test_bars_are_as_long_as_the_shares_within_their_source(tables):
    table = heat(with_answers(tables["opinions"], tables["answers"]), goal_labels(make_plan()))
    drawn = source_bars(table)
    ratios = [
        bar.width / (cell.n_opinions / total.n_opinions)
        for bar, (cell, total) in zip(
            drawn.bars,
            [
                pair
                for _, cells in table.rows[:-1]
                for pair in zip(cells[:-1], table.totals[:-1], strict=True)
            ],
            strict=True,
        )
        if bar.width > 20
    ]
    assert max(ratios) / min(ratios) < 1.01


def test_no_bar_and_no_circle_leaves_the_drawing(report):
    assert all(bar.x + bar.width < WIDTH for bar in report.source_bars.bars)
    for row in report.matrix.drawn:
        assert row.y < report.matrix.height
        assert all(one.x + one.radius < WIDTH for one in row.circles)


def test_opinions_of_every_issue_add_up_over_the_goals(report, tables):
    sizes = tables["opinions"]["issue_id"].value_counts()
    rejected = {issue.issue_id for issue in report.rejected}
    rows = {row.issue_id: sum(row.numbers) for row in report.matrix.rows}
    assert rows == {own: n for own, n in sizes.items() if own and own not in rejected}


def test_areas_of_circles_are_as_their_numbers(report):
    circles = [one for row in report.matrix.drawn for one in row.circles if one.radius > 6]
    rates = [math.pi * one.radius**2 / one.number for one in circles]
    assert max(rates) / min(rates) < 1.05


def test_only_the_largest_issues_are_drawn(report):
    assert len(report.matrix.drawn) == min(ISSUES_DRAWN, len(report.matrix.rows))
    sizes = [sum(row.numbers) for row in report.matrix.rows]
    assert sizes == sorted(sizes, reverse=True)
