"""The part of the store over SQL by which processes agree: on who does a job, and on who asks a host."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection

from aggregator.ports import HostBounds, HostBusy, HostPermit, JobName, Slowdown
from aggregator.store.sql import jobs, turns_of_hosts
from aggregator.store.sql.session import Session

T = TypeVar("T")


class SqlJobStore(Session):
    """Fulfils `ports.JobStore` and `ports.PacingStore`, each method as a transaction."""

    def __init__(self) -> None:
        super().__init__()
        self._taken: dict[JobName, jobs.Holder] = {}

    async def take_job(self, name: JobName, lease: timedelta) -> bool:
        """See `ports.JobStore.take_job`."""
        holder = await self._write(partial(jobs.take, name=name, owner=self._owner, lease=lease))
        if holder is not None:
            self._taken[name] = holder
        return holder is not None

    async def renew_job(self, name: JobName, lease: timedelta) -> bool:
        """See `ports.JobStore.renew_job`."""
        holder = self._taken.get(name)
        return holder is not None and await self._write_soon(partial(jobs.renew, holder=holder, lease=lease))

    async def leave_jobs(self) -> None:
        """See `ports.JobStore.leave_jobs`."""
        if self._taken:
            self._taken.clear()
            await self._write(partial(jobs.leave, owner=self._owner))

    async def _write_for(self, name: JobName, work: Callable[[Connection], T]) -> T:
        """What `work` writes as a part of a job. Raises JobLostError if we took that and do not have it now."""
        return await self._write(partial(jobs.do, holder=self._taken.get(name), work=work))

    async def take_turn(self, host: str, bounds: HostBounds) -> HostPermit | HostBusy:
        """See `ports.PacingStore.take_turn`."""
        permit_id = secrets.token_hex(4)
        return await self._write_unfenced(
            partial(turns_of_hosts.take, host=host, bounds=bounds, permit_id=permit_id)
        )

    async def begin_turn(self, host: str, permit: HostPermit, bounds: HostBounds) -> HostPermit | HostBusy:
        """See `ports.PacingStore.begin_turn`."""
        return await self._write_unfenced(partial(turns_of_hosts.begin, host=host, permit=permit, bounds=bounds))

    async def end_turn(self, host: str, permit: HostPermit, slowdown: Slowdown | None = None) -> None:
        """See `ports.PacingStore.end_turn`."""
        await self._write_unfenced(partial(turns_of_hosts.end, host=host, permit=permit, slowdown=slowdown))

    async def forget_hosts(self) -> None:
        """See `ports.PacingStore.forget_hosts`."""
        await self._write(turns_of_hosts.forget)
