"""JSON Lines without a length limit: read, checked, stored and answered piece by piece.

Nothing is read ahead of what is stored and answered, so memory stays the same however long the
stream is; a caller that does not read the answers is not read from.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tocsin_ingest.domain.refusal import Refusal
from tocsin_ingest.publish import Publisher, UnavailableError
from tocsin_ingest.push.access import Access, Caller
from tocsin_ingest.push.answers import Answers, describe_outcome, describe_refusals
from tocsin_ingest.push.body import Intake, Taken
from tocsin_runtime.metrics import IngestMetrics
from tocsin_schemas.article import MAX_TEXT_BYTES

MAX_LINE_BYTES = 8 * MAX_TEXT_BYTES
"""Most bytes of one line: a text in which every character is escaped fits."""

MAX_PIECE = 200
"""Most lines that are stored at once."""


@dataclass
class _Counts:
    """What the last line of the answers says."""

    lines: int = 0
    published: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    refused: int = 0


@dataclass
class LineStream:
    """One caller's stream of articles, answered line by line."""

    publisher: Publisher
    intake: Intake
    access: Access
    caller: Caller
    answers: Answers
    metrics: IngestMetrics
    traceparent: str | None
    _counts: _Counts = field(default_factory=_Counts)

    async def answer(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Take the stream, and tell what became of each line.

        Yields:
            One JSON line for each line that is not blank, in order, and a last one with the
            counts and `complete`: false when the stream was given up before its end.

        """
        complete = True
        most = min(MAX_PIECE, self.caller.articles_per_minute or MAX_PIECE)
        async for lines in _split(chunks):
            for start in range(0, len(lines), most):
                piece = lines[start : start + most]
                try:
                    yield await self._store(piece)
                except UnavailableError as error:
                    yield self._give_up(error)
                    complete = False
                    break
            if not complete:
                break
        yield _line({**vars(self._counts), "complete": complete})

    async def _store(self, lines: list[bytes | None]) -> bytes:
        """Store a piece; a line is null where it was too long."""
        # A stream that is too quick is slowed down, not refused.
        await self.access.wait_for(self.caller, len(lines))
        taken = await asyncio.to_thread(self._check, lines)
        for one in taken:
            self.metrics.articles_received_total.labels(one.kind).inc()
            self.answers.count(one.refusals)
        articles = [one.article for one in taken if one.article is not None]
        outcomes = iter(await self.publisher.submit(articles, self.traceparent))
        told = bytearray()
        for one in taken:
            self._counts.lines += 1
            given: dict[str, Any] = {"line": self._counts.lines}
            if one.article is None:
                self._counts.refused += 1
                told += _line({**given, "errors": _without_index(one)})
                continue
            outcome = next(outcomes)
            self._count(outcome.status)
            told += _line(
                {**given, **describe_outcome(outcome), "has_revisions": one.has_revisions}
            )
        return bytes(told)

    def _check(self, lines: list[bytes | None]) -> list[Taken]:
        received_at = datetime.now(UTC)
        fitting = iter(
            self.intake.take_lines([line for line in lines if line is not None], received_at)
        )
        return [_too_long() if line is None else next(fitting) for line in lines]

    def _count(self, status: str) -> None:
        setattr(self._counts, status, getattr(self._counts, status) + 1)

    def _give_up(self, error: UnavailableError) -> bytes:
        refusal = Refusal("broker", "unavailable", f"{error}; send from this line on again")
        self.answers.count([refusal])
        return _line({"line": self._counts.lines + 1, "errors": describe_refusals([refusal])})


def _too_long() -> Taken:
    reason = f"a line of more than {MAX_LINE_BYTES} bytes"
    return Taken("unknown", refusals=(Refusal("body", "too_large", reason),))


def _without_index(taken: Taken) -> list[dict[str, Any]]:
    return [{"field": r.field, "reason": r.reason} for r in taken.refusals]


def _line(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode() + b"\n"


async def _split(chunks: AsyncIterator[bytes]) -> AsyncIterator[list[bytes | None]]:
    """The lines that each chunk ends, blank ones left out; null for one that is too long."""
    rest = bytearray()
    skipping = False
    async for chunk in chunks:
        lines: list[bytes | None] = []
        *ended, tail = chunk.split(b"\n")
        for end in ended:
            rest += end
            if skipping or len(rest) > MAX_LINE_BYTES:
                lines.append(None)
            elif rest.strip():
                lines.append(bytes(rest))
            rest.clear()
            skipping = False
        rest += tail
        if len(rest) > MAX_LINE_BYTES:
            rest.clear()
            skipping = True
        if lines:
            yield lines
    if skipping or rest.strip():
        yield [None if skipping else bytes(rest)]
