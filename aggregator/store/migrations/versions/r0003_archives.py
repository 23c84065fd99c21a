"""Archives of publications, earlier editions of documents, and a further content coding."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From 0002 to 0003."""
    op.add_column("publications", sa.Column("archived_until", sa.BigInteger))
    # What was seen before is no news to any subscriber: archives begin with what is shown now.
    op.execute("UPDATE publications SET archived_until = COALESCE((SELECT MAX(first_seen) FROM items), created)")
    op.add_column("documents", sa.Column("br", sa.LargeBinary))
    op.add_column("documents", sa.Column("marks", sa.LargeBinary))
    _editions()
    _archives()
    columns = ["first_seen", "uid", "source_id", "withdrawn_at"]
    kept = sa.column("pruned") == sa.false()
    op.create_index("ix_items_arrivals", "items", columns, sqlite_where=kept, postgresql_where=kept)
    gone = sa.column("withdrawn_at").is_not(None)
    op.create_index("ix_items_withdrawn", "items", ["uid"], sqlite_where=gone, postgresql_where=gone)


def downgrade() -> None:
    """Not supported: put back a copy made before the upgrade."""
    raise NotImplementedError


def _editions() -> None:
    op.create_table(
        "editions",
        sa.Column("publication_id", sa.Text, nullable=False),
        sa.Column("format", sa.Text, nullable=False),
        sa.Column("etag", sa.Text, nullable=False),
        sa.Column("last_modified", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("publication_id", "format", "etag", name="pk_editions"),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name="fk_editions_publication_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_editions_age", "editions", ["publication_id", "format", "last_modified"])


def _archives() -> None:
    op.create_table(
        "archives",
        sa.Column("publication_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("completed", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("publication_id", "number", name="pk_archives"),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name="fk_archives_publication_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "archived",
        sa.Column("publication_id", sa.Text, nullable=False),
        sa.Column("uid", sa.Text, nullable=False),
        sa.Column("number", sa.Integer),
        sa.PrimaryKeyConstraint("publication_id", "uid", name="pk_archived"),
        sa.ForeignKeyConstraint(
            ["publication_id", "number"],
            ["archives.publication_id", "archives.number"],
            name="fk_archived_publication_id_number",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name="fk_archived_publication_id", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_archived_publication_id_number", "archived", ["publication_id", "number"])
    op.create_table(
        "archive_documents",
        sa.Column("publication_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("format", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("etag", sa.Text, nullable=False),
        sa.Column("last_modified", sa.BigInteger, nullable=False),
        sa.Column("gzip", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("publication_id", "number", "format", name="pk_archive_documents"),
        sa.ForeignKeyConstraint(
            ["publication_id", "number"],
            ["archives.publication_id", "archives.number"],
            name="fk_archive_documents_publication_id_number",
            ondelete="CASCADE",
        ),
    )
