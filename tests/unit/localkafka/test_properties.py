"""The broker's configuration as text."""

from pathlib import Path

from tocsin_localkafka.properties import server_properties


def rendered(**extra: str) -> dict[str, str]:
    named = {name.replace("_", "."): value for name, value in extra.items()}
    text = server_properties(9092, 9093, Path("/data/storage"), named)
    return dict(line.split("=", 1) for line in text.splitlines())


def test_broker_listens_on_the_loopback_only() -> None:
    """Nothing outside the machine reaches it."""
    lines = rendered()
    assert lines["listeners"] == "PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093"
    assert lines["advertised.listeners"] == "PLAINTEXT://127.0.0.1:9092"
    assert lines["controller.quorum.voters"] == "1@127.0.0.1:9093"


def test_topics_are_not_made_by_accident() -> None:
    """A misspelt topic name is an error, as in production."""
    assert rendered()["auto.create.topics.enable"] == "false"


def test_single_node_satisfies_its_own_replication() -> None:
    """Every internal topic has one replica."""
    factors = {value for name, value in rendered().items() if "replication.factor" in name}
    assert factors == {"1"}
    assert rendered()["transaction.state.log.min.isr"] == "1"


def test_killed_broker_may_register_again_soon() -> None:
    """The session times are those that were measured."""
    assert rendered()["broker.session.timeout.ms"] == "2000"
    assert rendered()["broker.heartbeat.interval.ms"] == "500"


def test_extra_property_replaces_ours_and_adds_others() -> None:
    """The caller has the last word."""
    lines = rendered(node_id="7", log_retention_ms="1000")
    assert lines["node.id"] == "7"
    assert lines["log.retention.ms"] == "1000"
