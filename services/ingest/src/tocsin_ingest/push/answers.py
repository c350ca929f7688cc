"""What callers are told: outcomes, and refusals as problem details (RFC 9457), all counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse, Response

from tocsin_ingest.domain.article import RawArticle
from tocsin_ingest.domain.refusal import Refusal
from tocsin_ingest.publish import Outcome
from tocsin_runtime.logs import get_logger
from tocsin_runtime.metrics import IngestMetrics

_log = get_logger(__name__)

_KNOWN_FIELDS = frozenset(
    ("article_id", "authorization", "body", "broker", "idempotency-key", "rate")
) | frozenset(RawArticle.model_fields)


@dataclass(frozen=True, slots=True)
class Answers:
    """Makes answers, and counts what is refused."""

    metrics: IngestMetrics

    def refuse(
        self, status: int, refusals: Sequence[Refusal], retry_after: float | None = None
    ) -> Response:
        """Refuse a request; `retry_after` in seconds where another try helps."""
        self.count(refusals)
        _log.info(
            "refused",
            status=int(status),
            errors=[f"{r.index}: {r.field}: {r.reason}" for r in refusals[:5]],
            count=len(refusals),
        )
        response = JSONResponse(
            _problem(status, refusals), status, media_type="application/problem+json"
        )
        if retry_after is not None:
            response.headers["retry-after"] = str(max(1, round(retry_after)))
        if status == HTTPStatus.UNAUTHORIZED:
            response.headers["www-authenticate"] = 'Bearer realm="tocsin"'
        return response

    def count(self, refusals: Sequence[Refusal]) -> None:
        """Count refusals by field and reason."""
        for refusal in refusals:
            field = refusal.field.split(".")[0]
            # Labels come from a closed set, whatever names a caller invents.
            label = field if field in _KNOWN_FIELDS else "other"
            self.metrics.articles_rejected_total.labels(label, refusal.code).inc()


def describe_outcome(outcome: Outcome) -> dict[str, Any]:
    """What became of one article."""
    return {
        "article_id": str(outcome.article_id),
        "revision": outcome.revision,
        "revision_kind": outcome.revision_kind,
        "status": outcome.status,
        "language": outcome.language,
    }


def describe_refusals(refusals: Sequence[Refusal]) -> list[dict[str, Any]]:
    """What is wrong, field by field."""
    return [{"index": r.index, "field": r.field, "reason": r.reason} for r in refusals]


def _problem(status: int, refusals: Sequence[Refusal]) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": "; ".join(f"{r.field}: {r.reason}" for r in refusals[:3]),
        "errors": describe_refusals(refusals),
    }
