"""Records on their way out: one that its topic would refuse is found before it is sent."""

import pytest

from tocsin_runtime.outgoing import Outgoing, check_size
from tocsin_schemas.topics import ARTICLES_DEAD_LETTER, DETECTIONS


def test_a_record_that_fits_passes() -> None:
    """Up to about a mebibyte for a message."""
    check_size(Outgoing(DETECTIONS, b"UA-59", b"x" * 1_000_000))


def test_a_record_that_is_too_large_is_named() -> None:
    """The error names topic, size and limit."""
    with pytest.raises(ValueError, match=r"detections: 1048576 bytes, at most 1048576"):
        check_size(Outgoing(DETECTIONS, None, b"x" * 1_048_576))


def test_a_dead_letter_takes_any_message() -> None:
    """The largest message fits its dead-letter topic together with the headers."""
    headers = (("tocsin-detail", b"x" * 1000),)
    check_size(Outgoing(ARTICLES_DEAD_LETTER, b"k", b"x" * 1_048_576, headers))
