"""Compare the issues of a finished run with a person's own grouping of the same opinions.

Groupings are compared, not names: 「交通」 and I003 agree where they hold the same
opinions. So there is no κ here, which needs names that both sides share.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Final

import pandas as pd
from sklearn import metrics

from pipeline.errors import InputError, Location, UsageError
from pipeline.labels import Labels, match_labels, read_labels
from pipeline.manifest import load_manifest
from pipeline.tables import load_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_LISTED: Final = 10


@dataclass(frozen=True)
class Agreement:
    """How well the issues agree with one column of labels.

    Attributes
    ----------
    label
        Name of the column.
    n_rows
        Rows that have a label and an opinion in the run.
    n_labels, n_issues
        Labels and issues among them; what stands alone is in no issue.
    alone
        Share of the rows whose opinion stands alone.
    ari, v_measure, homogeneity, completeness
        Adjusted Rand index (Hubert and Arabie 1985) and V-measure (Rosenberg and
        Hirschberg 2007), which is the normalized mutual information, too.
    precision, recall, f1
        Of pairs of rows that are together; ``None`` where there are none.
    """

    label: str
    n_rows: int
    n_labels: int
    n_issues: int
    alone: float
    ari: float
    v_measure: float
    homogeneity: float
    completeness: float
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True)
class Evaluation:
    """Everything that is printed or written about one file of labels.

    Attributes
    ----------
    labels
        The rows and what they were matched with.
    agreements
        One a label column.
    between_people
        Two label columns, the number of rows that have both, their ARI.
    rows
        ``row, opinion_id, issue_id, title, text, problem`` and a column of each label.
    """

    labels: Labels
    agreements: tuple[Agreement, ...]
    between_people: tuple[tuple[str, str, int, float], ...]
    rows: pd.DataFrame


def evaluate_run(
    folder: Path,
    path: Path,
    *,
    id_column: str = "",
    text_column: str = "",
    label_columns: Sequence[str] = (),
) -> Evaluation:
    """Compare a run folder with a file of labels.

    Parameters
    ----------
    id_column, text_column, label_columns
        See :func:`pipeline.labels.match_labels`.

    Raises
    ------
    InputError
        The folder is no run, or the labels cannot be read or compared.
    UsageError
        A column is asked for as labels and to match by.
    """
    folder = folder.absolute()
    if folder.is_file():
        folder = folder.parent  # somebody named the report in it
    load_manifest(folder)
    opinions, answers, issues = (
        load_table(name, folder / "tables") for name in ("opinions", "answers", "issues")
    )
    labels = match_labels(
        read_labels(path),
        opinions,
        answers,
        id_column=id_column,
        text_column=text_column,
        label_columns=label_columns,
    )
    return evaluate(opinions, issues, labels)


def evaluate(opinions: pd.DataFrame, issues: pd.DataFrame, labels: Labels) -> Evaluation:
    """Compare issues with labels.

    An opinion in no issue is a group of its own, together with those of the same
    wording only.

    Raises
    ------
    InputError
        Fewer than two rows of a label column can be compared.
    """
    own = opinions.set_index("opinion_id")
    matched = [row.opinion_id for row in labels.rows]
    issue_of = [own["issue_id"].get(name, "") for name in matched]
    wording = [own["duplicate_of"].get(name, "") or name for name in matched]
    groups = [issue or f"alone {name}" for issue, name in zip(issue_of, wording, strict=True)]
    titles = dict(zip(issues["issue_id"], issues["title"], strict=True))
    given = [[row.labels[place] for row in labels.rows] for place in range(len(labels.columns))]
    agreements, between = [], []
    for name, column in zip(labels.columns, given, strict=True):
        used = [row for row, label in enumerate(column) if label and matched[row]]
        if len(used) < 2:
            raise InputError(
                f"比べられる行が {len(used)}行しかありません（2行以上必要です）。",
                at=replace(labels.place, column=name),
                remedy="この結果のもとになった回答の分類か、突き合わせる列（--id、--text）と"
                "分類の列（--label）が正しいかを確かめてください。",
            )
        people, run = [column[row] for row in used], [groups[row] for row in used]
        agreements.append(_agreement(name, people, run, [issue_of[row] for row in used]))
    for one, other in combinations(range(len(given)), 2):
        rows = zip(given[one], given[other], matched, strict=True)
        pairs = [(first, second) for first, second, found in rows if first and second and found]
        if len(pairs) > 1:
            ari = float(metrics.adjusted_rand_score(*zip(*pairs, strict=True)))
            between.append((labels.columns[one], labels.columns[other], len(pairs), ari))
    written = {
        "row": [row.number for row in labels.rows],
        "opinion_id": matched,
        "issue_id": issue_of,
        "title": [titles.get(issue, "") for issue in issue_of],
        "text": [own["text"].get(name, "") for name in matched],
        "problem": [row.problem for row in labels.rows],
    }
    columns = [*written, *labels.columns]
    rows_written = pd.DataFrame(list(zip(*written.values(), *given, strict=True)), columns=columns)
    return Evaluation(labels, tuple(agreements), tuple(between), rows_written)


def render(evaluation: Evaluation) -> list[str]:
    """Japanese lines: the table of measures, then what one has to know about it."""
    found = evaluation.agreements
    lines = _aligned(
        [
            ["分類の列", *(one.label for one in found)],
            ["比べた行", *(f"{one.n_rows:,}" for one in found)],
            ["人の分類の数", *(f"{one.n_labels:,}" for one in found)],
            ["課題の数", *(f"{one.n_issues:,}" for one in found)],
            ["どの課題にも入らない行", *(f"{one.alone:.1%}" for one in found)],
            ["ARI（偶然なみは 0、同じなら 1）", *(_figure(one.ari) for one in found)],
            ["NMI（V-measure も同じ値）", *(_figure(one.v_measure) for one in found)],
            ["均質性（homogeneity）", *(_figure(one.homogeneity) for one in found)],
            ["完全性（completeness）", *(_figure(one.completeness) for one in found)],
            ["2行の組の適合率（precision）", *(_figure(one.precision) for one in found)],
            ["2行の組の再現率（recall）", *(_figure(one.recall) for one in found)],
            ["2行の組の F1", *(_figure(one.f1) for one in found)],
        ]
    )
    lines += [
        f"人どうしの一致: 「{one}」と「{other}」の ARI {ari:.3f}（{count:,}行）"
        for one, other, count, ari in evaluation.between_people
    ]
    lines.append(
        "どの課題にも入らない意見は、1つずつ別のまとまりと数えました（同じ文面は合わせて1つ）。"
    )
    labelled = [row for row in evaluation.labels.rows if any(row.labels)]
    if split := sum(row.split for row in labelled):
        lines.append(
            f"いくつかの意見に分かれた回答 {split:,}行は、いちばん長い意見の課題で比べました。"
        )
    lost = [row for row in labelled if row.problem]
    lines.append(
        f"突き合わせられなかった行: {len(lost):,}行（分類のある {len(labelled):,}行のうち）"
    )
    lines += [f"  {row.number}行目: {row.problem}" for row in lost[:_LISTED]]
    if len(lost) > _LISTED:
        lines.append(f"  ほか {len(lost) - _LISTED:,}行")
    return lines


def save_rows(evaluation: Evaluation, path: Path) -> None:
    """Write what every row was matched with; texts are the run's, with people masked.

    Raises
    ------
    UsageError
        There is a file of that name already.
    InputError
        The place cannot be written to.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(evaluation.rows.columns)
    writer.writerows(evaluation.rows.itertuples(index=False))
    try:
        with path.open("x", encoding="utf-8-sig", newline="") as file:
            file.write(text.getvalue())
    except FileExistsError as error:
        raise UsageError(
            f"「{path.name}」はすでにあります。", remedy="別の名前を指定してください。"
        ) from error
    except OSError as error:
        raise InputError(
            "結果を書き込めません。",
            at=Location(file=str(path)),
            remedy="フォルダーがあるか、書き込む権限とディスクの空きがあるかを確かめてください。",
        ) from error


def _agreement(
    name: str, people: Sequence[str], run: Sequence[str], issues: Sequence[str]
) -> Agreement:
    homogeneity, completeness, v_measure = metrics.homogeneity_completeness_v_measure(people, run)
    (_, only_run), (only_people, both) = metrics.cluster.pair_confusion_matrix(people, run).tolist()
    return Agreement(
        label=name,
        n_rows=len(people),
        n_labels=len(set(people)),
        n_issues=len(set(issues) - {""}),
        alone=issues.count("") / len(issues),
        ari=float(metrics.adjusted_rand_score(people, run)),
        v_measure=float(v_measure),
        homogeneity=float(homogeneity),
        completeness=float(completeness),
        precision=_ratio(both, both + only_run),
        recall=_ratio(both, both + only_people),
        f1=_ratio(2 * both, 2 * both + only_run + only_people),
    )


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _aligned(table: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table, the first column to the left, the others to the right."""
    first, *others = ([*cells] for cells in zip(*table, strict=True))
    wide = max(map(_width, first))
    lines = [cell + " " * (wide - _width(cell)) for cell in first]
    for cells in others:
        wide = max(map(_width, cells))
        lines = [
            f"{line}  {' ' * (wide - _width(cell))}{cell}"
            for line, cell in zip(lines, cells, strict=True)
        ]
    return lines


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
