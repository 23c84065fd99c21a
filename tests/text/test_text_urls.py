"""Addresses to show, and keys to compare them by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import QueryRules
from aggregator.text.urlkeys import url_key
from aggregator.text.urls import MAX_URL, display_url, resolve_reference

BASE = "https://site.example/blog/"
PARTS = st.sampled_from(
    ["http:", "https:", "//", "/", "www.", "m.", "amp.", "example", ".com", ".", "..", ":80",
     ":443", ":8080", "?", "&", "#",
         "http:", "https:", "//", "/", "www.", "m.", "amp.", "example", ".com", ".", "..", ":80", ":443",
         ":8080", "?", "&", "#", "a=1", "utm_x=1", "amp=1", "index.html", "amp", "é", "%7e", "%2E", "%2f", "%",
         "@", " ", ";jsessionid=1", "[", "]", "ß", "b", "/.", "!", ":~:text=x", "\\", "\t", "x",
     "ß", "b", "/.", "!", ":~:text=x", "\\", "\t", "x"]
)  # fmt: skip
urls = st.lists(PARTS, max_size=12).map("".join) | st.lists(PARTS, max_size=12).map(
    lambda parts: "https://www.example.com/" + "".join(parts)
)


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("/a", "https://site.example/a"),
        ("a?b#c", "https://site.example/blog/a?b#c"),
        ("//other.example", "https://other.example/"),
        (" https://x.example/a b\n", "https://x.example/a%20b"),
        ("HTTPS://user:secret@X.Example:443/../a/./b", "https://x.example/a/b"),
        ("http://x.example:8080/a/..", "http://x.example:8080/"),
        ("http://x.example/a/%2e%2E/b", "http://x.example/b"),
        ("http://bücher.example/straße?q=ä#ö", "http://xn--bcher-kva.example/stra%C3%9Fe?q=%C3%A4#%C3%B6"),
        ("http://[2001:db8::1]:80/", "http://[2001:db8::1]/"),
        ("http://x.example/100%", "http://x.example/100%25"),
        ("http:\\\\x.example\\a", "http://x.example/a"),
        ("?utm_source=a&b=1", "https://site.example/blog/?b=1"),
        ("http://x.example/?fbclid=1&FBCLID=2&Utm_X=3", "http://x.example/"),
        ("http://x.example/a;jsessionid=0A1B?x=1", "http://x.example/a?x=1"),
        ("http://x.example/a#:~:text=words", "http://x.example/a"),
        ("http://x.example/a#part:~:text=words", "http://x.example/a#part"),
        ("http://x.example/a#utm_source=feed", "http://x.example/a"),
        ("http://x.example/?b=2&a=1&a=0&ref=x&source=y", "http://x.example/?b=2&a=1&a=0&ref=x&source=y"),
        ("http://x.example/a?ref=www.site.example&b=1", "http://x.example/a?b=1"),
        ("/a?ref=site.example", "https://site.example/a?ref=site.example"),
        ("http://x.example/?at_medium=RSS&at_campaign=rss&at_custom1=x&id=4", "http://x.example/?id=4"),
        ("https://youtu.be/abc?si=1&t=4", "https://youtu.be/abc?t=4"),
        ("https://x.example/abc?si=1&t=4", "https://x.example/abc?si=1&t=4"),
        ("https://x.example/?a=1&#038;b=2&amp;c=3&amp;#38;d=4", "https://x.example/?a=1&b=2&c=3&d=4"),
        ("https://fa\u00df.example/x", "https://xn--fa-hia.example/x"),
        ("http://\u2764.example/\u2764", "http://xn--qei.example/%E2%9D%A4"),
        ("http://\uff38.example\u3002org/", "http://x.example.org/"),
        ("https://x.example/" + "long/" * 800, "https://x.example/" + "long/" * 800),
    ],
)
def test_the_address_to_show_is_absolute_and_without_tracking(written: str, url: str):
    assert display_url(written, BASE) == url


@pytest.mark.parametrize(
    "written",
    [
        "", "  ", "javascript:alert(1)", "java\nscript:alert(1)", "\x01javascript:alert(1)", "JAVASCRIPT:x",
        "data:text/html,x",
        "mailto:a@x.example", "ftp://x.example/", "file:///etc/passwd", "http://", "http:///path", "http://a b/",
        "http://[::1",
        "http://x.example:99999/", "http://x..example/", "http://" + "é" * 80 + ".example/", "http:// é/", "http://-/",
        "tag:x,1:1",
        "http://x.example/" + "a" * MAX_URL, "http://x.example/" + "é" * 4000,
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(written: str):
    assert resolve_reference(written, BASE) is None
    assert display_url(written, BASE) is None
    assert url_key(written) is None


@pytest.mark.parametrize(
    "link",
    [
        "magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a",
        "magnet:?dn=A%20river&xt.1=urn:sha1:YNCKHTQCWBTRNJIV4WNAE52SJUQCZO5C&tr=udp%3A%2F%2Ft.example%3A80",
    ],
)
def test_a_magnet_link_is_shown_as_it_is_and_asked_for_by_nobody(link: str):
    assert display_url(f" {link}\n", BASE) == link
    assert resolve_reference(link, BASE) is None
    assert url_key(link) is None


@pytest.mark.parametrize(
    "written",
    [
        "magnet:?dn=x",
        "magnet:x",
        "magnet:?xt=urn:a<b>",
        "magnet:?xt=urn:" + "a" * MAX_URL,
        "magnet:?xt=urn:" + "é" * 3000,
    ],
)
def test_what_only_looks_like_a_magnet_link_is_refused(written: str):
    assert display_url(written, BASE) is None


def test_a_reference_without_a_base_is_refused():
    assert display_url("/a", None) is None


@pytest.mark.parametrize(
    "same",
    [
        "https://example.com/news/story?a=1&b=2",
        "http://example.com/news/story?a=1&b=2",
        "https://www.example.com/news/story/?b=2&a=1",
        "https://m.example.com/news/story?a=1&b=2#comments",
        "https://mobile.example.com/news/story/amp?a=1&b=2",
        "https://amp.example.com/news/story.amp?a=1&b=2",
        "https://www2.example.com:443/news/./story/index.html?a=1&b=2&utm_medium=rss",
        "https://EXAMPLE.com/news/%73tory/index.php?a=1&b=2&amp=1&outputType=amp",
        "http://user@example.com:80/x/../news/story;jsessionid=ff?a=1&&b=2",
    ],
)
def test_the_many_addresses_of_one_page_have_one_key(same: str):
    assert url_key(same) == "example.com/news/story?a=1&b=2"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/Story", "https://example.com/story"),
        ("https://example.com/?p=1", "https://example.com/?p=2"),
        ("https://example.com/#/one", "https://example.com/#/two"),
        ("https://example.com/#!one", "https://example.com/#!two"),
        ("https://example.com/a%2Fb", "https://example.com/a/b"),
        ("https://example.com:8080/a", "https://example.com/a"),
        ("https://m.com/a", "https://www.com/a"),
        ("https://news.example.com/a", "https://example.com/a"),
        ("https://example.com/?a=1&a=2", "https://example.com/?a=1"),
        ("https://example.com/amplifier", "https://example.com/lifier"),
    ],
)
def test_different_pages_have_different_keys(one: str, other: str):
    assert url_key(one) != url_key(other)


def test_a_fragment_counts_when_asked_for():
    assert url_key("https://example.com/live#post-1", keep_fragment=True) == "example.com/live#post-1"


@given(urls)
def test_showing_an_address_twice_changes_nothing(written: str):
    shown = display_url(written, BASE)

    if shown is not None:
        assert display_url(shown, None) == shown
        assert display_url(shown, "https://other.example/x/") == shown
        assert shown.isascii()
        assert shown.startswith(("http://", "https://"))


@given(urls, st.sampled_from(["", "a-b.", "x1."]))
def test_the_short_way_leads_where_the_long_one_does(written: str, host: str):
    reference = written.replace("example.com", f"{host}example.com")
    short = resolve_reference(reference, None)

    assert short == resolve_reference(f" {reference}", None)  # a space takes the long way


@given(urls)
def test_the_key_of_a_key_is_the_key(written: str):
    key = url_key(written)

    if key is not None:
        assert url_key(f"https://{key}") == key


@given(st.text(max_size=60), st.text(max_size=30) | st.none())
def test_any_text_is_an_address_or_none(written: str, base: str | None):
    assert display_url(written, base) is None or url_key(written) is not None or base is not None


def test_of_a_parameter_that_the_editor_does_not_name_the_table_decides():
    rules = QueryRules(keep=frozenset({"utm_source"}), drop=frozenset({"part"}))
    shown = display_url("https://a.example/?utm_source=1&part=2&utm_medium=3&id=4", query=rules)
    assert shown == "https://a.example/?utm_source=1&id=4"
