"""The way to the broker: what is set reaches every client, what does not fit is refused."""

import ssl
from pathlib import Path

import pytest
import trustme

from tocsin_runtime.connection import connection_options, security_options
from tocsin_runtime.errors import SettingsError
from tocsin_runtime.kafka import consumer_options, producer_options
from tocsin_runtime.settings import KafkaSettings, ServiceSettings, load_settings

PASSWORD = "a word that nobody may see"


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in KafkaSettings.model_fields:
        monkeypatch.delenv(f"TOCSIN_{name.upper()}", raising=False)


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(path)
    return path


def set_sasl(monkeypatch: pytest.MonkeyPatch, protocol: str = "SASL_SSL") -> None:
    monkeypatch.setenv("TOCSIN_KAFKA_SECURITY_PROTOCOL", protocol)
    monkeypatch.setenv("TOCSIN_KAFKA_SASL_USERNAME", "ingest")


def complaint() -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings(KafkaSettings)
    return str(caught.value)


def test_without_settings_the_way_is_plain() -> None:
    """The demo and the machine of one person need nothing."""
    assert security_options(load_settings(KafkaSettings)) == {"security_protocol": "PLAINTEXT"}


def test_user_and_password_reach_producers_and_consumers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, authority: Path
) -> None:
    """One home: the options of both hold the user, the password of the file, and the context."""
    set_sasl(monkeypatch)
    secret = tmp_path / "password"
    secret.write_text(PASSWORD + "\n", "utf-8")
    monkeypatch.setenv("TOCSIN_KAFKA_SASL_PASSWORD_FILE", str(secret))
    monkeypatch.setenv("TOCSIN_KAFKA_SSL_CA_FILE", str(authority))
    settings = load_settings(ServiceSettings)
    for options in (producer_options(settings, "x"), consumer_options(settings, "g")):
        assert options["security_protocol"] == "SASL_SSL"
        assert options["sasl_mechanism"] == "SCRAM-SHA-512"
        assert options["sasl_plain_username"] == "ingest"
        assert options["sasl_plain_password"] == PASSWORD
        assert options["ssl_context"].check_hostname
        assert options["ssl_context"].verify_mode is ssl.CERT_REQUIRED


def test_a_password_is_in_no_representation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever prints or dumps the settings shows no password."""
    set_sasl(monkeypatch)
    monkeypatch.setenv("TOCSIN_KAFKA_SASL_PASSWORD", PASSWORD)
    settings = load_settings(KafkaSettings)
    assert settings.sasl_password() == PASSWORD
    assert PASSWORD not in f"{settings} {settings!r} {settings.model_dump()} "
    assert PASSWORD not in settings.model_dump_json()


def test_a_password_is_in_no_complaint(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said about wrong settings names them and shows no secret."""
    monkeypatch.setenv("TOCSIN_KAFKA_SASL_PASSWORD", PASSWORD)
    message = complaint()
    assert "TOCSIN_KAFKA_SECURITY_PROTOCOL" in message
    assert PASSWORD not in message


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"SECURITY_PROTOCOL": "SASL_SSL"}, "SASL_USERNAME"),
        ({"SECURITY_PROTOCOL": "SASL_SSL", "SASL_USERNAME": "a"}, "SASL_PASSWORD_FILE"),
        (
            {
                "SECURITY_PROTOCOL": "SASL_SSL", "SASL_USERNAME": "a", "SASL_PASSWORD": "b",
                "SASL_PASSWORD_FILE": "/c",
            },
            "either",
        ),
        ({"SASL_USERNAME": "a"}, "SASL_SSL or SASL_PLAINTEXT (seen: PLAINTEXT)"),
        ({"SSL_CA_FILE": "/ca.pem"}, "SSL or SASL_SSL (seen: PLAINTEXT)"),
        ({"SECURITY_PROTOCOL": "SSL", "SSL_CERT_FILE": "/cert.pem"}, "set both"),
        (
            {
                "SECURITY_PROTOCOL": "SASL_PLAINTEXT", "SASL_MECHANISM": "PLAIN",
                "SASL_USERNAME": "a", "SASL_PASSWORD": "b",
            },
            "clear text",
        ),
        ({"SECURITY_PROTOCOL": "TLS"}, "'SASL_SSL'"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], named: str
) -> None:
    """Nothing about security is left out in silence; the message says what to set."""
    for name, value in variables.items():
        monkeypatch.setenv(f"TOCSIN_KAFKA_{name}", value)
    message = complaint()
    assert named in message
    assert "TOCSIN_KAFKA_" in message


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    """Orchestrators pass on what is not set as an empty text."""
    for name in KafkaSettings.model_fields:
        monkeypatch.setenv(f"TOCSIN_{name.upper()}", "")
    assert security_options(load_settings(KafkaSettings)) == {"security_protocol": "PLAINTEXT"}


@pytest.mark.parametrize("name", ["SSL_CA_FILE", "SASL_PASSWORD_FILE"])
def test_a_file_that_cannot_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    """The message names the setting and the path."""
    set_sasl(monkeypatch)
    if name == "SSL_CA_FILE":
        monkeypatch.setenv("TOCSIN_KAFKA_SASL_PASSWORD", PASSWORD)
    monkeypatch.setenv(f"TOCSIN_KAFKA_{name}", str(tmp_path / "missing"))
    with pytest.raises(SettingsError, match=rf"TOCSIN_KAFKA_{name}: .*missing"):
        connection_options(load_settings(KafkaSettings))


def test_a_key_that_is_none_is_named(
    monkeypatch: pytest.MonkeyPatch, authority: Path, tmp_path: Path
) -> None:
    """A certificate without its key in PEM is refused with the setting's name."""
    key = tmp_path / "key.pem"
    key.write_text("no key", "utf-8")
    monkeypatch.setenv("TOCSIN_KAFKA_SECURITY_PROTOCOL", "SSL")
    monkeypatch.setenv("TOCSIN_KAFKA_SSL_CERT_FILE", str(authority))
    monkeypatch.setenv("TOCSIN_KAFKA_SSL_KEY_FILE", str(key))
    with pytest.raises(SettingsError, match="TOCSIN_KAFKA_SSL_KEY_FILE"):
        connection_options(load_settings(KafkaSettings))
