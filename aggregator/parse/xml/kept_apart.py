"""Dublin Core and Apple's texts: which are the format's own elements under another name, and which are not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from feedparser.mixin import _FeedParserMixin

Attributes = dict[str, str]


def _make_handlers(name: str) -> tuple[Callable[[Any, Attributes], None], Callable[[Any], None]]:
    """Handlers of an element whose text is kept under a name of its own."""

    def start(parser: Any, _attributes: Attributes) -> None:
        parser.push(name, 1)

    def end(parser: Any) -> None:
        parser.pop(name)

    return start, end


class Apart(_FeedParserMixin):  # type: ignore[misc] # feedparser ships no types
    """Dates, titles and descriptions of Dublin Core and texts of `itunes` apart from the format's own elements.

    The library would overwrite those with them. Authors and subjects in the terms of Dublin Core, which it does
    not know, are authors and categories, as are those of its elements; so are the files of RSS 1.0's own module.
    """

    _start_dc_date, _end_dc_date = _make_handlers("dc_date")
    _start_dc_title, _end_dc_title = _make_handlers("dc_title")
    _start_dc_description, _end_dc_description = _make_handlers("dc_description")
    _start_itunes_summary, _end_itunes_summary = _make_handlers("itunes_summary")
    _start_itunes_subtitle, _end_itunes_subtitle = _make_handlers("itunes_subtitle")

    def _start_enc_enclosure(self, attributes: Attributes) -> None:
        """Attach a file of RSS 1.0, whose attributes have prefixes."""
        plain = {name.rpartition(":")[2]: value for name, value in attributes.items()}
        self._start_enclosure({"url" if name == "resource" else name: value for name, value in plain.items()})

    def _start_dcterms_creator(self, attributes: Attributes) -> None:
        self._start_author(attributes)

    def _end_dcterms_creator(self) -> None:
        self._end_author()

    def _start_dcterms_subject(self, attributes: Attributes) -> None:
        self._start_category(attributes)

    def _end_dcterms_subject(self) -> None:
        self._end_category()
