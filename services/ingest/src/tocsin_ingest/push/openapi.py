"""The OpenAPI 3.1 document of the HTTP interface, made from the models that check requests."""

from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from tocsin_ingest.domain.article import RawArticle
from tocsin_ingest.push.body import MAX_ARTICLES
from tocsin_ingest.push.idempotency import KEY_PATTERN
from tocsin_schemas.vocabulary import RevisionKind

_PROBLEM = "application/problem+json"
_LINES = "application/x-ndjson"

_OUTCOME = {
    "type": "object",
    "required": ["article_id", "revision", "revision_kind", "status", "language"],
    "properties": {
        "article_id": {"type": "string", "format": "uuid"},
        "revision": {"type": "integer", "minimum": 1},
        "revision_kind": {"enum": [str(kind) for kind in RevisionKind]},
        "status": {"enum": ["published", "unchanged", "withdrawn"]},
        "language": {"type": "string", "description": "ISO 639-1, or `und`"},
        "has_revisions": {
            "type": "boolean",
            "description": "Whether another text of it would be its next revision",
        },
    },
}

_ERROR = {
    "type": "object",
    "required": ["field", "reason"],
    "properties": {
        "index": {"type": ["integer", "null"], "description": "Position in the list"},
        "field": {"type": "string"},
        "reason": {"type": "string"},
    },
}

_PROBLEM_SCHEMA = {
    "type": "object",
    "description": "Problem details, RFC 9457",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Error"}},
    },
}

_LINE = {"type": "integer", "minimum": 1, "description": "Counts lines that are not blank"}

_LINE_ANSWER = {
    "description": "One object a line, in order; the last one counts",
    "oneOf": [
        {
            "allOf": [
                {"type": "object", "required": ["line"], "properties": {"line": _LINE}},
                {"$ref": "#/components/schemas/Outcome"},
            ]
        },
        {
            "type": "object",
            "required": ["line", "errors"],
            "properties": {
                "line": _LINE,
                "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Error"}},
            },
        },
        {
            "type": "object",
            "required": ["lines", "published", "unchanged", "withdrawn", "refused", "complete"],
            "properties": {
                **{
                    name: {"type": "integer", "minimum": 0}
                    for name in ("lines", "published", "unchanged", "withdrawn", "refused")
                },
                "complete": {
                    "type": "boolean",
                    "description": "False when the stream was given up: send the rest again",
                },
            },
        },
    ],
}


@cache
def describe_api() -> dict[str, Any]:
    """The document, as JSON values."""
    _, models = models_json_schema(
        [(RawArticle, "validation")], ref_template="#/components/schemas/{model}"
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tocsin ingest",
            "version": "1",
            "description": "Hand articles over; taken means stored by the broker.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": [{"bearer": []}, {}],
        "paths": {
            "/v1/articles": {"post": _describe_post()},
            "/v1/articles/{article_id}": {"delete": _describe_delete()},
        },
        "components": {
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Asked for where TOCSIN_INGEST_TOKENS_FILE is set",
                }
            },
            "schemas": {
                **models["$defs"],
                "Outcome": _OUTCOME,
                "Error": _ERROR,
                "Problem": _PROBLEM_SCHEMA,
                "LineAnswer": _LINE_ANSWER,
            },
        },
    }


def _describe_post() -> dict[str, Any]:
    article = {"$ref": "#/components/schemas/RawArticle"}
    several = {"type": "array", "items": article, "minItems": 1, "maxItems": MAX_ARTICLES}
    return {
        "operationId": "postArticles",
        "summary": "Hand over one article, a list (all or none is taken), or a stream of lines",
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "description": "A repeat within 24 hours gets the first answer; not for streams",
                "schema": {"type": "string", "pattern": KEY_PATTERN},
            }
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"oneOf": [article, several]}},
                _LINES: {"schema": article},
            },
        },
        "responses": {
            "202": _answer("Stored by the broker"),
            "200": {
                "description": "The answers to a stream, one a line",
                "content": {_LINES: {"schema": {"$ref": "#/components/schemas/LineAnswer"}}},
            },
            **_problems(400, 401, 409, 413, 415, 422, 429, 503),
        },
    }


def _describe_delete() -> dict[str, Any]:
    return {
        "operationId": "withdrawArticle",
        "summary": "Take an article back: its evidence is dropped, alerts on it alone retracted",
        "parameters": [
            {
                "name": "article_id",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "format": "uuid"},
            }
        ],
        "responses": {"200": _answer("Taken back"), **_problems(401, 404, 422, 503)},
    }


_TOLD = {
    "type": "object",
    "required": ["articles"],
    "properties": {
        "articles": {"type": "array", "items": {"$ref": "#/components/schemas/Outcome"}}
    },
}


def _answer(description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": _TOLD}}}


_MEANINGS = {
    400: "The body is no UTF-8 or no JSON, or the idempotency key is none",
    401: "No token that is good",
    404: "No such article",
    409: "A request with this idempotency key is being done",
    413: "More than 16 MiB or 1,000 articles",
    415: "Another media type or encoding",
    422: "Articles are wrong, each error with its field; none was taken",
    429: "Over the token's rate; Retry-After says when",
    503: "The broker cannot be reached; Retry-After says when",
}


def _problems(*codes: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        str(code): {
            "description": _MEANINGS[code],
            "content": {_PROBLEM: {"schema": schema}},
        }
        for code in codes
    }
