"""The command `tocsin-ingest`: runs the service, or prints what describes its interface."""

import argparse
import json
import sys
from typing import Any

_HELP = """Takes articles over HTTP (port TOCSIN_HTTP_PORT, 8080) and publishes each once on Kafka.

Settings come from the environment (TOCSIN_KAFKA_BOOTSTRAP, TOCSIN_TOPIC_PREFIX,
TOCSIN_INGEST_DATA_DIR, TOCSIN_INGEST_TOKENS_FILE, ...); README.md lists them all."""

_EXAMPLES = """examples:
  tocsin-ingest
  TOCSIN_KAFKA_BOOTSTRAP=kafka:19092 TOCSIN_HTTP_HOST=0.0.0.0 tocsin-ingest
  tocsin-ingest --openapi > docs/ingest.openapi.json
"""


def main() -> int:
    """Run ingest; the exit code is 0 after SIGTERM, 70 after a crash, 78 on wrong settings."""
    parser = argparse.ArgumentParser(
        prog="tocsin-ingest",
        description=_HELP,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--openapi", action="store_true", help="print the OpenAPI document and end")
    parser.add_argument(
        "--sources-schema", action="store_true", help="print the JSON Schema of the file of sources"
    )
    given = parser.parse_args()
    if given.openapi:
        from tocsin_ingest.push.openapi import describe_api

        return _print(describe_api())
    if given.sources_schema:
        from tocsin_ingest.domain.source import SourcesFile

        return _print(SourcesFile.model_json_schema())
    from tocsin_ingest.bootstrap import create_service
    from tocsin_ingest.settings import IngestSettings
    from tocsin_runtime.process import launch

    return launch(IngestSettings, create_service)


def _print(document: dict[str, Any]) -> int:
    sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
