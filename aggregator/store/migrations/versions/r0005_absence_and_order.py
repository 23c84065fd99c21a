"""What is absent from where it was listed, what orders items of one date, and who led a story in a publication."""

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
    op.add_column("publications", sa.Column("absent_since", sa.BigInteger))
    _ordered_indexes()
    _absence_indexes()
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
