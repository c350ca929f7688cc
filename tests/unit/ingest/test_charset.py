"""From bytes to text: what the bytes show wins over what is declared."""

import pytest

from tocsin_ingest.domain.charset import decode

RUSSIAN = "Паром снова ходит с понедельника, сообщили в порту. " * 3
FRENCH = "Le préfet a déclaré que la forêt brûlait déjà à l’aube. "


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (RUSSIAN.encode(), "text/html; charset=windows-1251", RUSSIAN),
        (RUSSIAN.encode("cp1251"), "text/html", RUSSIAN),
        (RUSSIAN.encode("cp1251"), "text/html; charset=utf-8", RUSSIAN),
        (RUSSIAN.encode("koi8-r"), 'text/html; charset="KOI8-R"', RUSSIAN),
        (FRENCH.encode("cp1252"), "text/html; charset=ISO-8859-1", FRENCH),
        (FRENCH.encode("cp1252"), "text/html; charset=utf-8", FRENCH),
        (b"<meta charset=cp1251>" + RUSSIAN.encode("cp1251"), "text/html; charset=latin1",
         "<meta charset=cp1251>" + RUSSIAN),
        (b"\xff\xfe" + FRENCH.encode("utf-16-le"), "text/html; charset=utf-8", FRENCH),
        (b"plain", "text/html; charset=zip", "plain"),
        (b"", "", ""),
    ],
)  # fmt: skip
def test_text_is_read_as_it_was_written(body: bytes, content_type: str, text: str) -> None:
    """Whatever the header and the document say of it."""
    assert decode(body, content_type) == text


def test_a_text_cut_inside_a_character_stays_what_it_is() -> None:
    """One broken character does not make another charset of the rest."""
    assert decode(RUSSIAN.encode()[:-2] + b"\xd0", "") == f"{RUSSIAN[:-2]}\ufffd"
