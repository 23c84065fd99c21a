"""Who does what only one process may do at a time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """From 0012 to 0013. Nobody does anything yet."""
    op.create_table(
        "jobs",
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("owner", _TEXT),
        sa.Column("token", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_jobs"),
    )


def downgrade() -> None:
    """Not supported: put back a copy made before the upgrade."""
    raise NotImplementedError
