"""Entries of one poll and what the store knows of them -> Changes, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from aggregator.dedupe import changes, identity, times
from aggregator.model import Change, Entry, Fingerprint, Item, ItemKey, Verdict


def wanted_keys(entries: Iterable[Entry]) -> frozenset[ItemKey]:
    """The keys to look up in the store before `decide`."""
    return frozenset(key for entry in entries for key in identity.candidate_keys(entry))


def decide(
    source_id: str, entries: Sequence[Entry], known: Mapping[ItemKey, Item], now: datetime
) -> tuple[Change, ...]:
    """Judge a document's entries against what is stored of their source.

    In: entries in document order; the source's stored items under `wanted_keys`; the time of the poll.
    Out: a Change for each item that is new, revised or bumped, in document order; nothing for unchanged ones.
    Deciding again after the changes are stored gives no changes: a repeated poll is harmless.
    """
    pairs = identity.assign(entries, known)
    judged = (
        _changed(known[key], entry, now) if key in known else _new(source_id, key, entry, now)
        for entry, key in pairs
    )
    return tuple(change for change in judged if change is not None)


def _new(source_id: str, key: ItemKey, entry: Entry, now: datetime) -> Change:
    uid = identity.uid_of(source_id, key)
    first = times.published(entry, now)
    updated = times.first_updated(entry, first, now)
    item = Item(
        uid=uid,
        source_id=source_id,
        key=key,
        public_id=identity.public_id(entry, key, uid),
        entry=entry,
        fingerprint=changes.fingerprint(entry),
        published=first.at,
        published_reason=first.reason,
        updated=updated.at,
        updated_reason=updated.reason,
        claimed_updated=times.latest_claim(None, entry),
        first_seen=now,
        changed_at=now,
    )
    return Change(item=item, verdict=Verdict(kind="new", reason=f"never met under its {key.kind}"))


def _changed(item: Item, entry: Entry, now: datetime) -> Change | None:
    noted = replace(item, claimed_updated=times.latest_claim(item, entry))
    seen = changes.fingerprint(entry)
    before = item.fingerprint
    if item.pruned and (before.version != seen.version or changes.visibly_equal(before, seen)):
        return None  # it is too old for anything but a real change to matter, and there is nothing else to compare
    if before.version != seen.version:
        before = changes.fingerprint(item.entry)
    if changes.visibly_equal(before, seen):
        return _quiet(item, replace(noted, fingerprint=seen), entry, now)
    if changes.shrank_to_teaser(item.entry, entry):
        return _bump(item, noted, "only the beginning of the text is given now; the full text is kept")
    if changes.grew_from_teaser(item.entry, entry):
        full = replace(noted, entry=entry, fingerprint=seen, changed_at=now)
        return _bump(item, full, "the full text is given now where there was a teaser")
    return _revised(item, before, entry, now)


def _quiet(item: Item, noted: Item, entry: Entry, now: datetime) -> Change | None:
    """Nothing that a reader would call a change: note what differs, keep `updated`."""
    if changes.silently_different(item.entry, entry):
        return _bump(
            item, replace(noted, entry=entry, changed_at=now), "only links, authors, tags or markup differ"
        )
    if noted.claimed_updated != item.claimed_updated:
        return _bump(item, noted, "a new date was claimed for the same content")
    return _bump(item, noted, "the fingerprint was made anew under newer rules")


def _bump(item: Item, noted: Item, reason: str) -> Change | None:
    if noted == item:
        return None
    return Change(item=noted, verdict=Verdict(kind="bumped", reason=reason))


def _revised(item: Item, before: Fingerprint, entry: Entry, now: datetime) -> Change:
    seen = changes.fingerprint(entry)
    updated = times.next_updated(item, entry, now)
    revised = replace(
        item,
        entry=entry,
        fingerprint=seen,
        updated=updated.at,
        updated_reason=updated.reason,
        claimed_updated=times.latest_claim(item, entry),
        changed_at=now,
        revision=item.revision + 1,
    )
    parts = [name for name in ("title", "text", "media") if getattr(before, name) != getattr(seen, name)]
    return Change(item=revised, verdict=Verdict(kind="revised", reason=f"its {' and '.join(parts)} changed"))
