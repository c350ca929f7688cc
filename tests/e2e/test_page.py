"""The live page in a real Chromium: what it shows, what it survives, and when it is blind."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from support import seed
from support.alerts import make_alert, publish_alerts
from support.browser import Browser, running_browser
from support.pipeline import Pipeline
from tocsin_notifier.domain.outcome import AnyAlert
from tocsin_schemas.vocabulary import AlertType, Mode, Phase

pytestmark = pytest.mark.timeout(300)

IDS = "[...document.querySelectorAll('.card')].map((one) => one.dataset.alertId)"
BLIND = "!document.getElementById('banner').hidden"
LIVE = "document.getElementById('status').dataset.state === 'live'"
MARKED = (
    "Object.fromEntries([...document.querySelectorAll('.map path[data-standing]')]"
    ".map((one) => [one.dataset.region, one.dataset.standing]))"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    with running_browser() as running:
        yield running


@pytest.fixture(scope="module")
def page_url(pipeline: Pipeline) -> str:
    """Where the page is."""
    return f"{pipeline.stack.processes['deliver'].url}/"


@pytest.fixture(scope="module")
def seeded(pipeline: Pipeline, browser: Browser, page_url: str) -> float:
    """The sample article was published while the page was open.

    Gives the seconds from the last alert's publication until all were shown.
    """
    browser.open(page_url)
    browser.wait(LIVE)
    pipeline.post_seed(seed.PATH)
    browser.wait_for_cards(8, 60)
    shown_at = datetime.now(UTC)
    sent = [datetime.fromisoformat(one["sent_at"]) for one in pipeline.alerts()]
    assert len(sent) == 8
    return (shown_at - max(sent)).total_seconds()


def publish(pipeline: Pipeline, *alerts: AnyAlert) -> None:
    """Write alerts to the alert topics."""
    asyncio.run(publish_alerts(pipeline.settings, alerts))


@pytest.mark.usefixtures("seeded")
class TestTheSampleArticle:
    """What the eight alerts of the sample look like."""

    def test_alerts_appear_within_two_seconds(self, seeded: float) -> None:
        """Without a reload."""
        assert seeded < 2

    def test_the_map_shows_its_regions(self, browser: Browser, page_url: str) -> None:
        """The four regions that were targets, and Kyiv's; the list beside the map says the same."""
        browser.open(page_url)
        browser.wait_for_cards(8)
        expected = dict.fromkeys(("UA-59", "UA-53", "UA-65", "UA-48", "UA-32"), "reported")
        assert browser.evaluate(MARKED) == expected
        named = " ".join(browser.texts("#regions .name"))
        assert all(one in named for one in ("Sumy", "Poltava", "Kherson", "Mykolaiv", "Kyiv"))

    def test_the_evidence_is_highlighted_in_its_sentence(
        self, browser: Browser, page_url: str
    ) -> None:
        """By code points, with language and source."""
        browser.open(page_url)
        browser.wait_for_cards(8)
        marked = browser.texts(".card[data-type='territorial-claim'] mark")
        assert seed.TEXT[563:650] in " ".join(marked)
        languages = browser.evaluate(
            "[...document.querySelectorAll('blockquote')].every((one) => one.lang === 'fr')"
        )
        assert languages
        assert "French" in browser.texts(".sources")[0]

    def test_filters_survive_a_reload(self, browser: Browser, page_url: str) -> None:
        """Type, region, language and text stand in the address."""
        browser.open(page_url)
        browser.wait_for_cards(8)
        browser.click("input[name=type][value=air-raid-warning]")
        browser.wait_for_cards(5)
        browser.select("select[name=region]", "UA-59")
        browser.wait_for_cards(1)
        browser.select("select[name=language]", "fr")
        browser.fill("input[name=text]", "Soumy")
        browser.wait_for_cards(1)
        browser.reload()
        browser.wait_for_cards(1)
        assert "region=UA-59" in browser.url()
        assert browser.evaluate("document.querySelector('[name=text]').value") == "Soumy"
        browser.fill("input[name=text]", "nowhere")
        browser.wait_for_cards(0)
        browser.click("#filters button[type=reset]")
        browser.wait_for_cards(8)
        assert browser.url() == page_url

    def test_the_keyboard_reaches_the_map(self, browser: Browser, page_url: str) -> None:
        """A region on the map is a button: Enter filters by it, and once more takes it back."""
        browser.open(page_url)
        browser.wait_for_cards(8)
        browser.evaluate("document.querySelector('.map path[data-region=UA-59]').focus()")
        browser.press("Enter")
        browser.wait_for_cards(1)
        focused = "document.activeElement.dataset.region"
        assert browser.evaluate(focused) == "UA-59"
        browser.press("Enter")
        browser.wait_for_cards(8)

    def test_positions_on_talks_are_shown_by_actor(self, browser: Browser, page_url: str) -> None:
        """Each actor with its latest word and a mark for each position."""
        browser.open(page_url)
        browser.wait_for_cards(8)
        assert browser.texts("#stances .actor") == ["Russia", "Ukraine"]
        assert len(browser.texts("#stances .track li")) == 2


def test_alarms_go_on_and_off_and_a_late_one_is_never_on(
    pipeline: Pipeline, browser: Browser, page_url: str
) -> None:
    """On the map, in the list and on the card; a drill is dropped unless asked for."""
    browser.open(page_url)
    browser.wait(LIVE)
    publish(
        pipeline,
        make_alert("siren"),
        make_alert("late", late=True, region="UA-63"),
        make_alert("drill", mode=Mode.TEST, region="UA-12", headline="DRILL: Air-raid warning"),
    )
    browser.wait(f"({MARKED})['UA-59'] === 'on' && ({MARKED})['UA-63'] === 'late'")
    assert "UA-12" not in browser.evaluate(MARKED)
    assert "DRILL" not in " ".join(browser.texts(".card h3"))
    publish(
        pipeline,
        make_alert(
            "siren", example="ended", revision=2, phase=Phase.ENDED, headline="All-clear for Sumy"
        ),
    )
    browser.wait(f"({MARKED})['UA-59'] !== 'on'")
    assert browser.texts(".card[data-standing=ended] h3") == ["All-clear for Sumy"]
    browser.open(f"{page_url}?drills=1")
    browser.wait("document.querySelectorAll('.card[data-mode=test]').length === 1")
    assert "UA-12" not in browser.evaluate(MARKED)


def test_a_drill_goes_through_every_sink_marked(
    pipeline: Pipeline, browser: Browser, page_url: str
) -> None:
    """The command prints both alerts; the page, the list and CAP call it a drill."""
    browser.open(f"{page_url}?drills=1")
    browser.wait(LIVE)
    done = subprocess.run(
        [str(Path(sys.executable).parent / "tocsin"), "drill", "--region", "UA-12", "--json"],
        env={**os.environ, **pipeline.environment},
        capture_output=True, text=True, check=False, timeout=150,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    alarm, clear = (json.loads(line) for line in done.stdout.splitlines())
    assert (alarm["alert"]["phase"], clear["alert"]["phase"]) == ("active", "ended")
    assert alarm["alert"]["mode"] == "test"
    assert alarm["seconds"] > 0
    card = f".card[data-alert-id='{clear['alert']['alert_id']}']"
    browser.wait(f"document.querySelector({json.dumps(card)}) !== null")
    [headline] = browser.texts(f"{card} h3")
    assert headline.startswith("DRILL: ")
    with urllib.request.urlopen(f"{page_url}v1/cap/{clear['alert']['alert_id']}.xml") as answer:
        assert b"Exercise<" in answer.read()
    with urllib.request.urlopen(f"{page_url}v1/alerts?limit=500") as answer:
        assert b"DRILL" not in answer.read()


def test_hostile_text_stays_text(pipeline: Pipeline, browser: Browser, page_url: str) -> None:
    """Nothing of an alert becomes mark-up, script or a link to anything but the web."""
    browser.open(page_url)
    browser.wait(LIVE)
    bad = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>'
    plain = make_alert("model", AlertType.TERRITORIAL_CLAIM)
    evidence = plain.evidence[0].model_dump() | {
        "quote": bad, "sentence": bad, "start": 0, "end": len(bad), "sentence_start": 0,
    }  # fmt: skip
    source = plain.sources[0].model_dump() | {"publisher": bad}
    alert = make_alert(
        "hostile", AlertType.TERRITORIAL_CLAIM, headline=bad, evidence=[evidence], sources=[source]
    )
    publish(pipeline, alert)
    card = f".card[data-alert-id='{alert.alert_id}']"
    browser.wait(f"document.querySelector({json.dumps(card)}) !== null")
    assert browser.texts(f"{card} h3") == [bad]
    assert browser.texts(f"{card} mark") == [bad]
    assert browser.evaluate("window.pwned === undefined")
    assert browser.evaluate(f"document.querySelectorAll({json.dumps(card + ' img')}).length") == 0
    addresses = (
        "[...document.querySelectorAll('.card a')].every((one) => /^https?:/.test(one.href))"
    )
    assert browser.evaluate(addresses)
    assert browser.problems() == {"problems": [], "foreign": []}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_no_violation(
    browser: Browser, page_url: str, scheme: str, width: int, tmp_path: Path
) -> None:
    """Wide and narrow, light and dark; and nothing is wider than the screen."""
    browser.open(page_url, width=width, height=900, scheme=scheme)
    browser.wait(LIVE)
    browser.screenshot(tmp_path / "page.png", full=True)
    assert browser.violations() == []
    assert browser.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_no_alert_is_missing_or_doubled_when_the_server_is_killed(
    pipeline: Pipeline, browser: Browser, page_url: str
) -> None:
    """While alerts come, twice; the page says that it has lost the server."""
    browser.open(page_url)
    browser.wait(LIVE)
    sent: list[AnyAlert] = []
    enough = threading.Event()

    def send() -> None:
        while not enough.wait(0.3):
            sent.append(make_alert(f"stream {len(sent)}"))
            publish(pipeline, sent[-1])

    sender = threading.Thread(target=send)
    sender.start()
    deliver = pipeline.stack.processes["deliver"]
    try:
        for _ in range(2):
            shown = len(browser.evaluate(IDS))
            browser.wait(f"{IDS}.length > {shown + 3}", 40)
            deliver.send_signal(signal.SIGKILL)
            deliver.wait(10)
            browser.wait("document.getElementById('status').dataset.state !== 'live'", 40)
            deliver.start()
            deliver.wait_ready(60)
            browser.wait(LIVE, 40)
    finally:
        enough.set()
        sender.join(30)
    wanted = sorted(str(one.alert_id) for one in sent)
    browser.wait(f"new Set({IDS}).has('{sent[-1].alert_id}')", 40)
    assert sorted(set(browser.evaluate(IDS)) & set(wanted)) == wanted
    assert len(browser.evaluate(IDS)) == len(set(browser.evaluate(IDS)))


@pytest.mark.parametrize("name", ["ingest", "classifier", "notifier", "deliver"])
def test_the_page_says_when_a_service_is_stopped(
    pipeline: Pipeline, browser: Browser, page_url: str, name: str
) -> None:
    """Within forty seconds, since when; and no longer once it goes on."""
    browser.open(page_url)
    browser.wait(f"{LIVE} && !({BLIND})", 40)
    process = pipeline.stack.processes[name]
    stopped = time.monotonic()
    process.send_signal(signal.SIGSTOP)
    try:
        browser.wait(BLIND, 40)
        assert time.monotonic() - stopped < 40
        [told] = browser.texts("#banner")
        assert told.startswith("Blind since ")
    finally:
        process.send_signal(signal.SIGCONT)
    browser.wait(f"{LIVE} && !({BLIND})", 40)
