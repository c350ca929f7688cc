"""Whatever a text holds is classified without an error, always alike, with verbatim evidence."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin_classifier.domain.classify import weigh
from tocsin_classifier.domain.gazetteer import forms
from tocsin_classifier.domain.lexicon import LANGUAGES, entries
from tocsin_classifier.domain.text import Sentence
from tocsin_schemas.vocabulary import EvidenceField
from unit.classifier.samples import article

NAMES = sorted(forms())
WORDS = {
    code: sorted(
        {form.replace("*", "").replace(" + ", " ") for e in entries(code) for form in e.forms}
    )
    for code in LANGUAGES
}


@st.composite
def mixtures(draw: st.DrawFn, language: str) -> str:
    """Forms of the lexicon and names of places, with any characters between them."""
    words = st.sampled_from(WORDS[language])
    piece = st.one_of(words, words, st.sampled_from(NAMES).map(str.title), st.text(max_size=6))
    joined = st.sampled_from([" ", " ", " ", ", ", ". ", "\n", " « ", " » ", "-", ""])
    pieces = draw(st.lists(st.tuples(piece, joined), max_size=60))
    return "".join(one + mark for one, mark in pieces)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(LANGUAGES).flatmap(lambda code: st.tuples(st.just(code), mixtures(code))))
def test_any_mixture_is_read_alike_and_quoted_verbatim(told: tuple[str, str]) -> None:
    """Two readings give the same, and each quote stands where its offsets say."""
    language, text = told
    given_article = article(f"x{text}", language)
    statements = weigh(given_article)
    assert statements == weigh(given_article)
    for statement in statements:
        for piece in statement.evidence:
            assert piece.field is EvidenceField.TEXT
            assert given_article.text[piece.start : piece.end] == piece.quote


@given(st.text(max_size=60), st.integers(-5, 80), st.integers(-5, 80))
def test_words_between_two_offsets_are_those_of_the_text_between(
    text: str, start: int, end: int
) -> None:
    """A word that an offset cuts counts too."""
    sentence = Sentence(EvidenceField.TEXT, 0, 0, 0, len(text), text, heading=False)
    expected = len(re.findall(r"\w+", text[max(0, start) : max(0, end)]))
    assert sentence.words_between(start, end) == expected
