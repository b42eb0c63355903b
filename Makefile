# Everything is installed inside this folder; `make setup` runs by itself when it is needed.

PYTHON ?= python3
MAKEFLAGS += --no-print-directory
RUN := tools/run

PYTHON_READY := .venv/.ready
NODE_READY := node_modules/.ready

.PHONY: help setup preflight demo test test-quick bench lint format doctor mutants slither lock clean

help:
	@sed -n 's/^## //p' Makefile

## make setup       install what the lock files name into .venv and node_modules
setup: $(PYTHON_READY) $(NODE_READY)

# Progress goes to stderr, so that a command's output is its own.
preflight:
	@PYTHON=$(PYTHON) tools/preflight

ready: preflight setup
	@tools/preflight anvil

$(PYTHON_READY): requirements.lock | preflight
	@echo 'Installing Python packages into .venv …' >&2
	@rm -rf .venv
	@$(PYTHON) -m venv .venv >&2
	@$(RUN) pip install -qq --no-cache-dir --no-deps --require-hashes -r requirements.lock >&2
	@pwd > "$$(.venv/bin/python -c 'import site; print(site.getsitepackages()[0])')/mikoshi.pth"
	@touch $@

$(NODE_READY): package-lock.json package.json | preflight
	@echo 'Installing npm packages into node_modules …' >&2
	@$(RUN) npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
	@rm -rf .cache/npm
	@tools/preflight anvil
	@touch $@
