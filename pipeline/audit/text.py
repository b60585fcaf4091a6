"""Explanations as Japanese lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.audit.aside import AsideView
from pipeline.audit.issue import IssueView
from pipeline.audit.lines import (
    Page,
    about_what,
    by_whom,
    goal_pairs,
    origin_pairs,
    short_voice,
)
from pipeline.audit.opinion import OpinionView
from pipeline.decision_words import NONE, field_name
from pipeline.textlayout import GAP
from pipeline.wording import BY_PEOPLE, NONE_SHOWN, share

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.audit.explain import Explanation, LostView
    from pipeline.audit.issue import Moved
    from pipeline.audit.opinion import IssueName, TermHit

ALIKE_SHOWN: Final = 5
"""Opinions of the same wording that are named."""

NO_ISSUE: Final = "どの課題にも入っていない"


def render(explanation: Explanation, width: int) -> list[str]:
    """Lines of an explanation for a terminal of this width."""
    page = Page(width)
    view = explanation.view
    if isinstance(view, OpinionView):
        _opinion(page, view)
    elif isinstance(view, IssueView):
        _issue(page, view)
    elif isinstance(view, AsideView):
        _aside(page, view)
    else:
        _lost(page, view)
    if explanation.note:
        page.say(f"\n注意: {explanation.note}")
    return page.lines


def _opinion(page: Page, view: OpinionView) -> None:
    page.say(f"意見 {view.opinion_id}")
    page.say(f"「{view.text}」")
    page.section(
        "どこに書かれたか",
        [
            *origin_pairs(view.origin),
            ("文字の位置", _characters(view.start, view.end)),
            ("該当箇所", f"{view.addressed}（機械の案とは別）" if view.addressed else ""),
            ("伏せた所", view.masks + ("（人が個人情報を伏せた所を含む）" if view.hidden else "")),
            (
                "公開とした言葉",
                "\n".join(f"「{own.text}」（{own.decision.who}）" for own in view.public),
            ),
            ("もどした意見", "対象外だったものを、人がもどした" if view.restored else ""),
        ],
    )
    counted = f"{view.first_of} と同じ文面として数える"
    alike = "、".join(view.alike[:ALIKE_SHOWN]) + ("など" if view.alike[ALIKE_SHOWN:] else "")
    page.section(
        "種類と、同じ文面",
        [
            ("種類", f"{view.kind}（機械の案: {view.machine_kind}）"),
            ("決めた人", by_whom(view.kind_decided)),
            ("言われた回数", f"{len(view.alike) + 1:,}回"),
            ("同じ文面", alike),
            ("代表", counted if view.first_of != view.opinion_id else ""),
            ("コメント", view.comment),
        ],
    )
    if view.response or view.response_decided:
        by = (own.who + about_what(own) for own in view.response_decided)
        page.section(
            field_name("response"), [("いま", view.response or NONE), ("決めた人", "、".join(by))]
        )
    page.section("課題", _issue_pairs(view))
    page.section("基本目標", goal_pairs(view.goal))
    if view.lessons:
        page.section("機械の案を動かした、人の判断", _lesson_pairs(view))
    page.decisions("かかわる人の判断", view.decisions)


def _issue_pairs(view: OpinionView) -> Iterator[tuple[str, str]]:
    yield "いま", _named(view.issue)
    yield "機械の案", "同じ" if view.issue == view.machine_issue else _named(view.machine_issue)
    for own in view.moves:
        yield "移した人", own.who
    for own in view.merges:
        yield "統合した人", f"{own.who}（{own.target_id} → {own.after}）"
    if view.issue.issue_id:
        yield "見出し", view.headings or "辞書の見出しではない（言葉の近さか人がまとめた課題）"
        yield "中心との近さ", f"{share(view.strength)}（0〜1。1に近いほど、その課題らしい）"
    topics = [own for own in view.terms if own.is_topic]
    others = [own for own in view.terms if not own.is_topic]
    for label, terms in (("話題の言葉", topics), ("ほかの言葉", others)):
        for number, hit in enumerate(terms):
            yield ("" if number else label), _hit(hit)
    if not view.terms:
        yield "話題の言葉", "概念辞書の言葉は見つからない"


def _hit(own: TermHit) -> str:
    spans = "、".join(
        f"{start + 1}〜{end}" if end > start + 1 else f"{end}" for start, end in own.spans
    )
    term = f"辞書の語「{own.term}」" if own.term != own.words else ""
    written = f"「{own.words}」" if own.words else ""
    place = "／".join(part for part in (own.field, own.heading) if part)
    return f"{written}{term}（{spans}文字目）→ {place}"


def _lesson_pairs(view: OpinionView) -> Iterator[tuple[str, str]]:
    first = view.lessons[0]
    yield "動き", f"{first.before or 'なし'} → {first.after or 'なし'}"
    for number, own in enumerate(view.lessons):
        who = f"{own.decision.reviewer} {own.decision.decided_at}" if own.decision else NONE_SHOWN
        what = f" {own.decision.target_id}" if own.decision else ""
        voice = short_voice(own.voice) if own.voice else ""
        yield (
            "" if number else "動かした判断",
            f"{who}{what}{voice}（効き {share(own.effect)}、判断番号 {own.decision_id}）",
        )


def _issue(page: Page, view: IssueView) -> None:
    page.say(f"課題 {view.issue_id} {view.title or view.machine_title}")
    if not view.is_there:
        _gone(page, view)
    else:
        _standing_issue(page, view)
    page.decisions("かかわる人の判断", view.decisions)


def _gone(page: Page, view: IssueView) -> None:
    if view.outcome == "merged":
        page.say(f"この課題はもうありません。{' '.join(view.merged_into)} に統合されました。")
    else:
        page.say("この課題はもうありません。意見がすべて、ほかへ移されました。")
    places = [
        f"{f'{own} {title}' if own else NO_ISSUE}（{number:,}件）"
        for own, title, number in view.whereabouts
    ]
    page.section(
        "機械の案では",
        [
            ("題", view.machine_title),
            ("特徴的な語", view.machine_words),
            ("大きさ", _size(*view.machine_size)),
            ("いまの置き場所", "\n".join(places)),
            *(("統合した人", f"{own.who}（{own.target_id} → {own.after}）") for own in view.merges),
        ],
    )


def _standing_issue(page: Page, view: IssueView) -> None:
    sizes = view.sizes
    assert sizes is not None
    machine = "（人が作った課題）" if not view.outcome else view.machine_title
    stability = "" if sizes.stability_word == BY_PEOPLE else f" {share(sizes.stability)}"
    page.section(
        "題と大きさ",
        [
            ("機械の題", "同じ" if machine == view.title else machine),
            (
                "大きさ",
                f"{_size(sizes.n_opinions, sizes.n_distinct)}、回答者 {sizes.n_respondents:,}人",
            ),
            ("安定度", sizes.stability_word + stability),
            ("まとまり", f"{share(sizes.cohesion)}（0〜1。意見どうしの近さ）"),
            ("課題群", " ".join(view.group).strip()),
            ("見出し", view.headings or "辞書の見出しではない（言葉の近さか人がまとめた課題）"),
            ("特徴的な語", view.words),
        ],
    )
    page.section("機械の案から変わったこと", _change_pairs(view))
    assert view.goal is not None
    page.section(
        "基本目標",
        [
            *goal_pairs(view.goal),
            ("意見ごとの目標", view.goal_counts),
            ("分かれ", "意見が2つの目標に分かれている" if view.to_split else ""),
        ],
    )
    page.section(
        "確認",
        [
            ("判定", view.status or "まだ判定していない"),
            ("最後に判断した人", view.reviewed_by or NONE_SHOWN),
            ("判断のある意見", f"{sizes.n_reviewed:,}件／{sizes.n_opinions:,}件"),
            (field_name("response"), view.response),
            ("コメント", view.comment),
        ],
    )
    page.section("代表的な声", [])
    for own, text in view.voices:
        page.say(f"{own} 「{text}」", GAP)


def _change_pairs(view: IssueView) -> Iterator[tuple[str, str]]:
    if not view.outcome:
        yield "この課題", "人が作った課題"
    else:
        changed = "そのまま" if view.outcome == "kept" and not view.absorbed else "変わった"
        yield "意見", f"{changed}（機械の案では、{_size(*view.machine_size)}）"
    for number, own in enumerate(view.absorbed):
        by = f"、統合した人: {by_whom(own.by)}" if own.by else ""
        yield (
            "" if number else "統合された課題",
            f"{own.issue_id} {own.title}（{own.n_opinions:,}件{by}）",
        )
    yield from _moved_pairs("入れられた意見", "もと", view.moved_in)
    yield from _moved_pairs("出された意見", "いま", view.moved_out)


def _moved_pairs(label: str, other: str, moved: Sequence[Moved]) -> Iterator[tuple[str, str]]:
    for number, own in enumerate(moved):
        place = f"{own.other_id} {own.other_title}".strip() or NO_ISSUE
        by = f"、移した人: {by_whom(own.by)}" if own.by else ""
        yield (
            "" if number else label,
            f"{own.opinion_id} {short_voice(own.text)}（{other}: {place}{by}）",
        )


def _aside(page: Page, view: AsideView) -> None:
    page.say(f"{'対象外の部分' if '@' in view.asked_for else '回答'} {view.asked_for}")
    page.section("どこに書かれたか", origin_pairs(view.origin))
    for own in view.pieces:
        page.section(
            f"取り上げなかった部分 {own.piece_id}",
            [
                ("文面", f"「{own.text}」"),
                ("理由", own.reason),
                ("段階", own.stage),
                ("文字の位置", _characters(own.start, own.end)),
            ],
        )
    if not view.pieces:
        page.section("取り上げなかった部分", [])
        back = "人がもどしたので、もうありません。" if "@" in view.asked_for else "ありません。"
        page.say(back, GAP)
    if view.opinions:
        page.section(f"意見になった部分（{len(view.opinions):,}件）", [])
        for opinion_id, text in view.opinions:
            page.say(f"{opinion_id} {short_voice(text)}", GAP)
    page.decisions("かかわる人の判断", view.decisions)


def _lost(page: Page, view: LostView) -> None:
    page.say(f"{view.target_id} は、この結果にはありません。人の判断の記録にだけあります。")
    if view.now:
        page.say(f"この結果では {'、'.join(view.now)} にあたります。")
    if view.why:
        page.say(view.why)
    page.decisions("かかわる人の判断", view.decisions)


def _named(issue: IssueName) -> str:
    return f"{issue.issue_id} {issue.title}" if issue.issue_id else NO_ISSUE


def _size(n_opinions: int, n_distinct: int) -> str:
    return f"意見 {n_opinions:,}件（異なる文面 {n_distinct:,}件）"


def _characters(start: int, end: int) -> str:
    return f"回答の {start + 1}〜{end}文字目（start {start}、end {end}）"
