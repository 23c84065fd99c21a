"""The network as httpcore sees it: a door that opens to public IPs only, and to no host that asked not to be read.

The check sits where the connection is made. A name is looked up once, each IP of it is judged, and the
very IP that was judged is dialled; so neither a redirect, nor a second answer of a name server, nor another
spelling of an IP finds a way around. Of a host that asked not to be read not even the name is looked up.
"""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from ipaddress import ip_address
from itertools import chain, zip_longest

import httpcore

from aggregator.fetch import ip_policy, streams
from aggregator.fetch.fetch_errors import (
    blocked_error,
    not_connected_error,
    not_resolved_error,
    not_secure_error,
    too_large_error,
)
from aggregator.fetch.ip_policy import IpAddress
from aggregator.fetch.options import FetchOptions
from aggregator.fetch.resolver import Resolver
from aggregator.text.opted_out import find_opt_out, tell_opt_out

_ATTEMPT = 5.0
"""Seconds that one IP may take while another one is left to try; the last has until the deadline."""
_ATTEMPTS = 6
"""IPs of one name that are tried at most."""


class GuardedBackend:
    """Dials allowed IPs of hosts that may be asked, counts what comes from them.

    Raises `StoppedError` for everything that is refused or fails while connecting.
    """

    def __init__(self, resolver: Resolver, options: FetchOptions, *, max_wire_bytes: int) -> None:
        self._resolver = resolver
        self._allowed = options.allow_networks
        self._opted_out = options.opted_out
        self._max_wire_bytes = max_wire_bytes

    async def connect_tcp(self, host: str, port: int) -> httpcore.AsyncNetworkStream:
        """A connection to one of the host's IPs, all of which are allowed."""
        found = _alternate_versions(await self._check_ips(host, port))[:_ATTEMPTS]
        for place, candidate in enumerate(found, start=1):
            try:
                stream = await streams.connect(str(candidate), port, _ATTEMPT if place < len(found) else None)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                trouble = not_connected_error(host, error)
            else:
                return _CountedStream(stream, host, self._max_wire_bytes)
        raise trouble

    async def _check_ips(self, host: str, port: int) -> list[IpAddress]:
        """The host's IPs; one that is forbidden forbids them all."""
        found = await self._find_ips(host, port)
        for candidate in found:
            reason = ip_policy.refusal(candidate, self._allowed)
            if reason is not None:
                raise blocked_error(
                    f"{host} was not asked: {reason}. If it is meant to be read, open its network "
                    "with fetch.allow_networks in config/settings.yaml."
                )
        return found

    async def _find_ips(self, host: str, port: int) -> list[IpAddress]:
        try:
            spelled = ip_policy.literal_ip(host)
        except ValueError:
            raise blocked_error(f"{host} was not asked: it is no valid IP.") from None
        opted_out = self._opted_out()
        name = find_opt_out(host if spelled is None else str(spelled), opted_out)
        if name is not None:
            raise blocked_error(f"{host} is not asked: {tell_opt_out(name, opted_out)}.", opted_out=True)
        if spelled is not None:
            return [spelled]
        try:
            found = await self._resolver.resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise not_resolved_error(host, error) from None
        if not found:
            raise not_resolved_error(host, None)
        return [ip_address(text) for text in found]


class _CountedStream(httpcore.AsyncNetworkStream):
    """A connection that ends when too much came through it, whatever it was.

    The cap on the body does not see informational responses, headers and what surrounds chunks.
    """

    def __init__(self, stream: httpcore.AsyncNetworkStream, host: str, limit: int) -> None:
        self._stream = stream
        self._host = host
        self._limit = limit
        self._left = limit

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 # httpcore's signature
        data = await self._stream.read(max_bytes, timeout)
        self._left -= len(data)
        if self._left < 0:
            raise too_large_error(self._host, self._limit, "fetch.max_bytes")
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 # httpcore's signature
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 # httpcore's signature
    ) -> httpcore.AsyncNetworkStream:
        name = (server_hostname or self._host).removesuffix(
            "."
        )  # certificates and SNI know no trailing dot (RFC 6066, section 3)
        try:
            stream = await self._stream.start_tls(ssl_context, name, timeout)
        except (httpcore.ConnectError, ssl.SSLError, OSError, ValueError) as error:
            await self._stream.aclose()
            raise not_secure_error(self._host, error) from None
        except BaseException:  # the deadline or a shutdown: httpcore leaves the socket open then
            await self._stream.aclose()
            raise
        return _CountedStream(stream, self._host, self._limit)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def _alternate_versions(found: Sequence[IpAddress]) -> list[IpAddress]:
    """One of each IP version in turn, beginning with the one the system prefers (RFC 8305, section 4)."""
    first = [one for one in found if one.version == found[0].version]
    other = [one for one in found if one.version != found[0].version]
    pairs = chain.from_iterable(zip_longest(first, other))
    return [one for one in pairs if one is not None]
