# The commands people and scripts rely on. Each one installs what it needs into .venv and web/node_modules.
SHELL := /bin/bash
PY := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help setup demo run test check journey e2e bench docs messages requirements screenshots trust-quick trust tools clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

demo: setup ## two country nodes and the secretariat on this machine, with synthetic children
	$(PY) -m amparo demo

test: setup-dev ## the whole test suite, on real PostgreSQL
	$(PY) -m pytest -n auto --no-loadscope-reorder tests

check: setup-dev ## format, lint, types, contracts, sizes, ASVS answers, translations, the Guide
	.venv/bin/ruff format --check amparo tests bench
	.venv/bin/ruff check amparo tests bench
	.venv/bin/mypy amparo tests bench
	.venv/bin/lint-imports --no-cache
	$(PY) -m tests.sizes
	$(PY) -m tests.asvs
	cd web && npm run --silent check
	$(PY) -m amparo.desk.catalog check
	$(PY) -m amparo guide check
	$(PY) -m tests.generated --check

journey: setup ## Ana's journey over two real nodes; every step printed, exit 0 only if each one held
	$(PY) -m tests.journeys.ana

e2e: setup-dev ## browser tests with Debian's Chromium: pages, accessibility, screenshots
	$(PY) -m pytest tests -m e2e

bench: setup-dev ## the benchmarks, one table with ratios
	$(PY) -m bench

docs: setup-dev ## write again the reference pages that come from the code
	$(PY) -m tests.generated

messages: setup-dev ## gather the texts of pages into the catalogues of the five languages
	$(PY) -m amparo.desk.catalog extract

screenshots: setup-dev ## take the pictures of docs/screens again
	$(PY) -m tests.screens

requirements: ## pin every package again, with hashes and without addresses (needs uv)
	uv pip compile -q --generate-hashes --universal --no-header --no-emit-index-url --python-version 3.11 pyproject.toml --group build -o requirements/base.txt
	uv pip compile -q --generate-hashes --universal --no-header --no-emit-index-url --python-version 3.11 pyproject.toml --group build --group dev -o requirements/dev.txt

TRUST = AMPARO_TRUST_REPORT=docs/reference/trust-report.md $(PY) -m pytest -n auto --no-loadscope-reorder tests/trust

trust-quick: setup-dev ## try to break each promise, few cases each; writes docs/reference/trust-report.md
	AMPARO_TRUST=quick $(TRUST)

trust: setup-dev ## the same with all cases, before a release
	AMPARO_TRUST=full $(TRUST)

clean: ## stop the demonstration and remove what it made (var/), the environment stays
	if [ -x $(PY) ]; then $(PY) -m amparo demo --remove; fi

setup: .venv/base.done .venv/pages.done ## install what running needs
setup-dev: .venv/dev.done .venv/pages.done

tools:
	@command -v python3 >/dev/null || { echo "Missing: python3 (3.11 or newer). On Debian: apt install python3 python3-venv" >&2; exit 1; }
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "python3 is older than 3.11; install a newer one." >&2; exit 1; }
	@python3 -c 'import venv, ensurepip' 2>/dev/null || { echo "Missing: python3-venv. On Debian: apt install python3-venv" >&2; exit 1; }
	@command -v node >/dev/null || { echo "Missing: node (20.19 or newer). On Debian: apt install nodejs npm" >&2; exit 1; }
	@command -v npm >/dev/null || { echo "Missing: npm. On Debian: apt install npm" >&2; exit 1; }

.venv/base.done: requirements/base.txt pyproject.toml | tools
	test -x $(PY) || python3 -m venv .venv
	$(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip >/dev/null
	$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements/base.txt
	$(PY) -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/dev.done: requirements/dev.txt .venv/base.done
	$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

.venv/pages.done: .venv/base.done web/package-lock.json $(wildcard web/*.mjs web/script/* web/style/* web/pictures/*) $(wildcard amparo/desk/locale/*/LC_MESSAGES/*.po) | tools
	cd web && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && npm run --silent build
	$(PY) -m amparo.desk.catalog compile
	touch $@
