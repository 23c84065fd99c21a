"""What odd documents do to the libraries is recovered from; that a library is missing is not hidden by that."""

from __future__ import annotations

from typing import Any

import htmldate
import pytest
import trafilatura
from feedparser.mixin import _FeedParserMixin

from aggregator.parse import html, parse
from aggregator.parse.xml.handlers import Loose
from tests.support.installation import item, rss

FEED = rss(item(1))
TEXT = "<p>The council met on Saturday and agreed to mend the old bridge before the winter storms arrive.</p>" * 9
PAGE = (
    f"<!doctype html><html><head><title>Bridge</title></head><body><article><h1>Bridge</h1>{TEXT}</article></body>"
)


def broken(*_: Any, **__: Any) -> None:
    raise ImportError("No module named sgmllib")


def failing(*_: Any, **__: Any) -> None:
    raise AttributeError("an element out of place")


@pytest.mark.parametrize("event", ["unknown_starttag", "unknown_endtag"])
def test_a_missing_library_is_not_taken_for_an_element_out_of_place(monkeypatch: pytest.MonkeyPatch, event: str):
    with monkeypatch.context() as patched:
        patched.setattr(_FeedParserMixin, event, broken)
        with pytest.raises(ImportError):
            parse(FEED.encode(), content_type="", location="https://river.example/feed")
    monkeypatch.setattr(_FeedParserMixin, event, failing)
    parse(FEED.encode(), content_type="", location="https://river.example/feed")


def test_a_missing_library_is_not_taken_for_a_document_that_cannot_even_be_read_loosely(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(Loose, "feed", broken)
    with pytest.raises(ImportError):
        parse(FEED.replace("</item>", "<b></item>").encode(), content_type="", location="https://river.example/")


@pytest.mark.parametrize(("library", "function"), [(trafilatura, "extract"), (htmldate, "find_date")])
def test_a_missing_library_is_not_taken_for_an_odd_page(monkeypatch: pytest.MonkeyPatch, library, function: str):
    with monkeypatch.context() as patched:
        patched.setattr(library, function, broken)
        with pytest.raises(ImportError):
            html.read_article(PAGE.encode(), content_type="text/html", location="https://hall.example/1")
    monkeypatch.setattr(library, function, failing)
    html.read_article(PAGE.encode(), content_type="text/html", location="https://hall.example/1")
