"""The local broker is a real one: it answers, keeps its data, and goes when its parent goes."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from tocsin_localkafka import BrokerDiedError, BrokerNotReadyError, LocalKafka, LocalKafkaSettings
from tocsin_localkafka.errors import PortBusyError
from tocsin_localkafka.ports import require_free
from tocsin_localkafka.probe import is_serving

TOPIC = "bells"


@pytest.fixture(scope="module")
def kafka() -> Iterator[LocalKafka]:
    with LocalKafka() as broker:
        yield broker


def port_of(bootstrap: str) -> int:
    return int(bootstrap.rpartition(":")[2])


async def create_topic(bootstrap: str, name: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, num_partitions=1, replication_factor=1)])
    finally:
        await admin.close()


async def send(bootstrap: str, topic: str, value: bytes) -> None:
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all") as producer:
        await producer.send_and_wait(topic, value)


async def read_all(bootstrap: str, topic: str) -> list[bytes]:
    async with AIOKafkaConsumer(bootstrap_servers=bootstrap) as consumer:
        partition = TopicPartition(topic, 0)
        consumer.assign([partition])
        await consumer.seek_to_beginning(partition)
        end = (await consumer.end_offsets([partition]))[partition]
        return [(await consumer.getone()).value for _ in range(end)]


def test_topic_and_its_records_outlive_orderly_restart_and_kill(kafka: LocalKafka) -> None:
    """Same address, same data, after a shutdown and after SIGKILL."""
    bootstrap = kafka.bootstrap
    asyncio.run(create_topic(bootstrap, TOPIC))
    asyncio.run(send(bootstrap, TOPIC, b"rung once"))
    kafka.restart(graceful=True)
    asyncio.run(send(bootstrap, TOPIC, b"rung twice"))
    kafka.restart(graceful=False)
    assert kafka.bootstrap == bootstrap
    assert asyncio.run(read_all(bootstrap, TOPIC)) == [b"rung once", b"rung twice"]


def test_frozen_broker_answers_again_when_it_goes_on(kafka: LocalKafka) -> None:
    """Pause leaves the process and takes the answers."""
    kafka.pause()
    assert kafka.running
    with pytest.raises(BrokerNotReadyError, match="did not answer within"):
        kafka.wait_ready(deadline_seconds=0)
    kafka.resume()
    kafka.wait_ready()


def test_second_broker_on_the_same_port_is_refused(kafka: LocalKafka) -> None:
    """The port is named and no process is started."""
    port = port_of(kafka.bootstrap)
    second = LocalKafka(LocalKafkaSettings(port=port))
    with pytest.raises(PortBusyError, match=f"port {port}"):
        second.start()
    assert not second.running


def test_broker_that_dies_shows_the_end_of_its_log(tmp_path: Path) -> None:
    """A configuration that Kafka refuses comes back as the reason, and the data folder stays."""
    settings = LocalKafkaSettings(
        data_dir=tmp_path / "data", extra_properties={"message.max.bytes": "many"}
    )
    with pytest.raises(BrokerDiedError, match=r"message\.max\.bytes"), LocalKafka(settings):
        pytest.fail("the broker came up")
    assert (tmp_path / "data" / "server.properties").is_file()


def test_killed_parent_leaves_no_broker_and_no_data_behind() -> None:
    """SIGKILL of the process that runs the broker ends the broker too."""
    command = [sys.executable, "-u", "-m", "tocsin_localkafka", "run"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        bootstrap = parent.stdout.readline().removeprefix("bootstrap: ").strip()
        data = Path(parent.stdout.readline().removeprefix("log: ").strip()).parent
        assert is_serving(port_of(bootstrap), 1)
        assert data.is_dir()
        parent.kill()
    deadline = time.monotonic() + 15
    while data.exists():
        assert time.monotonic() < deadline, f"{data} is still there"
        time.sleep(0.05)
    require_free(port_of(bootstrap))


def test_terminated_run_stops_in_order_and_removes_its_data() -> None:
    """SIGTERM, as from a supervisor, ends with code 0 and leaves nothing."""
    command = [sys.executable, "-u", "-m", "tocsin_localkafka", "run"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        port = port_of(parent.stdout.readline().strip())
        data = Path(parent.stdout.readline().removeprefix("log: ").strip()).parent
        parent.terminate()
        assert parent.wait(30) == 0
    assert not data.exists()
    require_free(port)
