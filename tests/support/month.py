"""A month of publishers, each with a bad habit: what they write, and what of it is true.

Everything follows from a seed. An article's text holds a word of its own, its mark, by which whoever reads an
entry can tell what it is about, whatever became of its title, id and address.
"""

from __future__ import annotations

import html
import json
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

HABITS: Final = (
    "plain",
    "json",
    "no ids",
    "random ids",
    "one id",
    "to https",
    "new system",
    "no dates",
    "future dates",
    "dates bumped",
    "updates bumped",
    "counters",
    "advertising",
    "signed pictures",
    "silent edits",
    "teaser and text",
    "two headlines",
    "redesign",
    "shuffled",
    "outages",
)
ROUNDS: Final = 30
EVERY: Final = timedelta(hours=24)
TURN: Final = 15
"""The round in which sites move and are redesigned."""
WINDOW: Final = 8
"""Articles in a feed."""

_SYLLABLES: Final = (
    "ka",
    "lo",
    "mi",
    "ren",
    "sta",
    "vor",
    "tu",
    "bel",
    "dra",
    "fen",
    "gos",
    "hul",
    "ni",
    "pra",
    "sel",
)


@dataclass(frozen=True)
class Article:
    """What is true: one piece, as one source carries it."""

    source: str
    number: int
    mark: str
    title: str
    text: tuple[str, ...]
    published: datetime


@dataclass
class Site:
    """A publisher with its habit and its articles, the newest first."""

    name: str
    habit: str
    pace: float
    articles: list[Article] = field(default_factory=list)
    written: int = 0


@dataclass
class Month:
    """All publishers, and what they did in truth."""

    chance: random.Random
    sites: list[Site]
    words: list[str]
    edited: set[str] = field(default_factory=set)
    delivered: set[str] = field(default_factory=set)
    backlog: set[str] = field(default_factory=set)
    wires: set[str] = field(default_factory=set)

    def pass_time(self, round_: int, now: datetime) -> None:
        """Publishers write, and some edit what they wrote."""
        for site in self.sites:
            for _ in range(WINDOW if round_ == 0 else self._count(site.pace)):
                self._write(site, now if round_ else now - timedelta(hours=self.chance.randint(1, 200)))
            site.articles.sort(key=lambda one: one.published, reverse=True)
            if site.habit == "silent edits" and round_ % 6 == 3:
                self._edit(site)
        if round_ == 0:
            self.backlog = {article.mark for site in self.sites for article in site.articles}
        if round_ % 2 == 1:
            self._wire(now)

    def body(self, site: Site, round_: int, now: datetime) -> str:
        """What the site's server answers."""
        if site.habit == "outages" and round_ % 3 == 2:
            return self.chance.choice(("", "<html><title>Sorry</title></html>", "<rss><channel><title>x</title>"))
        shown = site.articles[:WINDOW]
        self.delivered |= {article.mark for article in shown}
        if site.habit == "shuffled":
            shown = self.chance.sample(shown, len(shown))
        items = [self._item(site, article, round_, now) for article in shown]
        return _json(site, items) if site.habit == "json" else _rss(site, items)

    def _count(self, pace: float) -> int:
        return int(pace) + (self.chance.random() < pace % 1)

    def _write(self, site: Site, now: datetime) -> None:
        site.written += 1
        mark = f"Zq{site.name}n{site.written}x"
        article = Article(
            source=site.name,
            number=site.written,
            mark=mark,
            title=self._sentence(6),
            text=(f"{mark} {self._sentence(30)}", self._sentence(40), self._sentence(25)),
            published=now - timedelta(minutes=self.chance.randint(1, 600)),
        )
        site.articles.insert(0, article)

    def _wire(self, now: datetime) -> None:
        """An agency's report, which several well-behaved sites carry within their own boilerplate."""
        mark = f"Zqwire{len(self.wires)}x"
        self.wires.add(mark)
        title, text = self._sentence(7), (f"{mark} {self._sentence(40)}", self._sentence(50), self._sentence(45))
        carriers = [site for site in self.sites if site.habit in {"plain", "json", "shuffled", "counters"}]
        for site in self.chance.sample(carriers, self.chance.randint(2, min(8, len(carriers)))):
            site.written += 1
            article = Article(
                source=site.name,
                number=site.written,
                mark=mark,
                title=title
                if self.chance.random() < 0.5
                else f"{title.rsplit(' ', 1)[0]} {self.chance.choice(self.words)}",
                text=(f"VARESH (Agency) - {text[0]}", *text[1:]),
                published=now - timedelta(minutes=self.chance.randint(1, 90)),
            )
            site.articles.insert(0, article)

    def _edit(self, site: Site) -> None:
        """The newest article that people have read already is changed in earnest, without a word about it."""
        place = next(n for n, article in enumerate(site.articles) if article.mark in self.delivered)
        article = site.articles[place]
        self.edited.add(article.mark)
        more = f"Later that day: {self._sentence(20)}"
        site.articles[place] = replace(article, text=(*article.text, more))

    def _sentence(self, count: int) -> str:
        words = self.chance.choices(self.words, k=count)
        words[count // 2] = f"{self.chance.choice(self.words).title()}"
        return f"{' '.join(words).capitalize()} {self.chance.randint(2, 900)}."

    def _item(self, site: Site, article: Article, round_: int, now: datetime) -> dict[str, Any]:
        scheme = "https" if site.habit != "to https" or round_ >= TURN else "http"
        item = {
            "id": f"{site.name}-{article.number}",
            "url": f"{scheme}://{site.name}.example/{article.number}",
            "title": article.title,
            "html": "".join(f"<p>{part}</p>" for part in article.text),
            "published": article.published,
            "updated": None,
        }
        if site.habit == "to https":
            item["id"] = item["url"]
        change = _CHANGES.get(site.habit)
        return item | change(self, article, round_, now) if change else item


def _html(article: Article, before: str = "", after: str = "") -> dict[str, Any]:
    return {"html": f"{before}{''.join(f'<p>{part}</p>' for part in article.text)}{after}"}


def _new_system(month: Month, article: Article, round_: int, now: datetime) -> dict[str, Any]:
    _ = month, now
    if round_ < TURN:
        return {}
    return {"id": f"cms2:{article.mark}", "url": f"https://{article.source}.example/new/{article.mark}"}


def _advertising(month: Month, article: Article, round_: int, now: datetime) -> dict[str, Any]:
    _ = round_, now
    word = month.chance.choice(month.words)
    return _html(article, after=f"<p>Advertisement</p><div class='ad'>Buy {word} today!</div>")


def _teaser(month: Month, article: Article, round_: int, now: datetime) -> dict[str, Any]:
    _ = month, now
    return {"html": f"<p>{article.text[0][:120]}...</p>"} if (round_ + article.number) % 2 else {}


def _redesign(month: Month, article: Article, round_: int, now: datetime) -> dict[str, Any]:
    _ = month, now
    if round_ < TURN:
        return {}
    return _html(
        article, "<p>The new look of our pages. Tell us how you like it.</p>", "<p>Follow us everywhere.</p>"
    )


_CHANGES: Final[dict[str, Callable[[Month, Article, int, datetime], dict[str, Any]]]] = {
    "no ids": lambda *_: {"id": None},
    "random ids": lambda month, *_: {"id": f"r{month.chance.randrange(10**12)}"},
    "one id": lambda *_: {"id": "article"},
    "new system": _new_system,
    "no dates": lambda *_: {"published": None},
    "future dates": lambda _m, article, _r, _n: {"published": article.published + timedelta(hours=14)},
    "dates bumped": lambda _m, _a, _r, now: {"published": now - timedelta(minutes=5)},
    "updates bumped": lambda _m, _a, _r, now: {"updated": now - timedelta(minutes=5)},
    "counters": lambda month, article, *_: _html(article, after=f"<p>{month.chance.randint(1, 9999)} views</p>"),
    "advertising": _advertising,
    "signed pictures": lambda month, article, *_: _html(
        article, f"<p><img src='https://i.example/{article.number}.jpg?sig={month.chance.randrange(10**9)}'></p>"
    ),
    "teaser and text": _teaser,
    "two headlines": lambda month, article, *_: (
        {"title": f"{article.title} Why it matters"} if month.chance.random() < 0.5 else {}
    ),
    "redesign": _redesign,
}


def _rss(site: Site, items: Iterable[dict[str, Any]]) -> str:
    told = "".join(_rss_item(item) for item in items)
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
        f"<title>{site.name}</title><link>https://{site.name}.example/</link><description>d</description>"
        f"{told}</channel></rss>"
    )


def _rss_item(item: dict[str, Any]) -> str:
    guid = f"<guid isPermaLink='false'>{item['id']}</guid>" if item["id"] else ""
    date = f"<pubDate>{item['published']:%a, %d %b %Y %H:%M:%S} GMT</pubDate>" if item["published"] else ""
    updated = f"<atom:updated>{item['updated']:%Y-%m-%dT%H:%M:%SZ}</atom:updated>" if item["updated"] else ""
    return (
        f"<item>{guid}<link>{item['url']}</link><title>{html.escape(item['title'])}</title>{date}{updated}"
        f"<description>{html.escape(item['html'])}</description></item>"
    )


def _json(site: Site, items: Iterable[dict[str, Any]]) -> str:
    told = [
        {
            "id": item["id"],
            "url": item["url"],
            "title": item["title"],
            "content_html": item["html"],
            "date_published": item["published"].strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        for item in items
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": site.name, "items": told})


def month(seed: int, each: int) -> Month:
    """So many publishers of each habit before they wrote a word."""
    chance = random.Random(seed)
    words = sorted({"".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(3000)})
    sites = [
        Site(name=f"s{number:02}", habit=HABITS[number % len(HABITS)], pace=chance.choice((0.15, 0.4, 0.8, 1.5)))
        for number in range(each * len(HABITS))
    ]
    return Month(chance=chance, sites=sites, words=words)
