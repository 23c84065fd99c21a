"""Stories: signatures of items with the keys to find alike ones, edges between items, near misses."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From 0003 to 0004."""
    op.add_column("items", sa.Column("compared", sa.Integer, nullable=False, server_default="0"))
    op.add_column("items", sa.Column("story", sa.Text))
    _mend_names()
    # What was published apart stays apart: no subscriber expects yesterday's entries to vanish.
    op.execute("UPDATE items SET compared = revision")
    compared: sa.ColumnClause[int] = sa.column("compared")
    waiting = (compared != sa.column("revision")) & (sa.column("pruned") == sa.false())
    op.create_index(
        "ix_items_uncompared", "items", ["first_seen", "uid"], sqlite_where=waiting, postgresql_where=waiting
    )
    grouped = sa.column("story").is_not(None)
    op.create_index("ix_items_story", "items", ["story"], sqlite_where=grouped, postgresql_where=grouped)
    _signatures()
    _pairs("edges", "method", "evidence")
    _pairs("near_misses", "rule", "refusal")


def _mend_names() -> None:
    """Published ids that are no IRIs kept their items out of every document: those get one that can be written."""
    absolute = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20\x7f-\x9f]+")
    connection = op.get_bind()
    for uid, name in connection.execute(sa.text("SELECT uid, public_id FROM items")).all():
        if not absolute.fullmatch(name):
            mend = sa.text("UPDATE items SET public_id = :name WHERE uid = :uid")
            connection.execute(mend, {"name": f"urn:uuid:{uid}", "uid": uid})


def downgrade() -> None:
    """Not supported: put back a copy made before the upgrade."""
    raise NotImplementedError


def _signatures() -> None:
    op.create_table(
        "signatures",
        sa.Column("uid", sa.Text, nullable=False),
        sa.Column("source_id", sa.Text, nullable=False),
        sa.Column("first_seen", sa.BigInteger, nullable=False),
        sa.Column("published", sa.BigInteger, nullable=False),
        sa.Column("title_key", sa.BigInteger),
        sa.Column("url", sa.BigInteger),
        sa.Column("recurring", sa.Boolean, nullable=False),
        sa.Column("shared_url", sa.Boolean, nullable=False),
        sa.Column("length", sa.Integer, nullable=False),
        sa.Column("credit", sa.Text, nullable=False),
        sa.Column("signature", sa.LargeBinary),
        sa.PrimaryKeyConstraint("uid", name="pk_signatures"),
        sa.ForeignKeyConstraint(["uid"], ["items.uid"], name="fk_signatures_uid", ondelete="CASCADE"),
    )
    op.create_index("ix_signatures_title", "signatures", ["source_id", "title_key", "published"])
    op.create_index("ix_signatures_url", "signatures", ["source_id", "url"])
    op.create_index("ix_signatures_first_seen", "signatures", ["first_seen"])
    op.create_table(
        "bands",
        sa.Column("band", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("uid", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("band", "uid", name="pk_bands"),
        sa.ForeignKeyConstraint(["uid"], ["signatures.uid"], name="fk_bands_uid", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_bands_uid", "bands", ["uid"])


def _pairs(name: str, kind: str, why: str) -> None:
    op.create_table(
        name,
        sa.Column("one", sa.Text, nullable=False),
        sa.Column("other", sa.Text, nullable=False),
        sa.Column(kind, sa.Text, nullable=False),
        sa.Column(why, sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("one", "other", name=f"pk_{name}"),
        *(
            sa.ForeignKeyConstraint([end], ["items.uid"], name=f"fk_{name}_{end}", ondelete="CASCADE")
            for end in ("one", "other")
        ),
    )
    op.create_index(f"ix_{name}_other", name, ["other"])
    op.create_index(f"ix_{name}_{kind}", name, [kind])
