# make run   結果を作る（inputs/sample/）
# make test  すべての試験
# make notebooks  結果を調べるノートブックを開く（JupyterLab）
# Needs Python 3.11 or newer and make, nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := run
.PHONY: run test notebooks wheels lint fuzz mutants bench lock clean

CASES ?= 100000
MINUTES ?= 60
FIRST ?= 0
SIZES ?= 1000 10000 100000 1000000
RUNS ?= 5
PLATFORM ?=
PYTHON_VERSION ?=
LOCKS ?= requirements.lock
MODULE ?= pipeline/claims.py
SAMPLE ?= 0
TESTS ?=

run: $(VENV)/installed
	$(BIN)/kadai run inputs/sample/study.toml

# Settings of JupyterLab stand in notebooks/.jupyter: .py files open as notebooks, and nothing
# is asked of the internet.
notebooks: $(VENV)/installed-for-notebooks
	JUPYTER_CONFIG_PATH=$(CURDIR)/notebooks/.jupyter $(BIN)/jupyter lab notebooks

# For a computer without a network: make wheels PLATFORM=win_amd64 PYTHON_VERSION=3.12
wheels: $(VENV)/installed
	$(BIN)/python tools/gather_wheels.py $(LOCKS) $(if $(PLATFORM),--platform $(PLATFORM)) $(if $(PYTHON_VERSION),--python-version $(PYTHON_VERSION))

test: $(VENV)/installed-for-tests
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: $(VENV)/installed-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Damaged files through every reader: make fuzz CASES=20000 MINUTES=10 FIRST=500000
fuzz: $(VENV)/installed-for-tests
	$(BIN)/python -m tests.fuzz --cases $(CASES) --minutes $(MINUTES) --first $(FIRST) --processes 2

# What a module's tests do not notice: make mutants MODULE=pipeline/votes.py SAMPLE=60 TESTS=tests/test_votes.py
mutants: $(VENV)/installed-for-tests
	$(BIN)/python tools/mutants.py $(MODULE) --sample $(SAMPLE) $(addprefix --tests ,$(TESTS))

$(VENV)/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 以上が必要です（いまは %s）。PYTHON=python3.12 make run のように指定できます。" % sys.version.split()[0])'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation --no-index -e .
	rm -rf $(VENV)/lib/python*/site-packages/pipeline  # what an older installation left hides this one
	touch $@

$(VENV)/installed-for-tests: $(VENV)/installed requirements-test.lock
	$(PIP) install --require-hashes -r requirements-test.lock
	touch $@

$(VENV)/installed-for-notebooks: $(VENV)/installed requirements-notebooks.lock
	$(PIP) install --require-hashes -r requirements-notebooks.lock
	touch $@

# Whole runs of 1,000 to a million answers; goes on where it stopped: make bench SIZES="1000 10000"
bench: $(VENV)/installed-for-tests
	$(BIN)/python -m tests.benchmarks.scale --sizes $(SIZES) --runs $(RUNS)

# For maintainers: new versions, then run the tests and look at the results.
lock:
	uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links -o requirements.lock
	uv pip compile pyproject.toml --group build --group test -c requirements.lock --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links -o requirements-test.lock
	uv pip compile pyproject.toml --group build --extra notebooks --extra sql -c requirements-test.lock --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links -o requirements-notebooks.lock

clean:
	rm -rf $(VENV) dist build mutants .pytest_cache .mypy_cache .ruff_cache .hypothesis
