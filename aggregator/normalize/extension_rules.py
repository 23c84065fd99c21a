"""What becomes of elements of other namespaces, as tables; docs/parity.md shows them element by element.

A name that stands in none of them is passed on with its text and attributes, cleaned by what they look like.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from aggregator.text.namespaces import ADDRESS_ATTRIBUTES, LICENCES, TITLES, WHOLE_TEXTS
from aggregator.text.word_tables import word_set

ValueKind = Literal[
    "address",
    "iri",
    "seconds",
    "count",
    "positive",
    "ordinal",
    "number",
    "degrees",
    "point",
    "circle",
    "box",
    "numbers",
    "tuples",
    "yes",
    "true",
    "small",
    "hash",
    "time",
    "words",
    "language",
]

IN_FIELDS: Final = word_set(
    """
dc:author dc:creator dc:date dc:subject dcterms:creator dcterms:date dcterms:subject feedburner:origLink
itunes:category itunes:keywords media:category media:keywords yandex:full-text
"""
)
"""Said by fields of an entry: authors, dates, categories, links, content."""

LEFT_OUT: Final = word_set(
    """
acast:settings app:control fireside:playerEmbedCode itunes:new-feed-url itunes:owner media:param media:responses
podcast:guid podcast:liveItem podcast:locked podcast:podroll podcast:txt podcast:value podcast:valueRecipient
podcast:valueTimeSplit rawvoice:embed rawvoice:metamark yandex:related
"""
)
"""By choice: wallets, claims to be somebody, markup of players, what concerns a feed and not its entries."""

REPEATING: Final = TITLES | WHOLE_TEXTS | {"googleplay:author", "itunes:author"}
"""Left out where the entry says the same already: as its title, its text, or the name of an author."""

INHERITED: Final = LICENCES | word_set(
    """
googleplay:explicit itunes:explicit media:copyright media:rating podcast:funding podcast:location podcast:person
"""
)
"""What a feed says of all its entries that do not say it themselves."""

FLEETING: Final = word_set(
    """
app:edited dcterms:modified gd:comments gd:rating media:community nyaa:downloads nyaa:leechers nyaa:seeders
slash:comments slash:hit_parade thr:total
"""
)
"""What runs on by itself: told as it was when the entry was last stored, and no part of what an entry says."""

ONCE: Final = word_set(
    """
cc:license dc:description dc:format dc:language dc:rights dc:source dc:title dc:type dcterms:abstract
dcterms:created dcterms:description dcterms:issued dcterms:modified dcterms:title georss:elev georss:floor
georss:radius media:adult
media:community media:copyright media:description media:title podcast:chapters podcast:episode podcast:license
podcast:season psc:chapters thr:total
"""
)
"""Elements that an entry has once; so are all of the namespaces in `ONCE_WHOLLY`."""

ONCE_WHOLLY: Final = frozenset({"app", "geo", "googleplay", "itunes", "slash", "wfw", "yt"})

OF_WORDS: Final = frozenset({"dc", "itunes"})
"""Namespaces whose elements hold no others, as far as those of entries go."""

NEEDED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "googleplay:image": ("href",),
        "itunes:image": ("href",),
        "media:embed": ("url",),
        "media:peerLink": ("href",),
        "media:player": ("url",),
        "media:restriction": ("relationship",),
        "media:thumbnail": ("url",),
        "podcast:chapters": ("url",),
        "podcast:funding": ("url",),
        "podcast:image": ("href",),
        "podcast:soundbite": ("startTime", "duration"),
        "podcast:source": ("uri",),
        "podcast:transcript": ("url",),
        "psc:chapter": ("start", "title"),
        "thr:in-reply-to": ("ref",),
    }
)
"""Attributes without which an element says nothing."""

TEXTS: Final[Mapping[str, ValueKind]] = MappingProxyType(
    {
        **dict.fromkeys(WHOLE_TEXTS, "words"),
        "creativeCommons:license": "address",
        "dc:language": "language",
        "dcterms:created": "time",
        "dcterms:issued": "time",
        "dcterms:modified": "time",
        "app:edited": "time",
        "geo:lat": "degrees",
        "geo:long": "degrees",
        "georss:box": "box",
        "georss:circle": "circle",
        "georss:elev": "number",
        "georss:line": "numbers",
        "georss:point": "point",
        "georss:polygon": "numbers",
        "georss:radius": "number",
        "gml:coordinates": "tuples",
        "gml:pos": "numbers",
        "gml:posList": "numbers",
        "googleplay:explicit": "yes",
        "itunes:block": "yes",
        "itunes:duration": "seconds",
        "itunes:episode": "ordinal",
        "itunes:explicit": "true",
        "itunes:isClosedCaptioned": "yes",
        "itunes:order": "positive",
        "itunes:season": "ordinal",
        "media:adult": "true",
        "media:hash": "hash",
        "media:rating": "small",
        "podcast:episode": "number",
        "podcast:season": "count",
        "slash:comments": "count",
        "thr:total": "count",
        "wfw:comment": "address",
        "wfw:commentRss": "address",
    }
)

ATTRIBUTES: Final[Mapping[str, ValueKind]] = MappingProxyType(
    {
        **dict.fromkeys(ADDRESS_ATTRIBUTES, "address"),
        **dict.fromkeys(("bitrate", "channels", "framerate", "samplingrate"), "number"),
        **dict.fromkeys(("fileSize", "height", "length", "width"), "positive"),
        **dict.fromkeys(("lang", "language", "xml:lang"), "language"),
        **dict.fromkeys(("default", "isDefault"), "true"),
        "ref": "iri",
        "role": "small",
    }
)

WORDS_ALLOWED: Final[Mapping[tuple[str, str], frozenset[str]]] = MappingProxyType(
    {
        ("itunes:episodeType", ""): frozenset({"bonus", "full", "trailer"}),
        ("media:content", "expression"): frozenset({"full", "nonstop", "sample"}),
        ("media:content", "medium"): frozenset({"audio", "document", "executable", "image", "video"}),
        ("media:description", "type"): frozenset({"plain"}),
        ("media:restriction", "relationship"): frozenset({"allow", "deny"}),
        ("media:restriction", "type"): frozenset({"country", "sharing", "uri"}),
        ("media:text", "type"): frozenset({"plain"}),
        ("media:title", "type"): frozenset({"plain"}),
    }
)
"""The only values, in small letters, of an element's text ("") or of its attribute."""

MEDIA_TYPES: Final = frozenset(
    {"media:content", "podcast:alternateEnclosure", "podcast:chapters", "podcast:transcript"}
)
"""Elements whose attribute `type` is a media type."""

MISPLACED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cc:license": "rdf:resource",
        "googleplay:image": "href",
        "itunes:image": "href",
        "media:thumbnail": "url",
        "podcast:chapters": "url",
        "podcast:funding": "url",
        "podcast:transcript": "url",
    }
)
"""Elements whose address some write as their text, or under the other name of it."""

PICTURES: Final = frozenset({"googleplay:image", "itunes:image", "media:thumbnail"})
"""Those of them that never have words."""

LASTING: Final = frozenset(
    {("media:content", "duration"), ("podcast:soundbite", "startTime"), ("podcast:soundbite", "duration")}
)
"""Attributes that are numbers of seconds, in whatever form some write them."""

MISSPELT: Final[Mapping[str, str]] = MappingProxyType({"wfw:commentRSS": "wfw:commentRss"})

RATINGS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "urn:simple": frozenset({"adult", "nonadult"}),
        "urn:mpaa": frozenset({"g", "m", "nc-17", "pg", "pg-13", "r", "x"}),
    }
)
"""The values of a rating under schemes that are closed."""

SCHEMES: Final = frozenset({
    "acct", "doi", "geo", "ipfs", "ipns", "lbry", "magnet", "mailto", "nostr", "rtsp", "tag", "tel", "urn",
})  # fmt: skip
"""Of addresses that are passed on besides those of the web: they name things, and run nothing."""
