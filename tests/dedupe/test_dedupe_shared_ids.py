"""Ids and addresses that one thing after another bears: of the feed, of the site, constants, places in a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.dedupe import learn_addresses
from aggregator.dedupe.judging import AGAIN
from aggregator.model import Entry, FeedMeta, SourceProfile
from aggregator.text.permalinks import is_home_or_feed, reduce_permalink
from tests.dedupe.memory import Memory
from tests.support.nouns import NOON, entry, source, stamp

DAY = timedelta(days=1)
ARTICLES = (
    ("Council agrees on lighthouse lamps", "The council agreed on a law about lamps after years of quarrel."),
    ("Weaver start-up raises five million", "A young company lends looms by hours and found money to build more."),
    ("Herons nest above customs house", "Two birds settled; visitors must keep away from yards below until June."),
    ("Library opens its Sunday reading room", "Readers voted narrowly; heating remains off and chairs are few."),
    (
        "Bakers raise rye bread price",
        "Harvest failed southwards, millers blame drought, customers grumble loudly.",
    ),
    ("Violinist plays beneath old arches", "Every evening music delays passengers of our last ferry to Norwick."),
    ("Copper mill falls silent", "Owners closed production because ore contracts ended without renewal."),
    ("Swimming pool loses permit", "Inspectors found cracked tiles plus chlorine stored beside boilers."),
)
"""Titles and texts that have nothing in common."""


def article(number: int, **fields: object) -> Entry:
    """One of the articles under its own names, published on a day of its own; `fields` replace what it says."""
    title, text = ARTICLES[number]
    own = {
        "id": f"tag:one.example,2026:{number}",
        "url": f"https://one.example/{number}",
        "url_key": f"one.example/{number}",
        "title": title,
        "content": text,
        "text": text,
        "published": stamp((NOON - 40 * DAY + number * DAY).isoformat()),
    }
    return entry(**(own | fields))


def at_the(address: str, key: str) -> Callable[[int], Entry]:
    """Articles that all have one address for id and link."""
    return lambda number: article(number, id=address, url=address, url_key=key)


KINDS: dict[str, Callable[[int], Entry]] = {
    "the feed's address": at_the("https://one.example/feed/", "one.example/feed"),
    "the feed's address as a query": at_the("https://one.example/?feed=rss2", "one.example?feed=rss2"),
    "the address that we ask": at_the("https://example.org/feed", "example.org/feed"),
    "the site's home page": at_the("https://www.one.example/", "one.example"),
    "a word, and the home page": lambda n: article(n, id="rss", url="https://one.example/", url_key="one.example"),
    "a word, and no link": lambda n: article(n, id="latest", url=None, url_key=None),
    "a word, and links of their own": lambda n: article(n, id="latest"),
    "the feed's address, and links of their own": lambda n: article(n, id="https://one.example/rss.xml"),
    "no id, and the feed's address": lambda n: article(
        n, id=None, url="https://one.example/atom.xml", url_key="one.example/atom.xml"
    ),
    "titles alone, and the home page": lambda n: article(
        n, id="rss", url="https://one.example/", url_key="one.example", text="", content=None
    ),
    "titles alone, and links of their own": lambda n: article(n, id="1", text="", content=None),
}


@pytest.mark.parametrize("made", KINDS.values(), ids=KINDS)
def test_a_newest_item_under_the_name_of_the_one_before_it_is_new_each_time(made: Callable[[int], Entry]):
    memory = Memory()
    for number in range(len(ARTICLES)):
        assert memory.poll(made(number), after=DAY) == [("new", ARTICLES[number][0])]
    assert memory.titles == sorted(title for title, _ in ARTICLES)
    assert len({item.public_id for item in memory.items.values()}) == len(ARTICLES)


@pytest.mark.parametrize("made", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("window", [2, 3])
def test_a_window_of_items_under_one_name_slides_without_loss_or_repetition(
    made: Callable[[int], Entry], window: int
):
    memory = Memory()
    for newest in range(window - 1, len(ARTICLES)):
        shown = [made(number) for number in range(newest, newest - window, -1)]
        new = [title for kind, title in memory.poll(*shown, after=DAY) if kind == "new"]
        assert newest == window - 1 or new == [ARTICLES[newest][0]]
    assert memory.titles == sorted(title for title, _ in ARTICLES)


@pytest.mark.parametrize("made", KINDS.values(), ids=KINDS)
def test_an_edit_of_the_newest_item_makes_no_second_one(made: Callable[[int], Entry]):
    memory = Memory()
    first = made(0)
    memory.poll(first)
    words = first.text and f"{first.text} Its vote follows on Monday, said the mayor."
    edited = entry_of(first, text=words, content=words or None, title=f"{first.title} at last")
    assert [kind for kind, _ in memory.poll(edited)] == ["revised"]


def entry_of(one: Entry, **fields: object) -> Entry:
    """An entry with some other fields."""
    names = {
        name: getattr(one, name) for name in ("id", "url", "url_key", "title", "text", "content", "published")
    }
    return entry(**(names | fields))


def test_the_first_under_a_shared_name_keeps_its_published_id_and_its_words():
    memory = Memory()
    made = KINDS["the feed's address"]
    memory.poll(made(0))
    before = memory.one()
    memory.poll(made(1), after=DAY)
    assert replace(memory.items[before.uid], absent_since=None) == before


def test_one_page_that_shows_one_thing_after_another_counts_as_rewritten_once_and_as_shared_then():
    memory = Memory()
    shown = [
        memory.poll(article(n, id="https://one.example/now", url_key="one.example/now"), after=DAY)
        for n in range(5)
    ]
    kinds = [kind for changes in shown for kind, _ in changes]
    assert kinds == ["new", *["revised"] * AGAIN, *["new"] * (4 - AGAIN)]


@pytest.mark.parametrize(
    "rewritten",
    [
        {"title": ARTICLES[1][0]},
        {"text": ARTICLES[1][1], "content": ARTICLES[1][1]},
        {"published": stamp("2026-02-28T10:00:00Z")},
        {"title": ARTICLES[1][0], "text": ARTICLES[1][1], "published": stamp("2026-02-28T10:00:00Z")},
        {"url": "https://one.example/moved", "url_key": "one.example/moved"},
        {"url": "https://one.example/moved", "url_key": "one.example/moved", "title": ARTICLES[1][0]},
    ],
    ids="+".join,
)
def test_an_article_that_is_rewritten_under_its_own_id_and_address_stays_one(rewritten: dict[str, object]):
    memory = Memory()
    memory.poll(article(0))
    memory.poll(article(0, **rewritten))
    memory.one()


def counted(articles: Sequence[int], **fields: object) -> list[Entry]:
    """A document whose ids are only places: the newest is 1."""
    return [article(number, id=str(place), **fields) for place, number in enumerate(articles, start=1)]


@pytest.mark.parametrize("slide", [1, 2, 3])
@pytest.mark.parametrize(
    "fields",
    [{}, {"text": "", "content": None}, {"url": None, "url_key": None}],
    ids=["whole", "titles", "no links"],
)
def test_ids_that_only_count_places_lose_and_repeat_nothing(slide: int, fields: dict[str, object]):
    memory = Memory()
    for newest in range(2, len(ARTICLES), slide):
        before = len(memory.items)
        changes = memory.poll(*counted((newest, newest - 1, newest - 2), **fields), after=DAY)
        new = [title for kind, title in changes if kind == "new"]
        assert len(new) == (3 if newest == 2 else slide)
        assert len(memory.items) == before + len(new)
    shown = range(2 + (len(ARTICLES) - 3) // slide * slide + 1)
    assert memory.titles == sorted(ARTICLES[number][0] for number in shown)


def test_items_of_a_daily_column_under_the_feeds_address_are_items_of_their_own():
    memory = Memory()
    for number in range(4):
        one = article(number, id="https://one.example/feed", url_key="one.example/feed", title="Weather")
        assert memory.poll(one, after=DAY) == [("new", "Weather")]


def test_an_item_under_the_feeds_address_that_is_dated_anew_at_each_poll_stays_one():
    memory = Memory()
    for hour in range(4):
        claimed = stamp((NOON + timedelta(hours=hour)).isoformat())
        memory.poll(article(0, id="https://one.example/feed", url_key="one.example/feed", published=claimed))
    memory.one()


def test_what_the_feed_calls_its_site_names_no_item():
    home = "https://pages.example/~anna"
    memory = Memory(profile=learn_addresses(SourceProfile(), FeedMeta(link=home)))
    for number in range(3):
        memory.poll(article(number, id=home, url=home, url_key="pages.example/~anna"), after=DAY)
    assert len(memory.items) == 3


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("https://one.example", True),
        ("https://www.one.example/index.php", True),
        ("https://one.example/blog/feed/", True),
        ("https://one.example/news.rss", False),
        ("https://one.example/rss.xml", True),
        ("https://one.example/?feed=atom", True),
        ("https://one.example/?p=17", False),
        ("https://one.example/feeding-birds", False),
        ("https://one.example/#post-3", False),
        ("https://one.example/2026/feeds-of-today.html", False),
        ("tag:one.example,2026:feed", False),
    ],
)
def test_addresses_of_sites_and_feeds_are_told_from_those_of_articles(address: str, place: bool):
    assert is_home_or_feed(reduce_permalink(address), frozenset()) is place


def test_the_address_that_a_source_is_read_from_names_none_of_its_items():
    memory = Memory(source=source(location="https://one.example/x?key=1", url="https://one.example/x?key=${KEY}"))
    for number in range(3):
        name = "https://one.example/x?key=1"
        memory.poll(article(number, id=name, url=name, url_key="one.example/x?key=1"), after=DAY)
    assert len(memory.items) == 3


def test_undated_things_that_follow_each_other_under_a_constant_id_and_no_address_are_all_kept() -> None:
    memory = Memory()
    bare = {"id": "latest", "url": None, "url_key": None, "published": None}
    for title, text in (
        ("Herons on the roof", "Two herons nest on the customs house and visitors keep away from the yard below."),
        (
            "Bread is dearer",
            "Bakers raised what rye costs for a third time since harvests failed in southern fields.",
        ),
        ("Music at dusk", "A violinist from the academy plays under arches while the ferry waits for passengers."),
    ):
        memory.poll(entry(title=title, text=text, content=f"<p>{text}</p>", **bare))
    assert memory.titles == ["Bread is dearer", "Herons on the roof", "Music at dusk"]


DIGESTS = (
    "Good morning from the harbour. Today: council agrees on lamps, weavers find money, herons nest at customs.",
    "Good morning from the harbour. Today: bakers raise rye prices, violinist delays ferry, mill falls silent.",
    "Good morning from the harbour. Today: pool loses permit, library opens reading room, wardens inspect bridge.",
)
"""Issues of a digest, which greet in the same words every day."""


def digest(day: int, **fields: object) -> Entry:
    """The issue of a day, under the id of the day before; `fields` replace what it says."""
    text = DIGESTS[day]
    published = stamp((NOON - 4 * DAY + day * DAY).isoformat())
    own = {"id": "digest", "title": "Daily digest", "text": text, "content": text, "published": published}
    return entry(**(own | fields))


COLUMNS: dict[str, Callable[[int], Entry]] = {
    "no link": lambda day: digest(day, url=None, url_key=None),
    "the home page": lambda day: digest(day, url="https://one.example/", url_key="one.example"),
    "the feed's address": lambda day: digest(
        day, id="https://one.example/feed", url="https://one.example/feed", url_key="one.example/feed"
    ),
    "links of their own": lambda day: digest(day, url=f"https://one.example/{day}", url_key=f"one.example/{day}"),
    "a date in the title": lambda day: digest(day, url=None, url_key=None, title=f"Daily digest, {3 + day} March"),
    "no id, and the home page": lambda day: digest(
        day, id=None, url="https://one.example/", url_key="one.example"
    ),
}


@pytest.mark.parametrize("made", COLUMNS.values(), ids=COLUMNS)
@pytest.mark.parametrize("window", [1, 2])
def test_issues_of_a_column_with_one_id_and_one_title_are_all_kept(made: Callable[[int], Entry], window: int):
    memory = Memory()
    for newest in range(len(DIGESTS)):
        shown = [made(day) for day in range(newest, max(-1, newest - window), -1)]
        assert [kind for kind, _ in memory.poll(*shown, after=DAY) if kind == "new"] == ["new"]
    texts = {item.entry.text for item in memory.items.values()}
    assert texts == set(DIGESTS)
    assert len({item.public_id for item in memory.items.values()}) == len(DIGESTS)


@pytest.mark.parametrize("made", COLUMNS.values(), ids=COLUMNS)
@pytest.mark.parametrize(
    "corrected",
    [
        {"text": DIGESTS[1], "content": DIGESTS[1]},
        {"text": DIGESTS[1], "content": DIGESTS[1], "updated": stamp("2026-03-01T08:00:00Z")},
        {"text": f"{DIGESTS[0]} Tides: high at noon.", "published": stamp("2026-02-28T12:00:00Z")},
        {"text": DIGESTS[0].replace("lamps", "lanterns"), "published": stamp("2026-02-28T12:00:00Z")},
        {
            "text": f"{DIGESTS[0]} " + " ".join(text for _, text in ARTICLES),
            "published": stamp("2026-02-28T12:00:00Z"),
        },
    ],
    ids=["the text", "the text, updated", "dated anew with a line more", "dated anew with a word", "read in full"],
)
def test_a_correction_of_an_issue_makes_no_second_one(made: Callable[[int], Entry], corrected: dict[str, object]):
    memory = Memory()
    memory.poll(made(0))
    first = made(0)
    memory.poll(entry_of(first, **corrected))
    item = memory.one()
    assert item.entry.text == corrected["text"]


@pytest.mark.parametrize("made", COLUMNS.values(), ids=COLUMNS)
def test_a_status_that_is_dated_anew_at_each_poll_stays_one(made: Callable[[int], Entry]):
    memory = Memory()
    for hour in range(6):
        now = (NOON + timedelta(hours=hour)).isoformat()
        text = f"All systems of the harbour are well: cranes, ferries, lamps and locks. Looked at {hour + 6}:00."
        memory.poll(entry_of(made(0), title="Status", text=text, content=text, published=stamp(now)))
    memory.one()


def test_a_column_at_one_address_of_its_own_counts_as_rewritten_once_and_as_shared_then():
    memory = Memory()
    page = {"id": "weather", "url": "https://one.example/weather", "url_key": "one.example/weather"}
    shown = [memory.poll(article(day, title="Weather today", **page), after=DAY) for day in range(5)]
    kinds = [kind for changes in shown for kind, _ in changes]
    assert kinds == ["new", *["revised"] * AGAIN, *["new"] * (4 - AGAIN)]


def test_a_live_page_that_is_dated_anew_and_written_anew_by_the_hour_stays_one():
    memory = Memory()
    for hour in range(len(ARTICLES)):
        claimed = stamp((NOON + timedelta(hours=hour)).isoformat())
        memory.poll(article(0, title="Live: the harbour", text=ARTICLES[hour][1], published=claimed))
    memory.one()


@pytest.mark.parametrize("made", COLUMNS.values(), ids=COLUMNS)
def test_the_next_issue_of_a_column_is_no_issue_whose_text_was_let_go_of(made: Callable[[int], Entry]):
    memory = Memory()
    memory.poll(made(0))
    memory.poll(made(1), after=DAY)
    memory.prune()
    assert [kind for kind, _ in memory.poll(made(2), after=DAY)] == ["new"]


@pytest.mark.parametrize("made", COLUMNS.values(), ids=COLUMNS)
def test_an_issue_whose_text_was_let_go_of_is_itself_when_it_is_listed_again(made: Callable[[int], Entry]):
    memory = Memory()
    memory.poll(made(0))
    memory.poll(made(1), after=DAY)
    memory.prune()
    memory.poll(made(1), made(0), after=DAY)
    assert len(memory.items) == 2


@pytest.mark.parametrize(
    "name",
    [
        {"id": "https://one.example/lamps", "url": "https://one.example/lamps", "url_key": "one.example/lamps"},
        {"id": "52530518", "url": "https://one.example/n-52530518", "url_key": "one.example/n-52530518"},
    ],
    ids=["an address for its id", "an article's address"],
)
def test_an_explainer_that_is_dated_anew_with_each_new_first_paragraph_stays_one(name: dict[str, object]):
    memory = Memory()
    for day in range(4):
        memory.poll(article(day, title="Lamps: what are the rules?", **name), after=DAY)
    memory.one()


@pytest.mark.parametrize("made", COLUMNS.values(), ids=COLUMNS)
def test_an_issue_of_a_known_column_that_is_dated_anew_at_each_poll_stays_one(made: Callable[[int], Entry]):
    memory = Memory()
    for day in range(len(DIGESTS)):
        memory.poll(made(day), after=DAY)
    for hour in range(1, 5):
        claimed = stamp((NOON - 2 * DAY + timedelta(hours=hour)).isoformat())
        memory.poll(entry_of(made(len(DIGESTS) - 1), published=claimed))
    assert len(memory.items) == len(DIGESTS)
