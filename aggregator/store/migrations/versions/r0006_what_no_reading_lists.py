"""Since when items are in no reading of sources that never give a whole list."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From 0005 to 0006. Every item that is not absent counts as listed until a reading without it."""
    op.add_column("items", sa.Column("unlisted_since", sa.BigInteger))
    absent_since: sa.ColumnClause[int] = sa.column("absent_since")
    unlisted_since: sa.ColumnClause[int] = sa.column("unlisted_since")
    listed = absent_since.is_(None) & unlisted_since.is_(None)
    doubtful = absent_since.is_(None) & unlisted_since.is_not(None)
    op.drop_index("ix_items_listed", "items")
    for name, columns, which in (
        ("ix_items_listed", ["source_id", "uid"], listed),
        ("ix_items_doubtful", ["source_id", "unlisted_since", "uid"], doubtful),
    ):
        op.create_index(name, "items", columns, sqlite_where=which, postgresql_where=which)


def downgrade() -> None:
    """Not supported: put back a copy made before the upgrade."""
    raise NotImplementedError
