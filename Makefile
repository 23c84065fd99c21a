# The only commands a newcomer needs: run, test, check, bench. `make` alone lists them.
SHELL := /bin/sh
PYTHON ?= python3.11
PYTEST_ARGS ?= -n auto --dist worksteal
FUZZ_SECONDS ?= 60
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip
export PIP_DISABLE_PIP_VERSION_CHECK = 1
# The build tools are pinned too. pip reads the first name before 26.2 and the second from 25.3 on; it splits them at
# spaces, so this is no absolute path.
export PIP_CONSTRAINT = requirements-build.txt
export PIP_BUILD_CONSTRAINT = requirements-build.txt

# What is installed is known by stamps. Their names tell what for, since a date does not: an unpacked archive may be
# older than the environment it is unpacked beside, and an environment does not work from another folder.
sum = $(shell { printf '%s' '$(subst ','\'',$(CURDIR))'; cat $(1) 2>/dev/null; } | cksum | cut -d ' ' -f 1)
MADE := $(VENV)/made-$(call sum,/dev/null).stamp
RUN := $(VENV)/run-$(call sum,requirements.txt requirements-build.txt pyproject.toml).stamp
DEV := $(VENV)/dev-$(call sum,requirements.txt requirements-build.txt pyproject.toml requirements-dev.txt).stamp
FUZZ := $(VENV)/fuzz-$(call sum,tests/fuzz/requirements.txt).stamp
ifeq ($(shell test -x $(BIN)/python || echo gone),gone)
$(shell rm -f $(VENV)/*.stamp)
endif

COMPILE = $(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-strip-extras --custom-compile-command 'make lock' $(LOCK_ARGS)
# What looks over a release lives apart, so that it changes nothing in the environment that is looked over.
RELEASE := build/release
TOOLS = $(PYTHON) -m venv $(RELEASE)/tools && $(RELEASE)/tools/bin/python -m pip install --quiet --no-deps \
	--require-hashes -r tests/packaging/release.txt
PURE := text dates parse normalize dedupe stories publish schedule
COVERED := $(PURE:%=tests/%) tests/golden
# The other packages, by all tests within one process. To know what was reached doubles what a test takes: it is not
# asked of those that take longest and reach next to nothing that others do not.
OTHERS := catalogue cli demo doctor engine explain fetch model patterns pipeline ports preview settings store web yamlfile
LONGEST := tests/contract/test_store_limits.py tests/dedupe/test_dedupe_properties.py tests/engine/test_engine_days.py \
	tests/normalize/test_normalize_fuzz.py tests/parse/html/test_parse_html_fuzz.py tests/parse/test_parse_completeness.py \
	tests/patterns/test_patterns_of_ours.py tests/settings/test_settings_promises.py \
	$(addprefix tests/pipeline/test_pipeline_,absence.py alone.py comparing.py floods.py leads.py parting.py rewriting.py \
	secrets.py) $(addprefix tests/publish/test_publish_,again.py properties.py) \
	$(addprefix tests/store/sqlite/test_store_,plans.py power.py processes.py) \
	tests/store/postgresql/test_postgresql_processes.py
MEASURED := $(wildcard $(OTHERS:%=tests/%)) tests/contract

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help environment run demo test trial test-install cover check bench bench-peers score pictures fuzz format lock audit sbom schema clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(RUN) ## start worker and web on http://127.0.0.1:8000/
	@exec $(BIN)/aggregator run

demo: $(RUN) ## a newsroom without a network: what this program does, in two minutes
	@exec $(BIN)/aggregator demo

test: cover ## the whole test suite; of the pure stages every branch is covered
	$(BIN)/pytest $(PYTEST_ARGS) $(filter-out $(COVERED) $(MEASURED),$(patsubst %/,%,$(wildcard tests/*/))) $(LONGEST)

trial: $(DEV) ## what takes too long for every day: long soaks, a month of a hundred sources, every pattern at full length
	$(BIN)/pytest $(PYTEST_ARGS) -m trial -o faulthandler_timeout=14400

environment: $(DEV) ## set up all that these commands need, and start nothing; from then on no network is needed

test-install: $(DEV) ## install as strangers do, with the oldest and the newest pip; needs a package index
	TEST_INSTALLS=1 $(BIN)/pytest -q -n 2 --dist loadgroup -o faulthandler_timeout=900 tests/packaging/installs.py

cover: $(DEV) ## the tests of the pure stages, which cover every branch of them, and of all other packages
	$(BIN)/pytest -q $(PYTEST_ARGS) $(COVERED) $(LONGEST:%=--ignore=%) $(PURE:%=--cov=aggregator.%) --cov-branch \
		--cov-report=term-missing:skip-covered --cov-fail-under=100
	$(BIN)/pytest -q $(PYTEST_ARGS) $(MEASURED) $(LONGEST:%=--ignore=%) $(OTHERS:%=--cov=aggregator/%) \
		--cov=aggregator.app --cov=aggregator.errors --cov=aggregator.edits --cov=aggregator.upkeep --cov-branch --cov-report=
	$(BIN)/coverage json --quiet -o - | $(BIN)/python tests/covered.py

check: $(DEV) ## format, lint, types, import contracts, dead links
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tests/deadlinks.py

format: $(DEV) ## let the formatter and the linter mend what they can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(DEV) ## measure: ratios of costs in one run, on loopback; BENCH_ARGS=--write puts them into docs/performance.md
	$(BIN)/python -m benchmarks $(BENCH_ARGS)

bench-peers: $(DEV) ## the same beside reader, newsboat and sfeed where they are to be had; needs a package index for sfeed
	@mkdir -p build/peers && cd build/peers && { apt-get download -qq sfeed && dpkg -x sfeed_*.deb .; } 2>/dev/null \
		|| echo "sfeed cannot be had here: it is left out"
	$(BIN)/python -m benchmarks --peers $(BENCH_ARGS)

score: $(DEV) ## how well copies of one story are found, on labelled data
	$(BIN)/python -m tests.stories.score

pictures: $(DEV) ## the README's pictures, anew from `aggregator demo` in a browser; needs chromium and a Japanese font
	$(BIN)/python -m tests.docs.pictures

fuzz: $(FUZZ) ## look for inputs that break the reading of feeds: FUZZ_SECONDS=60
	@mkdir -p build/fuzz/corpus build/fuzz/findings
	$(BIN)/python tests/fuzz/harness.py build/fuzz/corpus tests/golden -dict=tests/fuzz/feed.dict -timeout=5 \
		-rss_limit_mb=1024 -max_len=8192 -max_total_time=$(FUZZ_SECONDS) -artifact_prefix=build/fuzz/findings/

schema: $(RUN) ## write config/feeds.schema.json anew from the models
	$(BIN)/python -m aggregator.catalogue.feeds_schema > config/feeds.schema.json

lock: $(DEV) ## write requirements*.txt after a change to pyproject.toml; LOCK_ARGS=--upgrade takes newer releases
	$(PIP) install --quiet --no-deps --require-hashes -r tests/packaging/requirements.txt
	$(COMPILE) pyproject.toml -o requirements.txt
	$(COMPILE) --group dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	$(COMPILE) --group lock -o tests/packaging/requirements.txt
	$(COMPILE) --group release -c requirements-dev.txt -o tests/packaging/release.txt
	$(BIN)/python tests/packaging/extras.py requirements.txt requirements-dev.txt

audit: ## known vulnerabilities of what the lock installs: a warning, and never a failure; needs a network
	@{ $(TOOLS) && $(RELEASE)/tools/bin/pip-audit --disable-pip --require-hashes --progress-spinner off -r requirements.txt; \
	} || echo "WARNING: make audit found something, or could not look: see above"

sbom: ## build/release/sbom.cdx.json: all that the lock installs, with licences (CycloneDX); needs a package index
	$(TOOLS)
	$(PYTHON) -m venv --clear $(RELEASE)/installed
	$(RELEASE)/installed/bin/python -m pip install --quiet --no-deps --require-hashes -r requirements.txt
	$(RELEASE)/installed/bin/python -m pip install --quiet --no-deps .
	$(RELEASE)/installed/bin/python -m pip uninstall --quiet --yes pip setuptools
	$(RELEASE)/tools/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --of JSON \
		-o $(RELEASE)/sbom.cdx.json $(RELEASE)/installed/bin/python

clean: ## remove the environment and all caches; keeps data/
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(MADE):
	@command -v $(PYTHON) >/dev/null || { echo "make: $(PYTHON) is needed; or say: make PYTHON=python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "make: Python 3.11 or newer is needed; $(PYTHON) is not" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	@touch $@

# Everything is pinned with its hash; the project itself is installed as a link to this folder. The locks are complete,
# which tests/packaging holds them to, and nothing is resolved anew: pip before 23.3 takes an extra of a pinned package
# for one without a pin.
$(RUN): | $(MADE)
	@echo 'Setting up in $(VENV): this takes a minute or so.'
	$(PIP) install --quiet --no-deps --require-hashes -r requirements.txt
	$(PIP) install --quiet --no-deps --editable .
	@rm -f $(VENV)/run-*.stamp && touch $@

$(DEV): | $(RUN)
	@echo 'Setting up what tests and checks need: this takes a minute or so.'
	$(PIP) install --quiet --no-deps --require-hashes -r requirements-dev.txt
	@rm -f $(VENV)/dev-*.stamp && touch $@

# The fuzzer is no part of the locked requirements: it has wheels for few platforms.
$(FUZZ): | $(RUN)
	$(PIP) install --quiet --no-deps --require-hashes -r tests/fuzz/requirements.txt
	@rm -f $(VENV)/fuzz-*.stamp && touch $@
