"""Ids that are URLs, reduced so that all spellings of one are the same, by rules that are versioned, never edited.

Items are stored under what these rules make of their ids, as they are under the keys of `urlkeys`. The two tables
of tracking parameters differ, and that stays so: a key that moves makes known items new.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_URL = re.compile(r"https?://([^\s/?#]+)([^\s?#]*)(?:\?([^\s#]*))?(#\S*)?", re.IGNORECASE)
_HOST_PREFIX = re.compile(r"^(?:(?:www|www2|m|mobile|amp)\.)+(?=[^.]+\.[^.])")
_HOME_OR_FEED = re.compile(
    r"[^/?#]+(?:/index\.[a-z]+|(?:/[^?#]*)?/(?:(?:feeds?|index|rss2?|atom|rdf)\.(?:xml|rdf|rss|atom|json)|feeds?|rss2?|atom|rdf))?"
    r"(?:\?feed=(?:rss2?|atom|rdf))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PermalinkRules:
    """One set of rules by which ids that are URLs are reduced; never edited, since items are stored by it.

    Attributes:
        number: Of the set; the newest has the highest.
        tracking: Names of parameters that only count clicks.
    """

    number: int
    tracking: re.Pattern[str]

    def reduce(self, name: str) -> str | None:
        """A URL without what does not count; None for what is none.

        Scheme, `www.`, the host's case, a default port, a trailing slash, tracking and the order of parameters do
        not count. The fragment does: an id is a name, and live blogs tell their posts apart by it.
        """
        match = _URL.fullmatch(name)
        if match is None:
            return None
        host, path, query, fragment = match.groups(default="")
        host = _HOST_PREFIX.sub("", host.rpartition("@")[2].lower().removesuffix(":80").removesuffix(":443"))
        pairs = (pair for pair in query.split("&") if pair and not self.tracking.match(pair.split("=")[0]))
        kept = "&".join(sorted(pairs))
        return host + path.rstrip("/") + (f"?{kept}" if kept else "") + fragment


RULES: tuple[PermalinkRules, ...] = (
    PermalinkRules(
        number=1,
        tracking=re.compile(r"(?:(?:utm_|mtm_|pk_|hsa_).*|fbclid|gclid|mc_cid|mc_eid)", re.IGNORECASE),
    ),
)
"""All sets that there ever were, the newest first."""


def reduce_permalink(name: str | None) -> str | None:
    """An id or an address reduced under the newest rules; None for what is no URL."""
    return RULES[0].reduce(name) if name else None


def reductions(name: str | None) -> Iterator[str]:
    """What all sets of rules make of a name, each form once and the newest first; nothing for what is no URL."""
    found = (rules.reduce(name) for rules in RULES) if name else iter(())
    return (form for form in dict.fromkeys(found) if form is not None)


def is_home_or_feed(reduced: str | None, places: frozenset[str]) -> bool:
    """Whether an address, reduced, is that of a site or of a feed, and so can name no item of it.

    It is when it has no path, ends as addresses of feeds do, or is one of `places`. The title and the words
    of what bears it must decide then.
    """
    return reduced is not None and (reduced in places or _HOME_OR_FEED.fullmatch(reduced) is not None)
