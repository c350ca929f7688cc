"""Requests to addresses that others named: where they may go, and how much they may bring."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tocsin_runtime.outbound import (
    OutboundError,
    RefusedAddressError,
    TooLargeError,
    check_url,
    create_session,
    fetch,
    is_public,
)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Serve = Callable[[Handler], Awaitable[str]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    servers: list[TestServer] = []

    async def start(handler: Handler) -> str:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", handler)
        server = TestServer(app)
        await server.start_server()
        servers.append(server)
        return str(server.make_url("/"))

    yield start
    for server in servers:
        await server.close()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with create_session(
        allow_private=True, timeout_seconds=2, user_agent="tocsin-test"
    ) as made:
        yield made


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1",
        "ff02::1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "192.0.2.1",
    ],
)  # fmt: skip
def test_addresses_inside_are_not_public(address: str) -> None:
    """However they are spelled."""
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111", "64:ff9b::101:101"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    """IPv4, IPv6, and the one inside the other."""
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "ftp://a.example/", "gopher://a.example/", "//a.example/",
        "http://", "http://user:secret@a.example/", "http://[::1", "http://a.example:99999/", "",
    ],
)  # fmt: skip
def test_what_is_no_address_to_ask_is_refused(url: str) -> None:
    """And the message holds no credentials."""
    with pytest.raises(RefusedAddressError) as caught:
        check_url(url)
    assert "secret@" not in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0x7f.1", "2130706433"])
async def test_private_addresses_are_not_connected_to(serve: Serve, host: str) -> None:
    """Literal or by name: nothing arrives at the server."""
    asked: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(text="secret")

    port = (await serve(handle)).rsplit(":", 1)[1]
    async with create_session(
        allow_private=False, timeout_seconds=2, user_agent="tocsin-test"
    ) as session:
        with pytest.raises(OutboundError):
            await fetch(session, f"http://{host}:{port}", max_bytes=100)
    assert asked == []


async def test_a_redirect_inside_is_refused(serve: Serve, session: aiohttp.ClientSession) -> None:
    """By scheme even where private addresses are allowed."""

    async def handle(request: web.Request) -> web.Response:
        raise web.HTTPFound("file:///etc/passwd")

    with pytest.raises(RefusedAddressError, match="scheme 'file'"):
        await fetch(session, await serve(handle), max_bytes=100)


async def test_redirects_end_and_permanent_ones_are_told(
    serve: Serve, session: aiohttp.ClientSession
) -> None:
    """A loop is an error; the new address is known only when all of the way was permanent."""

    async def handle(request: web.Request) -> web.Response:
        if request.path == "/old":
            raise web.HTTPMovedPermanently("/new")
        if request.path == "/loop":
            raise web.HTTPFound("/loop")
        return web.Response(text="here")

    base = await serve(handle)
    fetched = await fetch(session, f"{base}old", max_bytes=100)
    assert (fetched.body, fetched.moved_to) == (b"here", f"{base}new")
    with pytest.raises(OutboundError, match="redirects"):
        await fetch(session, f"{base}loop", max_bytes=100)


async def test_a_bomb_is_not_unpacked(serve: Serve, session: aiohttp.ClientSession) -> None:
    """Eight megabytes in eight kilobytes."""
    bomb = gzip.compress(bytes(8 * 1024 * 1024))

    async def handle(_: web.Request) -> web.Response:
        return web.Response(body=bomb, headers={"content-encoding": "gzip"})

    with pytest.raises(TooLargeError):
        await fetch(session, await serve(handle), max_bytes=100_000)


async def test_an_endless_or_silent_answer_ends(
    serve: Serve, session: aiohttp.ClientSession
) -> None:
    """By size or by time."""

    async def handle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while request.path == "/endless":
            await response.write(b"x" * 10_000)
        await asyncio.Event().wait()
        return response

    base = await serve(handle)
    with pytest.raises(TooLargeError):
        await fetch(session, f"{base}endless", max_bytes=100_000)
    with pytest.raises(OutboundError, match="in time"):
        await fetch(session, f"{base}silent", max_bytes=100_000)
