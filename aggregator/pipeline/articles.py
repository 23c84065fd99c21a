"""Entries that only point at their articles -> entries with the text of the articles' own pages.

Two kinds of sources need it: pages that list articles, whose entries have no text at all, and feeds with
`content: full` in feeds.yaml, whose entries have teasers. Each article is asked for once in its life, in its
host's turn; one that fails is tried on two further polls. What could not be had is noted with the reason.

A fault of our own is no try, as long as no other article could be read either: what a broken installation missed
is asked for again once it is mended. Where others can be read, it is the one article that is too much for us, and
the try counts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from aggregator import dedupe
from aggregator.model import Entry, Item, ItemKey, Missed, Source
from aggregator.pipeline import article
from aggregator.pipeline.article import Articles, NoArticle
from aggregator.pipeline.shortfall import TRIES

SECONDS = 240.0
"""So long may the articles of one poll take; a claimed source must be finished before its lease ends."""

LONGEST_REASON = 160
"""So many characters of a reason are kept."""

_ENOUGH_FAILURES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletedEntries:
    """A document's entries after their articles were asked for.

    Attributes:
        entries: For dedupe, in document order; those of a page that were read before are left out.
        listed: How many articles the document points at,
        had: and how many of those we have, now or since earlier polls.
        read: How many were asked for now, and had.
        missed: Those that could not be had, with how often they were asked for and why.
        whole: Whether nothing is left to be asked for on the next poll.
        faults: How often a fault of our own struck.
        passed: Uids of the items whose entries are left out.
    """

    entries: tuple[Entry, ...]
    listed: int = 0
    had: int = 0
    read: int = 0
    missed: tuple[Missed, ...] = ()
    whole: bool = True
    faults: int = 0
    passed: frozenset[str] = frozenset()


def needs_articles(source: Source) -> bool:
    """Whether the source's entries need their articles."""
    return source.kind == "page" or source.content == "full"


async def complete(
    source: Source,
    entries: Iterable[Entry],
    known: Mapping[ItemKey, tuple[Item, ...]],
    missed: Iterable[Missed],
    services: Articles,
) -> CompletedEntries:
    """Give a document's entries the text of their articles, as far as it can be had now.

    In: the source; its entries in document order; its stored items under their keys; what failed before.
    Does not raise for what servers do. Stops asking when the host wants to be left alone or fails repeatedly.
    """
    round_ = _ArticleRound(source, services, missed)
    judge = round_.judge_of_list if source.kind == "page" else round_.judge_of_feed
    entries = tuple(entries)
    found: dict[int, Entry | None] = {}
    # What failed before is asked for last, so that it keeps nobody from being asked for.
    for place, entry in sorted(enumerate(entries), key=lambda pair: round_.has_failed(pair[1])):
        found[place] = await judge(entry, _item_of(entry, known))
    return CompletedEntries(
        entries=tuple(entry for _, entry in sorted(found.items()) if entry is not None),
        listed=len(round_.listed),
        had=len(round_.had),
        read=round_.read,
        missed=round_.missed,
        whole=round_.whole,
        faults=round_.faults,
        passed=frozenset(
            item.uid
            for place, entry in enumerate(entries)
            if found[place] is None
            for item in _bearers(entry, known)
        ),
    )


def ask_anew(missed: Iterable[Missed]) -> tuple[Missed, ...]:
    """What failed under other rules or words of the editor, to be asked for as if it never had been.

    It is still missed until it is had: that its list's entry is stored does not say that its text is.
    """
    return tuple(replace(one, tries=0) for one in missed if one.trouble is not None)


class _ArticleRound:
    """The articles of one poll: what was asked for, and what is left."""

    def __init__(self, source: Source, services: Articles, missed: Iterable[Missed]) -> None:
        self._source = source
        self._services = services
        self._missed = {one.url_key: one for one in missed}
        self._excused: set[str] = set()
        self._asked = 0
        self._failures = 0
        self._stopped = False
        self._until = asyncio.get_running_loop().time() + SECONDS
        self.listed: set[str] = set()
        self.had: set[str] = set()
        self.read = 0
        self.whole = True
        self.faults = 0

    @property
    def missed(self) -> tuple[Missed, ...]:
        """What failed and still stands in the document."""
        return tuple(self._count_try(one) for key, one in self._missed.items() if key in self.listed)

    def has_failed(self, entry: Entry) -> bool:
        """Whether an entry's article was asked for in vain."""
        return entry.url_key in self._missed

    def _count_try(self, one: Missed) -> Missed:
        """A fault of our own counts as a try only where it strikes one article among others."""
        counts = one.url_key in self._excused and (self.read or one.tries)
        return replace(one, tries=one.tries + 1) if counts else one

    def _list(self, url_key: str, *, had: bool = False) -> None:
        self.listed.add(url_key)
        if had:
            self.had.add(url_key)

    def _is_to_be_had(self, url_key: str) -> bool:
        """Whether an article failed, and is to be asked for once more."""
        return url_key in self._missed and self._tries(url_key) < TRIES

    def _says_no_more(self, url_key: str) -> bool:
        """Whether an article was read, and said no more than its feed does."""
        found = self._missed.get(url_key)
        return found is not None and found.trouble is None

    def _tries(self, url_key: str) -> int:
        found = self._missed.get(url_key)
        return found.tries if found else 0

    async def judge_of_list(self, listed: Entry, item: Item | None) -> Entry | None:
        """The article of a page's list; None when it is stored already, or waits for a later poll."""
        if listed.url_key is None:
            return None
        let_go = item is not None and item.pruned
        if item is not None and not let_go and not self._is_to_be_had(listed.url_key):
            self._list(listed.url_key, had=not self.has_failed(listed))
            return None
        found = await self._ask_for(listed, listed.url_key)
        if found is not None:
            return article.put_under_its_address(listed, found)
        return listed if self._tries(listed.url_key) >= TRIES and not let_go else None

    async def judge_of_feed(self, entry: Entry, item: Item | None) -> Entry | None:
        """A feed's entry with all of its text, or as it is where that cannot be had.

        None for one whose text was let go of, as long as it cannot be had again: there is nothing to compare a
        teaser with.
        """
        if entry.url_key is None:
            return entry
        had = item.entry if item is not None and item.entry.content is not None else None
        settled = had is not None and not self.has_failed(entry) and _tells_the_same(entry, had)
        self._list(entry.url_key, had=settled or self._says_no_more(entry.url_key))
        found = None if settled else await self._ask_for(entry, entry.url_key)
        if found is not None and not article.is_longer(found, entry):
            self._missed[entry.url_key] = Missed(url_key=entry.url_key, tries=TRIES)
        text = found or had
        let_go = item is not None and item.pruned and item.entry.title == entry.title
        if let_go and text is None and not self._says_no_more(entry.url_key):
            return None
        return entry if text is None else article.take_text_of(entry, text)

    async def _ask_for(self, entry: Entry, url_key: str) -> Entry | None:
        """The article behind an entry, if it may be asked for now and is to be had."""
        self._list(url_key)
        if entry.url is None or self._tries(url_key) >= TRIES:
            return None
        if self._stopped or self._asked >= self._services.most or asyncio.get_running_loop().time() > self._until:
            self.whole = False
            return None
        self._asked += 1
        found = await article.read(entry.url, self._source, self._services)
        if isinstance(found, Entry):
            self._failures = 0
            self.read += 1
            self._list(url_key, had=True)
            self._missed.pop(url_key, None)
            return found
        self._note(url_key, found)
        return None

    def _note(self, url_key: str, trouble: NoArticle) -> None:
        self._failures += not trouble.lasting
        self._stopped = trouble.host_wants_rest or self._failures >= _ENOUGH_FAILURES
        tries = self._tries(url_key)
        if trouble.kind == "internal":
            self.faults += 1
            self._excused.add(url_key)
        elif not trouble.host_wants_rest:
            tries = TRIES if trouble.lasting else tries + 1
        self._missed[url_key] = Missed(
            url_key=url_key, tries=tries, trouble=trouble.kind, reason=trouble.reason[:LONGEST_REASON]
        )
        self.whole = self.whole and tries >= TRIES


def _bearers(entry: Entry, known: Mapping[ItemKey, tuple[Item, ...]]) -> Iterable[Item]:
    """All items that an entry may be."""
    return (item for key in dedupe.wanted_keys((entry,)) for item in known.get(key, ()))


def _item_of(entry: Entry, known: Mapping[ItemKey, tuple[Item, ...]]) -> Item | None:
    return next((known[key][0] for key in dedupe.wanted_keys((entry,)) if key in known), None)


def _tells_the_same(entry: Entry, stored: Entry) -> bool:
    """Whether a feed says of an article what it said when the article was read."""
    told = entry.summary or entry.content
    return entry.title == stored.title and (told == stored.summary or entry.content == stored.content)
