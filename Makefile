# Each target does all of its own set-up; nothing but Python >= 3.11, git, make and a compiler
# is needed beforehand.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: help run test docs recipe audit coverage faults mutants lint changelog wheel lock clean

help:
	@echo "make run    install, then run the quickstart study on synthetic exposures"
	@echo "make test   install, then run the tests"
	@echo "make docs   run the tutorials and build the site into build/site"
	@echo "make coverage  branches of study/, study/track/ and choose/ that tests take: 90 % at least"
	@echo "make faults    a small study killed, or denied the disk, at every kind of write, in three hours"
	@echo "make mutants   changes of the code that tests notice, in an hour or two"
	@echo "make lint   ruff, mypy and import-linter; is CHANGELOG.md what docs/changes/ says"
	@echo "make audit  published advisories on the pinned dependencies"
	@echo "make recipe  render the conda recipe"
	@echo "make wheel  build the wheel into dist/"
	@echo "make lock   pin the dependencies anew (needs uv)"
	@echo "make changelog  write CHANGELOG.md from docs/changes/"

run: $(VENV)/.run
	$(BIN)/hstdriz-study study=quickstart

test: $(VENV)/.test
	$(BIN)/python -m pytest

# -W: a broken link, or a tutorial that does not run, is an error. The tests' own environment has no
# kernel of notebooks.
docs: $(VENV)/.docs
	$(BIN)/python -m pytest -n 0 -q tests/cli/test_kernel.py
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m sphinx -W --keep-going -q -d build/doctrees docs build/site

$(VENV)/.docs: requirements/docs.txt $(VENV)/.test
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/docs.txt
	touch $@

# Every process of a test writes its own data, wherever it runs.
coverage: export COVERAGE_FILE = $(CURDIR)/build/coverage/data
coverage: $(VENV)/.test
	$(BIN)/python -m pip install --quiet coverage==7.17.5
	mkdir -p build/coverage
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(COVERED_BY)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage json --quiet -o build/coverage/taken.json
	$(BIN)/python benchmarks/branches.py build/coverage/taken.json 90 study study/track choose

COVERED_BY = tests/choose tests/cli tests/endtoend tests/study tests/what_if

faults: $(VENV)/.test
	$(BIN)/python -m benchmarks.faults

mutants: $(VENV)/.test
	$(BIN)/python -m pip install --quiet mutmut==3.8.1
	$(BIN)/python benchmarks/mutation.py

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/towncrier build --draft > $(VENV)/CHANGELOG.md
	diff -u CHANGELOG.md $(VENV)/CHANGELOG.md

# In an environment of its own: its dependencies are not the tool's. --strict: what could not be
# audited is no pass.
audit: $(VENV)/bin/python
	$(PYTHON) -m venv build/audit
	build/audit/bin/pip install --quiet pip-audit==$(PIP_AUDIT)
	build/audit/bin/pip-audit --strict --require-hashes --disable-pip -r requirements/run.txt

PIP_AUDIT = 2.10.1

# Rendered in an environment of its own; to build it needs a channel.
recipe: $(VENV)/bin/python
	$(PYTHON) -m venv build/recipe
	build/recipe/bin/pip install --quiet py-rattler-build==$(RATTLER_BUILD)
	build/recipe/bin/python benchmarks/recipe.py

RATTLER_BUILD = 0.73.0

changelog: $(VENV)/.test
	$(BIN)/towncrier build --draft > $(VENV)/CHANGELOG.md
	cp $(VENV)/CHANGELOG.md CHANGELOG.md

wheel: $(VENV)/.test
	rm -rf dist
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.run
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/test.txt
	touch $@

lock:
	uv pip compile pyproject.toml --extra dev $(LOCK_FLAGS) -o requirements/run.txt
	uv pip compile pyproject.toml --extra dev --extra test $(LOCK_FLAGS) -o requirements/test.txt
	uv pip compile pyproject.toml --extra dev --extra docs $(LOCK_FLAGS) -o requirements/docs.txt

LOCK_FLAGS = --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-header --no-annotate --quiet

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache
