"""Whose site an address is on, by the list of public suffixes (publicsuffix.org), its private section included.

Below `co.uk`, `gouv.fr` or `github.io` the next label names the site, else the one before the last.
"""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

from tld import get_tld
from tld.utils import Result

from aggregator.text.hosts import host_in, written_host


def host_of(url: str | None) -> str:
    """The host of an absolute URL in lower-case ASCII, without `www.`; "" where there is none."""
    return host_in(url or "").removeprefix("www.")


def site_of(url: str) -> str:
    """What was registered of a URL's host: `news.bbc.co.uk` is on `bbc.co.uk`, `me.github.io` on itself.

    A host that is a number, a public suffix itself or below none is a site of its own; "" without a host.
    """
    host = host_in(url)
    suffix = _suffix(host)
    if not suffix or host == suffix:
        return host
    return f"{host[: -len(suffix) - 1].rpartition('.')[2]}.{suffix}"


def labels_of(url: str) -> tuple[str, ...]:
    """The labels of a URL's host that its owner chose: `feeds`, `bbci` of `feeds.bbci.co.uk`. In their own script.

    A host that is a number is one label; of one below no public suffix all but the last were chosen.
    """
    host = written_host(url)
    suffix = _suffix(host)
    if not suffix or host == suffix:
        return (host,) if host else ()
    return tuple(host[: -len(suffix) - 1].split("."))


def is_public_suffix(host: str) -> bool:
    """Whether anybody can register below a host: `com`, `co.uk`, `github.io`."""
    return bool(host) and _suffix(f"x.{host}") == host


def is_listed_suffix(host: str) -> bool:
    """Whether the list says so itself: not of `localhost`, below which nobody can register anything."""
    return is_public_suffix(host) and ("." in host or get_tld(f"https://x.{host}/", fail_silently=True) == host)


def same_site(one: str, other: str) -> bool:
    """Whether two absolute URLs are of one site."""
    return bool(site_of(one)) and site_of(one) == site_of(other)


def path_of(url: str) -> str:
    """The path of a URL without the last slash; "" for a home page."""
    return urlsplit(url).path.rstrip("/")


@lru_cache(maxsize=4096)
def _suffix(host: str) -> str:
    """The public suffix that a host ends with, else its last label; "" for numbers and for one label alone."""
    last = host.rpartition(".")[2]
    if ":" in host or last.isdigit() or last == host:
        return ""
    found = get_tld(f"https://{host}/", fail_silently=True, as_object=True, search_private=True)
    return found.tld if isinstance(found, Result) else last
