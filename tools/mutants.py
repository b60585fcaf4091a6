"""Change a module a little, again and again, and see whether its tests notice (mutmut).

From the project's folder, with the project's Python, not on Windows::

    python tools/mutants.py pipeline/claims.py
    python tools/mutants.py pipeline/votes.py --tests tests/test_votes.py --sample 60

Without ``--tests`` the test modules are asked that bear the name of the module or of its
package. What survives is shown as a change of the module: it makes no difference, or the code
is needless, or a test is missing. mutmut changes functions, not the constants of a module.
"""  # noqa: INP001 — a script, not a package

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import click
from hypothesis import Phase, settings
from mutmut import configuration
from mutmut.__main__ import _run as try_mutants
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.stats import status_by_exit_code
from mutmut.utils.format_utils import get_mutant_name


@click.command()
@click.argument("module", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--tests", multiple=True, help="Tests to ask, as pytest names them; may be repeated.")
@click.option("--without", multiple=True, help="A test to leave out; may be repeated.")
@click.option("--sample", default=0, help="Try so many mutants only, chosen by their hash.")
def main(module: Path, tests: tuple[str, ...], without: tuple[str, ...], sample: int) -> None:
    """Try the mutants of MODULE and show those that no test has noticed."""
    asked = list(tests) or named_after(module)
    if not asked:
        raise click.UsageError(f"no test module is named after {module}: name one with --tests")
    # An example that fails need not be made small; conftest.py builds its profile on this one.
    settings.register_profile("mutants", phases=[Phase.explicit, Phase.generate])
    settings.load_profile("mutants")
    shutil.rmtree("mutants", ignore_errors=True)  # mutmut would keep what older tests have said
    own = configuration.config()
    configuration._config = replace(  # noqa: SLF001 — mutmut has no option for it
        own,
        only_mutate=[module.as_posix()],
        pytest_add_cli_args=[*own.pytest_add_cli_args, *(f"--deselect={one}" for one in without)],
        pytest_add_cli_args_test_selection=asked,
    )
    try_mutants(sampled(module, sample) if sample else (), max_children=1)
    show(module)


def named_after(module: Path) -> list[str]:
    """Test modules that bear the name of a module with its package's, or that of either."""
    parts = module.with_suffix("").parts[1:]
    for stem in ("_".join(parts), parts[-1], parts[0], f"{parts[0]}_*"):
        if found := sorted(path.as_posix() for path in Path("tests").glob(f"test_{stem}.py")):
            return found
    return []


def sampled(module: Path, n: int) -> tuple[str, ...]:
    """Names of so many mutants; the same ones every time."""
    made = mutate_file_contents(module.as_posix(), module.read_text("utf-8")).mutant_names
    names = [get_mutant_name(module, name) for name in made]
    return tuple(sorted(names, key=lambda name: hashlib.sha256(name.encode()).digest())[:n])


def show(module: Path) -> None:
    """Print every mutant that was not killed, and count them all."""
    data = SourceFileMutationData(path=module)
    data.load()
    tried = {name: code for name, code in data.exit_code_by_key.items() if code is not None}
    became = {name: status_by_exit_code[code] for name, code in tried.items()}
    for name, status in became.items():
        if status != "killed":
            click.echo(f"# {name}: {status}\n{get_diff_for_mutant(name, path=module)}")
    counts = ", ".join(f"{n} {status}" for status, n in sorted(Counter(became.values()).items()))
    click.echo(f"{module}: {len(data.exit_code_by_key)} mutants, {len(tried)} tried: {counts}")


if __name__ == "__main__":
    main()
