"""Whose fault it is when nothing answers: that of the servers, or of our own way to them.

Feeds live on hosts that have nothing to do with each other. When all that we try fail at the same time, the
likeliest cause is near to us (a cable, a resolver, a firewall), and no source should pay for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

WINDOW = timedelta(hours=2)
"""Failures within this time, with no success among them, count as "at the same time": two rounds of the default
interval, so that an outage is still known for one when the first sources come round again."""

FEWEST_HOSTS = 3
"""So many different hosts must fail. One or two may well be down by themselves, or share a machine."""

START = timedelta(minutes=15)
"""So long after a start in which nothing was reached yet, one failed host is enough: a machine that starts often
has its network a little later, and there may be fewer hosts than FEWEST_HOSTS."""

MOST_HOSTS = 256
"""So many failed hosts are remembered; beyond that the longest ago is forgotten, and nothing is lost by it."""


@dataclass(slots=True)
class Reachability:
    """What the polls over the network of the last minutes say of the network itself.

    The first failures of an outage are counted against their sources, for nobody can know yet; but not those in
    which no name was found (`is_doubtful`), since to ask for a name again bothers no publisher. Three dead
    hosts that are the only ones polled within the window look like an outage too; that lasts until any other
    host answers. An installation with fewer than FEWEST_HOSTS hosts sees one only while it starts.

    Does not read a clock and does not survive a restart. Not for use from several threads at once.

    Attributes:
        started_at: When the process started that goes on polling, or its machine woke last; None for one that
            polls once and ends: started by a timer, it would be starting for ever, and dead hosts would never be
            asked less often.
    """

    started_at: datetime | None = None
    _reached: bool = field(default=False, init=False)
    _failed: dict[str, datetime] = field(default_factory=dict, init=False)
    """Hosts that failed since any host was last reached, and when; the longest ago first."""
    _first: dict[str, datetime] = field(default_factory=dict, init=False)
    """When each of them failed first since then."""

    def observe(self, host: str, *, reached: bool, now: datetime) -> None:
        """Take note of one poll; one success anywhere ends an outage at once.

        Args:
            host: Lower case, as it was asked for.
            reached: True for any HTTP answer, whatever its status; False for trouble with names, connections,
                TLS or time. Requests that never left (blocked addresses) are not to be told.
            now: UTC.
        """
        if reached:
            self._reached = True
            self._failed.clear()
            self._first.clear()
            return
        self._failed.pop(host, None)
        self._failed[host] = now
        self._first.setdefault(host, now)
        if len(self._failed) > MOST_HOSTS:
            longest_ago = next(iter(self._failed))
            del self._failed[longest_ago], self._first[longest_ago]

    def begin(self, now: datetime) -> None:
        """Think as at a start: the machine was asleep, or its clock was set, and what was seen before is over."""
        self.started_at = self.started_at and now
        self._reached = False
        self._failed.clear()
        self._first.clear()

    def is_down(self, now: datetime) -> bool:
        """Whether our own network is down: FEWEST_HOSTS or more failed within WINDOW, and none was reached."""
        fewest = 1 if self.is_starting(now) else FEWEST_HOSTS
        return sum(abs(now - failed_at) <= WINDOW for failed_at in self._failed.values()) >= fewest

    def is_doubtful(self, host: str, now: datetime, *, again: bool) -> bool:
        """Whether a name that was just not found, and observed so, may be our resolver's fault.

        It may be, the first time; and as long as no other host was reached since, up to WINDOW: after that there
        may be no other, and the trouble is its own. `again`: it was not found the last time either.
        """
        return not again or timedelta(0) < abs(now - self._first.get(host, now)) <= WINDOW

    def is_starting(self, now: datetime) -> bool:
        """Whether we have just started or woken, and nothing was reached yet."""
        return self.started_at is not None and not self._reached and abs(now - self.started_at) <= START
