"""at:deleted-entry: the ids of entries that a publisher takes back (RFC 6721)."""

from __future__ import annotations

from typing import Final

from feedparser.mixin import _FeedParserMixin

from aggregator.parse.limits import MAX_ENTRIES
from aggregator.text.urls import MAX_URL

_NAME: Final = "deleted-entry"
_BEGINS_ANOTHER: Final = frozenset({"entry", "item"})


class Deleted(_FeedParserMixin):  # type: ignore[misc] # feedparser ships no types
    """Keeps the `ref` of each deleted entry, in `deleted`, and passes over what stands in it.

    Who deleted it and why (at:by, at:comment, links) would else be taken for the feed's own author and links.
    An element that is never closed ends where the next entry begins.
    """

    def __init__(self, *arguments: object) -> None:
        self.deleted: list[str] = []
        self._within = False
        super().__init__(*arguments)

    def unknown_starttag(self, tag: str, attrs: list[tuple[str, str]]) -> None:
        """Begin an element; within a deleted entry it is passed over."""
        name = _local(tag)
        if name == _NAME:
            self._within = True
            ref = dict(attrs).get("ref", "").strip()
            if 0 < len(ref) <= MAX_URL and len(self.deleted) < MAX_ENTRIES:
                self.deleted.append(ref)
            return
        if self._within and name in _BEGINS_ANOTHER:
            self._within = False
        if not self._within:
            super().unknown_starttag(tag, attrs)

    def unknown_endtag(self, tag: str) -> None:
        """End an element; the deleted entry's own end brings the feed's elements back."""
        if _local(tag) == _NAME:
            self._within = False
        elif not self._within:
            super().unknown_endtag(tag)


def _local(tag: str) -> str:
    return tag.rpartition(":")[2].lower()
