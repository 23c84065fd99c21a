"""Keeps the markup inside a text construct there: its elements are none of the feed.

The library takes the end tag of any element that it knows for that element's end, wherever it stands, so that
`<details><summary>` within XHTML content, an SVG's `<title>` or a film's `<source>` would cost the content. Here
an end tag within a text ends what began within it; only the tag that began the text ends the text.
"""

from __future__ import annotations

from typing import Any, Final

from feedparser.mixin import _FeedParserMixin
from feedparser.util import FeedParserDict

_XHTML: Final = "application/xhtml+xml"
_DIVISIONS: Final = frozenset({"div", "xhtml:div"})
_VOID: Final = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
})  # fmt: skip
_AROUND: Final = frozenset({"item", "entry", "channel", "feed", "rss", "rdf:rdf"})
"""Elements around texts: their end is the end of a text within them, too."""
_NEVER_IN_TEXT: Final = frozenset({
    "author", "category", "comments", "content:encoded", "dc:creator", "dc:date", "description", "enclosure",
    "entry", "guid", "id", "item", "pubdate", "published", "updated",
})  # fmt: skip
_NEVER_IN_BRIEF: Final = frozenset({"content", "link", "summary", "title"})
_BRIEF: Final = frozenset({"summary", "title"})


class _Details(FeedParserDict):  # type: ignore[misc] # feedparser ships no types
    """What is said of a text; the library makes deep copies of it, in which nothing is deep."""

    def __deepcopy__(self, _memo: dict[int, Any]) -> FeedParserDict:
        return FeedParserDict(self)


class InlineMarkup(_FeedParserMixin):  # type: ignore[misc] # feedparser ships no types
    """Takes elements within an open text construct as markup of that text, for both parsers."""

    contentparams: Any
    tolerant = False
    """Whether a text that is not closed ends where another field of the entry begins."""

    def __init__(self, *arguments: Any) -> None:
        self._text_tag = ""
        self._open: list[tuple[str, bool]] = []
        self._counts: dict[str, int] = {}
        super().__init__(*arguments)

    def unknown_starttag(self, tag: str, attrs: list[tuple[str, str]]) -> None:
        """Begin an element: of the feed, or of the markup in an open text."""
        if self.incontent and self.tolerant and self._cannot_hold(tag):
            self._end_text()
        inside = bool(self.incontent)
        # The library leaves out the first <div> around a text that is not declared as XHTML.
        shown = tag not in _DIVISIONS or self.contentparams.get("type", "xml").endswith("xml")
        super().unknown_starttag(tag, attrs)
        if inside:
            self.svgOK = 0
            self._open.append((tag, shown))
            self._counts[tag] = self._counts.get(tag, 0) + 1
        elif self.incontent:
            self._text_tag = tag

    def unknown_endtag(self, tag: str) -> None:
        """End an element: of the markup in an open text, else of the feed."""
        if self.incontent and self._counts.get(tag):
            self._end_inline(tag)
            return
        if self.incontent and tag in _AROUND:
            self._end_text()
        elif self.incontent and tag != self._text_tag:
            return  # it ends nothing that is open
        self._leave_inline()
        super().unknown_endtag(tag)

    def push_content(self, tag: str, attrs_d: dict[str, str], default: str, expecting_text: int) -> None:
        """Begin a text. XML of other kinds than XHTML is no feed element either, and no text: `foreign`."""
        super().push_content(tag, attrs_d, default, expecting_text)
        self.contentparams = _Details(self.contentparams)
        kind = self.contentparams["type"]
        if kind.endswith("xml") and kind != _XHTML:
            self.contentparams.update(type=_XHTML, foreign=True)

    def _cannot_hold(self, tag: str) -> bool:
        return tag in _NEVER_IN_TEXT or (self._text_tag in _BRIEF and tag in _NEVER_IN_BRIEF)

    def _end_inline(self, tag: str) -> None:
        """End an element within the text, and those within it that were left open."""
        name, shown = "", False
        while name != tag:
            name, shown = self._open.pop()
            self._counts[name] -= 1
            self.leave()
        local = tag.rpartition(":")[2]
        if shown and local not in _VOID:
            self.handle_data(f"</{local}>", escape=0)

    def _end_text(self) -> None:
        """End the text without its own end tag; what it says so far counts."""
        self._leave_inline()
        name = next((name for name, _text, _pieces in reversed(self.elementstack) if name not in _AROUND), None)
        while self.elementstack and self.elementstack[-1][0] != name:
            self.elementstack.pop()
        self.pop_content(name)
        self._summaryKey = None
        self.incontent = 0
        self.leave()

    def _leave_inline(self) -> None:
        while self._open:
            self._open.pop()
            self.leave()
        self._counts.clear()

    def leave(self) -> None:
        """Leave an element: what the library does last at an end tag."""
        self.depth -= 1
        for stack, name in ((self.basestack, "baseuri"), (self.langstack, "lang")):
            if stack:
                stack.pop()
            if stack:
                setattr(self, name, stack[-1])
