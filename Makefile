# make reproduce [TRACE=file.parquet]   the main job: experiments in outline, tables, figures, claims, a report
# make test                             lint, types, import directions, all tests
# make docs                             the documentation's site, in site/index.html
# Everything below builds its own environment in .venv; only Python 3.11 to 3.13 and make are needed.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
OUT    ?= results/reproduce
ARGS   ?=
TRACE  ?=

# tests on every core there is
SPREAD := -n logical --dist worksteal

ROOMS  := contracts drift_processes formulations simulation bounds experiments paper_figs
CODE   := $(ROOMS) tests benchmarks docs

.PHONY: reproduce test test-long lint types imports docs dist-check bench constraints clean help

help:
	@sed -n '1,4p' Makefile | sed 's/^# //'

$(VENV)/.runtime: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
	  { echo "evenstep needs Python 3.11 to 3.13; name one with make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

$(VENV)/.docs: $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[docs]'
	@touch $@

reproduce: $(VENV)/.runtime
	$(BIN)/evenstep reproduce $(if $(TRACE),--trace '$(TRACE)') --out '$(OUT)' $(ARGS)

test: lint types imports
	$(BIN)/python -m pytest $(SPREAD)

# the long searches for counterexamples
test-long: $(VENV)/.dev
	$(BIN)/python -m pytest $(SPREAD) -m search

lint: $(VENV)/.dev
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)

types: $(VENV)/.dev
	$(BIN)/mypy

imports: $(VENV)/.dev
	$(BIN)/lint-imports

# strict: a dead link or a page that is in no menu is an error
docs: $(VENV)/.docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet
	@echo "written to site/index.html"

# sdist and wheel; the wheel alone in an environment of its own, and a part of the tests there
dist-check: $(VENV)/.dev
	.ci/dist-check $(BIN)/python

bench: $(VENV)/.dev
	$(BIN)/python -m pytest benchmarks -m '' --benchmark-only --benchmark-columns=min,mean,stddev,rounds

# pin what a fresh resolution gives; plain names and versions, no addresses (atheris: each Python has its own)
constraints: $(VENV)/.dev $(VENV)/.docs
	@{ sed -n '1p' constraints.txt; $(BIN)/python -m pip freeze --exclude-editable --exclude evenstep --exclude atheris | sort -f; } > .constraints.new
	@mv .constraints.new constraints.txt

clean:
	rm -rf $(VENV) build dist site results .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
