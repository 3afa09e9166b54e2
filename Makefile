# Two commands to know: make demo, make test.
SCENARIO ?= jim
PORT ?= 8000
DATA ?= .data/$(SCENARIO)
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo demo-reset venv test lint prove catalogues pictures journeys mails load figures pins

demo: venv catalogues
	@exec $(BIN)/python -m matchmaker demo --scenario $(SCENARIO) --port $(PORT) --data $(DATA)

demo-reset:
	rm -rf .data/$(SCENARIO)

venv: .venv/run

# The environment as it runs: pinned, each file held to its hash.
.venv/run: requirements/run.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@touch $@

.venv/test: requirements/test.txt .venv/run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@

catalogues: $(patsubst %.po,%.mo,$(wildcard matchmaker/translations/*/LC_MESSAGES/messages.po))

%.mo: %.po .venv/run
	@$(BIN)/python -m matchmaker catalogues

# The solver's machine code, which tests running beside each other would otherwise make several times.
.venv/machine: .venv/run $(shell find solver -name '*.py')
	$(BIN)/python -m solver warm
	@touch $@

test: .venv/test .venv/machine catalogues
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not full"

lint: .venv/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The whole of what make test smokes, row by row into docs/prove.md; ROW=mail-faults measures one row alone.
prove: .venv/test .venv/machine catalogues
	$(BIN)/python -m tests.prove $(ROW)

# The README's pictures, taken from the real pages.
pictures: .venv/test catalogues
	$(BIN)/python -m tests.browser.pictures

# The journeys of docs/journeys.md and docs/organising.md, travelled in a real browser and drawn.
journeys: .venv/test catalogues
	$(BIN)/python -m tests.browser.travels

# Every mail in three languages, as it looks on a phone: docs/mails.md.
mails: .venv/test catalogues
	$(BIN)/python -m tests.browser.mails

# How long participants wait at an event of a thousand people: docs/load.md.
load: .venv/test catalogues
	$(BIN)/python -m tests.load

# The figures of the five scenarios, measured and written into docs/scenarios.md.
figures: .venv/test catalogues
	$(BIN)/python -m tests.journeys.figures

# Pin again what pyproject.toml asks for (needs uv).
pins:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --extra demo pyproject.toml -o requirements/run.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --extra demo --extra test pyproject.toml -c requirements/run.txt -o requirements/test.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --extra bench pyproject.toml -c requirements/run.txt -o requirements/bench.txt
