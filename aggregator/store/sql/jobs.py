"""Who does what only one process may do at a time, by leases in rows. Functions over an open transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeVar

from sqlalchemy import ColumnElement, Connection, insert, or_, select, update

from aggregator.errors import JobLostError
from aggregator.ports import JobName
from aggregator.store.sql.columns import milliseconds, present
from aggregator.store.sql.tables import jobs

T = TypeVar("T")

_FURTHEST: Final = timedelta(minutes=10)
"""No lease is made to end further ahead, so one that does is a mistake of a clock, and over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who has a job.

    Attributes:
        name: Of the job.
        owner: The store object.
        token: How often the job had been taken by then: whoever took it last has the highest.
    """

    name: JobName
    owner: str
    token: int


def take(connection: Connection, name: JobName, owner: str, lease: timedelta) -> Holder | None:
    """See `ports.JobStore.take_job`; None where it is another's."""
    over = or_(jobs.c.until <= present(), jobs.c.until > present() + milliseconds(_FURTHEST))
    free = or_(jobs.c.owner.is_(None), jobs.c.owner == owner, over)
    taken = {"owner": owner, "until": present() + milliseconds(lease)}
    here = jobs.c.name == name
    again = update(jobs).where(here, free).values(**taken, token=jobs.c.token + 1)
    if not connection.execute(again).rowcount:
        if connection.scalar(select(jobs.c.name).where(here)) is not None:
            return None
        connection.execute(insert(jobs).values(name=name, token=1, **taken))
    token = connection.execute(select(jobs.c.token).where(here)).scalar_one()
    return Holder(name=name, owner=owner, token=token)


def renew(connection: Connection, holder: Holder, lease: timedelta) -> bool:
    """See `ports.JobStore.renew_job`."""
    held = update(jobs).where(*_is_held_by(holder)).values(until=present() + milliseconds(lease))
    return bool(connection.execute(held).rowcount)


def leave(connection: Connection, owner: str) -> None:
    """See `ports.JobStore.leave_jobs`."""
    connection.execute(update(jobs).where(jobs.c.owner == owner).values(owner=None))


def do(connection: Connection, holder: Holder | None, work: Callable[[Connection], T]) -> T:
    """What `work` returns, done as a part of a job: nobody takes that before the transaction ends.

    Without a holder it is done in any case: by a process that never took the job and is the only one there.
    Raises JobLostError, and `work` was not begun, if somebody else has had the job since the holder took it: what
    was read before may not be so any more.
    """
    if holder is not None:
        query = select(jobs.c.name).where(*_is_held_by(holder)).with_for_update(read=True)
        if connection.scalar(query) is None:
            raise JobLostError(f"another process does by now what this one was doing: {holder.name}")
    return work(connection)


def _is_held_by(holder: Holder) -> tuple[ColumnElement[bool], ...]:
    return jobs.c.name == holder.name, jobs.c.owner == holder.owner, jobs.c.token == holder.token
