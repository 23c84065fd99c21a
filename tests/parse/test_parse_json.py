"""JSON Feed 1.0 and 1.1."""

from __future__ import annotations

import json
from typing import Any

import pytest

from aggregator.model import Category, DocumentDigests, Enclosure, ParsedFeed, Person, RawEntry, RawLink, RawText
from aggregator.parse import parse
from aggregator.parse.digests import digest_value


def read(document: dict[str, Any] | str, known: DocumentDigests | None = None) -> ParsedFeed:
    text = document if isinstance(document, str) else json.dumps(document)
    place = "https://x.example/feed.json"
    result = parse(text.encode(), content_type="application/feed+json", location=place, known=known)
    assert isinstance(result, ParsedFeed), result
    return result


def feed(*items: Any, **fields: Any) -> dict[str, Any]:
    return {"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": list(items), **fields}


def item(**fields: Any) -> RawEntry:
    return read(feed(fields)).entries[0]


@pytest.mark.parametrize(
    ("version", "told", "warned"),
    [
        ("https://jsonfeed.org/version/1.1", "json11", False),
        ("https://jsonfeed.org/version/1", "json10", False),
        (None, "json", True),
        ("2", "json", True),
    ],
)
def test_the_version_is_told(version: str | None, told: str, warned: bool):
    parsed = read(feed({"id": "1"}, version=version))

    assert parsed.meta.version == told
    assert bool(parsed.warnings) == warned


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Sea &amp; Shore &ndash; <i>today&rsquo;s</i> tides", "guess"),
        ("<em>Low</em> &#8217;24", "guess"),
        ("Sea &amp; Shore", "guess"),
        ("Q&A: why <b>bold</b> fails", "text"),
        ("Why <b>bold</b> fails", "text"),
        ("<h1 class='x'>Low <b>tide</b></h1>", "guess"),
        ("<b>Bold</b> and <i>brave</i>", "text"),
        ("<b> is bold", "text"),
    ],
)
def test_a_title_with_character_references_or_in_one_element_was_written_as_html_with_its_tags(
    title: str, kind: str
):
    assert item(id="1", title=title).title == RawText(value=title, type=kind)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ('"a"', "a"),
        ("12", "12"),
        ("1e3", "1e3"),
        ("3.0", "3.0"),
        ("1" * 20_000, "1" * 16_000),
        ("null", None),
        ("true", None),
        ('""', None),
    ],
)
def test_ids_are_names_even_when_they_are_numbers(written: str, name: str | None):
    parsed = read(f'{{"version": "https://jsonfeed.org/version/1", "items": [{{"id": {written}, "title": "t"}}]}}')

    assert parsed.entries[0].id == name


def test_fields_are_named():
    entry = item(
        id="1",
        url="/1",
        external_url="https://else.example/",
        title="a < b",
        summary="s",
        content_html="<p>h</p>",
        content_text="h",
        date_published="2020-01-01",
        date_modified="2020-01-02",
        image="/i.png",
        language="fr",
        tags=["x", 3, " "],
        authors=[{"name": "A", "url": "https://a.example/"}, {"avatar": "x"}, 7],
    )

    assert entry.links == (RawLink(href="/1"), RawLink(href="https://else.example/", rel="related"))
    assert entry.title is not None
    assert (entry.title.value, entry.title.type) == ("a < b", "text")
    assert [(text.value, text.type) for text in entry.contents] == [("<p>h</p>", "html"), ("h", "text")]
    assert (entry.published, entry.updated, entry.image, entry.language) == (
        "2020-01-01",
        "2020-01-02",
        "/i.png",
        "fr",
    )
    assert entry.authors == (Person(name="A", uri="https://a.example/"),)
    assert entry.categories == (Category(term="x"),)


def test_an_item_about_another_page_has_that_as_its_link():
    assert item(external_url="https://else.example/").links == (RawLink(href="https://else.example/"),)


def test_an_id_that_is_an_address_is_that_of_an_item_without_another():
    alone, other = (
        item(id="https://x.example/1"),
        item(id="https://x.example/1", external_url="https://y.example/"),
    )

    assert (alone.id_is_permalink, other.id_is_permalink) == (True, False)
    assert not item(id="1").id_is_permalink
    assert not item(id="https://x.example/1", url="https://x.example/2").id_is_permalink


def test_items_inherit_authors_and_language():
    parsed = read(feed({"id": "1"}, {"id": "2", "author": {"name": "B"}}, author={"name": "F"}, language="sv"))

    assert [entry.authors[0].name for entry in parsed.entries] == ["F", "B"]
    assert {entry.language for entry in parsed.entries} == {"sv"}


def test_attachments_of_odd_types_are_skipped():
    entry = item(
        attachments=[
            {
                "url": "/a.mp3",
                "mime_type": "audio/mpeg",
                "size_in_bytes": 12,
                "duration_in_seconds": 3.7,
                "title": "t",
            },
            {"url": 3},
            "x",
            {"url": "/b", "size_in_bytes": "many", "duration_in_seconds": -1},
        ]
    )

    assert entry.enclosures == (
        Enclosure(url="/a.mp3", type="audio/mpeg", length=12, duration=3, title="t"),
        Enclosure(url="/b"),
    )


def test_numbers_do_not_pass_for_text():
    entry = item(id="1", title=3, content_html=4, url=5, tags="x", authors="y", attachments="z")

    assert (entry.title, entry.contents, entry.links) == (None, (), ())
    assert (entry.categories, entry.authors, entry.enclosures) == (
        (),
        (),
        (),
    )


def test_a_bad_item_costs_itself_only():
    parsed = read(feed(None, "x", [], {"id": "1"}))

    assert [entry.id for entry in parsed.entries] == ["1"]
    assert parsed.warnings == ("Items that are no objects were skipped: 3.",)


def test_entries_beyond_the_greatest_number_are_left_out():
    parsed = read(feed(*({"id": str(number)} for number in range(1001))))

    assert len(parsed.entries) == 1000
    assert "more than 1000" in parsed.warnings[0]


def test_an_ended_feed_says_so():
    assert read(feed(expired=True)).warnings == ("The publisher says that the feed has ended.",)


def test_characters_that_nothing_can_store_are_left_to_normalizing_but_break_nothing():
    parsed = read('{"items": [{"id": "a\\ud800", "title": "b\\u0000"}], "title": "\\ud800x\\u0007 y"}')

    assert parsed.title is not None
    assert len(parsed.entries) == 1


def test_constants_that_json_does_not_know_are_nothing():
    assert read('{"items": [{"id": NaN, "title": "t", "url": Infinity}]}').entries[0].id is None


def test_one_object_stands_for_a_list_of_one():
    entry = item(id="1", authors={"name": "Ann"}, attachments={"url": "a.mp3"})

    assert [author.name for author in entry.authors] == ["Ann"]
    assert [enclosure.url for enclosure in entry.enclosures] == ["a.mp3"]


def test_a_name_stands_for_an_author():
    assert item(id="1", author="Ann").authors == (Person(name="Ann"),)


def test_of_items_only_those_that_are_new_are_read():
    one, two, three = ({"id": str(number), "content_text": "Words"} for number in range(3))
    before = read(feed(one, two))
    changed = feed(three, one, {**two, "tags": ["new"]})
    after = read(changed, before.digests)

    assert ([entry.id for entry in after.entries], after.same) == (["2", "1"], (1,))
    assert after.digests == read(changed).digests
    assert (read(feed(one, two), before.digests).entries, after.whole) == ((), True)


@pytest.mark.parametrize(
    "more", [{"language": "de"}, {"authors": [{"name": "A"}]}, {"home_page_url": "https://y.example/"}]
)
def test_items_that_get_something_else_from_their_feed_are_read_again(more: dict[str, object]):
    one = {"id": "1", "content_text": "Words"}
    before = read(feed(one)).digests

    assert read(feed(one, **more), before) == read(feed(one, **more))
    assert read(feed(one, description="Other"), before).same == (0,)


def test_a_number_and_the_text_of_its_digits_are_not_one():
    number, text = (feed({"id": "1", "title": title}) for title in (7, "7"))

    assert read(number, read(text).digests) == read(number)


def test_an_item_too_deep_to_be_digested_is_read_at_each_poll():
    class Deep:
        def __repr__(self) -> str:
            raise RecursionError

    assert digest_value(Deep()) == ""
