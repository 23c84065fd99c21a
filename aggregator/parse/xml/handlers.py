"""feedparser's handlers, with bounds, and with fields kept that it drops or mixes up.

Driven by us instead of by `feedparser.parse`, because that one may open files (a body is tried as a file
name, and an installed libxml2 driver opens what a DOCTYPE names), raises for bad references, and takes
quadratic time over many categories, attributes or long author fields.

Differences in what is kept:

* references (links, ids) stay as written; whoever knows the item resolves them;
* `permalink` is the guid's isPermaLink attribute as written;
* of several ids or dates of one kind the first counts, not the last, which may be empty;
* what Dublin Core and `itunes` say stays apart, see there; what Media RSS says is described in `described`;
* authors are the text as written;
* `picture` is the address in an item's `image` element, as text or as `url`;
* a link has a type only if it names one;
* `deleted` has the ids of deleted entries, see there;
* `in_order` has the entries as the document has them, also those within others;
* `before_entries` is on what of the document before it an entry depends, besides `feeddata` and namespaces.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final
from xml.sax.xmlreader import AttributesNSImpl

import feedparser.mixin
from feedparser.api import LooseFeedParser, StrictFeedParser

from aggregator.parse.limits import MAX_ATTRIBUTES, MAX_AUTHORS, MAX_CATEGORIES, MAX_ELEMENTS, MAX_ENTRIES
from aggregator.parse.xml.deleted import Deleted
from aggregator.parse.xml.described import Described
from aggregator.parse.xml.extended import Extended
from aggregator.parse.xml.inline import InlineMarkup
from aggregator.parse.xml.kept_apart import Apart
from aggregator.text.urls import resolve_reference

Attributes = dict[str, str]

# Asked at each start tag, and about one address nearly always: a quarter of the library's time.
feedparser.mixin.make_safe_absolute_uri = lru_cache(maxsize=64)(feedparser.mixin.make_safe_absolute_uri)

_SINGLE: Final = frozenset({"created", "id", "published", "updated"})


class EnoughError(Exception):
    """The document holds more than we take: of entries, or of elements, which an entry that is open may lack."""


class _EntryHandlers(Deleted, InlineMarkup, Apart, Described, Extended):
    """Handlers of both parsers, with bounds and with what feedparser drops; mixed in before its classes."""

    resolve_relative_uris = False
    sanitize_html = False
    troubles = 0
    elements = 0

    def __init__(self, *arguments: Any) -> None:
        self.skip_hours: list[str] = []
        self.skip_days: list[str] = []
        self.in_order: list[Any] = []
        self.before_entries: tuple[Any, ...] = ()
        super().__init__(*arguments)

    # ------------------------------------------------ one bad element costs itself only

    def unknown_starttag(self, tag: str, attrs: list[tuple[str, str]]) -> None:
        self.elements += 1
        if self.elements > MAX_ELEMENTS:
            raise EnoughError
        try:
            super().unknown_starttag(tag, attrs[:MAX_ATTRIBUTES])
        except (EnoughError, ImportError):
            raise
        except Exception:  # noqa: BLE001 # the library's handlers fail in many ways on elements out of place
            self.troubles += 1

    def unknown_endtag(self, tag: str) -> None:
        try:
            super().unknown_endtag(tag)
        except ImportError:
            raise
        except Exception:  # noqa: BLE001 # as above
            self.troubles += 1
            self.leave()
        if self.basestack:
            self.baseuri = self.basestack[-1]  # the library keeps that of an inner element where this one is ""

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

    def pop(self, element: str, strip_whitespace: int = 1) -> str | None:
        """End an element. Of several ids or dates of one kind the first that says something counts."""
        if element not in _SINGLE or not self.inentry or self.insource:
            return super().pop(element, strip_whitespace)  # type: ignore[no-any-return]
        entry = self.entries[-1]
        depths = self.property_depth_map.setdefault(entry, {})
        before, depth = dict.get(entry, element), depths.get(element, 0)
        value: str | None = super().pop(element, strip_whitespace)
        if before and (not value or depth <= self.depth):
            entry[element] = before
            depths[element] = depth
        return value

    def _start_item(self, attrs_d: Attributes) -> None:
        if len(self.in_order) >= MAX_ENTRIES:
            raise EnoughError
        self.before_entries = self.before_entries or self._gather_context()
        self.hasContent = 0  # that of the feed itself says nothing of its first entry's
        super()._start_item(attrs_d)
        self.in_order.append(self.entries[-1])
        self.entries[-1]["base"] = self.baseuri
        self.entries[-1]["lang"] = self.lang

    _start_entry = _start_item

    def _gather_context(self) -> tuple[Any, ...]:
        """What this parser knows at an entry's start tag on which the reading of entries depends."""
        stack = [name for name, _text, _pieces in self.elementstack]
        images = "image" in self.feeddata, "textinput" in self.feeddata
        around = self.basestack[:-1], self.langstack[:-1], self.depth, stack
        return (self.version, self.infeed, self.incontent, self.insource, *images, *around)

    def _start_channel(self, attrs_d: Attributes) -> None:
        super()._start_channel(attrs_d)
        self.feeddata["base"] = self.baseuri

    def _start_feed(self, attrs_d: Attributes) -> None:
        super()._start_feed(attrs_d)
        self.feeddata["base"] = self.baseuri

    def _start_guid(self, attrs_d: Attributes) -> None:
        super()._start_guid(attrs_d)
        self.guidislink = 0  # it would be copied into the links, and resolved against the feed's address
        if not dict.get(self._get_context(), "id"):
            self._get_context()["permalink"] = attrs_d.get("ispermalink", "").strip().lower()

    _start_id = _start_guid

    def _start_link(self, attrs_d: Attributes) -> None:
        """A link knows its own xml:base; a media type that it does not name is unknown."""
        named = "type" in attrs_d
        if "xml:base" in attrs_d:
            attrs_d = self._enforce_href(attrs_d)
            attrs_d["href"] = resolve_reference(attrs_d.get("href"), self.baseuri) or attrs_d.get("href", "")
        super()._start_link(attrs_d)
        links = self._get_context().get("links")
        if links and not named:
            links[-1].pop("type", None)

    def _start_a(self, attrs_d: Attributes) -> None:
        """CDF names the page of an item or channel by an anchor."""
        if "href" in attrs_d and not self._get_context().get("links"):
            self._start_link({"href": attrs_d["href"]})

    def _start_title(self, attrs_d: Attributes) -> None:
        super()._start_title(attrs_d)
        self._take_value(attrs_d)

    def _start_abstract(self, attrs_d: Attributes) -> None:
        super()._start_abstract(attrs_d)
        self._take_value(attrs_d)

    def _take_value(self, attrs_d: Attributes) -> None:
        """Early CDF has the text of an element in an attribute."""
        if "value" in attrs_d:
            self.handle_data(attrs_d["value"])

    def _start_logo(self, attrs_d: Attributes) -> None:
        if "href" in attrs_d:  # CDF
            self._save("logo", attrs_d["href"])
        self.push("logo", 1)

    def _end_logo(self) -> None:
        self._save("logo", self._pop_apart("logo"))

    def _start_image(self, attrs_d: Attributes) -> None:
        super()._start_image(attrs_d)
        if self.inentry:
            self.elementstack[-1][:2] = ["picture", 1]
            self._save_picture(attrs_d.get("href") or attrs_d.get("url"))

    def _end_image(self) -> None:
        self._save_picture(self._pop_apart("picture"))
        super()._end_image()

    def _end_url(self) -> None:
        if self.inimage and self.inentry:
            self._save_picture(self._pop_apart("href"))
        elif self.inimage:
            address = self._pop_apart("href")  # RSS 1.0 has the picture beside its channel
            if address:
                self.feeddata["image"].setdefault("href", address)
        else:
            super()._end_url()

    _end_homepage = _end_uri = _end_url

    def _save_picture(self, address: str | None) -> None:
        if self.inentry and address:
            self.entries[-1].setdefault("picture", address)

    def _start_hour(self, _attributes: Attributes) -> None:
        self.push("hour", 0)

    def _end_hour(self) -> None:
        self.skip_hours.append(self.pop("hour") or "")

    def _start_day(self, _attributes: Attributes) -> None:
        self.push("day", 0)

    def _end_day(self) -> None:
        self.skip_days.append(self.pop("day") or "")


class Strict(_EntryHandlers, StrictFeedParser):  # type: ignore[misc] # feedparser ships no types
    """Receives the events of an XML parser; well-formed documents only."""

    def __init__(self, *arguments: Any) -> None:
        self._around: list[Any] = []
        super().__init__(*arguments)

    def _start_item(self, attrs_d: Attributes) -> None:
        if self.inentry:
            self._around.append(self.entries[-1])
        super()._start_item(attrs_d)

    _start_entry = _start_item

    def _end_item(self) -> None:
        """End an entry; what follows belongs to the entry around it, if one is."""
        super()._end_item()
        if self._around:
            self.entries.append(self._around.pop())
            self.inentry = 1

    _end_entry = _end_item

    def startElementNS(  # noqa: N802 # a name of the SAX interface
        self, name: tuple[str | None, str], qname: str | None, attrs: AttributesNSImpl
    ) -> None:
        """Begin an element; of very many attributes only the first count."""
        if len(attrs) > MAX_ATTRIBUTES:
            names = list(attrs.getNames())[:MAX_ATTRIBUTES]
            attrs = AttributesNSImpl(
                {key: attrs.getValue(key) for key in names}, {key: key[1] or "" for key in names}
            )
        self.open_extension(*name, attrs)
        super().startElementNS(name, qname, attrs)

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:  # noqa: N802 # as above
        """End an element."""
        super().endElementNS(name, qname)
        self.close_extension()


class Loose(_EntryHandlers, LooseFeedParser):  # type: ignore[misc] # feedparser ships no types
    """Finds elements in anything that has angle brackets."""

    tolerant = True
