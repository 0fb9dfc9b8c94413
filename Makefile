# Tilskudd: the chores. Each target starts manage.py, pytest or a small script in tools/; nothing else happens here.
#
#   make demo            a national grant year, then http://127.0.0.1:8000   (make demo SERVE=no stops before serving)
#   make test            the whole suite; on PostgreSQL and Redis too when DATABASE_URL and REDIS_URL name them
#   make check           lint, types, import contracts, migrations, system check
#   make bench           the benchmarks, as ratios             (BENCH="--million" for the long ones)
#   make trials          the long fault and load trials
#   make browser         the tests in a real browser (Chromium)
#   make pictures        pictures of every page of the served demo, for every role, and what axe says of them
#   make worker          run waiting jobs until Ctrl-C
#   make requirements    compile requirements/*.in again       (UPGRADE=--upgrade for newer versions)

SERVE ?= yes
PORT ?= 8000
PYTEST ?=
BENCH ?=
UPGRADE ?=
PY := .venv/bin/python
MANAGE := $(PY) manage.py
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes
CODE := applications benchmarks config grants reporting tools manage.py

.DEFAULT_GOAL := help
.PHONY: help demo test check bench trials browser pictures requirements worker

help:
	@sed -n 's/^#   //p' Makefile

demo: export TILSKUDD_DEMO = 1
demo: export TILSKUDD_OPERATOR_APPROVAL = 1
demo: export TILSKUDD_RATES ?= $(CURDIR)/config/demo/rates
demo: .venv/base
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) load_law
	@$(MANAGE) national_year 2017
	@if [ "$(SERVE)" = no ]; then echo "Done. \`make demo\` serves it on http://127.0.0.1:$(PORT)"; else sh tools/serve.sh $(PORT); fi

test: .venv/dev
	@echo "== The suite on SQLite"
	env -u DATABASE_URL $(PY) -m pytest $(PYTEST)
	@case "$$DATABASE_URL" in \
	postgres*) echo "== The suite on PostgreSQL"; $(PY) -m pytest $(PYTEST) ;; \
	*) echo "== Not run on PostgreSQL: DATABASE_URL names no such database (README.md says how)." ;; \
	esac

check: .venv/dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	$(PY) -m mypy $(CODE)
	.venv/bin/lint-imports
	$(MANAGE) makemigrations --check --dry-run
	$(PY) tools/check_database.py
	$(PY) tools/check_requirements.py

bench: .venv/bench
	$(PY) -m benchmarks $(BENCH)

trials: .venv/dev
	$(PY) -m pytest -m trial --timeout 3600 $(PYTEST)

browser: .venv/dev
	$(PY) -m pytest -m browser $(PYTEST)

pictures: .venv/dev
	$(PY) tools/pictures.py http://127.0.0.1:$(PORT) var/pictures

worker: .venv/base
	$(MANAGE) worker

# Compiled in a throw-away environment. No address of a package registry may end up in the files.
requirements: .venv/base
	$(PY) -m venv .venv/compile
	.venv/compile/bin/python -m pip install --quiet --disable-pip-version-check pip-tools
	for name in base dev bench; do \
	.venv/compile/bin/pip-compile $(UPGRADE) --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options \
	--output-file requirements/$$name.txt requirements/$$name.in || exit 1; done
	$(PY) tools/check_requirements.py

# --- The environment. A stamp file remembers what is installed, so that the second call is quick. ---------------------

.venv/made: tools/find_python.sh tools/make_venv.sh
	@sh tools/make_venv.sh
	@touch $@

.venv/libraries: tools/system_libraries.py .venv/made
	@$(PY) tools/system_libraries.py
	@touch $@

.venv/base: requirements/base.txt .venv/made .venv/libraries
	@echo "Installing the packages it runs on (once) ..."
	@$(PIP) -r requirements/base.txt
	@mkdir -p staticfiles var
	@touch $@

.venv/dev: requirements/dev.txt .venv/base
	@echo "Installing the packages it is tested with (once) ..."
	@$(PIP) -r requirements/dev.txt
	@touch $@

.venv/bench: requirements/bench.txt .venv/dev
	@echo "Installing the peer that the benchmarks are measured against (once) ..."
	@$(PIP) -r requirements/bench.txt
	@touch $@
