"""Access lists: the committed script is the table's, and the table gives nobody too much."""

import subprocess
from pathlib import Path

import pytest

from tocsin_cli.access import Operation, Pattern, Resource, bindings, load_principals
from tocsin_cli.acls import PrincipalError, read_principals, script
from tocsin_schemas.topics import ALERT_TOPICS, TOPICS

SCRIPT = Path(__file__).parents[3] / "deploy" / "security" / "acls.sh"


def test_the_committed_script_is_that_of_the_table() -> None:
    """`tocsin acls print > deploy/security/acls.sh` after a change of the table."""
    assert SCRIPT.read_text("utf-8") == script(bindings("", read_principals([])))


def test_the_script_hands_every_list_to_kafkas_tool(tmp_path: Path) -> None:
    """A shell runs it: names of principals with spaces and quotes arrive whole."""
    tool = tmp_path / "kafka-acls.sh"
    tool.write_text('#!/bin/sh\nfor one in "$@"; do printf "%s|" "$one"; done; echo\n', "utf-8")
    tool.chmod(0o755)
    text = script(bindings("x.", read_principals(["ingest=User:CN=it's us,O=North Desk"])))
    done = subprocess.run(
        ["sh", "-c", text], capture_output=True, text=True, check=True,
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "BOOTSTRAP": "b:1", "CONFIG": "/c"},
    )  # fmt: skip
    first = done.stdout.splitlines()[0]
    assert first.startswith("--bootstrap-server|b:1|--command-config|/c|--add|")
    assert "|User:CN=it's us,O=North Desk|--topic|x.articles|" in first


def test_only_the_notifier_may_write_alerts() -> None:
    """Besides the operator, who restores them from a backup."""
    writers = {
        binding.principal
        for binding in bindings("", read_principals([]))
        if binding.name in ALERT_TOPICS.values() and binding.operation is Operation.WRITE
    }
    assert writers == {"User:tocsin-notifier", "User:tocsin-operator"}


def test_no_list_reaches_beyond_our_own_names() -> None:
    """All things carry the installation's prefix; topics are named one by one."""
    for binding in bindings("north.", read_principals([])):
        assert binding.name.startswith("north.")
        if binding.resource is Resource.TOPIC:
            assert binding.pattern is Pattern.LITERAL
            assert binding.name.removeprefix("north.") in TOPICS
        else:
            assert len(binding.name) > len("north.")


@pytest.mark.parametrize("named", ["ingest", "ingest=CN=x", "postman=User:x"])
def test_an_unknown_principal_is_named(named: str) -> None:
    """The message shows what was written and what may be."""
    with pytest.raises(PrincipalError, match=f"{named}.*{', '.join(load_principals())}"):
        read_principals([named])
