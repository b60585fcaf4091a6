"""Render the report: one file, its own style and script inside, no request to anywhere."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.report.charts import bar
from pipeline.report.context import build_report
from pipeline.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from pipeline.plan import Plan
    from pipeline.study import Study

_TEMPLATES = Path(__file__).parent / "templates"

_FIRST_STYLE = "style.css"
"""Declares what the style sheets of the sections use."""


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
        Every table of :mod:`pipeline.tables`. Raw text of answers is not read.
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
    report = build_report(tables, plan, study, manifest)
    return render_page("report.html.j2", ("search.js",), report=report)


def render_page(template: str, scripts: Sequence[str] = (), **shown: object) -> str:
    """Render a page that holds its own style and scripts, and lets no others in.

    Parameters
    ----------
    template
        Name in the folder of templates. It extends ``page.html.j2``.
    scripts
        Names of our own scripts there.
    shown
        What the template reads.
    """
    sheets = sorted(_TEMPLATES.glob("*.css"), key=lambda path: (path.name != _FIRST_STYLE, path))
    style = _read(sheets)
    script = _read([_TEMPLATES / name for name in scripts])
    return (
        _environment()
        .get_template(template)
        .render(
            **shown,
            style=Markup(style),  # noqa: S704 - our own files
            script=Markup(script),  # noqa: S704 - our own files
            policy=_policy(style, script),
        )
    )


def _read(paths: Iterable[Path]) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def _policy(style: str, script: str) -> str:
    """Content Security Policy: nothing but this very style and script, told by their hash."""
    allowed = {"style-src": style, "script-src": script}
    own = "".join(f"; {kind} {_fingerprint(text)}" for kind, text in allowed.items() if text)
    return f"default-src 'none'{own}; base-uri 'none'; form-action 'none'"


def _fingerprint(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


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
