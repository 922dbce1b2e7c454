# Two commands: `make run` and `make test`. They need Python 3.11 or newer, and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TEST_LOGS := var/test
RUN_ARGS ?=

# Compiled modules are kept, whatever the machine says: hundreds of processes of the tests would
# compile them anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test retest lint types contracts unit integration kafka e2e lock clean

help:
	@echo "make run     start the portal with its demo town (RUN_ARGS=\"--port 8300\" for options)"
	@echo "make test    everything: lint, types, contracts, all tests on both buses"
	@echo "make retest  the same, with what has passed already on these very files"
	@echo "make lint | types | contracts | unit | integration | kafka | e2e    one part of it"
	@echo "make lock    pin the dependencies of pyproject.toml anew"

run: $(VENV)/.run
	@$(BIN)/portail up $(RUN_ARGS)

# --- the environment: made once, and again when a lock file changes ---

$(VENV)/.made: requirements-installer.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; PYTHON=… names another one" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "python3 -m venv does not work here (Debian: install python3-venv)" >&2; exit 1; }
	@$(pip_install) $< || echo "No uv for this machine: pip installs all, which takes longer" >&2
	@ln -sf ../../deploy/portail $(BIN)/portail
	@touch $@

pip_install = $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r
# pip where there is no uv, or where pip alone is told which package index to ask.
install = $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1) || \
  $(pip_install) $(1)

$(VENV)/.run: requirements.lock | $(VENV)/.made
	@echo "Installing the dependencies…"
	@$(call install,$<)
	@touch $@

$(VENV)/.dev: requirements-dev.lock | $(VENV)/.made
	@echo "Installing the dependencies and the development tools…"
	@$(call install,$<)
	@touch $@ $(VENV)/.run

# --- everything that must hold ---

# What computes and waits for nobody goes side by side; the suites that have servers
# go one after the other, for together they keep each other from two cores.
test: $(VENV)/.dev
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target lint types contracts unit
	@$(MAKE) --no-print-directory integration
	@$(MAKE) --no-print-directory e2e
	@$(MAKE) --no-print-directory kafka
	@echo "All passed."

retest:
	@rm -rf var/passed
	@$(MAKE) --no-print-directory test

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/.dev
	$(BIN)/mypy contracts services gateway deploy tests

contracts: $(VENV)/.dev
	$(BIN)/portail contracts check

unit: $(VENV)/.dev
	$(call pytest,unit,$(call folders_in,tests/unit) tests/contract,$(call side_by_side,2))

integration: $(VENV)/.dev
	$(call pytest,integration,$(call folders_in,tests/integration),$(call side_by_side,3))

# The same integration tests on a real Apache Kafka, where the machine can have one;
# those that meet no bus have run already.
kafka: $(VENV)/.dev
	@if $(BIN)/python -m deploy.kafka_server; then \
	  export PORTAIL_TEST_BUS=kafka; $(call run_pytest,kafka,$(call folders_in,tests/integration),$(call side_by_side,3)); \
	else \
	  echo; echo "!!! SKIPPED: no test ran on a real Apache Kafka (see the line above) !!!"; echo; \
	fi

e2e: $(VENV)/.dev
	@$(have_chromium)
	$(call pytest,e2e,tests/e2e,$(call side_by_side,2))

# A browser for the journeys, from Debian when it is absent and can be had. No target of its own:
# the longest suite would wait for a free place behind it.
have_chromium = which chromium-headless-shell chromium chromium-browser 2>/dev/null | grep -q . || \
  { echo "Installing chromium…"; \
    if [ "$$(id -u)" = 0 ]; then sudo=; else sudo="sudo -n"; fi; \
    install="$$sudo apt-get install -y -qq"; $$sudo apt-get update -qq; \
    $$install chromium-headless-shell || $$install chromium; } >/dev/null 2>&1 || \
  { echo; echo "!!! NO CHROMIUM, and it cannot be installed: browser tests will be SKIPPED !!!"; \
    echo; }

# For tests that wait for servers some more processes than cores, each with servers of its own;
# tests/conftest.py says which tests stay together. One process more takes more than it gives.
side_by_side = --numprocesses=$(1) --dist=loadscope

folders_in = $(filter-out %/__pycache__/,$(wildcard $(1)/*/))

run_pytest = mkdir -p $(TEST_LOGS); \
  $(BIN)/python -m tests.passed $(1) $(3) --basetemp=$(TEST_LOGS)/$(1) -- $(2) || \
  { echo "Tests failed; the logs of their servers are in $(TEST_LOGS)/$(1)" >&2; exit 1; }

define pytest
@$(call run_pytest,$(1),$(2),$(3))
endef

# --- pinning ---

# No address of any package index gets into the lock files.
pin = $(BIN)/uv pip compile --universal --generate-hashes --no-header --no-annotate \
  --no-emit-index-url --quiet

lock: $(VENV)/.made
	$(pin) --group pyproject.toml:installer -o requirements-installer.lock
	$(pin) pyproject.toml -o requirements.lock
	$(pin) pyproject.toml --group dev -o requirements-dev.lock

clean:
	rm -rf $(VENV) var
