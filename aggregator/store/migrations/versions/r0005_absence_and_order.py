"""What is absent, texts in a table of their own, the order of items of one date, and who led a story."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From 0004 to 0005.

    Every item counts as listed until a reading without it: nobody knows since when it has been absent, and what
    counts for pruning is how long that was seen. Items of old keep the order that they have.
    """
    op.add_column("items", sa.Column("absent_since", sa.BigInteger))
    op.add_column("items", sa.Column("listing_order", sa.BigInteger, nullable=False, server_default="0"))
    _texts_apart()
    for name, kind in (("absent_since", sa.BigInteger), ("feed_name", sa.Text), ("shown", sa.Text)):
        op.add_column("publications", sa.Column(name, kind))
    op.execute("UPDATE publications SET mark = mark + 1")  # what they show is noted when they are rendered
    _ordered_indexes()
    _absence_indexes()
    _index_of_the_comparable()
    op.create_table(
        "leads",
        sa.Column("publication_id", sa.Text, nullable=False),
        sa.Column("uid", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("publication_id", "uid", name="pk_leads"),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name="fk_leads_publication_id", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )


def _texts_apart() -> None:
    """Texts go where they were: in the order of the rows, which is that in which they came."""
    op.create_table(
        "entries",
        sa.Column("uid", sa.Text, nullable=False),
        sa.Column("entry", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("uid", name="pk_entries"),
        sa.ForeignKeyConstraint(["uid"], ["items.uid"], name="fk_entries_uid", ondelete="CASCADE"),
    )
    op.add_column("items", sa.Column("remains", sa.Text))
    op.execute("INSERT INTO entries (uid, entry) SELECT uid, entry FROM items WHERE NOT pruned")
    op.execute("UPDATE items SET remains = entry WHERE pruned")
    # Copied, for the rows would keep the room of what is taken out of them.
    with op.batch_alter_table("items", recreate="always") as batch:
        batch.drop_column("entry")


def downgrade() -> None:
    """Not supported: put back a copy made before the upgrade."""
    raise NotImplementedError


def _ordered_indexes() -> None:
    kept: sa.ColumnClause[bool] = sa.column("pruned")
    standing = kept == sa.false()
    for name, columns in (
        ("ix_items_river", ["published", "listing_order", "uid", "source_id", "withdrawn_at"]),
        ("ix_items_river_of_source", ["source_id", "published", "listing_order", "uid", "withdrawn_at"]),
    ):
        op.drop_index(name, "items")
        op.create_index(name, "items", columns, sqlite_where=standing, postgresql_where=standing)


def _absence_indexes() -> None:
    absent_since: sa.ColumnClause[int] = sa.column("absent_since")
    listed = absent_since.is_(None)
    absent = absent_since.is_not(None) & (sa.column("pruned") == sa.false())
    for name, columns, which in (
        ("ix_items_listed", ["source_id", "uid"], listed),
        ("ix_items_absent", ["absent_since", "uid"], absent),
    ):
        op.create_index(name, "items", columns, sqlite_where=which, postgresql_where=which)


def _index_of_the_comparable() -> None:
    """Forgetting asked all signatures that there ever were, each hour."""
    comparable = sa.text("signature IS NOT NULL")
    op.drop_index("ix_signatures_first_seen", "signatures")
    op.create_index(
        "ix_signatures_first_seen",
        "signatures",
        ["first_seen", "uid"],
        sqlite_where=comparable,
        postgresql_where=comparable,
    )
