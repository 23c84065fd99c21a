"""The settings of fetching: what the operator may set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network

from aggregator import PRODUCT


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchOptions:
    """Bounds and manners of every request.

    Attributes:
        user_agent: The User-Agent field: name, version, and how to reach the people behind it.
        timeout: For one source from the first name lookup to the last byte, redirects included. Waiting for a
            turn is not counted.
        max_bytes: Of a body as it travels.
        max_decoded_bytes: Of a body after its content coding is undone; also of a file.
        concurrency: Requests at once, in all.
        per_host: Requests at once to one host.
        host_gap: Between the starts of two requests to one host.
        allow_networks: Networks that may be asked although they are not public.
        opted_out: Gives the hosts that asked not to be read, as `text.opted_out` has them: others from one request
            to the next, since feeds.yaml is edited meanwhile.
    """

    user_agent: str = PRODUCT
    timeout: timedelta = timedelta(seconds=30)
    max_bytes: int = 10_000_000
    max_decoded_bytes: int = 15_000_000
    concurrency: int = 32
    per_host: int = 2
    host_gap: timedelta = timedelta(seconds=1)
    allow_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    opted_out: Callable[[], Mapping[str, int | None]] = dict
