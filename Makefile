# Every target makes what it needs; `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
.PHONY: help install demo sandbox test update-golden lint types format docs check judge bench lock clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or newer is needed; name one with: make PYTHON=python3.11")'
	@echo "installing into $(VENV) (once, about half a minute)"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	@touch $@

install: $(READY)  ## make .venv with everything the targets below need

demo: $(READY)  ## play the story: set-up, a push becomes a cluster, jobs reach prod
	@$(BIN)/python -m sandbox demo

sandbox: $(READY)  ## keep everything embedded running, for playing by hand
	@$(BIN)/python -m sandbox up

test: $(READY)  ## run the whole test suite
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --dist worksteal

update-golden: $(READY)  ## write the golden files anew, then look at the diff
	@$(BIN)/python -m pytest tests/acceptance tests/pipelines --update-golden

lint: $(READY)  ## check style of Python and YAML, and the security rules of the templates
	@$(BIN)/ruff check .
	@$(BIN)/yamllint --strict .
	@$(BIN)/python -m sandbox pipelines lint azure-pipelines.yml pipelines setup files_for_remote_repo

types: $(READY)  ## check types
	@$(BIN)/mypy

format: $(READY)  ## mend what the linter can mend
	@$(BIN)/ruff check --fix .

docs: $(READY)  ## write generated parts of the docs and schema copies anew
	@$(BIN)/python -m tests.generate_docs

check: lint types test  ## all of the above: what CI runs

judge: $(READY)  ## install who judges us: clients of the services, Microsoft's language service (needs npm)
	@$(BIN)/python -m tests.clients
	@for folder in tests/clients/javascript tests/pipelines/language_service; do npm ci --prefix $$folder --no-audit --no-fund --loglevel error || exit 1; done

bench: $(READY)  ## measure and print the figures
	@$(BIN)/python -m tests.benchmarks

lock: $(READY)  ## pin the requirements anew, with hashes (needs uv)
	for name in requirements requirements-dev $(basename $(wildcard tests/clients/requirements/*.in)); do \
	  UV_OVERRIDE=$$(ls $$name.overrides 2>/dev/null) uv pip compile --quiet --universal --python-version 3.10 --generate-hashes --no-header $$name.in -o $$name.txt; done

clean:  ## remove .venv, caches and sandbox state
	rm -rf $(VENV) .sandbox .mypy_cache .pytest_cache .ruff_cache
