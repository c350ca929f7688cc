"""Every command explains itself with an example, and topics can be listed without a broker."""

import json
from collections.abc import Iterator

import pytest
import typer.main
from typer.testing import CliRunner

from tocsin_cli.main import app
from tocsin_schemas.topics import TOPICS


def commands() -> Iterator[tuple[str, ...]]:
    """The path of every command that does something."""

    def walk(command: object, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        children = getattr(command, "commands", None)
        if children is None:
            yield path
        for name, child in (children or {}).items():
            yield from walk(child, (*path, name))

    return walk(typer.main.get_command(app), ())


@pytest.mark.parametrize("path", list(commands()), ids=" ".join)
def test_help_of_every_command_has_an_example(path: tuple[str, ...]) -> None:
    """The example is a whole command line that names the command."""
    result = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": "200"})
    assert result.exit_code == 0
    example = result.stdout.partition("Example: ")[2]
    assert f"tocsin {' '.join(path)}" in example


def test_help_names_all_commands() -> None:
    """What there is, at one look."""
    result = CliRunner().invoke(app, ["--help"])
    assert result.exit_code == 0
    for name in ("classify", "ingest", "subscribe", "demo", "topics"):
        assert name in result.stdout


def test_topics_list_prints_the_table_with_the_prefix() -> None:
    """One line a topic with its settings; needs no broker."""
    result = CliRunner().invoke(
        app, ["topics", "list", "--json"], env={"TOCSIN_TOPIC_PREFIX": "replay."}
    )
    assert result.exit_code == 0
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert {row["name"] for row in rows} == {f"replay.{name}" for name in TOPICS}
    assert {row["partitions"] for row in rows if row["name"][7:] == "detections"} == {12}


def test_topics_list_for_people_names_every_topic() -> None:
    """The names are whole, whatever the width."""
    result = CliRunner().invoke(app, ["topics", "list"], env={"COLUMNS": "200"})
    assert all(name in result.stdout for name in TOPICS)


def test_wrong_setting_is_named_with_what_was_seen() -> None:
    """The variable, the value and the reason; exit code 1."""
    result = CliRunner().invoke(app, ["topics", "list"], env={"TOCSIN_TOPIC_PREFIX": "No Good"})
    assert result.exit_code == 1
    assert "TOCSIN_TOPIC_PREFIX" in result.stderr
    assert "'No Good'" in result.stderr


def test_archive_topics_need_a_prefix() -> None:
    """Live topics take no replays."""
    result = CliRunner().invoke(
        app, ["topics", "create", "--archive"], env={"TOCSIN_TOPIC_PREFIX": ""}
    )
    assert result.exit_code == 2
    assert "TOCSIN_TOPIC_PREFIX" in result.stderr


def test_topics_create_says_which_broker_did_not_answer() -> None:
    """Within the time that was given."""
    result = CliRunner().invoke(
        app,
        ["topics", "create", "--wait", "0.2"],
        env={"TOCSIN_KAFKA_BOOTSTRAP": "127.0.0.1:9", "TOCSIN_TOPIC_PREFIX": ""},
    )
    assert result.exit_code == 1
    assert "127.0.0.1:9" in result.stderr
    assert "TOCSIN_KAFKA_BOOTSTRAP" in result.stderr
