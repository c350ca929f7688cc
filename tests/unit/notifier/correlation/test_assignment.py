"""What a member makes of what its group tells it."""

import pytest
from prometheus_client import CollectorRegistry

from tocsin_notifier.correlation.assignment import REBALANCE_LIMIT_SECONDS, Assignment
from tocsin_runtime.errors import StuckError
from tocsin_runtime.metrics import NotifierMetrics


async def test_a_rebalance_that_does_not_end_ends_the_process() -> None:
    """And one that ends does not, however often it comes."""
    assignment = Assignment("notifier-1", NotifierMetrics(CollectorRegistry(), "1"))
    assignment.wait_on(0)
    assignment.wait_on(REBALANCE_LIMIT_SECONDS)
    await assignment.on_partitions_assigned([])
    await assignment.on_partitions_revoked([])
    assignment.wait_on(REBALANCE_LIMIT_SECONDS + 1)
    assignment.wait_on(2 * REBALANCE_LIMIT_SECONDS)
    with pytest.raises(StuckError, match="61 s"):
        assignment.wait_on(2 * REBALANCE_LIMIT_SECONDS + 2)
