"""The story of a run: from the files of a study to its tables, workbook and report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from pipeline import tables
from pipeline.answers import read_answers
from pipeline.concept_dictionary import load_concepts
from pipeline.concepts import choose_topic, find_concepts, tabulate_hits
from pipeline.decided import decide_goals, inherit_goals, tabulate_decisions
from pipeline.decisions import as_examples, follow_issues, load_decisions
from pipeline.duplicates import first_of_same
from pipeline.encoders import study_encoder
from pipeline.features import read_stopwords
from pipeline.goals.confidence import least_confidence
from pipeline.goals.issues import all_links, beside, count_goals, link_issues
from pipeline.goals.mapper import load_goal_mapper
from pipeline.goals.opinions import link_opinions
from pipeline.goals.space import Lexicon
from pipeline.grouping import Grouping, Knowledge, group_opinions
from pipeline.manifest import Provenance, build_manifest, count_ledger
from pipeline.measures import tabulate_measures
from pipeline.opinions import make_opinions
from pipeline.plan import Plan, find_plan, load_plan
from pipeline.privacy import find_personal, mask
from pipeline.progress import Watch
from pipeline.resources import dictionaries_folder
from pipeline.runfolder import new_run_folder, save_run
from pipeline.sdgs import load_sdgs, suggest_sdgs
from pipeline.tokens import default_tokenizer
from pipeline.wording import stability_word
from pipeline.wordvectors import FILE_NAME, load_word_vectors

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.study import Study


@dataclass(frozen=True)
class Analysis:
    """What a study becomes before it is saved.

    Attributes
    ----------
    tables
        Every table of :data:`pipeline.tables.SCHEMAS`, conformed.
    plan
        The plan that opinions were linked to.
    method
        Figures of the grouping for the manifest.
    """

    tables: dict[str, pd.DataFrame]
    plan: Plan
    method: dict[str, object]


def run(
    study: Study,
    folder: Path,
    output: Path | None = None,
    *,
    keep_raw: bool = True,
    watch: Watch | None = None,
) -> Path:
    """Run a study and save its run folder, whole or not at all.

    Parameters
    ----------
    study, folder
        The study and the folder that its paths are relative to.
    output
        The run folder. ``None``: ``outputs/<title>-<hash>``.
    keep_raw
        ``False`` leaves the raw text out of the table of answers.

    Returns
    -------
    Path
        The run folder.

    Raises
    ------
    InputError
        A file of the study, the plan or a dictionary cannot be read or checked.
    """
    watch = watch or Watch()
    provenance = Provenance.of(study, folder, keep_raw=keep_raw)
    target = new_run_folder(output, study.title, provenance.run_id)
    analysis = analyse(study, folder, watch)
    if not keep_raw:
        analysis.tables["answers"]["raw_text"] = ""
    manifest = build_manifest(provenance, analysis.tables, analysis.method)
    return save_run(target, study, folder, analysis.tables, analysis.plan, manifest, watch)


def analyse(study: Study, folder: Path, watch: Watch) -> Analysis:
    """All stages in their order, from files to tables, nothing written."""
    with watch.stage("計画と辞書を読む"):
        tokenizer = default_tokenizer()
        plan_path = find_plan(study.plan, folder)
        plan = load_plan(plan_path)
        dictionary = load_concepts(dictionaries_folder() / "concepts.toml", tokenizer.tokenize)
        knowledge = Knowledge(
            stopwords=read_stopwords(dictionaries_folder() / "stopwords.txt"),
            word_vectors=load_word_vectors(dictionaries_folder() / FILE_NAME),
            encoder=study_encoder(study.parameters.encoder, folder),
        )
        sdgs = load_sdgs()
        suggested = suggest_sdgs(plan, sdgs, tokenizer.tokenize)
        lexicon = Lexicon(dictionary, knowledge.word_vectors, knowledge.stopwords)
        decisions = load_decisions(folder / study.decisions, plan) if study.decisions else ()
        mapper = load_goal_mapper(
            plan_path, plan, tokenizer, lexicon, as_examples(decisions),
            least=least_confidence(study.parameters.goal_error),
        )  # fmt: skip

    with watch.stage("回答を読む"):
        read = read_answers(study, folder)
    with watch.stage("意見に分ける", len(read.answers)) as advance:
        skip = frozenset(read.set_aside["answer_id"])
        said = make_opinions(read.answers, skip, advance)
        opinions = said.table
    with watch.stage("単語に分ける"):
        tokens = tokenizer.tokenize_all(said.analysed)
    with watch.stage("同じ意見を数える"):
        ids, texts = opinions["opinion_id"].tolist(), opinions["text"].tolist()
        opinions["stands_for"] = first_of_same(ids, texts, tokens)
    with watch.stage("話題を見つける"):
        hits = [find_concepts(own, dictionary) for own in tokens]
    with watch.stage("課題にまとめる"):
        topics = [
            choose_topic(own, found, dictionary, knowledge.stopwords)
            for own, found in zip(tokens, hits, strict=True)
        ]
        grouping = group_opinions(opinions, tokens, topics, knowledge, study.parameters)
    with watch.stage("基本目標に結びつける"):
        questions = {own: tokenizer.tokenize(own) for own in sorted(set(opinions["question"]))}
        opinions = _with_issues(opinions, grouping)
        followed = follow_issues(decisions, opinions)
        decided = {own.target_id for own in followed if own.field == "goal_id"}
        linked = link_opinions(opinions, tokens, mapper, questions, hits, decided)
        opinions = opinions.join(linked.assigned)
        issues = grouping.issues.table
        issue_ids = issues["issue_id"].tolist()
        proposed, proposed_links = link_issues(issues, opinions, linked.links)
        opinions = decide_goals(opinions, ids, followed)
        issue_goals, issue_links = link_issues(issues, opinions, linked.links)
        issue_goals = decide_goals(beside(issue_goals, proposed), issue_ids, followed)
        issues = _with_sizes(
            issues.join(issue_goals.drop(columns=["goal_score", "withheld_goal_id"])), opinions
        )
        opinions = inherit_goals(opinions, issues, followed)
        issues = count_goals(issues, opinions)

    made = {
        "answers": read.answers,
        "opinions": opinions[tables.SCHEMAS["opinions"].names],
        "issues": issues,
        "concepts": tabulate_hits(
            ids, opinions["start"].tolist(), tokens, hits, topics, dictionary
        ),
        "suggested_concepts": _suggested(issues, opinions, grouping),
        "groups": _group_sizes(grouping.issues.groups, issues, opinions),
        "goal_links": all_links(linked.links, issue_links, proposed_links),
        "measures": tabulate_measures(plan, sdgs, suggested, opinions, issues),
        "lessons": linked.lessons,
        "applied_decisions": tabulate_decisions(decisions, followed, opinions, issues),
        "set_aside": pd.concat([_masked(read.set_aside), said.set_aside], ignore_index=True),
    }
    shaped = {name: tables.conform(name, table) for name, table in made.items()}
    count_ledger(shaped)  # every answer is somewhere, or this is no result
    return Analysis(shaped, plan, grouping.method)


def _with_issues(opinions: pd.DataFrame, grouping: Grouping) -> pd.DataFrame:
    """Opinions with their issue and duplicate columns."""
    placed = [grouping.issue_of.get(own, ("", 0.0)) for own in opinions["opinion_id"]]
    issue_ids = [issue_id for issue_id, _ in placed]
    repeats = opinions["stands_for"].where(opinions["stands_for"] != opinions["opinion_id"], "")
    return opinions.assign(
        duplicate_of=repeats,
        issue_id=issue_ids,
        machine_issue_id=issue_ids,
        issue_strength=[strength for _, strength in placed],
    )


def _with_sizes(issues: pd.DataFrame, opinions: pd.DataFrame) -> pd.DataFrame:
    people = _respondents(opinions, "issue_id")
    return issues.assign(
        n_respondents=[people.get(own, 0) for own in issues["issue_id"]],
        stability_word=[stability_word(value) for value in issues["stability"]],
    )


def _suggested(issues: pd.DataFrame, opinions: pd.DataFrame, grouping: Grouping) -> pd.DataFrame:
    """Issues that the data made beside the headings: candidates for the concept dictionary."""
    found = issues[(issues["headings"] == "") & bool(grouping.method["n_by_headings"])]
    texts = dict(zip(opinions["opinion_id"], opinions["text"], strict=True))
    first = found["representative_opinion_ids"].str.split().str[0]
    return pd.DataFrame(
        {
            "issue_id": found["issue_id"],
            "name": found["title"],
            "terms": found["words"],
            "n_opinions": found["n_opinions"],
            "example": [texts.get(own, "") for own in first],
        }
    )


def _group_sizes(
    groups: pd.DataFrame, issues: pd.DataFrame, opinions: pd.DataFrame
) -> pd.DataFrame:
    group_of = dict(zip(issues["issue_id"], issues["group_id"], strict=True))
    grouped = opinions.assign(group_id=[group_of.get(own, "") for own in opinions["issue_id"]])
    people = _respondents(grouped, "group_id")
    counts = grouped["group_id"].value_counts()
    sizes = issues["group_id"].value_counts()
    return groups.assign(
        n_issues=[int(sizes.get(own, 0)) for own in groups["group_id"]],
        n_opinions=[int(counts.get(own, 0)) for own in groups["group_id"]],
        n_respondents=[people.get(own, 0) for own in groups["group_id"]],
    )


def _respondents(opinions: pd.DataFrame, by: str) -> dict[str, int]:
    """Number of known respondents behind every value of a column."""
    known = opinions[opinions["respondent_id"] != ""]
    counted = known.groupby(by, sort=True)["respondent_id"].nunique()
    return {str(key): int(number) for key, number in counted.items()}


def _masked(set_aside: pd.DataFrame) -> pd.DataFrame:
    """Texts that were set aside when they were read, people masked."""
    texts = [mask(text, find_personal(text)) for text in set_aside["text"]]
    return set_aside.assign(text=texts)
