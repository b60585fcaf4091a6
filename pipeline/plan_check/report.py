"""What was found in a plan as Japanese lines for a planner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.plan_check.entries import (
    MOST_WORDS,
    describe_clash,
    describe_contradiction,
    describe_gap,
    describe_meeting,
    describe_shrunk,
    describe_silent,
    describe_unseen,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.plan_check.check import PlanCheck

MOST_ENTRIES: Final = 8
"""Entries of a list that are shown when not everything is asked for."""


class _Section(NamedTuple):
    """One kind of remark.

    Attributes
    ----------
    title, advice
        What it is, and what may be done about it.
    entries
        Each with its lines.
    unit
        What the entries are counted in.
    looked
        Whether there was anything to look at.
    """

    title: str
    entries: tuple[tuple[str, ...], ...]
    unit: str
    advice: str
    looked: bool = True


def render(check: PlanCheck, *, everything: bool = False) -> list[str]:
    """Lines for the terminal.

    Parameters
    ----------
    everything
        Long lists are shown whole, else :data:`MOST_ENTRIES` entries and how many are
        left out.
    """
    lines = [*_heading(check)]
    for number, section in enumerate(_sections(check, everything=everything), start=1):
        n_entries = len(section.entries)
        if not n_entries:
            found = "ありません" if section.looked else "調べていません"
            lines += ["", f"■ {number}. {section.title}: {found}"]
            continue
        lines += ["", f"■ {number}. {section.title}: {n_entries:,}{section.unit}"]
        lines.append(f"  {section.advice}")
        shown = n_entries if everything else MOST_ENTRIES
        for first, *further in section.entries[:shown]:
            lines += [f"  ・{first}", *(f"      {line}" for line in further)]
        if n_entries > shown:
            left = f"{n_entries - shown:,}{section.unit}"
            lines.append(f"  （ほか {left}。--all を付けると全部出ます）")
    ending = "ここに出たものは誤りではありません。直すかどうかは、見て決めてください。"
    return [*lines, "", ending]


def _heading(check: PlanCheck) -> Iterator[str]:
    plan = check.plan
    n_measures = sum(len(goal.measures) for goal in plan.goals)
    yield f"計画「{plan.title}」: 基本目標 {len(plan.goals)}、施策 {n_measures}"
    if check.rules.rules:
        n_terms = len({(own.rule, own.text) for own in check.rules.everything()})
        yield f"規則（{check.rules_file}）: {len(check.rules.rules):,}、言葉 のべ {n_terms:,}"
    else:
        yield (
            f"規則（{check.rules_file}）: まだありません。"
            "「この言葉があれば、この目標」という規則を書くと、目標が見つかりやすくなります。"
        )
    if check.examples:
        yield f"例文（{check.examples_file}）: {len(check.examples):,}"
    else:
        yield (
            f"例文（{check.examples_file}）: まだありません。"
            "住民の言いそうな文と目標の番号を書くと、目標が見つかりやすくなります。"
        )
    if check.source:
        kinds = {"run": "結果のフォルダーの意見（同じ文面は1つ）", "examples": "例文"}
        yield f"言葉を探した文: {kinds[check.source]} {check.n_texts:,}"
    else:
        yield "言葉を探した文: ありません（--run で結果のフォルダーを指定すると、その意見で調べます）"


def _sections(check: PlanCheck, *, everything: bool) -> tuple[_Section, ...]:
    where = "意見" if check.source == "run" else "例文"
    most = None if everything else MOST_WORDS
    tried = bool(check.source)
    return (
        _Section(
            "規則や例文のない基本目標・施策",
            tuple(describe_gap(own) for own in check.gaps),
            "件",
            "ここには意見が結びつきにくくなります。規則か例文を書き足してください。",
            bool(check.rules.rules or check.examples),
        ),
        _Section(
            "ちがう目標の規則に、同じ言葉があるもの",
            tuple(describe_clash(check, own, most) for own in check.clashes),
            "組",
            "両方に票が入ります。ねらいどおりかを見てください。near、with、not で分けられます。",
            bool(check.rules.rules),
        ),
        _Section(
            f"{where}の同じ言葉に、ちがう目標の規則がよく当たるもの",
            tuple(describe_meeting(check, own) for own in check.meetings),
            "組",
            f"実際の{where}で、同じ言葉が両方に票を入れています。多い順です。",
            tried,
        ),
        _Section(
            f"{where}に一度も出てこない言葉",
            tuple(describe_unseen(check, own, most) for own in check.unseen),
            "か所",
            "書きまちがいや、住民の使わない言い方でないかを見てください（not の言葉は数えません）。",
            tried,
        ),
        _Section(
            f"{where}に一度も当たらない規則",
            tuple(describe_silent(check, own) for own in check.silent),
            "個",
            "言葉があるのに当たらないときは、with、near、not がきびしすぎることがあります。",
            tried,
        ),
        _Section(
            "助詞などを除くと1語になり、広く当たる言葉",
            tuple(describe_shrunk(check, own, where) for own in check.shrunk),
            "語",
            '書いたとおりの言葉だけに当てるには、先頭に = を付けます（例: "=聞くだけ"）。',
            bool(check.rules.rules),
        ),
        _Section(
            "例文の目標と、規則の票が食いちがうもの",
            tuple(describe_contradiction(check, own) for own in check.contradictions),
            "文",
            "例文の目標か規則の、どちらかを直すとよいことがあります。差の大きい順です。",
            bool(check.examples and check.rules.rules),
        ),
        _Section(
            "SDGs の書かれていない施策",
            tuple((f"{own.id} {own.name}",) for own in check.without_sdgs),
            "件",
            "kadai plan sdgs で提案を見て、計画書で確かめてから sdgs に書いてください。",
        ),
    )
