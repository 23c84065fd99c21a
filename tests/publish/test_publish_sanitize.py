"""Text, addresses and dates in the forms that documents carry."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from aggregator.dates.writing import rfc3339
from aggregator.publish import sanitize


@given(st.text(alphabet=st.characters()))
def test_any_text_fits_into_xml_once_cleaned(text):
    element = etree.Element("a")
    element.text = sanitize.markup(text)
    again = etree.fromstring(etree.tostring(element, encoding="UTF-8")).text or ""
    assert again == sanitize.markup(text) == sanitize.markup(sanitize.markup(text))


def test_line_ends_become_line_feeds_and_controls_go():
    assert sanitize.markup("a\r\nb\rc\x00\x1b\x7f\x85\ud800\uffff d\t\n") == "a\nb\nc d\t\n"


def test_a_line_holds_single_spaces_only():
    assert sanitize.line("\u00a0One\x0btwo\x85three\r\n\tfour \x00 ") == "One two three four"


@pytest.mark.parametrize(
    ("sanitized", "visible"),
    [
        ("<p>One</p><p>two</p>", "One two"),
        ("H<sub>2</sub>O, <b>so</b> to say", "H2O, so to say"),
        ("a<br>b &amp; c &lt;d&gt;", "a b & c <d>"),
        ("5 < 6", "5 < 6"),
    ],
)
def test_plain_text_is_what_readers_see(sanitized, visible):
    assert sanitize.plain(sanitized) == visible


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("short enough", "short enough"),
        ("one two three four", "one two…"),
        ("onetwothreefourfive", "onetwothreef…"),
        ("a twothreefourfive", "a twothreefo…"),
        ("水" * 20, "水" * 12 + "…"),
    ],
)
def test_an_excerpt_is_cut_between_words_where_there_are_any(text, short):
    assert sanitize.excerpt(text, 13) == short


@pytest.mark.parametrize(
    ("address", "spelled"),
    [
        ("https://example.org/a b/ü?q=100%#x", "https://example.org/a%20b/%C3%BC?q=100%25#x"),
        ("https://example.org/%C3%BC", "https://example.org/%C3%BC"),
        (" https://example.org/\x00a[1] ", "https://example.org/a%5B1%5D"),
        ("http://[2001:db8::1]/a[", "http://[2001:db8::1]/a%5B"),
        ("urn:isbn:1", "urn:isbn:1"),
        ("/relative", None),
        ("", None),
        (None, None),
    ],
)
def test_an_address_is_spelled_as_an_absolute_uri(address, spelled):
    assert sanitize.uri(address) == spelled


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "ftp://example.org/", "https:///path", "urn:a:b", None]
)
def test_a_web_address_is_http_and_has_a_host(address):
    assert sanitize.web(address) is None


@pytest.mark.parametrize(
    ("claimed", "url", "found"),
    [
        ("Audio/MPEG; codecs=mp3", "https://e.org/a", "audio/mpeg"),
        ("audio", "https://e.org/a.MP3?x=.png#.gif", "audio/mpeg"),
        (None, "https://e.org/a.unknown", None),
    ],
)
def test_a_media_type_is_claimed_or_guessed_from_the_address(claimed, url, found):
    assert sanitize.media_type(claimed, url) == found


@pytest.mark.parametrize(("tag", "found"), [("fa-IR", "fa-IR"), ("en_US", None), ("", None), (None, None)])
def test_a_language_has_the_form_of_bcp_47(tag, found):
    assert sanitize.language(tag) == found


def test_dates_are_utc_in_whole_seconds():
    tehran = timezone(timedelta(hours=3, minutes=30))
    moment = sanitize.utc(datetime(2018, 12, 1, 20, 33, 0, 999, tzinfo=tehran))
    assert moment == datetime(2018, 12, 1, 17, 3, tzinfo=UTC)
    assert rfc3339(moment) == "2018-12-01T17:03:00Z"
    assert sanitize.rfc822(moment) == "Sat, 01 Dec 2018 17:03:00 +0000"


@pytest.mark.parametrize("moment", [datetime(2018, 12, 1), datetime(999, 12, 31, tzinfo=UTC)])  # noqa: DTZ001 # the point
def test_dates_that_cannot_be_written_are_refused(moment):
    with pytest.raises(ValueError, match="a date"):
        sanitize.utc(moment)


def test_that_a_text_runs_from_right_to_left_is_told_once():
    told = sanitize.from_right_to_left("<p>\u05e9\u05dc\u05d5\u05dd</p>")
    assert told.startswith('<div dir="rtl">')
    assert sanitize.from_right_to_left(told) == told
