"""The tables of what an operator is told, of who does what, and of what an installation is."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table, Text

from aggregator.store.sql.columns import StorableText, UtcDateTime
from aggregator.store.sql.tables._metadata import metadata

tallies = Table(
    "tallies",
    metadata,
    Column("name", Text, primary_key=True),
    Column("label", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
)
"""How often what was done, ever. Few rows: names and labels are from lists of ours, no source is among them."""

incidents = Table(
    "incidents",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", StorableText, nullable=False),  # the source's id; "" for the installation itself
    Column("began", UtcDateTime, nullable=False),
    Column("changed", UtcDateTime, nullable=False),
    Column("ended", UtcDateTime),  # NULL while it stands
    Column("title", StorableText, nullable=False),
    Column("text", StorableText, nullable=False),
)
"""What was, or is, the matter."""

standing = incidents.c.ended.is_(None)
"""Not over. Of one thing that is the matter with one source there is one row of this kind at most."""

by_subject = Index(
    "ix_incidents_standing",
    incidents.c.kind,
    incidents.c.subject,
    unique=True,
    sqlite_where=standing,
)

jobs = Table(
    "jobs",
    metadata,
    Column("name", Text, primary_key=True),
    Column("owner", Text),  # the store object that does it; NULL while nobody does
    Column("token", BigInteger, nullable=False),  # how often it was taken
    Column("until", BigInteger, nullable=False),  # the end of the lease in milliseconds, by the database's clock
)
"""What one process at a time does, and which one."""

installation = Table(
    "installation",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""What was settled when the tables were made. One row: `feeds`, what the ids of all feeds are made from."""

followed_lists = Table(
    "followed_lists",
    metadata,
    Column("id", StorableText, primary_key=True),  # as feeds.yaml calls it
    Column("version", BigInteger, nullable=False),  # when it last named other feeds: the greatest holds for all
    Column("state", StorableText, nullable=False),  # JSON: when it was asked, what it names and named
)
"""Lists elsewhere that are followed. Few rows."""

hosts = Table(
    "hosts",
    metadata,
    Column("host", StorableText, primary_key=True),
    Column("next_start", BigInteger, nullable=False),  # no request before this moment
    Column("paused_until", BigInteger, nullable=False),  # left alone until then
    Column("strikes", BigInteger, nullable=False),  # "too many requests", so often in a row
    Column("gap", BigInteger, nullable=False),  # between the starts of two requests, where that is more than usual
    Column("held", Text, nullable=False),  # JSON: requests under way -> when they are over at the latest
)
"""Hosts that were asked lately, where several machines share the store. Milliseconds, by the database's clock."""
