"""What `tocsin-notifier deliver` is told by its environment."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from tocsin_notifier.delivery.domain.cap import DEFAULT_SENDER, SENDER_PATTERN, LiveStatus
from tocsin_runtime.settings import ServiceSettings


class DeliverSettings(ServiceSettings):
    """Settings of `tocsin-notifier deliver`."""

    service: str = Field(default="deliver", init=False, description="Name of the service")
    http_port: Annotated[int, Field(ge=0, le=65535)] = Field(
        default=8083, description="Port of HTTP (page, feeds, stream, ...); 0 takes a free one"
    )
    public_url: Annotated[str, StringConstraints(pattern=r"^(https?://[^\s<>\"]{1,300})?$")] = (
        Field(
            default="",
            description="Address under which others reach this service, for links in feeds",
        )
    )
    stream_max_clients: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=2_000, description="Most listeners on /v1/stream at one time"
    )
    cap_sender: Annotated[str, StringConstraints(pattern=SENDER_PATTERN)] = Field(
        default=DEFAULT_SENDER, description="Sender of CAP messages: a domain of yours"
    )
    cap_status: LiveStatus = Field(
        default="Test", description="Status of live CAP messages: Actual, Draft or Test"
    )
    subscriptions_file: Path | None = Field(
        default=None,
        description="YAML file of webhooks and notifications; without one there are none",
    )

    @field_validator("cap_status")
    @classmethod
    def _require_sender(cls, status: LiveStatus, others: ValidationInfo) -> LiveStatus:
        if status == "Actual" and others.data.get("cap_sender") == DEFAULT_SENDER:
            raise ValueError("Actual needs TOCSIN_CAP_SENDER set to a domain of yours")
        return status
