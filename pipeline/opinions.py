"""Answers to opinions: one row a claim, and the rest set aside with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.claims import split_claims
from pipeline.kinds import classify_kind
from pipeline.nonanswers import reason_for_silence
from pipeline.privacy import blank, find_personal, mask

if TYPE_CHECKING:
    from collections.abc import Callable

STAGE = "opinions"


@dataclass(frozen=True)
class Opinions:
    """What an answer table becomes.

    Attributes
    ----------
    table
        ``opinion_id, answer_id, start, end, text, kind, question, source_kind,
        respondent_id``, sorted by opinion_id; `text` is masked.
    analysed
        For every row the text that may be analysed: as long as the raw slice,
        people blanked.
    set_aside
        The declared columns of the table of that name.
    """

    table: pd.DataFrame
    analysed: list[str]
    set_aside: pd.DataFrame


def make_opinions(
    answers: pd.DataFrame,
    skip: frozenset[str] = frozenset(),
    advance: Callable[[], object] = lambda: None,
) -> Opinions:
    """Split answers into opinions.

    Parameters
    ----------
    answers
        The table of answers.
    skip
        Answers that were set aside when they were read.
    advance
        Called once an answer, for a progress bar.

    Returns
    -------
    Opinions
        Every answer outside `skip` has at least one row in ``table`` or in
        ``set_aside``. An answer that says nothing at all is set aside as a whole;
        beside real claims, only the claims that say nothing are.
    """
    opinions: list[tuple[object, ...]] = []
    aside: list[tuple[object, ...]] = []
    columns = ["answer_id", "question", "source_kind", "respondent_id", "raw_text"]
    for answer in answers[columns].sort_values("answer_id").itertuples(index=False):
        answer_id, question, source_kind, respondent_id, raw = map(str, answer)
        advance()
        if answer_id in skip:
            continue
        claims = [
            (start, end, reason_for_silence(raw[start:end], question))
            for start, end in split_claims(raw)
        ]
        silent = [claim for claim in claims if claim[2]]
        if len(silent) == len(claims):
            reason = claims[0][2] if claims else reason_for_silence(raw)
            aside.append((answer_id, 0, len(raw), STAGE, reason, mask(raw, find_personal(raw))))
            continue
        for start, end, reason in silent:
            text = raw[start:end]
            aside.append((answer_id, start, end, STAGE, reason, mask(text, find_personal(text))))
        said = [claim for claim in claims if not claim[2]]
        digits = max(2, len(str(len(said))))  # ids of one answer sort as it was written
        for number, (start, end, _) in enumerate(said, start=1):
            text = raw[start:end]
            people = find_personal(text)
            opinions.append(
                (
                    f"O{answer_id[1:]}-{number:0{digits}d}",
                    answer_id,
                    start,
                    end,
                    mask(text, people),
                    classify_kind(text, question),
                    question,
                    source_kind,
                    respondent_id,
                    blank(text, people),
                )
            )
    frame = pd.DataFrame(
        opinions,
        columns=[
            "opinion_id", "answer_id", "start", "end", "text", "kind",
            "question", "source_kind", "respondent_id", "analysed",
        ],
    )  # fmt: skip
    frame = frame.sort_values("opinion_id", ignore_index=True)
    analysed = frame.pop("analysed").tolist()
    names = ["answer_id", "start", "end", "stage", "reason", "text"]
    return Opinions(frame, analysed, pd.DataFrame(aside, columns=names))
