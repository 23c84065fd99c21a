"""One poll of one source, from its claim to its commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from aggregator import dedupe, publish, schedule
from aggregator.model import (
    Blocked,
    Catalogue,
    Change,
    Due,
    Entry,
    Failed,
    Fetched,
    FetchResult,
    Gone,
    Item,
    ItemKey,
    Move,
    Reading,
    Source,
    SourceState,
    Throttled,
    Trouble,
    Unchanged,
    Update,
    Validators,
)
from aggregator.pipeline import articles
from aggregator.pipeline.articles import Articles, Completed
from aggregator.pipeline.asking import Asked, asked, jitter, merged, network_trouble, newest, secret
from aggregator.pipeline.discovery import find_feed
from aggregator.pipeline.reading import READER_VERSION
from aggregator.ports import Clock, Fetcher, Reader, SourceStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What polling calls."""

    fetcher: Fetcher
    reader: Reader
    store: SourceStore
    clock: Clock
    pace: schedule.Pace
    network: schedule.Reachability = field(default_factory=schedule.Reachability)


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One poll under way: who is asked, what was known, and when the answer came."""

    source: Source
    state: SourceState
    services: Services
    now: datetime


async def refresh(source: Source, state: SourceState, catalogue: Catalogue, services: Services) -> Update:
    """Poll one source that was claimed, through all stages; returns what was decided and written.

    Nothing is written if the claim was lost meanwhile: whoever holds it now writes their own.
    """
    question = asked(source, state)
    result = await services.fetcher.fetch(question.source, question.state.validators)
    poll = _heard(question, result, services)
    update = await _outcome(poll, result)
    update = replace(update, state=replace(update.state, notice=_notice(source, update.state)))
    if update.changes or update.state.meta != state.meta:
        update = replace(update, publications=publish.touched_by(catalogue, source))
    await services.store.commit(update)
    return update


def _notice(source: Source, state: SourceState) -> str | None:
    return schedule.notice(state) or dedupe.notice(source, state.habits)


def _heard(question: Asked, result: FetchResult, services: Services) -> Poll:
    """Note the poll itself, and what its answer says of the network and of where the source lives."""
    now = services.clock.now()
    state = replace(question.state, last_poll_at=now, polls=question.state.polls + 1)
    if question.host is not None and not isinstance(result, Blocked):
        services.network.observe(question.host, reached=not network_trouble(result), now=now)
    if isinstance(result, Fetched | Unchanged):
        moved_to = result.moved_to if question.may_move else None
        state = replace(state, move=schedule.noted(state.move, moved_to, now), gone_since=None)
    elif question.elsewhere and not isinstance(result, Throttled):
        # What stood in for the address in feeds.yaml does not answer: ask that address next time.
        state = replace(state, move=Move(), discovered=None)
    return Poll(source=question.source, state=state, services=services, now=now)


async def _outcome(poll: Poll, result: FetchResult) -> Update:
    match result:
        case Fetched():
            return await _fetched(poll, result)
        case Unchanged():
            kept = merged(poll.state.validators, result.validators)
            changes, state = await _ripened(poll, replace(poll.state, validators=kept))
            state = replace(state, posted=newest(state.posted, changes, poll.now))
            return Update(state=_well(poll, state, result), changes=changes)
        case Throttled():
            due = schedule.after_throttle(
                poll.source,
                result.retry_at,
                poll.state.failures + 1,
                poll.services.pace,
                poll.now,
                jitter=jitter(),
            )
            return Update(state=_unwell(poll.state, due, "rate_limited", result.message))
        case Gone():
            due = schedule.after_gone(poll.source, poll.state, poll.services.pace, poll.now, jitter=jitter())
            state = replace(poll.state, gone_since=poll.state.gone_since or poll.now)
            return Update(state=_unwell(state, due, "gone", result.message))
        case Blocked():
            return _failed(poll, Failed(trouble="blocked", message=result.message))
        case Failed():
            return _failed(poll, result)


async def _fetched(poll: Poll, fetched: Fetched) -> Update:
    """A body: read it unless it is the one we read last, then judge what it holds.

    The validators of an answer that could not be read are not kept: the next poll must get the body again.
    """
    state = poll.state
    changes: tuple[Change, ...] = ()
    if state.body_hash != fetched.body_hash or state.reader_version != READER_VERSION:
        reading = await poll.services.reader.read(fetched, poll.source)
        if isinstance(reading, Failed):
            found = await _led_to(poll, fetched, reading)
            return await _fetched(found[0], found[1]) if found else _failed(poll, reading)
        wanted = dedupe.wanted_keys(reading.entries, poll.source, state.habits)
        known = await poll.services.store.known(poll.source.id, {*wanted, *dedupe.deleted_keys(reading.deleted)})
        done = await _completed(poll, reading.entries, known)
        decision = dedupe.decide(poll.source, done.entries, known, state.habits, poll.now)
        changes = decision.changes + _withdrawn(reading, decision.changes, known, poll.now)
        state = replace(state, habits=decision.habits)
        if not known and not _same_feed(state, reading):
            state = replace(state, move=Move())  # a redirect to something else is not a move
        state = replace(
            state, meta=reading.meta, hints=reading.hints, warnings=reading.warnings, missed=done.missed
        )
        if not done.whole:  # the next poll must get the document again, for the articles that are left
            fetched = replace(fetched, validators=Validators(), body_hash="")
    else:
        changes, state = await _ripened(poll, state)
    state = replace(
        state,
        validators=fetched.validators,
        body_hash=fetched.body_hash,
        reader_version=READER_VERSION,
        posted=newest(state.posted, changes, poll.now),
    )
    return Update(state=_well(poll, state, fetched), changes=changes)


def _withdrawn(
    reading: Reading, changes: tuple[Change, ...], known: Mapping[ItemKey, tuple[Item, ...]], now: datetime
) -> tuple[Change, ...]:
    """What the publisher takes back; an item that it shows under another id all the same is not among it."""
    shown = {change.item.uid for change in changes}
    return tuple(change for change in dedupe.withdraw(reading.deleted, known, now) if change.item.uid not in shown)


async def _ripened(poll: Poll, state: SourceState) -> tuple[tuple[Change, ...], SourceState]:
    """Judge what was held back until this poll, though its document says nothing new."""
    if not state.habits.held:
        return (), state
    known = await poll.services.store.known(poll.source.id, dedupe.wanted_keys((), poll.source, state.habits))
    decision = dedupe.decide(poll.source, (), known, state.habits, poll.now)
    return decision.changes, replace(state, habits=decision.habits)


async def _completed(
    poll: Poll, entries: tuple[Entry, ...], known: Mapping[ItemKey, tuple[Item, ...]]
) -> Completed:
    """The entries with the text of their articles, where the source needs that."""
    if not articles.wanted(poll.source):
        return Completed(entries=entries, missed=(), whole=True)
    services = Articles(fetcher=poll.services.fetcher, reader=poll.services.reader)
    return await articles.complete(poll.source, entries, known, poll.state.missed, services)


async def _led_to(poll: Poll, page: Fetched, failed: Failed) -> tuple[Poll, Fetched] | None:
    """The feed that a page named, if the address in feeds.yaml is a page's and always was.

    An address that once gave a feed shows a page for a reason (a login, a notice of maintenance), and is not
    left for another. Nor is every failing poll a search: only the first, and then each fourth in a row.
    """
    state = poll.state
    searching = state.last_success_at is None and state.failures % 4 == 0 and poll.source.kind == "feed"
    if failed.trouble != "not_a_feed" or not searching:
        return None
    found = await find_feed(poll.source, page, poll.services.fetcher, poll.services.reader)
    if found is None:
        return None
    kept = None if secret(poll.source) else found.url
    return replace(poll, state=replace(state, discovered=kept, validators=Validators())), found.fetched


def _same_feed(state: SourceState, reading: Reading) -> bool:
    """Whether a feed without a single item that we know is the one we have been reading."""
    if not state.body_hash:
        return True
    return (state.meta.id or state.meta.title) == (reading.meta.id or reading.meta.title)


def _failed(poll: Poll, failed: Failed) -> Update:
    pace, now = poll.services.pace, poll.now
    if network_trouble(failed) and poll.services.network.down(now):
        due = schedule.after_outage(poll.source, pace, now, jitter=jitter())
        unpunished = _unwell(poll.state, due, failed.trouble, failed.message)
        return Update(state=replace(unpunished, failures=poll.state.failures))
    absent = failed.status == 404
    due = schedule.after_failure(poll.source, poll.state.failures + 1, pace, now, jitter=jitter(), absent=absent)
    return Update(state=_unwell(poll.state, due, failed.trouble, failed.message))


def failure(source: Source, state: SourceState, message: str, services: Services) -> Update:
    """What to write when refreshing a source failed for a reason of our own (a fault in this program)."""
    now = services.clock.now()
    polled = replace(state, last_poll_at=now, polls=state.polls + 1)
    poll = Poll(source=source, state=polled, services=services, now=now)
    return _failed(poll, Failed(trouble="internal", message=message))


def _well(poll: Poll, state: SourceState, answer: Fetched | Unchanged) -> SourceState:
    due = schedule.after_success(
        poll.source, state, answer.fresh_for, poll.services.pace, poll.now, jitter=jitter()
    )
    return replace(
        state,
        next_poll_at=due.at,
        next_poll_reason=due.reason,
        last_success_at=poll.now,
        status="ok",
        trouble=None,
        error=None,
        failures=0,
    )


def _unwell(state: SourceState, due: Due, trouble: Trouble, message: str) -> SourceState:
    return replace(
        state,
        next_poll_at=due.at,
        next_poll_reason=due.reason,
        status="blocked" if trouble == "blocked" else "error",
        trouble=trouble,
        error=message,
        failures=state.failures + 1,
    )
