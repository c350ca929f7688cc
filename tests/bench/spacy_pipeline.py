"""A French spaCy pipeline with the same gazetteer, to hold the classifier's time against."""

import spacy
from spacy.language import Language

from tocsin_classifier.domain.gazetteer import forms

MODEL = "fr_core_news_sm"


def pipeline() -> Language:
    """The small French model with an EntityRuler of every form of the gazetteer."""
    loaded = spacy.load(MODEL)
    ruler = loaded.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    with loaded.select_pipes(enable=["entity_ruler"]):
        ruler.add_patterns([{"label": "PLACE", "pattern": form} for form in forms()])
    return loaded
