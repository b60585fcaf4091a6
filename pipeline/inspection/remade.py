"""The grouping of a finished run, made again from the masked texts of its tables.

What is seen is only true of the run if it comes out as it was saved: issues that differ are
counted, and what has changed since then is named.
"""

from __future__ import annotations

import functools
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pipeline.concepts import choose_topic, find_concepts
from pipeline.csvfile import read_bytes
from pipeline.decisions import parse_decisions
from pipeline.encoders import study_encoder
from pipeline.errors import InputError, Location, UsageError
from pipeline.features import letter_vectors
from pipeline.follow import memory_of
from pipeline.grouping import Grouping, Knowledge, Memory, fit_vectors, group_opinions
from pipeline.lexicon import load_lexicon
from pipeline.manifest import DECISIONS, load_manifest
from pipeline.normalize import fold
from pipeline.opinionvectors import OpinionVectors
from pipeline.plan import find_plan, load_plan
from pipeline.privacy import blank_labels
from pipeline.runfolder import STUDY
from pipeline.study import Parameters, load_study
from pipeline.tables import load_columns, load_table
from pipeline.tokens import default_tokenizer
from pipeline.topics import Topics, is_known
from pipeline.verify import changed_since

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from pipeline.decisions import Decision
    from pipeline.opinionviews import Views
    from pipeline.plan import Plan
    from pipeline.tokentable import TokenTable

MOST_APART: Final = 0.05
"""Share of the opinions that may come out in another issue before nothing is shown at all."""

_NAMED: Final = 5


class RunChangedWarning(UserWarning):
    """A run did not come out quite as it was saved."""


@dataclass(frozen=True, eq=False)
class Remade:
    """What the grouping of a run sees of its opinions.

    Attributes
    ----------
    run
        The run folder.
    opinions, issues
        Tables of the run; ``stands_for`` is the opinion that stands for a wording.
    plan
        The plan of the run.
    tokens, topics
        Words of every opinion, and what the concept dictionary says that it is about.
    knowledge, parameters, memory
        What opinions are grouped with.
    grouping
        What became of them.
    """

    run: Path
    opinions: pd.DataFrame
    issues: pd.DataFrame
    plan: Plan
    tokens: TokenTable
    topics: Topics
    knowledge: Knowledge
    parameters: Parameters
    memory: Memory
    grouping: Grouping

    @functools.cached_property
    def vectors(self) -> OpinionVectors:
        """Vectors of the distinct opinions, by which issues are centred and joined."""
        return OpinionVectors.of(self.grouping.distinct.vectors)

    @functools.cached_property
    def views(self) -> Views:
        """What these vectors are made of."""
        return fit_vectors(self.grouping.distinct, self.knowledge)[1]

    @functools.cached_property
    def letters(self) -> NDArray[np.float64]:
        """View by letters of the opinions whose vectors are kept."""
        texts = self.grouping.distinct.texts
        return letter_vectors([fold(texts[row]) for row in self.vectors.rows.tolist()])

    @functools.cached_property
    def titles(self) -> dict[str, str]:
        """Issue → its title; empty for no issue."""
        pairs = zip(self.issues["issue_id"], self.issues["title"], strict=True)
        return {"": "", **{str(own): str(title) for own, title in pairs}}

    @functools.cached_property
    def issue_of(self) -> dict[str, str]:
        """Opinion → its issue, as people left it."""
        pairs = zip(self.opinions["opinion_id"], self.opinions["issue_id"], strict=True)
        return {str(own): str(issue) for own, issue in pairs}

    @functools.cached_property
    def machine_issue_of(self) -> dict[str, str]:
        """Opinion → its issue, as the machine made it."""
        pairs = zip(self.opinions["opinion_id"], self.opinions["machine_issue_id"], strict=True)
        return {str(own): str(issue) for own, issue in pairs}

    @functools.cached_property
    def texts(self) -> dict[str, str]:
        """Opinion → its text, people masked."""
        pairs = zip(self.opinions["opinion_id"], self.opinions["text"], strict=True)
        return {str(own): str(text) for own, text in pairs}

    @functools.cached_property
    def headings_of(self) -> dict[str, tuple[str, ...]]:
        """Opinion → headings of the concept dictionary that its words hit, its topic first."""
        columns = ("opinion_id", "heading", "is_topic")
        hits = load_columns("concepts", columns, self.run / "tables")
        hits = hits[hits["heading"] != ""].drop_duplicates()
        hits = hits.sort_values(
            ["opinion_id", "is_topic", "heading"], ascending=[True, False, True]
        )
        found: dict[str, dict[str, None]] = {}
        for own, heading in zip(hits["opinion_id"], hits["heading"], strict=True):
            found.setdefault(str(own), {})[str(heading)] = None
        return {own: tuple(names) for own, names in found.items()}

    def topic_of(self, opinion_id: str, headings: Sequence[str] = ()) -> str:
        """Heading of the concept dictionary that an opinion is about; empty for none.

        Parameters
        ----------
        headings
            Of an issue: large headings are split along their facets, and then named so.
        """
        row = self.grouping.distinct.topics[self.row_of(opinion_id)]
        if not is_known(row):
            return ""
        return row.facet if row.facet in headings else row.path[-1]

    def row_of(self, opinion_id: str) -> int:
        """Row of the distinct opinion that stands for an opinion.

        Raises
        ------
        UsageError
            The run has no such opinion.
        """
        if opinion_id not in self.texts:
            raise UsageError(
                f"意見「{opinion_id}」は、この結果にありません。",
                remedy="opinions の表の opinion_id（O で始まる番号）を指定してください。",
            )
        return int(self.grouping.row_of[opinion_id])


def remake(run: Path) -> Remade:
    """Group the opinions of a run again, as it did.

    Parameters
    ----------
    run
        The run folder. Nothing is written.

    Raises
    ------
    InputError
        Files are missing, or more opinions than :data:`MOST_APART` come out in another
        issue: the dictionaries, Kadai or a library are not those of the run.

    Warns
    -----
    RunChangedWarning
        A few come out in another issue.
    """
    manifest = load_manifest(run)
    study = load_study(run / STUDY)
    plan = load_plan(find_plan(study.plan, run))
    opinions, issues = (load_table(name, run / "tables") for name in ("opinions", "issues"))
    tokenizer = default_tokenizer()
    tokens = tokenizer.tokenize_table([blank_labels(text) for text in opinions["text"]])
    lexicon = load_lexicon(tokenizer)
    dictionary = lexicon.dictionary
    knowledge = Knowledge(
        lexicon.stopwords,
        lexicon.word_vectors,
        study_encoder(study.parameters.encoder, run),
    )
    topics = Topics.of(
        choose_topic(own, find_concepts(own, dictionary), dictionary, knowledge.stopwords)
        for own in tokens
    )
    # As they were: somebody may have changed the study file in the run folder since.
    asked = {name: manifest["parameters"].get(name) for name in ("issues", "max_issues")}
    parameters = study.parameters.model_copy(update=asked)
    memory = memory_of(_decisions(run, manifest, plan))
    stands_for = opinions["duplicate_of"].where(
        opinions["duplicate_of"] != "", opinions["opinion_id"]
    )
    given = opinions.assign(stands_for=stands_for)
    grouping = group_opinions(given, tokens, topics, knowledge, parameters, memory)
    apart = int((grouping.issue_ids != opinions["machine_issue_id"].to_numpy(dtype=object)).sum())
    if apart:
        _tell(apart, len(opinions), changed_since(study, run, manifest), run)
    return Remade(run, given, issues, plan, tokens, topics, knowledge, parameters, memory, grouping)


def _decisions(run: Path, manifest: Mapping[str, Any], plan: Plan) -> tuple[Decision, ...]:
    """What the run keeps of its reviewers' decisions."""
    if not manifest["decisions"]:
        return ()
    return parse_decisions(read_bytes(run / DECISIONS, "判断の記録"), plan)


def _tell(apart: int, whole: int, changed: Sequence[str], run: Path) -> None:
    """Say that opinions came out in another issue; refuse where they are many."""
    told = "".join(f"\n  - {line}" for line in changed[:_NAMED])
    if more := len(changed[_NAMED:]):
        told += f"\n  - ほか {more:,}件"
    why = f"実行したあとに、次のものが変わっています。{told}" if changed else ""
    if apart > MOST_APART * whole:
        raise InputError(
            f"この結果の課題を、同じように作り直せません（意見 {whole:,}件のうち {apart:,}件が、"
            f"ちがう課題になります）。{why}",
            at=Location(file=run.name),
            remedy="kadai run でもう一度結果を作り、その結果を見てください。",
        )
    warnings.warn(
        f"意見 {whole:,}件のうち {apart:,}件は、作り直すとちがう課題になります。"
        f"近さの値は、実行したときと少し違うことがあります。{why}",
        RunChangedWarning,
        stacklevel=4,
    )
