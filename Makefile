# Every command of the project. CI runs `make check` and `make test`, through .ci/run.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
FUNCTION := build/handler_example/python/.ready
RAPID := build/rapid/.ready
HOST := $(patsubst aarch64,arm64,$(shell uname -m))
APT := /usr/lib/apt/apt-helper
QUICK := tests/unit
BENCH_OPTIONS = $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(WRITE),--write)

.DEFAULT_GOAL := help
.PHONY: help
help: ## List these commands
	@awk -F ':.*## ' '/^##@ / { print "\n" substr($$0, 5) } /^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Tells of a step while it is at work: $(call step,NAME,COMMAND). layer/build/progress.py says the same.
define step
	@printf '· %s' '$(1)'; began=$$(date +%s); $(2) || { echo; exit 1; }; echo "  $$(($$(date +%s) - began)) s"
endef

##@ Every day
.PHONY: run check test test-quick test-rest tools format docs tables sources clean
run: apt $(FUNCTION) $(RAPID) ## Run the example function on AWS's Rapid core and show what a cold start costs
	@$(BIN)/python -m layer.build --or-current $(HOST)
	@$(BIN)/python -m tests.demo

check: $(READY) ## Lint, type-check and verify which modules may import which
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@PATH="$(BIN):$$PATH" shellcheck -x .ci/run .ci/tools handler_example/shell/bootstrap handler_example/shell/*.sh tests/fresh/enter.sh
	@$(BIN)/zizmor --offline --quiet .github
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml
	@$(BIN)/python -m pytest -q tests/unit/test_layering.py tests/unit/deploy/test_layering.py

test: apt ## Run every test: the quick ones, and if they pass the others
	@$(MAKE) --no-print-directory test-quick || { echo 'The quick tests fail, so the others were not run; make test-rest runs those.' >&2; exit 1; }
	@$(MAKE) --no-print-directory test-rest

test-quick: $(READY) ## Run the unit tests
	@$(BIN)/python -m pytest -q -n auto $(QUICK)

test-rest: apt $(FUNCTION) $(RAPID) ## Build the layer and run the other tests, end to end on AWS's Rapid core
	@$(BIN)/python -m layer.build --or-current
	@$(BIN)/python -m pytest -q -n auto $(QUICK:%=--ignore=%)

tools: ## Install the tools that some tests need, from Debian's or Ubuntu's packages
	@.ci/tools

format: $(READY) ## Format the code and apply the linter's fixes
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

docs: $(READY) ## Build the documentation into build/docs/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

tables: $(READY) ## Write what is made from the code into the documentation's pages
	@PYTHONPATH=layer/python $(BIN)/python -m docs.generate.tables

sources: $(READY) ## List the documentation's sources that nobody has looked up for a year
	@$(BIN)/python -m docs.generate.sources

clean: ## Delete everything the other commands have made
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

##@ The layer (see layer/README.md)
.PHONY: layer layer-outdated layer-update test-cpython wheel release
layer: apt $(READY) ## Build the layer's zips for both architectures into dist/
	@$(BIN)/python -m layer.build

layer-outdated: apt $(READY) ## List what is newer in Debian than the layer's locked inputs
	@$(BIN)/python -m layer.build outdated

layer-update: apt $(READY) ## Lock Debian's current versions and list what changed
	@$(BIN)/python -m layer.build update

test-cpython: apt $(READY) ## Run CPython's own tests against the layer's interpreter
	@$(BIN)/python -m layer.build test-cpython

wheel: layer ## Build the wheel for PyPI, which contains the layer's zips, into dist/
	@$(BIN)/python -m hatchling build -t wheel -d dist

release: apt $(READY) ## Build the layers, the wheel and the npm package into dist/VERSION/
	@$(BIN)/python -m layer.release

##@ Infrastructure as code
.PHONY: rules
rules: $(READY) ## Write the rules of attach for Terraform, the CDK and the Serverless Framework
	@PYTHONPATH=layer/python $(BIN)/python -m tests.templates.infrastructure.write_rules

##@ Dependencies
.PHONY: lock audit
UV_COMPILE = $(BIN)/python -m tests.supply_chain.uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	$(if $(PACKAGE),--upgrade-package $(PACKAGE),--upgrade)
lock: $(READY) ## Upgrade the locked Python packages (PACKAGE=NAME: only that one)
	$(UV_COMPILE) --group uv -o requirements-uv.lock
	$(UV_COMPILE) --group build -o requirements-build.lock
	$(UV_COMPILE) --group dev -o requirements-dev.lock
	$(UV_COMPILE) handler_example/python/requirements.in -o handler_example/python/requirements.lock
	$(UV_COMPILE) tests/templates/requirements.in -o tests/templates/requirements.lock

audit: $(READY) ## Look up known vulnerabilities of the locked Python packages
	@$(BIN)/python -m tests.supply_chain

##@ Robustness
.PHONY: chaos fuzz soak mutants fresh
chaos: $(READY) layer ## Inject faults, many times each, and print a table (ONLY=TEXT)
	@$(BIN)/python -m tests.chaos $(if $(ONLY),--only '$(ONLY)')

fuzz: $(READY) ## Fuzz every parser (EXECUTIONS=10000000, ONLY=TEXT)
	@$(BIN)/python -m tests.fuzz $(if $(EXECUTIONS),--executions $(EXECUTIONS)) $(if $(ONLY),--only '$(ONLY)')

soak: $(READY) layer ## Read and refresh for minutes and check that memory stays flat (WRITE=1)
	@$(BIN)/python -m tests.soak $(if $(WRITE),--write)

mutants: $(READY) ## Change the code a little, many times, and print what no test notices (ONLY=TEXT)
	@$(BIN)/python -m tests.mutants $(if $(ONLY),--only '$(ONLY)') $(if $(COUNT),--count $(COUNT)) $(if $(SEED),--seed $(SEED))

fresh: $(READY) ## Clone and run on bare Debian machines, before a release (ONLY=TEXT, WRITE=1)
	@$(BIN)/python -m tests.fresh $(if $(ONLY),--only '$(ONLY)') $(if $(WRITE),--write)

##@ Benchmarks (ROUNDS=20; WRITE=1 updates tests/bench/RESULTS.md and the pictures)
.PHONY: bench bench-start bench-languages bench-exec bench-reads bench-burst bench-fairness
bench: $(READY) $(RAPID) layer ## What a function waits for its secrets, with Warmkey and with the alternatives
	@PYTHONPATH=layer/python $(BIN)/python -m tests.bench $(BENCH_OPTIONS)

bench-start: $(READY) $(RAPID) layer ## What starting the extension costs, compared with others
	@PYTHONPATH=layer/python $(BIN)/python -m tests.bench.start $(BENCH_OPTIONS)

bench-languages: $(FUNCTION) $(RAPID) layer ## What the layer costs in each language
	@$(BIN)/python -m tests.bench.languages $(BENCH_OPTIONS)

bench-exec: $(READY) layer ## What the exec wrapper adds to a runtime's start
	@$(BIN)/python -m tests.bench.exec_wrapper $(BENCH_OPTIONS)

bench-reads: $(READY) layer ## Warm reads, compared with AWS's agent and a server in Go, and memory
	@PYTHONPATH=layer/python $(BIN)/python -m tests.bench.reads $(BENCH_OPTIONS)

bench-burst: $(READY) layer ## 200 simultaneous cold starts against a quota
	@$(BIN)/python -m tests.bench.burst $(BENCH_OPTIONS)

bench-fairness: $(READY) ## What names that fail cost the reads of those that work
	@$(BIN)/python -m tests.bench.fairness $(BENCH_OPTIONS)

# What cannot be done here is said before anything is downloaded.
.PHONY: apt
apt:
	@[ -x $(APT) ] || { printf '%s\n' \
		'Warmkey is built from Debian packages, which apt fetches; there is no apt here ($(APT)).' \
		'Use Debian or Ubuntu or, with Docker, a container that works on this folder:' \
		"docker run --rm -it -v '$(CURDIR)':/warmkey -w /warmkey debian:13 sh -c 'apt-get update && apt-get install -y make git python3 python3-venv ca-certificates && make $(MAKECMDGOALS)'" >&2; exit 1; }

# The development environment, as locked.
$(READY): requirements-uv.lock requirements-build.lock requirements-dev.lock
	@'$(PYTHON)' -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Warmkey is developed with Python 3.11 or newer; name one: make PYTHON=python3.13 …' >&2; exit 1; }
	@'$(PYTHON)' -m venv --clear $(VENV) || { echo '$(PYTHON) cannot create virtual environments; on Debian and Ubuntu: apt install python3-venv' >&2; exit 1; }
	$(call step,environment in $(VENV),$(BIN)/python -m tests.supply_chain.environment)
	@touch $@

# The example function's package, as it would be deployed: its code and its requirements.
$(FUNCTION): handler_example/python/requirements.lock $(READY)
	@rm -rf $(@D) && mkdir -p $(@D)
	$(call step,packages of the example function,$(BIN)/python -m tests.supply_chain.uv install $< $(@D))
	@touch $@

# AWS's own Rapid core (the Runtime Interface Emulator), from the wheel that contains it.
$(RAPID): tests/rapid/core.lock | $(READY)
	$(call step,AWS Rapid core,$(BIN)/python -m tests.rapid.fetch $(@D))
	@touch $@
