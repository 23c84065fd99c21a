"""Elements of other namespaces of a feed and its entries, kept beside what the library makes of them.

The library knows a tenth of them, mixes up which belongs to which, and writes all names in small letters.
"""

from __future__ import annotations

import re
from typing import Any, Final

from feedparser.mixin import _FeedParserMixin

from aggregator.model import Extension
from aggregator.parse.limits import MAX_ATTRIBUTES, MAX_EXTENSION_DEPTH, MAX_EXTENSION_TEXT, MAX_EXTENSIONS
from aggregator.text.namespaces import ATTRIBUTES_ONLY, NAMESPACES, prefix_of
from aggregator.text.references import unescape

_KEPT: Final = " extensions"
"""Where an entry's dictionary has them: under what no element is called."""

_XML: Final = "http://www.w3.org/XML/1998/namespace"
_TAG = re.compile(r"<\s*(?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*)")
_ATTRIBUTE = re.compile(r"""\s([A-Za-z_][\w.-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")

_ENCLOSED: Final = "http://purl.oclc.org/net/rss_2.0/enc#"
_PLACES: Final = ("georss:", "gml:")
"""Kept here alone: the library reckons with them, and fails on many."""

_HOLDERS: Final = frozenset({
    "media:group", "media:content", "media:community", "georss:where", "gml:Point", "gml:Polygon", "gml:exterior",
    "gml:LinearRing", "gml:LineString", "psc:chapters", "podcast:alternateEnclosure", "podcast:socialInteract",
    "media:scenes", "media:scene",
})  # fmt: skip
"""Elements that hold others; where end tags are missing, no other element does."""

_OF_SCENES: Final = frozenset({"sceneTitle", "sceneDescription", "sceneStartTime", "sceneEndTime"})
"""Without a prefix in the specification's own example, and so in feeds (Media RSS 1.5, "media:scenes")."""

Attributes = list[tuple[str, str]]


class _Node:
    """An element while it is read."""

    __slots__ = ("attributes", "children", "name", "pieces")

    def __init__(self, name: str, attributes: Attributes) -> None:
        self.name = name
        self.attributes = attributes
        self.pieces: list[str] = []
        self.children: list[_Node] = []


class Extended(_FeedParserMixin):  # type: ignore[misc] # feedparser ships no types
    """Keeps elements in namespaces of ours (`text.namespaces`) with the feed or the entry that has them.

    The strict parser tells of each element with `open_extension` and `close_extension`; in the loose one those of
    entries are found by their tags.
    """

    tolerant = False
    _matchnamespaces: Final = {  # as in `text.namespaces`, another scheme makes no other namespace
        spelling: prefix
        for uri, prefix in {**_FeedParserMixin.namespaces, _ENCLOSED: "enc"}.items()
        for spelling in (uri.lower(), uri.lower().replace("http:", "https:", 1))
    }

    def __init__(self, *arguments: Any) -> None:
        self._roots: list[_Node] = []
        self._of_feed = self._roots
        self._path: list[_Node | None] = []
        self._around_entry: list[tuple[list[_Node], list[_Node | None]]] = []
        self._places, self._characters = MAX_EXTENSIONS, MAX_EXTENSION_TEXT
        super().__init__(*arguments)

    @property
    def feed_extensions(self) -> tuple[Extension, ...]:
        """Those of the feed itself."""
        return tuple(map(_frozen, self._of_feed))

    def _start_item(self, attrs_d: dict[str, str]) -> None:
        super()._start_item(attrs_d)
        self._around_entry.append((self._roots, self._path))
        self._roots, self._path = [], []
        self._places, self._characters = MAX_EXTENSIONS, MAX_EXTENSION_TEXT
        self.entries[-1][_KEPT] = self._roots

    _start_entry = _start_item

    def _end_item(self) -> None:
        super()._end_item()
        if self._around_entry:
            self._roots, self._path = self._around_entry.pop()

    _end_entry = _end_item

    def open_extension(self, namespace: str | None, local: str, attributes: Any) -> None:
        """Begin an element of an entry or a feed; one that is not ours is what stands around it.

        Its attributes are a mapping, or what SAX has for one: names, each with its namespace, to values.
        """
        if not self.inentry and not self.infeed:
            return
        path = self._path
        around = path[-1] if path else None
        if self.incontent or (path and around is None):
            path.append(around)
            return
        bare = around is not None and around.name == "media:scene" and local in _OF_SCENES
        prefix = "media" if bare else prefix_of(namespace)
        ours = prefix is not None and prefix not in ATTRIBUTES_ONLY
        if not ours or self._places <= 0 or len(path) >= MAX_EXTENSION_DEPTH:
            own = not path and local == "link" and attributes.get((None, "rel"), "alternate") == "alternate"
            path.append(self._entry_itself() if own else around)
            return
        node = _Node(f"{prefix}:{local}", self._known_attributes(attributes))
        (around.children if around else self._roots).append(node)
        self._places -= 1
        path.append(node)

    def _entry_itself(self) -> _Node:
        """What stands in the link to an entry's page is said of the entry; in other links of what they lead to."""
        node = _Node("", [])
        node.children = self._roots
        return node

    def close_extension(self) -> None:
        """End the element that began last."""
        if self._path:
            self._path.pop()

    def _known_attributes(self, attributes: Any) -> Attributes:
        found: Attributes = []
        for (namespace, local), value in attributes.items():
            prefix = "xml" if namespace == _XML else prefix_of(namespace)
            if (not namespace or prefix) and len(value) <= self._characters and len(found) < MAX_ATTRIBUTES:
                self._characters -= len(value)
                found.append((f"{prefix}:{local}" if prefix else local, value))
        return found

    # ------------------------------------------------ what stands in them

    def handle_data(self, text: str, escape: int = 1) -> None:
        """Receive text; in the loose parser it is escaped where it was a CDATA section."""
        if self._path and self._path[-1] is not None:
            self._keep(unescape(text) if self.tolerant else text)
        super().handle_data(text, escape)

    def handle_charref(self, ref: str) -> None:
        """Receive a reference to a character: of the loose parser only."""
        self._keep(unescape(f"&#{ref};"))
        super().handle_charref(ref)

    def handle_entityref(self, ref: str) -> None:
        """Receive a reference to an entity: of the loose parser only."""
        self._keep(unescape(f"&{ref};"))
        super().handle_entityref(ref)

    def _keep(self, text: str) -> None:
        node = self._path[-1] if self._path else None
        if node is not None and len(text) <= self._characters:
            self._characters -= len(text)
            node.pieces.append(text)

    # ------------------------------------------------ the loose parser

    def unknown_starttag(self, tag: str, attrs: list[tuple[str, str]]) -> None:
        """Begin an element. Where end tags may be missing it ends those that hold no other."""
        if self.tolerant and self.inentry and not self.incontent:
            self._begin_loosely(self.get_starttag_text() or "")
        if self.incontent or not tag.startswith(_PLACES):
            super().unknown_starttag(tag, attrs)

    def unknown_endtag(self, tag: str) -> None:
        """End an element, and what was left open in it."""
        if self.incontent or not tag.startswith(_PLACES):
            super().unknown_endtag(tag)
        if self.tolerant and any(node and _is_called(node, tag) for node in self._path):
            while not ((node := self._path.pop()) and _is_called(node, tag)):
                pass

    def _begin_loosely(self, written: str) -> None:
        while self._path and (self._path[-1] is None or self._path[-1].name not in _HOLDERS):
            self._path.pop()
        name = _TAG.match(written)
        if name is None or (name[1] is None and name[2] not in _OF_SCENES):
            self._path.clear()
            return
        given = name[1] or ""
        namespace = self.namespaces_in_use.get(self.namespacemap.get(given.lower(), given.lower()))
        attributes = {(None, one): unescape(two or three) for one, two, three in _ATTRIBUTE.findall(written)}
        self.open_extension(namespace or NAMESPACES.get(given), name[2], attributes)


def _is_called(node: _Node, tag: str) -> bool:
    return node.name.partition(":")[2].lower() == tag.rpartition(":")[2].lower()


def extensions_of(entry: Any) -> tuple[Extension, ...]:
    """The elements of other namespaces that an entry of the handlers has, in document order."""
    return tuple(map(_frozen, dict.get(entry, _KEPT, ())))


def _frozen(node: _Node) -> Extension:
    return Extension(
        name=node.name,
        attributes=tuple(node.attributes),
        text="".join(node.pieces).strip(),
        children=tuple(map(_frozen, node.children)),
    )
