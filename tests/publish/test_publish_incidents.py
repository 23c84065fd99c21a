"""Incidents as a feed for the operator's reader."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import feedparser
import pytest

from aggregator.model import Incident, Site
from aggregator.publish.incident_feed import render_incidents
from tests.support.nouns import NOON

SILENT = Incident(
    id="urn:uuid:3f1c9e0a-0000-5000-8000-000000000001",
    kind="silent",
    subject="river",
    title="River News is silent",
    text="It posts <b>daily</b> & has posted nothing for 9 days.",
    began=NOON,
    changed=NOON,
)
OVER = replace(
    SILENT, id="urn:uuid:3f1c9e0a-0000-5000-8000-000000000002", ended=NOON + timedelta(hours=2),
    changed=NOON + timedelta(hours=2),
)  # fmt: skip


@pytest.mark.parametrize("link", ["https://planet.example/", None])
def test_each_incident_is_an_entry_that_says_since_when_and_whether_it_is_over(link: str | None):
    body = render_incidents([OVER, SILENT], Site(title="Planet", link=link, contact=None), "a/status", NOON)
    read = feedparser.parse(body)
    assert not read.bozo
    over, silent = read.entries
    assert (over.id, silent.id) == (OVER.id, SILENT.id)
    assert (over.title, silent.title) == ("Over: River News is silent", "River News is silent")
    assert "&lt;b&gt;daily&lt;/b&gt; &amp; has" in silent.content[0].value
    assert ("Over since" in over.content[0].value, "Over since" in silent.content[0].value) == (True, False)
    assert over.updated == "2026-03-01T14:00:00Z" == read.feed.updated
    assert [one.href for one in silent.get("links", ())] == ([f"{link}status"] if link else [])


def test_while_nothing_is_the_matter_the_feed_is_empty_and_dated_by_what_it_is_given():
    read = feedparser.parse(render_incidents([], Site(title="Planet", link=None, contact=None), "a/status", NOON))
    assert (read.entries, read.feed.updated) == ([], "2026-03-01T12:00:00Z")
