"""feedparser's handlers, with bounds, and with fields kept that it drops or mixes up.

Driven by us instead of by `feedparser.parse`, because that one may open files (a body is tried as a file
name, and an installed libxml2 driver opens what a DOCTYPE names), raises for bad references, and takes
quadratic time over many categories, attributes or long author fields.

Differences in what is kept:

* references (links, ids) stay as written; whoever knows the item resolves them;
* `permalink` is the guid's isPermaLink attribute as written;
* `dc_date`, `dc_description`, `media_description` and `itunes_summary` stay apart from the format's own
  elements, which they would overwrite;
* authors are the text as written;
* each media:content knows its media:group.
"""

from __future__ import annotations

from typing import Any
from xml.sax.xmlreader import AttributesNSImpl

from feedparser.api import LooseFeedParser, StrictFeedParser
from feedparser.mixin import _FeedParserMixin

from aggregator.parse.limits import MAX_ATTRIBUTES, MAX_AUTHORS, MAX_CATEGORIES, MAX_ENTRIES

Attributes = dict[str, str]


class EnoughError(Exception):
    """The document holds more entries than we take; what was read so far is complete."""


class _Kept(_FeedParserMixin):  # type: ignore[misc] # feedparser ships no types
    """What both parsers do differently from feedparser's; mixed in before its classes."""

    resolve_relative_uris = False
    sanitize_html = False
    troubles = 0
    media_group = 0
    in_media_group = False

    def __init__(self, *arguments: Any) -> None:
        self.skip_hours: list[str] = []
        self.skip_days: list[str] = []
        super().__init__(*arguments)

    # ------------------------------------------------ one bad element costs itself only

    def unknown_starttag(self, tag: str, attrs: list[tuple[str, str]]) -> None:
        try:
            super().unknown_starttag(tag, attrs[:MAX_ATTRIBUTES])
        except EnoughError:
            raise
        except Exception:  # noqa: BLE001 # the library's handlers fail in many ways on elements out of place
            self.troubles += 1

    def unknown_endtag(self, tag: str) -> None:
        try:
            super().unknown_endtag(tag)
        except Exception:  # noqa: BLE001 # as above
            self.troubles += 1
            self._leave()

    def _leave(self) -> None:
        """Do what the library does last at an end tag, and did not come to."""
        self.depth -= 1
        for stack, name in ((self.basestack, "baseuri"), (self.langstack, "lang")):
            if stack:
                stack.pop()
            if stack:
                setattr(self, name, stack[-1])

    # ------------------------------------------------ bounds

    def _add_tag(self, term: Any, scheme: Any, label: Any) -> None:
        if len(self._get_context().get("tags") or ()) < MAX_CATEGORIES:
            super()._add_tag(term, scheme, label)

    def _start_author(self, attrs_d: Attributes) -> None:
        if len(self._get_context().get("authors") or ()) < MAX_AUTHORS:
            super()._start_author(attrs_d)

    _start_managingeditor = _start_author

    def _sync_author_detail(self, key: str = "author") -> None:
        """The text of an author element becomes its name; the library's expression is quadratic."""
        context = self._get_context()
        people = context.get(f"{key}s")
        if people and not people[-1] and isinstance(dict.get(context, key), str):
            people[-1]["name"] = context[key]

    # ------------------------------------------------ fields kept

    def resolve_uri(self, uri: str) -> str:
        return uri

    def _start_item(self, attrs_d: Attributes) -> None:
        if len(self.entries) >= MAX_ENTRIES:
            raise EnoughError
        super()._start_item(attrs_d)
        self.entries[-1]["base"] = self.baseuri
        self.entries[-1]["lang"] = self.lang

    _start_entry = _start_item

    def _start_guid(self, attrs_d: Attributes) -> None:
        super()._start_guid(attrs_d)
        self.guidislink = 0  # it would be copied into the links, and resolved against the feed's address
        self._get_context()["permalink"] = attrs_d.get("ispermalink", "").strip().lower()

    _start_id = _start_guid

    def _start_dc_date(self, _attributes: Attributes) -> None:
        self.push("dc_date", 1)

    def _end_dc_date(self) -> None:
        self.pop("dc_date")

    def _start_dc_description(self, _attributes: Attributes) -> None:
        self.push("dc_description", 1)

    def _end_dc_description(self) -> None:
        self.pop("dc_description")

    def _start_itunes_summary(self, _attributes: Attributes) -> None:
        self.push("itunes_summary", 1)

    def _end_itunes_summary(self) -> None:
        self.pop("itunes_summary")

    def _start_media_description(self, attributes: Attributes) -> None:
        self._get_context()["media_description_type"] = attributes.get("type", "plain")
        self.push("media_description", 1)

    def _end_media_description(self) -> None:
        self.pop("media_description")

    def _start_media_group(self, attributes: Attributes) -> None:
        self.media_group += 1
        self.in_media_group = True
        super()._start_media_group(attributes)

    def _end_media_group(self) -> None:
        self.in_media_group = False

    def _start_media_content(self, attributes: Attributes) -> None:
        group = str(self.media_group) if self.in_media_group else ""
        super()._start_media_content({**attributes, "group": group})

    def _start_hour(self, _attributes: Attributes) -> None:
        self.push("hour", 0)

    def _end_hour(self) -> None:
        self.skip_hours.append(self.pop("hour") or "")

    def _start_day(self, _attributes: Attributes) -> None:
        self.push("day", 0)

    def _end_day(self) -> None:
        self.skip_days.append(self.pop("day") or "")


class Strict(_Kept, StrictFeedParser):  # type: ignore[misc] # feedparser ships no types
    """Receives the events of an XML parser; well-formed documents only."""

    def startElementNS(  # noqa: N802 # a name of the SAX interface
        self, name: tuple[str | None, str], qname: str | None, attrs: AttributesNSImpl
    ) -> None:
        """Begin an element; of very many attributes only the first count."""
        if len(attrs) > MAX_ATTRIBUTES:
            names = list(attrs.getNames())[:MAX_ATTRIBUTES]
            attrs = AttributesNSImpl(
                {key: attrs.getValue(key) for key in names}, {key: key[1] or "" for key in names}
            )
        super().startElementNS(name, qname, attrs)


class Loose(_Kept, LooseFeedParser):  # type: ignore[misc] # feedparser ships no types
    """Finds elements in anything that has angle brackets."""
