"""Articles as a feed brings them: one in ten about the war, 0.3 to 12 KiB, five languages."""

import hashlib
import json
import math
import random
import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from unicodedata import normalize

from pydantic import BaseModel, ConfigDict

from tocsin_schemas import ids
from tocsin_schemas.article import Article, ArticleSource
from tocsin_schemas.vocabulary import SourceKind

WAR_SHARE = 0.1
SMALLEST_BYTES = 300
LARGEST_BYTES = 12 * 1024
MEDIAN_BYTES = 2048
"""Half of the articles are shorter: many feeds carry summaries only."""
_SPREAD = 0.9
"""Standard deviation of the logarithm of the size."""
_NEAR_MISS_SHARE = 0.04
"""So many ordinary sentences have words at which the rules look more closely, for nothing."""
_WAR_PART = 0.25
"""The rest of it is about something else, so that it has as many alerts a KiB as the sample."""

_TESTS = Path(__file__).resolve().parents[1]
_PUBLISHERS = ("North Desk", "South Desk", "East Desk", "West Desk", "Harbour Desk", "Lake Desk")


class _Language(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    towns: tuple[str, ...]
    names: tuple[str, ...]
    sentences: tuple[str, ...]


class Traffic:
    """Writes articles by dice; the same seed writes the same texts."""

    def __init__(self, seed: int = 1, *, war_share: float = WAR_SHARE) -> None:
        self._dice = random.Random(seed)
        self._seed = seed
        self._war_share = war_share
        self._count = 0

    def text(
        self, *, size: int | None = None, war: bool | None = None, language: str | None = None
    ) -> tuple[str, str]:
        """A language and a text of it.

        Args:
            size: about so many bytes of UTF-8; None rolls the dice.
            war: whether it is about the war; None rolls the dice.
            language: its language; None rolls the dice.

        """
        choices = [one for one in _languages() if language in (None, one.code)]
        chosen = self._dice.choice(choices)
        wanted = self._size() if size is None else size
        about_war = self._dice.random() < self._war_share if war is None else war
        parts: list[str] = []
        length = 0
        while about_war and length < _WAR_PART * wanted:
            parts.append(self._dice.choice(_documents(chosen.code)))
            length += len(parts[-1].encode()) + 1
        while length < wanted:
            parts.append(self._sentence(chosen))
            length += len(parts[-1].encode()) + 1
        return chosen.code, normalize("NFC", "\n".join(parts))

    def article(self, at: datetime) -> Article:
        """An article as ingest publishes it; its id is that of its number."""
        language, text = self.text()
        self._count += 1
        return Article(
            article_id=ids.article_id_from_source("bench", f"{self._seed}-{self._count}"),
            content_sha256=hashlib.sha256(text.encode()).hexdigest(),
            source=ArticleSource(
                id="bench", kind=SourceKind.API, publisher=self._dice.choice(_PUBLISHERS)
            ),
            text=text,
            language=language,
            published_at=at,
            received_at=at,
            dated_at=at,
        )

    def articles(self, count: int, at: datetime) -> Iterator[Article]:
        """So many articles, a tenth of a second apart."""
        for number in range(count):
            yield self.article(at + timedelta(seconds=number / 10))

    def _size(self) -> int:
        rolled = self._dice.lognormvariate(math.log(MEDIAN_BYTES), _SPREAD)
        return int(min(max(rolled, SMALLEST_BYTES), LARGEST_BYTES))

    def _sentence(self, language: _Language) -> str:
        if self._dice.random() < _NEAR_MISS_SHARE:
            return self._dice.choice(_near_misses(language.code))
        return self._dice.choice(language.sentences).format(
            town=self._dice.choice(language.towns),
            name=self._dice.choice(language.names),
            number=self._dice.randrange(20, 2000),
        )


@cache
def _languages() -> tuple[_Language, ...]:
    data = tomllib.loads(Path(__file__).with_name("ordinary.toml").read_text("utf-8"))
    return tuple(_Language.model_validate(one) for one in data["language"])


@cache
def _documents(language: str) -> tuple[str, ...]:
    """The documents of the labelled corpus about the war, of our own wording."""
    return tuple(one["text"] for one in _lines(_TESTS / "corpus" / f"{language}.jsonl"))


@cache
def _near_misses(language: str) -> tuple[str, ...]:
    """Ordinary sentences of our own that sound like the war."""
    lines = _lines(_TESTS / "quality" / "ordinary.jsonl")
    return tuple(one["text"] for one in lines if one["lang"] == language)


def _lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
