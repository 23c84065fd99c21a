"""The entry within which a document breaks off."""

from __future__ import annotations

from aggregator.dedupe import wanted_keys, without_unfinished
from aggregator.model import FeedMeta, Reading
from tests.support.nouns import entry

FIRST, LAST = (
    entry(),
    entry(id="tag:example.org,2026:2", url="https://example.org/2", url_key="example.org/2", position=1),
)


def test_the_entry_within_which_a_document_breaks_off_is_left_out_where_its_item_is_known():
    broken = Reading(meta=FeedMeta(), entries=(FIRST, LAST), unfinished=1)
    assert without_unfinished(broken, wanted_keys((LAST,))) == (FIRST,)


def test_what_there_is_of_a_new_item_is_better_than_nothing():
    broken = Reading(meta=FeedMeta(), entries=(FIRST, LAST), unfinished=1)
    assert without_unfinished(broken, wanted_keys((FIRST,))) == (FIRST, LAST)


def test_of_a_document_that_goes_on_to_its_end_all_entries_count():
    whole = Reading(meta=FeedMeta(), entries=(FIRST, LAST))
    assert without_unfinished(whole, wanted_keys((FIRST, LAST))) == (FIRST, LAST)
