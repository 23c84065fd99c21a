"""The tables, as the newest migration leaves them.

    sources ──< items ──< entries, revisions,         publications ──< documents, editions,
                          aliases, edges,                       leads, archives ──< archived, archive_documents
                          near_misses,
                          signatures ──< bands        faults, catalogues, tallies, incidents, jobs,
                                                    followed_lists, hosts, installation (operation),
                                                    unindexed

They stand in `items` (sources too), `publications`, `stories`, `faults` and `catalogues`; `_metadata` knows all.

Portable between SQLite and PostgreSQL: text, integers, booleans and bytes only. Columns are what queries
search, sort or protect by a constraint; the rest of a noun is JSON (see `codec`), so that a new field of a
noun needs no migration. A change here needs a migration; a test compares the two.
"""

from aggregator.store.sql.tables._metadata import metadata
from aggregator.store.sql.tables.catalogues import catalogues
from aggregator.store.sql.tables.faults import faults
from aggregator.store.sql.tables.items import (
    SILENT,
    absent,
    aliases,
    doubtful,
    entries,
    gone,
    is_change,
    items,
    kept,
    listed,
    remarkable,
    revisions,
    sources,
    uncompared,
    withheld,
)
from aggregator.store.sql.tables.operation import (
    followed_lists,
    hosts,
    incidents,
    installation,
    jobs,
    standing,
    tallies,
)
from aggregator.store.sql.tables.publications import (
    archive_documents,
    archived,
    archives,
    documents,
    editions,
    leads,
    publications,
)
from aggregator.store.sql.tables.stories import bands, comparable, edges, near_misses, signatures
from aggregator.store.sql.tables.unindexed import unindexed

__all__ = [
    "SILENT",
    "absent",
    "aliases",
    "archive_documents",
    "archived",
    "archives",
    "bands",
    "catalogues",
    "comparable",
    "documents",
    "doubtful",
    "edges",
    "editions",
    "entries",
    "faults",
    "followed_lists",
    "gone",
    "hosts",
    "incidents",
    "installation",
    "is_change",
    "items",
    "jobs",
    "kept",
    "leads",
    "listed",
    "metadata",
    "near_misses",
    "publications",
    "remarkable",
    "revisions",
    "signatures",
    "sources",
    "standing",
    "tallies",
    "uncompared",
    "unindexed",
    "withheld",
]
