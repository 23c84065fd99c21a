"""Pages that are no articles and no lists say why, and what to do about it."""

from __future__ import annotations

import pytest

from aggregator.model import Failed, RawEntry, Selectors
from aggregator.parse.html import read_article, read_listing
from aggregator.parse.html.tree import MAX_TAGS, Page, read_page

LOCATION = "https://x.example.com/news/2"


def read(page: str | bytes) -> RawEntry | Failed:
    body = page if isinstance(page, bytes) else page.encode("utf-8")
    return read_article(body, content_type="text/html", location=LOCATION)


REFUSED = {
    "an empty document": b" \r\n",
    "a PNG picture": b"\x89PNG\r\n\x1a\n....",
    "a feed": "<?xml version='1.0'?><rss><channel></channel></rss>",
    "JSON": '{"version": "x", "items": []}',
    "plain text": "Not a page at all.",
    "markup without content": "<!-- nothing --><?x <html ?>",
    "keeps programs out": "<title>Just a moment...</title><p>Checking your browser.</p>",
    "nothing here": "<title>Site</title><h1>Seite nicht gefunden</h1><p>Die Adresse hat sich geändert.</p>",
    "asks for a login": "<title>Sign in</title><form><input name=u><input type=password></form>Members only.",
    "asks for consent": "<title>Before you continue</title><p>We and our partners store data on your device.</p>",
    "without the text of an article": "<title>Home</title><nav><a href=/a>One</a> <a href=/b>Two</a></nav>",
}


@pytest.mark.parametrize(("said", "page"), REFUSED.items(), ids=REFUSED)
def test_what_is_no_article_is_refused_with_the_reason(said: str, page: str | bytes):
    result = read(page)

    assert isinstance(result, Failed)
    assert result.trouble == "not_a_feed"
    assert said in result.message
    assert ";" in result.message


@pytest.mark.parametrize("word", ["captcha", "404 not found", "cookie consent", "log in"])
def test_an_article_about_such_words_is_no_closed_door(word: str):
    text = (
        f"<p>What the {word} did to us is a long story that begins in the nineties, before most had seen one.</p>"
    )

    assert isinstance(read(f"<title>How the {word} came</title><h1>How the {word} came</h1>{text * 40}"), RawEntry)


def test_a_title_and_one_short_line_are_an_article():
    result = read("<html><body><h1>Closed on Friday</h1><p>The office is closed.</p></body></html>")

    assert isinstance(result, RawEntry)
    assert "The office is closed." in result.contents[0].value


def test_a_list_without_articles_names_the_remedy():
    result = read_listing(b"<title>About</title><p>We are.</p>", content_type="", location=LOCATION, select=None)

    assert isinstance(result, Failed)
    assert "`select:" in result.message


def test_a_challenge_in_place_of_a_list_is_called_one():
    page = b"<title>Just a moment...</title><input type=password>"

    result = read_listing(page, content_type="", location=LOCATION, select=None)

    assert isinstance(result, Failed)
    assert "keeps programs out" in result.message


def test_no_page_is_no_list():
    assert isinstance(read_listing(b"", content_type="", location=LOCATION, select=None), Failed)


def test_selectors_that_match_nothing_are_named():
    page = b"<html><body><p>Text</p></body></html>"

    result = read_listing(page, content_type="", location=LOCATION, select=Selectors(item="li.news", link="a.go"))

    assert isinstance(result, Failed)
    assert "`li.news` with `a.go`" in result.message


def test_a_selector_that_is_no_css_is_named():
    result = read_listing(
        b"<html><body><p>Text</p></body></html>",
        content_type="",
        location=LOCATION,
        select=Selectors(item="li[", link=None),
    )

    assert isinstance(result, Failed)
    assert "li[" in result.message


def test_of_a_page_of_tags_without_number_the_first_are_read():
    page = read_page(b"<br>a" * (MAX_TAGS + 9), content_type="text/html", location="https://a.example/")
    assert isinstance(page, Page)
    assert page.root.xpath("string()").count("a") == MAX_TAGS
