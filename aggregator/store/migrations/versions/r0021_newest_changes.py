"""What items came to say instead of something else, in the order in which it was seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From 0020 to 0021. One index, over what is no first revision."""
    changes = sa.text("number > 1")
    columns = ["seen_at", "uid", "number"]
    op.create_index("ix_revisions_changes", "revisions", columns, sqlite_where=changes, postgresql_where=changes)


def downgrade() -> None:
    """Not supported: put back a copy made before the upgrade."""
    raise NotImplementedError
