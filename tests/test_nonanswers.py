"""Answers that say nothing are recognised by how they are built; short real ones are kept."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.nonanswers import _ANY_REASON, _REASONS, reason_for_silence
from pipeline.normalize import fold

NOTHING = """
特になし
特に無し
特になし。
とくになし
特になしです
特に無しです。
特に無いです。
特にない
特に無い
特にないです
特にありません
とくにありません！
特に有りません
特にございません。
特に何もない
特に何もありません
とくになにもない
特に意見はない
特に意見はありません。
特に意見なし
特に要望はありません
特に希望はない
特に希望なし
特に思いつかない
特に思いつきません
特に思い浮かばない
特に思い浮かびません
特に書くことはない
特に言うことはない
特に言うことはありません
特に、ない
特には
特に
とくには
特に何も
特段なし
特段ありません
特別ない
特別にありません
別にない
別になし
別にありません
べつにない
別に
得になし
得にない
得にありません
今のところない
今のところなし
今のところ特にない
今のところは特にありません
いまのところ思いつかない
今の所ありません
今は特にない
現在のところなし
現時点ではありません
まだない
特にない、今のところ
これといってない
これといってありません
全くない
まったくなし
全然ない
一切なし
あまりない
あんまりない
あんまないです
ない
ないです
ないです。
ないよ
ないかな
ないと思う
ないと思います
ない。今は
なーい
なーーーい
ないー
ないでーす
ないっす
なし
なし！
ナシ
なしです
なし、なし
無し
無い
無いです
ありません
ございません
何もありません
何もありませんでした
何もなし
なにもなし
意見なし
意見はありません
意見はないです
要望なし
希望はない
回答なし
無回答
無回答です
未記入
該当なし
該当するものはない
該当することはありません
ノーコメント
パス
言いたいことはない
書くことがない
思いつかない
思いつかないです
思いつきません
すぐには思いつかない
急には思いつかない
何も思いつかない
何も思い浮かばない
いい案が思いつかない
すみません、特にありません
申し訳ありませんが特にないです
いいえ、特にありません
その他特になし
他に特にありません
あとは特になし
特にないと思うから
N/A
n/a
none
None.
no
nothing
NULL
x
無
わからない
分からない
わかりません
分かりません。
よくわからない
よく分からないです
良くわからない
まだわからない
まだ分かりません
何もわからない
あまりよくわからない
わからん
不明
未定
まだ決めていない
検討中
考え中
何とも言えない
どちらとも言えない
どちらともいえない
判断できない
見当がつかない
わかりかねます
同上
同じ
同じです
おなじ
同様
同左
上に同じ
上と同じ
上記と同じ
上記の通り
上記のとおりです
上記と同様
問3と同じ
問３に同じ。
問12の回答と同じです
Q5と同じ
前問と同じ
前の回答と同じ
先ほどと同じ
先ほども答えた
さっきの回答通り
前述のとおり
同上の理由
その通り
なんとなく
何となく
なんとなくです
なんとなくそう思う
理由はない
特に理由はない
特に理由なし
そう思うから
そう思います
何故か
どちらでもない
どちらでもいい
はい
いいえ
OK
以上
以上です
よろしくお願いします
よろしくお願いいたします。
お願いします。
ありがとうございました
長文失礼しました
乱文で失礼いたしました
－
-
ー
???
…
・
。
あ
う
ああああ
1
１２
0
""".strip("\n").splitlines()

SOMETHING = """
何もない
何もないです
なにもない
何も無い町
何もないところ
周りに何もない
遊ぶ場所がない
特に遊ぶ場所がない
特に不便はない
特に不満はない
特に困っていない
特に問題ない
特に変わらない
特にバス
特に冬の除雪
今のところ満足
今のところ困っていない
今のままでいい
別に困らない
不便はない
不満はない
問題ない
困ることはない
バスがない
お金がない
仕事がない
人がいない
若者がいない
時間がない
話す相手がいない
意見を言う場がない
意見が言えない
意見が少ない
意見が通らない
意見を聞いてほしい
要望が通らない
要望を聞いてくれない
希望がない
希望が持てない
回答がない
回答が遅い
内容がない
内容がわからない
理由が分からない
理由の説明がない
説明がない
分からないことを聞ける所がない
わからないことが多い
誰に聞けばいいかわからない
行き方がわからない
使い方がわからない
わかりにくい
わかりづらい
知らない人が多い
知らないことばかり
隣の人を知らない
近所の人がわからない
ない物はない
なくてはならない
なくなった店が多い
なくしてほしい
無くすべき
無駄が多い
無関心
無料にして
ありがたい
ありがとうと言える町
ある程度満足
あるといい
同じ話ばかり
同じ人ばかり
同じ議員ばかり
毎年同じ内容
他と同じ
今と同じでいい
通りが暗い
通り
以上の点を直して
以上のことを実現
はいと言えない
いいえと言いにくい
上の世代が強い
上から目線
前の方がよかった
先が不安
先の事は分からない
左折しにくい
そう思わない
そうあってほしい
お願いしたい
お願いしても動かない
よろしくない
失礼な職員
長文が読みにくい
長文の資料は苦手
本
川
山
海
道
祭
孫
本屋
公園
平和
静か
きれい
ゴミ
バス
イオン
Wi-Fi
ATM
PR
言うことなし
大丈夫です
変わらない
予定はない
予定がない
全部
いい
いいところ
不便
不安
暗い
狭い
高い
遅い
だめ
むり
嫌だ
普通
まあまあ
それなり
便利
満足
なんでも高い
なんでもある
なんとかして
なんとなく不安
何とかしてほしい
何をするにも遠い
思いやり
思いつきの施策
検討が遅い
未定の工事が多い
不明な点が多い
考えが古い
決めるのが遅い
略字が読めない
特産がない
特急がない
別の窓口に回される
得をしない
得がない
今は無理
現在工事中で不便
まだ足りない
まだ暗い
全然足りない
全く来ない
一切来ない
あまり来ない
あまりにも遠い
どちらも遠い
どちらかというと不便
2階がない
3番のバスが遅い
100円バス
24時間開いている店
""".strip("\n").splitlines()  # fmt: skip


def test_the_lists_are_long_and_have_no_line_twice() -> None:
    for lines in (NOTHING, SOMETHING):
        assert len(lines) >= 120
        assert len(set(lines)) == len(lines)


def test_what_says_nothing_is_recognised() -> None:
    assert [claim for claim in NOTHING if not reason_for_silence(claim)] == []


def test_what_says_something_is_kept() -> None:
    assert [claim for claim in SOMETHING if reason_for_silence(claim)] == []


WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
NOISE = st.sampled_from([*" 　\n、。！!？?…・", "\r\n", "♪", "🙂", "\u200b"])


@settings(derandomize=True, max_examples=300)
@given(st.data())
def test_spaces_punctuation_and_width_do_not_make_nothing_something(data: st.DataObject) -> None:
    claim = data.draw(st.sampled_from(NOTHING))
    if data.draw(st.booleans()):
        claim = claim.translate(WIDE)
    if data.draw(st.booleans()):
        claim = claim.upper()
    before, after = data.draw(NOISE), data.draw(NOISE)
    place = data.draw(st.integers(0, len(claim)))
    if len(claim) > 2:
        claim = claim[:place] + data.draw(st.sampled_from(["", " ", "　", "、"])) + claim[place:]
    assert reason_for_silence(before + claim + after), repr(claim)


@settings(derandomize=True, max_examples=300)
@given(st.sampled_from(SOMETHING), NOISE)
def test_spaces_and_punctuation_do_not_make_something_nothing(claim: str, noise: str) -> None:
    assert reason_for_silence(noise + claim + noise) == ""


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("特になし", "該当なし"),
        ("わかりません", "わからない"),
        ("問3と同じ", "前の回答と同じ"),
        ("なんとなく", "理由のない"),
        ("どちらでもない", "どちらでもない"),
        ("はい", "はい・いいえ"),
        ("以上です", "あいさつ"),
        ("？", "記号だけ"),
        ("　", "記号だけ"),
        ("い", "1文字"),
        ("ううう", "繰り返し"),
        ("42", "数字だけ"),
    ],
)
def test_the_reason_says_why_in_the_words_of_a_reader(claim: str, reason: str) -> None:
    assert reason in reason_for_silence(claim)


@settings(derandomize=True, max_examples=300)
@given(
    st.sampled_from([*NOTHING, *SOMETHING])
    | st.text("特になしわからない同じです以上はい上", max_size=8)
)
def test_one_search_says_whether_any_reason_holds(claim: str) -> None:
    key = fold(claim)
    each = any(pattern.fullmatch(key) for _, pattern in _REASONS)
    assert bool(_ANY_REASON.fullmatch(key)) == each


PLACES = ["大阪", "東京都", "金沢、富山", "大阪や神戸など", "東京 名古屋", "県外", "アメリカ", "川崎市か横浜市", "北海道または沖縄", "Tokyo"]  # fmt: skip


@pytest.mark.parametrize("claim", PLACES)
def test_a_place_says_nothing_only_where_a_place_was_asked_for(claim: str) -> None:
    assert reason_for_silence(claim, "どこに住みたいですか") == "場所の名前だけの回答"
    for question in (
        "",
        "どこが不便ですか",
        "困っているのはどこですか",
        "どこに住みたいかとその理由",
    ):
        assert reason_for_silence(claim, question) == "", question


@pytest.mark.parametrize("claim", ["海のある町", "病院に近い所", "親のいる大阪", "暖かい所"])
def test_a_place_with_a_reason_says_something(claim: str) -> None:
    assert reason_for_silence(claim, "どこに住みたいですか") == ""


@pytest.mark.parametrize(
    "unit",
    ["特に", "特にない", "まだ", "よね", "ね", "以外", "or", "東京、", "東京", "の", "上記", "同じ", "かな", "なーい", "あまり", "か", "長文", "ない"],
)  # fmt: skip
def test_no_claim_is_slow_to_judge(unit: str) -> None:
    started = time.perf_counter()
    for end in ("", "x", "。!", "を"):
        for length in (30, 39, 60, 199, 100_000):
            reason_for_silence((unit * length)[: length - 1] + end, "どこに住みたいですか")
    assert time.perf_counter() - started < 3
