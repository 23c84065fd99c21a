"""Hosts that were asked lately, for machines that take turns to ask them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """From 0013 to 0014. Nobody was asked yet."""
    op.create_table(
        "hosts",
        sa.Column("host", _TEXT, nullable=False),
        sa.Column("next_start", sa.BigInteger, nullable=False),
        sa.Column("paused_until", sa.BigInteger, nullable=False),
        sa.Column("strikes", sa.BigInteger, nullable=False),
        sa.Column("gap", sa.BigInteger, nullable=False),
        sa.Column("held", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("host", name="pk_hosts"),
    )


def downgrade() -> None:
    """Not supported: put back a copy made before the upgrade."""
    raise NotImplementedError
