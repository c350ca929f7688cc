"""What the two commands of the notifier are told by their environment."""

from typing import Annotated

from pydantic import Field

from tocsin_runtime.settings import ServiceSettings


class CorrelateSettings(ServiceSettings):
    """Settings of `tocsin-notifier correlate`."""

    service: str = Field(default="notifier", init=False, description="Name of the service")
    http_port: Annotated[int, Field(ge=0, le=65535)] = Field(
        default=8082, description="Port of HTTP (metrics, health); 0 takes a free one"
    )
    archive: bool = Field(
        default=False,
        description="The topics are a replay's: time moves with the articles, not with the clock",
    )


class DeliverSettings(ServiceSettings):
    """Settings of `tocsin-notifier deliver`."""

    service: str = Field(default="deliver", init=False, description="Name of the service")
    http_port: Annotated[int, Field(ge=0, le=65535)] = Field(
        default=8083, description="Port of HTTP (schemas, metrics, health); 0 takes a free one"
    )
