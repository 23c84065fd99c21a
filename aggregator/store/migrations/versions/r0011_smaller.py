"""Texts are packed, and the index of what may be alike knows signatures by a number."""

from __future__ import annotations

import zlib

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_AT_ONCE = 500


def upgrade() -> None:
    """From 0010 to 0011. Tables are copied, so that the room they need no more is free at once."""
    _pack_entries()
    _pack_revisions()
    _number_signatures()


def downgrade() -> None:
    """Not supported: put back a copy made before the upgrade."""
    raise NotImplementedError


def _packed(text: str | None) -> bytes | None:
    """As `columns.PackedText` had it when this was written."""
    if text is None:
        return None
    plain = text.encode()
    packed = zlib.compress(plain, 6)
    return packed if len(packed) < len(plain) else plain


def _copy(name: str, columns: tuple[str, ...]) -> None:
    """All rows into `<name>_packed`, which takes the table's place; their last column is packed."""
    bind = op.get_bind()
    fields = [sa.column(column, sa.LargeBinary if column == "entry" else sa.Text) for column in columns]
    old = sa.table(name, *(sa.column(column) for column in columns)).select()
    into = sa.insert(sa.table(f"{name}_packed", *fields))
    for some in bind.execute(old).partitions(_AT_ONCE):
        bind.execute(into, [dict(zip(columns, (*row[:-1], _packed(row[-1])), strict=True)) for row in some])
    op.drop_table(name)
    op.rename_table(f"{name}_packed", name)


def _pack_entries() -> None:
    op.create_table(
        "entries_packed",
        sa.Column("uid", sa.Text, nullable=False),
        sa.Column("entry", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("uid", name="pk_entries"),
        sa.ForeignKeyConstraint(["uid"], ["items.uid"], name="fk_entries_uid", ondelete="CASCADE"),
    )
    _copy("entries", ("uid", "entry"))


def _pack_revisions() -> None:
    op.create_table(
        "revisions_packed",
        sa.Column("uid", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("entry", sa.LargeBinary),
        sa.PrimaryKeyConstraint("uid", "number", name="pk_revisions"),
        sa.ForeignKeyConstraint(["uid"], ["items.uid"], name="fk_revisions_uid", ondelete="CASCADE"),
    )
    _copy("revisions", ("uid", "number", "seen_at", "reason", "entry"))


def _number_signatures() -> None:
    """Each signature gets a number, in the order in which they came, and keys lead to it."""
    op.create_table(
        "signatures_numbered",
        sa.Column("number", sa.Integer, nullable=False),
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
        sa.PrimaryKeyConstraint("number", name="pk_signatures"),
        sa.UniqueConstraint("uid", name="uq_signatures_uid"),
        sa.ForeignKeyConstraint(["uid"], ["items.uid"], name="fk_signatures_uid", ondelete="CASCADE"),
    )
    op.execute(
        "INSERT INTO signatures_numbered (uid, source_id, first_seen, published, title_key, url, recurring,"
        " shared_url, length, credit, signature) SELECT uid, source_id, first_seen, published, title_key, url,"
        " recurring, shared_url, length, credit, signature FROM signatures"
    )
    op.create_table(
        "bands_numbered",
        sa.Column("band", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("signature", sa.Integer, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("band", "signature", name="pk_bands"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO bands_numbered (band, signature) SELECT bands.band, signatures_numbered.number"
        " FROM bands JOIN signatures_numbered ON signatures_numbered.uid = bands.uid ORDER BY bands.band"
    )
    for name in ("bands", "signatures"):
        op.drop_table(name)
        op.rename_table(f"{name}_numbered", name)
    op.create_index("ix_signatures_title", "signatures", ["source_id", "title_key", "published"])
    op.create_index("ix_signatures_url", "signatures", ["source_id", "url"])
    comparable = sa.text("signature IS NOT NULL")
    op.create_index(
        "ix_signatures_first_seen",
        "signatures",
        ["first_seen", "uid"],
        sqlite_where=comparable,
        postgresql_where=comparable,
    )
