"""Settings: what is wrong is named with the value seen, all of it at once."""

import socket

import pytest

from tocsin_runtime.errors import SettingsError
from tocsin_runtime.settings import KafkaSettings, ServiceSettings, load_settings


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KAFKA_BOOTSTRAP", "TOPIC_PREFIX", "INSTANCE_ID", "HTTP_PORT", "LOG_LEVEL"):
        monkeypatch.delenv(f"TOCSIN_{name}", raising=False)


def test_the_instance_id_follows_from_the_host() -> None:
    """Without a setting, the instance id is service and host name."""
    assert load_settings(ServiceSettings).instance_id == f"service-{socket.gethostname()}"


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables with the prefix set the fields."""
    monkeypatch.setenv("TOCSIN_KAFKA_BOOTSTRAP", "a:1,b:2")
    monkeypatch.setenv("TOCSIN_TOPIC_PREFIX", "replay-1.")
    settings = load_settings(KafkaSettings)
    assert settings.kafka_bootstrap == "a:1,b:2"
    assert settings.topic_prefix == "replay-1."


def test_every_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """One message names all wrong variables, each with what was seen."""
    monkeypatch.setenv("TOCSIN_HTTP_PORT", "70000")
    monkeypatch.setenv("TOCSIN_LOG_LEVEL", "LOUD")
    with pytest.raises(SettingsError) as caught:
        load_settings(ServiceSettings)
    message = str(caught.value)
    assert "TOCSIN_HTTP_PORT" in message
    assert "'70000'" in message
    assert "TOCSIN_LOG_LEVEL" in message
    assert "'LOUD'" in message
