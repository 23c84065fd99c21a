"""Two items: the evidence that they are one piece, or why they are not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator import stories
from aggregator.model import Evidence, Person, Refusal, Sighting
from aggregator.stories.hashing import pack_tokens
from aggregator.stories.similarity import agreement, compare_signatures
from tests.stories.shelf import NOON, entry, labelled, sighted

FIRST = (
    "The crew of a passenger ferry pulled eleven fishermen from the water on Sunday night after their trawler"
    " began to sink 14 miles off Hallin Head, the coastguard said on Monday."
)
SECOND = (
    "The ferry Saint Brannoc was carrying 312 passengers when it received the distress call at 21:40 and turned"
    " back into a rising gale to reach the men, who had put on life jackets."
)
THIRD = (
    "Two of the fishermen were treated for hypothermia in the hospital at Port Ellery and the other nine went"
    " home on Monday morning, some of them on foot."
)
TITLE = "Ferry crew rescue eleven from sinking trawler"
OTHER = (
    "Parliament voted on Thursday by 84 votes to 61 to end the tax on books, a measure that publishers had asked"
    " for since 2009 and that three governments had promised."
)


def item(uid: str, markup: str, title: str = TITLE, **details: Any) -> Sighting:
    """A sighting of a source of its own, unless told otherwise."""
    outer = {name: details.pop(name) for name in list(details) if name in Sighting.__dataclass_fields__}
    found = entry(title, markup, **details)
    values = {"source_id": f"source-{uid}", "published": NOON, "signature": stories.sign(found), **outer}
    return Sighting(uid=uid, **values)


def judged(one: Sighting, other: Sighting) -> str:
    """The method, or the rule that refused; the same both ways round."""
    answer = stories.verify(one, other)
    assert answer == stories.verify(other, one)
    assert answer.reason
    return answer.method if isinstance(answer, Evidence) else answer.rule


WHOLE = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"


def test_one_address_is_one_piece_whatever_the_texts_say():
    one = item("a", WHOLE, url="https://www.lake.example/ferry/?utm_source=x")
    other = item("b", "<p>Comments</p>", "Look", url="http://lake.example/ferry")
    assert judged(one, other) == "url"


def test_one_address_within_a_source_is_a_question_of_identity():
    one = item("a", WHOLE, url="https://lake.example/photo", source_id="lake")
    other = item("b", f"<p>{OTHER}</p>", "Photo", url="https://lake.example/photo", source_id="lake")
    assert judged(one, other) == "unlike"


def test_an_address_that_a_source_uses_for_many_items_says_nothing():
    one = item("a", "<p>A view of the port</p>", url="https://lake.example/photo", shared_url=True)
    assert judged(one, item("b", "<p>A bridge</p>", url="https://lake.example/photo")) == "address"


def test_a_homepage_says_nothing():
    one = item("a", "<p>A view of the port</p>", url="https://lake.example/")
    assert judged(one, item("b", "<p>A bridge</p>", url="https://lake.example")) == "address"


def test_a_comment_on_an_article_is_not_the_article():
    one = item("a", WHOLE, url="https://lake.example/ferry")
    assert judged(one, item("b", f"<p>{OTHER}</p>", "I disagree", url="https://lake.example/ferry")) == "address"


def test_one_address_in_two_scripts_is_two_pieces():
    russian = "Экипаж парома поднял из воды одиннадцать рыбаков " * 5
    one = item("a", WHOLE, url="https://lake.example/ferry")
    assert judged(one, item("b", f"<p>{russian}</p>", TITLE, url="https://lake.example/ferry")) == "language"


def test_the_same_text_within_other_boilerplate_is_one_piece_under_any_title():
    other = item("b", f"<p>HALLIN (Norwire) - {FIRST}</p><p>{SECOND}</p><p>{THIRD}</p><p>Views: 12</p>", "At sea")
    assert judged(item("a", WHOLE), other) == "exact"


@pytest.mark.parametrize(
    "markup",
    [
        f"<p>{SECOND}</p><p>{THIRD}</p><p>{FIRST}</p>",
        f"<p>{FIRST}</p><p>{SECOND[:90]} …</p>",
        f"<p>{FIRST}</p><p>{OTHER}</p><p>{SECOND}</p><p>{THIRD}</p>",
        WHOLE.replace("said", "stated").replace("pulled", "fished"),
    ],
)
def test_reordered_cut_extended_and_edited_copies_are_one_piece(markup: str):
    assert judged(item("a", WHOLE), item("b", markup)) == "near"


def test_a_cut_copy_under_another_title_is_known_by_how_it_begins():
    assert judged(item("a", WHOLE), item("b", f"<p>{FIRST}</p><p>{SECOND}</p>", "At sea")) == "near"


def test_a_few_lines_under_another_title_may_be_those_of_a_platform():
    lines = "<p>This article is for subscribers only. Please log in to go on reading, or take out a subscription"
    lines += " now: the first month costs you nothing, and you may leave again at any time.</p>"
    assert judged(item("a", lines), item("b", lines, "A tax on books ends")) == "short"
    assert judged(item("a", lines), item("b", lines)) == "exact"
    assert judged(item("a", lines, ""), item("b", lines, "")) == "exact"


def test_a_digest_is_none_of_the_stories_that_it_holds():
    long = f"<p>Good evening.</p><p>{OTHER}</p><p>{FIRST}</p>" + f"<p>{OTHER[::-1]}</p>"
    assert judged(item("a", f"<p>{FIRST}</p>"), item("b", long, "Evening briefing")) == "unlike"


def test_a_much_edited_copy_needs_its_title():
    foreign = (
        "Parliament voted to end the tax on books, which publishers had asked for since the old days of lead."
    )
    edited = f"<p>{FIRST}</p><p>{foreign}</p>" + "<p>Nobody could say when the wreck will be raised.</p>" * 2
    whole = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p><p>{THIRD[::-1]}</p>"
    assert judged(item("a", whole), item("b", edited, f"{TITLE} at Hallin")) == "near"
    assert judged(item("a", whole), item("b", edited, "A tax on books ends")) == "unlike"
    assert judged(item("a", whole), item("b", edited, recurring=True)) == "unlike"


def test_items_more_than_five_days_apart_are_never_compared():
    assert judged(item("a", WHOLE), item("b", WHOLE, published=NOON + timedelta(days=5))) == "exact"
    assert judged(item("a", WHOLE), item("b", WHOLE, published=NOON + timedelta(days=5, seconds=1))) == "window"


def test_signatures_made_under_other_rules_are_not_compared():
    other = item("b", WHOLE)
    assert judged(item("a", WHOLE), replace(other, signature=replace(other.signature, version=99))) == "unlike"


def test_two_languages_are_two_pieces():
    one = item("a", WHOLE, language="en-GB")
    assert judged(one, item("b", f"<p>{FIRST}</p>", language="de")) == "language"
    assert judged(one, item("b", f"<p>{FIRST}</p>", language="en")) == "near"


def test_a_wrong_language_label_does_not_part_equal_texts():
    assert judged(item("a", WHOLE, language="en"), item("b", WHOLE, language="fa")) == "exact"


def test_texts_whose_scripts_differ_are_two_pieces():
    one, other = item("a", WHOLE), item("b", WHOLE)
    assert judged(one, replace(other, signature=replace(other.signature, script="greek"))) == "language"


def test_live_blogs_are_one_piece_by_address_only():
    title = "Live: ferry in distress"
    assert judged(item("a", WHOLE, title), item("b", WHOLE, title)) == "live"
    same = {"url": "https://lake.example/live/ferry"}
    assert judged(item("a", WHOLE, title, **same), item("b", WHOLE, title, **same)) == "url"


def test_a_short_correction_stands_alone_but_for_its_own_copies():
    note = f"<p>{FIRST}</p>"
    one = item("a", note, f"Correction: {TITLE}")
    assert judged(one, item("b", note)) == "correction"
    assert judged(one, item("b", note, f"Correction: {TITLE}")) == "exact"


def test_parts_of_a_series_are_not_one_piece():
    assert judged(item("a", WHOLE, "The Long Walk, part 5"), item("b", WHOLE, "The Long Walk, part 6")) == "series"


def test_a_number_lost_from_a_title_makes_no_series():
    assert (
        judged(item("a", WHOLE, "Bank sold for 6 billion"), item("b", WHOLE, "Bank sold for billion")) == "exact"
    )


def test_episodes_are_known_by_their_files():
    one = item("a", WHOLE, media="https://cdn.example/41.mp3?token=1")
    assert judged(one, item("b", "<p>Listen.</p>", "Show", media="http://www.cdn.example/41.mp3")) == "url"
    assert judged(one, item("b", WHOLE, media="https://cdn.example/42.mp3")) == "podcast"
    assert judged(one, item("b", WHOLE)) == "podcast"
    assert judged(item("a", WHOLE, "Our podcast"), item("b", WHOLE, "Our podcast")) == "podcast"


def test_a_long_article_that_can_also_be_heard_is_the_article():
    long = f"{WHOLE}<p>{OTHER}</p>"
    assert judged(item("a", long, media="https://cdn.example/41.mp3"), item("b", long)) == "exact"
    assert judged(item("a", long, "A podcast"), item("b", long, "A podcast")) == "exact"


def test_one_file_twice_in_one_source_is_a_question_of_identity():
    media = "https://cdn.example/41.mp3"
    one = item("a", "<p>Listen.</p>", media=media, source_id="s")
    assert judged(one, item("b", "<p>Hear.</p>", media=media, source_id="s")) == "unlike"


def test_a_short_item_needs_the_same_text_and_the_same_title():
    text = "<p>Satu Niemi beat Ravi Menon in Tandruk on Sunday.</p>"
    assert judged(item("a", text), item("b", text)) == "exact"
    assert judged(item("a", text), item("b", text, "Sport in brief")) == "short"
    assert judged(item("a", text, ""), item("b", text, "")) == "short"
    assert judged(item("a", text), item("b", text.replace("on Sunday", "today"))) == "short"
    assert judged(item("a", text, recurring=True), item("b", text)) == "recurring"


def test_items_without_text_are_never_the_same():
    assert judged(item("a", ""), item("b", "")) == "unlike"


def test_one_source_is_merged_only_when_it_plainly_posted_twice():
    long = f"{WHOLE}<p>{OTHER}</p>"
    one = item("a", long, source_id="s")
    assert judged(one, item("b", long, source_id="s", published=NOON + timedelta(hours=11))) == "exact"
    assert judged(one, item("b", long, source_id="s", published=NOON + timedelta(hours=12))) == "source"
    assert judged(one, item("b", long.replace("312", "313"), source_id="s")) == "source"
    assert judged(one, item("b", long, "At sea", source_id="s")) == "source"
    assert judged(one, item("b", long, source_id="s", recurring=True)) == "source"
    assert (
        judged(item("a", f"<p>{FIRST}</p>", source_id="s"), item("b", f"<p>{FIRST}</p>", source_id="s"))
        == "source"
    )


def test_notices_made_from_a_form_differ_in_their_numbers():
    notice = "<p>Sunny spells and a light wind are expected in the valley with a high of {} and a low of {}.</p>"
    notice += "<p>The chance of rain is {} percent, and drivers are advised to take care in the morning fog.</p>"
    one, other = item("a", notice.format(13, 4, 20)), item("b", notice.format(11, 6, 70))
    assert judged(one, other) == "numbers"
    assert judged(one, replace(other, recurring=True)) == "numbers"


def test_notices_made_from_a_form_differ_in_their_names():
    notice = (
        "<p>The council meeting planned for this evening in {} has been called off because the hall is without"
    )
    notice += " heating, the clerk {} said. A new date will be announced on the notice board of the town hall.</p>"
    assert (
        judged(item("a", notice.format("Ellery", "Wren")), item("b", notice.format("Morwen", "Brand"))) == "names"
    )


def test_a_number_lost_in_editing_does_not_part_copies_with_one_title():
    long = f"{WHOLE}<p>{OTHER}</p>"
    edited = long.replace("14 miles", "20 miles").replace("312 passengers", "320 passengers")
    assert judged(item("a", long), item("b", edited)) == "near"
    assert judged(item("a", long), item("b", edited, "At sea")) == "numbers"


def test_agreement_of_great_sets_is_estimated_from_their_smallest_hashes():
    many = [str(number) for number in range(1000)]
    assert agreement(pack_tokens(many), pack_tokens(many)) == 1
    assert agreement(pack_tokens(many), pack_tokens(many[500:])) > 0.9
    assert agreement(pack_tokens(many), pack_tokens([f"x{number}" for number in range(1000)])) < 0.1


def test_likeness_of_great_texts_is_estimated_within_a_few_hundredths():
    tokens = [f"w{number}" for number in range(6000)]
    one, other = (stories.sign(entry("", f"<p>{' '.join(part)}</p>")) for part in (tokens, tokens[2000:]))
    likely = compare_signatures(one, other)
    assert likely.jaccard == pytest.approx(2 / 3, abs=0.06)
    assert likely.containment > 0.95


@given(st.lists(st.sampled_from(["ferry", "Brannoc", "14", "312", "gale", "渡轮", "."]), max_size=80), st.data())
def test_every_share_lies_between_0_and_1_and_is_the_same_both_ways(taken: list[str], data: st.DataObject):
    given_words = data.draw(st.permutations(taken))
    one = item("a", f"<p>{' '.join(taken)}</p>", "A title of words")
    other = item("b", f"<p>{' '.join(given_words)}</p>", "Another title of words")
    likely = compare_signatures(one.signature, other.signature)
    assert likely == compare_signatures(other.signature, one.signature)
    shares = (likely.jaccard, likely.containment, likely.title, likely.numbers, likely.figures, likely.names)
    assert all(0 <= share <= 1 for share in shares)
    assert judged(one, other)


def test_judging_is_symmetric_and_scores_lie_between_0_and_1_on_labelled_data():
    found = [sighted(row) for row in labelled("story-pairs.jsonl")]
    for one, other in combinations(found, 2):
        answer = stories.verify(one, other)
        assert answer == stories.verify(other, one)
        if isinstance(answer, Evidence):
            assert 0 < answer.score <= 1
        else:
            assert isinstance(answer, Refusal)


ID = "tag:lake.example,2026:ferry"
FERRY = "https://lake.example/posts/ferry"
LONG_AGO = NOON - timedelta(days=18)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"entry_id": ID}, {"entry_id": ID, "markup": "<p>Read it.</p>", "title": "Look"}, "url"),
        ({}, {}, "url"),
        ({"entry_id": FERRY}, {"entry_id": FERRY}, "url"),
        ({"entry_id": FERRY}, {"entry_id": FERRY, "markup": f"<p>{OTHER}</p>", "title": "Look"}, "window"),
        (
            {"entry_id": ID},
            {"entry_id": "7", "markup": f"<p>{OTHER}</p>", "title": "A ferry, a month on"},
            "window",
        ),
        ({}, {"markup": "<p>Worth a look.</p>"}, "window"),
        ({}, {"url": "https://lake.example/posts/other"}, "window"),
        ({"entry_id": ID, "shared_url": True}, {"entry_id": ID}, "address"),
    ],
)
def test_beyond_the_window_one_address_needs_one_id_or_one_text(
    one: dict[str, Any], other: dict[str, Any], expected: str
) -> None:
    given_one, given_other = ({"markup": WHOLE, "url": FERRY} | found for found in (one, other))
    assert judged(item("a", **given_one), item("b", published=LONG_AGO, **given_other)) == expected


HEADLINE = "Ferry crew rescue eleven from sinking trawler off Hallin Head"
WRAPPED = f"<a href='https://wrap.example/r/1'>{HEADLINE}</a>&nbsp; <font>Lake News</font>"


def bare(
    uid: str = "a", title: str = f"{HEADLINE} - Lake News", markup: str = WRAPPED, **details: Any
) -> Sighting:
    """What a search makes of an article."""
    return item(uid, markup, title, **{"url": f"https://wrap.example/r/{uid}", "host": "wrap.example"} | details)


def article(title: str = HEADLINE, markup: str = WHOLE, **details: Any) -> Sighting:
    """An article on the outlet's own site."""
    return item("b", markup, title, **{"url": FERRY, "host": "lakenews.example"} | details)


def test_a_headline_joins_the_article_of_its_outlet_and_hour():
    hour = NOON + timedelta(minutes=80)
    assert judged(bare(), article()) == "headline"
    assert judged(bare(), article(published=hour)) == "headline"
    assert (
        judged(bare(), article("Ferry crew rescue eleven men from sinking trawler off Hallin", published=hour))
        == "headline"
    )
    assert judged(bare(markup=""), article()) == "headline"
    assert judged(bare(title=HEADLINE, markup="", host="lakenews.example"), article()) == "headline"
    assert judged(bare(markup=""), article(markup="")) == "headline"


@pytest.mark.parametrize(
    "named",
    [
        {"markup": f"<p>HALLIN (Lake News) - {FIRST}</p><p>{SECOND}</p>"},
        {"markup": f"{WHOLE}<p>Source: Lake</p>"},
        {"markup": f"{WHOLE}<p>He spoke to the Lake yesterday.</p>"},
        {"authors": (Person(name="Jane Roe"), Person(name="Lake News"))},
    ],
)
def test_a_headline_joins_an_article_that_names_its_outlet(named: dict[str, Any]) -> None:
    assert judged(bare(), article(**{"host": "sea.example", **named})) == "headline"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"host": "sea.example"}),
        ({}, {"host": ""}),
        ({"title": HEADLINE}, {}),
        ({}, {"published": NOON + timedelta(hours=3)}),
        ({}, {"title": "Second trawler in a week sinks off Hallin Head, crew safe"}),
        ({"title": f"{HEADLINE} 2 - Lake News"}, {"title": f"{HEADLINE} 3"}),
        ({"recurring": True}, {}),
        ({}, {"recurring": True}),
        ({"title": "Ferry rescue - Lake News", "markup": "Ferry rescue Lake News"}, {"title": "Ferry rescue"}),
        ({}, {"source_id": "source-a"}),
        ({"title": f"Watch {HEADLINE} - Lake News"}, {}),
        ({}, {"url": "https://lakenews.example/videos/ferry"}),
        ({}, {"title": f"Correction: {HEADLINE}", "markup": f"<p>{FIRST}</p>"}),
        (
            {"markup": ""},
            {"markup": "", "title": "Ferry crew rescue eleven men from a sinking trawler off Hallin"},
        ),
    ],
)
def test_a_headline_alone_joins_nothing(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert judged(bare(**one), article(**other)) not in {"headline", "near", "exact", "url"}


def test_a_text_that_adds_to_its_title_is_no_headline_only():
    brief = f"<p>{HEADLINE}, and nobody of the crew was hurt, said the coastguard.</p>"
    assert "headline" not in bare(markup=brief).signature.traits
    assert bare().signature.length == 0


def test_an_outlets_number_for_an_article_outlives_a_new_headline():
    edited = f"<p>{FIRST}</p><p>Shares fell 9 % on Monday, 3 % on Tuesday and 5 % on Friday.</p><p>{THIRD}</p>"
    first = item("a", WHOLE, article="lake.example/6326331")
    later = item("b", edited, "Rescue at night: eleven saved", article="lake.example/6326331")
    assert judged(first, later) == "url"
    assert judged(first, replace(later, article="lake.example/6326332")) != "url"
    assert judged(first, replace(later, source_id="source-a")) == "source"
    assert judged(first, item("b", f"<p>{OTHER}</p>", "Books", article="lake.example/6326331")) == "unlike"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.lake.example/business/stocks-slide-6326331", "lake.example/6326331"),
        ("https://lake.example/2026/08/20260821/a-126082100097_1.html?id=7654321", "lake.example/126082100097"),
        ("https://lake.example/20260821/stocks", ""),
        ("https://lake.example/202608/stocks-12345", ""),
        ("mailto:x", ""),
        (None, ""),
    ],
)
def test_the_number_of_an_article_is_the_last_that_is_no_day(url: str | None, expected: str) -> None:
    assert stories.addresses.article_number(url) == expected


SHOW = (
    f"{FIRST} Copper rose. The maker of looms, Tarn, bought its own shares."
    " Jane Roe brings you the news of the day, with guests from two banks and the port of Holm."
)


def test_a_programme_that_begins_with_an_article_is_not_that_article():
    told = item("a", f"<p>{FIRST}</p>", "Ferry crew rescue eleven")
    assert (
        judged(told, item("b", SHOW, "Ferry crew rescue eleven, copper rises | The Morning Trade 5/5"))
        == "programme"
    )
    assert (
        judged(told, item("b", SHOW, "Ferry crew rescue eleven", url="https://lake.example/videos/x"))
        == "programme"
    )
    assert judged(told, item("b", f"<p>{FIRST}</p>", "Ferry crew", url="https://lake.example/videos/x")) == "exact"


def test_few_numbers_veto_nothing_that_has_one_title_and_one_text():
    one = item("a", f"<p>{FIRST}</p><p>{THIRD}</p><p>It sank on 3 May 2026, said code 44710</p>")
    other = item("b", f"<p>{FIRST}</p><p>{THIRD}</p><p>Built in 1987, it has the letters HB 8823 on its bow</p>")
    assert judged(one, other) == "near"
    assert (
        judged(one, item("b", f"<p>{FIRST}</p><p>{THIRD}</p><p>It sank on 4 June 2027, said code 9</p>", "Other"))
        == "numbers"
    )
