# Two commands matter: `make demo` and `make test`. Both make what they need: a virtual environment in .venv, installed
# from the locks in requirements/, and again only when a lock has changed. Works with GNU make 3.81 (macOS) and later.

PORT ?= 8000
VENV ?= .venv
BIN := $(VENV)/bin
ADDRESS := http://127.0.0.1:$(PORT)
# The first Python of at least 3.11; `make demo PYTHON=/path/to/python3.13` chooses another.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
# pytest's own arguments: `make test ARGS="tests/articles -k related"`.
ARGS ?=
# Two processes are enough for the browser and the tests; more than four wait for each other's discs.
WORKERS ?= auto
# SQLite last: every machine has it, so that the last summary is of the whole suite.
DATABASES ?= postgresql sqlite

.DEFAULT_GOAL := help
.PHONY: help demo test check format lock clean environment environment-demo \
	check-python check-templates check-types check-migrations check-deploy check-locks

help:
	@echo "make demo [PORT=8000]   the magazine with demonstration data, on this machine only"
	@echo "make test [ARGS=...]    every test this machine can run, on SQLite and on PostgreSQL"
	@echo "make check              style, templates, types, migrations, settings of production, locks"
	@echo "make format             let ruff put the code in order"
	@echo "make environment        only the virtual environment, with everything a developer needs"
	@echo "make lock               choose newer versions of the packages and write requirements/*.lock"
	@echo "make clean              remove the environment and what the tools left; the magazine in var/ stays"


# ---------------------------------------------------------------- the environment

# Also made again when .venv/bin/python points to a Python that is gone.
$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or later was found. Install one, or say make PYTHON=/path/to/python3." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is not Python 3.11 or later. Choose another: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "Making a virtual environment in $(VENV) ..."
	@"$(PYTHON)" -m venv --clear "$(VENV)"

# Wheels only: nothing that is not in the lock may run or be fetched while installing.
# A copy of the lock stays in the environment it was installed into and tells whether the lock has changed since.
install = @cmp -s requirements/$(1).lock $(VENV)/$(1).lock || { \
	echo "Installing `grep -c == requirements/$(1).lock` packages from requirements/$(1).lock; the first time this takes about a minute ..."; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: --require-hashes -r requirements/$(1).lock && \
	cp requirements/$(1).lock $(VENV)/$(1).lock; }

environment: $(BIN)/python
	$(call install,development)

environment-demo: $(BIN)/python
	$(call install,demo)


# ---------------------------------------------------------------- the magazine on this machine

define port_is_free
import socket, sys
if not sys.argv[1].isdecimal() or not 0 < int(sys.argv[1]) < 65536:
    sys.exit(f"PORT is a number from 1 to 65535, not {sys.argv[1]!r}.")
port = int(sys.argv[1])
with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", port))
    except OSError as error:
        other = port + 1 if 1024 <= port < 65535 else 8000
        sys.exit(f"Port {port} cannot be had: {error.strerror}. Choose another: make demo PORT={other}")
endef
export port_is_free

SERVE = $(BIN)/python manage.py runserver --noreload 127.0.0.1:$(PORT)
demo: export DEBUG = 1
demo: export SITE_URL = $(ADDRESS)
demo: export DJANGO_RUNSERVER_HIDE_WARNING = true
# With a terminal the server is a job of its own (set -m), so that Ctrl-C reaches the server and not make, which would
# end with an error of its own. The worker is another, in the background, where no Ctrl-C reaches it: whatever ends this,
# the trap asks the worker to end and waits for it. Without a terminal both are in the background, so that a signal to the
# shell is heard at once.
demo: environment-demo
	@$(BIN)/python -c "$$port_is_free" "$(PORT)"
	@echo "Preparing the database and the demonstration magazine in var/ ..."
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py demo --address $(ADDRESS)
	@echo "Ctrl-C stops it; what you change is kept."
	@if [ -t 0 ]; then set -m; fi; \
		$(BIN)/python manage.py worker </dev/null & started=$$!; \
		trap 'kill $$started 2>/dev/null; wait $$started 2>/dev/null' EXIT; \
		trap 'exit 129' HUP; trap 'exit 143' TERM; \
		if [ -t 0 ]; then $(SERVE); else trap 'exit 130' INT; $(SERVE) & started="$$started $$!"; wait $$!; fi; status=$$?; \
		if [ $$status -eq 0 ] || [ $$status -eq 130 ]; then echo; echo "Stopped."; else exit $$status; fi


# ---------------------------------------------------------------- tests and checks

# One run of pytest for each database, since Django fixes its databases when it starts. A failure in one is said again at
# the end of the next.
test: environment
	@failed=""; for database in $(DATABASES); do \
		TEST_DATABASE=$$database EARLIER_RUN_FAILED=$$failed \
			$(BIN)/python -m pytest --numprocesses=$(WORKERS) --maxprocesses=4 $(ARGS) || failed="$$failed$$database"; \
	done; test -z "$$failed"

check: check-python check-templates check-types check-migrations check-deploy check-locks

check-python: environment
	@echo "Style of the code ..."
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .

check-templates: environment
	@echo "Templates ..."
	@$(BIN)/djlint --lint --quiet --allow-empty-input templates

check-types: environment
	@echo "Types ..."
	@DEBUG=1 $(BIN)/mypy --no-error-summary

check-migrations: environment
	@echo "Migrations ..."
	@DEBUG=1 $(BIN)/python manage.py makemigrations --check --dry-run

# As in production: nothing comes from the shell, and no finding is silenced.
check-deploy: environment
	@echo "Settings of production ..."
	@env -i PATH="$$PATH" SECRET_KEY="`$(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))'`" \
		SITE_URL=https://magazine.example DATABASE_URL=postgresql://magazine@localhost/magazine \
		CACHE_URL=redis://localhost:6379/0 EMAIL_URL=smtp://mail.magazine.example \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

# Names, versions and hashes only: a lock has to work wherever a machine gets its packages from.
check-locks:
	@echo "Locks ..."
	@! grep -nE '^ *-|://|@ |/(home|root|Users|opt|tmp|work)/' requirements/*.lock | grep -vE ':    --hash=sha256:[0-9a-f]{64}( \\)?$$'

format: environment
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format .


# ---------------------------------------------------------------- the locks

# uv, since its locks hold for every platform and every Python from 3.11 on; only this target needs it.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
	--constraints requirements/constraints.txt --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock" $(UPGRADE) pyproject.toml
# `make lock UPGRADE=` keeps the locked versions as far as pyproject.toml allows.
UPGRADE ?= --upgrade

lock: $(BIN)/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@echo "requirements/development.lock ..."
	@$(COMPILE) --all-extras --output-file requirements/development.lock >/dev/null
	@echo "requirements/production.lock ..."
	@$(COMPILE) --extra postgres --extra redis --extra s3 --extra anymail --constraints requirements/development.lock --no-annotate \
		--output-file requirements/production.lock >/dev/null
	@echo "requirements/demo.lock ..."
	@$(COMPILE) --constraints requirements/development.lock --no-annotate --output-file requirements/demo.lock >/dev/null
	@$(MAKE) --no-print-directory check-locks

clean:
	@rm -rf "$(VENV)" .mypy_cache .ruff_cache .pytest_cache .hypothesis var/static var/test-results
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
