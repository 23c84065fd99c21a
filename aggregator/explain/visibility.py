"""Whether a publication shows an item, and if not, what keeps it out.

Nothing is decided here a second time: filters, merging and selection themselves are asked, if need be once more
without the rule that may have kept the item out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from aggregator import publish
from aggregator.dates.writing import to_the_minute
from aggregator.errors import UnknownNameError
from aggregator.model import Catalogue, Drop, Edition, Item, Keep, Limit, Source, SourceState
from aggregator.pipeline import publication as pipeline
from aggregator.pipeline.comparing import ClusterContext
from aggregator.pipeline.merging import merge
from aggregator.pipeline.publication import Output
from aggregator.stories import names_of
from aggregator.text.opted_out import find_opt_out_of_url, tell_opt_out

VisibilityRule = Literal[
    "shown",
    "source",
    "withdrawn",
    "retention",
    "waiting",
    "filter",
    "unrendered",
    "unwritable",
    "share",
    "limit",
    "quota",
    "step",
]
"""What decided it. `waiting`: to be compared with other items; `unrendered`: the publication is too new;
`unwritable`: no document can hold it; `share`, `limit`, `quota`: want of room; `step`: a `limit` among filters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visibility:
    """Whether a publication shows an item, and why.

    Attributes:
        publication: Its id.
        holds: Whether it does: as an entry, or as a copy that an entry names.
        rule: What decided it.
        reason: Where in it, or why not: half a sentence for people.
        entry: The published id of the entry that is or stands for the item; None where none was looked for.
        archived: Whether a page of the publication's archive holds that entry, though its document does not.
    """

    publication: str
    holds: bool
    rule: VisibilityRule
    reason: str
    entry: str | None = None
    archived: bool = False


async def visibility_in(item: Item, output: Output, context: ClusterContext) -> Visibility:
    """Whether the publication shows the item now, as far as the store and feeds.yaml say.

    Raises:
        RenderError: No document of the publication can be written at all.
    """
    name = output.publication.id
    barred = _find_bar(item, output, context)
    if barred is not None:
        return Visibility(publication=name, holds=False, rule=barred[0], reason=barred[1])
    try:
        edition = await _edition(output, context)
    except UnknownNameError:
        reason = "the publication was not rendered yet: run the worker, or `aggregator publish`"
        return Visibility(publication=name, holds=False, rule="unrendered", reason=reason)
    found = _find_in_edition(item, edition)
    if found is not None:
        return found
    lead = await _entry_of(item, output, edition, context)
    rule, reason = await _tell_what_crowds_out(lead, output, edition, context)
    if lead.uid != item.uid:
        reason = f"it is a copy of {lead.public_id}, which is not shown: {reason}"
    return Visibility(
        publication=name,
        holds=False,
        rule=rule,
        reason=reason,
        entry=lead.public_id,
        archived=await _is_archived(lead, name, context),
    )


async def _edition(output: Output, context: ClusterContext) -> Edition:
    return await pipeline.edition(output, context.catalogue, context.store)


def _find_bar(item: Item, output: Output, context: ClusterContext) -> tuple[VisibilityRule, str] | None:
    """What keeps the item out before any room is shared; None for nothing."""
    source = output.sources.get(item.source_id)
    if context.catalogue.source(item.source_id) is None:
        return "source", "its source is not in feeds.yaml any more"
    if source is None:
        return "source", "its source does not belong to it: neither its tags nor its sources name it"
    if item.withdrawn_at is not None:
        taken_back = f"its publisher took it back, as was seen on {to_the_minute(item.withdrawn_at)}"
        state = context.states.get(item.source_id)
        return "withdrawn", tell_withdrawal(item, context.catalogue, state) or taken_back
    if item.pruned:
        return "retention", "retention let go of its text: it is older than `store.retain`"
    if not item.compared:
        return "waiting", "it waits to be compared with other items: the worker does that before it publishes"
    step = publish.stopping_filter(output.publication, source, item)
    return ("filter", _tell_filter(step, source, item, output)) if step is not None else None


def tell_withdrawal(item: Item, catalogue: Catalogue, state: SourceState | None = None) -> str | None:
    """Who withdrew an item, by its name or its publisher's wish, where and when; None for one that nobody did.

    In: the `state` of its source, where it is known.
    """
    if item.withheld_at is None:
        return None
    since, source = to_the_minute(item.withheld_at), catalogue.source(item.source_id)
    names = [name for name in names_of(item) if name in catalogue.withdrawn]
    places = (
        source.location if source else None,
        item.entry.url,
        item.entry.text_from,
        state.read_from if state else None,
    )
    host = next(filter(None, (find_opt_out_of_url(url, catalogue.opted_out) for url in places)), None)
    if host is not None and not names:
        return f"{tell_opt_out(host, catalogue.opted_out)}: withdrawn on {since}"
    line = next((f", line {line}" for line in map(catalogue.withdrawn.get, names) if line), "")
    return f"the editor withdrew it on {since}: `withdraw` in feeds.yaml{line}"


def _tell_filter(step: Keep | Drop, source: Source, item: Item, output: Output) -> str:
    whose = f"of the source {source.id}" if step in source.filters else "of the publication"
    if isinstance(step, Keep):
        return f"a filter {whose} keeps only {' or '.join(matcher.shown for matcher in step.any_of)}"
    bare, plain = replace(output.publication, filters=()), replace(source, filters=())
    alone = ((one, replace(bare, filters=(Drop(any_of=(one,)),))) for one in step.any_of)
    found = [one.shown for one, publication in alone if publish.stopping_filter(publication, plain, item)]
    return f"a filter {whose} drops what has {' and '.join(found)}"


def _find_in_edition(item: Item, edition: Edition) -> Visibility | None:
    """Where the edition shows the item; None when it does not."""
    for number, entry in enumerate(edition.items, 1):
        copies = edition.copies.get(entry.public_id, ())
        where = _part(item, entry, copies, f"entry {number} of {len(edition.items)}")
        if where is None:
            continue
        fault = _fault(entry, copies, edition)
        return Visibility(
            publication=edition.publication.id,
            holds=fault is None,
            rule="unwritable" if fault else "shown",
            reason=fault or where,
            entry=entry.public_id,
        )
    return None


def _part(item: Item, entry: Item, copies: Iterable[Item], where: str) -> str | None:
    """Which part an item has in an entry; None for none."""
    own_words = (entry.source_id, entry.key) == (item.source_id, item.key)
    if entry.uid == item.uid:
        return where if own_words else f"{where}, which has its id and date, and the words of {entry.source_id}"
    if own_words:
        return f"its words stand in {where}, {entry.public_id}"
    named = any(copy.uid == item.uid for copy in copies)
    return f"named as a copy in {where}, {entry.public_id}" if named else None


def _fault(entry: Item, copies: tuple[Item, ...], edition: Edition) -> str | None:
    """What the documents say that cannot hold the entry; None when all of them can."""
    alone = replace(edition, items=(entry,), copies={entry.public_id: copies}, tombstones=())
    return " ".join(one.notice for one in publish.render_all(alone).omitted) or None


async def _entry_of(item: Item, output: Output, edition: Edition, context: ClusterContext) -> Item:
    """The entry that would be or stand for the item if there were room for it."""
    copies = (await context.store.copies([item.uid])).get(item.uid, ())
    items = [copy.item for copy in copies if copy.item.withdrawn_at is None and not copy.item.pruned] or [item]
    found = await merge(items, pipeline.scope_of(output, edition.origins, context.store))
    mine = (one.entry for one in found if _part(item, one.entry, one.copies, "") is not None)
    return next(mine, item)


async def _tell_what_crowds_out(
    lead: Item, output: Output, edition: Edition, context: ClusterContext
) -> tuple[VisibilityRule, str]:
    """Which rule left no room for an entry that passes all filters and is not among those that are shown."""
    publication, quota = output.publication, output.publication.per_source
    newest = edition
    if quota is None:
        # As many as one source likes, which is how a selection is told not to share its room.
        newest = await _edition(
            replace(output, publication=replace(publication, per_source=publication.limit)), context
        )
    if any(entry.uid == lead.uid for entry in newest.items):
        room = f"its fair share of the room (`limit: {publication.limit}`)"
        return "share", f"newer entries of {lead.source_id} have {room}"
    if len(newest.items) >= publication.limit and lead.sort_key < newest.items[-1].sort_key:
        return "limit", f"newer entries have all the room that there is (`limit: {publication.limit}`)"
    if quota is not None and sum(entry.source_id == lead.source_id for entry in edition.items) >= quota:
        return "quota", f"newer entries of {lead.source_id} have all of its quota (`per_source: {quota}`)"
    return "step", f"newer entries use up {_steps(lead, output)}"


def _steps(lead: Item, output: Output) -> str:
    source = output.sources[lead.source_id]
    steps = [
        f"the `limit: {step.count}` in the filter of {whose}"
        for whose, filters in (
            (f"the source {source.id}", source.filters),
            ("the publication", output.publication.filters),
        )
        for step in filters
        if isinstance(step, Limit)
    ]
    return " or ".join(steps)


async def _is_archived(lead: Item, name: str, context: ClusterContext) -> bool:
    """Whether a page of the archive has the entry: it was noted, and does not wait for a page any more."""
    if lead.uid not in await context.store.find_noted(name, [lead.uid]):
        return False
    return lead.uid not in await context.store.find_waiting(name)
