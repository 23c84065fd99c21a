"""Entries that only point at their articles -> entries with the text of the articles' own pages.

Two kinds of sources need it: pages that list articles, whose entries have no text at all, and feeds with
`content: full` in feeds.yaml, whose entries have teasers. Each article is asked for once in its life, in its
host's turn; one that fails is tried on two further polls.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from aggregator import dedupe
from aggregator.model import Entry, Failed, Fetched, Item, ItemKey, Missed, Source, Validators
from aggregator.pipeline.asking import same_origin
from aggregator.ports import Fetcher, Reader

AT_ONCE = 20
"""So many articles are asked for in one poll at most; the others follow on the next polls."""

SECONDS = 240.0
"""So long may the articles of one poll take; a claimed source must be finished before its lease ends."""

TRIES = 3
"""On so many polls is an article asked for that does not answer."""

_ENOUGH_FAILURES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """A document's entries after their articles were asked for.

    Attributes:
        entries: For dedupe, in document order; those of a page that were read before are left out.
        missed: Articles of this document that could not be had, with how often they were asked for.
        whole: Whether nothing is left to be asked for on the next poll.
    """

    entries: tuple[Entry, ...]
    missed: tuple[Missed, ...]
    whole: bool


def wanted(source: Source) -> bool:
    """Whether the source's entries need their articles."""
    return source.kind == "page" or source.content == "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Articles:
    """What asking for articles calls."""

    fetcher: Fetcher
    reader: Reader


async def complete(
    source: Source,
    entries: Iterable[Entry],
    known: Mapping[ItemKey, tuple[Item, ...]],
    missed: Iterable[Missed],
    services: Articles,
) -> Completed:
    """Give a document's entries the text of their articles, as far as it can be had now.

    In: the source; its entries in document order; its stored items under their keys; what failed before.
    Does not raise for what servers do. Stops asking when the host wants to be left alone or fails repeatedly.
    """
    desk = _Desk(source, services, missed)
    judge = desk.of_list if source.kind == "page" else desk.of_feed
    found = [await judge(entry, _item_of(entry, known)) for entry in entries]
    return Completed(
        entries=tuple(entry for entry in found if entry is not None), missed=desk.missed, whole=desk.whole
    )


class _Desk:
    """The articles of one poll: what was asked for, and what is left."""

    def __init__(self, source: Source, services: Articles, missed: Iterable[Missed]) -> None:
        self._source = source
        self._services = services
        self._tries = {one.url_key: one.tries for one in missed}
        self._listed: set[str] = set()
        self._asked = 0
        self._failures = 0
        self._stopped = False
        self._until = asyncio.get_running_loop().time() + SECONDS
        self.whole = True

    @property
    def missed(self) -> tuple[Missed, ...]:
        """What failed and still stands in the document."""
        return tuple(
            Missed(url_key=key, tries=tries) for key, tries in self._tries.items() if key in self._listed and tries
        )

    async def of_list(self, listed: Entry, item: Item | None) -> Entry | None:
        """The article of a page's list; None when it is stored already, or waits for a later poll."""
        if item is not None or listed.url_key is None:
            return None
        article = await self._article(listed, listed.url_key)
        if article is not None:
            return _under_its_address(listed, article)
        return listed if self._tries.get(listed.url_key, 0) >= TRIES else None

    async def of_feed(self, entry: Entry, item: Item | None) -> Entry | None:
        """A feed's entry with all of its text, or as it is where that cannot be had.

        None for one so old that its text was let go of: there is nothing to compare a teaser with.
        """
        if entry.url_key is None:
            return entry
        if item is not None and item.pruned and item.entry.title == entry.title:
            return None
        had = item.entry if item is not None and item.entry.content is not None else None
        settled = had is not None and entry.url_key not in self._tries and _told_the_same(entry, had)
        article = None if settled else await self._article(entry, entry.url_key)
        if article is not None and not _longer(article, entry):
            self._tries[entry.url_key] = TRIES
        text = article or had
        return entry if text is None else _with_text_of(entry, text)

    async def _article(self, entry: Entry, url_key: str) -> Entry | None:
        """The article behind an entry, if it may be asked for now and is to be had."""
        self._listed.add(url_key)
        if entry.url is None or self._tries.get(url_key, 0) >= TRIES:
            return None
        if self._stopped or self._asked >= AT_ONCE or asyncio.get_running_loop().time() > self._until:
            self.whole = False
            return None
        self._asked += 1
        found = await _read(entry.url, self._source, self._services)
        if isinstance(found, Entry):
            self._failures = 0
            self._tries.pop(url_key, None)
            return found
        self._note(url_key, found)
        return None

    def _note(self, url_key: str, trouble: _Trouble) -> None:
        self._failures += not trouble.lasting
        self._stopped = trouble.host_wants_rest or self._failures >= _ENOUGH_FAILURES
        so_far = self._tries.get(url_key, 0)
        self._tries[url_key] = TRIES if trouble.lasting else so_far + (not trouble.host_wants_rest)
        self.whole = self.whole and self._tries[url_key] >= TRIES


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trouble:
    """Why there is no article.

    Attributes:
        lasting: Whether asking again is of no use.
        host_wants_rest: Whether its host is to be left alone for now.
    """

    lasting: bool = False
    host_wants_rest: bool = False


async def _read(url: str, source: Source, services: Articles) -> Entry | _Trouble:
    """Ask for one article. Headers of the source, which may hold credentials, go only to its own origin."""
    headers = source.headers if same_origin(url, source.location) else ()
    page = replace(source, kind="page", location=url, headers=headers)
    fetched = await services.fetcher.fetch(page, Validators())
    match fetched:
        case Fetched():
            if _is_home(fetched.url) and not _is_home(url):
                return _Trouble(lasting=True)  # led home: the article is not there any more
            article = await services.reader.article(fetched, page)
            return _Trouble(lasting=article.trouble == "not_a_feed") if isinstance(article, Failed) else article
        case Failed():
            return _Trouble(lasting=fetched.status in {404, 451} or fetched.trouble == "too_large")
        case _:
            name = type(fetched).__name__
            return _Trouble(lasting=name in {"Gone", "Blocked"}, host_wants_rest=name == "Throttled")


def _is_home(url: str) -> bool:
    return urlsplit(url).path in {"", "/"}


def _item_of(entry: Entry, known: Mapping[ItemKey, tuple[Item, ...]]) -> Item | None:
    return next((known[key][0] for key in dedupe.wanted_keys((entry,)) if key in known), None)


def _told_the_same(entry: Entry, stored: Entry) -> bool:
    """Whether a feed says of an article what it said when the article was read."""
    told = entry.summary or entry.content
    return entry.title == stored.title and (told == stored.summary or entry.content == stored.content)


def _longer(article: Entry, entry: Entry) -> bool:
    return article.content is not None and len(article.text) > len(entry.text)


def _with_text_of(entry: Entry, article: Entry) -> Entry:
    """A feed's entry with the text of its article, if that is the longer one; else the feed's word counts."""
    whole = _longer(article, entry)
    return replace(
        entry,
        content=article.content if whole else entry.content,
        summary=(entry.summary or entry.content) if whole else entry.summary,
        text=article.text if whole else entry.text,
        direction=article.direction if whole else entry.direction,
        authors=entry.authors or article.authors,
        categories=entry.categories or article.categories,
        image=entry.image or article.image,
        image_caption=entry.image_caption if entry.image else article.image_caption,
        links=entry.links or article.links,
        published=entry.published or article.published,
        updated=entry.updated or article.updated,
        language=entry.language or article.language,
    )


def _under_its_address(listed: Entry, article: Entry) -> Entry:
    """An article under the address that its list gives it, which is what it is recognised by.

    Its page knows more of it than the list; the list fills in what the page leaves out.
    """
    return replace(
        article,
        id=None,
        id_is_permalink=False,
        url=listed.url,
        url_key=listed.url_key,
        title=article.title or listed.title,
        image=article.image or listed.image,
        published=article.published or listed.published,
        language=article.language or listed.language,
        position=listed.position,
    )
