"""What templates show: small records made from the nouns, with nothing left to decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import get_args
from urllib.parse import quote

from markupsafe import Markup

from aggregator import publish
from aggregator.model import Catalogue, Edge, Format, Item, Origin
from aggregator.publish import ToldStep, link_for_readers, parts, public_publications, spec_of
from aggregator.publish.sanitize import plain
from aggregator.text.cutting import cut
from aggregator.text.urls import is_web
from aggregator.web import prose, time_words

EXCERPT = 240
"""Characters of text beneath a title."""

_ENOUGH = 8 * EXCERPT
"""Characters in whose text an excerpt is found as a rule, a title that stands before it included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLink:
    """A link by which a page offers a feed.

    Attributes:
        label: What people are told of it: a format's name, a tag, a title.
        path: Of the feed, from the site's root, without a slash before it.
        type: Its media type, without parameters.
    """

    label: str
    path: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A public publication as pages offer it.

    Attributes:
        id: As in feeds.yaml.
        title: As in feeds.yaml.
        links: To its feeds, in the editor's order of formats.
    """

    id: str
    title: str
    links: tuple[FeedLink, ...]


FORMATS: tuple[Format, ...] = get_args(Format)


def feed_link(path: str, form: Format, query: str = "") -> FeedLink:
    """A link to a feed in a format, labelled with the format's name."""
    spec = spec_of(form)
    return FeedLink(label=spec.label, path=f"{path}.{form}{f'?{query}' if query else ''}", type=spec.media_type)


def subscriptions(catalogue: Catalogue) -> tuple[Subscription, ...]:
    """What everybody may subscribe to; the one that the river shows first."""
    front = publish.front_id(catalogue)
    found = [
        Subscription(
            id=publication.id,
            title=publication.title,
            links=tuple(feed_link(publication.id, name) for name in publication.formats),
        )
        for publication in public_publications(catalogue)
    ]
    return tuple(sorted(found, key=lambda subscription: subscription.id != front))


FEW = 50
"""Feeds that a page names: a hundred tags in every page's head would help nobody."""


def tag_feeds(tags: Iterable[str]) -> tuple[FeedLink, ...]:
    """A link to the Atom feed of each tag, labelled with the tag."""
    names = list(tags)[:FEW]
    return tuple(_atom_link(name, f"tag/{quote(name, safe='')}.atom") for name in names)


def story_page_feeds(item: Item, origin: Origin) -> tuple[FeedLink, ...]:
    """Links to the Atom feeds that a story's page names: what it said over time, its source's, its tags'."""
    return (
        _atom_link("What this story said over time", f"story/{quote(item.uid, safe='')}.atom"),
        _atom_link(origin.title, f"source/{origin.source.id}.atom"),
        *tag_feeds(origin.source.tags),
    )


def _atom_link(label: str, path: str) -> FeedLink:
    return FeedLink(label=label, path=path, type=spec_of("atom").media_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Another source that carries the same piece.

    Attributes:
        title: The source's.
        url: The publisher's page with the piece.
        why: What says that it is the same.
    """

    title: str
    url: str
    why: str


THROUGH_OTHERS = "it is the same piece as another copy of this one"
"""Why an item is a copy of one with which nobody compared it."""


def reasons_of(uid: str, edges: Iterable[Edge]) -> Mapping[str, str]:
    """Why others are the same piece as the item of that uid, by theirs; all edges are of it."""
    return {edge.other if edge.one == uid else edge.one: edge.evidence.reason for edge in edges}


def elsewhere(
    item: Item, copies: Iterable[tuple[Item, Origin]], reasons: Mapping[str, str]
) -> tuple[Elsewhere, ...]:
    """One link for each other source that carries the piece, in the order given; `reasons` by uid."""
    found: dict[str, Elsewhere] = {}
    for copy, origin in copies:
        url = link_for_readers(copy.entry, origin.source)
        if url and is_web(url) and copy.source_id != item.source_id:
            why = reasons.get(copy.uid, THROUGH_OTHERS)
            found.setdefault(copy.source_id, Elsewhere(title=origin.title, url=url, why=why))
    return tuple(found.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class RiverLine:
    """One story in the river.

    Attributes:
        uid: Names its page.
        title: Never empty.
        url: The publisher's page, or None.
        origin: Whose it is.
        authors: Their names in one string; may be empty.
        language: BCP 47, or None.
        published: When.
        updated: When its text really changed; None when it did not.
        excerpt: Plain text; empty when the source allows links only.
        copies: Where the same piece stands too.
        item: What is told of it on demand: its dates and why they are what they are, its picture.
        content: As much of it as its source lets us show, where all of it is to be shown; else None.
        is_folded: Whether it is too long for that here, so that its own page alone has it.
        is_explained: Whether it is told why the copies are copies.
        steps: What changed of it last, and what became of that, where that is to be shown and short enough.
    """

    uid: str
    title: str
    url: str | None
    origin: Origin
    authors: str
    language: str | None
    published: datetime
    updated: datetime | None
    excerpt: str
    copies: tuple[Elsewhere, ...] = ()
    item: Item
    content: Markup | None = None
    is_folded: bool = False
    is_explained: bool = False
    steps: tuple[ToldStep, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RiverDay:
    """The stories of one day.

    Attributes:
        date: The day, UTC.
        heading: The day in words.
        near: "Today" or "Yesterday"; None for other days.
        lines: One for each story, the newest first.
    """

    date: date
    heading: str
    near: str | None
    lines: tuple[RiverLine, ...]


def river_line(item: Item, origin: Origin, copies: tuple[Elsewhere, ...] = ()) -> RiverLine:
    """The story as the river shows it."""
    entry = item.entry
    text = excerpt(item, origin)
    return RiverLine(
        uid=item.uid,
        title=entry.title or cut(text, 80) or "Untitled",
        url=entry.url,
        origin=origin,
        authors=", ".join(person.name for person in entry.authors),
        language=entry.language or origin.meta.language,
        published=item.published,
        updated=item.updated if item.updated > item.published else None,
        excerpt=text if entry.title else "",
        copies=copies,
        item=item,
    )


def river_days(lines: Iterable[RiverLine], today: date) -> tuple[RiverDay, ...]:
    """The river by days (UTC): lines come newest first, and stay so."""
    return tuple(
        RiverDay(date=day, heading=time_words.day(day), near=time_words.near_day(day, today), lines=tuple(found))
        for day, found in groupby(lines, key=lambda line: line.published.date())
    )


def excerpt(item: Item, origin: Origin) -> str:
    """Some plain text: the publisher's summary, else the beginning; "" where only links are allowed."""
    if origin.source.publish == "link":
        return ""
    entry = item.entry
    text = _beginning(entry.summary or "", len(entry.title)) or " ".join(entry.text[:_ENOUGH].split())
    # Many feeds repeat the title as the first words of the text.
    if entry.title and text.startswith(entry.title):
        text = text[len(entry.title) :].lstrip(" .:–—-")
    return cut(text, EXCERPT)


def _beginning(summary: str, title: int) -> str:
    """A summary as plain text, of a long one no more than is shown: many feeds have whole articles there."""
    if len(summary) > _ENOUGH:
        text = plain(summary[: summary.rfind("<", 0, _ENOUGH)])
        if len(text) > EXCERPT + title:
            return text
    return plain(summary) if summary else ""


def content(item: Item, origin: Origin, *, under: int) -> Markup | None:
    """As much of the story's HTML as its source lets us show, as the feeds do; None for nothing.

    It stands below a heading of the level `under`.
    """
    html = next(filter(None, parts.body(item.entry, origin.source.publish)), None)
    # The one place where markup from outside reaches a page: an Entry's HTML was sanitized when it was
    # normalized, before it was stored. The page's Content-Security-Policy is the second wall.
    return Markup(prose.fit(html, under)) if html else None  # noqa: S704 # sanitized, see above


def is_whole(item: Item, origin: Origin) -> bool:
    """Whether more of the story is shown than an excerpt: then its publisher's page is the one to be found."""
    whole, summary = parts.body(item.entry, origin.source.publish)
    return whole is not None or len(plain(summary or "")) > parts.SUMMARY_LENGTH
