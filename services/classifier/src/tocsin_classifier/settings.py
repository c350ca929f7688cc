"""What the classifier is told by its environment."""

from typing import Annotated

from pydantic import Field

from tocsin_runtime.settings import ServiceSettings


class ClassifierSettings(ServiceSettings):
    """Settings of the classifier."""

    service: str = Field(default="classifier", init=False, description="Name of the service")
    http_port: Annotated[int, Field(ge=0, le=65535)] = Field(
        default=8081, description="Port of HTTP (metrics, health); 0 takes a free one"
    )
    classify_seconds: Annotated[float, Field(gt=0, le=60)] = Field(
        default=2.0, description="After this time an article's classification is cut off"
    )
