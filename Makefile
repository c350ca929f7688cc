# Everything that this project can do, from a fresh clone. `make` alone lists it.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

UV = $$(deploy/setup/find-uv.sh)
RUN = $(UV) run --no-sync

.PHONY: fuzz fuzz-http help check check-tests setup demo test lint types layers schemas metrics rules node pytest properties soak soak-memory bench bench-group bench-service bench-transactions bench-latency bench-idle bench-million bench-check bench-plots bench-restore bench-recovery bench-sse bench-webhooks bench-feeds bench-scaling sbom audit clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-15s %s\n", $$1, $$2}'

check: ## Check that this machine has what is needed, and say how to mend what is missing
	@deploy/setup/check-machine.sh

check-tests: ## Check that this machine has what only the tests need
	@deploy/setup/check-machine.sh tests

setup: check ## Install uv (where missing) and all packages into .venv
	@deploy/setup/install-uv.sh
	@UV_PYTHON="$$(deploy/setup/find-python.sh)" $(UV) sync --locked --all-packages --all-extras

node: tests/node/node_modules/.package-lock.json ## Install what tests need from npm, with the Node.js of .venv

tests/node/node_modules/.package-lock.json: tests/node/package-lock.json tests/node/package.json | setup
	PATH="$$PWD/.venv/bin:$$PATH" npm --prefix tests/node ci
	@touch $@

demo: setup ## Run the whole pipeline on the sample article, on a real broker; Ctrl-C ends it
	@exec $(RUN) tocsin demo

test: check-tests setup lint types layers schemas metrics rules pytest ## Run every check and every test

lint: setup ## ruff: style and format
	$(RUN) ruff check
	$(RUN) ruff format --check

types: setup ## mypy --strict
	$(RUN) mypy

layers: setup ## import-linter: the direction of dependencies
	$(RUN) lint-imports

schemas: setup ## The committed schemas are those of the models
	$(RUN) python -m tocsin_schemas.export --check

metrics: setup ## docs/metrics.md is that of the code
	$(RUN) python -m tocsin_runtime.metrics.reference --check

rules: setup check-tests ## promtool: the rules of Prometheus, and what each alert does in its cases
	promtool check config --lint-fatal deploy/prometheus/prometheus.yml
	promtool test rules deploy/prometheus/tests/*.yml

pytest: check-tests setup node ## All tests: unit, properties, contract, integration, end to end
	$(RUN) pytest -m "not alone" -n 2 --dist loadfile --no-loadscope-reorder
	$(RUN) pytest -m alone

properties: setup ## Correlation on generated sequences; TOCSIN_PROPERTY_EXAMPLES says how many
	$(RUN) pytest tests/properties/test_correlate.py tests/properties/test_correlate_runs.py

soak: setup ## 30 minutes of faults on a real broker: nothing lost, nothing doubled (SOAK_MINUTES)
	PYTHONPATH=tests$${PYTHONPATH:+:$$PYTHONPATH} $(RUN) python -m faults.soak

soak-memory: setup ## 20 minutes without faults: no service's memory keeps growing
	PYTHONPATH=tests$${PYTHONPATH:+:$$PYTHONPATH} $(RUN) python -m faults.soak_memory

bench: setup ## Articles a second on one core against spaCy, growth with length, and the machine's noise
	@$(UV) sync --locked --all-packages --all-extras --group bench
	PYTHONPATH=tests $(RUN) python tests/bench/classify.py --growth

bench-group: setup
	@$(UV) sync --locked --all-packages --all-extras --group bench

bench-service: bench-group ## The classifier service against aiokafka, confluent-kafka, FastStream and Faust's usual agent
	PYTHONPATH=tests $(RUN) python tests/bench/throughput.py --hollow --articles 20000
	PYTHONPATH=tests $(RUN) python tests/bench/throughput.py

bench-transactions: bench-group ## The notifier against a bare transactional loop over confluent-kafka
	PYTHONPATH=tests $(RUN) python tests/bench/transactions.py

bench-latency: bench-group ## From an accepted article to its alert at 10, 100 and 500 articles a second
	PYTHONPATH=tests $(RUN) python tests/bench/latency.py

bench-idle: bench-group ## Start-up time of each service, and what all of them take with nothing to do
	PYTHONPATH=tests $(RUN) python tests/bench/idle.py

bench-million: bench-group ## 1,000,000 articles through the whole pipeline (MILLION_ARTICLES); takes hours
	PYTHONPATH=tests $(RUN) python tests/bench/million.py --articles $${MILLION_ARTICLES:-1000000}

bench-check: setup ## The ratios measured last against the committed ones; fails on a loss beyond noise
	PYTHONPATH=tests $(RUN) python tests/bench/check.py

bench-plots: bench-group ## Draw docs/performance of what was measured last
	PYTHONPATH=tests $(RUN) python tests/bench/plots.py

fuzz: setup ## Ten minutes of fuzzing classify() with coverage as its guide (FUZZ_SECONDS)
	@$(UV) sync --locked --all-packages --all-extras --group fuzz
	PYTHONPATH=tests $(RUN) python tests/fuzz/classify.py -max_total_time=$${FUZZ_SECONDS:-600} -max_len=2048

fuzz-http: setup ## schemathesis at a real ingest, by its OpenAPI document (FUZZ_EXAMPLES an operation)
	@$(UV) sync --locked --all-packages --all-extras --group fuzz
	PYTHONPATH=tests $(RUN) python tests/fuzz/http_ingest.py --examples $${FUZZ_EXAMPLES:-500}

bench-restore: setup ## Time and memory of restoring 100,000 live events from a real broker
	PYTHONPATH=tests $(RUN) python tests/bench/restore.py

bench-recovery: setup ## From a killed notifier or broker to the next alert, ten times each
	PYTHONPATH=tests $(RUN) python tests/bench/recovery.py

bench-sse: setup ## A thousand listeners at five alerts a second: the slowest one's lag, and memory
	PYTHONPATH=tests $(RUN) python tests/bench/sse.py

bench-webhooks: setup ## How much a good webhook endpoint is delayed by seven bad ones: at most 1.5
	PYTHONPATH=tests $(RUN) python tests/bench/webhooks.py

bench-scaling: setup ## Two classifiers against one, each limited to 0.4 of a core: at least 1.7 times; needs root
	PYTHONPATH=tests $(RUN) python tests/bench/scaling.py

sbom: setup ## Write sbom.cdx.json: every package that we ship, with version and digest (CycloneDX)
	$(UV) export --quiet --locked --no-dev --all-packages --format cyclonedx1.5 --preview-features sbom-export --output-file sbom.cdx.json
	@echo sbom.cdx.json

audit: setup ## Look for known vulnerabilities in what we ship; offline it says so
	deploy/security/audit.sh

bench-feeds: setup ## 500 feeds on one ingest, 1% failing: nothing missed, memory, lag (FEEDS_MINUTES)
	PYTHONPATH=tests $(RUN) python tests/bench/feeds.py --minutes $${FEEDS_MINUTES:-20}

clean: ## Remove what the targets above made
	rm -rf .venv .tocsin sbom.cdx.json tests/node/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
