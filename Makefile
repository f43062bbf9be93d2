# Needs only Python 3.11+, make and git. Everything goes into .venv: the product from requirements.lock, what tests and
# lint need from requirements-dev.lock, which names the same versions of what both have. uv installs in a third of pip's
# time; where it cannot (an index or a certificate that only pip knows of), pip does.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# The locks are resolved, and installed, by this uv and no other, so that they change only when a dependency does.
UV := uv==0.13.9
RESOLVE := .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock"
FAST := $(VENV)/.uv/bin/uv --system-certs --quiet pip install --python $(BIN)/python
FETCH_UV := $(PIP) install --quiet --no-deps --no-compile --require-hashes --target $(VENV)/.uv -r requirements-uv.lock
# A lock is whole: what a package asks for besides is not looked up again (see [tool.uv] in pyproject.toml).
locked = $(FAST) --no-deps --require-hashes -r $(1) 2>/dev/null || $(PIP) install --no-deps --require-hashes -r $(1)

.DEFAULT_GOAL := help
.PHONY: help install install-dev demo test test-all lint lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-12s %s\n", $$1, $$2 }'

install: $(VENV)/.installed ## Create .venv and install the program from the lock (does nothing when up to date)

$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Потрібен Python 3.11 або новіший. Вкажіть його: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@echo "Встановлюю програму в $(VENV): до хвилини, 0,3 ГБ."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
		{ echo "Не вдалося створити $(VENV). У Debian та Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@$(FETCH_UV)
	$(call locked,requirements.lock)
	@$(PIP) uninstall --quiet --quiet --yes setuptools  # Python 3.11 puts it into each .venv; nothing here needs it
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@rm -rf $(VENV)/.uv
	@touch $@

install-dev: $(VENV)/.installed-dev ## Add to .venv what the tests and lint need

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@echo "Додаю в $(VENV) те, що потрібно для тестів і перевірок: ще ≈ 1 хв, 0,4 ГБ."
	@$(FETCH_UV)
	$(call locked,requirements-dev.lock)
	@rm -rf $(VENV)/.uv
	@touch $@

demo: install ## Start a demonstration register on http://127.0.0.1:8080
	@exec $(BIN)/hromada demo

test: install-dev ## Run the tests but the slow ones, with few examples of each property: about ten minutes on two cores
	$(BIN)/python -m pytest -n auto --dist loadfile -m 'not slow' --hypothesis-profile quick

# What `test` has run whole is not run again: `hypothesis` marks every property by itself.
test-all: test ## Run every test with all its examples: `test`, then the slow ones and every example of each property
	$(BIN)/python -m pytest -n auto --dist loadfile -m 'slow or hypothesis or examples'

lint: install-dev ## Check style, types and the rules of who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lock: ## Resolve both locks anew from pyproject.toml
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --disable-pip-version-check $(UV)
	$(RESOLVE) pyproject.toml --extra build --output-file requirements.lock
	$(RESOLVE) pyproject.toml --all-extras --constraint requirements.lock --output-file requirements-dev.lock
	echo $(UV) | $(RESOLVE) - --output-file requirements-uv.lock
	rm -rf .venv-lock

clean: ## Remove .venv and caches (never the data folder)
	rm -rf $(VENV) .venv-lock .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build dist
	find . -name __pycache__ -type d -not -path './data/*' -prune -exec rm -rf {} +
