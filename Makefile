# make run     Sikker By with its demo data on http://127.0.0.1:8000       (make run PORT=8001)
# make test    formatting, linting, checks, all tests                      (make test TESTS=tests/closures)
# make check   the rules of closures against a plain count in memory, in 500 long sequences (some 5 minutes)
# make bench   how fast it is, as ratios, on data of its own (some 17 minutes; README.md, Speed)
# make pictures  the pictures of the user guides, taken anew   (some 2 minutes)
# make format  mends what it can              make lock   pins newer packages
#
# Each does its own set-up first, on Debian 12 or what is like it, and skips what is done.

# A PostgreSQL of its own (sikkerby/embedded.py). For another, and all that must then be set: README.md, In production.
export DATABASE_URL ?= embedded:
export HOST ?= 127.0.0.1
export PORT ?= 8000

PYTHON ?= $(firstword $(foreach name,python3.11 python3,$(shell command -v $(name))))
BIN := .venv/bin
SIKKERBY := $(BIN)/python -m sikkerby.embedded
TESTS ?=

# WeasyPrint's libraries and the font of the papers; Debian keeps venv apart from Python.
RUN_PACKAGES := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-open-sans \
	$(shell $(PYTHON) -c "import ensurepip" 2>/dev/null || echo python3-venv)
# The browser, without a window for the tests, and whole and in Danish for the pictures and `make bench`; what
# Playwright's own Node needs; what reads the text of a PDF; and what the engine that judges PDF/A and PDF/UA runs on.
TEST_PACKAGES := chromium chromium-headless-shell chromium-l10n libatomic1 poppler-utils default-jre-headless libjaxb-java

.PHONY: run test check lint bench pictures format lock run-setup test-setup

run: run-setup
	@$(SIKKERBY) serve

# A file's tests share the city that they have built, so they stay together; the browser's, the longest, begin.
test: lint
	$(SIKKERBY) exec -- $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(TESTS)

lint: test-setup
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/python -m djlint --lint --quiet templates
	$(SIKKERBY) exec -- $(BIN)/python manage.py makemigrations --check
	$(SIKKERBY) exec -- env -u DEMO BASE_URL=https://sikkerby.example.dk \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

check: lint
	SEQUENCES=500 $(SIKKERBY) exec -- $(BIN)/python -m pytest tests/closures/test_model.py

bench: test-setup
	@$(SIKKERBY) exec -- $(BIN)/python -m tests.bench

# Those that docs/vejledning/ shows. The test fails where a guide says what is not there, and then none is replaced.
pictures: test-setup
	rm -rf var/pictures
	CHROMIUM=/usr/bin/chromium $(SIKKERBY) exec -- $(BIN)/python -m pytest -k guide_of \
		tests/browser/test_guides.py tests/browser/test_note_guides.py
	rm -f docs/vejledning/billeder/*.png
	cp var/pictures/*.png docs/vejledning/billeder/

format: test-setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Every file's hash, and no address of an index: where packages come from is for each machine to say.
PIP_COMPILE := $(BIN)/python -m piptools compile --quiet --upgrade --strip-extras --allow-unsafe --generate-hashes \
	--no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links
lock: test-setup
	$(BIN)/python -m pip install --quiet pip-tools
	$(PIP_COMPILE) --output-file requirements.txt pyproject.toml
	$(PIP_COMPILE) --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml

run-setup:
	@$(call install-debian,$(RUN_PACKAGES))
	@$(call install-locked,requirements.txt)

test-setup:
	@$(call install-debian,$(RUN_PACKAGES) $(TEST_PACKAGES))
	@$(call install-locked,requirements-dev.txt)

define install-debian
	missing=$$(for package in $(1); do \
		[ "$$(dpkg-query --show --showformat '$${db:Status-Status}' $$package 2>/dev/null)" = installed ] || echo $$package; \
	done | xargs); \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" != 0 ]; then \
		echo "Debian packages are missing. Run:  sudo sh -c 'apt-get update && apt-get install --yes $$missing'" >&2; exit 1; \
	fi; \
	echo "Installing $$missing"; \
	export DEBIAN_FRONTEND=noninteractive; \
	apt-get update --quiet=2 && apt-get install --quiet=2 --yes --no-install-recommends $$missing
endef

# A copy of the lock stays with what was installed from it.
define install-locked
	if cmp --silent $(1) .venv/$(1); then exit 0; fi; \
	echo "Installing the packages of $(1) into .venv"; \
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")' && \
	$(PYTHON) -m venv .venv && \
	$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --requirement $(1) && \
	cp $(1) .venv/$(1)
endef
