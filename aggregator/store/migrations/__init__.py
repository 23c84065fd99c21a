"""The history of the tables: which revisions there are, in `versions/` what each changes.

To change the tables: change `sql/tables/`, add `versions/rNNNN_what.py` after the pattern of those there, and
append its revision to `REVISIONS`. Released migrations never change: databases have run them. `run` starts
Alembic, which runs `env`.
"""

from typing import Final

REVISIONS: Final = (
    "0001",
    "0002",
    "0003",
    "0004",
    "0005",
    "0006",
    "0007",
    "0008",
    "0009",
    "0010",
    "0011",
    "0012",
    "0013",
    "0014",
    "0015",
    "0016",
    "0017",
    "0018",
    "0019",
    "0020",
    "0021",
)
"""All revisions, oldest first. Told here too, so that opening a current database need not import Alembic, which
takes longer than all the rest."""

HEAD: Final = REVISIONS[-1]
"""The revision that this version of the program works with."""
