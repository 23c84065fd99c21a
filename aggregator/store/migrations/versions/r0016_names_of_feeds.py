"""What the ids of all feeds are made from is stored, so that no edit of feeds.yaml changes one."""

from __future__ import annotations

import re
import uuid
from html import unescape
from urllib.parse import quote

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_SELF = re.compile(r'<(?:atom:)?link href="([^"]*)" rel="self"|^ "feed_url": "([^"]*)"', re.MULTILINE)
_HEAD = 4000
"""Bytes of a document that have its own address among them."""


def upgrade() -> None:
    """From 0015 to 0016. Ids that were published were made from `site.link`, and go on being made from it."""
    made = op.create_table(
        "installation",
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("value", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_installation"),
    )
    place = _find_place()
    op.bulk_insert(made, [{"name": "feeds", "value": str(uuid.uuid4()) if place is None else place}])


def downgrade() -> None:
    """Not supported: put back a copy made before the upgrade."""
    raise NotImplementedError


def _find_place() -> str | None:
    """`site.link` without its scheme, as the documents tell that were last made; None where there are none."""
    asked = sa.text(
        "SELECT d.publication_id, d.format, substr(d.body, 1, :head) AS head FROM documents d"
        " JOIN publications p ON p.id = d.publication_id"
        " ORDER BY p.absent_since IS NOT NULL, d.publication_id LIKE '%/%', d.last_modified DESC LIMIT 1"
    )
    found = op.get_bind().execute(asked, {"head": _HEAD}).one_or_none()
    if found is None:
        return None
    told = _SELF.search(bytes(found.head).decode("utf-8", "replace"))
    address = "" if told is None else unescape(told[1] or told[2])
    place = address.removesuffix(f"{quote(found.publication_id, safe='/%')}.{found.format}")
    return place.partition("://")[2].lower().rstrip("/")
