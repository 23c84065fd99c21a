"""What stands in feeds.yaml, is no mistake, and comes to nothing as far as polls have shown."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping

from aggregator.catalogue.membership import find_unknown
from aggregator.errors import Notice
from aggregator.model import Catalogue, ListState
from aggregator.ports import ReadOnlyStore
from aggregator.text.item_names import as_url, spellings
from aggregator.text.urlkeys import url_key


async def find_unmet(catalogue: Catalogue, file: str, store: ReadOnlyStore) -> tuple[Notice, ...]:
    """Lists that were not read, and names under `withdraw:` and `without:` that nothing bears; none before a poll.

    In: `file` is what feeds.yaml is called. Out: each with its line, by line.
    """
    polled = any(state.last_poll_at is not None for state in (await store.states()).values())
    lists = (await store.followed_lists()).states
    names = [one async for one in _find_unmet_names(catalogue, file, store)] if polled else []
    return tuple(sorted((*_tell_unread(catalogue, file, lists), *names), key=lambda one: one.line or 0))


def count_listed(catalogue: Catalogue, states: Mapping[str, ListState]) -> int:
    """How many sources lists elsewhere bring, beside those that feeds.yaml declares."""
    declared = {source.id for source in catalogue.sources}
    members = (one for found in catalogue.lists if found.id in states for one in states[found.id].members)
    return len({one.id for one in members if one.listed} - declared)


def find_withdrawal(name: str, catalogue: Catalogue) -> str | None:
    """That a name which no item bears stands under `withdraw:`, with its line; None where it does not."""
    found = next((one for one in spellings(name) if one in catalogue.withdrawn), None)
    if found is None:
        return None
    line = catalogue.withdrawn[found]
    where = f", line {line}" if line else ""
    return f"It stands under `withdraw` in feeds.yaml{where}: {_tell_name(name, catalogue)}"


def _tell_unread(catalogue: Catalogue, file: str, states: Mapping[str, ListState]) -> Iterator[Notice]:
    for one in catalogue.lists:
        error = states[one.id].error if one.id in states else ""
        if error and one.source.opted_out is None:
            message = f"the list '{one.id}' could not be read: {error}"
            place = ("lists", one.id)
            yield Notice(file=file, line=one.line, path=".".join(place), message=message, place=place)
        for name in find_unknown(one, states[one.id]) if one.id in states and states[one.id].members else ():
            message = f"`without`: the list names no feed that is called `{name[:200]}`; it names them by address"
            yield Notice(file=file, line=one.line, path=f"lists.{one.id}", message=message)


async def _find_unmet_names(catalogue: Catalogue, file: str, store: ReadOnlyStore) -> AsyncIterator[Notice]:
    covered: set[str] = set()
    for name, line in catalogue.withdrawn.items():  # the name as it is written stands before its other spellings
        if name in covered:
            continue
        mine = dict.fromkeys(spellings(name))
        covered.update(mine)
        if not [one for one in mine if await store.item(one) is not None]:
            message = f"withdraw: nothing that is stored is called `{name[:200]}`; {_tell_name(name, catalogue)}"
            yield Notice(file=file, line=line, path="withdraw", message=message)


def _tell_name(name: str, catalogue: Catalogue) -> str:
    """What becomes of a name that no item bears, or what it is the name of."""
    if catalogue.source(name) is not None:
        return "that is a source: remove it, or write `enabled: false` there"
    address = url_key(as_url(name))
    feed = next((one.id for one in catalogue.sources if address and url_key(one.url) == address), None)
    if feed is not None:
        return f"that is the address of the source '{feed}': remove it, or write `enabled: false` there"
    if catalogue.publication(name) is not None:
        return "that is a publication: remove it under `publish`"
    if len(name.split()) > 1:
        return "an item is named by its address or its id, not by its title"
    return "it will be withdrawn when it comes"
