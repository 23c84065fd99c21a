"""parse() is total: any bytes give a feed or a reason."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from aggregator.model import Failed, ParsedFeed
from aggregator.parse import VERSION, parse

PIECES = [
    "<rss version='2.0'>", "</rss>", "<channel>", "</channel>", "<item>", "</item>", "<feed>", "<entry>",
    "</entry>", "</feed>", "<title>", "</title>", "<link>", "</link>", "<link href='a'/>", "<guid>", "</guid>",
    "<description>", "</description>", "<![CDATA[", "]]>", "<!--", "-->",
    "<?xml version='1.0' encoding='utf-16'?>", "<!DOCTYPE x [", "<!ENTITY a 'b'>", "]>", "&a;", "&nbsp;",
    "&#0;", "&#xD800;", "&", "<", ">", '"', "'", "media:content", "<dc:date>", "</dc:date>", "<media:player/>",
    "<category term='x'/>", "</category>", "<author>", "<name>", "</author>", "<source>", "</source>",
    "<image>", "</image>", "<content type='xhtml'>", "</content>", "<svg>", "</svg>", "text", "\x00", "\ufeff",
    "é", "{", "}", "[", "]", '"items":', '"id":', ":", ",", "1e999", "\\ud800", "null",
]  # fmt: skip

documents = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
encodings = st.sampled_from(["utf-8", "utf-16", "cp1251", "shift_jis"])


def check(result: ParsedFeed | Failed) -> None:
    if isinstance(result, Failed):
        assert result.trouble in {"not_a_feed", "malformed"}
        messages: tuple[str, ...] = (result.message,)
    else:
        messages = result.warnings
    for message in messages:
        assert message.isprintable()
        assert len(message) < 600


@given(st.binary(max_size=300), st.text(max_size=30), st.text(max_size=30))
@example(b"/etc/passwd", "", "/etc/passwd")
@settings(max_examples=150, deadline=None)
def test_any_bytes_give_a_feed_or_a_reason(body: bytes, content_type: str, location: str):
    check(parse(body, content_type=content_type, location=location))


@given(documents, encodings, st.sampled_from(["", "https://x.example/f", "/srv/x"]))
@settings(max_examples=300, deadline=None)
def test_any_mixture_of_markup_gives_a_feed_or_a_reason(document: str, encoding: str, location: str):
    check(parse(document.encode(encoding, "replace"), content_type="", location=location))


@given(documents)
@settings(max_examples=200, deadline=None)
def test_any_mixture_of_markup_in_an_item_costs_no_other_item(junk: str):
    body = f"<rss><channel><item><guid>1</guid></item><item>{junk}</item></channel></rss>"
    result = parse(body.encode("utf-8"), content_type="", location="")

    assert isinstance(result, ParsedFeed)
    assert result.entries[0].id == "1"


def test_the_end_of_a_text_that_never_began_costs_no_item():
    body = b"<rss><channel><item><guid>1</guid></item><item></description><guid>2</guid></item></channel></rss>"
    result = parse(body, content_type="", location="")

    assert isinstance(result, ParsedFeed)
    assert [entry.id for entry in result.entries] == ["1", "2"]


@given(st.binary(max_size=200))
@settings(max_examples=50, deadline=None)
def test_reading_twice_reads_the_same(body: bytes):
    first = parse(b"<rss><channel><item><title>" + body, content_type="", location="")

    assert parse(b"<rss><channel><item><title>" + body, content_type="", location="") == first


def test_the_rules_have_a_version():
    assert VERSION >= 1
