"""`tocsin create-token`: the token once, its hash for the file."""

import yaml
from typer.testing import CliRunner

from tocsin_cli.main import app
from tocsin_ingest.domain.tokens import TokensFile, hash_token


def test_the_entry_that_is_printed_lets_the_token_in() -> None:
    """What stands on standard error is what the file needs."""
    result = CliRunner().invoke(app, ["create-token", "north-desk"])
    assert result.exit_code == 0
    token = result.stdout.strip()
    file = TokensFile.model_validate(
        yaml.safe_load(result.stderr[result.stderr.index("tokens:") :])
    )
    assert (file.tokens[0].name, file.tokens[0].sha256) == ("north-desk", hash_token(token))
    assert token not in result.stderr


def test_a_name_that_cannot_be_one_is_refused() -> None:
    """With the name seen."""
    result = CliRunner().invoke(app, ["create-token", "North Desk"])
    assert result.exit_code == 1
    assert "'North Desk'" in result.stderr
