"""What is asked of all sources at once stands in columns: when each was polled, and how it is doing."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_AT_ONCE = 1000
_STATUSES = frozenset({"ok", "error", "blocked", "disabled", "pending"})

_some = sa.text("SELECT id, state FROM sources WHERE id > :after ORDER BY id LIMIT :most")
_told = sa.text(
    "UPDATE sources SET polled_at = :polled_at, status = :status, trouble = :trouble, polls = :polls,"
    " remarks = :remarks WHERE id = :id"
)


def upgrade() -> None:
    """From 0018 to 0019. The columns say what the states said."""
    op.add_column("sources", sa.Column("polled_at", sa.BigInteger))
    op.add_column("sources", sa.Column("status", _TEXT, nullable=False, server_default="pending"))
    op.add_column("sources", sa.Column("trouble", _TEXT))
    op.add_column("sources", sa.Column("polls", sa.BigInteger, nullable=False, server_default="0"))
    op.add_column("sources", sa.Column("remarks", _TEXT))
    connection, after = op.get_bind(), ""
    while found := connection.execute(_some, {"after": after, "most": _AT_ONCE}).all():
        connection.execute(_told, [{"id": row.id, **_read(row.state)} for row in found])
        after = found[-1].id
    op.create_index("ix_sources_polled", "sources", ["polled_at"])
    where = sa.text("remarks IS NOT NULL")
    op.create_index("ix_sources_remarks", "sources", ["id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Not supported: put back a copy made before the upgrade."""
    raise NotImplementedError


def _read(state: str) -> dict[str, Any]:
    """What the columns are to say; as if nothing had been said where it is no JSON, or of no use."""
    try:
        said = json.loads(state)
    except ValueError:
        said = {}
    said = said if isinstance(said, dict) else {}
    polled, status, trouble, polls = (said.get(name) for name in ("last_poll_at", "status", "trouble", "polls"))
    habits = said.get("habits")
    remarks = [name for name in ("faults", "labels", "resumed_at") if said.get(name)]
    remarks += ["seed"] if isinstance(habits, dict) and habits.get("seed") else []
    return {
        "polled_at": polled if type(polled) is int else None,
        "status": status if status in _STATUSES else "pending",
        "trouble": trouble if isinstance(trouble, str) else None,
        "polls": polls if type(polls) is int else 0,
        "remarks": " ".join(remarks) or None,
    }
