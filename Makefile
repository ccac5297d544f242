# The two commands of the README are `make run` and `make test`.
#   make run [ARGS="--port 9000"]   install, build the pages, start everything
#   make test                       install what tests need, run all but the slow ones
#   make check                      format, lint, types, order of the rooms, migrations, docs
#   make bench [NAME=import]        the measured promises
#   make docs                       write the generated pages of docs/
#   make words                      write the catalogues that translators fill in (needs GNU gettext)
#   make spark                     install what a machine needs that moves work to Apache Spark
#   make install | locks | slow

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
FACE := orchard/web/ui/static/built/manifest.json
TEXTS := $(patsubst %.po,%.mo,$(wildcard orchard/locale/*/LC_MESSAGES/django.po))
FACE_SOURCES := $(shell find orchard/web -name '*.html' -o -path '*/ui/src/*' -type f -o -path '*/ui/tags/*.py' 2>/dev/null | grep -v /built/)
WORKERS ?= auto

.DEFAULT_GOAL := run
.PHONY: run install spark test slow check bench docs words locks

run: install
	@$(BIN)/orchard run $(ARGS)

install: $(VENV)/run.done $(FACE) $(TEXTS)

spark: install $(VENV)/spark.done

test: install $(VENV)/dev.done $(VENV)/chromium.done
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not slow" $(ARGS)

slow: install $(VENV)/dev.done $(VENV)/chromium.done
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m slow --timeout 1200 $(ARGS)

check: install $(VENV)/dev.done
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 0 -q tests/arch

bench: install $(VENV)/dev.done
	$(BIN)/python -m bench $(NAME) $(ARGS)

docs: install $(VENV)/dev.done
	$(BIN)/python -m tests.arch.generate

words: install $(VENV)/dev.done
	$(BIN)/python -m tests.arch.words

$(VENV)/python.done:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Orchard needs Python 3.11 or newer; $$($(PYTHON) --version 2>&1) is here. Install it, or name it: make run PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || { rm -rf $(VENV); \
		echo "Python's venv is missing. On Debian and Ubuntu: apt install python3-venv; then run make again." >&2; exit 1; }
	@touch $@

$(VENV)/run.done: requirements/run.txt pyproject.toml | $(VENV)/python.done
	@echo "Installing what Orchard needs ..."
	@$(PIP) install -q --require-hashes -r requirements/run.txt
	@$(PIP) install -q --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(VENV)/spark.done: requirements/spark.txt $(VENV)/run.done
	@echo "Installing PySpark ..."
	@$(PIP) install -q --require-hashes -r requirements/spark.txt
	@touch $@

$(VENV)/dev.done: requirements/dev.txt $(VENV)/run.done
	@echo "Installing what the tests need ..."
	@$(PIP) install -q --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/chromium.done: | $(VENV)/python.done
	@if [ -x /usr/bin/chromium ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then echo "Installing Debian's Chromium for the browser tests ..."; \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; } >/dev/null 2>&1 || true; fi
	@[ -x /usr/bin/chromium ] || echo "No Chromium at /usr/bin/chromium: the browser tests are skipped. On Debian: apt install chromium"
	@touch $@

# The machine's Node where it is new enough for Vite, else the one from the wheel.
$(VENV)/node.done: package-lock.json requirements/node.txt | $(VENV)/python.done
	@if node -e 'const [a, b] = process.versions.node.split("."); process.exit(+a > 20 || (+a == 20 && +b >= 19) ? 0 : 1)' 2>/dev/null \
		&& command -v npm >/dev/null; then :; \
	else echo "Installing Node ..."; $(PIP) install -q --require-hashes -r requirements/node.txt; fi
	@echo "Installing what builds the pages ..."
	@PATH="$(CURDIR)/$(BIN):$$PATH"; export PATH; npm ci --silent --no-fund --no-audit
	@touch $@

$(FACE): $(VENV)/node.done vite.config.js $(FACE_SOURCES)
	@PATH="$(CURDIR)/$(BIN):$$PATH"; export PATH; npm run --silent build
	@touch $@

%.mo: %.po $(VENV)/run.done
	@$(BIN)/pybabel -q compile -i $< -o $@

# Needs uv on the path; addresses of indexes never enter a lock.
LOCK := uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --universal --python-version 3.11 \
	--custom-compile-command "make locks"
locks:
	$(LOCK) pyproject.toml --extra build -o requirements/run.txt
	$(LOCK) pyproject.toml --extra build --extra spark -c requirements/run.txt -o requirements/spark.txt
	$(LOCK) pyproject.toml --extra build --extra spark --extra test --extra check -c requirements/spark.txt -o requirements/dev.txt
	$(LOCK) requirements/node.in -o requirements/node.txt
