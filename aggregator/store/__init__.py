"""What is remembered between polls: sources, items, revisions, publications, documents.

opening.py    URL -> store
sql/          tables, statements and transactions that any database understands
sqlite/       a store in a file: connections, the one thread that writes, whose file it is, its room on the disk
postgresql/   a store in a PostgreSQL database, for processes on several machines
migrations/   the history of the tables

Another database is a folder beside `sqlite/`, with a class that brings `sql.store.SqlStore` a session, and a
branch in the functions of `opening.py`.
"""

from aggregator.store.opening import back_up, carry, exists, inspect, is_shared, open_store, restore

__all__ = ["back_up", "carry", "exists", "inspect", "is_shared", "open_store", "restore"]
