"""Every subscription of the file as a task of its own, from its group to its endpoint."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from aiokafka import AIOKafkaProducer

from tocsin_notifier.delivery.domain.marks import Gone
from tocsin_notifier.delivery.domain.webhook import read_secret
from tocsin_notifier.delivery.subscriptions.courier import Courier, clock
from tocsin_notifier.delivery.subscriptions.file import (
    SETTING,
    AnySubscription,
    Reference,
    Subscriptions,
    Webhook,
    counts_as_gone,
)
from tocsin_notifier.delivery.subscriptions.letters import Letters
from tocsin_notifier.delivery.subscriptions.mailbox import Mailbox
from tocsin_notifier.delivery.subscriptions.sink import Sink
from tocsin_notifier.delivery.webhooks.endpoint import WebhookSink, target_of
from tocsin_runtime.configuration import read_configuration
from tocsin_runtime.errors import SettingsError
from tocsin_runtime.logs import get_logger
from tocsin_runtime.metrics import DeliverMetrics
from tocsin_runtime.settings import ServiceSettings

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Secured:
    """A subscription with the secrets that the file only names."""

    subscription: AnySubscription
    secret: str = field(repr=False)
    """The key of a webhook, the address of a notification."""
    former_secret: str = field(default="", repr=False)
    """The key before; empty when there is none."""


def read_subscriptions(path: Path | None) -> list[Secured]:
    """The subscriptions of the file; without a file there are none.

    Raises:
        SettingsError: the file is wrong, or a secret is not where it should be.

    """
    if path is None:
        return []
    place = f"{path} ({SETTING})"
    given = read_configuration(path, Subscriptions, SETTING).subscriptions
    return [_secure(one, f"{place}: {one.name}") for one in given]


def _secure(one: AnySubscription, place: str) -> Secured:
    if not isinstance(one, Webhook):
        return Secured(one, one.apprise.read(f"{place}.apprise"))
    former = _key(f"{place}.former_secret", one.former_secret) if one.former_secret else ""
    return Secured(one, _key(f"{place}.secret", one.secret), former)


def _key(place: str, reference: Reference) -> str:
    secret = reference.read(place)
    try:
        read_secret(secret)
    except ValueError as error:
        raise SettingsError(
            f"{place}: {error} (not shown); write whsec_ and what `openssl rand -base64 32` prints"
        ) from None
    return secret


def create_sink(secured: Secured) -> Sink:
    """What sends for a subscription.

    Raises:
        SettingsError: Apprise knows no such address.

    """
    if isinstance(secured.subscription, Webhook):
        keys = [read_secret(one) for one in (secured.secret, secured.former_secret) if one]
        return WebhookSink(secured.subscription, keys, version("tocsin-notifier"))
    # Takes a second to load, so only where somebody wants it.
    from tocsin_notifier.delivery.notifications.message import NotificationSink

    return NotificationSink(secured.subscription, secured.secret)


class SubscriptionService:
    """One subscription: reads, delivers, and stands still once its endpoint is gone."""

    def __init__(
        self,
        settings: ServiceSettings,
        subscription: AnySubscription,
        sink: Sink,
        producer: AIOKafkaProducer,
        metrics: DeliverMetrics,
    ) -> None:
        self._subscription = subscription
        self._sink = sink
        self._metrics = metrics
        self._mailbox = Mailbox(settings, subscription, metrics, clock)
        letters = Letters(settings, producer, metrics)
        self._courier = Courier(subscription, self._mailbox, sink, letters, metrics)
        metrics.begin_subscription(subscription.name)
        self.ready = self._mailbox.ready
        """Set once the group has given its partitions, whether the endpoint answers or not."""

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop.

        Raises:
            aiokafka.errors.KafkaError: the broker took no dead letter; end without acknowledging.

        """
        await self._mailbox.open()
        while not (stop.is_set() or self.ready.is_set()):
            await self._mailbox.read()
        if self.ready.is_set() and not self._is_gone():
            await self._deliver(stop)
        await self._mailbox.close()
        await self._sink.close()
        await stop.wait()

    async def _deliver(self, stop: asyncio.Event) -> None:
        ended = asyncio.Event()
        reading = asyncio.create_task(self._read(ended))
        working = asyncio.create_task(self._courier.run(stop))
        await asyncio.wait({reading, working}, return_when=asyncio.FIRST_COMPLETED)
        if reading.done():
            reading.result()
        try:
            told = await working
        finally:
            ended.set()
        await reading
        if told is not None:
            await self._disable(told)

    async def _read(self, ended: asyncio.Event) -> None:
        while not ended.is_set():
            await self._mailbox.read()

    async def _disable(self, told: str) -> None:
        if isinstance(self._subscription, Webhook):
            await self._mailbox.mark_gone(Gone(target_of(self._subscription.url), clock()))
        self._tell_disabled(told)

    def _is_gone(self) -> bool:
        """Whether its endpoint was gone before the start, and nobody has said otherwise since."""
        gone = self._mailbox.gone
        if gone is None or not isinstance(self._subscription, Webhook):
            return False
        target = target_of(self._subscription.url)
        if not counts_as_gone(self._subscription, target, (gone.target, gone.at)):
            self._mailbox.gone = None
            return False
        self._tell_disabled(f"it was gone at {gone.at.isoformat()}")
        return True

    def _tell_disabled(self, told: str) -> None:
        self._metrics.subscription_disabled.labels(self._subscription.name).set(1)
        _log.error(
            "subscription disabled: its endpoint is gone (410); its offset stays. Give it another "
            "url, or set revived_at to now and start deliver again",
            subscription=self._subscription.name, told=told,
        )  # fmt: skip


async def run_subscriptions(
    services: Sequence[SubscriptionService], stop: asyncio.Event, joined: Callable[[], None]
) -> None:
    """Run all until told to stop; the first that fails in our own code ends all.

    Args:
        services: each is a task of its own.
        stop: set when all are to end.
        joined: called once every group has given its partitions.

    """

    async def watch() -> None:
        for one in services:
            await one.ready.wait()
        joined()

    async with asyncio.TaskGroup() as group:
        watching = group.create_task(watch())
        for one in services:
            group.create_task(one.run(stop))
        await stop.wait()
        watching.cancel()
