"""Every metric of the product, typed, in one place: a wrong name does not pass the type checker.

Names follow Prometheus: prefix `tocsin_`, base units, `_total` for counters. No label holds an id
or an address. Each service makes its own set on its own registry; docs/metrics.md is made of them
(`reference.py`).
"""

from tocsin_runtime.metrics.classifier import ClassifierMetrics
from tocsin_runtime.metrics.common import CommonMetrics
from tocsin_runtime.metrics.deliver import DeliverMetrics
from tocsin_runtime.metrics.ingest import IngestMetrics
from tocsin_runtime.metrics.notifier import NotifierMetrics

__all__ = [
    "ClassifierMetrics",
    "CommonMetrics",
    "DeliverMetrics",
    "IngestMetrics",
    "NotifierMetrics",
]
