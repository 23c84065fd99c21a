"""Photographs and pages bear dates, clocks, codes and names that say nothing of the piece around them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from aggregator import stories
from aggregator.model import Evidence, Sighting
from aggregator.stories.tokens import split_words
from tests.stories.shelf import NOON, entry

TITLE = "Refinery at Holm shuts after fire in storage tanks"
BODY = (
    "A fire in the storage tanks of the refinery at Holm was put out on Thursday morning, and the plant will"
    " stay shut"
    " until inspectors have been there, its owner said. Nobody was hurt. Smoke drifted over the harbour for"
    " hours, and"
    " the ferries to the islands were held back until noon. The plant makes a fifth of the diesel that the country"
    " needs. Prices rose at the pumps in the evening, and the ministry said that it would release stocks."
)
TAKEN = "The refinery is seen in this illustration taken {}. Norwire/Ann Holt/Illustration"


def piece(uid: str, *paragraphs: str, title: str = TITLE, **details: Any) -> Sighting:
    """A sighting of a source of its own."""
    signature = stories.sign(entry(title, "".join(f"<p>{text}</p>" for text in paragraphs)))
    return Sighting(uid=uid, source_id=f"s{uid}", published=NOON, signature=signature, **details)


def judged(one: Sighting, other: Sighting) -> str:
    """The method, or the rule that refused; the same both ways round."""
    answer = stories.verify(one, other)
    assert answer == stories.verify(other, one)
    return answer.method if isinstance(answer, Evidence) else answer.rule


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("November 24, 2026", "January 6, 2020"),
        ("24 November 2026", "6 January 2020"),
        ("24.11.2026", "06.01.2020"),
        ("2026-11-24 08:14", "2020-01-06 21:30"),
        ("at 08:14", "at 21:30"),
        ("for NRW88231", "for NRW1127"),
        ("۲۴ آبان ۱۴۰۵", "۶ دی ۱۳۹۸"),
    ],
)
def test_dates_clocks_and_codes_of_photographs_veto_nothing_over_one_text_under_one_title(one: str, other: str):
    assert judged(piece("a", TAKEN.format(one), BODY), piece("b", TAKEN.format(other), BODY)) == "near"
    assert judged(piece("a", BODY, TAKEN.format(one)), piece("b", BODY, TAKEN.format(other))) == "near"


def test_many_photographs_veto_nothing_where_nearly_all_of_the_text_is_the_same():
    captions = [
        TAKEN.format(f"{month} {day}, {2010 + day}") for month, day in (("May", 3), ("June", 5), ("July", 7))
    ]
    others = [
        TAKEN.format(f"{month} {day}, {2010 + day}") for month, day in (("May", 4), ("June", 6), ("July", 8))
    ]
    assert judged(piece("a", *captions, BODY, BODY[::-1]), piece("b", *others, BODY, BODY[::-1])) == "near"


def test_measures_veto_though_nearly_all_of_the_text_is_the_same():
    rose = "The price of diesel rose by {} percent."
    assert judged(piece("a", BODY, rose.format(4)), piece("b", BODY, rose.format(9))) == "numbers"
    assert judged(piece("a", BODY, rose.format("2.5")), piece("b", BODY, rose.format("20.5"))) == "numbers"


def test_the_dates_and_times_of_a_notice_are_its_news():
    notice = (
        "The council of Holm will meet on {} at {} in the hall on Station Road. Residents who wish to speak are"
        " asked"
        " to register with the clerk. The minutes of the last meeting are on the notice board."
    )
    one = piece("a", notice.format("3 May 2026", "18:00"), title="Council of Holm meets in the hall")
    other = piece("b", notice.format("5 May 2026", "19:30"), title="Council of Holm meets in the hall")
    assert judged(one, other) == "numbers"


@pytest.mark.parametrize(
    ("text", "stamps"),
    [
        ("taken November 24, 2026 at 08:14", {"24", "2026", "08:14"}),
        ("taken 24 November 2026", {"24", "2026"}),
        ("code HLM88231 of 3 May", {"88231"}),
        ("2026年11月24日上涨40点", {"2026", "11"}),
        ("24/11/2026 and 24-11", {"24/11/2026"}),
        ("in 2026 some USD400 of 2,026 fell by 7.5 on 3 May", set()),
        ("88231", set()),
    ],
)
def test_a_stamp_is_a_clock_a_whole_date_or_what_is_written_onto_a_word(text: str, stamps: set[str]):
    assert {number for _, number in split_words(text).stamps} == stamps


FURNITURE = (
    "Join us on Telegram, WhatsApp, Facebook, Twitter, LinkedIn, Google, Instagram, Signal, Mastodon, Threads,"
    " Reddit,"
    " Crossword, Sudoku, Buzzword, Guess, Saturday, Review, Download, Bookmark, Email, Summary, Games and Cards"
)
MENU = (
    "Read our Business, Standard, Technology, Opinion, Markets, Money, Sports, India, World, Elections, Budget,"
    " Podcasts, Videos, Photos, Lifestyle, Health, Education, Specials, Reports, Portfolio, Elsewhere and Archive"
)
NAMED = BODY.replace(
    "its owner said", "Ann Holt of Norwire and Tobias Renn of Sarven Diesel in Lower Korrin said"
).replace("the ministry", "Ela Mardin of the Energy Ministry in Tandruk with Piet Vos")


def test_the_names_of_pages_around_one_text_veto_nothing():
    assert judged(piece("a", NAMED, FURNITURE), piece("b", NAMED, MENU)) == "near"
    assert judged(piece("a", NAMED, FURNITURE, title="At sea"), piece("b", NAMED, MENU)) == "names"
    assert judged(piece("a", BODY, FURNITURE), piece("b", BODY, MENU)) == "names", "hardly a name is common"


LATER = NOON + timedelta(minutes=30)


def headline(title: str) -> Sighting:
    """What a search makes of an article: its headline, and the outlet."""
    signature = stories.sign(entry(title, "", url="https://search.example/r/1"))
    return Sighting(uid="h", source_id="search", published=LATER, signature=signature, host="search.example")


@pytest.mark.parametrize("outlet", ["lake-news.example", "www.lake-news.example", "Lake-News", "The Lake Herald"])
@pytest.mark.parametrize("separator", [" - ", " | ", " — "])
def test_an_outlet_is_known_by_its_domain_and_by_what_its_feed_is_called(outlet: str, separator: str):
    called = frozenset({"the lake herald - business", "lake"})
    found = headline(f"{TITLE}{separator}{outlet}")
    assert judged(found, piece("b", BODY, host="lake-news.example", called=called)) == "headline"
    assert (
        judged(found, piece("b", BODY, host="sea.example", called=frozenset({"the lake", "herald"}))) == "unlike"
    )


@pytest.mark.parametrize("title", [TITLE, f"{TITLE} -", f"{TITLE} - x", f"{TITLE} - {'x' * 60}"])
def test_a_headline_that_names_no_outlet_joins_no_source_that_is_called_nothing(title: str):
    assert judged(headline(title), piece("b", BODY, host="", called=frozenset({"", "- x"}))) == "unlike"
