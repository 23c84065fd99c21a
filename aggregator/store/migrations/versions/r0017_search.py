"""What items say, to find them by. Those that are there wait to be indexed: a worker does it beside its work."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

INDEX = {
    "sqlite": (
        "CREATE TABLE sayings (number INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, parts BLOB NOT NULL)",
        """CREATE VIRTUAL TABLE words USING fts5(title, body, names, content='', columnsize=0,
        tokenize="unicode61 remove_diacritics 0 categories 'L* N* M* Co'")""",
    ),
    "postgresql": (
        """CREATE TABLE sayings (
        number BIGINT PRIMARY KEY, uid TEXT COLLATE "C" NOT NULL UNIQUE, words TSVECTOR NOT NULL)""",
        "CREATE INDEX ix_sayings_words ON sayings USING gin (words)",
    ),
}
"""The tables of full-text search, as each database has it."""


def upgrade() -> None:
    """From 0016 to 0017."""
    connection = op.get_bind()
    op.create_table(
        "unindexed",
        sa.Column("uid", _TEXT, nullable=False),
        sa.Column("token", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("uid", name="pk_unindexed"),
    )
    connection.execute(sa.text("INSERT INTO unindexed SELECT uid, 0 FROM items WHERE NOT pruned"))
    for statement in INDEX[connection.dialect.name]:
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    """Not supported: put back a copy made before the upgrade."""
    raise NotImplementedError
