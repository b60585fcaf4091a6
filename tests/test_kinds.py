"""The kind of an opinion: what its wording does, and what the question leaves to it."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.kinds import _CUES, classify_kind

KINDS = {"problem", "request", "praise", "other"}

GOLD = Path(__file__).parents[2] / "shared" / "data" / "goals" / "gold_dev.csv"

SENTENCES = {
    "request": """
        歩道を広げてほしい
        夜の見回りを増やしてください
        集会所にスロープをつけるべきだと思う
        若い人が気軽に話せる場を作ってほしい
        図書室の開館時間を延ばしてもらいたい
        広報紙の字を大きくしてほしいです
        相談窓口の周知をお願いします
        子どもの見守り活動の充実を
        当番制を見直して下さい
        買い物バスがあると助かります
        空き家を居場所にしたらいいと思う
        もっと若い役員を育てる必要がある
        手続きを簡単にしてもらえるとありがたい
        防災訓練を毎年実施すること
        ベンチを設置
        補助金をもっとわかりやすく説明すべき
    """,
    "problem": """
        町内会の役員のなり手がいません
        バスの本数が少なくて困っている
        歩道が狭くて危ない
        一人暮らしになって不安です
        近所づきあいが減ってさびしい
        窓口が遠くて不便
        何度電話してもつながらない
        字が小さくて読みにくい
        夜道が暗い
        ごみ出しの決まりが守られず迷惑している
        介護の費用が高すぎる
        子どもが遊べる場所がない
        行事に来る人が年々減少している
        雪かきの担い手が足りない
        若い人が集まらなくて困る
        会費の使い道がわからない
    """,
    "praise": """
        近所の人が親切でうれしい
        静かで住みやすい
        公民館の講座が楽しい
        職員さんの対応が良かった
        祭りが盛んなところが好き
        緑が豊かで気持ちがいい
        図書館が近くて便利です
        民生委員さんに感謝しています
        見守りがあって安心できる
        ごはんがおいしい
        学校も病院も近くにある
        地域の仲がいい
        花壇がきれい
        子育て支援が充実している
        不便はない
    """,
    "other": """
        五年前に引っ越してきました
        夫と二人で暮らしている
        会議は月に一度です
        前回の資料を見ました
        来月から担当になる
        訓練の結果の受け止めは
        今後の進め方をどう考えるか
        水曜日の午後
        隣の市の例を調べた
        区長会でも話が出た
        会場は公民館の二階
        参加者は二十人
        昨年度の決算の数字
    """,
}
CASES = [
    (kind, sentence.strip())
    for kind, block in SENTENCES.items()
    for sentence in block.strip().splitlines()
]


def test_there_are_sentences_of_every_kind() -> None:
    assert len(CASES) >= 60
    assert set(SENTENCES) == set(KINDS)


@pytest.mark.parametrize(("kind", "sentence"), CASES)
def test_the_wording_tells_the_kind(kind: str, sentence: str) -> None:
    assert classify_kind(sentence) == kind
    if kind != "other":
        assert classify_kind(f"{sentence}。") == kind


@pytest.mark.parametrize(
    ("answer", "question", "kind"),
    [
        ("神社の大きな木", "この地区の自慢は？", "praise"),
        ("神社の大きな木", "", "other"),
        ("駅までの坂道", "不便なところは？", "problem"),
        ("小さな図書室", "どんな施設がほしいですか", "request"),
        ("歩道が狭くて危ない", "この地区の好きなところは？", "problem"),
        ("歩道を広げてほしい", "この地区の好きなところは？", "request"),
        ("近所の人が親切でうれしい", "困っていることは？", "praise"),
    ],
)
def test_the_question_decides_only_where_the_wording_leaves_it_open(
    answer: str, question: str, kind: str
) -> None:
    assert classify_kind(answer, question) == kind


PATTERNS = [
    re.fullmatch(r"\[(.+?)\]\(\?<=\(\?=(.+)\)\[\1\]\)", pattern.pattern, re.DOTALL).groups()
    for cues in _CUES.values()
    for _, pattern in cues
]
"""Letters that every cue can begin with, and the cue itself."""


def beginnings(parsed: object) -> tuple[set[str], bool]:
    """Letters that a parsed pattern can begin with, and whether it can be empty."""
    letters: set[str] = set()
    for operator, argument in parsed:
        name = str(operator)
        if name in ("AT", "ASSERT", "ASSERT_NOT"):
            continue
        if name == "LITERAL":
            return letters | {chr(argument)}, False
        if name == "IN":
            assert {str(kind) for kind, _ in argument} == {"LITERAL"}
            return letters | {chr(code) for _, code in argument}, False
        if name == "BRANCH":
            parts = [beginnings(branch) for branch in argument[1]]
        elif name == "SUBPATTERN":
            parts = [beginnings(argument[3])]
        else:
            assert name == "MAX_REPEAT"
            own, empty = beginnings(argument[2])
            parts = [(own, empty or argument[0] == 0)]
        letters = letters.union(*(own for own, _ in parts))
        if not any(empty for _, empty in parts):
            return letters, False
    return letters, True


@pytest.mark.parametrize(("letters", "pattern"), PATTERNS)
def test_no_cue_can_begin_with_another_letter(letters: str, pattern: str) -> None:
    assert beginnings(re._parser.parse(pattern)) == (set(letters), False)


@settings(derandomize=True, max_examples=300)
@given(st.lists(st.sampled_from([part for _, own in CASES for part in (own[:4], own[-5:])]) | st.text("あいたなてをが良い少。！ほしくべき増", max_size=4), max_size=6).map("".join))  # fmt: skip
def test_to_leap_to_the_first_letter_finds_every_cue(text: str) -> None:
    patterns = (pattern for cues in _CUES.values() for _, pattern in cues)
    for found, (_, pattern) in zip(patterns, PATTERNS, strict=True):
        assert bool(found.search(text)) == bool(re.search(pattern, text))


@settings(derandomize=True, max_examples=200)
@given(st.text(max_size=60), st.text(max_size=20))
def test_every_text_has_one_of_the_four_kinds(text: str, question: str) -> None:
    assert classify_kind(text, question) in KINDS
    assert classify_kind(text, question) == classify_kind(text, question)


def test_no_name_of_a_town_is_a_cue() -> None:
    for town in ("海辺町", "森田市"):
        assert classify_kind(f"{town}の中心にある公民館") == "other"


@pytest.mark.skipif(not GOLD.exists(), reason="ラベルつきの意見 (shared/data) がありません")
def test_four_of_five_labelled_opinions_are_right() -> None:
    gold = pd.read_csv(GOLD, dtype=str, keep_default_na=False)
    right = [
        classify_kind(text) in accepted.split("|")
        for text, accepted in zip(gold["text"], gold["kinds_accepted"], strict=True)
    ]
    assert sum(right) / len(right) >= 0.80
