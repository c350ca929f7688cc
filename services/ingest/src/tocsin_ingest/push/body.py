"""From what a request holds to clean articles; no HTTP and no clock: it runs in a thread."""

import json
from collections.abc import Sequence
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
"""Most articles of one request that is no stream."""


class BodyError(Exception):
    """A body as a whole cannot be used."""

    def __init__(self, status: int, code: str, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.refusal = Refusal("body", code, reason)


@dataclass(frozen=True, slots=True)
class Taken:
    """One article that was handed over, fine or not."""

    kind: str
    """The kind of its source; `unknown` when not even its shape is right."""
    article: Article | None = None
    """Clean; null when anything was refused."""
    has_revisions: bool = False
    """Whether another text of it would be its next revision."""
    refusals: tuple[Refusal, ...] = ()
    """All that is wrong."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Checks what is handed over."""

    language_of: Identify
    """Ranks the languages of a text, asked only when none was named."""
    defaults: Defaults
    """What holds where an article is silent."""

    def take_body(self, body: bytes, received_at: datetime) -> list[Taken]:
        """Check every article of a JSON body.

        Raises:
            BodyError: it is no UTF-8, no JSON, neither object nor list, an empty or too long list.

        """
        items = _read_items(body)
        taken = [self._take(item, received_at) for item in items]
        return [_place(one, position) for position, one in enumerate(taken)]

    def take_lines(self, lines: Sequence[bytes], received_at: datetime) -> list[Taken]:
        """Check every line of JSON Lines; one that is no JSON is refused like a wrong article."""
        return [self._take_line(line, received_at) for line in lines]

    def _take_line(self, line: bytes, received_at: datetime) -> Taken:
        try:
            return self._take(_read_json(line), received_at)
        except BodyError as error:
            return Taken("unknown", refusals=(error.refusal,))

    def _take(self, item: object, received_at: datetime) -> Taken:
        raw: RawArticle | None = None
        try:
            raw = read_raw(item)
            article = make_article(
                raw, received_at=received_at, language_of=self.language_of, defaults=self.defaults
            )
        except RefusedError as error:
            return Taken(_kind_of(raw), refusals=error.refusals)
        return Taken(_kind_of(raw), article, has_revisions(raw))


def _kind_of(raw: RawArticle | None) -> str:
    if raw is None:
        return "unknown"
    return raw.source.kind if raw.source else "api"


def _place(taken: Taken, position: int) -> Taken:
    if not taken.refusals:
        return taken
    return replace(
        taken, refusals=tuple(replace(refusal, index=position) for refusal in taken.refusals)
    )


def _read_items(body: bytes) -> list[Any]:
    given = _read_json(body)
    if isinstance(given, dict):
        return [given]
    if not isinstance(given, list):
        raise BodyError(400, "type", "neither an article (object) nor a list of articles")
    if not given:
        raise BodyError(400, "empty", "an empty list; post at least one article")
    if len(given) > MAX_ARTICLES:
        raise BodyError(
            413,
            "too_many",
            f"{len(given)} articles, at most {MAX_ARTICLES} are allowed; split it, or send JSON "
            "Lines (application/x-ndjson), which have no limit",
        )
    return given


def _read_json(raw: bytes) -> object:
    try:
        given: object = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BodyError(400, "no_utf8", f"no UTF-8 at byte {error.start}: {error.reason}") from None
    except RecursionError:
        raise BodyError(400, "no_json", "nested too deeply") from None
    except ValueError as error:
        raise BodyError(400, "no_json", f"no JSON: {error}") from None
    return given
