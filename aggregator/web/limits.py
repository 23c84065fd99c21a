"""How much of this process its clients may hold: bytes, seconds, connections; and what was refused so far."""

from __future__ import annotations

import ipaddress
import resource
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

RefusalReason = Literal[
    "head", "body", "slow", "stalled", "host", "pipeline", "malformed", "client", "full", "resources"
]
"""Why a connection was ended or never begun: its head or body was too long, it took too long to ask, it read
nothing or too little for too long, its Host field was missing, doubled or no host, it asked too much ahead, it did
not speak HTTP; its client or all clients had too many connections; the system had no descriptor or memory."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one connection, one client and all of them may take.

    Attributes:
        head_bytes: Of the request line and all fields; more is answered with 431. Browsers send below 4 kB, nginx
            takes 32 kB.
        body_bytes: Of a body, chunks and trailers included; more is answered with 413. Nothing here reads one.
        request_time: Seconds from the first byte of a request, or from connecting, to its end; then 408.
        idle_time: Seconds between two requests of a connection.
        stalled_time: Seconds in which a client that has bytes coming takes none of them, or too few.
        slowest: Bytes of its answers that a client takes in a second, on the whole; all longer time is stalling.
            A telephone of 1995 took 1,200.
        connections: Of all clients at once; never more than half of the process' descriptors.
        per_client: Of one IPv4 address, or of one IPv6 network of 64 bits, which is what one client gets.
        trusted: Networks whose clients are proxies, which speak for many: `per_client` does not hold for them.
    """

    head_bytes: int = 32_768
    body_bytes: int = 16_384
    request_time: float = 10.0
    idle_time: float = 20.0
    stalled_time: float = 60.0
    slowest: float = 1_000.0
    connections: int = 512
    per_client: int = 64
    trusted: tuple[Network, ...] = ()

    @cached_property
    def most(self) -> int:
        """Connections that may be open at once: the other half of the descriptors is for all else."""
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        return max(1, min(self.connections, soft // 2) if soft != resource.RLIM_INFINITY else self.connections)

    def client_key(self, ip: str) -> str | None:
        """Whose connections count together with those of `ip`; None for a trusted proxy."""
        try:
            parsed = ipaddress.ip_address(ip.partition("%")[0])
        except ValueError:
            return ip
        parsed = unmap(parsed)
        if any(parsed in network for network in self.trusted):
            return None
        if parsed.version == 4:
            return str(parsed)
        return str(ipaddress.ip_network((parsed, 64), strict=False))


def unmap(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The IPv4 address that an IPv6 address stands for where a socket serves both; else the address itself."""
    return (ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None) or ip


@dataclass(slots=True)
class Traffic:
    """The connections and answers of one server, for /metrics and the log.

    Attributes:
        open: Connections at present.
        refused: How many were ended or never begun so far, by why.
        answered: Requests so far, by the first digit of their status.
        seconds: How long they took in all.
    """

    open: int = 0
    refused: Counter[RefusalReason] = field(default_factory=Counter)
    answered: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0

    def count(self, status: int, took: float) -> None:
        """Note an answer and how many seconds it took."""
        self.answered[status // 100] += 1
        self.seconds += took
