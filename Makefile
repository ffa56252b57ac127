# Needs Python 3.11 or newer and make; everything else is installed into .venv by the first command.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo dev test bench clean

help: ## list the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "Setting up $(VENV) (once; a minute or two) ..."
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "$(PYTHON) can't make virtual environments: install its venv package (Debian: apt-get install python3-venv)"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: $(VENV)/.installed ## one sample reply becomes one report, on local stand-ins; no key needed
	@$(BIN)/intent demo

dev: $(VENV)/.installed ## Dagster UI, sensors and the stand-ins for every service without a key
	@$(BIN)/intent dev

test: $(VENV)/.installed ## lint, types and all tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses auto --dist worksteal

bench: $(VENV)/.installed ## latency, backfill, throughput and loading; rewrites benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks.loading
	$(BIN)/python -m benchmarks.latency
	$(BIN)/python -m benchmarks.backfill
	$(BIN)/python -m benchmarks.throughput

clean: ## remove the virtual environment and all local state
	rm -rf $(VENV) .intent *.egg-info .mypy_cache .ruff_cache .hypothesis
