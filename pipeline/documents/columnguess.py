"""What one column is by its header and its values, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pipeline.documents import wording
from pipeline.documents.demographics import canonical_name

if TYPE_CHECKING:
    from pipeline.documents.table import Column
    from pipeline.documents.values import Profile

ColumnRole = Literal[
    "text",
    "respondent",
    "attribute",
    "addressed",
    "multiple_choice",
    "timestamp",
    "number",
    "empty",
    "other",
]

_FEW = 8  # below, shares of distinct values say little
_SOME = 20
_MOST = 0.9
_MOST_OPTIONS = 50
_MANY = 200  # different values: more than any list of options
_SURE_OPTIONS = 30
_MOST_LEVELS = 11  # 0 to 10
_LONG = 8.0  # characters; words and place names are shorter
_VERY_LONG = 15.0
_OWN_WORDS = 0.5  # share of different values
_OWN_WORDS_IF_ASKED = 0.25
_LONGEST_ATTRIBUTE = 30.0
_LONGEST_NUMBER = 100.0
_CONTACTS = 0.5
_PERSONAL = "個人を特定する列なので使いません。"
_CONTACT = "メールアドレスや電話番号などの連絡先が入っているので使いません。"


@dataclass(frozen=True)
class ColumnGuess:
    """What one column is taken for.

    Attributes
    ----------
    column
        The column.
    role
        What it is taken for.
    reason
        Why, one Japanese sentence.
    doubt
        Whether a person should check it.
    attribute
        Name of the attribute that it becomes, if it becomes one.
    pair
        For free text: name of the closed question that it explains.
    personal
        Whether it tells who somebody is: never an attribute, never a respondent's number.
    """

    column: Column
    role: ColumnRole
    reason: str
    doubt: bool = False
    attribute: str | None = None
    pair: str | None = None
    personal: bool = False


def guess_column(column: Column, profile: Profile) -> ColumnGuess:
    """Say what one column is, whatever stands beside it.

    Parameters
    ----------
    profile
        Of its values.
    """
    header = column.name.split(" ― ")[-1]
    short = profile.mean_length <= _LONGEST_ATTRIBUTE
    identifies = wording.identifier_rank(header) is not None
    # Excel makes a date of a number such as 1-1; it still tells people apart.
    dated = (profile.dates >= _MOST and not identifies) or (
        wording.is_time(header) and profile.dates > 0
    )
    numbered = identifies and profile.mean_length <= _LONGEST_NUMBER
    cases: tuple[tuple[bool, ColumnRole, str], ...] = (
        (profile.n_filled == 0, "empty", "値が1つもありません。"),
        (wording.is_personal(header), "other", _PERSONAL),
        (profile.contacts >= _CONTACTS, "other", _CONTACT),
        (profile.addresses >= _MOST, "other", "URL やメールアドレスが入っています。"),
        # 「発言者」 has the look of a question as 「発言」 has; names are no free text.
        (wording.is_speaker(header), "other", "発言した人の列です。"),
        (dated, "timestamp", "日付や時刻が入っています。"),
        (
            short and wording.is_addressed(header),
            "addressed",
            "見出しに「該当箇所」とあるので、計画のどこへの意見かを書いた列と見ました。",
        ),
        (numbered, "other", "番号の列ですが、回答者の区別には使いません。"),
        (wording.is_official(header), "other", "行政の側の文章や備考の見出しです。"),
        (
            short and canonical_name(header) is not None,
            "attribute",
            "見出しが回答者の属性を表しています。",
        ),
    )
    for holds, role, reason in cases:
        if holds:
            personal = reason in {_PERSONAL, _CONTACT}
            return ColumnGuess(column, role, reason, doubt="備考" in reason, personal=personal)
    return _guess_by_values(column, profile, asked=wording.asks_for_text(column.name))


def _guess_by_values(column: Column, profile: Profile, *, asked: bool) -> ColumnGuess:
    several = wording.asks_for_several(column.name) and not asked
    certain = wording.insists_on_text(column.name) or wording.is_bare_text(column.name)
    if (profile.separator and not certain) or (several and profile.mean_length >= _LONG):
        n_options = f"（{profile.n_options}種類）" if profile.n_options else ""
        reason = f"選択肢{n_options}を区切り文字で並べた値です。{_own_words(profile)}"
        doubt = not profile.separator or profile.n_own > 0
        return ColumnGuess(column, "multiple_choice", reason, doubt=doubt)
    if profile.ticks:
        reason = "選んだ人だけに印が付く列なので、複数選択の選択肢1つ分です。"
        return ColumnGuess(column, "multiple_choice", reason)
    if profile.n_distinct == 1 and profile.n_filled >= _FEW and not asked:
        return ColumnGuess(column, "other", "すべての行が同じ値です。")
    if profile.numbers >= _MOST:
        if profile.n_distinct <= _MOST_LEVELS and profile.n_distinct < profile.n_filled:
            reason = f"{profile.n_distinct}段階の数字なので、選択肢の番号か評価の点数です。"
            return ColumnGuess(column, "attribute", reason)
        return ColumnGuess(column, "number", "数値が入っています。", doubt=asked)
    return (
        _guess_text(column, profile, asked=asked)
        or _guess_closed(column, profile)
        or ColumnGuess(
            column,
            "other",
            f"短い語や記号が{profile.n_distinct}種類あり、選択肢にも文章にも見えません。",
            doubt=True,
        )
    )


def _guess_text(column: Column, profile: Profile, *, asked: bool) -> ColumnGuess | None:
    own_words = profile.distinct_share
    wordy = profile.mean_length >= _LONG or profile.sentences >= _OWN_WORDS
    if wording.is_bare_text(column.name):
        # A list of codes has such a column, too: 「コード」「内容」.
        if profile.n_filled < _FEW and not wordy:
            reason = f"見出しは文章の列ですが、短い語が{profile.n_filled}件あるだけです。"
            return ColumnGuess(column, "text", reason, doubt=True)
        return ColumnGuess(column, "text", "見出しが文章の列であることを表しています。")
    if profile.n_filled < _FEW:
        return _guess_text_of_few(column, profile, asked=asked)
    varied = own_words >= _OWN_WORDS_IF_ASKED or profile.n_distinct > _MOST_OPTIONS
    if asked and (varied or wording.insists_on_text(column.name)):
        reason = "見出しが文章での回答を求めており、値が人によって異なります。"
        if not varied:
            reason = "見出しは文章での回答を求めていますが、同じ値が繰り返されています。"
        elif not wordy:
            reason = "見出しは文章での回答を求めていますが、短い語の多い列です。"
        return ColumnGuess(column, "text", reason, doubt=not (varied and wordy))
    if not asked and profile.n_distinct > _MANY and wordy and profile.sentences >= _OWN_WORDS / 2:
        reason = f"文章のような値が{profile.n_distinct}種類あります。"
        return ColumnGuess(column, "text", reason, doubt=own_words < _OWN_WORDS)
    if own_words >= _OWN_WORDS and wordy and profile.codes < _OWN_WORDS:
        reason = f"同じ値が少なく、平均{profile.mean_length:.0f}文字あります。"
        sure = profile.mean_length >= _LONG and profile.sentences >= _OWN_WORDS / 2
        return ColumnGuess(column, "text", reason, doubt=not sure)
    return None


def _guess_text_of_few(column: Column, profile: Profile, *, asked: bool) -> ColumnGuess | None:
    if profile.codes >= _OWN_WORDS:
        return None
    if asked:
        reason = f"見出しが文章での回答を求めています（回答は{profile.n_filled}件）。"
        return ColumnGuess(column, "text", reason)
    all_different = profile.n_distinct == profile.n_filled
    sparse = profile.n_rows >= _SOME
    if all_different and (profile.mean_length >= _VERY_LONG or profile.sentences > _OWN_WORDS):
        reason = f"文章のような値が{profile.n_filled}件あります。"
        return ColumnGuess(column, "text", reason, doubt=True)
    if sparse and (all_different or profile.n_filled > 1) and profile.mean_length > 1:
        reason = f"ごく一部の人だけが書いた語が{profile.n_filled}件あり、記述欄と見られます。"
        return ColumnGuess(column, "text", reason, doubt=True)
    return None


def _guess_closed(column: Column, profile: Profile) -> ColumnGuess | None:
    few_options = profile.n_distinct <= _MOST_OPTIONS
    if not few_options or (profile.n_filled >= _SOME and profile.distinct_share > _OWN_WORDS):
        return None
    reason = f"同じ値が繰り返され、{profile.n_distinct}種類しかありません。"
    doubt = profile.n_distinct > _SURE_OPTIONS or profile.distinct_share > _OWN_WORDS
    if profile.n_filled < _FEW:
        reason = f"短い値が{profile.n_distinct}種類あります。"
        doubt = True
    # Options are as long as sentences now and then, but then there are few of them.
    if (
        profile.n_distinct > _MOST_LEVELS
        and profile.distinct_share > _OWN_WORDS_IF_ASKED
        and profile.mean_length >= _VERY_LONG
        and profile.sentences >= _OWN_WORDS
    ):
        reason += "ただし、文章のような値が多いので、自由記述かもしれません。"
        doubt = True
    reason, doubt = reason + _own_words(profile), doubt or profile.n_own > 0
    return ColumnGuess(column, "attribute", reason, doubt=doubt)


def _own_words(profile: Profile) -> str:
    """Say that people wrote words of their own into a question with options."""
    if not profile.n_own:
        return ""
    return (
        f"ほかに、選択肢にない言葉と見られる値が{profile.n_own}件あります（「その他」の記述など）。"
        "意見としては読みません。"
    )
