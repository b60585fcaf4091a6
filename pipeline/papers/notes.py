"""What the papers say about themselves, the same in Word and in Excel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.papers.contents import REPRESENTATIVES
from pipeline.papers.views import DIVIDED, OUTSIDE
from pipeline.wording import CONFIDENCE_HIGH, CONFIDENCE_MIDDLE, MASKED_NOTE, count

if TYPE_CHECKING:
    from pipeline.papers.views import About

NO_GOAL_CHAPTER: Final = "どの基本目標にも当てはまらない課題"

ADOPTED_TITLE: Final = "新規の候補"

NO_GOAL_MEANINGS: Final = {
    OUTSIDE: (
        "どの基本目標にも当てはまらず、採用もされていない課題です。ほかの課の仕事かもしれません。"
        "伝える先があるか、計画に取り入れるかを、人が決めます。"
    ),
    DIVIDED: (
        "意見の多くはどれかの基本目標に当てはまりますが、目標が分かれていて、課題の目標が"
        "決まっていません。計画の外の声ではありません。目標を決めるか、課題を分けてください。"
    ),
    ADOPTED_TITLE: "どの基本目標にも当てはまりませんが、人が「採用」とした課題です。",
}
"""Kinds of issues without a goal, in the order in which they are shown, and what they are."""

UNJUDGED: Final = "未判定"

OF_THOSE_WHO_ANSWERED: Final = (
    "ここにあるのは、回答した人の声です。市民全体の割合ではありません。"
    "件数の多さは、重要さや緊急さと同じではありません。"
)


def people_and_opinions(about: About) -> str:
    """How many people said how many things."""
    asked = f"回答した{count(about.n_answering)}人のうち" if about.n_answering else ""
    people = f"{asked}{count(about.n_people)}人から、" if about.n_people else ""
    unknown = (
        f"（うち{count(about.n_unknown)}件は発言者が分からず、人数に入れていません）"
        if about.n_unknown
        else ""
    )
    return f"{people}意見{count(about.n_opinions)}件{unknown}"


def reading_notes(about: About, *, has_treatments: bool) -> tuple[tuple[str, str], ...]:
    """What the words of the papers mean, each in a sentence or two."""
    proposed = (
        "規則で出した案です。理由をそえています。「案なし」「計画の外の声」「目標が分かれている」は、"
        "案を出していません。決めるのは委員会です。"
        if has_treatments
        else "記入するための欄です。基本目標のない課題には「計画の外の声」か「目標が分かれている」とだけ示しています。"
    )
    return (
        ("意見", ("回答から切り出した、一つのことを述べている部分です。書かれたとおりの言葉です。"
         f"{MASKED_NOTE}")),
        ("人", "区別できる回答者の数です。発言者の分からない意見は、人数に入れていません。"),
        ("課題", "同じ話題の意見のまとまりです。題は、意見の言葉か、辞書の見出しか、人が付けたものです。"),
        ("代表的な声", (f"課題をよく表す意見を{REPRESENTATIVES}件まで、そのまま載せました。"
         "言い換えや要約はしていません。")),
        ("問題・要望など", "意見の言い方の種類です。「意見・人」の欄の小さい字は、種類ごとの件数です。"),
        ("判定", ("課題を計画で取り上げるかどうかの、人の判断です。採用・保留・却下のどれかで、"
         "付いていないものは「未判定」です。")),
        ("確信度", (f"機械の案の目標が正しい見込みです。{CONFIDENCE_HIGH}以上を「高い」、"
         f"{CONFIDENCE_MIDDLE}未満を「低い」としています。低いものは先に確かめてください。")),
        ("まとまり", ("意見の8割だけで何度もまとめ直したとき、同じ課題がどれだけ再びできたかです。"
         "「不安定」な課題は、分け方しだいで変わります。")),
        ("対応案", proposed),
        ("対応区分", ("パブリックコメントへの対応として人が決めた区分です。決まったものだけに付きます。")),
        ("並び方", ("採用、未判定、保留の順です。それぞれの中では意見の多い順です。"
         "却下は付録にあります。")),
        ("作り方", (f"Kadai {about.version} が、実行番号 {about.run_id} の結果の表から作りました。"
         "同じ結果からは、いつでも同じ資料ができます。"
         "この資料に書き込んでも、結果の表は変わりません。判断は review.xlsx に記入してください。")),
    )  # fmt: skip
