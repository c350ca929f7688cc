"""Clean text keeps what people wrote and where it stands."""

import pytest

from tocsin_ingest.domain.clean import clean_line, clean_text


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("e\u0301te\u0301", "été"),
        ("и\u0306од", "йод"),
        ("one\x00two\x0bthree\x7f\x85four", "one two three  four"),
        ("a\r\nb\n\n\tc\rd", "a\r\nb\n\n\tc\rd"),
        ("\ufeffBell", "Bell"),
        ("1.250 km\u00b2\u202f\u00a0«x»", "1.250 km\u00b2\u202f\u00a0«x»"),
    ],
)
def test_text_is_composed_and_free_of_controls(given: str, clean: str) -> None:
    """Marks join their letters, controls become spaces, line ends and odd spaces stay."""
    assert clean_text(given) == clean


def test_a_title_is_one_line() -> None:
    """Line ends and runs of spaces in a title become one space."""
    assert clean_line("  Drones \r\n over\tthe  north ") == "Drones over the north"
