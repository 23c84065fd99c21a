"""Leases apart from due times, with an owner who renews them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From 0008 to 0009. What was being polled is due when its old lease ends."""
    op.add_column("sources", sa.Column("lease_owner", sa.Text))
    op.add_column("sources", sa.Column("leased_until", sa.BigInteger))
    op.add_column("sources", sa.Column("abandoned", sa.Integer, nullable=False, server_default="0"))


def downgrade() -> None:
    """Not supported: put back a copy made before the upgrade."""
    raise NotImplementedError
