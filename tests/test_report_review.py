"""What people decided is shown beside what the machine proposed, and nothing is lost by it."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pandas as pd
import pytest

from pipeline import tables as table_shapes
from pipeline.report import context, views
from pipeline.report import decisions as annex
from pipeline.report.changes import find_changes
from pipeline.report.html import render_report
from pipeline.report.progress import build_progress, count_statuses
from pipeline.wording import ADOPTED, BY_PEOPLE, HELD, ISSUE_STATUSES, REJECTED
from tests.report_fixture import (
    ADOPTED_ISSUE,
    DECIDED_OPINION,
    GONE,
    HELD_BECAUSE,
    HELD_ISSUE,
    HIDDEN_IN,
    HIDDEN_NAME,
    KIND_COMMENT,
    MACHINE_TITLE,
    MADE_FROM,
    MADE_ISSUE,
    MERGED_INTO,
    MERGED_ISSUE,
    MERGED_TITLE,
    NO_LONGER_FITS,
    NO_SUCH_ISSUE,
    REJECTED_BECAUSE,
    REJECTED_ISSUE,
    RENAMED_ISSUE,
    RESTORED_OPINION,
    TOPICS,
    make_manifest,
    make_plan,
    make_study,
    make_tables,
    shaped,
)

_UNTOUCHED = {
    "opinions": {"reviewed": 0, "hidden": 0, "restored": 0, "comment": ""},
    "issues": {"status": "", "reviewed_by": "", "n_reviewed": 0, "comment": "", "assigned_by": ""},
}


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return make_tables()


@pytest.fixture(scope="module")
def document(tables: dict[str, pd.DataFrame]) -> str:
    return render_report(tables, make_plan(), make_study(), make_manifest(tables))


@pytest.fixture(scope="module")
def view(tables: dict[str, pd.DataFrame]) -> views.Report:
    return context.build_report(tables, make_plan(), make_study(), make_manifest(tables))


def _untouched(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The same run before anybody looked at it."""
    opinions, issues = tables["opinions"], tables["issues"]
    return tables | {
        "opinions": opinions.assign(
            kind=opinions["machine_kind"],
            machine_issue_id=opinions["issue_id"],
            assigned_by="",
            **_UNTOUCHED["opinions"],
        ),
        "issues": issues.assign(machine_title=issues["title"], **_UNTOUCHED["issues"]),
        "machine_issues": tables["machine_issues"].assign(outcome="kept", merged_into=""),
        "applied_decisions": table_shapes.empty("applied_decisions"),
        "lessons": table_shapes.empty("lessons"),
    }


def _render(tables: dict[str, pd.DataFrame]) -> str:
    return render_report(tables, make_plan(), make_study(), make_manifest(tables))


def _with_status(tables: dict[str, pd.DataFrame], **status: str) -> dict[str, pd.DataFrame]:
    issues = tables["issues"]
    given = issues["issue_id"].map(status).fillna(issues["status"])
    return tables | {"issues": issues.assign(status=given)}


def _text(markup: str) -> str:
    """What is read of a piece of markup."""
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


def _section(document: str, name: str) -> str:
    return document.partition(f'<section id="{name}"')[2].partition("\n</section>\n")[0]


def _issue(document: str, issue_id: str) -> str:
    """Text of one issue."""
    rest = document.partition(f' id="{issue_id}"')[2].partition(">")[2]
    return _text(re.split(r'</article>|<details class="issue|</section>', rest)[0])


def _decision(**values: object) -> dict[str, object]:
    return {
        "decision_id": "D900", "target_id": "I001", "field": "status", "value_seen": "",
        "value": ADOPTED, "reviewer": "山田", "decided_at": "2026-05-01T09:00:00+09:00",
        "reason": "", "run_id": "r", "text": "声", "applied_to": "I001", "stands": 1,
        "why_not": "",
    } | values  # fmt: skip


def _annex(tables: dict[str, pd.DataFrame], *rows: dict[str, object]) -> annex.Decisions:
    made = shaped("applied_decisions", pd.DataFrame(rows))
    return annex.build_decisions(tables | {"applied_decisions": made}, make_plan())


# How far the review has come


def test_progress_counts_what_people_looked_at(
    tables: dict[str, pd.DataFrame], view: views.Report
) -> None:
    shown = view.progress
    assert shown.opinions.n_reviewed == tables["opinions"]["reviewed"].sum() > 0
    assert (shown.issues.n_reviewed, shown.issues.n_all) == (5, 13)
    assert shown.statuses == ((ADOPTED, 1), (HELD, 1), (REJECTED, 1), ("まだ", 10))


def test_progress_by_goal_adds_up_to_all_opinions(view: views.Report) -> None:
    shown = view.progress
    assert [row.goal_id for row in shown.goals] == ["1", "2", "3", "4", "5", "6", ""]
    assert sum(row.n_all for row in shown.goals) == shown.opinions.n_all
    assert sum(row.n_reviewed for row in shown.goals) == shown.opinions.n_reviewed


def test_every_bar_of_progress_stands_beside_its_figures(document: str) -> None:
    table = document.partition('class="bars progress"')[2].partition("</table>")[0]
    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", table, re.DOTALL)
    assert len(rows) == 2 + 7
    for row in rows:
        assert "<svg" in row
        assert re.search(r"\d+件\s*\d+件\s*(\d+%|―|1%未満)", _text(row).replace("</td>", " "))


def test_what_people_changed_is_counted_in_words(view: views.Report) -> None:
    counted = dict(view.progress.changes)
    assert counted == {
        "題を直した課題": 1, "目標を変えた課題": 1, "人が作った課題": 1, "ほかへ統合した課題": 1,
        "課題を移した意見": 5, "種類を直した意見": 1, "対象外から戻した意見": 1,
        "個人情報を伏せた意見": 1,
    }  # fmt: skip


def test_a_run_that_nobody_looked_at_says_so_in_one_line(
    tables: dict[str, pd.DataFrame],
) -> None:
    shown = _render(_untouched(tables))
    assert "まだ誰も確認していません" in shown
    assert 'class="bars progress"' not in shown
    assert 'class="touched"' not in shown
    assert 'class="mark"' not in shown
    for name in ("rejected", "decisions", "lost"):
        assert f'id="{name}"' not in shown
        assert f'href="#{name}"' not in shown
    assert "「採用」とした課題" not in shown


def test_a_run_without_rows_has_no_progress() -> None:
    nothing = {name: table_shapes.empty(name) for name in table_shapes.SCHEMAS}
    assert not build_progress(nothing, {}).has_begun
    assert set(count_statuses(nothing["issues"]).values()) == {0}


# Issues and voices


@pytest.mark.parametrize(
    ("issue_id", "word"),
    [(ADOPTED_ISSUE, ADOPTED), (HELD_ISSUE, HELD), (REJECTED_ISSUE, REJECTED)],
)
def test_a_judged_issue_bears_its_judgement_and_who_made_it(
    document: str, issue_id: str, word: str
) -> None:
    shown = _issue(document, issue_id)
    assert word in shown
    assert "最後に判断した人：策定委員会" in shown


def test_an_issue_that_nobody_judged_bears_no_judgement(document: str) -> None:
    shown = _issue(document, "I012")
    assert not [word for word in ISSUE_STATUSES if word in shown]
    assert "最後に判断した人" not in shown


def test_the_machines_title_stands_beside_a_persons_where_they_differ(document: str) -> None:
    assert f"機械の題：「{MACHINE_TITLE}」" in _issue(document, RENAMED_ISSUE)
    assert _text(document).count("機械の題：") == 1


def test_an_issue_that_people_made_says_so_and_has_no_stability(document: str) -> None:
    shown = _issue(document, MADE_ISSUE)
    assert "人が作った課題" in shown
    assert f"安定度{BY_PEOPLE}" in shown
    assert "nan" not in document.lower().partition("<body>")[2]


def test_a_merged_issue_is_named_where_it_went(document: str) -> None:
    shown = _issue(document, MERGED_INTO)
    assert f"ほかの課題（{MERGED_ISSUE}「{MERGED_TITLE}」）を統合" in shown
    assert "人が移した" not in shown


def test_moved_opinions_are_counted_where_they_came_from_and_went(document: str) -> None:
    assert "人が移した意見：入った5件" in _issue(document, MADE_ISSUE)
    assert "人が移した意見：出た5件" in _issue(document, MADE_FROM)


def test_a_moved_voice_says_where_the_machine_had_put_it(
    tables: dict[str, pd.DataFrame], document: str
) -> None:
    title = tables["machine_issues"].set_index("issue_id")["title"][MADE_FROM]
    shown = _issue(document, MADE_ISSUE)
    assert shown.count(f"人が移した（元は{MADE_FROM}「{title}」）") == 5


def test_moves_are_counted_behind_merges_and_out_of_and_into_no_issue() -> None:
    machine = pd.DataFrame(
        [("I001", "一", ""), ("I002", "二", "I001"), ("I003", "三", "")],
        columns=["issue_id", "title", "merged_into"],
    )
    rows = [
        ("a", "I001", "I002"),  # came with the merge
        ("b", "I003", "I002"),  # moved out of what was merged
        ("c", "", "I003"),
        ("d", "I009", ""),
    ]
    opinions = pd.DataFrame(rows, columns=["opinion_id", "issue_id", "machine_issue_id"])
    found = find_changes(opinions, machine)
    assert found.merged == {"I001": (("I002", "二"),)}
    assert found.moved_in == {"I003": 1, "": 1, "I009": 1}
    assert found.moved_out == {"I001": 1, "I003": 1, "": 1}
    assert found.moved_from == {"b": "I002「二」", "c": "I003「三」", "d": "課題の外"}


def test_the_comment_on_an_issue_is_shown(document: str) -> None:
    assert f"コメント：{HELD_BECAUSE}" in _issue(document, HELD_ISSUE)


def test_a_changed_kind_stands_beside_the_machines_with_the_comment(document: str) -> None:
    shown = _issue(document, "I003")
    assert "問題（人が直した。機械の案は「要望」）" in shown
    assert f"コメント：{KIND_COMMENT}" in shown


def test_a_voice_that_was_brought_back_says_so(
    tables: dict[str, pd.DataFrame], document: str
) -> None:
    text = tables["opinions"].set_index("opinion_id")["text"][RESTORED_OPINION]
    voice = document.partition(f"><bdi>{text}</bdi>")[2].partition("</li>")[0]
    assert "人が対象外から戻した" in voice
    assert _text(document).count("人が対象外から戻した") == 1
    assert "ここから人が戻した1件は、意見として数えています" in _section(document, "set-aside")


def test_what_a_person_hid_is_not_in_the_report(
    tables: dict[str, pd.DataFrame], document: str
) -> None:
    assert tables["answers"]["raw_text"].str.contains(HIDDEN_NAME).any()
    assert HIDDEN_NAME not in document
    assert "［個人情報］です。" in _issue(document, HIDDEN_IN)


def test_what_people_wrote_is_shown_as_text(document: str) -> None:
    assert "<機械>" not in document
    assert "<b>内容</b>" not in document
    assert "&lt;b&gt;内容&lt;/b&gt;" in document
    hostile = "<script>alert(1)</script>"
    tables = make_tables()
    issues = tables["issues"].assign(comment=hostile, reviewed_by=hostile, machine_title=hostile)
    decisions = tables["applied_decisions"].assign(
        reviewer=hostile, reason=hostile, value=hostile, value_seen=hostile, why_not=hostile,
        decided_at=hostile, run_id=hostile, stands=0,
    )  # fmt: skip
    opinions = tables["opinions"].assign(comment=hostile)
    machine = tables["machine_issues"].assign(title=hostile)
    changed = {
        "issues": issues, "applied_decisions": decisions, "opinions": opinions,
        "machine_issues": machine,
    }  # fmt: skip
    assert "<script>alert" not in _render(tables | changed)


# Rejected issues


def test_a_rejected_issue_stands_in_its_own_section_with_the_reason(
    document: str, view: views.Report
) -> None:
    shown = _text(_section(document, "rejected"))
    assert "課題1件、意見15件" in shown
    assert f"理由：{REJECTED_BECAUSE}" in shown
    assert [issue.issue_id for issue in view.rejected] == [REJECTED_ISSUE]
    assert document.count(f' id="{REJECTED_ISSUE}"') == 1
    assert REJECTED_ISSUE in _section(document, "rejected")
    assert REJECTED_ISSUE not in [own.issue_id for goal in view.goals for own in goal.issues]
    assert REJECTED_ISSUE not in [own.issue_id for own in view.overview.largest]


def test_every_issue_stands_in_one_place(
    tables: dict[str, pd.DataFrame],
) -> None:
    several = _with_status(tables, I009=REJECTED, I001=REJECTED)
    made = context.build_report(several, make_plan(), make_study(), {})
    places = [issue.issue_id for goal in made.goals for issue in goal.issues]
    places += [issue.issue_id for group in made.no_goal_groups for issue in group.issues]
    places += [issue.issue_id for issue in made.rejected]
    assert sorted(places) == several["issues"]["issue_id"].tolist()
    assert [issue.issue_id for issue in made.rejected] == ["I009", "I001", REJECTED_ISSUE]


def test_the_opinions_of_rejected_issues_stay_in_every_sum(
    tables: dict[str, pd.DataFrame],
) -> None:
    several = _with_status(tables, I009=REJECTED, I001=REJECTED)
    made = context.build_report(several, make_plan(), make_study(), make_manifest(several))
    before = context.build_report(tables, make_plan(), make_study(), make_manifest(tables))
    assert all(line.adds_up for line in made.ledger.sums)
    assert made.heat == before.heat
    for now, then in zip(made.overview.goals, before.overview.goals, strict=True):
        assert replace(now, n_issues=0, largest=()) == replace(then, n_issues=0, largest=())
    for goal, earlier in zip(made.goals, before.goals, strict=True):
        assert goal.n_opinions == earlier.n_opinions
        inside = goal.n_own + goal.n_elsewhere + goal.n_rejected
        assert inside + goal.n_alone == goal.n_opinions
        assert goal.measures == earlier.measures


def test_the_goal_of_a_rejected_issue_says_where_it_is(document: str) -> None:
    goal = _text(document.partition('id="goal-6"')[2].partition("</section>")[0])
    assert "取り上げないとした課題に入ったもの15件" in goal
    assert "取り上げないとした課題のほかに、この目標を主とする課題はありません" in goal


def test_it_is_said_that_rejected_opinions_are_still_counted(document: str) -> None:
    shown = _text(_section(document, "rejected"))
    assert "意見は、基本目標・施策・情報源の件数に引き続き数えています" in shown
    assert "うち1件は、人が取り上げないとしました" in _text(document)


def test_a_rejection_without_a_comment_says_that_no_reason_was_given(
    tables: dict[str, pd.DataFrame],
) -> None:
    silent = tables | {"issues": tables["issues"].assign(comment="")}
    assert "理由：書かれていません" in _text(_render(silent))


def test_a_run_whose_issues_were_all_rejected_is_still_a_report(
    tables: dict[str, pd.DataFrame],
) -> None:
    every = tables | {"issues": tables["issues"].assign(status=REJECTED)}
    shown = _render(every)
    assert "取り上げないとしたもののほかに、課題はありません" in shown
    assert "取り上げないとした課題のほかは、すべての課題が" in _text(shown)
    for issue_id in every["issues"]["issue_id"]:
        assert f' id="{issue_id}"' in shown


def test_the_ledger_sums_up_judgements(view: views.Report) -> None:
    issues, opinions, machine = view.ledger.sums[4:]
    assert (issues.whole, issues.n_whole) == ("いまの課題", 13)
    assert dict(issues.parts)["「却下」とした課題"] == 1
    assert (opinions.whole, opinions.n_whole) == ("切り出した意見", view.overview.n_opinions)
    assert dict(opinions.parts)["「却下」とした課題の意見"] == 15
    assert (machine.whole, machine.n_whole) == ("機械がまとめた課題", 13)
    assert dict(machine.parts)["ほかの課題に統合した課題"] == 1


def test_an_opinion_in_an_issue_that_is_not_there_is_seen_in_the_sum(
    tables: dict[str, pd.DataFrame],
) -> None:
    lost = tables | {"issues": tables["issues"].iloc[1:]}
    sums = context.build_report(lost, make_plan(), make_study(), {}).ledger.sums
    assert [line.adds_up for line in sums] == [True] * 5 + [False, True]


# Who decided what


def test_decisions_are_summed_up_in_a_sentence(
    tables: dict[str, pd.DataFrame], document: str, view: views.Report
) -> None:
    table = tables["applied_decisions"]
    table = table[table["field"] != "members"]
    shown = view.decisions
    assert shown.n_decisions == len(table)
    assert shown.n_in_use == table["stands"].sum()
    assert (shown.n_people, shown.n_replaced, shown.n_taken_back, shown.n_lost) == (3, 2, 1, 3)
    parts = shown.n_in_use + shown.n_replaced + shown.n_taken_back + shown.n_lost
    assert parts == shown.n_decisions
    text = _text(_section(document, "decisions"))
    assert f"3人が{shown.n_decisions}件の判断をしました" in text
    assert f"{shown.n_in_use}件を、いまの結果に使っています" in text
    assert "3件は、引き継げませんでした" in text


def test_what_an_issue_was_made_of_is_no_decision(document: str) -> None:
    shown = _section(document, "decisions")
    assert "課題の控え" not in shown
    assert "前回の結果" not in shown


def test_the_newest_decision_stands_first(tables: dict[str, pd.DataFrame]) -> None:
    rows = [
        _decision(decision_id="D1", decided_at="2026-05-01T09:00:00+09:00", reviewer="三"),
        _decision(decision_id="D2", decided_at="2026-05-01T01:00:00+00:00", reviewer="二"),
        _decision(decision_id="D3", decided_at="2026-05-01T11:00:00", reviewer="一"),
        _decision(decision_id="D4", decided_at="きのう", reviewer="五"),
        _decision(decision_id="D5", decided_at="2026-04-30T23:00:00Z", reviewer="四"),
    ]
    shown = _annex(tables, *rows).rows
    assert [row.reviewer for row in shown] == ["一", "二", "三", "四", "五"]
    assert [row.decided_at for row in shown][2:] == [
        "2026-05-01 09:00", "2026-04-30 23:00", "きのう",
    ]  # fmt: skip


def test_what_was_decided_at_one_moment_stands_together_issues_first(
    tables: dict[str, pd.DataFrame],
) -> None:
    rows = [
        _decision(decision_id="D1", target_id="O00001", applied_to="O00001", field="kind"),
        _decision(decision_id="D2", target_id="I002", applied_to="I002", field="comment"),
        _decision(decision_id="D3", target_id="I001", applied_to="I001"),
        _decision(decision_id="D4", target_id="I002", applied_to="I002", field="title"),
    ]
    shown = [(row.issue_id, row.field) for row in _annex(tables, *rows).rows]
    assert shown == [("I001", "判定"), ("I002", "題"), ("I002", "コメント"), ("", "種類")]


@pytest.mark.parametrize(
    ("field", "before", "after", "shown"),
    [
        ("goal_id", "0", "3", ("なし", "3 困りごとを受けとめる")),
        ("goal_id_2", "", "6", ("なし", "6 福祉の情報を届ける")),
        ("measure_id", "3-1", "", ("3-1 総合相談", "なし")),
        ("measure_id", "9-9", "machine", ("9-9", "機械の案にもどす")),
        ("issue_id", "0", "I012", ("なし", "I012 雪かきの手伝い")),
        ("merge_into", "", "I099", ("なし", "I099")),
        ("kind", "problem", "praise", ("問題", "よい点")),
        ("status", "", HELD, ("まだ", HELD)),
        ("restore", "", "1", ("―", "意見に戻す")),
        ("personal", "", "all;K3F9", ("―", "全文を伏せる")),
        ("personal", "all;K3F9", "0-2 4-5;K3F9", ("全文を伏せる", "2か所を伏せる")),
        ("comment", "", "一\n二", ("―", "一／二")),
    ],
)
def test_values_are_shown_as_a_planner_reads_them(
    tables: dict[str, pd.DataFrame],
    field: str,
    before: str,
    after: str,
    shown: tuple[str, str],
) -> None:
    (row,) = _annex(tables, _decision(field=field, value_seen=before, value=after)).rows
    assert (row.before, row.after) == shown


def test_what_became_of_a_decision_is_said(tables: dict[str, pd.DataFrame]) -> None:
    rows = [
        _decision(decision_id="D1", stands=0),
        _decision(decision_id="D2", value="machine", stands=0),
        _decision(decision_id="D3", value=HELD),
        _decision(decision_id="D4", target_id="I002", applied_to="I002", stands=0),
        _decision(decision_id="D5", target_id="I002", applied_to="I002", value="machine", stands=0),
        _decision(decision_id="D6", target_id="I009", applied_to="", stands=0, why_not=GONE),
    ]
    shown = [row.state for row in _annex(tables, *rows).rows]
    assert shown == [
        annex.REPLACED, annex.REPLACED, annex.IN_USE, annex.REPLACED, annex.TAKEN_BACK,
        annex.LOST,
    ]  # fmt: skip


def test_an_issue_is_named_and_linked_where_it_stands(document: str, view: views.Report) -> None:
    shown = _section(document, "decisions")
    title = TOPICS[int(RENAMED_ISSUE[1:]) - 1].title
    assert f'<a href="#{RENAMED_ISSUE}">{RENAMED_ISSUE}</a>「<bdi>{title}</bdi>」' in shown
    # What is a part of another issue now has no place of its own.
    assert f'<th scope="row">{MERGED_ISSUE}「<bdi>{MERGED_TITLE}</bdi>」' in shown
    assert f'href="#{MERGED_ISSUE}"' not in document
    assert {row.thing for row in view.decisions.rows} == {"課題", "意見"}


def test_an_issue_of_an_earlier_run_is_named_as_people_called_it(
    tables: dict[str, pd.DataFrame],
) -> None:
    rows = [
        _decision(decision_id="D1", target_id="I077", applied_to="", field="title",
                  value="去年の題", stands=0, why_not=GONE),
        _decision(decision_id="D2", target_id="I077", applied_to="", stands=0, why_not=GONE),
    ]  # fmt: skip
    assert [row.target for row in _annex(tables, *rows).lost] == ["去年の題"] * 2


def test_a_long_voice_is_cut(tables: dict[str, pd.DataFrame]) -> None:
    row = _decision(target_id="OGONE", applied_to="", field="kind", value="other", text="声" * 99)
    (shown,) = _annex(tables, row).rows
    assert shown.target == "声" * annex.TEXT_SHOWN + "…"
    (bare,) = _annex(tables, row | {"text": ""}).rows
    assert bare.target == "OGONE"


def test_a_voice_in_which_something_was_hidden_is_not_shown_from_the_file(
    tables: dict[str, pd.DataFrame],
) -> None:
    gone = {"target_id": "OGONE", "applied_to": "", "stands": 0, "why_not": GONE}
    made = _annex(
        tables,
        _decision(decision_id="D1", field="goal_id", value="1", text=f"{HIDDEN_NAME}です", **gone),
        _decision(decision_id="D2", field="personal", value="all;K3F9", text="（伏せた）", **gone),
    )
    assert [row.target for row in made.rows] == [annex.HIDDEN_VOICE] * 2


def test_a_piece_that_was_set_aside_is_called_one(tables: dict[str, pd.DataFrame]) -> None:
    row = _decision(target_id="A1@0-5", applied_to="A1@0-5", field="comment", value="見た")
    assert _annex(tables, row).rows[0].thing == "対象外の部分"


def test_only_the_newest_decisions_are_shown_and_the_rest_is_counted(
    tables: dict[str, pd.DataFrame],
) -> None:
    lost = {"target_id": "OGONE", "applied_to": "", "stands": 0, "why_not": GONE}
    rows = [
        _decision(decision_id=f"D{number:04d}", decided_at=f"2026-05-01T09:00:{number % 60:02d}Z")
        | (lost if number % 2 else {})
        for number in range(annex.SHOWN + 60)
    ]
    made = _annex(tables, *rows)
    assert (len(made.rows), made.n_left_out) == (annex.SHOWN, 60)
    assert (len(made.lost), made.n_lost_left_out) == (annex.LOST_SHOWN, 130 - annex.LOST_SHOWN)
    table = shaped("applied_decisions", pd.DataFrame(rows))
    shown = _text(_render(tables | {"applied_decisions": table}))
    assert "これより前の60件は tables/applied_decisions.csv にあります" in shown
    assert "このほか80件は tables/applied_decisions.csv の why_not の列にあります" in shown


def test_what_could_not_be_carried_on_is_listed_with_the_reason(
    document: str, view: views.Report
) -> None:
    shown = document.partition('id="lost"')[2].partition("</table>")[0]
    for why in (GONE, NO_SUCH_ISSUE, NO_LONGER_FITS):
        assert f"<bdi>{why}</bdi>" in shown
    assert "去年の意見 <今年はない>" in _text(shown)
    assert len(view.decisions.lost) == 3
    assert 'href="#lost"' in document


def test_where_everything_was_carried_on_there_is_no_such_list(
    tables: dict[str, pd.DataFrame],
) -> None:
    table = tables["applied_decisions"]
    carried = tables | {"applied_decisions": table[table["why_not"] == ""]}
    shown = _render(carried)
    assert "引き継げなかったものはありません" in shown
    assert 'id="lost"' not in shown
    assert 'href="#lost"' not in shown


def test_a_decision_on_a_voice_shows_the_voice_as_it_is_now(
    tables: dict[str, pd.DataFrame], document: str
) -> None:
    text = tables["opinions"].set_index("opinion_id")["text"][DECIDED_OPINION]
    assert f'<span class="label">意見</span><bdi>{text}</bdi>' in _section(document, "decisions")
