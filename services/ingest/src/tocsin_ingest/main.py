"""The command `tocsin-ingest`."""

import sys

from tocsin_ingest.bootstrap import create_service
from tocsin_ingest.settings import IngestSettings
from tocsin_runtime.process import launch


def main() -> int:
    """Run ingest; returns the exit code."""
    return launch(IngestSettings, create_service)


if __name__ == "__main__":
    sys.exit(main())
