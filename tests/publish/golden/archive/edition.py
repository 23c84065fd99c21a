"""The third page of an archive, between the second and what people subscribe to."""

from dataclasses import replace

from tests.publish.editions import edition, item
from tests.support.nouns import at

EDITION = replace(
    edition(item(2, at("2026-02-27T08:00:00Z"), title="Two"), item(1, at("2026-02-28T09:00:00Z"), title="One")),
    archive_page=3,
    previous=2,
)
