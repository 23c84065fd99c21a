"""Content codings, undone a piece at a time and never further than a limit.

Only gzip and deflate are offered, and two layers of them are undone, each within the limit: a packed file that its
server packs once more has two, and three nested layers turn some hundred bytes into a gigabyte. Servers claim
codings of bodies that have none or another one, send packed files without a word, and write a charset where a
coding belongs (`Content-Encoding: utf-8`): what a body's first bytes show beyond doubt counts more than what is
said of it.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from typing import Protocol

_GZIP = 16 + zlib.MAX_WBITS
_MEMBERS = 1000
"""More members than this are no file that somebody packed."""

_CODINGS = frozenset(
    {"br", "compress", "dcb", "dcz", "deflate", "exi", "gzip", "pack200-gzip", "x-compress", "x-gzip"}
    | {"aes128gcm", "zstd"}
)
"""IANA's registry of content codings, without `identity`; any other name says nothing about the bytes."""

_OFFERED = frozenset({"deflate", "gzip", "x-gzip"})

_LAYERS = 2
"""So many are undone; what is packed below them is refused."""

_SHOWING = 8
"""So many bytes of a body tell whether it is text or packed."""

_MAGIC = b"\x1f\x8b\x08"
"""RFC 1952, section 2.3.1: a gzip file, whose method is deflate."""

_TEXT = re.compile(rb"(?:\xef\xbb\xbf)?[\t\n\r ]*(?:[<{\[][\t\n\r\x20-\x7e]*)?|\xff\xfe.*|\xfe\xff.*", re.DOTALL)
"""How documents in XML, JSON and HTML begin. Neither gzip nor zlib begins so; a bare deflate stream may have one
such byte, and no eight."""

_PROSE = re.compile(rb"[\t\n\r\x20-\x7e]{%d}" % _SHOWING)
"""How a text begins that something says before the document: `Warning: foo`, and then `<rss>`."""


class CodingError(ValueError):
    """The body is not what its Content-Encoding says, or it ends too early."""


class UnaskedError(CodingError):
    """The body is in a coding that was not offered."""


class ExpandedError(ValueError):
    """The body grew beyond the limit."""


class Decoder(Protocol):
    """Undoes the content coding of a body that comes in pieces."""

    def feed(self, data: bytes) -> bytes:
        """What `data` adds to the decoded body. Raises CodingError or ExpandedError."""
        ...

    def finish(self) -> bytes:
        """The end of the decoded body: nothing more will come. Raises as `feed`, or if something is missing."""
        ...


def make_decoder(codings: list[str], limit: int) -> Decoder:
    """The decoder for a body with a Content-Encoding.

    Args:
        codings: The coding names in lower case, in the order of the field.
        limit: Bytes of decoded body.
    """
    return _Sniffer([coding for coding in codings if coding in _CODINGS], limit, _LAYERS)


def unpack(body: bytes, limit: int) -> bytes:
    """A whole body of which nothing is said. Raises CodingError or ExpandedError."""
    opened = make_decoder([], limit)
    return opened.feed(body) + opened.finish()


class _Sniffer:
    """Decides by the first bytes what the body is; what is claimed is believed unless they show otherwise."""

    def __init__(self, claimed: list[str], limit: int, layers: int) -> None:
        self._claimed = claimed
        self._limit = limit
        self._layers = layers
        self._head = b""
        self._chosen: Decoder | None = None

    def feed(self, data: bytes) -> bytes:
        if self._chosen is not None:
            return self._chosen.feed(data)
        self._head += data
        if len(self._head) < _SHOWING:
            return b""
        self._chosen = self._choose()
        return self._chosen.feed(self._head)

    def finish(self) -> bytes:
        if self._chosen is not None:
            return self._chosen.finish()
        if not self._head:
            return b""
        chosen = self._choose()
        return chosen.feed(self._head) + chosen.finish()

    def _choose(self) -> Decoder:
        coding = _choose_coding(self._head[:_SHOWING], self._claimed, self._layers)
        outer = coding(self._limit)
        if coding in (_Uncoded, _Unasked):
            return outer
        return _Layers(outer, _Sniffer(self._claimed[:-1], self._limit, self._layers - 1))


def _choose_coding(shown: bytes, claimed: list[str], layers: int) -> Callable[[int], Decoder]:
    """What undoes the outermost layer of a body that begins so, and is said to have these codings."""
    if shown.startswith(_MAGIC):
        return _Gzip if layers else _Unasked
    if not claimed or _TEXT.fullmatch(shown):
        return _Uncoded
    if _PROSE.fullmatch(shown) and not (claimed[-1] == "deflate" and _can_be_inflated(shown)):
        return _Uncoded
    # Gzip always shows itself: who claims it of other bytes has mistaken deflate for it.
    return _Deflate if claimed[-1] in _OFFERED and len(claimed) <= layers else _Unasked


def _can_be_inflated(shown: bytes) -> bool:
    try:
        _Inflater(_window(shown)).inflate(shown, len(shown) * _MEMBERS)
    except CodingError:
        return False
    return True


class _Layers:
    """A coding around whatever the inside shows itself to be."""

    def __init__(self, outer: Decoder, inner: Decoder) -> None:
        self._outer = outer
        self._inner = inner

    def feed(self, data: bytes) -> bytes:
        return self._inner.feed(self._outer.feed(data))

    def finish(self) -> bytes:
        return self._inner.feed(self._outer.finish()) + self._inner.finish()


class _Unasked:
    """Refuses a body in a coding that we did not ask for."""

    def __init__(self, limit: int) -> None:
        """As the others; nothing is let through, whatever the limit."""

    def feed(self, data: bytes) -> bytes:
        del data
        raise UnaskedError

    def finish(self) -> bytes:
        raise UnaskedError


class _Uncoded:
    """Lets a body that has no coding through as it is, within its bound."""

    def __init__(self, limit: int) -> None:
        self._left = limit

    def feed(self, data: bytes) -> bytes:
        self._left -= len(data)
        if self._left < 0:
            raise ExpandedError
        return data

    def finish(self) -> bytes:
        return b""  # nothing can be missing: the message's own framing was checked


class _Inflater:
    """Inflates one stream of zlib within a bound, and keeps what follows its end."""

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

    def finish(self) -> bytes:
        if not self._inflater.done:
            raise CodingError
        return b""


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

    def finish(self) -> bytes:
        if self._inflater is None or not self._inflater.done:
            raise CodingError
        return b""


def _window(head: bytes) -> int:
    """The header of zlib says so itself: method 8, and a multiple of 31."""
    is_zlib = head[0] & 0x0F == 8 and (head[0] << 8 | head[1]) % 31 == 0
    return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS
