"""The notifier's command: `tocsin-notifier correlate` and `tocsin-notifier deliver`."""

import argparse
import sys

_HELP = """correlate: reads `detections`, keeps events, writes typed alerts, exactly once.
deliver:   reads the typed alerts like any subscriber and serves them.

Settings come from the environment (TOCSIN_KAFKA_BOOTSTRAP, TOCSIN_TOPIC_PREFIX,
TOCSIN_INSTANCE_ID, TOCSIN_HTTP_PORT, ...); README.md lists them all."""

_EXAMPLES = """examples:
  tocsin-notifier correlate
  TOCSIN_KAFKA_BOOTSTRAP=kafka:19092 TOCSIN_INSTANCE_ID=notifier-2 tocsin-notifier correlate
  TOCSIN_HTTP_PORT=8093 tocsin-notifier deliver
"""


def main() -> None:
    """Run a service; the exit code is 0 after SIGTERM, 70 after a crash, 78 on wrong settings."""
    parser = argparse.ArgumentParser(
        prog="tocsin-notifier",
        description=_HELP,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=("correlate", "deliver"))
    command = parser.parse_args().command
    from tocsin_runtime.process import launch

    if command == "correlate":
        from tocsin_notifier.correlation.bootstrap import create_correlation
        from tocsin_notifier.correlation.settings import CorrelateSettings

        sys.exit(launch(CorrelateSettings, create_correlation))
    from tocsin_notifier.delivery.bootstrap import create_delivery
    from tocsin_notifier.delivery.settings import DeliverSettings

    sys.exit(launch(DeliverSettings, create_delivery))
