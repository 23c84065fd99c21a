"""Whether an installation can do its work: what is looked at, what was found, and what to do about it.

finding.py        Finding: one line of the report
configuration.py  settings, feeds.yaml, the operator's pages
places.py         folders and files that must be writable, and how much room is left
machine.py        clock, open files
network.py        names, connections, TLS, to a few sources' hosts
database.py       the tables, the worker, the published documents
rounds.py         all of them, in this order

Looks only: it makes no database, upgrades none, polls nothing.
"""

from aggregator.doctor.database import find_output_faults
from aggregator.doctor.finding import Finding, Level
from aggregator.doctor.rounds import Patient, examine

__all__ = ["Finding", "Level", "Patient", "examine", "find_output_faults"]
