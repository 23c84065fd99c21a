"""A store in memory that does what the real one does with signatures and edges: for tests and for scoring."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aggregator import stories
from aggregator.model import Edge, Enclosure, Entry, Member, Overrides, Placement, Sighting, Signature, Story
from aggregator.normalize.sanitizer import sanitize, visible_text
from aggregator.text.urlkeys import url_key
from tests.support.signatures import Signatures

DATA = Path(__file__).parent.parent / "data"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
NO_OVERRIDES = Overrides()


class Shelf:
    """Items placed one after the other."""

    def __init__(self, overrides: Overrides = NO_OVERRIDES) -> None:
        self.index = Signatures()
        self.overrides = overrides
        self.members: dict[str, Member] = {}
        self.sightings: dict[str, Sighting] = {}
        self.edges: dict[tuple[str, str], Edge] = {}
        self.links: defaultdict[str, set[str]] = defaultdict(set)

    def add(self, found: Sighting, **details: Any) -> Placement:
        """Index an item and place it."""
        self.index.add(found)
        counted = replace(
            found,
            recurring=self.index.titles(found.source_id, found.signature, found.published) >= 3,
            shared_url=self.index.addresses(found.source_id, found.signature) > 1,
        )
        self.index.add(counted)
        self.sightings[found.uid] = counted
        self.members[found.uid] = member(counted, **details)
        return self.place(counted)

    def change(self, found: Sighting) -> Placement:
        """Place an item anew that says something else now."""
        former, known = self.sightings[found.uid].signature, self.members[found.uid]
        self.index.add(found)
        self.sightings[found.uid] = found
        self.members[found.uid] = replace(known, length=found.signature.length)
        return self.place(found, former)

    def place(self, found: Sighting, former: Signature | None = None) -> Placement:
        """Place an item that is indexed."""
        named = stories.wanted_names(found, self.overrides)
        candidates = {other.uid: other for other in self.index.candidates(found.signature, found.uid)}
        candidates.update((uid, other) for uid, other in self.sightings.items() if named & {uid, *other.names})
        near = self._reach([found.uid, *candidates])
        kin = self._kin(found.uid) if former else ()
        around = stories.Surroundings(
            candidates=tuple(candidates.values()),
            members=tuple(self.members[uid] for uid in near),
            edges=tuple(edge for edge in self.edges.values() if edge.one in near and edge.other in near),
            kin=tuple(self.sightings[uid] for uid in kin),
            former=former,
        )
        placed = stories.place(found, around, self.overrides)
        for edge in placed.parted:
            del self.edges[edge.one, edge.other]
            self.links[edge.one].discard(edge.other)
            self.links[edge.other].discard(edge.one)
        for edge in placed.edges:
            self.edges[edge.one, edge.other] = edge
            self.links[edge.one].add(edge.other)
            self.links[edge.other].add(edge.one)
        return placed

    def stories(self) -> tuple[Story, ...]:
        """All stories."""
        never = stories.forbidden_pairs(self.members.values(), self.overrides)
        return stories.group_stories(self.edges.values(), self.members.values(), never)

    def _kin(self, uid: str) -> list[str]:
        story = next(story for story in self.stories() if uid in story.members)
        return sorted({*story.members, *self.links[uid]} - {uid})

    def _reach(self, uids: Iterable[str]) -> list[str]:
        found: dict[str, None] = {}
        waiting = list(uids)
        while waiting:
            uid = waiting.pop()
            if uid not in found:
                found[uid] = None
                waiting.extend(self.links[uid])
        return list(found)


def member(found: Sighting, **details: Any) -> Member:
    """A member for a sighting, first seen when it was published."""
    values = {"public_id": f"urn:x:{found.uid}", "first_seen": found.published, **details}
    return Member(
        uid=found.uid,
        source_id=found.source_id,
        published=found.published,
        names=found.names,
        length=found.signature.length,
        **values,
    )


def entry(title: str, markup: str, **details: Any) -> Entry:
    """An entry as normalizing makes it."""
    url = details.pop("url", None)
    media = details.pop("media", None)
    content = sanitize(markup)
    return Entry(
        url=url,
        url_key=url_key(url) if url else None,
        title=title,
        content=content,
        text=visible_text(content),
        enclosures=(Enclosure(url=media, type="audio/mpeg"),) if media else (),
        **details,
    )


def sighted(row: dict[str, Any]) -> Sighting:
    """A row of labelled data as a sighting."""
    found = entry(row["title"], row["html"], url=row.get("url"), language=row.get("language"))
    return Sighting(
        uid=row["id"],
        source_id=row["source"],
        published=datetime.fromisoformat(row["published"]) if row.get("published") else NOON,
        signature=stories.sign(found),
        names=frozenset({row["id"]}),
    )


def labelled(name: str) -> list[dict[str, Any]]:
    """The rows of a file of labelled data."""
    path = DATA / name
    text = (
        gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text(encoding="utf-8")
    )
    return [json.loads(line) for line in text.splitlines() if line.strip()]
