"""Fields of feeds in XML: found and named."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aggregator.model import Enclosure, Failed, ParsedFeed, Person, RawEntry
from aggregator.parse import parse
from aggregator.parse.author_field import read_person
from aggregator.parse.xml.hints import poll_hints
from aggregator.parse.xml.media_rss import duration_in_seconds

NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:itunes="http://www.itunes.com/DTDs/PodCast-1.0.dtd" xmlns:atom="http://www.w3.org/2005/Atom"'
    ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
)


def read(text: str, location: str = "https://x.example/feeds/rss.xml") -> ParsedFeed:
    result = parse(text.encode(), content_type="", location=location)
    assert isinstance(result, ParsedFeed), result
    return result


def rss(items: str, channel: str = "") -> str:
    return f'<rss version="2.0" {NAMESPACES}><channel><title>T</title>{channel}{items}</channel></rss>'


def atom(entries: str, feed: str = "", attributes: str = "") -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><title>T</title>{feed}{entries}</feed>'


def item(fields: str, channel: str = "") -> RawEntry:
    return read(rss(f"<item>{fields}</item>", channel)).entries[0]


@pytest.mark.parametrize(
    ("guid", "name", "permalink"),
    [
        ("<guid>https://x.example/1</guid>", "https://x.example/1", True),
        ("<guid isPermaLink='true'> https://x.example/1 </guid>", "https://x.example/1", True),
        ("<guid isPermaLink='false'>https://x.example/1</guid>", "https://x.example/1", False),
        ("<guid isPermaLink='FALSE'>https://x.example/1</guid>", "https://x.example/1", False),
        ("<guid>1234</guid>", "1234", False),
        ("<guid isPermaLink='true'>tag:x.example,2020:1</guid>", "tag:x.example,2020:1", False),
        ("<guid></guid>", None, False),
    ],
)
@pytest.mark.parametrize("link", ["<link>https://x.example/p</link>", ""])
def test_a_guid_stays_as_written_and_is_a_permalink_only_if_it_can_be(
    guid: str, name: str | None, permalink: bool, link: str
):
    for fields in (guid + link, link + guid):
        entry = item(f"{fields}<title>t</title>")
        assert (entry.id, entry.id_is_permalink) == (name, permalink)


def test_an_atom_id_is_never_a_permalink_and_never_resolved():
    feed = read(atom("<entry><id>https://x.example/1</id></entry><entry><id>a/b</id></entry>"))

    assert [(entry.id, entry.id_is_permalink) for entry in feed.entries] == [
        ("https://x.example/1", False),
        ("a/b", False),
    ]


def test_the_dates_of_rss_stay_as_written():
    entry = item(
        "<pubDate>Dec 01, 2018 20:33 Asia/Tehran [Updated: Sep 21, 2019 22:26 Asia/Tehran]</pubDate>"
        "<atom:updated>2020-01-01T00:00:00Z</atom:updated>"
    )

    assert entry.published == "Dec 01, 2018 20:33 Asia/Tehran [Updated: Sep 21, 2019 22:26 Asia/Tehran]"
    assert entry.updated == "2020-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("fields", "published", "updated"),
    [
        ("<dc:date>2020-01-01</dc:date>", "2020-01-01", None),
        ("<pubDate>a</pubDate><dc:date>b</dc:date>", "a", "b"),
        ("<dcterms:issued>a</dcterms:issued><dcterms:modified>b</dcterms:modified>", "a", "b"),
        ("<dcterms:created>a</dcterms:created>", "a", None),
        ("<atom:updated>u</atom:updated><dc:date>d</dc:date>", "d", "u"),
        ("<pubDate/>", None, None),
    ],
)
def test_dates_of_extensions_are_told_apart(fields: str, published: str | None, updated: str | None):
    entry = item(fields + "<title>t</title>")

    assert (entry.published, entry.updated) == (published, updated)


def test_content_is_not_mistaken_for_the_summary():
    entry = item("<description>Short</description><content:encoded><![CDATA[<p>The whole</p>]]></content:encoded>")

    assert entry.summary is not None
    assert entry.summary.value == "Short"
    assert [text.value for text in entry.contents] == ["<p>The whole</p>"]


def test_content_alone_leaves_no_summary():
    entry = item("<content:encoded>&lt;p&gt;The whole&lt;/p&gt;</content:encoded>")

    assert entry.summary is None
    assert [text.type for text in entry.contents] == ["guess"]


def test_in_rss_the_longer_of_two_texts_is_the_content():
    entry = item("<description>The whole text is here.</description><content:encoded>Short</content:encoded>")

    assert entry.contents[0].value == "The whole text is here."
    assert entry.summary is not None
    assert entry.summary.value == "Short"


@pytest.mark.parametrize(
    ("fields", "value", "kind"),
    [
        ("<media:description>A &amp; B</media:description>", "A & B", "text"),
        ("<media:description type='html'>&lt;b&gt;</media:description>", "<b>", "guess"),
        ("<itunes:summary>Talk</itunes:summary>", "Talk", "guess"),
        ("<dc:description>Said</dc:description>", "Said", "guess"),
    ],
)
def test_extensions_stand_in_for_a_missing_summary_only(fields: str, value: str, kind: str):
    alone = item(f"<title>t</title>{fields}").summary
    beside = item(f"<title>t</title><description>Own</description>{fields}")

    assert alone is not None
    assert (alone.value, alone.type) == (value, kind)
    assert beside.summary is not None
    assert (beside.summary.value, beside.contents) == ("Own", ())


def test_atom_says_what_type_a_text_is_and_what_its_base_is():
    entry = read(
        atom(
            '<entry xml:base="/deep/" xml:lang="de"><title>a &lt;b></title><summary type="html">&lt;i></summary>'
            '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>x &amp; y</p></div></content>'
            "</entry>"
        )
    ).entries[0]

    assert entry.title is not None
    assert (entry.title.value, entry.title.type, entry.title.language) == ("a <b>", "text", "de")
    assert entry.summary is not None
    assert entry.summary.type == "html"
    assert entry.contents[0].value == "<p>x &amp; y</p>"
    assert entry.contents[0].base == "https://x.example/deep/"
    assert (entry.language, entry.base) == ("de", "https://x.example/deep/")


def test_without_xml_base_atom_is_relative_to_the_document_and_rss_to_the_site():
    links = '<link href="https://site.example/blog/"/>'
    from_atom = read(atom("<entry><id>1</id><content>c</content></entry>", links)).entries[0]
    from_rss = item("<title>t</title><description>d</description>", "<link>https://site.example/blog/</link>")

    assert from_atom.base == "https://x.example/feeds/rss.xml"
    assert from_atom.contents[0].base == "https://x.example/feeds/rss.xml"
    assert from_rss.base == "https://site.example/blog/"
    assert from_rss.summary is not None
    assert from_rss.summary.base is None


def test_a_file_has_no_base():
    feed = read(rss("<item><link>/a</link></item>", "<link>/home</link>"), location="/srv/examples/x.xml")

    assert feed.meta.link is None
    assert feed.entries[0].base is None
    assert feed.entries[0].links[0].href == "/a"


def test_links_come_with_the_page_for_people_first_and_without_enclosures():
    entry = read(
        atom(
            '<entry><link rel="alternate" type="application/json" href="j"/><link href="h"/>'
            '<link rel="enclosure" href="e"/><link rel="http://www.iana.org/assignments/relation/via" href="v"/>'
            f'<link/><link href="{"x" * 9000}"/></entry>'
        )
    ).entries[0]

    assert [(link.rel, link.href) for link in entry.links] == [
        ("alternate", "h"),
        ("via", "v"),
        ("alternate", "j"),
    ]


def test_atom_entries_without_authors_have_those_of_their_source_or_feed():
    feed = read(
        atom(
            "<entry><id>1</id></entry>"
            "<entry><id>2</id><author><name>Own</name><email>o@x.example</email></author></entry>"
            "<entry><id>3</id><source><id>s</id><title>S</title><author><name>Source</name></author></source></entry>",
            "<author><name>Feed</name><uri>https://f.example/</uri></author>",
        )
    )

    assert [entry.authors for entry in feed.entries] == [
        (Person(name="Feed", uri="https://f.example/"),),
        (Person(name="Own", email="o@x.example"),),
        (Person(name="Source"),),
    ]
    assert [entry.id for entry in feed.entries] == ["1", "2", "3"]


def test_rss_items_do_not_inherit_the_editor_of_the_channel():
    entry = item("<title>t</title>", "<managingEditor>e@x.example (Ed)</managingEditor>")

    assert entry.authors == ()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("mail@x.example (A Name)", Person(name="A Name", email="mail@x.example")),
        ('"A Name" <mail@x.example>', Person(name="A Name", email="mail@x.example")),
        ("A Name (mailto:mail@x.example)", Person(name="A Name", email="mail@x.example")),
        ("mail@x.example", Person(name="mail", email="mail@x.example")),
        ("noreply@blogger.com (A Name)", Person(name="A Name")),
        ("no-reply@x.example", None),
        ("A Name (Correspondent)", Person(name="A Name (Correspondent)")),
        ("  ", None),
    ],
)
def test_authors_are_people(written: str, expected: Person | None):
    assert read_person(written) == expected


def test_a_long_author_field_takes_no_time():
    entry = item(f"<author>{'a' * 200_000}@</author><title>t</title>")

    assert len(entry.authors[0].name) <= 500


@pytest.mark.parametrize(
    ("written", "expected"),
    [("3723", 3723), ("62:03", 3723), ("1:02:03.5", 3723), ("12.7", 12), ("an hour", None), (None, None)],
)
def test_durations_are_seconds(written: str | None, expected: int | None):
    assert duration_in_seconds(written) == expected


def test_of_a_media_group_the_default_or_the_largest_rendition_counts():
    entry = item(
        "<media:group><media:content url='s.mp4' type='video/mp4' width='1'/>"
        "<media:content url='l.mp4' type='video/mp4' width='9'/></media:group>"
        "<media:group><media:content url='d.mp4' isDefault='true'/>"
        "<media:content url='h.mp4' width='9'/></media:group>"
        "<media:content url='alone.mp3' fileSize='5' duration='60'/><media:content type='audio/x'/>"
        "<enclosure url='e.mp3' length='abc' type='audio/mpeg'/>"
    )

    assert entry.enclosures == (
        Enclosure(url="e.mp3", type="audio/mpeg"),
        Enclosure(url="l.mp4", type="video/mp4"),
        Enclosure(url="d.mp4"),
        Enclosure(url="alone.mp3", length=5, duration=60),
    )


def test_a_picture_in_a_media_group_stands_for_its_film_and_does_not_take_its_place():
    entry = item(
        "<media:group><media:content url='p.jpg' medium='image' width='800' isDefault='true'/>"
        "<media:content url='v.mp4' type='video/mp4' width='320'/></media:group>"
    )

    assert entry.enclosures == (Enclosure(url="v.mp4", type="video/mp4"),)
    assert entry.image == "p.jpg"


@pytest.mark.parametrize(
    ("fields", "image"),
    [
        (
            "<media:content url='a' medium='image'/><media:content url='b' type='image/png' width='200'/>",
            "b",
        ),
        ("<media:thumbnail url='t'/>", "t"),
        ("<media:thumbnail url='t' width='30' height='30'/>", None),
        ("<media:thumbnail url='t' width='72'/><media:thumbnail url='u' width='640'/>", "u"),
        ("<media:content medium='image' url='c' width='72'/><media:thumbnail url='u' width='640'/>", "u"),
        ("<media:content medium='image' url='c' height='40'/><itunes:image href='i'/>", "i"),
        ("<media:content medium='image' url='c' width='0'/>", "c"),
        ("<media:thumbnail>inside</media:thumbnail>", "inside"),
        ("<itunes:image href='i'/>", "i"),
        ("<media:content medium='image'/>", None),
        ("", None),
    ],
)
def test_the_picture_that_stands_for_an_entry_is_found(fields: str, image: str | None):
    entry = item(f"<title>t</title>{fields}")

    assert entry.image == image
    assert entry.enclosures == ()


def test_what_a_feed_says_of_itself_is_clean():
    feed = read(
        atom(
            "",
            '<id>tag:x,1:f</id><link rel="self" href="s"/><link href="/home"/><icon>/i.png</icon>'
            '<rights type="html">&lt;b&gt;Me&lt;/b&gt;  &amp;amp; you</rights>',
            'xml:lang="en-GB"',
        )
    )
    meta = feed.meta

    assert (meta.id, meta.link, meta.icon) == ("tag:x,1:f", "https://x.example/home", "https://x.example/i.png")
    assert (meta.language, meta.version) == ("en-GB", "atom10")
    assert feed.rights is not None
    assert (feed.rights.value, feed.rights.type) == ("<b>Me</b>  &amp; you", "html")


@pytest.mark.parametrize("link", ["javascript:alert(1)", "http://[", "ftp://x.example/", "h" * 9000])
def test_a_site_that_is_no_web_address_is_none(link: str):
    assert read(rss("", f"<link>{link}</link><atom:link rel='self' href='/x'/>")).meta.link is None


def test_hints_are_read():
    hints = read(
        rss(
            "",
            "<ttl>90</ttl><sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"
            "<skipHours><hour>0</hour><hour>24</hour><hour>7</hour><hour>x</hour><hour/></skipHours>"
            "<skipDays><day>Sunday</day><day> saturday </day><day>Someday</day><day/></skipDays>",
        )
    ).hints

    assert (hints.ttl, hints.period) == (timedelta(minutes=90), timedelta(hours=12))
    assert (hints.skip_hours, hints.skip_days) == (frozenset({0, 7}), frozenset({5, 6}))


@pytest.mark.parametrize("junk", ["", "0", "-5", "soon", "٣", "1.5", "9" * 30])
def test_hints_that_are_junk_are_none(junk: str):
    hints = poll_hints(ttl=junk, period="now and then", frequency=junk or None, hours=[junk], days=[junk])

    assert (hints.ttl, hints.period, hints.skip_days) == (None, None, frozenset())
    assert hints.skip_hours <= {0}


def test_hints_that_would_mean_never_are_none():
    days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    hints = poll_hints(ttl=None, period=None, frequency=None, hours=[str(hour) for hour in range(24)], days=days)

    assert (hints.skip_hours, hints.skip_days) == (frozenset(), frozenset())


def test_a_frequency_alone_counts_by_the_day():
    assert poll_hints(ttl=None, period=None, frequency="4", hours=[], days=[]).period == timedelta(hours=6)


def test_bounds_hold():
    many = "".join(f"<category>c{number}</category>" for number in range(2000))
    authors = "".join(f"<dc:creator>a{number}</dc:creator>" for number in range(200))
    attributes = " ".join(f"a{number}='1'" for number in range(5000))
    texts = f"<title>{'t' * 90_000}</title><description {attributes}>{'d' * 600_000}</description>"
    first = f"<item>{texts}{many}{authors}</item>"
    feed = read(rss(first + "<item><title>t</title></item>" * 1100))

    assert len(feed.entries) == 1000
    assert "more than 1000 entries" in feed.warnings[0]
    entry = feed.entries[0]
    assert len(entry.categories) == 50
    assert len(entry.authors) == 50
    assert entry.title is not None
    assert len(entry.title.value) == 10_000
    assert entry.summary is not None
    assert len(entry.summary.value) == 500_000


def test_the_greatest_number_of_entries_holds_for_broken_feeds_too():
    feed = read(rss("<item><title>t <br> x</title><guid>g</guid></item>" * 1100))

    assert len(feed.entries) == 1000


def test_a_comment_bomb_in_a_broken_feed_takes_no_time():
    feed = read(rss(f"<item><guid>1</guid><description>{'<!--' * 60_000}</description></item>") + "<br>")

    assert feed.entries[0].id == "1"


@pytest.mark.parametrize(
    "poison",
    [
        "<links a='1'/><link>https://x.example/1</link>",
        "<tags a='1'/><category>c</category>",
        "<authors a='1'/><author>A</author>",
        "<content a='1'/><summary_detail a='1'/><title_detail value='t'/>",
        "<published_parsed a='1'/><updated_parsed a='1'/><media_content a='1'/>",
        "<media:player/><media:rating/>",
        "<textinput><description>x</description></textinput>",
        "<media:credit>x</media:credit></media:credit>",
        "<id a='1'/><base a='1'/><lang a='1'/><image a='1'/>",
    ],
)
@pytest.mark.parametrize("broken", ["", "<br>", "</a></b></c></d></e></media:player></media:rating>"])
def test_elements_that_collide_with_the_parsers_own_names_cost_themselves_only(poison: str, broken: str):
    feed = read(
        rss(f"<item><title>one</title>{poison}</item><item><title>two</title><guid>2</guid></item>{broken}")
    )

    assert [entry.title.value for entry in feed.entries if entry.title] == ["one", "two"]
    assert feed.entries[1].id == "2"


def test_an_incomplete_last_entry_without_an_id_is_left_out_when_a_feed_breaks_off():
    whole = "<item><guid>1</guid><title>a</title></item>"
    with_id = read(f"<rss><channel>{whole}<item><guid>2</guid><title>b")
    without = read(f"<rss><channel>{whole}<item><title>b</title><descr")

    assert [entry.id for entry in with_id.entries] == ["1", "2"]
    assert [entry.id for entry in without.entries] == ["1"]
    assert (with_id.unfinished, without.unfinished) == (1, None)
    assert any("incomplete" in warning for warning in without.warnings)


def test_an_entry_that_stays_open_in_a_whole_document_is_kept():
    feed = read("<rss><channel><item><title>a</title></oops></channel></rss>")

    assert len(feed.entries) == 1
    assert feed.unfinished is None


def test_nothing_outside_the_document_is_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    for document in (
        f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]><rss><channel><item><title>&x;</title></item></channel></rss>',
        f'<!DOCTYPE rss SYSTEM "file://{secret}"><rss><channel><item><title>a</title></item></channel></rss>',
        str(secret),
    ):
        assert "the secret" not in repr(parse(document.encode(), content_type="", location=""))


def test_cdf_is_a_feed():
    feed = read(
        "<CHANNEL HREF='https://x.example/'><TITLE>C</TITLE><ITEM HREF='https://x.example/1'><TITLE>One</TITLE></ITEM></CHANNEL>"
    )

    assert feed.meta.version == "cdf"
    assert feed.entries[0].links[0].href == "https://x.example/1"


def test_an_empty_cdf_is_taken_for_another_document():
    assert isinstance(parse(b"<channel/>", content_type="", location=""), Failed)
