"""The classifier with a second opinion, as a process on a real broker."""

import json

from factories import make_article
from support.chat_endpoint import chat_endpoint, completion
from support.services import Fleet
from support.topics import publish_articles, wait_for_records, wait_until_processed
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.detection import Detection, read_detection_record
from tocsin_schemas.topics import ARTICLES, DETECTIONS

TEXT = "Drones hit Sumy last night. Warsaw thinks that one should sit down at a table."
ANSWER = {
    "territorial_claims": [],
    "negotiation_stances": [
        {
            "quote": "Warsaw thinks that one should sit down at a table",
            "actor": "PL",
            "stance": "supports",
            "topic": "peace_talks",
            "counterpart": None,
        }
    ],
    "air_raid_warnings": [],
}


def environment(url: str) -> dict[str, str]:
    return {
        "TOCSIN_CLASSIFIER_SECOND_OPINION_URL": url,
        "TOCSIN_CLASSIFIER_SECOND_OPINION_MODEL": "test-model",
        "TOCSIN_CLASSIFIER_SECOND_OPINION_SECONDS": "2",
    }


async def test_what_the_model_adds_is_a_detection_under_its_own_name(
    kafka: KafkaSettings, fleet: Fleet
) -> None:
    """Beside the other classifier's; and when the endpoint fails, that one's goes out alone."""
    with chat_endpoint(lambda: completion(json.dumps(ANSWER))) as endpoint:
        classifier = fleet.classifier(**environment(endpoint.url))
        classifier.start()
        await publish_articles(kafka, [make_article(name="first", text=TEXT)])
        found = await wait_for_records(kafka, DETECTIONS, lambda records: len(records) == 2)
        detections = [read_detection_record(one.value or b"") for one in found]
        names = [d.confidence.classifier for d in detections if isinstance(d, Detection)]
        assert sorted(names) == ["planned", "second-opinion"]
        endpoint.reply = lambda: (500, b"{}")
        await publish_articles(kafka, [make_article(name="second", text=TEXT)])
        await wait_for_records(kafka, DETECTIONS, lambda records: len(records) == 3)
        await wait_until_processed(kafka, ARTICLES, "classifier")
    assert classifier.metric("tocsin_second_opinions_total") == 2
    assert classifier.metric("tocsin_second_opinion_statements_total") == 1
