"""The story of a run: from the files of a study to its tables, workbook and report."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline import tables
from pipeline.actions import link_actions, tabulate_actions
from pipeline.addressed import check_addresses, read_addresses
from pipeline.annotate import Annotation, Ground, annotate, find_people, load_tools
from pipeline.answers import read_answers
from pipeline.assembly import (
    group_sizes,
    suggest_concepts,
    with_issues,
    with_machine_titles,
    with_marks,
    with_sizes,
)
from pipeline.comparison.previous import compare_with, read_previous
from pipeline.concepts import find_concepts
from pipeline.cooccurrence import count_words
from pipeline.decided import outcomes, tabulate_decisions
from pipeline.decision_input import read_decisions
from pipeline.decisions import as_examples, parse_decisions
from pipeline.deidentify import declared_public, deidentify
from pipeline.duplicates import first_of_wordings, wording_of
from pipeline.encoders import study_encoder
from pipeline.engine.local import Local
from pipeline.follow import corrections_of, follow, memory_of
from pipeline.goals.opinions import OpinionGoals, link_opinions
from pipeline.grouping import Knowledge, group_opinions
from pipeline.layout import lay_out
from pipeline.linked import link_goals, told_goals
from pipeline.manifest import (
    Provenance,
    build_manifest,
    count_ledger,
    current_versions,
    hash_dictionaries,
)
from pipeline.measures import tabulate_measures
from pipeline.normalize import fold
from pipeline.plan import Plan, find_plan, load_plan
from pipeline.privacy import find_personal, mask, names_in, with_names
from pipeline.progress import Watch
from pipeline.regroup import headings_of, regroup
from pipeline.runfolder import new_run_folder, save_run
from pipeline.sdgs import load_sdgs, suggest_sdgs
from pipeline.study import PREVIOUS_PLAN
from pipeline.textcolumns import among
from pipeline.treatments import tabulate_treatments
from pipeline.version import __version__

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from pipeline.annotate import Annotated, Tools
    from pipeline.decisions import Decision
    from pipeline.engine import Engine
    from pipeline.study import Study
    from pipeline.tokentable import TokenTable


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


def run_study(
    study: Study,
    folder: Path,
    output: Path | None = None,
    *,
    keep_raw: bool = True,
    watch: Watch | None = None,
    place: Path | None = None,
    engine: Engine | None = None,
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
    engine
        Where texts are read (:func:`pipeline.engine.open_engine`); in this process by
        default. It changes nothing of the result.

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
    analysis = analyse(study, folder, watch, decisions, engine)
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
        decisions=decisions, decisions_place=place, previous=before, engine=engine,
    )  # fmt: skip


def analyse(
    study: Study,
    folder: Path,
    watch: Watch,
    decided: bytes | None = None,
    engine: Engine | None = None,
) -> Analysis:
    """All stages in their order, from files to tables, nothing written.

    Parameters
    ----------
    decided
        Content of the file of decisions, where it was read already.
    engine
        Where texts are read; in this process by default.
    """
    engine = engine or Local()
    with watch.stage("計画と辞書を読む"):
        plan_path = find_plan(study.plan, folder)
        plan = load_plan(plan_path)
        check_addresses(study, plan)
        decisions = _decisions(study, folder, plan, decided)
        corrections = corrections_of(decisions)
        ground = Ground(
            str(plan_path.absolute()),
            _digest(*_files(study, folder)),
            study.parameters.goal_error,
            as_examples(decisions),
        )
        tools = load_tools(ground)
        tokenize, stopwords = tools.tokenizer.tokenize, tools.stopwords
        knowledge = Knowledge(
            stopwords, tools.word_vectors, study_encoder(study.parameters.encoder, folder)
        )
        sdgs = load_sdgs()
        suggested = suggest_sdgs(plan, sdgs, tokenize)

    with watch.stage("回答を読む"):
        read = read_answers(study, folder, lambda texts: find_people(texts, engine))
        addressed = read_addresses(read.addressed, plan)
    with watch.stage("意見を読み取る", len(read.answers)) as advance:
        skip = frozenset(read.set_aside["answer_id"])
        names = names_in(read.personal.items())
        annotation = Annotation(ground, corrections, names)
        said = annotate(
            read.answers,
            skip,
            read.personal,
            annotation,
            _key(annotation),
            engine,
            advance,
        )
        opinions = said.table
    with watch.stage("同じ意見を数える"):
        tokens = said.tokens.take(said.piece)
        opinions["stands_for"] = _same_opinions(said, tokens)
    with watch.stage("課題にまとめる"):
        machine = group_opinions(
            opinions,
            tokens,
            said.topics.take(said.piece),
            knowledge,
            study.parameters,
            memory_of(decisions),
        )
        del opinions["folded"], opinions["wording_hash"], tokens  # of a million, 200 MB
        proposals = machine.issues.table
        followed = follow(
            decisions,
            opinions.assign(
                issue_id=machine.issue_ids,
                heading=headings_of(machine)[machine.row_of.to_numpy()],
            ),
            dict(zip(proposals["issue_id"], proposals["title"], strict=True)),
            said.restored,
            said.hidden,
        )
        changes = followed.changes()
        grouping = regroup(machine, changes, stopwords)
    with watch.stage("基本目標に結びつける"):
        opinions = with_issues(opinions, machine, grouping)
        issues = with_machine_titles(grouping, machine)
        proposed = _proposed(said, told_goals(followed.decisions, opinions), tools)
        linked = link_goals(opinions, issues, proposed, followed.decisions)
        opinions = with_marks(linked.opinions, said, addressed)
        issues = with_sizes(linked.issues, opinions)
        acts = _actions(said, opinions, tools)
    voices = _voices(opinions, read.answers)
    with watch.stage("地図と言葉のつながりを描く"):
        placed = opinions[["opinion_id", "issue_id", "issue_strength"]]
        view = lay_out(placed, grouping.distinct.vectors, grouping.issues.issue_of)
        kept = np.flatnonzero(among(opinions["opinion_id"], voices["opinion_id"]))
        used = count_words(voices, said.tokens.take(said.piece[kept]), stopwords)

    made = {
        "answers": read.answers,
        "opinions": opinions[tables.SCHEMAS["opinions"].names],
        "issues": issues,
        "machine_issues": outcomes(proposals, opinions, issues, changes.final),
        "concepts": said.children("concepts"),
        "suggested_concepts": suggest_concepts(issues, opinions, grouping),
        "groups": group_sizes(grouping.issues.groups, issues, opinions),
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
                _masked(_still_aside(read.set_aside, said), corrections.public, names),
                said.set_aside,
            ],
            ignore_index=True,
        ),
    }
    shaped = {name: tables.conform(name, made.pop(name)) for name in list(made)}
    count_ledger(shaped)  # every answer is somewhere, or this is no result
    return Analysis(shaped, plan, grouping.method | {"map_fidelity": view.fidelity})


def _files(study: Study, folder: Path) -> list[str]:
    """What texts are read with, by content: the plan, dictionaries, libraries, Kadai itself."""
    return [
        __version__,
        *(f"{name} {own}" for name, own in current_versions().items()),
        *(f"{own['file']} {own['sha256']}" for own in hash_dictionaries(study, folder)),
    ]


def _key(annotation: Annotation) -> str:
    """Digest of all that workers read answers with: the same key, the same results."""
    corrections = annotation.corrections
    return _digest(
        repr(annotation.ground._replace(plan="")),
        repr(sorted(corrections.restored)),
        repr(sorted(corrections.hidden.items())),
        repr(sorted(corrections.public)),
        repr(sorted(annotation.names)),
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _proposed(said: Annotated, told: set[str], tools: Tools) -> OpinionGoals:
    """What the machine makes of every opinion; of a decided one without what it taught."""
    proposed = OpinionGoals(said.assigned, said.children("goal_links"), said.children("lessons"))
    if not told:
        return proposed
    ids = said.table["opinion_id"]
    rows = np.flatnonzero(among(ids, told))
    some = said.table.iloc[rows]
    tokens = list(said.tokens.take(said.piece[rows]))
    asked = {own: tools.tokenizer.tokenize(own) for own in some["question"].unique()}
    again = link_opinions(some, tokens, tools.mapper, asked, None, told)
    left = ~among(proposed.links["target_id"], told)
    taught = ~among(proposed.lessons["opinion_id"], told)
    assigned = proposed.assigned.copy()
    assigned.iloc[rows] = again.assigned
    return OpinionGoals(
        assigned,
        pd.concat([proposed.links[left], again.links], ignore_index=True),
        pd.concat([proposed.lessons[taught], again.lessons], ignore_index=True),
    )


def _actions(said: Annotated, opinions: pd.DataFrame, tools: Tools) -> pd.DataFrame:
    """Lines of the plan that opinions speak to; anew where a person changed their goal."""
    links = said.children("action_links")
    machine = said.assigned[["goal_id", "measure_id"]]
    changed = (opinions[["goal_id", "measure_id"]].to_numpy() != machine.to_numpy()).any(axis=1)
    rows = np.flatnonzero(changed)
    if not len(rows):
        return links
    some = opinions.iloc[rows]
    tokens = list(said.tokens.take(said.piece[rows]))
    hits = [find_concepts(own, tools.dictionary) for own in tokens]
    again = link_actions(
        tools.plan, some, tokens, hits, tools.dictionary, tools.stopwords, tools.tokenizer.tokenize
    )
    left = ~among(links["opinion_id"], some["opinion_id"])
    return pd.concat([links[left], again], ignore_index=True)


def _decisions(
    study: Study, folder: Path, plan: Plan, decided: bytes | None
) -> tuple[Decision, ...]:
    """Read what reviewers decided, from their file where it was not read already."""
    content = read_decisions(study, folder, plan) if decided is None else decided
    return parse_decisions(content, plan) if content is not None else ()


def _voices(opinions: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """Opinions without what the last plan says of itself: it is no voice for a measure."""
    told = set(answers.loc[answers["source_kind"] == PREVIOUS_PLAN, "answer_id"])
    return opinions[~among(opinions["answer_id"], told)] if told else opinions


def _actions_and_treatments(
    plan: Plan, voices: pd.DataFrame, issues: pd.DataFrame, links: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """What speaks to the lines of the plan, and what the next plan might do about it."""
    own = links[among(links["opinion_id"], voices["opinion_id"])]
    return {
        "action_links": own,
        "actions": tabulate_actions(plan, own, voices),
        "treatments": tabulate_treatments(plan, issues, voices, own),
    }


def _same_opinions(said: Annotated, tokens: TokenTable) -> list[str]:
    """For every opinion the one that stands for it.

    Opinions that were hidden as a whole are alike in nothing but that: they are told apart.
    """
    ids, texts, folded = (said.table[name].array for name in ("opinion_id", "text", "folded"))
    wordings = said.wordings
    if said.hidden:
        blank = said.pieces["is_blank"].to_numpy(zero_copy_only=False)[said.piece]
        texts, folded, words = list(texts), list(folded), wordings.words.to_pylist()
        for row in np.flatnonzero(blank).tolist():
            texts[row], folded[row] = ids[row], fold(ids[row])
            words[row] = wording_of(tokens[row], folded[row]).words
        wordings = wordings._replace(words=pa.array(words, type=wordings.words.type))
    return first_of_wordings(ids, texts, folded, wordings, tokens)


def _still_aside(set_aside: pd.DataFrame, said: Annotated) -> pd.DataFrame:
    """What was set aside when it was read, without what a person brought back."""
    keys = zip(set_aside["answer_id"], set_aside["start"], set_aside["end"], strict=True)
    left = [key not in said.restored for key in keys]
    return set_aside[pd.Series(left, index=set_aside.index, dtype=bool)]


def _masked(
    set_aside: pd.DataFrame, public: Collection[str], names: Collection[str]
) -> pd.DataFrame:
    """Texts that were set aside when they were read, people masked."""
    texts = [
        mask(text, with_names(text, find_personal(text, public), names, public))
        for text in set_aside["text"]
    ]
    return set_aside.assign(text=texts)
