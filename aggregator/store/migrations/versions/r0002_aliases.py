"""Further keys of items, and what is remembered to judge them by.

What was stored before gets the aliases that its names give it. How names are reduced is spelled out here, as it
was when this was written, so that this migration does the same for ever.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_AT_ONCE = 1000
_URL = re.compile(r"https?://([^\s/?#]+)([^\s?#]*)(?:\?([^\s#]*))?(#\S*)?", re.IGNORECASE)
_HOST_PREFIX = re.compile(r"^(?:(?:www|www2|m|mobile|amp)\.)+(?=[^.]+\.[^.])")
_TRACKING = re.compile(r"(?:(?:utm_|mtm_|pk_|hsa_).*|fbclid|gclid|mc_cid|mc_eid)", re.IGNORECASE)


def upgrade() -> None:
    """From 0001 to 0002."""
    op.add_column("items", sa.Column("trace", sa.Text))
    op.create_table(
        "aliases",
        sa.Column("source_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("uid", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("source_id", "kind", "value", "uid", name="pk_aliases"),
        sa.ForeignKeyConstraint(["uid"], ["items.uid"], name="fk_aliases_uid", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    _fill(op.get_bind())


def downgrade() -> None:
    """Not supported: put back a copy made before the upgrade."""
    raise NotImplementedError


def _fill(connection: sa.Connection) -> None:
    """Give the stored items their aliases, some at a time, so that no size of database needs much memory."""
    page = sa.text(
        "SELECT uid, source_id, key_kind, key_value, entry_id, url_key, entry FROM items"
        " WHERE uid > :after ORDER BY uid LIMIT :count"
    )
    insert = sa.text("INSERT INTO aliases (source_id, kind, value, uid) VALUES (:source_id, :kind, :value, :uid)")
    after = ""
    while found := connection.execute(page, {"after": after, "count": _AT_ONCE}).all():
        rows = [
            {"source_id": row.source_id, "kind": kind, "value": value, "uid": row.uid}
            for row in found
            for kind, value in sorted(set(_aliases(row)))
            if (kind, value) != (row.key_kind, row.key_value)
        ]
        if rows:
            connection.execute(insert, rows)
        after = found[-1].uid


def _aliases(row: Any) -> Iterator[tuple[str, str]]:
    if row.url_key:
        yield "url", row.url_key
    if row.entry_id:
        yield "id", row.entry_id
        permalink = _permalink(row.entry_id)
        if permalink:
            yield "permalink", permalink
    dated = _dated(row.entry)
    if dated:
        yield "dated", dated


def _permalink(written: str) -> str | None:
    match = _URL.fullmatch(written)
    if match is None:
        return None
    host, path, query, fragment = match.groups(default="")
    host = _HOST_PREFIX.sub("", host.rpartition("@")[2].lower().removesuffix(":80").removesuffix(":443"))
    kept = "&".join(sorted(pair for pair in query.split("&") if pair and not _TRACKING.match(pair.split("=")[0])))
    return host + path.rstrip("/") + (f"?{kept}" if kept else "") + fragment


def _dated(entry: str) -> str | None:
    said = json.loads(entry)
    moment = (said.get("published") or {}).get("utc")
    title = " ".join(unicodedata.normalize("NFKC", said.get("title", "")).casefold().split())
    if not title or moment is None:
        return None
    return blake2b(f"{title}\x1f{moment}".encode("utf-8", "replace"), digest_size=16).hexdigest()
