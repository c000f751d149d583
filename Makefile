# What people run. Every path is relative and quoted, so the folder may be called anything.
# `make` alone lists the targets.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PYTHON ?= python3
ARGS ?=

IN := .venv/bin/python
WITH_DATABASE := $(IN) -m config.up run-with -- $(IN)
PIP := TMPDIR="$$PWD/.venv/tmp" $(IN) -m pip --quiet --disable-pip-version-check --no-input install \
	--no-deps --no-compile --require-hashes
COMPILE := $(IN) -m uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --no-annotate \
	--python-version 3.11 pyproject.toml

.PHONY: help
help: ## list what there is to run
	@echo "Across. Run one of:"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

.PHONY: setup
setup: .venv/installed ## install what Across needs, into .venv

.PHONY: run
run: .venv/installed ## start Across at http://127.0.0.1:8000 (PORT and ACROSS_DATA choose others)
	@$(IN) -m config.up

.PHONY: speech
speech: .venv/installed-speech ## install what transcripts need; ACROSS_SPEECH_MODEL names the model's folder

.PHONY: test
test: .venv/installed-dev ## run the tests (ARGS are handed to pytest)
	@$(IN) -m pytest -n 4 --dist loadscope --durations=15 -m "not alone" $(ARGS)
	@$(if $(findstring -m ,$(ARGS)),,echo "What is measured in seconds, with nothing beside it:"; \
	$(IN) -m pytest --durations=5 -m alone $(ARGS) || [ $$? -eq 5 ])
	@if [ -n "$$ACROSS_TEST_DATABASE_URL" ]; then echo "Once more on the other PostgreSQL:"; \
	DATABASE_URL="$$ACROSS_TEST_DATABASE_URL" ACROSS_ROUNDS=5 $(IN) -m pytest -n 3 --dist loadscope --durations=15 -m "database and not crash"; fi

.PHONY: check
check: .venv/installed-dev ## lint, formatting, types, import contracts
	@$(IN) -m ruff check .
	@$(IN) -m ruff format --check .
	@$(IN) -m mypy .
	@$(IN) -c 'from importlinter.cli import lint_imports_command as lint; lint()'

.PHONY: fix
fix: .venv/installed-dev ## mend what the linter can mend
	@$(IN) -m ruff check --fix .
	@$(IN) -m ruff format .

.PHONY: seed
seed: .venv/installed ## put the demo cohorts into the database
	@$(WITH_DATABASE) manage.py seed_demo $(ARGS)

.PHONY: bench
bench: .venv/installed-dev ## measure the pages, into docs/performance.md
	@$(IN) -m tests.bench $(ARGS)
	@$(if $(ARGS),,$(IN) -m tests.bench --exports 100000) # in a process of its own, whose memory is nobody else's
	@$(if $(ARGS),,$(IN) -m tests.bench --people)

.PHONY: reliability
reliability: .venv/installed-dev ## the crash runs at their long sizes (most of an hour), into docs/reliability.json
	@$(IN) -m tests.reliability --long $(ARGS)

.PHONY: year
year: .venv/installed-dev ## live through a year of milestones and messages, into docs/messages.md
	@$(IN) -m tests.reliability.year

.PHONY: schema
schema: .venv/installed ## write docs/api/schema.yml
	@$(WITH_DATABASE) manage.py spectacular --validate --fail-on-warn --file docs/api/schema.yml

.PHONY: states
states: .venv/installed ## write docs/states.md from the tables of moves
	@$(WITH_DATABASE) manage.py states

.PHONY: curriculum
curriculum: .venv/installed ## write docs/curriculum.md from the content files, and their new keys into keys.txt
	@$(WITH_DATABASE) manage.py content_keys curriculum/content/across-8
	@$(WITH_DATABASE) manage.py curriculum_table

.PHONY: lock
lock: .venv/installed-dev ## write the hash-locked requirements anew
	@$(COMPILE) --output-file requirements.lock
	@$(COMPILE) --extra speech --output-file requirements-speech.lock
	@$(COMPILE) --extra dev --output-file requirements-dev.lock

# --- how .venv comes about ------------------------------------------------------------------------

.venv/installed: requirements.lock | .venv/made
	@echo "Installing. The first time takes a minute."
	@mkdir -p .venv/tmp
	@$(PIP) -r requirements.lock
	@touch .venv/installed

.venv/installed-speech: requirements-speech.lock | .venv/made
	@echo "Installing what transcripts need."
	@mkdir -p .venv/tmp
	@$(PIP) -r requirements-speech.lock
	@touch .venv/installed-speech .venv/installed

.venv/installed-dev: requirements-dev.lock | .venv/made
	@echo "Installing what the tests need."
	@mkdir -p .venv/tmp
	@$(PIP) -r requirements-dev.lock
	@touch .venv/installed-dev .venv/installed

# `made` is written last: an interrupted making begins again. So does one whose Python is gone.
GONE := $(shell .venv/bin/python -c '' 2>/dev/null || rm -f .venv/made .venv/installed .venv/installed-dev .venv/installed-speech)

.venv/made:
	@command -v "$(PYTHON)" >/dev/null || { echo "Across needs Python 3.11 or newer, and there is no $(PYTHON): \
	install it (on Debian: apt-get install python3 python3-venv)." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Across needs Python 3.11 or newer, and \
	$(PYTHON) is older: name another, as in make PYTHON=python3.12 run." >&2; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing: install the package \
	that brings it (on Debian and Ubuntu: apt-get install python3-venv)." >&2; exit 1; }
	@mkdir -p .venv
	@test -x .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1 \
		|| TMPDIR="$$PWD/.venv" "$(PYTHON)" -m venv --clear .venv
	@touch .venv/made
