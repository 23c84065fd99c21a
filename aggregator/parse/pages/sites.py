"""Whether two addresses belong to one site; for addresses that have been made absolute."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

# Below these the next label names whose site it is: registries of countries, and hosts of many people's pages.
_SECOND_LEVEL: Final = frozenset({"ac", "co", "com", "edu", "go", "gob", "gov", "gv", "ne", "net", "or", "org"})
_HOSTERS: Final = frozenset({
    "blogspot.com", "github.io", "gitlab.io", "livejournal.com", "netlify.app", "pages.dev", "substack.com",
    "tumblr.com", "vercel.app", "wordpress.com",
})  # fmt: skip


def site_of(url: str) -> str:
    """What is registered of a URL's host, by looks; numeric hosts whole; "" without one."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    labels = host.split(".")
    if ":" in host or labels[-1].isdigit() or len(labels) < 3:
        return host
    shared = (len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL) or ".".join(labels[-2:]) in _HOSTERS
    return ".".join(labels[-3 if shared else -2 :])


def same_site(one: str, other: str) -> bool:
    """Whether two absolute URLs are of one site."""
    return bool(site_of(one)) and site_of(one) == site_of(other)


def path_of(url: str) -> str:
    """Its path without the last slash; "" for a home page."""
    return urlsplit(url).path.rstrip("/")
