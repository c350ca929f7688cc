"""The broker's word on who is in a group, as the monitor of a service reads it."""

import asyncio

import pytest

from support.services import Fleet
from tocsin_runtime.kafka import group_name, open_admin
from tocsin_runtime.lag import is_member
from tocsin_runtime.settings import KafkaSettings


@pytest.mark.parametrize(
    ("group", "command"),
    [("notifier", ("tocsin-notifier", "correlate")), ("classifier", ("tocsin-classifier",))],
)
async def test_members_are_known_by_their_instance_ids(
    kafka: KafkaSettings, fleet: Fleet, group: str, command: tuple[str, ...]
) -> None:
    """A service that is ready is a member; nobody else is."""
    service = fleet.service(f"{group}-1", *command)
    service.start()
    await asyncio.to_thread(service.wait_ready)
    async with open_admin(kafka) as admin:
        name = group_name(kafka, group)
        assert await is_member(admin, name, f"{group}-1")
        assert not await is_member(admin, name, f"{group}-2")
