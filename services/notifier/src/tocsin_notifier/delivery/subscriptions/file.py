"""The file of subscriptions: its fields, its limits, and the secrets that it only names."""

import os
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from tocsin_notifier.delivery.domain.digest import Manners, QuietHours
from tocsin_notifier.delivery.domain.retry import Patience
from tocsin_runtime.errors import SettingsError
from tocsin_runtime.outbound import RefusedAddressError, check_url
from tocsin_schemas.filter import AlertFilter

SETTING = "TOCSIN_SUBSCRIPTIONS_FILE"
"""The environment variable that names the file."""

MAX_SECRET_BYTES = 8 * 1024


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Reference(_Entry):
    """Where a secret stands; exactly one of the two."""

    env: Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,100}$")] | None = None
    """Name of an environment variable of `tocsin-notifier deliver`."""
    file: Path | None = None
    """Path of a file, such as one below /run/secrets."""

    @model_validator(mode="after")
    def _check_one(self) -> Self:
        if (self.env is None) == (self.file is None):
            raise ValueError("name either env or file")
        return self

    def read(self, place: str) -> str:
        """The secret, without white space around it.

        Args:
            place: the field that refers to it, for messages.

        Raises:
            SettingsError: it is not there, or empty.

        """
        if self.env is not None:
            found, where = os.environ.get(self.env, ""), f"environment variable {self.env}"
        else:
            found, where = _read_file(self.file or Path(), place), f"file {self.file}"
        if not found.strip():
            raise SettingsError(f"{place}: {where} is empty or not there; put the secret into it")
        return found.strip()


def _read_file(path: Path, place: str) -> str:
    try:
        with path.open("rb") as file:
            return file.read(MAX_SECRET_BYTES).decode()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "no UTF-8"
        raise SettingsError(f"{place}: cannot read {path}: {why}") from None


class Retry(_Entry):
    """When a delivery that failed is tried again: twice as long each time, spread at random."""

    first_seconds: Annotated[float, Field(ge=0.05, le=60)] = 1
    """The wait after the first failure."""
    longest_seconds: Annotated[float, Field(ge=0.05, le=3600)] = 300
    """No wait is longer, but for what the endpoint itself asks for (at most an hour)."""
    give_up_hours: Annotated[float, Field(gt=0, le=240)] = 24
    """After so long an alert becomes a dead letter."""

    def patience(self) -> Patience:
        """The same as rules."""
        return Patience(
            timedelta(seconds=self.first_seconds),
            timedelta(seconds=self.longest_seconds),
            timedelta(hours=self.give_up_hours),
        )


class _Subscription(_Entry):
    name: Annotated[
        str,
        StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$"),
        Field(examples=["ops-desk"]),
    ]
    """Its name in logs, metrics and the consumer group; a new name begins anew."""
    filter: AlertFilter = AlertFilter()
    """Which alerts it wants; without one all live ones."""
    start: Literal["now", "kept"] = "now"
    """Where a new subscription begins: with what comes from now on, or with all that is kept."""
    retry: Retry = Retry()
    """How failures are met."""


def _check_web_address(url: str) -> str:
    try:
        check_url(url)
    except RefusedAddressError as error:
        raise ValueError(str(error)) from None
    return url


class Webhook(_Subscription):
    """Alerts as signed requests to an address."""

    kind: Literal["webhook"]
    """`webhook`."""
    url: Annotated[
        str,
        StringConstraints(min_length=1, max_length=2048),
        AfterValidator(_check_web_address),
        Field(examples=["https://hooks.example/tocsin"]),
    ]
    """Where to; http or https, without credentials."""
    secret: Reference
    """Where the key of the signatures stands: `whsec_` and base64 of 24 to 64 bytes."""
    former_secret: Reference | None = None
    """The key before, while it is being changed: requests are signed with both."""
    rate: Annotated[float, Field(gt=0, le=1000)] = 20
    """Most requests in a second."""
    timeout_seconds: Annotated[float, Field(ge=1, le=60)] = 15
    """How long an answer may take."""
    allow_private: bool = False
    """Whether the address may lie in a private network, or on this machine."""
    revived_at: AwareDatetime | None = None
    """A 410 answered before this time does not disable the subscription any more."""


_TimeOfDay = Annotated[
    str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$"), Field(examples=["22:00"])
]


class Quiet(_Entry):
    """Hours in which only warnings that are on, and ends of alarms, are told."""

    begin: _TimeOfDay
    """Such as "22:00", in quotes: without them YAML takes it for a number."""
    end: _TimeOfDay
    """Such as "07:00"."""

    @model_validator(mode="after")
    def _check_span(self) -> Self:
        if self.begin == self.end:
            raise ValueError("begin and end are the same time")
        return self

    def hours(self) -> QuietHours:
        """The same as rules."""
        return QuietHours(time.fromisoformat(self.begin), time.fromisoformat(self.end))


def _check_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("no time zone; write one such as Europe/Kyiv") from None
    return name


class Notification(_Subscription):
    """Alerts as messages for people."""

    kind: Literal["notification"]
    """`notification`."""
    apprise: Reference
    """Where the address for Apprise stands; it holds passwords, so it is never written here."""
    rate: Annotated[float, Field(gt=0, le=1000)] = 1
    """Most messages in a second."""
    timeout_seconds: Annotated[float, Field(ge=1, le=300)] = 60
    """How long a message may take."""
    collect_seconds: Annotated[float, Field(ge=0, le=3600)] = 20
    """How long alerts of one incident are collected into one message, from the first."""
    time_zone: Annotated[str, AfterValidator(_check_zone), Field(examples=["Europe/Kyiv"])] = (
        "Europe/Kyiv"
    )
    """Zone of the times in messages and of the quiet hours."""
    quiet_hours: Quiet | None = None
    """When nobody wants to be called, but for what is urgent."""

    def manners(self) -> Manners:
        """How it wants to be told, as rules."""
        quiet = self.quiet_hours.hours() if self.quiet_hours else None
        return Manners(timedelta(seconds=self.collect_seconds), ZoneInfo(self.time_zone), quiet)


AnySubscription = Webhook | Notification


class Subscriptions(_Entry):
    """The whole file."""

    subscriptions: Annotated[
        tuple[Annotated[AnySubscription, Field(discriminator="kind")], ...], Field(max_length=200)
    ] = ()
    """Who is to be told."""

    @model_validator(mode="after")
    def _check_names(self) -> Self:
        names = [one.name for one in self.subscriptions]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two subscriptions of one name: {', '.join(twice)}")
        return self


def counts_as_gone(subscription: AnySubscription, target: str, gone: tuple[str, datetime]) -> bool:
    """Whether a 410 that was remembered disables a subscription.

    Args:
        subscription: as the file has it now.
        target: digest of its address.
        gone: digest of the address that answered so, and when.

    """
    revived = subscription.revived_at if isinstance(subscription, Webhook) else None
    return gone[0] == target and (revived is None or gone[1] >= revived)
