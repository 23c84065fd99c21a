"""What is remembered between polls: sources, items, revisions, publications, documents.

opening.py      URL -> store
sqlite.py       the store in an SQLite file: threads around the functions over a transaction, which are in
sources.py      which sources there are, which is due
commits.py      writing what a poll decided
items.py        looking items up, letting old ones go;  lookup.py: by their names
aliases.py      further keys of items
editions.py     publications and their documents;  archives.py: the pages of their archives
stories.py      which items are one piece;  nearby.py: what an item is compared with
rows.py         nouns <-> rows;  codec.py: nouns <-> JSON
tables.py       the tables;  columns.py: their types
schema.py       whose database is it, is it current?  migrations/: its history
engines.py      connections;  writer.py: the one thread that writes;  failures.py: errors with remedies
"""

from aggregator.store.opening import open_store
from aggregator.store.sqlite import SqliteStore

__all__ = ["SqliteStore", "open_store"]
