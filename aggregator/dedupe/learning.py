"""What a poll teaches of its source: which names its items go by, and what to hold back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from aggregator.dedupe import clocks, floods, keys, relisting
from aggregator.dedupe.identity import Assignment, Known
from aggregator.model import Entry, FeedMeta, Identity, ItemKey, Quarantined, Source, SourceProfile

REPEATED: Final = 0.05
"""The share of a document's ids that may be given to several things before ids are no identity."""

POLLS: Final = 2
"""Polls with repeated ids, or polls in a row with new ids for everything, after which ids are no identity."""

SHARED: Final = 4
"""Items that may bear one address; with more, addresses are no identity."""

SHARING: Final = 0.2
"""The share of a document's entries that must stand at such addresses."""

HELD: Final = 5
"""Entries that may wait for the next poll."""

LONGEST: Final = 20_000
"""Characters of an entry that may wait: it is kept whole meanwhile."""

PLACES: Final = 4
"""Addresses of a feed and its site that are remembered: it may have moved house."""

UNSURE = "its address is known, its id is not, and its words say neither that it is the same nor that it is not"


def learn_addresses(profile: SourceProfile, meta: FeedMeta) -> SourceProfile:
    """The profile with what a feed calls its own address and that of its site."""
    said = (place for place in (meta.link, meta.id) if place)
    return replace(profile, places=tuple(dict.fromkeys((*said, *profile.places)))[:PLACES])


def join_waiting(
    profile: SourceProfile, entries: Sequence[Entry], now: datetime
) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """The entries to judge, those of earlier polls that waited included, and which of these to accept as new.

    An entry that waited and is in the document again is judged as it reads now; one that is not is judged as
    it was, so that it is not lost.
    """
    ripe = {_name(held.entry): held.entry for held in profile.quarantined if held.since < now}
    present = {_name(entry): entry for entry in entries}
    absent = tuple(entry for name, entry in ripe.items() if name not in present)
    accepted = (*(present[name] for name in ripe if name in present), *absent)
    return (*entries, *absent), accepted


def entries_that_may_wait(unsure: Iterable[Entry]) -> tuple[Entry, ...]:
    """The doubtful entries that are few and short enough to be held back; the others are accepted at once."""
    short = (entry for entry in unsure if sum(map(len, (entry.content or "", entry.text))) <= LONGEST)
    return tuple(entry for entry, _ in zip(short, range(HELD), strict=False))


def learn_from_poll(
    profile: SourceProfile, assigned: Assignment, known: Known, entries: Sequence[Entry], now: datetime
) -> SourceProfile:
    """The profile after a poll, as far as it concerns names, clocks and what waits.

    The same poll again teaches nothing more.
    """
    already = {_name(held.entry): held.since for held in profile.quarantined}
    held = tuple(
        Quarantined(entry=entry, since=already.get(_name(entry), now), reason=UNSURE) for entry in assigned.unsure
    )
    present = {_name(entry) for entry in entries}
    held += tuple(one for one in profile.quarantined if one.since >= now and _name(one.entry) not in present)
    if profile.judged_at is not None and profile.judged_at >= now:
        return replace(profile, quarantined=held)
    repeats = profile.repeats + (assigned.repeated > 0)
    total = len(entries)
    many = assigned.repeated > 1 and assigned.repeated > REPEATED * total
    renames = profile.renames + 1 if assigned.renamed else (0 if assigned.met else profile.renames)
    shared = profile.shared_urls or _shares_urls(assigned, known, entries)
    return replace(
        profile,
        identity=_identity(profile.identity, unreliable=many or max(repeats, renames) >= POLLS, shared=shared),
        repeats=min(repeats, POLLS),
        renames=min(renames, POLLS),
        shared_urls=shared,
        leads=clocks.lead_minutes(
            (entry for entry, _ in assigned.fresh), profile.leads, now, first=profile.judged_at is None
        ),
        inverted=clocks.inversion_minutes(entries) if entries else profile.inverted,
        quarantined=held,
        judged_at=now,
    )


def behaviour_notice(source: Source, profile: SourceProfile) -> str | None:
    """What the editor should know of how a source behaves, one sentence; None when nothing."""
    return (
        floods.flood_notice(profile)
        or clocks.wrong_dates_notice(source, profile)
        or relisting.relisting_notice(profile)
    )


def further_names(entry: Entry, source: Source, profile: SourceProfile, known: Known) -> tuple[ItemKey, ...]:
    """The keys to note for an entry's item; of its address's other keys those that few bear.

    What the editor calls content may be all that tells the addresses of a source apart.
    """
    names = keys.keys_to_note(entry, keys.identity_policy(source, profile), shared_urls=profile.shared_urls)
    former = {ItemKey(kind="url", value=key) for key in entry.former_keys}
    return tuple(name for name in names if name not in former or len(known.get(name, ())) < SHARED)


def _identity(measured: Identity, *, unreliable: bool, shared: bool) -> Identity:
    """Ids are trusted until they fail; then addresses, unless everything has the same; then title and date."""
    if measured == "id" and not unreliable:
        return "id"
    return "title" if shared or measured == "title" else "url"


def _shares_urls(assigned: Assignment, known: Known, entries: Sequence[Entry]) -> bool:
    """Whether addresses name nothing here; one page that several entries among many link to is no reason."""
    bearers: defaultdict[str, set[str]] = defaultdict(set)
    for entry, key in assigned.fresh:
        if entry.url_key:
            bearers[entry.url_key].add(str(key))
    shared = {
        url
        for url, names in bearers.items()
        if len(names) + len(known.get(ItemKey(kind="url", value=url), ())) > SHARED
    }
    there = sum(1 for entry in entries if entry.url_key in shared)
    return there > 0 and there >= SHARING * len(entries)


def _name(entry: Entry) -> tuple[str | None, str | None, str]:
    return entry.id, entry.url_key, "" if entry.id or entry.url_key else entry.title
