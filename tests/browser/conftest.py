"""Reports in a real browser: Debian's Chromium, driven by Playwright, without a network.

Skipped where one of the two is missing; ``.ci/run`` installs both.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.analysis import run_study
from pipeline.infer import infer_study
from tests.browser.reports import (
    make_large,
    write_followed,
    write_hostile,
    write_large,
    write_waves,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

REAL = Path(__file__).parents[3] / "shared" / "data"
CHECKS = Path(__file__).with_name("checks.js").read_text("utf-8")
REPORTS = ("sample", "sabae", "hostile", "large", "followed", "waves")
N_LARGE = 20_000

QUIET = (
    "--no-sandbox",  # the tests of a build machine run as root
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


@pytest.fixture(scope="module")
def browser():
    """One browser for a module; it is gone before tests that fork or count processes."""
    api = pytest.importorskip(
        "playwright.sync_api", reason="playwright がありません（make test が入れます）"
    )
    program = os.environ.get("KADAI_CHROMIUM") or shutil.which("chromium")
    if program is None:
        pytest.skip("Chromium がありません（apt-get install chromium fonts-noto-cjk）")
    with api.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=program, args=list(QUIET))
        yield opened
        opened.close()


@dataclass
class Visit:
    """A report that is open, and what was heard of it.

    Attributes
    ----------
    requests
        Addresses that were asked for.
    complaints
        Errors and warnings of the page and its console, violations of its policy, dialogs.
    """

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def ask(self, what: str, *given: object) -> object:
        """Ask one of the checks of ``checks.js``."""
        return self.page.evaluate(f"given => kadai.{what}(...given)", list(given))


@pytest.fixture
def visit(browser):
    """Open a report as a double click would; options are those of a browser's context."""
    contexts = []

    def open_report(path: Path, **options: object) -> Visit:
        address = path.as_uri()
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | options)
        contexts.append(context)
        context.set_offline(True)
        context.route(
            "**/*", lambda own: own.continue_() if own.request.url == address else own.abort()
        )
        context.add_init_script(
            "document.addEventListener('securitypolicyviolation', (event) => "
            "console.error('policy', event.violatedDirective, event.blockedURI, event.sample));"
        )
        heard = Visit(context.new_page())
        heard.page.on("request", lambda request: heard.requests.append(request.url))
        heard.page.on("pageerror", lambda error: heard.complaints.append(str(error)))
        heard.page.on("crash", lambda _: heard.complaints.append("crash"))
        heard.page.on("console", lambda said: heard.complaints.append(f"{said.type} {said.text}"))

        def refuse(dialog: object) -> None:
            heard.complaints.append(f"dialog {dialog.message}")
            dialog.dismiss()

        heard.page.on("dialog", refuse)
        heard.page.goto(address)
        heard.page.evaluate(CHECKS)
        return heard

    yield open_report
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def report_file(request, tmp_path_factory):
    """Name of a report → its file, made when first asked for."""
    folder = tmp_path_factory.mktemp("reports")
    made: dict[str, Path] = {}

    def make(name: str) -> Path:
        if name == "sample":
            return request.getfixturevalue("sample_run") / "report.html"
        if name == "hostile":
            return write_hostile(folder / "hostile.html")
        if name == "large":
            return write_large(folder / "large.html", make_large(N_LARGE))
        if name == "followed":
            return write_followed(folder, request.getfixturevalue("sample_run"))
        if name == "waves":
            followed = find("followed").parent
            return write_waves(
                folder / "waves.html", request.getfixturevalue("sample_run"), followed
            )
        if not REAL.is_dir():
            pytest.skip("real survey data are not beside the repository")
        study, _ = infer_study([REAL / "sabae" / "vision2023_adults.xlsx"])
        return run_study(study, Path(), folder / "sabae") / "report.html"

    def find(name: str) -> Path:
        if name not in made:
            made[name] = make(name)
        return made[name]

    return find


@pytest.fixture(params=REPORTS)
def report(request, report_file):
    """Each report in turn: the sample, a real survey, one that means harm, a large one."""
    return report_file(request.param)
