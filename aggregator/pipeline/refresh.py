"""One poll of one source, from its claim to its commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from aggregator import dedupe, publish, schedule
from aggregator.model import (
    Blocked,
    Catalogue,
    Change,
    Entry,
    Failed,
    FeedMeta,
    Fetched,
    FetchResult,
    Gone,
    Item,
    ItemKey,
    Reading,
    Source,
    SourceState,
    Throttled,
    Unchanged,
    Update,
    Validators,
)
from aggregator.pipeline import (
    absence,
    articles,
    notices,
    outcomes,
    reading,
    redacting,
    remembering,
    shortfall,
    whereabouts,
)
from aggregator.pipeline.article import Articles
from aggregator.pipeline.articles import CompletedEntries
from aggregator.pipeline.discovery import Found, search_feed
from aggregator.pipeline.judgement import Judgement, Question, judge_entries
from aggregator.pipeline.outcomes import PollContext, Services
from aggregator.pipeline.recalling import recall_items
from aggregator.pipeline.request import (
    Request,
    is_network_trouble,
    is_passing,
    is_secret,
    jitter,
    merge_validators,
    newest_dates,
    prepare,
    prepare_other,
)
from aggregator.pipeline.succession import address_of
from aggregator.text import redaction

__all__ = ["Services", "failure", "refresh"]

_DELTA = 226
"""The status of an answer that holds only what is new (RFC 3229), and so says nothing of all else."""

_MONTHS = timedelta(days=40)
"""No source is asked more seldom: no schedule sets a time further off than 31 days."""

_UNREAD = "unread"
"""Stands for the hash of a body that the next poll must read again, whatever it is."""


async def refresh(source: Source, state: SourceState, catalogue: Catalogue, services: Services) -> Update:
    """Poll one source that was claimed, through all stages; returns what was decided and written.

    Nothing is written if the claim was lost meanwhile: whoever holds it now writes their own.
    """
    redactor = redaction.redactor(catalogue.secrets)
    services = redacting.redact_services(services, redactor, source)
    now = services.clock.now()
    known = schedule.clamp_state_to_now(state, now)
    if known.address != (address := address_of(source)):
        known = replace(known, address=address)
    result, update = await _fetch_and_judge(prepare(source, known, now), services)
    if update.state.trouble is None and update.state.missed:
        due = schedule.after_fault(source, services.pace, services.clock.now(), jitter=jitter())
        update = replace(update, state=shortfall.tell(update.state, state.failures, due))
    notice = await notices.notice(source, update, catalogue)
    if notice != update.state.notice:
        update = replace(update, state=replace(update.state, notice=notice))
    if update.changes or update.turned or update.state.meta != state.meta:
        update = replace(update, publications=publish.touched_publication_ids(catalogue, source))
    update = outcomes.mark_poll(replace(update, state=redacting.withhold(update.state, redactor)), result)
    await services.store.commit(update)
    return update


async def _fetch_and_judge(request: Request, services: Services) -> tuple[FetchResult, Update]:
    """What came of asking; where one of two known addresses gave no feed, of asking the other one at once."""
    result, update = await _ask(request, services)
    if is_network_trouble(result) and services.network.is_down(services.clock.now()):
        return result, update
    other = prepare_other(request, update.state, result)
    if other is None:
        return result, update
    answer, second = await _ask(other, services)
    if second.state.trouble is None or second.listing is not None:
        return answer, second
    # The trouble of a place that may be well again soon is told, and the place is kept; else that of feeds.yaml's.
    return (answer, second) if request.elsewhere and not is_passing(result) else (result, update)


async def _ask(request: Request, services: Services) -> tuple[FetchResult, Update]:
    result = await services.fetcher.fetch(request.source, request.validators)
    poll = _note_answer(request, result, services)
    return result, await _judge_answer(poll, result)


def _note_answer(request: Request, result: FetchResult, services: Services) -> PollContext:
    """Note the poll itself, and what its answer says of the network."""
    now = services.clock.now()
    last = request.state.last_poll_at
    resumed_at = now if last is not None and now - last > _MONTHS else request.state.resumed_at
    gone = None if isinstance(result, Fetched | Unchanged) else request.state.gone_since
    polls = request.state.polls + 1
    state = replace(request.state, last_poll_at=now, polls=polls, resumed_at=resumed_at, gone_since=gone)
    if request.host is not None and not isinstance(result, Blocked):
        services.network.observe(request.host, reached=not is_network_trouble(result), now=now)
    return PollContext(request=request, state=state, services=services, now=now)


async def _judge_answer(poll: PollContext, result: FetchResult) -> Update:
    match result:
        case Fetched():
            return await _judge_body(poll, result)
        case Unchanged():
            kept = merge_validators(poll.state.validators, result.validators)
            if kept != poll.state.validators:
                poll = replace(poll, state=replace(poll.state, validators=kept))
            return await _judge_unchanged(poll, result)
        case Throttled():
            return outcomes.record_throttle(poll, result)
        case Gone():
            return outcomes.record_gone(poll, result)
        case Blocked():
            return outcomes.record_refusal(poll, result)
        case Failed():
            return outcomes.record_failure(poll, result, "poll")


async def _judge_body(poll: PollContext, fetched: Fetched) -> Update:
    """A body: read it unless it is the one we read last, then judge what it holds."""
    state = replace(poll.state, whole_at=poll.now)
    if state.body_hash == fetched.body_hash and state.reading_digest == reading.digest(poll.source):
        return await _judge_unchanged(replace(poll, state=replace(state, validators=fetched.validators)), fetched)
    poll = replace(poll, state=state)
    found = await remembering.read(poll, fetched)
    if isinstance(found, Failed):
        return await _judge_unreadable(poll, fetched, found)
    return await _judge_feed(poll, fetched, found)


async def _judge_unreadable(poll: PollContext, fetched: Fetched, failed: Failed) -> Update:
    """A body that could not be read: perhaps a page that names the feed.

    The validators of an answer that could not be read are not kept: the next poll must get the body again.
    """
    found, stage = await search_feed(poll, fetched, failed)
    if isinstance(found, Found):
        kept = None if is_secret(poll.request.home) else found.url
        led = replace(poll.state, discovered=kept, is_page=True)
        return await _judge_feed(replace(poll, state=led), found.fetched, found.reading)
    if fetched.moved_to is not None:  # a redirect to something else is not a move
        poll = replace(poll, state=replace(poll.state, move=schedule.leave_new_place(poll.state.move)))
    return outcomes.record_failure(poll, found, stage)


async def _judge_feed(poll: PollContext, fetched: Fetched, found: Reading) -> Update:
    """A feed that was read: what in it is new, and what that makes of its source."""
    state = poll.state
    wanted = dedupe.wanted_keys(found.entries, poll.source, state.profile)
    keys = {*wanted, *dedupe.deleted_keys(found.deleted)}
    known = await redacting.find_known(poll.services, poll.source.id, keys)
    same = whereabouts.is_this_feed(poll, fetched, found, known)
    if not same and whereabouts.is_elsewhere(poll, fetched):
        left = replace(state, move=schedule.leave_new_place(state.move))
        return outcomes.record_failure(replace(poll, state=left), whereabouts.another_feed(found))
    done = await _complete(poll, dedupe.without_unfinished(found, known), known)
    # Behind a redirect an empty feed may be anything: it is no evidence of a move, and is looked at again.
    telling = fetched.moved_to is None or (same and bool(found.entries))
    settled = done.whole and telling and not found.faults  # else the next poll must get the document again
    poll = replace(poll, state=replace(state, profile=dedupe.learn_addresses(state.profile, found.meta)))
    outcome = await _decide(poll, done.entries, known, found.meta)
    if isinstance(outcome, Failed):
        return outcomes.record_failure(poll, outcome, "poll")
    decision = outcome.decision
    settled = settled and not decision.faults and not decision.over
    changes = decision.changes + _withdrawals(found, decision.changes, known, poll.now)
    whole = found.whole and decision.sure and telling and fetched.status != _DELTA
    state = replace(
        state,
        profile=decision.profile,
        meta=found.meta,
        read_from="" if is_secret(poll.request.home) else fetched.url,
        hints=found.hints,
        warnings=found.warnings + outcome.notices,
        listed=done.listed,
        had=done.had,
        missed=shortfall.date_missed(done.missed, state.missed, poll.now),
        article_at=poll.now if done.read else state.article_at,
        faults=outcomes.add_faults(state.faults, "article", done.faults) if done.faults else state.faults,
        validators=fetched.validators if settled else Validators(),
        body_hash=fetched.body_hash if settled else _UNREAD,
        reading_digest=reading.digest(poll.source),
        memory=remembering.remember(found, known, changes),
    )
    update = replace(_note_reading(poll, state, fetched, changes, telling=telling), turned=decision.turned)
    update = absence.note_listing(update, decision.listed | done.passed, whole=whole, telling=telling)
    return outcomes.record_faults(poll, update, read=found.faults, judged=decision.faults)


def _note_reading(
    poll: PollContext,
    state: SourceState,
    answer: Fetched | Unchanged,
    changes: tuple[Change, ...],
    *,
    telling: bool = True,
) -> Update:
    """The feed came, or word that it is as it was; `telling` is whether that says where the feed lives."""
    move = whereabouts.note_move(poll, answer) if telling else schedule.leave_new_place(state.move)
    state = replace(state, move=move, posted=newest_dates(state.posted, changes, poll.now))
    return Update(state=outcomes.record_success(poll, state, answer), changes=changes)


def _withdrawals(
    found: Reading, changes: tuple[Change, ...], known: Mapping[ItemKey, tuple[Item, ...]], now: datetime
) -> tuple[Change, ...]:
    """What the publisher takes back; an item that it shows under another id all the same is not among it."""
    shown = {change.item.uid for change in changes}
    return tuple(change for change in dedupe.withdraw(found.deleted, known, now) if change.item.uid not in shown)


async def _judge_unchanged(poll: PollContext, answer: Fetched | Unchanged) -> Update:
    """The document says nothing new; what was held back until this poll is judged, or goes on waiting."""
    state = poll.state
    if not state.profile.quarantined:
        return _note_reading(poll, state, answer, ())
    waiting = dedupe.wanted_keys((), poll.source, state.profile)
    known = await redacting.find_known(poll.services, poll.source.id, waiting)
    outcome = await _decide(poll, (), known, state.meta)
    if isinstance(outcome, Judgement):
        decision = outcome.decision
        state = remembering.forget(replace(state, profile=decision.profile), decision.changes)
        update = _note_reading(poll, state, answer, decision.changes)
        return outcomes.record_faults(poll, update, judged=decision.faults)
    if outcome.trouble == "internal":
        return outcomes.record_failure(poll, outcome, "poll")
    return _note_reading(poll, state, answer, ())


async def _decide(
    poll: PollContext, entries: tuple[Entry, ...], known: Mapping[ItemKey, tuple[Item, ...]], meta: FeedMeta
) -> Judgement | Failed:
    state = poll.state
    question = Question(
        source=replace(poll.source, title=poll.source.title or meta.title),
        entries=entries,
        known=known,
        profile=state.profile,
        now=poll.now,
        recall=await recall_items(poll, entries, known),
    )
    return await judge_entries(question, poll.services.reader)


async def _complete(
    poll: PollContext, entries: tuple[Entry, ...], known: Mapping[ItemKey, tuple[Item, ...]]
) -> CompletedEntries:
    """The entries with the text of their articles, where the source needs that.

    What could not be had under other rules or other words of the editor is asked for anew.
    """
    if not articles.needs_articles(poll.source):
        return CompletedEntries(entries=entries)
    ours = poll.services
    services = Articles(fetcher=ours.fetcher, reader=ours.reader, most=ours.most_articles)
    missed = poll.state.missed
    if poll.state.reading_digest != reading.digest(poll.source):
        missed = articles.ask_anew(missed)
    return await articles.complete(poll.source, entries, known, missed, services)


def failure(source: Source, state: SourceState, message: str, services: Services) -> Update:
    """What to write when refreshing a source failed for a reason of our own (a fault in this program)."""
    now = services.clock.now()
    polled = replace(state, last_poll_at=now, polls=state.polls + 1)
    request = Request(home=source, source=source, state=state, validators=Validators(), host=None)
    poll = PollContext(request=request, state=polled, services=services, now=now)
    return outcomes.mark_poll(outcomes.record_failure(poll, Failed(trouble="internal", message=message), "poll"))
