"""Everything of the store that is PostgreSQL's.

store.py         PostgresStore: the shared statements over a session, and the care of the room
session.py       the database while it is open: threads that read, threads that write, and the fence
engines.py       connections, from a URL
server_clock.py  the server's clock, by which all machines go
transactions.py  what is run again, and how often
schema.py        whose tables are these, are they current?
carried.py       all of it to another database, or from one
listening.py     documents that others rendered are heard of at once
shard_queue.py   which worker polls what: pgqueuer's queue
newest.py        the newest items of some sources, in one question
tsvector_index.py which items say what
space.py         how much is stored, and letting the server use the room again
failures.py      what PostgreSQL reports -> errors with a remedy, and without a password
"""

from aggregator.store.postgresql.carried import PostgresPlace
from aggregator.store.postgresql.schema import inspect
from aggregator.store.postgresql.store import PostgresStore

__all__ = ["PostgresPlace", "PostgresStore", "inspect"]
