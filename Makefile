# Everything starts here. Needs Python 3.11 or newer and make, and nothing else.

HOST ?= 127.0.0.1
PORT ?= 8000
# How many test processes run at once.
JOBS ?= 2
ARGS ?=

PY := .venv/bin/python
MANAGE := $(PY) manage.py
# An environment whose Python has been moved or removed is made anew.
BROKEN := $(shell $(PY) -c '' 2>/dev/null || echo broken)
INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --no-input --require-hashes

.DEFAULT_GOAL := help
.PHONY: help run demo reset test chaos check lint types imports templates-check migrations-check messages-check \
	deploy-check messages lock broken bench-pages bench-lookup bench-lookup-quality bench-usual bench-card bench-dispatch

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-22s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# The product

run: .venv/run.stamp ## open the house at http://localhost:8000 (HOST=, PORT=); Ctrl-C closes it
	@$(MANAGE) up --host $(HOST) --port $(PORT) $(ARGS)

demo: .venv/run.stamp ## fill an empty house with the demo business (ARGS="--customers 1000000 --interactions 5000000")
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) demo $(ARGS)

reset: .venv/run.stamp ## delete the embedded database and everything else in var/ (YES=1 asks no question)
	@$(MANAGE) reset $(if $(YES),--yes)

# What every change must pass

test: .venv/dev.stamp ## run every test, with coverage (ARGS="-k card" for some)
	@tools/test_programs.sh
	@$(PY) -m pytest -n $(JOBS) --dist worksteal $(if $(ARGS),$(ARGS),--cov --cov-report=term)

chaos: .venv/dev.stamp ## 10,000 follow-ups fall due while everything is killed at random, on each broker (ARGS="--broker pgmq")
	@tools/test_programs.sh rabbitmq-server
	@$(PY) -m interactions.tests.chaos $(ARGS)

check: lint types imports templates-check migrations-check messages-check deploy-check ## style, types, layers, templates, translations, settings

lint: .venv/dev.stamp
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .

types: .venv/dev.stamp
	@$(PY) -m mypy

imports: .venv/dev.stamp
	@$(PY) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"

templates-check: .venv/dev.stamp
	@$(PY) -m djlint templates --lint --quiet

migrations-check: .venv/dev.stamp
	@$(MANAGE) makemigrations --check --dry-run --no-input

messages-check: .venv/dev.stamp
	@$(MANAGE) messages --check

# A production house with nothing missing; `check --deploy` has nothing to say of it.
deploy-check: .venv/dev.stamp
	@PRODUCTION=1 SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))') \
		SITE_URL=https://regulars.example ALLOWED_HOSTS=regulars.example \
		EMAIL_HOST=mail.example DEFAULT_FROM_EMAIL=house@regulars.example \
		$(MANAGE) check --deploy --fail-level WARNING

messages: .venv/dev.stamp ## bring the translation files up to date with the words in the code
	@$(MANAGE) messages

# Extras stay in the pins: an older pip takes a requirement with an extra for another, which then has no hash.
lock: .venv/dev.stamp ## pin requirements*.txt, with hashes, from requirements*.in
	@for name in requirements requirements-dev requirements-bench; do \
		$(PY) -m uv pip compile --quiet --no-config --upgrade --universal --python-version 3.11 --generate-hashes \
			--no-strip-extras --default-index https://pypi.org/simple --no-emit-index-url --no-annotate \
			--custom-compile-command "make lock" $$name.in --output-file $$name.txt || exit 1; \
	done

# What it costs (docs/scaling.md); each writes its part of bench/RESULTS.md

bench-pages: .venv/dev.stamp ## pages against an empty page
	@$(PY) -m bench.pages $(ARGS)

bench-lookup: .venv/dev.stamp ## what the look-up costs at 10,000 to 1,000,000 customers
	@$(PY) -m bench.lookup $(ARGS)

bench-lookup-quality: .venv/bench.stamp ## how often the right customer is found, on public data
	@$(PY) -m bench.lookup_quality $(ARGS)

bench-usual: .venv/bench.stamp ## how well the usual is predicted, on public data
	@$(PY) -m bench.usual $(ARGS)

bench-dispatch: .venv/dev.stamp ## what it costs to tell people what is due, a million things scheduled
	@$(PY) -m bench.dispatch $(ARGS)

bench-card: .venv/dev.stamp ## the card of a long history against a short one and its bare queries
	@$(PY) -m bench.card $(ARGS)

# The environment: made once, and again only when the locked requirements change

.venv/run.stamp: requirements.txt $(BROKEN)
	@$(PY) -c '' 2>/dev/null || tools/make_venv.sh
	@echo "Installing what Regulars needs …"
	@$(INSTALL) --requirement requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt .venv/run.stamp
	@echo "Installing what the checks and tests need …"
	@$(INSTALL) --requirement requirements-dev.txt
	@touch $@

.venv/bench.stamp: requirements-bench.txt .venv/dev.stamp
	@echo "Installing what the measurements need …"
	@$(INSTALL) --requirement requirements-bench.txt
	@touch $@

broken:
