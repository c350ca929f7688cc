"""The command line."""

import pytest

from tocsin_localkafka.cli import main


@pytest.mark.parametrize("command", ["fetch", "run", "lock"])
def test_help_of_each_command_has_an_example(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who asks for help sees a line to copy."""
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert f"example: python -m tocsin_localkafka {command}" in capsys.readouterr().out


def test_bad_port_ends_with_one_line_and_code_one(capsys: pytest.CaptureFixture[str]) -> None:
    """No traceback for what the user can mend."""
    assert main(["run", "--port", "70000"]) == 1
    assert capsys.readouterr().err.startswith("error: port is 70000")
