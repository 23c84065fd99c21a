"""One poll of one source, from its claim to its commit."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b

from aggregator import dedupe, schedule
from aggregator.model import (
    Blocked,
    Catalogue,
    Change,
    Due,
    Failed,
    Fetched,
    FetchResult,
    Gone,
    Reading,
    Source,
    SourceState,
    Throttled,
    Trouble,
    Unchanged,
    Update,
    Validators,
)
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


async def refresh(source: Source, state: SourceState, catalogue: Catalogue, services: Services) -> Update:
    """Poll one source that was claimed, through all stages; returns what was decided and written.

    Nothing is written if the claim was lost meanwhile: whoever holds it now writes their own.
    """
    digest = request_digest(source)
    validators = state.validators if state.request_digest == digest else Validators()
    result = await services.fetcher.fetch(source, validators)
    now = services.clock.now()
    asked = replace(state, request_digest=digest, validators=validators, last_poll_at=now, polls=state.polls + 1)
    update = await _outcome(source, asked, result, services, now)
    if update.changes or update.state.meta != state.meta:
        touched = tuple(found.id for found in catalogue.publications if found.includes(source))
        update = replace(update, publications=touched)
    await services.store.commit(update)
    return update


async def _outcome(
    source: Source, state: SourceState, result: FetchResult, services: Services, now: datetime
) -> Update:
    match result:
        case Fetched():
            return await _fetched(source, state, result, services, now)
        case Unchanged():
            due = _due_again(source, state, result, services.pace, now)
            kept = _merged(state.validators, result.validators)
            return Update(state=_well(replace(state, validators=kept), due, now))
        case Throttled():
            failures = state.failures + 1
            due = schedule.after_throttle(source, result.retry_at, failures, services.pace, now, jitter=_jitter())
            return Update(state=_unwell(state, due, "rate_limited", result.message))
        case Gone():
            return _failed(source, state, Failed(trouble="gone", message=result.message), services, now)
        case Blocked():
            return _failed(source, state, Failed(trouble="blocked", message=result.message), services, now)
        case Failed():
            return _failed(source, state, result, services, now)


async def _fetched(
    source: Source, state: SourceState, fetched: Fetched, services: Services, now: datetime
) -> Update:
    """A body: read it unless it is the one we read last, then judge what it holds.

    The validators of an answer that could not be read are not kept: the next poll must get the body again.
    """
    reading: Reading | Failed
    changes: tuple[Change, ...] = ()
    if state.body_hash != fetched.body_hash or state.reader_version != READER_VERSION:
        reading = await services.reader.read(fetched, source)
        if isinstance(reading, Failed):
            return _failed(source, state, reading, services, now)
        known = await services.store.known(source.id, dedupe.wanted_keys(reading.entries))
        changes = dedupe.decide(source.id, reading.entries, known, now)
        state = replace(state, meta=reading.meta, hints=reading.hints, warnings=reading.warnings)
    state = replace(
        state,
        validators=fetched.validators,
        body_hash=fetched.body_hash,
        reader_version=READER_VERSION,
    )
    return Update(state=_well(state, _due_again(source, state, fetched, services.pace, now), now), changes=changes)


def _due_again(
    source: Source, state: SourceState, result: Fetched | Unchanged, pace: schedule.Pace, now: datetime
) -> Due:
    return schedule.after_success(source, state.hints, result.fresh_for, pace, now, jitter=_jitter())


def _failed(source: Source, state: SourceState, failed: Failed, services: Services, now: datetime) -> Update:
    due = schedule.after_failure(source, state.failures + 1, services.pace, now, jitter=_jitter())
    return Update(state=_unwell(state, due, failed.trouble, failed.message))


def failure(source: Source, state: SourceState, message: str, services: Services) -> Update:
    """What to write when refreshing a source failed for a reason of our own (a fault in this program)."""
    now = services.clock.now()
    polled = replace(state, last_poll_at=now, polls=state.polls + 1)
    return _failed(source, polled, Failed(trouble="internal", message=message), services, now)


def _well(state: SourceState, due: Due, now: datetime) -> SourceState:
    return replace(
        state,
        next_poll_at=due.at,
        next_poll_reason=due.reason,
        last_success_at=now,
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


def _merged(old: Validators, new: Validators) -> Validators:
    """A 304 may carry a new ETag or Last-Modified; what it leaves out still holds (RFC 9111, section 4.3.4)."""
    return Validators(etag=new.etag or old.etag, last_modified=new.last_modified or old.last_modified)


def _jitter() -> float:
    """A random number in [0, 1) that no seeded generator of a test or a library disturbs."""
    return secrets.randbelow(1 << 20) / (1 << 20)


def request_digest(source: Source) -> str:
    """Of all that makes a request what it is; validators given to another request do not hold for it."""
    parts = (source.kind, source.location, *(f"{name}: {value}" for name, value in source.headers))
    return blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


def first_polls(catalogue: Catalogue, now: datetime) -> dict[str, datetime]:
    """Due times for sources that the store has not met, spread over the start."""
    enabled = [source for source in catalogue.sources if source.enabled]
    return {source.id: schedule.first_poll(source, now, len(enabled), _jitter()).at for source in enabled}
