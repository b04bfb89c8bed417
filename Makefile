# Coopcase. Needs Debian or Ubuntu with Python 3.11 or newer and make; `make help` lists the targets.
SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check install -qq
ROOMS := flows correspondence rule_changes casework notifications oversight letters register foresight rulebook audit_log procedures templates models web cli samples
# databases of tests on a file system in memory where 4 GB of it are free: every commit of an act waits for its disk
TEMP := $(if $(shell test -w /dev/shm && df --output=avail /dev/shm | awk '$$1 > 4000000'),PYTEST_DEBUG_TEMPROOT=/dev/shm)
.DEFAULT_GOAL := help
.PHONY: help setup seed run test faults lint types bench fuzz mutants check published scenario-list command-index foresight-score office-programs lock system clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  \1|/' | column -t -s '|'

setup: $(VENV)/.runtime ## Make .venv from the locked requirements

seed: $(VENV)/.runtime ## Make the database and load the invented sample office if it is empty
	@$(PY) -m cli.app seed

run: $(VENV)/.runtime ## Start everything: pages, Prefect server, worker (Ctrl-C stops)
	@exec $(PY) -m cli.app run

test: $(VENV)/.dev system ## Run every check and every test
	@$(MAKE) --no-print-directory -j2 --output-sync=target lint types
	$(TEMP) $(PY) -m pytest -q -rs -n 2 --dist loadfile -m "not processes and not prefect"
	$(PY) -m pytest -q -rs -n 2 --dist loadfile --no-loadscope-reorder -m "processes or prefect"

faults: $(VENV)/.dev system ## Kill, fill, lock and cut off the real processes, and see that nothing is lost or doubled
	$(PY) -m pytest -q -rs -n 2 --dist loadfile --no-loadscope-reorder tests/faults

lint: $(VENV)/.dev ## Ruff, djlint and the import contracts
	$(VENV)/bin/ruff check .
	$(PY) -m djlint --quiet --lint templates/pages templates/messages
	$(VENV)/bin/lint-imports

types: $(VENV)/.dev ## Mypy, strict
	$(PY) -m mypy $(ROOMS) tests

bench: $(VENV)/.dev ## Measure acts, lists, the week, the day, the check, legal time, letters, forecasts, and an idle house
	$(PY) -m tests.bench

fuzz: $(VENV)/.dev ## Throw nonsense at files, uploads and fields for an hour (SECONDS_OF_FUZZING=…; findings in fuzz-findings; docs/security.md)
	$(PY) -m tests.fuzz $${SECONDS_OF_FUZZING:-3600} fuzz-findings

mutants: $(VENV)/.dev ## Change the arithmetic of dates bit by bit and list what no test notices (half an hour; docs/mutants.md)
	@rm -rf mutants && $(PY) -m mutmut run --max-children 2 && $(PY) -m mutmut results

check: $(VENV)/.dev ## Quick checks and tests, without browser, servers and processes; property tests at random
	@$(MAKE) --no-print-directory -j2 --output-sync=target lint types
	$(TEMP) $(PY) -m pytest -q -rs -n 2 --dist loadfile --hypothesis-profile=explore -m "not processes and not prefect and not browser and not postgres"

scenario-list: $(VENV)/.dev ## Write docs/scenario-list.md from the scenario files
	COOPCASE_LANG=en $(PY) -m cli.app procedure scenarios > docs/scenario-list.md

command-index: $(VENV)/.dev ## Write the index of the command line from what its modules register
	$(PY) -m cli.command_index

published: $(VENV)/.dev ## Write the hash of a procedure that is being published
	$(PY) -m procedures.definition.published

foresight-score: $(VENV)/.dev ## Score the forecasts on the public logs beside the repository (minutes; docs/forecast.md)
	$(PY) -m tests.foresight.scoring

office-programs: $(VENV)/.dev system ## Open and save our workbooks, letters and calendar in LibreOffice and khal (installs them through apt)
	@missing=""; \
	command -v soffice >/dev/null || missing="$$missing libreoffice-calc-nogui libreoffice-writer-nogui"; \
	command -v khal >/dev/null || missing="$$missing khal"; \
	$(call through_apt,what needs them is skipped)
	$(TEMP) $(PY) -m pytest -q -rs tests/web/test_office_programs.py

lock: ## Resolve requirements*.in again into the two locks with hashes
	@box=$$(mktemp -d) && trap 'rm -rf "$$box"' EXIT && $(PYTHON) -m venv "$$box" && "$$box/bin/pip" install --quiet uv && \
	  resolve="$$box/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate" && \
	  $$resolve requirements.in -o requirements.txt && \
	  $$resolve requirements.in requirements-dev.in -c requirements.txt -o requirements-dev.txt

clean: ## Remove .venv and caches; the data folder stays
	rm -rf $(VENV) mutants .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist

system: # Chromium, PostgreSQL and poppler for the tests, through apt where it may
	@missing=""; \
	command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing="$$missing chromium"; \
	compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing="$$missing postgresql"; \
	command -v pdftotext >/dev/null || missing="$$missing poppler-utils"; \
	$(call through_apt,the tests that need them are skipped until then)

define through_apt
	test -z "$$missing" && exit 0; \
	if test "$$(id -u)" = 0; then sudo=""; elif sudo -n true 2>/dev/null; then sudo="sudo -n"; else sudo=none; fi; \
	if test "$$sudo" != none; then \
	  { $$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; } </dev/null >/dev/null && exit 0; \
	fi; \
	echo "Missing:$$missing. Install with: sudo apt-get install$$missing ($(1))." >&2
endef

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Coopcase needs Python 3.11 or newer; name one with: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python cannot make virtual environments here. Install it with: sudo apt-get install python3-venv" >&2; exit 1; }
	@echo "Making $(VENV) (a few minutes, once)..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt pyproject.toml | $(VENV)/bin/python
	@$(PIP) --require-hashes -r requirements.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.txt pyproject.toml | $(VENV)/bin/python
	@$(PIP) --require-hashes -r requirements-dev.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.runtime
