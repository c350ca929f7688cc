"""The stream's sentences lead to what they are meant to, so that a run compares something."""

import pytest

from factories import make_article
from faults.replay import detections_of
from faults.wording import Language, load_languages

LANGUAGES = load_languages()


def count(text: str, language: Language) -> int:
    """How many detections a text of that language leads to."""
    return len(detections_of(make_article(text=text, language=language.code)))


def test_all_five_languages_are_there() -> None:
    """The stream speaks every language that is classified."""
    assert {language.code for language in LANGUAGES} == {"de", "en", "fr", "ru", "uk"}


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_every_war_sentence_leads_to_a_detection(language: Language) -> None:
    """Whatever place and number fill it."""
    for templates, places in (*language.war_sentences(), *language.old_sentences()):
        for template in templates:
            for place in places:
                text = template.format(place=place, number=120)
                assert count(text, language) > 0, text


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_no_ordinary_sentence_leads_to_one(language: Language) -> None:
    """Most of the stream costs work and gives nothing."""
    for template in language.ordinary:
        text = template.format(number=120)
        assert count(text, language) == 0, text
