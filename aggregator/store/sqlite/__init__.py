"""Everything of the store that is SQLite's.

store.py      SqliteStore: the shared statements over a session, and the care of the file
session.py    the file while it is open: threads that read, one that writes
engines.py    connections, set up so that transactions are what they say
writer.py     the one thread that writes: many transactions share one commit to the disk
schema.py     whose file is it, are its tables current?
place.py      the file and its folder, for nobody else to read
copying.py    a copy of a file in use
backups.py    copies that operators make and put back; how a database is, looking only
carried.py    all of it to another database, or from one
fts5_index.py which items say what
space.py      giving room back to the disk
failures.py   what SQLite reports -> errors with a remedy
"""

from aggregator.store.sqlite.backups import back_up, inspect, restore
from aggregator.store.sqlite.carried import SqlitePlace
from aggregator.store.sqlite.store import SqliteStore

__all__ = ["SqlitePlace", "SqliteStore", "back_up", "inspect", "restore"]
