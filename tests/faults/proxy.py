"""A TCP proxy before the broker, through which the services' connections are cut and slowed."""

import asyncio
import contextlib
import random
from dataclasses import dataclass, field

_CHUNK_BYTES = 64 * 1024


@dataclass
class Proxy:
    """Passes bytes on between a port of its own and the broker's."""

    port: int
    """Where the services connect to."""
    target_port: int
    """Where the broker listens."""
    delay_seconds: float = 0.0
    """What every chunk of bytes waits, in both directions."""
    refusing: bool = False
    """Whether connections are closed at once, as if the network was cut."""
    _server: asyncio.Server | None = None
    _open: dict[asyncio.WriteTransport, asyncio.WriteTransport] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)

    async def stop(self) -> None:
        """Listen no more and close what is open."""
        if self._server is not None:
            self._server.close()
        self.cut(1.0, random.Random(0))
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self, share: float, dice: random.Random) -> int:
        """Reset a share of the open connections; returns how many."""
        chosen = [pair for pair in list(self._open.items()) if dice.random() < share]
        for pair in chosen:
            for transport in pair:
                transport.abort()
        return len(chosen)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # Python reports a callback that was cancelled as an error; here it is the end.
        with contextlib.suppress(OSError, asyncio.CancelledError):
            if self.refusing:
                writer.transport.abort()
                return
            await self._join(reader, writer)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.target_port)
        except OSError:
            writer.transport.abort()
            return
        self._open[writer.transport] = back.transport
        try:
            await asyncio.gather(self._pass(reader, back), self._pass(there, writer))
        except OSError:
            pass
        finally:
            self._open.pop(writer.transport, None)
            writer.transport.abort()
            back.transport.abort()

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while chunk := await source.read(_CHUNK_BYTES):
            if self.delay_seconds:
                await asyncio.sleep(self.delay_seconds)
            sink.write(chunk)
            await sink.drain()
        # Whoever closes his half means the whole: Kafka's clients never half-close.
        raise ConnectionResetError("closed by one side")
