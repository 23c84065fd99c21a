"""Elements of other namespaces in our documents: said in each format, once, and read back as they were."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from aggregator.model import Conventions, Enclosure, Entry, Extension, Format, ParsedFeed, Rewrite
from aggregator.normalize import normalize
from aggregator.parse import parse
from aggregator.publish import render, render_all
from tests.normalize.test_normalize_extensions import TREES, clean, make
from tests.publish.editions import edition, item, origin, text
from tests.support.nouns import source

MEDIA = "{http://search.yahoo.com/mrss/}"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
EPISODE = (
    make("itunes:duration", "3723"),
    make("itunes:image", href="https://example.org/e.jpg"),
    make("podcast:person", "Ann", role="host", xml__lang="de"),
    make("podcast:person", "Bo"),
    make("podcast:alternateEnclosure", "", make("podcast:source", uri="https://example.org/e.opus"), type="a/b"),
    make("georss:where", "", make("gml:Point", "", make("gml:pos", "1 2"))),
    make("cc:license", rdf__resource="https://cc.example/by/"),
)  # fmt: skip


def written(form: Format, *extensions: Extension, publish: str = "full", **fields: Any) -> Any:
    """The one entry of a document, as an element or an object."""
    one = edition(item(1, extensions=extensions, **fields), origins=(origin(source(publish=publish)),))
    document = text(one, form)
    if form == "json":
        return json.loads(document)["items"][0]
    root = etree.fromstring(document.encode())
    return root.find("{*}entry" if form == "atom" else "channel/item")


def read_back(form: Format, *extensions: Extension, **fields: Any) -> Entry:
    body = text(edition(item(1, extensions=extensions, **fields)), form).encode()
    feed = parse(body, content_type="", location="https://planet.example.org/all")
    assert isinstance(feed, ParsedFeed)
    assert feed.warnings == ()
    return normalize(feed, Conventions())[0][0]


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_elements_are_said_again_under_prefixes_of_ours_that_the_root_declares(form: Format):
    entry = written(form, *EPISODE)

    assert entry.findtext(f"{ITUNES}duration") == "3723"
    assert [dict(one.attrib) for one in entry.findall(f"{PODCAST}person")] == [
        {"role": "host", "{http://www.w3.org/XML/1998/namespace}lang": "de"},
        {},
    ]
    assert entry.find(f"{PODCAST}alternateEnclosure/{PODCAST}source").get("uri") == "https://example.org/e.opus"
    assert {one.prefix for one in entry.iter(etree.Element)} <= {
        None,
        "itunes",
        "podcast",
        "georss",
        "gml",
        "cc",
        "dc",
        "content",
    }
    document = text(edition(item(1, extensions=EPISODE)), form)
    assert document.count('xmlns:podcast="https://podcastindex.org/namespace/1.0"') == 1
    assert "xmlns:psc" not in document


def test_json_feed_has_them_as_extensions():
    found = written("json", *EPISODE)

    assert found["_itunes"] == {"duration": ["3723"], "image": [{"href": "https://example.org/e.jpg"}]}
    assert found["_podcast"] == {
        "person": [{"role": "host", "xml:lang": "de", "value": "Ann"}, "Bo"],
        "alternateEnclosure": [{"type": "a/b", "source": [{"uri": "https://example.org/e.opus"}]}],
    }
    assert found["_georss"] == {"where": [{"gml:Point": [{"pos": ["1 2"]}]}]}
    assert found["_cc"] == {"license": [{"rdf:resource": "https://cc.example/by/"}]}


def test_a_child_that_is_called_as_an_attribute_has_its_prefix_in_json():
    group = make("media:content", "", make("media:title", "Ebb"), title="Flow", url="https://example.org/a")

    assert written("json", group)["_media"]["content"][0] == {
        "title": "Flow",
        "url": "https://example.org/a",
        "media:title": ["Ebb"],
    }


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_counters_stand_beside_the_rest(form: Format):
    counted = written(form, fleeting=(make("thr:total", "7"),))

    if form == "json":
        assert counted["_thr"] == {"total": ["7"]}
    else:
        assert counted.findtext("{http://purl.org/syndication/thread/1.0}total") == "7"


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_what_a_feed_says_of_all_its_entries_is_said_with_those_that_do_not_say_it(form: Format):
    meta = (make("itunes:explicit", "true"), make("podcast:license", "cc0"))
    two = edition(
        item(1, extensions=(make("itunes:explicit", "false"),)), item(2), origins=(origin(extensions=meta),)
    )
    root = etree.fromstring(text(two, form).encode())

    assert [
        (entry.findtext(f"{ITUNES}explicit"), entry.findtext(f"{PODCAST}license"))
        for entry in root.iter("{*}entry", "item")
    ] == [("false", "cc0"), ("true", "cc0")]


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_an_entry_with_a_licence_of_its_own_is_not_under_that_of_its_feed(form: Format):
    meta = (make("cc:license", **{"rdf:resource": "https://cc.example/by/4.0/"}),)
    own = make("dcterms:license", "https://terms.example/strict")
    two = edition(item(1, extensions=(own,)), item(2), origins=(origin(extensions=meta),))
    root = etree.fromstring(text(two, form).encode())

    assert [
        [etree.QName(one).localname for one in entry if "license" in str(one.tag)]
        for entry in root.iter("{*}entry", "item")
    ] == [["license"], ["license"]]
    assert root.findtext(".//{http://purl.org/dc/terms/}license") == "https://terms.example/strict"


def pictures(entry: Any) -> list[tuple[str, str, str | None]]:
    return [
        (one.tag.removeprefix(MEDIA), one.get("url"), one.findtext(f"{MEDIA}description"))
        for one in entry.iter(f"{MEDIA}content", f"{MEDIA}thumbnail")
    ]


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_a_picture_that_an_element_shows_is_not_written_again(form: Format):
    url = "https://example.org/a.jpg"
    content, preview = (
        make("media:content", url=url, medium="image", width="640"),
        make("media:thumbnail", url=url),
    )

    assert pictures(written(form, preview, image=url)) == [("thumbnail", url, None)]
    assert pictures(written(form, content, image=url)) == [("content", url, None), ("thumbnail", url, None)]
    assert pictures(written(form, content, image=url, image_caption="Ebb")) == [
        ("content", url, "Ebb"),
        ("thumbnail", url, None),
    ]
    said = make("media:description", "Ebb")
    assert pictures(written(form, content, said, image=url, image_caption="Ebb (Jo)"))[0] == ("content", url, None)


def test_a_further_file_that_an_element_tells_of_is_not_written_again():
    files = tuple(Enclosure(url=f"https://example.org/{name}.mp4") for name in "abc")
    group = make("media:group", "", *(make("media:content", url=one.url, width="9") for one in files[1:]))
    entry = written("rss", group, enclosures=files)

    assert [one.get("url") for one in entry.iter(f"{MEDIA}content")] == [files[1].url, files[2].url]
    assert entry.find("enclosure").get("url") == files[0].url


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_a_source_that_grants_no_text_grants_none_in_other_namespaces(form: Format):
    said = (make("itunes:summary", "About the moon."), make("itunes:season", "3"))
    group = make("media:group", "", make("media:description", "the moon"), make("media:content", url="https://x.example/a"),
                 make("media:content", url="https://x.example/b"))  # fmt: skip
    whole, short = (
        json.dumps(found, ensure_ascii=False) if form == "json" else etree.tostring(found).decode()
        for found in (written(form, *said, group, publish=extent) for extent in ("full", "summary"))
    )

    assert ("the moon" in whole, "season" in whole) == (True, True)
    assert ("the moon" in short, "season" in short) == (False, True)


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_what_an_editor_rewrites_does_not_come_back_in_another_namespace(form: Format):
    rule = Rewrite(field="title", pattern="^Ad: ", replacement="", shown="title: ['^Ad: ', '']")
    said = (make("itunes:title", "Ad: Soap!"), make("itunes:summary", "Buy soap."), make("itunes:season", "3"))
    one = edition(item(1, title="Ad: Soap", extensions=said), origins=(origin(source(rewrites=(rule,))),))

    document = text(one, form)
    assert ("Ad:" in document, "Buy" in document, "season" in document) == (False, False, True)


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_what_cannot_be_written_costs_itself_only(form: Format):
    odd = (
        make("podcast:person", "A\x00n\ud800n", role="\x01", href="no address"),
        Extension(name="podcast:two words", text="x"),
        Extension(name="else:thing", text="x"),
        Extension(name="rdf:li", text="x"),
        Extension(name="podcast:person", text="Bo", attributes=(("a b", "1"), ("else:x", "2"))),
    )
    found = written(form, *odd)

    names = [
        (one["value"] if isinstance(one, dict) else one) for one in found["_podcast"]["person"]
    ] if form == "json" else [one.text for one in found.findall(f"{PODCAST}person")]  # fmt: skip
    assert names == ["Ann", "Bo"]


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_what_we_write_is_read_back_as_it_was(form: Format):
    assert read_back(form, *EPISODE).extensions == EPISODE


@settings(max_examples=20, deadline=None)
@given(st.lists(TREES, max_size=5).map(tuple))
def test_whatever_a_feed_says_our_documents_have_no_fault_and_say_it_again(trees: tuple[Extension, ...]):
    said = clean(*trees)
    for form in ("atom", "rss", "json"):
        assert render(edition(item(1, extensions=said)), form).omitted == ()
        again = read_back(form, *said)
        assert set(said) <= set(again.extensions)
        assert read_back(form, *again.extensions).extensions == again.extensions


FAULTY = {
    "2 itunes:season elements": (make("itunes:season", "1"), make("itunes:season", "2")),
    "the itunes:duration '1:02'": (make("itunes:duration", "1:02"),),
    "the itunes:duration None": (make("itunes:duration"),),
    "a podcast:transcript without": (make("podcast:transcript", type="text/vtt"),),
    "a media:content without": (make("media:content", width="9"),),
    "a media:group of fewer": (make("media:group", "", make("media:title", "x")),),
}


@pytest.mark.parametrize("form", ["atom", "rss"])
@pytest.mark.parametrize("fault", FAULTY)
def test_faults_of_other_namespaces_are_found(fault: str, form: Format):
    rendering = render_all(edition(item(1, extensions=FAULTY[fault]), formats=(form,)))

    assert any(fault in one.notice for one in rendering.omitted), rendering.omitted


def test_a_film_without_an_address_may_have_a_player():
    film = make("media:content", "", make("media:player", url="https://example.org/p"), medium="video")

    assert render_all(edition(item(1, extensions=(film,)))).omitted == ()
