# `make` lists the targets.
PYTHON := .venv/bin/python
TINYPACK := .venv/bin/tinypack
SAMPLES := sample_projects

.PHONY: help setup setup-all demo test check references costs verify-all fuzz lint pictures publish-samples bench bench-registry clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' Makefile

setup: ## Debian packages (host, Cortex-M), .venv, PlatformIO's offline core
	@scripts/setup.sh host cortex-m

setup-all: ## the same, and what every emulated board and the Arduino tools' tests need
	@scripts/setup.sh host cortex-m riscv xtensa avr stm32 arduino-cli servers browser +libraries +train

demo: setup ## build and verify two samples; an emulated board hears words, and finds a person; one is published and installed
	@$(PYTHON) $(SAMPLES)/wake_word/demo.py
	@$(PYTHON) $(SAMPLES)/person_detection/demo.py
	@$(PYTHON) scripts/registry_demo.py

check: setup lint ## ruff, mypy, unit and golden tests: about a minute
	@$(PYTHON) -m pytest -n auto tests/unit tests/golden tests/invalid -m "not slow"

test: setup lint ## all tests but the slow ones; also fetches the libraries that audio features are compared with
	@scripts/setup.sh servers browser +libraries
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

publish-samples: setup ## verify the sample projects and publish their packages into registry/
	@$(PYTHON) -m scripts.publish_samples $(if $(START_OVER),--start-over)

bench: ## real models beside TFLM + CMSIS-NN on emulated boards: instructions by layer, flash, RAM; page in dist/bench
	@scripts/setup.sh host cortex-m riscv
	@$(PYTHON) -m benchmarks.models

bench-registry: setup ## registries of 100, 10,000 and 100,000 packages: publish, resolve, search; ten minutes, 3 GB of disk
	@$(PYTHON) -m benchmarks.registry --chart docs/registry-scale.png --json dist/registry-scale.json

clean: ## remove what setup and tests made in the checkout
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis sample_projects/*/dist
