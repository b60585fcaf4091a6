"""The story of a run: from the files of a study to its tables, workbook and report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from pipeline import tables
from pipeline.actions import link_actions, tabulate_actions
from pipeline.addressed import check_addresses, read_addresses
from pipeline.answers import read_answers
from pipeline.compare.previous import compare_with, read_previous
from pipeline.concept_dictionary import load_concepts
from pipeline.concepts import choose_topic, find_concepts, tabulate_hits
from pipeline.cooccurrence import count_words
from pipeline.decided import outcomes, tabulate_decisions
from pipeline.decision_input import read_decisions
from pipeline.decisions import as_examples, parse_decisions
from pipeline.deidentify import declared_public, deidentify
from pipeline.duplicates import first_of_same
from pipeline.encoders import study_encoder
from pipeline.features import read_stopwords
from pipeline.follow import corrections_of, follow, memory_of
from pipeline.goals.confidence import least_confidence
from pipeline.goals.mapper import load_goal_mapper
from pipeline.goals.space import Lexicon
from pipeline.grouping import Grouping, Knowledge, group_opinions
from pipeline.layout import lay_out
from pipeline.linked import link_goals
from pipeline.manifest import Provenance, build_manifest, count_ledger
from pipeline.measures import tabulate_measures
from pipeline.normalize import fold
from pipeline.opinions import Opinions, make_opinions
from pipeline.plan import Plan, find_plan, load_plan
from pipeline.privacy import find_personal, mask, with_names
from pipeline.progress import Watch
from pipeline.regroup import heading_of, regroup
from pipeline.resources import dictionaries_folder
from pipeline.runfolder import new_run_folder, save_run
from pipeline.sdgs import load_sdgs, suggest_sdgs
from pipeline.study import PREVIOUS_PLAN
from pipeline.tokens import default_tokenizer
from pipeline.treatments import tabulate_treatments
from pipeline.wording import stability_word
from pipeline.wordvectors import FILE_NAME, load_word_vectors

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from pipeline.decisions import Decision
    from pipeline.study import Study
    from pipeline.tokens import Token


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
    place: Path | None = None,
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
    place
        File that decisions on this run will belong to; it is noted in the run folder.

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
    decisions = read_decisions(study, folder, load_plan(find_plan(study.plan, folder)))
    before = read_previous(study, folder)
    provenance = Provenance.of(study, folder, decisions, keep_raw=keep_raw, previous=before)
    target = new_run_folder(output, study.title, provenance.run_id)
    analysis = analyse(study, folder, watch, decisions)
    if not keep_raw:
        public = declared_public(analysis.tables["applied_decisions"])
        known = deidentify(analysis.tables["answers"], public).assign(raw_text="")
        analysis.tables["answers"] = tables.conform("answers", known)
    manifest = build_manifest(provenance, analysis.tables, analysis.method)
    if before is not None:
        with watch.stage("前回と比べる"):
            analysis.tables["comparison"], about = compare_with(before, analysis.tables, manifest)
            manifest["previous"] |= about
    return save_run(
        target, study, folder, analysis.tables, analysis.plan, manifest, watch,
        decisions=decisions, decisions_place=place, previous=before,
    )  # fmt: skip


def analyse(study: Study, folder: Path, watch: Watch, decided: bytes | None = None) -> Analysis:
    """All stages in their order, from files to tables, nothing written.

    Parameters
    ----------
    decided
        Content of the file of decisions, where it was read already.
    """
    with watch.stage("計画と辞書を読む"):
        tokenizer = default_tokenizer()
        plan_path = find_plan(study.plan, folder)
        plan = load_plan(plan_path)
        check_addresses(study, plan)
        dictionary = load_concepts(dictionaries_folder() / "concepts.toml", tokenizer.tokenize)
        knowledge = Knowledge(
            stopwords=read_stopwords(dictionaries_folder() / "stopwords.txt"),
            word_vectors=load_word_vectors(dictionaries_folder() / FILE_NAME),
            encoder=study_encoder(study.parameters.encoder, folder),
        )
        sdgs = load_sdgs()
        suggested = suggest_sdgs(plan, sdgs, tokenizer.tokenize)
        lexicon = Lexicon(dictionary, knowledge.word_vectors, knowledge.stopwords)
        decisions = _decisions(study, folder, plan, decided)
        mapper = load_goal_mapper(
            plan_path, plan, tokenizer, lexicon, as_examples(decisions),
            least=least_confidence(study.parameters.goal_error),
        )  # fmt: skip
        corrections = corrections_of(decisions)

    with watch.stage("回答を読む"):
        read = read_answers(study, folder)
        addressed = read_addresses(read.addressed, plan)
    with watch.stage("意見に分ける", len(read.answers)) as advance:
        skip = frozenset(read.set_aside["answer_id"])
        said = make_opinions(read.answers, skip, advance, corrections, read.personal)
        opinions = said.table
    with watch.stage("単語に分ける"):
        tokens = tokenizer.tokenize_all(said.analysed)
    with watch.stage("同じ意見を数える"):
        ids = opinions["opinion_id"].tolist()
        opinions["stands_for"] = first_of_same(ids, _told_apart(said), tokens)
    with watch.stage("話題を見つける"):
        hits = [find_concepts(own, dictionary) for own in tokens]
    with watch.stage("課題にまとめる"):
        topics = [
            choose_topic(own, found, dictionary, knowledge.stopwords)
            for own, found in zip(tokens, hits, strict=True)
        ]
        machine = group_opinions(
            opinions, tokens, topics, knowledge, study.parameters, memory_of(decisions)
        )
        proposals = machine.issues.table
        followed = follow(
            decisions,
            opinions.assign(
                issue_id=_issue_ids(machine, ids),
                heading=[heading_of(machine, machine.row_of[own]) for own in ids],
            ),
            dict(zip(proposals["issue_id"], proposals["title"], strict=True)),
            said.restored,
            said.hidden,
        )
        changes = followed.changes()
        grouping = regroup(machine, changes, knowledge.stopwords)
    with watch.stage("基本目標に結びつける"):
        opinions = _with_issues(opinions, machine, grouping)
        issues = _with_machine_titles(grouping, machine)
        asked = {own: tokenizer.tokenize(own) for own in sorted(set(said.table["question"]))}
        linked = link_goals(opinions, issues, tokens, hits, asked, mapper, followed.decisions)
        opinions = _with_marks(linked.opinions, said, addressed)
        issues = _with_sizes(linked.issues, opinions)
        acts = link_actions(
            plan, opinions, tokens, hits, dictionary, knowledge.stopwords, tokenizer.tokenize
        )
    voices = _voices(opinions, read.answers)
    with watch.stage("地図と言葉のつながりを描く"):
        view = lay_out(opinions, grouping.distinct.vectors, grouping.issues.issue_of)
        used = count_words(voices, _of_rows(tokens, opinions, voices), knowledge.stopwords)

    made = {
        "answers": read.answers,
        "opinions": opinions[tables.SCHEMAS["opinions"].names],
        "issues": issues,
        "machine_issues": outcomes(proposals, opinions, issues, changes.final),
        "concepts": tabulate_hits(
            ids, opinions["start"].tolist(), tokens, hits, topics, dictionary
        ),
        "suggested_concepts": _suggested(issues, opinions, grouping),
        "groups": _group_sizes(grouping.issues.groups, issues, opinions),
        "goal_links": linked.links,
        "measures": tabulate_measures(plan, sdgs, suggested, voices, issues),
        **_actions_and_treatments(plan, voices, issues, acts),
        "words": used.words,
        "word_links": used.links,
        "layout": view.layout,
        "near_issues": view.near,
        "lessons": linked.lessons,
        "applied_decisions": tabulate_decisions(
            decisions, followed, opinions, issues, changes.final
        ),
        "comparison": tables.empty("comparison"),
        "set_aside": pd.concat(
            [
                _masked(_still_aside(read.set_aside, said), corrections.public, said.names),
                said.set_aside,
            ],
            ignore_index=True,
        ),
    }
    shaped = {name: tables.conform(name, table) for name, table in made.items()}
    count_ledger(shaped)  # every answer is somewhere, or this is no result
    return Analysis(shaped, plan, grouping.method | {"map_fidelity": view.fidelity})


def _decisions(
    study: Study, folder: Path, plan: Plan, decided: bytes | None
) -> tuple[Decision, ...]:
    """Read what reviewers decided, from their file where it was not read already."""
    content = read_decisions(study, folder, plan) if decided is None else decided
    return parse_decisions(content, plan) if content is not None else ()


def _voices(opinions: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """Opinions without what the last plan says of itself: it is no voice for a measure."""
    told = set(answers.loc[answers["source_kind"] == PREVIOUS_PLAN, "answer_id"])
    return opinions[~opinions["answer_id"].isin(list(told))]


def _actions_and_treatments(
    plan: Plan, voices: pd.DataFrame, issues: pd.DataFrame, links: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """What speaks to the lines of the plan, and what the next plan might do about it."""
    own = links[links["opinion_id"].isin(voices["opinion_id"])]
    return {
        "action_links": own,
        "actions": tabulate_actions(plan, own, voices),
        "treatments": tabulate_treatments(plan, issues, voices, own),
    }


def _of_rows(
    tokens: Sequence[tuple[Token, ...]], opinions: pd.DataFrame, some: pd.DataFrame
) -> list[tuple[Token, ...]]:
    """Tokens of some of the opinions."""
    kept = opinions["opinion_id"].isin(some["opinion_id"])
    return [own for own, is_kept in zip(tokens, kept, strict=True) if is_kept]


def _told_apart(said: Opinions) -> list[str]:
    """Texts to compare; those that were hidden as a whole are alike in nothing but that."""
    rows = zip(said.table["opinion_id"], said.table["text"], said.analysed, strict=True)
    return [
        own if own in said.hidden and not fold(analysed) else text for own, text, analysed in rows
    ]


def _with_marks(
    opinions: pd.DataFrame, said: Opinions, addressed: Mapping[str, str]
) -> pd.DataFrame:
    """Opinions marked: brought back or hidden in by a person, and what they say they address."""
    restored = {own for names in said.restored.values() for own in names}
    return opinions.assign(
        hidden=opinions["opinion_id"].isin(list(said.hidden)).astype(int),
        restored=opinions["opinion_id"].isin(restored).astype(int),
        addressed_id=[addressed.get(own, "") for own in opinions["answer_id"]],
    )


def _still_aside(set_aside: pd.DataFrame, said: Opinions) -> pd.DataFrame:
    """What was set aside when it was read, without what a person brought back."""
    keys = zip(set_aside["answer_id"], set_aside["start"], set_aside["end"], strict=True)
    left = [key not in said.restored for key in keys]
    return set_aside[pd.Series(left, index=set_aside.index, dtype=bool)]


def _issue_ids(grouping: Grouping, ids: Sequence[str]) -> list[str]:
    return [grouping.issues.issue_of[grouping.row_of[own]] for own in ids]


def _with_issues(opinions: pd.DataFrame, machine: Grouping, grouping: Grouping) -> pd.DataFrame:
    """Opinions with their issue and duplicate columns."""
    ids = opinions["opinion_id"].tolist()
    placed = grouping.issue_of
    repeats = opinions["stands_for"].where(opinions["stands_for"] != opinions["opinion_id"], "")
    return opinions.assign(
        duplicate_of=repeats,
        issue_id=_issue_ids(grouping, ids),
        machine_issue_id=_issue_ids(machine, ids),
        issue_strength=[placed.get(own, ("", 0.0))[1] for own in ids],
    )


def _with_machine_titles(grouping: Grouping, machine: Grouping) -> pd.DataFrame:
    titles = dict(zip(machine.issues.table["issue_id"], machine.issues.table["title"], strict=True))
    table = grouping.issues.table
    return table.assign(machine_title=[titles.get(own, "") for own in table["issue_id"]])


def _with_sizes(issues: pd.DataFrame, opinions: pd.DataFrame) -> pd.DataFrame:
    people = _respondents(opinions, "issue_id")
    reviewed = opinions.groupby("issue_id", sort=True)["reviewed"].sum()
    return issues.assign(
        n_respondents=[people.get(own, 0) for own in issues["issue_id"]],
        n_reviewed=[int(reviewed.get(own, 0)) for own in issues["issue_id"]],
        stability_word=[stability_word(value) for value in issues["stability"]],
    )


def _suggested(issues: pd.DataFrame, opinions: pd.DataFrame, grouping: Grouping) -> pd.DataFrame:
    """Issues that the data made beside the headings: candidates for the concept dictionary."""
    by_machine = (issues["headings"] == "") & (issues["machine_title"] != "")
    found = issues[by_machine & bool(grouping.method["n_by_headings"])]
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


def _masked(
    set_aside: pd.DataFrame, public: Collection[str], names: Collection[str]
) -> pd.DataFrame:
    """Texts that were set aside when they were read, people masked."""
    texts = [
        mask(text, with_names(text, find_personal(text, public), names, public))
        for text in set_aside["text"]
    ]
    return set_aside.assign(text=texts)
