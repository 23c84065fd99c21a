"""A page where a feed was expected -> the feed that it names: asked for, read, and kept to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from aggregator.model import (
    Failed,
    FaultStage,
    Fetched,
    Reading,
    Source,
    Validators,
)
from aggregator.pipeline.outcomes import PollContext
from aggregator.pipeline.request import is_same_origin
from aggregator.ports import Fetcher, Reader

TRIES = 4
"""So many addresses are asked at most: the page's own suggestions first, then the usual places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A feed that was found by a page that names it.

    Attributes:
        url: The address that the page names.
        fetched: The answer from there.
        reading: What was read of that answer.
    """

    url: str
    fetched: Fetched
    reading: Reading


async def search_feed(poll: PollContext, page: Fetched, failed: Failed) -> tuple[Found | Failed, FaultStage]:
    """The feed that a page named, if the address in feeds.yaml is a page's and always was; else the trouble.

    An address that once gave a feed shows a page for a reason (a login, a notice of maintenance), and is not
    left for another. Nor is every failing poll a search: only the first, and then each fourth in a row.
    """
    state, source = poll.state, poll.source
    may_search = state.last_success_at is None or state.is_page
    searching = may_search and state.failures % 4 == 0 and source.kind == "feed" and not poll.request.elsewhere
    if failed.trouble != "not_a_feed" or not searching:
        return failed, "read"
    found = await find_feed(source, page, poll.services.fetcher, poll.services.reader)
    if isinstance(found, Failed):
        return found, "discover"
    return found or failed, "read"


async def find_feed(source: Source, page: Fetched, fetcher: Fetcher, reader: Reader) -> Found | Failed | None:
    """Ask for what the page names, the likeliest first, until something is a feed; None when nothing is.

    Failed, with the trouble `internal`, where nothing was found and a fault of our own may be why.
    Headers of the source, which may hold credentials, go only to its own origin.
    """
    named = await reader.discover(page)
    if isinstance(named, Failed):
        return named if named.trouble == "internal" else None
    fault: Failed | None = None
    for url in (one.url for one in named[:TRIES]):
        headers = source.headers if is_same_origin(url, source.location) else ()
        candidate = replace(source, kind="feed", location=url, headers=headers)
        fetched = await fetcher.fetch(candidate, Validators())
        if not isinstance(fetched, Fetched):
            continue
        reading = await reader.read(fetched, candidate)
        if not isinstance(reading, Failed):
            return Found(url=url, fetched=fetched, reading=reading)
        if reading.trouble == "internal":
            fault = reading
    return fault
