"""The pins: what is accepted, what is refused, and where the jars are kept."""

import hashlib
from pathlib import Path

import pytest
from pydantic import ValidationError

from tocsin_localkafka import DigestMismatchError, LocalKafka, LocalKafkaSettings
from tocsin_localkafka.artefacts import Jar, Pins, jars_folder, missing_jars, verify
from tocsin_localkafka.pinning import render


def pins_of(content: bytes) -> Pins:
    jar = Jar(
        coordinate="org.example:bell:1.0",
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    return Pins(kafka="4.3.1", roots=["org.example:bell:1.0"], jar=[jar])


def test_shipped_pins_hold_the_broker_and_its_clients_in_one_version() -> None:
    """Kafka's own jars all carry the pinned version."""
    pins = Pins.load()
    versions = {
        jar.coordinate.split(":")[2] for jar in pins.jar if "org.apache.kafka" in jar.coordinate
    }
    assert versions == {pins.kafka}
    assert set(pins.roots) <= {jar.coordinate for jar in pins.jar}


def test_written_pins_read_back_the_same(tmp_path: Path) -> None:
    """What `lock` writes is what the broker reads."""
    pins = Pins.load()
    file = tmp_path / "artefacts.toml"
    file.write_text(render(pins), encoding="utf-8")
    assert Pins.load(file) == pins


def test_pin_with_a_short_digest_is_refused(tmp_path: Path) -> None:
    """A digest that is no sha256 never gets as far as a comparison."""
    file = tmp_path / "artefacts.toml"
    file.write_text(render(Pins.load()).replace('sha256 = "', 'sha256 = "x', 1), encoding="utf-8")
    with pytest.raises(ValidationError, match="sha256"):
        Pins.load(file)


def test_changed_jar_is_named_with_both_digests_and_the_mend(tmp_path: Path) -> None:
    """One changed byte stops the start, and the message says all that is needed."""
    pins = pins_of(b"as it was pinned")
    (tmp_path / "bell-1.0.jar").write_bytes(b"as it was Pinned")
    with pytest.raises(DigestMismatchError) as caught:
        verify(pins, tmp_path)
    message = str(caught.value)
    assert "bell-1.0.jar" in message
    assert pins.jar[0].sha256 in message
    assert hashlib.sha256(b"as it was Pinned").hexdigest() in message
    assert f"delete the folder {tmp_path}" in message


def test_untouched_jar_is_accepted(tmp_path: Path) -> None:
    """The pinned bytes pass."""
    (tmp_path / "bell-1.0.jar").write_bytes(b"as it was pinned")
    verify(pins_of(b"as it was pinned"), tmp_path)


def test_broker_is_not_started_with_a_changed_jar(tmp_path: Path) -> None:
    """The comparison comes before any Java process."""
    pins = Pins.load()
    folder = jars_folder(pins, tmp_path)
    folder.mkdir()
    for jar in pins.jar:
        (folder / jar.filename).write_bytes(b"not the real one")
    kafka = LocalKafka(LocalKafkaSettings(cache_dir=tmp_path))
    with pytest.raises(DigestMismatchError, match=pins.jar[0].filename):
        kafka.start()
    assert not kafka.running


def test_cache_folder_follows_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TOCSIN_CACHE_DIR names the cache, and missing jars are found missing there."""
    monkeypatch.setenv("TOCSIN_CACHE_DIR", str(tmp_path))
    pins = pins_of(b"any")
    assert jars_folder(pins) == tmp_path / "kafka-4.3.1"
    assert missing_jars(pins, jars_folder(pins)) == pins.jar
