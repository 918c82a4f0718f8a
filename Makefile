# Two commands: `make demo` plays an account's life, `make test` is the gate. Both need only Python 3.11 or later and make.

PYTHON ?= python3
VENV ?= .venv
RUN := $(VENV)/bin/python

.PHONY: help demo test lint types tests traced untraced prove site wheel bench story report pages diagrams schemas mutants-terms mutants faults locks clean

help:
	@echo "make demo           play the life of an example account"
	@echo "make test           lint, types, tests with coverage, documented examples, seeded faults, the built wheel; each by its name too"
	@echo "make prove          every property of the published Terms, then the laws, the walks and the proofs at length"
	@echo "make faults         seeded faults in the code, each with the test that sees it"
	@echo "make mutants-terms  every small fault in the data of the Modal Terms, and which claim sees it"
	@echo "make mutants        faults in the core, made by mutmut, and whether a claim sees each (an hour or two)"
	@echo "make bench          what things cost, beside the libraries one would use otherwise (about ten minutes)"
	@echo "make site           the pages of docs as a site, in dist/site"
	@echo "make story          write examples/acme/history.jsonl anew from story.py"
	@echo "make report         write examples/acme/report.html anew from history.jsonl"
	@echo "make diagrams       draw the pictures in diagrams and README anew"
	@echo "make pages          write the tables in docs anew"
	@echo "make schemas        write lifecycle/schemas/*.json anew from the loaders' classes and docs/terms-format.md"
	@echo "make locks          compile requirements/*.txt anew (needs uv)"
	@echo "make clean          remove everything that was made here"

demo: $(VENV)/core
	@$(RUN) -m lifecycle.demo

test: lint types tests site wheel

lint: $(VENV)/dev
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .

types: $(VENV)/dev
	$(RUN) -m mypy

# What is tried many times over is run apart, untraced: it would take minutes more and cover no other line.
# These and the seeded faults run at once, as far as there are processors.
MANY := tests/test_windows_laws.py tests/test_days_laws.py tests/test_civil_days_laws.py tests/test_stateful_oracle.py \
	tests/test_stateful_generated.py tests/test_terms_mutants.py tests/test_hostile_fuzz.py \
	tests/proving/test_zones.py tests/proving/test_graph.py tests/proving/test_edges.py tests/proving/test_readings.py \
	tests/test_stateful.py tests/test_chronicle.py tests/test_long_accounts.py tests/test_reporting_browser.py tests/test_cli_process.py

tests: $(VENV)/dev
	$(MAKE) --no-print-directory --jobs=2 --output-sync=target untraced traced faults

traced: $(VENV)/dev
	$(RUN) -m coverage run -m pytest $(MANY:%=--ignore=%)
	$(RUN) -m coverage report

untraced: $(VENV)/dev
	$(RUN) -m pytest $(MANY)

# What the gate proves and tries on a sample, over everything; one published Terms file after the other.
PUBLISHED := $(basename $(notdir $(wildcard lifecycle/terms/*.toml)))

prove: $(VENV)/dev
	@set -e; for terms in $(PUBLISHED); do $(RUN) -m lifecycle.cli terms prove $$terms; done
	HYPOTHESIS_PROFILE=deep $(RUN) -m pytest $(MANY)

site: $(VENV)/dev
	PYTHONPATH=. $(RUN) -m sphinx -q -W --keep-going -b html docs dist/site

# The wheel is installed with nothing but the core dependencies, away from the checkout, and must play the demo; the
# command then says which extra it takes, and works once that is there.
wheel: $(VENV)/dev
	rm -rf dist/*.whl $(VENV)-wheel
	$(RUN) -m build --wheel --no-isolation --outdir dist
	$(PYTHON) -m venv $(VENV)-wheel
	$(VENV)-wheel/bin/python -m pip install --quiet --require-hashes -r requirements/core.txt
	$(VENV)-wheel/bin/python -m pip install --quiet --no-deps dist/*.whl
	cd $(VENV)-wheel && bin/python -c "import lifecycle; print('wheel', lifecycle.__version__, lifecycle.__file__)"
	cd $(VENV)-wheel && bin/python -m lifecycle.demo > /dev/null
	cd $(VENV)-wheel && ! bin/lifecycle --help 2> /dev/null
	$(VENV)-wheel/bin/python -m pip install --quiet --require-hashes -r requirements/cli.txt
	cd $(VENV)-wheel && bin/lifecycle terms check modal-2024-03-26 > /dev/null && bin/lifecycle terms schema > /dev/null
	cd $(VENV)-wheel && bin/lifecycle diagram modal-2024-03-26 -f svg > /dev/null
	cd $(VENV)-wheel && bin/lifecycle report $$(bin/python -c "from lifecycle.demo import example; print(example())") -o report.html > /dev/null
	cd $(VENV)-wheel && bin/lifecycle demo > /dev/null && bin/lifecycle terms schema answers > /dev/null

# The peers are installed beside everything else, in a place of their own. BENCH takes options, as
# make bench BENCH="--agreements 100000 1000000 10000000 --keep /somewhere/large --output dist/bench.json --table docs/performance.md"
bench: $(VENV)-bench/ready
	$(VENV)-bench/bin/python -m benchmarks $(BENCH)

$(VENV)-bench/ready: requirements/bench.txt
	@$(PYTHON) -m venv $(VENV)-bench
	@$(VENV)-bench/bin/python -m pip install --quiet --require-hashes -r requirements/bench.txt
	@touch $@

story: $(VENV)/core
	PYTHONPATH=. $(RUN) examples/acme/story.py

report: $(VENV)/core
	PYTHONPATH=. $(RUN) examples/acme/report.py

pages: $(VENV)/dev
	PYTHONPATH=. $(RUN) tests/test_pages.py

diagrams: $(VENV)/dev
	PYTHONPATH=. $(RUN) tests/test_pictures.py

# docs/proof.md says what these show.
mutants-terms: $(VENV)/dev
	PYTHONPATH=. $(RUN) tests/test_terms_mutants.py

# Some five thousand faults, each tried on the claims that reach it. What was found is kept in mutants/.
mutants: $(VENV)-mutants/ready
	HYPOTHESIS_PROFILE=mutants $(VENV)-mutants/bin/python tests/mutants.py

$(VENV)-mutants/ready: requirements/mutants.txt
	@$(PYTHON) -m venv $(VENV)-mutants
	@$(VENV)-mutants/bin/python -m pip install --quiet --require-hashes -r requirements/mutants.txt
	@touch $@

faults: $(VENV)/dev
	PYTHONPATH=. $(RUN) tests/seeded_faults.py

schemas: $(VENV)/core
	$(RUN) -m lifecycle.schema docs/terms-format.md

COMPILE := uv pip compile --universal --generate-hashes --no-header --python-version 3.11 pyproject.toml

locks:
	$(COMPILE) -o requirements/core.txt
	$(COMPILE) --extra cli -o requirements/cli.txt
	$(COMPILE) --all-extras --group dev -o requirements/dev.txt
	$(COMPILE) --all-extras --group dev --group bench -o requirements/bench.txt
	$(COMPILE) --all-extras --group dev --group mutants -o requirements/mutants.txt

$(VENV)/bin/python:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or later is needed: make PYTHON=python3.12 ...')"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/core: $(VENV)/bin/python requirements/core.txt
	@$(RUN) -m pip install --quiet --require-hashes -r requirements/core.txt
	@touch $@

$(VENV)/dev: $(VENV)/bin/python requirements/dev.txt
	@$(RUN) -m pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@ $(VENV)/core

clean:
	rm -rf $(VENV) $(VENV)-wheel $(VENV)-bench $(VENV)-mutants mutants .bench dist .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
