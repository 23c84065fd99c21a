"""One raw entry -> one clean one; all entries of a document."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from aggregator.model import (
    Category,
    Conventions,
    Enclosure,
    Entry,
    FeedMeta,
    ParsedFeed,
    Person,
    RawEntry,
    RawLink,
    RawText,
)
from aggregator.normalize import VERSION, normalize


def clean(*, zone: str | None = None, **fields: Any) -> Entry:
    raw = RawEntry(**({"title": RawText(value="t", type="text")} | fields))
    entries, _warnings = normalize(ParsedFeed(meta=FeedMeta(), entries=(raw,)), Conventions(timezone=zone))
    return entries[0]


def feed(*entries: RawEntry) -> ParsedFeed:
    return ParsedFeed(meta=FeedMeta(), entries=entries)


def titled(title: str, *links: str, **fields: Any) -> RawEntry:
    return RawEntry(
        title=RawText(value=title, type="text"), links=tuple(RawLink(href=href) for href in links), **fields
    )


def test_every_field_comes_out_clean():
    entry = clean(
        id=" tag:x.example,2020:\x001 ",
        links=(RawLink(href="/story?utm_source=x"),),
        title=RawText(value="A &amp; B", type="guess"),
        summary=RawText(value="short"),
        contents=(RawText(value="<p onclick=x>Long <img src=i.png></p>"),),
        authors=(Person(name="Ann"), Person(name="ann")),
        categories=(Category(term="b"), Category(term="a")),
        enclosures=(Enclosure(url="f.mp3"),),
        image="lead.jpg",
        language="en_GB",
        base="https://x.example/blog/",
    )

    assert entry == Entry(
        id="tag:x.example,2020:1",
        url="https://x.example/story",
        url_key="x.example/story",
        title="A & B",
        content='<p>Long <img src="https://x.example/i.png"></p>',
        summary="short",
        text="Long",
        authors=(Person(name="Ann"),),
        categories=(Category(term="a"), Category(term="b")),
        enclosures=(Enclosure(url="https://x.example/blog/f.mp3"),),
        image="https://x.example/blog/lead.jpg",
        language="en-GB",
        direction="ltr",
    )


@pytest.mark.parametrize(
    ("links", "name", "permalink", "url"),
    [
        ((RawLink(href="https://x.example/1"),), None, False, "https://x.example/1"),
        ((RawLink(href="v", rel="via"), RawLink(href="https://x.example/1")), None, False, "https://x.example/1"),
        ((RawLink(href="javascript:x"), RawLink(href="https://x.example/2")), None, False, "https://x.example/2"),
        ((), "https://x.example/3", True, "https://x.example/3"),
        ((RawLink(href="data:x"),), "https://x.example/3", True, "https://x.example/3"),
        ((), "https://x.example/3", False, None),
        ((), "", True, None),
        ((RawLink(href=""),), None, False, None),
    ],
)
def test_the_address_is_the_first_that_can_be_shown(
    links: tuple[RawLink, ...], name: str | None, permalink: bool, url: str | None
):
    assert clean(links=links, id=name, id_is_permalink=permalink, base="https://x.example/").url == url


def test_an_id_that_is_too_long_is_none():
    entry = clean(id="x" * 3000, id_is_permalink=True)

    assert (entry.id, entry.id_is_permalink) == (None, False)


def test_references_are_relative_to_the_text_then_the_page_then_the_feed():
    link, picture = (RawLink(href="https://page.example/dir/p"),), "<img src=i>"
    own = RawText(value=picture, base="https://own.example/")

    assert clean(links=link, summary=own).summary == '<img src="https://own.example/i">'
    assert clean(links=link, summary=RawText(value=picture)).summary == '<img src="https://page.example/dir/i">'
    assert (
        clean(summary=RawText(value=picture), base="https://f.example/").summary
        == '<img src="https://f.example/i">'
    )
    assert clean(summary=RawText(value=picture)).summary is None


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        (RawText(value="a < b\nc", type="text"), "<p>a &lt; b<br>c</p>"),
        (RawText(value="a < b", type="guess"), "<p>a &lt; b</p>"),
        (RawText(value="a <b>b</b>", type="guess"), "a <b>b</b>"),
        (RawText(value="<xhtml:p>a <xhtml:b>b</xhtml:b></xhtml:p>", type="guess"), "<p>a <b>b</b></p>"),
        (RawText(value="<my-card>Words</my-card>\nhere", type="guess"), "Words\nhere"),
        (RawText(value="<script>x</script>", type="html"), None),
    ],
)
def test_a_text_becomes_markup_by_its_type(text: RawText, markup: str | None):
    assert clean(summary=text).summary == markup


def test_the_first_content_with_something_in_it_counts():
    contents = (RawText(value="<script>x</script>"), RawText(value="<p>Real</p>"), RawText(value="<p>Other</p>"))

    assert clean(contents=contents).content == "<p>Real</p>"


def test_a_summary_that_repeats_the_content_is_none():
    entry = clean(contents=(RawText(value="<p>Same</p>"),), summary=RawText(value="<p class=x>Same</p>"))

    assert (entry.content, entry.summary) == ("<p>Same</p>", None)


def test_the_text_is_that_of_the_summary_where_there_is_no_content():
    assert clean(summary=RawText(value="<p>Only &amp; short</p>")).text == "Only & short"


def test_an_attached_picture_stands_for_an_entry_without_one():
    files = (
        Enclosure(url="https://x.example/a.mp3", type="audio/mpeg"),
        Enclosure(url="https://x.example/a.png", type="image/png"),
    )

    assert clean(enclosures=files).image == "https://x.example/a.png"
    assert clean(enclosures=files, image="https://x.example/own.png").image == "https://x.example/own.png"
    assert clean(enclosures=files[:1]).image is None


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("a.jpg:large", "application/octet-stream", True),
        ("a.webp?x=1", None, True),
        ("a.mp3", None, False),
        ("a.bin", "application/octet-stream", False),
        ("a.jpg", "application/zip", False),
    ],
)
def test_a_file_whose_type_says_nothing_is_a_picture_by_its_name(name: str, kind: str | None, shown: bool):
    file = Enclosure(url=f"https://x.example/{name}", type=kind)

    assert clean(enclosures=(file,)).image == (file.url if shown else None)


@pytest.mark.parametrize("written", ["English", "en--US", "x" * 9, "1", "en US"])
def test_what_is_no_language_tag_is_none(written: str):
    assert clean(language=None if written == "English" else written).language is None


def test_both_stamps_of_one_string_are_read():
    entry = clean(published="Dec 01, 2018 20:33 Asia/Tehran [Updated: Sep 21, 2019 22:26 Asia/Tehran]")

    assert entry.published is not None
    assert entry.published.utc == datetime(2018, 12, 1, 17, 3, tzinfo=UTC)
    assert entry.updated is not None
    assert entry.updated.utc == datetime(2019, 9, 21, 17, 56, tzinfo=UTC)


@pytest.mark.parametrize(
    ("explicit", "day"), [("2019-09-22T00:00:00Z", 22), ("2019-09-20T00:00:00Z", 21), ("rubbish", 21), (None, 21)]
)
def test_the_later_of_two_update_claims_counts(explicit: str | None, day: int):
    entry = clean(published="2019-09-01 10:00 UTC [Updated: 2019-09-21 10:00 UTC]", updated=explicit)

    assert entry.updated is not None
    assert entry.updated.utc.day == day


def test_a_date_without_a_zone_is_read_in_that_of_the_source():
    entry = clean(published="2018-12-01 20:33:00", zone="Asia/Tehran")

    assert entry.published is not None
    assert (entry.published.utc, entry.published.zone) == (datetime(2018, 12, 1, 17, 3, tzinfo=UTC), "assumed")


@pytest.mark.parametrize(
    "raw",
    [
        "10:30",
        "2020-02-30T00:00:00Z",
        "2003-12-31T25:14:55Z",
        "2003-12-31T10:61:55Z",
        "22013",
        "-0001-11-30T00:00:00+00:00",
    ],
)
def test_what_our_grammar_refuses_is_no_date_whatever_the_parsing_library_makes_of_it(raw: str):
    entry = clean(published=raw, updated=raw)

    assert (entry.published, entry.updated) == (None, None)


def test_an_entry_of_which_nothing_is_left_is_dropped_and_the_others_keep_their_places():
    entries, warnings = normalize(
        feed(titled("one"), RawEntry(id="2", summary=RawText(value="<script>x</script>")), titled("three")),
        Conventions(),
    )

    assert [(entry.title, entry.position) for entry in entries] == [("one", 0), ("three", 2)]
    assert warnings == ("Entries with neither title, link, text nor file were left out: 1, first number 2.",)


@pytest.mark.parametrize(
    "raw",
    [
        titled("t"),
        titled("", "https://x.example/1"),
        RawEntry(summary=RawText(value="s")),
        RawEntry(contents=(RawText(value="<img src='https://x.example/i'>"),)),
        RawEntry(enclosures=(Enclosure(url="https://x.example/f"),)),
    ],
)
def test_any_sensible_content_keeps_an_entry(raw: RawEntry):
    assert len(normalize(feed(raw), Conventions())[0]) == 1


def test_dates_that_cannot_be_read_are_told_once():
    _entries, warnings = normalize(
        feed(titled("a", published="soon"), titled("b", updated="later"), titled("c")), Conventions()
    )

    assert warnings == ("Entries whose date cannot be read: 2.",)


def test_posts_that_differ_only_by_their_fragment_stay_apart():
    entries, _warnings = normalize(
        feed(
            titled("1", "https://x.example/live#post-1"),
            titled("2", "https://x.example/live#post-2"),
            titled("2 again", "https://x.example/live#post-2"),
            titled("page", "https://x.example/live"),
            titled("3", "https://x.example/other#comments"),
            titled("4"),
        ),
        Conventions(),
    )

    assert [entry.url_key for entry in entries] == [
        "x.example/live#post-1",
        "x.example/live#post-2",
        "x.example/live#post-2",
        "x.example/live",
        "x.example/other",
        None,
    ]


def test_the_rules_have_a_version():
    assert VERSION >= 1
