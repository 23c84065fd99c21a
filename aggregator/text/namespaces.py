"""Namespaces whose elements say more of an entry than feeds have names for, each under one prefix of our choice.

Who publishes chooses the prefix, and some write the address in other ways; here one namespace has one name. What
is not in the table is not passed on: private bookkeeping, instructions to one company's robots, advertisements.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from aggregator.text.word_tables import word_set

NAMESPACES: Final[Mapping[str, str]] = MappingProxyType(
    {
        # podcasts and film
        "podcast": "https://podcastindex.org/namespace/1.0",
        "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "googleplay": "http://www.google.com/schemas/play-podcasts/1.0",
        "media": "http://search.yahoo.com/mrss/",
        "psc": "http://podlove.org/simple-chapters",
        "rawvoice": "http://www.rawvoice.com/rawvoiceRssModule/",
        "spotify": "http://www.spotify.com/ns/rss",
        "acast": "https://schema.acast.com/1.0/",
        "omny": "https://omny.fm/rss-extensions",
        "anchor": "https://anchor.fm/xmlns",
        "fireside": "http://fireside.fm/modules/rss/fireside",
        "yt": "http://www.youtube.com/xml/schemas/2015",
        "gd": "http://schemas.google.com/g/2005",
        "jwplayer": "http://rss.jwpcdn.com/",
        "ppg": "http://bbc.co.uk/2009/01/ppgRss",
        # places
        "georss": "http://www.georss.org/georss",
        "gml": "http://www.opengis.net/gml",
        "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
        "icbm": "http://postneo.com/icbm/",
        # rights
        "creativeCommons": "http://backend.userland.com/creativeCommonsRssModule",
        "cc": "http://creativecommons.org/ns#",
        # what libraries and publishers say
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcterms": "http://purl.org/dc/terms/",
        "prism": "http://prismstandard.org/namespaces/basic/2.0/",
        "arxiv": "http://arxiv.org/schemas/atom",
        # discussions
        "thr": "http://purl.org/syndication/thread/1.0",
        "slash": "http://purl.org/rss/1.0/modules/slash/",
        "wfw": "http://wellformedweb.org/CommentAPI/",
        # events, warnings, companies
        "ev": "http://purl.org/rss/1.0/modules/event/",
        "xcal": "urn:ietf:params:xml:ns:xcal",
        "cap": "urn:oasis:names:tc:emergency:cap:1.2",
        "gdacs": "http://www.gdacs.org",
        "company": "http://purl.org/rss/1.0/modules/company",
        # systems
        "app": "http://www.w3.org/2007/app",
        "activity": "http://activitystrea.ms/spec/1.0/",
        "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
        "wp": "com-wordpress:feed-additions:1",
        "yandex": "http://news.yandex.ru",
        "ag": "http://purl.org/rss/1.0/modules/aggregation/",
        "nyaa": "https://nyaa.si/xmlns/nyaa",
        "torrent": "http://xmlns.ezrss.it/0.1/",
        # of attributes only
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "xlink": "http://www.w3.org/1999/xlink",
    }
)

_OTHER_SPELLINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast",
        "http://example.com/dtds/podcast-1.0.dtd": "itunes",
        "http://www.opengis.net/gml/3.2": "gml",
        "http://web.resource.org/cc/": "cc",
        "http://creativecommons.org/ns#license": "cc",
        "http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html": "creativeCommons",
        "http://blogs.law.harvard.edu/tech/creativecommonsrssmodule": "creativeCommons",
        "http://prismstandard.org/namespaces/1.2/basic/": "prism",
        "http://prismstandard.org/namespaces/basic/2.1/": "prism",
        "http://prismstandard.org/namespaces/basic/3.0/": "prism",
        "http://purl.org/rss/1.0/modules/prism/": "prism",
        "http://purl.org/rss/1.0/modules/threading/": "thr",
        "urn:oasis:names:tc:emergency:cap:1.1": "cap",
        "http://purl.org/atom/app#": "app",
    }
)

ATTRIBUTES_ONLY: Final = frozenset({"rdf", "xlink"})

WHOLE_TEXTS: Final = word_set(
    """
dc:description dcterms:abstract dcterms:description googleplay:description itunes:subtitle itunes:summary
media:description media:text
"""
)
"""Elements that hold the entry's whole text or its beginning, which a source may not grant."""

TITLES: Final = frozenset({"dc:title", "dcterms:title", "itunes:title", "media:title"})
"""Elements that hold the entry's title."""

LICENCES: Final = word_set("cc:license creativeCommons:license dcterms:license media:license podcast:license")
"""Elements that say on which terms an entry may be used."""

ADDRESS_ATTRIBUTES: Final = frozenset({"href", "image", "img", "rdf:resource", "src", "uri", "url", "xlink:href"})
"""Attributes that hold an address, of whatever element."""


@lru_cache(maxsize=256)
def prefix_of(namespace: str | None) -> str | None:
    """Our prefix for a namespace, however its address is spelled; None for one that is not passed on."""
    return _PREFIXES.get(_reduce(namespace)) if namespace else None


def _reduce(namespace: str) -> str:
    """Publishers err in the case of an address, in its scheme, and in what stands at its end."""
    return namespace.strip().lower().removeprefix("https:").removeprefix("http:").rstrip("/#")


_PREFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {_reduce(uri): prefix for prefix, uri in NAMESPACES.items()}
    | {_reduce(uri): prefix for uri, prefix in _OTHER_SPELLINGS.items()}
)
