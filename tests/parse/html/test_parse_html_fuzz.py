"""article() and listing() are total: any bytes give an entry, a list, or a reason; in bounded time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model import Failed, ParsedFeed, RawEntry, Selectors
from aggregator.parse.html import read_article, read_listing
from tests.support.effort import within

LOCATION = "https://x.example.com/news/2"
PARAGRAPH = "<p>" + "word " * 40 + "</p>"
PIECES = [
    "<html lang='fa'>", "<head>", "<title>A title | Site</title>", "<body>", "</body>", "<article>",
    "</article>", "<main>", "</main>", "<h1>A title</h1>", "<h1>", "</h1>", "<h2>", "</h2>", "<p>", "</p>",
    "<div>", "</div>", "<div class='share'>", "<div class='related'>", "<p class='byline'>By Jane Doe</p>",
    "<span class='date'>", "<time datetime='2024-01-02'>", "</time>", "12 March 2024",
    "[Updated: 13 March 2024 10:00]", "Read More:", "<a href='/2024/01/02/a-slug-of-words'>", "<a href='//['>",
    "<a href='javascript:x'>", "</a>", "<img src='a.jpg'>", "<img src='/logo.png' width=9>", "<figure>",
    "<figcaption>", "</figure>", "<table><tr><td>", "</table>", "<br>", "<font>", "</font>", "<ul><li>",
    "</ul>", "<base href='http://['>", "<link rel='canonical' href='http://['>",
    "<meta property='og:title' content='A title'>", "<meta name='author' content='x@y'>",
    "<meta charset='utf-16'>", "<script type='application/ld+json'>", "</script>",
    '{"@type":"Article","headline":["A",1],"author":[1,{"name":2}]', '"image":{"url":[]}', "}", "[", "]", ",",
    "<svg>", "<!--", "-->", "<![CDATA[", "]]>", "&#0;", "&nbsp;", "\x00", "Iran Press/ America: ", "Source: ",
    PARAGRAPH, "é", "桜", "<pre>", "<blockquote>", "<form><input type=password>",
]  # fmt: skip

documents = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
selectors = st.sampled_from(
    [None, "article", "h2 a", "a[", "li > a", "::before", "*", ":has(a)", "p:nth-child(x)"]
)


def check(result: ParsedFeed | RawEntry | Failed) -> None:
    if isinstance(result, Failed):
        assert result.trouble == "not_a_feed"
        assert result.message.isprintable()
        assert len(result.message) < 600
    elif isinstance(result, ParsedFeed):
        assert 0 < len(result.entries) <= 100
        assert all(entry.links for entry in result.entries)
    else:
        assert result.contents


@given(st.binary(max_size=300), st.text(max_size=30), st.text(max_size=30))
@settings(max_examples=150, deadline=None)
def test_any_bytes_give_a_page_or_a_reason(body: bytes, content_type: str, location: str):
    check(read_article(body, content_type=content_type, location=location))
    check(read_listing(body, content_type=content_type, location=location, select=None))


@given(documents, st.sampled_from(["utf-8", "utf-16", "cp1251", "shift_jis"]), st.sampled_from(["", LOCATION]))
@settings(max_examples=250, deadline=None)
def test_any_mixture_of_markup_gives_an_entry_or_a_reason(document: str, encoding: str, location: str):
    check(read_article(document.encode(encoding, "replace"), content_type="text/html", location=location))


@given(documents, selectors, selectors)
@settings(max_examples=200, deadline=None)
def test_any_selectors_on_any_markup_give_a_list_or_a_reason(document: str, item: str | None, link: str | None):
    select = Selectors(item=item, link=link)
    check(read_listing(document.encode("utf-8"), content_type="", location=LOCATION, select=select))


@given(documents)
@settings(max_examples=60, deadline=None)
def test_reading_a_page_twice_reads_the_same(document: str):
    body = document.encode("utf-8")

    first = read_article(body, content_type="", location=LOCATION)

    assert read_article(body, content_type="", location=LOCATION) == first


HOSTILE = {
    "elements within elements": "<div>" * 100_000,
    "ten thousand paragraphs": PARAGRAPH * 10_000,
    "tiny tags": "<b>a</b>" * 80_000,
    "attributes without end": "<p " + " ".join(f"a{number}=1" for number in range(100_000)) + ">x</p>",
    "brackets in JSON-LD": "<script type='application/ld+json'>" + "[" * 500_000 + "</script>",
    "comments in JSON-LD": "<script type='application/ld+json'>{" + "/*" * 200_000 + "</script>",
    "quotes in JSON-LD": "<script type='application/ld+json'>{" + '\\"' * 200_000 + "</script>",
    "nothing but related": "<div class=related>" * 200 + "<p>Related</p><a href=/a>x</a>" * 2000,
    "tables in tables": "<table><tr><td>" * 80 + "<td>x" * 13_000,
    "one endless line": "<p>" + "word " * 100_000,
    "white space": "<p>" + " " * 2_000_000,
    "datelines": "<p>12 March 2024 12 March 2024 12 March 2024</p>" * 4_000,
}


@pytest.mark.parametrize("junk", HOSTILE.values(), ids=HOSTILE)
def test_hostile_pages_take_bounded_time(junk: str):
    body = f"<html><body><h1>T</h1>{junk}".encode()
    with within(10):
        check(read_article(body, content_type="text/html", location=LOCATION))
        check(read_listing(body, content_type="text/html", location=LOCATION, select=None))
