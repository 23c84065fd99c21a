"""Feeds of tags, sources and stories: what everybody may see, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from aggregator import publish
from aggregator.model import Catalogue, Drop, Matcher, Publication, Revision
from tests.publish.editions import SITE, item, origin
from tests.support.nouns import NOON, entry, source

NEWS = source(id="news", tags=("world", "press"))
DEN = source(id="den", tags=("world", "secret"))
LAKE = source(id="lake", title="The Lake")
OPEN = Publication(id="open", title="Open", sources=("news", "lake"), limit=30)
CLUB = Publication(id="club", title="Club", tokens=("first-token",))


def catalogue(*publications: Publication) -> Catalogue:
    return Catalogue(site=SITE, sources=(NEWS, DEN, LAKE), publications=publications or (OPEN, CLUB))


def test_every_public_tag_and_source_has_a_feed_and_no_private_one_does():
    found = publish.virtual_publications(catalogue())
    assert [one.id for one in found] == ["tag/world", "tag/press", "source/news", "source/lake"]
    assert all(publish.is_virtual(one.id) and not one.private for one in found)
    assert [one.sources for one in found] == [("news",), ("news",), ("news",), ("lake",)]
    assert [one.title for one in found] == ["world", "press", "news", "The Lake"]
    assert [publish.is_of_source(one.id) for one in found] == [False, False, True, True]
    assert not publish.is_virtual("all")


def test_feeds_are_found_one_by_one_as_they_are_listed():
    here = catalogue()
    tags = [publish.tag_feed(here, tag) for tag in ("world", "press", "secret", "none")]
    sources = [publish.source_feed(here, name) for name in ("news", "lake", "den", "none")]
    assert [*tags[:2], *sources[:2]] == list(publish.virtual_publications(here))
    assert [*tags[2:], *sources[2:]] == [None] * 4


def test_without_a_public_publication_there_is_nothing():
    assert publish.virtual_publications(catalogue(CLUB)) == ()
    assert publish.tag_feed(catalogue(CLUB), "world") is None
    assert publish.visible_sources(catalogue(CLUB)) == ()


def test_what_is_searched_for_is_a_feed_of_the_sources_that_were_chosen_and_none_of_none():
    here = catalogue()
    found = publish.search_feed(here, "pier", publish.visible_sources(here))
    assert found is not None
    assert (found.title, found.sources, found.private) == ("pier", ("news", "lake"), False)
    assert publish.search_feed(here, "pier", ()) is None


def test_shown_first_is_what_is_called_all_or_else_the_first_that_everybody_may_read():
    everything = Publication(id="all", title="All")
    assert publish.front_id(catalogue(OPEN, CLUB, everything)) == "all"
    assert publish.front_id(catalogue(CLUB, OPEN)) == "open"
    assert publish.front_id(catalogue(replace(everything, tokens=("first-token",)), OPEN)) == "open"
    assert publish.front_id(catalogue(CLUB)) is None


def test_they_are_no_longer_than_the_longest_that_the_editor_allows_and_as_silent():
    silent = replace(OPEN, edits="silent", limit=7)
    found = publish.virtual_publications(catalogue(silent))
    assert {(one.limit, one.edits) for one in found} == {(7, "silent")}
    long = publish.virtual_publications(catalogue(replace(OPEN, limit=500)))
    assert {(one.id.partition("/")[0], one.limit) for one in long} == {("tag", 100), ("source", 50)}


def test_a_poll_touches_the_publications_that_may_show_it():
    here = catalogue()
    assert publish.touched_publication_ids(here, NEWS) == ("open", "club", "tag/world", "tag/press", "source/news")
    assert publish.touched_publication_ids(here, DEN) == ("club",)


@given(st.lists(st.text(min_size=1), min_size=1, max_size=4, unique=True))
def test_tags_of_any_text_have_paths_of_their_own(tags: list[str]):
    here = Catalogue(
        site=SITE, sources=(source(tags=tuple(tags)),), publications=(Publication(id="all", title="A"),)
    )
    clean = [tag for tag in tags if tag.isprintable()]
    ids = [found.id for tag in clean if (found := publish.tag_feed(here, tag))]
    assert len(set(ids)) == len(clean)
    assert all(one.isascii() and one.count("/") == 1 and " " not in one for one in ids)
    assert (
        set(ids)
        <= {one.id for one in publish.virtual_publications(here)}
        <= set(publish.touched_publication_ids(here, here.sources[0]))
    )


def test_what_every_public_publication_filters_out_is_let_through_by_none():
    no_ads = Drop(any_of=(Matcher(field="title", pattern="^Ad", shown="title: ^Ad"),))
    strict = replace(OPEN, filters=(no_ads,))
    here = catalogue(strict, CLUB)
    through = publish.publications_including(here, NEWS)
    assert through == (strict,)
    assert not publish.can_any_show(through, NEWS, item(1, title="Ad: buy", source_id="news"))
    assert publish.can_any_show(through, NEWS, item(1, title="News", source_id="news"))


def test_filters_of_the_publications_that_show_it_are_part_of_a_feed_s_definition():
    feed = publish.source_feed(catalogue(), "news")
    assert feed
    plain = publish.digest(SITE, feed, [NEWS], [OPEN])
    limited = replace(OPEN, filters=(Drop(any_of=()),))
    assert plain != publish.digest(SITE, feed, [NEWS], [limited])
    assert plain == publish.digest(SITE, feed, [NEWS], [replace(OPEN, title="Another")])


def test_a_story_s_feed_holds_each_revision_newest_first_under_an_id_of_its_own():
    one = item(1, title="Third", language="en")
    revisions = [
        Revision(number=n, seen_at=NOON + n * timedelta(hours=1), entry=entry(title=title), reason="r")
        for n, title in enumerate(["First", "Second", "Third"], 1)
    ]
    edition = publish.history_edition(one, revisions, origin(), SITE, "a")
    assert edition.publication.id == f"story/{one.uid}"
    assert edition.publication.title == "Third: what it said over time"
    items = json.loads(publish.render(edition, "json").body)["items"]
    assert [found["title"] for found in items] == ["Third", "Second", "First"]
    assert len({found["id"] for found in items}) == 3
    assert [found["date_published"] for found in items] == [f"2026-03-01T{hour}:00:00Z" for hour in (15, 14, 13)]
    assert publish.history_edition(one, revisions, origin(), SITE, "a") == edition
    nameless = publish.history_edition(item(2, title="", url=None), revisions[:1], origin(), SITE, "a")
    assert nameless.publication.title == "A story: what it said over time"
