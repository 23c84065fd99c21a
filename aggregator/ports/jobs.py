"""Who does what only one process may do at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal, Protocol

JobName = Literal["comparing", "publishing", "indexing", "chores"]
"""A job that one process at a time does.

`comparing`: finding out which items are one piece. `publishing`: rendering what feeds.yaml declares, and writing
it as files. `chores`: letting go of what is old, and looking whether something is the matter.
"""


class JobStore(Protocol):
    """The part of the store by which processes, on whatever machines, agree on who does a job.

    A job belongs to a store object for a lease, by the clock of the database, which is one for all.
    """

    async def take_job(self, name: JobName, lease: timedelta) -> bool:
        """Have a job for `lease` from now; False, and nothing done, where it is another's.

        One whose lease ends more than ten minutes ahead is nobody's: only a clock that was wrong sets that.
        """
        ...

    async def renew_job(self, name: JobName, lease: timedelta) -> bool:
        """Have a job for `lease` from now that was taken and that nobody has had since; False if somebody has.

        Where the lease was over meanwhile, too: what was begun can go on.
        """
        ...

    async def leave_jobs(self) -> None:
        """Let go of all jobs that this store object has: others need not wait for the ends of the leases."""
        ...
