"""What the classifier is told by its environment."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, StringConstraints, model_validator

from tocsin_runtime.errors import SettingsError
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
    classifier_second_opinion_url: Annotated[
        str, StringConstraints(pattern=r"^(https?://\S+)?$")
    ] = Field(
        default="",
        description="Base address of an OpenAI-compatible endpoint (ends in /v1); empty is off",
    )
    classifier_second_opinion_model: Annotated[str, StringConstraints(max_length=200)] = Field(
        default="", description="Name of the model that the endpoint is asked for"
    )
    classifier_second_opinion_api_key: SecretStr = Field(
        default=SecretStr(""), description="Key of the endpoint, where it needs one"
    )
    classifier_second_opinion_api_key_file: Path | None = Field(
        default=None, description="File that holds the key, instead of the key itself"
    )
    classifier_second_opinion_seconds: Annotated[float, Field(gt=0, le=120)] = Field(
        default=10.0, description="After this time the endpoint's answer is not waited for"
    )

    @model_validator(mode="after")
    def _check_second_opinion(self) -> Self:
        if self.classifier_second_opinion_url and not self.classifier_second_opinion_model:
            raise ValueError(
                "TOCSIN_CLASSIFIER_SECOND_OPINION_MODEL: must name a model when "
                "TOCSIN_CLASSIFIER_SECOND_OPINION_URL is set"
            )
        return self

    def second_opinion_key(self) -> str:
        """The endpoint's key, from its file when one is named; empty for none.

        Raises:
            SettingsError: the file cannot be read.

        """
        file = self.classifier_second_opinion_api_key_file
        if file is None:
            return self.classifier_second_opinion_api_key.get_secret_value()
        try:
            return file.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"TOCSIN_CLASSIFIER_SECOND_OPINION_API_KEY_FILE: {file} cannot be read: {error}"
            ) from error
