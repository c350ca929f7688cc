"""What ingest is told by its environment."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from tocsin_runtime.settings import ServiceSettings


class IngestSettings(ServiceSettings):
    """Settings of ingest; each is an environment variable with `TOCSIN_` before it."""

    service: str = Field(default="ingest", init=False, description="Set by each service itself")
    ingest_data_dir: Path = Field(
        default=Path("data/ingest"),
        description="Folder of the index of revisions; rebuilt from the topic when lost",
    )
    ingest_default_publisher: Annotated[str, StringConstraints(min_length=1, max_length=300)] = (
        Field(default="unknown", description="Publisher of articles without publisher and address")
    )
    ingest_active_for_seconds: Annotated[int, Field(ge=60, le=86_400)] = Field(
        default=3600, description="How long a report of an alarm may be shown as active"
    )
    ingest_heartbeat_seconds: Annotated[float, Field(gt=0, le=600)] = Field(
        default=10, description="Seconds between two probes through every partition"
    )

    ingest_tokens_file: Path | None = Field(
        default=None, description="YAML file of who may push; without it anybody may"
    )

    ingest_sources_file: Path | None = Field(
        default=None, description="YAML file of the feeds, folders and sirens to ask"
    )

    @property
    def answers_path(self) -> Path:
        """File of the answers to requests with an Idempotency-Key."""
        return self.ingest_data_dir / "answers.sqlite"

    @property
    def index_path(self) -> Path:
        """File of the index; each prefix of topics has its own."""
        prefix = self.topic_prefix.strip(".-")
        return self.ingest_data_dir / (f"index.{prefix}.sqlite" if prefix else "index.sqlite")
