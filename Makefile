# `make` lists the targets.
PYTHON := .venv/bin/python
TINYPACK := .venv/bin/tinypack
SAMPLES := sample_projects

.PHONY: help setup setup-all demo test check references costs verify-all fuzz lint pictures clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile

setup: ## Debian packages (host, Cortex-M), .venv, PlatformIO's offline core
	@scripts/setup.sh host cortex-m

setup-all: ## the same, and what every emulated board and the Arduino tools' tests need
	@scripts/setup.sh host cortex-m riscv xtensa avr stm32 arduino-cli servers +libraries +train

demo: setup ## build and verify two samples; an emulated board hears words in recordings, and finds a person in a photograph
	@$(PYTHON) $(SAMPLES)/wake_word/demo.py
	@$(PYTHON) $(SAMPLES)/person_detection/demo.py

check: setup lint ## ruff, mypy, unit and golden tests: about a minute
	@$(PYTHON) -m pytest -n auto tests/unit tests/golden tests/invalid -m "not slow"

test: setup lint ## all tests but the slow ones; also fetches the libraries that audio features are compared with
	@scripts/setup.sh servers +libraries
	@$(PYTHON) -m pytest -n auto -m "not slow"

lint:
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy

verify-all: setup-all ## all models, formats and emulated boards, 50 vectors each; and the slow tests
	@$(PYTHON) scripts/verify_all.py
	@$(PYTHON) -m pytest -n auto -m slow

fuzz: setup ## damaged models, manifests and archives, TINYPACK_FUZZ_SECONDS (10) for each subject
	@$(PYTHON) -m pytest -n auto -m slow tests/fuzz

references: setup ## write the generated pages of docs/
	@$(PYTHON) scripts/references.py

costs: setup-all ## measure kernels on emulated boards and write tinypack/costs/*.toml
	@$(PYTHON) -m scripts.costs

pictures: setup ## draw docs/features/*.png from the recordings in ../shared/models
	@$(PYTHON) scripts/feature_pictures.py

clean: ## remove what setup and tests made in the checkout
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis sample_projects/*/dist
