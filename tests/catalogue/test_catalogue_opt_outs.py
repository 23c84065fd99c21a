"""`opt_out:` in feeds.yaml: which sources and lists that means, what is noted of them, and what joins no more."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.catalogue import load
from aggregator.catalogue.comparison import compare, describe
from aggregator.catalogue.edit import add_source
from aggregator.catalogue.importing import import_opml
from aggregator.catalogue.membership import with_lists
from aggregator.errors import EditError
from aggregator.model import Catalogue, FollowedLists, ListMember, ListState

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SOURCES = """\
defaults: { tags: [news] }
sources:
  own: https://own.example/feed
  asked: https://Feeds.SITE.example:8443/rss
  page: { page: 'https://www.bücher.example/news' }
  off: { url: https://own.example/off, enabled: false }
  disk: site.example.xml
lists:
  planet: https://site.example/opml
  others: https://planet.example/opml
"""
OPT_OUT = "opt_out: [site.example, 'https://BÜCHER.example/']\n"


def read(folder: Path, text: str) -> Catalogue:
    (folder / "feeds.yaml").write_text(text, encoding="utf-8")
    (folder / "site.example.xml").touch()
    return load(folder / "feeds.yaml", {})


def test_sources_of_a_host_that_asked_are_not_polled_and_noted_with_their_line(tmp_path: Path):
    found = read(tmp_path, OPT_OUT + SOURCES)
    assert found.opted_out == {"site.example": 1, "xn--bcher-kva.example": 1}
    assert {one.id: one.opted_out for one in found.sources if one.opted_out} == {
        "asked": "site.example",
        "page": "xn--bcher-kva.example",
    }
    assert found.disabled == {"asked", "page", "off"}
    assert [(one.line, one.path) for one in found.notices] == [
        (5, "sources.asked"),
        (6, "sources.page"),
        (10, "lists.planet"),
    ]
    assert "site.example asked not to be read (`opt_out` in feeds.yaml, line 1): it is not polled" in str(
        found.notices[0]
    )


def test_each_name_has_its_line_and_one_may_stand_alone(tmp_path: Path):
    assert read(tmp_path, "opt_out:\n  - a.example\n  - B.example\n").opted_out == {"a.example": 2, "b.example": 3}
    assert read(tmp_path, "opt_out: a.example\n").opted_out == {"a.example": 1}
    assert read(tmp_path, "site: {}\n").opted_out == {}
    assert read(tmp_path, "opt_out: ['2001:db8::1']\n").opted_out == {"2001:db8::1": 1}


def test_a_list_of_such_a_host_is_not_asked_and_what_others_name_there_is_not_polled(tmp_path: Path):
    found = read(tmp_path, OPT_OUT + SOURCES)
    assert {one.id: one.source.opted_out for one in found.lists} == {"planet": "site.example", "others": None}
    named = (
        ListMember(id="a", url="https://site.example/a", title="A", tags=()),
        ListMember(id="b", url="https://b.example/b", title="B", tags=()),
    )
    state = ListState(list_id="planet", url="", checked_at=NOON, next_check_at=NOON, members=named)
    whole = with_lists(found, FollowedLists(version=1, states={"planet": state}))
    assert [(one.id, one.enabled, one.opted_out) for one in whole.sources if one.id in {"a", "b"}] == [
        ("a", False, "site.example"),
        ("b", True, None),
    ], "what it named before stays known, and is polled where nobody asked otherwise"


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (
            OPT_OUT,
            "1 list polled no more (planet); 2 sources polled no more (asked, page); opt_out changed",
        ),
        ("opt_out: [own.example]\n", "2 sources polled no more (own, off); opt_out changed"),
        ("opt_out: [nobody.example]\n", "opt_out changed"),
    ],
)
def test_what_differs_is_that_they_are_polled_no_more_and_then_again(tmp_path: Path, edit: str, told: str):
    before, after = read(tmp_path, SOURCES), read(tmp_path, edit + SOURCES)
    found = compare(before, after)
    assert describe(found) == told
    assert {one.keys for one in found.sources} <= {()}, "no key of a source is another"
    assert describe(compare(after, before)) == told.replace("polled no more", "polled again")


def test_of_one_that_is_new_it_is_told_that_it_is_not_polled(tmp_path: Path):
    before, after = read(tmp_path, OPT_OUT), read(tmp_path, OPT_OUT + SOURCES)
    found = compare(before, after)
    assert {one.id for one in found.sources if one.polling == "ends"} == {"asked", "page"}
    assert {one.id for one in found.lists if one.polling == "ends"} == {"planet"}


@pytest.mark.parametrize("url", ["https://site.example/feed", "feeds.site.example/x", "https://bücher.example/"])
def test_what_is_of_such_a_host_is_not_added_and_the_reason_has_the_line(tmp_path: Path, url: str):
    read(tmp_path, OPT_OUT + SOURCES)
    before = (tmp_path / "feeds.yaml").read_bytes()
    with pytest.raises(EditError, match=r"asked not to be read \(`opt_out` in feeds.yaml, line 1\)"):
        add_source(tmp_path / "feeds.yaml", url)
    assert (tmp_path / "feeds.yaml").read_bytes() == before
    assert add_source(tmp_path / "feeds.yaml", "https://site.example.org/feed") == "site-example"


def test_of_a_list_that_is_imported_such_feeds_are_left_out_and_named(tmp_path: Path):
    read(tmp_path, OPT_OUT + SOURCES)
    urls = ("https://site.example/1", "https://new.example/1")
    outlines = "".join(f"<outline type='rss' text='{url}' xmlUrl='{url}'/>" for url in urls)
    done = import_opml(tmp_path / "feeds.yaml", f"<opml version='2.0'><body>{outlines}</body></opml>".encode())
    assert len(done.added) == 1
    assert done.skipped == (
        "https://site.example/1: site.example asked not to be read (`opt_out` in feeds.yaml, line 1)",
    )


def test_a_file_with_mistakes_is_told_to_have_them_whoever_asked(tmp_path: Path):
    (tmp_path / "feeds.yaml").write_text("opt_out: [site.example, 5]\nsources: {}\n")
    with pytest.raises(EditError, match="holds mistakes"):
        add_source(tmp_path / "feeds.yaml", "https://site.example/feed")
