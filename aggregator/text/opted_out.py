"""Hosts that asked not to be read: which of them a host or an address is of, and the words for it.

They are given as the names in `opt_out` of feeds.yaml, in ASCII and lower case, each with its line there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from ipaddress import ip_address

from aggregator.text.hosts import ascii_host, host_in


def find_opt_out(host: str, opted_out: Collection[str]) -> str | None:
    """The name that a host is opted out by: its own, that of one above it, or its own behind `www.`; else None."""
    return (
        next((name for name in _names_above(normal_host(host)) if name in opted_out), None) if opted_out else None
    )


def find_opt_out_of_url(url: str | None, opted_out: Collection[str]) -> str | None:
    """The same of the host that an absolute URL asks; None where it has none."""
    if not url or not opted_out:
        return None
    host = host_in(url)
    return find_opt_out(host, opted_out) if host else None


def tell_opt_out(name: str, opted_out: Mapping[str, int | None]) -> str:
    """Who asked not to be read, and where that is written: a sentence without its full stop."""
    line = opted_out.get(name)
    return f"{name} asked not to be read (`opt_out` in feeds.yaml{f', line {line}' if line else ''})"


def normal_host(host: str) -> str:
    """A host as it is compared: lower-case ASCII, without the dot of the root, an IPv6 address in its short form.

    What cannot be a host stays as it is, in lower case.
    """
    bare = host.strip().rstrip(".").removeprefix("[").removesuffix("]").lower()
    try:
        return str(ip_address(bare)) if ":" in bare else ascii_host(bare)
    except ValueError:
        return bare


def _names_above(host: str) -> Iterator[str]:
    yield host
    yield f"www.{host}"
    while "." in host:
        host = host.partition(".")[2]
        yield host
