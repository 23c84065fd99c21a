"""A name server on loopback that knows one name, as the network of containers does for a service of several."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_A, _IN, _ANSWER = 1, 1, 0x8180


@contextmanager
def naming(addresses: list[str]) -> Iterator[int]:
    """The port of a name server that has these IPv4 addresses for whatever it is asked, until the block ends.

    The list may be changed meanwhile.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=_serve, args=(server, addresses), daemon=True)
        thread.start()
        yield server.getsockname()[1]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", server.getsockname())
        thread.join()


def _serve(server: socket.socket, addresses: list[str]) -> None:
    while True:
        query, client = server.recvfrom(512)
        if not query:
            return
        server.sendto(_answer(query, addresses), client)


def _answer(query: bytes, addresses: list[str]) -> bytes:
    """RFC 1035, section 4.1: the question as it was asked, and an address record for each address."""
    end = query.index(0, 12) + 5
    found = addresses if struct.unpack("!H", query[end - 4 : end - 2]) == (_A,) else []
    records = b"".join(struct.pack("!HHHIH4s", 0xC00C, _A, _IN, 1, 4, socket.inet_aton(one)) for one in found)
    head = struct.pack("!2s5H", query[:2], _ANSWER, 1, len(found), 0, 0)
    return head + query[12:end] + records
