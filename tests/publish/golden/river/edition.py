"""Two sources, one of them in Persian; an item that was edited; every field that an entry can have."""

from aggregator.model import Category, Enclosure, Link, Person
from tests.publish.editions import edition, item, origin
from tests.support.nouns import at, source

_PRESS = source(
    id="press", location="https://press.example.ir/rss", url="https://press.example.ir/rss", title="خبرگزاری نمونه"
)

EDITION = edition(
    item(
        2,
        at("2026-02-28T08:30:00Z"),
        updated=at("2026-03-01T09:15:00Z"),
        public_id="https://example.org/posts/levels",
        url="https://example.org/posts/levels",
        title="Levels & limits: 5 < 6",
        content='<p>Water stands at the <b>second</b> mark.</p><img src="https://example.org/a.png" alt="">',
        summary="<p>The second mark.</p>",
        authors=(
            Person(name="Ada Example", uri="https://example.org/ada", email="ada@example.org"),
            Person(name="Ben Example"),
        ),
        categories=(
            Category(term="hydrology", scheme="https://example.org/topics", label="Hydrology"),
            Category(term="news"),
        ),
        enclosures=(
            Enclosure(
                url="https://example.org/levels.mp3",
                type="audio/mpeg",
                length=123456,
                title="Read aloud",
                duration=321,
            ),
            Enclosure(url="https://example.org/levels.pdf", type="application/pdf", length=4096),
            Enclosure(url="https://example.org/levels.xyz"),
        ),
        image="https://example.org/lead.jpg",
        image_caption="The mark at <noon>",
        links=(
            Link(url="https://example.org/gauge", rel="related", title="The gauge", type="text/html"),
            Link(url="https://wire.example/7", rel="via"),
            Link(url="https://example.org/posts/levels#talk", rel="replies", title="12 comments"),
        ),
        language="en",
        direction="ltr",
    ),
    item(
        1,
        at("2018-12-01T17:03:00Z"),
        updated=at("2019-09-21T17:56:00Z"),
        source_id="press",
        url="https://press.example.ir/news/1",
        title="Delta: آب رودخانه بالا آمد",
        content=None,
        summary="آب به نشانهٔ دوم رسید.",
        text="آب به نشانهٔ دوم رسید.",
        language="fa",
        direction="rtl",
    ),
    origins=(
        origin(id="tag:example.org,2020:feed", rights="© 2026 River News", language="en"),
        origin(_PRESS, title="Sample Press", link="https://press.example.ir/", language="fa"),
    ),
)
