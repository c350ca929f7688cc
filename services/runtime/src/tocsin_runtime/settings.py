"""Settings from the environment: what all services have in common, and how errors are told."""

import socket
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import Field, StringConstraints, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from tocsin_runtime.errors import SettingsError
from tocsin_schemas.topics import TOPIC_PREFIX_PATTERN

ENV_PREFIX = "TOCSIN_"

SettingsT = TypeVar("SettingsT", bound=BaseSettings)


class KafkaSettings(BaseSettings):
    """How to reach the broker and which topics to use."""

    model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, frozen=True, extra="ignore")

    kafka_bootstrap: Annotated[
        str, StringConstraints(pattern=r"^[^\s:,]+:\d{1,5}(,[^\s:,]+:\d{1,5})*$")
    ] = Field(default="127.0.0.1:9092", description="Broker addresses, host:port, comma-separated")
    topic_prefix: Annotated[str, StringConstraints(pattern=TOPIC_PREFIX_PATTERN)] = Field(
        default="", description="Put before every topic and group name"
    )


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
    name = ENV_PREFIX + "__".join(str(part) for part in item["loc"]).upper()
    secret = "SECRET" in name or "TOKEN" in name or "PASSWORD" in name
    seen = "(not shown)" if secret else repr(item["input"])
    return f"  {name}: {item['msg']} (seen: {seen})"
