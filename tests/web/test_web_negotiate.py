"""Conditional requests and content codings, as equations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.web.negotiate import accepts_gzip, gzip_etag, unmodified
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
    assert accepts_gzip(field)


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
    assert not accepts_gzip(field)


@pytest.mark.parametrize(
    "field", ['"abc"', 'W/"abc"', '"abc-gz"', '"x", W/"abc"', '"x","abc-gz" , "y"', "*", " * ", '"a,b", "abc"']
)
def test_either_form_s_tag_matches_weakly_and_in_lists(field: str):
    assert unmodified(field, None, ETAG, NOON)


@pytest.mark.parametrize("field", ['"other"', '"ab"', "abc", '"abc', "", '"*"', '"abc-br"'])
def test_other_tags_do_not_match(field: str):
    assert not unmodified(field, None, ETAG, NOON)


def test_a_tag_that_does_not_match_outweighs_a_date_that_does():
    assert not unmodified('"other"', "Sun, 01 Mar 2026 12:00:00 GMT", ETAG, NOON)


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
    assert unmodified(None, field, ETAG, NOON)


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
    assert not unmodified(None, field, ETAG, NOON)


def test_a_date_says_nothing_about_what_has_none():
    assert not unmodified(None, "Sun, 01 Mar 2026 12:00:00 GMT", ETAG, None)


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_field_value_is_an_error(first: str, second: str):
    accepts_gzip(first)
    assert unmodified(first, second, ETAG, NOON) in {True, False}
    unmodified(None, second, ETAG, NOON)


@given(st.from_regex(r'"[a-z0-9]{1,20}"', fullmatch=True))
def test_the_two_forms_never_share_a_tag(etag: str):
    assert gzip_etag(etag) != etag
    assert unmodified(gzip_etag(etag), None, etag, None)
