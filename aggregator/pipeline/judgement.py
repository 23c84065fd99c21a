"""Entries of a poll -> what is new of them, decided where a text can stall nobody.

Judging reads publishers' text, so it is done in a process that can be killed. Should it have to be stopped, the
entries are tried one by one, and a text that stalls it is judged by a hash that stands in for it: the item is
published like any other, only what counters and templates do to its text counts as a change.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b
from typing import Final

from aggregator import dedupe
from aggregator.model import Decision, Entry, Failed, Item, ItemKey, Recall, Source, SourceProfile
from aggregator.pipeline.reading import READER_VERSION
from aggregator.ports import Reader

PATIENCE: Final = 60.0
"""Seconds for finding the texts that stall judging; a claimed source must be finished before its lease ends."""

REMEMBERED: Final = 20
"""Texts remembered for a source, so that they are tried once and not at every poll."""


_AS_WORD: Final = str.maketrans("0123456789abcdef", "ghijklmnopqrstuv")
"""Long runs of hexadecimal digits are no content for `dedupe`; letters beyond them are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of `dedupe.decide`: which of some entries are new, changed, or as they were.

    Attributes:
        source: Whose they are; with the title that its feed has, where feeds.yaml gives none.
        entries: Those of the document, in its order.
        known: By their keys, the stored items that they may be.
        profile: What earlier polls showed of the source.
        now: When the document came.
        recall: Further items of the source, for entries without names.
    """

    source: Source
    entries: tuple[Entry, ...]
    known: Mapping[ItemKey, Sequence[Item]]
    profile: SourceProfile
    now: datetime
    recall: Recall = field(default_factory=Recall)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Which of a document's entries are new or changed, and which could not be judged by their words.

    Attributes:
        decision: What is new of them, with the reasons.
        notices: A sentence for each text that could not be judged by its words.
    """

    decision: Decision
    notices: tuple[str, ...] = ()


async def judge_entries(question: Question, reader: Reader) -> Judgement | Failed:
    """Judge entries; Failed when it cannot be done even without the texts that stall it, or by a fault of ours."""
    masks = _Masks(set(question.profile.heavy))
    outcome = await _ask(masks.put_on(question), reader)
    if isinstance(outcome, Failed) and outcome.trouble != "internal":
        masks.heavy |= await _find_stalling(question, reader)
        outcome = await _ask(masks.put_on(question), reader)
    if isinstance(outcome, Failed):
        return outcome
    outcome = dedupe.bound_new(outcome, question.now)
    heavy = tuple(sorted(masks.heavy & masks.used.keys()))[:REMEMBERED]
    changes = tuple(replace(one, item=masks.take_off(one.item)) for one in outcome.changes)
    held = tuple(replace(one, entry=masks.unmask(one.entry)) for one in outcome.profile.quarantined)
    profile = replace(outcome.profile, heavy=heavy, quarantined=held)
    return Judgement(
        decision=replace(outcome, changes=changes, profile=profile),
        notices=tuple(dict.fromkeys(_notices(_entries_judged(question), heavy))),
    )


async def _ask(question: Question, reader: Reader) -> Decision | Failed:
    asked = question.source, question.entries, question.known, question.profile, question.now, question.recall
    return await reader.judge(*asked)


def _entries_judged(question: Question) -> tuple[Entry, ...]:
    """The entries of the document, then those that wait from polls before it: their texts are compared, too."""
    return (*question.entries, *(held.entry for held in question.profile.quarantined))


async def _find_stalling(question: Question, reader: Reader) -> set[str]:
    """Digests of the texts that cannot be judged even alone, as far as they are found in time."""
    clock = asyncio.get_running_loop().time
    until = clock() + PATIENCE
    recall = replace(question.recall, items=())
    found: set[str] = set()
    for entry in _entries_judged(question):
        if clock() > until:
            break
        wanted = dedupe.wanted_keys((entry,), question.source, replace(question.profile, quarantined=()))
        known = {key: question.known[key] for key in wanted if key in question.known}
        profile = replace(question.profile, quarantined=())
        alone = replace(question, entries=(entry,), known=known, profile=profile, recall=recall)
        outcome = await _ask(alone, reader)
        if isinstance(outcome, Failed):
            found.add(_digest(entry))
            found.update(_digest(item.entry) for items in known.values() for item in items)
    return found


@dataclass(slots=True)
class _Masks:
    """Hashes that stand in for texts: put on before judging, taken off what comes of it.

    Attributes:
        heavy: Digests of the texts to be hidden.
        used: By its digest, an entry whose text was hidden.
    """

    heavy: set[str]
    used: dict[str, Entry] = field(default_factory=dict)

    def put_on(self, question: Question) -> Question:
        """The question with every heavy text hidden."""
        if not self.heavy:
            return question
        known = {key: tuple(self._mask_item(item) for item in items) for key, items in question.known.items()}
        held = tuple(replace(one, entry=self._mask(one.entry)) for one in question.profile.quarantined)
        return replace(
            question,
            entries=tuple(map(self._mask, question.entries)),
            known=known,
            recall=replace(question.recall, items=tuple(map(self._mask_item, question.recall.items))),
            profile=replace(question.profile, quarantined=held),
        )

    def take_off(self, item: Item) -> Item:
        """An item with its own text again."""
        return replace(item, entry=self.unmask(item.entry))

    def unmask(self, entry: Entry) -> Entry:
        """An entry with its own text again."""
        own = self.used.get(entry.text)
        return entry if own is None else replace(entry, content=own.content, summary=own.summary, text=own.text)

    def _mask_item(self, item: Item) -> Item:
        return replace(item, entry=self._mask(item.entry))

    def _mask(self, entry: Entry) -> Entry:
        digest = _digest(entry)
        if digest not in self.heavy:
            return entry
        self.used[digest] = entry
        # What was there stays there: a text in place of none would be taken for one that followed its teaser.
        return replace(entry, content=entry.content and digest, summary=entry.summary and digest, text=digest)


def _digest(entry: Entry) -> str:
    """Another version of the rules may manage what this one does not."""
    parts = (str(READER_VERSION), entry.content or "", entry.summary or "", entry.text)
    digits = blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()
    return digits.translate(_AS_WORD)


def _notices(entries: Iterable[Entry], heavy: Sequence[str]) -> Iterator[str]:
    for entry in entries if heavy else ():
        if _digest(entry) in heavy:
            name = (entry.title or entry.url or entry.id or "an entry without a title")[:100]
            yield f"The text of '{name}' takes too long to compare: whatever differs in it counts as a change."
