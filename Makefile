# The commands of the project. Each sets up what it needs first; a second run starts at once.
#
#   make demo    build the example company and open the dashboards      make check   lint, types, import contracts, docs
#   make test    check, then every test, browser tests included         make bench   speed against the floor and against peers
#   make setup   only the set-up of what runs, into .venv               make docs    rewrite the reference pages from the code
#   make hunt    the laws with many more examples, new ones each time

.DEFAULT_GOAL := help
.SHELLFLAGS := -euo pipefail -c
SHELL := /bin/bash
.PHONY: help setup setup-dev demo test hunt check bench docs lock format coverage clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Hashes are checked, so a package that changed since the lock was made is refused.
PIP_OPTIONS := --quiet --disable-pip-version-check --no-input --use-pep517 --require-hashes
INSTALL := $(BIN)/python -m pip install $(PIP_OPTIONS)

# What Python compiled is kept, whatever the environment says: else each process compiles it anew, and starts half as fast.
export PYTHONDONTWRITEBYTECODE :=

# Two workers by default: the tests of one file stay together, so that its server or store is started once.
WORKERS ?= 2

help:
	@sed -n 's/^#   \(.*\)/\1/p' Makefile

setup: $(VENV)/.runs

setup-dev: $(VENV)/.runs $(VENV)/.tests

$(VENV)/bin/python:
	@PYTHON="$(PYTHON)" .ci/python $(VENV)

# The project itself comes without its dependencies: the lock has them already, at known versions.
$(VENV)/.runs: requirements.lock pyproject.toml | $(VENV)/bin/python
	@PYTHON="$(PYTHON)" .ci/python $(VENV)
	@echo "Installing the pinned packages into $(VENV) (half a minute, once) …" >&2
	@$(INSTALL) -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

# The second lock holds the first one's versions too, so what is tested is what runs.
$(VENV)/.tests: requirements-dev.lock $(VENV)/.runs
	@echo "Installing what the tests need …" >&2
	@$(INSTALL) -r requirements-dev.lock
	@touch $@

$(VENV)/.browser: $(VENV)/.tests .ci/browser
	@.ci/browser $(BIN) && touch $@ || test $$? -eq 75

demo: setup
	@$(BIN)/kpiflow demo

# pytest comes last, so that its closing line is the last one printed.
test: setup-dev $(VENV)/.browser check
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --durations 20 --durations-min 10

# Only the laws, with new examples and many more of them than a test run has time for.
TIMES ?= 10
hunt: setup-dev
	@KPIFLOW_HUNT=$(TIMES) $(BIN)/python -m pytest -n $(WORKERS) -m hypothesis --timeout 3600

check: setup-dev
	@$(BIN)/ruff format --check --quiet . || { echo "Some files are not formatted: run 'make format'." >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/lint-imports
	@$(BIN)/mypy
	@$(BIN)/python -m docs.generate --check
# Last, for it may wait for a network: known faults fail, and what could not be asked is named.
	@$(BIN)/python .ci/audit.py $(VENV)/.audited requirements.lock requirements-dev.lock

bench: setup-dev $(VENV)/.openfisca $(VENV)/.spark
	@$(BIN)/python -m bench
	@$(BIN)/python -m bench.warehouses

# OpenFisca-core is only measured against. It is AGPL, so it stays out of the product's environment and has its own.
$(VENV)/.openfisca: bench/openfisca.lock | $(VENV)/bin/python
	@PYTHON="$(PYTHON)" .ci/python $(VENV)/openfisca
	@$(VENV)/openfisca/bin/python -m pip install $(PIP_OPTIONS) -r bench/openfisca.lock
	@touch $@

# Spark is large and only measured: it lies beside, and without Java it is left out and the bench says so.
$(VENV)/.spark: bench/spark.lock | $(VENV)/bin/python
	@if command -v java >/dev/null; then \
		PYTHON="$(PYTHON)" .ci/python $(VENV)/spark && \
		$(VENV)/spark/bin/python -m pip install $(PIP_OPTIONS) -r bench/spark.lock && touch $@; \
	fi

docs: setup-dev
	@$(BIN)/python -m docs.generate

format: setup-dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

coverage: setup-dev
	@$(BIN)/coverage run -m pytest -m "not browser and not slow"
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

# Newest versions that fit together. --universal: one lock for every platform and Python we accept. No index is written
# into the files, so they say what is installed and not where it came from.
LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links --upgrade
lock: setup-dev
	@$(LOCK) --group build --output-file requirements.lock
	@$(LOCK) --group build --group dev --constraints requirements.lock --output-file requirements-dev.lock
	@echo "openfisca-core>=46" | $(subst pyproject.toml,-,$(LOCK)) --output-file bench/openfisca.lock
	@echo "pyspark>=4.0,<4.1" | $(subst pyproject.toml,-,$(LOCK)) --output-file bench/spark.lock

clean:
	@rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage* dist
