"""With TLS, SCRAM and access lists on: each works as its own principal, and may do nothing else."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    KafkaError,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
)

from support import seed
from support.endpoint import Endpoint, running_endpoint
from support.pipeline import Pipeline
from support.secured import ADMINISTRATOR, PREFIX, Secured, running_secured_broker
from support.services import wait_until
from support.subscriptions import SECRET, webhook, write_subscriptions
from tocsin_cli.stack import Stack
from tocsin_runtime.connection import connection_options
from tocsin_runtime.kafka import group_name, topic_name
from tocsin_schemas.topics import ALERT_TOPICS, TOPICS

ALERTS = {*ALERT_TOPICS.values()}
WRITES = {
    "ingest": {"articles"},
    "classifier": {"detections", "articles.dead-letter"},
    "notifier": {
        "detections", "notifier.state", "detections.dead-letter", "tocsin.heartbeat", *ALERTS,
    },
    "deliver": {"deliveries.dead-letter"},
    "subscriber": set[str](),
    "setup": set[str](),
}  # fmt: skip
"""All that each may write to, written down here anew."""
READS = {
    "ingest": {"articles"},
    "classifier": {"articles"},
    "notifier": {"detections", "notifier.state"},
    "deliver": {"deliveries.dead-letter", "tocsin.heartbeat", *ALERTS},
    "subscriber": ALERTS,
    "setup": set[str](),
}
"""All that each may read."""
USERS = (*WRITES, "operator")


def run(
    secured: Secured, user: str, *command: str, **further: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).parent / "tocsin"), *command],
        env={**os.environ, **secured.environment(user), **further},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    """The broker with the access lists set and the topics made, by our own commands."""
    folder = tmp_path_factory.mktemp("secured")
    with running_secured_broker(folder, tuple(f"tocsin-{user}" for user in USERS)) as broker:
        for user, *command in (
            [ADMINISTRATOR, "acls", "apply"],
            ["tocsin-setup", "topics", "create"],
        ):
            done = run(broker, user, *command)
            assert done.returncode == 0, done.stderr
        yield broker


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    """A subscriber's webhook."""
    with running_endpoint() as running:
        yield running


@pytest.fixture(scope="module")
def pipeline(
    secured: Secured, endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pipeline]:
    """All services, each with its own principal, ready."""
    folder = tmp_path_factory.mktemp("pipeline")
    write_subscriptions(folder / "subscriptions.yaml", webhook("desk", endpoint))
    stack = Stack(
        bootstrap=secured.bootstrap, topic_prefix=PREFIX, folder=folder, usual_ports=False
    )
    for name, process in stack.processes.items():
        process.environment = {
            **process.environment,
            **secured.environment(f"tocsin-{name}"),
            "TOCSIN_SUBSCRIPTIONS_FILE": str(folder / "subscriptions.yaml"),
            "TEST_WEBHOOK_SECRET": SECRET,
        }
    with stack:
        stack.start()
        yield Pipeline(secured.settings("tocsin-operator"), stack)


def test_the_seed_gives_its_alerts_over_the_guarded_way(
    pipeline: Pipeline, secured: Secured, endpoint: Endpoint
) -> None:
    """From article to subscriber and webhook, nobody allowed more than its own list."""
    pipeline.post_seed(seed.PATH)
    pipeline.settle()
    done = run(
        secured, "tocsin-subscriber",
        "subscribe", "--json", "--from-beginning", "--count", "8", "--timeout", "60",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    seed.check_alerts(json.loads(line) for line in done.stdout.splitlines())
    wait_until(lambda: len(endpoint.accepted) == 8, 60, "the webhook has all alerts")
    # The logs hold no refusal and none of the passwords.
    pipeline.stack.require_alive()
    for process in pipeline.stack.processes.values():
        log = process.log_path.read_text("utf-8")
        assert "AuthorizationFailed" not in log, log[-3000:]
        assert not any(password in log for password in secured.passwords.values())


def test_the_operator_may_back_up_and_restore(secured: Secured, tmp_path: Path) -> None:
    """Also a topic whose times are the broker's: that setting is changed for the restore alone."""
    topic = ("--topic", "detections")
    for command in (["backup"], ["restore", "--append"]):
        done = run(secured, "tocsin-operator", *command, str(tmp_path), *topic)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("who", WRITES)
async def test_nobody_may_write_what_it_has_no_need_to(secured: Secured, who: str) -> None:
    """A classifier cannot write alerts, deliver cannot write detections, and so on."""
    settings = secured.settings(f"tocsin-{who}")
    async with AIOKafkaProducer(**connection_options(settings)) as producer:
        for topic in sorted(TOPICS.keys() - WRITES[who]):
            with pytest.raises(TopicAuthorizationFailedError):
                await producer.send_and_wait(topic_name(settings, topic), b"{}", partition=0)


@pytest.mark.parametrize("who", READS)
async def test_nobody_may_read_what_it_has_no_need_to(secured: Secured, who: str) -> None:
    """Deliver and subscribers see no articles, ingest sees no alerts, and so on."""
    settings = secured.settings(f"tocsin-{who}")
    async with AIOKafkaConsumer(**connection_options(settings)) as consumer:
        visible = await consumer.topics()
        for topic in sorted(TOPICS.keys() - READS[who]):
            name = topic_name(settings, topic)
            if who != "setup" and topic not in WRITES[who]:
                assert name not in visible
                continue
            partition = TopicPartition(name, 0)
            consumer.assign([partition])
            consumer.seek(partition, 0)
            with pytest.raises(TopicAuthorizationFailedError):
                await asyncio.wait_for(consumer.getone(), 20)


@pytest.mark.parametrize("who", ["ingest", "classifier", "deliver", "subscriber"])
async def test_nobody_may_take_the_place_of_the_notifier(secured: Secured, who: str) -> None:
    """Neither its group nor its transactions: either would stop the real one."""
    settings = secured.settings(f"tocsin-{who}")
    group = group_name(settings, "notifier")
    consumer = AIOKafkaConsumer(**connection_options(settings), group_id=group)
    partition = TopicPartition(topic_name(settings, "detections"), 0)
    async with consumer:
        consumer.assign([partition])
        with pytest.raises(GroupAuthorizationFailedError):
            await asyncio.wait_for(consumer.commit({partition: 0}), 20)
    producer = AIOKafkaProducer(**connection_options(settings), transactional_id=f"{group}-x-0")
    with pytest.raises(TransactionalIdAuthorizationFailed):
        await asyncio.wait_for(producer.start(), 20)
    await producer.stop()


def test_a_wrong_password_is_told_as_such(secured: Secured) -> None:
    """The command says that it was refused, whose name it gave, and not the password."""
    wrong = secured.folder / "wrong.password"
    wrong.write_text("open sesame", "utf-8")
    done = run(
        secured, "tocsin-setup", "topics", "create", "--wait", "5",
        TOCSIN_KAFKA_SASL_PASSWORD_FILE=str(wrong),
    )  # fmt: skip
    assert done.returncode == 1
    assert "uthentication" in done.stderr
    assert "tocsin-setup" in done.stderr
    assert "open sesame" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    "change",
    [
        {"kafka_security_protocol": "PLAINTEXT"},
        {"kafka_security_protocol": "SASL_PLAINTEXT"},
        {"kafka_ssl_ca_file": None},
        {"kafka_ssl_cert_file": None, "kafka_ssl_key_file": None},
    ],
)
async def test_no_other_way_leads_in(secured: Secured, change: dict[str, str | None]) -> None:
    """Not without encryption, not past an unknown broker, not without our certificate."""
    settings = secured.settings("tocsin-operator").model_copy(update=change)
    producer = AIOKafkaProducer(**connection_options(settings), request_timeout_ms=3000)
    with pytest.raises(KafkaError):
        await asyncio.wait_for(producer.start(), 20)
    await producer.stop()
