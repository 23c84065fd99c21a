"""Names of hosts in the form that is asked for: lower-case ASCII; and the one that a URL asks."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote, urlsplit

_LONGEST_LABEL: Final = 63
"""Octets (RFC 1035, section 2.3.4)."""

_LABEL = re.compile(r"[a-z0-9_-]+")


def ascii_host(host: str) -> str:
    """A host's name in lower-case ASCII, as browsers make it: UTS 46, non-transitional.

    `ß` and the joiners stay what they are: by the older rules of IDNA 2003 `faß.example` is `fass.example`, which
    is another host with another owner. Emoji are no letters for IDNA 2008, but registered and asked for.

    Raises:
        ValueError: The name holds what no host's name may hold.
    """
    if host.isascii():
        return host.lower()
    import idna  # its tables take 10 ms to load, and few addresses need them

    mapped = idna.uts46_remap(host, std3_rules=False, transitional=False)
    return ".".join(_ascii_label(label) for label in mapped.split("."))


def host_in(url: str) -> str:
    """The host that an absolute URL asks, as browsers read it: as it is written there, then as `ascii_host`.

    "" where there is none; what can be no host stays as it is.
    """
    host = written_host(url)
    try:
        return ascii_host(host)
    except ValueError:
        return host


def written_host(url: str) -> str:
    """The host of an absolute URL in its own script, lower case, escapes undone, without the dot of the root."""
    try:
        host = urlsplit(url.strip()).hostname or ""
    except ValueError:  # brackets that hold no IPv6 address
        return ""
    if "%" in host and ":" not in host:  # in an IPv6 address it begins a zone
        host = unquote(host).lower()
    return host.rstrip(".")


def _ascii_label(label: str) -> str:
    if label.isascii():
        return label
    encoded = f"xn--{label.encode('punycode').decode('ascii')}"
    if len(encoded) > _LONGEST_LABEL or not _LABEL.fullmatch(encoded):
        raise ValueError("a label is too long, or has signs that are no part of a host's name")
    return encoded
