"""Items that the editor withdraws by name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From 0017 to 0018. Nothing is withheld yet."""
    op.add_column("items", sa.Column("withheld_at", sa.BigInteger))
    held = sa.text("withheld_at IS NOT NULL")
    op.create_index("ix_items_withheld", "items", ["uid"], sqlite_where=held, postgresql_where=held)


def downgrade() -> None:
    """Not supported: put back a copy made before the upgrade."""
    raise NotImplementedError
