"""Entries of one poll and what the store knows of them -> Changes, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from aggregator.dedupe import (
    corrections,
    document_order,
    identity,
    keys,
    learning,
    lines,
    redesign,
    relisting,
    teasers,
    unnamed,
    verdicts,
)
from aggregator.dedupe.identity import Assignment, Known
from aggregator.dedupe.verdicts import Comparison, Poll
from aggregator.model import Batch, Change, Decision, Entry, Item, ItemKey, Line, Recall, Source, SourceProfile

ALIASES: Final = 24
"""Further keys that are noted for one item: a bound for sources that rename things without end."""

MIGRATED = "the feed was moved: its items have new names"
REDESIGNED = "most of the feed changed at once, or most of it in the same words: a new template"
REREAD = "the feed is read by other rules than before: what differs may be ours"


def decide(
    source: Source,
    entries: Sequence[Entry],
    known: Mapping[ItemKey, Sequence[Item]],
    profile: SourceProfile,
    now: datetime,
    recall: Recall | None = None,
) -> Decision:
    """Judge a document's entries against what is stored of their source.

    In: entries in document order (none when the document is the last one again: what waited is then judged);
    the source's stored items under `wanted_keys`; its profile as stored; the time of the poll; what else is
    remembered of the source, where `wants_recall` says that its items are needed.
    Deciding again after the decision is stored gives no changes: a repeated poll is harmless.
    """
    recall = recall or Recall()
    assigned = _assign(source, entries, known, profile, now)
    if recall.items:
        known = {
            **known,
            **unnamed.recognise_unnamed(assigned, entries, recall, keys.identity_policy(source, profile)),
        }
        assigned = _assign(source, entries, known, profile, now)
    poll = _make_poll(source, assigned, profile, now)
    sorts = [verdicts.compare(item, entry, poll) for entry, item in assigned.met]
    silent = _silences(assigned, sorts, reread=recall.reread)
    learned = learning.learn_from_poll(profile, assigned, known, entries, now)
    turned: tuple[Batch, ...] = ()
    if learned.judged_at != profile.judged_at:
        learned = learned if recall.reread else _with_texts(learned, assigned, sorts)
        relisted = relisting.count_relisted(profile.relisted, assigned.met) if source.identity != "id" else 0
        learned = replace(learned, since=poll.since or now, relisted=relisted)
        if entries:
            turned = document_order.polls_to_turn(profile, poll.order)
            learned = _with_dates(learned, poll)
    found: list[tuple[Entry, Change | None]] = []
    for (entry, item), how in zip(assigned.met, sorts, strict=True):
        change = verdicts.judge_known(item, entry, how, poll, silent.get(item.uid))
        found.append((entry, verdicts.with_aliases(change, item, _aliases(entry, item, known, source, learned))))
    for entry, key in assigned.fresh:
        change = verdicts.judge_new(entry, key, poll)
        names = learning.further_names(entry, source, learned, known)
        aliases = tuple(name for name in names if name != key)
        found.append((entry, verdicts.with_aliases(change, change.item, aliases)))
    found.sort(key=lambda pair: pair[0].position)
    changes = tuple(change for _, change in found if change is not None)
    listed = frozenset((*(item.uid for _, item in assigned.met), *(change.item.uid for change in changes)))
    return Decision(changes=changes, profile=learned, listed=listed, sure=not assigned.unsure, turned=turned)


def _assign(
    source: Source, entries: Sequence[Entry], known: Known, profile: SourceProfile, now: datetime
) -> Assignment:
    """Which entry is what; more doubtful ones than may wait are accepted as new."""
    judged, accepted = learning.join_waiting(profile, entries, now)
    policy = keys.identity_policy(source, profile)
    places = keys.home_and_feed_urls(source, profile)
    relists = source.identity != "id"
    judged = relisting.collapse(judged, known, places) if relists else judged
    assigned = identity.assign(judged, known, policy, accepted, places, relists=relists)
    held = learning.entries_that_may_wait(assigned.unsure)
    if len(held) == len(assigned.unsure):
        return assigned
    over = [entry for entry in assigned.unsure if entry not in held]
    return identity.assign(judged, known, policy, (*accepted, *over), places, relists=relists)


def _make_poll(source: Source, assigned: Assignment, profile: SourceProfile, now: datetime) -> Poll:
    met, fresh = assigned.met, [entry for entry, _ in assigned.fresh]
    listed = [*fresh, *(entry for entry, _ in met)]
    since = profile.since or profile.judged_at
    return Poll(
        source=source,
        now=now,
        order=document_order.order_of(met, fresh, now, supposed=profile.oldest_first),
        volatile=lines.template_lines(profile.lines),
        shared=corrections.shared_dates(met, fresh, now, since),
        since=since,
        swinging=profile.swings or teasers.gives_teasers(listed) or teasers.is_swinging(met),
        seed=profile.seed,
    )


def _with_dates(profile: SourceProfile, poll: Poll) -> SourceProfile:
    shared = poll.shared[0].start if poll.shared else None
    return replace(document_order.learn_order(profile, poll.order), shared_date=shared)


def _silences(assigned: Assignment, sorts: Sequence[Comparison], *, reread: bool) -> Mapping[str, str]:
    """Why a change of an item is no update, by uid, where something about the poll says so."""
    if reread:
        return {item.uid: REREAD for _, item in assigned.met} | dict.fromkeys(assigned.renamed, MIGRATED)
    return dict.fromkeys(_find_redesigned(assigned, sorts), REDESIGNED) | dict.fromkeys(assigned.renamed, MIGRATED)


def _find_redesigned(assigned: Assignment, sorts: Sequence[Comparison]) -> frozenset[str]:
    """The uids of items that changed by their site's template only. An emptied item says nothing of templates."""
    pairs = zip(assigned.met, sorts, strict=True)
    changed = [(item, entry) for (entry, item), how in pairs if how == "changed" and not item.pruned]
    listed = len(assigned.met) + len(assigned.fresh) + len(assigned.unsure)
    found = redesign.find_redesigned([(item.entry, entry) for item, entry in changed], listed)
    return frozenset(changed[n][0].uid for n in found)


def _with_texts(profile: SourceProfile, assigned: Assignment, sorts: Sequence[Comparison]) -> SourceProfile:
    swings = profile.swings or "shorter" in sorts or "fuller" in sorts
    return replace(profile, lines=_learn_lines(profile, assigned, sorts), swings=swings)


def _learn_lines(profile: SourceProfile, assigned: Assignment, sorts: Sequence[Comparison]) -> tuple[Line, ...]:
    pairs = zip(assigned.met, sorts, strict=True)
    seen = [
        lines.differing_lines(item.entry, entry)
        for (entry, item), how in pairs
        if how != "same" and not item.pruned
    ]
    return lines.learn_lines(profile.lines, seen, len(sorts))


def _aliases(
    entry: Entry, item: Item, known: Known, source: Source, profile: SourceProfile
) -> tuple[ItemKey, ...]:
    """Names of a known item under which the store would not find it yet."""
    was = item.entry
    same = (entry.id, entry.url_key, entry.title, entry.published) == (
        was.id,
        was.url_key,
        was.title,
        was.published,
    )
    named = entry.id or entry.url_key or entry.text == was.text
    if same and named and not entry.former_keys:
        return ()  # what was stored with it, was noted with it
    names = learning.further_names(entry, source, profile, known)
    unknown = [name for name in names if all(bearer.uid != item.uid for bearer in known.get(name, ()))]
    return tuple(unknown[: max(0, ALIASES - item.trace.aliases)])
