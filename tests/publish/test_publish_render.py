"""Rendering: documents with their validators, and what happens to what cannot be written."""

from __future__ import annotations

import gzip
import locale
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from types import ModuleType
from typing import get_args

import pytest
from lxml import etree

from aggregator.errors import RenderError
from aggregator.model import Format
from aggregator.publish import render, render_all, spec_of
from aggregator.publish.render import make_document, write
from aggregator.publish.view import build_view
from tests.publish.editions import FORMATS, edition, item, origin
from tests.support import pumps
from tests.support.nouns import NOON, source

# The package has functions of the same names.
rendering = import_module("aggregator.publish.render")
views = import_module("aggregator.publish.view")

TYPES = {
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}


@pytest.mark.parametrize("form", FORMATS)
def test_a_document_has_all_that_serving_it_takes(form):
    one = edition(item(1), formats=(form,))
    (made,) = render_all(one).documents
    assert made == make_document("all", form, render(one, form).body, NOON)
    assert made.media_type == render(one, form).media_type == TYPES[form]
    assert gzip.decompress(made.gzip) == made.body
    assert made.gzip[4:8] == b"\0\0\0\0"
    assert made.etag.startswith('"')
    assert made.etag.endswith('"')


def test_documents_come_in_the_formats_of_the_publication():
    assert [made.format for made in render_all(edition(formats=("json", "atom"))).documents] == ["json", "atom"]


def test_other_bytes_have_another_etag():
    etags = {made.etag for one in (edition(item(1)), edition(item(2))) for made in render_all(one).documents}
    assert len(etags) == 2 * len(get_args(Format))


def test_a_document_was_modified_when_its_items_last_changed():
    items = (item(1, changed_at=NOON + timedelta(days=2, microseconds=7)), item(2))
    assert {made.last_modified for made in render_all(edition(*items)).documents} == {NOON + timedelta(days=2)}


def test_an_empty_document_was_modified_when_the_publication_was_created():
    assert {made.last_modified for made in render_all(edition(created=NOON)).documents} == {NOON}


@pytest.mark.parametrize("form", FORMATS)
def test_an_entry_that_cannot_be_written_costs_no_other(form):
    feed, _ = build_view(edition(item(1), item(2), item(3)))
    first, second, third = feed.entries
    # No view holds such an id; one that did must not take the others with it.
    bad = replace(second, id="")
    body, omitted = write(replace(feed, entries=(first, bad, third)), form)
    assert body == write(replace(feed, entries=(first, third)), form)[0]
    (left,) = omitted
    assert left.trace is None
    assert left.notice.startswith(f"all.{form}: the entry '' is left out: ")


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_an_entry_with_characters_that_xml_refuses_costs_no_other(form):
    feed, _ = build_view(edition(item(1), item(2)))
    first, second = feed.entries
    body, omitted = write(replace(feed, entries=(first, replace(second, title="\x00"))), form)
    assert len(omitted) == 1
    assert b"000000000001" in body


@pytest.mark.parametrize("form", FORMATS)
def test_a_feed_that_cannot_be_written_raises_and_names_the_document(form):
    feed, _ = build_view(edition(item(1)))
    with pytest.raises(RenderError, match=rf"^all\.{form} cannot be written: "):
        write(replace(feed, title=""), form)


def test_many_faults_are_summed_up():
    feed, _ = build_view(edition(*(item(number) for number in range(9))))
    same = tuple(
        replace(one, id=f"urn:same:{number // 2}") for number, one in enumerate(feed.entries) if number < 8
    )
    # Each entry alone is right; together they share ids, which leaving out single entries does not cure.
    crowd = tuple(replace(one, id=f"urn:same:{number % 7}") for number, one in enumerate(same * 2))
    with pytest.raises(RenderError, match=r"2 entries have the id .*; and \d more$"):
        write(replace(feed, entries=crowd), "json")


def test_writing_dates_leaves_the_locale_of_the_process_alone(monkeypatch):
    def refuse(*_: object) -> None:
        raise AssertionError("the locale was touched, which other threads would see")

    monkeypatch.setattr(locale, "setlocale", refuse)
    assert len(render_all(edition(item(1))).documents) == len(get_args(Format))


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_huge_entries_are_written_whole(form):
    content = "<p>" + "word " * 3_000_000 + "</p>"
    body = render(edition(item(1, content=content)), form).body
    parser = etree.XMLParser(huge_tree=True)
    assert content in {element.text for element in etree.fromstring(body, parser).iter()}


def format_module(form: Format) -> ModuleType:
    return import_module(f"aggregator.publish.formats.{form}")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("place", ["view", "composing"])
def test_a_fault_of_ours_on_one_entry_costs_that_entry_and_is_told_as_ours(form, place, monkeypatch):
    def failing(work):
        def faulty(*arguments: object):
            if item(2).public_id in str(arguments[0]):
                raise KeyError("a fault of ours")
            return work(*arguments)

        return faulty

    if place == "view":
        monkeypatch.setattr(views, "_build_entry", failing(views._build_entry))
    else:
        spec = spec_of(form)
        monkeypatch.setattr(format_module(form), "SPEC", replace(spec, compose=failing(spec.compose)))
    found = render(edition(item(1), item(2), item(3)), form)
    assert item(1).public_id.encode() in found.body
    assert item(2).public_id.encode() not in found.body
    (left,) = found.omitted
    assert left.notice.endswith("is left out: a fault in this program (KeyError). Report it.")
    assert left.trace is not None
    assert "a fault of ours" in left.trace
    monkeypatch.undo()
    assert render(edition(item(1), item(3)), form).body == found.body


@pytest.mark.parametrize("kind", [ImportError, MemoryError])
@pytest.mark.parametrize("place", ["view", "composing"])
def test_what_no_entry_is_to_blame_for_is_raised(kind, place, monkeypatch):
    def broken(*_: object):
        raise kind

    if place == "view":
        monkeypatch.setattr(views, "_build_entry", broken)
    else:
        monkeypatch.setattr(format_module("rss"), "SPEC", replace(spec_of("rss"), compose=broken))
    with pytest.raises(kind):
        render(edition(item(1)), "rss")


def test_the_picture_of_a_source_is_named_where_the_format_has_a_place_for_it():
    pictured = origin(source(icon="https://example.org/river.png"))
    assert (
        b"<icon>https://example.org/river.png</icon>" in render(edition(item(1), origins=(pictured,)), "atom").body
    )


HOSTILE = {
    "blanks": " \t",
    "tags": "<p>",
    "unended tags": "<a href=",
    "quotes": '"',
    "references": "&amp;",
    "numbers": "&#9",
    "digits": "9",
    "brackets": "<<",
    "escaped": "&lt;p&gt;",
    "section ends": "]]>",
    "words": "read more ",
    "marks": "\u0301",
    "rightward": "\u05d0 ",
    "forbidden": "\x00",
    "line ends": "\r\n",
    "letters": "a",
}


@pytest.mark.no_cover
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_megabyte_of_hostile_text_takes_ten_times_what_a_tenth_of_it_takes(kind):
    def spent(size):
        words = HOSTILE[kind] * (size // len(HOSTILE[kind]))
        fields = {"content": words, "summary": words, "text": words, "title": words}
        hostile = replace(item(1), entry=replace(item(1).entry, **fields))
        return pumps.seconds(lambda: render_all(edition(hostile, item(2))), limit=60)

    large = spent(1_000_000)
    # A quadratic function takes a hundred times as long, and minutes at this size; below a second all is noise.
    assert large < 1 or large < 40 * max(spent(100_000) for _ in range(2))
