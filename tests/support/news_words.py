"""The words of the pages: one made-up article in five languages, and what surrounds it."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter


@dataclass(frozen=True)
class Words:
    """What a page says."""

    language: str
    title: str
    body: tuple[str, ...]
    related: tuple[str, ...]
    menu: tuple[str, ...]
    more: str
    cookies: str
    newsletter: str
    caption: str
    comment: str
    imprint: str

    @property
    def boilerplate(self) -> tuple[str, ...]:
        """What must not come out."""
        return (*self.related, self.cookies, self.newsletter, self.comment, self.imprint)


_FILE = Path(__file__).resolve().parents[1] / "data" / "news_pages.json"

WORDS = TypeAdapter(tuple[Words, ...]).validate_json(_FILE.read_bytes())
"""One article in five languages."""
