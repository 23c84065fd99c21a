"""How often this program failed outside of any source's poll. Functions over an open transaction."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Connection, insert, select, update

from aggregator.model import Faults, FaultStage
from aggregator.store.sql.tables import faults


def add(connection: Connection, stage: FaultStage, more: int) -> None:
    """See `ports.Store.count_faults`."""
    this = update(faults).where(faults.c.stage == stage)
    if not connection.execute(this.values(count=faults.c.count + more)).rowcount:
        connection.execute(insert(faults), [{"stage": stage, "count": more}])


def counts(connection: Connection) -> tuple[Faults, ...]:
    """See `ports.Store.faults`."""
    found = connection.execute(select(faults.c.stage, faults.c.count).order_by(faults.c.stage))
    return tuple(Faults(stage=cast("FaultStage", row.stage), count=row[1]) for row in found)
