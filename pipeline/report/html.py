"""Render the report: one file, no script, no request to anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.report.charts import bar
from pipeline.report.context import build_report
from pipeline.wording import count

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from pipeline.plan import Plan
    from pipeline.study import Study

_TEMPLATES = Path(__file__).parent / "templates"


def write_report(
    path: Path,
    tables: Mapping[str, pd.DataFrame],
    plan: Plan,
    study: Study,
    manifest: Mapping[str, object],
) -> None:
    """Write ``report.html``; the same tables give the same bytes.

    Parameters
    ----------
    path
        File to write; its folder exists.
    tables
        ``answers, opinions, issues, machine_issues, groups, goal_links, measures, lessons,
        applied_decisions, set_aside`` as declared in :mod:`pipeline.tables`. Raw text of
        answers is not read.
    plan
        The plan whose goals the tables name.
    study
        Its title is the report's.
    manifest
        What ``manifest.json`` holds; keys that are missing leave gaps in the
        annex and nothing else.

    Raises
    ------
    KeyError
        A table or column is missing, or a goal is not the plan's.
    """
    path.write_text(render_report(tables, plan, study, manifest), encoding="utf-8", newline="\n")


def render_report(
    tables: Mapping[str, pd.DataFrame],
    plan: Plan,
    study: Study,
    manifest: Mapping[str, object],
) -> str:
    """Render the report as one HTML document; parameters as :func:`write_report`."""
    style = (_TEMPLATES / "style.css").read_text(encoding="utf-8")
    template = _environment().get_template("report.html.j2")
    return template.render(
        report=build_report(tables, plan, study, manifest),
        style=Markup(style),  # noqa: S704 - our own file
    )


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        # Residents' words are text, never markup, whatever the template's name.
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["n"] = count
    environment.globals["bar"] = bar
    return environment
