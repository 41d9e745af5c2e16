# make release   build dataset/release from the files of this repository
# make test      all tests, with the real Label Studio and a real Chromium
# make check     format, lint, types, import contract, release as committed
# make trials    every test, the long ones too; ten builds by two versions of Python
# make baselines score small models on the release; the next make release shows the figures
# make lock      compile requirements.lock anew
# Each target makes .venv from requirements.lock when it is missing or stale.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
# In two processes, what needs the server in one of them (tests/conftest.py makes the groups).
TWO := -n 2 --dist loadscope --no-loadscope-reorder
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: release baselines test check trials lock reproduce chromium

release: $(STAMP)
	$(BIN)/python scripts/release.py

baselines: $(STAMP)
	$(BIN)/python scripts/baselines.py

test: $(STAMP) chromium
	$(BIN)/pytest $(TWO) -m "not scale"

trials: $(STAMP) chromium
	$(BIN)/pytest --hypothesis-profile trials
	bash .ci/reproduce-all

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

reproduce: $(STAMP)
	bash .ci/reproduce

chromium: $(STAMP)
	@bash .ci/chromium

lock: $(STAMP)
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --extra dev --quiet pyproject.toml --output-file requirements.lock
	cd scripts/sikap/label_studio && ../../../$(BIN)/uv pip compile --universal --python-version 3.11 \
		--generate-hashes --no-header --no-emit-index-url --quiet label-studio.in \
		--output-file label-studio.lock
	for peers in peers text_peers; do \
		$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
			--no-emit-index-url --quiet scripts/benchmarks/$$peers.in \
			--output-file scripts/benchmarks/$$peers.lock; \
	done

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "sikap needs Python 3.11 or newer: make PYTHON=/path/to/python3.11"; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $(STAMP)
