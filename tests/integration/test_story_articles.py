"""The story told by articles: from their words in five languages to exactly these alerts.

Nothing is put in between: revisions are told as ingest tells them, statements as the classifier
reads them, events as the notifier keeps them. The clock is that of the table.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

import factories as make
from correlation import Partition
from factories import days, hours, minutes
from tocsin_classifier.domain.classify import classify
from tocsin_classifier.domain.fingerprint import fingerprint
from tocsin_classifier.domain.spread import detections
from tocsin_ingest.domain.revision import Known, decide_revision, follow
from tocsin_notifier.domain.correlate import correlate
from tocsin_notifier.domain.outcome import AnyAlert
from tocsin_notifier.domain.publication import stamp
from tocsin_schemas.alerts import (
    AirRaidWarningAlert,
    NegotiationStanceAlert,
    TerritorialClaimAlert,
)
from tocsin_schemas.article import Article, ArticleSource
from tocsin_schemas.detection import ArticleRevised, Detection
from tocsin_schemas.vocabulary import Phase, RevisionKind, SourceKind

DAY = make.NOON.replace(hour=0)
"""Midnight in UTC of the first day: 03:00 in Kyiv."""


@dataclass(frozen=True)
class Line:
    """An article, or a new text of it, and the alerts that must come of it."""

    clock: str
    """Day and UTC time at which it is published and read."""
    language: str
    name: str
    text: str
    alerts: tuple[str, ...] = ()
    kind: SourceKind = SourceKind.API
    published: str = ""
    """When it was published, when that is not when it is read."""


STORY = (
    Line(
        "1 08:00", "uk", "Вісник",
        "Президент Володимир Зеленський заявив, що українські військові контролюють понад 1000 "
        "квадратних кілометрів у Курській області.",
        ("claim UA RU-KRS new first_report claimed 1000",),
    ),
    Line(
        "1 09:00", "de", "Bote",
        "Ukrainische Truppen kontrollieren über 1000 Quadratkilometer in der Region Kursk, sagte "
        "Präsident Selenskyj.",
        ("claim UA RU-KRS updated certainty_raised claimed 1000",),
    ),
    Line(
        "1 11:00", "ru", "Листок",
        "Министерство обороны России отрицает, что украинские войска захватили территорию в "
        "Курской области.",
        (
            "claim RU RU-KRS new first_report claimed None",
            "claim UA RU-KRS updated denied denied 1000",
        ),
    ),
    Line(
        "1 11:30", "ru", "Вестник юга",
        "Министр иностранных дел Лавров заявил, что Россия отказывается от мирных переговоров с "
        "Украиной.",
        ("stance RU new first_report rejects none",),
    ),
    Line(
        "1 19:00", "uk", "Тривожний канал",
        "Повітряна тривога на Сумщині! Загроза ударних дронів.",
        ("warning UA-59 new first_report active drone",),
    ),
    Line(
        "1 19:05", "en", "Northern Wire",
        "Air raid alert in Sumy region: missile threat.",
        ("warning UA-59 updated threat_changed active drone+missile",),
    ),
    Line(
        "1 19:40", "uk", "Обласні новини",
        "Відбій загрози ударних дронів у Сумській області.",
        ("warning UA-59 updated threat_changed active missile",),
    ),
    Line(
        "1 19:50", "uk", "Районні новини",
        "Відбій повітряної тривоги у Сумському районі.",
        ("warning UA-59 updated area_part_ended active missile part",),
    ),
    Line(
        "1 20:00", "uk", "Тривожний канал",
        "Повітряна тривога на Сумщині! Є загроза ударних дронів.",
    ),
    Line(
        "1 20:10", "ru", "Харьков сегодня",
        "Воздушная тревога в Харьковской области.",
        ("warning UA-63 new first_report active unknown",),
    ),
    Line(
        "1 20:30", "fr", "Le Courrier",
        "Fin de l'alerte aérienne dans la région de Soumy.",
        ("warning UA-59 ended all_clear ended drone+missile",),
    ),
    Line(
        "2 00:30", "en", "Weather Desk",
        "Rain is expected in the north.",
        ("warning UA-63 updated lapsed lapsed unknown",),
    ),
    Line(
        "2 08:50", "en", "Live Page",
        "Air raid alert in Sumy region: drones are in the air.",
        ("warning UA-59 new first_report active drone",), SourceKind.LIVE_BLOG,
    ),
    Line(
        "2 09:00", "de", "Morgenblatt",
        "In der Nacht wurden über der Region Sumy zwölf Drohnen abgeschossen.",
        ("warning UA-59 new first_report reported drone",),
    ),
    Line(
        "2 10:00", "en", "Figures Daily",
        "President Zelensky said Ukrainian forces now control more than 1,250 square kilometres "
        "in Kursk region. His evening address was shown on television and lasted ten minutes.",
        ("claim UA RU-KRS updated numbers_grown denied 1250",),
    ),
    Line(
        "2 10:30", "uk", "Обласні новини",
        "Відбій повітряної тривоги у Сумській області.",
        ("warning UA-59 ended all_clear ended drone",),
    ),
    Line(
        "2 11:00", "en", "Live Page",
        "Rain fell at noon. Air raid alert in Sumy region: drones are in the air.",
        (), SourceKind.LIVE_BLOG,
    ),
    Line(
        "2 11:30", "en", "Figures Daily",
        "President Zelensky said Ukrainian forces now control ground in Kursk region. His evening "
        "address was shown on television and lasted ten minutes.",
        ("claim UA RU-KRS updated evidence_corrected denied 1000",),
    ),
    Line(
        "2 12:00", "de", "Abendblatt",
        "Russland ist unter Bedingungen zu Friedensgesprächen mit der Ukraine bereit, sagte "
        "Außenminister Lawrow.",
        ("stance RU new first_report conditional softening",),
    ),
    Line("2 12:10", "uk", "Тривожний канал", "Новини області читайте на нашому сайті."),
    Line(
        "2 12:20", "uk", "Тривожний канал",
        "Повітряна тривога на Сумщині! Є загроза ударних дронів.",
    ),
    Line("2 14:00", "uk", "Запорізькі вісті", "Відбій повітряної тривоги у Запорізькій області."),
    Line(
        "2 14:03", "fr", "Le Lent",
        "Alerte aérienne dans la région de Zaporijjia.",
        ("warning UA-23 new stale reported unknown",), published="2 13:40",
    ),
)  # fmt: skip


def at(clock: str) -> datetime:
    """A time of the story: day and UTC time, such as `1 19:00`."""
    day, time = clock.split()
    hour, minute = map(int, time.split(":"))
    return DAY + days(int(day) - 1) + timedelta(hours=hour, minutes=minute)


class Pipeline:
    """From an article as it is handed over to its alerts."""

    def __init__(self) -> None:
        self.partition = Partition()
        self._known: dict[str, Known] = {}

    def detect(self, line: Line, *, published_at: datetime) -> list[Detection | ArticleRevised]:
        """What ingest and classifier make of a line."""
        source = ArticleSource(id="tests", kind=line.kind, publisher=line.name)
        given = make.make_article(
            name=line.name,
            text=line.text,
            language=line.language,
            source=source,
            published_at=published_at,
            received_at=published_at,
            dated_at=published_at,
            content_sha256=hashlib.sha256(line.text.encode()).hexdigest(),
        )
        known = self._known.get(line.name)
        article = decide_revision(given, known)
        assert article is not None, "the same text again is no line of a story"
        self._known[line.name] = follow(known, article)
        return [*_said(article), *_revised(article)]

    def read(self, line: Line, *, published_at: datetime, now: datetime) -> list[AnyAlert]:
        """The alerts of a line."""
        first = len(self.partition.alerts)
        self.partition.tick_when_due(now)
        for record in self.detect(line, published_at=published_at):
            self.partition.read(record, now)
        return self.partition.alerts[first:]


def _said(article: Article) -> list[Detection]:
    mark = fingerprint(article.text)
    return [one for said in classify(article) for one in detections(said, article, mark)]


def _revised(article: Article) -> list[ArticleRevised]:
    if article.revision_kind is RevisionKind.FIRST:
        return []
    return [
        ArticleRevised(
            article_id=article.article_id,
            revision=article.revision,
            revision_kind=article.revision_kind,
        )
    ]


def describe(alert: AnyAlert) -> str:
    """An alert as the table writes it."""
    life = f"{alert.status} {alert.change_reason}"
    if isinstance(alert, TerritorialClaimAlert):
        area = "None" if alert.area_km2 is None else f"{alert.area_km2:g}"
        where = alert.places[0].code
        return f"claim {alert.claimant} {where} {life} {alert.assertion} {area}"
    if isinstance(alert, NegotiationStanceAlert):
        return f"stance {alert.actor} {life} {alert.stance} {alert.shift}"
    assert isinstance(alert, AirRaidWarningAlert)
    threats = "+".join(alert.threats) or "unknown"
    extent = " part" if alert.extent == "part" else ""
    return f"warning {alert.region} {life} {alert.phase} {threats}{extent}"


def test_the_articles_give_exactly_the_alerts_of_the_table() -> None:
    """Line by line."""
    pipeline = Pipeline()
    told = []
    for line in STORY:
        alerts = pipeline.read(line, published_at=published(line), now=at(line.clock))
        told.append((line.clock, line.name, tuple(map(describe, alerts))))
    assert told == [(line.clock, line.name, line.alerts) for line in STORY]


def test_it_is_told_by_twelve_articles_or_more_in_five_languages() -> None:
    """As the story of the sample article is."""
    telling = [line for line in STORY if line.alerts]
    assert {line.language for line in telling} == {"uk", "ru", "en", "de", "fr"}
    assert len({line.name for line in telling}) >= 12


def test_a_backlog_of_articles_gives_nothing_active() -> None:
    """Four hours of outage before the classifier: what was on is told as reported."""
    pipeline = Pipeline()
    now = at(STORY[-1].clock) + hours(4)
    for line in STORY:
        for alert in pipeline.read(line, published_at=published(line), now=now):
            assert getattr(alert, "phase", None) is not Phase.ACTIVE
    assert len(pipeline.partition.alerts) >= 10


def test_a_backlog_of_detections_gives_nothing_active_that_is_not_late() -> None:
    """Four hours of outage before the notifier: the log's time was right, what is sent is late."""
    pipeline, state = Pipeline(), Partition()
    active = []
    for line in STORY:
        now = at(line.clock)
        state.tick_when_due(now)
        for record in pipeline.detect(line, published_at=published(line)):
            drafts = correlate(state.state, record, now).alerts
            state.read(record, now)
            sent = [stamp(draft, now + hours(4)) for draft in drafts]
            active += [one for one in sent if getattr(one, "phase", None) is Phase.ACTIVE]
    assert len(active) >= 5
    assert all(alert.late for alert in active)


@pytest.mark.parametrize("apart", [15, 60])
def test_the_first_poll_of_a_feed_with_old_items_gives_nothing_active(apart: int) -> None:
    """Fifty sirens of the last days in one feed, but none of this hour."""
    pipeline = Pipeline()
    now = at("2 18:00")
    for number in range(50):
        line = Line("2 18:00", "uk", f"Стрічка {number}", "Повітряна тривога на Сумщині!")
        age = minutes(61 + apart * number)
        for alert in pipeline.read(line, published_at=now - age, now=now):
            assert getattr(alert, "phase", None) is Phase.REPORTED
    assert pipeline.partition.alerts


def published(line: Line) -> datetime:
    """When a line's article was published."""
    return at(line.published or line.clock)
