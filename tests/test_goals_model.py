"""The model: one solution, in whatever order; sums that can be shown; decisions that correct."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from pipeline.codebook import build_codebook
from pipeline.goals import model as model_module
from pipeline.goals.examples import Example
from pipeline.goals.model import (
    DECIMALS,
    RIDGE_DECISIONS,
    RIDGE_EXAMPLES,
    RULES_SHARE,
    SECOND_TARGET,
    SILENCE,
    STRENGTHS,
    GoalModel,
    combine,
    learn,
    learn_decisions,
    vote_shares,
)
from pipeline.goals.readings import Reader
from pipeline.plan import NO_GOAL
from pipeline.rules import compile_rules
from pipeline.tokens import default_tokenizer
from tests.goals_fixture import EXAMPLES, GOALS, read, read_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.goals.model import Learnt, Lessons
    from pipeline.lexicon import Lexicon
    from pipeline.plan import Plan

ROUNDING = 2e-3
"""What a score may be off by because every weight behind it is rounded."""

# Reviewers of one town: there, what is said of the bus belongs to goal 2.
DECISIONS = (
    Example("バスの便が少なくて通院できない", "2", source="D01"),
    Example("バスがないので買い物に行けない", "2", source="D02"),
    Example("バス停が遠くて困る", "2", source="D03"),
    Example("路線バスを残してほしい", "2", source="D04"),
    Example("コミュニティバスを走らせてほしい", "2", source="D05"),
    Example("バスの時間が合わない", "2", source="D06"),
    Example("バスの本数を増やして", "2", source="D07"),
    Example("夜のバスがなくなった", "2", source="D08"),
    Example("広報が分かりにくい", "3", source="D09"),
    Example("近所の人とお茶を飲みたい", "1", source="D10"),
)

# Nearly the same words, decided now like this and now like that.
WITHOUT_PATTERN = (
    Example("バスの本数がとても少ない", "1", source="D01"),
    Example("バスの本数がすごく少ない", "2", source="D02"),
    Example("歩道がとても狭くて危ない", "2", source="D03"),
    Example("歩道がすごく狭くて危ない", "3", source="D04"),
    Example("駅前にもっと店がほしい", "3", source="D05"),
    Example("駅前にずっと店がほしい", "1", source="D06"),
)


@pytest.fixture(scope="module")
def codebook(lexicon: Lexicon) -> Lessons:
    return learn(EXAMPLES, read_all(EXAMPLES, lexicon), GOALS, lexicon)


@pytest.fixture(scope="module")
def model(codebook: Lessons) -> GoalModel:
    return GoalModel(GOALS, codebook)


def taught(decisions: Sequence[Example], model: GoalModel, lexicon: Lexicon) -> GoalModel:
    whole = read_all(decisions, lexicon)
    return learn_decisions(decisions, whole, [[own] for own in whole], model, lexicon)


def fully_taught(decisions: Sequence[Example], model: GoalModel, lexicon: Lexicon) -> GoalModel:
    """Decisions believed whether they bear each other out or not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(model_module, "STRENGTHS", (1.0,))
        return taught(decisions, model, lexicon)


def strength_of(decisions: Sequence[Example], model: GoalModel, lexicon: Lexicon) -> float:
    """How far decisions were believed."""
    own, full = (teach(decisions, model, lexicon).decisions for teach in (taught, fully_taught))
    return float(np.abs(own.pull).max() / np.abs(full.pull).max())


def bytes_of(learnt: Learnt) -> tuple[bytes, bytes, bytes, list[str]]:
    space = learnt.space
    return (
        learnt.mark_weights.tobytes(), learnt.meaning_weights.tobytes(), space.centre.tobytes(),
        [*space.idf, *space.letter_idf],
    )  # fmt: skip


def scores_of(text: str, learnt: Learnt | GoalModel, lexicon: Lexicon) -> dict[str, float]:
    return dict(zip(GOALS, learnt.scores([read(text, lexicon)])[0].tolist(), strict=True))


def goal_of(text: str, learnt: Learnt | GoalModel, lexicon: Lexicon) -> str:
    scores = scores_of(text, learnt, lexicon)
    return max(scores, key=lambda goal: scores[goal])


# Examples of the codebook


def test_the_order_of_the_examples_changes_no_byte(codebook: Lessons, lexicon: Lexicon) -> None:
    @settings(max_examples=15)
    @given(st.permutations(EXAMPLES))
    def holds(examples: list[Example]) -> None:
        other = learn(examples, read_all(examples, lexicon), GOALS, lexicon)
        assert bytes_of(other) == bytes_of(codebook)
        assert other.pull.tobytes() == codebook.pull.tobytes()
        assert other.sources == codebook.sources

    holds()


def test_what_is_learnt_is_rounded(codebook: Lessons) -> None:
    for weights in (codebook.mark_weights, codebook.meaning_weights):
        assert (weights == np.round(weights, DECIMALS)).all()
        assert not np.signbit(weights[weights == 0]).any()  # -0.0 has other bytes


def test_every_example_finds_its_own_goal(codebook: Lessons, lexicon: Lexicon) -> None:
    for example in EXAMPLES:
        assert goal_of(example.text, codebook, lexicon) == example.goal


UNSEEN = {
    "お茶を飲みながら話せる居場所があるといい": "1",
    "父の介護で疲れた": "2",
    "ホームページの字が小さい": "3",
    "バスが来ない": NO_GOAL,
}


@pytest.mark.parametrize(("text", "goal"), UNSEEN.items())
def test_what_is_like_an_example_is_drawn_to_its_goal(
    text: str, goal: str, codebook: Lessons, lexicon: Lexicon
) -> None:
    assert goal_of(text, codebook, lexicon) == goal


def test_one_example_draws_what_is_like_it_more_than_what_is_not(lexicon: Lexicon) -> None:
    one = (Example("猫が増えて困る", "3"),)
    learnt = learn(one, read_all(one, lexicon), GOALS, lexicon)
    like = scores_of("猫のふんに困る", learnt, lexicon)
    unlike = scores_of("税金が高い", learnt, lexicon)
    assert like["3"] > unlike["3"] >= 0
    assert {own for goal, own in like.items() if goal != "3"} == {0.0}


def test_a_further_example_draws_what_is_like_it_and_hardly_what_is_not(
    codebook: Lessons, lexicon: Lexicon
) -> None:
    more = (*EXAMPLES, Example("野良猫が増えて困る", "3"))
    learnt = learn(more, read_all(more, lexicon), GOALS, lexicon)
    gains = {
        text: scores_of(text, learnt, lexicon)["3"] - scores_of(text, codebook, lexicon)["3"]
        for text in ("野良猫のふんに困る", "母の介護がつらい")
    }
    assert gains["野良猫のふんに困る"] > 0.05
    assert abs(gains["母の介護がつらい"]) < gains["野良猫のふんに困る"] / 2


def test_an_example_of_two_goals_draws_to_both_and_more_to_the_first(lexicon: Lexicon) -> None:
    one = (Example("広報で居場所を知った", "3", "1"),)
    learnt = learn(one, read_all(one, lexicon), GOALS, lexicon)
    scores = scores_of(one[0].text, learnt, lexicon)
    assert scores["3"] > scores["1"] > 0
    assert scores["1"] / (scores["1"] + scores["3"]) == pytest.approx(SECOND_TARGET, abs=0.01)


def test_an_example_of_more_weight_draws_more(lexicon: Lexicon) -> None:
    drawn = []
    for weight in (0.5, 1.0, 2.0):
        one = (Example("猫が増えて困る", "3", weight=weight),)
        learnt = learn(one, read_all(one, lexicon), GOALS, lexicon)
        drawn.append(scores_of(one[0].text, learnt, lexicon)["3"])
    assert drawn == sorted(drawn)
    assert len(set(drawn)) == 3


def test_what_is_learnt_solves_the_equation_of_the_docstring(
    codebook: Lessons, lexicon: Lexicon
) -> None:
    placed = codebook.placed
    rows = np.hstack([placed.marks.toarray(), placed.meanings])
    system = rows @ rows.T + RIDGE_EXAMPLES * np.eye(len(rows))
    examples = sorted(EXAMPLES)
    targets = np.zeros((len(examples), len(GOALS)))
    for number, own in enumerate(examples):
        targets[number, GOALS.index(own.goal)] = 1 - SECOND_TARGET * bool(own.second)
        if own.second:
            targets[number, GOALS.index(own.second)] = SECOND_TARGET
    assert system @ codebook.pull == pytest.approx(targets, abs=1e-9)
    learnt = codebook.scores(read_all(examples, lexicon))
    assert learnt == pytest.approx(rows @ rows.T @ codebook.pull, abs=ROUNDING)


# Rules and examples together


def test_rules_and_examples_are_weighed_against_each_other(
    model: GoalModel, mapper, lexicon: Lexicon
) -> None:
    readings = [mapper.reader.whole(own.tokens) for own in read_all(EXAMPLES, lexicon)]
    expected = RULES_SHARE * vote_shares(readings, GOALS)
    expected += (1 - RULES_SHARE) * model.codebook.scores(readings)
    assert model.scores(readings) == pytest.approx(expected)


def test_a_plan_without_examples_has_the_votes_of_its_words(
    small_plan: Plan, lexicon: Lexicon
) -> None:
    rules = compile_rules((), {}, small_plan, default_tokenizer().tokenize, lexicon.dictionary)
    reader = Reader(rules, build_codebook(rules.codebook), lexicon.dictionary)
    bare = GoalModel(GOALS)
    assert bare.rules_share == 1.0
    assert bare.learnt == ()
    texts = ("相談と介護", "防災", "ふむふむ", "")
    readings = [reader.whole(default_tokenizer().tokenize(own)) for own in texts]
    scores = bare.scores(readings)
    assert (scores == vote_shares(readings, GOALS)).all()
    assert [GOALS[place] for place in scores.argmax(axis=1)] == ["2", "1", NO_GOAL, NO_GOAL]


def test_a_plan_without_examples_learns_from_decisions_alone(lexicon: Lexicon) -> None:
    learnt = taught(DECISIONS, GoalModel(GOALS), lexicon)
    assert learnt.codebook is None
    assert goal_of("バスがもっとほしい", learnt, lexicon) == "2"
    assert goal_of("空が青い", learnt, lexicon) == NO_GOAL


def test_shares_of_votes_are_one_and_silence_is_for_none_of_the_goals(mapper) -> None:
    goals = mapper.model.goals
    texts = ("町内会の役員がいない", "広報が読みにくい", "ふむふむ", "")
    readings = [mapper.reader.whole(default_tokenizer().tokenize(own)) for own in texts]
    shares = vote_shares(readings, goals)
    assert shares.sum(axis=1) == pytest.approx(np.ones(4))
    assert (shares >= 0).all()
    assert shares[2:, 0].tolist() == [1.0, 1.0]
    asked = vote_shares([own._replace(aside=SILENCE) for own in readings], goals)
    assert (asked[:2, 0] > shares[:2, 0]).all()
    assert (asked[:2, 1:] <= shares[:2, 1:]).all()


# Sentences of one opinion


def test_an_opinion_of_one_sentence_is_judged_like_it() -> None:
    assert combine(np.array([[0.5, 0.1, 0.4]])).tolist() == [0.5, 0.1, 0.4]


def test_a_goal_counts_as_in_its_best_sentence_and_none_between_mean_and_least() -> None:
    scores = np.array([[0.9, 0.0, 0.1], [0.1, 0.8, 0.1], [0.5, 0.2, 0.3]])
    assert combine(scores) == pytest.approx([(0.5 + 0.1) / 2, 0.8, 0.3])


@given(arrays.arrays(np.float64, (4, 3), elements=st.floats(-1, 2)), st.permutations(range(4)))
def test_the_order_of_the_sentences_does_not_matter(
    scores: np.ndarray, order: Sequence[int]
) -> None:
    assert combine(scores[list(order)]) == pytest.approx(combine(scores), abs=1e-12)
    assert combine(scores)[0] <= scores[:, 0].max() + 1e-12


# Decisions


def test_decisions_move_what_is_like_them_and_leave_the_codebook_as_it_was(
    model: GoalModel, lexicon: Lexicon
) -> None:
    before = bytes_of(model.codebook)
    after = taught(DECISIONS, model, lexicon)
    assert after.codebook is model.codebook
    assert bytes_of(after.codebook) == before
    assert goal_of("バスがもっとあるといい", model, lexicon) == NO_GOAL
    assert goal_of("バスがもっとあるといい", after, lexicon) == "2"
    drawn = scores_of("バスがもっとあるといい", after.decisions, lexicon)["2"]
    for text in UNSEEN:
        if "バス" not in text:
            assert scores_of(text, after.decisions, lexicon)["2"] < drawn / 2


def test_the_order_of_the_decisions_changes_no_byte(model: GoalModel, lexicon: Lexicon) -> None:
    one = taught(DECISIONS, model, lexicon).decisions

    @settings(max_examples=15)
    @given(st.permutations(DECISIONS))
    def holds(decisions: list[Example]) -> None:
        other = taught(decisions, model, lexicon).decisions
        assert bytes_of(one) == bytes_of(other)
        assert one.pull.tobytes() == other.pull.tobytes()
        assert one.sources == other.sources

    holds()


@pytest.mark.parametrize("decisions", [DECISIONS, DECISIONS[:1], WITHOUT_PATTERN])
def test_effects_of_decisions_add_up_to_what_they_change(
    decisions: Sequence[Example], model: GoalModel, lexicon: Lexicon
) -> None:
    after = taught(decisions, model, lexicon)
    for text in ("バスがもっとあるといい", "駅前のバス停", "居場所がほしい", "ふむふむ", ""):
        own = read(text, lexicon)
        change = (after.scores([own]) - model.scores([own]))[0]
        for column in range(len(GOALS)):
            effects = after.decisions.effects(own, column)
            assert set(effects) == {decision.source for decision in decisions}
            assert sum(effects.values()) == pytest.approx(change[column], abs=ROUNDING)


def test_decisions_on_what_is_like_a_text_do_most(model: GoalModel, lexicon: Lexicon) -> None:
    lessons = taught(DECISIONS, model, lexicon).decisions
    effects = lessons.effects(read("路線バスがもっとあるといい", lexicon), GOALS.index("2"))
    ranked = sorted(effects, key=lambda own: -effects[own])
    assert {"D09", "D10"}.isdisjoint(ranked[:5])


def test_effects_of_one_decision_on_several_voices_are_one_sum(
    model: GoalModel, lexicon: Lexicon
) -> None:
    shared = [own._replace(source="D01" if own.goal == "2" else own.source) for own in DECISIONS]
    apart, together = (fully_taught(own, model, lexicon).decisions for own in (DECISIONS, shared))
    text = read("バスがもっとあるといい", lexicon)
    effects, summed = apart.effects(text, 2), together.effects(text, 2)
    assert set(summed) == {"D01", "D09", "D10"}
    bus = sum(effects[own.source] for own in DECISIONS if own.goal == "2")
    assert summed["D01"] == pytest.approx(bus, abs=1e-5)


def test_what_the_others_teach_is_what_is_learnt_without_one(
    model: GoalModel, lexicon: Lexicon
) -> None:
    """The shortcut beside really leaving one out, in the same space."""
    readings = read_all(DECISIONS, lexicon)
    decisions = [own._replace(weight=1 + number / 4) for number, own in enumerate(DECISIONS)]
    before = model.scores(readings)
    lessons = learn(decisions, readings, GOALS, lexicon, before=before)
    order = sorted(range(len(decisions)), key=lambda row: decisions[row])
    wanted = np.zeros((len(order), len(GOALS)))
    for row, place in enumerate(order):
        wanted[row, GOALS.index(decisions[place].goal)] = 1
    wanted -= before[order]
    rows = np.hstack([lessons.placed.marks.toarray(), lessons.placed.meanings])
    noise = RIDGE_DECISIONS / np.array([decisions[place].weight for place in order])
    for row in range(len(order)):
        others = np.delete(np.arange(len(order)), row)
        known = rows[others]
        pull = np.linalg.solve(known @ known.T + np.diag(noise[others]), wanted[others])
        assert lessons.left_out[row] == pytest.approx(rows[row] @ known.T @ pull, abs=1e-9)


def test_decisions_that_bear_each_other_out_are_believed(
    model: GoalModel, lexicon: Lexicon
) -> None:
    assert strength_of(DECISIONS[:8], model, lexicon) >= 0.5


def test_voices_of_one_decision_do_not_bear_each_other_out(
    model: GoalModel, lexicon: Lexicon
) -> None:
    one = [own._replace(source="D01", weight=1 / 8) for own in DECISIONS[:8]]
    assert strength_of(one, model, lexicon) == 0.0


def test_decisions_without_a_pattern_teach_nothing(model: GoalModel, lexicon: Lexicon) -> None:
    assert strength_of(WITHOUT_PATTERN, model, lexicon) == min(STRENGTHS) == 0.0
    after = taught(WITHOUT_PATTERN, model, lexicon)
    readings = read_all((*WITHOUT_PATTERN, *EXAMPLES), lexicon)
    assert (after.scores(readings) == model.scores(readings)).all()


def test_decisions_that_only_confirm_the_machine_change_nothing(
    model: GoalModel, lexicon: Lexicon
) -> None:
    confirmed = [
        own._replace(goal=goal_of(own.text, model, lexicon), second="", source=own.text)
        for own in EXAMPLES
    ]
    assert strength_of(confirmed, model, lexicon) == 0.0


def test_one_decision_alone_teaches_nothing_because_no_other_bears_it_out(
    model: GoalModel, lexicon: Lexicon
) -> None:
    assert strength_of(DECISIONS[:1], model, lexicon) == 0.0


def test_a_belief_is_one_of_the_declared_strengths(model: GoalModel, lexicon: Lexicon) -> None:
    for n in range(1, len(DECISIONS) + 1):
        strength = strength_of((*DECISIONS[:n], *WITHOUT_PATTERN[:n]), model, lexicon)
        assert min(abs(strength - own) for own in STRENGTHS) < 1e-9


def test_two_equal_decisions_are_no_trouble_and_count_for_more_than_one(
    model: GoalModel, lexicon: Lexicon
) -> None:
    one = Example("猫が多い", "1", source="D1")
    other = one._replace(source="D2")
    drawn = [
        scores_of("猫が多い", fully_taught(own, model, lexicon).decisions, lexicon)["1"]
        for own in ((one,), (one, one), (one, other), (one._replace(weight=2),))
    ]
    assert 0 < drawn[0] < drawn[1] == drawn[2]
    assert drawn[1] == pytest.approx(drawn[3], abs=ROUNDING)
    lessons = fully_taught((one, other), model, lexicon).decisions
    effects = lessons.effects(read("猫が多い", lexicon), GOALS.index("1"))
    assert effects["D1"] == effects["D2"] > 0


def test_two_decisions_on_the_same_words_for_different_goals_meet_halfway(
    model: GoalModel, lexicon: Lexicon
) -> None:
    pair = (Example("猫が多い", "1", source="D1"), Example("猫が多い", "2", source="D2"))
    scores = scores_of("猫が多い", fully_taught(pair, model, lexicon), lexicon)
    assert scores["1"] == pytest.approx(scores["2"], abs=0.05)
    assert scores["1"] > scores["3"]


def test_a_goal_that_was_rarely_chosen_counts_for_more(
    model: GoalModel, lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights: dict[str, float] = {}

    def watched(examples: Sequence[Example], *others: object, **more: object) -> Lessons:
        weights.update({own.source: own.weight for own in examples})
        return learn(examples, *others, **more)

    monkeypatch.setattr(model_module, "learn", watched)
    rare = Example("猫が多い", "1", source="D99", weight=0.5)
    taught((*DECISIONS[:8], rare), model, lexicon)
    usual = 9 / 2  # decisions a goal
    assert weights["D01"] == pytest.approx(math.sqrt(usual / 8))
    assert weights["D99"] == pytest.approx(0.5 * math.sqrt(usual / 1))


def test_what_decisions_teach_is_rounded(model: GoalModel, lexicon: Lexicon) -> None:
    lessons = taught(DECISIONS, model, lexicon).decisions
    assert np.abs(lessons.mark_weights).max() > 0
    for weights in (lessons.mark_weights, lessons.meaning_weights):
        assert (weights == np.round(weights, DECIMALS)).all()
        assert not np.signbit(weights[weights == 0]).any()


def test_decisions_say_nothing_about_how_frequent_a_goal_is(
    model: GoalModel, lexicon: Lexicon
) -> None:
    """People look first at what seems wrong; what they chose is no sample."""
    lessons = fully_taught(DECISIONS, model, lexicon).decisions
    assert lessons.space.constant == 0.0
    assert not lessons.mark_weights[-1].any()


@pytest.mark.parametrize("at_once", [1, 3, 1000])
def test_the_half_of_the_likenesses_that_is_used_is_the_same_however_many_rows_are_made_at_once(
    codebook: Lessons, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    whole = model_module._products(codebook.placed, codebook.placed)
    monkeypatch.setattr(model_module, "_ROWS_AT_ONCE", at_once)
    half = model_module._products_among(codebook.placed)
    assert np.triu(half).tobytes() == np.triu(whole).tobytes()
    assert np.array_equal(whole, whole.T)
