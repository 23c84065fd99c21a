"""What feeds.yaml said when it was last understood."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From 0007 to 0008. The next worker to start keeps the file as it is then."""
    op.create_table(
        "catalogues",
        sa.Column("version", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("kept_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_catalogues"),
    )


def downgrade() -> None:
    """Not supported: put back a copy made before the upgrade."""
    raise NotImplementedError
