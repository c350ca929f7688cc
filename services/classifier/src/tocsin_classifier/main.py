"""The classifier's command: `tocsin-classifier` runs until it is told to stop."""

import argparse
import sys

_HELP = """Reads articles from Kafka and writes what they say to `detections`.

Settings come from the environment (TOCSIN_KAFKA_BOOTSTRAP, TOCSIN_TOPIC_PREFIX,
TOCSIN_INSTANCE_ID, TOCSIN_HTTP_PORT, ...); README.md lists them all."""

_EXAMPLES = """examples:
  tocsin-classifier
  TOCSIN_KAFKA_BOOTSTRAP=kafka:19092 TOCSIN_HTTP_PORT=8091 tocsin-classifier
"""


def main() -> None:
    """Run the service; the exit code is 0 after SIGTERM, 70 after a crash, 78 on wrong settings."""
    parser = argparse.ArgumentParser(
        prog="tocsin-classifier",
        description=_HELP,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.parse_args()
    from tocsin_classifier.bootstrap import create_service
    from tocsin_classifier.settings import ClassifierSettings
    from tocsin_runtime.process import launch

    sys.exit(launch(ClassifierSettings, create_service))
