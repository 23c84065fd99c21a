"""Two entries were taken back; a third withdrawal is of an id that is shown again, a fourth of what is no IRI."""

from dataclasses import replace

from aggregator.model import Tombstone
from tests.publish.editions import edition, item
from tests.support.nouns import at

LATER, EARLIER = at("2026-03-01T09:00:00Z"), at("2026-02-20T09:00:00Z")

EDITION = replace(
    edition(item(1, at("2026-02-28T09:00:00Z"), title="One")),
    tombstones=(
        Tombstone(id="https://example.org/posts?a=1&b=2", when=LATER),
        Tombstone(id="urn:uuid:00000000-0000-5000-8000-000000000001", when=LATER),
        Tombstone(id="1234", when=EARLIER),
        Tombstone(id="urn:uuid:00000000-0000-5000-8000-000000000002", when=EARLIER),
    ),
)
