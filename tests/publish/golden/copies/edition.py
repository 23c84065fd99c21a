"""A story that three sources carry, one twice; a copy without an address, and one at the address that is shown."""

from dataclasses import replace

from tests.publish.editions import edition, item, origin
from tests.support.nouns import at, source

WHEN = at("2026-02-28T08:00:00Z")
LAKE, SEA = (
    source(id=name, location=f"https://{name}.example/feed", url=f"https://{name}.example/feed")
    for name in ("lake", "sea")
)
SHOWN = item(1, WHEN, title="A pier collapses", url="https://example.org/1")
BRIEF = item(2, at("2026-02-27T08:00:00Z"), title="A poor harvest", url="https://example.org/2", content=None)

EDITION = replace(
    edition(SHOWN, BRIEF, origins=(origin(), origin(LAKE, title="Lake & Sons"), origin(SEA, title=""))),
    copies={
        SHOWN.public_id: (
            item(3, WHEN, source_id="lake", url="https://lake.example/1?a=1&b=2"),
            item(4, WHEN, source_id="lake", url="https://lake.example/1?a=1&b=2"),
            item(5, WHEN, source_id="sea", url="https://sea.example/1"),
            item(6, WHEN, source_id="sea", url=None),
            item(7, WHEN, source_id="sea", url="https://example.org/1"),
            item(8, WHEN, source_id="river", url="https://example.org/8"),
            item(9, WHEN, source_id="gone", url="https://gone.example/9"),
        ),
        BRIEF.public_id: (item(10, WHEN, source_id="sea", url="https://sea.example/2"),),
    },
)
