"""What programs and notebooks use: run a study, read a finished run, compare runs.

Everything here only forwards: what a function does, and what its table means, stands in the
module that it calls. Tables are pandas' and copies: nothing that is done to them changes the
run. They hold what residents said, people masked, and counts that nobody has looked through:
they are for the people who work on the plan, and not for publication.

Use it from one thread: Sudachi refuses a second one at the same time. Several processes may
look at one run.
"""

from __future__ import annotations

import functools
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import InputError, Location, UsageError
from pipeline.plotting import japanese_font

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from pipeline.comparison.waves import Waves
    from pipeline.inspection.agreement import Agreement
    from pipeline.inspection.remade import Remade
    from pipeline.inspection.together import Together
    from pipeline.plan import Plan

__all__ = ["Comparison", "Run", "compare", "japanese_font", "load_run", "run"]

WIDTH = 100
"""Columns of a terminal for which lines are laid out."""


@dataclass(frozen=True, eq=False)
class Run:
    """A finished run, to be looked at. :func:`run` makes one, :func:`load_run` reads one.

    Attributes
    ----------
    folder
        Where it stands.
    manifest
        What it was made from and what it made (:mod:`pipeline.manifest`).

    Examples
    --------
    >>> from pipeline import load_run
    >>> made = load_run()
    >>> made.manifest["study"]["title"]
    'みどり野市 地域福祉に関する調査（架空の見本）'
    """

    folder: Path
    manifest: dict[str, Any] = field(repr=False)

    @functools.cached_property
    def plan(self) -> Plan:
        """The plan that its opinions were linked to: goals, measures, actions.

        Examples
        --------
        >>> from pipeline import load_run
        >>> load_run().plan.goals[0].name
        '地域コミュニティへの参加促進'
        """
        from pipeline.plan import find_plan, load_plan
        from pipeline.runfolder import STUDY
        from pipeline.study import load_study

        study = load_study(self.folder / STUDY)
        return load_plan(find_plan(study.plan, self.folder))

    @functools.cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """All tables by their name, each read when it is asked for (docs/reference).

        Examples
        --------
        >>> from pipeline import load_run
        >>> made = load_run()
        >>> "set_aside" in made.tables
        True
        >>> made.tables["goal_links"].columns.tolist()
        ['target_id', 'goal_id', 'measure_id', 'score', 'evidence']
        """
        from pipeline.runtables import RunTables

        return RunTables(self.folder)

    @property
    def answers(self) -> pd.DataFrame:
        """Answers: where each stands, its respondent, its attributes; never its raw text.

        Who reads the folder can still open the raw text, in ``tables/answers.csv``.

        Examples
        --------
        >>> from pipeline import load_run
        >>> "raw_text" in load_run().answers
        False
        """
        return self.tables["answers"]

    @property
    def opinions(self) -> pd.DataFrame:
        """Opinions: text (people masked), kind, issue, goal and how sure that is.

        Examples
        --------
        >>> from pipeline import load_run
        >>> opinions = load_run().opinions
        >>> sorted(opinions["kind"].unique())
        ['other', 'praise', 'problem', 'request']
        """
        return self.tables["opinions"]

    @property
    def issues(self) -> pd.DataFrame:
        """Issues: title, words, how many said it, how stable it is, its goal.

        Examples
        --------
        >>> from pipeline import load_run
        >>> load_run().issues.nlargest(1, "n_opinions")["title"].item()
        '公共交通'
        """
        return self.tables["issues"]

    @functools.cached_property
    def _remade(self) -> Remade:
        """The grouping, made again when it is first asked for: seconds for 1,500 opinions."""
        from pipeline.inspection.remade import remake

        return remake(self.folder)

    def neighbours(self, opinion_id: str, n: int = 10) -> pd.DataFrame:
        """Nearest other opinions: ``opinion_id, similarity, issue_id, title, text``.

        See Also
        --------
        pipeline.inspection.neighbours.nearest_opinions : columns and errors.

        Examples
        --------
        >>> from pipeline import load_run
        >>> made = load_run()
        >>> opinions = made.opinions
        >>> bus = opinions.loc[opinions["text"] == "バスの本数が少ない", "opinion_id"].iloc[0]
        >>> near = made.neighbours(bus, n=3)
        >>> near["title"].tolist(), near["similarity"].is_monotonic_decreasing
        (['公共交通', '公共交通', '公共交通'], True)
        """
        from pipeline.inspection.neighbours import nearest_opinions

        return nearest_opinions(self._remade, opinion_id, n)

    def together(self, opinion_id: str, other_id: str) -> Together:
        """Why two opinions are in one issue, or are not.

        See Also
        --------
        pipeline.inspection.together.Together : what is told.

        Examples
        --------
        >>> from pipeline import load_run
        >>> made = load_run()
        >>> opinions = made.opinions.set_index("text")["opinion_id"]
        >>> why = made.together(opinions["バスの本数が少ない"], opinions["バスが1日6本しかない"])
        >>> why.told
        '概念辞書の見出し「公共交通」が同じなので、どちらも課題「公共交通」（I001）に入っています（共通の言葉: バス。近さ ...）。'
        """
        from pipeline.inspection.together import look_together

        return look_together(self._remade, opinion_id, other_id)

    def silhouettes(self, grouped: pd.DataFrame | None = None) -> pd.DataFrame:
        """How well each opinion fits its issue: ``opinion_id, issue_id, silhouette``.

        Parameters
        ----------
        grouped
            Another grouping, as :meth:`resized` gives it.

        See Also
        --------
        pipeline.inspection.silhouettes.silhouettes_of : what the values mean.

        Examples
        --------
        >>> from pipeline import load_run
        >>> load_run().silhouettes()["silhouette"].between(-1, 1).all()
        np.True_
        """
        from pipeline.inspection.silhouettes import silhouettes_of

        return silhouettes_of(self._remade, grouped)

    def resized(self, issues: int) -> pd.DataFrame:
        """Group the same opinions into another number of issues; nothing is written.

        See Also
        --------
        pipeline.inspection.resized.regrouped : columns and errors.

        Examples
        --------
        >>> from pipeline import load_run
        >>> fewer = load_run().resized(20)
        >>> fewer.loc[fewer["issue_id"] != "", "issue_id"].nunique()
        20
        """
        from pipeline.inspection.resized import regrouped

        return regrouped(self._remade, issues)

    def agreement(self, labels: str | Path | None = None, column: str = "") -> Agreement:
        """Compare the machine's goals with people's: confusion, calibration, figures.

        Parameters
        ----------
        labels
            File of labels as ``kadai evaluate`` reads it; by default what reviewers decided
            about single opinions in this run.
        column
            Column of the goals in it, where it is not the first one that holds goals.

        See Also
        --------
        pipeline.inspection.agreement.Agreement : what is counted.

        Examples
        --------
        A file with the columns ``text`` and ``goal``:

        >>> from pipeline import load_run
        >>> found = load_run().agreement("目標.csv")
        >>> found.source, found.n_rows == found.confusion.to_numpy().sum()
        ('goal', np.True_)
        """
        from pipeline.inspection.agreement import agreement_of

        return agreement_of(self.folder, self.plan, _path(labels), column)

    def learning_curve(
        self,
        labels: str | Path | None = None,
        column: str = "",
        shares: Sequence[float] | None = None,
    ) -> pd.DataFrame:
        """How the accuracy of goals grows with the example sentences of the plan.

        Parameters
        ----------
        labels, column
            As of :meth:`agreement`.
        shares
            Shares of the examples, 0 to 1.

        See Also
        --------
        pipeline.inspection.learning.learning_curve : columns and errors.

        Examples
        --------
        >>> from pipeline import load_run
        >>> curve = load_run().learning_curve("目標.csv", shares=[0, 0.05])
        >>> curve["n_examples"].is_monotonic_increasing
        True
        """
        from pipeline.inspection.learning import SHARES, learning_curve

        asked = SHARES if shares is None else shares
        return learning_curve(self.folder, _path(labels), column, asked)

    def kwic(
        self,
        word: str,
        *,
        width: int = 20,
        sort: str = "after",
        issues: Sequence[str] = (),
        goal: str = "",
        limit: int | None = None,
    ) -> pd.DataFrame:
        """Show a word in its context, a line each time that it is used.

        See Also
        --------
        pipeline.wordviews.kwic.find_word : parameters, columns, errors.

        Examples
        --------
        >>> from pipeline import load_run
        >>> lines = load_run().kwic("バス", limit=5)
        >>> lines["word"].unique().tolist()
        ['バス']
        """
        from pipeline.wordviews.kwic import find_word

        found = find_word(
            self.folder, word, width=width, sort=sort, issues=issues, goal=goal, limit=limit
        )
        return found.lines

    def crosstab(
        self,
        rows: str = "issue",
        columns: str = "年代",
        *,
        measure: str = "people",
        words: Sequence[str] = (),
    ) -> pd.DataFrame:
        """Cross issues, goals or words with an attribute; small numbers are hidden (``<NA>``).

        What is not protected stands in ``attrs["notes"]`` of the table: read it before a table
        goes out.

        See Also
        --------
        pipeline.wordviews.crosstab.cross : parameters, errors, what is not protected.

        Examples
        --------
        >>> from pipeline import load_run
        >>> load_run().crosstab("goal", "性別").columns.tolist()[:3]
        ['row_id', 'row', 'total']
        """
        from pipeline.wordviews.crosstab import cross

        return cross(self.folder, rows, columns, measure=measure, words=words).wide()

    def network(self, word: str, *, links: int = 30) -> pd.DataFrame:
        """Words that stand beside a word in the same opinions, the most tied to it first.

        See Also
        --------
        pipeline.wordviews.network.surround : columns, thresholds, errors.

        Examples
        --------
        >>> from pipeline import load_run
        >>> "npmi" in load_run().network("自治会")
        True
        """
        from pipeline.wordviews.network import surround

        return surround(self.folder, word, links=links).neighbours

    def sql(self, query: str) -> pd.DataFrame:
        """Ask the tables of the run in SQL (DuckDB, the extra ``sql``).

        See Also
        --------
        pipeline.wordviews.queries.query : what may be asked, errors.

        Examples
        --------
        >>> from pipeline import load_run
        >>> load_run().sql("SELECT count(*) AS n FROM issues WHERE n_opinions > 20")["n"].item()
        3
        """
        from pipeline.wordviews.queries import query as ask

        return ask(self.folder, query)

    def suggest_words(self) -> pd.DataFrame:
        """Words that the dictionaries could know better; nothing is written.

        See Also
        --------
        pipeline.vocabulary.suggest : columns and errors.

        Examples
        --------
        >>> from pipeline import load_run
        >>> load_run().suggest_words()["file"].isin(["user.csv", "synonyms.csv"]).all()
        np.True_
        """
        from pipeline.vocabulary import suggest

        return suggest(self.folder)

    def try_words(
        self,
        words: Iterable[str | Sequence[str]] = (),
        synonyms: Mapping[str, str] | None = None,
    ) -> pd.DataFrame:
        """Opinions that a change of the dictionaries would touch; nothing is written.

        See Also
        --------
        pipeline.vocabulary.try_words : parameters, columns, errors.

        Examples
        --------
        Goals are learnt anew with the changed words, which takes some seconds:

        >>> from pipeline import load_run
        >>> changed = load_run().try_words(synonyms={"道路": "道"})  # doctest: +SKIP
        >>> changed[["gone", "new"]].iloc[0].tolist()  # doctest: +SKIP
        ['道路', '道']
        """
        from pipeline.vocabulary import try_words

        return try_words(self.folder, words, synonyms)


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two or more runs, compared in the order of their time. :func:`compare` makes one.

    Attributes
    ----------
    changes
        Table ``comparison``: what became of every issue from the first run to the last.
    steps
        The same for each run and the next one; one table where there are two runs.
    lines
        What ``kadai compare`` shows.

    Examples
    --------
    >>> from pipeline import compare
    >>> found = compare("outputs/2024", "outputs/2025")
    >>> len(found.steps), found.steps[0].equals(found.changes)
    (1, True)
    """

    changes: pd.DataFrame
    steps: tuple[pd.DataFrame, ...]
    lines: list[str]
    _waves: Waves = field(repr=False)
    _folders: tuple[Path, ...] = field(repr=False)

    def report(self, path: str | Path) -> Path:
        """Write the page of changes (``.html``); never over a file that is there.

        Raises
        ------
        UsageError
            There is such a file, or its name ends otherwise.

        Examples
        --------
        >>> from pipeline import compare
        >>> compare("outputs/2024", "outputs/2025").report("変化.html").name
        '変化.html'
        """
        from pipeline.comparison.page import render_waves
        from pipeline.newfile import check_new, save_new

        path = Path(path)
        check_new(path, (".html",))
        save_new(path, render_waves(self._waves, self._folders).encode())
        return path


def run(
    *paths: str | Path,
    issues: int | None = None,
    output: str | Path | None = None,
    decisions: str | Path | None = None,
    previous: str | Path | None = None,
    keep_raw: bool = True,
    processes: int | None = None,
    quiet: bool = False,
) -> Run:
    """Read answers and make issues, goals, workbook and report of them, as ``kadai run`` does.

    Parameters
    ----------
    *paths
        A study file, a folder with one, or files of answers.
    issues
        Number of issues, 1 to 1000; the data say it by default.
    output
        The run folder; below ``outputs`` by default.
    decisions
        File of the reviewers' decisions; by default the study's, or the one beside it.
    previous
        Folder of the run before.
    keep_raw
        ``False`` leaves the raw text out of the run folder.
    processes
        Number of processes at most. Where the system has no ``fork`` (Windows), a script
        that reads 20,000 answers or more stands under ``if __name__ == "__main__":``.
    quiet
        Do not show on standard error what a person should look at in the files.

    Returns
    -------
    Run
        The finished run.

    Raises
    ------
    UsageError, InputError
        As the command says it: a :class:`pipeline.errors.KadaiError` names the place and
        what to do.

    Examples
    --------
    >>> from pipeline import run
    >>> made = run("2024.csv", output="outputs/2024", quiet=True)
    >>> made.folder.name, len(made.answers)
    ('2024', 3)
    """
    from pipeline.findings.screen import doubt_lines
    from pipeline.running import Wishes, carry_out, prepare

    if not paths:
        raise UsageError(
            "調査ファイルか回答のファイルを指定してください。",
            remedy='run("調査.toml") か run("回答.xlsx") のように指定します。',
        )
    wishes = Wishes(
        issues=issues,
        output=_path(output),
        decisions=_path(decisions),
        previous=_path(previous),
        keep_raw=keep_raw,
        processes=processes,
    )
    prepared = prepare([Path(name) for name in paths], wishes, "previous")
    if not quiet:
        for line in doubt_lines(prepared.findings, WIDTH):
            print(line, file=sys.stderr)  # noqa: T201 - what is doubtful is not kept silent
    return load_run(carry_out(prepared, wishes))


def load_run(folder: str | Path | None = None) -> Run:
    """Read a finished run.

    Parameters
    ----------
    folder
        Run folder, or the report in it. By default the newest run in the folder ``outputs``,
        which is here or in the folder above.

    Raises
    ------
    InputError
        There is no run, or another version of Kadai made it.

    Examples
    --------
    >>> from pipeline import load_run
    >>> load_run("outputs/2025").folder == load_run().folder
    True
    """
    from pipeline.manifest import load_manifest
    from pipeline.runfolder import newest_run, run_folder_of

    here = Path.cwd()
    path = Path(folder) if folder is not None else newest_run(here) or newest_run(here.parent)
    if path is None:
        raise InputError(
            "結果のフォルダーがまだありません。",
            at=Location(file=str(here / "outputs")),
            remedy="先に kadai run を実行するか、load_run に結果のフォルダーを指定してください。",
        )
    path = run_folder_of(path)
    return Run(path.absolute(), load_manifest(path))


def compare(*waves: Run | str | Path) -> Comparison:
    """Compare two or more runs of one survey: which issues are new, have grown, are gone.

    Parameters
    ----------
    *waves
        Runs in the order of their time, or their folders. A study file or a file of answers
        is run first, or its run found below ``outputs``.

    Raises
    ------
    UsageError
        There are not two of them, or two neighbours are the same run.

    Examples
    --------
    >>> from pipeline import compare, load_run
    >>> found = compare(load_run("outputs/2024"), load_run("outputs/2025"))
    >>> found.lines[0]
    '■ 2024 → みどり野市 地域福祉に関する調査（架空の見本）'
    """
    from pipeline.comparison.change import tabulate_changes
    from pipeline.comparison.lines import render
    from pipeline.comparison.profiling import profile_run
    from pipeline.comparison.waves import check_enough, compare_waves
    from pipeline.running import finished_run

    check_enough(waves)
    folders = tuple(
        own.folder if isinstance(own, Run) else finished_run(Path(own)) for own in waves
    )
    made = compare_waves([profile_run(own) for own in folders])
    return Comparison(
        changes=tabulate_changes(made.overall),
        steps=tuple(tabulate_changes(own) for own in made.steps),
        lines=render(made, WIDTH),
        _waves=made,
        _folders=folders,
    )


def _path(name: str | Path | None) -> Path | None:
    return None if name is None else Path(name)
