"""Successive versions of feeds, through parsing, normalizing, judging and a real store; and what comes of each.

Each folder is a case: `case.txt` begins with the sentence that the case claims, then may say `start:`, `every:`
(minutes between two steps), `timezone:` and `identity:`. The other files are its steps, in the order of their
names: `01.xml`, `02.json` are documents; `03.same` is a poll that brings the last document again; `04.deleted`
lists ids that the publisher deletes; `05.prune` lets go of all content. `expected.txt` says what comes of them. A
case without it fails; `--update-golden` writes it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aggregator import dedupe
from aggregator.model import (
    Change,
    Conventions,
    Entry,
    Item,
    Listing,
    ParsedFeed,
    Recall,
    Source,
    SourceProfile,
    SourceState,
    Update,
)
from aggregator.normalize import clean_meta, deleted_ids, normalize
from aggregator.parse import parse
from aggregator.ports import Store
from tests.support import databases
from tests.support.nouns import at, source
from tests.support.retention import let_go

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/case.txt"))
LEASE = timedelta(minutes=10)


@dataclass(frozen=True)
class Step:
    """One poll of a case, or what happens between two."""

    name: str
    kind: str
    content: bytes


def steps(folder: Path) -> list[Step]:
    """The steps of a case in their order."""
    files = sorted(path for path in folder.iterdir() if path.name[0].isdigit())
    return [Step(path.name, path.suffix, path.read_bytes()) for path in files]


@dataclass
class History:
    """A source that is polled step by step."""

    store: Store
    source: Source
    now: datetime
    every: timedelta
    reread: bool = False
    told: list[str] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)

    async def take(self, step: Step) -> None:
        (state,) = await self.store.claim([self.source.id], self.now, LEASE)
        self.told.append(f"{step.name} at {_instant(self.now)}")
        match step.kind:
            case ".deleted":
                refs = step.content.decode().split()
                known = await self.store.find_known(self.source.id, dedupe.deleted_keys(refs))
                await self.commit(state, dedupe.withdraw(refs, known, self.now), state.profile)
            case ".prune":
                await self.store.release(state)
                self.told.append(f"  let go of {await let_go(self.store, self.now)}")
            case ".same":
                await self.judge(state, (), ())
            case _:
                feed = parse(step.content, content_type="", location="https://example.org/feed")
                assert isinstance(feed, ParsedFeed), feed
                conventions = Conventions(timezone=self.source.timezone)
                named = self.source.title or clean_meta(feed, conventions).title
                self.source = replace(self.source, title=named)
                entries, _ = normalize(feed, conventions)
                await self.judge(state, entries, deleted_ids(feed, entries))
        self.now += self.every

    async def judge(self, state: SourceState, entries: tuple[Entry, ...], gone: tuple[str, ...]) -> None:
        wanted = {*dedupe.wanted_keys(entries, self.source, state.profile), *dedupe.deleted_keys(gone)}
        known = await self.store.find_known(self.source.id, wanted)
        reread, self.reread = self.reread, False
        recall = Recall(reread=reread)
        if dedupe.wants_recall(entries, known, self.source, state.profile, reread=reread):
            recall = replace(recall, items=await self.store.latest([self.source.id], 1_000))
        decision = dedupe.decide(self.source, entries, known, state.profile, self.now, recall)
        withdrawn = dedupe.withdraw(gone, known, self.now)
        await self.commit(state, decision.changes + withdrawn, decision.profile, entries, decision.listed)
        again = await self.store.find_known(
            self.source.id, dedupe.wanted_keys(entries, self.source, decision.profile)
        )
        assert dedupe.decide(self.source, entries, again, decision.profile, self.now).changes == ()

    async def commit(
        self,
        state: SourceState,
        changes: tuple[Change, ...],
        profile: SourceProfile,
        entries: tuple[Entry, ...] = (),
        listed: frozenset[str] | None = None,
    ) -> None:
        listing = None if listed is None or not entries else Listing(uids=listed, whole=not profile.quarantined)
        update = Update(state=replace(state, profile=profile), changes=changes, listing=listing)
        assert await self.store.commit(update)
        for change in changes:
            item = await self.store.item(change.item.uid)
            assert item is not None
            assert self.ids.setdefault(item.uid, item.public_id) == item.public_id
            self.told.append(f"  {change.verdict.kind:9} {_about(item)}: {change.verdict.reason}")
        waiting = [one.entry for one in profile.quarantined]
        self.told += [f"  held      {entry.title}" for entry in waiting]
        met = {change.item.entry.title for change in changes} | {entry.title for entry in waiting}
        self.told += [f"  unchanged {entry.title}" for entry in entries if entry.title not in met]
        if profile.identity != state.profile.identity:
            self.told.append(f"  from now on told apart by {profile.identity}")
        notice = dedupe.behaviour_notice(self.source, profile)
        if notice and notice != dedupe.behaviour_notice(self.source, state.profile):
            self.told.append(f"  notice: {notice}")


def _about(item: Item) -> str:
    withdrawn = ", withdrawn" if item.withdrawn_at else ""
    dates = f"published {_instant(item.published)} ({item.published_reason})"
    if item.updated != item.published:
        dates += f", updated {_instant(item.updated)} ({item.updated_reason})"
    return f"{item.entry.title} [{dates}{withdrawn}]"


def _instant(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with databases.opened(tmp_path / "history.db") as store:
        yield store


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
async def test_each_version_of_a_feed_comes_to_what_was_expected(
    folder: Path, store: Store, request: pytest.FixtureRequest
):
    options = dict(line.split(": ", 1) for line in (folder / "case.txt").read_text("utf-8").splitlines()[1:])
    history = History(
        store=store,
        source=source(timezone=options.get("timezone"), identity=options.get("identity")),
        now=at(options.get("start", "2026-03-01T12:00:00Z")),
        every=timedelta(minutes=int(options.get("every", "60"))),
    )
    await store.register({"river": history.now}, (), history.now)
    for step in steps(folder):
        await history.take(step)
    for uid, public_id in history.ids.items():
        kept = await store.item(uid)
        assert kept is not None, "an item was lost"
        assert kept.public_id == public_id
    items = await store.latest(["river"], 1000)
    history.told.append(f"{len(items)} standing: " + ", ".join(item.entry.title for item in items))
    assert len({item.public_id for item in items}) == len(items)
    expected = folder / "expected.txt"
    found = "\n".join(history.told) + "\n"
    if request.config.getoption("--update-golden"):
        expected.write_text(found, "utf-8")
    assert expected.exists(), "no expectation: run with --update-golden and read what it wrote"
    assert found == expected.read_text("utf-8")


def test_every_folder_is_a_case():
    assert {path for path in HERE.iterdir() if path.is_dir() and not path.name.startswith("__")} == set(CASES)


def test_every_case_claims_something_of_its_own():
    claims = [(folder / "case.txt").read_text("utf-8").splitlines()[0] for folder in CASES]
    assert all(claim.endswith(".") and len(claim.split()) > 3 for claim in claims)
    assert len(set(claims)) == len(CASES)
