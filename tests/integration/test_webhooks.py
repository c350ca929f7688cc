"""Webhooks on a real broker: signed, in order, at least once, whatever an endpoint does."""

import asyncio
import json
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

from standardwebhooks.webhooks import Webhook
from typer.testing import CliRunner

from support.alerts import event_id, make_alert, publish_alerts
from support.endpoint import Endpoint, Reply, running_endpoint
from support.services import Fleet, free_port, wait_until
from support.subscriptions import SECRET, delivering, webhook
from support.topics import publish as publish_records
from support.topics import read_topic
from tocsin_cli.main import app
from tocsin_notifier.delivery.subscriptions.mailbox import MAX_HELD_BYTES
from tocsin_notifier.domain.outcome import AnyAlert
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas import ids
from tocsin_schemas.topics import ALERT_TOPICS, DELIVERIES_DEAD_LETTER
from tocsin_schemas.vocabulary import AlertType, Mode


def publish(kafka: KafkaSettings, *alerts: AnyAlert) -> list[str]:
    """Write alerts; gives their ids."""
    asyncio.run(publish_alerts(kafka, alerts))
    return [str(one.alert_id) for one in alerts]


def wait_for_alerts(endpoint: Endpoint, expected: list[str], seconds: float = 30) -> None:
    """Wait until an endpoint has taken these alerts; nothing else may have come."""
    wait_until(
        lambda: set(endpoint.alert_ids()) >= set(expected), seconds, f"{len(expected)} alerts"
    )
    assert set(endpoint.alert_ids()) == set(expected)


def revised(name: object, revision: int, **changes: Any) -> AnyAlert:
    """A later revision of an alarm."""
    return make_alert(name, revision=revision, status="updated", **changes)


def test_each_wanted_alert_comes_once_and_signed(kafka: KafkaSettings, fleet: Fleet) -> None:
    """The reference library takes the signature; the id is that of the subscription's delivery."""
    with running_endpoint() as all_types, running_endpoint() as sumy:
        wanted = {"types": ["air-raid-warning"], "regions": ["UA-59"]}
        delivering(fleet, webhook("all", all_types), webhook("sumy", sumy, filter=wanted))
        alarm, stance = make_alert("alarm"), make_alert("stance", AlertType.NEGOTIATION_STANCE)
        drill = make_alert("drill", mode=Mode.TEST, headline="DRILL: Air-raid warning")
        elsewhere = make_alert("elsewhere", region="UA-63")
        told = publish(kafka, alarm, stance, drill, elsewhere)
        wait_for_alerts(all_types, [told[0], told[1], told[3]])
        wait_for_alerts(sumy, [told[0]])
        for request in all_types.requests:
            message = Webhook(SECRET).verify(request.body, request.headers)
            delivery = ids.webhook_id("all", alarm.alert_id)
            is_alarm = message["data"]["alert_id"] == str(alarm.alert_id)
            assert (request.headers["webhook-id"] == str(delivery)) == is_alarm
            assert message["type"] == f"alert.{message['data']['alert_type'].replace('-', '_')}"
            assert message["timestamp"] == message["data"]["sent_at"]
        assert sumy.requests[0].headers["webhook-id"] == str(ids.webhook_id("sumy", alarm.alert_id))
        assert sumy.requests[0].alert == alarm.model_dump(mode="json")


def test_nothing_late_or_over_is_shown_as_on(kafka: KafkaSettings, fleet: Fleet) -> None:
    """The body says so beside the alert and in it."""
    with running_endpoint() as endpoint:
        delivering(fleet, webhook("desk", endpoint))
        past = datetime.now(UTC) - timedelta(hours=4)
        told = publish(
            kafka,
            make_alert("on"),
            make_alert("late", late=True),
            make_alert("expired", sent_at=past, expires_at=past + timedelta(hours=3)),
        )
        wait_for_alerts(endpoint, told)
        bodies = {str(one.alert["alert_id"]): Webhook(SECRET).verify(one.body, one.headers)
                  for one in endpoint.accepted}  # fmt: skip
        seen = [(body["on"], body["caveat"], body["data"]["late"])
                for body in (bodies[one] for one in told)]  # fmt: skip
        assert seen == [
            (True, None, False),
            (False, "told late, may be over", True),
            (False, "expired", True),
        ]


def test_an_outage_loses_nothing_and_skips_what_was_replaced(
    kafka: KafkaSettings, fleet: Fleet
) -> None:
    """Others get all in the meantime, and the service stays ready."""
    port = free_port()
    with running_endpoint() as other:
        deliver = delivering(
            fleet, webhook("down", f"http://127.0.0.1:{port}/"), webhook("other", other)
        )
        first = publish(kafka, *(make_alert(number) for number in range(10)))
        wait_for_alerts(other, first)
        second = publish(kafka, *(revised(number, 2) for number in range(4)))
        wait_for_alerts(other, first + second)
        wait_until(
            lambda: 'tocsin_deliveries_total{outcome="replaced",subscription="down"} 4.0'
            in deliver.get("/metrics")[1], 10, "replaced alerts are counted",
        )  # fmt: skip
        assert deliver.get("/readyz")[0] == 200
        with running_endpoint(port=port) as back:
            wait_for_alerts(back, first[4:] + second)
            assert len(back.alert_ids()) == 10


def misbehave(*replies: Reply) -> Any:
    """Answers in this order, then well."""
    left = list(replies)
    return lambda _: left.pop(0) if left else Reply()


MISBEHAVIOUR: dict[str, tuple[list[Reply], float, int]] = {
    "500": ([Reply(500)] * 3, 0.3, 4),
    "500-endless": ([Reply(503, endless=True)], 0, 2),
    "200-endless": ([Reply(200, endless=True)], 0, 1),
    "retry-after": ([Reply(429, {"retry-after": "2"})], 2, 2),
    "redirect": ([Reply(302, {"location": "http://169.254.169.254/latest/meta-data"})] * 2, 0.2, 3),
    "silent": ([Reply(204, wait_seconds=5)], 1, 2),
}
"""What an endpoint answers before it is well, the least seconds until then, and the requests."""


def test_endpoints_that_misbehave_get_it_later(kafka: KafkaSettings, fleet: Fleet) -> None:
    """The same delivery id each time, and nobody goes where a redirect points to."""
    with ExitStack() as stack:
        endpoints = {
            name: stack.enter_context(running_endpoint(misbehave(*replies)))
            for name, (replies, _, _) in MISBEHAVIOUR.items()
        }
        webhooks = [webhook(name, one, timeout_seconds=1) for name, one in endpoints.items()]
        delivering(fleet, *webhooks)
        told = publish(kafka, make_alert("alarm"))
        for name, (_, least_seconds, requests) in MISBEHAVIOUR.items():
            came = endpoints[name].requests
            wait_for_alerts(endpoints[name], told)
            assert len(came) == requests, name
            assert len({one.headers["webhook-id"] for one in came}) == 1, name
            waited = (came[-1].at - came[0].at).total_seconds()
            assert waited >= least_seconds * 0.74, name  # what jitter leaves


def refuse(*names: object) -> Any:
    """Answers 400 to the events of these names."""
    refused = {str(event_id(name)) for name in names}
    return lambda request: Reply(400 if request.alert["event_id"] in refused else 204)


def test_what_an_endpoint_refuses_becomes_a_dead_letter_after_five_tries(
    kafka: KafkaSettings, fleet: Fleet
) -> None:
    """And the others follow, in the same partition, too; replayed it goes there once more."""
    with running_endpoint(refuse("bad")) as endpoint:
        deliver = delivering(fleet, webhook("desk", endpoint))
        told = publish(kafka, make_alert("bad"), *(make_alert(number) for number in range(30)))
        wait_for_alerts(endpoint, told[1:])
        wait_until(lambda: deliver.metric("tocsin_dead_letters_total") == 1, 20, "a dead letter")
        [letter] = asyncio.run(read_topic(kafka, DELIVERIES_DEAD_LETTER))
        headers = dict(letter.headers)
        assert (headers["tocsin-reason"], headers["tocsin-subscription"]) == (b"http_400", b"desk")
        refused = [one for one in endpoint.requests if one.alert["alert_id"] == told[0]]
        assert json.loads(letter.value or b"") == refused[0].alert
        assert len(refused) == 5

        endpoint.reply = lambda _: Reply()
        environment = {
            "TOCSIN_KAFKA_BOOTSTRAP": kafka.kafka_bootstrap,
            "TOCSIN_TOPIC_PREFIX": kafka.topic_prefix,
        }
        replay = ["dead-letter", "replay", "--reason", "http_400", "--yes"]
        replayed = CliRunner().invoke(app, replay, env=environment)
        assert (replayed.exit_code, "subscription desk" in replayed.stderr) == (0, True)
        wait_for_alerts(endpoint, told)
        again = json.loads(endpoint.accepted[-1].body)
        assert (again["on"], again["caveat"]) == (False, "replayed, may be over")
        delivery = refused[0].headers["webhook-id"]
        assert endpoint.accepted[-1].headers["webhook-id"] == delivery


def test_an_endpoint_that_is_gone_is_left_alone_until_it_is_revived(
    kafka: KafkaSettings, fleet: Fleet
) -> None:
    """Over restarts, too; the alert that it refused and those since then wait in the log."""
    replies = [Reply(410)]
    with running_endpoint(misbehave(*replies)) as endpoint, running_endpoint() as other:
        both = (webhook("gone", endpoint), webhook("other", other))
        deliver = delivering(fleet, *both)
        told = publish(kafka, make_alert("first"))
        wait_until(
            lambda: deliver.metric("tocsin_subscription_disabled") == 1, 20, "it is disabled"
        )
        told += publish(kafka, make_alert("second"))
        wait_for_alerts(other, told)
        deliver.kill()
        again = delivering(fleet, *both)
        told += publish(kafka, make_alert("third"))
        wait_for_alerts(other, told)
        assert again.metric("tocsin_subscription_disabled") == 1
        assert len(endpoint.requests) == 1
        again.kill()
        revived = webhook("gone", endpoint, revived_at=datetime.now(UTC).isoformat())
        delivering(fleet, revived, webhook("other", other))
        wait_for_alerts(endpoint, told)


def test_a_dead_endpoint_is_given_up_alert_by_alert(kafka: KafkaSettings, fleet: Fleet) -> None:
    """After the time of the file each is a dead letter, also those never tried by themselves."""
    dead = webhook(
        "dead", f"http://127.0.0.1:{free_port()}/",
        retry={"first_seconds": 0.1, "longest_seconds": 0.5, "give_up_hours": 3 / 3600},
    )  # fmt: skip
    deliver = delivering(fleet, dead)
    told = publish(kafka, *(make_alert(number) for number in range(40)))
    wait_until(lambda: deliver.metric("tocsin_dead_letters_total") == 40, 30, "40 dead letters")
    letters = asyncio.run(read_topic(kafka, DELIVERIES_DEAD_LETTER))
    assert {dict(one.headers)["ce_id"].decode() for one in letters} == set(told)
    wait_until(lambda: deliver.metric("tocsin_subscription_waiting_alerts") == 0, 5, "none waits")


def test_addresses_inside_are_refused(kafka: KafkaSettings, fleet: Fleet) -> None:
    """By name as well: nothing arrives, and the reason is counted."""
    with running_endpoint() as endpoint:
        url = f"http://localhost:{endpoint.port}/"
        deliver = delivering(fleet, webhook("inside", url, allow_private=False))
        publish(kafka, make_alert("alarm"))
        refused = 'tocsin_delivery_attempts_total{result="address_refused",subscription="inside"}'
        wait_until(lambda: refused in deliver.get("/metrics")[1], 20, "a refusal")
        assert endpoint.requests == []


def test_a_killed_delivery_repeats_but_loses_nothing(kafka: KafkaSettings, fleet: Fleet) -> None:
    """Killed in the middle, three times: each alert came, in the order of its event."""
    alerts = [make_alert(name) for name in range(60)]
    later = [revised(name, 2) for name in range(60)]
    with running_endpoint(lambda _: Reply(wait_seconds=0.02)) as endpoint:
        subscription = webhook("desk", endpoint)
        deliver = delivering(fleet, subscription)
        told = publish(kafka, *alerts)
        for share in (10, 25, 40):
            wait_until(lambda share=share: len(endpoint.accepted) > share, 20, "some came")  # type: ignore[misc]
            deliver.kill()
            deliver = delivering(fleet, subscription)
        told += publish(kafka, *later)
        newest = set(told[60:])
        wait_until(lambda: set(endpoint.alert_ids()) >= newest, 30, "the newest of all")
        assert {one.alert["event_id"] for one in endpoint.accepted} == {
            str(event_id(name)) for name in range(60)
        }
        for name in range(60):
            revisions = [one.alert["revision"] for one in endpoint.accepted
                         if one.alert["event_id"] == str(event_id(name))]  # fmt: skip
            assert revisions == sorted(revisions)
        deliveries = {
            (one.alert["alert_id"], one.headers["webhook-id"]) for one in endpoint.requests
        }
        assert len(deliveries) == len({alert for alert, _ in deliveries})
        deliver.kill()


def test_two_deliveries_share_a_subscription_and_stand_in_for_each_other(
    kafka: KafkaSettings, fleet: Fleet
) -> None:
    """After a kill the other one has everything once the group has noticed."""
    with running_endpoint() as endpoint:
        subscription = webhook("desk", endpoint)
        first = delivering(fleet, subscription)
        second = delivering(fleet, subscription, process_name="deliver-2")
        types = list(AlertType)
        told = publish(kafka, *(make_alert(name, types[name % 3]) for name in range(30)))
        wait_for_alerts(endpoint, told)
        delivered = 'tocsin_deliveries_total{outcome="delivered",subscription="desk"} 0.0'
        wait_until(lambda: delivered not in second.get("/metrics")[1], 10, "its share")
        assert delivered not in first.get("/metrics")[1]
        first.kill()
        told += publish(kafka, *(make_alert(name, types[name % 3]) for name in range(30, 60)))
        wait_for_alerts(endpoint, told, seconds=60)


def test_what_does_not_fit_into_memory_is_read_again(kafka: KafkaSettings, fleet: Fleet) -> None:
    """More waits than is held; when the endpoint is back all of it comes, each once."""
    port = free_port()
    deliver = delivering(fleet, webhook("slow", f"http://127.0.0.1:{port}/"))
    alerts = [make_alert(number, AlertType.NEGOTIATION_STANCE) for number in range(1_200)]
    records = [(str(one.event_id).encode(), one.to_json()) for one in alerts]
    padding = [("padding", bytes(4_000))]
    assert sum(len(value) + 4_000 for _, value in records) > 1.5 * MAX_HELD_BYTES
    stances = ALERT_TOPICS[AlertType.NEGOTIATION_STANCE]
    asyncio.run(publish_records(kafka, stances, records, headers=padding))
    wait_until(
        lambda: deliver.metric("tocsin_subscription_waiting_alerts") == 1_200, 60, "all wait"
    )
    with running_endpoint(port=port) as back:
        wait_for_alerts(back, [str(one.alert_id) for one in alerts], seconds=90)
        assert len(back.alert_ids()) == 1_200
        wait_until(
            lambda: deliver.metric("tocsin_subscription_waiting_alerts") == 0, 10, "none waits"
        )
