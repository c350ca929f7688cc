"""The proxy passes bytes on, and cuts, refuses and slows connections on order."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from faults.broker import free_ports
from faults.proxy import Proxy


@asynccontextmanager
async def echo_behind_proxy() -> AsyncIterator[Proxy]:
    """A server that answers what it is told, behind a proxy."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(1000):
            writer.write(chunk)
        writer.close()

    before, behind = free_ports(2)
    proxy = Proxy(before, behind)
    async with await asyncio.start_server(answer, "127.0.0.1", behind):
        await proxy.start()
        try:
            yield proxy
        finally:
            await proxy.stop()


async def ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, said: bytes = b"hello"
) -> bytes:
    """Say something and give the answer; empty when the connection is gone."""
    try:
        writer.write(said)
        return await asyncio.wait_for(reader.readexactly(len(said)), 5)
    except (ConnectionError, asyncio.IncompleteReadError):
        return b""


async def test_bytes_pass_both_ways() -> None:
    """What is said comes back."""
    async with echo_behind_proxy() as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        assert await ask(reader, writer) == b"hello"
        writer.close()


async def test_a_cut_resets_what_is_open_and_lets_new_ones_in() -> None:
    """An open connection dies, the next one works."""
    async with echo_behind_proxy() as proxy:
        first = await asyncio.open_connection("127.0.0.1", proxy.port)
        assert await ask(*first) == b"hello"
        assert proxy.cut(1.0, random.Random(1)) == 1
        assert await ask(*first) == b""
        second = await asyncio.open_connection("127.0.0.1", proxy.port)
        assert await ask(*second) == b"hello"
        second[1].close()


async def test_nobody_comes_in_while_it_refuses() -> None:
    """A connection is closed before anything is answered."""
    async with echo_behind_proxy() as proxy:
        proxy.refusing = True
        assert await ask(*await asyncio.open_connection("127.0.0.1", proxy.port)) == b""
        proxy.refusing = False
        connection = await asyncio.open_connection("127.0.0.1", proxy.port)
        assert await ask(*connection) == b"hello"
        connection[1].close()


async def test_an_answer_waits_while_it_slows() -> None:
    """Both ways take the delay."""
    async with echo_behind_proxy() as proxy:
        proxy.delay_seconds = 0.1
        connection = await asyncio.open_connection("127.0.0.1", proxy.port)
        loop = asyncio.get_running_loop()
        started = loop.time()
        assert await ask(*connection) == b"hello"
        assert loop.time() - started > 0.19
        connection[1].close()
