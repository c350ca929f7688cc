"""docker-compose.yml and .env.example agree; every container is limited, pinned and hardened."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.monitoring import PROMETHEUS
from tocsin_runtime.settings import ServiceSettings, load_settings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
LASTING = [name for name, one in SERVICES.items() if one.get("restart") != "no"]
OURS = [name for name, one in SERVICES.items() if "TOCSIN_IMAGE" in one["image"]]

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


def environment_of(name: str, **told: str) -> dict[str, str]:
    """What a service finds in its environment when .env says this."""

    def fill(match: re.Match[str]) -> str:
        return told.get(match[1], match[2])

    return {
        variable: re.sub(r"\$\{(\w+):-([^}]*)\}", fill, str(value))
        for variable, value in SERVICES[name]["environment"].items()
    }


@pytest.mark.parametrize("name", OURS)
def test_each_service_comes_to_a_broker_of_the_users_own_as_itself(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without .env nothing is proven; with it each has its own password and no other's."""
    for variable, value in environment_of(name).items():
        monkeypatch.setenv(variable, value)
    plain = load_settings(ServiceSettings)
    assert (plain.kafka_bootstrap, plain.uses_sasl, plain.otlp_endpoint) == (
        "kafka:19092",
        False,
        "",
    )
    passwords = {f"TOCSIN_KAFKA_PASSWORD_{one.upper()}": f"secret-{one}" for one in OURS}
    told = {
        "TOCSIN_KAFKA_BOOTSTRAP": "kafka.example:9093",
        "TOCSIN_KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
        "TOCSIN_KAFKA_SSL_CA_FILE": "/etc/tocsin-kafka/ca.pem",
        "TOCSIN_OTLP_ENDPOINT": "http://collector:4318",
        "TOCSIN_TRACE_RATIO": "0.1",
        **{f"TOCSIN_KAFKA_USER_{one.upper()}": f"tocsin-{one}" for one in OURS},
        **passwords,
    }
    environment = environment_of(name, **told)
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    guarded = load_settings(ServiceSettings)
    assert (guarded.kafka_bootstrap, guarded.uses_tls) == ("kafka.example:9093", True)
    assert guarded.kafka_sasl_username == f"tocsin-{name}"
    assert (guarded.otlp_endpoint, guarded.trace_ratio) == ("http://collector:4318", 0.1)
    assert set(passwords.values()) & set(environment.values()) == {f"secret-{name}"}
    assert any(one.endswith(":/etc/tocsin-kafka:ro") for one in SERVICES[name]["volumes"])


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
