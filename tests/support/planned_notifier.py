"""A notifier process whose correlation raises on every detection, as a bad release would.

python -m support.planned_notifier
"""

import sys
from datetime import datetime

from tocsin_notifier.correlation.batch import AnyRecord
from tocsin_notifier.correlation.bootstrap import create_correlation
from tocsin_notifier.correlation.settings import CorrelateSettings
from tocsin_notifier.domain.outcome import Outcome
from tocsin_notifier.domain.state import State
from tocsin_runtime.process import launch


class PlannedError(Exception):
    """Raised on purpose."""


def always_raise(_state: State, _record: AnyRecord, _now: datetime) -> Outcome:
    """A bad release."""
    raise PlannedError("a bad release")


if __name__ == "__main__":
    sys.exit(launch(CorrelateSettings, lambda one: create_correlation(one, always_raise)))
