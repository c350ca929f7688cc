"""Articles for the classifier's tests."""

from datetime import datetime
from pathlib import Path
from unicodedata import normalize

import factories
from tocsin_classifier.domain.classify import classify
from tocsin_classifier.domain.scan import Passage, Reading, read
from tocsin_schemas import ids
from tocsin_schemas.article import Article, ArticleSource
from tocsin_schemas.slots import StanceSlots, WarningSlots
from tocsin_schemas.vocabulary import Action, SourceKind

SEED = Path(__file__).parents[3] / "seeds" / "000_8e6536fb18eeebd8.txt"


def article(
    text: str, language: str = "fr", *, title: str = "", published_at: datetime | None = None
) -> Article:
    """An article as ingest would publish it."""
    return Article(
        article_id=ids.article_id_from_text("tests", text),
        content_sha256="0" * 64,
        source=ArticleSource(id="tests", kind=SourceKind.FILE, publisher="Example Gazette"),
        title=normalize("NFC", title),
        text=normalize("NFC", text),
        language=language,
        published_at=published_at,
        received_at=factories.NOON,
    )


def seed() -> Article:
    """The owner's sample article."""
    return article(SEED.read_text("utf-8"))


def reading(text: str, language: str = "fr", *, title: str = "") -> Reading:
    """A text that has at least one trigger, read."""
    found = read(article(text, language, title=title))
    assert found is not None, "no trigger"
    return found


def passage(text: str, language: str = "fr") -> tuple[Reading, Passage]:
    """The last sentence of a text, with the reading it belongs to."""
    found = reading(text, language)
    return found, found.passages[-1]


def told(text: str, language: str) -> set[str]:
    """What a text is read as, in short: side and action, actor and stance, or a warning's phase."""
    found = set()
    for statement in classify(article(text, language)):
        slots = statement.slots
        if isinstance(slots, StanceSlots):
            found.add(f"{slots.actor} {slots.stance}")
        elif isinstance(slots, WarningSlots):
            found.add(str(slots.phase))
        elif slots.action is Action.CONTESTED:
            found.add("contested")
        elif slots.action is Action.WITHDRAW:
            found.add(f"{slots.loser} lost")
        else:
            found.add(f"{slots.claimant} {slots.action}")
    return found
