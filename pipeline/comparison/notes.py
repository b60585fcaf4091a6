"""What is said beside a change, and beside a comparison as a whole, in a planner's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.normalize import fold
from pipeline.wording import SAME_VOICES

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pipeline.comparison.profile import IssueProfile, Profile

SMALL_BASE: Final = 30
"""People below which a share says little."""

OTHER_QUESTIONS: Final = 0.05
"""Share of the opinions that answer a question of one run only from which it is said."""

_NAMED: Final = 3
"""Headings that are named."""


def joined(
    olds: Sequence[IssueProfile], news: Sequence[IssueProfile], otherwise: str, *, merged: bool
) -> str:
    """Say which further issues were counted with a pair, or were left out.

    Parameters
    ----------
    otherwise
        Figures of the other way to count.
    merged
        Whether they were counted with it.
    """
    sides = [(when, own) for when, own in (("前回", olds), ("今回", news)) if own]
    if merged:
        told = "".join(f"{when}は{_names(own)}を合わせた人数です。" for when, own in sides)
        return f"{told}合わせないで比べると{otherwise}です。"
    told = "、".join(f"{when}の{_names(own)}" for when, own in sides)
    return f"{told}は入れずに比べています。入れると{otherwise}です。"


def not_either_way() -> str:
    """Say why a change that depends on what was merged is not claimed."""
    return "合わせるかどうかで増減が逆になるので、変化とはいえません。"


def part_of(home: IssueProfile, pair: IssueProfile, *, now: bool) -> str:
    """Say of what an issue is a part on the other side."""
    if now:
        return (
            f"前回は{home.issue_id}「{home.title}」に含まれていました。"
            f"合わせた変化は{pair.issue_id}「{pair.title}」にあります。"
        )
    return f"今回は{home.issue_id}「{home.title}」に含まれています。合わせた変化はそこにあります。"


def by_headings(keys: Collection[tuple[str, str]]) -> str:
    """Say that headings were counted, for want of an issue on the other side."""
    names = sorted({heading for heading, _ in keys})
    more = " ほか" if len(names) > _NAMED else ""
    return f"同じ見出し（{'、'.join(names[:_NAMED])}{more}）の声を両方で数えました。"


def by_word(word: str) -> str:
    """Say that a word was counted, for want of an issue and of a heading."""
    return f"もう一方に似た課題がないので、「{word}」という語を使った声を両方で数えました。"


def not_comparable() -> str:
    """Say that nothing on the other side could be counted."""
    return "もう一方に似た課題がなく、数える手がかりもないので、比べていません。"


def not_by_headings() -> str:
    """Say why a change of an issue is not claimed."""
    return "同じ見出しの人数では変化がはっきりせず、まとめ方の違いかもしれません。"


def not_by_word() -> str:
    """Say why a change in the use of a word is not claimed of an issue."""
    return "語の使われ方には差がありますが、課題の変化とまではいえません。"


def remarks(old: Profile, new: Profile, unit: str) -> tuple[str, ...]:
    """Whatever makes two runs hard to compare, most serious first."""
    found = []
    if _are_same(old, new):
        found.append(SAME_VOICES)
    if old.plan != new.plan:
        found.append(
            f"計画が違います（前回 {old.plan}、今回 {new.plan}）。課題は計画によらず比べられますが、"
            "基本目標の番号は比べられません。"
        )
    for here, there, when in ((old, new, "前回"), (new, old, "今回")):
        if text := _questions_apart(here, there, when):
            found.append(text)
    if set(old.sources) != set(new.sources):
        found.append(
            "集めた場（アンケート、懇談会など）が前回と違います。差は場の違いかもしれません。"
        )
    if old.dictionary != new.dictionary:
        found.append(
            "前回と今回で、概念辞書が違います。声が同じでも人数が動くことがあります。"
            "前回の回答もいまの Kadai で実行し直すと、そろえて比べられます。"
        )
    if unit == "件":
        found.append(
            "発言者の分からない意見が多いので、人ではなく意見の数で比べています。"
            "一人が何度も述べていると、差が実際より確かに見えます。"
        )
    elif old.n_unknown or new.n_unknown:
        found.append(
            f"発言者の分からない意見（前回 {old.n_unknown:,}件、今回 {new.n_unknown:,}件）は、"
            "人数に入っていません。"
        )
    if min(old.n_people, new.n_people) < SMALL_BASE and unit != "件":
        found.append("人数が少ないので、大きな変化しか示せません。")
    return tuple(found)


def _are_same(old: Profile, new: Profile) -> bool:
    """Whether both runs read the same answers, as far as counts and words tell."""
    told = (
        (own.n_answers, own.n_people, own.questions, own.sources, own.vocabulary)
        for own in (old, new)
    )
    return old.run_id == new.run_id or (bool(old.vocabulary) and next(told) == next(told))


def _questions_apart(here: Profile, there: Profile, when: str) -> str:
    asked = {fold(name) for name in there.questions}
    own = {name: number for name, number in here.questions.items() if fold(name) not in asked}
    number = sum(own.values())
    if number < OTHER_QUESTIONS * max(here.n_opinions, 1):
        return ""
    part = round(100 * number / here.n_opinions)
    return (
        f"{when}だけの質問が{len(own)}問あり、{when}の意見の{part}%がその答えです。"
        "差は質問の違いかもしれません。"
    )


def _names(issues: Sequence[IssueProfile]) -> str:
    return "、".join(f"{issue.issue_id}「{issue.title}」" for issue in issues)
