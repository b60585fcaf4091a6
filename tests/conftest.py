"""What several test modules share: the sample study, one finished run of it, real data."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no reason to fail, and the gate says the same every time: what nobody has
# thought of yet is looked for by `make fuzz`, or with KADAI_HYPOTHESIS=search.
settings.register_profile(
    "kadai",
    suppress_health_check=[HealthCheck.too_slow],
    deadline=None,
    derandomize=os.environ.get("KADAI_HYPOTHESIS") != "search",
)
settings.load_profile("kadai")


ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "inputs" / "sample"
REAL = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory):
    """The user dictionary is built once for all tests, away from the user's own cache."""
    if "KADAI_CACHE" not in os.environ:
        os.environ["KADAI_CACHE"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session", autouse=True)
def _compiled_once():
    """Runs in this process share what is compiled from the same files.

    The concept dictionary, the rules of a plan and the templates of the pages are most of a
    small run's time, and none of them knows anything of the answers.
    """
    with pytest.MonkeyPatch.context() as patch:
        for module, name, parts in (
            ("pipeline.lexicon", "load_concepts", _parts_of_concepts),
            ("pipeline.goals.mapper", "load_rules", _parts_of_rules),
            ("pipeline.report.html", "_environment", lambda: ()),
        ):
            own = sys.modules.get(module)  # imported by the tests that were collected
            if own is not None:
                patch.setattr(own, name, _once(getattr(own, name), parts))
        yield


def _parts_of_concepts(path, tokenize):
    return path.read_bytes(), tokenize


def _parts_of_rules(path, plan, tokenize, dictionary):
    content = path.read_bytes() if path.is_file() else b""
    return path.name, content, repr(plan), tokenize, id(dictionary)


def _once(make, parts):
    known = {}  # holds the arguments as well, so that no id is given twice

    def made(*arguments):
        key = parts(*arguments)
        if key not in known:
            known[key] = make(*arguments), arguments
        return known[key][0]

    return made


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory):
    """Run folder of the sample study. Tests that change it copy it first."""
    from pipeline.analysis import run_study
    from pipeline.study import load_study

    study = load_study(SAMPLE / "study.toml")
    return run_study(study, SAMPLE, tmp_path_factory.mktemp("runs") / "sample")


@pytest.fixture(scope="session")
def shipped_concepts():
    """The concept dictionary that comes with Kadai, compiled once for all tests."""
    from pipeline.concept_dictionary import load_concepts
    from pipeline.resources import dictionaries_folder
    from pipeline.tokens import default_tokenizer

    return load_concepts(dictionaries_folder() / "concepts.toml", default_tokenizer().tokenize)


@pytest.fixture(scope="session")
def lexicon(shipped_concepts):
    """What Kadai knows of words before it has seen an example."""
    from pipeline.features import read_stopwords
    from pipeline.lexicon import Lexicon
    from pipeline.resources import dictionaries_folder
    from pipeline.wordvectors import FILE_NAME, load_word_vectors

    folder = dictionaries_folder()
    return Lexicon(
        shipped_concepts,
        load_word_vectors(folder / FILE_NAME),
        read_stopwords(folder / "stopwords.txt"),
    )


@pytest.fixture(scope="session")
def plan_path():
    """The plan that a study has where it names none."""
    from pipeline.plan import find_plan

    return find_plan("nishitokyo-4", Path())


@pytest.fixture(scope="session")
def shipped_plan(plan_path):
    """The same, read."""
    from pipeline.plan import load_plan

    return load_plan(plan_path)


@pytest.fixture(scope="session")
def mapper(plan_path, shipped_plan, lexicon):
    """Rules and examples of that plan; nothing was decided yet."""
    from pipeline.goals.mapper import load_goal_mapper
    from pipeline.tokens import default_tokenizer

    return load_goal_mapper(plan_path, shipped_plan, default_tokenizer(), lexicon)


@pytest.fixture(scope="session")
def small_plan(tmp_path_factory):
    """The small plan of tests/goals_fixture.py."""
    from pipeline.plan import load_plan
    from tests.goals_fixture import write_plan

    return load_plan(write_plan(tmp_path_factory.mktemp("plan")))


@pytest.fixture
def real_data():
    """Folder of real surveys; they are no part of the project."""
    if not REAL.is_dir():
        pytest.skip("real survey data are not beside the repository")
    return REAL


@pytest.fixture
def golden():
    """Compare a text with a file of tests/golden; KADAI_GOLDEN=write makes the file anew."""

    def compare(name: str, text: str) -> None:
        path = Path(__file__).parent / "golden" / name
        if os.environ.get("KADAI_GOLDEN") == "write":
            path.write_text(text, "utf-8")
        assert text == path.read_text("utf-8"), (
            f"{name}: look at the change, then KADAI_GOLDEN=write"
        )

    return compare
