"""From what people type to an item; and for what names none, what is known instead."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from aggregator import publish
from aggregator.dates.writing import to_the_minute
from aggregator.dedupe import keys
from aggregator.explain.unmet import find_withdrawal
from aggregator.model import Entry, Item, ItemKey, Source, SourceState
from aggregator.pipeline.comparing import ClusterContext
from aggregator.pipeline.shortfall import missing
from aggregator.text.item_names import as_url, spellings
from aggregator.text.opted_out import find_opt_out_of_url, tell_opt_out
from aggregator.text.sites import host_of
from aggregator.text.urlkeys import url_key

LATEST: Final = 200
"""So many of the newest items are searched for names like the one that was asked for."""

REWRITTEN: Final = 1_000
"""So many of the newest items of sources with rewritten links are searched for what readers are told."""

_LONGEST: Final = 500
_SUGGESTED: Final = 3
_ALIKE: Final = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFound:
    """A name under which no item is stored.

    Attributes:
        name: As it was given.
        remarks: What is known of it all the same, or of the site that it leads to; whole sentences.
        near: Names of stored items that are like it, the likeliest first.
    """

    name: str
    remarks: tuple[str, ...]
    near: tuple[str, ...]


async def find(name: str, context: ClusterContext) -> Item | NotFound:
    """The item of that name.

    A name is an item's uid, its published id, which for the lead of a story is the story's too, the publisher's
    id, its address however it is spelt or rewritten for readers, the address of its page with us, or a name that
    it went by before.
    """
    for spelling in dict.fromkeys(spellings(name)):
        item = await context.store.item(spelling)
        if item is not None:
            return item
    return (
        await _find_by_former_name(name, context)
        or await _find_by_rewritten_link(name, context)
        or await _explain_absence(name, context)
    )


async def _find_by_former_name(name: str, context: ClusterContext) -> Item | None:
    """Asks source after source: a name means something only within one."""
    wanted = set(_keys(name.strip()))
    for source_id in context.states:
        known = await context.store.find_known(source_id, wanted)
        if known:
            return next(iter(known.values()))[0]
    return None


async def _find_by_rewritten_link(name: str, context: ClusterContext) -> Item | None:
    """The address that readers get is stored nowhere: it is made from the item's own whenever it is told."""
    wanted = url_key(as_url(name))
    sources = {
        one.id: one for one in context.catalogue.sources if any(rule.field == "link" for rule in one.rewrites)
    }
    if wanted is None or not sources:
        return None
    latest = await context.store.latest(list(sources), REWRITTEN)
    told = ((item, publish.link_for_readers(item.entry, sources[item.source_id])) for item in latest)
    return await asyncio.to_thread(
        lambda: next((item for item, url in told if url and url_key(url) == wanted), None)
    )


def _keys(name: str) -> Iterator[ItemKey]:
    yield ItemKey(kind="id", value=name)
    permalink, address = keys.permalink_key(Entry(id=name)), url_key(as_url(name))
    if permalink is not None:
        yield permalink
    if address is not None:
        yield ItemKey(kind="url", value=address)


async def _explain_absence(name: str, context: ClusterContext) -> NotFound:
    remarks = [*_remarks_on_names(name, context), *_remarks_on_entries(name.strip(), context)]
    latest = await context.store.latest(list(context.states), LATEST)
    return NotFound(
        name=name,
        remarks=tuple(remarks or _remarks_on_site(name, context)),
        near=tuple(_similar_names(name, latest)),
    )


def _remarks_on_names(name: str, context: ClusterContext) -> Iterator[str]:
    """The name of something else, or of what is yet to come."""
    withdrawal = find_withdrawal(name, context.catalogue)
    if withdrawal is not None:
        yield f"{withdrawal}."
    host = find_opt_out_of_url(as_url(name), context.catalogue.opted_out)
    if host is not None:
        yield f"{tell_opt_out(host, context.catalogue.opted_out)}: nothing there is asked, or shown."
    if context.catalogue.source(name) is not None or name in context.states:
        yield f"'{name}' is a source; `aggregator status` tells how it is doing."
    if context.catalogue.publication(name) is not None:
        yield f"'{name}' is a publication; `aggregator check` tells which sources it has."


def _remarks_on_entries(name: str, context: ClusterContext) -> Iterator[str]:
    """Entries that came and are not stored, or could not be read."""
    address = url_key(as_url(name)) or name
    for state in context.states.values():
        for held in state.profile.quarantined:
            if name in {held.entry.id, held.entry.url} or address == held.entry.url_key:
                polled = f"It came with the poll of {state.source_id} at {to_the_minute(held.since)}"
                yield f"{polled} and waits for the next one: {held.reason}."
        for missed in state.missed:
            if address == missed.url_key:
                yield f"{state.source_id} lists it, but its page could not be had: {missing(missed)}."


def _remarks_on_site(name: str, context: ClusterContext) -> Iterator[str]:
    """How the sources of the name's site are doing."""
    site = host_of(name)
    for source in context.catalogue.sources:
        if site and host_of(source.url) == site:
            yield f"The source {source.id} is of that site; {_tell_state(source, context.states.get(source.id))}"


def _tell_state(source: Source, state: SourceState | None) -> str:
    if source.opted_out is not None:
        return "it is not polled, since its host asked not to be read."
    if not source.enabled:
        return "feeds.yaml disables it."
    if state is None or state.last_poll_at is None:
        return f"it was never polled: try `aggregator poll {source.id}`."
    if state.error is not None:
        return f"its last poll, at {to_the_minute(state.last_poll_at)}, failed: {state.error}"
    return f"it was last read at {to_the_minute(state.last_poll_at)}, and nothing of this name was in it so far."


def _similar_names(name: str, latest: Iterable[Item]) -> list[str]:
    """Names of items that are spelt like it, and of those that have it in their title."""
    asked = name.strip()[:_LONGEST]
    spelt: dict[str, str] = {}
    titled: list[str] = []
    for item in latest:
        best = item.entry.url or item.public_id
        named = (item.entry.url, item.public_id, item.entry.id, item.uid)
        spelt.update((one[:_LONGEST], best) for one in named if one)
        if asked and asked.casefold() in item.entry.title.casefold():
            titled.append(best)
    alike = (spelt[one] for one in get_close_matches(asked, spelt, n=_SUGGESTED, cutoff=_ALIKE))
    return list(dict.fromkeys((*alike, *titled)))[:_SUGGESTED]
