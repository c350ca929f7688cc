"""Settings from the environment: what all services have in common, and how errors are told."""

import socket
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import Field, SecretStr, StringConstraints, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from tocsin_runtime.errors import SettingsError
from tocsin_schemas.topics import TOPIC_PREFIX_PATTERN

ENV_PREFIX = "TOCSIN_"

SettingsT = TypeVar("SettingsT", bound=BaseSettings)


class KafkaSettings(BaseSettings):
    """How to reach the broker and which topics to use."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX, frozen=True, extra="ignore", env_ignore_empty=True
    )

    kafka_bootstrap: Annotated[
        str, StringConstraints(pattern=r"^[^\s:,]+:\d{1,5}(,[^\s:,]+:\d{1,5})*$")
    ] = Field(default="127.0.0.1:9092", description="Broker addresses, host:port, comma-separated")
    topic_prefix: Annotated[str, StringConstraints(pattern=TOPIC_PREFIX_PATTERN)] = Field(
        default="", description="Put before every topic and group name"
    )
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        default="PLAINTEXT", description="Whether the way to the broker is encrypted, and proven"
    )
    kafka_sasl_mechanism: Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"] = Field(
        default="SCRAM-SHA-512", description="How the password is proven; PLAIN needs TLS"
    )
    kafka_sasl_username: str = Field(default="", description="Principal at the broker")
    kafka_sasl_password: SecretStr | None = Field(
        default=None, description="Its password; better in a file"
    )
    kafka_sasl_password_file: Path | None = Field(
        default=None, description="File that holds its password alone"
    )
    kafka_ssl_ca_file: Path | None = Field(
        default=None, description="Who signs for the broker (PEM); without one the system's list"
    )
    kafka_ssl_cert_file: Path | None = Field(
        default=None, description="Our own certificate (PEM), where the broker asks for one"
    )
    kafka_ssl_key_file: Path | None = Field(default=None, description="Its key (PEM)")

    @property
    def uses_tls(self) -> bool:
        """Whether the way to the broker is encrypted."""
        return self.kafka_security_protocol in {"SSL", "SASL_SSL"}

    @property
    def uses_sasl(self) -> bool:
        """Whether a user name and a password are shown to the broker."""
        return self.kafka_security_protocol in {"SASL_PLAINTEXT", "SASL_SSL"}

    def sasl_password(self) -> str:
        """The password, from its variable or its file.

        Raises:
            SettingsError: there is none, or its file cannot be read.

        """
        if self.kafka_sasl_password is not None:
            return self.kafka_sasl_password.get_secret_value()
        path = self.kafka_sasl_password_file
        if path is None:
            raise SettingsError("TOCSIN_KAFKA_SASL_PASSWORD: not set")
        try:
            return path.read_text("utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"TOCSIN_KAFKA_SASL_PASSWORD_FILE: {path} cannot be read ({error})"
            ) from None

    @model_validator(mode="after")
    def _require_one_way_in(self) -> Self:
        """Refuse what would be left out in silence, and what would be told in clear text."""
        password = [self.kafka_sasl_password, self.kafka_sasl_password_file]
        given = sum(one is not None for one in password)
        files = [self.kafka_ssl_ca_file, self.kafka_ssl_cert_file, self.kafka_ssl_key_file]
        seen = f"(seen: {self.kafka_security_protocol})"
        if self.uses_sasl and not (self.kafka_sasl_username and given == 1):
            raise ValueError(
                f"TOCSIN_KAFKA_SECURITY_PROTOCOL {seen} needs TOCSIN_KAFKA_SASL_USERNAME and either"
                " TOCSIN_KAFKA_SASL_PASSWORD or TOCSIN_KAFKA_SASL_PASSWORD_FILE"
            )
        if not self.uses_sasl and (self.kafka_sasl_username or given):
            raise ValueError(
                "TOCSIN_KAFKA_SASL_USERNAME and its password need TOCSIN_KAFKA_SECURITY_PROTOCOL "
                f"SASL_SSL or SASL_PLAINTEXT {seen}"
            )
        if not self.uses_tls and any(files):
            raise ValueError(
                "TOCSIN_KAFKA_SSL_CA_FILE, _CERT_FILE and _KEY_FILE need "
                f"TOCSIN_KAFKA_SECURITY_PROTOCOL SSL or SASL_SSL {seen}"
            )
        if (self.kafka_ssl_cert_file is None) != (self.kafka_ssl_key_file is None):
            raise ValueError("TOCSIN_KAFKA_SSL_CERT_FILE and _KEY_FILE: set both or none")
        if self.kafka_sasl_mechanism == "PLAIN" and self.uses_sasl and not self.uses_tls:
            raise ValueError(
                f"TOCSIN_KAFKA_SASL_MECHANISM PLAIN needs TOCSIN_KAFKA_SECURITY_PROTOCOL SASL_SSL "
                f"{seen}: the password would be sent in clear text"
            )
        return self


class ServiceSettings(KafkaSettings):
    """What every service is told by its environment."""

    service: str = Field(default="service", init=False, description="Set by each service itself")
    instance_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{0,200}$")] = Field(
        default="", description="Stable name of this replica; default <service>-<hostname>"
    )
    http_host: str = Field(default="127.0.0.1", description="Address that HTTP listens on")
    http_port: Annotated[int, Field(ge=0, le=65535)] = Field(
        default=8080, description="Port of HTTP (metrics, health); 0 takes a free one"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least level that is logged"
    )
    log_format: Literal["json", "console"] = Field(
        default="json", description="One JSON object a line, or for people"
    )
    otlp_endpoint: Annotated[str, StringConstraints(pattern=r"^(https?://[^\s/]\S*)?$")] = Field(
        default="", description="Collector of traces (OTLP over HTTP); empty: none are recorded"
    )
    trace_ratio: Annotated[float, Field(ge=0, le=1)] = Field(
        default=1.0, description="How many of the traces that begin here are recorded, 0 to 1"
    )

    @model_validator(mode="after")
    def _name_instance(self) -> Self:
        if not self.instance_id:
            object.__setattr__(self, "instance_id", f"{self.service}-{socket.gethostname()}")
        return self


def load_settings(kind: type[SettingsT], **overrides: Any) -> SettingsT:  # noqa: ANN401 - any field
    """Read settings from the environment.

    Args:
        kind: the settings to read.
        overrides: fields set by the caller instead.

    Raises:
        SettingsError: lists every wrong variable with the value seen and what is allowed.

    """
    try:
        return kind(**overrides)
    except ValidationError as error:
        lines = [_describe(item) for item in error.errors(include_url=False)]
        raise SettingsError("wrong settings:\n" + "\n".join(lines)) from None


def _describe(item: Any) -> str:  # noqa: ANN401 - pydantic's error details
    if not item["loc"]:  # of the whole: its input holds every value, secrets among them
        return f"  {item['msg'].removeprefix('Value error, ')}"
    name = ENV_PREFIX + "__".join(str(part) for part in item["loc"]).upper()
    secret = "SECRET" in name or "TOKEN" in name or "PASSWORD" in name
    seen = "(not shown)" if secret else repr(item["input"])
    return f"  {name}: {item['msg']} (seen: {seen})"
