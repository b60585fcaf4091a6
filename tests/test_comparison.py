"""Comparison of runs: nothing is claimed that was not counted, and the order does not matter."""

from __future__ import annotations

import csv
import itertools
import json
import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import tables as table_shapes
from pipeline.comparison.change import common_unit, compare_runs, tabulate_changes
from pipeline.comparison.counting import OPINIONS, PEOPLE
from pipeline.comparison.files import as_file
from pipeline.comparison.judging import LEVEL, Change, Draft, Side, Sides
from pipeline.comparison.lines import render
from pipeline.comparison.match import TERM, TOPIC, WORD, likeness, match_issues
from pipeline.comparison.notes import not_by_word, remarks
from pipeline.comparison.profile import Uses, dump_profile, load_profile
from pipeline.comparison.profiling import make_profile as profile_of
from pipeline.comparison.slope import spread
from pipeline.comparison.waves import compare_waves
from pipeline.errors import InputError
from pipeline.wording import (
    CHANGES,
    GONE,
    GROWN,
    KEPT,
    NEW,
    ONLY_BEFORE,
    ONLY_NOW,
    PART,
    SAME_VOICES,
    SHRUNK,
)
from tests.compare_fixture import BUS, PARK, SHOP, SNOW, Made, make_profile
from tests.report_fixture import RAW_MARK, make_manifest, make_tables

TURNED = {
    NEW: GONE, GONE: NEW, GROWN: SHRUNK, SHRUNK: GROWN, KEPT: KEPT, PART: PART,
    ONLY_NOW: ONLY_BEFORE, ONLY_BEFORE: ONLY_NOW,
}  # fmt: skip

FEW = settings(max_examples=25)

HEADINGS = ("公共交通", "除雪・雪道", "公園・遊具", "身近な買い物", "防災", "")


@st.composite
def profiles(draw: st.DrawFn, run_id: str = "r1"):
    sizes = st.dictionaries(st.sampled_from(HEADINGS), st.integers(1, 60), min_size=1, max_size=3)
    made = draw(st.lists(sizes, min_size=0, max_size=6))
    words = st.lists(st.sampled_from("雪バス店道公"), min_size=1, max_size=3, unique=True)
    issues = [Made(f"課題{number}", own, tuple(draw(words))) for number, own in enumerate(made)]
    used = draw(st.dictionaries(st.sampled_from("雪バス店道公"), st.integers(2, 90)))
    return make_profile(issues, draw(st.integers(60, 200)), run_id, used)


def kinds(comparison):
    return {own.title or own.previous_title: own.kind for own in comparison.changes}


@FEW
@given(profiles())
def test_a_run_beside_itself_has_changed_in_nothing(own):
    for change in compare_runs(own, own).changes:
        assert change.kind == KEPT
        assert change.difference == 0
        assert change.issue_id == change.previous_issue_id or change.likeness == pytest.approx(1)


@FEW
@given(profiles("r1"), profiles("r2"))
def test_turned_round_new_is_gone_and_grown_is_shrunk(old, new):
    there, back = compare_runs(old, new), compare_runs(new, old)
    found = {(own.previous_issue_id, own.issue_id): own for own in there.changes}
    turned = {(own.issue_id, own.previous_issue_id): own for own in back.changes}
    assert found.keys() == turned.keys()
    for key, own in found.items():
        assert turned[key].kind == TURNED[own.kind]
        if not math.isnan(own.difference):
            assert turned[key].difference == pytest.approx(-own.difference)


@FEW
@given(profiles("r1"), profiles("r2"))
def test_every_issue_of_both_runs_stands_in_the_table_once(old, new):
    table = tabulate_changes(compare_runs(old, new))
    now, before = table["issue_id"], table["previous_issue_id"]
    assert sorted(now[now != ""]) == [own.issue_id for own in new.issues]
    assert sorted(before[before != ""]) == [own.issue_id for own in old.issues]
    assert set(table["change"]) <= set(CHANGES)
    known = table.dropna(subset=["share"])
    assert (known["share_low"] <= known["share"] + 1e-6).all()
    assert (known["n_respondents"] <= known["n_base"]).all()


@FEW
@given(profiles())
def test_likeness_is_between_nothing_and_the_same(own):
    found = likeness(own, own)
    assert ((found >= 0) & (found <= 1)).all()


@FEW
@given(profiles())
def test_a_profile_that_was_kept_is_the_same_profile(own):
    assert load_profile(dump_profile(own), "previous.json") == own


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"format":9}', b'{"format":1}', b"\xff"])
def test_what_is_no_profile_is_refused(content):
    with pytest.raises(InputError, match=r"previous\.json"):
        load_profile(content, "previous.json")


def test_an_issue_that_nobody_spoke_of_before_is_new_and_turned_round_gone():
    old, new = make_profile([BUS, PARK], run_id="r1"), make_profile([BUS, PARK, SNOW], run_id="r2")
    assert kinds(compare_runs(old, new)) == {BUS.title: KEPT, PARK.title: KEPT, SNOW.title: NEW}
    assert kinds(compare_runs(new, old))[SNOW.title] == GONE


def test_a_handful_of_people_make_no_new_issue():
    few = SNOW._replace(headings={"除雪・雪道": 3})
    old, new = make_profile([BUS], run_id="r1"), make_profile([BUS, few], run_id="r2")
    assert kinds(compare_runs(old, new))[SNOW.title] == ONLY_NOW


def test_twice_as_many_people_are_growth_and_the_interval_holds_the_difference():
    more = BUS._replace(headings={"公共交通": 120})
    old = make_profile([BUS, PARK, SNOW], run_id="r1")
    new = make_profile([more, PARK, SNOW], run_id="r2")
    change = next(own for own in compare_runs(old, new).changes if own.title == BUS.title)
    assert change.kind == GROWN
    assert change.difference == pytest.approx(0.15)
    low, high = change.interval
    assert 0 < low < change.difference < high


def test_an_issue_that_became_a_part_of_another_is_not_gone_and_the_sums_are_compared():
    both = Made("店と公園", {"身近な買い物": 60, "公園・遊具": 30}, ("店", "公園"))
    shop = SHOP._replace(headings={"身近な買い物": 60})
    old, new = make_profile([shop, PARK], run_id="r1"), make_profile([both], run_id="r2")
    found = {own.previous_title: own for own in compare_runs(old, new).changes}
    assert found[PARK.title].kind == PART
    assert "I001「店と公園」に含まれています" in found[PARK.title].note
    pair = found[shop.title]
    assert pair.kind == KEPT
    assert pair.old.n == pair.new.n >= 60  # people of both, each once
    assert "I002「公園」を合わせた人数" in pair.note


def test_a_small_part_of_a_large_issue_that_grew_is_not_lost_in_the_sum():
    large = Made("交通", {"公共交通": 200, "除雪・雪道": 8}, ("バス", "便"))
    bus = Made("交通", {"公共交通": 200}, ("バス", "便"))
    old, new = (
        make_profile([large, PARK], run_id="r1"),
        make_profile([bus, SNOW, PARK], run_id="r2"),
    )
    change = next(own for own in compare_runs(old, new).changes if own.title == SNOW.title)
    assert change.kind == GROWN
    assert (change.old.n, change.new.n) == (8, 40)
    assert "前回はI001「交通」に含まれていました" in change.note


def test_an_issue_that_only_fell_apart_is_not_gone():
    """Its heading is still spoken of as often, but in no issue of its own."""
    apart = [
        Made(title, {heading: n, "除雪・雪道": 20})
        for title, heading, n in (("バス", "公共交通", 60), ("公園", "公園・遊具", 60))
    ]
    whole = [Made("バス", {"公共交通": 60}), Made("公園", {"公園・遊具": 60}), SNOW]
    old, new = make_profile(whole, run_id="r1"), make_profile(apart, run_id="r2")
    change = next(own for own in compare_runs(old, new).changes if own.previous_title == SNOW.title)
    assert change.kind in {KEPT, PART}


def test_another_way_of_putting_opinions_together_is_no_growth():
    """The issue took up another heading's voices; the same headings are spoken of as before."""
    wide = Made("バスの便数", {"公共交通": 60, "防災": 50}, ("バス", "便"))
    rest = Made("防災", {"防災": 20, "除雪・雪道": 40}, ("雪", "除雪"))
    storm = Made("雪と防災", {"防災": 70, "除雪・雪道": 40}, ("雪", "除雪"))
    old, new = make_profile([BUS, storm], run_id="r1"), make_profile([wide, rest], run_id="r2")
    change = next(own for own in compare_runs(old, new).changes if own.title == BUS.title)
    assert (change.old.n, change.new.n) == (60, 110)
    assert change.kind == KEPT
    assert change.p_adjusted > 0.05
    assert "まとめ方の違いかもしれません" in change.note


DINOSAURS = ("恐竜", "博物館", "世界")


def test_an_issue_of_which_few_opinions_have_a_heading_is_found_by_its_words():
    """Two of its nineteen opinions name the museum: they do not make it a part of culture."""
    culture = Made("文化", {"文化・芸術": 76}, ("文化", "芸術"))
    before = Made("恐竜", {"": 15, "文化・芸術": 4}, DINOSAURS)
    now = Made("恐竜", {"": 23, "満足": 2}, ("恐竜", "頼る", "世界"))
    old = make_profile([culture, before], run_id="r1")
    new = make_profile([culture, now], run_id="r2")
    found = match_issues(old, new)
    assert {(own.old, own.new) for own in found.pairs} == {("I001", "I001"), ("I002", "I002")}
    assert found.old_inside == found.new_inside == {}


def test_an_issue_that_only_looks_alike_is_no_part_of_a_larger_one():
    culture = Made("文化", {"文化・芸術": 76}, ("文化", "芸術"))
    before = Made("恐竜", {"": 15, "文化・芸術": 4}, DINOSAURS)
    old = make_profile([culture, before], run_id="r1", vocabulary={"恐竜": 19})
    new = make_profile([culture, BUS], run_id="r2", vocabulary={"恐竜": 18})
    assert match_issues(old, new).old_inside == {}
    change = next(own for own in compare_runs(old, new).changes if own.previous_title == "恐竜")
    assert (change.old.n, change.new.n) == (19, 18)


@pytest.mark.parametrize(
    ("shop", "both", "kind"),
    [(60, 20, SHRUNK), (30, 20, KEPT)],
    ids=["shrunk both ways", "only the part is gone"],
)
def test_a_change_is_claimed_only_if_it_holds_without_what_was_merged(shop, both, kind):
    """Shops and parks stood apart and are one issue now; of the parks hardly anybody speaks."""
    apart = [SHOP._replace(headings={"身近な買い物": shop}), PARK._replace(headings={"公園": 29})]
    one = Made("店と公園", {"身近な買い物": both, "公園": 15}, ("店", "買い物"))
    old, new = make_profile(apart, run_id="r1"), make_profile([one, BUS], run_id="r2")
    found = {own.previous_title: own for own in compare_runs(old, new).changes}
    pair = found[SHOP.title]
    assert pair.kind == kind
    assert (pair.old.n, pair.new.n) == (shop, both)
    assert "I002「公園」は入れずに比べています。入れると" in pair.note


def test_growth_with_a_part_and_less_without_it_is_no_change():
    whole = Made("店と公園", {"身近な買い物": 60, "公園・遊具": 20}, ("店", "買い物"))
    shop = SHOP._replace(headings={"身近な買い物": 50})
    park = PARK._replace(headings={"公園・遊具": 90})
    old, new = make_profile([whole], run_id="r1"), make_profile([shop, park], run_id="r2")
    found = {own.title: own for own in compare_runs(old, new).changes}
    assert found[park.title].kind == GROWN  # by its own heading
    assert found[shop.title].kind == KEPT
    assert found[shop.title].p_value == 1.0
    assert "増減が逆になる" in found[shop.title].note


def test_where_only_a_word_was_counted_there_is_no_p_value():
    hope = Made("期待する", {"": 60}, ("期待",))
    old = make_profile([BUS, hope], run_id="r1", vocabulary={"期待": 145})
    new = make_profile([BUS], run_id="r2", vocabulary={"期待": 76})
    change = next(own for own in compare_runs(old, new).changes if own.previous_title == hope.title)
    assert change.kind == KEPT
    assert change.difference < 0
    assert math.isnan(change.p_value)
    assert math.isnan(change.p_adjusted)
    assert "課題の変化とまではいえません" in change.note


@FEW
@given(profiles("r1"), profiles("r2"))
def test_a_change_that_is_not_claimed_shows_no_p_value_of_a_claim(old, new):
    claimed = {NEW, GROWN, SHRUNK, GONE}
    for change in compare_runs(old, new).changes:
        assert (change.kind in claimed) == (change.p_adjusted < LEVEL)


def test_runs_of_the_same_answers_are_told_apart_from_waves():
    own = make_profile([BUS], run_id="r1", vocabulary={"バス": 60})
    again = replace(own, run_id="r2")
    assert remarks(own, own, "人")[0] == remarks(own, again, "人")[0] == SAME_VOICES
    assert SAME_VOICES not in remarks(own, replace(again, vocabulary={"バス": Uses(61, 61)}), "人")


@given(st.lists(st.floats(0, 200), min_size=1, max_size=8).map(sorted))
def test_labels_keep_their_order_and_distance_and_stay_inside(wanted):
    placed = spread(wanted, 13.0, 0.0, 200.0)
    assert placed[0] >= -1e-6
    assert placed[-1] <= 200 + 1e-6
    assert all(b - a >= 13 - 1e-6 for a, b in itertools.pairwise(placed))


def test_labels_that_stand_apart_stay_beside_their_points():
    assert spread([10.0, 50.0, 90.0], 13.0, 0.0, 200.0) == [10.0, 50.0, 90.0]


def test_a_topic_that_the_dictionary_does_not_know_is_looked_up_by_its_word():
    solar = Made("メガソーラー", {"": 40}, ("メガソーラー", "反対"))
    used = {"メガソーラー": 38, "反対": 80}
    new = make_profile([BUS, solar], run_id="r2", vocabulary=used)
    silent = make_profile([BUS], run_id="r1")
    assert kinds(compare_runs(silent, new))[solar.title] == ONLY_NOW
    assert kinds(compare_runs(new, silent))[solar.title] == ONLY_BEFORE
    spoken = make_profile([BUS], run_id="r1", vocabulary={"メガソーラー": 30})
    assert kinds(compare_runs(spoken, new))[solar.title] == KEPT
    mute = make_profile([BUS, solar], run_id="r2")
    assert kinds(compare_runs(silent, mute))[solar.title] == ONLY_NOW


def test_one_good_pair_is_worth_more_than_two_poor_ones():
    same = Made("同じ", {"公共交通": 30, "防災": 10})
    half = Made("半分", {"公共交通": 12, "公園・遊具": 28})
    other = Made("別", {"防災": 28, "公共交通": 12})
    old, new = make_profile([same, half], run_id="r1"), make_profile([other, same], run_id="r2")
    pairs = {(own.old, own.new) for own in match_issues(old, new).pairs}
    assert ("I001", "I002") in pairs


def test_opinions_are_counted_where_most_speakers_are_unknown():
    own = make_profile([BUS])
    pieces = tuple(piece._replace(n_unknown=piece.n_opinions) for piece in own.pieces)
    unknown = replace(own, pieces=pieces, people=())
    assert common_unit((own, unknown)) == OPINIONS
    change = compare_runs(own, unknown).changes[0]
    assert (change.old.n, change.new.n) == (60, 60)
    assert any("意見の数で比べています" in line for line in remarks(own, unknown, OPINIONS))


def test_other_questions_another_dictionary_and_another_plan_are_told():
    own = make_profile([BUS], run_id="r1")
    other = replace(own, run_id="r2", plan="q", dictionary="e", questions={"問2": 60})
    told = "".join(remarks(own, other, "人"))
    for part in (
        "計画が違います",
        "概念辞書が違います",
        "前回だけの質問が1問",
        "今回だけの質問が1問",
    ):
        assert part in told
    assert remarks(own, replace(own, run_id="r2"), "人") == ()


def test_a_profile_holds_no_answer_and_no_respondent_and_does_not_depend_on_row_order():
    tables = make_tables()
    manifest = make_manifest(tables)
    content = dump_profile(profile_of(tables, manifest))
    text = content.decode()
    assert RAW_MARK not in text
    assert "S-1" not in text
    assert not any(one in text for one in tables["opinions"]["text"] if len(one) > 12)
    shuffled = {name: table.sample(frac=1, random_state=3) for name, table in tables.items()}
    assert dump_profile(profile_of(shuffled, manifest)) == content


def test_people_and_opinions_of_a_profile_are_those_of_the_tables():
    tables = make_tables()
    own = profile_of(tables, make_manifest(tables))
    who = dict(zip(tables["answers"]["answer_id"], tables["answers"]["respondent_id"], strict=True))
    speakers = tables["opinions"]["answer_id"].map(who)
    assert own.n_people == speakers[speakers != ""].nunique()
    assert own.n_opinions == len(tables["opinions"])
    for issue in own.issues:
        assert own.count_people(own.places([issue.issue_id])) == issue.n_respondents


def test_what_the_last_plan_did_is_no_voice():
    tables = make_tables()
    answers = tables["answers"].assign(source_kind="previous_plan")
    own = profile_of(tables | {"answers": answers}, make_manifest(tables))
    assert (own.n_people, own.n_opinions, own.issues) == (0, 0, ())


def test_three_waves_are_compared_step_by_step_and_from_first_to_last():
    grown = [BUS._replace(headings={"公共交通": n}) for n in (40, 80, 120)]
    waves = compare_waves(
        [make_profile([own, PARK], run_id=f"r{n}") for n, own in enumerate(grown, start=1)]
    )
    assert len(waves.steps) == 2
    line = next(own for own in waves.lines if own.title == BUS.title)
    assert [side.n for side in line.sides] == [40, 80, 120]
    assert line.change.kind == GROWN


def test_a_run_without_issues_can_be_compared():
    table = tabulate_changes(compare_runs(make_profile([]), make_profile([BUS], run_id="r2")))
    assert table["change"].tolist() == [NEW]
    assert tabulate_changes(None).equals(table_shapes.empty("comparison"))


def test_words_are_counted_by_people_and_by_opinions_apart():
    """Forty opinions of nobody in particular are no forty people, and claim nothing."""
    tables = make_tables()
    own = profile_of(tables, make_manifest(tables))
    assert own.vocabulary
    for used in own.vocabulary.values():
        assert used.n_people <= min(used.n_opinions, own.n_people)
    noise = Made("騒音", {"": 50}, ("騒音",))
    new = make_profile([BUS, noise], run_id="r2")
    old = replace(make_profile([BUS], run_id="r1"), vocabulary={"騒音": Uses(10, 10)})
    few = replace(new, vocabulary={"騒音": Uses(n_people=30, n_opinions=50)})
    for unit, counts in ((PEOPLE, (10, 30)), (OPINIONS, (10, 50))):
        change = next(own for own in compare_runs(old, few, unit).changes if own.title == "騒音")
        assert (change.old.n, change.new.n) == counts
        assert change.kind == KEPT


@FEW
@given(profiles("r1"), profiles("r2"))
def test_what_a_word_alone_tells_is_never_claimed(old, new):
    claimed = {NEW, GROWN, SHRUNK, GONE}
    for change in compare_runs(old, new).changes:
        if "という語を使った声" in change.note:
            assert change.kind not in claimed
            assert math.isnan(change.p_value)


def test_every_step_of_three_waves_tells_what_makes_it_hard_to_compare():
    first, last = make_profile([BUS], run_id="r1"), make_profile([BUS], run_id="r3")
    other = replace(
        make_profile([BUS], run_id="r2"), questions={"バスについて": 60}, sources={"meeting": 60}
    )
    waves = compare_waves([first, other, last])
    assert waves.remarks == ()
    for told in waves.step_remarks:
        assert any("集めた場" in line for line in told)
    steps, _, overall = "\n".join(render(waves, 100)).partition("■ 最初から最後まで")
    assert steps.count("集めた場") == 2
    assert "集めた場" not in overall
    rows = list(csv.DictReader(as_file(waves, ".csv").decode("utf-8-sig").splitlines()))
    told = {row["比べた回"]: row["比べるときに気を付けること"] for row in rows}
    assert ["集めた場" in told[step] for step in told] == [True, True, False]


def test_an_issue_that_people_rejected_is_counted_and_not_drawn():
    def run(n, status, run_id):
        own = make_profile([BUS._replace(headings={"公共交通": n}), PARK], run_id=run_id)
        judged = tuple(
            replace(one, status=status if one.title == BUS.title else "") for one in own.issues
        )
        return replace(own, issues=judged)

    waves = compare_waves([run(40, "", "r1"), run(120, "却下", "r2")])
    change = next(own for own in waves.overall.changes if own.title == BUS.title)
    assert (change.kind, change.status) == (GROWN, "却下")
    assert BUS.title not in {line.title for line in waves.lines}
    assert f"{BUS.title}（却下）" in "\n".join(render(waves, 120))


def _set(*path_and_value):
    *path, last, value = path_and_value

    def damage(values):
        for step in path:
            values = values[step]
        values[last] = value

    return damage


@pytest.mark.parametrize(
    "damage",
    [
        _set("pieces", 0, 3, "30"),
        _set("pieces", 0, 3, -1),
        _set("pieces", 0, 4, 10_000),
        _set("pieces", 0, 0, "I999"),
        _set("pieces", 0, ["I001"]),
        _set("people", 0, 0, "30"),
        _set("people", 0, 0, -10),
        _set("people", 0, 0, 1.5),
        _set("people", 0, 1, [99]),
        _set("people", 0, 1, [-1]),
        _set("people", 0, 1, [1, 0]),
        _set("people", 0, 1, []),
        _set("vocabulary", [1]),
        _set("vocabulary", "バス", 60),
        _set("vocabulary", "バス", [500, 500]),
        _set("vocabulary", "バス", [3, 2]),
        _set("title", 5),
        _set("title", "\ud800"),
        _set("questions", None),
        _set("sources", {"survey": "60"}),
        _set("issues", 0, "terms", None),
        _set("issues", 0, "terms", {"バス": math.nan}),
        _set("issues", 0, "issue_id", ""),
        _set("n_answers", True),
        _set("more", 1),
        lambda values: values.pop("plan"),
        lambda values: values["issues"].reverse(),
        lambda values: values["people"].reverse(),
    ],
)
def test_a_kept_profile_that_was_damaged_is_refused(damage):
    values = json.loads(
        dump_profile(make_profile([BUS, PARK], run_id="r1", vocabulary={"バス": 60}))
    )
    damage(values)
    with pytest.raises(InputError, match="前回の結果の要約を読めません"):
        load_profile(json.dumps(values).encode(), "previous.json")


def test_no_cell_of_a_file_begins_a_formula():
    titles = ("=HYPERLINK(1)", "@SUM(1)", "+1", "-1", "＝1")
    made = [Made(title, {title: 20}) for title in titles]
    waves = compare_waves([make_profile(made, run_id=run_id) for run_id in ("r1", "r2")])
    rows = list(csv.reader(as_file(waves, ".csv").decode("utf-8-sig").splitlines()))
    shown = {cell for row in rows for cell in row if cell.lstrip("'") in titles}
    assert shown == {f"'{title}" for title in titles}
    assert "-1" not in {cell for row in rows for cell in row}


def drafted(kind, old, new, *, alone=False, by_word=False):
    change = Change("I1", "", "題", "", kind, old, new, math.nan, math.nan, math.nan, "注")
    return Draft(change, alone=alone, by_word=by_word)


def test_an_issue_of_which_nothing_can_be_counted_before_stands_in_this_run_only():
    own = drafted(ONLY_NOW, None, Side(10, 100), alone=True, by_word=True).judged(math.nan)
    assert (own.kind, own.note) == (ONLY_NOW, "注")


def test_that_a_word_alone_tells_is_said_only_where_it_would_have_told():
    draft = drafted(ONLY_NOW, Side(1, 100), Side(30, 100), alone=True, by_word=True)
    assert draft.judged(LEVEL).note == "注"
    assert draft.judged(LEVEL / 2).note == "注" + not_by_word()


def test_what_is_part_of_another_or_has_a_partner_is_not_of_one_run_only():
    nobody, few = Side(0, 100), Side(2, 100)
    assert drafted(ONLY_NOW, nobody, few, alone=True).judged(1.0).kind == ONLY_NOW
    assert drafted(PART, nobody, few, alone=True).judged(1.0).kind == PART
    assert drafted(KEPT, nobody, few).judged(1.0).kind == KEPT


def test_what_stays_as_it_was_turns_no_other_way():
    grew, same = (Sides(Side(5, 100), Side(now, 100)) for now in (9, 5))
    shrank = Sides(Side(5, 100), Side(2, 100))
    assert grew.turns(shrank)
    assert shrank.turns(grew)
    assert not grew.turns(same)
    assert not grew.turns(grew)


def test_where_the_sum_tells_less_the_note_gives_the_numbers_without_what_was_merged():
    apart = [SHOP._replace(headings={"身近な買い物": 60}), PARK._replace(headings={"公園": 29})]
    one = Made("店と公園", {"身近な買い物": 20, "公園": 29}, ("店", "買い物"))
    old, new = make_profile(apart, run_id="r1"), make_profile([one, BUS], run_id="r2")
    pair = next(own for own in compare_runs(old, new).changes if own.previous_title == SHOP.title)
    assert (pair.old.n, pair.new.n) == (89, 49)
    assert "合わせないで比べると60人→20人です" in pair.note


@pytest.mark.parametrize(
    ("older", "expected"), [((), "I002"), (("r1",), "I001"), (("r0",), "I002")]
)
def test_a_number_that_was_carried_over_settles_what_is_nearly_a_tie(older, expected):
    one, other = ({"公共交通": 30, "防災": 28}, {"公共交通": 28, "防災": 30})
    first, second = Made("甲", one, ("バス",)), Made("乙", other, ("バス",))
    old = make_profile([first, second], run_id="r1")
    new = replace(make_profile([second, first], run_id="r2"), numbers_from=older)
    assert {pair.old: pair.new for pair in match_issues(old, new).pairs}["I001"] == expected
    assert {pair.new: pair.old for pair in match_issues(new, old).pairs}["I001"] == expected


def test_opinions_under_no_heading_are_as_alike_as_the_words():
    half = {"公共交通": 10, "": 10}
    one = make_profile([Made("バス", half, ("バス", "電車"))])
    other = make_profile([Made("バス", half, ("バス", "船"))])
    words = 1 / (1 + 1 / 4)
    topics = 1 / 2 + words / 2
    expected = (TOPIC * topics + TERM + WORD * words) / (TOPIC + TERM + WORD)
    assert likeness(one, other)[0, 0] == pytest.approx(expected)
