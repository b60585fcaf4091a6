"""Reports that browsers open: one that means harm, and the largest that there are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.analysis import run_study
from pipeline.cli import main
from pipeline.report import context, write_report
from pipeline.study import Source, load_study
from tests.report_fixture import make_manifest, make_plan, make_study, make_tables

SAMPLE = Path(__file__).parents[2] / "inputs" / "sample"

if TYPE_CHECKING:
    import pandas as pd

TRAPS = (
    "<script>alert(1)</script>",
    "]]>",
    "<!-- この先は見えない",
    "</style><style>*{display:none}</style>",
    "</script></title></textarea></svg></table></details>閉じた",
    '"><img src=x onerror=alert(2)>',
    "' autofocus onfocus=alert(3) x='",
    '<a href="javascript:alert(4)">ここを押す</a>',
    "<svg/onload=alert(5)>",
    "<base href=https://example.invalid/><link rel=stylesheet href=//example.invalid/x.css>",
    "<iframe srcdoc='<script>alert(6)</script>'></iframe>",
    "{{7*7}} {% raw %} ${7*7} #{7*7}",
    "&lt;b&gt;&amp;&#x3c;",
    "道が\u202eいなけぬ\u202c暗い\u2066左\u2069右\u200f",
    "字の\x00ない\x0b字\x7fと\uffff",
    "家族👨‍👩‍👧‍👦と旗🇯🇵と邊󠄁",
    "が\u0301\u0302\u0303\u0304\u0305" * 20,
    "W" * 10_000,
    "あ" * 10_000,
    "1行目\r\n2行目\u2028三行目\n\n\n五行目",
)
"""Texts that must show as they were written, and do nothing."""

TITLE = "とても長い調査の題" * 60 + "</title><script>alert(7)</script>" + "W" * 400
# Half a character: tables and study files cannot hold it, a name of a file can.
FILE = "長い\udcff名前" * 60 + "\"><img src=x onerror=alert(8)>'" + "x" * 300 + ".csv"


def write_hostile(path: Path) -> Path:
    """Report in which every text that comes from outside is a trap."""
    tables = make_tables(len(TRAPS) * 8)
    for name, columns in {
        "answers": ("file", "locator", "question", "respondent_id"),
        "issues": ("title", "words", "headings", "comment", "machine_title", "reviewed_by"),
        "machine_issues": ("title", "words", "headings"),
        "groups": ("title", "words"),
        "opinions": ("text", "comment"),
        "applied_decisions": ("text", "reason", "why_not", "reviewer"),
        "set_aside": ("text",),
    }.items():
        for column in columns:
            _set_traps(tables[name], column)
    attributes = [name for name in tables["answers"] if str(name).startswith("attr_")]
    for column in attributes:
        _set_traps(tables["answers"], column)
    tables["answers"] = tables["answers"].rename(
        columns={name: f"attr_{trap}" for name, trap in zip(attributes, TRAPS, strict=False)}
    )
    tables["opinions"]["duplicate_of"] = ""
    manifest = make_manifest(tables)
    for source in manifest["inputs"]:
        source["file"] = FILE
    write_report(path, tables, make_plan(), make_study(TITLE), manifest)
    return path


def _set_traps(table: pd.DataFrame, column: str) -> None:
    """Put a trap wherever something is written; the same words become the same trap."""
    said = {text: number for number, text in enumerate(dict.fromkeys(table[column])) if text}
    if column == "text" and len(said) < len(table):
        table[column] = [TRAPS[number % len(TRAPS)] for number in range(len(table))]
        return
    table[column] = [TRAPS[said[text] % len(TRAPS)] if text else "" for text in table[column]]


EARLIER = """施策,取り組みと成果
相談窓口,福祉の総合相談窓口を開き、出張の相談会を始めました
ボランティア,ボランティアの養成講座を毎年開き、担い手を増やしました
町内会,町内会の役員の負担を減らすための手引きを作りました
書庫,古い書庫の鍵を取り替えました
"""


def write_followed(folder: Path, before: Path) -> Path:
    """Report of a run that knows the one before it and what the last plan has done."""
    (folder / "前計画.csv").write_text(EARLIER, "utf-8")
    study = load_study(SAMPLE / "study.toml")
    earlier = Source(
        id="earlier",
        kind="previous_plan",
        file=str(folder / "前計画.csv"),
        text=("取り組みと成果",),
    )
    followed = study.model_copy(
        update={"sources": (*study.sources, earlier), "previous": str(before)}
    )
    return run_study(followed, SAMPLE, folder / "followed") / "report.html"


def write_waves(path: Path, before: Path, now: Path) -> Path:
    """Page of a comparison of three runs."""
    assert main(["compare", str(before), str(now), str(before), "--report", str(path)]) == 0
    return path


def make_large(n_opinions: int) -> dict[str, pd.DataFrame]:
    """Tables of a run with as many different voices as a report shows all of.

    Parameters
    ----------
    n_opinions
        At least as many as :data:`pipeline.report.context.LARGE_RUN`.
    """
    tables = make_tables(n_opinions)
    opinions = tables["opinions"]
    share = context.LARGE_RUN / len(opinions)
    together = opinions.groupby(["issue_id", "goal_id"], sort=False)
    place = together.cumcount()
    n_wordings = (together["text"].transform("size") * share).astype(int).clip(lower=1)
    first = opinions.assign(group=together.ngroup(), place=place % n_wordings)
    own = first.drop_duplicates(["group", "place"])
    said = first[["group", "place"]].merge(
        own[["group", "place", "opinion_id", "text"]], on=["group", "place"]
    )
    said.index = first.index
    opinions["text"] = said["text"].str[:400] + "（" + said["opinion_id"] + "の声）"
    opinions["end"] = opinions["start"] + opinions["text"].str.len()
    itself = said["opinion_id"] == opinions["opinion_id"]
    opinions["duplicate_of"] = said["opinion_id"].mask(itself, "")
    n_distinct = opinions.groupby("issue_id")["text"].nunique()
    issues = tables["issues"]
    issues["n_distinct"] = issues["issue_id"].map(n_distinct).astype(issues["n_distinct"].dtype)
    decided = tables["applied_decisions"]
    tables["applied_decisions"] = decided.loc[decided.index.repeat(8)].reset_index(drop=True)
    return tables


def write_large(path: Path, tables: dict[str, pd.DataFrame]) -> Path:
    """Report of tables of :func:`make_large`."""
    write_report(path, tables, make_plan(), make_study(), make_manifest(tables))
    return path
