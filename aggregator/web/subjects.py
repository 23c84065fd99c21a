"""What can be looked through: publications, the front page's first; sources, tags, what is searched for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import quote, urlencode

from aggregator import publish
from aggregator.model import Catalogue, Origin, Publication, Source
from aggregator.pipeline.browsing import Narrowing
from aggregator.web import views
from aggregator.web.language_names import find_language
from aggregator.web.views import FeedLink


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a page of the river shows.

    Attributes:
        path: Of the page, from the site's root, without a slash before it; "" for the front page.
        publication: What it shows stories of.
        heading: What it is called; "" for the site itself.
        lead: A sentence about it.
        feeds: The same as feeds, in the formats that there are.
        changes: The feed of what changed of it, where it has one.
        home: The page of its publisher, where it has one.
        over: Whether its publisher asked not to be read, so that nothing comes any more.
        asked: What was asked for, where somebody searches.
        source: The id of the source that it is of; "" for others.
        tag: The tag that it is of; "" for others.
    """

    path: str
    publication: Publication
    heading: str = ""
    lead: str
    feeds: tuple[FeedLink, ...]
    changes: FeedLink | None = None
    home: str | None = None
    over: bool = False
    asked: Asked | None = None
    source: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody searches for, as an address holds it.

    Attributes:
        words: What its text shall say, as typed.
        tag: Of a source that bears it; "" for any.
        source: The id of the source, or its title; "" for any.
        language: Of the text; "" for any.
        no_language: What was typed for a language and is the name of none; then nothing can be found.
        day: The day of its date; None for any.
    """

    words: str = ""
    tag: str = ""
    source: str = ""
    language: str = ""
    no_language: str = ""
    day: date | None = None

    @property
    def query(self) -> str:
        """The one spelling of it in an address; "" for nothing."""
        named = {
            "q": " ".join(self.words.split()),
            "tag": self.tag,
            "source": self.source,
            "lang": self.language or self.no_language,
            "day": self.day.isoformat() if self.day else "",
        }
        return urlencode({name: value for name, value in named.items() if value})

    @property
    def narrowing(self) -> Narrowing:
        """What is wanted of the sources."""
        return Narrowing(words=self.words, language=self.language or None, day=self.day)

    def choose(self, sources: Iterable[Source]) -> tuple[Source, ...]:
        """Those of the sources that are asked for."""
        return tuple(one for one in sources if (not self.tag or self.tag in one.tags) and self.is_named(one))

    def is_named(self, source: Source) -> bool:
        """Whether a source is the one that is asked for, where one is."""
        named = self.source.casefold()
        return named in {"", source.id.casefold(), (source.title or "").casefold()}


MOST_TYPED = 300
"""Characters of a value that somebody asks for; more are cut off."""


def read_asked(parameters: Mapping[str, str]) -> Asked:
    """Take the query of an address for what is asked. Raises ValueError for a day that is none."""
    given = {name: parameters.get(name, "").strip()[:MOST_TYPED] for name in ("q", "tag", "source", "lang", "day")}
    language = find_language(given["lang"]) or ""
    return Asked(
        words=given["q"],
        tag=given["tag"],
        source=given["source"],
        language=language,
        no_language="" if language else given["lang"],
        day=date.fromisoformat(given["day"]) if given["day"] else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """What the search box of a page searches.

    Attributes:
        words: The same for people, as an invitation.
        name: Of the parameter that keeps the search there; "" for none.
        value: Its value.
    """

    words: str = "Search"
    name: str = ""
    value: str = ""


def search_within(subject: Subject | None) -> Within:
    """What is searched from a page: its source or its tag; of a publication no search knows, so everything."""
    if subject is None or subject.asked is not None:
        return Within()
    if subject.source:
        return Within(words="Search this source", name="source", value=subject.source)
    if subject.tag:
        return Within(words="Search this tag", name="tag", value=subject.tag)
    return Within(words="Search all sources") if subject.path else Within()


def readers(address: str) -> tuple[tuple[str, str], ...]:
    """Well-known readers by name, each with the address at which it subscribes to the feed at the given one."""
    at = quote(address, safe="")
    return (
        ("Feedly", f"https://feedly.com/i/subscription/feed%2F{at}"),
        ("Inoreader", f"https://www.inoreader.com/?add_feed={at}"),
        ("NewsBlur", f"https://www.newsblur.com/?url={at}"),
        ("The Old Reader", f"https://theoldreader.com/feeds/subscribe?url={at}"),
        ("a reader on this device", f"feed:{address}"),
    )


def front_subject(catalogue: Catalogue) -> Subject | None:
    """The front page; None where nothing is public."""
    publication = catalogue.publication(publish.front_id(catalogue) or "")
    return _declared(publication, catalogue, "") if publication else None


def publication_subject(catalogue: Catalogue, name: str) -> Subject | None:
    """The page of a publication; None for one that is private or that there is not."""
    publication = catalogue.publication(name)
    if publication is None or publication.private:
        return None
    return _declared(publication, catalogue, publication.title)


def source_subject(catalogue: Catalogue, name: str, origins: Mapping[str, Origin]) -> Subject | None:
    """The page of a source; None for one that the public may not see."""
    publication = publish.source_feed(catalogue, name)
    if publication is None:
        return None
    origin = origins[name]
    return Subject(
        path=publication.id,
        publication=publication,
        heading=origin.title,
        lead=(
            "What this source has said, newest first, times in UTC."
            if origin.source.opted_out is None
            else "It asked not to be read."
        ),
        feeds=_links(publication.id),
        home=origin.meta.link,
        source=name,
        over=origin.source.opted_out is not None,
    )


def tag_subject(catalogue: Catalogue, tag: str) -> Subject | None:
    """The page of a tag; None for one that no source bears which the public may see."""
    publication = publish.tag_feed(catalogue, tag)
    if publication is None:
        return None
    return Subject(
        path=publication.id,
        publication=publication,
        heading=tag,
        tag=tag,
        lead=f"{_count(publication.sources)} under this tag, newest first, times in UTC.",
        feeds=_links(publication.id),
    )


def search_subject(catalogue: Catalogue, asked: Asked) -> Subject | None:
    """What is searched for; None where nothing can be found: see `tell_obstacle`."""
    sources = () if asked.no_language else asked.choose(publish.visible_sources(catalogue))
    title = f"Search: {asked.words}" if asked.words else "Search"
    publication = publish.search_feed(catalogue, title, sources)
    if publication is None:
        return None
    return Subject(
        path="search",
        publication=publication,
        heading=title,
        lead=f"{_count(sources)}, newest first, times in UTC.",
        feeds=_links("search", asked.query) if asked.query else (),
        asked=asked,
    )


def tell_obstacle(catalogue: Catalogue, asked: Asked) -> str:
    """Why nothing can be found, whatever the stories say; "" where something may be."""
    if asked.no_language:
        return f"No language is called “{asked.no_language}”. Try its name in English, or its code, as de or pt."
    every = publish.visible_sources(catalogue)
    if asked.tag and not any(asked.tag in one.tags for one in every):
        return f"No source here has the tag “{asked.tag}”."
    named = [one for one in every if asked.is_named(one)]
    if not named:
        return f"No source here is called “{asked.source}”."
    return "" if asked.choose(named) else f"“{asked.source}” does not have the tag “{asked.tag}”."


def _declared(publication: Publication, catalogue: Catalogue, heading: str) -> Subject:
    return Subject(
        path=publication.id if heading else "",
        publication=publication,
        heading=heading,
        lead=f"{_count(catalogue.sources_of(publication))}, newest first, times in UTC.",
        feeds=tuple(views.feed_link(publication.id, name) for name in publication.formats),
        changes=replace(views.feed_link(publish.changes_id(publication), "atom"), label="What changed"),
    )


def _links(path: str, query: str = "") -> tuple[FeedLink, ...]:
    return tuple(views.feed_link(quote(path, safe="/%"), name, query) for name in views.FORMATS)


def _count(sources: Iterable[object]) -> str:
    number = len(list(sources))
    return "One source" if number == 1 else f"{number:,} sources"
