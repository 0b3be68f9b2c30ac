# Everything one does with this project. `make demo` and `make test` set up what they need.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
STAMP := $(VENV)/.ready
# Tests wait for Slack, Ironclad and each other three quarters of their time.
TESTERS ?= $(shell echo $$((2 * $$(nproc))))

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint types imports unit format texts bench clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: $(STAMP) ## only the virtual environment, .venv

demo: $(STAMP) ## the whole product on embedded parts; prints one address to open
	@$(VENV)/bin/python -m tests.sandbox

test: lint types imports unit ## everything: lint, types, import rules, tests

lint: $(STAMP)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

types: $(STAMP)
	$(VENV)/bin/mypy

imports: $(STAMP)
	$(VENV)/bin/lint-imports

# A file stays with one process: its tests share servers and a browser.
unit: $(STAMP) chromium
	$(VENV)/bin/python -m pytest -n $(TESTERS) --dist loadfile --no-loadscope-reorder

format: $(STAMP) ## put the code into the project's format
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

texts: $(STAMP) ## collect what Slipway says into bot/locale, to be translated there
	$(VENV)/bin/python -m tests.catalogue

bench: $(STAMP) ## measure: ratios against bare Bolt, start-up time, memory
	$(VENV)/bin/python -m benchmarks

clean: ## remove what the other targets made
	rm -rf $(VENV) .demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# The virtual environment, from the lock file. uv comes from PyPI into an environment of its own.
$(STAMP): uv.lock pyproject.toml
	@./scripts/prepare $(PYTHON) $(VENV)
	@touch $@

.PHONY: chromium
chromium:
	@./scripts/chromium
