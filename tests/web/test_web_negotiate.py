"""Conditional requests and content codings, as equations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.web.negotiate import choose_coding, coded_etag, held_tags, is_unmodified, wants_feed
from tests.support.nouns import NOON

ETAG = '"abc"'


@pytest.mark.parametrize(
    "field",
    [
        "gzip",
        "GZIP",
        "deflate, gzip;q=1.0, *;q=0.5",
        "x-gzip",
        "*",
        "br;q=1, gzip; q=0.2",
        "gzip;q=0.001",
        "gzip;Q=1",
    ],
)
def test_gzip_goes_to_those_who_want_it(field: str):
    assert choose_coding(field, ["gzip"]) == "gzip"


@pytest.mark.parametrize(
    "field",
    [
        None,
        "",
        "identity",
        "br, deflate",
        "gzip;q=0",
        "gzip;q=0.000, *",
        "*;q=0",
        "gzip;q=0.5, identity",
        "gzip;q=nonsense",
        "gzip;q=2",
        "gzip;level=9",
        ",;,",
    ],
)
def test_gzip_goes_to_nobody_else(field: str | None):
    assert choose_coding(field, ["gzip"]) is None


@pytest.mark.parametrize(
    "field",
    ['"abc"', 'W/"abc"', '"abc-gz"', '"abc-br"', '"x", W/"abc"', '"x","abc-gz" , "y"', "*", " * ", '"a,b", "abc"'],
)
def test_either_form_s_tag_matches_weakly_and_in_lists(field: str):
    assert is_unmodified(field, None, ETAG, NOON)


@pytest.mark.parametrize(
    "end", ["-gzip", "--gzip", ";gzip", "-br", "-gz", ":zstd", "-deflate", "-gz-gzip", ".br--gzip"]
)
@pytest.mark.parametrize("before", ["", "W/", '"other", '])
def test_a_tag_that_a_compressing_proxy_rewrote_matches(before: str, end: str):
    assert is_unmodified(f'{before}"abc{end}"', None, ETAG, NOON)
    assert not is_unmodified(f'{before}"abcd{end}"', None, ETAG, NOON)


@pytest.mark.parametrize("field", ['"other"', '"ab"', "abc", '"abc', "", '"*"', '"abc-zz"'])
def test_other_tags_do_not_match(field: str):
    assert not is_unmodified(field, None, ETAG, NOON)


def test_a_tag_that_does_not_match_outweighs_a_date_that_does():
    assert not is_unmodified('"other"', "Sun, 01 Mar 2026 12:00:00 GMT", ETAG, NOON)


@pytest.mark.parametrize(
    "field",
    [
        "Sun, 01 Mar 2026 12:00:00 GMT",
        "Sun, 01 Mar 2026 12:00:01 GMT",
        "Sunday, 01-Mar-26 12:00:00 GMT",
        "Sun Mar  1 12:00:00 2026",
    ],
)
def test_all_three_forms_of_http_date_are_understood(field: str):
    assert is_unmodified(None, field, ETAG, NOON)


@pytest.mark.parametrize(
    "field",
    [
        "Sun, 01 Mar 2026 11:59:59 GMT",
        "yesterday",
        "",
        "Sun, 99 Mar 2026 12:00:00 GMT",
        "0",
        "Sun, 01 Mar 99999999999 12:00:00 GMT",
    ],
)
def test_earlier_dates_and_nonsense_get_the_document(field: str):
    assert not is_unmodified(None, field, ETAG, NOON)


def test_a_date_says_nothing_about_what_has_none():
    assert not is_unmodified(None, "Sun, 01 Mar 2026 12:00:00 GMT", ETAG, None)


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_field_value_is_an_error(first: str, second: str):
    assert choose_coding(first, ["gzip", "br"]) in {None, "gzip", "br"}
    assert wants_feed(first) in {True, False}
    held_tags(first)
    assert is_unmodified(first, second, ETAG, NOON) in {True, False}
    is_unmodified(None, second, ETAG, NOON)


@given(st.from_regex(r'"[a-z0-9]{1,20}"', fullmatch=True))
def test_no_two_forms_share_a_tag_and_all_name_the_same_document(etag: str):
    tags = [coded_etag(etag, form) for form in (None, "gzip", "br")]
    assert len(set(tags)) == 3
    assert all(is_unmodified(tag, None, etag, None) for tag in tags)
    assert held_tags(", ".join(tags)) == (etag,)


@pytest.mark.parametrize(
    ("field", "chosen"),
    [
        ("gzip, deflate, br", "br"),
        ("br", "br"),
        ("gzip;q=0.9, br;q=0.8", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("*", "gzip"),
        ("br;q=0.5, identity", None),
        (None, None),
    ],
)
def test_the_most_welcome_coding_is_chosen_and_brotli_among_equals(field: str | None, chosen: str | None):
    assert choose_coding(field, ["gzip", "br"]) == chosen
    assert choose_coding(field, ["br", "gzip"]) == chosen


@pytest.mark.parametrize(
    ("field", "wanted"),
    [("feed", True), ("vcdiff, Feed;q=0.5", True), ("feed;q=0", False), (None, False), ("feeds", False)],
)
def test_only_who_asks_for_the_feed_manipulation_gets_it(field: str | None, wanted: bool):
    assert wants_feed(field) is wanted


def test_a_star_names_no_edition():
    assert held_tags("*") == held_tags(None) == ()


def test_a_date_in_the_future_says_nothing():
    later = "Mon, 02 Mar 2026 12:00:00 GMT"
    assert not is_unmodified(None, later, ETAG, NOON, NOON)
    assert is_unmodified(None, later, ETAG, NOON)
