"""`classify` never raises, always answers alike, and takes time in proportion to the text."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin_classifier.domain.classify import weigh
from tocsin_classifier.domain.lexicon import LANGUAGES, entries
from tocsin_schemas.vocabulary import EvidenceField
from unit.classifier.samples import article

WORDS = sorted({form for code in LANGUAGES for e in entries(code) for form in e.forms})
PLACES = ["Sumy", "Київ", "Курской области", "régions de Soumy", "Gebiet Kursk", "Харківщина"]
MARKS = [
    ". ",
    ", ",
    "\n",
    "\n\n",
    " « ",
    " » ",
    '"',
    "„",
    "“",
    " — ",
    "1.250 ",
    "\u00a0",
    "❗️",
    "İ",
]

TEXTS = st.one_of(
    st.text(max_size=400),
    st.lists(st.sampled_from(WORDS + PLACES * 40 + MARKS * 40), max_size=80).map(" ".join),
)


@settings(max_examples=150, deadline=None)
@given(text=TEXTS, title=st.text(max_size=60), language=st.sampled_from(LANGUAGES))
def test_any_text_is_read_and_read_alike(text: str, title: str, language: str) -> None:
    """Quotes are verbatim in the field that they name, whatever the text is."""
    given_article = article(f"x{text}", language, title=title)
    statements = weigh(given_article)
    assert statements == weigh(given_article)
    fields = {EvidenceField.TITLE: given_article.title, EvidenceField.TEXT: given_article.text}
    for statement in statements:
        for piece in statement.evidence:
            assert fields[piece.field][piece.start : piece.end] == piece.quote


@pytest.mark.parametrize(
    ("language", "unit"),
    [
        ("fr", "Les forces russes ont pris la ville de Soumy. "),
        ("fr", "Soumy, Poltava, "),
        ("uk", "БпЛА на Київ\n"),
        ("ru", "взяли под контроль "),
        ("de", "angriff"),
        ("en", "“said Zelensky "),
        ("en", "Air raid alert in Sumy region\nAll clear in Kharkiv region\n"),
    ],
)
def test_time_grows_in_proportion(language: str, unit: str) -> None:
    """Eight times the text takes well under eight squared times as long."""

    def seconds(size: int) -> float:
        text = article((unit * (size // len(unit) + 1))[:size], language)
        rounds = []
        for _ in range(3):
            started = time.process_time()
            weigh(text)
            rounds.append(time.process_time() - started)
        return min(rounds)

    seconds(1_000)
    small = max(seconds(8_000), 0.01)
    assert seconds(64_000) < small * 30


@pytest.mark.parametrize("text", ["Missiles across the country", "Drones: nationwide"])
def test_a_threat_to_the_whole_country_is_read_where_no_place_is_named(text: str) -> None:
    """A line may have its area from a word such as "nationwide" alone."""
    assert [dict(s.slots)["phase"] for s in weigh(article(text, "en"))] == ["active"]
