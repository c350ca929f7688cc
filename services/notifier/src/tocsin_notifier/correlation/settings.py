"""What `tocsin-notifier correlate` is told by its environment."""

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
