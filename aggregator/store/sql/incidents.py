"""Incidents, standing and over: reading and writing them. Functions over an open transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from aggregator.model import Incident
from aggregator.store.sql.tables import incidents, standing

_changed = (
    update(incidents)
    .where(incidents.c.id == bindparam("which"))
    .values({name: bindparam(f"new_{name}") for name in ("title", "text", "changed", "ended")})
)


def note(connection: Connection, changes: Iterable[Incident], before: datetime) -> None:
    """See `ports.Store.note_incidents`."""
    for one in changes:
        new = {f"new_{name}": getattr(one, name) for name in ("title", "text", "changed", "ended")}
        same = (incidents.c.kind == one.kind, incidents.c.subject == one.subject, incidents.c.id != one.id)
        if one.ended is None and connection.execute(select(incidents.c.id).where(*same, standing)).first():
            continue  # another process saw it first
        if not connection.execute(_changed, {"which": one.id, **new}).rowcount:
            connection.execute(insert(incidents), [asdict(one)])
    connection.execute(delete(incidents).where(incidents.c.ended < before))


def find(connection: Connection, since: datetime, limit: int) -> tuple[Incident, ...]:
    """See `ports.ReadOnlyStore.incidents`."""
    query = (
        select(incidents)
        .where(or_(standing, incidents.c.ended >= since))
        .order_by(incidents.c.began.desc(), incidents.c.id)
        .limit(limit)
    )
    return tuple(Incident(**row) for row in connection.execute(query).mappings())
