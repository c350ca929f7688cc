"""One webhook endpoint: its own connections, its own threads for names, answers kept short."""

import asyncio
import hashlib
import socket
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import UUID

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from tocsin_notifier.delivery.domain.backlog import Waiting
from tocsin_notifier.delivery.domain.retry import Answer, Verdict, judge, read_retry_after
from tocsin_notifier.delivery.domain.webhook import sign, write_body
from tocsin_notifier.delivery.subscriptions.file import Webhook
from tocsin_notifier.delivery.subscriptions.reading import parse_alert
from tocsin_notifier.delivery.subscriptions.sink import Parcel, Plan
from tocsin_runtime.outbound import RefusedAddressError, create_session, explain
from tocsin_schemas import ids

_SHOWN_BYTES = 200
"""So much of an answer is read at the most, and only of a refusal."""

_READ_SECONDS = 2.0


class OwnResolver(AbstractResolver):
    """Resolves names in threads of its own: a name server that hangs delays nobody else."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="resolve")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Every address of a host.

        Raises:
            OSError: it has none, or nobody knows.

        """
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, _look_up, host, port, family)
        return [
            ResolveResult(
                hostname=host, host=str(address[0]), port=port, family=kind, proto=proto,
                flags=socket.AI_NUMERICHOST,
            )
            for kind, _, proto, _, address in found
        ]  # fmt: skip

    async def close(self) -> None:
        """Wait for nobody."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _look_up(
    host: str, port: int, family: int
) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
    found = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, family=family, flags=socket.AI_ADDRCONFIG
    )
    return [(int(a), int(b), c, d, tuple(e)) for a, b, c, d, e in found]


class WebhookSink:
    """Sends each alert as one signed request."""

    connections = 4

    def __init__(self, webhook: Webhook, keys: Sequence[bytes], version: str) -> None:
        """Prepare; the connections are made in the running loop.

        Args:
            webhook: the subscription.
            keys: of the signatures, the newest first.
            version: of this release.

        """
        self._webhook = webhook
        self._keys = keys
        self._resolver = OwnResolver()
        self._session = create_session(
            allow_private=webhook.allow_private,
            timeout_seconds=webhook.timeout_seconds,
            user_agent=f"Tocsin/{version}",
            connections=self.connections,
            resolver=self._resolver,
        )

    def plan(self, waiting: Iterable[Waiting], now: datetime) -> Plan:
        """Everything at once, each by itself: what is on first, then the oldest."""
        ordered = sorted(waiting, key=lambda one: (not one.is_urgent(now), one.at, one.spot))
        return Plan([(one,) for one in ordered[: self.connections]])

    async def send(self, parcel: Parcel, now: datetime) -> Answer:
        """Send one alert; redirects are failures and are never followed."""
        [one] = parcel
        alert = parse_alert(one.value or b"")
        body = write_body(alert, now, replayed=one.replayed, replaced=one.replaced)
        headers = self._headers(ids.webhook_id(self._webhook.name, alert.alert_id), now, body)
        try:
            async with self._session.post(
                self._webhook.url, data=body, headers=headers, allow_redirects=False
            ) as response:
                return await _answer(response, now)
        except TimeoutError:
            seconds = f"{self._webhook.timeout_seconds:g} s"
            return Answer(Verdict.FAILED, "timeout", f"no answer within {seconds}")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            told = explain(error)
            refused = isinstance(told, RefusedAddressError)
            return Answer(Verdict.FAILED, "address_refused" if refused else "connection", str(told))

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()
        await self._resolver.close()

    def _headers(self, delivery_id: UUID, now: datetime, body: bytes) -> dict[str, str]:
        timestamp = int(now.timestamp())
        return {
            "content-type": "application/json",
            "webhook-id": str(delivery_id),
            "webhook-timestamp": str(timestamp),
            "webhook-signature": sign(self._keys, str(delivery_id), timestamp, body),
        }


def target_of(url: str) -> str:
    """What is remembered of an address that is gone: addresses may hold secrets."""
    return hashlib.sha256(url.encode()).hexdigest()[:16]


async def _read_start(response: aiohttp.ClientResponse) -> str:
    """The beginning of a refusal, for the log; what comes late or is long is left alone."""
    try:
        async with asyncio.timeout(_READ_SECONDS):
            start = await response.content.read(_SHOWN_BYTES)
    except (TimeoutError, aiohttp.ClientError):
        return ""
    return start.decode("utf-8", "backslashreplace")


async def _answer(response: aiohttp.ClientResponse, now: datetime) -> Answer:
    verdict = judge(response.status)
    # Only the status counts: a connection whose answer was not read to its end is closed.
    shown = "" if verdict is Verdict.DELIVERED else await _read_start(response)
    asked = read_retry_after(response.headers.get("retry-after"), now)
    return Answer(verdict, f"http_{response.status}", f"HTTP {response.status}: {shown}", asked)
