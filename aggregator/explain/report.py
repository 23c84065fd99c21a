"""Everything that is known of one item: how it came, what it is merged with, and where it is shown."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from aggregator import publish
from aggregator.explain.identity_report import IdentityReport, identity_report
from aggregator.explain.lookup import NotFound, find
from aggregator.explain.visibility import Visibility, tell_withdrawal, visibility_in
from aggregator.model import (
    Catalogue,
    Copy,
    Edge,
    Evidence,
    Item,
    NearMiss,
    Refusal,
    Revision,
    SourceProfile,
    SourceState,
)
from aggregator.pipeline import publication as pipeline
from aggregator.pipeline.comparing import ClusterContext
from aggregator.ports import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Another item that was compared with the one in question, and what came of it.

    Attributes:
        uid: The other item's.
        item: The other; None if it is not stored any more.
        found: Why they are one piece, or why not.
        through: The uid of the member of the story that `found` compares it with, where nothing joins the two
            themselves; None where they were compared.
    """

    uid: str
    item: Item | None
    found: Evidence | Refusal
    through: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All that there is to say of an item.

    Attributes:
        item: The item, as it is stored now.
        state: Of its source, as the store has it; None while that is unknown.
        identity: By what it is told from others.
        revisions: What it said over time, oldest first; empty when retention let go of them.
        copies: All items of its story, itself too; empty when it stands alone.
        merged: The other items of its story, each with what joins it.
        apart: Items that looked like it and are in other stories.
        shown: For every publication that the editor declared.
        withdrawn: Who withdrew it, where and when; None where nobody did.
        rewritten: What the editor has told instead; None where no rule changes anything.
        polled: Whether its source is: it is in feeds.yaml, not disabled, and its host did not ask otherwise.
    """

    item: Item
    state: SourceState | None
    identity: IdentityReport
    revisions: tuple[Revision, ...]
    copies: tuple[Copy, ...]
    merged: tuple[Related, ...]
    apart: tuple[Related, ...]
    shown: tuple[Visibility, ...]
    withdrawn: str | None = None
    rewritten: publish.Rewritten | None = None
    polled: bool = True


async def explain(name: str, store: Store, catalogue: Catalogue) -> Explanation | NotFound:
    """What is known of the item of that name; see `lookup.find` for what is a name."""
    context = ClusterContext(store=store, catalogue=catalogue, states=dict(await store.states()))
    item = await find(name, context)
    if isinstance(item, NotFound):
        return item
    state, source = context.states.get(item.source_id), catalogue.source(item.source_id)
    edges, misses = await store.evidence(item.uid)
    copies = (await store.copies([item.uid])).get(item.uid, ())
    outputs = pipeline.outputs(catalogue)
    return Explanation(
        item=item,
        state=state,
        identity=identity_report(item, source, state.profile if state else SourceProfile()),
        revisions=await store.revisions(item.uid),
        copies=copies,
        merged=await _find_merged(item, copies, store),
        apart=await _find_kept_apart(item, copies, (*misses, *edges), store),
        shown=tuple([await visibility_in(item, outputs[one.id], context) for one in catalogue.publications]),
        withdrawn=tell_withdrawal(item, catalogue, state),
        rewritten=await asyncio.to_thread(publish.find_rewritten, item.entry, source) if source else None,
        polled=source is not None and source.enabled,
    )


async def _find_merged(item: Item, copies: tuple[Copy, ...], store: Store) -> tuple[Related, ...]:
    """The story's other items by what joins them to it, those that are joined to the item itself first."""
    members: Mapping[str, Item] = {copy.item.uid: copy.item for copy in copies}
    reached: dict[str, Related] = {}
    frontier = deque([item.uid])
    while frontier and len(reached) < len(members) - 1:
        uid = frontier.popleft()
        edges, _ = await store.evidence(uid)
        for edge in edges:
            other = _other(uid, edge)
            if other in members and other not in reached and other != item.uid:
                through = None if uid == item.uid else uid
                reached[other] = Related(uid=other, item=members[other], found=edge.evidence, through=through)
                frontier.append(other)
    return tuple(reached.values())


async def _find_kept_apart(
    item: Item, copies: tuple[Copy, ...], pairs: tuple[NearMiss | Edge, ...], store: Store
) -> tuple[Related, ...]:
    """What looked like the item and is not in its story; the refusal goes before evidence that did not suffice."""
    members = {copy.item.uid for copy in copies}
    found: dict[str, Related] = {}
    for pair in pairs:
        uid = _other(item.uid, pair)
        if uid not in members and uid not in found:
            refusal = pair.refusal if isinstance(pair, NearMiss) else _refuse_as_insufficient(pair.evidence)
            found[uid] = Related(uid=uid, item=await store.item(uid), found=refusal)
    return tuple(found.values())


def _refuse_as_insufficient(evidence: Evidence) -> Refusal:
    reason = f"{evidence.reason}; but the stories that they are in may not be joined"
    return Refusal(rule="limits", likeness=evidence.likeness, reason=reason)


def _other(uid: str, pair: Edge | NearMiss) -> str:
    return pair.other if pair.one == uid else pair.one
