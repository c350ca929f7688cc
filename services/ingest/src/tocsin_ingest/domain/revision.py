"""Tells whether an article is new, unchanged, corrected, another text, or withdrawn."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from tocsin_schemas.article import Article
from tocsin_schemas.vocabulary import RevisionKind, SourceKind

MIN_KEPT = 0.6
"""A correction keeps at least this share of the former text."""

_EDGE = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an article: its latest revision."""

    content: Article
    """The latest revision that has a text (the withdrawn one itself when none is known)."""
    revision: int
    """The latest revision, the withdrawn one included."""
    withdrawn: bool = False


def decide_revision(article: Article, known: Known | None) -> Article | None:
    """The article as the revision that it is, or null when nothing changed.

    Args:
        article: as handed over, not numbered yet.
        known: what is known of the same article, null when nothing.

    """
    if known is None:
        return article
    if article.content_sha256 == known.content.content_sha256:
        return None
    kind = RevisionKind.CORRECTION if _corrects(article, known.content) else RevisionKind.OTHER
    return article.model_copy(update={"revision": known.revision + 1, "revision_kind": kind})


def withdraw(known: Known, received_at: datetime) -> Article | None:
    """The revision that takes an article back, or null when it was taken back before.

    It has no text; its digest stays that of what was withdrawn, so that the same text coming
    again is recognised even when the former revisions are past their retention.
    """
    if known.withdrawn:
        return None
    return known.content.model_copy(
        update={
            "revision": known.revision + 1,
            "revision_kind": RevisionKind.WITHDRAWN,
            "title": "",
            "text": "",
            "received_at": received_at,
        }
    )


def follow(known: Known | None, article: Article) -> Known:
    """What is known after a revision was stored."""
    if known is not None and known.revision >= article.revision:
        return known
    if article.revision_kind is not RevisionKind.WITHDRAWN:
        return Known(article, article.revision)
    return Known(known.content if known else article, article.revision, withdrawn=True)


def _corrects(article: Article, former: Article) -> bool:
    return (
        SourceKind.LIVE_BLOG not in (article.source.kind, former.source.kind)
        and article.extraction is former.extraction
        and kept_share(former.text, article.text) >= MIN_KEPT
    )


def kept_share(former: str, latter: str) -> float:
    """How much of the former text stands in the latter, from 0 to 1, in pairs of words.

    Pairs, not words: two texts of one language share its small words anyway. Takes linear time.
    """
    before, after = _pairs(former), _pairs(latter)
    total = before.total()
    return (before & after).total() / total if total else 0.0


def _pairs(text: str) -> Counter[tuple[str, str]]:
    words = text.split()
    return Counter(pairwise([_EDGE, *words, _EDGE])) if words else Counter()
