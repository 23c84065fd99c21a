"""Every format, and the extensions that feeds use."""

from __future__ import annotations

import pytest

from aggregator.model import Category, Enclosure, ParsedFeed, RawEntry, RawLink
from aggregator.parse import parse

NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    ' xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:atom="http://www.w3.org/2005/Atom"'
    ' xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:wfw="http://wellformedweb.org/CommentAPI/"'
    ' xmlns:thr="http://purl.org/syndication/thread/1.0" xmlns:georss="http://www.georss.org/georss"'
    ' xmlns:gml="http://www.opengis.net/gml"'
)


def read(text: str) -> ParsedFeed:
    result = parse(text.encode(), content_type="", location="https://x.example/feed")
    assert isinstance(result, ParsedFeed), result
    return result


def item(fields: str) -> RawEntry:
    return read(f'<rss version="2.0" {NAMESPACES}><channel><item>{fields}</item></channel></rss>').entries[0]


def atom(fields: str) -> RawEntry:
    return read(f'<feed xmlns="http://www.w3.org/2005/Atom" {NAMESPACES}><entry>{fields}</entry></feed>').entries[
        0
    ]


def title_of(named: RawEntry | ParsedFeed) -> str | None:
    return named.title.value if named.title else None


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("0.91", "rss091u"),
        ("0.92", "rss092"),
        ("0.93", "rss093"),
        ("2.0", "rss20"),
        ("2.0.1", "rss20"),
        ("", "rss"),
    ],
)
def test_every_version_of_rss_is_read(version: str, told: str):
    feed = read(
        f'<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">'
        f'<rss version="{version}"><channel><title>T</title><link>https://x.example/</link><language>en</language>'
        f"<item><title>One</title><link>https://x.example/1</link><description>D</description>"
        f'<enclosure url="a.mp3" length="1" type="audio/mpeg"/><enclosure url="b.mp3"/>'
        f'<category domain="d">c</category><source url="https://o.example/rss">Other</source></item></channel></rss>'
    )
    entry = feed.entries[0]

    assert (feed.meta.version, title_of(feed), title_of(entry), entry.language) == (told, "T", "One", "en")
    assert entry.enclosures == (Enclosure(url="a.mp3", type="audio/mpeg", length=1), Enclosure(url="b.mp3"))
    assert entry.categories == (Category(term="c", scheme="d"),)


def test_rss_0_90_and_its_items_beside_the_channel_are_read():
    feed = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">'
        "<channel><title>M</title><link>https://x.example/</link></channel>"
        "<image><title>I</title><url>https://x.example/i.gif</url><link>https://x.example/</link></image>"
        "<item><title>One</title><link>https://x.example/1</link></item>"
        "<textinput><title>Search</title><name>q</name><link>https://x.example/s</link></textinput></rdf:RDF>"
    )

    assert (feed.meta.version, title_of(feed), feed.meta.icon) == ("rss090", "M", "https://x.example/i.gif")
    assert [title_of(entry) for entry in feed.entries] == ["One"]
    assert feed.entries[0].links == (RawLink(href="https://x.example/1"),)


@pytest.mark.parametrize("url", ["", "<url/>", "<url></url><url>https://x.example/i.gif</url>"])
def test_a_picture_of_the_feed_may_lack_its_address(url: str):
    feed = read(f"<rss><channel><title>T</title></channel><image>{url}</image></rss>")

    assert feed.meta.icon == ("https://x.example/i.gif" if "i.gif" in url else None)


def test_the_logo_of_atom_is_an_icon():
    feed = read('<feed xmlns="http://www.w3.org/2005/Atom"><logo>/logo.png</logo></feed>')

    assert feed.meta.icon == "https://x.example/logo.png"


def test_atom_0_3_has_modes_and_dates_of_its_own():
    entry = read(
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry>'
        '<title mode="escaped" type="text/html">a &lt;b>b&lt;/b></title>'
        "<issued>i</issued><created>c</created><modified>m</modified>"
        '<content type="text/html" mode="base64">PGI+aGk8L2I+</content></entry></feed>'
    ).entries[0]

    assert entry.title is not None
    assert (entry.title.value, entry.title.type) == ("a <b>b</b>", "html")
    assert (entry.published, entry.updated, entry.contents[0].value) == ("i", "m", "<b>hi</b>")


def test_cdf_names_pages_by_attributes_and_by_anchors():
    feed = read(
        '<CHANNEL BASE="http://c.example/"><TITLE VALUE="C"/><LOGO HREF="logo.gif" STYLE="icon"/>'
        '<A HREF="home.htm">home</A>'
        '<ITEM HREF="p0.htm" LASTMOD="1998-11-05T22:18"><TITLE>Zero</TITLE><LOGO HREF="p0.gif"/></ITEM>'
        '<ITEM><A HREF="p1.htm">anchor</A><TITLE VALUE="One"/><ABSTRACT VALUE="First"/></ITEM>'
        '<ITEM><A HREF="p2.htm"><TITLE>Two</TITLE><ABSTRACT>Second</ABSTRACT></A><A HREF="x.htm"/></ITEM>'
        "</CHANNEL>"
    )

    assert (feed.meta.version, title_of(feed)) == ("cdf", "C")
    assert (feed.meta.link, feed.meta.icon) == ("http://c.example/home.htm", "http://c.example/logo.gif")
    assert [title_of(entry) for entry in feed.entries] == ["Zero", "One", "Two"]
    assert [[link.href for link in entry.links] for entry in feed.entries] == [["p0.htm"], ["p1.htm"], ["p2.htm"]]
    assert [entry.summary.value for entry in feed.entries if entry.summary] == ["First", "Second"]
    assert (feed.entries[0].updated, feed.entries[0].image) == ("1998-11-05T22:18", "p0.gif")
    assert feed.entries[0].base == "http://c.example/"


def test_the_discussion_of_an_item_is_its_replies_and_counts_are_nothing():
    entry = item(
        "<title>t</title><link>https://x.example/1</link><comments>https://x.example/1#c</comments>"
        "<wfw:commentRss>https://x.example/1/feed</wfw:commentRss><slash:comments>12</slash:comments>"
        "<thr:total>7</thr:total><slash:hit_parade>1,2,3</slash:hit_parade>"
    )

    assert entry.links == (
        RawLink(href="https://x.example/1"),
        RawLink(href="https://x.example/1#c", rel="replies"),
        RawLink(href="https://x.example/1/feed", rel="replies", type="application/rss+xml"),
    )
    assert (entry.summary, entry.contents) == (None, ())


@pytest.mark.parametrize("comments", ["12", "", "https://x.example/1", f"https://x.example/{'c' * 9000}"])
def test_comments_that_are_no_other_address_are_no_link(comments: str):
    entry = item(f"<link>https://x.example/1</link><comments>{comments}</comments>")

    assert [link.href for link in entry.links] == ["https://x.example/1"]


def test_links_of_atom_in_rss_keep_their_relations():
    entry = item(
        "<link>https://x.example/1</link>"
        + "".join(
            f'<atom:link rel="{name}" href="/{name}" title="T"/>' for name in ("self", "replies", "related", "via")
        )
    )

    assert [(link.rel, link.href, link.type) for link in entry.links] == [
        ("alternate", "https://x.example/1", None),
        ("self", "/self", None),
        ("replies", "/replies", None),
        ("related", "/related", None),
        ("via", "/via", None),
    ]


def test_a_thread_in_atom_is_links_and_no_text():
    entry = atom(
        '<id>1</id><link rel="replies" type="application/atom+xml" href="/r" thr:count="10" thr:updated="2005"/>'
        '<thr:in-reply-to ref="tag:o" href="https://o.example/p"/><thr:total>10</thr:total><title>t</title>'
    )

    assert entry.links == (RawLink(href="/r", rel="replies", type="application/atom+xml"),)
    assert (entry.id, entry.summary, entry.contents) == ("1", None, ())


def test_the_source_of_an_entry_lends_it_nothing_but_authors():
    entry = atom(
        "<source><id>s</id><title>S</title><link href='https://o.example/'/><updated>2001</updated>"
        "<category term='c'/><summary>no</summary></source><id>1</id><title>T</title><updated>2005</updated>"
    )

    assert (entry.id, title_of(entry), entry.updated) == ("1", "T", "2005")
    assert (entry.links, entry.categories, entry.summary) == ((), (), None)


def test_an_episode_has_its_own_title_picture_and_length():
    entry = item(
        "<itunes:title>Tides</itunes:title><itunes:episode>3</itunes:episode><itunes:season>1</itunes:season>"
        "<itunes:author>Ann</itunes:author><itunes:subtitle>Short</itunes:subtitle>"
        "<itunes:duration>1:02:03</itunes:duration><itunes:image href='e.jpg'/>"
        "<enclosure url='1.mp3' length='1,234' type='audio/mpeg'/>"
        "<podcast:transcript url='1.vtt' type='text/vtt'>words</podcast:transcript>"
        "<podcast:person>Guest</podcast:person>"
    )

    assert (title_of(entry), entry.image, [author.name for author in entry.authors]) == ("Tides", "e.jpg", ["Ann"])
    assert entry.enclosures == (Enclosure(url="1.mp3", type="audio/mpeg", length=1234, duration=3723),)
    assert entry.summary is not None
    assert entry.summary.value == "Short"


def test_the_title_of_the_feed_comes_before_that_of_the_podcast_module():
    assert title_of(item("<itunes:title>Tides</itunes:title><title>Tides (3)</title>")) == "Tides (3)"
    assert title_of(item("<guid>1</guid>")) is None


@pytest.mark.parametrize("name", ["fulltext", "full-text", "articleBody"])
def test_the_whole_text_may_stand_in_an_element_of_no_format(name: str):
    entry = item(
        f"<title>t</title><description>Water.</description><{name}>&lt;p&gt;All of it.&lt;/p&gt;</{name}>"
    )

    assert [one.value for one in entry.contents] == ["<p>All of it.</p>"]
    assert entry.summary is not None
    assert entry.summary.value == "Water."


@pytest.mark.parametrize(
    ("kind", "duration"),
    [("type='audio/mpeg'", 62), ("", 62), ("type='image/jpeg'", None), ("type='application/pdf'", None)],
)
def test_an_episode_lasts_and_its_picture_and_its_notes_do_not(kind: str, duration: int | None):
    entry = item(
        f"<title>t</title><enclosure url='https://x.example/1' {kind}/><itunes:duration>1:02</itunes:duration>"
    )

    assert [one.duration for one in entry.enclosures] == [duration]


def test_a_file_of_rss_1_0_is_attached():
    entry = item(
        '<title>t</title><x:enclosure xmlns:x="http://purl.oclc.org/net/rss_2.0/enc#"'
        ' xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" r:resource="https://x.example/1.mp3"'
        ' x:type="audio/mpeg" x:length="9"/>'
    )

    assert entry.enclosures == (Enclosure(url="https://x.example/1.mp3", type="audio/mpeg", length=9),)


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ("<dcterms:abstract>A</dcterms:abstract>", "A"),
        ("<itunes:subtitle>S</itunes:subtitle><itunes:summary>L</itunes:summary>", "L"),
        ("<itunes:subtitle>S</itunes:subtitle><media:description>M</media:description>", "M"),
        ("<media:group><media:description>M</media:description></media:group>", "M"),
        ("<media:content url='a.mp4'><media:description>M</media:description></media:content>", "M"),
    ],
)
def test_what_stands_in_for_a_summary_has_an_order(fields: str, value: str):
    entry = item(f"<title>t</title>{fields}")

    assert entry.summary is not None
    assert entry.summary.value == value


@pytest.mark.parametrize(
    ("fields", "image"),
    [
        ("<image><url>a.jpg</url><title>I</title><link>https://i.example/</link></image>", "a.jpg"),
        ("<image>a.jpg</image>", "a.jpg"),
        ("<image href='a.jpg'/>", "a.jpg"),
        ("<image/>", None),
        ("<thumbnail>https://x.example/a</thumbnail>", "https://x.example/a"),
        ("<featuredImage> /a.jpg </featuredImage><thumb url='b.jpg'/>", "b.jpg"),
        ("<cover>hard</cover><photo size='4'/><img src='a.png'/>", "a.png"),
        ("<thumbnail>yes</thumbnail>", None),
        ("<img src='a.png' width='144' height='81'/>", None),
        ("<hatena:imageurl xmlns:hatena='http://www.hatena.ne.jp/info/xmlns#'>/h.jpg</hatena:imageurl>", "/h.jpg"),
        ("<media:content url='a.JPG?w=1'/>", "a.JPG?w=1"),
        (
            "<media:content url='https://1.gravatar.com/avatar/x' medium='image'/><media:thumbnail url='t.jpg'/>",
            "t.jpg",
        ),
    ],
)
def test_pictures_are_found_where_feeds_put_them(fields: str, image: str | None):
    entry = item(f"<title>t</title>{fields}<description>d</description>")

    assert (title_of(entry), entry.image, entry.enclosures, entry.links) == ("t", image, (), ())


def test_a_place_on_earth_costs_nothing():
    entry = item(
        "<georss:point>45 -71</georss:point><title>t</title>"
        "<georss:where><gml:Point><gml:pos>x</gml:pos></gml:Point></georss:where>"
    )

    assert title_of(entry) == "t"


def test_each_link_and_the_feed_have_their_own_base():
    feed = read(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://b.example/one/"><link href="home"/>'
        '<entry xml:base="two/"><link href="p"/><link xml:base="https://l.example/d/" href="q"/>'
        '<link xml:base="/r/" href="mailto:x"/></entry></feed>'
    )

    assert feed.meta.link == "https://b.example/one/home"
    assert feed.entries[0].base == "https://b.example/one/two/"
    assert [link.href for link in feed.entries[0].links] == ["p", "https://l.example/d/q", "mailto:x"]
