# Everything runs in .venv, which the first target that needs it creates.
.DEFAULT_GOAL := help
SHELL := /bin/sh

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# The first interpreter that is new enough; PYTHON=… picks another one.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)

# Google's libraries announce the end of Python 3.11 support with every start.
export PYTHONWARNINGS := ignore:You are using a Python version:FutureWarning

.PHONY: help run emulators reset seed journey webhook test fuzz check openapi generate format pins \
	stage plan deploy clean

help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

##@ Use it
run: $(READY) ## Start everything on this machine: API, docs, accounts, data (PORT=8000)
	@$(BIN)/python -m infra.local.launcher

emulators: $(READY) ## The same over Google's own emulators (needs Java and Node; says what is missing)
	@$(BIN)/python -m infra.emulators.install
	@$(BIN)/python -m infra.local.launcher --stack emulators

reset: ## Forget all local data
	@$(or $(wildcard $(BIN)/python),$(PYTHON),python3) -m infra.local.directory

seed: $(READY) ## Add missing exercises and templates to the running stack
	@$(BIN)/python -m infra.dev.seed

journey: $(READY) ## Walk through the running API as a newcomer, checking every answer
	@$(BIN)/python -m infra.dev.journey

webhook: $(READY) ## Play the payment service (EVENT=subscription_created ACCOUNT=free)
	@$(BIN)/python -m infra.dev.webhook $(or $(EVENT),subscription_created) --account $(or $(ACCOUNT),free)

##@ Change it
test: $(READY) ## Run all tests, over the embedded stack and over Google's emulators
	@$(BIN)/python -m tests

fuzz: $(READY) ## Compare the embedded Firestore with Google's emulator for a while (MINUTES=10)
	@$(BIN)/python -m tests.differential --minutes $(or $(MINUTES),10)

check: $(READY) ## Lint, format, types, layers, and whether generated files are current
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m infra.dev.openapi --check
	$(BIN)/python -m infra generate --check

format: $(READY) ## Format the code and fix what can be fixed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

openapi: $(READY) ## Write functions/docs/openapi.json from the routes
	@$(BIN)/python -m infra.dev.openapi

generate: $(READY) ## Write firebase.json, cloudbuild.yaml and the rights from the manifest
	@$(BIN)/python -m infra generate

##@ Put it in the cloud (docs/deployment.md)
stage: $(READY) ## Write build/<function>/ as it is uploaded
	@$(BIN)/python -m infra stage

plan: $(READY) ## Print what differs between the cloud and the manifest (PROJECT=id)
	@$(BIN)/python -m infra plan --project "$(PROJECT)"

deploy: $(READY) ## Print the plan, ask, carry it out (PROJECT=id)
	@$(BIN)/python -m infra apply --project "$(PROJECT)"

##@ Look after it
pins: ## Compile constraints.txt anew from the requirements (needs uv)
	@command -v uv >/dev/null || { echo "This needs uv: pip install uv"; exit 1; }
	@mkdir -p build/pins
	@# The old pins, which requirements.txt names, must not decide about the new ones.
	@grep -v '^-c ' requirements.txt > build/pins/requirements.txt
	@cp requirements-dev.txt build/pins/
	uv pip compile --universal --python-version 3.11 --no-header --no-annotate --upgrade \
		--output-file constraints.txt build/pins/requirements-dev.txt

clean: ## Delete the environment, caches and build output; local data stays
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find functions infra shared tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): requirements.txt requirements-dev.txt constraints.txt
	@test -n "$(PYTHON)" || { \
		echo "HypertroQ needs Python 3.11 or newer, and there is none on the PATH."; \
		echo "Install one, or name it: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "HypertroQ needs Python 3.11 or newer; $(PYTHON) is not."; exit 1; }
	@test -x $(BIN)/python || { \
		echo "Creating $(VENV) with $$($(PYTHON) --version) …"; \
		$(PYTHON) -m venv --clear $(VENV); } || { \
		rm -rf $(VENV); \
		echo "That Python cannot create environments: its venv or ensurepip module is missing."; \
		echo "On Debian and Ubuntu, install it with: apt-get install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements-dev.txt
	@touch $@
