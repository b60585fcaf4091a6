"""Decisions find again what they speak of, and say why where they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.decisions import MEMBERS, Decision, in_force
from pipeline.follow import Followed, corrections_of, follow, memory_of, with_same_wording
from pipeline.identity import wording_key
from pipeline.opinions import text_key
from pipeline.privacy import Hidden, write_hidden
from pipeline.regroup import Changes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def decision(number: int, target: str, field: str, value: str, text: str = "") -> Decision:
    return Decision(
        f"D{number}", target, field, "", value, "田中", "2026-05-01T10:00:00+09:00", "", "r1", text
    )


def members(number: int, issue: str, *texts: str) -> Decision:
    return decision(number, issue, MEMBERS, " ".join(map(wording_key, texts)), f"{issue}の題")


def opinions_of(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["opinion_id", "issue_id", "text"])


NOW = opinions_of(
    ("O1", "I001", "バスがない"),
    ("O2", "I001", "バスが少ない"),
    ("O3", "I002", "道が狭い"),
    ("O4", "I002", "道が暗い"),
    ("O5", "", "ひとりの声"),
)
BUS = members(1, "I001", "バスがない", "バスが少ない")
ROAD = members(2, "I002", "道が狭い", "道が暗い")
KEPT = (BUS, ROAD)


def followed(
    *rows: Decision,
    opinions: pd.DataFrame = NOW,
    restored: Mapping[tuple[str, int, int], Sequence[str]] | None = None,
    hidden: Mapping[str, str] | None = None,
) -> Followed:
    titles = {own: f"{own}の題" for own in sorted({*opinions["issue_id"]} - {""})}
    return follow(rows, opinions, titles, restored, hidden)


def outcome(*rows: Decision, **other: object) -> tuple[str, str]:
    """What the last of these decisions is applied to, and why not."""
    found = followed(*rows, **other)
    assert len(found.decisions) == len(found.why) == len(rows)
    for before, after, why in zip(rows, found.decisions, found.why, strict=True):
        assert after._replace(target_id=before.target_id) == before
        assert bool(after.target_id) is not bool(why)
    return found.decisions[-1].target_id, found.why[-1]


# Opinions


def test_a_decision_on_an_opinion_follows_its_id() -> None:
    assert outcome(decision(1, "O3", "goal_id", "2", "もう別の文")) == ("O3", "")


@pytest.mark.parametrize("text", ["道が狭い", "道が狭い。", "「道が　狭い」", "道が\n狭い"])
def test_where_an_id_changed_a_decision_follows_the_wording(text: str) -> None:
    assert outcome(decision(1, "O99", "kind", "request", text)) == ("O3", "")


def test_of_several_opinions_of_the_wording_the_first_one_is_meant() -> None:
    twice = opinions_of(("O8", "", "道が狭い"), ("O7", "", "道が狭い。"))
    assert outcome(decision(1, "O99", "goal_id", "2", "道が狭い"), opinions=twice) == ("O7", "")


@pytest.mark.parametrize("text", ["道が広い", "", "。"])
def test_a_decision_on_an_opinion_that_is_gone_says_so(text: str) -> None:
    target, why = outcome(decision(1, "O99", "goal_id", "2", text))
    assert (target, why) == ("", "この意見が、いまの回答にありません")


def test_opinions_of_symbols_alone_are_told_apart() -> None:
    now = opinions_of(("O1", "", "！"), ("O2", "", "？"))
    assert outcome(decision(1, "O99", "goal_id", "2", "？"), opinions=now) == ("O2", "")


def test_a_decision_on_a_text_that_is_hidden_does_not_go_to_another_one_that_is() -> None:
    now = opinions_of(("O1", "", "［個人情報］"), ("O2", "", "道が狭い"))
    assert outcome(decision(1, "O99", "goal_id", "2", "［個人情報］"), opinions=now)[0] == ""


def test_without_opinions_no_decision_is_applied() -> None:
    nothing = opinions_of()
    rows = (
        decision(1, "O1", "goal_id", "2", "バスがない"),
        decision(2, "I001", "goal_id", "2", "バスがない"), members(3, "I001", "バスがない"),
        decision(4, "A1@0-3", "restore", "1"), decision(5, "O1", "personal", "all;K1"),
    )  # fmt: skip
    assert {own.target_id for own in followed(*rows, opinions=nothing).decisions} == {""}
    assert all(followed(*rows, opinions=nothing).why)
    assert followed(opinions=nothing) == ((), ())


# What was hidden, and what was brought back


def test_what_was_hidden_follows_its_digest_where_the_id_changed() -> None:
    own = decision(1, "O99", "personal", "0-2;K1", "［個人情報］が狭い")
    assert outcome(own, hidden={"O4": "K1", "O3": "K1", "O2": "K2"}) == ("O3", "")
    assert outcome(own, hidden={"O2": "K2"})[0] == ""


def test_what_was_brought_back_is_applied_to_its_first_opinion() -> None:
    own = decision(1, "A1@0-9", "restore", "1", "特になし")
    assert outcome(own, restored={("A1", 0, 9): ["O1", "O2"]}) == ("O1", "")


def test_a_piece_that_is_gone_says_so() -> None:
    own = decision(1, "A1@0-9", "restore", "1", "特になし")
    for restored in ({}, {("A1", 0, 8): ["O1"]}, {("A2", 0, 9): ["O1"]}):
        assert (
            outcome(own, restored=restored)[1] == "対象外だったこの部分が、いまの回答にありません"
        )


def test_a_comment_on_a_piece_and_one_taken_back_stay_with_it() -> None:
    assert outcome(decision(1, "A1@0-9", "comment", "よい声")) == ("A1@0-9", "")
    assert outcome(decision(1, "A1@0-9", "restore", "machine")) == ("A1@0-9", "")


def test_pieces_to_bring_back_and_words_to_hide_are_known_before_answers_are_split() -> None:
    rows = (
        decision(1, "A1@0-9", "restore", "1"), decision(2, "A1@10-12", "restore", "1"),
        decision(3, "A2@0-4", "restore", "1"), decision(4, "A2@0-4", "restore", "machine"),
        decision(5, "O1", "personal", "0-2 3-4;K1"), decision(6, "O2", "personal", "all;K2"),
        decision(7, "O3", "personal", "all;K3"), decision(8, "O3", "personal", "machine"),
        decision(9, "A3@0-2", "comment", "よい声"), decision(10, "O1", "goal_id", "1"),
    )  # fmt: skip
    found = corrections_of(rows)
    assert found.restored == {("A1", 0, 9), ("A1", 10, 12)}
    assert found.hidden == {"K1": Hidden(((0, 2), (3, 4)), "K1"), "K2": Hidden((), "K2")}


def test_what_was_hidden_through_two_opinions_of_one_wording_is_all_hidden() -> None:
    """A name must not come back because somebody hides another one in a copy of the opinion."""
    key = text_key("山田と田中")
    rows = [
        decision(1, "O1", "personal", write_hidden(Hidden(((0, 2),), key))),
        decision(2, "O2", "personal", write_hidden(Hidden(((3, 5),), key))),
    ]
    assert corrections_of(rows).hidden[key].spans == ((0, 2), (3, 5))
    rows[1] = decision(2, "O2", "personal", write_hidden(Hidden((), key)))
    for order in (rows, rows[::-1]):
        assert corrections_of(order).hidden[key].spans == ()


# Issues that the file keeps


def test_an_issue_that_the_file_keeps_is_followed_by_its_number() -> None:
    """Whatever voices stand in the decision: most of it stayed together."""
    own = decision(3, "I001", "goal_id", "2", "道が狭い\n道が暗い")
    assert outcome(*KEPT, own) == ("I001", "")


def test_where_its_opinions_went_is_told_of_an_issue_that_is_gone() -> None:
    now = opinions_of(
        ("O1", "I003", "バスがない"), ("O2", "I003", "バスがない。"), ("O3", "I002", "バスが少ない"),
        ("O4", "", "バスが少ない"),
    )  # fmt: skip
    target, why = outcome(*KEPT, decision(3, "I001", "status", "採用"), opinions=now)
    assert target == ""
    assert why == (
        "この課題の意見は、まとまっていません"
        "（いまは I003「I003の題」に2件、課題の外に1件、I002「I002の題」に1件）"
    )


def test_only_the_places_with_most_opinions_are_told() -> None:
    texts = "abcde"
    now = opinions_of(*((f"O{n}", f"I01{n}", text) for n, text in enumerate(texts)))
    kept = members(1, "I001", *texts)
    _, why = outcome(kept, decision(2, "I001", "goal_id", "1", "a"), opinions=now)
    assert why.endswith(
        "（いまは I010「I010の題」に1件、I011「I011の題」に1件、I012「I012の題」に1件など）"
    )


def test_an_issue_of_which_no_opinion_is_left_says_so() -> None:
    now = opinions_of(("O3", "I002", "道が狭い"))
    _, why = outcome(*KEPT, decision(3, "I001", "goal_id", "1", "バスがない"), opinions=now)
    assert why == "この課題の意見は、まとまっていません（その意見は、いまの回答にありません）"


def test_rows_that_keep_issues_are_followed_like_decisions_on_them() -> None:
    now = opinions_of(("O1", "I003", "バスがない"), ("O3", "I002", "道が狭い"))
    found = followed(*KEPT, opinions=now)
    assert [own.target_id for own in found.decisions] == ["", "I002"]


# Issues in a file that keeps none


def test_without_rows_that_keep_it_an_issue_is_followed_by_the_voices() -> None:
    own = decision(1, "I009", "goal_id", "2", "道が狭い\n道が暗い\nもうない声")
    assert outcome(own) == ("I002", "")
    assert outcome(own._replace(text="道が狭い\nない声\nない声も")) == (
        "", "代表的な声の半分以上が入る課題が、この結果にありません",
    )  # fmt: skip


def test_a_file_may_keep_some_issues_and_not_others() -> None:
    rows = (
        BUS,
        decision(2, "I001", "status", "採用"),
        decision(3, "I007", "goal_id", "2", "道が暗い"),
    )
    found = followed(*rows)
    assert [own.target_id for own in found.decisions] == ["I001", "I001", "I002"]


def test_without_voices_only_the_number_is_left() -> None:
    assert outcome(decision(1, "I002", "status", "採用")) == ("I002", "")
    assert outcome(decision(1, "I009", "status", "採用")) == (
        "", "この課題が、この結果にありません",
    )  # fmt: skip


# Moves and merges


def test_moves_and_merges_are_changes() -> None:
    rows = (
        *KEPT, decision(3, "O1", "issue_id", "I002"), decision(4, "O3", "issue_id", "0"),
        decision(5, "I002", "merge_into", "I001"),
    )  # fmt: skip
    assert followed(*rows).changes() == Changes({"O1": "I002", "O3": ""}, {"I002": "I001"})


def test_only_what_counts_and_was_not_taken_back_is_a_change() -> None:
    rows = (
        *KEPT, decision(3, "O1", "issue_id", "I002"), decision(4, "O1", "issue_id", "0"),
        decision(5, "O2", "issue_id", "I002"), decision(6, "O2", "issue_id", "machine"),
        decision(7, "I002", "merge_into", "I001"), decision(8, "I002", "merge_into", ""),
        decision(9, "I001", "merge_into", "I002"), decision(10, "I001", "merge_into", "machine"),
        decision(11, "O99", "issue_id", "I001", "ない声"), decision(12, "O3", "goal_id", "1"),
    )  # fmt: skip
    assert followed(*rows).changes() == Changes({"O1": ""}, {})


def test_a_move_to_an_issue_that_is_gone_says_where_its_opinions_are_now() -> None:
    now = opinions_of(
        ("O1", "I003", "バスがない"), ("O2", "I003", "バスが少ない"), ("O3", "I002", "道が狭い"),
    )  # fmt: skip
    for own, called in (
        (decision(3, "O3", "issue_id", "I001"), "移動先"),
        (decision(3, "I002", "merge_into", "I001"), "統合先"),
    ):
        assert outcome(*KEPT, own, opinions=now) == (
            "",
            f"{called}の課題 I001 が、この結果にありません（いまは I003「I003の題」に2件）",
        )


def test_a_move_to_an_issue_that_nobody_knows_says_only_that() -> None:
    _, why = outcome(*KEPT, decision(3, "O3", "issue_id", "I099"))
    assert why == "移動先の課題 I099 が、この結果にありません"


@pytest.mark.parametrize(
    ("target", "field"), [("O3", "issue_id"), ("I002", "merge_into")], ids=["move", "merge"]
)
def test_an_older_decision_does_not_come_back_because_the_last_one_leads_nowhere(
    target: str, field: str
) -> None:
    """What a reviewer replaced by deciding anew is not what he or she wants."""
    rows = (decision(3, target, field, "I001"), decision(4, target, field, "I099"))
    assert followed(*KEPT, *rows).changes() == Changes({}, {})


def test_merges_in_a_circle_are_not_applied_and_the_others_are() -> None:
    now = opinions_of(*((f"O{n}", f"I00{n}", f"声{n}") for n in range(1, 6)))
    kept = [members(n, f"I00{n}", f"声{n}") for n in range(1, 6)]
    merges = [("I001", "I002"), ("I002", "I003"), ("I003", "I001"), ("I004", "I001")]
    rows = [decision(10 + n, own, "merge_into", to) for n, (own, to) in enumerate(merges)]
    found = followed(*kept, *rows, opinions=now)
    assert found.changes().merges == {"I004": "I001"}
    assert found.why[5:] == (*["統合が輪になっています（たがいに統合し合っています）"] * 3, "")


def test_a_circle_that_was_undone_is_none() -> None:
    rows = (
        *KEPT, decision(3, "I001", "merge_into", "I002"), decision(4, "I001", "merge_into", ""),
        decision(5, "I002", "merge_into", "I001"),
    )  # fmt: skip
    found = followed(*rows)
    assert found.changes().merges == {"I002": "I001"}
    assert not any(found.why)


def test_a_merge_whose_voices_are_in_its_target_is_a_circle() -> None:
    own = decision(1, "I009", "merge_into", "I002", "道が狭い\n道が暗い")
    assert "輪になっています" in outcome(own)[1]


# Issues that people made

MADE = (
    *KEPT,
    decision(3, "I010", "title", "雪かき", "道が暗い"),
    decision(4, "O4", "issue_id", "I010", "道が暗い"),
)


def test_an_issue_that_people_made_is_there_while_an_opinion_is_in_it() -> None:
    found = followed(*MADE)
    assert found.changes().moves == {"O4": "I010"}
    assert not any(found.why)


def test_what_is_decided_about_an_issue_that_people_made_is_applied_to_it() -> None:
    """Its voices, which are in another issue of the machine, lead to none."""
    own = decision(5, "I010", "goal_id", "2", "道が暗い\n道が狭い")
    assert outcome(*MADE, own) == ("I010", "")
    merged = decision(5, "I001", "merge_into", "I010")
    assert outcome(*MADE, merged) == ("I001", "")
    assert outcome(*MADE, decision(5, "I010", "merge_into", "I001")) == ("I010", "")


def test_an_issue_that_people_made_is_gone_with_its_last_opinion() -> None:
    now = NOW[NOW["opinion_id"] != "O4"]
    found = followed(*MADE, decision(5, "I010", "status", "採用"), opinions=now)
    assert [own.target_id for own in found.decisions[2:]] == ["", "", ""]
    gone = "人が作ったこの課題の意見が、いまの回答にありません"
    assert found.why[2:] == (gone, "この意見が、いまの回答にありません", gone)


def test_an_issue_that_people_made_is_gone_when_its_opinions_were_moved_on() -> None:
    found = followed(*MADE, decision(5, "O4", "issue_id", "I001"))
    assert found.changes().moves == {"O4": "I001"}
    assert found.decisions[2].target_id == ""


def test_an_issue_that_people_made_stays_under_its_number_when_it_is_renamed() -> None:
    found = followed(*MADE, decision(5, "I010", "title", "除雪", "道が暗い"))
    assert in_force(found.decisions)["I010", "title"].value == "除雪"
    assert found.changes().moves == {"O4": "I010"}


def test_an_issue_that_was_taken_back_leads_to_no_moves() -> None:
    found = followed(*MADE, decision(5, "I010", "title", "machine", "道が暗い"))
    assert found.changes() == Changes({}, {})
    assert found.why[3] == "移動先の課題 I010 が、この結果にありません"


def test_a_number_with_a_title_is_not_made_by_people_where_the_file_keeps_it() -> None:
    rows = (
        *KEPT, decision(3, "I001", "title", "交通", "バスがない"),
        decision(4, "O3", "issue_id", "I001", "道が狭い"),
    )  # fmt: skip
    found = followed(*rows)
    assert [own.target_id for own in found.decisions[2:]] == ["I001", "O3"]
    now = opinions_of(("O1", "I005", "雪"), ("O3", "I005", "道が狭い"))
    assert all(followed(*rows, opinions=now).why[2:])


# Issues that were split by topics

SPLIT = (
    *KEPT, decision(3, "I010", "title", "街灯", "道が暗い"),
    decision(4, "I002", "split", "I010 街灯", "道が狭い\n道が暗い"),
)  # fmt: skip
TOPICS = NOW.assign(heading=["交通", "交通", "道路", "街灯", ""])


def test_an_issue_that_was_split_off_is_there_while_its_topic_is() -> None:
    found = followed(*SPLIT, opinions=TOPICS)
    assert found.changes() == Changes({}, {}, {"I002": {"街灯": "I010"}})
    assert not any(found.why)
    gone = followed(*SPLIT, opinions=TOPICS.assign(heading="道路"))
    assert gone.decisions[2].target_id == ""
    assert gone.why[2] == "人が作ったこの課題の意見が、いまの回答にありません"


def test_opinions_can_be_moved_to_an_issue_that_was_split_off() -> None:
    own = decision(5, "O1", "issue_id", "I010")
    assert outcome(*SPLIT, own, opinions=TOPICS) == ("O1", "")
    without = TOPICS.assign(heading="道路")
    found = followed(*SPLIT, own, opinions=without)
    assert found.changes().moves == {"O1": "I010"}  # it is there again, with this opinion


def test_the_topic_counts_only_in_the_issue_that_was_split() -> None:
    elsewhere = TOPICS.assign(heading=["街灯", "街灯", "道路", "道路", "街灯"])
    assert followed(*SPLIT, opinions=elsewhere).decisions[2].target_id == ""


def test_a_split_that_was_taken_back_is_none() -> None:
    found = followed(*SPLIT, decision(5, "I002", "split", "machine", "道が狭い"), opinions=TOPICS)
    assert found.changes() == Changes({}, {})
    assert found.decisions[2].target_id == ""


def test_an_issue_that_was_split_off_and_taken_back_has_no_opinions() -> None:
    """As for one that was made by moving: its title is what makes it an issue."""
    found = followed(*SPLIT, decision(5, "I010", "title", "machine", "道が暗い"), opinions=TOPICS)
    assert found.changes() == Changes({}, {}) or found.changes().splits == {"I002": {}}


# All of one wording

SAME = pd.DataFrame(
    {"opinion_id": ["O1", "O2", "O3", "O4"], "stands_for": ["O1", "O1", "O1", "O4"]}
)


def spread(*rows: Decision) -> dict[tuple[str, str], str]:
    return {place: own.value for place, own in in_force(with_same_wording(rows, SAME)).items()}


def test_goal_and_kind_of_an_opinion_hold_for_all_of_its_wording() -> None:
    for field, value in (
        ("goal_id", "2"),
        ("goal_id_2", "3"),
        ("measure_id", "2-1"),
        ("kind", "praise"),
    ):
        assert spread(decision(1, "O2", field, value)) == {
            (own, field): value for own in ("O1", "O2", "O3")
        }


@pytest.mark.parametrize("field", ["issue_id", "personal", "comment"])
def test_other_things_are_not_copied(field: str) -> None:
    """Moves and hidden words reach all of a wording by themselves; a comment is on one voice."""
    assert spread(decision(1, "O2", field, "I001")) == {("O2", field): "I001"}


def test_an_opinion_that_was_decided_by_itself_keeps_that_whatever_came_later() -> None:
    rows = (decision(1, "O3", "goal_id", "1"), decision(2, "O1", "goal_id", "2"))
    for order in (rows, rows[::-1]):
        found = spread(*order)
        assert (found["O1", "goal_id"], found["O3", "goal_id"]) == ("2", "1")


def test_an_opinion_whose_kind_was_decided_does_not_take_the_goal_of_another_one() -> None:
    found = spread(decision(1, "O3", "kind", "praise"), decision(2, "O1", "goal_id", "2"))
    assert ("O3", "goal_id") not in found
    assert found["O2", "goal_id"] == "2"


def test_of_two_decided_opinions_the_later_one_speaks_for_the_rest_of_the_wording() -> None:
    rows = (decision(1, "O1", "goal_id", "2"), decision(2, "O3", "goal_id", "1"))
    assert spread(*rows)["O2", "goal_id"] == "1"
    assert spread(*rows[::-1])["O2", "goal_id"] == "2"


def test_what_was_taken_back_is_not_copied() -> None:
    assert spread(decision(1, "O1", "goal_id", "2"), decision(2, "O1", "goal_id", "machine")) == {}


def test_decisions_on_issues_and_those_that_lead_nowhere_are_handed_on_as_they_are() -> None:
    rows = (decision(1, "I001", "goal_id", "2"), decision(2, "", "goal_id", "2"))
    assert with_same_wording(rows, SAME) == rows


PLACES = st.tuples(
    st.sampled_from(["O1", "O2", "O3", "O4"]),
    st.sampled_from(["goal_id", "kind", "comment"]),
    st.sampled_from(["1", "2", "machine"]),
)


@given(st.lists(PLACES, max_size=6))
def test_copies_never_change_what_was_decided_for_an_opinion_itself(
    places: list[tuple[str, str, str]],
) -> None:
    rows = [decision(number, *place) for number, place in enumerate(places)]
    own = {place: row.value for place, row in in_force(rows).items()}
    assert spread(*rows).items() >= own.items()
    assert with_same_wording(rows, SAME)[-len(rows) :] == tuple(rows) or not rows


# What the grouping is told


def test_the_grouping_is_told_the_wordings_of_issues_and_the_highest_number() -> None:
    rows = (
        *KEPT, decision(3, "O1", "issue_id", "I030"), decision(4, "I020", "title", "題"),
        decision(5, "I002", "merge_into", "I025"), decision(6, "I001", "title", "I999"),
    )  # fmt: skip
    found = memory_of(rows)
    assert set(found.issue_of.values()) == {"I001", "I002"}
    assert found.highest == 30


def test_a_file_that_keeps_no_issues_leaves_the_numbers_of_a_run_alone() -> None:
    found = memory_of([decision(1, "I030", "goal_id", "1", "道が狭い")])
    assert (dict(found.issue_of), found.highest) == ({}, 0)


ANY = st.lists(
    st.one_of(
        st.builds(
            decision,
            st.integers(),
            st.sampled_from(["O1", "O3", "O9"]),
            st.just("issue_id"),
            st.sampled_from(["0", "I001", "I002", "I010", "I099", "machine"]),
            st.sampled_from(["道が暗い", "ない声"]),
        ),
        st.builds(
            decision,
            st.integers(),
            st.sampled_from(["I001", "I002", "I010"]),
            st.just("merge_into"),
            st.sampled_from(["I001", "I002", "I010", "I099", "", "machine"]),
        ),
        st.builds(
            decision,
            st.integers(),
            st.sampled_from(["I001", "I010"]),
            st.just("title"),
            st.sampled_from(["題", "machine"]),
            st.just("道が狭い"),
        ),
        st.sampled_from(KEPT),
    ),
    max_size=8,
)


@given(ANY)
def test_whatever_was_decided_what_is_applied_leads_to_what_is_there(rows: list[Decision]) -> None:
    found = followed(*rows)
    changes = found.changes()
    for own, why in zip(found.decisions, found.why, strict=True):
        assert not (own.target_id and why)
    made = {own.target_id for own in found.decisions if own.field == "title"}
    there: Iterable[str] = {"", "I001", "I002", *made}
    assert set(changes.moves.values()) <= set(there)
    assert set(changes.merges.values()) <= set(there)
    for own in {*changes.merges, *changes.moves.values()}:
        assert changes.final(own) not in changes.merges
