"""The OpenAPI document of ingest is valid, and the one in docs/ is the one that is served."""

import json
from pathlib import Path

from openapi_spec_validator import OpenAPIV31SpecValidator

from tocsin_ingest.push.openapi import describe_api

DOCUMENT = Path(__file__).parents[2] / "docs" / "ingest.openapi.json"


def test_the_document_is_openapi_3_1() -> None:
    """Checked by an independent validator."""
    assert list(OpenAPIV31SpecValidator(describe_api()).iter_errors()) == []


def test_the_committed_document_is_the_one_that_is_served() -> None:
    """Write it anew with `tocsin-ingest --openapi > docs/ingest.openapi.json`."""
    assert json.loads(DOCUMENT.read_text()) == describe_api()
