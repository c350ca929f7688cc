"""Where the classifier was wrong: the sentence, what it should have given, and why it did not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from tocsin_classifier.domain.explain import Explanation, explain
from tocsin_classifier.domain.labels import Label, Labels
from tocsin_classifier.domain.scoring import Judgement, Key, label_keys, statement_keys
from tocsin_classifier.domain.text import sentences
from tocsin_schemas.article import Article
from tocsin_schemas.statement import Statement
from tocsin_schemas.vocabulary import AlertType, EvidenceField

NOTHING_FIRED = "no entry fired in this sentence"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One key that is missing or too much."""

    document: str
    language: str
    alert_type: AlertType
    kind: Literal["missed", "extra"]
    key: str
    """The key in words: `RU control`, `reported UA-59`."""
    sentence: str
    """The sentence that says so, or that was taken to say so."""
    quote: str
    expected: tuple[str, ...]
    """All keys of the type that the labels hold."""
    given: tuple[str, ...]
    """All keys of the type that came."""
    reasons: tuple[str, ...]
    """Why it came to that: reasons against (missed), entry and confidence (extra)."""


def mistakes(
    article: Article, labels: Labels, statements: Sequence[Statement], judgement: Judgement
) -> Iterator[Mistake]:
    """Each wrong key of a judged document, missed ones first."""
    if not (judgement.missed or judgement.extra):
        return
    explained = explain(article)
    for key in _ordered(judgement.missed):
        label = next(one for one in labels.alerts if key in label_keys(one))
        at = _start(article, label)
        sentence = _sentence(article, at) or label.quote
        yield _mistake(
            judgement, "missed", key, (sentence, label.quote), _against(explained, label, at)
        )
    for key in _ordered(judgement.extra):
        statement = next(one for one in statements if key in statement_keys(one))
        first = statement.evidence[0]
        where = (first.sentence, first.quote)
        yield _mistake(judgement, "extra", key, where, _in_favour(explained, statement))


def in_words(key: Key) -> str:
    """A key as people read it: who, and what."""
    _, who, what = key
    return f"{who or 'nobody named'} {what}"


def _ordered(keys: frozenset[Key]) -> list[Key]:
    return sorted(keys, key=lambda key: (key[0], key[1] or "", key[2]))


def _mistake(
    judgement: Judgement,
    kind: Literal["missed", "extra"],
    key: Key,
    where: tuple[str, str],
    reasons: tuple[str, ...],
) -> Mistake:
    alert_type = key[0]
    expected = judgement.hits | judgement.missed
    given = judgement.hits | judgement.extra
    return Mistake(
        judgement.document,
        judgement.language,
        alert_type,
        kind,
        in_words(key),
        *where,
        expected=tuple(in_words(one) for one in _ordered(expected) if one[0] is alert_type),
        given=tuple(in_words(one) for one in _ordered(given) if one[0] is alert_type),
        reasons=reasons,
    )


def _start(article: Article, label: Label) -> int:
    if label.start is not None:
        return label.start
    return max(0, article.text.find(label.quote))


def _sentence(article: Article, at: int) -> str | None:
    for one in sentences(article):
        if one.field is EvidenceField.TEXT and one.start <= at < one.end:
            return one.text
    return None


def _against(explained: list[Explanation], label: Label, at: int) -> tuple[str, ...]:
    end = at + len(label.quote)
    touching = [
        one
        for one in explained
        if one.field is EvidenceField.TEXT
        and one.start < end
        and at < one.start + len(one.sentence)
    ]
    found = [
        f"{verdict.entry}: {verdict.reason or 'gave a statement with other slots'}"
        for one in touching
        for verdict in one.verdicts
        if verdict.alert_type is label.type
    ]
    return tuple(dict.fromkeys(found)) or (NOTHING_FIRED,)


def _in_favour(explained: list[Explanation], statement: Statement) -> tuple[str, ...]:
    first = statement.evidence[0]
    found = [
        f"{verdict.entry}: {', '.join(verdict.features)}"
        for one in explained
        if one.field is first.field and one.start == first.sentence_start
        for verdict in one.verdicts
        if verdict.alert_type is statement.alert_type and verdict.reason is None
    ]
    return (*dict.fromkeys(found), f"confidence {statement.confidence.score:.2f}")
