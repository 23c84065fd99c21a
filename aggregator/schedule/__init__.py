"""When a source is due next, and why.

The editor's `every` is the floor; the publisher's word slows us down and never speeds us up; trouble slows us
down further, never for good. Pure: the time and a random number come in, a `Due` goes out.
"""

from aggregator.schedule.next_poll import (
    Pace,
    after_failure,
    after_success,
    after_throttle,
    first_poll,
    spoken,
)

__all__ = ["Pace", "after_failure", "after_success", "after_throttle", "first_poll", "spoken"]
