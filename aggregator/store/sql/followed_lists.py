"""What is remembered of lists elsewhere. Functions over an open transaction."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, select

from aggregator.model import FollowedLists, ListMember, ListState, Validators
from aggregator.store.sql.columns import instant, seconds
from aggregator.store.sql.tables import followed_lists
from aggregator.store.sql.turns import take_turn

_TIMES: Final = ("checked_at", "succeeded_at", "next_check_at", "held_since")


def keep(connection: Connection, state: ListState) -> None:
    """See `ports.SourceStore.keep_list`."""
    take_turn(connection)
    known = find(connection)
    before = known.states.get(state.list_id)
    number = select(followed_lists.c.version).where(followed_lists.c.id == state.list_id)
    is_same = before is not None and before.members == state.members
    at = connection.scalar(number) if is_same else known.version + bool(state.members)
    connection.execute(delete(followed_lists).where(followed_lists.c.id == state.list_id))
    row = {"id": state.list_id, "version": at or 0, "state": json.dumps(_flatten(state), ensure_ascii=False)}
    connection.execute(insert(followed_lists), [row])


def find(connection: Connection) -> FollowedLists:
    """See `ports.ReadOnlyStore.followed_lists`."""
    rows = connection.execute(select(followed_lists).order_by(followed_lists.c.id)).all()
    states = {row.id: _build(json.loads(row.state)) for row in rows}
    return FollowedLists(version=max((row.version for row in rows), default=0), states=states)


def version(connection: Connection) -> int:
    """See `ports.ReadOnlyStore.lists_version`."""
    return int(connection.scalar(select(func.max(followed_lists.c.version))) or 0)


def _flatten(state: ListState) -> dict[str, Any]:
    found = asdict(state)
    return found | {name: None if found[name] is None else seconds(found[name]) for name in _TIMES}


def _build(found: dict[str, Any]) -> ListState:
    times: dict[str, Any] = {name: None if found[name] is None else instant(found[name]) for name in _TIMES}
    members = tuple(ListMember(**one | {"tags": tuple(one["tags"])}) for one in found["members"])
    return ListState(**found | times | {"members": members, "validators": Validators(**found["validators"])})
