"""HTTP to addresses that others named: public ones only, sizes and times limited, no surprises."""

import asyncio
import errno
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver

MAX_REDIRECTS = 5
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_READ_BYTES = 64 * 1024

_NAT64 = IPv6Network("64:ff9b::/96")


class OutboundError(Exception):
    """A request could not be done; the message says why, without secrets of the address."""


class RefusedAddressError(OutboundError):
    """The address is not one that may be asked: private, of another scheme, or with credentials."""


class TooLargeError(OutboundError):
    """The answer is larger than allowed; it was not read to its end."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer, read whole."""

    url: str
    """The address that answered, after redirects."""
    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    """Decompressed."""
    moved_to: str | None
    """The address to ask from now on, when every redirect on the way was permanent."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public Internet.

    Private, loopback, link-local (clouds tell their secrets there), multicast and reserved ones
    are not; neither are IPv6 forms that lead to such an IPv4 address.
    """
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        inner = _inner_ipv4(ip)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def _inner_ipv4(ip: IPv6Address) -> IPv4Address | None:
    if ip.ipv4_mapped or ip.sixtofour:
        return ip.ipv4_mapped or ip.sixtofour
    if ip.teredo:
        return ip.teredo[1]
    return IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None


def check_url(url: str) -> None:
    """Check what can be checked before a name is resolved.

    Raises:
        RefusedAddressError: another scheme than http and https, no host, or credentials in it.

    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise RefusedAddressError(f"no URL: {error}") from None
    if parts.scheme not in ("http", "https"):
        raise RefusedAddressError(f"scheme {parts.scheme!r}; only http and https are allowed")
    if not parts.hostname or port == 0:
        raise RefusedAddressError("no host")
    if parts.username is not None or parts.password is not None:
        raise RefusedAddressError("credentials in the address; they belong into a secret")


def create_session(
    *,
    allow_private: bool,
    timeout_seconds: float,
    user_agent: str,
    connections: int = 100,
    resolver: AbstractResolver | None = None,
) -> aiohttp.ClientSession:
    """A session that connects to public addresses only.

    The address is checked when the socket is made, after the name was resolved, so a name that
    resolves to another address the second time helps nobody. Proxies of the environment are not
    used: behind one nothing could be checked.

    Args:
        allow_private: connect to any address.
        timeout_seconds: of a whole request, from the connection to the last byte.
        user_agent: who asks.
        connections: most connections at once.
        resolver: resolves names; without one the threads that everybody shares.

    """
    connector = aiohttp.TCPConnector(
        socket_factory=None if allow_private else _create_checked_socket,
        limit=connections,
        limit_per_host=0,
        ttl_dns_cache=30,
        resolver=resolver,
    )
    return aiohttp.ClientSession(
        connector=connector,
        timeout=aiohttp.ClientTimeout(total=timeout_seconds, sock_connect=timeout_seconds / 2),
        headers={"user-agent": user_agent},
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        max_line_size=16 * 1024,
        max_field_size=16 * 1024,
    )


def _create_checked_socket(info: Any) -> socket.socket:  # noqa: ANN401 - aiohttp's address tuple
    family, kind, protocol, _, address = info
    if not is_public(address[0]):
        raise PermissionError(errno.EACCES, f"{address[0]} is no public address")
    return socket.socket(family=family, type=kind, proto=protocol)


async def fetch(
    session: aiohttp.ClientSession,
    url: str,
    *,
    max_bytes: int,
    headers: Mapping[str, str] | None = None,
) -> Fetched:
    """Get an address, redirects followed by hand so that each is checked.

    Args:
        session: from `create_session`.
        url: what to get.
        max_bytes: of the answer, after decompression.
        headers: sent with the request; not to another host than the first.

    Raises:
        RefusedAddressError: it or a redirect leads where nobody may go.
        TooLargeError: the answer is larger.
        OutboundError: no connection, no answer in time, broken HTTP, too many redirects.

    """
    host = urlsplit(url).hostname
    sent = dict(headers or {})
    permanent, here = True, url
    for _ in range(MAX_REDIRECTS + 1):
        check_url(here)
        answer = await _get(session, here, sent, max_bytes)
        target = answer.headers.get("location")
        if answer.status not in _REDIRECTS or not target:
            moved_to = here if permanent and here != url else None
            return Fetched(here, answer.status, answer.headers, answer.body, moved_to)
        permanent = permanent and answer.status in (301, 308)
        here = urljoin(here, target)
        if urlsplit(here).hostname != host:
            sent = {name: value for name, value in sent.items() if name == "accept"}
    raise OutboundError(f"more than {MAX_REDIRECTS} redirects")


async def _get(
    session: aiohttp.ClientSession, url: str, headers: Mapping[str, str], max_bytes: int
) -> Fetched:
    try:
        async with session.get(url, headers=headers, allow_redirects=False) as response:
            body = await read_limited(response, max_bytes)
            given = {name.lower(): value for name, value in response.headers.items()}
            return Fetched(url, response.status, given, body, None)
    except OutboundError:
        raise
    except TimeoutError:
        raise OutboundError("no answer in time") from None
    except (aiohttp.ClientError, OSError, ValueError, asyncio.IncompleteReadError) as error:
        raise explain(error) from None


async def read_limited(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    """Read an answer of at most so many bytes, decompressed.

    Raises:
        TooLargeError: it is larger; the connection is closed.

    """
    chunks = bytearray()
    async for chunk in response.content.iter_chunked(_READ_BYTES):
        chunks += chunk
        if len(chunks) > max_bytes:
            response.close()
            raise TooLargeError(f"an answer of more than {max_bytes} bytes")
    return bytes(chunks)


def explain(error: Exception) -> OutboundError:
    """What broke, as an error of ours; a refused address is told from a failure."""
    inner = error.__cause__ if isinstance(error.__cause__, OSError) else error
    number = getattr(getattr(error, "os_error", inner), "errno", None)
    if number == errno.EACCES:
        return RefusedAddressError("a private address; allow_private would permit it")
    return OutboundError(f"{type(error).__name__}: {error}"[:300])
