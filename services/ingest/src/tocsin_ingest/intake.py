"""From the bytes of a request to clean articles; no HTTP and no clock: it runs in a thread."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tocsin_ingest.domain.article import (
    Defaults,
    RawArticle,
    has_revisions,
    make_article,
    read_raw,
)
from tocsin_ingest.domain.language import Identify
from tocsin_ingest.domain.refusal import Refusal, RefusedError
from tocsin_schemas.article import Article

MAX_ARTICLES = 1000
"""Most articles of one request."""


class BodyError(Exception):
    """A body as a whole cannot be used."""

    def __init__(self, status: int, code: str, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.refusal = Refusal("body", code, reason)


@dataclass(frozen=True, slots=True)
class Taken:
    """What one request brought."""

    articles: tuple[Article, ...]
    """Clean articles; empty when anything was refused."""
    raws: tuple[RawArticle, ...]
    """As handed over, those whose shape is right."""
    refusals: tuple[Refusal, ...]
    """All that is wrong, with the position of the article."""
    count: int
    """How many were handed over."""

    def has_revisions(self, position: int) -> bool:
        """Whether another text of that article would be its next revision."""
        return has_revisions(self.raws[position])


Take = Callable[[bytes, datetime], Taken]
"""Reads a body that was received at that time."""


def take_articles(
    body: bytes, received_at: datetime, *, language_of: Identify, defaults: Defaults
) -> Taken:
    """Check every article of a body; all of them are fine, or none is to be published.

    Raises:
        BodyError: it is no UTF-8, no JSON, neither object nor list, an empty or too long list.

    """
    articles: list[Article] = []
    raws: list[RawArticle] = []
    refusals: list[Refusal] = []
    items = _read_items(body)
    for position, item in enumerate(items):
        try:
            raw = read_raw(item)
            raws.append(raw)
            articles.append(
                make_article(
                    raw, received_at=received_at, language_of=language_of, defaults=defaults
                )
            )
        except RefusedError as error:
            refusals.extend(replace(refusal, index=position) for refusal in error.refusals)
    return Taken(() if refusals else tuple(articles), tuple(raws), tuple(refusals), len(items))


def _read_items(body: bytes) -> list[Any]:
    try:
        given = json.loads(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BodyError(400, "no_utf8", f"no UTF-8 at byte {error.start}: {error.reason}") from None
    except RecursionError:
        raise BodyError(400, "no_json", "nested too deeply") from None
    except ValueError as error:
        raise BodyError(400, "no_json", f"no JSON: {error}") from None
    if isinstance(given, dict):
        return [given]
    if not isinstance(given, list):
        raise BodyError(400, "type", "neither an article (object) nor a list of articles")
    if not given:
        raise BodyError(400, "empty", "an empty list; post at least one article")
    if len(given) > MAX_ARTICLES:
        raise BodyError(
            413, "too_many", f"{len(given)} articles, at most {MAX_ARTICLES} are allowed; split it"
        )
    return given
