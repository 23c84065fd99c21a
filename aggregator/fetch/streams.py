"""TCP and TLS on asyncio itself, in the shape that httpcore asks for.

httpcore's own way leads through anyio, whose scopes, guards and tasks for each attempt, reading and writing were a
fifth of a poll that brings nothing. Here one task reads and writes, and one deadline around all of it rules.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import TypeVar, cast

import httpcore

T = TypeVar("T")

_ENOUGH = 64 * 1024
"""Bytes that wait to be read; then the other side waits."""


async def connect(ip: str, port: int, seconds: float | None = None) -> httpcore.AsyncNetworkStream:
    """A connection to an IP, within so many seconds. Raises httpcore.ConnectError or ConnectTimeout."""
    try:
        async with asyncio.timeout(seconds):
            _, stream = await asyncio.get_running_loop().create_connection(_TcpStream, ip, port)
    except TimeoutError as error:
        raise httpcore.ConnectTimeout from error
    except OSError as error:
        raise httpcore.ConnectError from error
    return stream


class _TcpStream(asyncio.Protocol, httpcore.AsyncNetworkStream):
    """One connection. What came waits here until it is read."""

    _transport: asyncio.Transport

    def __init__(self) -> None:
        self._came = bytearray()
        self._ended = False
        self._is_held = self._is_full = False
        self._error: Exception | None = None
        self._news: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._came += data
        if len(self._came) >= _ENOUGH and not self._is_held:
            self._is_held = True
            self._transport.pause_reading()
        self._tell()

    def eof_received(self) -> bool:
        self._ended = True
        self._tell()
        return True  # we may still speak

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended, self._error = True, exc
        self._tell()

    def pause_writing(self) -> None:
        self._is_full = True

    def resume_writing(self) -> None:
        self._is_full = False
        self._tell()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 # httpcore's signature
        del timeout
        while not self._came and not self._ended:
            await self._wait()
        if not self._came and self._error is not None:
            raise httpcore.ReadError from self._error
        data = bytes(self._came[:max_bytes])
        del self._came[:max_bytes]
        if self._is_held and len(self._came) < _ENOUGH and not self._ended:
            self._is_held = False
            self._transport.resume_reading()
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 # httpcore's signature
        del timeout
        if not self._transport.is_closing():
            self._transport.write(buffer)
        while self._is_full and not self._transport.is_closing():
            await self._wait()
        if self._transport.is_closing():
            raise httpcore.WriteError from self._error

    async def aclose(self) -> None:
        self._transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 # httpcore's signature
    ) -> httpcore.AsyncNetworkStream:
        del timeout
        return await _TlsStream.over(self, ssl_context, server_hostname)

    async def _wait(self) -> None:
        self._news = asyncio.get_running_loop().create_future()
        await self._news

    def _tell(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)


class _TlsStream(httpcore.AsyncNetworkStream):
    """TLS over a connection: Python's `ssl` does it in memory; what it writes and wants goes over the other."""

    def __init__(self, below: httpcore.AsyncNetworkStream, context: ssl.SSLContext, name: str | None) -> None:
        self._below = below
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=name)

    @classmethod
    async def over(
        cls, below: httpcore.AsyncNetworkStream, context: ssl.SSLContext, name: str | None
    ) -> _TlsStream:
        """Shake hands. Raises httpcore.ConnectError, whose cause tells why."""
        try:
            stream = cls(below, context, name)
            await stream.shake_hands()
        except (ssl.SSLError, httpcore.NetworkError) as error:
            raise httpcore.ConnectError from error
        return stream

    async def shake_hands(self) -> None:
        """Begin TLS on both sides; to be done once, before all else."""
        await self._do(self._tls.do_handshake)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 # httpcore's signature
        del timeout
        try:
            return await self._do(lambda: self._tls.read(max_bytes))
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""  # many servers end without TLS's farewell: whether all is there HTTP tells
        except ssl.SSLError as error:
            raise httpcore.ReadError from error

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 # httpcore's signature
        del timeout
        try:
            while buffer:
                buffer = buffer[await self._do(lambda: self._tls.write(buffer)) :]  # noqa: B023 # called at once
        except ssl.SSLError as error:
            raise httpcore.WriteError from error

    async def aclose(self) -> None:
        await self._below.aclose()

    def get_extra_info(self, info: str) -> object:
        return self._tls if info == "ssl_object" else None

    async def _do(self, step: Callable[[], T]) -> T:
        """A step of `ssl`, again as often as it wants to hear more; what it has to say is sent each time."""
        while True:
            try:
                result = step()
            except ssl.SSLWantReadError:
                await self._flush()
                data = await self._below.read(_ENOUGH)
                if data:
                    self._incoming.write(data)
                else:
                    self._incoming.write_eof()
            else:
                await self._flush()
                return result

    async def _flush(self) -> None:
        if self._outgoing.pending:
            await self._below.write(self._outgoing.read())
