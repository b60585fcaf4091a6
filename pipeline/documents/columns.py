"""What each column of a table is: free text, respondent, attribute or something unused.

Every guess carries its reason and says whether a person should look at it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.documents import wording
from pipeline.documents.columnguess import ColumnGuess, guess_column
from pipeline.documents.demographics import canonical_name, without_notes
from pipeline.documents.pairs import closed_question_of
from pipeline.documents.respondents import choose_respondent
from pipeline.documents.values import Profile, profile_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.documents.table import Table


def guess_columns(table: Table) -> tuple[ColumnGuess, ...]:
    """Say what each column of a table is.

    Parameters
    ----------
    table
        A table whose header is known. The order of its rows does not matter.

    Returns
    -------
    tuple of ColumnGuess
        One a column, in the order of the table.
    """
    profiles = {column.index: profile_values(table.values(column)) for column in table.columns}
    guesses = [guess_column(column, profiles[column.index]) for column in table.columns]
    guesses = _only_first_addressed(_only_bare_text(guesses))
    guesses = _with_respondent(table, guesses, profiles)
    guesses = _with_pairs(guesses)
    return tuple(_with_attributes(guesses))


def _only_bare_text(guesses: Sequence[ColumnGuess]) -> list[ColumnGuess]:
    """Where a column is simply called text, its neighbours that nobody asked for are not.

    Exports of one answer a row carry titles, labels and descriptions beside the
    text; a survey's sheet has no column with so plain a name.
    """
    if not any(
        guess.role == "text" and wording.is_bare_text(guess.column.name) for guess in guesses
    ):
        return list(guesses)
    reason = "文章の列がほかにあり、見出しも意見を求めるものではありません。"
    return [
        replace(guess, role="other", reason=reason, doubt=True)
        if guess.role == "text"
        and not wording.asks_for_text(guess.column.name)
        and not wording.is_bare_text(guess.column.name)
        and guess.column.aliases  # what stands under no header at all may belong to the text
        else guess
        for guess in guesses
    ]


def _only_first_addressed(guesses: Sequence[ColumnGuess]) -> list[ColumnGuess]:
    """Of several columns that say which part of a plan is meant, the first is taken."""
    first = next((guess for guess in guesses if guess.role == "addressed"), None)
    reason = "該当箇所の列がほかにあります。"
    return [
        replace(guess, role="other", reason=reason, doubt=True)
        if guess.role == "addressed" and guess is not first
        else guess
        for guess in guesses
    ]


def _with_respondent(
    table: Table, guesses: list[ColumnGuess], profiles: dict[int, Profile]
) -> list[ColumnGuess]:
    # Of one person only what describes the person must agree, not the question asked.
    attributes = [
        guess.column
        for guess in guesses
        if guess.role == "attribute" and canonical_name(guess.column.name)
    ]
    has_text = any(guess.role == "text" for guess in guesses)
    candidates = [
        guess.column
        for guess in guesses
        if guess.role in {"other", "number", "attribute"} and not guess.personal
    ]
    chosen = choose_respondent(table, candidates, profiles, attributes, has_text=has_text)
    if chosen is None:
        return [
            replace(
                guess, reason="番号が重なっているか欠けていて、回答者を区別できません。", doubt=True
            )
            if guess.role == "other" and wording.identifier_rank(guess.column.name) is not None
            else guess
            for guess in guesses
        ]
    column, reason, doubt = chosen
    if profiles[column.index].dates:
        reason += "日付の形の値があるので、Excel が番号を日付に変えていないかを確かめてください。"
        doubt = True
    return [
        ColumnGuess(column, "respondent", reason, doubt) if guess.column == column else guess
        for guess in guesses
    ]


def _with_pairs(guesses: list[ColumnGuess]) -> list[ColumnGuess]:
    closed = {
        guess.column.index: guess.column
        for guess in guesses
        if guess.role in {"attribute", "multiple_choice", "number"}
    }
    paired = []
    for guess in guesses:
        question = (
            closed_question_of(guess.column, [other.column for other in guesses], closed)
            if guess.role == "text"
            else None
        )
        paired.append(replace(guess, pair=question.name) if question else guess)
    return paired


def _with_attributes(guesses: list[ColumnGuess]) -> list[ColumnGuess]:
    """Name the attributes: closed questions of one choice or a scale, and those in a pair."""
    explained = {guess.pair for guess in guesses if guess.pair}
    taken: set[str] = set()
    named = []
    for guess in guesses:
        if guess.role == "attribute" or guess.column.name in explained:
            name = canonical_name(guess.column.name) or without_notes(guess.column.name)
            unique, number = name, 1
            while unique in taken:
                number += 1
                unique = f"{name}（{number}）"
            taken.add(unique)
            named.append(replace(guess, attribute=unique))
        else:
            named.append(guess)
    return named
