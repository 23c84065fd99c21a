"""Is what came the feed that the source is, and where does that feed live?"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from aggregator import schedule
from aggregator.model import Failed, Fetched, Item, ItemKey, Move, Reading, SourceState, Unchanged
from aggregator.pipeline.outcomes import Poll


def move(poll: Poll, answer: Fetched | Unchanged) -> Move:
    """What is known of the source's move after an answer that gave its feed."""
    question, known = poll.question, poll.state.move
    if not question.may_move or answer.moved_to == question.home.location:
        return Move()  # also where the new place leads back
    if question.source.location == known.to and not schedule.believed(known):
        # It was asked in place of an address that is dead.
        return schedule.noted(known, answer.moved_to or known.to, poll.now)
    return schedule.noted(known, answer.moved_to, poll.now)


def is_this_feed(state: SourceState, found: Reading, known: Mapping[ItemKey, tuple[Item, ...]]) -> bool:
    """Whether a feed is the one that we have been reading: by its items, its id or its title."""
    was, now = state.meta, found.meta
    if known or not state.body_hash or not (was.id or was.title):
        return True
    return bool(was.id and was.id == now.id) or bool(was.title and _folded(was.title) == _folded(now.title))


def is_elsewhere(poll: Poll, fetched: Fetched) -> bool:
    """Whether a body came from another host than feeds.yaml's; what that gives is the source, whatever it is."""
    ours = {_host(poll.question.home.location), _host(poll.state.discovered or "")}
    return _host(fetched.url) not in ours


def another(found: Reading) -> Failed:
    """The trouble of a source whose address leads to a stranger's feed."""
    title = " ".join((found.meta.title or "without a title").split())[:80]
    return Failed(
        trouble="redirect",
        message=f"It leads to another feed ({title}), which holds nothing that is known of this one. "
        "If that is right, put its address into feeds.yaml.",
    )


def _host(url: str) -> str | None:
    return urlsplit(url).hostname


def _folded(title: str | None) -> str:
    return " ".join((title or "").casefold().split())
