"""What a filter may ask of an entry besides words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aggregator.model import Drop, Enclosure, InLanguage, Keep, Matcher, OfAge, OfLength, WithMedia
from aggregator.publish import Selection, can_show, select
from aggregator.publish.conditions import holds
from tests.publish.editions import item
from tests.publish.test_publish_selection import publication, river, titles
from tests.support.nouns import NOON, source

DAY = timedelta(days=1)


def word(folded: str, field: str = "any") -> Matcher:
    return Matcher(field=field, pattern=folded, shown=folded, folded=True)


def of_age(key: str, span: timedelta) -> OfAge:
    return OfAge(than=span, older=key == "older_than", shown=key, since=NOON - span)


def of_length(key: str, than: int, unit: str = "words") -> OfLength:
    return OfLength(than=than, unit=unit, longer=key == "longer_than", shown=key)


@pytest.mark.parametrize(
    ("condition", "age", "found"),
    [
        (of_age("older_than", 30 * DAY), 31 * DAY, True),
        (of_age("older_than", 30 * DAY), 30 * DAY, False),
        (of_age("newer_than", 2 * DAY), DAY, True),
        (of_age("newer_than", 2 * DAY), 3 * DAY, False),
        (of_age("newer_than", 2 * DAY), 2 * DAY, False),
        (OfAge(than=DAY, older=True, shown=""), 3 * DAY, False),
        (OfAge(than=DAY, older=False, shown=""), timedelta(), False),
    ],
)
def test_an_items_age_counts_from_its_publication_to_the_present_hour(condition, age, found):
    assert holds(condition, item(1, NOON - age)) is found


@pytest.mark.parametrize(
    ("condition", "text", "found"),
    [
        (of_length("longer_than", 3), "It rained, then stopped.", True),
        (of_length("longer_than", 4), "It rained, then stopped.", False),
        (of_length("shorter_than", 4), "It rained, then stopped.", False),
        (of_length("shorter_than", 5), "It rained, then stopped.", True),
        (of_length("shorter_than", 3), "it's a-b – !", True),
        (of_length("longer_than", 5), "東京で雨が降る", True),
        (of_length("shorter_than", 3), "東京 Tokyo", False),
        (of_length("longer_than", 4, "characters"), "abcde", True),
        (of_length("shorter_than", 6, "characters"), "abcde", True),
        (of_length("shorter_than", 5, "characters"), "abcde", False),
        (of_length("shorter_than", 1), "", True),
    ],
)
def test_a_texts_length_is_counted_in_words_or_characters(condition, text, found):
    assert holds(condition, item(1, NOON, text=text)) is found


@pytest.mark.parametrize(
    ("tag", "said", "found"),
    [
        ("de", "de", True),
        ("de", "de-AT", True),
        ("pt-BR", "pt-br", True),
        ("de", "den", False),
        ("de", None, False),
    ],
)
def test_a_language_is_that_which_the_entry_names_with_its_regions(tag, said, found):
    assert holds(InLanguage(tag=tag, shown=""), item(1, NOON, language=said)) is found


@pytest.mark.parametrize(
    ("kind", "fields", "found"),
    [
        ("audio", {"enclosures": (Enclosure(url="https://a.example/1", type="audio/mpeg"),)}, True),
        ("audio", {"enclosures": (Enclosure(url="https://a.example/1.mp3"),)}, True),
        ("video", {"enclosures": (Enclosure(url="https://a.example/1.mp3"),)}, False),
        ("video", {"content": '<p><video src="https://a.example/1" controls=""></video></p>'}, True),
        ("image", {"image": "https://a.example/1.png"}, True),
        ("image", {"content": None, "summary": '<img src="https://a.example/1.png" alt="">'}, True),
        ("image", {"enclosures": (Enclosure(url="https://a.example/1", type="image/png"),)}, True),
        ("image", {"enclosures": (Enclosure(url="https://a.example/1.bin"),)}, False),
    ],
)
def test_media_are_attached_or_in_the_text(kind, fields, found):
    assert holds(WithMedia(kind=kind, shown=""), item(1, NOON, **fields)) is found


def test_a_plain_word_is_found_in_folded_letters_and_a_pattern_in_the_text_as_it_is():
    street = item(1, NOON, title="Neues aus der Straße", text="")
    assert holds(word("strasse"), street)
    assert not holds(Matcher(field="title", pattern="strasse", shown=""), street)


@pytest.mark.parametrize(
    ("step", "left"),
    [
        (Drop(any_of=(of_age("older_than", timedelta(hours=2)),)), "abc"),
        (Keep(any_of=(of_age("newer_than", timedelta(hours=2)),)), "ab"),
        (Keep(any_of=(of_age("newer_than", timedelta(hours=2)), word("d"))), "abd"),
        (Drop(any_of=(word("b"), of_age("newer_than", timedelta(hours=2)))), "cde"),
        (Keep(any_of=(of_age("older_than", timedelta(hours=2)),)), "de"),
    ],
)
def test_a_filter_by_age_is_one_among_others(step, left):
    where, there = publication(filters=(step,)), source()
    items = river(*"abcde")
    assert "".join(titles(select(where, {"river": there}, items))) == left
    assert "".join(one.entry.title for one in items if can_show(where, there, one)) == left


@pytest.mark.parametrize(
    ("step", "stops"),
    [
        (Drop(any_of=(of_age("older_than", DAY),)), True),
        (Keep(any_of=(of_age("newer_than", DAY),)), True),
        (Keep(any_of=(of_age("newer_than", DAY), word("x"))), False),
        (Keep(any_of=(of_age("older_than", DAY),)), False),
        (Drop(any_of=(of_age("newer_than", DAY),)), False),
        (Keep(any_of=()), False),
    ],
)
def test_what_is_far_too_old_ends_the_reading_of_a_source(step, stops):
    selection = Selection(publication(filters=(step,)), {"river": source(), "other": source(id="other")})
    selection.offer([item(1, NOON - 6 * DAY)])
    assert not selection.is_full  # a story may come in the place of an older item than gives its date
    selection.offer([item(2, NOON - 30 * DAY)])
    assert selection.is_full is stops
