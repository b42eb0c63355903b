# Everything is installed inside this folder, by the lock files; what a target needs is set up first.
# Progress of the set-up goes to stderr, so that a command's output is its own.

ifndef PYTHON
PYTHON := $(shell tools/preflight python)
endif
MAKEFLAGS += --no-print-directory
RUN := tools/run

PYTHON_READY := .venv/.ready
SLITHER_READY := .venv-slither/.ready
NODE_READY := node_modules/.ready
HARDHAT_READY := .cache/hardhat/.ready
PEERS_READY := .cache/peers/.ready
SAFE_READY := .cache/safe/.ready
WEB_READY := web/node_modules/.ready
BROWSER_READY := .cache/chromium/.ready
PAGE := mikoshi/page/page.html
COMPILED := mikoshi/core/artifacts.json
CATALOGS := $(patsubst %.po,%.mo,$(wildcard mikoshi/locale/*/LC_MESSAGES/mikoshi.po))
WEB_SOURCES := $(wildcard web/*.html web/*.json web/*.ts web/src/*)
SOURCES := $(shell find contracts -name '*.sol' -not -path '*/.cache/*')
PYTEST := $(if $(DATE),MIKOSHI_DATE=$(DATE)) $(RUN) pytest -n 3 --dist loadfile --no-loadscope-reorder
PIP_INSTALL := pip install --no-cache-dir --no-deps --no-build-isolation --require-hashes \
  --disable-pip-version-check --progress-bar off
# How far pip is: each package is fetched, then installed.
FETCHED := grep -c "^Collecting" "$$log"
INSTALLED := ls -d .venv/lib/python*/site-packages/*.dist-info 2>/dev/null | wc -l
UNPACKED := ls -d node_modules/*/package.json node_modules/@*/*/package.json 2>/dev/null | wc -l
LOCK := $(RUN) .cache/lock/bin/uv pip compile --quiet --no-cache --no-config --no-header \
  --no-annotate --no-emit-index-url --no-emit-find-links --universal --python-version 3.11 \
  --generate-hashes

.PHONY: help setup ready installed preflight demo door page test test-quick bench soak regimes mutants lint format \
  messages wheel \
  doctor slither lock clean

help:
	@sed -n 's/^## /  make /p' Makefile

## setup        install what the lock files name into .venv and node_modules
setup: ready
	@echo 'Ready. Next: make demo'

## demo         a season of a small community on a local chain; JSON=1 prints only JSON
demo: ready
	@$(RUN) ape run demo $(if $(JSON),--json)

## door         the page in a phone's browser, from a link to a counted ballot; JSON=1 prints only JSON
door: ready $(PAGE) $(BROWSER_READY)
	@$(RUN) python -m tests.tooling.door $(if $(JSON),--json)

## page         build the page for members' phones: one HTML file
page: installed $(PAGE)
	@echo '$(PAGE)'

## test         every test, with the long property runs; DATE=+500d plays them at that date
test: ready $(HARDHAT_READY) $(PEERS_READY) $(SAFE_READY) $(PAGE) $(BROWSER_READY)
	@$(PYTEST)

## test-quick   the everyday subset; with DATE too
test-quick: ready
	@$(PYTEST) -m 'not slow'

## bench        measure gas and code size, write benchmarks/gas.json;
##              SCALE=1 also among 50,000 members, and what commands take there
bench: ready $(PEERS_READY)
	@$(RUN) ape run bench

## soak         a DAO's life through a public node with ordinary faults, 20 times, from SEED=1 on,
##              each command killed at 20 moments, and 2,000 wrong files and answers of each kind;
##              writes benchmarks/soak.json and killed.json
soak: ready
	@$(RUN) python -m tests.tooling.soak $(SEED)
	@$(RUN) python -m tests.tooling.killed $(SEED)

## regimes      play thirty lives of each shape and say whether the alarms are to be believed,
##              write benchmarks/regimes.json; half an hour
regimes: ready
	@$(RUN) python -m mikoshi.play.regimes.judge

## mutants      break the contracts one place at a time; the tests must notice each;
##              SAMPLE=100 SEED=7 breaks 100 places of chance, of which 88 % must be noticed,
##              WITHIN=treasury/ only there
mutants: ready
	@$(RUN) python -m tests.mutants $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED)) \
	  $(if $(WITHIN),--within $(WITHIN))

## lint         check style and types of Python and Solidity
lint: installed
	@$(RUN) ruff check
	@$(RUN) ruff format --check
	@$(RUN) mypy
	@$(RUN) lint-imports --no-cache
	@$(RUN) tools/messages check
	@$(RUN) forge fmt --check
	@$(RUN) forge lint --deny warnings

## format       put Python and Solidity into the project's style
format: installed
	@$(RUN) ruff check --fix
	@$(RUN) ruff format
	@$(RUN) forge fmt

## messages     gather the texts that the code marks into the catalogs of each language
messages: installed
	@$(RUN) tools/messages update

## wheel        build dist/mikoshi-….whl and the npm tarball of the contracts, without a network
wheel: ready $(PAGE)
	@mkdir -p dist
	@$(RUN) pip wheel -q . --no-deps --no-build-isolation --no-index --no-cache-dir -w dist
	@$(RUN) npm pack --silent --pack-destination dist >/dev/null
	@ls dist

## doctor       say what is installed, and what is missing
doctor: installed
	@$(RUN) ape run doctor

## slither      static analysis of the contracts
slither: installed $(SLITHER_READY)
	@$(RUN) .venv-slither/bin/slither . --foundry-out-directory .cache/forge/out --fail-none
	@echo "Each finding is judged in docs/slither.md."

## lock         write the Python lock files anew from pyproject.toml and requirements*.in
lock: preflight
	@rm -rf .cache/lock
	@$(PYTHON) -m venv .cache/lock
	@$(RUN) .cache/lock/bin/pip install -qq --no-cache-dir uv
	@$(LOCK) -o requirements.lock pyproject.toml --extra testing --extra postgres requirements-dev.in
	@$(LOCK) -o requirements-build.lock requirements-build.in
	@$(LOCK) -o requirements-slither.lock requirements-slither.in
	@$(LOCK) --no-deps -c requirements.lock -o requirements-safe.lock requirements-safe.in

## clean        delete what was built or cached; .venv, node_modules and Ape's accounts stay
clean:
	@rm -rf .ape/packages .build .cache .tmp contracts/.cache

ready: installed $(COMPILED) $(CATALOGS)

installed: preflight $(PYTHON_READY) $(NODE_READY)
	@tools/preflight tools

preflight:
	@PYTHON=$(PYTHON) tools/preflight

$(PYTHON_READY): requirements.lock requirements-build.lock | preflight
	@rm -rf .venv
	@$(PYTHON) -m venv .venv >&2
	@$(RUN) $(PIP_INSTALL) -qq -r requirements-build.lock >&2
	@tools/progress 'Installing Python packages into .venv' $$((2 * $$(grep -c '==' requirements.lock))) \
	  'echo $$(($$($(FETCHED)) + $$($(INSTALLED))))' $(RUN) $(PIP_INSTALL) -r requirements.lock
	@pwd > "$$(.venv/bin/python -c 'import site; print(site.getsitepackages()[0])')/mikoshi.pth"
	@touch $@

$(SLITHER_READY): requirements-slither.lock | preflight
	@echo 'Installing slither into .venv-slither …' >&2
	@rm -rf .venv-slither
	@$(PYTHON) -m venv .venv-slither >&2
	@$(RUN) .venv-slither/bin/$(PIP_INSTALL) -qq -r requirements-slither.lock >&2
	@touch $@

$(NODE_READY): package-lock.json package.json | preflight
	@tools/progress 'Installing npm packages into node_modules' \
	  "$$(grep -c '"node_modules/' package-lock.json)" '$(UNPACKED)' \
	  $(RUN) npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
	@rm -rf .cache/npm
	@touch $@

# Hardhat 2 asks for 200 packages, which one test needs: they stay out of node_modules.
$(HARDHAT_READY): tests/hardhat/package-lock.json tests/hardhat/package.json | preflight
	@echo 'Installing Hardhat into .cache/hardhat …' >&2
	@mkdir -p $(@D)
	@cp tests/hardhat/package*.json $(@D)
	@cd $(@D) && "$(CURDIR)"/$(RUN) npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier \
	  --loglevel=error >&2
	@touch $@

# What `make bench` measures beside Mikoshi, as its authors compiled it.
$(PEERS_READY): benchmarks/peers/package-lock.json benchmarks/peers/package.json | preflight
	@echo 'Installing the benchmark'"'"'s peers into .cache/peers …' >&2
	@mkdir -p $(@D)
	@cp benchmarks/peers/package*.json $(@D)
	@cd $(@D) && "$(CURDIR)"/$(RUN) npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier \
	  --loglevel=error >&2
	@touch $@

# ape-safe is a plugin of Ape, which would load it in every command: one test has it on its path.
$(SAFE_READY): requirements-safe.lock $(PYTHON_READY) | preflight
	@echo 'Installing ape-safe into .cache/safe …' >&2
	@rm -rf $(@D)
	@$(RUN) $(PIP_INSTALL) -qq --target $(@D) -r requirements-safe.lock >&2
	@touch $@

# What the page is made of, and the browser that plays it: they stay out of `make demo`.
$(WEB_READY): web/package-lock.json web/package.json | preflight
	@echo 'Installing the page'"'"'s packages into web/node_modules …' >&2
	@cd web && "$(CURDIR)"/$(RUN) npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier \
	  --loglevel=error >&2
	@rm -rf .cache/npm
	@touch $@

$(BROWSER_READY): web/chromium.mjs $(WEB_READY)
	@rm -rf $(@D)
	@$(RUN) node web/chromium.mjs $(@D)
	@touch $@

$(PAGE): $(WEB_SOURCES) tools/messages $(CATALOGS) $(WEB_READY)
	@$(RUN) tools/messages page .cache/page/words.json
	@cd web && "$(CURDIR)"/$(RUN) node_modules/.bin/tsc -p .
	@cd web && "$(CURDIR)"/$(RUN) node_modules/.bin/vite build --logLevel warn >&2
	@cp .cache/page/dist/index.html $@

# The compiler remembers its answer, so that the first command is as fast as the next.
$(COMPILED): $(SOURCES) mikoshi/core/artifacts.py $(PYTHON_READY) $(NODE_READY) | preflight
	@tools/progress 'Compiling the contracts, once; this takes a minute' 0 '' \
	  $(RUN) python -c 'from mikoshi.core import artifacts; artifacts.pack()'

$(CATALOGS): %.mo: %.po $(PYTHON_READY)
	@$(RUN) tools/messages compile
