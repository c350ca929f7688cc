"""A real Prometheus and a real Alertmanager that watch services of ours, with our own files.

The rules are those that are released, but for their patience: what they wait for takes seconds.
"""

import json
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from support.services import free_port, wait_until

ROOT = Path(__file__).parents[2]
PROMETHEUS = ROOT / "deploy" / "prometheus"
ALERTMANAGER = ROOT / "deploy" / "alertmanager" / "alertmanager.yml"
DASHBOARDS = ROOT / "deploy" / "grafana" / "dashboards"
RUNBOOKS = ROOT / "docs" / "runbooks"

_HURRIED = {"> 30\n": "> 6\n", "[10m]": "[10s]", "[5m]": "[1m]"}
"""What the rules wait for, and what the tests do."""


@dataclass(frozen=True)
class Panel:
    """One panel of a dashboard."""

    board: str
    title: str
    queries: tuple[str, ...]


def panels() -> list[Panel]:
    """Every panel that asks something, of every dashboard."""
    found = []
    for path in sorted(DASHBOARDS.glob("*.json")):
        board = json.loads(path.read_text("utf-8"))
        for panel in board["panels"]:
            queries = tuple(one["expr"] for one in panel.get("targets", ()))
            if queries:
                found.append(Panel(path.stem.capitalize(), panel["title"], queries))
    return found


def alerting_rules() -> dict[str, dict[str, Any]]:
    """Every alerting rule by its name."""
    document = yaml.safe_load((PROMETHEUS / "rules" / "alerts.yml").read_text("utf-8"))
    return {rule["alert"]: rule for group in document["groups"] for rule in group["rules"]}


def panel_of(alert: str) -> Panel:
    """The panel that the alert's runbook names."""
    page = (ROOT / alerting_rules()[alert]["annotations"]["runbook_url"]).read_text("utf-8")
    named = re.search(r"\*\*Panel\*\* (\w+): (.+)$", page, re.MULTILINE)
    assert named, f"the runbook of {alert} names no panel"
    (panel,) = [one for one in panels() if (one.board, one.title) == (named[1], named[2])]
    return panel


@dataclass(frozen=True)
class Monitoring:
    """What Prometheus and Alertmanager say."""

    prometheus: str
    alertmanager: str

    def query(self, expression: str) -> list[tuple[dict[str, str], float]]:
        """Labels and value of each series; Grafana's variable for a window is filled in."""
        asked = {"query": expression.replace("$__rate_interval", "1m")}
        found = self._ask("query", asked)["result"]
        return [(one["metric"], float(one["value"][1])) for one in found]

    def rules(self) -> list[dict[str, Any]]:
        """Every rule that Prometheus has loaded, with its health."""
        return [rule for group in self._ask("rules", {})["groups"] for rule in group["rules"]]

    def traces(self, expression: str) -> set[str]:
        """The trace ids of a histogram's exemplars."""
        now = time.time()
        found = self._ask(
            "query_exemplars", {"query": expression, "start": str(now - 600), "end": str(now + 5)}
        )
        return {e["labels"]["trace_id"] for one in found for e in one["exemplars"]}

    def firing(self) -> list[dict[str, str]]:
        """The labels of what Alertmanager would tell somebody of now."""
        url = f"{self.alertmanager}/api/v2/alerts?active=true&silenced=false&inhibited=false"
        with urllib.request.urlopen(url, timeout=5) as answer:
            return [one["labels"] for one in json.load(answer)]

    def names_firing(self) -> set[str]:
        """The names of what Prometheus itself says is firing, inhibited or not."""
        found = self.query('ALERTS{alertstate="firing"}')
        return {labels["alertname"] for labels, _ in found}

    def _ask(self, what: str, asked: Mapping[str, str]) -> Any:
        url = f"{self.prometheus}/api/v1/{what}?{urllib.parse.urlencode(asked)}"
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{asked}: {error.read().decode()}") from error


@contextmanager
def watching(targets: Mapping[str, int], folder: Path) -> Iterator[Monitoring]:
    """Run both over services, each a job with its port on this machine."""
    prometheus, alertmanager = free_port(), free_port()
    _write_files(folder, targets, prometheus, alertmanager)
    commands = (
        [
            _program("prometheus-alertmanager", "alertmanager"),
            f"--config.file={folder / 'alertmanager.yml'}",
            f"--storage.path={folder / 'alertmanager'}",
            f"--web.listen-address=127.0.0.1:{alertmanager}",
            "--cluster.listen-address=",
        ],
        [
            _program("prometheus"),
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'series'}",
            f"--web.listen-address=127.0.0.1:{prometheus}",
            "--enable-feature=exemplar-storage",
        ],
    )
    log = (folder / "monitoring.log").open("wb")
    processes = [subprocess.Popen(one, stdout=log, stderr=log) for one in commands]
    monitoring = Monitoring(f"http://127.0.0.1:{prometheus}", f"http://127.0.0.1:{alertmanager}")
    try:
        for url in (monitoring.prometheus, monitoring.alertmanager):
            wait_until(lambda url=url: _is_ready(url), 60, f"{url} ready")  # type: ignore[misc] # no type for a default
        yield monitoring
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(20)
        log.close()


def _program(*names: str) -> str:
    found = next((path for name in names if (path := shutil.which(name))), None)
    assert found, f"{names[0]} is missing; make check-tests says how to install it"
    return found


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/-/ready", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _write_files(
    folder: Path, targets: Mapping[str, int], prometheus: int, alertmanager: int
) -> None:
    config = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text("utf-8"))
    config["global"] = {
        "scrape_interval": "2s", "scrape_timeout": "2s", "evaluation_interval": "1s",
    }  # fmt: skip
    ports = {**targets, "prometheus": prometheus}
    assert {one["job_name"] for one in config["scrape_configs"]} == ports.keys()
    for job in config["scrape_configs"]:
        job.pop("dns_sd_configs", None)
        job["static_configs"] = [{"targets": [f"127.0.0.1:{ports[job['job_name']]}"]}]
    at = [{"targets": [f"127.0.0.1:{alertmanager}"]}]
    config["alerting"]["alertmanagers"] = [{"static_configs": at}]
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
    rules = folder / "rules"
    rules.mkdir()
    for path in (PROMETHEUS / "rules").glob("*.yml"):
        (rules / path.name).write_text(_hurry(path.read_text("utf-8")))
    shutil.copy(ALERTMANAGER, folder / "alertmanager.yml")


def _hurry(rules: str) -> str:
    for patient, hurried in _HURRIED.items():
        rules = rules.replace(patient, hurried)
    return re.sub(r"^(\s+for:) \w+$", r"\1 2s", rules, flags=re.MULTILINE)
