"""What describes ingest is valid, and what lies in docs/ is what the models say."""

import json
from pathlib import Path

from openapi_spec_validator import OpenAPIV31SpecValidator

from tocsin_ingest.domain.source import SourcesFile
from tocsin_ingest.push.openapi import describe_api

DOCS = Path(__file__).parents[2] / "docs"


def test_the_document_is_openapi_3_1() -> None:
    """Checked by an independent validator."""
    assert list(OpenAPIV31SpecValidator(describe_api()).iter_errors()) == []


def test_the_committed_document_is_the_one_that_is_served() -> None:
    """Write it anew with `tocsin-ingest --openapi > docs/ingest.openapi.json`."""
    assert json.loads((DOCS / "ingest.openapi.json").read_text()) == describe_api()


def test_the_committed_schema_of_sources_is_the_one_of_the_models() -> None:
    """Write it anew with `tocsin-ingest --sources-schema > docs/sources.schema.json`."""
    committed = json.loads((DOCS / "sources.schema.json").read_text())
    assert committed == SourcesFile.model_json_schema()
