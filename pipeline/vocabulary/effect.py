"""What a change of the dictionaries does to the opinions of a run, before it is made.

The masked texts of the run are read twice: with the dictionaries as they are now, and as they
would be. Words, topics and goals are read anew; issues are not grouped anew. An opinion whose
topic changes would go to the issue of its new topic where the run has exactly one such issue;
anything else only a new run can tell.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from pipeline import tables
from pipeline.concepts import HEADING, choose_topic, find_concepts
from pipeline.goals.batch import judge_texts
from pipeline.goals.confidence import least_confidence
from pipeline.goals.mapper import load_goal_mapper
from pipeline.lexicon import load_lexicon
from pipeline.manifest import load_manifest
from pipeline.plan import find_plan, load_plan
from pipeline.privacy import blank_labels, find_personal, mask
from pipeline.progress import Watch
from pipeline.resources import dictionaries_folder
from pipeline.runfolder import STUDY, run_folder_of
from pipeline.study import load_study
from pipeline.tokens import Tokenizer, default_tokenizer
from pipeline.vocabulary.entries import check_entries, check_words, refuse
from pipeline.vocabulary.given import given_entries
from pipeline.vocabulary.material import MOST_TEXTS
from pipeline.vocabulary.writing import read_dictionaries, with_entries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.tokens import Token
    from pipeline.vocabulary.entries import Checked, Entry

COLUMNS: Final = (
    "opinion_id", "text", "gone", "new", "issue_id", "heading", "heading_after",
    "issue_id_after", "goal_id", "goal_id_after",
)  # fmt: skip
_OPINION: Final = ("opinion_id", "answer_id", "text", "issue_id")


class Reading(NamedTuple):
    """What is made of a text: its words, the heading of its topic, its goal."""

    words: tuple[str, ...]
    heading: str
    goal_id: str


@dataclass(frozen=True)
class Trial:
    """What entries would do.

    Attributes
    ----------
    checked
        The entries, those that are there already told apart.
    changed
        As :func:`try_words` gives them.
    n_opinions
        Opinions of the run; 0 where there is none.
    titles
        Issue → its title.
    seen
        Contents of the dictionaries that all this was held against.
    only_worded
        Of a large run only opinions that get other words were read anew.
    """

    checked: Checked
    changed: pd.DataFrame
    n_opinions: int
    titles: Mapping[str, str]
    seen: Mapping[str, bytes]
    only_worded: bool = False


def try_words(
    run: Path,
    words: Iterable[str | Sequence[str]] = (),
    synonyms: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Opinions that a change of the dictionaries would touch; nothing is written.

    Parameters
    ----------
    run
        A run folder.
    words
        For ``user.csv``: a word alone, whose reading is then Sudachi's, or 見出し, 読み, 正規形
        and 種類.
    synonyms
        For ``synonyms.csv``: word → the word that it is counted as.

    Returns
    -------
    DataFrame
        One row an opinion that would be made of other words, or stand under another topic or
        goal, by id: ``opinion_id``, ``text`` (masked), ``gone`` and ``new`` (words, separated
        by 、), ``issue_id``, ``heading`` and ``heading_after`` (of the concept dictionary),
        ``issue_id_after`` (empty where only a new run can tell), ``goal_id`` and
        ``goal_id_after`` (the machine's, without what reviewers' decisions teach).

    Raises
    ------
    InputError
        The folder is no run, or an entry cannot be added; every such entry is named.
    """
    return try_entries(given_entries(words, synonyms or {}), run).changed


def try_entries(
    entries: Sequence[Entry], run: Path | None, file: str = "", watch: Watch | None = None
) -> Trial:
    """Check entries, and read the opinions of a run with and without them.

    Parameters
    ----------
    run
        A run folder; ``None`` only checks.
    file
        What the entries were read from, for messages.
    """
    watch = watch or Watch()
    folder = dictionaries_folder()
    seen = read_dictionaries(folder)
    checked, problems = check_entries(entries, folder)
    refuse(problems, file)
    with tempfile.TemporaryDirectory(prefix="kadai-dictionary-") as scratch:
        for name, content in with_entries(seen, checked.new).items():
            (Path(scratch) / name).write_bytes(content)
        changed = Tokenizer(Path(scratch) / "user.csv", Path(scratch) / "synonyms.csv")
    if run is None:
        refuse(check_words(checked.new, changed), file)
        return Trial(checked, pd.DataFrame(columns=list(COLUMNS)), 0, {}, seen)
    run = run_folder_of(run)
    load_manifest(run)  # tells where this is no run folder
    opinions = tables.load_columns("opinions", _OPINION, run / "tables")
    issues = tables.load_columns("issues", ("issue_id", "title", "headings"), run / "tables")
    asked = tables.load_columns("answers", ("answer_id", "question"), run / "tables")
    question_of = dict(zip(asked["answer_id"], asked["question"], strict=True))
    questions = [question_of.get(own, "") for own in opinions["answer_id"]]
    pairs = list(zip(opinions["text"], questions, strict=True))
    distinct = list(dict.fromkeys(pairs))
    with watch.stage("言葉を見くらべる"):
        words = {own: _words(own[0], default_tokenizer()) for own in distinct}
        counted = {one for own in words.values() for one in own}
        refuse(check_words(checked.new, changed, counted), file)
        is_large = len(distinct) > MOST_TEXTS
        if not checked.new:
            distinct = []
        elif is_large:
            distinct = [own for own in distinct if words[own] != _words(own[0], changed)]
    with watch.stage("いまの辞書で読む"):
        before = _read(distinct, run, default_tokenizer()) if distinct else {}
    with watch.stage("足した辞書で読む"):
        after = _read(distinct, run, changed) if distinct else {}
    table = _compare(opinions, pairs, before, after, issues)
    titles = dict(zip(issues["issue_id"], issues["title"], strict=True))
    return Trial(checked, table, len(opinions), titles, seen, only_worded=is_large)


def _words(text: str, tokenizer: Tokenizer) -> tuple[str, ...]:
    return tuple(own.word for own in tokenizer.tokenize(blank_labels(text)))


def _read(
    pairs: Sequence[tuple[str, str]], run: Path, tokenizer: Tokenizer
) -> dict[tuple[str, str], Reading]:
    """Words, topic and goal of texts, each with the question that it answers."""
    study = load_study(run / STUDY)
    plan_path = find_plan(study.plan, run)
    lexicon = load_lexicon(tokenizer)
    dictionary, stopwords = lexicon.dictionary, lexicon.stopwords
    mapper = load_goal_mapper(
        plan_path,
        load_plan(plan_path),
        tokenizer,
        lexicon,
        least=least_confidence(study.parameters.goal_error),
    )
    asides: dict[str, float] = {}
    for question in dict.fromkeys(own for _, own in pairs):
        shown = mask(question, find_personal(question))
        asides[question] = mapper.reader.aside(tokenizer.tokenize(shown))
    tokens: list[tuple[Token, ...]] = [tokenizer.tokenize(blank_labels(own)) for own, _ in pairs]
    hits = [find_concepts(own, dictionary) for own in tokens]
    judged = judge_texts(tokens, hits, [asides[own] for _, own in pairs], mapper)
    headings = [
        "＞".join(choose_topic(own, found, dictionary, stopwords).path[HEADING - 1 : HEADING])
        for own, found in zip(tokens, hits, strict=True)
    ]
    words = [tuple(one.word for one in own) for own in tokens]
    goals = map(str, judged.assigned["goal_id"])
    return dict(zip(pairs, map(Reading, words, headings, goals), strict=True))


def _compare(
    opinions: pd.DataFrame,
    pairs: Sequence[tuple[str, str]],
    before: Mapping[tuple[str, str], Reading],
    after: Mapping[tuple[str, str], Reading],
    issues: pd.DataFrame,
) -> pd.DataFrame:
    issues_of: dict[str, list[str]] = {}
    for own, headings in zip(issues["issue_id"], issues["headings"], strict=True):
        for heading in headings.split("、") if headings else ():
            issues_of.setdefault(heading, []).append(own)
    rows = []
    columns = (opinions[name] for name in ("opinion_id", "text", "issue_id"))
    for pair, opinion_id, text, issue_id in zip(pairs, *columns, strict=True):
        if pair not in before or before[pair] == after[pair]:
            continue
        old, new = before[pair], after[pair]
        there = issues_of.get(new.heading, [])
        moved = there[0] if len(there) == 1 else ""
        rows.append(
            {
                "opinion_id": opinion_id,
                "text": text,
                "gone": "、".join(_left_over(old.words, new.words)),
                "new": "、".join(_left_over(new.words, old.words)),
                "issue_id": issue_id,
                "heading": old.heading,
                "heading_after": new.heading,
                "issue_id_after": issue_id if old.heading == new.heading else moved,
                "goal_id": old.goal_id,
                "goal_id_after": new.goal_id,
            }
        )
    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype("str")
    return table.sort_values("opinion_id", ignore_index=True)


def _left_over(words: Sequence[str], others: Sequence[str]) -> list[str]:
    """Words of one text that another has less often, in order."""
    left = list(others)
    found = []
    for own in words:
        if own in left:
            left.remove(own)
        else:
            found.append(own)
    return found
