"""When something came, by the kernel: on a busy machine it may have been there for a while."""

from __future__ import annotations

import socket
import struct
import time

_SINCE_DATA = struct.Struct("=52xI")
"""In `tcp_info` of <linux/tcp.h>: milliseconds since data came last."""


def came(connection: socket.socket) -> float:
    """The moment at which data came last, on the monotonic clock."""
    info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _SINCE_DATA.size)
    return time.monotonic() - float(_SINCE_DATA.unpack(info)[0]) / 1000
