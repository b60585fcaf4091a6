"""Why an opinion, an issue or a piece is where it is, told from a decided run of the sample."""

from __future__ import annotations

import csv
import os
import shutil
from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from pipeline import tables
from pipeline.analysis import run_study
from pipeline.audit.explain import LostView, explain, load_result
from pipeline.audit.text import render
from pipeline.commands.audit import explain_command
from pipeline.decisions import COLUMNS, Decision, piece_id
from pipeline.errors import InputError, UsageError
from pipeline.opinions import text_key
from pipeline.privacy import Hidden, write_hidden
from pipeline.remember import Occasion, issue_voices, number_issues
from pipeline.runfolder import newest_run
from pipeline.study import load_study
from pipeline.textlayout import width_of
from pipeline.wording import NO_GOAL

SAMPLE = Path(__file__).parents[1] / "inputs" / "sample"

GONE = "OXXXXXXXXXXXX-01"


class Story:
    """Decisions on the sample, with the ids that they are about."""

    def __init__(self, folder):
        self.before = {name: tables.load_table(name, folder / "tables") for name in tables.SCHEMAS}
        opinions, issues = self.before["opinions"], self.before["issues"]
        self.texts = dict(zip(opinions["opinion_id"], opinions["text"], strict=True))
        first = opinions[opinions["duplicate_of"] == ""]
        repeated = opinions[opinions["duplicate_of"] != ""].iloc[0]
        self.first, self.repeat = repeated["duplicate_of"], repeated["opinion_id"]
        titles = issues.set_index("title")["issue_id"]
        self.bus, self.snow, self.park = (
            titles[own] for own in ("公共交通", "除雪・雪道", "公園・遊具")
        )
        self.voices = issue_voices(issues, opinions)
        representative = " ".join(issues["representative_opinion_ids"]).split()
        free = first[~first["opinion_id"].isin([*representative, self.first])]
        members = {
            own: free.loc[free["issue_id"] == own, "opinion_id"].tolist()
            for own in (self.bus, self.snow, self.park)
        }
        self.moved, self.made = members[self.snow][:2]
        self.hidden = members[self.park][0]
        self.decided = [own for own in members[self.bus] if "バス" in self.texts[own]][:10]
        small = issues[(issues["n_opinions"] == 5) & (issues["issue_id"] > self.park)]["issue_id"]
        self.merged, self.emptied = small.iloc[0], small.iloc[1]
        self.emptied_opinions = opinions.loc[
            opinions["issue_id"] == self.emptied, "opinion_id"
        ].tolist()
        aside = self.before["set_aside"]
        silent = aside[aside["stage"] == "opinions"]
        self.back, self.aside = (
            piece_id(row.answer_id, row.start, row.end) for row in silent.head(2).itertuples()
        )
        self.words = self.texts[self.hidden][:4]

    def decisions(self):
        hidden = Hidden(((0, 4),), text_key(self.texts[self.hidden]))
        rows = [
            self.say(self.first, "goal_id", "1", value_seen="0"),
            self.say(self.first, "goal_id", "4", value_seen="1", reason="通院の足の話"),
            *(self.say(own, "goal_id", "4") for own in self.decided),
            self.say(self.moved, "issue_id", self.bus, value_seen=self.snow, reviewer="鈴木"),
            self.say(self.moved, "kind", "praise"),
            self.say(self.made, "issue_id", "I901", value_seen=self.snow, reviewer="鈴木"),
            self.say("I901", "title", "雪かきの人手", text=self.texts[self.made]),
            *(self.say(own, "issue_id", "0") for own in self.emptied_opinions),
            self.say(self.merged, "merge_into", self.park, reviewer="山本", reason="同じ話"),
            self.say(self.park, "status", "採用", reviewer="山本"),
            self.say(self.snow, "goal_id", "6", value_seen="0", reviewer="山本"),
            self.say(self.bus, "title", "バスと電車"),
            self.say(self.bus, "goal_id", "1"),
            self.say(self.bus, "goal_id", "machine", value_seen="1"),
            self.say(self.hidden, "personal", write_hidden(hidden)),
            self.say(self.back, "restore", "1", text="特になし"),
            self.say(GONE, "goal_id", "3", text="もうない声"),
        ]
        occasion = Occasion("田中", "2026-05-01T09:00:00+09:00", "r1")
        kept = number_issues(
            (), self.before["opinions"], self.before["machine_issues"], occasion
        ).rows
        numbered = [
            own._replace(
                decision_id=f"D{number:03d}", decided_at=f"2026-05-02T10:{number:02d}:00+09:00"
            )
            for number, own in enumerate(rows, start=1)
        ]
        return [*kept, *numbered]

    def say(self, target, field, value, **other):
        text = self.voices.get(target) or self.texts.get(target, "")
        own = Decision("", target, field, "", value, "田中", "", "", "r1", text)
        return own._replace(**other)


@pytest.fixture(scope="module")
def story(sample_run):
    return Story(sample_run)


@pytest.fixture(scope="module")
def decided(story, tmp_path_factory):
    folder = tmp_path_factory.mktemp("explain")
    with (folder / "decisions.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *story.decisions()])
    study = load_study(SAMPLE / "study.toml")
    study = study.model_copy(update={"decisions": str(folder / "decisions.csv")})
    return run_study(study, SAMPLE, folder / "run")


@pytest.fixture(scope="module")
def result(decided):
    return load_result(decided)


@pytest.fixture(scope="module")
def view(result):
    return lambda own: explain(result, own).view


@pytest.fixture(scope="module")
def told(result):
    return lambda own: "\n".join(render(explain(result, own), 200))


# Opinions


def test_an_opinion_is_told_with_the_place_where_it_was_written(view, told, decided, story):
    answers = tables.load_table("answers", decided / "tables").set_index("answer_id")
    for own in (story.first, story.moved):
        found, text = view(own), told(own)
        answer = answers.loc[found.origin.answer_id]
        raw = answer["raw_text"][found.start : found.end]
        assert found.text == raw == story.texts[own]
        for shown in ("file", "locator", "question", "respondent_id"):
            assert answer[shown] in text
        assert f"回答の {found.start + 1}〜{found.end}文字目" in text


def test_attributes_and_the_rest_of_an_answer_are_not_told(result):
    answers = result.tables["answers"]
    assert "raw_text" not in answers
    row = answers[answers["attr_年代"] != ""].iloc[0]
    shown = "\n".join(render(explain(result, row["answer_id"]), 200))
    assert row["attr_年代"] not in shown.replace(row["locator"], "")


def test_a_repeated_wording_is_counted_and_follows_the_decision_on_its_like(view, told, story):
    first, repeat = view(story.first), view(story.repeat)
    assert first.first_of == repeat.first_of == story.first
    assert story.repeat in first.alike
    assert len(first.alike) == len(repeat.alike)
    (given,) = repeat.goal.decided
    assert (given.target_id, given.after[:1]) == (story.first, "4")
    assert f"〔同じ文面の意見への判断 {story.first}〕" in told(story.repeat)
    assert f"{story.first} と同じ文面として数える" in told(story.repeat)


def test_a_replaced_decision_and_the_one_in_force_are_both_told(view, story):
    outcomes = {own.decision_id: own.outcome for own in view(story.first).decisions}
    assert outcomes["D001"] == "後の判断で置きかえ"
    assert outcomes["D002"] == "使っている"


def test_the_machines_goal_stands_beside_a_persons(view, told, story, shipped_plan):
    found = view(story.first).goal
    assert found.goal == f"4 {shipped_plan.goal('4').name}"
    assert found.assigned_by == "田中"
    text = told(story.first)
    assert "決めた人" in text
    assert "理由: 通院の足の話" in text
    assert f"機械の案          {found.machine_goal or NO_GOAL}" in text


def test_an_opinion_that_was_moved_names_who_moved_it_and_where_from(view, told, story):
    found = view(story.moved)
    assert (found.issue.issue_id, found.machine_issue.issue_id) == (story.bus, story.snow)
    assert [own.reviewer for own in found.moves] == ["鈴木"]
    assert (found.kind, found.machine_kind != found.kind) == ("よい点", True)
    text = told(story.moved)
    assert "移した人          鈴木 2026-05-02 10:" in text
    assert f"機械の案          {story.snow} 除雪・雪道" in text


def test_the_topic_of_an_opinion_is_told_with_its_words(view, told, decided, story):
    found = view(story.made)
    topics = [own for own in found.terms if own.is_topic]
    assert topics
    assert {own.heading for own in topics} <= {"除雪・雪道"}
    for own in topics:
        pieces = [found.text[a - found.start : b - found.start] for a, b in own.spans]
        assert own.words == "…".join(pieces)
        assert f"「{own.words}」" in told(story.made)
    stored = tables.load_table("concepts", decided / "tables")
    assert len(found.terms) == (stored["opinion_id"] == story.made).sum()


def test_an_opinion_follows_its_merged_issue_and_says_so(view, told, result, story):
    opinions = result.tables["opinions"]
    own = opinions.loc[opinions["machine_issue_id"] == story.merged, "opinion_id"].iloc[0]
    found = view(own)
    assert found.issue.issue_id == story.park
    assert found.moves == ()
    assert [one.reviewer for one in found.merges] == ["山本"]
    assert "統合した人        山本" in told(own)


def test_an_opinion_under_an_issues_decided_goal_names_that_decision(view, result, story):
    opinions = result.tables["opinions"]
    rows = opinions[(opinions["issue_id"] == story.snow) & (opinions["assigned_by"] == "山本")]
    (given,) = view(rows["opinion_id"].iloc[0]).goal.decided
    assert (given.target_id, given.about) == (story.snow, "課題への判断")


def test_what_was_learnt_names_the_decisions_that_taught_it(view, told, result):
    lessons = result.tables["lessons"]
    own = lessons["opinion_id"].iloc[0]
    found = view(own).lessons
    assert len(found) == (lessons["opinion_id"] == own).sum()
    assert [one.effect for one in found] == sorted((one.effect for one in found), reverse=True)
    assert all(one.voice and one.decision for one in found)
    assert "■ 機械の案を動かした、人の判断" in told(own)


def test_the_words_for_a_goal_are_told_with_their_reasons(view, told, result):
    opinions = result.tables["opinions"]
    by_machine = opinions[(opinions["goal_id"] != "") & (opinions["assigned_by"] == "machine")]
    own = by_machine["opinion_id"].iloc[0]
    found = view(own).goal
    assert found.why is not None
    assert found.why.words[0].word in told(own)
    assert "機械の案のまま" in told(own)


def test_hidden_words_are_told_nowhere(told, result, story):
    for own in (story.hidden, story.park, story.bus):
        text = told(own)
        assert story.texts[story.hidden] not in text
    assert f"「［個人情報］{story.texts[story.hidden][4:]}」" in told(story.hidden)
    assert "人が個人情報を伏せた" in told(story.hidden)
    assert all(
        story.texts[story.hidden] not in own.text for own in result.tables["opinions"].itertuples()
    )


# Issues


def test_an_issue_is_told_with_what_people_changed(view, told, story):
    found, text = view(story.bus), told(story.bus)
    assert (found.title, found.machine_title) == ("バスと電車", "公共交通")
    assert [own.opinion_id for own in found.moved_in] == [story.moved]
    assert found.moved_in[0].other_id == story.snow
    assert found.moved_out == ()
    assert f"{story.moved} 「" in text
    assert f"もと: {story.snow} 除雪・雪道、移した人: 鈴木" in text
    assert "機械の題          公共交通" in text


def test_a_decision_that_was_taken_back_says_so(view, story):
    outcomes = [own.outcome for own in view(story.bus).decisions if own.field == "目標"]
    assert outcomes == ["後の判断で置きかえ", "機械の案にもどしている"]


def test_an_issue_names_what_was_moved_out_of_it(view, story):
    found = view(story.snow)
    assert {own.opinion_id for own in found.moved_out} == {story.moved, story.made}
    assert {own.other_id for own in found.moved_out} == {story.bus, "I901"}
    assert found.goal is not None
    assert found.goal.assigned_by == "山本"


def test_an_issue_names_what_was_merged_into_it_and_no_opinion_of_that_as_moved(view, told, story):
    found = view(story.park)
    assert [own.issue_id for own in found.absorbed] == [story.merged]
    assert found.moved_in == ()
    assert found.status == "採用"
    assert found.reviewed_by == "山本"
    assert f"統合された課題    {story.merged} " in told(story.park)


def test_a_merged_issue_says_where_it_is_now(view, told, story):
    found, text = view(story.merged), told(story.merged)
    assert not found.is_there
    assert found.merged_into[0] == story.park
    assert f"この課題はもうありません。{story.park} 公園・遊具 に統合されました。" in text
    assert "理由: 同じ話" in text


def test_an_emptied_issue_says_where_its_opinions_are(view, told, story):
    found, text = view(story.emptied), told(story.emptied)
    assert (found.is_there, found.outcome) == (False, "emptied")
    assert sum(number for _, _, number in found.whereabouts) == found.machine_size[0]
    assert "意見がすべて、ほかへ移されました" in text
    assert "どの課題にも入っていない（5件）" in text


def test_an_issue_that_people_made_says_so(view, told, story):
    assert view("I901").outcome == ""
    assert [own.opinion_id for own in view("I901").moved_in] == [story.made]
    assert "（人が作った課題）" in told("I901")


def test_an_issue_that_nobody_touched_is_as_the_machine_made_it(sample_run):
    found = load_result(sample_run)
    text = "\n".join(render(explain(found, "I001"), 160))
    assert "機械の題          同じ" in text
    assert "そのまま（機械の案では、" in text
    assert "かかわる人の判断（0件）" in text
    assert "まだ判定していない" in text


def test_a_decision_on_an_issue_that_has_another_number_now_says_which(decided, story):
    found = load_result(decided)
    applied = found.tables["applied_decisions"].copy()
    own = (applied["target_id"] == story.park) & (applied["field"] == "status")
    applied.loc[own, "target_id"] = story.snow  # as a file without rows of members may have it
    changed = replace(found, tables={**found.tables, "applied_decisions": applied})
    for issue in (story.snow, story.park):
        (told,) = (one for one in explain(changed, issue).view.decisions if one.field == "判定")
        assert told.outcome == f"使っている（この結果では {story.park}）"
    opinions = found.tables["opinions"]
    inside = opinions.loc[opinions["issue_id"] == story.snow, "opinion_id"].iloc[0]
    assert "判定" not in {one.field for one in explain(changed, inside).view.decisions}


# What was set aside, and what is not there


def test_a_piece_that_was_set_aside_names_its_reason(view, told, story):
    found = view(story.aside)
    (piece,) = found.pieces
    assert piece.piece_id == story.aside
    assert piece.reason in told(story.aside)
    assert "意見の切り出し" in told(story.aside)
    assert found.origin.locator in told(story.aside)


def test_a_piece_that_was_brought_back_names_its_opinion(view, told, story):
    found = view(story.back)
    assert found.pieces == ()
    assert len(found.opinions) == 1
    assert "人がもどしたので、もうありません。" in told(story.back)
    ((opinion, _),) = found.opinions
    assert view(opinion).restored
    assert "対象外から戻す" in told(opinion)


def test_an_answer_is_told_with_its_opinions(view, story):
    answer = view(story.first).origin.answer_id
    assert story.first in {own for own, _ in view(answer).opinions}


def test_what_is_only_in_the_record_of_decisions_says_why(view, told):
    assert isinstance(view(GONE), LostView)
    assert "この意見が、いまの回答にありません" in told(GONE)
    assert "この結果にはありません" in told(GONE)


@pytest.mark.parametrize(
    ("asked", "near"), [("I3", "I003"), ("I9999", "I"), ("A000", ""), ("バス", "意見（O…）")]
)
def test_an_unknown_number_is_wrong_usage_and_names_ones_like_it(asked, near, result):
    with pytest.raises(UsageError) as caught:
        explain(result, asked)
    assert f"「{asked}」は、この結果にありません" in str(caught.value)
    assert near in str(caught.value)


def test_a_mistyped_opinion_is_found_among_those_like_it(result, story):
    with pytest.raises(UsageError, match=story.first):
        explain(result, story.first[:-1] + "9")


def test_numbers_may_be_written_full_width_and_small(view):
    assert view("ｉ００１").issue_id == "I001"


# The whole


def test_everything_of_a_run_can_be_explained_in_any_width(result):
    opinions, issues = result.tables["opinions"], result.tables["machine_issues"]
    aside = result.tables["set_aside"]["answer_id"]
    ids = [*opinions["opinion_id"][::40], *issues["issue_id"][::7], *aside[::20]]
    for width in (60, 110):
        for own in ids:
            lines = render(explain(result, own), width)
            assert max(map(width_of, lines)) <= width
            assert all(line == line.rstrip() for line in lines)


def test_a_changed_plan_is_noted(decided, tmp_path, plan_path):
    shutil.copytree(decided, tmp_path / "run")
    own = tmp_path / "run" / "plan.toml"
    own.write_text(plan_path.read_text("utf-8") + "\n# 別の版\n", "utf-8")
    study = (tmp_path / "run" / "study.toml").read_text("utf-8")
    (tmp_path / "run" / "study.toml").write_text(
        study.replace('"nishitokyo-4"', '"plan.toml"'), "utf-8"
    )
    assert "計画ファイルが" in render(explain(load_result(tmp_path / "run"), "I001"), 200)[-1]


def test_a_folder_that_is_no_run_cannot_be_read(tmp_path):
    with pytest.raises(InputError, match=r"manifest\.json"):
        load_result(tmp_path)


# The command


@click.group()
def group():
    """Stand-in for the whole command."""


group.add_command(explain_command)


def call(*arguments):
    return CliRunner(env={"COLUMNS": "120"}).invoke(group, ["explain", *map(str, arguments)])


def test_the_command_takes_a_run_and_a_number(decided, story):
    done = call(decided, story.bus)
    assert done.exit_code == 0, done.exception
    assert done.stdout.startswith(f"課題 {story.bus} バスと電車\n")
    assert done.stderr == ""


def test_without_a_run_the_newest_one_is_taken_and_named(tmp_path, monkeypatch, decided):
    (tmp_path / "outputs").mkdir()
    for name, age in (("古い", 1_000), ("新しい", 2_000), (".kadai-x", 3_000)):
        shutil.copytree(decided, tmp_path / "outputs" / name)
        os.utime(tmp_path / "outputs" / name / "manifest.json", (age, age))
    monkeypatch.chdir(tmp_path)
    done = call("I001")
    assert done.exit_code == 0, done.exception
    assert str(Path("outputs") / "新しい") in done.stderr
    monkeypatch.chdir(tmp_path / "outputs" / "古い")
    assert newest_run(Path.cwd()) == tmp_path / "outputs" / "古い"


def test_without_any_run_the_usage_is_wrong(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert isinstance(call("I001").exception, UsageError)


def test_more_than_one_number_is_wrong_usage(decided):
    assert isinstance(call(decided, "I001", "I002").exception, UsageError)


def test_the_commands_help_is_japanese():
    shown = call("--help").stdout
    assert "使い方: " in shown
    assert "[結果のフォルダー] 番号" in shown
    assert "Show this message" not in shown
