"""Elements of other namespaces within entries: which are kept, and how they are found."""

from __future__ import annotations

import json
from xml.sax.saxutils import quoteattr

import pytest

from aggregator.model import Extension, ParsedFeed, RawText
from aggregator.parse import parse
from aggregator.parse.limits import MAX_EXTENSION_DEPTH, MAX_EXTENSION_TEXT, MAX_EXTENSIONS
from aggregator.parse.xml.extended import extensions_of
from aggregator.parse.xml.stages import read_loosely
from aggregator.text.namespaces import NAMESPACES, prefix_of

PREFIXES = ("podcast", "itunes", "media", "georss", "gml", "cc", "rdf", "thr", "yandex", "dc")
DECLARED = " ".join(f"xmlns:{name}={quoteattr(NAMESPACES[name])}" for name in PREFIXES)


def read(inside: str, declared: str = DECLARED, before: str = "") -> tuple[Extension, ...]:
    text = (
        f"<rss version='2.0' {declared}><channel><title>News</title>{before}"
        f"<item><title>One</title><guid>1</guid>{inside}</item></channel></rss>"
    )
    feed = parse(text.encode(), content_type="", location="https://news.example/feed.xml")
    assert isinstance(feed, ParsedFeed)
    return feed.entries[0].extensions


def loosely(inside: str, declared: str = DECLARED) -> tuple[Extension, ...]:
    found = read_loosely(
        f"<rss {declared}><channel><item><title>One</title><guid>1</guid>{inside}</item></channel></rss>",
        base="https://news.example/feed.xml",
    )
    return extensions_of(found.entries[0])


def text(name: str, said: str, **attributes: str) -> Extension:
    return Extension(name=name, text=said, attributes=tuple(attributes.items()))


def test_an_element_is_known_by_its_namespace_and_not_by_its_prefix():
    namespace = "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"
    declared = f"xmlns:p='{namespace}' xmlns:podcast='urn:else'"

    assert read("<p:season>3</p:season><podcast:season>4</podcast:season>", declared) == (
        text("podcast:season", "3"),
    )


@pytest.mark.parametrize("prefix", ["podcast", "itunes", "media", "slash"])
def test_a_namespace_is_the_same_under_either_scheme(prefix: str):
    plain = NAMESPACES[prefix].replace("https:", "http:")
    written = "<x:season>3</x:season>"

    for address in (plain, plain.replace("http:", "https:")):
        assert read(written, f"xmlns:x='{address}'") == (text(f"{prefix}:season", "3"),)


def test_the_formats_own_fields_are_read_under_either_scheme():
    feed = parse(
        b"<rss version='2.0' xmlns:c='https://purl.org/rss/1.0/modules/content/'><channel><title>News</title>"
        b"<item><title>One</title><guid>1</guid><c:encoded>Whole</c:encoded></item></channel></rss>",
        content_type="",
        location="https://news.example/feed.xml",
    )

    assert isinstance(feed, ParsedFeed)
    assert [content.value for content in feed.entries[0].contents] == ["Whole"]


def test_names_keep_their_capitals_and_children_their_parents():
    inside = (
        "<podcast:alternateEnclosure type='audio/opus' bitRate='1'><podcast:source uri='a'/>"
        "</podcast:alternateEnclosure><itunes:episodeType>full</itunes:episodeType>"
    )

    assert read(inside) == (
        Extension(
            name="podcast:alternateEnclosure",
            attributes=(("type", "audio/opus"), ("bitRate", "1")),
            children=(text("podcast:source", "", uri="a"),),
        ),
        text("itunes:episodeType", "full"),
    )


def test_attributes_in_namespaces_keep_a_prefix_of_ours_and_others_go():
    inside = "<cc:license rdf:resource='https://l.example/' xml:lang='de' podcast:x='1' x:y='2' xmlns:x='urn:x'/>"

    assert read(inside)[0].attributes == (
        ("rdf:resource", "https://l.example/"),
        ("xml:lang", "de"),
        ("podcast:x", "1"),
    )


def test_a_scene_of_a_film_has_what_stands_in_it_without_a_prefix():
    inside = (
        "<media:scenes><media:scene><sceneTitle>The mole</sceneTitle><sceneEndTime>00:45</sceneEndTime>"
        "<title>none of it</title></media:scene></media:scenes><sceneTitle>nor this</sceneTitle>"
    )
    title, end = text("media:sceneTitle", "The mole"), text("media:sceneEndTime", "00:45")

    for found in (read(inside), loosely(inside)):
        scene = found[0].children[0]
        assert len(found) == 1
        assert (scene.name, scene.children) == ("media:scene", (title, end))


@pytest.mark.parametrize("said", ["", "<creativeCommons:license>https://x.example/by/</creativeCommons:license>"])
def test_a_licence_that_is_linked_to_is_one_unless_it_is_named_anyway(said: str):
    others = {"atom": "http://www.w3.org/2005/Atom", "creativeCommons": NAMESPACES["creativeCommons"]}
    declared = " ".join([DECLARED, *(f"xmlns:{prefix}='{uri}'" for prefix, uri in others.items())])
    found = read(f"<atom:link rel='license' href='//x.example/by/'/>{said}", declared)

    assert [one.text for one in found] == ["https://x.example/by/"]


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_a_licence_that_a_feed_links_to_stands_beside_its_site(kind: str):
    link = "<atom:link rel='license' href='/terms'/>"
    rss = f"<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><link>https://site.example/</link>{link}"
    atom = f"<atom:feed xmlns:atom='http://www.w3.org/2005/Atom'><atom:link href='https://site.example/'/>{link}"
    written = {"rss": f"{rss}</channel></rss>", "atom": f"{atom}</atom:feed>"}[kind]
    feed = parse(written.encode(), content_type="", location="https://news.example/feed.xml")

    assert isinstance(feed, ParsedFeed)
    site = {"rss": "https://site.example", "atom": "https://news.example"}[kind]
    assert feed.meta.extensions == (text("dcterms:license", f"{site}/terms"),)


@pytest.mark.parametrize("where", ["dc", "dcterms"])
def test_dublin_core_says_who_wrote_an_entry_and_what_it_is_about_in_either_of_its_namespaces(where: str):
    inside = "<x:creator>Ann</x:creator><x:subject>tides</x:subject><x:date>2026-03-02</x:date>"
    feed = parse(
        f"<rss version='2.0' xmlns:x='{NAMESPACES[where]}'><channel><item><title>One</title>{inside}</item>"
        "</channel></rss>".encode(),
        content_type="",
        location="https://news.example/feed.xml",
    )

    assert isinstance(feed, ParsedFeed)
    entry = feed.entries[0]
    assert [one.name for one in entry.authors] == ["Ann"]
    assert [one.term for one in entry.categories] == ["tides"]
    assert entry.published == "2026-03-02"


def test_what_is_not_in_a_namespace_of_ours_is_no_extension_and_hides_none():
    inside = "<x:box xmlns:x='urn:x'><itunes:season>1</itunes:season></x:box><rdf:li>1</rdf:li>"

    assert read(f"{inside}<itunes:season>2</itunes:season>") == (text("itunes:season", "2"),)


def test_markup_in_an_element_is_its_text():
    inside = "<itunes:summary>a <b xmlns='http://www.w3.org/1999/xhtml'>bold <i>word</i></b>.</itunes:summary>"

    assert read(inside) == (text("itunes:summary", "a bold word."),)


@pytest.mark.parametrize(
    "inside",
    [
        "<source><title>S</title><itunes:season>1</itunes:season></source>",
        "<author><name>A</name><itunes:season>1</itunes:season></author>",
        "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><itunes:season>1</itunes:season></div></content>",
    ],
)
def test_elements_of_other_things_than_the_entry_are_not_its_own(inside: str):
    assert read(inside) == ()


@pytest.mark.parametrize(
    ("rel", "found"),
    [("", True), ("rel='alternate'", True), ("rel='related'", False), ("rel='enclosure'", False)],
)
def test_of_a_link_that_holds_elements_only_the_entrys_own_speaks_of_the_entry(rel: str, found: bool):
    inside = f"<link {rel} href='/1'><media:title>One</media:title></link><itunes:season>1</itunes:season>"
    title, season = text("media:title", "One"), text("itunes:season", "1")

    assert read(inside) == ((title, season) if found else (season,))


def test_elements_of_the_feed_are_not_those_of_an_entry():
    assert (
        read(
            "", before="<itunes:season>1</itunes:season><itunes:owner><itunes:name>A</itunes:name></itunes:owner>"
        )
        == ()
    )


def test_what_a_feed_says_of_itself_stands_apart():
    for kind in ("rss", "atom"):
        inside = (
            "<podcast:funding url='/give'>Give</podcast:funding><image><itunes:season>1</itunes:season></image>"
        )
        behind = "<itunes:explicit>no</itunes:explicit>"
        one = {"rss": "item", "atom": "entry"}[kind]
        entry = f"<{one}><id>1</id><itunes:season>2</itunes:season></{one}>"
        around = {
            "rss": f"<rss version='2.0' {DECLARED}><channel>{inside}{entry}{behind}</channel></rss>",
            "atom": f"<feed xmlns='http://www.w3.org/2005/Atom' {DECLARED}>{inside}{entry}{behind}</feed>",
        }
        feed = parse(around[kind].encode(), content_type="", location="https://news.example/feed.xml")
        assert isinstance(feed, ParsedFeed)

        assert feed.meta.extensions == (
            text("podcast:funding", "Give", url="/give"),
            text("itunes:explicit", "no"),
        )
        assert feed.entries[0].extensions == (text("itunes:season", "2"),)


def test_an_entry_within_another_has_its_own():
    inner = "<item><guid>2</guid><itunes:season>2</itunes:season></item>"
    text_ = (
        f"<rss version='2.0' {DECLARED}><channel><item><guid>1</guid><itunes:season>1</itunes:season>{inner}"
        "<itunes:episode>9</itunes:episode></item></channel></rss>"
    )
    feed = parse(text_.encode(), content_type="", location="")
    assert isinstance(feed, ParsedFeed)

    assert [one.extensions for one in feed.entries] == [
        (text("itunes:season", "1"), text("itunes:episode", "9")),
        (text("itunes:season", "2"),),
    ]


def test_an_entry_has_no_more_of_them_than_a_long_film_has_chapters():
    assert len(read("<podcast:person>A</podcast:person>" * (MAX_EXTENSIONS + 5))) == MAX_EXTENSIONS


def test_they_do_not_lie_deeper_than_any_namespace_puts_them():
    found, depth = read("<media:group>" * 20 + "x" + "</media:group>" * 20), 0
    while found:
        found, depth = found[0].children, depth + 1
    assert depth == MAX_EXTENSION_DEPTH


def test_a_text_without_end_costs_itself_only():
    long = "x" * (MAX_EXTENSION_TEXT + 1)

    found = read(f"<itunes:season a='{long}'>{long}</itunes:season><itunes:episode>1</itunes:episode>")

    assert found[0].attributes == ()
    assert len(found[0].text) <= MAX_EXTENSION_TEXT
    assert found[1:] == (text("itunes:episode", "1"),)


def test_places_that_the_library_cannot_reckon_with_are_kept_and_no_trouble():
    point = "<gml:Point srsName='EPSG:x'><gml:pos>1</gml:pos></gml:Point>"
    inside = f"<gml:pos>1 2</gml:pos><georss:where>{point}</georss:where>"
    feed = parse(
        f"<rss version='2.0' {DECLARED}><channel><item><guid>1</guid>{inside}</item></channel></rss>".encode(),
        content_type="",
        location="",
    )
    assert isinstance(feed, ParsedFeed)

    assert feed.warnings == ()
    assert [one.name for one in feed.entries[0].extensions] == ["gml:pos", "georss:where"]


def test_prefixes_without_a_declaration_mean_what_they_usually_mean():
    assert read("<itunes:season>1</itunes:season><podcast:episode>2</podcast:episode>", declared="") == (
        text("itunes:season", "1"),
        text("podcast:episode", "2"),
    )


def test_broken_documents_keep_them_too():
    inside = (
        "<itunes:summary><![CDATA[A & B]]></itunes:summary><media:group><media:content url='a.mp4' fileSize=\"3\">"
        "</media:content><media:title>Tea &amp; &#8364;</media:title></media:group>"
        "<media:thumbnail url='a.jpg?b=1&amp;c=2'><podcast:alternateEnclosure type='x'><podcast:source uri='u'>"
        "</podcast:alternateEnclosure><link>https://news.example/1<itunes:season>4</itunes:season>&eacute;"
    )

    assert loosely(inside) == (
        text("itunes:summary", "A & B"),
        Extension(
            name="media:group",
            children=(
                text("media:content", "", url="a.mp4", fileSize="3"),
                text("media:title", "Tea & €"),
            ),
        ),
        text("media:thumbnail", "", url="a.jpg?b=1&c=2"),
        Extension(
            name="podcast:alternateEnclosure",
            attributes=(("type", "x"),),
            children=(text("podcast:source", "", uri="u"),),
        ),
        text("itunes:season", "4"),
    )


def test_broken_documents_may_declare_no_namespace_or_one_that_is_not_ours():
    inside = "<itunes:season>1</itunes:season><x:season>2</x:season><podcast:season>3</podcast:season>"

    assert loosely(inside, "xmlns:podcast='urn:else'") == (text("itunes:season", "1"),)


@pytest.mark.parametrize(
    ("inside", "title"),
    [
        ("<title>Own</title><dc:title>Other</dc:title>", "Own"),
        ("<dc:title>Other</dc:title><title>Own</title>", "Own"),
        ("<dc:title>Other</dc:title>", "Other"),
        ("<title>Own</title><source url='https://s.example/'>S</source><media:title>Other</media:title>", "Own"),
        ("<title>Own</title><source><title>S</title></source><media:title>Other</media:title>", "Own"),
        ("<source url='https://s.example/'>S</source><media:title>Other</media:title>", "Other"),
    ],
)
def test_a_title_of_another_namespace_stands_in_only_where_there_is_no_other(inside: str, title: str):
    head = "<dc:title>N</dc:title>"
    text_ = f"<rss version='2.0' {DECLARED}><channel>{head}<item><guid>1</guid>{inside}</item></channel></rss>"
    feed = parse(text_.encode(), content_type="", location="")
    assert isinstance(feed, ParsedFeed)

    assert feed.title == RawText(value="N", type="guess")
    assert feed.entries[0].title is not None
    assert feed.entries[0].title.value == title


def test_the_whole_text_of_an_article_is_its_content():
    feed = parse(
        f"<rss version='2.0' {DECLARED}><channel><item><guid>1</guid><description>Short.</description>"
        "<yandex:full-text>The whole of it, which is longer.</yandex:full-text></item></channel></rss>".encode(),
        content_type="",
        location="",
    )
    assert isinstance(feed, ParsedFeed)

    assert feed.entries[0].contents[0].value == "The whole of it, which is longer."
    assert feed.entries[0].summary is not None


def item(**fields: object) -> tuple[Extension, ...]:
    document = {"version": "https://jsonfeed.org/version/1.1", "title": "N", "items": [{"id": "1", **fields}]}
    feed = parse(json.dumps(document).encode(), content_type="", location="")
    assert isinstance(feed, ParsedFeed)
    return feed.entries[0].extensions


def test_json_feed_has_an_object_for_each_namespace_and_a_list_for_each_name():
    found = item(
        _itunes={"duration": ["3723"], "season": [4]},
        _podcast={"person": [{"role": "host", "value": "Ann"}, "Bo"]},
        _georss={"where": [{"gml:Point": [{"pos": ["1 2"]}]}]},
        _source={"id": "x"},
        _media="none",
    )

    assert found == (
        text("itunes:duration", "3723"),
        text("itunes:season", "4"),
        text("podcast:person", "Ann", role="host"),
        text("podcast:person", "Bo"),
        Extension(
            name="georss:where", children=(Extension(name="gml:Point", children=(text("gml:pos", "1 2"),)),)
        ),
    )


def test_json_feed_of_any_shape_costs_itself_only():
    deep: object = "x"
    for _level in range(20):
        deep = {"group": [deep]}

    assert item(_media={"title": "no list", "hash": [None, True]}) == (text("media:hash", ""),) * 2
    assert len(item(_podcast={"person": ["A"] * (MAX_EXTENSIONS + 5)})) == MAX_EXTENSIONS
    assert repr(item(_media=deep)).count("media:group") == MAX_EXTENSION_DEPTH


def test_no_two_namespaces_share_a_prefix_or_an_address():
    assert {prefix_of(uri) for uri in NAMESPACES.values()} == set(NAMESPACES)
    assert prefix_of("HTTP://Search.Yahoo.com/mrss") == "media"
    assert prefix_of("urn:else") is None
    assert prefix_of(None) is None
