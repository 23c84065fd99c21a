"""Feeds cut into their entries, so that only those that are new are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator.model import DocumentDigests, ParsedFeed, RawEntry
from aggregator.parse import parse
from aggregator.parse.xml.handlers import Strict
from aggregator.parse.xml.slices import cut

TESTS = Path(__file__).parent.parent
PLACE = "https://news.example/feed.xml"
MEDIA = 'xmlns:m="http://search.yahoo.com/mrss/"'


def read(text: str, known: DocumentDigests | None = None, location: str = PLACE) -> ParsedFeed:
    feed = parse(text.encode(), content_type="application/xml", location=location, known=known)
    assert isinstance(feed, ParsedFeed)
    return feed


def rss(*items: str, head: str = "<title>News</title><link>https://news.example/</link>", tail: str = "") -> str:
    return f'<rss version="2.0" {MEDIA}><channel>{head}{" ".join(items)}{tail}</channel></rss>'


def atom(*entries: str, head: str = "<title>News</title>", tail: str = "") -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/a/">{head}{" ".join(entries)}{tail}</feed>'


def item(number: int, more: str = "") -> str:
    return f"<item><guid>{number}</guid><title>Report {number}</title><link>/{number}</link>{more}</item>"


def entry(number: int, more: str = "") -> str:
    return f"<entry><id>urn:x:{number}</id><title>Report {number}</title>{more}</entry>"


def merged(text: str, earlier: str) -> ParsedFeed:
    """What a document says if those of its entries that were read in an earlier one are taken from there."""
    before = read(earlier)
    assert before.digests is not None
    said: dict[str, RawEntry] = dict(zip(before.digests.entries, before.entries, strict=True))
    found = read(text, before.digests)
    if not found.same:
        return found
    assert found.digests is not None
    new = iter(found.entries)
    digests = enumerate(found.digests.entries)
    entries = tuple(said[digest] if place in found.same else next(new) for place, digest in digests)
    return replace(found, entries=entries, same=())


def test_only_the_entries_that_are_new_are_read():
    before = read(rss(item(1), item(2)))
    found = read(rss(item(3), item(1), item(2, "<author>A</author>")), before.digests)

    assert [one.id for one in found.entries] == ["3", "2"]
    assert found.same == (1,)
    assert found.digests == read(rss(item(3), item(1), item(2, "<author>A</author>"))).digests


def test_where_nothing_is_new_one_entry_shows_what_all_depend_on():
    text = rss(item(1), item(2), item(3))
    found = read(text, read(text).digests)

    assert ([one.id for one in found.entries], found.same) == (["1"], (1, 2))


def test_where_all_is_new_all_is_read():
    found = read(rss(item(3), item(4)), read(rss(item(1), item(2))).digests)

    assert (len(found.entries), found.same) == (2, ())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (rss(item(1), item(2)), rss(item(1), item(2), head="<link>https://other.example/</link>")),
        (
            rss(item(1), item(2)),
            rss(item(1), item(2), head="<link>https://news.example/</link><language>de</language>"),
        ),
        (rss(item(1)), rss(item(1)).replace("<channel>", '<channel xml:lang="de">')),
        (atom(entry(1)), atom(entry(1)).replace('"/a/"', '"/b/"')),
        (atom(entry(1)), atom(entry(1), head="<title>News</title><author><name>A</name></author>")),
        (rss(item(1)), rss(item(1), head="<link>https://news.example/</link><image><url>/i.png</url></image>")),
    ],
)
def test_entries_that_get_something_else_from_their_feed_are_read_again(before: str, after: str):
    assert read(after, read(before).digests) == read(after)
    assert read(after, read(before).digests).same == ()


def test_what_a_feed_says_of_itself_alone_does_not_concern_its_entries():
    before = rss(item(1), item(2), head="<link>https://news.example/</link><pubDate>Mon</pubDate>")
    after = rss(item(1), item(2), head="<link>https://news.example/</link><pubDate>Tue</pubDate><ttl>60</ttl>")

    assert read(after, read(before).digests).same == (1,)
    assert merged(after, before) == read(after)


def test_a_feed_that_came_from_elsewhere_is_read_again():
    text = rss(item(1), item(2))

    assert read(text, read(text).digests, location="https://other.example/feed.xml").same == ()
    assert read(text, location="").digests is None


def test_content_of_the_feed_itself_does_not_concern_its_first_entry():
    head = "<summary>open</summary><content>c</content>"
    before = rss(item(1), head=head)
    after = rss(item(1), item(2, "<description>plain</description><summary>short</summary>"), head=head)

    assert merged(after, before) == read(after)


ODD = {
    "broken": rss(item(1), item(2)).replace("</channel>", ""),
    "within each other": rss(item(1, item(2))),
    "of two kinds": rss(item(1), "<entry><title>2</title></entry>"),
    "in two places": f"<rss version='2.0'><channel>{item(1)}</channel><channel>{item(2)}</channel></rss>",
    "with text between": rss(item(1), "and", item(2)),
    "with a comment between": rss(item(1), "<!-- and -->", item(2)),
    "with the feed's own behind": rss(item(1), tail="<title>Late</title>"),
    "with the feed's own within": rss(item(1, "<hour>3</hour>")),
    "taken back": atom(
        '<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="urn:x:9"/>', entry(1)
    ),
    "with one prefix for two things": rss(item(1, '<a:b xmlns:a="urn:1"/>'), item(2, '<a:b xmlns:a="urn:2"/>')),
    "with two prefixes for one thing": rss(item(1, '<a:b xmlns:a="urn:1"/>'), item(2, '<c:b xmlns:c="urn:1"/>')),
    "none at all": rss(),
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_entries_that_cannot_be_read_alone_are_read_together(text: str):
    known = read(rss(item(1), item(2))).digests

    assert read(text).digests is None
    assert read(text, known) == read(text)


@pytest.mark.parametrize(
    "text",
    [
        "<item/>",
        rss("<item/>", '<item a="1>2"/>', "<item  ></item  >"),
        rss(item(1, "<!-- </item> <item> --><![CDATA[</item><item>]]>"), item(2)),
        f'<rss version="2.0"><channel a="&lt;>&#39;" b=\'">\'>{item(1)}{item(2)}</channel></rss>',
        rss(
            item(1, "<description>ü&#8364;\U0001f600</description>"), item(2, "<a xmlns='urn:a'><b xmlns=''/></a>")
        ),
    ],
)
def test_slices_are_the_entries_from_their_first_to_their_last_byte(text: str):
    slices = cut(text.encode())

    assert slices is not None
    parts = [slices.document[start:end] for start, end in slices.spans]
    assert all(part.startswith(b"<item") and part.endswith(b">") for part in parts)
    assert slices.only(range(len(parts))).replace(b" ", b"") == text.encode().replace(b" ", b"")
    assert len(parts) == (1 if text == "<item/>" else 3 if "1>2" in text else 2)


def test_more_elements_or_entries_than_are_read_are_not_cut(monkeypatch: pytest.MonkeyPatch):
    text = rss(item(1), item(2)).encode()
    monkeypatch.setattr("aggregator.parse.xml.slices.MAX_ELEMENTS", 8)
    assert cut(text) is None
    monkeypatch.setattr("aggregator.parse.xml.slices.MAX_ELEMENTS", 100)
    monkeypatch.setattr("aggregator.parse.xml.slices.MAX_ENTRIES", 1)
    assert cut(text) is None


def test_entries_that_the_library_does_not_see_are_not_passed_over(monkeypatch: pytest.MonkeyPatch):
    known = read(rss(item(1), item(2))).digests
    monkeypatch.setattr(Strict, "_start_item", lambda _self, _attributes: None)

    assert read(rss(item(1), item(3)), known).digests is None


def test_entries_before_the_root_or_in_sections_without_end_are_not_passed_over():
    known = read(rss(item(1), item(2))).digests
    before = "<item>lost</item>" + rss(item(1), item(2))
    section = rss(
        item(1, "<description><![CDATA[a</description>"), item(2, "<description><![CDATA[b]]></description>")
    )

    for text in (before, section):
        assert read(text, known).same == ()


TEXTS = st.sampled_from(
    (
        "",
        "<description>&lt;p&gt;Some &amp;amp; more&lt;/p&gt;</description>",
        "<description>plain</description><summary>short</summary>",
        "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>One</p><summary>x</summary></div></content>",
        "<media:group xmlns:media='http://search.yahoo.com/mrss/'><media:content url='/a.mp4'/></media:group>",
        "<m:content url='/b.png' medium='image'><m:title>T</m:title></m:content>",
        "<x:y xmlns:x='urn:x' z='1'>t</x:y>",
        "<z xmlns='urn:x'>t</z><z xmlns=''>u</z>",
        "<source url='https://s.example/'>S</source>",
        "<source><title>S</title><link href='/s'/></source>",
        "<image><url>/i.png</url><title>I</title><link>/i</link></image>",
        "<author><name>A</name></author>",
        "<author>b@b.example (B)</author>",
        "<pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate>",
        "<link>/late</link><title>Late</title>",
        "<category>c</category><enclosure url='/e.mp3' type='audio/mpeg' length='1'/>",
        "<updated>2026-03-01T00:00:00Z</updated><issued>2026</issued>",
        "<textInput><title>q</title></textInput>",
        "<language>fr</language><ttl>5</ttl><rights>r</rights>",
        "<svg><title>v</title></svg>",
        "<thr:total xmlns:thr='http://purl.org/syndication/thread/1.0'>3</thr:total>",
        "<p:person xmlns:p='https://podcastindex.org/namespace/1.0' role='host'>Ann</p:person>",
        "<itunes:duration xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'>1:02</itunes:duration>",
        "<description>Ã¼ and é</description>",
        "<title xml:lang='de' xml:base='/t/'>&lt;b&gt;T&lt;/b&gt;</title>",
    )
)
HEADS = st.sampled_from(
    (
        "<title>News</title><link>https://news.example/</link>",
        "<title>Other</title><link>https://news.example/</link><language>de</language>",
        "<image><url>/i.png</url></image><textInput><title>q</title></textInput>",
        "<author><name>F</name></author><x:y xmlns:x='urn:x'/>",
        "<summary>open</summary><content>c</content>",
        "",
    )
)
ENTRIES = st.lists(st.tuples(st.integers(0, 5), st.lists(TEXTS, max_size=3).map("".join)), min_size=1, max_size=6)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([rss, atom]), HEADS, HEADS, ENTRIES, ENTRIES, st.data())
def test_what_is_read_in_parts_is_what_is_read_at_once(
    form: Callable[..., str],
    head: str,
    other: str,
    entries: list[tuple[int, str]],
    more: list[tuple[int, str]],
    data: st.DataObject,
):
    made: Callable[[int, str], str] = partial(item if form is rss else entry)
    earlier = form(*(made(*one) for one in entries), head=head)
    if read(earlier).digests is None or read(earlier).warnings:
        return
    later = data.draw(st.permutations([*data.draw(st.lists(st.sampled_from(entries))), *more]))
    text = form(*(made(*one) for one in later), head=data.draw(st.sampled_from([head, head, other])))

    whole = read(text)
    found = merged(text, earlier)
    if not (found.warnings or whole.warnings):
        assert found == whole
    assert bool(found.warnings) <= bool(whole.warnings)


GOLDEN = sorted(path for path in TESTS.glob("golden/*/input.*") if path.suffix != ".html")
HISTORIES = sorted({path.parent for path in TESTS.glob("histories/*/*.xml")})


@pytest.mark.no_cover
@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.parent.name)
def test_of_each_example_some_entries_say_what_they_say_among_all(path: Path):
    body = path.read_bytes()
    whole = parse(body, content_type="", location=PLACE)
    if not isinstance(whole, ParsedFeed) or whole.digests is None:
        return
    for known in (whole.digests.entries, whole.digests.entries[1::2], whole.digests.entries[:-1]):
        some = parse(body, content_type="", location=PLACE, known=replace(whole.digests, entries=known))
        assert isinstance(some, ParsedFeed)
        left = tuple(entry for place, entry in enumerate(whole.entries) if place not in some.same)
        assert replace(some, entries=whole.entries, same=()) == whole
        assert some.entries == left


@pytest.mark.no_cover
@pytest.mark.parametrize("folder", HISTORIES, ids=lambda folder: folder.name)
def test_of_each_version_of_a_feed_what_is_new_says_what_it_says_among_all(folder: Path):
    versions = [path.read_text("utf-8") for path in sorted(folder.glob("*.xml"))]
    for earlier, later in pairwise(versions):
        if read(earlier).digests is not None:
            assert merged(later, earlier) == read(later)
