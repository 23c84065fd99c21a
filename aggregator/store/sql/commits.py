"""Writing what a poll decided: everything or nothing. Functions over an open transaction."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from sqlalchemy import Connection, RowMapping, bindparam, delete, select, update

from aggregator.model import Change, ItemKey, Update
from aggregator.store.sql import editions, indexed_words, listing, lookup, rows
from aggregator.store.sql.chunks import chunks
from aggregator.store.sql.columns import storable
from aggregator.store.sql.many import insert_rows
from aggregator.store.sql.tables import SILENT, aliases, entries, items, revisions, sources

_Key = tuple[str, str]

_new_state = (
    update(sources)
    .where(sources.c.id == bindparam("name"), sources.c.lease == bindparam("token"))
    .values(
        **{
            name: bindparam(name)
            for name in ("next_poll_at", "polled_at", "status", "trouble", "polls", "remarks", "state")
        },
        item_count=sources.c.item_count + bindparam("added"),
        lease_owner=None,
        leased_until=None,
        abandoned=0,
    )
)
# Whoever would claim or rename the source, or write items of it, waits until this poll is written.
_source = select(sources).where(sources.c.id == bindparam("name")).with_for_update(key_share=True)
_bearing = select(items.c.public_id).where(items.c.public_id.in_(bindparam("names", expanding=True)))
_overwrite = update(items).where(items.c.uid == bindparam("name"))
_overwrite_entry = update(entries).where(entries.c.uid == bindparam("name")).values(entry=bindparam("said"))
_keep_what_was_said = (
    update(revisions)
    .where(revisions.c.uid == bindparam("name"), revisions.c.entry.is_(None))
    .values(entry=select(entries.c.entry).where(entries.c.uid == revisions.c.uid).scalar_subquery())
)
KEPT_REVISIONS: Final = 50
"""Of what an item said lately, besides what it said first: a live blog's day, and not a flood's every poll."""

_let_go_of_older = delete(revisions).where(
    revisions.c.uid == bindparam("name"),
    revisions.c.number > 1,
    revisions.c.number % SILENT <= bindparam("last"),
)
_forget_superseding = delete(revisions).where(
    revisions.c.uid == bindparam("name"), revisions.c.number == bindparam("superseding")
)


@dataclass(slots=True)
class _Plan:
    """What a commit writes.

    Attributes:
        new: Rows of items that are stored for the first time.
        changed: What to overwrite in rows of stored items, whose uid is the `name`.
        said: By uid, what an item says of which no words are stored.
        resaid: What stored items say now, whose uid is the `name`.
        revisions: Rows of revisions.
        replaced: The uids of items whose latest words become a revision of the past.
        superseding: Rows of what superseded revisions in silence, in the place of what did before.
        aliases: Rows of further names of items.
        added: By how many the items that are not pruned become more.
    """

    new: list[rows.Row] = field(default_factory=list)
    changed: list[rows.Row] = field(default_factory=list)
    said: dict[str, rows.Row] = field(default_factory=dict)
    resaid: list[rows.Row] = field(default_factory=list)
    revisions: list[rows.Row] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    superseding: list[rows.Row] = field(default_factory=list)
    aliases: list[rows.Row] = field(default_factory=list)
    added: int = 0

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.aliases)


class LeaseLostError(Exception):
    """Somebody else took the source over while its poll was being written: nothing of it stays."""


def commit(connection: Connection, update: Update) -> bool:
    """See `ports.SourceStore.commit`. Raises LeaseLostError if the lease was lost while this wrote.

    Raises ValueError for a change that belongs to another source: nothing may write there, whatever it holds.
    """
    state = update.state
    stored = connection.execute(_source, {"name": state.source_id}).mappings().first()
    if stored is None or stored["lease"] != state.lease:
        return False
    strangers = [change.item.uid for change in update.changes if change.item.source_id != state.source_id]
    if strangers:
        raise ValueError(f"a poll of {state.source_id} may not write items of other sources: {strangers}")
    if update.listing is not None:
        listing.note(connection, state.source_id, update.listing, state.last_poll_at)
    plan = _plan(connection, state.source_id, update.changes) if update.changes else _Plan()
    written = rows.state_row(state)
    repeated = not plan and all(stored[name] == value for name, value in written.items())
    if repeated and stored["leased_until"] is None:
        return True
    _write(connection, plan)
    listing.turn(connection, state.source_id, update.turned)
    held = {"name": state.source_id, "token": state.lease}
    if not connection.execute(_new_state, {**held, "added": plan.added, **written}).rowcount:
        raise LeaseLostError
    for some in chunks(update.publications):
        editions.mark_outdated(connection, some)
    return True


def _plan(connection: Connection, source_id: str, changes: Sequence[Change]) -> _Plan:
    by_uid, by_key = _find_stored(connection, source_id, changes)
    plan = _Plan()
    seen: set[str] = set()
    fresh: list[Change] = []
    keys: set[_Key] = set()
    for change in changes:
        key = _key(change)
        stored = by_uid.get(change.item.uid) or by_key.get(key)
        if stored is None:
            if key not in keys and change.item.uid not in seen:
                fresh.append(change)
            keys.add(key)
            seen.add(change.item.uid)
        elif change.verdict.kind != "new":
            _plan_change(plan, change, stored)
            plan.aliases += [rows.alias_row(name, source_id, stored["uid"]) for name in change.aliases]
            plan.aliases += rows.text_rows(replace(change.item, uid=stored["uid"]))
    _drop_known_revisions(connection, plan)
    _plan_new(connection, plan, fresh)
    plan.aliases = _find_missing_aliases(connection, plan.aliases)
    return plan


def _key(change: Change) -> _Key:
    return change.item.key.kind, storable(change.item.key.value)


def _plan_change(plan: _Plan, change: Change, stored: RowMapping) -> None:
    row = rows.overwriting_row(change, stored)
    entry = stored["entry"] if row["pruned"] else rows.entry_row(change.item)["entry"]
    if entry == stored["entry"] and all(stored[name] == value for name, value in row.items()):
        return
    plan.changed.append({"name": stored["uid"], **row})
    plan.added += stored["pruned"] - row["pruned"]
    if stored["entry"] is None and entry is not None:
        plan.said[stored["uid"]] = {"uid": stored["uid"], "entry": entry}
    elif entry != stored["entry"]:
        plan.resaid.append({"name": stored["uid"], "said": entry})
    came_back = stored["pruned"] and not row["pruned"]
    if change.verdict.kind == "revised" or came_back:
        plan.revisions.append(rows.revision_row(stored["uid"], change))
        plan.replaced.append(stored["uid"])
    elif change.verdict.supersedes and not row["pruned"]:
        plan.superseding.append(rows.superseding_row(stored["uid"], change))
        plan.replaced.append(stored["uid"])


def _plan_new(connection: Connection, plan: _Plan, changes: Sequence[Change]) -> None:
    taken = _find_taken(connection, (storable(change.item.public_id) for change in changes))
    for change in changes:
        row = rows.item_row(change.item)
        row["public_id"] = _free_public_id(connection, row["public_id"], change.item.uid, taken)
        taken.add(row["public_id"])
        plan.new.append(row)
        plan.said[change.item.uid] = rows.entry_row(change.item)
        plan.revisions.append(rows.revision_row(change.item.uid, change))
        plan.aliases += [rows.alias_row(name, change.item.source_id, change.item.uid) for name in change.aliases]
        plan.aliases += rows.text_rows(change.item)
    plan.added += len(changes)


def _find_stored(
    connection: Connection, source_id: str, changes: Sequence[Change]
) -> tuple[dict[str, RowMapping], dict[_Key, RowMapping]]:
    """The rows that the changes may mean, by uid and by key."""
    uids = (change.item.uid for change in changes)
    by_uid = {row["uid"]: row for row in lookup.by_uid(connection, uids, hold=True)}
    keys = (change.item.key for change in changes if change.item.uid not in by_uid)
    found = lookup.by_key(connection, source_id, keys, hold=True)
    by_key = {(row["key_kind"], row["key_value"]): row for row in found}
    return by_uid, by_key


def _find_taken(connection: Connection, public_ids: Iterable[str]) -> set[str]:
    taken: set[str] = set()
    for some in chunks(public_ids):
        taken.update(connection.scalars(_bearing, {"names": some}))
    return taken


def _free_public_id(connection: Connection, wanted: str, uid: str, taken: set[str]) -> str:
    """`wanted`, or where another item bears it `urn:uuid:<uid>`.

    A publisher can have taken even that one, by copying it from a document of ours. Then UUIDs are derived
    from it until one is free, so that nobody can keep another's item out.
    """
    candidate, name = wanted, uid
    while candidate in taken or (candidate != wanted and _find_taken(connection, [candidate])):
        candidate = f"urn:uuid:{name}"
        name = str(uuid.uuid5(uuid.NAMESPACE_URL, candidate))
    return candidate


def _drop_known_revisions(connection: Connection, plan: _Plan) -> None:
    """What was said once under a number stays as it was."""
    known: set[tuple[str, int]] = set()
    for some in chunks(row["uid"] for row in plan.revisions):
        query = select(revisions.c.uid, revisions.c.number).where(revisions.c.uid.in_(some))
        known.update((uid, number) for uid, number in connection.execute(query))
    new = {(row["uid"], row["number"]): row for row in plan.revisions}
    plan.revisions = [row for name, row in new.items() if name not in known]


def _find_missing_aliases(connection: Connection, wanted: Sequence[rows.Row]) -> list[rows.Row]:
    """Those of the rows that are not stored yet, each once. All are of one source."""
    if not wanted:
        return []
    keys = {ItemKey(kind=row["kind"], value=row["value"]) for row in wanted}
    stored = set(lookup.by_alias(connection, wanted[0]["source_id"], keys))
    rows_by_name = {(row["kind"], row["value"], row["uid"]): row for row in wanted}
    return [row for name, row in rows_by_name.items() if name not in stored]


def _by_columns(changed: Iterable[rows.Row]) -> Iterable[list[rows.Row]]:
    """Rows that set the same columns, together: one statement takes its columns from the first of its rows."""
    found: dict[frozenset[str], list[rows.Row]] = {}
    for row in changed:
        found.setdefault(frozenset(row), []).append(row)
    return found.values()


def _let_go_of_old_revisions(connection: Connection, plan: _Plan) -> None:
    long = [row for row in plan.revisions if row["number"] > KEPT_REVISIONS]
    if long:
        older = [{"name": row["uid"], "last": row["number"] - KEPT_REVISIONS} for row in long]
        connection.execute(_let_go_of_older, older)


def _write(connection: Connection, plan: _Plan) -> None:
    insert_rows(connection, items, plan.new)
    if plan.superseding:
        places = [{"name": row["uid"], "superseding": row["number"]} for row in plan.superseding]
        connection.execute(_forget_superseding, places)
    if plan.replaced:
        connection.execute(_keep_what_was_said, [{"name": uid} for uid in plan.replaced])
    for alike in _by_columns(plan.changed):
        connection.execute(_overwrite, alike)
    if plan.resaid:
        connection.execute(_overwrite_entry, plan.resaid)
    insert_rows(connection, entries, list(plan.said.values()))
    insert_rows(connection, revisions, [*plan.revisions, *plan.superseding])
    _let_go_of_old_revisions(connection, plan)
    insert_rows(connection, aliases, plan.aliases)
    indexed_words.note(connection, [row["uid"] for row in plan.new], sorted({row["name"] for row in plan.changed}))
