# Everything a developer does; nothing but Python >= 3.11 and make is needed. `make` lists the targets.

SHELL := /bin/sh
PYTHON3 ?= python3
BIN := .venv/bin
READY := .venv/.in-step-with-uv.lock
# one more than there are processors, since journeys wait for what runs beside them
WORKERS ?= $(shell expr $$(nproc) + 1)
# Images of Python set it; a test run starts a hundred processes, and each would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test check fix seed messages bench year pictures sizes browser

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

run: $(READY) ## start everything at http://localhost:8000 (PORT=, SMTP_PORT=, VAR_DIR= choose others); Ctrl-C stops it
	@exec $(BIN)/python manage.py run

test: $(READY) browser ## run all tests
	$(BIN)/pytest -n $(WORKERS) $(ARGUMENTS)

check: $(READY) ## format, lint, types, layers, templates, migrations, deployment
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/python manage.py makemigrations --check --dry-run
	@env $(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING

fix: $(READY) ## format and repair what can be repaired
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

seed: $(READY) ## demo data (ARGUMENTS="--interactions 100000" for many)
	$(BIN)/python manage.py seed $(ARGUMENTS)

messages: $(READY) ## gather the words to be translated into locale/ (needs gettext: apt-get install gettext)
	$(BIN)/python manage.py makemessages --all --no-obsolete --add-location file --ignore .venv --ignore var --ignore tests

bench: $(READY) ## measure creates, lists, search and relay; prints a table
	$(BIN)/python -m tests.benchmarks $(ARGUMENTS)

year: $(READY) ## let a team work through a simulated year, and say what it left undone (ARGUMENTS="--interactions 1000 --days 60")
	$(BIN)/python -m tests.year $(ARGUMENTS)

pictures: $(READY) browser ## photograph every page into var/pictures (ARGUMENTS="--only portal --width 390")
	$(BIN)/python -m tests.pictures $(ARGUMENTS)

sizes: $(READY) ## medians and largest of files and functions
	@$(BIN)/python -m tests.architecture.sizes

# What a production environment sets, for the deployment check; it names no server that answers.
PRODUCTION := DEBUG=false DEVELOPMENT=false SECURE_SSL_REDIRECT=true ALLOWED_HOSTS=partners.example.org BASE_URL=https://partners.example.org \
	SECRET_KEY=for-the-deployment-check-only-0123456789-abcdefghijklmnopqrstuvwxyz \
	ENCRYPTION_KEYS=for-the-deployment-check-only-9876543210-abcdefghijklmnopqrstuvwxyz \
	DATABASE_URL=postgresql://bpim_app@localhost/bpim DATABASE_OWNER_URL=postgresql://bpim_owner@localhost/bpim BROKER_URL=redis://localhost:6379/0

# The environment follows uv.lock; nothing is asked of the network while it has not changed. uv itself is in the lock.
$(READY): uv.lock pyproject.toml
	@command -v $(PYTHON3) >/dev/null || { echo "Python 3.11 or newer is needed: apt-get install python3"; exit 1; }
	@test -x $(BIN)/uv || command -v uv >/dev/null || $(PYTHON3) .ci/bootstrap.py
	@PATH="$$PWD/$(BIN):$$PATH" UV_PROJECT_ENVIRONMENT=.venv UV_PYTHON_DOWNLOADS=never uv sync --frozen --inexact --quiet --compile-bytecode
	@touch $@

browser:
	@.ci/browser
