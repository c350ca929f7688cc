"""Sentences, segments and quotations keep their offsets."""

import pytest

from tocsin_classifier.domain.quotation import quoted_spans, span_around
from tocsin_classifier.domain.text import split
from tocsin_schemas.vocabulary import EvidenceField


def _sentences(text: str) -> list[str]:
    return [sentence.text for sentence in split(EvidenceField.TEXT, text, 0, 0)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One came. Two left!", ["One came.", "Two left!"]),
        ("M. Durand parle. Il part.", ["M. Durand parle.", "Il part."]),
        ("Am 15. August kam er. Er blieb.", ["Am 15. August kam er.", "Er blieb."]),
        ("Плоша 22 кв. км. Далі буде.", ["Плоша 22 кв. км.", "Далі буде."]),
        ("Über 1.250 Orte. Mehr nicht.", ["Über 1.250 Orte.", "Mehr nicht."]),
        ("« Non. » Il sort.", ["« Non. »", "Il sort."]),
        ("Ein Titel\n\nEin Satz.", ["Ein Titel", "Ein Satz."]),
        ("• one\n• two", ["• one", "• two"]),
        ("a line that\nis wrapped here.", ["a line that\nis wrapped here."]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    """Abbreviations, ordinals, figures, quotations, headings, bullets and wrapped lines."""
    assert _sentences(text) == expected


def test_offsets_are_the_fields() -> None:
    """Every sentence is the text between its offsets."""
    text = "  Un titre\n\nDeux phrases. « Trois », dit-il.\n"
    for sentence in split(EvidenceField.TEXT, text, 0, 0):
        assert text[sentence.start : sentence.end] == sentence.text


def test_a_line_of_its_own_is_a_heading() -> None:
    """Without a full stop and short."""
    first, second = split(EvidenceField.TEXT, "A heading\n\nA sentence.", 0, 0)
    assert (first.heading, second.heading) == (True, False)


def test_segments_part_at_commas_but_not_in_figures() -> None:
    """A comma inside a number is none."""
    (sentence,) = split(EvidenceField.TEXT, "By noon, 1,250 men left (all)", 0, 0)
    assert [sentence.text[a:b] for a, b in sentence.segments()] == [
        "By noon",
        "1,250 men left",
        "all",
    ]


def test_quotations_are_found_in_every_style() -> None:
    """Guillemets, German and English marks; an unclosed one is none."""
    text = '« un », „zwei“, “three”, "four" and “five'
    assert [text[a:b].strip() for a, b in quoted_spans(text)] == ["un", "zwei", "three", "four"]
    assert span_around(quoted_spans(text), text.index("zwei")) is not None
    assert span_around(quoted_spans(text), text.index("five")) is None
