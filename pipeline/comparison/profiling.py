"""A run's profile from its tables: pieces, patterns of people, words."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final

from pipeline.comparison.profile import IssueProfile, Piece, Profile, Uses
from pipeline.deidentify import deidentify
from pipeline.features import word_weight
from pipeline.lookups import with_answers
from pipeline.manifest import load_manifest
from pipeline.study import PREVIOUS_PLAN
from pipeline.tables import DIGITS, load_columns
from pipeline.tokens import default_tokenizer
from pipeline.wording import clean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

TERMS: Final = 20
"""Terms of the concept dictionary that are kept of an issue."""

COLUMNS: Final = {
    "answers": ("answer_id", "source_kind", "question", "respondent_id"),
    "opinions": ("opinion_id", "answer_id", "text", "kind", "issue_id"),
    "issues": ("issue_id", "title", "headings", "words", "goal_id", "status"),
    "concepts": ("opinion_id", "heading", "facet", "term", "weight", "is_topic"),
    "applied_decisions": ("field", "run_id"),
}
"""What a profile is made of."""


def profile_run(run: Path) -> Profile:
    """Read the profile of a run folder.

    Raises
    ------
    InputError
        The folder is no run, or a table is missing.
    """
    manifest = load_manifest(run)
    return make_profile(
        {name: load_columns(name, columns, run / "tables") for name, columns in COLUMNS.items()},
        manifest,
    )


def make_profile(tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]) -> Profile:
    """Count what a comparison needs.

    Parameters
    ----------
    tables
        ``answers, opinions, issues, concepts, applied_decisions``; raw text is not read.
    manifest
        ``run_id``, ``study`` and ``dictionaries``.
    """
    answers = deidentify(tables["answers"])
    opinions = with_answers(tables["opinions"], answers)
    opinions = opinions[opinions["source_kind"] != PREVIOUS_PLAN]
    topics = _topics(tables["concepts"])
    found = [topics.get(own, ("", "")) for own in opinions["opinion_id"]]
    keys = [(issue_id, *topic) for issue_id, topic in zip(opinions["issue_id"], found, strict=True)]
    people = opinions["respondent_id"].tolist()
    sizes = Counter(keys)
    unknown = Counter(key for key, who in zip(keys, people, strict=True) if not who)
    names = sorted(sizes)
    place_of = {key: place for place, key in enumerate(names)}
    spoke: dict[str, set[int]] = defaultdict(set)
    for key, who in zip(keys, people, strict=True):
        if who:
            spoke[who].add(place_of[key])
    patterns = Counter(tuple(sorted(own)) for own in spoke.values())
    decided = tables["applied_decisions"]
    return Profile(
        run_id=str(manifest["run_id"]),
        title=clean(str(manifest["study"]["title"])),
        plan=str(manifest["study"]["plan"]),
        n_answers=int((answers["source_kind"] != PREVIOUS_PLAN).sum()),
        issues=_issues(tables["issues"], opinions, tables["concepts"]),
        pieces=tuple(Piece(*key, sizes[key], unknown[key]) for key in names),
        people=tuple((number, own) for own, number in sorted(patterns.items())),
        questions=_counted(opinions["question"].map(clean)),
        sources=_counted(opinions["source_kind"]),
        vocabulary=_vocabulary(opinions),
        dictionary=next(
            (
                str(own["sha256"])
                for own in manifest["dictionaries"]
                if own["file"] == "concepts.toml"
            ),
            "",
        ),
        numbers_from=tuple(
            sorted(set(decided.loc[decided["field"] == "members", "run_id"]) - {""})
        ),
    )


def _topics(concepts: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Opinion → heading under which it stands, and the facet that weighs most in it."""
    own = concepts[concepts["is_topic"] == 1]
    weights: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for opinion_id, heading, facet, weight in zip(
        own["opinion_id"], own["heading"], own["facet"], own["weight"], strict=True
    ):
        weights[opinion_id][heading, facet] += weight
    return {
        opinion_id: min(found, key=lambda key: (-round(found[key], DIGITS), not key[1], key))
        for opinion_id, found in weights.items()
    }


def _issues(
    issues: pd.DataFrame, opinions: pd.DataFrame, concepts: pd.DataFrame
) -> tuple[IssueProfile, ...]:
    sizes = opinions["issue_id"].value_counts()
    known = opinions[opinions["respondent_id"] != ""]
    people = known.groupby("issue_id", sort=True)["respondent_id"].nunique()
    issue_of = dict(zip(opinions["opinion_id"], opinions["issue_id"], strict=True))
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for issue_id, kind in zip(opinions["issue_id"], opinions["kind"], strict=True):
        kinds[issue_id][kind] += 1
    said = sorted({*zip(concepts["opinion_id"], concepts["term"], strict=True)})
    terms: dict[str, Counter[str]] = defaultdict(Counter)
    for opinion_id, term in said:
        terms[issue_of.get(opinion_id, "")][term] += 1
    return tuple(
        IssueProfile(
            issue_id=row["issue_id"],
            title=clean(row["title"]),
            headings=_parts(row["headings"]),
            words=_parts(row["words"]),
            terms={
                term: round(number / int(sizes[row["issue_id"]]), DIGITS)
                for term, number in sorted(
                    terms[row["issue_id"]].items(), key=lambda item: (-item[1], item[0])
                )[:TERMS]
            },
            n_opinions=int(sizes[row["issue_id"]]),
            n_respondents=int(people.get(row["issue_id"], 0)),
            goal_id=row["goal_id"],
            kinds=dict(sorted(kinds[row["issue_id"]].items())),
            status=row["status"],
        )
        for row in issues.sort_values("issue_id").to_dict("records")
        if row["issue_id"] in sizes.index
    )


def _vocabulary(opinions: pd.DataFrame) -> dict[str, Uses]:
    """Word → people who use it and opinions in which it stands, counted apart."""
    tokenizer = default_tokenizer()
    users: dict[str, set[str]] = defaultdict(set)
    numbers: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    for text, who in zip(opinions["text"], opinions["respondent_id"], strict=True):
        tokens = [own for own in tokenizer.tokenize(text) if word_weight(own.pos) > 0.0]
        for word in {clean(part) for own in tokens for part in (own.word, own.surface)}:
            numbers[word] += 1
            if who:
                users[word].add(who)
            else:
                unknown[word] += 1
    return {
        word: Uses(len(users[word]), numbers[word])
        for word in sorted(numbers)
        if len(users[word]) + unknown[word] > 1
    }


def _parts(text: str) -> tuple[str, ...]:
    return tuple(clean(part) for part in text.split("、") if part)


def _counted(values: pd.Series[str]) -> dict[str, int]:
    return {str(value): int(number) for value, number in sorted(values.value_counts().items())}
