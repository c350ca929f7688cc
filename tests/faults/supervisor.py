"""Starts again whatever ends, as the supervisor of an installation does, and counts it."""

import asyncio
import signal
import subprocess
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from faults.broker import ProxiedBroker
from support.services import ServiceProcess

_LOOK_SECONDS = 0.1
_STOP_SECONDS = 30.0


@dataclass
class Supervisor:
    """Watches the services and the broker."""

    services: Mapping[str, ServiceProcess]
    broker: ProxiedBroker
    broker_busy: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by a fault that handles the broker."""
    ends: Counter[str] = field(default_factory=Counter)
    """How often which service ended with which exit code."""
    ended: set[str] = field(default_factory=set)
    """Services that were told to end for good."""

    async def watch(self) -> None:
        """Start what ended until cancelled."""
        while True:
            for name, service in self.services.items():
                if not service.running and name not in self.ended:
                    self._note_end(name, service)
                    service.start()
            if not self.broker.kafka.running and not self.broker_busy.locked():
                async with self.broker_busy:
                    self.ends["broker"] += 1
                    await asyncio.to_thread(self.broker.kafka.start)
                    await asyncio.to_thread(self.broker.kafka.wait_ready, 240)
            await asyncio.sleep(_LOOK_SECONDS)

    def _note_end(self, name: str, service: ServiceProcess) -> None:
        if service.process is not None:
            self.ends[f"{name} {service.process.returncode}"] += 1

    def start(self) -> None:
        """Start all services; does not wait."""
        for service in self.services.values():
            service.start()

    async def wait_ready(self, seconds: float) -> None:
        """Wait until every service says that it is ready."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        for name, service in self.services.items():
            while (await asyncio.to_thread(service.get, "/readyz"))[0] != 200:
                assert loop.time() < end, (
                    f"{name} is not ready after {seconds:g} s; its log ends:\n"
                    f"{service.log_text()[-3000:]}"
                )
                await asyncio.sleep(_LOOK_SECONDS)

    async def stop(self, prefix: str) -> list[str]:
        """End the services whose name begins so with SIGTERM; names those that did not obey."""
        chosen = {name: one for name, one in self.services.items() if name.startswith(prefix)}
        chosen = {name: one for name, one in chosen.items() if name not in self.ended}
        self.ended |= chosen.keys()
        for service in chosen.values():
            service.send(signal.SIGTERM)
        unruly = []
        for name, service in chosen.items():
            try:
                code = await asyncio.to_thread(service.wait, _STOP_SECONDS)
            except subprocess.TimeoutExpired:
                code = None
            if code != 0:
                unruly.append(f"{name} ended with {code} after SIGTERM")
        return unruly
