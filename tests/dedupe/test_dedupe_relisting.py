"""An article that comes again under another id with each headline is one item; things on one page are not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.dedupe import behaviour_notice, relisting
from aggregator.model import Enclosure, Entry, Stamp
from tests.dedupe.memory import HOUR, Memory
from tests.support.nouns import NOON, entry, source

ARTICLE = "wire.example/world/africa/helicopter-crash-northern-kenya"
HEADLINES = (
    "Helicopter crashes in a remote area",
    "Helicopter crash in northern Kenya kills three",
    "Safari helicopter crashes in northern Kenya, killing 7 people",
)


def told(number: int, title: str, address: str = ARTICLE, **fields: object) -> Entry:
    """An entry with an id of its own, `number` hours after noon, without a text but its headline."""
    when = NOON + timedelta(hours=number)
    claim = Stamp(utc=when, raw=when.isoformat(), precision="second", zone="explicit")
    known = {"id": f"urn:x-wire:{number}", "url": f"https://{address}", "url_key": address.partition("#")[0]}
    return entry(**(known | {"title": title, "text": title, "content": None, "published": claim} | fields))


def test_each_new_headline_is_an_update_of_the_one_item() -> None:
    memory = Memory(now=NOON)
    found = [memory.poll(told(number, title), after=HOUR) for number, title in enumerate(HEADLINES)]
    assert [kind for [(kind, _)] in found] == ["new", "revised", "revised"]
    item = memory.one()
    assert (item.published, item.entry.title) == (NOON, HEADLINES[-1])
    assert item.updated > item.published
    assert item.public_id == "urn:x-wire:0"


def at_noon(number: int, title: str, **fields: object) -> Entry:
    """As `told`, but all claim to be of noon."""
    return told(number, title, published=told(0, "").published, **fields)


def test_two_headlines_of_one_moment_that_come_together_are_one_article_under_the_first() -> None:
    memory = Memory(now=NOON)
    memory.poll(
        *(at_noon(number, title, position=number) for number, title in enumerate(HEADLINES[1:])), after=HOUR
    )
    assert memory.titles == [HEADLINES[1]]


@pytest.mark.parametrize(
    ("address", "titles"),
    [
        (
            "bugs.example/show_bug.cgi?id=123456",
            ["Crash when saving: word from Ann", "Crash when saving: word from Bo"],
        ),
        (
            "court.example/docket/6543/united-states-v-jones-and-smith",
            ["Jones: order granted", "Jones: order appealed"],
        ),
        (
            "weather.example/warnings/region-12345",
            ["Severe weather warning: storm", "Severe weather warning: flood"],
        ),
    ],
)
def test_things_that_are_listed_side_by_side_are_several(address: str, titles: list[str]) -> None:
    memory = Memory(now=NOON)
    memory.poll(
        *(told(number, title, address, position=number) for number, title in enumerate(titles)), after=9 * HOUR
    )
    assert memory.titles == sorted(titles)


def test_items_that_are_stored_apart_stay_apart() -> None:
    memory = Memory(source=source(identity="id"), now=NOON)
    entries = [at_noon(number, title) for number, title in enumerate(HEADLINES)]
    memory.poll(*entries, after=HOUR)
    memory.poll(*entries, after=HOUR)
    memory.source = source()
    assert memory.poll(*entries[:2], replace(entries[2], text="Seven are dead.")) == [("revised", HEADLINES[2])]


def test_episodes_of_one_show_are_told_apart_by_their_sound() -> None:
    one, other = (
        told(number, title, enclosures=(Enclosure(url=f"https://show.example/{number}.mp3", type="audio/mpeg"),))
        for number, title in enumerate(HEADLINES[1:])
    )
    assert not relisting.is_relisted(other, one)


def test_what_has_no_headline_is_not_known_by_its_address() -> None:
    assert not relisting.is_relisted(told(1, ""), told(0, HEADLINES[0]))


def test_the_editor_is_told_of_a_source_that_lists_articles_anew() -> None:
    memory = Memory(now=NOON)
    for number in range(6):
        memory.poll(told(number, f"Ferry across the river sinks: part{number} of the story"), after=HOUR)
    assert "`identity: id`" in (behaviour_notice(memory.source, memory.profile) or "")


@pytest.mark.parametrize(
    "address",
    [
        "wire.example/world/live/2026/nov/26/kenya-helicopter-crash-live",
        "wire.example/kenya-helicopter-crash-live-updates",
        "tool.example/changelog/all-of-version-three",
        "forum.example/thread/123456-helicopter-crash",
        "wire.example/picture-of-the-day",
        "wire.example/news",
        "wire.example",
        f"{ARTICLE}#post-2",
    ],
)
def test_things_that_share_a_page_are_items_each(address: str) -> None:
    assert not relisting.names_article(told(1, HEADLINES[0], address))


@pytest.mark.parametrize(
    "address",
    [
        ARTICLE,
        f"{ARTICLE}.html",
        "wire.example/news/world-57875322",
        "wire.example/story.php?id=57875322",
        "wire.example/rss/articles/CBMiUEFVX3lxTE4wV0N6QWFMeHk4Q0Z",
        "wire.example/2026/11/26/kenya-crash",
    ],
)
def test_the_address_of_one_article_is_known_by_its_end(address: str) -> None:
    assert relisting.names_article(told(1, HEADLINES[0], address))


def test_another_story_at_the_address_of_an_article_is_another_item() -> None:
    memory = Memory(now=NOON)
    memory.poll(told(0, HEADLINES[0]), after=HOUR)
    memory.poll(told(1, "Markets close higher after the central bank's decision"), after=HOUR)
    memory.poll(told(90, "Helicopter crash in Kenya: a year on, remote villages remember"), after=90 * HOUR)
    assert len(memory.items) + len(memory.profile.quarantined) == 3


def test_scripts_without_spaces_are_compared_by_characters() -> None:
    one, other = told(0, "イスラエル、シリア北西部の空軍基地を空爆"), told(1, "イスラエルがシリア空軍基地空爆")
    assert relisting.is_relisted(other, one)


def test_the_name_of_an_outlet_relates_no_headlines() -> None:
    one, other = (
        told(0, "Ferry sinks - Northern Evening Herald"),
        told(1, "Bread dearer - Northern Evening Herald"),
    )
    assert not relisting.is_relisted(other, one)


def test_entries_without_an_address_or_at_the_sites_own_are_left_alone() -> None:
    nameless = [at_noon(number, title, url=None, url_key=None) for number, title in enumerate(HEADLINES)]
    assert relisting.collapse(nameless, (), frozenset()) == tuple(nameless)
    here = [at_noon(number, title) for number, title in enumerate(HEADLINES)]
    assert relisting.collapse(here, (), frozenset({ARTICLE})) == tuple(here)
    anonymous = [at_noon(number, title, id=None) for number, title in enumerate(HEADLINES)]
    assert relisting.collapse(anonymous, (), frozenset()) == tuple(anonymous)


def test_the_editors_word_keeps_ids_apart() -> None:
    memory = Memory(source=source(identity="id"), now=NOON)
    for number, title in enumerate(HEADLINES):
        memory.poll(told(number, title), after=HOUR)
        memory.poll(told(number, title), after=HOUR)
    assert len(memory.items) == 3


def test_one_page_that_several_entries_link_to_does_not_make_the_other_addresses_worthless() -> None:
    memory = Memory(now=NOON)
    front = "wire.example/briefing"
    pages = [told(50 + n, f"Word{n * 7} alone {n}", front, text=f"Thing{n} other{n}") for n in range(6)]
    articles = [told(n, f"Story {n} of many{n}", f"wire.example/a-story-of-number-{n}") for n in range(40)]
    memory.poll(*pages, *articles, after=HOUR)
    assert not memory.profile.shared_urls


def test_texts_that_begin_alike_relate_entries_whose_headlines_have_nothing_in_common() -> None:
    text = "Wang Xingxing, a millennial billionaire at the centre of the push for robots, saw his fortune grow."
    one, other = told(0, "Robot dogs enrich a founder", text=text), told(1, "Shares soar", text=f"{text} Again.")
    assert relisting.is_relisted(other, one)
    apart = told(1, "Shares soar", text="Bread is dearer for the third time since the harvest failed.")
    assert not relisting.is_relisted(apart, one)


def test_an_article_at_another_address_is_not_the_one_that_is_known() -> None:
    one, other = told(0, HEADLINES[0]), told(1, HEADLINES[0], "wire.example/news/world-57875322")
    assert not relisting.is_relisted(other, one)


def test_what_stands_there_days_later_is_not_the_article_with_another_headline() -> None:
    assert not relisting.is_relisted(told(72, HEADLINES[1]), told(0, HEADLINES[0]))


def test_no_word_is_told_to_the_editor_of_a_source_that_did_it_once() -> None:
    memory = Memory(now=NOON)
    for number, title in enumerate(HEADLINES[:2]):
        memory.poll(told(number, title), after=HOUR)
    assert behaviour_notice(memory.source, memory.profile) is None
