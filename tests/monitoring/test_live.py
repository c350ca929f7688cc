"""The released rules and dashboards on a real Prometheus that scrapes the running services.

The tests stand in the order of one watch: traffic, then one fault after the other.
"""

import asyncio
import contextlib
import math
import time
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest

from monitoring.conftest import Watched
from support.monitoring import panel_of, panels
from support.services import ConditionNotMetError, wait_until
from support.topics import publish
from tocsin_schemas.topics import ARTICLES

pytestmark = pytest.mark.alone

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
POISONED = 40


def post(watched: Watched, name: str, text: str) -> str:
    """Hand an article over with a trace of its own; gives its id."""
    published = datetime.now(UTC) - timedelta(minutes=2)
    status, answer = watched.pipeline.post(
        {
            "id": name,
            "text": text,
            "publisher": name,
            "language": "en",
            "published_at": published.isoformat(),
        },
        {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"},
    )
    assert status == 202, answer
    return str(answer["articles"][0]["article_id"])


def take_back(watched: Watched, article_id: str) -> None:
    url = f"{watched.pipeline.stack.processes['ingest'].url}/v1/articles/{article_id}"
    urllib.request.urlopen(urllib.request.Request(url, method="DELETE"), timeout=10).close()


def values(watched: Watched, query: str) -> list[float]:
    return [value for _, value in watched.monitoring.query(query)]


def is_shown(watched: Watched, alert: str, value: float, **labels: str) -> bool:
    """Whether the panel of an alert's runbook has a series with these labels at that value."""
    return any(
        labels.items() <= found.items() and (shown >= value > 0 or shown == value)
        for query in panel_of(alert).queries
        for found, shown in watched.monitoring.query(query)
    )


def wait_for_alert(watched: Watched, alert: str, **labels: str) -> None:
    """Until Prometheus and Alertmanager tell of it, and of nothing else.

    A scrape that a busy machine misses clears an alert for a moment, so both are asked again.
    """

    def fires_alone() -> bool:
        told = watched.monitoring.firing()
        return (
            any(labels.items() <= one.items() for one in told)
            and {one["alertname"] for one in told} == {alert}
            and watched.monitoring.names_firing() == {alert}
        )

    wait_until(fires_alone, 90, f"{alert} {labels} alone in Prometheus and Alertmanager")


def wait_for_peace(watched: Watched) -> None:
    """Until Prometheus and Alertmanager have nothing to tell."""

    def quiet() -> bool:
        return not watched.monitoring.names_firing() and not watched.monitoring.firing()

    wait_until(quiet, 90, "all alerts resolved")


def test_all_rules_load_and_can_be_evaluated(watched: Watched) -> None:
    """Those of the repository, and nothing fires on a pipeline that is well."""

    def evaluated() -> bool:
        return all(one["health"] == "ok" for one in watched.monitoring.rules())

    def scraped() -> bool:
        """A rate needs figures from before the traffic."""
        answers = values(watched, "up")
        return len(answers) > len(watched.pipeline.stack.processes) and all(answers)

    wait_until(evaluated, 30, "every rule evaluated")
    wait_until(scraped, 30, "every service scraped")
    assert len(watched.monitoring.rules()) == 20
    wait_for_peace(watched)


def test_every_query_of_every_dashboard_gives_figures_under_traffic(watched: Watched) -> None:
    watched.pipeline.post({"text": ""})
    (watched.inbox / "note.txt").write_text("The market in the old town opens on Sunday.")
    asyncio.run(
        publish(watched.pipeline.settings, ARTICLES, [(b"later", b'{"kind": "novelty", "v": 1}')])
    )
    first = post(watched, "north", "Ukraine said its forces captured the village of Robotyne.")
    watched.pipeline.settle()
    scraped = 'tocsin_alerts_by_region_total{alert_type="territorial-claim"}'
    wait_until(lambda: bool(values(watched, scraped)), 30, "the first alert scraped")
    post(watched, "south", "Russia rejected a ceasefire, foreign minister Lavrov said on Monday.")
    post(watched, "west", "An air raid alert is in effect in Sumy region, the governor said.")
    take_back(watched, first)
    watched.pipeline.settle()

    missing = {(panel.board, panel.title, query) for panel in panels() for query in panel.queries}

    def answered() -> bool:
        """What was seen once counts: under traffic that has passed, rates fall back to nothing."""
        missing.difference_update(
            [one for one in missing if any(map(math.isfinite, values(watched, one[2])))]
        )
        return not missing

    with contextlib.suppress(ConditionNotMetError):
        wait_until(answered, 60, "figures for every query")
    assert not missing


def test_a_histogram_leads_to_the_trace_of_an_article(watched: Watched) -> None:
    """Prometheus keeps the exemplars that the services serve in OpenMetrics."""
    for histogram in (
        "tocsin_hop_latency_seconds_bucket",
        "tocsin_end_to_end_latency_seconds_bucket",
        "tocsin_delivery_seconds_bucket",
    ):
        assert TRACE in watched.monitoring.traces(histogram), histogram


def test_a_poison_storm_is_told_by_its_rule_alone_and_shown_on_its_panel(watched: Watched) -> None:
    storm = [(b"%d" % number, b"\xff poison") for number in range(POISONED)]
    asyncio.run(publish(watched.pipeline.settings, ARTICLES, storm))
    labels = {"topic": "articles.dead-letter", "reason": "undecodable"}
    wait_for_alert(watched, "TocsinDeadLetters", **labels)
    assert is_shown(watched, "TocsinDeadLetters", 1, **labels)
    wait_for_peace(watched)


def test_a_dead_webhook_is_told_by_its_rule_alone_and_shown_on_its_panel(watched: Watched) -> None:
    watched.dead = True
    post(watched, "east", "Ukrainian forces captured the village of Klishchiivka, Kyiv said.")
    wait_for_alert(watched, "TocsinDeliveryFailing", subscription="desk")
    assert is_shown(watched, "TocsinDeliveryFailing", 1, subscription="desk")
    watched.dead = False
    wait_for_peace(watched)


def test_a_stopped_notifier_is_told_by_its_rule_alone_until_it_is_back(watched: Watched) -> None:
    """The pipeline is blind then, and behind; the one cause is told, not what follows from it."""
    notifier = watched.pipeline.stack.processes["notifier"]
    notifier.stop()
    wait_for_alert(watched, "TocsinServiceDown", job="notifier")
    assert is_shown(watched, "TocsinServiceDown", 0, job="notifier")
    blind = 'time() - max(tocsin_heartbeat_timestamp_seconds{stage="deliver"}) > 10'
    wait_until(lambda: bool(values(watched, blind)), 60, "the pipeline blind for a while")
    time_of_rules = time.monotonic() + 3  # a rule that fires does so by then
    wait_until(lambda: time.monotonic() > time_of_rules, 5, "the rules evaluated thrice")
    assert watched.monitoring.names_firing() == {"TocsinServiceDown"}
    notifier.start()
    notifier.wait_ready(60)
    wait_for_peace(watched)
