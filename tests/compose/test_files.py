"""docker-compose.yml and .env.example agree; every container is limited, pinned and hardened."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.monitoring import PROMETHEUS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
LASTING = [name for name, one in SERVICES.items() if one.get("restart") != "no"]

WITHOUT_PROFILE = {
    "kafka", "topics", "ingest", "classifier", "notifier", "deliver", "prometheus", "grafana",
}  # fmt: skip


def variables() -> dict[str, str]:
    """Every variable of the compose file with its default."""
    return dict(re.findall(r"\$\{(\w+):-([^}]*)\}", TEXT))


def documented() -> dict[str, str]:
    """Every variable of the example with the value that it shows."""
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_each_variable_stands_in_the_example_with_the_default_that_holds_without_it() -> None:
    assert documented() == variables()


def test_what_everybody_needs_comes_up_without_a_profile() -> None:
    without = {name for name, one in SERVICES.items() if "profiles" not in one}
    assert without == WITHOUT_PROFILE
    assert SERVICES["alertmanager"]["profiles"] == ["monitoring"]
    assert SERVICES["kafka-ui"]["profiles"] == ["ui"]


@pytest.mark.parametrize("name", SERVICES)
def test_each_container_may_do_little_and_fills_no_disk_with_its_log(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}
    for port in service.get("ports", ()):
        assert port.startswith("127.0.0.1:")


@pytest.mark.parametrize("name", LASTING)
def test_each_container_that_stays_has_a_limit_of_memory_and_processes(name: str) -> None:
    limits = SERVICES[name]["deploy"]["resources"]["limits"]
    assert {"memory", "pids"} <= limits.keys()
    # More than one processor would be refused on a machine that has one only.
    assert float(limits.get("cpus", 1)) <= 1


@pytest.mark.parametrize("name", SERVICES)
def test_each_image_is_pinned_by_a_version_and_can_be_pinned_by_a_digest(name: str) -> None:
    pinned = re.fullmatch(r"\$\{[A-Z_]+_IMAGE:-(\S+):(\S+)\}", SERVICES[name]["image"])
    assert pinned
    assert pinned[2] != "latest"


def test_prometheus_finds_the_services_at_the_ports_that_they_listen_on() -> None:
    config = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text("utf-8"))
    asked = {
        job["job_name"]: job["dns_sd_configs"][0]["port"]
        for job in config["scrape_configs"]
        if "dns_sd_configs" in job
    }
    served = {
        name: int(one["environment"]["TOCSIN_HTTP_PORT"])
        for name, one in SERVICES.items()
        if "TOCSIN_HTTP_PORT" in one.get("environment", {})
    }
    assert asked == served
