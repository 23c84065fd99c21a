"""Keeps secrets out of what is made of an answer, before anything is concluded from it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import lru_cache
from secrets import token_urlsafe
from typing import TYPE_CHECKING

from aggregator.model import (
    Entry,
    Failed,
    Fetched,
    FetchResult,
    ListMember,
    Move,
    NamedFeed,
    Reading,
    Source,
    SourceState,
    Unchanged,
    Validators,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from aggregator.model import Decision, DocumentDigests, Item, ItemKey, Recall, Signature, SourceProfile
    from aggregator.pipeline.outcomes import Services
    from aggregator.ports import Fetcher, Reader, Wanted
    from aggregator.text.redaction import Redactor


def withhold(state: SourceState, redactor: Redactor) -> SourceState:
    """The state of a source as it may be stored: no text of it holds a secret, no address a mask.

    Our own names stay, whatever they are.
    """
    if not redactor:
        return state
    if redactor.holds(state.discovered or ""):
        state = replace(state, discovered=None)
    if redactor.holds(state.move.to or ""):
        state = replace(state, move=Move())
    if redactor.holds(state.read_from):
        state = replace(state, read_from="")
    told = redactor.redact(state)
    told = replace(told, memory=state.memory)
    return replace(told, source_id=state.source_id, labels=state.labels, address=state.address)


def redact_services(services: Services, redactor: Redactor, source: Source) -> Services:
    """The services for a poll of the source, with secrets kept out of what they give."""
    if not redactor:
        return services
    sent = (source.location, *(value for _, value in source.headers))
    return replace(
        services,
        spelled=redactor.of(sent),
        fetcher=RedactingFetcher(services.fetcher, redactor),
        reader=RedactingReader(services.reader, redactor),
    )


async def find_known(
    services: Services, source_id: str, keys: Collection[ItemKey]
) -> dict[ItemKey, tuple[Item, ...]]:
    """The stored items of the source that bear the keys, as `ports.SourceStore.find_known` gives them.

    Those too that were stored under the same keys with a secret in them, by an earlier version or before the
    editor made a variable of it: such an item is given without the secret and with a fingerprint to be made anew,
    so that it is no new item and no update, and is stored as it should be.
    """
    spelled = {replace(key, value=value): key for key in keys for value in services.spelled.spellings(key.value)}
    stored = await services.store.find_known(source_id, {*keys, *spelled})
    found: dict[ItemKey, tuple[Item, ...]] = {}
    for key, items in stored.items():
        meant = spelled.get(key, key)
        uids = {item.uid for item in found.get(meant, ())}
        clean = tuple(_without_secrets(item, services.spelled) for item in items if item.uid not in uids)
        found[meant] = (*found.get(meant, ()), *clean)
    return found


def _without_secrets(item: Item, redactor: Redactor) -> Item:
    entry = redactor.redact(item.entry)
    if entry is item.entry:
        return item
    return replace(item, entry=entry, fingerprint=replace(item.fingerprint, version=0))


@lru_cache(maxsize=16)
def _mark(_redactor: Redactor) -> str:
    """Tells in this process by which secrets something was redacted; nothing of them can be learnt from it."""
    return token_urlsafe(6)


class RedactingFetcher:
    """Fulfils `ports.Fetcher`: validators that hold a secret are not kept, so nothing stores them.

    Addresses stay as they are: what a page names is resolved against them.
    """

    def __init__(self, fetcher: Fetcher, redactor: Redactor) -> None:
        self._fetcher = fetcher
        self._redactor = redactor

    async def fetch(self, source: Source, validators: Validators, wanted: Wanted = "source") -> FetchResult:
        """Ask as usual."""
        result = await self._fetcher.fetch(source, validators, wanted)
        if (
            isinstance(result, Fetched | Unchanged)
            and self._redactor.redact(result.validators) != result.validators
        ):
            return replace(result, validators=Validators())
        return result


class RedactingReader:
    """Fulfils `ports.Reader`: entries, feeds' own words and complaints come without secrets.

    So identity, links, dates and texts are judged on what is stored, and stay the same when a key is exchanged.
    """

    def __init__(self, reader: Reader, redactor: Redactor) -> None:
        self._reader = reader
        self._redactor = redactor

    async def read(
        self, fetched: Fetched, source: Source, known: DocumentDigests | None = None
    ) -> Reading | Failed:
        """The feed, redacted; all of it where what is known was redacted by other secrets or another process."""
        mark = _mark(self._redactor)
        if known is not None:
            ours = known.context.startswith(mark)
            known = replace(known, context=known.context.removeprefix(mark)) if ours else None
        found = await self._reader.read(fetched, source, known)
        # In a thread: a document may have megabytes, and others are served meanwhile.
        told = await asyncio.to_thread(self._redactor.redact, found)
        if isinstance(found, Failed) or isinstance(told, Failed) or found.digests is None:
            return told
        return replace(told, digests=replace(found.digests, context=mark + found.digests.context))

    async def article(self, fetched: Fetched, source: Source) -> Entry | Failed:
        """The article, redacted."""
        return await asyncio.to_thread(self._redactor.redact, await self._reader.article(fetched, source))

    async def judge(
        self,
        source: Source,
        entries: Sequence[Entry],
        known: Mapping[ItemKey, Sequence[Item]],
        profile: SourceProfile,
        now: datetime,
        recall: Recall | None = None,
    ) -> Decision | Failed:
        """As it is: all that goes in was redacted."""
        return await self._reader.judge(source, entries, known, profile, now, recall)

    async def sign(self, entries: Sequence[Entry]) -> tuple[Signature, ...] | Failed:
        """As it is."""
        return await self._reader.sign(entries)

    async def list_feeds(self, fetched: Fetched) -> tuple[ListMember, ...] | Failed:
        """As it is: lists are no sources."""
        return await self._reader.list_feeds(fetched)

    async def discover(self, page: Fetched) -> tuple[NamedFeed, ...] | Failed:
        """As it is: these addresses are asked, and kept only where they hold nothing."""
        return await self._reader.discover(page)
