"""Whose tables these are, and which version of ours; what a look at the database tells."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

from sqlalchemy import Connection, Engine, MetaData, Text, text

from aggregator.errors import SchemaTooNewError, StoreError
from aggregator.model import DatabaseCondition
from aggregator.store.migrations import HEAD, REVISIONS
from aggregator.store.postgresql import engines, failures
from aggregator.store.postgresql.transactions import run
from aggregator.store.sql.feed_names import mint
from aggregator.store.sql.tables import metadata

OLDEST: Final = 150000
"""PostgreSQL 15, as `server_version_num` has it."""

_MARK: Final = "aggregator"
"""What the table of the revision bears as its comment: the tables are ours."""

_TURN: Final = 0x41474752
"""`AGGR`: the advisory lock of who makes or upgrades the tables. It ends with the transaction."""

_OURS = text("SELECT obj_description(to_regclass('alembic_version'), 'pg_class')")
_TABLES = text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
_ANY = text("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()")
_REVISION: Final = "SELECT version_num FROM alembic_version"


def prepare(address: engines.Address, engine: Engine) -> None:
    """Create or upgrade the tables; one question and done when they are current.

    Safe when several processes do it at once: one does the work, the others wait. Raises StoreError, and has
    changed nothing then, if the tables are somebody else's; SchemaTooNewError if they are a later version's.
    """
    with engine.begin() as connection:
        if version(connection, address) == HEAD:
            return

    def make_current(connection: Connection) -> None:
        connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})
        found = version(connection, address)  # anew: another may have been faster
        if found is None:
            _make(connection)
        elif found != HEAD:
            from aggregator.store.migrations.run import upgrade

            _keep_writers_out(connection)
            upgrade(connection)

    run(engine, make_current)


def version(connection: Connection, address: engines.Address) -> str | None:
    """The revision of our tables, None if there are none at all; raises StoreError if it is not for us."""
    number = int(connection.execute(text("SHOW server_version_num")).scalar_one())
    if number < OLDEST:
        found, least = number // 10000, OLDEST // 10000
        raise StoreError(f"the database {address.place} is on PostgreSQL {found}: {least} or later is needed")
    owner = connection.scalar(_OURS)
    if owner != _MARK:
        if not connection.scalar(_ANY):
            return None
        raise StoreError(
            f"the database {address.place} belongs to another program: name another one in `database`, or a "
            "schema of its own with ?options=-csearch_path%3Dname"
        )
    return known_revision(connection, address)


def known_revision(connection: Connection, address: engines.Address) -> str:
    """The revision of our tables; raises SchemaTooNewError for a later version's.

    Whoever has written to a table of ours in the same transaction is sure that none is upgraded before it ends.
    """
    revision = str(connection.exec_driver_sql(_REVISION).scalar())
    if revision not in REVISIONS:
        raise SchemaTooNewError(
            f"the database {address.place} was written by a newer version of this program (its tables are "
            f"at {revision}, this version knows {HEAD}): install that version again, or name another one in "
            "`database`"
        )
    return revision


def _keep_writers_out(connection: Connection) -> None:
    """Wait until whoever writes is done, and have all others wait until this transaction is over; reading goes on.

    They belong to the version before, and find then that they may not write any more.
    """
    there = set(connection.scalars(_TABLES)) & metadata.tables.keys()
    connection.execute(text(f"LOCK TABLE {', '.join(sorted(there))} IN EXCLUSIVE MODE"))


def inspect(url: str) -> DatabaseCondition:
    """How the database at the URL is, looking only: nothing is made, upgraded or mended."""
    try:
        address = engines.address_of(url)
        engine = engines.connect(address)
        with failures.translating(address), engine.begin() as connection:
            revision = version(connection, address)
            size = int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    except StoreError as error:
        return DatabaseCondition(refusal=str(error))
    return DatabaseCondition(revision=revision, is_current=revision == HEAD, size=size)


def moment(connection: Connection) -> int:
    """Another number after each transaction that wrote: it tells which ones are over and which are not."""
    snapshot = str(connection.scalar(text("SELECT pg_current_snapshot()::text")))
    return int.from_bytes(blake2b(snapshot.encode(), digest_size=8).digest())


def tables() -> MetaData:
    """The tables as PostgreSQL has them: text is compared byte by byte, as SQLite does it.

    So the order of names is the same everywhere, and no new release of the system's locales can break an index.
    """
    made = MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.sorted_tables:
        for column in table.to_metadata(made).columns:
            kind = getattr(column.type, "impl_instance", column.type)
            if isinstance(kind, Text):
                column.type = Text(collation="C")
    return made


def _make(connection: Connection) -> None:
    from aggregator.store.migrations.versions import r0015_shard_queue as queue
    from aggregator.store.migrations.versions import r0017_search as search

    tables().create_all(connection, checkfirst=False)
    for statement in (queue.TABLES, *search.INDEX["postgresql"]):
        connection.exec_driver_sql(statement)
    mint(connection)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})
    connection.execute(text(f"COMMENT ON TABLE alembic_version IS '{_MARK}'"))
