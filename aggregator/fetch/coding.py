"""Content codings, undone a piece at a time and never further than a limit.

Only gzip and deflate are offered, and only one layer of them is undone: three nested layers turn some hundred
bytes into a gigabyte.
"""

from __future__ import annotations

import zlib
from typing import Protocol

_GZIP = 16 + zlib.MAX_WBITS
_MEMBERS = 1000
"""More members than this are no file that somebody packed."""


class CodingError(ValueError):
    """The body is not what its Content-Encoding says, or it ends too early."""


class ExpandedError(ValueError):
    """The body grew beyond the limit."""


class Decoder(Protocol):
    """Undoes one content coding of a body that comes in pieces."""

    def feed(self, data: bytes) -> bytes:
        """What `data` adds to the decoded body. Raises CodingError or ExpandedError."""
        ...

    def finish(self) -> None:
        """Say that nothing more will come. Raises CodingError if something is missing."""
        ...


def decoder(codings: list[str], limit: int) -> Decoder | None:
    """The decoder for a Content-Encoding, or None if there is none for it.

    Args:
        codings: The coding names in lower case, in the order of the field.
        limit: Bytes of decoded body.
    """
    real = [coding for coding in codings if coding not in ("", "identity")]
    if not real:
        return _Identity(limit)
    if real in (["gzip"], ["x-gzip"]):
        return _Gzip(limit)
    return _Deflate(limit) if real == ["deflate"] else None


class _Identity:
    def __init__(self, limit: int) -> None:
        self._left = limit

    def feed(self, data: bytes) -> bytes:
        self._left -= len(data)
        if self._left < 0:
            raise ExpandedError
        return data

    def finish(self) -> None:
        """Nothing can be missing: the message's own framing was checked."""


class _Inflater:
    """One zlib stream after another would be a `_Gzip`; this is one."""

    def __init__(self, wbits: int) -> None:
        self._stream = zlib.decompressobj(wbits)

    @property
    def done(self) -> bool:
        return self._stream.eof

    @property
    def rest(self) -> bytes:
        """What follows the end of the stream."""
        return self._stream.unused_data

    def inflate(self, data: bytes, left: int) -> bytes:
        """All that `data` yields; no more than `left` bytes."""
        try:
            out = self._stream.decompress(data, left + 1)  # zero would mean: without limit
        except zlib.error:
            raise CodingError from None
        if len(out) > left:
            raise ExpandedError
        return out


class _Gzip:
    """RFC 1952: one or more members, each with a checksum that zlib verifies."""

    def __init__(self, limit: int) -> None:
        self._left = limit
        self._inflater = _Inflater(_GZIP)
        self._members = 1
        self._begun = False
        self._trailing = False

    def feed(self, data: bytes) -> bytes:
        out = bytearray()
        while data and not self._trailing:
            data = self._next_member(data)
            if data:
                out += self._inflate(data)
                data = self._inflater.rest
        return bytes(out)

    def _inflate(self, data: bytes) -> bytes:
        out = self._inflater.inflate(data, self._left)
        self._begun = True
        self._left -= len(out)
        return out

    def _next_member(self, data: bytes) -> bytes:
        """Where a member ended, another may begin; anything else is padding, which nobody minds."""
        if not self._inflater.done:
            return data
        if data[0] != 0x1F:
            self._trailing = True
            return b""
        self._members += 1
        if self._members > _MEMBERS:
            raise CodingError
        self._inflater = _Inflater(_GZIP)
        return data

    def finish(self) -> None:
        if self._begun and not self._inflater.done:
            raise CodingError


class _Deflate:
    """RFC 9110, section 8.4.1.2 says zlib (RFC 1950); some servers send bare deflate (RFC 1951)."""

    def __init__(self, limit: int) -> None:
        self._left = limit
        self._head = b""
        self._inflater: _Inflater | None = None

    def feed(self, data: bytes) -> bytes:
        if self._inflater is None:
            self._head += data
            if len(self._head) < 2:
                return b""
            data, self._inflater = self._head, _Inflater(_window(self._head))
        if self._inflater.done:
            return b""
        out = self._inflater.inflate(data, self._left)
        self._left -= len(out)
        return out

    def finish(self) -> None:
        if self._head and (self._inflater is None or not self._inflater.done):
            raise CodingError


def _window(head: bytes) -> int:
    """The header of zlib says so itself: method 8, and a multiple of 31."""
    is_zlib = head[0] & 0x0F == 8 and (head[0] << 8 | head[1]) % 31 == 0
    return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS
