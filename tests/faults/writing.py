"""What the stream posts: articles, later revisions of some, withdrawals, and plain repeats."""

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from faults.wording import Language, load_languages
from tocsin_ingest.domain.article import Defaults, make_article, read_raw
from tocsin_schemas.vocabulary import Mode

ACTIVE_FOR_SECONDS = 4 * 3600
"""Ingest is told so: an alarm reported three hours ago still is one, and lapses in minutes."""

WAR_SHARE = 0.15
_FOLLOWED_SHARE = 0.08
"""So many articles with a war sentence are revised, withdrawn or repeated afterwards."""
_OLD_SHARE = 0.05
"""So many articles with a war sentence are old: a timer of theirs is due within the minute."""
_LEFT_SECONDS = (15.0, 45.0)
_PUBLISHERS = ("North Desk", "South Desk", "East Desk", "West Desk", "Harbour Desk", "Lake Desk")
_LATER = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing to post."""

    article_id: UUID
    sha256: str
    """Digest of title and text, as ingest must come to."""
    body: dict[str, Any] | None
    """What is posted; None is a withdrawal."""
    war: bool
    round: int = 0
    """How many revisions came before."""


class Author:
    """Writes by dice; the same seed writes the same texts."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._languages = load_languages()
        self._count = 0

    def write(self, now: datetime) -> Piece:
        """A new article."""
        self._count += 1
        language = self._dice.choice(self._languages)
        war = self._dice.random() < WAR_SHARE
        old = war and self._dice.random() < _OLD_SHARE
        body: dict[str, Any] = {
            "text": self._old_text(language) if old else self._text(language, war=war),
            "publisher": self._dice.choice(_PUBLISHERS),
        }
        if self._dice.random() < 0.5:
            body["url"] = f"https://news.example/{self._count}"
        else:
            body |= {"id": f"piece-{self._count}", "source": {"id": "soak", "kind": "feed"}}
        if self._dice.random() < 0.7:
            body["language"] = language.code
        if old or self._dice.random() < 0.9:
            body["published_at"] = (now - self._age(old=old)).isoformat()
        if self._dice.random() < 0.02:
            body["mode"] = Mode.TEST
        return _piece(body, war=war)

    def follow_up(self, piece: Piece) -> Piece | None:
        """What becomes of an article that was accepted; None for most."""
        if piece.body is None or self._dice.random() > self._follow_chance(piece):
            return None
        chosen = self._dice.random()
        if chosen < 0.2:
            return replace(piece, body=None, round=piece.round + 1)
        if chosen < 0.3:
            return replace(piece, round=piece.round + 1)
        language = self._dice.choice(self._languages)
        text = piece.body["text"]
        if chosen < 0.8:  # a correction: another first sentence, the rest stays
            kept = text.split("\n", 1)[1]
            text = f"{self._first(language, war=self._dice.random() < 0.6)}\n{kept}"
        else:
            text = self._text(language, war=True)
        return replace(_piece({**piece.body, "text": text}, war=piece.war), round=piece.round + 1)

    def _follow_chance(self, piece: Piece) -> float:
        if piece.round:
            return 0.3
        return _FOLLOWED_SHARE if piece.war else _FOLLOWED_SHARE / 20

    def _text(self, language: Language, *, war: bool) -> str:
        return f"{self._first(language, war=war)}\n{self._rest(language)}"

    def _old_text(self, language: Language) -> str:
        return f"{language.old_war(self._dice)}\n{self._rest(language)}"

    def _rest(self, language: Language) -> str:
        return " ".join(language.peace(self._dice) for _ in range(5))

    def _first(self, language: Language, *, war: bool) -> str:
        return language.war(self._dice) if war else language.peace(self._dice)

    def _age(self, *, old: bool) -> timedelta:
        if not old:
            return timedelta(seconds=self._dice.uniform(0, 120))
        # An alarm lapses after three hours, a claim's window closes after 14 days: soon.
        length = self._dice.choice((timedelta(hours=3), timedelta(days=14)))
        return length - timedelta(seconds=self._dice.uniform(*_LEFT_SECONDS))


def _piece(body: dict[str, Any], *, war: bool) -> Piece:
    # Neither id nor digest depends on when it is received or on what language is detected.
    article = make_article(
        read_raw(body), received_at=_LATER, language_of=lambda _: [("en", 1.0)], defaults=Defaults()
    )
    return Piece(article.article_id, article.content_sha256, body, war)
