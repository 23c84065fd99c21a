"""Media RSS: which picture, film or group a title, a description or a credit speaks of.

They stand within media:content, within media:group or beside them, and the nearest one counts (Media RSS 1.5,
"Optional elements"). The library would take all for the item's own.
"""

from __future__ import annotations

from typing import Any, Final

from feedparser.mixin import _FeedParserMixin

Attributes = dict[str, str]
_AUTHORS: Final = frozenset({"", "author", "owner", "photographer"})
"""Roles whose bearers are named beneath a picture; the others acted, sang or lent the money."""


class Described(_FeedParserMixin):  # type: ignore[misc] # feedparser ships no types
    """Puts titles, descriptions and credits of Media RSS to what they speak of, for both parsers.

    Each media:content has `group`, the number of its media:group or "", and `around`, what that group says.
    `media_description`, `media_description_type` and `media_credit` are found where they belong: in the
    media:content, in what is said of the group, or in the entry.
    """

    def __init__(self, *arguments: Any) -> None:
        self._groups = 0
        self._group: dict[str, Any] | None = None
        self._medium: dict[str, Any] | None = None
        self._attributes: Attributes = {}
        self._titled = -1
        super().__init__(*arguments)

    def _start_source(self, attributes: Attributes) -> None:
        self._titled = self.title_depth
        super()._start_source(attributes)

    def _end_source(self) -> None:
        """The library forgets here that the entry has a title, so that a media:title behind it would be that."""
        super()._end_source()
        self.title_depth = self._titled

    def _start_media_group(self, _attributes: Attributes) -> None:
        self._groups += 1
        self._group = {}
        self._get_context().setdefault("media_groups", []).append(self._group)

    def _end_media_group(self) -> None:
        self._group = self._medium = None

    def _start_media_content(self, attributes: Attributes) -> None:
        inside = self._group is not None
        self._medium = {**attributes, "group": str(self._groups) if inside else "", "around": self._group}
        super()._start_media_content(self._medium)

    def _end_media_content(self) -> None:
        self._medium = None

    def _end_media_title(self) -> None:
        """It is the entry's title where that has no own."""
        value = self.pop_content("title")
        self._say("media_title", value)

    def _start_media_description(self, attributes: Attributes) -> None:
        self._attributes = attributes
        self.push("media_description", 1)

    def _end_media_description(self) -> None:
        value = self._pop_apart("media_description")
        if self._say("media_description", value):
            self._say("media_description_type", self._attributes.get("type", "plain"))

    def _start_media_credit(self, attributes: Attributes) -> None:
        self._attributes = attributes
        self.push("media_credit", 1)

    def _end_media_credit(self) -> None:
        value = self._pop_apart("media_credit")
        if self._attributes.get("role", "").strip().lower() in _AUTHORS:
            self._say("media_credit", value)

    def _say(self, name: str, value: str | None) -> bool:
        """Keep what is said of the nearest thing around; the first counts."""
        context = self._get_context()
        told = next((found for found in (self._medium, self._group) if found is not None), context)
        if not value or dict.get(told, name):
            return False
        told[name] = value
        return True

    def _pop_apart(self, name: str) -> str | None:
        """The text of an element that the entry shall not have under that name yet."""
        context = self._get_context()
        before = dict.get(context, name)
        value: str | None = self.pop(name)
        if before is None:
            dict.pop(context, name, None)
        else:
            context[name] = before
        return value
