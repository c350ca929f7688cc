"""`tocsin create-token`: a new token for a caller of ingest; only its hash is ever stored."""

from pydantic import ValidationError

from tocsin_cli.console import EXIT_FAILED, EXIT_OK, emit, say
from tocsin_ingest.domain.tokens import Token, create_token


def run_create_token(name: str) -> int:
    """Print a new token, and on standard error the entry for TOCSIN_INGEST_TOKENS_FILE.

    Returns:
        0, or 1 when the name cannot be one.

    """
    token, digest = create_token()
    try:
        entry = Token(name=name, sha256=digest)
    except ValidationError as error:
        say(f"error: name: {error.errors()[0]['msg']} (seen: {name!r})")
        return EXIT_FAILED
    emit(token)
    say(
        "keep it: it is shown only now. Put this into the file that TOCSIN_INGEST_TOKENS_FILE "
        "names, and start ingest again:\n"
        "tokens:\n"
        f"  - name: {entry.name}\n"
        f"    sha256: {entry.sha256}\n"
        f"    articles_per_minute: {entry.articles_per_minute}"
    )
    return EXIT_OK
