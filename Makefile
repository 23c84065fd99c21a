# The only commands a newcomer needs: run, test, check, bench. `make` alone lists them.
SHELL := /bin/sh
PYTHON ?= python3.11
PYTEST_ARGS ?= -n auto
FUZZ_SECONDS ?= 60
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

PURE := parse normalize dedupe publish schedule

.DEFAULT_GOAL := help
.PHONY: help run test cover check bench score fuzz format lock schema clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/run.stamp ## start worker and web on http://127.0.0.1:8000/
	@exec $(BIN)/aggregator run

test: $(VENV)/dev.stamp ## the whole test suite
	$(BIN)/pytest $(PYTEST_ARGS)

cover: $(VENV)/dev.stamp ## the pure stages, every branch of them
	$(BIN)/pytest -q $(PYTEST_ARGS) $(PURE:%=tests/%) tests/golden $(PURE:%=--cov=aggregator.%) --cov-branch \
		--cov-report=term-missing:skip-covered --cov-fail-under=100

check: $(VENV)/dev.stamp ## format, lint, types, import contracts, dead links
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tests/deadlinks.py

format: $(VENV)/dev.stamp ## let the formatter and the linter mend what they can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/dev.stamp ## measure: ratios of costs in one run
	$(BIN)/python -m benchmarks

score: $(VENV)/dev.stamp ## how well copies of one story are found, on labelled data
	$(BIN)/python -m tests.dedupe.stories.score

fuzz: $(VENV)/fuzz.stamp ## look for inputs that break the reading of feeds: FUZZ_SECONDS=60
	@mkdir -p build/fuzz/corpus build/fuzz/findings
	$(BIN)/python tests/fuzz/harness.py build/fuzz/corpus tests/golden -dict=tests/fuzz/feed.dict -timeout=5 \
		-rss_limit_mb=1024 -max_len=8192 -max_total_time=$(FUZZ_SECONDS) -artifact_prefix=build/fuzz/findings/

schema: $(VENV)/run.stamp ## write config/feeds.schema.json anew from the models
	$(BIN)/python -m aggregator.catalogue.schema > config/feeds.schema.json

lock: $(VENV)/dev.stamp ## resolve the dependencies anew into requirements*.txt
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command 'make lock' pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command 'make lock' --group dev -c requirements.txt pyproject.toml -o requirements-dev.txt

clean: ## remove the environment and all caches; keeps data/
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "make: $(PYTHON) is needed; or say: make PYTHON=python3" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# Everything is pinned with its hash; the project itself is installed as a link to this folder.
$(VENV)/run.stamp: requirements.txt pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --no-deps --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --no-deps --editable .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	$(BIN)/pip install --quiet --no-deps --require-hashes -r requirements-dev.txt
	@touch $@

# The fuzzer is no part of the locked requirements: it has wheels for few platforms.
$(VENV)/fuzz.stamp: tests/fuzz/requirements.txt $(VENV)/run.stamp
	$(BIN)/pip install --quiet --no-deps --require-hashes -r tests/fuzz/requirements.txt
	@touch $@
