"""Messages for people through Apprise: mail, Slack, Telegram, ntfy and a hundred more."""

import asyncio
import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import apprise

from tocsin_notifier.delivery.domain.backlog import Waiting
from tocsin_notifier.delivery.domain.digest import (
    MAX_ALERTS,
    doubt_of,
    write_text,
    write_title,
)
from tocsin_notifier.delivery.domain.retry import Answer, Verdict
from tocsin_notifier.delivery.subscriptions.file import Notification
from tocsin_notifier.delivery.subscriptions.reading import parse_alert
from tocsin_notifier.delivery.subscriptions.sink import Parcel, Plan
from tocsin_runtime.errors import SettingsError


class NotificationSink:
    """Sends the alerts of one incident as one message; Apprise blocks, so in its own thread."""

    connections = 1

    def __init__(self, notification: Notification, addresses: str) -> None:
        """Prepare.

        Args:
            notification: the subscription.
            addresses: one or more of Apprise's addresses, white space between them.

        Raises:
            SettingsError: Apprise knows no such address; the message does not show it.

        """
        # What it logs of failures may hold parts of the address.
        logging.getLogger("apprise").setLevel(logging.CRITICAL)
        self._timeout_seconds = notification.timeout_seconds
        self._manners = notification.manners()
        asset = apprise.AppriseAsset(app_id="Tocsin", async_mode=False, secure_logging=True)
        self._apprise = apprise.Apprise(asset=asset)
        if not all(self._apprise.add(one) for one in addresses.split()):
            raise SettingsError(
                f"{notification.name}: apprise: Apprise knows no such address (not shown); "
                "https://github.com/caronc/apprise lists what it takes"
            )
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"apprise-{notification.name}")
        self._sending: asyncio.Future[bool] | None = None

    def plan(self, waiting: Iterable[Waiting], now: datetime) -> Plan:
        """The alerts of an incident together: at once when one is urgent, else when collected."""
        groups: dict[tuple[str, bool], list[Waiting]] = {}
        for one in waiting:
            groups.setdefault(self._manners.group(one), []).append(one)
        parcels: list[Parcel] = []
        next_at: datetime | None = None
        for members in groups.values():
            due = min(self._manners.due(one, now) for one in members)
            if due <= now:
                ordered = sorted(members, key=lambda one: (not one.is_urgent(now), one.at))
                parcels.append(tuple(ordered[:MAX_ALERTS]))
            else:
                next_at = min(due, next_at or due)
        parcels.sort(key=lambda parcel: (not parcel[0].is_urgent(now), parcel[0].at))
        return Plan(parcels, next_at)

    async def send(self, parcel: Parcel, now: datetime) -> Answer:
        """Send one message."""
        if self._sending is not None and not self._sending.done():
            return Answer(Verdict.FAILED, "timeout", "the message before still hangs")
        alerts = [parse_alert(one.value or b"") for one in parcel]
        doubts = [doubt_of(one, alert, now) for one, alert in zip(parcel, alerts, strict=True)]
        title = write_title(alerts, doubts)
        body = write_text(alerts, doubts, self._manners.zone)
        loop = asyncio.get_running_loop()
        self._sending = loop.run_in_executor(self._thread, self._notify, title, body)
        try:
            async with asyncio.timeout(self._timeout_seconds):
                sent = await asyncio.shield(self._sending)
        except TimeoutError:
            return Answer(Verdict.FAILED, "timeout", f"not sent in {self._timeout_seconds:g} s")
        if sent:
            return Answer(Verdict.DELIVERED, "sent")
        return Answer(Verdict.FAILED, "not_sent", "Apprise could not deliver the message")

    async def close(self) -> None:
        """Wait for nobody."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _notify(self, title: str, body: str) -> bool:
        told = self._apprise.notify(
            body=body, title=title, body_format=apprise.NotifyFormat.TEXT,
            notify_type=apprise.NotifyType.WARNING,
        )  # fmt: skip
        return bool(told)
