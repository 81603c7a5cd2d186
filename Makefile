# `make run` shows Tuntas, `make serve` runs it for a school. `make help` lists the rest.
SHELL := /bin/sh
PYTHON ?= python3
PY := .venv/bin/python
# Neighbours stay in one process, for what they share; a process that has nothing left takes from another.
PYTEST := $(PY) -m pytest -n auto --maxprocesses 8 --dist worksteal
CMD ?= --help
.DEFAULT_GOAL := help
.PHONY: help run serve flask install install-dev test test-postgres lint translations docs bench chaos

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

run: install ## the demo school on http://127.0.0.1:8000 (PORT=…, QUEUE=embedded|rq)
	@exec $(PY) -m launcher run

serve: install ## the real start: for the network, without demo (BASE_URL=…, PORT=…, HOST=…)
	@exec $(PY) -m launcher serve

flask: install ## one command with the same settings: make flask CMD='events failed'
	@exec $(PY) -m launcher flask $(CMD)

test: install-dev ## the whole suite, browser included
	$(PYTEST)

test-postgres: install-dev ## the suite on PostgreSQL, without what is the same there
	TEST_DATABASE=postgres $(PYTEST) --ignore=tests/launcher -m 'not browser and not chaos and not pages'

lint: install-dev ## style, types, floors
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports

translations: install ## bring the catalogues up to date and say what is not translated yet
	@$(PY) -m translations

docs: install ## write the pages of docs/ that are generated: every route, every fact
	@$(PY) -m docs

bench: install-dev ## speed, side by side with a floor; takes minutes
	$(PY) -m bench

chaos: install-dev ## crash points and kill -9 under load; takes minutes
	$(PY) -m tests.chaos

install: ## the packages that Tuntas runs on, into .venv
	@$(call environment,requirements.txt)

install-dev: install ## the packages that its tests need
	@$(call environment,requirements-dev.txt)

# An environment is good as long as neither its Python nor the list of packages has changed.
define environment
	{ $(PY) -V; cat requirements*.txt; } 2>/dev/null | cmp -s - .venv/$(1) && exit 0; \
	for python in $(PYTHON) python3.14 python3.13 python3.12 python3.11 none; do \
		"$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; \
	done; \
	if [ "$$python" = none ]; then \
		echo "Tuntas memerlukan Python 3.11 atau lebih baru, dengan modul venv."; \
		echo "Di Debian atau Ubuntu: sudo apt install python3 python3-venv"; \
		exit 1; \
	fi; \
	echo "Memasang paket dari $(1) …"; \
	"$$python" -m venv .venv && $(PY) -m pip install --quiet --disable-pip-version-check -r $(1) || { \
		echo "Pemasangan gagal. Periksa sambungan internet dan ruang disk, lalu jalankan lagi."; \
		exit 1; \
	}; \
	{ $(PY) -V; cat requirements*.txt; } > .venv/$(1)
endef
