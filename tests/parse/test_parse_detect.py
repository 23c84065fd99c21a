"""What is no feed, and what we say about it."""

from __future__ import annotations

import pytest

from aggregator.model import Failed, ParsedFeed
from aggregator.parse import parse

PAGE = b"""<!DOCTYPE html><html><head><title>Harbour &amp; News</title>
<link rel="stylesheet" href="/s.css"><link href="/feed.xml" type="application/rss+xml" rel="alternate">
</head><body><article>x</article></body></html>"""


def read(body: bytes, content_type: str = "") -> ParsedFeed | Failed:
    return parse(body, content_type=content_type, location="https://harbour.example/feed")


@pytest.mark.parametrize(
    ("body", "looks_like"),
    [
        (b"", "an empty document"),
        (b" \r\n\t ", "an empty document"),
        (b"\xef\xbb\xbf", "an empty document"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a PNG picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a JPEG picture"),
        (b"%PDF-1.7", "a PDF document"),
        (b"\x1f\x8b\x08\x00", "gzip-compressed data"),
        (b"Not found", "plain text that begins \u201cNot found\u201d"),
        (b"[error] no database", "plain text"),
        (b'{"error": "no such page"}', "a JSON document but no JSON Feed"),
        (b'[{"id": 1}]', "it has `[]` (1 \u00d7 {id}); check the address, or write `json:` with `select:`"),
        (b'<?xml version="1.0"?><opml version="2.0"><body/></opml>', "an OPML list of feeds"),
        (b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>', "a sitemap"),
        (b"<svg><title>x</title></svg>", "an SVG picture"),
        (b"<Error><Code>NoSuchKey</Code></Error>", "an XML document whose root is <error>"),
        (b"<html><title>Shop</title>", "a web page titled \u201cShop\u201d"),
        (b"<html><p>no title", "a web page;"),
        (b"<title>Bare</title><p>x", "a web page titled \u201cBare\u201d"),
        (b"<!doctype html>\n404", "a web page"),
        (b"< broken", "markup without the root element"),
        (b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', "without entries"),
    ],
)
def test_what_is_no_feed_is_told_apart(body: bytes, looks_like: str):
    result = read(body)

    assert isinstance(result, Failed)
    assert result.trouble == "not_a_feed"
    assert looks_like in result.message


def test_a_page_that_names_its_feed_tells_the_editor_so():
    result = read(PAGE)

    assert isinstance(result, Failed)
    assert "/feed.xml" in result.message
    assert "Harbour & News" in result.message
    assert "/s.css" not in result.message


@pytest.mark.parametrize(
    "page",
    [
        b"<html><head><title>Just a moment...</title></head></html>",
        b"<html><head><title>x</title></head><body><div class=g-recaptcha></div></body></html>",
        b"<html><title>Access Denied</title>",
    ],
)
def test_a_challenge_page_is_called_one(page: bytes):
    result = read(page)

    assert isinstance(result, Failed)
    assert "keeps programs out" in result.message


def test_an_article_about_captchas_is_a_page_like_any_other():
    result = read(b"<html><title>On robots</title>" + b"<p>What a captcha costs.</p>" * 2000)

    assert isinstance(result, Failed)
    assert "keeps programs out" not in result.message


@pytest.mark.parametrize(
    "body",
    [
        b'<?xml version="1.0"?><rss version="2.0"><channel><title>x',
        b"<feed xmlns='http://www.w3.org/2005/Atom'><title>x</titel></feed>",
        b'{"version": "https://jsonfeed.org/version/1.1", "items": [',
        b"[" * 100_000,
        b'{"items": ' + b"1" * 5000,
    ],
)
def test_a_feed_that_is_broken_before_its_first_entry_is_malformed(body: bytes):
    result = read(body)

    assert isinstance(result, Failed)
    assert result.trouble == "malformed"


@pytest.mark.parametrize(
    "body",
    [
        b"<rss version='2.0'><channel><title>New</title></channel></rss>",
        b"<feed xmlns='http://www.w3.org/2005/Atom'><title>New</title></feed>",
        b'{"version": "https://jsonfeed.org/version/1", "title": "New", "items": []}',
    ],
)
def test_a_feed_without_entries_is_a_feed(body: bytes):
    result = read(body)

    assert isinstance(result, ParsedFeed)
    assert result.entries == ()
    assert result.title is not None
    assert result.title.value == "New"


def test_messages_hold_neither_control_characters_nor_long_texts():
    result = read(b"<html><title>\x1b[31m" + "\u202ered ".encode() * 500 + b"</title>")

    assert isinstance(result, Failed)
    assert "\x1b" not in result.message
    assert len(result.message) < 400


@pytest.mark.parametrize(
    "content_type", ["text/html", "image/png", "text/plain; charset=x-unknown", "\x00;;charset"]
)
def test_the_content_type_decides_nothing(content_type: str):
    assert isinstance(
        read(b"<rss><channel><item><title>a</title></item></channel></rss>", content_type), ParsedFeed
    )
