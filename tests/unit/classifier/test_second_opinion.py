"""The second opinion: the rules always stand, what a model adds is checked word for word."""

import json
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from support.chat_endpoint import ChatEndpoint, Reply, chat_endpoint, completion
from tocsin_classifier.batch import BatchWork
from tocsin_classifier.cutoff import CutOff
from tocsin_classifier.domain.classify import classify
from tocsin_classifier.second_opinion import PAUSE_SECONDS, SecondOpinion
from tocsin_classifier.settings import ClassifierSettings
from tocsin_runtime.dead_letter import Received
from tocsin_runtime.errors import SettingsError
from tocsin_runtime.metrics import ClassifierMetrics
from tocsin_runtime.settings import load_settings
from tocsin_schemas.detection import Detection, read_detection_record
from tocsin_schemas.slots import ClaimSlots, StanceSlots
from tocsin_schemas.statement import Statement
from unit.classifier.samples import article

TEXT = (
    "Les forces russes ont pris la ville de Koupiansk, dans la région de Kharkiv. "
    "Varsovie se dit d'avis qu'il faut s'asseoir autour d'une table."
)
ARTICLE = article(TEXT)
TABLE = "Varsovie se dit d'avis qu'il faut s'asseoir autour d'une table"
RULES = classify(ARTICLE)


def stance(**changes: Any) -> dict[str, Any]:
    return {
        "quote": TABLE, "actor": "PL", "stance": "supports", "topic": "peace_talks",
        "counterpart": None, **changes,
    }  # fmt: skip


def claim(**changes: Any) -> dict[str, Any]:
    return {
        "quote": "Les forces russes ont pris la ville de Koupiansk", "claimant": "RU",
        "loser": None, "action": "capture",
        "places": [{"name": "région de Kharkiv", "code": "UA-63"}], **changes,
    }  # fmt: skip


def warning(*names_and_codes: tuple[str, str], **changes: Any) -> dict[str, Any]:
    places = [{"name": name, "code": code} for name, code in names_and_codes]
    return {"quote": TABLE, "phase": "reported", "threats": ["drone"], "places": places, **changes}


def answer(
    claims: list[dict[str, Any]] | None = None,
    stances: list[dict[str, Any]] | None = None,
    warnings: list[dict[str, Any]] | None = None,
) -> Reply:
    return completion(
        json.dumps(
            {
                "territorial_claims": claims or [],
                "negotiation_stances": stances or [],
                "air_raid_warnings": warnings or [],
            }
        )
    )


class Asked:
    """A second opinion on an endpoint, with its metrics."""

    def __init__(self, endpoint: ChatEndpoint, seconds: float = 10, **more: Any) -> None:
        settings = load_settings(
            ClassifierSettings,
            classifier_second_opinion_url=endpoint.url,
            classifier_second_opinion_model="org/test-model:8b",
            classifier_second_opinion_seconds=seconds,
            **more,
        )
        self.now = 0.0
        self.metrics = ClassifierMetrics(CollectorRegistry(), "0")
        self.second = SecondOpinion(classify, settings, self.metrics, lambda: self.now)

    async def statements(self) -> list[Statement]:
        await self.second.prepare([ARTICLE])
        return self.second(ARTICLE)

    def count(self, name: str, **labels: str) -> float:
        return self.metrics.registry.get_sample_value(name, labels) or 0.0

    def outcome(self, name: str) -> float:
        return self.count("tocsin_second_opinions_total", outcome=name)

    def fate(self, name: str) -> float:
        return self.count("tocsin_second_opinion_statements_total", fate=name)


async def test_what_the_rules_miss_is_added_under_the_models_name() -> None:
    """With a verbatim quote, on the threshold, beside the rules' own statements, untouched."""
    with chat_endpoint(lambda: answer([claim()], [stance()])) as endpoint:
        asked = Asked(endpoint)
        found = await asked.statements()
        await asked.second.close()
    assert found[:-1] == RULES
    added = found[-1]
    assert isinstance(added.slots, StanceSlots)
    assert added.slots.actor == "PL"
    piece = added.evidence[0]
    assert TEXT[piece.start : piece.end] == piece.quote == TABLE
    confidence = added.confidence
    assert (confidence.classifier, confidence.version) == ("second-opinion", "org-test-model-8b")
    assert confidence.score == confidence.threshold
    assert (asked.outcome("answered"), asked.fate("added"), asked.fate("known")) == (1, 1, 1)


async def test_the_question_asks_for_the_models_schema_and_carries_the_key(tmp_path: Path) -> None:
    """Chat completions with response_format json_schema; the key may come from a file."""
    file = tmp_path / "key"
    file.write_text("s3cret\n")
    with chat_endpoint(answer) as endpoint:
        asked = Asked(endpoint, classifier_second_opinion_api_key_file=file)
        await asked.statements()
        await asked.second.close()
    (question,) = endpoint.questions
    assert question["path"] == "/v1/chat/completions"
    assert question["model"] == "org/test-model:8b"
    assert TEXT in question["messages"][1]["content"]
    schema = question["response_format"]["json_schema"]
    assert schema["strict"] is True
    assert schema["schema"]["additionalProperties"] is False
    assert endpoint.headers[0]["authorization"] == "Bearer s3cret"


@pytest.mark.parametrize(
    ("reply", "fate"),
    [
        (answer(stances=[stance(quote="Varsovie veut la paix")]), "quote-not-found"),
        (answer(stances=[stance(actor="poland!")]), "invalid"),
        (answer([claim(places=[{"name": "Marioupol", "code": "UA-14"}])]), "place-not-found"),
        (answer([claim(places=[{"name": "Varsovie", "code": "UA-99"}])]), "place-not-found"),
        (answer([claim(places=[{"name": "Koupiansk", "code": "UA-14"}])]), "place-not-found"),
        (answer(warnings=[warning()]), "place-not-found"),
    ],
)
async def test_what_does_not_stand_in_the_text_is_dropped_and_counted(
    reply: Reply, fate: str
) -> None:
    """The rules' statements go out alone."""
    with chat_endpoint(lambda: reply) as endpoint:
        asked = Asked(endpoint)
        assert await asked.statements() == RULES
        await asked.second.close()
    assert (asked.outcome("answered"), asked.fate(fate)) == (1, 1)


async def test_a_warning_becomes_one_statement_for_each_region() -> None:
    """As the rules' do."""
    places = (("Koupiansk", "UA-63"), ("Varsovie", "UA-59"))
    with chat_endpoint(lambda: answer(warnings=[warning(*places)])) as endpoint:
        asked = Asked(endpoint)
        found = (await asked.statements())[len(RULES) :]
        await asked.second.close()
    assert [[place.code for place in one.places] for one in found] == [["UA-63"], ["UA-59"]]


async def test_a_claim_on_other_ground_is_added_and_the_same_is_not() -> None:
    """Ground told apart by its region; the rules already have this claimant's."""
    here = claim(action="advance")
    there = claim(places=[{"name": "Varsovie", "code": "UA-14"}])
    with chat_endpoint(lambda: answer([here, there])) as endpoint:
        asked = Asked(endpoint)
        (added,) = (await asked.statements())[len(RULES) :]
        await asked.second.close()
    assert isinstance(added.slots, ClaimSlots)
    assert [place.code for place in added.places] == ["UA-14"]


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ((500, b'{"error": "out of memory"}'), "refused"),
        ((401, b"{}"), "refused"),
        ((200, b"<html>"), "nonsense"),
        ((200, b'{"choices": []}'), "nonsense"),
        (completion("I think that Warsaw wants talks."), "nonsense"),
        (completion('{"territorial_claims": "none"}'), "nonsense"),
        (answer(stances=[stance(stance="loves")]), "nonsense"),
        ((200, b" " * (2 * 1024 * 1024)), "nonsense"),
    ],
)
async def test_the_rules_answer_stands_when_the_endpoint_fails(reply: Reply, outcome: str) -> None:
    """Counted by what went wrong."""
    with chat_endpoint(lambda: reply) as endpoint:
        asked = Asked(endpoint)
        assert await asked.statements() == RULES
        await asked.second.close()
    assert asked.outcome(outcome) == 1


async def test_an_endpoint_that_does_not_answer_in_time_is_not_waited_for() -> None:
    """The time-out is one for the whole answer."""
    with chat_endpoint(answer) as endpoint:
        endpoint.reply = endpoint.hang
        asked = Asked(endpoint, seconds=0.2)
        assert await asked.statements() == RULES
        await asked.second.close()
    assert asked.outcome("timed-out") == 1


async def test_an_endpoint_that_is_not_there_is_left_alone_after_three_failures() -> None:
    """Until the pause is over, so that a dead endpoint does not hold the stream up."""
    with chat_endpoint(answer) as endpoint:
        pass
    asked = Asked(endpoint)
    for _ in range(5):
        assert await asked.statements() == RULES
    assert (asked.outcome("unreachable"), asked.outcome("paused")) == (3, 2)
    asked.now += PAUSE_SECONDS
    await asked.statements()
    await asked.second.close()
    assert asked.outcome("unreachable") == 4


async def test_articles_about_something_else_are_not_sent_anywhere() -> None:
    """They are left after the first pass, as the rules do."""
    with chat_endpoint(answer) as endpoint:
        asked = Asked(endpoint)
        await asked.second.prepare([article("Le marché aux fleurs ouvre samedi.")])
        await asked.second.close()
    assert endpoint.questions == []


async def test_a_batch_asks_first_and_sends_what_was_added() -> None:
    """Through the same work as the rules' statements."""
    with chat_endpoint(lambda: answer(stances=[stance()])) as endpoint:
        asked = Asked(endpoint)
        work = BatchWork(
            asked.second,
            partitions=3,
            cut_off=CutOff(5),
            metrics=asked.metrics,
            prepare=asked.second.prepare,
        )
        outcome = await work.run([Received("articles", 1, 0, b"k", ARTICLE.to_json())])
        await asked.second.close()
    detections = [read_detection_record(one.value or b"") for one in outcome.records]
    names = {d.confidence.classifier for d in detections if isinstance(d, Detection)}
    assert names == {"rules", "second-opinion"}


def settings_error(**values: Any) -> str:
    with pytest.raises(SettingsError) as raised:
        load_settings(ClassifierSettings, **values)
    return str(raised.value)


def test_settings_that_do_not_fit_are_told_by_name(tmp_path: Path) -> None:
    """An address needs a model, and a key's file must be there."""
    address = "http://127.0.0.1:9/v1"
    assert "SECOND_OPINION_MODEL" in settings_error(classifier_second_opinion_url=address)
    assert "SECOND_OPINION_URL" in settings_error(classifier_second_opinion_url="ftp://x")
    missing = load_settings(
        ClassifierSettings, classifier_second_opinion_api_key_file=tmp_path / "none"
    )
    with pytest.raises(SettingsError, match="API_KEY_FILE"):
        missing.second_opinion_key()


def test_it_is_off_by_default() -> None:
    """No address, nothing is asked."""
    assert load_settings(ClassifierSettings).classifier_second_opinion_url == ""
