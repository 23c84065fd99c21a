"""Which IP addresses may be asked. Pure: no name is looked up here.

An IP passes when everything it stands for is public unicast, or was opened by the operator. "Everything"
matters because IPv6 has many ways to carry an IPv4 address inside; a gateway on the way would unpack it, and
127.0.0.1 in a wrapper is still 127.0.0.1.

The tables follow the IANA registries of special-purpose addresses (RFC 6890 and its updates). They are written
out because what Python's `is_global` answers differs between its versions and leaves wrapped addresses alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network

IpAddress = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_FORBIDDEN_4: tuple[tuple[IPv4Network, str], ...] = tuple(
    (IPv4Network(network), what)
    for network, what in (
        ("0.0.0.0/8", "an IP of this host"),
        ("10.0.0.0/8", "a private IP"),
        ("100.64.0.0/10", "an IP behind a carrier's NAT"),
        ("127.0.0.0/8", "a loopback IP"),
        ("168.63.129.16/32", "the IP of a cloud provider's host service"),
        ("169.254.0.0/16", "a link-local IP"),
        ("172.16.0.0/12", "a private IP"),
        ("192.0.0.0/24", "a reserved IP"),
        ("192.0.2.0/24", "an IP for documentation"),
        ("192.88.99.0/24", "an IP of a 6to4 relay"),
        ("192.168.0.0/16", "a private IP"),
        ("198.18.0.0/15", "an IP for benchmarks"),
        ("198.51.100.0/24", "an IP for documentation"),
        ("203.0.113.0/24", "an IP for documentation"),
        ("224.0.0.0/4", "a multicast IP"),
        ("240.0.0.0/4", "a reserved IP"),
    )
)

_FORBIDDEN_6: tuple[tuple[IPv6Network, str], ...] = tuple(
    (IPv6Network(network), what)
    for network, what in (
        ("::/128", "an IP of this host"),
        ("::1/128", "a loopback IP"),
        ("::/96", "an IPv4-compatible IP"),
        ("64:ff9b:1::/48", "an IP of a local NAT64"),
        ("100::/64", "an IP that discards"),
        ("2001::/32", "a Teredo tunnel"),
        ("2001::/23", "a reserved IP"),
        ("2001:db8::/32", "an IP for documentation"),
        ("2002::/16", "a 6to4 tunnel"),
        ("3fff::/20", "an IP for documentation"),
        ("fc00::/7", "a private IP"),
        ("fe80::/10", "a link-local IP"),
        ("fec0::/10", "a site-local IP"),
        ("ff00::/8", "a multicast IP"),
    )
)

_UNICAST_6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052
_LOCAL_NAT64 = IPv6Network("64:ff9b:1::/48")  # RFC 8215
_COMPATIBLE = IPv6Network("::/96")  # RFC 4291, section 2.5.5.1
_LOW_32 = (1 << 32) - 1
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")


def literal_ip(host: str) -> IpAddress | None:
    """The IP that a host spells out, or None if it is a name to look up.

    IPv4 is read as browsers and the C library read it (WHATWG URL, "IPv4 parser"): decimal, octal, hexadecimal,
    and with fewer than four parts. A zone after `%` is refused: it names a link of this very machine.

    Raises:
        ValueError: The host looks like an IP but is none.
    """
    if ":" in host:
        if "%" in host:
            raise ValueError("a zone")
        return IPv6Address(host)
    parts = host.removesuffix(".").split(".")
    if not _NUMBER.fullmatch(parts[-1]):
        return None
    if len(parts) > 4:
        raise AddressValueError("more than four parts")
    numbers = [_number(part) for part in parts]
    *heads, last = numbers
    if any(head > 255 for head in heads) or last >= 256 ** (5 - len(numbers)):
        raise AddressValueError("a part is too great")
    return IPv4Address(last + sum(head << (8 * (3 - place)) for place, head in enumerate(heads)))


def _number(part: str) -> int:
    if not _NUMBER.fullmatch(part) or len(part) > 64:
        raise AddressValueError("not a number")
    if part[:2] in ("0x", "0X"):
        return int(part[2:] or "0", 16)
    return int(part, 8 if part[0] == "0" else 10)


def ips_carried_by(ip: IpAddress) -> tuple[IpAddress, ...]:
    """The IP and every IPv4 address that it carries; a mapped one is nothing but its IPv4 address."""
    if isinstance(ip, IPv4Address):
        return (ip,)
    if ip.ipv4_mapped is not None:
        return (ip.ipv4_mapped,)
    if ip.sixtofour is not None:
        return (ip, ip.sixtofour)
    if ip.teredo is not None:
        return (ip, *ip.teredo)
    if ip in _NAT64 or ip in _LOCAL_NAT64 or _is_compatible(ip):
        return (ip, IPv4Address(int(ip) & _LOW_32))
    return (ip,)


def refusal(ip: IpAddress, allowed: Iterable[Network] = ()) -> str | None:
    """Why an IP must not be asked, e.g. `127.0.0.1 is a loopback IP`; None if it may.

    Args:
        ip: As resolved or spelled out.
        allowed: Networks that the operator opened. Each that the IP carries must be public or in one of
            them: who opens a gateway's prefix has not opened the private networks behind it.
    """
    if isinstance(ip, IPv6Address) and ip.scope_id is not None:
        return f"{ip} is bound to a link of this machine"
    opened = tuple(allowed)
    for meaning in reversed(ips_carried_by(ip)):  # the innermost explains best
        what = _why_not_public(meaning)
        if what is not None and not any(meaning in network for network in opened):
            return f"{meaning} is {what}"
    return None


def _is_compatible(ip: IPv6Address) -> bool:
    """IPv4-compatible, without `::` and `::1`, which are IPs in their own right."""
    return ip in _COMPATIBLE and int(ip) > 1


def _why_not_public(ip: IpAddress) -> str | None:
    """What keeps an IP from being public unicast."""
    if isinstance(ip, IPv4Address):
        return next((what for network, what in _FORBIDDEN_4 if ip in network), None)
    for network, what in _FORBIDDEN_6:
        if ip in network:
            return what
    return None if ip in _UNICAST_6 or ip in _NAT64 else "not an IP of the public Internet"
