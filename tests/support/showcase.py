"""A planet that has everything a page must bear: scripts of all directions, tables, code, pictures, trouble.

Served in a thread of its own, for browsers that are driven from the test's.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path

from aggregator.engine.watch import IncidentWatch
from aggregator.model import Catalogue, Failed, FetchResult, Publication, Site, Source
from tests.support import databases
from tests.support.nouns import NOON, source
from tests.support.planet import MINUTE, Planet
from tests.support.waiting import PATIENCE

LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
LONG_URL = f"https://archive.example/{'a' * 180}/{'b' * 120}?query={'c' * 200}"
PARAGRAPH = (
    "The harbour office counted forty-one barges at anchor on Tuesday evening, eleven more than a week before. "
    "Grain waits for locks, gravel waits for grain, and the pilots' hut has begun to sell soup. "
    "A spokeswoman said that the upper lock would open again once the gauge at Aken shows two metres. "
    "Until then tugs go up in pairs, at night, with lamps at half height so that nobody is kept awake. "
)
WIDE = "".join(
    f"<tr>{''.join(f'<td>{place}-{row}-{column}</td>' for column in range(14))}</tr>"
    for row, place in enumerate(("Magdeburg", "Wittenberge", "Lauenburg"))
)
CODE = f"<pre><code>for gauge in gauges: {'measure(gauge) and ' * 20}stop()</code></pre>"
PICTURE = (
    '<figure><img src="https://pictures.example/lock.jpg" alt="The lock at dusk" width="1600" height="900">'
    "<figcaption>The lock at dusk</figcaption></figure>"
)
RICH = (
    f"<p>{PARAGRAPH}</p><h1>What the gauges say</h1><table><tr><th>Gauge</th></tr>{WIDE}</table>"
    f"<h4>And the code</h4>{CODE}<p>{LONG_WORD} <a href='{LONG_URL}'>{LONG_URL}</a></p>"
    f"<blockquote><p>{PARAGRAPH}</p></blockquote><ul><li>one</li><li>two</li></ul><hr>"
    "<p><img src='http://pictures.example/old.png'> <img src='https://pictures.example/new.png' alt=''></p>"
)
STORY = (
    "The council voted on Monday night to close the old bridge over the eastern canal for fourteen months, "
    "beginning on the first of March, after engineers found cracks in two of its nine bearings. Buses will be led "
    "over the market bridge, pedestrians may use the footbridge beside the brewery, and the ferry will run every "
    "ten minutes from six in the morning until midnight. The works cost eleven million, of which the state pays "
    "seven. Shopkeepers in Canal Street asked for a longer ferry pier; the mayor promised an answer by Friday."
)
ARABIC = (
    "ارتفع منسوب النهر صباح اليوم إلى العلامة الثانية، وقالت البلدية إن الجسر القديم سيبقى مغلقا حتى إشعار آخر"
)
HEBREW = "מפלס הנהר עלה הבוקר אל הסימן השני, והעירייה הודיעה כי הגשר הישן יישאר סגור עד להודעה חדשה"
JAPANESE = "川の水位は今朝二番目の標識に達し、市は古い橋を追って知らせがあるまで閉鎖すると発表した。"


@dataclass
class Showcase(Planet):
    """A planet some of whose sources fail: those that were given nothing to say."""

    uids: dict[str, str] = field(default_factory=dict)
    """Of the stories, by their titles."""

    async def fetch(self, source: Source, *_: object) -> FetchResult:
        if self.bodies.get(source.id):
            return await super().fetch(source)
        words = f"no connection to {source.url}: the name is unknown; is the address in feeds.yaml right?"
        return Failed(trouble="network", message=words)


def piece(number: int, title: str, body: str, *, before: int, more: str = "") -> str:
    """An RSS item, so many minutes before the first poll."""
    date = format_datetime(NOON - before * MINUTE, usegmt=True)
    return (
        f"<item><guid isPermaLink='false'>urn:piece:{number}</guid><link>https://news.example/{number}</link>"
        f"<title>{escape(title)}</title><pubDate>{date}</pubDate><description>{escape(body)}</description>{more}</item>"
    )


def feed(title: str, language: str, *pieces: str) -> str:
    """An RSS document."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/">'
        f"<channel><title>{escape(title)}</title><link>https://news.example/</link><language>{language}</language>"
        f"<description>d</description>{''.join(pieces)}</channel></rss>"
    )


def _said() -> Mapping[str, str]:
    return {
        "harbour": feed("Harbour & Lock Gazette", "en", *_rich(), *_many()),
        "nahr": feed("أخبار النهر", "ar", *_series(300, ARABIC, before=8)),
        "nahar": feed("חדשות הנהר", "he", piece(340, HEBREW[:50], f"<ul><li>{HEBREW}</li></ul>", before=9)),
        "kawa": feed("川の便り", "ja", *_series(360, JAPANESE * 5, before=10)),
        "wire": feed("The Wire", "en", piece(400, "Old bridge closes for a year", STORY, before=20)),
        "echo": feed(
            f"Canal Echo {LONG_WORD}", "en", piece(401, "Old bridge to close for a year", STORY, before=12)
        ),
        "edited": _edited("Ferry runs hourly", PARAGRAPH),
    }


def _rich() -> list[str]:
    captioned = (
        '<media:content url="https://pictures.example/crane.jpg" medium="image"><media:description>A crane'
        "</media:description></media:content>"
    )
    return [
        piece(1, f"All that a page must bear: {LONG_WORD}", RICH, before=5),
        piece(2, f"Barges wait, {'and wait, ' * 30}for water", PICTURE + RICH, before=15, more=captioned),
        piece(3, "A long report", f"<h2>Part one</h2><p>{PARAGRAPH}</p>" * 100, before=25),
        piece(4, "", f"<p>{PARAGRAPH}</p>", before=35),
    ]


def _many() -> list[str]:
    return [
        piece(100 + n, f"Notice {n} of the harbour office", f"<p>{n}. {PARAGRAPH}</p>" * 4, before=40 + 7 * n)
        for n in range(110)
    ]


def _series(number: int, text: str, *, before: int) -> list[str]:
    return [
        piece(number + n, text[: 40 + n], f"<p>{text} {17 * n}</p><p>{text}</p>", before=before + 60 * n)
        for n in range(30)
    ]


def _edited(title: str, text: str) -> str:
    return feed("Corrections Daily", "en", piece(500, title, f"<p>{text * 3}</p>", before=18))


def _sources() -> tuple[Source, ...]:
    tags = {"nahr": ("river", "أنهار"), "kawa": ("river", "a/b"), "harbour": ("river", LONG_WORD[:90])}
    every = [
        source(id=name, url=f"https://{name}.example/feed", tags=tags.get(name, ("news",))) for name in _said()
    ]
    quiet = [
        source(
            id=f"quiet-{n}",
            title=f"Quiet source {n} {'with a long name ' * (n % 7)}",
            url=f"https://quiet-{n}.example/{'path/' * (n % 30)}feed.xml",
            tags=("news", "weather", "sport")[: n % 4],
            enabled=n % 9 != 0,
        )
        for n in range(60)
    ]
    return (*every, *quiet)


_PUBLICATIONS = (
    Publication(id="all", title="Everything"),
    Publication(id="rivers", title=f"Rivers, canals, {'locks, ' * 20}harbours", tags=("river",)),
    Publication(id="arabic", title="أخبار", sources=("nahr",)),
    Publication(id="own", title="Our own", sources=("edited",), tokens=("sesame-sesame-sesame",)),
)


@asynccontextmanager
async def _open(folder: Path) -> AsyncIterator[Showcase]:
    site = Site(
        title="Planet of Rivers and Canals", link="https://planet.example/", contact="feeds@planet.example"
    )
    found = Catalogue(site=site, sources=_sources(), publications=_PUBLICATIONS)
    made = Showcase(database=databases.lay(folder / "planet.db"), catalogue=found)
    await made.start()
    try:
        await _live(made)
        yield made
    finally:
        await made.stop()


async def _live(planet: Showcase) -> None:
    """Some polls: copies meet, a text is edited twice, others fail again and again."""
    said = _said()
    for name, body in said.items():
        await planet.poll(name, body, after=MINUTE, publish=False)
    for text in (PARAGRAPH.replace("forty-one", "fifty"), PARAGRAPH.replace("Tuesday", "Wednesday")):
        changed = _edited("Ferry runs twice an hour", text)
        await planet.poll("edited", changed, after=30 * MINUTE, publish=False)
    for _ in range(3):
        for number in (1, 2, 3, 4):
            await planet.poll(f"quiet-{number}", "", after=MINUTE, publish=False)
        planet.at += timedelta(hours=2)
    planet.at = NOON + timedelta(hours=10)
    await planet.publisher.publish_outdated()
    await planet.store.index(10_000)
    items = await planet.store.latest(said.keys(), 1000)
    planet.uids = {one.entry.title: one.uid for one in items}
    await IncidentWatch(lambda: planet.catalogue, planet.store, planet).look()


@contextmanager
def showcase(folder: Path) -> Iterator[Showcase]:
    """The planet, polled and served, until the block ends."""
    loop, ready, done = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    made: list[Showcase] = []

    async def live() -> None:
        try:
            async with _open(folder) as planet:
                made.append(planet)
                ready.set()
                await done.wait()
        finally:
            ready.set()

    thread = threading.Thread(target=loop.run_until_complete, args=[live()], name="showcase")
    thread.start()
    try:
        assert ready.wait(PATIENCE)
        assert made, "the planet could not be made"
        yield made[0]
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join(PATIENCE)
        loop.close()
