"""What arrived since an archive was brought up to date is told by numbers, not by times."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From 0011 to 0012. Each archive looks once at what came since its last time."""
    op.add_column("publications", sa.Column("archived_number", sa.BigInteger))
    op.drop_index("ix_items_arrivals", "items")


def downgrade() -> None:
    """Not supported: put back a copy made before the upgrade."""
    raise NotImplementedError
