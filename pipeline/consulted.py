"""Public comments (パブリックコメント), as the report and the papers both count them.

A comment stands where its writer says that it belongs (該当箇所). Where nothing is said that
the plan knows, the sentences of one answer stay together where most of them are linked to: at a part
of the plan, or at none. Of two that most are linked to, the one of the earlier sentence counts.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from pipeline.documents.attributes import ADDRESSED
from pipeline.lookups import parts_of_plan, with_answers
from pipeline.privacy import LABEL
from pipeline.study import PUBLIC_COMMENT
from pipeline.tables import ATTRIBUTE_PREFIX
from pipeline.wording import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from pipeline.plan import Plan

_NAMES_A_CONTACT: Final = re.compile(
    r"(?:ご?連絡先?|お?問い?合わ?せ先?|お?電話(?:番号)?|携帯(?:電話)?(?:番号)?|自宅|勤務先|tel|phone|fax|ファックス"
    r"|e?mail|e?メール(?:アドレス)?|アドレス|url|ホームページ|ウェブサイト|hp|郵便番号|ご?住所|お?名前|氏名|参考(?:資料)?|出典|参照|詳細|リンク"
    r"|[はがのと]|または|です)*",
    re.IGNORECASE,
)
_NOT_A_LETTER: Final = re.compile(r"[\W_]+")
_LONGEST_NAME: Final = 40
"""Letters above which something else than a name for a contact is said."""


def public_comments(
    opinions: pd.DataFrame,
    answers: pd.DataFrame,
    plan: Plan,
    sources: Sequence[Mapping[str, Any]] = (),
) -> pd.DataFrame:
    """Opinions of public comments, and what is to be known of each.

    Parameters
    ----------
    opinions, answers
        Saved tables; those of earlier versions may lack ``response`` and ``addressed_id``.
    sources
        As :func:`written_addresses` takes them.

    Returns
    -------
    DataFrame
        In the order of answers and places, joined as by :func:`pipeline.lookups.with_answers`,
        with ``part`` (measure or goal, empty for none), ``is_named`` (its writer named a
        part that the plan has), ``is_contact`` (:func:`is_contact`) and ``written``
        (該当箇所 as written, masked; empty for nothing).
    """
    asked = answers[answers["source_kind"] == PUBLIC_COMMENT]
    own = opinions[opinions["answer_id"].isin(set(asked["answer_id"]))]
    own = with_answers(own, answers).sort_values(["answer_id", "start", "end", "opinion_id"])
    missing = {name: "" for name in ("response", "addressed_id") if name not in own}
    own = own.assign(**missing).reset_index(drop=True)
    written = written_addresses(asked, sources)
    alone = own.assign(measure_id="", goal_id="")
    own = own.assign(
        is_named=[bool(part) for part in parts_of_plan(alone, plan)],
        is_contact=[is_contact(text) for text in own["text"]],
        written=[written.get(answer, "") for answer in own["answer_id"]],
    )
    own = own.astype({"is_named": bool, "is_contact": bool})  # of an empty table, too
    return own.assign(part=_parts(own, plan))


def written_addresses(
    answers: pd.DataFrame, sources: Sequence[Mapping[str, Any]] = ()
) -> dict[str, str]:
    """Answer to a public consultation → which part it says it is about, as written.

    Attributes of answers are confidential; this is the one that the writer meant for the reader
    of the comment. Answers that say nothing are left out.

    Parameters
    ----------
    answers
        As :func:`pipeline.deidentify.deidentify` gives them.
    sources
        Of the study in the manifest: ``id, attributes, addresses_column``; a column that is an
        attribute under another name is found by them.
    """
    names = {
        source["id"]: name
        for source in sources
        for name, header in source.get("attributes", {}).items()
        if header == source.get("addresses_column")
    }
    found = {}
    for row in answers[answers["source_kind"] == PUBLIC_COMMENT].to_dict("records"):
        column = f"{ATTRIBUTE_PREFIX}{names.get(row['source_id'], ADDRESSED)}"
        if text := " ".join(clean(str(row.get(column, ""))).split()):
            found[str(row["answer_id"])] = text
    return found


def is_contact(text: str) -> bool:
    """Whether a masked text is nothing but what was masked and a word for it.

    Examples
    --------
    >>> is_contact("連絡先：［メールアドレス］"), is_contact("［電話番号］の電話がつながらない")
    (True, False)
    """
    left, n_masked = LABEL.subn("", text)
    name = _NOT_A_LETTER.sub("", left)
    return bool(n_masked and len(name) <= _LONGEST_NAME and _NAMES_A_CONTACT.fullmatch(name))


def _parts(own: pd.DataFrame, plan: Plan) -> list[str]:
    """Part of the plan of every opinion, the same for all of an answer that names none."""
    linked = parts_of_plan(own, plan)
    counts: dict[str, Counter[str]] = {}
    for answer_id, part, contact in zip(own["answer_id"], linked, own["is_contact"], strict=True):
        if not contact:
            counts.setdefault(answer_id, Counter())[part] += 1
    # Of parts that are counted alike, a Counter gives the one that it met first.
    most = {answer_id: parts.most_common(1)[0][0] for answer_id, parts in counts.items()}
    return [
        part if named else most.get(answer_id, "")
        for answer_id, part, named in zip(own["answer_id"], linked, own["is_named"], strict=True)
    ]
