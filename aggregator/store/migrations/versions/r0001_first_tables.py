"""The first tables.

Types are spelled out as the database has them, not taken from the program, so that this migration does the
same for ever.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From nothing to 0001."""
    _sources()
    _items()
    _revisions()
    _publications()


def downgrade() -> None:
    """Not supported: put back a copy made before the upgrade."""
    raise NotImplementedError


def _sources() -> None:
    op.create_table(
        "sources",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("next_poll_at", sa.BigInteger, nullable=False),
        sa.Column("lease", sa.BigInteger, nullable=False),
        sa.Column("item_count", sa.BigInteger, nullable=False),
        sa.Column("registered_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sources"),
    )
    op.create_index("ix_sources_due", "sources", ["enabled", "next_poll_at", "id"])


def _items() -> None:
    op.create_table(
        "items",
        sa.Column("uid", sa.Text, nullable=False),
        sa.Column("source_id", sa.Text, nullable=False),
        sa.Column("key_kind", sa.Text, nullable=False),
        sa.Column("key_value", sa.Text, nullable=False),
        sa.Column("public_id", sa.Text, nullable=False),
        sa.Column("entry_id", sa.Text),
        sa.Column("url", sa.Text),
        sa.Column("url_key", sa.Text),
        sa.Column("published", sa.BigInteger, nullable=False),
        sa.Column("published_reason", sa.Text, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
        sa.Column("updated_reason", sa.Text, nullable=False),
        sa.Column("claimed_updated", sa.BigInteger),
        sa.Column("first_seen", sa.BigInteger, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger),
        sa.Column("pruned", sa.Boolean, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("fingerprint_version", sa.Integer, nullable=False),
        sa.Column("fingerprint_title", sa.Text, nullable=False),
        sa.Column("fingerprint_text", sa.Text, nullable=False),
        sa.Column("fingerprint_media", sa.Text, nullable=False),
        sa.Column("fingerprint_meta", sa.Text, nullable=False),
        sa.Column("entry", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("uid", name="pk_items"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_items_source_id"),
        sa.UniqueConstraint("source_id", "key_kind", "key_value", name="uq_items_source_id_key_kind_key_value"),
        sa.UniqueConstraint("public_id", name="uq_items_public_id"),
    )
    for column in ("entry_id", "url", "url_key"):
        op.create_index(f"ix_items_{column}", "items", [column])
    kept = sa.column("pruned") == sa.false()
    for name, columns in (
        ("ix_items_river", ["published", "uid", "source_id", "withdrawn_at"]),
        ("ix_items_river_of_source", ["source_id", "published", "uid", "withdrawn_at"]),
    ):
        op.create_index(name, "items", columns, sqlite_where=kept, postgresql_where=kept)


def _revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("uid", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("entry", sa.Text),
        sa.PrimaryKeyConstraint("uid", "number", name="pk_revisions"),
        sa.ForeignKeyConstraint(["uid"], ["items.uid"], name="fk_revisions_uid", ondelete="CASCADE"),
    )


def _publications() -> None:
    op.create_table(
        "publications",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("mark", sa.BigInteger, nullable=False),
        sa.Column("rendered_mark", sa.BigInteger),
        sa.Column("digest", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_publications"),
    )
    op.create_table(
        "documents",
        sa.Column("publication_id", sa.Text, nullable=False),
        sa.Column("format", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("etag", sa.Text, nullable=False),
        sa.Column("last_modified", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("gzip", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("publication_id", "format", name="pk_documents"),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name="fk_documents_publication_id", ondelete="CASCADE"
        ),
    )
