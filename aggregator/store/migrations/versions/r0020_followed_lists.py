"""Lists elsewhere that are followed, and what they name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """From 0019 to 0020. None was followed."""
    op.create_table(
        "followed_lists",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_followed_lists"),
    )


def downgrade() -> None:
    """Not supported: put back a copy made before the upgrade."""
    raise NotImplementedError
