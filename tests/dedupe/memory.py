"""A store of one source in memory, as far as judging needs one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from aggregator.dedupe import decide, wanted_keys, wants_recall
from aggregator.model import Batch, Change, Entry, Item, ItemKey, Recall, Source, SourceProfile
from tests.support.nouns import NOON, source

HOUR = timedelta(hours=1)


@dataclass
class Memory:
    """Polls a source and keeps what comes of it."""

    source: Source = field(default_factory=source)
    profile: SourceProfile = field(default_factory=SourceProfile)
    items: dict[str, Item] = field(default_factory=dict)
    names: dict[ItemKey, set[str]] = field(default_factory=dict)
    now: datetime = NOON - HOUR
    reread: bool = False

    def known(self, entries: Sequence[Entry]) -> dict[ItemKey, tuple[Item, ...]]:
        """See `ports.SourceStore.find_known`."""
        found = {}
        for key in wanted_keys(entries, self.source, self.profile):
            bearers = [item for item in self.items.values() if item.key == key]
            others = sorted(self.names.get(key, set()) - {item.uid for item in bearers})
            bearers += [self.items[uid] for uid in others]
            if bearers:
                found[key] = tuple(bearers)
        return found

    def recall(self, entries: Sequence[Entry], known: Mapping[ItemKey, Sequence[Item]]) -> Recall:
        """As the pipeline does."""
        if not wants_recall(entries, known, self.source, self.profile, reread=self.reread):
            return Recall(reread=self.reread)
        newest = sorted(self.items.values(), key=lambda item: item.sort_key, reverse=True)
        return Recall(items=tuple(newest), reread=self.reread)

    def judge(self, entries: Sequence[Entry]) -> tuple[Change, ...]:
        """Decide and store, at the present time."""
        known = self.known(entries)
        decision = decide(self.source, entries, known, self.profile, self.now, self.recall(entries, known))
        for change in decision.changes:
            kind, item = change.verdict.kind, change.item
            assert (kind == "new") == (item.uid not in self.items), change
            self.items[item.uid] = item
            for key in change.aliases:
                assert key != item.key, change
                self.names.setdefault(key, set()).add(item.uid)
        for batch in decision.turned:
            self.turn(batch)
        self.profile = decision.profile
        if entries and decision.sure:
            self.items = {
                uid: replace(item, absent_since=None if uid in decision.listed else item.absent_since or self.now)
                for uid, item in self.items.items()
            }
        return decision.changes

    def turn(self, batch: Batch) -> None:
        """See `Update.turned`."""
        for item in self.items.values():
            if item.first_seen == batch.at:
                second, place = divmod(item.listing_order, 100_000)
                order = second * 100_000 + 199_999 - batch.count - place
                self.items[item.uid] = replace(item, listing_order=order)

    def poll(self, *entries: Entry, after: timedelta = HOUR) -> list[tuple[str, str]]:
        """Judge a document an hour later: (kind, title) of each change.

        A repeat must change nothing, unless the poll has shown that ids or addresses mean nothing here.
        """
        self.now += after
        identity = self.profile.identity
        changes = self.judge(entries)
        profile = self.profile
        if profile.identity == identity:  # a poll that teaches to tell items apart otherwise is judged otherwise
            assert self.judge(entries) == ()
            assert self.profile == profile
        return [(change.verdict.kind, change.item.entry.title) for change in changes]

    @property
    def titles(self) -> list[str]:
        """Of all items, sorted."""
        return sorted(item.entry.title for item in self.items.values())

    def one(self) -> Item:
        """The only item."""
        (item,) = self.items.values()
        return item

    def prune(self) -> None:
        """Let go of all content, as retention does."""
        self.items = {
            uid: replace(
                item,
                pruned=True,
                entry=replace(
                    item.entry, text="", content=None, summary=None, authors=(), enclosures=(), image=None
                ),
            )
            for uid, item in self.items.items()
        }
