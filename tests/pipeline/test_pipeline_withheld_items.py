"""What feeds.yaml has shown nowhere, as it is asked of the store."""

from __future__ import annotations

from datetime import UTC, datetime

from aggregator.model import Catalogue, Publication, Site, SourceState
from aggregator.pipeline.withheld_items import withholding
from tests.support.nouns import source

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def state(name: str, read_from: str) -> SourceState:
    return SourceState(source_id=name, next_poll_at=NOON, read_from=read_from)


def test_sources_of_a_host_go_by_their_address_and_by_where_they_were_read():
    found = Catalogue(
        site=Site(title="Planet", link=None, contact=None),
        sources=(source(id="asked", opted_out="site.example"), source(id="moved"), source(id="own")),
        publications=(Publication(id="all", title="All"),),
        withdrawn={"urn:1": 4},
        opted_out={"site.example": 1},
    )
    places = {
        "moved": "https://feeds.site.example/x",
        "own": "https://own.example/",
        "gone": "https://site.example/",
    }
    asked = withholding(found, {name: state(name, url) for name, url in places.items()})
    assert (set(asked.names), set(asked.hosts)) == ({"urn:1"}, {"site.example"})
    assert asked.sources == {"asked": "site.example", "moved": "site.example", "gone": "site.example"}
    assert withholding(found, {}).sources == {"asked": "site.example"}
