"""Documents taken apart: what is new since an earlier edition; all but what was withdrawn."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model import Document, Edition, Format
from aggregator.publish import find_faults, keep_changed, leave_out, render_all
from tests.publish.editions import edition, item
from tests.publish.test_publish_properties import EDITIONS
from tests.support.nouns import NOON

LATER = NOON + timedelta(hours=1)


def written(one: Edition, form: Format) -> Document:
    return next(found for found in render_all(one).documents if found.format == form)


@pytest.mark.parametrize("form", get_args(Format))
def test_every_entry_has_a_mark_and_equal_entries_equal_ones(form: Format):
    first = written(edition(item(2), item(1)), form)
    second = written(edition(item(3), item(2), item(1, title="Changed")), form)
    assert {mark.since for mark in first.digests} == {NOON}
    assert [mark.digest in {one.digest for one in first.digests} for mark in second.digests] == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize("form", get_args(Format))
def test_only_entries_later_than_the_moment_are_left(form: Format):
    whole = written(edition(item(3), item(2), item(1)), form)
    digests = tuple(
        replace(mark, since=moment) for mark, moment in zip(whole.digests, (LATER, NOON, LATER), strict=True)
    )
    body = keep_changed(replace(whole, digests=digests), NOON)
    # The same document as one that never had the others, but for the feed's date, which is that of the newest.
    assert body == written(edition(item(3), item(1)), form).body
    assert keep_changed(replace(whole, digests=digests), NOON - LATER.resolution) == whole.body
    assert keep_changed(replace(whole, digests=digests), LATER) == written(edition(), form).body


@pytest.mark.parametrize("form", get_args(Format))
def test_marks_that_are_not_the_document_s_tell_nothing(form: Format):
    whole = written(edition(item(2), item(1)), form)
    assert keep_changed(replace(whole, digests=whole.digests[:1]), NOON) is None
    assert keep_changed(replace(whole, digests=()), NOON) is None


@pytest.mark.parametrize("form", get_args(Format))
def test_a_document_without_entries_stays_as_it_is(form: Format):
    empty = written(edition(), form)
    assert empty.digests == ()
    assert keep_changed(empty, NOON) == empty.body
    assert leave_out(empty.body, form, {"urn:x"}) == empty.body


@pytest.mark.parametrize("form", get_args(Format))
def test_what_is_taken_out_is_named_by_its_id_however_that_is_spelled(form: Format):
    odd = "https://example.org/?a=1&b='2'"
    whole = written(edition(item(2, public_id=odd), item(1)), form)
    assert leave_out(whole.body, form, {odd}) == written(edition(item(1)), form).body
    assert leave_out(whole.body, form, {"urn:nobody"}) == whole.body


@settings(max_examples=40, deadline=None)
@given(EDITIONS, st.data())
def test_parts_of_any_edition_are_documents_without_fault_with_just_those_entries(
    one: Edition, data: st.DataObject
):
    ids = [found.public_id for found in one.items]
    gone = set(data.draw(st.lists(st.sampled_from(ids)))) if ids else set()
    for whole in render_all(one).documents:
        body = leave_out(whole.body, whole.format, gone)
        assert find_faults(replace(whole, body=body)) == ()
        assert len(whole.digests) == len(ids)
        if whole.format == "json":
            assert [found["id"] for found in json.loads(body)["items"]] == [
                name for name in ids if name not in gone
            ]
        assert body.count(b"urn:uuid:00000000") >= len(ids) - len(gone)
