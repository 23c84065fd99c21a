"""The same article from three sources, of which we may republish all, a summary, a link; and one without URL."""

from typing import Any

from aggregator.model import Enclosure
from tests.publish.editions import edition, item, origin
from tests.support.nouns import source

_ARTICLE: dict[str, Any] = {
    "content": "<p>Water stands at the second mark. Nobody remembers it higher.</p>",
    "text": "Water stands at the second mark. Nobody remembers it higher.",
}

EDITION = edition(
    item(6, source_id="whole", url="https://whole.example/1", **_ARTICLE),
    item(5, source_id="short", url="https://short.example/1", summary="<p>Second mark.</p>", **_ARTICLE),
    item(4, source_id="short", url="https://short.example/2", **_ARTICLE),
    item(3, source_id="link", url="https://link.example/1", summary="<p>Second mark.</p>", **_ARTICLE),
    item(2, source_id="link", url=None, **_ARTICLE),
    item(1, source_id="short", url=None, **_ARTICLE),
    item(
        7,
        source_id="link",
        url="https://link.example/7",
        direction="rtl",
        image="https://link.example/7.jpg",
        enclosures=(Enclosure(url="https://link.example/7.jpg", type="image/jpeg"),),
        **_ARTICLE,
    ),
    origins=(
        origin(source(id="whole", publish="full"), title="Whole", link=None),
        origin(source(id="short", publish="summary"), title="Short", link=None),
        origin(source(id="link", publish="link"), title="Link", link=None),
    ),
)
