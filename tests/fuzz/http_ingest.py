"""Requests of schemathesis, right and wrong ones, at a real ingest with a real broker.

Run by `make fuzz-http`; each request and answer is held against docs/ingest.openapi.json. The
service must live on, without an error in its log and with every article it took on the topic.
"""

import argparse
import asyncio
import copy
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from support.broker import fresh_topics, running_broker
from support.services import SCRIPTS, Fleet, ServiceProcess
from support.topics import read_topic
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.topics import ARTICLES

HERE = Path(__file__).parent
DOCUMENT = HERE.parents[1] / "docs" / "ingest.openapi.json"
LINES = "application/x-ndjson"
PASSES = (
    ("application/json", ""),
    # A stream is answered 200 whatever its lines are; a check of our own looks at every line.
    (LINES, "negative_data_rejection,positive_data_acceptance"),
)
"""Media types of requests, each with the checks that say nothing about it."""


def only(media_type: str) -> dict[str, Any]:
    """The document with one media type of requests."""
    document: dict[str, Any] = copy.deepcopy(json.loads(DOCUMENT.read_text("utf-8")))
    post = document["paths"]["/v1/articles"]["post"]
    content = post["requestBody"]["content"]
    for other in content.keys() - {media_type}:
        del content[other]
    if media_type == LINES:
        # A stream with a key is refused before its first line.
        del post["parameters"]
    return document


def send(
    process: ServiceProcess, media_type: str, left_out: str, folder: Path, wanted: list[str]
) -> dict[str, Any]:
    """One pass; gives schemathesis' report."""
    name = media_type.partition("/")[2]
    document, report = folder / f"{name}.json", folder / f"{name}-report.json"
    document.write_text(json.dumps(only(media_type)), "utf-8")
    command: list[str | Path] = [
        SCRIPTS / "schemathesis", "--config-file", HERE / "http_checks.toml", "run", document,
        "--url", f"http://127.0.0.1:{process.port}", "--checks", "all", "--continue-on-failure",
        "--report", "json", "--report-json-path", report, *wanted,
    ]  # fmt: skip
    if left_out:
        command += ["--exclude-checks", left_out]
    print(f"== {media_type}", flush=True)
    subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "SCHEMATHESIS_HOOKS": str(HERE / "http_hooks.py")},
        check=False,
    )
    told: dict[str, Any] = json.loads(report.read_text("utf-8"))
    return told


def look_after(process: ServiceProcess, kafka: KafkaSettings) -> list[str]:
    """What is wrong with the service once all was sent."""
    wrong = [line for line in process.log_text().splitlines() if '"level": "error"' in line]
    if not process.running:
        return [*wrong, "ingest has ended"]
    if process.get("/readyz")[0] != 200:
        wrong.append("ingest is not ready")
    counted = process.metric("tocsin_articles_published_total")
    stored = sum(b'"kind":"article"' in (r.value or b"") for r in _read(kafka))
    if counted != stored:
        wrong.append(f"{counted:.0f} articles were told to be published, {stored} are stored")
    return wrong


def _read(kafka: KafkaSettings) -> list[Any]:
    return asyncio.run(read_topic(kafka, ARTICLES))


def main() -> int:
    """Send all passes, print the figures; exit code 1 when anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=500, help="most of each operation")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    wanted = ["--max-examples", str(given.examples), "--seed", str(given.seed)]
    with (
        tempfile.TemporaryDirectory() as name,
        running_broker() as broker,
        fresh_topics(broker.bootstrap) as kafka,
    ):
        folder = Path(name)
        fleet = Fleet(broker.bootstrap, kafka.topic_prefix, folder)
        process = fleet.service(
            "ingest-fuzz", "tocsin-ingest",
            TOCSIN_INGEST_DATA_DIR=str(folder / "data"), TOCSIN_LOG_LEVEL="WARNING",
        )  # fmt: skip
        try:
            process.start()
            process.wait_ready()
            reports = [send(process, *one, folder, wanted) for one in PASSES]
            wrong = look_after(process, kafka)
        finally:
            fleet.kill_all()
    cases = sum(report["test_cases"]["generated"] for report in reports)
    failures = sum(report["test_cases"]["unique_failures"] for report in reports)
    errors = sum(len(report["errors"]) for report in reports)
    for one in wrong:
        print(one)
    print(
        f"{cases} cases, {failures} findings, {errors} errors, {len(wrong)} faults of the service"
    )
    return 1 if failures or errors or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
