"""What holds for every test."""

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """A command run in a test sends logs to that test's standard error, which ends with it."""
    yield
    structlog.reset_defaults()
