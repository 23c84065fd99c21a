"""A small world of publishers, made up, whose feeds go on day by day; and the product that reads it.

Everything is a function of the day, so that a later release can be told what a past one was told. What `bodies`
says of a day must never change: databases of past releases hold it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import blake2b
from html import escape

from aggregator.engine.poller import Poller
from aggregator.engine.publisher import Publisher
from aggregator.model import Catalogue, Failed, Fetched, Source, Validators
from aggregator.pipeline.refresh import Services
from aggregator.ports import Store
from aggregator.schedule import Pace
from tests.support.inprocess import InProcess

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAYS = 6
"""So many days the world is polled, once a day."""

_WHO = ("The mayor", "A heron", "The ferry", "Nobody", "The choir", "A baker", "The court", "An engineer")
_DID = ("opened", "refused", "counted", "painted", "repaired", "lost", "measured", "bought", "praised")
_WHAT = (
    "the northern bridge", "nineteen lamps", "a box of letters", "the old mill", "seven loaves", "the tide tables",
    "a map of wells", "the customs house", "the winter garden", "two broken clocks", "an unsigned painting",
)  # fmt: skip


def sentence(number: int) -> str:
    """A sentence that no other number has."""
    who, did, what = (words[number * 7 % len(words)] for words in (_WHO, _DID, _WHAT))
    return f"{who} {did} {what} on day {number} of the count."


def text(number: int, sentences: int = 3) -> str:
    """A text that no other number has."""
    return " ".join(sentence(number + part) for part in range(1, sentences + 1))


@dataclass(frozen=True)
class Post:
    """One article of the world, as its publisher has it."""

    name: str
    number: int

    @property
    def words(self) -> int:
        """Where its text begins among all that can be said."""
        return sum(map(ord, self.name)) * 1000 + self.number * 40

    @property
    def title(self) -> str:
        return f"{self.name.title()} & {sentence(self.words).removesuffix('.')}"

    @property
    def at(self) -> datetime:
        return START - timedelta(days=4) + timedelta(hours=6 * self.number, minutes=len(self.name))

    @property
    def date(self) -> str:
        return format_datetime(self.at, usegmt=True)

    @property
    def page(self) -> str:
        return f"https://{self.name}.example/{self.number}"


def _rss(name: str, items: list[str], day: int) -> bytes:
    built = format_datetime(START + timedelta(days=day), usegmt=True)
    return (
        f"<?xml version='1.0'?><rss version='2.0'><channel><title>{name.title()}</title>"
        f"<link>https://{name}.example/</link><lastBuildDate>{built}</lastBuildDate>{''.join(items)}</channel></rss>"
    ).encode()


def _item(post: Post, **tags: str | None) -> str:
    """An RSS item with title and description, and those elements that are given."""
    words = {"title": post.title, "description": f"<p>{text(post.words)}</p>"} | tags
    inner = "".join(f"<{tag}>{escape(said)}</{tag}>" for tag, said in words.items() if said)
    return f"<item>{inner}</item>"


def _gazette(post: Post) -> str:
    tracked = f"http://www.gazette.example/{post.number}/?utm_source=rss&utm_medium=feed&msclkid=a{post.number}"
    return _item(post, guid=tracked, link=tracked, pubDate=post.date)


def _tracked(post: Post) -> str:
    """Neither id nor date: the address is all, and it carries what only counts clicks and what we know not yet."""
    return _item(post, link=f"https://tracked.example/story?campaign=rss-{post.number % 2}&n={post.number}")


def _numbers(post: Post) -> str:
    date = post.at.strftime("%d %b %Y %H:%M:%S")
    item = _item(post, link=post.page, pubDate=date)
    return item.replace("<item>", f"<item><guid isPermaLink='false'>{post.number}</guid>")


def _bare(post: Post) -> str:
    return _item(post, pubDate=post.date if post.number % 2 else None)


def _tapes(post: Post) -> str:
    file = f"<enclosure url='https://tapes.example/{post.number}.mp3?key=1' type='audio/mpeg' length='9'/>"
    return _item(post, pubDate=post.date).replace("</item>", f"{file}</item>")


def _shop(post: Post) -> str:
    return _item(post, link=f"https://shop.example/item?utm_id={post.number}&from=rss&utm_source=rss")


def _live(post: Post) -> str:
    page = f"https://live.example/blog#post-{post.number}"
    return _item(post, link=page, guid=page, pubDate=post.date)


def _careless(post: Post) -> str:
    guid = "<guid isPermaLink='false'>item</guid>"
    link = f"{post.page}?utm_source=x&gclid={post.number}"
    return _item(post, link=link, pubDate=post.date).replace("<item>", f"<item>{guid}")


def _column(post: Post) -> str:
    return _item(post, guid="https://column.example/", link="https://column.example/", pubDate=post.date)


def _wire(post: Post) -> str:
    """Long enough to be known again among copies."""
    return _item(
        post, guid=post.page, link=post.page, pubDate=post.date, description=f"<p>{text(post.words, 12)}</p>"
    )


def _mirror(post: Post) -> str:
    origin = Post("wire", post.number)
    said = f"<p>{text(origin.words, 12)}</p><p>Printed by permission.</p>"
    date = format_datetime(post.at + timedelta(hours=1), usegmt=True)
    return _item(origin, guid=f"m-{post.number}", link=post.page, pubDate=date, description=said)


ITEMS: Mapping[str, Callable[[Post], str]] = {
    "gazette": _gazette, "tracked": _tracked, "numbers": _numbers, "bare": _bare, "tapes": _tapes, "shop": _shop,
    "live": _live, "careless": _careless, "column": _column, "wire": _wire, "mirror": _mirror,
}  # fmt: skip


def _posts(name: str, day: int) -> list[Post]:
    """The window of a feed on a day, newest first; two new ones a day."""
    return [Post(name, number) for number in range(5 + 2 * day, 2 * day - 1, -1)]


def _garden(day: int) -> bytes:
    entries = "".join(
        f"<entry><id>tag:garden.example,2026:{post.number}</id><title>{escape(post.title)}</title>"
        f"<link href='https://garden.example/p/{post.number}?utm_campaign=a'/>"
        f"<published>{post.at.isoformat()}</published><updated>{post.at.isoformat()}</updated>"
        f"<content type='html'>{escape(f'<p>{text(post.words)}</p>')}</content></entry>"
        for post in _posts("garden", day)
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Garden</title>{entries}</feed>".encode()


def _notes(day: int) -> bytes:
    items = [
        {"id": str(post.number), "content_text": text(post.words), "url": post.page, "title": ""}
        for post in _posts("notes", day)
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Notes", "items": items}).encode()


def _townhall(day: int) -> bytes:
    listed = "".join(
        f"<article><h2><a href='/news/{post.number}?utm_source=front'>{escape(post.title)}</a></h2></article>"
        for post in _posts("townhall", day)
    )
    return f"<!doctype html><html><body><main>{listed}</main></body></html>".encode()


def _article(number: int) -> bytes:
    post = Post("townhall", number)
    said = "".join(f"<p>{text(post.words + part * 5, 4)}</p>" for part in range(4))
    return (
        f"<!doctype html><html><head><title>{escape(post.title)}</title></head><body><article>"
        f"<h1>{escape(post.title)}</h1><time datetime='{post.at.isoformat()}'>then</time>{said}"
        "</article></body></html>"
    ).encode()


def bodies(day: int, note: str = "") -> dict[str, bytes]:
    """Address -> what is answered there on a day. A note changes the bytes and nothing that they say."""
    feeds = {name: _rss(name, [make(post) for post in _posts(name, day)], day) for name, make in ITEMS.items()}
    places = {"gazette": "rss.xml", "numbers": "feed", "tapes": "podcast"}
    found = {f"https://{name}.example/{places.get(name, 'rss')}": body for name, body in feeds.items()}
    found["https://garden.example/atom.xml"] = _garden(day)
    found["https://townhall.example/news"] = _townhall(day)
    if note:
        found = {url: body + f"<!-- {note} -->".encode() for url, body in found.items()}
    found["https://notes.example/feed.json"] = _notes(day) + (b"\n" * len(note))
    articles = {f"https://townhall.example/news/{number}": _article(number) for number in range(6 + 2 * DAYS)}
    return found | articles


@dataclass
class World(InProcess):
    """The publishers' answers, a clock, and the product between them; everything in one process.

    `mishap` is done to each answer: what a publisher's programs do wrong for a time.
    """

    store: Store
    catalogue: Catalogue
    at: datetime = START
    answers: dict[str, bytes] = field(default_factory=dict)
    mishap: Callable[[bytes], bytes] | None = None

    def now(self) -> datetime:
        return self.at

    async def fetch(self, source: Source, *_: object) -> Fetched | Failed:
        body = self.answers.get(source.location.replace("http:", "https:"))
        if body is None:
            return Failed(trouble="http", message="404", status=404)
        html = body.startswith(b"<!doctype")
        return Fetched(
            url=source.location,
            status=200,
            body=body,
            body_hash=blake2b(body).hexdigest(),
            content_type="text/html" if html else "application/xml",
            content_location=source.location,
            validators=Validators(),
        )

    async def day(self, number: int, note: str = "") -> list[str]:
        """Poll everything on that day and publish it; the errors."""
        self.at = START + timedelta(days=number)
        self.answers = bodies(min(number, DAYS - 1), note)
        if self.mishap is not None:
            self.answers = {url: self.mishap(body) for url, body in self.answers.items()}
        services = Services(fetcher=self, reader=self, store=self.store, clock=self, pace=Pace())
        poller = Poller(lambda: self.catalogue, services, concurrency=4)
        polled = await poller.poll([source.id for source in self.catalogue.sources])
        await Publisher(lambda: self.catalogue, self.store, self, reader=self, folder=None).publish_outdated()
        return [f"{one.source.id}: {one.state.error}" for one in polled if one.state.error]
