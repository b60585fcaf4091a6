"""Doubts name the issues that a person should look at first, with the reason."""

from __future__ import annotations

import pytest

from pipeline.report.context import build_report
from pipeline.report.doubts import find_doubts
from tests.report_fixture import (
    SPLIT_ISSUES,
    STATUSES,
    make_manifest,
    make_plan,
    make_study,
    make_tables,
)


@pytest.fixture(scope="module")
def report():
    tables = make_tables()
    return build_report(tables, make_plan(), make_study(), make_manifest(tables))


def _issues(report):
    under = [issue for goal in report.goals for issue in goal.issues]
    return [*under, *(issue for group in report.no_goal_groups for issue in group.issues)]


def test_issues_whose_opinions_are_divided_are_named(report):
    doubts = {one.issue_id: one.reasons for one in find_doubts(_issues(report))}
    for issue_id in SPLIT_ISSUES:
        assert any("分かれている" in reason for reason in doubts[issue_id])


def test_issues_that_people_judged_are_left_out(report):
    assert not set(STATUSES) & {one.issue_id for one in find_doubts(_issues(report))}


def test_those_with_most_reasons_come_first_then_the_largest(report):
    doubts = find_doubts(_issues(report))
    order = [(-len(one.reasons), -one.n_opinions) for one in doubts]
    assert order == sorted(order)
