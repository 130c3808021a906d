# Medskick. `make` alone explains; everything below needs only python3 and make.
.DEFAULT_GOAL := help
.PHONY: help sync run test test-all lint format types contracts bench vendor messages clean

# pyenv's python3 fails where the version in .python-version is not installed; the system's own then starts bootstrap.py,
# which finds a Python that is new enough or says that there is none.
PYTHON := $(shell for p in python3 /usr/bin/python3 /usr/local/bin/python3 /opt/homebrew/bin/python3 python3.13 python3.12; \
	do $$p -c '' 2>/dev/null && command -v $$p && break; done)
BIN := .venv/bin

help:
	@echo 'Medskick: what you can make'
	@echo
	@echo '  make run        set everything up, start it, and say where to go (http://127.0.0.1:8000)'
	@echo '  make test       set everything up and run the tests; says what was skipped and why'
	@echo '  make test-all   the whole matrix too: phone and desktop, with and without JavaScript, three persons'
	@echo
	@echo '  make format     put code in order            make lint       find mistakes in it'
	@echo '  make types      check the types (mypy)       make contracts  check who may import whom'
	@echo '  make bench      run the benchmarks           make messages   renew the translations'
	@echo '  make vendor     renew what is vendored       make clean      remove all that was made, data included'

sync:
	@test -n '$(PYTHON)' || { echo 'There is no working python3 here. Install Python 3.12 or later.'; exit 1; }
	@$(PYTHON) bootstrap.py

run: sync
	@exec $(BIN)/medskick run $(ARGS)

test: sync
	$(BIN)/pytest -n 2 -rfEs -m 'not matrix' $(ARGS)

test-all: sync
	$(BIN)/pytest -n 2 -rfEs $(ARGS)

lint: sync
	$(BIN)/ruff check
	$(BIN)/ruff format --check

format: sync
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types: sync
	$(BIN)/mypy

contracts: sync
	$(BIN)/lint-imports

bench: sync
	$(BIN)/medskick bench $(ARGS)

vendor: sync
	$(BIN)/python -m medskick.design.vendor

messages: sync
	cd medskick && ../$(BIN)/django-admin makemessages --all --no-location --no-obsolete --no-wrap && ../$(BIN)/django-admin compilemessages

clean:
	rm -rf .venv .cache var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find medskick tests -name __pycache__ -type d -exec rm -rf {} +
