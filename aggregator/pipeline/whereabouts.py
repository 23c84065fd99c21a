"""Is what came the feed that the source is, and where does that feed live?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from aggregator import schedule
from aggregator.model import Failed, Fetched, Item, ItemKey, Move, Reading, Unchanged
from aggregator.pipeline.outcomes import PollContext
from aggregator.text.characters import fold
from aggregator.text.sites import host_of, path_of

TURNOVER: Final = timedelta(days=3)
"""After so long a feed may list nothing that it listed when it was last read."""


def note_move(poll: PollContext, answer: Fetched | Unchanged) -> Move:
    """What is known of the source's move after an answer that gave its feed."""
    request, known = poll.request, poll.state.move
    if not request.may_move or answer.moved_to == request.home.location:
        return Move()  # also where the new place leads back
    if request.source.location == known.to and not schedule.is_believed(known):
        # It was asked in place of an address that is dead.
        return schedule.note_answer(known, answer.moved_to or known.to, poll.now)
    return schedule.note_answer(known, answer.moved_to, poll.now)


def is_this_feed(
    poll: PollContext, fetched: Fetched, found: Reading, known: Mapping[ItemKey, tuple[Item, ...]]
) -> bool:
    """Whether a feed is the one that we have been reading: by its items, its id or its title.

    The sections of a site have one title, and so has what stands in for one of them. So where a site leads
    elsewhere within itself for the first time, a title counts only some days after the last reading, when all
    items may be others.
    """
    state = poll.state
    was, now = state.meta, found.meta
    if known or not state.body_hash:
        return True
    if not (was.id or was.title):
        return not state.items
    if was.id and was.id == now.id:
        return True
    return bool(was.title and fold(was.title) == fold(now.title or "")) and not _is_led_about(poll, fetched)


def is_elsewhere(poll: PollContext, fetched: Fetched) -> bool:
    """Whether a body came from elsewhere than feeds.yaml says; what that gives is the source, whatever it is."""
    return _place(fetched.url) not in {_place(poll.request.home.location), _place(poll.state.discovered or "")}


def _is_led_about(poll: PollContext, fetched: Fetched) -> bool:
    state = poll.state
    if not state.read_from or _place(fetched.url) == _place(state.read_from):
        return False
    recent = state.last_success_at is not None and poll.now - state.last_success_at < TURNOVER
    return recent and _host(fetched.url) == _host(poll.request.home.location)


def another_feed(found: Reading) -> Failed:
    """The trouble of a source whose address leads to a stranger's feed."""
    title = " ".join((found.meta.title or "without a title").split())[:80]
    return Failed(
        trouble="redirect",
        message=f"It leads to another feed ({title}), which holds nothing that is known of this one. "
        "If that is right, put its address into feeds.yaml.",
    )


def _host(url: str) -> str | None:
    return urlsplit(url).hostname


def _place(url: str) -> str:
    """An address without what sites redirect about all day: scheme, `www.`, the last slash, the query."""
    return host_of(url) + path_of(url)
