"""When a source is due next, and why.

The editor's `every` is the floor; the publisher's word slows us down and never speeds us up; trouble slows us
down further, never for good. Pure: the time and a random number come in, a `Due` goes out.

    next_poll.py    the next due time after each kind of outcome
    forecast.py     when a source usually posts
    skips.py        hours and days in which a publisher wishes not to be asked
    moves.py        when a permanent redirect is believed
    clock.py        what a clock that ran ahead left behind
    outage.py       whose fault it is when nothing answers
    spans.py        spans of time in words
"""

from aggregator.schedule.clock import SLACK, all_notices, clamp_state_to_now, future_poll_time
from aggregator.schedule.forecast import is_habit, usual_rhythm
from aggregator.schedule.moves import is_believed, leave_new_place, moving_notice, note_answer, source_notice
from aggregator.schedule.next_poll import (
    Pace,
    after_doubt,
    after_failure,
    after_fault,
    after_gone,
    after_outage,
    after_success,
    after_throttle,
    first_poll,
)
from aggregator.schedule.outage import Reachability
from aggregator.schedule.spans import format_span

__all__ = [
    "SLACK",
    "Pace",
    "Reachability",
    "after_doubt",
    "after_failure",
    "after_fault",
    "after_gone",
    "after_outage",
    "after_success",
    "after_throttle",
    "all_notices",
    "clamp_state_to_now",
    "first_poll",
    "format_span",
    "future_poll_time",
    "is_believed",
    "is_habit",
    "leave_new_place",
    "moving_notice",
    "note_answer",
    "source_notice",
    "usual_rhythm",
]
