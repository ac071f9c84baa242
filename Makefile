# `make` alone lists what there is.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

# Debian's python3 is there without the part that makes environments.
CHECK_VENV = @$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	echo "$(PYTHON) cannot make a virtual environment. Debian, Ubuntu: apt install python3-venv" >&2; exit 1; }

$(BIN)/.installed: pyproject.toml
	$(CHECK_VENV)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@

# An environment of its own: checkov's pins and ours exclude each other.
$(VENV)/checkov/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)/checkov
	$(VENV)/checkov/bin/python -m pip install --quiet --upgrade pip
	$(VENV)/checkov/bin/python -m pip install --quiet --group checkov
	@touch $@

test: $(BIN)/.installed  ## lint, types, layers and the fast tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -m "not slow and not machine" -n auto $(PYTEST_ARGS)

slow: $(BIN)/.installed $(VENV)/checkov/.installed  ## the tests that take longer
	$(BIN)/python -m pytest -q -m "slow and not machine" -n auto $(PYTEST_ARGS)

machine: $(BIN)/.installed  ## deploy to real systemd machines (root, Debian)
	$(BIN)/python -m pytest -q -m machine tests/machine -n 2 --dist loadfile $(PYTEST_ARGS)
	$(BIN)/python -m pytest -q -m machine tests/image $(PYTEST_ARGS)

demo: $(BIN)/.installed  ## inspect, recommend, init and check an example project
	examples/demo $(abspath $(BIN))

docs: $(BIN)/.installed  ## write the pages that are generated
	$(BIN)/python docs/generate_questions.py
	$(BIN)/python docs/generate_parity.py

examples: $(BIN)/.installed  ## write the rendered examples anew
	$(BIN)/python examples/regenerate.py

.PHONY: demo docs examples help machine slow test
