"""Is an entry new, a real update of its item, or a bump: a new date on the same words, which updates nothing?

In: one entry, and the item that it is, or none. Out: a Change with its verdict and reason; None for no change.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from aggregator.dedupe import changes, corrections, dressed_titles, judging, keys, teasers, times
from aggregator.dedupe.corrections import Sight
from aggregator.dedupe.document_order import DocumentOrder
from aggregator.dedupe.times import SuspectSpan
from aggregator.model import Change, Entry, Item, ItemHistory, ItemKey, Line, Source, Stamp, Verdict

PAST: Final = 4
"""Earlier appearances that are remembered of an item."""

A_DAY: Final = 6
"""Changes of an item that count as updates on one day; beyond, it is a live page."""

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)

Comparison = Literal["same", "shorter", "fuller", "returned", "changed"]
"""How an entry compares with its item: it shows the same; only the beginning of it; the whole of which it was
the beginning; what it showed before; something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What judging an entry needs to know of the poll that brought it.

    Attributes:
        source: Whose it is; with the feed's own title where the editor gave none.
        now: When it was.
        order: How its document lists items.
        volatile: Lines that are no content.
        shared: Dates that many items suddenly share.
        since: When the source was first read; None where that is not known.
        swinging: Whether its texts are sometimes teasers, so that a shorter one may be.
        seed: What uids are made from instead of the source's label; "" for that.
    """

    source: Source
    now: datetime
    order: DocumentOrder
    volatile: tuple[Line, ...] = ()
    shared: tuple[SuspectSpan, ...] = ()
    since: datetime | None = None
    swinging: bool = False
    seed: str = ""


def compare(item: Item, entry: Entry, poll: Poll) -> Comparison:
    """How an entry compares with the item that it is."""
    if not item.pruned and changes.is_untouched(item, entry):
        return "same"
    if changes.shows_the_same(item, entry, poll.volatile):
        return "same"
    return _compare_changed(item, entry, poll)


def _compare_changed(item: Item, entry: Entry, poll: Poll) -> Comparison:
    if item.pruned:  # nothing but digests is left to compare with
        return "returned" if _was_told(item, entry, poll) else "changed"
    if dressed_titles.is_only_dressed(item.entry, entry, poll.source):
        return "same"
    if teasers.has_shrunk(item.entry, entry, swinging=poll.swinging):
        return "shorter"
    if teasers.has_grown(item.entry, entry, swinging=poll.swinging):
        return "fuller"
    return "returned" if _was_told(item, entry, poll) else "changed"


def _was_told(item: Item, entry: Entry, poll: Poll) -> bool:
    """Whether subscribers know what an entry says again: it was the last that they were told, or it takes turns.

    That a text goes back to what it was is a change as any other, once. A headline that goes back is one of two
    that a site tries on its readers.
    """
    digest = changes.appearance_digest(entry, poll.volatile)
    takes_turns = item.pruned or item.trace.returned or entry.text == item.entry.text
    return digest == item.trace.told or (digest in item.trace.past and takes_turns)


def judge_new(entry: Entry, key: ItemKey, poll: Poll) -> Change:
    """The item and the verdict `new` for an entry that was never met."""
    uid = keys.uid_of(poll.seed or poll.source.id, key)
    first = times.date_of_publication(entry, poll.now, poll.order.place(entry), poll.shared)
    updated = times.first_date_of_update(entry, first, poll.now)
    item = Item(
        uid=uid,
        source_id=poll.source.id,
        key=key,
        public_id=keys.public_id(entry, key, uid),
        entry=entry,
        fingerprint=changes.fingerprint(entry, poll.volatile),
        published=first.at,
        published_reason=first.reason,
        updated=updated.at,
        updated_reason=updated.reason,
        claimed_updated=times.latest_claim(None, entry),
        first_seen=poll.now,
        changed_at=poll.now,
        listing_order=poll.order.order(entry),
    )
    return Change(item=item, verdict=Verdict(kind="new", reason=f"never met under its {key.kind}"))


def judge_known(item: Item, entry: Entry, how: Comparison, poll: Poll, silence: str | None) -> Change | None:
    """What becomes of an item that a poll brings again; None for no change.

    `silence` says why a change of it is no update, where something about the poll does.
    """
    noted = _note_claims(item, entry, how, poll)
    match how:
        case "same":
            return _judge_same(item, noted, entry, poll)
        case "shorter":
            return _judge_shorter(item, noted, entry, poll, silence)
        case "fuller":
            return _store_fuller(item, noted, entry, poll)
        case "returned":
            return _store_edit(item, noted, entry, poll, "it says again what it said before")
    return _judge_changed(item, noted, entry, poll, silence)


def _note_claims(item: Item, entry: Entry, how: Comparison, poll: Poll) -> Item:
    """The item with the claims that an entry makes, as far as they are believed."""
    was = item.entry
    # Both dates at once are what publishing anew brings; a date that was told before came with something else.
    anew = _instant(was.updated) != _instant(entry.updated)
    alone = how == "same" and not anew and _instant(was.published) != _instant(entry.published)
    sight = Sight(now=poll.now, shared=poll.shared, since=poll.since)
    dated = corrections.correct_date(item, entry, sight, alone=alone) or item
    claim = times.latest_claim(item, entry)
    return dated if claim == item.claimed_updated else replace(dated, claimed_updated=claim)


def _instant(stamp: Stamp | None) -> datetime | None:
    return None if stamp is None else stamp.utc


def _judge_same(item: Item, noted: Item, entry: Entry, poll: Poll) -> Change | None:
    """Nothing that a reader would call a change: note what differs, keep `updated`."""
    if item.pruned:
        return _store_silently(item, noted, entry, poll, "it is listed again after its text was let go of")
    if changes.differs_silently(item.entry, entry):
        return _store_silently(item, noted, entry, poll, "only links, authors, tags, markup or counters differ")
    if noted.published != item.published:
        which = "an earlier" if noted.published < item.published else "a later"
        return _bump(item, noted, f"{which} date of publication holds")
    if noted.claimed_updated != item.claimed_updated:
        return _bump(item, noted, "a new date was claimed for the same content")
    if item.fingerprint.version == changes.VERSION:
        return None
    remade = replace(noted, fingerprint=changes.fingerprint(entry, poll.volatile))
    return _bump(item, remade, "the fingerprint was made anew under newer rules")


def _judge_shorter(item: Item, noted: Item, entry: Entry, poll: Poll, silence: str | None) -> Change | None:
    merged = teasers.with_longer_text(item, entry)
    if changes.shows_the_same(item, merged, poll.volatile):
        return _bump(item, noted, "only the beginning of the text is given now; the full text is kept")
    return _judge_changed(item, noted, merged, poll, silence)


def _judge_changed(item: Item, noted: Item, entry: Entry, poll: Poll, silence: str | None) -> Change | None:
    often = None
    recent = [moment for moment in item.trace.revised_at if timedelta(0) <= poll.now - moment < _DAY]
    churn = len(recent) >= A_DAY
    if silence is None and churn and poll.now - recent[0] < _HOUR:
        often = "it changes so often that at most one change an hour counts"
    replaced = noted.trace.replaced + judging.is_replaced(item, entry)
    flagged = replace(noted, trace=replace(noted.trace, churn=churn, replaced=replaced))
    if silence is not None:
        return _store_silently(item, flagged, entry, poll, silence)
    if often is not None:
        return _store_edit(item, flagged, entry, poll, often)
    return _revise(item, flagged, entry, poll)


def _revise(item: Item, noted: Item, entry: Entry, poll: Poll) -> Change:
    standing = replace(item, updated=noted.updated)
    updated = times.next_date_of_update(standing, entry, poll.now, poll.source.timezone)
    returned = noted.trace.returned or changes.appearance_digest(entry, poll.volatile) in item.trace.past
    revised_at = (poll.now, *noted.trace.revised_at)[: A_DAY + 1]
    trace = replace(noted.trace, revised_at=revised_at, told="", aside=False, returned=returned)
    revised = replace(
        _show(item, noted, entry, poll),
        trace=replace(trace, past=_past_digests(item, poll)),
        updated=updated.at,
        updated_reason=updated.reason,
        revision=item.revision + 1,
        withdrawn_at=None,
    )
    parts = changes.parts_that_differ(item, entry, poll.volatile)
    back = "it was withdrawn and came back, and " if item.withdrawn_at is not None else ""
    return Change(item=revised, verdict=Verdict(kind="revised", reason=f"{back}its {' and '.join(parts)} changed"))


def _store_silently(item: Item, noted: Item, entry: Entry, poll: Poll, reason: str) -> Change | None:
    """Keep what the entry says, and call it no update."""
    return _bump(item, _show_silently(item, noted, entry, poll), reason)


def _store_fuller(item: Item, noted: Item, entry: Entry, poll: Poll) -> Change | None:
    reason = "the full text is given now where there was a teaser"
    is_known = changes.appearance_digest(entry, poll.volatile) in (item.trace.told, *item.trace.past)
    return (_store_edit if is_known else _store_silently)(item, noted, entry, poll, reason)


def _store_edit(item: Item, noted: Item, entry: Entry, poll: Poll, reason: str) -> Change | None:
    """Keep an edit that is no update. It supersedes what was told of the last, unless it is just that again."""
    shown = _show_silently(item, noted, entry, poll)
    is_told = changes.appearance_digest(entry, poll.volatile) == shown.trace.told
    if item.revision == 1 or item.pruned or (is_told and not item.trace.aside):
        return _bump(item, shown, reason)
    superseding = replace(shown, trace=replace(shown.trace, aside=not is_told))
    return Change(item=superseding, verdict=Verdict(kind="bumped", reason=reason, supersedes=True))


def _show_silently(item: Item, noted: Item, entry: Entry, poll: Poll) -> Item:
    """The item as it says what the entry does. What a reader saw stays known, should it return."""
    shown = _show(item, noted, entry, poll)
    if changes.is_visibly_equal(item.fingerprint, shown.fingerprint) or item.pruned:
        return shown
    told = item.trace.told or changes.appearance_digest(item.entry, poll.volatile)
    return replace(shown, trace=replace(shown.trace, past=_past_digests(item, poll), told=told))


def _show(item: Item, noted: Item, entry: Entry, poll: Poll) -> Item:
    seen = changes.fingerprint(entry, poll.volatile)
    changed = entry != item.entry
    changed_at = poll.now if changed else noted.changed_at
    return replace(noted, entry=entry, fingerprint=seen, changed_at=changed_at, pruned=False)


def _past_digests(item: Item, poll: Poll) -> tuple[str, ...]:
    if item.pruned:
        return item.trace.past
    digest = changes.appearance_digest(item.entry, poll.volatile)
    return tuple(dict.fromkeys((digest, *item.trace.past)))[:PAST]


def _bump(item: Item, noted: Item, reason: str) -> Change | None:
    if noted == item:
        return None
    return Change(item=noted, verdict=Verdict(kind="bumped", reason=reason))


def with_aliases(change: Change | None, item: Item, aliases: tuple[ItemKey, ...]) -> Change | None:
    """The change with further keys to note; a change of its own where there is none otherwise."""
    if not aliases:
        return change
    changed = change.item if change else item
    trace: ItemHistory = replace(changed.trace, aliases=changed.trace.aliases + len(aliases))
    verdict = change.verdict if change else Verdict(kind="bumped", reason="it goes by another name now")
    return Change(item=replace(changed, trace=trace), verdict=verdict, aliases=aliases)
