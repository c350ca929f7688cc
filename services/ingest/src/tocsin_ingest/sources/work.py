"""All that ingest asks by itself, while it can publish."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from tocsin_ingest.sources.file import follow_file
from tocsin_ingest.sources.rounds import Rounds
from tocsin_runtime.metrics import IngestMetrics
from tocsin_runtime.outbound import create_session

USER_AGENT = "tocsin/1 (news monitoring; feeds and their pages)"
TIMEOUT_SECONDS = 30.0
"""Of one request, from the connection to the last byte."""

CreateRounds = Callable[[aiohttp.ClientSession, aiohttp.ClientSession], Rounds]
"""Makes what asks, from a session for public addresses and one for any."""


@dataclass(frozen=True, slots=True)
class SourcesWork:
    """Asks the sources of a file until it is cancelled."""

    path: Path
    create_rounds: CreateRounds
    metrics: IngestMetrics

    async def run(self) -> None:
        """Ask for ever.

        Raises:
            SettingsError: the file is wrong from the start.

        """
        async with AsyncExitStack() as stack:
            public, private = [
                await stack.enter_async_context(
                    create_session(
                        allow_private=allow,
                        timeout_seconds=TIMEOUT_SECONDS,
                        user_agent=USER_AGENT,
                    )
                )
                for allow in (False, True)
            ]
            rounds = self.create_rounds(public, private)
            stack.push_async_callback(rounds.end)
            async for sources in follow_file(self.path, self.metrics):
                rounds.follow(sources)
